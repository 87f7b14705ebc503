package plan

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/work"
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

// searched is a search for so many plans that has run.
func (p *problem) searched(ctx context.Context, mode Mode, losing bool, what string, want int) *search {
	return p.searchedFor(ctx, mode, losing, what, want, mode == Cheapest)
}

// searchedFor is searched; with keeps only for plans that keep every objective.
func (p *problem) searchedFor(ctx context.Context, mode Mode, losing bool, what string, want int, keeps bool) *search {
	l, ok := p.layout(losing, p.asks(losing))
	if !ok {
		return nil
	}
	s := p.newSearch(ctx, l, mode)
	s.what, s.want, s.keeps = what, want, keeps
	if s.hopeless() {
		return s
	}
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

// choose fills in the plan itself.
func (p *problem) choose(ctx context.Context, r *Result) {
	losing := p.opts.Mode == Worth || p.opts.Mode == Spend && p.opts.ForLoss
	s := p.searched(ctx, p.opts.Mode, losing, "plan", 2)
	if s == nil {
		if ctx.Err() != nil {
			p.fallback(r)
		}
		return
	}
	p.searches = s
	best, second := s.best()
	r.Explored = s.explored
	r.Gap = s.gap(best)
	r.Best, r.RunnerUp = best, second
	r.Optimal = best != nil && s.left == nil
	if best != nil {
		p.correct(ctx, r, nil)
	}
}

// correct holds the plan against the sets beside it as a forecast leads, or where
// there is none what comes closest.
func (p *problem) correct(ctx context.Context, r *Result, from *Plan) {
	f, err := p.searches.nearby(ctx, r.Best, r.RunnerUp, from)
	if work.Late(ctx, err) {
		// What leads is not known: no set is said to be best.
		r.Best, r.RunnerUp, r.Cut = nil, nil, true
		p.fallback(r)
		return
	}
	if err != nil {
		p.err = cmp.Or(p.err, err)
		return
	}
	r.Best, r.RunnerUp = f.best, f.second
	if r.Best == nil {
		r.Reachable = f.near
	} else {
		r.Reachable = nil
	}
	if f.corrected {
		r.Corrected, r.Beside, r.Moved = true, f.beside, f.moved
		r.Optimal = r.Optimal && !f.moved
	}
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

// enough is how near to the best chance what is reached must be: it is told to people,
// who see no difference, and nothing is bought for it.
const enough = 1e-4

// reach fills in the best chance that can be had, or one near to it.
func (p *problem) reach(ctx context.Context, r *Result) {
	l, ok := p.layout(false, p.asks(false))
	if !ok {
		return
	}
	if o := p.opts; o.Money == nil && o.Effort == nil && o.MaxPages == nil {
		l.buy(l.harmless())
	}
	s := p.newSearch(ctx, l, Spend)
	s.what, s.want, s.near = "reach", 1, enough
	s.prepare()
	s.run()
	r.Reachable, _ = s.best()
	r.Reached = r.Reachable != nil && s.left == nil
	if less := s.without(r.Reachable); less != nil {
		r.Reachable = less
	}
	if r.Reachable != nil && p.searches != nil {
		p.correct(ctx, r, r.Reachable)
		r.Reached = r.Reached && !r.Corrected
	}
}

// without is a plan less what does next to nothing for its chance; nil where
// there is nothing of that kind.
func (s *search) without(x *Plan) *Plan {
	if x == nil || s.ctx.Err() != nil {
		return nil
	}
	chance := func(in forecast.NetSet) float64 {
		least := 1.0
		for _, g := range s.goals {
			q, ok := s.choice.Quick(g.question, s.standing(in))
			if !ok {
				return -1
			}
			least = math.Min(least, q.Met)
		}
		return least
	}
	in, top := x.set, chance(x.set)
	list := in.List()
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(s.cost[b], s.cost[a]) })
	for _, i := range list {
		if less := in.Without(i); s.cost[i] > 0 && s.allowed(less) && s.bearable(less) && chance(less) >= top-math.Min(enough, top/20)/2 {
			in = less
		}
	}
	if in == x.set {
		return nil
	}
	less, err := s.problem.plan(in)
	if err != nil || less.Met < x.Met-math.Min(enough, x.Met/20) {
		return nil
	}
	return less
}

// harmless lists nets that no rule mentions and that make nothing worse, whatever
// other nets stand: where nothing else is limited all of them are bought.
func (l *layout) harmless() (list []int) {
	for k := range l.asks {
		if l.slack[k]+l.factor[k]-1 > enough/2 {
			return nil
		}
	}
	for _, i := range l.vars {
		if l.start.decided(i) || len(l.by[i]) > 0 {
			continue
		}
		fine := true
		for _, c := range l.pieces {
			if !c.vars.Has(i) {
				continue
			}
			fine = fine && !c.wide
			for _, o := range c.options {
				if !o.in.Has(i) {
					with := c.at[o.in.With(i)]
					fine = fine && with != nil && l.within(with, o, 1e-9)
				}
			}
		}
		if fine {
			list = append(list, i)
		}
	}
	return list
}

// hopeless reports whether it is sure that no plan keeps every objective: where all
// nets are harmless, and all of them together do not.
func (s *search) hopeless() bool {
	if !s.keeps || s.ctx.Err() != nil {
		return false
	}
	list := s.harmless()
	in := s.start.in
	for _, i := range list {
		in = in.With(i)
	}
	if slices.ContainsFunc(s.vars, func(i int) bool { return !in.Has(i) && !s.start.out.Has(i) }) {
		return false
	}
	for _, g := range s.goals {
		for _, answer := range []func(int, forecast.NetSet) (forecast.Quick, bool){s.choice.Quick, s.choice.Finer} {
			q, ok := answer(g.question, s.standing(in))
			if ok && q.Met+q.Error < g.confidence-enough/100 {
				return true
			}
			if !ok || q.Met-q.Error >= g.confidence {
				break
			}
		}
	}
	return false
}

// buy decides from the start that nets are bought.
func (l *layout) buy(list []int) {
	for _, i := range list {
		if st, ok := l.set(l.start, i, true); ok {
			l.start = st
		}
	}
}
