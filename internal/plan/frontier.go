package plan

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sort"

	"tightrope/internal/forecast"
)

// mostExact is up to how many points of a frontier are known as a forecast
// knows them; of more their chance has the error of a coarser lattice.
const mostExact = 48

// frontier fills in every plan to which there is none that costs no more and is
// kept more likely.
func (p *problem) frontier(ctx context.Context, r *Result) {
	free := *p
	free.opts.Money, free.opts.Effort, free.opts.ForLoss = nil, nil, false
	l, ok := free.layout(false, free.asks(false))
	if !ok {
		return
	}
	// What is found is to be settled too.
	looking, done := p.some(ctx, 0.7)
	defer done()
	s := free.newSearch(looking, l, Spend)
	s.chances = false // by cost
	s.what = "frontier"
	f := &front{search: s}
	for _, g := range free.goals {
		if free.choice.Tolerance(g.question) > sharp {
			f.same = enough
		}
	}
	s.skip, s.visitLeaf = f.skip, func(st chosen) { f.leaf(st.in) }
	s.prepare()
	f.neighbours()
	s.run()
	r.Cut = r.Cut || looking.Err() != nil
	s.ctx = ctx
	r.Frontier = f.led(ctx, f.plans(), r)
	r.FrontierComplete, r.FrontierApart = !s.stopped && ctx.Err() == nil, f.same
	if s.err != nil {
		p.err = s.err
	}
}

// sharp is how well chances are known where nothing unsure is averaged over.
const sharp = 5e-6

// A front is the plans so far that no other is better than.
type front struct {
	*search
	list []*candidate // rising in cost
	// Of the list up to there the best chance that is sure, and the best middle.
	top, likely []float64
	// same is up to how far apart chances are taken as the same: more than 0
	// where averaging over unsure inputs has an error of its own, or where there
	// are very many.
	same   float64
	looked int // sets
}

// Where sets differ by next to nothing there is no end of them: after so many
// points, or sets that were looked at, chances count as the same up to so far
// apart. A forecast itself tells them apart up to some 1e-7.
const (
	crowded = 200
	alike   = 5e-7
)

var coarser = []struct {
	looked int
	same   float64
}{{3_000, alike}, {10_000, 5e-6}, {30_000, 5e-5}, {100_000, 5e-4}}

// upTo is how many of the list cost no more, or less.
func (f *front) upTo(cost float64, or bool) int {
	limit := cost * (1 - tie)
	if or {
		limit = cost * (1 + tie)
	}
	return sort.Search(len(f.list), func(i int) bool {
		if or {
			return f.list[i].good.cost > limit
		}
		return f.list[i].good.cost >= limit
	})
}

// reached is the best chance that is sure at no more than a cost.
func (f *front) reached(cost float64) float64 {
	if n := f.upTo(cost, true); n > 0 {
		return f.top[n-1]
	}
	return math.Inf(-1)
}

// skip reports whether nothing in a node can be on the frontier.
func (f *front) skip(n *node) bool {
	cost := n.bound.cost
	prefix := f.prefix[n.piece]
	last := math.Inf(1)
	for a := f.t.n - 1; a >= 0; a-- {
		least := cost
		if a > 0 {
			least = math.Max(least, n.closed+float64(a-1)*f.t.step)
		}
		have := f.reached(least)
		if last <= have+f.same {
			continue // a smaller amount makes no higher chance
		}
		chance := 1.0
		for k := range f.goals {
			chance = math.Min(chance, f.chance(k, n.piece, a, prefix))
		}
		last = chance
		if chance > have+f.same {
			return false
		}
		if least == cost {
			return true // all that is left costs the same at least
		}
	}
	return true
}

func (f *front) leaf(in forecast.NetSet) {
	if f.seen[in] {
		return
	}
	f.seen[in] = true
	if !f.allowed(in) || !f.bearable(in) {
		return
	}
	f.looked++
	for _, x := range coarser {
		if f.looked > x.looked {
			f.same = math.Max(f.same, x.same)
		}
	}
	c := &candidate{in: in}
	if !f.know(c, quick) || f.beaten(c, f.same) {
		return
	}
	// What may well be on the frontier is worth to be known better at once: it
	// rules out more.
	if n := f.upTo(c.good.cost, true); n == 0 || c.middle() > f.likely[n-1] {
		if c.width() > f.same && (!f.know(c, finer) || f.beaten(c, f.same)) {
			return
		}
	}
	f.add(c)
}

