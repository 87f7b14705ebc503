package page

import (
	"fmt"
	"slices"

	"tightrope/internal/decision"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/plan"
	"tightrope/internal/say"
)

// several is the page of several services: one table of all promises, what is
// bought once for all of them, and a part only for what needs a decision.
func (b *builder) several(services []string) (blocks []document.Block, parts []document.Section) {
	list := b.strained()
	blocks = []document.Block{{Headline: b.decisions(list)}}
	promises := &document.Section{ID: "promises", Title: b.overviewTitle(list), Blocks: []document.Block{{Table: b.promisesTable(list)}}}
	promises.Sections = sections(b.together())
	parts = append(parts, *promises)
	for _, name := range services {
		if b.needsDecision(name) {
			parts = append(parts, b.part(name))
		}
	}
	var entries []*forecast.Entry
	for _, name := range services {
		e, _ := b.entries(name)
		entries = append(entries, e)
	}
	reasons := document.Section{ID: "reasons", Title: b.Say("page.reasons.all"), Sections: sections(b.people(), b.unsure(entries...), b.pasts(entries))}
	appendix := document.Section{ID: "appendix", Title: b.Say("page.appendix"), Lead: b.Say("page.appendix.lead")}
	for _, name := range services {
		if !b.needsDecision(name) {
			e, others := b.entries(name)
			appendix.Sections = append(appendix.Sections, b.other(b.partID(name), e))
			for _, o := range others {
				appendix.Sections = append(appendix.Sections, b.other(b.partID(name), o))
			}
		}
	}
	appendix.Sections = append(appendix.Sections, sections(
		b.allNeeds(), b.risks("all", b.Name, entries...), b.basis(), b.reading(), b.glossary(),
	)...)
	return blocks, append(parts, sections(&reasons, &appendix)...)
}

// needsDecision reports whether a promise of a service is not kept as it is
// written, or nothing can be said of it.
func (b *builder) needsDecision(service string) bool {
	e, others := b.entries(service)
	for _, x := range append([]*forecast.Entry{e}, others...) {
		if say.Open(x) || x.Verdict != forecast.Achievable {
			return true
		}
	}
	return false
}

// part is the part of a page about one of several services.
func (b *builder) part(service string) document.Section {
	e, others := b.entries(service)
	id := b.partID(service)
	s := document.Section{ID: id, Title: b.title(service), Kind: document.Part}
	s.Add(document.Block{Headline: b.decision(id, e, false)})
	s.Sections = sections(b.why(id, e), b.price(id, e), b.past(id, e))
	for _, o := range others {
		s.Sections = append(s.Sections, b.other(id, o))
	}
	s.Sections = append(s.Sections, sections(b.needs(id, e, false))...)
	return s
}

