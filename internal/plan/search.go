package plan

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tightrope/internal/forecast"
)

// A key is what plans are ordered by, or a bound on it: nothing in a part of the
// search is better.
type key struct {
	money  float64 // what is to be little: cost, loss or their total
	chance float64
	cost   float64
	count  int
	names  string
	bound  bool // names are not known
}

// tie is within which two amounts (relative) or chances are the same.
const tie = 1e-9

func byMoney(a, b float64) int {
	if math.Abs(a-b) <= tie*math.Max(math.Abs(a), math.Abs(b)) {
		return 0
	}
	return cmp.Compare(a, b)
}

func byChance(a, b float64) int {
	if math.Abs(a-b) <= tie {
		return 0
	}
	return -cmp.Compare(a, b)
}

// order compares keys: negative where a is better.
func (s *search) order(a, b key) int {
	var c int
	switch {
	case s.mode == Worth:
		// Of totals that are the same, fewer nets and then less cost.
		c = cmp.Or(byMoney(a.money, b.money), cmp.Compare(a.count, b.count), byMoney(a.cost, b.cost))
	case s.chances:
		c = cmp.Or(byChance(a.chance, b.chance), byMoney(a.cost, b.cost), cmp.Compare(a.count, b.count))
	default:
		c = cmp.Or(byMoney(a.money, b.money), byChance(a.chance, b.chance), byMoney(a.cost, b.cost), cmp.Compare(a.count, b.count))
	}
	if c == 0 && !a.bound && !b.bound {
		c = cmp.Compare(a.names, b.names)
	}
	return c
}

// A search finds the best plan, or the best two, by branch and bound.
type search struct {
	*layout
	mode    Mode
	chances bool // the chance comes first
	regret  bool // see layout.table
	keeps   bool // every objective is to be kept with its confidence
	money   float64
	effort  float64
	t       *table
	ctx     context.Context
	what    string

	want             int          // how many plans: 1 or 2
	pool             []*candidate // that may be among those wanted
	bar              *key         // what surely is as good as the last of them; nil: there are not so many
	explored         int
	stopped          bool
	rough            bool // the table tells few amounts apart
	again            bool // that was too rough: all is searched again with another
	left             *key // the best that may be in what was not explored
	prefix           [][][]spectrum
	seen             map[forecast.NetSet]bool
	visitLeaf        func(st chosen)
	skip             func(n *node) bool
	all              spectrum
	perChance, spare float64 // see divide
	near             float64 // chances that are no further apart count as the same; see reach
}

// node is a partial choice: the pieces before one are decided.
type node struct {
	chosen
	piece  int
	closed float64 // money: shares of decided pieces, and nets that decide none
	loss   float64
	bound  key
	o      *option
}

func (p *problem) newSearch(ctx context.Context, l *layout, mode Mode) *search {
	s := &search{layout: l, mode: mode, ctx: ctx, money: math.Inf(1), effort: math.Inf(1), what: "plan", want: 2, seen: map[forecast.NetSet]bool{}}
	s.chances, s.regret, s.keeps = mode == Spend && !p.opts.ForLoss, mode == Worth, mode == Cheapest
	if p.opts.Money != nil {
		s.money = *p.opts.Money
	}
	if p.opts.Effort != nil {
		s.effort = *p.opts.Effort
	}
	s.prefix = make([][][]spectrum, len(l.pieces)+1)
	for i := range s.prefix {
		s.prefix[i] = make([][]spectrum, len(l.asks))
		for k := range l.asks {
			for range l.worlds[k] {
				x := make(spectrum, half)
				for m := range x {
					x[m] = 1
				}
				s.prefix[i][k] = append(s.prefix[i][k], x)
			}
		}
	}
	return s
}

// chance bounds that of a question where so much may still be spent.
func (s *search) chance(k, piece, amount int, prefix [][]spectrum) float64 {
	if amount < 0 {
		return 0
	}
	sum := 0.0
	for w, weight := range s.worlds[k] {
		known := s.t.read[k][w][piece]
		if known == nil {
			return 1 // the time was up before it was: no bound
		}
		sum += weight * read(known[amount], prefix[k][w])
	}
	return s.atMost(k, sum)
}

