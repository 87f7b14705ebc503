package page

import (
	"fmt"
	"math"
	"unicode"
	"unicode/utf8"

	"tightrope/internal/chart"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/say"
)

// answer is the first screen: what is promised, whether it can be kept, what it
// would cost, what happens otherwise, and what was assumed.
func (b *builder) answer(id string, e *forecast.Entry) Answer {
	a := Answer{State: stateOf(e), Sign: say.Sign(e)}
	verdict, _ := b.Headline(e)
	a.Verdict = capitalised(verdict)
	a.Short = map[State]string{Kept: b.Say("answer.yes"), Missed: b.Say("answer.no"), Unsure: b.Say("answer.unknown")}[a.State]
	ask := func(key string, lines ...string) {
		var said []string
		for _, l := range lines {
			if l != "" {
				said = append(said, l)
			}
		}
		a.Facts = append(a.Facts, Fact{Key: b.Say(key), Lines: said})
	}
	c := b.CadenceOf(e)
	budget, _ := e.Objective.Budget.Float64()
	ask("answer.q.promise", b.Say("answer.promise", "name", b.label(e), "target", e.Objective.Target.Text, "window", b.window(e),
		"budget", b.Exact(budget), "confidence", say.Percent(e.Confidence), "many", c.Many()), b.Say("answer.bad"))
	if e.Contradicts {
		a.Facts = append([]Fact{{Key: b.Say("answer.q.can"), Lines: []string{b.Contradiction(e)}}}, a.Facts...)
		ask("answer.q.assumed", b.assumed(e)...)
		return a
	}
	if say.Unknown(e) {
		key := "answer.nothing"
		if e.Unsolved {
			key = "answer.unsolved"
		}
		ask("answer.q.can", b.Say(key))
		ask("answer.q.assumed", b.assumed(e)...)
		return a
	}
	a.Tally, a.Counts = b.tally(id, e)
	could := b.Say("answer.couldnot")
	if e.Suggested != nil {
		could = b.Say("answer.could", "target", b.Promise(e, e.Suggested.Text))
		for _, u := range e.Usual {
			if u.Target.Exact.Cmp(e.Suggested.Exact) == 0 {
				could = b.Say("answer.couldkept", "target", b.Promise(e, e.Suggested.Text), "kept", b.kept(e, u.Met.Value))
			}
		}
	}
	if a.State == Kept && e.Suggested != nil && e.Suggested.Exact.Cmp(e.Objective.Target.Exact) == 0 {
		could = ""
	}
	ask("answer.q.can", b.can(e), b.off(e), b.corrected(e), could)
	ask("answer.q.cost", b.cost(e)...)
	ask("answer.q.else", b.otherwise(e)...)
	ask("answer.q.assumed", b.assumed(e)...)
	return a
}

