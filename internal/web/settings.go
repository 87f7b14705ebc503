package web

import (
	"strconv"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// What a number of the model is called: by what it is and what it belongs to, in
// words, not by the keys that lead to it.

// settingName says what a number of a part of the model is: "target",
// "Payment provider: share of users hit". The path is that within the part.
func (t tongue) settingName(m *model.Model, kind, part, path string) string {
	keys := strings.Split(path, "/")
	service := part
	if kind == "risks" {
		service = ""
		if r := m.Risk(part); r != nil {
			service = r.Service.Name
		}
	}
	of := "" // what it belongs to, besides the part
	switch first, more := keys[0], len(keys) > 1; {
	case kind == "model": // nothing but what leads to prices and rates
		return t.words(keys)
	case first == "objectives" && more:
		of, keys = t.ObjectiveName(service, keys[1]), keys[2:]
	case first == "objective" && more:
		of, keys = t.key("objective"), keys[1:]
	case first == "needs" && more:
		of, keys = t.need(m, service, keys)
	case first == "effects" && more:
		of, keys = t.effect(m, part, keys)
	case first == "worth" && len(keys) > 2 && keys[1] == "sla":
		of, keys = t.numbered("sla", keys[2]), keys[3:]
	case first == "worth" && more:
		keys = keys[1:]
	case first == "stages" && more:
		return t.numbered("stages", keys[1])
	case first == "impact" && more:
		of, keys = t.ObjectiveName(service, keys[1]), keys[:1]
	case first == "switch" && more:
		of, keys = t.key("switch"), keys[1:]
	}
	said := t.words(keys)
	switch {
	case of == "":
		return said
	case said == "":
		return of
	}
	return t.Say("web.set.of", "of", of, "what", said)
}

// need is whom a service needs, and the keys that are left.
func (t tongue) need(m *model.Model, service string, keys []string) (of string, rest []string) {
	i, err := strconv.Atoi(keys[1])
	s := m.Service(service)
	if err != nil || s == nil || i < 0 || i >= len(s.Needs) {
		return t.numbered("needs", keys[1]), keys[2:]
	}
	if len(keys) == 4 && keys[2] == "split" {
		return t.serviceTitle(m, keys[3]), keys[2:3]
	}
	var names []string
	for _, x := range s.Needs[i].Members {
		names = append(names, t.serviceTitle(m, x.Name))
	}
	return strings.Join(names, " / "), keys[2:]
}

// effect is what an effect of a net is on, and the keys that are left.
func (t tongue) effect(m *model.Model, net string, keys []string) (of string, rest []string) {
	i, err := strconv.Atoi(keys[1])
	n := m.Net(net)
	if err != nil || n == nil || i < 0 || i >= len(n.Effects) {
		return t.numbered("effects", keys[1]), keys[2:]
	}
	var on []string
	title := func(texts model.Texts, name string) {
		if texts.Is() {
			name = texts.In(t.Code)
		}
		on = append(on, name)
	}
	x := scenario.TargetOf(m, n.Effects[i])
	for _, r := range x.Risks {
		title(r.Title, r.Name)
	}
	switch {
	case x.Change != nil:
		title(x.Change.Title, x.Change.Name)
	case x.Responder != nil:
		title(x.Responder.Title, x.Responder.Name)
	case x.Service != nil:
		title(x.Service.Title, x.Service.Name)
	}
	for _, need := range x.Needs {
		for _, to := range need.Members {
			on = append(on, t.serviceTitle(m, x.From.Name)+" → "+t.serviceTitle(m, to.Name))
		}
	}
	if len(on) == 0 || len(on) > mostNamed {
		on = []string{t.numbered("effects", keys[1])}
	}
	rest = keys[2:]
	if len(rest) == 1 && rest[0] == "prevents" {
		rest = []string{"effects-prevents"}
	}
	return strings.Join(on, ", "), rest
}

// serviceTitle is what people call a service.
func (t tongue) serviceTitle(m *model.Model, name string) string {
	if s := m.Service(name); s != nil && s.Title.Is() {
		return s.Title.In(t.Code)
	}
	return name
}

// key is what people call a key of the language.
func (t tongue) key(name string) string { return t.Say("key." + name) }

// numbered is one of several that have no name.
func (t tongue) numbered(key, at string) string {
	said := t.key(key)
	if n, err := strconv.Atoi(at); err == nil {
		return said + " " + strconv.Itoa(n+1)
	}
	return said + " " + at
}

// words says keys as people do: the last as a decision does, where that names it.
func (t tongue) words(keys []string) string {
	var out []string
	for i, key := range keys {
		field := "field." + strings.ReplaceAll(key, "_", "-")
		switch n, err := strconv.Atoi(key); {
		case err == nil:
			key = strconv.Itoa(n + 1)
		case i == len(keys)-1 && t.has(field):
			key = t.Say(field)
		case key == scenario.ObjectiveName(nil) || t.has("key."+key):
			key = t.key(key)
		}
		out = append(out, key)
	}
	return strings.Join(out, " · ")
}