// decisions is the first screen of several services.
func (b *builder) decisions(list []*forecast.Entry) *document.Headline {
	h := &document.Headline{Tone: document.Good, Text: b.Scoreline(list), Sign: "✓"}
	for _, e := range list {
		tone, sign := toneOf(e), say.Sign(e)
		if p := b.promise(e.Service); p != nil && p.Today == e && !say.Open(e) {
			tone, sign = standing(p)
		}
		if tone == document.Bad && h.Tone != document.Bad || tone == document.Warn && h.Tone == document.Good {
			h.Tone, h.Sign = tone, sign
		}
	}
	d := b.Decision
	var lower []string
	kept := 0
	for _, e := range list {
		if !say.Open(e) && e.Verdict == forecast.Achievable {
			kept++
		}
		var t *forecast.Target
		switch p := b.promise(e.Service); {
		case p != nil && p.Today == e:
			t = p.Target
		case d == nil && !say.Open(e) && e.Verdict != forecast.Achievable: // as things stand
			t = e.Suggested
		}
		if t != nil && t.Exact.Cmp(e.Objective.Target.Exact) < 0 {
			lower = append(lower, b.Say("decide.all.one", "name", b.label(e), "target", t.Text, "wanted", e.Objective.Target.Text))
		}
	}
	switch {
	case len(lower) > 0 && kept > 0 && kept+len(lower) == len(list): // the decision says it all
		keep := "decide.all.keep"
		if kept == 1 {
			keep = "decide.all.keep.1"
		}
		h.Text = b.Say("decide.all.less", "list", b.Listed(lower)) + " " + b.Say(keep, "count", say.Grouped(float64(kept)))
	case len(lower) > 0:
		h.Text += " " + b.Say("decide.all.less", "list", b.Listed(lower))
	}
	if d == nil {
		return h
	}
	switch {
	case len(d.Nets) > 0:
		h.Text += " " + b.Say("decide.build", "nets", b.Listed(b.quoted(d.Nets)))
	case d.Idle() && b.proposes():
		h.Text += " " + b.Say("decide.buynothing")
	}
	worst := list[0]
	h.Facts = fact(h.Facts, b.Say("decide.k.cause"), b.largestOf(worst)...)
	h.Facts = fact(h.Facts, b.Say("decide.k.first"), b.toBuild(worst)...)
	h.Facts = fact(h.Facts, b.Say("decide.k.else"), b.allLost(list)...)
	h.Facts = fact(h.Facts, b.Say("decide.k.people"), b.called()...)
	if e, p := b.turning(list); e != nil {
		h.Facts = fact(h.Facts, b.Say("decide.k.turn"), b.turnsOf(e, p)...)
		h.Facts = fact(h.Facts, b.Say("decide.k.measure"), b.measure(e, p)...)
	}
	h.Facts = fact(h.Facts, b.Say("decide.k.next"), b.next(list...)...)
	h.Facts = fact(h.Facts, b.Say("decide.k.beware"), b.beware()...)
	return h
}

// largestOf is the largest cause of the promise that is hardest to keep.
func (b *builder) largestOf(e *forecast.Entry) []string {
	said := b.largest(e)
	if said == "" || say.Open(e) {
		return nil
	}
	lines := []string{b.Say("decide.of", "name", b.label(e), "said", said)}
	if not := b.opposed(e); not != "" {
		lines = append(lines, not)
	}
	return lines
}

func (b *builder) turnsOf(e *forecast.Entry, p *decision.Promise) []string {
	lines := b.turns(e, p)
	for i := range lines {
		lines[i] = b.Say("decide.of", "name", b.label(e), "said", lines[i])
	}
	return lines
}

// turning is the promise that an input that is not exactly known changes most.
func (b *builder) turning(list []*forecast.Entry) (*forecast.Entry, *decision.Promise) {
	var best *decision.Promise
	var of *forecast.Entry
	for _, e := range list {
		p := b.promise(e.Service)
		if p == nil || p.Today != e || len(p.Turns) == 0 {
			continue
		}
		if best == nil || p.Turns[0].Changes && !best.Turns[0].Changes || p.Turns[0].Changes == best.Turns[0].Changes && p.Turns[0].Move > best.Turns[0].Move {
			best, of = p, e
		}
	}
	return of, best
}

// mostHit is of how many services it is said how many users they hit.
const mostHit = 2

// allLost is what all services lose if nothing is done, how many users they hit, and what
// contracts have to do with it.
func (b *builder) allLost(list []*forecast.Entry) []string {
	var lines []string
	if b.Expected.Total != nil {
		key := "decide.all.loss"
		if b.Load != nil && b.Load.PeopleCostPerYear != nil && *b.Load.PeopleCostPerYear > 0 {
			key = "decide.all.loss.people"
		}
		lines = append(lines, b.Say(key, "loss", b.allLoss()))
	}
	hit := 0
	for _, e := range list {
		p := b.promise(e.Service)
		if p == nil || p.Today != e || p.Hits.All == nil || *p.Hits.All <= 0 || hit == mostHit {
			continue
		}
		hit++
		lines = append(lines, b.Say("decide.of", "name", b.title(e.Service), "said", b.hits(p.Hits)))
	}
	for _, name := range b.promised() {
		if l := b.Losses[name]; l != nil {
			if said := b.contract(l); said != "" {
				lines = append(lines, b.Say("decide.of", "name", b.title(name), "said", said))
			}
		}
	}
	return lines[:min(len(lines), 1+2*mostHit)]
}

// allLoss says what all services lose in a year, of which something is known.
func (b *builder) allLoss() string {
	return b.AmountTotal(b.Model.Currency.S, say.To(b.lossStep(), *b.Expected.Total))
}

