package page

import (
	"fmt"
	"math"
	"slices"

	"tightrope/internal/chart"
	"tightrope/internal/decision"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/say"
)

// promise is what the decision says of a service; nil: nothing.
func (b *builder) promise(service string) *decision.Promise {
	if b.Decision == nil {
		return nil
	}
	for i := range b.Decision.Promises {
		if p := &b.Decision.Promises[i]; p.Service == service {
			return p
		}
	}
	return nil
}

// decision is the first screen of one service: what to promise, in a sentence,
// and a line for each question behind it. Of one among several, what is bought, whom
// that calls and what comes next stand before the parts, once for all.
func (b *builder) decision(id string, e *forecast.Entry, alone bool) *document.Headline {
	p := b.promise(e.Service)
	if p == nil || say.Open(e) {
		return b.open(e)
	}
	h := &document.Headline{Text: b.promiseSaid(e, p), Figure: b.reach(id, e, p)}
	h.Tone, h.Sign = standing(p)
	add := func(key string, lines ...string) { h.Facts = fact(h.Facts, key, lines...) }
	once := func(key string, lines func() []string) {
		if alone {
			add(key, lines()...)
		}
	}
	if alone {
		h.Text = b.decided(e, p)
	}
	promise := []string{b.allows(e, p, b.proposed(e, p)), b.off(e)}
	if b.beyond(e, p) {
		promise = slices.Insert(promise, 1, b.allows(e, p, p.Target))
	}
	if alone {
		promise = append(promise, b.Say("decide.lost"))
	}
	// asked is a line from whose figures a link leads to how they came about.
	asked := func(key, number string, lines ...string) {
		before := len(h.Facts)
		if add(key, lines...); len(h.Facts) > before && b.Why != nil && number != "" {
			h.Facts[before].Why = b.Why("services/" + e.Service + "/" + number)
		}
	}
	number := "" // of another target than the one written nothing is told step by step
	if t := b.proposed(e, p); t == nil || t.Exact.Cmp(e.Objective.Target.Exact) == 0 {
		number = "chance"
	}
	asked(b.Say("decide.k.promise"), number, promise...)
	asked(b.Say("decide.k.not", "wanted", e.Objective.Target.Text), "chance", b.notWanted(e, p), b.norNext(e, p))
	asked(b.Say("decide.k.cause"), "mean", b.largest(e), b.opposed(e))
	once(b.Say("decide.k.first"), func() []string { return b.toBuild(e) })
	add(b.Say("decide.k.else"), b.nothingDone(e, p)...)
	once(b.Say("decide.k.people"), b.called)
	add(b.Say("decide.k.turn"), b.turns(e, p)...)
	add(b.Say("decide.k.measure"), b.measure(e, p)...)
	once(b.Say("decide.k.next"), func() []string { return b.next(e) })
	once(b.Say("decide.k.beware"), b.beware)
	return h
}

// standing is how a decision stands out: what it proposes holds, or less than was
// asked for does, or nothing.
func standing(p *decision.Promise) (document.Tone, string) {
	switch {
	case p.Target == nil:
		return document.Bad, "✗"
	case p.Wanted:
		return document.Good, "✓"
	}
	return document.Warn, "↓"
}

// beware says what is to be known before the numbers are used: the first remark,
// and how many others there are; the appendix has them with their places.
func (b *builder) beware() []string {
	list := say.Warned(b.Forecast, unpriced)
	if len(list) == 0 {
		return nil
	}
	said := capitalised(b.Message(list[0].Message)) + "."
	for _, e := range b.Forecast.Entries {
		if len(b.promised()) > 1 && slices.Contains(say.Told(e), list[0]) {
			said = b.Say("decide.of", "name", b.label(e), "said", said)
			break
		}
	}
	lines := []string{said}
	if n := len(list) - 1; n > 0 {
		lines = append(lines, b.Say("decide.remarks", "count", fmt.Sprint(n)))
	}
	return lines
}

// open is the first screen where nothing can be said.
func (b *builder) open(e *forecast.Entry) *document.Headline {
	verdict, _ := b.Headline(e)
	h := &document.Headline{Tone: toneOf(e), Sign: say.Sign(e), Text: capitalised(verdict)}
	switch {
	case e.Contradicts:
		h.Facts = fact(h.Facts, b.Say("decide.k.else"), b.Contradiction(e))
	case e.Unsolved:
		h.Facts = fact(h.Facts, b.Say("decide.k.else"), b.Say("answer.unsolved"))
	case say.Unknown(e):
		h.Facts = fact(h.Facts, b.Say("decide.k.else"), b.Say("answer.nothing"))
	}
	return h
}

