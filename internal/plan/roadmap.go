package plan

import (
	"context"
	"math"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// A Step of a roadmap builds one net.
type Step struct {
	Net     string
	Months  float64 // of lead time
	Assumed bool    // the lead time is not written
	Plan    *Plan   // what stands after it
	// Gain is what the step adds to the chance, and Avoided what it takes off the
	// expected loss in a year; nil is unknown.
	Gain    float64
	Avoided *float64
}

// roadmap is the order in which a plan's nets are best built: each time
// the one that makes most of a month of its lead time, of those whose
// requirements stand.
func (p *problem) roadmap(ctx context.Context, of *Plan) (steps []Step) {
	in := of.set
	var now forecast.NetSet
	for _, i := range p.vars {
		if in.Has(i) && p.m.Nets[i].Status == model.InPlace {
			now = now.With(i)
		}
	}
	left := in.Minus(now)
	before, err := p.led(now)
	if err != nil {
		p.err = err
		return nil
	}
	months := func(i int) (float64, bool) {
		if d := p.m.Nets[i].LeadTime; d != nil {
			return math.Max(d.Seconds()/model.Month, 1e-3), false
		}
		return 1, true
	}
	for !left.Empty() {
		if ctx.Err() != nil {
			p.cut(message.TimeOrder())
			return nil
		}
		// What to build next is chosen by the sum; what is said of it is corrected.
		sum, err := p.plan(now)
		if err != nil {
			p.err = err
			return nil
		}
		best, most := -1, math.Inf(-1)
		for _, i := range left.List() {
			if !p.ready(i, left) {
				continue
			}
			after := p.standing(now.With(i))
			value := 1.0
			ok := true
			for _, g := range p.goals {
				q, fine := p.choice.Quick(g.question, after)
				ok = ok && fine
				value = math.Min(value, q.Met)
			}
			value -= sum.Met
			if sum.Loss != nil {
				if x, err := p.plan(now.With(i)); err == nil && x.Loss != nil {
					value = *sum.Loss - *x.Loss
				}
			}
			m, _ := months(i)
			if value /= m; ok && (best < 0 || value > most+1e-12) {
				best, most = i, value
			}
		}
		if best < 0 {
			// What is left can only stand together.
			for _, i := range left.List() {
				best = i
				break
			}
		}
		now, left = now.With(best), left.Without(best)
		step := Step{Net: p.name(best)}
		step.Months, step.Assumed = months(best)
		if step.Assumed {
			p.assumed = append(p.assumed, message.LeadAssumed(step.Net))
		}
		x, err := p.led(now)
		if err != nil {
			p.err = err
			return nil
		}
		step.Plan, step.Gain = x, x.Met-before.Met
		if x.Loss != nil && before.Loss != nil {
			less := *before.Loss - *x.Loss
			step.Avoided = &less
		}
		steps = append(steps, step)
		before = x
	}
	return steps
}

// ready reports whether nothing that a net requires is still to be built.
func (p *problem) ready(i int, left forecast.NetSet) bool {
	for _, ref := range p.m.Nets[i].Requires {
		if k := number(p.m, ref.Name); left.Has(k) {
			return false
		}
	}
	return true
}
