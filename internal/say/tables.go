package say

import (
	"math"
	"sort"

	"tightrope/internal/forecast"
)

// A Grid is a table in words.
type Grid struct {
	Title string
	Heads []string
	Right []bool // the column holds numbers
	Rows  [][]string
	Foot  string // what was left out
	// Good tells, of each row with a sign, whether it is ✓.
	Good []bool
}

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

// Compare has the chance to keep several targets. Its last column says what a
// target is to the entry.
func (l Language) Compare(e *forecast.Entry) Grid {
	c := l.CadenceOf(e)
	g := Grid{
		Title: l.Say("compare.title", "window", l.Window(e.WindowSay)),
		Heads: []string{l.Say("compare.target"), l.Say("compare.budget"), l.Say("compare.chance"), l.Say("compare.kept"), ""},
		Right: []bool{false, true, true, false, false},
	}
	for _, k := range Comparison(e) {
		p := OddsOf(e, k.Budget, k.Met.Value)
		likely, kept, is := l.Likely(p), c.Cell(p), ""
		switch {
		case Open(e):
			likely, kept = "–", l.Say("number.unknown")
		case p == 1:
			likely = "100%"
		}
		switch {
		case e.Objective != nil && k.Target.Exact.Cmp(e.Objective.Target.Exact) == 0:
			is = l.Say("compare.objective")
		case e.Suggested != nil && !Open(e) && k.Target.Exact.Cmp(e.Suggested.Exact) == 0:
			is = l.Say("compare.suggested")
		}
		g.Rows = append(g.Rows, []string{k.Target.Text, l.Exact(k.Budget), likely, kept, is})
	}
	return g
}

// providerRows is how many providers are shown to people.
const providerRows = 6

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

// Providers has what each provider must offer and what it does, the most
// demanding first; names begin with ✓ or ✗. It has no rows where none can make a
// difference.
func (l Language) Providers(e *forecast.Entry) Grid {
	if e.Objective == nil {
		return Grid{}
	}
	g := Grid{
		Title: l.Say("providers.title", "target", e.Objective.Target.Text),
		Heads: []string{l.Say("providers.provider"), l.Say("providers.must"), l.Say("providers.offers"), ""},
		Right: []bool{false, true, true, false},
	}
	if l.NoneEnough(e) != "" {
		return g
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
		g.Rows = append(g.Rows, l.provider(q))
		g.Good = append(g.Good, offersEnough(q))
	}
	if rest := len(rows) - len(shown); rest > 0 {
		g.Foot = l.Say("providers.more", "n", Grouped(float64(rest)))
	}
	return g
}

// offersEnough reports whether a provider does what it must.
func offersEnough(q *forecast.Requirement) bool {
	return q.Required != nil && (*q.Required <= 0 || q.Offers >= *q.Required)
}

func (l Language) provider(q *forecast.Requirement) []string {
	sign := "✗"
	if offersEnough(q) {
		sign = "✓"
	}
	must, offers, remark := "–", l.Served(q.Offers, 0), ""
	switch {
	case q.Required == nil:
		remark = l.Say("providers.notenough", "name", l.Called(q.Title, q.Service))
	case *q.Required <= 0:
		must = l.Say("providers.anything")
	case q.Offers >= *q.Required:
		must = l.Served(*q.Required, 0)
	default: // rounded apart, so that the two never read the same
		must, offers = Demanded(*q.Required), Good(q.Offers)
	}
	if q.Outside && remark == "" {
		remark = l.Say("providers.outside")
	}
	return []string{sign + " " + l.Called(q.Title, q.Service), must, offers, remark}
}
