package say

import (
	"slices"
	"sort"
	"strings"

	"tightrope/internal/forecast"
)

// SourceName is the name of a source. Of a risk, a change and a service it is
// that of the model; what the forecast itself names is said in the language.
func (l Language) SourceName(s *forecast.Source) string { return l.named(s.Name, s.Kind) }

func (l Language) named(name string, kind forecast.SourceKind) string {
	if l.Code == "en" { // in which the forecast names them
		return name
	}
	group, of, divided := strings.Cut(name, "/")
	switch {
	case kind == forecast.BackgroundSource && !divided:
		return l.Say("source.background")
	case kind == forecast.BackgroundSource:
		return l.Say("source.together", "members", l.Members(group))
	case kind == forecast.UnlistedSource:
		return l.Say("source.unlisted")
	case kind == forecast.SwitchSource && of == "switch":
		return l.Say("source.switch", "members", l.Members(group))
	case kind == forecast.SwitchSource && divided:
		return l.Say("source.unchanged", "members", l.Members(group), "name", l.named(of, forecast.RiskSource))
	case kind == forecast.GroupSource && !divided:
		return l.Say("source.group", "members", l.Members(group))
	case divided && of == "all":
		return l.Say("source.all", "members", strings.ReplaceAll(group, "+", ", "))
	case divided:
		return l.Say("source.common", "members", strings.ReplaceAll(group, "+", ", "), "name", of)
	}
	return name
}

// Spaced makes "Disk full" and "disk-full" the same words, but for their case.
var Spaced = strings.NewReplacer("-", " ", "_", " ")

// SourceNote is what the row of a source has no column for.
func (l Language) SourceNote(e *forecast.Entry, s *forecast.Source) string {
	var parts []string
	told := s.Title != "" && !strings.EqualFold(Spaced.Replace(s.Title), Spaced.Replace(s.Name))
	switch {
	case !told:
	case (s.Kind == forecast.GroupSource || s.Kind == forecast.SwitchSource) && l.Code == "en":
		parts = append(parts, strings.TrimPrefix(s.Title, groupTitle(s)+": "))
	case s.Kind == forecast.GroupSource || s.Kind == forecast.SwitchSource:
		// The name says it.
	case s.Kind == forecast.BackgroundSource || s.Kind == forecast.UnlistedSource:
		if l.Code == "en" {
			parts = append(parts, s.Title)
		} else {
			told = false
		}
	default:
		parts = append(parts, l.Title(s.Title))
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
		parts = append(parts, l.Say("note.per", "change", s.Per))
	}
	if s.Service != "" && s.Service != e.Service && s.Name != s.Service {
		parts = append(parts, l.Say("note.on", "service", s.Service))
	}
	if s.Impact > 0 && s.Impact < 1-1e-9 {
		parts = append(parts, l.Say("note.hits", "share", l.Likely(s.Impact)))
	}
	return strings.Join(parts, ", ")
}

// Ranked returns the sources of an entry, most bad time first: at most so many,
// and what the others are together.
func Ranked(e *forecast.Entry, most int) (shown, rest []*forecast.Source) {
	all := slices.Clone(e.Sources)
	sort.SliceStable(all, func(i, j int) bool { return all[i].PerWindow > all[j].PerWindow })
	if len(all) <= most+1 {
		return all, nil
	}
	return all[:most], all[most:]
}
