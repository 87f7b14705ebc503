package report

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/plan"
	"tightrope/internal/say"
)

// facts are what the plan does, in a few words each: all of it, or what a decision
// needs.
func (p *planReport) facts() []document.Fact {
	var facts []document.Fact
	add := func(key string, lines ...string) {
		if len(lines) > 0 && lines[0] != "" {
			facts = append(facts, document.Fact{Key: key, Lines: lines})
		}
	}
	if len(p.Conflict) > 0 {
		for i, c := range p.Conflict {
			if !p.b.all && i == p.b.rows {
				return append(facts, document.Fact{Lines: []string{fmt.Sprintf("and %d more", len(p.Conflict)-i)}})
			}
			key := ""
			if i == 0 {
				key = "conflict"
			}
			facts = append(facts, document.Fact{Key: key, Lines: []string{say.Pointer(c.Pos) + english().Message(c.Text)}, Sign: "✗", Tone: document.Bad})
		}
		return facts
	}
	x := p.closest()
	if x == nil || p.Today == nil {
		return nil
	}
	if len(x.Objectives) == 1 {
		now, then := &p.Today.Objectives[0], &x.Objectives[0]
		sign, st := "✓", document.Good
		if !then.OK {
			sign, st = "✗", document.Bad
		}
		facts = append(facts, document.Fact{Key: "chance", Sign: sign, Tone: st, Lines: []string{
			fmt.Sprintf("%s; %s is asked for%s", p.becomes(now, then), percent(then.Confidence), correctedBy(then))}})
		add("lost time", fmt.Sprintf("%s in %s on average; the budget is %s", nowThen(about(now.BadMean), about(then.BadMean)), p.window(then), precisely(then.Budget)))
	}
	if p.Best == nil {
		if !p.idle(x) {
			add("closest", fmt.Sprintf("%s for %s", counted(len(x.Nets), "safety net", "safety nets"), p.price(x)))
		}
		add("in the way", p.left(tightest(x)))
		return facts
	}
	switch {
	case x.Loss != nil && p.Today.Loss != nil:
		add("loss", p.moveOf(*p.Today.Loss, *x.Loss)+" expected")
		add("in all", p.inAll(x))
	default:
		add("loss", "unknown: the model does not tell what the service is worth")
	}
	if x.Loss != nil && p.b.beside {
		add("pays back", p.paysBack(x))
	}
	if len(x.Removed) > 0 && p.b.beside {
		add("taken away", p.takenAway(x))
	}
	if p.b.all && p.Best != nil && p.RunnerUp != nil && !(p.Mode == plan.Cheapest && p.idle(p.Best)) {
		add("runner-up", p.runnerUp())
	}
	return facts
}

// takenAway says what no longer stands, and what that saves.
func (p *planReport) takenAway(x *plan.Plan) string {
	said := p.listed(x.Removed)
	switch {
	case x.SavedPerYear == 0:
		return said
	case p.o.Asked.Review:
		return said + ", which saves " + p.money.aYear(x.SavedPerYear)
	}
	return said + ", which saves " + p.money.aYear(x.SavedPerYear) + "; the cost above is without that"
}

// becomes says what a plan makes of a chance.
func (p *planReport) becomes(now, then *plan.Kept) string {
	from, to := chanceBeside(now.Met, now.Confidence), chanceBeside(then.Met, then.Confidence)
	if from == to {
		from, to = chances(now.Met, then.Met)
	}
	return nowThen(from, to)
}

// correctedBy says that a chance is corrected, and what it may still be off.
func correctedBy(k *plan.Kept) string {
	if !k.Corrected {
		return ""
	}
	return fmt.Sprintf("; corrected for what a sum leaves out, to about %s percentage points", digits(100*k.Model))
}

// nowThen says a change, or what stays.
func nowThen(now, then string) string {
	if now == then {
		return then + " as before"
	}
	return now + " → " + then
}