// decided is the decision in a sentence.
func (b *builder) decided(e *forecast.Entry, p *decision.Promise) string {
	said := b.promiseSaid(e, p)
	switch d := b.Decision; {
	case len(d.Nets) > 0:
		said += " " + b.Say(b.building(p), "nets", b.Listed(b.quoted(d.Nets)))
	case d.Idle() && b.proposes():
		said += " " + b.Say("decide.buynothing")
	}
	if len(b.Decision.Removed) > 0 {
		said += " " + b.Say("decide.remove", "nets", b.Listed(b.quoted(b.Decision.Removed)))
	}
	return said
}

// building says why nets are to be built: for the promise or, where that holds as
// things stand, for what they save.
func (b *builder) building(p *decision.Promise) string {
	if v := b.chanceOf(p.Today, p.Target); b.Decision.By == decision.Money && v != nil && *v >= p.Today.Confidence {
		return "decide.save"
	}
	if b.Decision.By == decision.Objective && p.Today.Verdict == forecast.Achievable {
		return "decide.free" // what is asked for holds without them: they cost nothing
	}
	return "decide.build"
}

// quoted are the titles of nets, set apart from the sentence that they stand in.
func (b *builder) quoted(nets []string) []string {
	var out []string
	for _, title := range b.netTitles(nets) {
		out = append(out, b.Say("decide.quoted", "title", title))
	}
	return out
}

// promiseSaid says what to promise.
func (b *builder) promiseSaid(e *forecast.Entry, p *decision.Promise) string {
	wanted := e.Objective.Target.Text
	switch t := p.Target; {
	case t == nil:
		return b.Say("decide.none", "could", say.Good(p.Then.Achievable), "confidence", say.Percent(e.Confidence), "wanted", wanted)
	case t.Exact.Cmp(e.Objective.Target.Exact) == 0:
		return b.Say("decide.same", "target", t.Text)
	case t.Exact.Cmp(e.Objective.Target.Exact) < 0:
		return b.Say("decide.less", "target", t.Text, "wanted", wanted)
	case b.Decision.By == decision.Money:
		return b.Say("decide.more", "target", t.Text, "wanted", wanted)
	}
	if now := p.Today.Suggested; now == nil || now.Exact.Cmp(p.Target.Exact) < 0 {
		return b.Say("decide.also.then", "target", p.Target.Text, "wanted", wanted)
	}
	return b.Say("decide.also", "target", p.Target.Text, "wanted", wanted)
}

// beyond reports whether what is asked for is to be promised though a higher target could
// be too: more is proposed only where money says so.
func (b *builder) beyond(e *forecast.Entry, p *decision.Promise) bool {
	return p.Target != nil && p.Target.Exact.Cmp(e.Objective.Target.Exact) > 0 && b.Decision.By != decision.Money
}

// proposed is the target that is to be promised; nil: none.
func (b *builder) proposed(e *forecast.Entry, p *decision.Promise) *forecast.Target {
	if b.beyond(e, p) {
		return &e.Objective.Target
	}
	return p.Target
}

// allows says what a target allows, and how often it is met.
func (b *builder) allows(e *forecast.Entry, p *decision.Promise, t *forecast.Target) string {
	if t == nil {
		return b.Say("decide.today", "wanted", b.Promise(e, e.Objective.Target.Text), "met", b.CadenceOf(e).Cell(say.Odds(e)), "confidence", say.Percent(e.Confidence))
	}
	c := b.CadenceOf(e)
	allowed := b.Exact(decision.Budget(t, e.Window))
	now, then := b.chanceOf(p.Today, t), b.chanceOf(p.Then, t)
	key := "decide.allows"
	if then != nil && *then < e.Confidence {
		key = "decide.allows.short"
	}
	if len(b.Decision.Nets)+len(b.Decision.Removed) > 0 && now != nil && then != nil && c.Cell(*now) != c.Cell(*then) {
		key = "decide.allows.then"
	}
	said := func(v *float64) string {
		if v == nil {
			return b.Say("decide.asasked", "confidence", say.Percent(e.Confidence))
		}
		return c.BeKept(*v)
	}
	return b.Say(key, "target", t.Text, "window", b.window(e), "allowed", allowed, "met", said(then), "now", said(now), "confidence", say.Percent(e.Confidence), "many", c.Many())
}

// chanceOf is the chance to meet a target that a forecast tells.
func (b *builder) chanceOf(e *forecast.Entry, t *forecast.Target) *float64 {
	if e == nil || t == nil || e.Met == nil {
		return nil
	}
	if e.Objective.Target.Exact.Cmp(t.Exact) == 0 {
		v := say.Odds(e)
		return &v
	}
	if u := say.Usual(e, t); u != nil {
		v := say.OddsOf(e, u.Budget, u.Met.Value)
		return &v
	}
	return nil
}

