package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tightrope/internal/chart"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/plan"
	"tightrope/internal/say"
	"tightrope/internal/tables"
)

// price is what a better promise would cost: the plan, what other amounts buy,
// and what each target takes. It is nil without a plan.
func (b *builder) price(id string, e *forecast.Entry) *document.Section {
	r := b.Plans[e.Service]
	if r == nil {
		return nil
	}
	s := &document.Section{ID: id + "-price", Title: b.Say("price.title")}
	name := b.title(e.Service)
	if len(r.Conflict) > 0 {
		var list []string
		for _, c := range r.Conflict {
			list = append(list, b.Message(c.Text))
		}
		s.Lead = b.Say("price.conflict", "list", strings.Join(list, "; "))
		return s
	}
	x := r.Best
	switch {
	case x != nil && len(x.Nets) == 0:
		s.Lead = b.Say("price.lead.none", "name", name)
	case x != nil:
		s.Lead = b.Say("price.lead.best", "name", name)
	default:
		x = r.Reachable
		s.Lead = b.Say("price.lead.reach", "name", name)
	}
	switch {
	case b.unsearched(e, r):
		s.Lead = b.Say("price.lead.stopped", "name", name)
	case r.Best != nil && len(r.Best.Nets) > 0 && r.Moved:
		s.Lead = b.Say("price.lead.moved", "name", name)
	case r.Best != nil && len(r.Best.Nets) > 0 && !r.Optimal:
		s.Lead = b.Say("price.lead.found", "name", name)
	}
	// No page is spent on a plan for the impossible where another promise is to be made.
	instead := r.Best == nil && !b.unsearched(e, r) && b.Decision != nil && b.Decision.Set != nil
	if instead {
		x = b.Decision.Set
		s.Lead = b.Say("price.lead.instead", "name", name)
		switch {
		case len(x.Nets) == 0 && !b.Decision.Cut:
			s.Lead = b.Say("price.lead.instead.none", "name", name)
		case len(x.Nets) == 0:
			s.Lead = b.Say("price.lead.instead.open", "name", name)
		}
	}
	if t := b.bought(e, r, x); t != nil {
		if instead {
			t.Foot = t.About // the chance is that of what is asked for
		}
		s.Add(document.Block{Table: t})
	}
	switch {
	case r.Best != nil && len(r.Best.Nets) > 0 && r.Moved:
		s.Blocks = append(s.Blocks, document.Block{Text: b.Say("price.moved", "count", fmt.Sprint(r.Beside))})
	case r.Best != nil && len(r.Best.Nets) > 0 && r.Optimal && r.Corrected:
		s.Blocks = append(s.Blocks, document.Block{Text: b.Say("price.proof.sum", "count", fmt.Sprint(r.Beside))})
	case r.Best != nil && len(r.Best.Nets) > 0 && r.Optimal:
		s.Blocks = append(s.Blocks, document.Block{Text: b.Say("price.proof")})
	case r.Best != nil && len(r.Best.Nets) > 0 && r.Gap > 0:
		s.Blocks = append(s.Blocks, document.Block{Text: b.Say("price.gap", "gap", b.money(r.Gap))})
	}
	if y := r.RunnerUp; y != nil && len(y.Nets) > 0 && r.Best != nil && len(r.Best.Nets) > 0 {
		s.Blocks = append(s.Blocks, document.Block{Text: b.Say("price.runner", "nets", b.Listed(b.netTitles(y.Nets)), "cost", b.money(y.AnnualCost))})
	}
	if t := b.tables().Roadmap(r); t != nil {
		t.Title = b.Say("price.road")
		s.Add(document.Block{Table: t})
	}
	if len(r.Frontier) > 1 && reaches(r, e.Confidence) {
		s.Blocks = append(s.Blocks, document.Block{Figure: b.frontier(id, e, r)})
	}
	if len(r.Nines) > 0 {
		if costs(r.Nines) {
			s.Blocks = append(s.Blocks, document.Block{Figure: b.curve(id, e, r)})
		}
		s.Blocks = append(s.Blocks, document.Block{Text: b.recommended(e, r)})
	}
	if len(r.Assumed) > 0 {
		s.Blocks = append(s.Blocks, document.Block{Text: b.Say("price.assumed", "list", strings.Join(b.Messages(r.Assumed), "; "))})
	}
	return s
}

