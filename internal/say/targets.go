package say

import (
	"sort"

	"tightrope/internal/forecast"
)

// Comparison returns the targets to compare: those asked for or, where none
// were, the usual ones around the objective and the objective itself.
func Comparison(e *forecast.Entry) []forecast.Chance {
	if len(e.Compare) > 0 {
		return e.Compare
	}
	if Open(e) {
		return nil
	}
	rows := append([]forecast.Chance(nil), e.Usual...)
	if e.Objective != nil && Usual(e, &e.Objective.Target) == nil {
		budget, _ := e.Objective.Budget.Float64()
		rows = append(rows, forecast.Chance{Target: e.Objective.Target, Budget: budget, Met: *e.Met})
	}
	sort.SliceStable(rows, func(i, j int) bool { return rows[i].Target.Exact.Cmp(rows[j].Target.Exact) < 0 })
	return rows
}

// NoneEnough says that no provider alone, however good, would make the target
// kept on average; empty where one would.
func (l Language) NoneEnough(e *forecast.Entry) string {
	if e.Objective == nil {
		return ""
	}
	var names []string
	for _, q := range e.Requirements {
		if q.Required != nil {
			return ""
		}
		names = append(names, l.Called(q.Title, q.Service))
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return l.Say("providers.perfect", "name", names[0], "target", e.Objective.Target.Text)
	}
	return l.Say("providers.enough", "names", l.Enumerated(names), "target", e.Objective.Target.Text)
}
