package plan

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/forecast"
)

// A candidate is an allowed set of nets that may be one of those wanted. Its
// chances, and with them its place, are known better the more it matters.
type candidate struct {
	in    forecast.NetSet
	loss  float64 // without what clauses about a period cost
	met   []interval
	due   []interval // of periodic clauses
	grade grade
	good  key // at best
	bad   key // at worst
	plan  *Plan
}

type interval struct{ low, high float64 }

// A grade is how well a candidate is known.
type grade int

const (
	quick grade = iota
	finer
	exact
)

// leaf looks at one set of nets.
func (s *search) leaf(in forecast.NetSet, loss float64) {
	if s.seen[in] {
		return
	}
	s.seen[in] = true
	cost, effort := s.costOf(in)
	if cost > s.money*(1+tie) || effort > s.effort*(1+tie) || !s.allowed(in) {
		return
	}
	c := &candidate{in: in, loss: loss}
	defer func() {
		if s.ctx.Err() != nil && !slices.Contains(s.pool, c) {
			// What it is was perhaps not found out.
			s.stopped = true
			s.skipped(key{money: s.atLeast(cost, loss), chance: 1, cost: cost, bound: true})
		}
	}()
	// Some are ruled out without computing anything.
	c.good = key{cost: cost, money: cost, chance: 1, count: in.Len(), bound: true}
	if s.mode == Cheapest && s.over(c) {
		return
	}
	for g := quick; ; g++ {
		if !s.know(c, g) || s.late(c) {
			return
		}
		if g == quick && !s.bearable(in) {
			return
		}
		// What is feasible must be known, the rest only as far as it matters.
		// Of two that cost the same, and only of these, the chance decides.
		if s.feasible(c) && (s.mode == Cheapest || g >= finer || c.good.chance-c.bad.chance < 1e-5) || g == exact {
			break
		}
	}
	s.pool = append(s.pool, c)
	s.raise()
}

// atLeast is what a set of nets takes at least of what is to be little.
func (s *search) atLeast(cost, loss float64) float64 {
	switch {
	case s.mode == Worth:
		return cost + s.base + loss
	case s.losing:
		return s.base + loss
	}
	return cost
}

// over reports whether a candidate is surely none of those wanted.
func (s *search) over(c *candidate) bool { return s.bar != nil && s.order(c.good, *s.bar) > 0 }

// late reports whether a set that is found now need not be looked at.
func (s *search) late(c *candidate) bool {
	return s.over(c) || s.nearEnough(c.good.chance)
}

// feasible reports whether it is sure that a candidate is feasible.
func (s *search) feasible(c *candidate) bool {
	if !s.keeps {
		return true
	}
	for k, g := range s.goals {
		if c.met[k].low < g.confidence-1e-12 {
			return false
		}
	}
	return true
}

// know makes a candidate known as well as that; it returns false where it is
// not feasible.
func (s *search) know(c *candidate, g grade) bool {
	c.grade = g
	if g == exact {
		return s.settle(c)
	}
	standing := s.standing(c.in)
	ask := func(question int) (interval, bool) {
		answer := s.choice.Quick
		if g == finer {
			answer = s.choice.Finer
		}
		q, ok := answer(question, standing)
		return interval{math.Max(0, q.Met-q.Error), math.Min(1, q.Met+q.Error)}, ok
	}
	c.met, c.due = c.met[:0], c.due[:0]
	for _, goal := range s.goals {
		x, ok := ask(goal.question)
		if !ok || s.keeps && x.high < goal.confidence-1e-12 {
			return false
		}
		c.met = append(c.met, x)
	}
	if s.losing {
		for _, x := range s.stakes {
			for _, p := range x.periodic {
				y, ok := ask(p.question)
				if !ok {
					return false
				}
				c.due = append(c.due, y)
			}
		}
	}
	s.place(c)
	return true
}

// place fills in the keys.
func (s *search) place(c *candidate) {
	cost, _ := s.costOf(c.in)
	k := key{cost: cost, money: cost, count: c.in.Len(), names: s.sortedNames(c.in)}
	c.good, c.bad = k, k
	c.good.chance, c.bad.chance = 1, 1
	for _, m := range c.met {
		c.good.chance = math.Min(c.good.chance, m.high)
		c.bad.chance = math.Min(c.bad.chance, m.low)
	}
	// A tie is a tie only once both are known exactly.
	c.good.bound, c.bad.bound = true, true
	if !s.losing {
		return
	}
	least := s.base + c.loss
	n := 0
	for _, x := range s.stakes {
		for _, p := range x.periodic {
			least += p.pay * math.Max(0, 1-c.due[n].high)
			n++
		}
	}
	if s.mode != Worth {
		cost = 0
	}
	c.good.money = cost + least
	// Pieces show a lower bound on the loss.
	c.bad.money = math.Inf(1)
}

// settle knows a candidate exactly.
func (s *search) settle(c *candidate) bool {
	x, err := s.problem.plan(c.in)
	if err != nil {
		if s.err == nil {
			s.err = err
		}
		return false
	}
	c.plan, c.grade = x, exact
	if s.keeps && !x.kept() {
		return false
	}
	c.good = s.keyOf(x)
	c.bad = c.good
	return true
}