// reaches reports whether any set of the frontier meets what is asked for: a picture
// of sets that all fall short helps nobody.
func reaches(r *plan.Result, confidence float64) bool {
	return r.Best != nil || slices.ContainsFunc(r.Frontier, func(x *plan.Plan) bool { return x.Met >= confidence })
}

// costs reports whether any target costs anything, or its loss is known: else
// there is nothing to draw.
func costs(nines []plan.Nine) bool {
	return slices.ContainsFunc(nines, func(n plan.Nine) bool {
		return n.Plan != nil && (n.Plan.AnnualCost > 0 || n.Plan.Loss != nil)
	})
}

// tables builds the tables that texts have too.
func (b *builder) tables() tables.Builder {
	return tables.Builder{Language: b.Language, Model: b.Model, Titles: true, Why: b.Why}
}

// bought lists the nets of a plan, and what it makes of a promise; nil without any.
func (b *builder) bought(e *forecast.Entry, r *plan.Result, x *plan.Plan) *document.Table {
	t := b.tables().Nets(x)
	if t == nil {
		return nil
	}
	now := ""
	if r.Today != nil {
		now = b.CadenceOf(e).Cell(b.metBy(e, r.Today))
	}
	then := b.CadenceOf(e).Cell(b.metBy(e, x))
	t.Foot = b.Say("price.after", "then", then)
	if now != "" {
		t.Foot = b.Say("price.both", "now", now, "then", then)
	}
	if t.About != "" {
		t.Foot = t.About + "; " + t.Foot
	}
	return t
}

func (b *builder) frontier(id string, e *forecast.Entry, r *plan.Result) *document.Figure {
	list, best := tables.Shown(r)
	scale, unit := b.scale(list[len(list)-1].AnnualCost)
	var points []chart.Choice
	for i, x := range list {
		p := chart.Choice{Cost: x.AnnualCost, Chance: x.Met, Sign: chart.Dot}
		switch {
		case i == 0 && x.AnnualCost == 0:
			p.Label, p.Sign = b.Say("price.f.today"), chart.Ring
		case i == best:
			p.Label, p.Sign = b.Say("price.f.best"), chart.Diamond
		case r.Best == nil && i == len(list)-1:
			p.Label, p.Sign = b.Say("price.f.most"), chart.Square
		}
		points = append(points, p)
	}
	last := list[len(list)-1]
	label := b.Say("price.f.x0")
	if unit != "" {
		label = b.Say("price.f.x", "currency", unit)
	}
	f := b.frame(id+"-front-c", b.Say("price.frontier"), b.Say("price.f.desc", "today", b.Likely(list[0].Met), "best", b.Likely(last.Met), "cost", b.money(last.AnnualCost)))
	figure := b.both(f, func(f chart.Frame) chart.Picture {
		return chart.Frontier{
			Frame: f, X: chart.Axis{Label: label, Say: scaled(scale)}, Y: chart.Axis{Label: b.Say("price.f.y"), Say: percent}, Points: points,
			Asked: e.Confidence, AskedSays: b.Say("price.f.asked", "confidence", say.Percent(e.Confidence)),
		}.Draw()
	})
	figure.Data = b.tables().Frontier(r)
	return figure
}

// scale is what amounts of an axis are divided by, and what they then count.
func (b *builder) scale(top float64) (by float64, unit string) {
	s := b.ScaleOf(b.Model.Currency.S, top)
	return s.By, s.Unit
}

func scaled(by float64) func(float64) string {
	return func(v float64) string {
		if v == 0 {
			return "0"
		}
		return say.Number(v / by)
	}
}

// unsearched reports whether it is not known that nothing keeps an objective: the
// time was up before a plan was found.
func (b *builder) unsearched(e *forecast.Entry, r *plan.Result) bool {
	return r.Best == nil && r.Gap > 0 && b.Ended[e.Service]
}