// judge fills in the bound of a node; it returns false where nothing in it can
// be chosen, or be better than what is known.
func (s *search) judge(n *node, prefix [][]spectrum) bool {
	cost, effort := s.costOf(n.in)
	if cost > s.money*(1+tie) || effort > s.effort*(1+tie) {
		return false
	}
	b := key{cost: cost, chance: 1, count: n.in.Len(), bound: true}
	limit := s.money
	if s.mode == Worth {
		limit = math.Inf(1) // amounts are not what is spent
	}
	if s.bar != nil && s.mode == Cheapest && s.skip == nil {
		limit = math.Min(limit, s.bar.cost*(1+2*tie))
	}
	most := s.t.n - 1
	if !math.IsInf(limit, 1) {
		most = s.t.at(math.Max(0, limit*(1+tie)-n.closed))
		if limit < n.closed*(1-tie) {
			return false
		}
	}
	for k := range s.goals {
		b.chance = math.Min(b.chance, s.chance(k, n.piece, most, prefix))
	}
	// More than so much is to be spent, or with regret to be had beyond what each
	// piece takes at least, for the objectives to be kept.
	more := 0.0
	if s.keeps {
		least := 0
		for k, g := range s.goals {
			enough := func(a int) bool { return s.chance(k, n.piece, a, prefix) >= g.confidence-1e-12 }
			if !enough(most) {
				return false
			}
			lo, hi := least, most // enough at hi
			for lo < hi {
				if mid := (lo + hi) / 2; enough(mid) {
					hi = mid
				} else {
					lo = mid + 1
				}
			}
			least = max(least, hi)
		}
		more = float64(max(0, least-1)) * s.t.step
	}
	switch {
	case s.mode == Cheapest:
		if more > 0 {
			b.cost = math.Max(b.cost, n.closed+more)
		}
		b.money = b.cost
	case s.mode == Worth:
		b.money = s.least(n, prefix)
		if more > 0 {
			b.money = math.Max(b.money, s.base+n.closed+n.loss+s.t.best[n.piece]+more)
		}
	case s.losing:
		b.money = s.base + n.loss + s.t.lost[n.piece][most] + s.due(n.piece, most, prefix)
	default:
		b.money = b.cost
	}
	n.bound = b
	if s.skip != nil {
		return !s.skip(n)
	}
	if s.nearEnough(b.chance) {
		return false
	}
	return s.bar == nil || s.order(b, *s.bar) <= 0
}

// nearEnough reports whether a chance is hardly higher than what is known, where
// that is enough.
func (s *search) nearEnough(chance float64) bool {
	return s.near > 0 && s.bar != nil && chance <= s.bar.chance+s.near
}

// due is what clauses about a period cost at least.
func (s *search) due(piece, amount int, prefix [][]spectrum) float64 {
	sum, k := 0.0, len(s.goals)
	for _, x := range s.stakes {
		for _, c := range x.periodic {
			sum += c.pay * math.Max(0, 1-s.chance(k, piece, amount, prefix))
			k++
		}
	}
	return sum
}

// least is a lower bound on the total of cost and loss: what each piece takes at
// least, and of all that they may take more, with what clauses about a period
// then still cost, the least.
func (s *search) least(n *node, prefix [][]spectrum) float64 {
	sum := s.base + n.closed + n.loss + s.t.best[n.piece]
	if len(s.asks) == len(s.goals) {
		return sum
	}
	more, low := math.Inf(1), 0.0
	most := s.t.n - 1
	if x := sum + s.due(n.piece, most, prefix); s.bar != nil && byMoney(x, s.bar.money) > 0 {
		return x
	}
	for a := 0; ; a = min(most, a+1+a/4) {
		if low >= more {
			break
		}
		more = math.Min(more, low+s.due(n.piece, a, prefix))
		if a == most {
			break
		}
		low = float64(a) * s.t.step
	}
	return sum + more
}

// run searches from the start.
func (s *search) run() {
	root := &node{chosen: s.start}
	for _, i := range s.free {
		if s.start.in.Has(i) {
			root.closed += s.cost[i]
		}
	}
	if s.ctx.Err() != nil || s.t.partial.Load() {
		// Bounds are perhaps not even known.
		s.stopped = true
		s.skipped(key{chance: 1, bound: true})
		return
	}
	if s.judge(root, s.prefix[0]) {
		s.visit(root)
	}
	if s.again {
		// What was found stays, and rules out more.
		s.rough, s.again = false, false
		s.t = s.table(s.start, s.most(), s.regret, amounts)
		s.run()
	}
}

// skipped notes what is not explored.
func (s *search) skipped(b key) {
	if s.left == nil || s.order(b, *s.left) < 0 {
		s.left = &b
	}
}

