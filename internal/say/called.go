package say

import (
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// About returns the language as it speaks of a model. In English what is in a
// model is called by its name, which is English too. In another language it is
// called by its title in that language, and by its name where it has none.
func (l Language) About(m *model.Model) Language {
	l.model = m
	return l
}

// Called is what something with a title and a name is called in a sentence.
func (l Language) Called(title model.Texts, name string) string {
	if l.byName() || !title.Has(l.Code) {
		return name
	}
	return title.In(l.Code)
}

// ByName is what a table has below a title, for whoever looks it up in the model:
// the name, if that is another one. Below a title in another language than English
// it is left out.
func (l Language) ByName(title model.Texts, name string) string {
	if said := title.In(l.Code); said == "" || said == name || l.Called(title, name) == said {
		return ""
	}
	return name
}

// ServiceName is what a service is called.
func (l Language) ServiceName(name string) string {
	if l.model != nil {
		if s := l.model.Service(name); s != nil {
			return l.Called(s.Title, name)
		}
	}
	return name
}

// Where is what the service is called on which something happens: several, where it
// is a common cause.
func (l Language) Where(service string, several []string) string {
	if len(several) > 0 {
		return strings.Join(l.ServiceNames(several), ", ")
	}
	return l.ServiceName(service)
}

// ChangeName is what a change is called.
func (l Language) ChangeName(name string) string {
	if l.model != nil {
		if c := l.model.Change(name); c != nil {
			return l.Called(c.Title, name)
		}
	}
	return name
}

// NetName is what a safety net is called.
func (l Language) NetName(name string) string {
	if l.model != nil {
		if n := l.model.Net(name); n != nil {
			return l.Called(n.Title, name)
		}
	}
	return name
}

// NetNames are what several are called.
func (l Language) NetNames(names []string) []string { return each(names, l.NetName) }

// RiskName is what a risk is called.
func (l Language) RiskName(name string) string {
	if l.model != nil {
		if r := l.model.Risk(name); r != nil {
			return l.Called(r.Title, name)
		}
	}
	return name
}

// DetectionName is what a detection is called.
func (l Language) DetectionName(name string) string {
	if l.model != nil {
		if d := l.model.Detection(name); d != nil {
			return l.Called(d.Title, name)
		}
	}
	return name
}

// ServiceNames are what several services are called.
func (l Language) ServiceNames(names []string) []string { return each(names, l.ServiceName) }

// ObjectiveName is what an objective of a service is called.
func (l Language) ObjectiveName(service, name string) string {
	if l.model == nil {
		return name
	}
	s := l.model.Service(service)
	if s == nil {
		return name
	}
	for _, o := range s.Objectives {
		if o.Name == name {
			return l.Called(titleOf(o), name)
		}
	}
	return name
}

// titleOf is the title of an objective. The one of a service that has no name of its
// own is called as the key is.
func titleOf(o *model.Objective) model.Texts {
	if o.Title.Is() || o.Name != scenario.ObjectiveName(nil) {
		return o.Title
	}
	for _, k := range model.KeyNames() {
		if k.Key == o.Name {
			return model.Each(k.English, k.Korean)
		}
	}
	return o.Title
}

// AnyName is what the part of a model with that name is called. A name that parts
// of several kinds have, which are not called the same, is said as it is.
func (l Language) AnyName(name string) string {
	if l.byName() || l.model == nil {
		return name
	}
	called := ""
	for _, t := range l.titles(name) {
		switch said := l.Called(t, name); {
		case called == "":
			called = said
		case called != said:
			return name
		}
	}
	if called == "" {
		return name
	}
	return called
}

// titles are those of all parts with a name.
func (l Language) titles(name string) (out []model.Texts) {
	m := l.model
	if s := m.Service(name); s != nil {
		out = append(out, s.Title)
	}
	if c := m.Change(name); c != nil {
		out = append(out, c.Title)
	}
	if r := m.Risk(name); r != nil {
		out = append(out, r.Title)
	}
	if d := m.Detection(name); d != nil {
		out = append(out, d.Title)
	}
	if r := m.Recovery(name); r != nil {
		out = append(out, r.Title)
	}
	if r := m.Responder(name); r != nil {
		out = append(out, r.Title)
	}
	if n := m.Net(name); n != nil {
		out = append(out, n.Title)
	}
	for _, s := range m.Services {
		for _, o := range s.Objectives {
			if o.Name == name {
				out = append(out, titleOf(o))
			}
		}
	}
	return out
}

func each(names []string, call func(string) string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = call(name)
	}
	return out
}
