package plan

import (
	"context"
	"math"
)

// asks are the questions whose chances a search bounds: those of the goals, then
// of the clauses where losses count.
func (p *problem) asks(losing bool) []int {
	var out []int
	for _, g := range p.goals {
		out = append(out, g.question)
	}
	if losing {
		for _, x := range p.stakes {
			for _, c := range x.periodic {
				out = append(out, c.question)
			}
		}
	}
	return out
}

// searched is a search for so many plans that has run. Chances that are as near
// as that count as the same.
func (p *problem) searched(ctx context.Context, mode Mode, losing bool, what string, want int, near float64) *search {
	l, ok := p.layout(losing, p.asks(losing))
	if !ok {
		return nil
	}
	s := p.newSearch(ctx, l, mode)
	s.what, s.want, s.near = what, want, near
	s.prepare()
	s.run()
	return s
}

// prepare makes a first plan, and what bounds all others.
func (s *search) prepare() {
	s.greedy()
	if s.ctx.Err() == nil {
		s.divide()
	}
	if s.ctx.Err() == nil {
		s.rough = true
		s.t = s.table(s.start, s.most(), s.regret, fewAmounts)
	}
}

// most is how much money a table tells apart.
func (s *search) most() float64 {
	total := 0.0
	for _, i := range s.vars {
		if !s.start.out.Has(i) {
			total += s.cost[i]
		}
	}
	if !math.IsInf(s.money, 1) {
		total = math.Min(total, s.money)
	}
	if s.mode == Worth && len(s.pool) > 0 {
		// By how much a first plan is above what each piece takes at least.
		least := s.base
		for _, c := range s.pieces {
			low := math.Inf(1)
			for _, o := range c.options {
				low = math.Min(low, o.share+o.loss)
			}
			if !c.wide {
				least += low
			}
		}
		return math.Max(0, s.pool[0].good.money-least)
	}
	if s.mode == Cheapest && len(s.pool) > 0 {
		total = math.Min(total, 1.25*s.pool[0].good.cost)
	}
	return total
}

// main fills in the plan itself.
func (p *problem) main(ctx context.Context, r *Result) {
	losing := p.opts.Mode == Worth || p.opts.Mode == Spend && p.opts.ForLoss
	s := p.searched(ctx, p.opts.Mode, losing, "plan", 2, 0)
	if s == nil {
		if ctx.Err() != nil {
			p.fallback(r)
		}
		return
	}
	r.Best, r.RunnerUp = s.best()
	r.Explored = s.explored
	r.Gap = s.gap(r.Best)
	r.Optimal = r.Best != nil && s.left == nil
}

// fallback is the answer where the time was up before the search began: buying
// nothing, where that does what is asked for.
func (p *problem) fallback(r *Result) {
	r.Gap = math.Inf(1)
	x, err := p.today()
	if err == nil && (p.opts.Mode != Cheapest || x.kept()) && p.allowed(x.set) && p.bearable(x.set) {
		r.Best = x
	}
}

// enough is how near to the best chance what is reached must be: it is told to
// people, and nothing is bought for it.
const enough = 1e-4

// reach fills in the best chance that can be had, or one near to it.
func (p *problem) reach(ctx context.Context, r *Result) {
	s := p.searched(ctx, Spend, false, "reach", 2, enough)
	if s != nil {
		r.Reachable, _ = s.best()
		r.Reached = r.Reachable != nil && s.left == nil
	}
}
