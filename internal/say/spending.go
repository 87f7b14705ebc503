package say

import (
	"sort"

	"tightrope/internal/forecast"
)

// A spender is one source of lost time, as it stands in a row of its own in tables
// and pictures: what a sentence names is to be found there with the same share.
type spender struct {
	label   string
	seconds float64 // lost seconds in a window
}

// Spending says where the budget goes.
func (l Language) Spending(e *forecast.Entry) string {
	return l.spending(e, func(s *forecast.Source) string {
		name, _ := l.Subject(e, s)
		return name
	})
}

// Losing says where the lost time comes from, in shares of all of it, with names that
// the caller gives.
func (l Language) Losing(e *forecast.Entry, name func(*forecast.Source) string) string {
	bare := *e
	bare.Objective = nil
	return l.spending(&bare, name)
}

func (l Language) spending(e *forecast.Entry, name func(*forecast.Source) string) string {
	if e.Mean <= 0 {
		return l.Say("spent.nothing")
	}
	whole := e.Mean
	if e.Objective != nil {
		whole, _ = e.Objective.Budget.Float64()
	}
	named, sum := largest(e, name)
	var said []string
	for _, s := range named {
		said = append(said, l.Say("spent.item", "name", s.label, "share", l.Part(s.seconds/whole)))
	}
	list := l.Listed(said)
	how := ".mostly"
	all := len(named) == 1 && sum > 0.999*e.Mean
	switch {
	case all:
		list, how = named[0].label, ".all"
	case sum < e.Mean/2:
		how = ".many"
	}
	switch {
	case e.Objective == nil:
		return l.Say("spent.bad"+how, "list", list)
	case e.Mean > 1.05*whole:
		return l.Say("spent.over"+how, "times", Number(e.Mean/whole), "list", list)
	case sum >= whole/2:
		return l.Say("spent.goes", "list", l.Listed(said))
	}
	return l.Say("spent.part"+how, "share", l.Part(e.Mean/whole), "list", list)
}

// largest returns the one to three largest spenders, as few as make up most of
// the lost time, and their sum.
func largest(e *forecast.Entry, name func(*forecast.Source) string) (named []spender, sum float64) {
	for _, s := range spenders(e, name) {
		if len(named) == 3 || sum > 0.6*e.Mean {
			break
		}
		// A cause of a few percent beside larger ones is no news.
		if len(named) > 0 && s.seconds < 0.05*e.Mean {
			break
		}
		named = append(named, s)
		sum += s.seconds
	}
	return named, sum
}

// spenders are an entry's sources, largest first.
func spenders(e *forecast.Entry, name func(*forecast.Source) string) []spender {
	var all []spender
	for _, s := range e.Sources {
		all = append(all, spender{name(s), s.PerWindow})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].seconds > all[j].seconds })
	return all
}

// Subject is a source as the subject of a sentence; many is true where its verb
// is that of several.
func (l Language) Subject(e *forecast.Entry, s *forecast.Source) (subject string, many bool) {
	switch s.Kind {
	case forecast.ChangeSource:
		name, several := l.Plural(l.SourceName(s))
		return l.Say("subject.change", "name", name), several
	case forecast.BackgroundSource:
		if s.Service != "" && s.Service != e.Service {
			return l.Say("subject.background", "service", l.Where(s.Service, s.Several)), true
		}
		return l.Say("subject.errors"), true
	case forecast.UnlistedSource:
		return l.Say("subject.unlisted"), false
	case forecast.StatedSource:
		if s.Service == e.Service {
			return l.Say("subject.stated"), true
		}
		return l.Called(s.Title, s.Service), false
	case forecast.GroupSource:
		return l.Say("subject.group", "members", l.membersOf(s)), false
	case forecast.SwitchSource:
		return l.Say("subject.switch", "members", l.membersOf(s)), false
	}
	return l.SourceName(s), false
}