// moveOf says a change of an amount a year.
func (p *planReport) moveOf(now, then float64) string {
	if figure(now) == figure(then) {
		return p.money.aYear(then) + " as before"
	}
	return figure(now) + " → " + p.money.aYear(then)
}

// inAll says the total of cost and loss.
func (p *planReport) inAll(x *plan.Plan) string {
	if x.Total == nil || p.Today.Total == nil {
		return ""
	}
	return p.moveOf(*p.Today.Total, *x.Total) + " for nets and losses together"
}

// runnerUp says the second best, and by how much it is worse.
func (p *planReport) runnerUp() string {
	x, best := p.RunnerUp, p.Best
	what := listed(x.Nets)
	switch {
	case len(x.Nets) == 0:
		what = "nothing at all"
	case len(x.Nets) > namedNets:
		what = p.differs(x, best)
	}
	said := fmt.Sprintf("%s: %s, met with a chance of %s", what, p.price(x), chance(x.Met))
	switch more := x.AnnualCost - best.AnnualCost; {
	case p.Mode == plan.Cheapest && math.Abs(more) <= 1e-9*best.AnnualCost:
		return said + "; as cheap, and less sure"
	case p.Mode == plan.Worth && x.Total != nil && best.Total != nil && *x.Total > *best.Total:
		return said + fmt.Sprintf("; %s more for nets and losses together", p.money.aYear(*x.Total-*best.Total))
	case p.Mode == plan.Spend && p.o.Asked.ForLoss && x.Loss != nil && best.Loss != nil && *x.Loss > *best.Loss:
		return said + fmt.Sprintf("; %s more to lose", p.money.aYear(*x.Loss-*best.Loss))
	case p.Mode == plan.Cheapest && more > 0:
		return said + fmt.Sprintf("; %s dearer", p.money.aYear(more))
	}
	return said
}

// differs says a set of nets by what sets it apart from another.
func (p *planReport) differs(x, from *plan.Plan) string {
	plus, minus := onlyIn(x.Nets, from.Nets), onlyIn(from.Nets, x.Nets)
	var parts []string
	if len(plus) > 0 {
		parts = append(parts, "with "+listed(plus))
	}
	if len(minus) > 0 {
		parts = append(parts, "without "+listed(minus))
	}
	return "the same " + strings.Join(parts, " and ")
}

// onlyIn lists what is in a and not in b.
func onlyIn(a, b []string) []string {
	in := map[string]bool{}
	for _, s := range b {
		in[s] = true
	}
	var out []string
	for _, s := range a {
		if !in[s] {
			out = append(out, s)
		}
	}
	return out
}

// stoppedSaid says what is shown of a search that was stopped.
const stoppedSaid = "what was found by then is shown"

// basis is what the plan stands on.
func (p *planReport) basis() []document.Fact {
	var facts []document.Fact
	say := func(key string, lines ...string) {
		if len(lines) > 0 {
			facts = append(facts, document.Fact{Key: key, Lines: lines})
		}
	}
	if p.o.Ended == Stopped {
		say("stopped", stoppedSaid)
	}
	if len(p.Conflict) > 0 || p.closest() == nil {
		return warnings(p.Warnings)
	}
	say("cost", p.costs())
	var assumed []string
	assumed = append(assumed, saidIn(p.Assumed)...)
	if p.o.Then != nil && p.Best != nil {
		assumed = append(assumed, saidIn(p.o.Then.Assumed)...)
	}
	say("assumed", assumed...)
	return append(facts, warnings(p.Warnings)...)
}

// costs says what counts as cost.
func (p *planReport) costs() string {
	said := "what it takes to build, spread over as long as a net lasts, and what it takes to run"
	if d := p.o.Model.PersonDay; d != nil {
		said += "; a person-day is " + strings.TrimSpace(strings.ReplaceAll(d.Text, "_", ",")+" "+string(p.money))
	}
	if p.money == "" {
		said += "; the model names no currency"
	}
	return said
}
