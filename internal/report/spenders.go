package report

import (
	"fmt"
	"sort"

	"tightrope/internal/forecast"
)

// A spender is what a person would name as one cause: everything that a change
// brings, everything that another service brings, or one source of its own.
type spender struct {
	label   string
	seconds float64 // bad seconds in a window
}

// spent says where the budget goes.
func spent(e *forecast.Entry) string {
	if e.Mean <= 0 {
		return "Nothing in the model spends any of the budget."
	}
	whole := e.Mean
	if e.Objective != nil {
		whole, _ = e.Objective.Budget.Float64()
	}
	named, sum := largest(e)
	var said []string
	for _, s := range named {
		said = append(said, fmt.Sprintf("%s (%s)", s.label, share(s.seconds/whole)))
	}
	what, mostly := listed(said), "mostly by"
	all := len(named) == 1 && sum > 0.999*e.Mean
	switch {
	case all:
		what, mostly = named[0].label, "all by"
	case sum < e.Mean/2:
		mostly = "by many things, the largest"
	}
	switch {
	case e.Objective == nil && all:
		return "All of its bad time comes from " + what + "."
	case e.Objective == nil && sum < e.Mean/2:
		return "Its bad time has many causes, the largest " + what + "."
	case e.Objective == nil:
		return "Most of its bad time comes from " + what + "."
	case e.Mean > 1.05*whole:
		return fmt.Sprintf("On average the budget is spent %s times over, %s %s.", digits(e.Mean/whole), mostly, what)
	case sum >= whole/2:
		return "Most of the budget goes to " + listed(said) + "."
	}
	return fmt.Sprintf("On average %s of the budget is spent, %s %s.", share(e.Mean/whole), mostly, what)
}

// largest returns the one to three largest spenders, as few as make up most of
// the bad time, and their sum.
func largest(e *forecast.Entry) (named []spender, sum float64) {
	for _, s := range spenders(e) {
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

// spenders groups an entry's sources, largest first.
func spenders(e *forecast.Entry) []spender {
	groups := map[string][]*forecast.Source{}
	var keys []string
	for _, s := range e.Sources {
		key := groupOf(e, s)
		if groups[key] == nil {
			keys = append(keys, key)
		}
		groups[key] = append(groups[key], s)
	}
	var all []spender
	for _, key := range keys {
		all = append(all, spenderOf(e, groups[key]))
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].seconds > all[j].seconds })
	return all
}

func groupOf(e *forecast.Entry, s *forecast.Source) string {
	switch {
	case s.Kind == forecast.ChangeSource:
		return "change " + s.Name
	case s.Per != "":
		return "change " + s.Per
	case s.Service != "" && s.Service != e.Service:
		return "service " + s.Service
	}
	if s.Kind == forecast.SwitchSource {
		return "switch " + groupTitle(s)
	}
	return string(s.Kind) + " " + s.Name
}

func spenderOf(e *forecast.Entry, group []*forecast.Source) spender {
	out := spender{}
	itself := false
	for _, s := range group {
		out.seconds += s.PerWindow
		itself = itself || s.Kind == forecast.ChangeSource
	}
	first := group[0]
	change := first.Per
	if first.Kind == forecast.ChangeSource {
		change = first.Name
	}
	several, _ := plural(change)
	switch {
	case change != "" && len(group) > 1 && itself:
		out.label = several + " and what they break"
	case change != "" && len(group) > 1:
		out.label = "what " + several + " break"
	case change == "" && first.Service != "" && first.Service != e.Service:
		out.label = first.Service
	default:
		out.label, _ = subject(e, first)
	}
	return out
}

// subject is a source as the subject of a sentence, with the verb "spend".
func subject(e *forecast.Entry, s *forecast.Source) (subject, verb string) {
	switch s.Kind {
	case forecast.ChangeSource:
		name, several := plural(s.Name)
		if several {
			return name, "spend"
		}
		return name, "spends"
	case forecast.BackgroundSource:
		if s.Service != "" && s.Service != e.Service {
			return "the background errors of " + s.Service, "spend"
		}
		return "background errors", "spend"
	case forecast.UnlistedSource:
		return "what the catalogue does not list", "spends"
	case forecast.StatedSource:
		if s.Service == e.Service {
			return "its own stated outages", "spend"
		}
		return s.Service, "spends"
	case forecast.GroupSource:
		return "having too few of " + members(groupTitle(s)), "spends"
	case forecast.SwitchSource:
		return "changing over among " + members(groupTitle(s)), "spends"
	}
	return s.Name, "spends"
}