// notWanted says why the objective as written is not what to promise.
func (b *builder) notWanted(e *forecast.Entry, p *decision.Promise) string {
	if p.Target != nil && p.Target.Exact.Cmp(e.Objective.Target.Exact) >= 0 {
		return ""
	}
	why, with := b.refused(e, p)
	return capitalised(b.Say("decide.not."+why, with...))
}

// norNext says why not the next usual target above the one that is proposed, where that
// is less than what is asked for.
func (b *builder) norNext(e *forecast.Entry, p *decision.Promise) string {
	if p.Target == nil || p.Then == nil {
		return ""
	}
	at := slices.IndexFunc(p.Then.Usual, func(u forecast.Chance) bool { return u.Target.Exact.Cmp(p.Target.Exact) > 0 })
	if at < 0 || p.Then.Usual[at].Target.Exact.Cmp(e.Objective.Target.Exact) >= 0 {
		return ""
	}
	next := &p.Then.Usual[at].Target
	if chance := b.chanceOf(p.Then, next); chance != nil && *chance < p.Then.Confidence {
		return b.Say("decide.not.next", "next", next.Text, "met", b.CadenceOf(e).Cell(*chance))
	}
	return ""
}

// refused says why the objective as written is not what to promise: the end of the key of
// a sentence, or of a cell, with its arguments.
func (b *builder) refused(e *forecast.Entry, p *decision.Promise) (why string, with []string) {
	r := b.planOf(e.Service)
	reason := b.Reason(e)
	met := b.CadenceOf(e).Cell(say.Odds(e))
	switch {
	case p.Possible == decision.No && reason != "":
		return "impossible.as", []string{"why", reason}
	case p.Possible == decision.No:
		return "impossible", []string{"met", b.CadenceOf(e).Cell(b.best(e, r)), "confidence", say.Percent(e.Confidence)}
	case r != nil && r.Recommendation != nil && r.Recommendation.Beyond != nil && r.Recommendation.More > 0:
		x := r.Recommendation
		return "dear", []string{"more", b.money(x.More), "nets", b.Listed(b.netTitles(x.Beyond.Nets))}
	case reason != "":
		return "as", []string{"why", reason, "met", met}
	}
	return "short", []string{"met", met, "confidence", say.Percent(e.Confidence)}
}

// best is the chance to meet the objective with whatever nets make it likeliest.
func (b *builder) best(e *forecast.Entry, r *plan.Result) float64 {
	if r != nil && r.Reachable != nil {
		return b.metBy(e, r.Reachable)
	}
	return say.Odds(e)
}

// planOf is the plan of a service, or the one of all.
func (b *builder) planOf(service string) *plan.Result {
	if r := b.Plans[service]; r != nil {
		return r
	}
	return b.Together
}

// largest is the largest cause, as it is named in the table and in the picture.
func (b *builder) largest(e *forecast.Entry) string {
	shown, _ := say.Ranked(e, 1)
	if len(shown) == 0 || e.PerYear <= 0 {
		return ""
	}
	s := shown[0]
	name := b.causeName(s)
	if s.Kind == forecast.UnlistedSource { // words of our own, and no name
		name = capitalised(name)
	}
	return b.Say("decide.cause", "name", name, "lost", b.Around(s.PerYear), "share", b.Part(s.PerWindow/math.Max(e.SumMean, math.SmallestNonzeroFloat64)), "all", b.Around(e.PerYear))
}

// cause is the largest cause of what a promise loses, and its share; empty where it is
// none that is listed.
func (b *builder) cause(e *forecast.Entry) (name, share string) {
	shown, _ := say.Ranked(e, 1)
	if len(shown) == 0 || e.SumMean <= 0 || shown[0].Kind == forecast.UnlistedSource {
		return "", ""
	}
	return b.causeName(shown[0]), b.Part(shown[0].PerWindow / e.SumMean)
}

// causeName is what a cause is called by people: its title, where it has one.
func (b *builder) causeName(s *forecast.Source) string {
	return b.tables().Cause(s.Kind, s.Title, s.Name, s.Made)
}

// nothingDone is what happens if nothing is done: in money, and to users.
func (b *builder) nothingDone(e *forecast.Entry, p *decision.Promise) []string {
	lines := []string{b.Say("decide.else", "bad", b.Around(e.PerYear), "misses", b.misses(e), "wanted", e.Objective.Target.Text)}
	lines = append(lines, b.lost(e)...)
	switch h := p.Hits; {
	case h.PerUser <= 0:
	case h.All != nil:
		lines = append(lines, b.hits(h))
	default:
		lines = append(lines, b.Say("decide.hits.each", "each", b.Number(h.PerUser)))
	}
	return lines
}