// capitalised begins a sentence.
func capitalised(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// kept says how often a target of that chance is kept, as the end of a sentence.
func (b *builder) kept(e *forecast.Entry, p float64) string { return b.CadenceOf(e).BeKept(p) }

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

func (b *builder) can(e *forecast.Entry) string {
	p := say.Odds(e)
	switch {
	case p == 1:
		return b.Say("answer.always2")
	case p < 1e-12:
		return b.Say("answer.never2")
	}
	band := ""
	if low, high := b.Likely(e.Met.Low), b.Likely(e.Met.High); low != high {
		band = b.Say("answer.band", "low", low, "high", high)
	}
	return b.Say("answer.can", "one", b.CadenceOf(e).One(), "chance", b.Beside(e.Met.Value, e.Confidence), "band", band, "confidence", say.Percent(e.Confidence))
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

// corrected says what the sources added up would say, where that is something
// else.
func (b *builder) corrected(e *forecast.Entry) string {
	if b.Corrected(e) == "" || e.Met.Sum == nil || b.Likely(*e.Met.Sum) == b.Likely(e.Met.Value) {
		return ""
	}
	return b.Say("answer.corrected", "chance", b.Beside(*e.Met.Sum, e.Confidence))
}

// cost is what it would take to keep the promise.
func (b *builder) cost(e *forecast.Entry) []string {
	if !b.proposes() {
		if e.Verdict == forecast.Achievable {
			return []string{b.Say("answer.free")}
		}
		return []string{b.Say("answer.nonets")}
	}
	r := b.Plans[e.Service]
	if r == nil {
		if e.Verdict == forecast.Achievable {
			return []string{b.Say("answer.free")}
		}
		return []string{b.Say("answer.noplan")}
	}
	x := r.Best
	if x == nil {
		x = r.Reachable
	}
	if b.unsearched(e, r) {
		return []string{b.Say("answer.notfound")}
	}
	if x == nil || r.Best == nil && len(x.Nets) == 0 {
		return []string{b.Say("answer.cannot0")}
	}
	kept := b.kept(e, b.metBy(e, x))
	switch {
	case r.Best != nil && len(x.Nets) == 0:
		return []string{b.Say("answer.free")}
	case r.Best == nil:
		return []string{b.Say("answer.cannot", "cost", b.money(x.AnnualCost), "kept", kept), b.unproven(r)}
	}
	return []string{
		b.Say("answer.cost", "cost", b.money(x.AnnualCost), "count", b.nets(len(x.Nets)), "nets", b.Listed(b.netTitles(x.Nets)), "kept", kept),
		b.effort(x), b.unproven(r),
	}
}

func (b *builder) effort(x *plan.Plan) string {
	if x.Effort == 0 {
		return ""
	}
	return b.Say("answer.build", "days", b.Number(x.Effort))
}

func (b *builder) unproven(r *plan.Result) string {
	if r.Best != nil && r.Moved {
		return b.Say("answer.moved")
	}
	if r.Best != nil && !r.Optimal {
		return b.Say("answer.unproven")
	}
	return ""
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

func (b *builder) nets(n int) string {
	if n == 1 {
		return b.Say("number.net")
	}
	return b.Say("number.nets", "n", fmt.Sprint(n))
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
	if n := b.Model.Net(name); n != nil && n.Title.S != "" {
		return n.Title.S
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

// otherwise is what happens if nothing is done.
func (b *builder) otherwise(e *forecast.Entry) []string {
	c := b.CadenceOf(e)
	misses := b.Say("answer.missnone", "one", c.One())
	if m := e.MissesPerYear; m != nil {
		perYear := model.Year / e.Window
		missed := math.Round(*m / perYear * float64(c.Of))
		if p := say.Odds(e); c.Countable(p) {
			missed = float64(c.Of) - c.Count(p) // the rest of those that are kept
		}
		switch {
		case *m >= 0.95*perYear && perYear < 1.5:
			misses = b.Say("answer.missall", "one", c.One())
		case missed >= 1:
			misses = b.Say("answer.miss", "count", c.Counted(missed), "of", fmt.Sprint(c.Of), "unit", c.Unit(c.Of))
		case *m >= 0.001:
			misses = b.Say("answer.missrare", "one", c.One(), "years", b.Number(1 / *m))
		}
	}
	out := []string{b.Say("answer.else", "bad", b.Around(e.PerYear), "misses", misses)}
	l := b.Losses[e.Service]
	switch {
	case l == nil:
		return out
	case l.Total == nil:
		return append(out, b.Say("answer.lostnot"))
	}
	var keys []string
	var amounts []float64
	part := func(key string, v *float64) {
		if v != nil && *v > 0 {
			keys, amounts = append(keys, key), append(amounts, *v)
		}
	}
	pays := 0.0 // of the clauses whose pay is known
	for _, c := range l.Clauses {
		if c.Pay != nil {
			pays += *c.Pay
		}
	}
	part("answer.revenue", l.Revenue)
	part("answer.clauses", &pays)
	part("answer.incidents", &l.IncidentsPay)
	if b.Load != nil {
		part("answer.people", b.Load.PeopleCostPerYear)
	}
	sum := say.AddUpRoughly(amounts...)
	var parts []string
	for i, key := range keys {
		parts = append(parts, b.Say(key, "amount", b.Amount(b.Model.Currency.S, sum.Part(i))))
	}
	out = append(out, b.Say("answer.lost", "loss", b.Amount(b.Model.Currency.S, sum.Total()), "parts", b.Listed(parts)))
	if len(l.Unknown) > 0 {
		out = append(out, b.Say("answer.lostopen", "what", b.Listed(b.Messages(l.Unknown))))
	}
	return out
}

func (b *builder) assumed(e *forecast.Entry) []string {
	sourced, stated := 0, 0
	for _, r := range b.Model.Risks {
		if r.Source.S != "" {
			sourced++
		}
	}
	for _, s := range b.Model.Services {
		if s.Stated != nil {
			stated++
		}
	}
	n := func(v int) string { return fmt.Sprint(v) }
	out := []string{b.Say("answer.assumed", "risks", n(len(b.Model.Risks)), "changes", n(len(b.Model.Changes)), "stated", n(stated), "sourced", n(sourced))}
	if k := len(e.Unsure); k > 0 {
		out = append(out, b.Say("answer.unsure", "count", n(k)))
	}
	if h := e.History; h != nil && h.Share != nil {
		key := "answer.explained"
		if h.Counted {
			key = "answer.counted"
		}
		out = append(out, b.Say(key, "share", b.Part(*h.Share)))
	}
	if k := len(b.warnings()); k == 1 {
		out = append(out, b.Say("answer.warned1"))
	} else if k > 1 {
		out = append(out, b.Say("answer.warned", "count", n(k)))
	}
	return out
}