// lossStep is to which step what all services lose is rounded: to that of what would still
// be lost with the nets of the plan, where that is less than its own.
func (b *builder) lossStep() float64 {
	step := say.Alone(*b.Expected.Total).Step
	if d := b.Decision; d != nil && d.Set != nil && b.Together != nil {
		if c := b.tables().CostsOf(d.Set); c.All != nil && c.All.Step < step {
			step = c.All.Step
		}
	}
	return step
}

// sameWindow reports whether all promises have one window.
func sameWindow(list []*forecast.Entry) bool {
	return !slices.ContainsFunc(list, func(e *forecast.Entry) bool { return e.WindowSay != list[0].WindowSay })
}

// overviewTitle heads the table of promises, with their window where it is one.
func (b *builder) overviewTitle(list []*forecast.Entry) string {
	if len(list) == 0 || !sameWindow(list) {
		return b.Say("overview.title")
	}
	return b.Say("overview.title.over", "window", b.Window(list[0].WindowSay))
}

// promisesTable has a line for each promise: what is promised and what to promise,
// how often it is met, what it loses, what to do, and who decides.
func (b *builder) promisesTable(list []*forecast.Entry) *document.Table {
	t := &document.Table{Columns: columns([]string{
		b.Say("overview.service"), b.Say("overview.promise"), b.Say("overview.met"), b.Say("overview.then"), b.Say("overview.loss"), b.Say("overview.do"), b.Say("overview.why"), b.Say("overview.owner"),
	}, []bool{false, false, false, false, true, false, false, false})}
	nets := b.Decision != nil && len(b.Decision.Nets)+len(b.Decision.Removed) > 0
	moved, refused := false, false             // what is built moves a promise; one is not to be made as it is written
	told, untold := map[string]string{}, false // under which promise the loss of a service stands
	for _, e := range list {
		p := b.promise(e.Service)
		mine := p != nil && p.Today == e
		c := b.CadenceOf(e)
		met, then, loss, todo, why, owner := "", "", "", "", "", ""
		switch {
		case e.Contradicts:
			met = b.Say("contradicts.cell")
		case say.Unknown(e):
			met = b.Say("answer.unknown")
		default:
			met = c.Cell(say.Odds(e))
		}
		if nets && mine && p.Then != nil && p.Then.Met != nil && !say.Open(p.Then) {
			then = c.Cell(say.Odds(p.Then))
			moved = moved || then != met
		}
		if l := b.Losses[e.Service]; l == nil || l.Total == nil {
			loss, untold = "–", true
		} else if first, ok := told[e.Service]; !ok {
			_, loss = b.lossOf(e.Service, l)
			told[e.Service] = b.label(e)
		} else {
			loss = b.Say("overview.counted", "name", first)
		}
		switch {
		case say.Open(e):
			todo = b.Say("overview.do.look")
		case mine && p.Target == nil, !mine && e.Suggested == nil:
			todo = b.Say("overview.do.none")
		case mine && p.Target.Exact.Cmp(e.Objective.Target.Exact) < 0:
			todo = b.lower(p.Target, b.chanceOf(p.Then, p.Target), e)
		case !mine && e.Verdict != forecast.Achievable:
			todo = b.lower(e.Suggested, b.chanceOf(e, e.Suggested), e)
		default:
			todo = b.Say("overview.do.keep")
		}
		if mine && !p.Wanted && !say.Open(e) {
			key, with := b.refused(e, p)
			why, refused = b.Say("overview.why."+key, with...), true
			if name, share := b.cause(e); name != "" && b.Reason(e) == "" { // a reason names it
				why = b.Say("overview.cause", "why", why, "name", name, "share", share)
			}
		}
		if s := b.Model.Service(e.Service); s != nil {
			owner = s.Owner.In(b.Code)
			if mine && !p.Wanted && owner != "" {
				owner = b.Say("overview.owner.none", "who", owner)
			}
			for _, o := range s.Objectives {
				if o.Name == e.Objective.Name && o.DecideBy != nil {
					owner = b.Say("overview.owner.by", "who", s.Owner.In(b.Code), "date", b.Date(o.DecideBy))
				}
			}
		}
		asked := e.Objective.Target.Text
		if !sameWindow(list) {
			asked = b.Say("overview.cell", "target", asked, "window", b.Window(e.WindowSay))
		}
		r := t.Add(b.label(e), asked, met, then, loss, todo, why, owner)
		r.Cells[0].Sign, r.Cells[0].Tone = say.Sign(e), toneOf(e)
		if b.needsDecision(e.Service) {
			r.Link = b.partID(e.Service)
		}
	}
	if lines := b.lossLines(); lines != nil {
		line := func(key string, i int) {
			if i >= 0 {
				t.Add(b.Say(key), "", "", "", b.AmountOf(b.Model.Currency.S, lines.rounded, i), "", "", "")
			}
		}
		line("overview.elsewhere", lines.elsewhere)
		line("overview.people", lines.people)
		line("overview.twice", lines.twice)
		t.Add(b.Say("overview.all"), "", "", "", b.allLoss(), "", "", "").Sum = true
		if untold {
			t.Foot = b.Say("overview.foot")
		}
	}
	var without []int
	if !moved {
		without = append(without, 3)
	}
	if len(told) == 0 {
		without = append(without, 4)
	}
	if !refused {
		without = append(without, 6)
	}
	t.Drop(without...)
	return t
}