// hits says how often users meet an outage, where it is told how many there are.
func (b *builder) hits(h decision.Hits) string {
	return b.Say("decide.hits", "all", b.Money("", math.Max(1, *h.All)), "users", b.Money("", *h.Users), "each", b.Number(h.PerUser))
}

// called says who is called how often, and how often at night.
func (b *builder) called() []string {
	l := b.Load
	if l == nil {
		return nil
	}
	var lines []string
	for i, r := range l.Responders {
		if r.PagesPerWeek < leastCalls && r.FalsePagesPerWeek < leastCalls {
			continue
		}
		said := b.Say("decide.called", "who", titled(b.Language, r.Title, r.Name), "week", b.Number(r.PagesPerWeek), "night", b.Number(r.NightPagesPerWeek))
		if r.NightPagesPerPersonWeek != nil && r.People != nil && *r.People > 1 && *r.NightPagesPerPersonWeek > 0 {
			said += " " + b.Say("decide.called.each", "people", fmt.Sprint(*r.People), "often", b.everyWeeks(*r.NightPagesPerPersonWeek))
		}
		if t := b.Decision.Load; t != nil && i < len(t.Responders) && len(b.Decision.Nets) > 0 && b.Number(t.Responders[i].NightPagesPerWeek) != b.Number(r.NightPagesPerWeek) {
			said += " " + b.Say("decide.called.then", "night", b.Number(t.Responders[i].NightPagesPerWeek))
		}
		lines = append(lines, said)
	}
	if len(lines) == 0 {
		return []string{b.Say("decide.nobody")}
	}
	return lines[:min(len(lines), 2)]
}

// leastCalls a week are worth a line.
const leastCalls = 0.005

// everyWeeks says what happens so often in a week: so many times, or how many weeks
// lie between two.
func (b *builder) everyWeeks(week float64) string {
	years := model.Week / model.Year / week
	switch {
	case week >= 0.95:
		return b.Say("decide.often.week", "n", b.Number(week))
	case years >= 1.95:
		return b.Say("decide.often.years", "n", b.Number(math.Round(years)))
	}
	return b.Say("decide.often.weeks", "n", b.Number(math.Max(2, math.Round(1/week))))
}

// reach draws what is lost today and with the nets of the decision, against what
// the promises allow.
func (b *builder) reach(id string, e *forecast.Entry, p *decision.Promise) *document.Figure {
	c := b.CadenceOf(e)
	at := func(x *forecast.Entry) float64 { return (1 - x.Achievable) * x.Window }
	row := func(key string, x *forecast.Entry) chart.ReachRow {
		return chart.ReachRow{Name: b.Say(key), Mean: x.Mean, Most: at(x), Says: "≤ " + b.Around(at(x))}
	}
	rows := []chart.ReachRow{row("reach.today", p.Today)}
	if len(b.Decision.Nets)+len(b.Decision.Removed) > 0 && p.Then != nil {
		rows = append(rows, row("reach.then", p.Then))
	}
	budget, _ := e.Objective.Budget.Float64()
	kept := p.Target != nil && p.Target.Exact.Cmp(e.Objective.Target.Exact) >= 0
	limits := []chart.ReachLimit{{At: budget, Says: e.Objective.Target.Text + ": " + b.Exact(budget), Asked: !kept}}
	if p.Target != nil && p.Target.Exact.Cmp(e.Objective.Target.Exact) != 0 {
		v := decision.Budget(p.Target, e.Window)
		limits = append(limits, chart.ReachLimit{At: v, Says: p.Target.Text + ": " + b.Exact(v)})
	}
	seen := b.Say("reach.seen", "many", c.Many(), "confidence", say.Percent(e.Confidence), "now", b.Around(rows[0].Most))
	if len(rows) > 1 {
		seen = b.Say("reach.seen.then", "many", c.Many(), "confidence", say.Percent(e.Confidence), "now", b.Around(rows[0].Most), "then", b.Around(rows[1].Most))
	}
	f := b.frame(id+"-reach-c", b.Say("reach.title", "window", b.window(e)), seen)
	return b.always(f, func(f chart.Frame) chart.Picture {
		return chart.Reach{
			Frame: f, X: chart.Axis{Label: b.Say("reach.axis", "window", b.window(e)), Say: b.Around, Time: true}, Rows: rows, Limits: limits,
			Mean: b.Say("reach.mean"), Most: b.Say("reach.most", "confidence", say.Percent(e.Confidence), "many", c.Many()), Heads: [3]string{b.Say("reach.state"), b.Say("reach.mean"), b.Say("reach.most", "confidence", say.Percent(e.Confidence), "many", c.Many())},
		}.Draw()
	})
}
