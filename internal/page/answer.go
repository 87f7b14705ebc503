package page

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tightrope/internal/chart"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// answer is the verdict on a promise as things stand, and how many windows meet it.
func (b *builder) answer(id string, e *forecast.Entry) document.Headline {
	h := document.Headline{Tone: toneOf(e), Sign: say.Sign(e)}
	verdict, _ := b.Headline(e)
	h.Text = capitalised(verdict)
	h.Short = b.Say(map[document.Tone]string{document.Good: "answer.yes", document.Bad: "answer.no", document.Warn: "answer.unknown"}[h.Tone])
	if !say.Open(e) {
		var pic *chart.Picture
		if pic, h.Counts = b.tally(id, e); pic != nil {
			h.Figure = &document.Figure{Picture: *pic}
		}
	}
	return h
}

// capitalised begins a sentence.
func capitalised(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

func (b *builder) tally(id string, e *forecast.Entry) (*chart.Picture, string) {
	p := say.Odds(e)
	c := b.CadenceOf(e)
	kept, of, many, unit := float64(c.Of), c.Of, c.Many(), c.Unit(c.Of)
	switch {
	case c.Countable(p):
		kept = c.Count(p)
	case p < 0.5:
		kept = 0
	}
	k, n, m := c.Counted(kept), fmt.Sprint(of), c.Counted(float64(of)-kept)
	counts := b.Say("answer.counts", "of", n, "unit", unit, "kept", k, "missed", m)
	switch kept {
	case float64(of):
		counts = b.Say("answer.always", "of", n, "unit", unit)
	case 0:
		counts = b.Say("answer.never", "of", n, "unit", unit)
	}
	pic := chart.Tally{
		Frame: b.frame(id+"-tally", b.Say("answer.tally", "of", n, "unit", unit, "kept", k, "missed", m), counts),
		Kept:  kept, Of: of, KeptN: k, MissedN: m, KeptSays: b.Say("answer.kept", "many", many), MissedSays: b.Say("answer.missed", "many", many),
		HeadWhat: b.Say("answer.what", "of", n, "unit", unit), HeadHowMany: b.Say("answer.number"),
	}
	pic.Width = 10*30 + 60
	if of > 12 {
		pic.Width = 10 * 30
	}
	drawn := pic.Draw()
	return &drawn, counts
}

// off says how far the chance may be off, where that matters to who decides.
func (b *builder) off(e *forecast.Entry) string {
	if len(b.ChanceOff(e)) == 0 {
		return ""
	}
	off := say.Points(e.Met.Error + e.Met.Model)
	if say.Near(e) {
		return b.Say("answer.near", "error", off, "confidence", say.Percent(e.Confidence))
	}
	return b.Say("answer.off", "error", off)
}

// metBy is the chance that a plan gives to the promise of an entry.
func (b *builder) metBy(e *forecast.Entry, x *plan.Plan) float64 {
	for _, k := range x.Objectives {
		if k.Service == e.Service && k.Objective == e.Objective.Name {
			return k.Met
		}
	}
	return x.Met
}

// proposes reports whether the model has nets that could be built.
func (b *builder) proposes() bool {
	for _, n := range b.Model.Nets {
		if n.Status == model.Proposed || n.Status == model.Building {
			return true
		}
	}
	return false
}

func (b *builder) netTitle(name string) string {
	if n := b.Model.Net(name); n != nil && n.Title.Is() {
		return n.Title.In(b.Code)
	}
	return name
}

func (b *builder) netTitles(names []string) []string {
	var out []string
	for _, n := range names {
		out = append(out, b.netTitle(n))
	}
	return out
}

// misses says how many windows miss the promise as things stand.
func (b *builder) misses(e *forecast.Entry) string {
	c := b.CadenceOf(e)
	m := e.MissesPerYear
	if m == nil {
		return b.Say("answer.missnone", "one", c.One())
	}
	perYear := model.Year / e.Window
	missed := math.Round(*m / perYear * float64(c.Of))
	if p := say.Odds(e); c.Countable(p) {
		missed = float64(c.Of) - c.Count(p) // the rest of those that are kept
	}
	switch {
	case *m >= 0.95*perYear && perYear < 1.5:
		return b.Say("answer.missall", "one", c.One())
	case missed >= 1:
		return b.Say("answer.miss", "count", c.Counted(missed), "of", fmt.Sprint(c.Of), "unit", c.Unit(c.Of))
	case *m >= 0.001:
		return b.Say("answer.missrare", "one", c.One(), "years", b.Number(1 / *m))
	}
	return b.Say("answer.missnone", "one", c.One())
}

// lost says what outages lose in money, and what that is made of.
func (b *builder) lost(e *forecast.Entry) (out []string) {
	l := b.Losses[e.Service]
	switch {
	case l == nil:
		return out
	case l.Total == nil:
		return append(out, b.Say("answer.lostnot"))
	}
	parts, all := b.lossOf(e.Service, l)
	out = append(out, b.Say("answer.lost", "loss", all, "parts", b.Listed(parts)))
	if low, high := b.MoneyApart(b.Model.Currency.S, l.Low+b.peopleOf(e.Service), l.High+b.peopleOf(e.Service)); l.Low < l.High && low != high {
		out = append(out, b.Say("answer.lost.range", "low", low, "high", high))
	}
	if said := b.contract(l); said != "" {
		out = append(out, said)
	}
	if len(l.Unknown) > 0 {
		out = append(out, b.Say("answer.lostopen", "what", b.Listed(b.Messages(l.Unknown))))
	}
	return out
}

// mostClauses is how many conditions of a contract are named.
const mostClauses = 3

// contract says for what a contract pays, and that this is no matter of the target: the
// clauses have limits of their own. It is empty where no clause is ever due.
func (b *builder) contract(l *worth.Loss) string {
	var list []string
	for _, c := range l.Clauses {
		if c.PerYear > 0 {
			list = append(list, b.clause(c.Clause))
		}
	}
	if len(list) == 0 {
		return ""
	}
	said := b.Listed(list)
	if more := len(list) - mostClauses; more > 1 {
		said = b.Say("number.more", "list", strings.Join(list[:mostClauses], ", "), "n", fmt.Sprint(more))
	}
	due := b.due(l, len(list) > 1)
	if due != "" {
		due = " " + due
	}
	if s := b.Model.Service(l.Service); s != nil && len(s.Objectives) > 1 {
		return b.Say("answer.contract.of", "clauses", said, "promise", b.ObjectiveName(l.Service, l.Objective)) + due
	}
	return b.Say("answer.contract", "clauses", said) + due
}

// due says how often a contract pays, and how much each time; empty where that is unknown.
func (b *builder) due(l *worth.Loss, several bool) string {
	often, paid := 0.0, 0.0
	for _, c := range l.Clauses {
		if c.PerYear > 0 {
			if c.Pay == nil {
				return ""
			}
			often, paid = often+c.PerYear, paid+*c.Pay
		}
	}
	if often <= 0 || paid <= 0 {
		return ""
	}
	key, said := "answer.due", b.Say("answer.due.year", "n", say.Trim(often, 2))
	if several {
		key = "answer.due.mixed"
	}
	if often < 0.95 {
		said = b.Say("answer.due.years", "n", say.Trim(1/often, 1))
	}
	return b.Say(key, "often", said, "each", b.AmountTotal(b.Model.Currency.S, say.Alone(paid/often)))
}

// peopleOf is what the time of people costs in a year for a service. It is of all
// services: it is one's only where there is no other, whichever were asked for.
func (b *builder) peopleOf(service string) float64 {
	others := func(s *model.Service) bool { return len(s.Objectives) > 0 && s.Name != service }
	if b.Load == nil || b.Load.PeopleCostPerYear == nil || slices.ContainsFunc(b.Model.Services, others) {
		return 0
	}
	return *b.Load.PeopleCostPerYear
}

// lossOf says what a service loses in a year, of which something is known, and what
// that is made of: the same wherever it stands.
func (b *builder) lossOf(service string, l *worth.Loss) (parts []string, all string) {
	var keys []string
	var amounts []float64
	part := func(key string, v float64) {
		if v > 0 {
			keys, amounts = append(keys, key), append(amounts, v)
		}
	}
	for _, p := range lossParts(l, b.peopleOf(service)) {
		part(p.key, p.amount)
	}
	sum := say.AddUpRoughly(amounts...)
	if lines := b.lossLines(); lines != nil {
		if i := slices.Index(lines.services, service); i >= 0 { // a line of what all lose
			sum = lines.rounded.Within(i, amounts...)
		}
	}
	for i, key := range keys {
		parts = append(parts, b.Say(key, "amount", b.AmountOf(b.Model.Currency.S, sum, i)))
	}
	return parts, b.AmountTotal(b.Model.Currency.S, sum)
}

// clause says for what a clause of a contract pays.
func (b *builder) clause(c *model.Clause) string {
	window := b.Window(scenario.Period(c).Text)
	switch c.Kind {
	case model.ClauseDowntime:
		return b.Say("clause.downtime", "time", b.Span(c.Length.Text), "window", window)
	case model.ClauseAvailability:
		return b.Say("clause.availability", "share", c.Below.Text, "window", window)
	}
	return b.Say("clause.outage", "time", b.Span(c.Length.Text))
}

// A lossPart is one of what a loss is made of: the key of its words, and its amount.
type lossPart struct {
	key    string
	amount float64
}

// lossParts are what a loss is made of, with the time of people beside it.
func lossParts(l *worth.Loss, people float64) []lossPart {
	revenue := 0.0
	if l.Revenue != nil {
		revenue = *l.Revenue
	}
	return []lossPart{{"answer.revenue", revenue}, {"answer.clauses", l.Paid()}, {"answer.incidents", l.IncidentsPay}, {"answer.people", people}}
}

// lossLines are what several services lose, rounded so that all lines add up to the sum
// that is shown.
type lossLines struct {
	services []string // whose losses the first parts are
	// elsewhere, people and twice are the places of the other parts: services that the
	// page is not about, the time of people, and, taken off, what incidents lose that
	// stand in several lines; -1: none.
	elsewhere, people, twice int
	rounded                  say.Rounded
}

// lossLines is nil where there is no such sum, or one promised service alone.
func (b *builder) lossLines() *lossLines {
	if b.Expected.Total == nil || len(b.promised()) < 2 {
		return nil
	}
	x := &lossLines{elsewhere: -1, people: -1, twice: -1}
	var parts []float64
	left := *b.Expected.Total
	add := func(v float64) int {
		parts = append(parts, v)
		left -= v
		return len(parts) - 1
	}
	for _, name := range b.promised() {
		if l := b.Losses[name]; l != nil && l.Total != nil {
			x.services = append(x.services, name)
			add(*l.Total)
		}
	}
	if len(x.services) == 0 {
		return nil
	}
	elsewhere := 0.0
	for _, l := range b.Elsewhere {
		if l.Total != nil {
			elsewhere += *l.Total
		}
	}
	if elsewhere > 0 {
		x.elsewhere = add(elsewhere)
	}
	if b.Load != nil && b.Load.PeopleCostPerYear != nil && *b.Load.PeopleCostPerYear > 0 {
		x.people = add(*b.Load.PeopleCostPerYear)
	}
	if left < -1e-9**b.Expected.Total {
		x.twice = add(left)
	}
	x.rounded = say.Among(b.lossStep(), parts...)
	return x
}