func (b *builder) curve(id string, e *forecast.Entry, r *plan.Result) *document.Figure {
	var points []chart.Target
	not := b.Say("price.u.not")
	if slices.ContainsFunc(r.Nines, func(n plan.Nine) bool { return !n.Feasible && n.Gap > 0 }) {
		// Of some it is not known whether they are.
		not = b.Say("price.u.nofind")
	}
	top := 0.0
	impossible := 0
	for _, n := range r.Nines {
		t := chart.Target{Name: n.Target.Text, Possible: n.Feasible && n.Plan != nil, Loses: math.NaN(), Own: n.Own}
		if t.Possible {
			x := n.Plan
			if n.Least != nil {
				x = n.Least // whose total is less
			}
			t.Keeps = x.AnnualCost
			top = math.Max(top, t.Keeps)
			if x.Loss != nil {
				t.Loses = *x.Loss
				top = math.Max(top, t.Keeps+t.Loses)
			}
		} else if impossible++; impossible > 2 && !n.Own {
			continue // one step beyond what is possible is enough to see, and the objective
		}
		if r.Recommended != nil && r.Recommended.Target.Exact.Cmp(n.Target.Exact) == 0 {
			t.Best = true
		}
		points = append(points, t)
	}
	by, unit := b.scale(top)
	label := b.Say("price.u.y0")
	if unit != "" {
		label = b.Say("price.u.y", "currency", unit)
	}
	best, least := "", ""
	if r.Recommended != nil {
		best = b.Say("price.u.best", "target", r.Recommended.Target.Text)
		least = b.Say("price.u.least", "target", r.Recommended.Target.Text)
	}
	f := b.frame(id+"-nines-c", b.Say("price.nines"), b.Say("price.u.desc", "best", best))
	figure := b.both(f, func(f chart.Frame) chart.Picture {
		return chart.Curve{
			Frame: f, X: chart.Axis{Label: b.Say("price.u.x", "window", b.window(e))}, Y: chart.Axis{Label: label, Say: scaled(by)}, Points: points,
			Keeps: b.Say("price.u.keeps"), Loses: b.Say("price.u.loses"), Both: b.Say("price.u.both"), Best: least, Impossible: not,
		}.Draw()
	})
	figure.Data = b.tables().Targets(r)
	return figure
}

// recommended says which nets are worth building, and of a promise, unless it is nil,
// what may be promised with them and what the objective costs beyond that.
func (b *builder) recommended(e *forecast.Entry, r *plan.Result) string {
	x := r.Recommendation
	if x == nil {
		return b.Say("price.norec", "why", b.Message(r.NotRecommended))
	}
	var said []string
	cost, loss, total := b.costAndLoss(x.Plan)
	if len(x.Plan.Nets) > 0 {
		key := "price.rec"
		if len(x.Plan.Nets) == 1 {
			key = "price.rec.one"
		}
		said = append(said, b.Say(key, "nets", b.Listed(b.netTitles(x.Plan.Nets)), "cost", cost, "loss", loss, "total", total))
	} else {
		said = append(said, b.Say("price.rec.none", "loss", loss))
	}
	if !x.Optimal {
		said = append(said, b.Say("price.rec.open"))
	}
	if e == nil {
		return strings.Join(said, " ") // no one promise is meant
	}
	confidence := say.Percent(e.Confidence)
	switch {
	case x.Kept == nil:
		said = append(said, b.Say("price.rec.nothing", "confidence", confidence))
	case x.Target == nil:
		said = append(said, b.Say("price.rec.unseen", "confidence", confidence, "target", x.Kept.Text))
	case x.Target.Exact.Cmp(e.Objective.Target.Exact) == 0:
		said = append(said, b.Say("price.rec.same", "confidence", confidence, "target", x.Target.Text))
	default:
		said = append(said, b.Say("price.rec.keeps", "confidence", confidence, "target", x.Target.Text))
	}
	if x.Beyond != nil && x.More > 0 {
		said = append(said, b.Say("price.rec.beyond", "own", e.Objective.Target.Text, "more", b.money(x.More), "nets", b.Listed(b.netTitles(x.Beyond.Nets))))
	}
	return strings.Join(said, " ")
}

// costAndLoss says cost, loss and total of a plan so that they add up.
func (b *builder) costAndLoss(x *plan.Plan) (cost, loss, total string) {
	c, currency := b.tables().CostsOf(x), b.Model.Currency.S
	if c.All == nil {
		return b.AmountTotal(currency, say.Alone(x.AnnualCost)), b.Say("number.unknown"), b.Say("number.unknown")
	}
	if x.AnnualCost == 0 { // the loss stands alone, as elsewhere on the page
		loss = b.AmountTotal(currency, say.Alone(*x.Loss))
		return b.AmountOf(currency, *c.All, 0), loss, loss
	}
	return b.AmountOf(currency, *c.All, 0), b.AmountOf(currency, *c.All, 1), b.AmountTotal(currency, *c.All)
}