// lower says what to promise instead, and how often that would be met.
func (b *builder) lower(t *forecast.Target, chance *float64, e *forecast.Entry) string {
	if chance == nil {
		return b.Say("overview.do.less", "target", t.Text)
	}
	return b.Say("overview.do.less.met", "target", t.Text, "met", b.CadenceOf(e).Cell(*chance))
}

// pasts holds the model against what happened to several services, a line each.
func (b *builder) pasts(entries []*forecast.Entry) *document.Section {
	s := &document.Section{ID: "past", Title: b.Say("past.title")}
	var facts []document.Fact
	for _, e := range entries {
		if !b.needsDecision(e.Service) {
			facts = fact(facts, b.label(e), b.Past(e)...)
		}
	}
	if len(facts) > 0 {
		s.Add(document.Block{Facts: facts})
	}
	return s
}

// together is what is built, once for all services. It is nil where nothing is.
func (b *builder) together() *document.Section {
	r := b.Together
	if r == nil || len(r.Conflict) > 0 {
		return nil
	}
	s := &document.Section{ID: "together", Title: b.Say("all.title")}
	var x *plan.Plan
	if b.Decision != nil {
		x = b.Decision.Set
	}
	if x == nil {
		x = r.Reachable
	}
	if x == nil {
		return nil
	}
	if t := b.tables().Nets(x); t != nil {
		t.Foot = b.Say("all.foot")
		if t.About != "" {
			t.Foot = t.About + "; " + t.Foot
		}
		s.Add(document.Block{Table: t})
	}
	if r.Recommendation != nil || r.NotRecommended.Is() {
		s.Add(document.Block{Text: b.recommended(nil, r)})
	}
	return s
}

// unsure lists the inputs that are not exactly known, those that move the promise
// most first, with what they do to it.
func (b *builder) unsure(entries ...*forecast.Entry) *document.Section {
	s := &document.Section{ID: "unsure", Title: b.Say("unsure.title")}
	t := &document.Table{Columns: columns([]string{b.Say("unsure.input"), b.Say("unsure.range"), b.Say("unsure.at"), b.Say("unsure.chance"), b.Say("unsure.could")}, []bool{false, false, true, true, true})}
	count := 0
	for _, e := range entries {
		count += len(e.Unsure)
		p := b.promise(e.Service)
		if p == nil || !p.Asked {
			continue
		}
		for _, x := range p.Turns {
			could := "–"
			if x.Suggested != nil {
				could = x.Suggested.Text
			}
			r := t.Add(b.input(&x), b.Written(x.Text), b.unsureValue(&x), b.Beside(x.Chance, e.Confidence), could)
			if len(entries) > 1 {
				r.Note = b.label(e)
			}
			if x.Changes {
				r.Cells[4].Tone = document.Strong
			}
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	s.Lead = b.Say("unsure.lead", "count", fmt.Sprint(count))
	t.Foot = b.Say("unsure.foot")
	s.Add(document.Block{Table: t})
	return s
}