// neighbours looks at sets that differ by one net from what is on the frontier so
// far, until nothing new comes of it: what is found early rules out much.
func (f *front) neighbours() {
	expanded := map[forecast.NetSet]bool{}
	for f.ctx.Err() == nil && f.looked < mostNeighbours {
		at := slices.IndexFunc(f.list, func(c *candidate) bool { return !expanded[c.in] })
		if at < 0 {
			return
		}
		in := f.list[at].in
		expanded[in] = true
		for _, i := range f.vars {
			next := in.With(i)
			if in.Has(i) {
				next = in.Without(i)
			}
			if f.start.decided(i) || f.seen[next] || f.ctx.Err() != nil {
				continue
			}
			cost, _ := f.costOf(next)
			chances, _, ok := f.guess(next)
			for k := range f.goals {
				ok = ok && f.atMost(k, chances[k]) > f.reached(cost)+f.same
			}
			if ok {
				f.leaf(next)
			}
		}
	}
}

// mostNeighbours bounds how many sets are looked at as neighbours.
const mostNeighbours = 2000

// beaten reports whether some plan is surely better: kept more likely at no more
// cost, or as likely for less.
// What is slack is how much less likely still counts: it is for what is new, so
// that what is left out for its sake does not add up.
func (f *front) beaten(c *candidate, slack float64) bool {
	first := f.upTo(c.good.cost, false)
	if first > 0 && f.top[first-1] >= c.good.chance-tie-slack {
		return true
	}
	for _, o := range f.list[first:f.upTo(c.good.cost, true)] {
		if o != c && beats(o, c, slack) {
			return true
		}
	}
	return false
}

func beats(o, c *candidate, slack float64) bool {
	switch byMoney(o.good.cost, c.good.cost) {
	case 1:
		return false
	case -1:
		return o.bad.chance >= c.good.chance-tie-slack
	}
	return o.bad.chance > c.good.chance+tie
}

// add puts a candidate that nothing beats in its place.
func (f *front) add(c *candidate) {
	at := f.upTo(c.good.cost, true)
	f.list = slices.Insert(f.list, at, c)
	// Only what costs as much or more can be beaten by it.
	from := f.upTo(c.good.cost, false)
	rest := slices.DeleteFunc(f.list[from:], func(o *candidate) bool { return o != c && beats(c, o, 0) })
	f.list = f.list[:from+len(rest)]
	f.rise(from)
	if len(f.list) > crowded && f.same < alike {
		f.same = alike
	}
	if len(f.list) > 2*crowded {
		f.thin()
	}
}

// rise renews what is the best so far from a place on.
func (f *front) rise(from int) {
	f.top, f.likely = f.top[:from], f.likely[:from]
	best, likely := math.Inf(-1), math.Inf(-1)
	if from > 0 {
		best, likely = f.top[from-1], f.likely[from-1]
	}
	for _, c := range f.list[from:] {
		best, likely = math.Max(best, c.bad.chance), math.Max(likely, c.middle())
		f.top, f.likely = append(f.top, best), append(f.likely, likely)
	}
}

// thin leaves out what is as likely as something cheaper that stays.
func (f *front) thin() {
	best, cost := math.Inf(-1), math.Inf(-1)
	f.list = slices.DeleteFunc(f.list, func(c *candidate) bool {
		if byMoney(cost, c.good.cost) < 0 && best >= c.good.chance-f.same {
			return true
		}
		if c.bad.chance > best {
			best, cost = c.bad.chance, c.good.cost
		}
		return false
	})
	f.rise(0)
}

// tidy orders the list after chances have become better known.
func (f *front) tidy() {
	slices.SortStableFunc(f.list, func(a, b *candidate) int { return byMoney(a.good.cost, b.good.cost) })
	f.rise(0)
	list := slices.DeleteFunc(slices.Clone(f.list), func(c *candidate) bool { return f.beaten(c, 0) })
	f.list = list
	f.rise(0)
}

// plans settles what the lattice left open.
func (f *front) plans() []*Plan {
	for f.ctx.Err() == nil && (f.better(f.vague()) || f.better(f.overlapping())) {
	}
	if len(f.list) <= mostExact && f.ctx.Err() == nil {
		f.better(slices.DeleteFunc(slices.Clone(f.list), func(c *candidate) bool { return c.grade == exact }))
	}
	// Equal in both: the order of ties decides.
	slices.SortStableFunc(f.list, func(a, b *candidate) int { return f.order(a.good, b.good) })
	var out []*Plan
	var last *candidate
	for _, c := range f.list {
		if last != nil && byMoney(c.good.cost, last.good.cost) == 0 && math.Abs(c.good.chance-last.good.chance) <= tie {
			continue
		}
		if last != nil && f.same > 0 && c.middle() <= last.middle()+tie {
			continue // the two are not told apart further
		}
		last = c
		if c.plan == nil && f.ctx.Err() == nil {
			c.plan = f.sketch(c)
		}
		if c.plan == nil {
			continue // it was ended before that much was known
		}
		out = append(out, c.plan)
	}
	return out
}

