package tables

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
)

// Compare has the chance to keep several targets. Its last column says what a
// target is to the entry. It is nil where there are none.
func (b Builder) Compare(e *forecast.Entry) *document.Table {
	c := b.CadenceOf(e)
	t := &document.Table{Title: b.Say("compare.title", "window", b.Window(e.WindowSay)), Columns: []document.Column{
		head(b.Say("compare.target"), false), head(b.Say("compare.budget"), true), head(b.Say("compare.chance"), true), head(b.Say("compare.kept"), false), {},
	}}
	for _, k := range say.Comparison(e) {
		p := say.OddsOf(e, k.Budget, k.Met.Value)
		likely, kept, is := b.Likely(p), c.Cell(p), ""
		switch {
		case say.Open(e):
			likely, kept = "–", b.Say("number.unknown")
		case p == 1:
			likely = "100%"
		}
		switch {
		case e.Objective != nil && k.Target.Exact.Cmp(e.Objective.Target.Exact) == 0:
			is = b.Say("compare.objective")
		case e.Suggested != nil && !say.Open(e) && k.Target.Exact.Cmp(e.Suggested.Exact) == 0:
			is = b.Say("compare.suggested")
		}
		t.Add(k.Target.Text, b.Exact(k.Budget), likely, kept, is).Cells[4].Tone = document.Faint
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// providerRows is how many providers are shown to people.
const providerRows = 6

// Providers has what each provider must offer and what it does, the most
// demanding first. It is nil where none can make a difference.
func (b Builder) Providers(e *forecast.Entry) *document.Table {
	if e.Objective == nil || len(e.Requirements) == 0 || b.NoneEnough(e) != "" {
		return nil
	}
	t := &document.Table{Title: b.Say("providers.title", "target", e.Objective.Target.Text), Columns: []document.Column{
		head(b.Say("providers.provider"), false), head(b.Say("providers.must"), true), head(b.Say("providers.offers"), true), {},
	}}
	demand := func(q *forecast.Requirement) float64 {
		if q.Required == nil {
			return math.Inf(1)
		}
		return *q.Required
	}
	rows := slices.Clone(e.Requirements)
	slices.SortStableFunc(rows, func(x, y *forecast.Requirement) int { return cmp.Compare(demand(y), demand(x)) })
	shown := rows[:min(len(rows), providerRows)]
	if len(rows) == providerRows+1 {
		shown = rows
	}
	for _, q := range shown {
		b.provider(t, q)
	}
	if rest := len(rows) - len(shown); rest > 0 {
		t.Foot = b.Say("providers.more", "n", say.Grouped(float64(rest)))
	}
	return t
}

// provider adds a row.
func (b Builder) provider(t *document.Table, q *forecast.Requirement) {
	sign, tone := "✗", document.Bad
	must, offers, remark := "–", b.Served(q.Offers, 0), ""
	switch {
	case q.Required == nil:
		remark = b.Say("providers.notenough", "name", b.Called(q.Title, q.Service))
	case *q.Required <= 0:
		sign, tone, must = "✓", document.Good, b.Say("providers.anything")
	case q.Offers >= *q.Required:
		sign, tone, must = "✓", document.Good, b.Served(*q.Required, 0)
	default: // rounded apart, so that the two never read the same
		must, offers = say.Demanded(*q.Required), say.Good(q.Offers)
	}
	if q.Outside && remark == "" {
		remark = b.Say("providers.outside")
	}
	marked(t.Add(b.Called(q.Title, q.Service), must, offers, remark), sign, tone)
}