// kept reports whether every objective is met with its confidence.
func (x *Plan) kept() bool {
	for _, o := range x.Objectives {
		if !o.OK {
			return false
		}
	}
	return true
}

func (s *search) keyOf(x *Plan) key {
	k := key{money: x.AnnualCost, cost: x.AnnualCost, chance: x.Met, count: len(x.Nets), names: s.sortedNames(x.set)}
	switch {
	case s.mode == Worth && x.Total != nil:
		k.money = *x.Total
	case s.mode == Spend && s.losing && x.Loss != nil:
		k.money = *x.Loss
	}
	return k
}

// raise finds the bar again, and drops what is below it.
func (s *search) raise() {
	if s.losing {
		// Only what is exact is known from above.
		for _, c := range s.pool {
			if c.grade != exact && !s.over(c) {
				if !s.settle(c) {
					c.good.chance = math.Inf(-1)
					c.good.money = math.Inf(1)
				}
			}
		}
	}
	slices.SortStableFunc(s.pool, func(a, b *candidate) int { return s.order(a.bad, b.bad) })
	if len(s.pool) < s.want {
		return
	}
	bar := s.pool[s.want-1].bad
	s.bar = &bar
	s.pool = slices.DeleteFunc(s.pool, func(c *candidate) bool { return s.over(c) })
}

// best knows candidates exactly until those that are wanted are found: the best,
// and where that is wanted the second.
func (s *search) best() (best, second *Plan) {
	for {
		slices.SortStableFunc(s.pool, func(a, b *candidate) int { return s.order(a.good, b.good) })
		i := slices.IndexFunc(s.pool, func(c *candidate) bool { return c.grade != exact })
		known := 0
		for _, c := range s.pool {
			if c.grade == exact {
				known++
			}
		}
		if i < 0 || s.ctx.Err() != nil && known > 0 || s.near > 0 && known > 1 {
			break
		}
		if known >= s.want {
			// The best that is not exact may still be one of those wanted.
			var list []*candidate
			for _, c := range s.pool {
				if c.grade == exact {
					list = append(list, c)
				}
			}
			if s.order(s.pool[i].good, list[s.want-1].good) > 0 {
				break
			}
		}
		if known < s.want {
			// The runner-up will be asked for too.
			for _, c := range s.pool[i:min(len(s.pool), i+s.want-known)] {
				s.ahead(c.in)
			}
		}
		if !s.settle(s.pool[i]) {
			s.pool = slices.Delete(s.pool, i, i+1)
		}
	}
	var list []*candidate
	for _, c := range s.pool {
		if c.grade == exact {
			list = append(list, c)
		}
	}
	if i := s.pick(list); i >= 0 {
		best = list[i].plan
		list = slices.Delete(list, i, i+1)
	}
	if i := s.pick(list); i >= 0 && s.want > 1 {
		second = list[i].plan
	}
	return best, second
}

// pick returns the place of the best of what is known exactly; −1 of none. What
// ties with the best in one respect is told apart by the next: to tie with
// another that ties is not enough.
func (s *search) pick(list []*candidate) int {
	left := make([]int, len(list))
	for i := range left {
		left[i] = i
	}
	keep := func(of func(key) float64, same func(a, b float64) int) {
		best := math.Inf(1)
		for _, i := range left {
			best = math.Min(best, of(list[i].good))
		}
		left = slices.DeleteFunc(left, func(i int) bool { return same(of(list[i].good), best) != 0 })
	}
	chance := func() {
		keep(func(k key) float64 { return -k.chance }, func(a, b float64) int { return byChance(-a, -b) })
	}
	count := func() { keep(func(k key) float64 { return float64(k.count) }, byMoney) }
	switch {
	case s.mode == Worth:
		s.nearest(list, &left)
		count()
	case s.chances:
		chance()
	default:
		keep(func(k key) float64 { return k.money }, byMoney)
		chance()
	}
	keep(func(k key) float64 { return k.cost }, byMoney)
	count()
	if len(left) == 0 {
		return -1
	}
	return slices.MinFunc(left, func(a, b int) int { return cmp.Compare(list[a].good.names, list[b].good.names) })
}

// nearest leaves those whose totals are no further from the least than both are
// known.
func (s *search) nearest(list []*candidate, left *[]int) {
	least := -1
	for _, i := range *left {
		if least < 0 || list[i].good.money < list[least].good.money {
			least = i
		}
	}
	*left = slices.DeleteFunc(*left, func(i int) bool {
		a, b := list[i], list[least]
		return byMoney(a.good.money, b.good.money) != 0 && a.good.money-b.good.money > a.plan.LossError+b.plan.LossError
	})
}

// leader is a plan that surely is good, for progress.
func (s *search) leader() *Plan {
	for _, c := range s.pool {
		if c.plan != nil {
			return c.plan
		}
	}
	return nil
}

// gap is by how much what was not explored may be better than the best.
func (s *search) gap(best *Plan) float64 {
	switch {
	case s.left == nil:
		return 0
	case best == nil && s.chances:
		return s.left.chance
	case best == nil:
		return math.Inf(1)
	case s.chances:
		return math.Max(0, s.left.chance-best.Met)
	}
	return math.Max(0, s.keyOf(best).money-s.left.money)
}
