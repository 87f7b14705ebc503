package plan

import (
	"iter"
	"math"
	"slices"

	"tightrope/internal/forecast"
)

// guess is what curves say of a set of nets: an upper bound on each chance, and
// a lower one on the loss; ok is false where the nets cannot stand.
func (s *search) guess(in forecast.NetSet) (chances []float64, loss float64, ok bool) {
	chances = make([]float64, len(s.asks))
	var list []*option
	for _, c := range s.pieces {
		o := s.option(c, in)
		if o == nil {
			return nil, 0, false
		}
		loss += o.loss
		list = append(list, o)
	}
	product := make(spectrum, half)
	for k := range s.asks {
		for w, weight := range s.worlds[k] {
			for m := range product {
				product[m] = 1
			}
			for _, o := range list {
				if len(o.specs[k]) > 0 {
					times(product, product, o.specs[k][w])
				}
			}
			chances[k] += weight * read(s.whole(), product)
		}
	}
	loss += s.base
	k := len(s.goals)
	if s.losing {
		for _, x := range s.stakes {
			for _, c := range x.periodic {
				loss += c.pay * math.Max(0, 1-chances[k])
				k++
			}
		}
	}
	return chances, loss, true
}

// whole reads the chance to stay in the budget.
func (s *search) whole() spectrum {
	if s.all == nil {
		ones := make([]float64, cells)
		for i := range ones {
			ones[i] = 1
		}
		s.all = make(spectrum, half)
		s.lattice.reading(ones, s.all)
	}
	return s.all
}

// score is what greed climbs.
func (s *search) score(in forecast.NetSet) (float64, bool) {
	cost, effort := s.costOf(in)
	if cost > s.money*(1+tie) || effort > s.effort*(1+tie) {
		return 0, false
	}
	chances, loss, ok := s.guess(in)
	if !ok {
		return 0, false
	}
	short := math.Inf(1)
	for k, g := range s.goals {
		x := chances[k]
		if s.keeps {
			x -= g.confidence
		}
		short = math.Min(short, x)
	}
	switch {
	case s.mode == Worth && s.keeps && short < 0:
		return far * (short - 1), true // first what keeps them
	case s.mode == Worth:
		return -cost - loss, true
	case s.mode == Spend && s.losing:
		return -loss, true
	}
	return short, true
}

// far is more money than any.
const far = 1e18

// mostExchanges bounds how many exchanges are weighed.
const mostExchanges = 20_000

// exchange gives up to two nets of a plan for up to two others, again and again,
// as long as it gets better: cheaper where that keeps every objective, else higher
// in score.
func (s *search) exchange(in forecast.NetSet, enough func(forecast.NetSet) bool) forecast.NetSet {
	tried := 0
	now, _ := s.score(in)
	better := func(to forecast.NetSet) bool {
		tried++
		if s.mode != Cheapest {
			x, ok := s.score(to)
			if !ok || x <= now+1e-9 || !s.allowed(to) {
				return false
			}
			now = x
			return true
		}
		cost, effort := s.costOf(to)
		if old, _ := s.costOf(in); !(cost < old*(1-tie)) || effort > s.effort*(1+tie) || !s.allowed(to) {
			return false
		}
		x, ok := s.score(to)
		return ok && x >= 0 && enough(to)
	}
	step := func() bool {
		var have, lack []int
		for _, i := range s.vars {
			switch {
			case s.start.decided(i):
			case in.Has(i):
				have = append(have, i)
			default:
				lack = append(lack, i)
			}
		}
		for less := range upToTwo(have) {
			for more := range upToTwo(lack) {
				if tried > mostExchanges || s.ctx.Err() != nil {
					return false
				}
				if to := in.Minus(less).Or(more); to != in && better(to) {
					in = to
					return true
				}
			}
		}
		return false
	}
	for step() {
	}
	return in
}

// upToTwo goes over the sets of none, one or two of a list.
func upToTwo(list []int) iter.Seq[forecast.NetSet] {
	return func(yield func(forecast.NetSet) bool) {
		var none forecast.NetSet
		if !yield(none) {
			return
		}
		for k, i := range list {
			one := none.With(i)
			if !yield(one) {
				return
			}
			for _, j := range list[k+1:] {
				if !yield(one.With(j)) {
					return
				}
			}
		}
	}
}

// greedy buys, again and again, what helps most for its money, and gives back
// what is not needed: a first plan to hold others against.
func (s *search) greedy() {
	st := s.start
	in := st.in
	now, ok := s.score(in)
	if !ok {
		return
	}
	if s.visitLeaf != nil {
		if s.allowed(in) {
			s.visitLeaf(st)
		}
	}
	enough := func(in forecast.NetSet) bool {
		if s.mode != Cheapest {
			return false
		}
		for _, g := range s.goals {
			q, ok := s.choice.Quick(g.question, s.standing(in))
			if !ok || q.Met-q.Error < g.confidence {
				return false
			}
		}
		return true
	}
	done := enough(in)
	for range s.vars {
		if done || s.ctx.Err() != nil {
			break
		}
		best, gain, at := chosen{}, 0.0, 0.0
		for _, i := range s.vars {
			if st.decided(i) || s.ctx.Err() != nil {
				continue
			}
			n, ok := s.set(chosen{st.in, st.out}, i, true)
			if !ok {
				continue
			}
			x, ok := s.score(n.in)
			if !ok || x <= now+1e-12 {
				continue
			}
			c, _ := s.costOf(n.in)
			old, _ := s.costOf(st.in)
			g := x - now
			if s.mode != Worth {
				g /= math.Max(c-old, 1e-9)
			}
			if g > gain {
				best, gain, at = n, g, x
			}
		}
		if gain == 0 {
			break
		}
		st, now = best, at
		done = enough(st.in)
		if s.visitLeaf != nil && s.allowed(st.in) {
			s.visitLeaf(st)
		}
	}
	in = st.in
	if s.mode == Cheapest && done {
		// The dearest first.
		list := in.Minus(s.start.in).List()
		slices.SortStableFunc(list, func(a, b int) int {
			switch {
			case s.cost[a] > s.cost[b]:
				return -1
			case s.cost[a] < s.cost[b]:
				return 1
			}
			return 0
		})
		for _, i := range list {
			if less := in.Without(i); s.allowed(less) && enough(less) {
				in = less
			}
		}
	}
	if s.visitLeaf != nil {
		return
	}
	if s.mode != Cheapest || done {
		in = s.exchange(in, enough)
	}
	_, loss, ok := s.guess(in)
	if ok && s.allowed(in) {
		s.leaf(in, loss-s.base)
	}
}