// middle of what a chance may be.
func (c *candidate) middle() float64 { return (c.good.chance + c.bad.chance) / 2 }

// width of what a chance may be.
func (c *candidate) width() float64 { return c.good.chance - c.bad.chance }

// vague lists what probably is on the frontier and is not known well.
func (f *front) vague() (list []*candidate) {
	best := math.Inf(-1)
	for _, c := range f.list {
		if c.middle() > best {
			best = c.middle()
			if c.grade != exact && c.width() > sharp/10 {
				list = append(list, c)
			}
		}
	}
	return list
}

// overlapping lists of candidates whose chances overlap some that are not known
// exactly.
func (f *front) overlapping() (list []*candidate) {
	var a *candidate // of those that cost no more the one that may be kept most likely
	for _, b := range f.list {
		if a != nil && b.bad.chance <= a.good.chance+tie-f.same {
			switch {
			case a.grade != exact && !slices.Contains(list, a):
				list = append(list, a)
			case a.grade == exact && b.grade != exact:
				list = append(list, b)
			}
			if len(list) >= runtime.GOMAXPROCS(0) {
				return list // it may rule out the others
			}
		}
		if a == nil || b.good.chance > a.good.chance {
			a = b
		}
	}
	return list
}

// better knows candidates better, several at once; it returns false where there
// are none.
func (f *front) better(list []*candidate) bool {
	if len(list) == 0 {
		return false
	}
	next := func(c *candidate) grade {
		if c.grade == quick && !f.choice.Recurring(f.goals[0].question) {
			return finer
		}
		return exact
	}
	for _, c := range list {
		if next(c) == exact {
			f.ahead(c.in)
		}
	}
	for _, c := range list {
		if f.ctx.Err() != nil {
			return true
		}
		if !f.know(c, next(c)) {
			f.list = slices.DeleteFunc(f.list, func(o *candidate) bool { return o == c })
		}
	}
	f.tidy()
	return true
}

// sketch is a plan as the lattice knows it.
func (f *front) sketch(c *candidate) *Plan {
	x := &Plan{Nets: f.names(c.in), set: c.in, standing: f.standing(c.in), Met: math.Inf(1)}
	x.AnnualCost, x.Effort = f.costOf(c.in)
	for k, g := range f.goals {
		m := c.met[k]
		kept := Kept{
			Service: g.service.Name, Objective: g.objective.Name, Target: g.target, Confidence: g.confidence,
			Met: (m.low + m.high) / 2, Error: (m.high - m.low) / 2, BadMean: f.choice.Mean(g.question, x.standing),
		}
		kept.Window, _ = g.window.Float64()
		kept.Budget, _ = g.budget.Float64()
		kept.OK = kept.Met >= g.confidence-1e-12
		x.Objectives = append(x.Objectives, kept)
		if kept.Met < x.Met {
			x.Met, x.MetError, x.BadMean = kept.Met, kept.Error, kept.BadMean
		}
	}
	return x
}

// led are the plans of a frontier as they are stated. Where corrections matter it
// is what is on the frontier of all that was looked at.
func (f *front) led(ctx context.Context, list []*Plan, r *Result) []*Plan {
	known := func(x *Plan) bool { return f.problem.known[x.set] != nil }
	matters := r.Corrected
	var out []*Plan
	for round := 0; round < 2; round++ {
		out = out[:0]
		for i, x := range list {
			if !known(x) && !matters {
				out = append(out, x) // as the lattice knows it
				continue
			}
			if matters && ctx.Err() != nil {
				continue
			}
			for _, y := range list[i:min(len(list), i+runtime.GOMAXPROCS(0))] {
				if known(y) || matters {
					f.leadAhead(y.set)
				}
			}
			y, err := f.problem.led(x.set)
			if err != nil {
				continue
			}
			out = append(out, y)
			if y.moves() && !matters {
				matters = true
				out = nil
				break
			}
		}
		if out != nil {
			break
		}
	}
	if !matters {
		return out
	}
	for _, x := range f.leads {
		if !slices.Contains(out, x) && f.allowed(x.set) && f.bearable(x.set) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b *Plan) int { return f.order(f.keyOf(a), f.keyOf(b)) })
	best := math.Inf(-1)
	return slices.DeleteFunc(out, func(x *Plan) bool {
		if x.Met <= best+tie {
			return true
		}
		best = x.Met
		return false
	})
}
