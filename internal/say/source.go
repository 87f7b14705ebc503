package say

import (
	"slices"
	"sort"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// SourceName is what a source is called. Of a risk, a change and a service the
// model says that; what the engines make is said in the language.
func (l Language) SourceName(s *forecast.Source) string { return l.Named(s.Title, s.Name, s.Made) }

// Named is what has a title and a name is called, or what the engines made.
func (l Language) Named(title model.Texts, name string, made message.Message) string {
	switch {
	case l.byName(): // as the forecast names them
		return name
	case made.Is():
		return l.called(made)
	}
	return l.Called(title, name)
}

// called is what the engines make as a name, which is another text than its title.
func (l Language) called(made message.Message) string {
	key := "source." + string(made.Key())
	if !l.Has(key) {
		return l.Message(made)
	}
	var pairs []string
	for _, a := range made.Arguments() {
		said := ""
		if m, nested := a.Value.(message.Message); nested {
			said = l.called(m)
		} else {
			said = l.value(a.Value)
		}
		pairs = append(pairs, a.Name, said)
	}
	return l.Say(key, pairs...)
}

// Titled is the title of something that has one of the model, or that the engines
// made.
func (l Language) Titled(title model.Texts, made message.Message) string {
	if made.Is() {
		return l.Message(made)
	}
	return title.In(l.Code)
}

// BesideName is the title of what the engines made, beside its name: without the
// group that the name has in it.
func (l Language) BesideName(title model.Texts, made message.Message) string {
	if key := "note." + string(made.Key()); made.Is() && l.Has(key) {
		return l.Say(key, l.pairs(made)...)
	}
	return l.Titled(title, made)
}

// Spaced makes "Disk full" and "disk-full" the same words, but for their case.
var Spaced = strings.NewReplacer("-", " ", "_", " ")

// SourceNote is what the row of a source has no column for.
func (l Language) SourceNote(e *forecast.Entry, s *forecast.Source) string {
	var parts []string
	title := l.Titled(s.Title, s.Made)
	told := title != "" && title != l.SourceName(s) && !strings.EqualFold(Spaced.Replace(title), Spaced.Replace(s.Name))
	switch s.Kind {
	case forecast.GroupSource, forecast.SwitchSource:
		if told && l.Code == "en" { // else the name says it
			parts = append(parts, l.BesideName(s.Title, s.Made))
		}
	case forecast.BackgroundSource, forecast.UnlistedSource:
		if told = told && l.Code == "en"; told {
			parts = append(parts, title)
		}
	default:
		if told {
			parts = append(parts, title)
		}
	}
	switch s.Kind {
	case forecast.ChangeSource:
		parts = append(parts, l.Say("note.planned"))
	case forecast.StatedSource:
		parts = append(parts, l.Say("note.stated"))
	case forecast.BackgroundSource:
		if !told {
			parts = append(parts, l.Say("note.background"))
		}
	case forecast.UnlistedSource:
		if !told {
			parts = append(parts, l.Say("note.unlisted"))
		}
	}
	if s.Per != "" {
		parts = append(parts, l.Say("note.per", "change", l.ChangeName(s.Per)))
	}
	if s.Service != "" && s.Service != e.Service && s.Name != s.Service {
		parts = append(parts, l.Say("note.on", "service", l.Where(s.Service, s.Several)))
	}
	if s.Impact > 0 && s.Impact < 1-1e-9 {
		parts = append(parts, l.Say("note.hits", "share", l.Likely(s.Impact)))
	}
	return strings.Join(parts, ", ")
}

// Ranked returns the sources of an entry, most lost time first: at most so many,
// and what the others are together.
func Ranked(e *forecast.Entry, most int) (shown, rest []*forecast.Source) {
	all := slices.Clone(e.Sources)
	sort.SliceStable(all, func(i, j int) bool { return all[i].PerWindow > all[j].PerWindow })
	if len(all) <= most+1 {
		return all, nil
	}
	return all[:most], all[most:]
}
