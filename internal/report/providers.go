package report

import (
	"fmt"
	"math"
	"sort"

	"tightrope/internal/forecast"
)

// providerRows is how many providers are shown to people.
const providerRows = 6

// noneEnough says that no provider alone, however good, would make the target
// kept on average; empty where one would.
func noneEnough(e *forecast.Entry) string {
	var names []string
	for _, q := range e.Requirements {
		if q.Required != nil {
			return ""
		}
		names = append(names, q.Service)
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("not even a perfect %s would be enough for %s on average", names[0], e.Objective.Target.Text)
	}
	return fmt.Sprintf("none of %s would be enough for %s on average, not even a perfect one", enumerated(names), e.Objective.Target.Text)
}

// providerTitle is the heading of providerTable.
func providerTitle(e *forecast.Entry) string {
	return fmt.Sprintf("What providers must offer for %s on average, all else as it is", e.Objective.Target.Text)
}

// providerTable has what each provider must offer and what it does, the most
// demanding first. It is empty where none can make a difference.
func providerTable(e *forecast.Entry) table {
	t := table{columns: []column{{head: "provider"}, {head: "must offer", right: true}, {head: "offers", right: true}, {}}}
	if e.Objective == nil || noneEnough(e) != "" {
		return t
	}
	rows := append([]*forecast.Requirement(nil), e.Requirements...)
	demand := func(q *forecast.Requirement) float64 {
		if q.Required == nil {
			return math.Inf(1)
		}
		return *q.Required
	}
	sort.SliceStable(rows, func(i, j int) bool { return demand(rows[i]) > demand(rows[j]) })
	shown := rows[:min(len(rows), providerRows)]
	if len(rows) == providerRows+1 {
		shown = rows
	}
	for _, q := range shown {
		addProvider(&t, q)
	}
	if rest := len(rows) - len(shown); rest > 0 {
		t.foot = fmt.Sprintf("and %s more of which less is asked; --format json has all", grouped(float64(rest)))
	}
	return t
}

func addProvider(t *table, q *forecast.Requirement) {
	sign, st := "✗", red
	must, offers, remark := "–", served(q.Offers, 0), ""
	switch {
	case q.Required == nil:
		remark = fmt.Sprintf("not even a perfect %s would be enough", q.Service)
	case *q.Required <= 0:
		sign, st, must = "✓", green, "anything"
	case q.Offers >= *q.Required:
		sign, st, must = "✓", green, served(*q.Required, 0)
	default: // rounded apart, so that the two never read the same
		must, offers = demanded(*q.Required), goodTime(q.Offers)
	}
	if q.Outside && remark == "" {
		remark = "not in our hands"
	}
	t.add(sign+" "+q.Service, must, offers, remark).cells[0].style = st
}