func (s *search) visit(n *node) {
	if s.explored++; s.explored&63 == 0 {
		if s.ctx.Err() != nil {
			s.stopped = true
		}
		if s.explored&4095 == 0 && s.opts.Progress != nil {
			s.opts.Progress(Progress{What: s.what, Explored: s.explored, Best: s.leader()})
		}
	}
	if s.stopped {
		s.skipped(n.bound)
		return
	}
	if s.again = s.again || s.rough && s.explored > fewNodes; s.again {
		return
	}
	if n.piece == len(s.pieces) {
		s.rest(n)
		return
	}
	for _, c := range s.children(n) {
		to := s.prefix[n.piece+1]
		s.extend(n, c, to)
		// What was found meanwhile may rule it out.
		if s.judge(c, to) {
			s.visit(c)
		}
	}
}

// extend computes the prefix of a child.
func (s *search) extend(n, c *node, to [][]spectrum) {
	for k := range s.asks {
		for w := range s.worlds[k] {
			from := s.prefix[n.piece][k][w]
			if len(c.o.specs[k]) == 0 {
				copy(to[k][w], from)
			} else {
				times(to[k][w], from, c.o.specs[k][w])
			}
		}
	}
}

// children lists what the next piece may be, the best bound first.
func (s *search) children(n *node) []*node {
	piece := s.pieces[n.piece]
	var out []*node
	add := func(st chosen, o *option) {
		c := &node{chosen: st, piece: n.piece + 1, closed: n.closed + o.share, loss: n.loss + o.loss, o: o}
		for _, i := range s.free {
			if st.in.Has(i) && !n.in.Has(i) {
				c.closed += s.cost[i]
			}
		}
		if piece.wide {
			// Its nets that decide nothing else are paid here.
			for _, i := range piece.vars.List() {
				if st.in.Has(i) && s.share[i] == 0 && s.firstWide(i, n.piece) {
					c.closed += s.cost[i]
				}
			}
		}
		s.extend(n, c, s.prefix[c.piece])
		if s.judge(c, s.prefix[c.piece]) {
			out = append(out, c)
		}
	}
	if piece.wide {
		s.decide(n.chosen, piece, func(st chosen) {
			if o := s.option(piece, st.in); o != nil && s.ctx.Err() == nil {
				add(st, o)
			}
			s.stopped = s.stopped || s.ctx.Err() != nil
		})
		if s.stopped {
			// Not all of them were looked at, and the last is perhaps not known.
			s.skipped(n.bound)
			return nil
		}
	} else {
		for _, o := range piece.options {
			if st, ok := s.take(n.chosen, piece, o); ok {
				add(st, o)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *node) int { return s.order(a.bound, b.bound) })
	return out
}

// firstWide reports whether a piece is the first of those that a net decides.
func (s *search) firstWide(net, piece int) bool {
	for _, c := range s.pieces[:piece] {
		if c.vars.Has(net) {
			return false
		}
	}
	return true
}

// decide calls do with each choice of the nets of a wide piece.
func (s *search) decide(st chosen, c *piece, do func(chosen)) {
	var vars []int
	for _, i := range c.vars.List() {
		if !st.decided(i) {
			vars = append(vars, i)
		}
	}
	var walk func(k int, st chosen)
	walk = func(k int, st chosen) {
		cost, effort := s.costOf(st.in)
		if s.stopped || cost > s.money*(1+tie) || effort > s.effort*(1+tie) ||
			s.mode == Cheapest && s.skip == nil && s.bar != nil && byMoney(cost, s.bar.cost) > 0 {
			return
		}
		if k == len(vars) {
			do(st)
			return
		}
		for _, in := range []bool{false, true} {
			if n, ok := s.set(st, vars[k], in); ok {
				walk(k+1, n)
			}
		}
	}
	walk(0, st)
}

// take decides the nets of a piece as an option has them.
func (s *search) take(st chosen, c *piece, o *option) (chosen, bool) {
	if !o.in.And(st.out).Empty() || !st.in.And(c.vars).Minus(o.in).Empty() {
		return st, false
	}
	for _, i := range c.vars.List() {
		var ok bool
		if st, ok = s.set(st, i, o.in.Has(i)); !ok {
			return st, false
		}
	}
	return st, true
}

// rest decides the nets that decide no piece, and looks at what comes out.
func (s *search) rest(n *node) {
	for _, i := range s.free {
		if n.decided(i) {
			continue
		}
		for _, in := range []bool{false, true} {
			st, ok := s.set(n.chosen, i, in)
			if !ok {
				continue
			}
			c := *n
			c.chosen = st
			for _, k := range s.free {
				if st.in.Has(k) && !n.in.Has(k) {
					c.closed += s.cost[k]
				}
			}
			if s.judge(&c, s.prefix[n.piece]) {
				s.visit(&c)
			}
		}
		return
	}
	if s.visitLeaf != nil {
		s.visitLeaf(n.chosen)
		return
	}
	s.leaf(n.in, n.loss)
}
