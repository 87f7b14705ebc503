package forecast

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"tightrope/internal/dist"
)

// asked is a question with what it takes to answer it quickly.
type asked struct {
	Question
	budget float64
	worlds []outlook
	levels []level
	exact  bool // all lengths of the parts known so far are on the one lattice

	// finer levels are for the few sets that quick answers do not tell apart; nil
	// where one lattice is exact.
	finer    []level
	readings map[string][]*dist.Reading // by what is certain: of each level, and of the finest a little below and above
	product  dist.Product
	fine     int      // options with finer spectra
	curve    int      // level that curves are taken from
	swing    *float64 // see Choice.swing
}

// A level is a lattice.
type level struct {
	step  float64
	size  int
	exact *big.Rat
}

// An Option is one part with some of the nets that touch it standing.
type Option struct {
	// Impossible is why these nets cannot stand: a risk would go undetected, or
	// never end.
	Impossible error
	means      []float64 // by question; NaN: not known
	often      []float64
	of         []*partial
}

// Lattices of quick answers: the finest of three has quickSize points. One on
// which everything lies exactly may be as large as quickExact.
const (
	quickSize  = 1 << 10
	quickExact = 1 << 16
	// quickPoints bounds the points of exact lattices of all options together.
	quickPoints = 1 << 22
	// Curves of more options than that are taken from a coarser lattice.
	manyCurves = 1500
	// leastError is the least error where halving the step tells it; of the finer
	// levels it is a fifth.
	leastError = 2e-7
	// roughError is the least error where unsure inputs are averaged over.
	roughError = 2e-5
	// CurvePoints is how many cells the budget has in a curve.
	CurvePoints = 255
)

// Prepare computes the options of parts: each is what stands of the nets that
// touch the part. All of them are on lattices that are chosen the first time.
// means are the questions whose means are wanted too.
func (c *Choice) Prepare(wanted []PartSet, means ...int) {
	var todo []PartSet
	listed := map[PartSet]bool{}
	for _, x := range wanted {
		x.Standing = x.Standing.And(c.parts[x.Part].nets)
		p := c.parts[x.Part]
		o := p.options[x.Standing]
		if o == nil {
			o = &Option{}
			p.options[x.Standing] = o
			p.sets = append(p.sets, x.Standing)
		}
		missing := o.of == nil
		for _, k := range means {
			missing = missing || math.IsNaN(o.means[k])
		}
		if missing && !listed[x] {
			listed[x] = true
			todo = append(todo, x)
		}
	}
	each(len(todo), func() func(int) {
		return func(i int) {
			if c.ended() {
				return
			}
			planner := c.memory.planner()
			c.begin(todo[i], planner, means)
			c.memory.giveBack(planner)
		}
	})
	if c.ended() {
		return
	}
	var late []*partial
	var of []*asked
	for k, q := range c.asked {
		if q.Budget == nil {
			continue
		}
		again := q.levels == nil
		for _, x := range todo {
			// A part that comes later may not lie on the lattice.
			if p := c.parts[x.Part].options[x.Standing].of; p != nil && p[k] != nil && q.levels != nil && !p[k].lies(q) {
				again = true
			}
		}
		if again {
			q.choose(c, k)
		}
		for _, x := range c.known(k) {
			if again {
				x.spectra, x.curves, x.lifts = nil, nil, nil
			}
			if x.curves == nil {
				late, of = append(late, x), append(of, q)
			}
		}
	}
	each(len(late), func() func(int) {
		return func(i int) {
			if c.ended() {
				return
			}
			planner := c.memory.planner()
			late[i].complete(of[i], planner)
			c.memory.giveBack(planner)
		}
	})
}

// known lists what a question suffers in all options that are known.
func (c *Choice) known(question int) []*partial {
	var out []*partial
	for _, p := range c.parts {
		for _, s := range p.sets {
			if o := p.options[s]; o.of != nil && o.of[question] != nil {
				out = append(out, o.of[question])
			}
		}
	}
	return out
}

// A PartSet is a part, and what stands of the nets that touch it.
type PartSet struct {
	Part     int
	Standing NetSet
}

// begin finds what a part consists of.
func (c *Choice) begin(x PartSet, planner *dist.Planner, means []int) {
	p := c.parts[x.Part]
	o := p.options[x.Standing]
	fresh := o.of == nil
	if fresh {
		o.means, o.often = make([]float64, len(c.asked)), make([]float64, len(c.asked))
		for k := range o.means {
			o.means[k] = math.NaN()
		}
		o.of = make([]*partial, len(c.asked))
	}
	b := c.stage(c.today.Minus(p.nets).Or(x.Standing))
	if b.err != nil {
		o.Impossible = b.err
		clear(o.means)
		return
	}
	for k, q := range c.asked {
		mean := slices.Contains(means, k)
		if !mean && !(fresh && q.Budget != nil) {
			continue
		}
		y := b.partial(c, p, q, planner, mean)
		if y == nil {
			o.means[k] = 0
			continue
		}
		if mean {
			o.means[k], o.often[k] = y.mean, y.often
		}
		if fresh && q.Budget != nil {
			o.of[k] = y
		}
	}
}

// lies reports whether all lengths lie on the lattices of a question, as far as
// these are made for it.
func (x *partial) lies(q *asked) bool {
	step := q.levels[0].exact
	if step == nil {
		return true
	}
	return (x.fixed || !q.exact) && x.known && (x.divisor == nil || new(big.Rat).Quo(x.divisor, step).IsInt())
}

// choose chooses the lattices of a question, from the options that are known.
func (q *asked) choose(c *Choice, number int) {
	q.levels, q.finer, q.exact = nil, nil, false
	q.budget, _ = q.Budget.Float64()
	q.readings = map[string][]*dist.Reading{}
	var divisor *big.Rat
	known, fixed := true, true
	for _, x := range c.known(number) {
		known, fixed = known && x.known, fixed && x.fixed
		if x.divisor != nil {
			divisor = gcd(divisor, x.divisor)
		}
	}
	top := q.budget*1.03 + 1e-9
	count := len(c.known(number)) * len(q.worlds)
	if q.curve = 0; known && fixed {
		if divisor == nil {
			divisor = new(big.Rat).Set(q.Budget)
		}
		g, _ := divisor.Float64()
		for size := 64; size <= quickExact && size*count <= quickPoints; size *= 2 {
			if float64(size-1)*g >= top {
				q.levels = []level{{g, size, divisor}}
				q.exact = true
				return
			}
		}
	}
	first := level{step: commonStep(top, quickSize/4), size: quickSize / 4}
	if known && divisor != nil {
		g, _ := divisor.Float64()
		for size := quickSize / 4; size <= quickSize; size *= 2 {
			if parts := int64(g * float64(size-1) / top); parts >= 1 {
				parts = 1 << (bits.Len64(uint64(parts)) - 1)
				first.size = size
				first.exact = new(big.Rat).Quo(divisor, new(big.Rat).SetInt64(parts))
				first.step, _ = first.exact.Float64()
				break
			}
		}
	}
	var all []level
	for range 7 {
		all = append(all, first)
		first.size *= 2
		first.step /= 2
		if first.exact != nil {
			first.exact = new(big.Rat).Mul(first.exact, big.NewRat(1, 2))
		}
	}
	q.levels, q.finer = all[:3], all[4:]
	if slices.ContainsFunc(c.known(number), (*partial).averaged) {
		// Rules of averaging are not worth so many points.
		q.finer = all[2:5]
	}
	q.curve = 2
	if count > manyCurves {
		q.curve = 1
	}
}

// complete computes the spectra of a part.
func (x *partial) complete(q *asked, planner *dist.Planner) {
	x.rough = x.averaged()
	l := q.levels[q.curve]
	g := planner.Grid(l.step, l.size)
	x.ensure(q, q.curve, planner)
	known := map[string][]float64{}
	for w, s := range x.spectra[q.curve] {
		key := x.seen(&q.worlds[w])
		c := known[key]
		if c == nil {
			c = x.curve(q, g, s, l)
			known[key] = c
			x.jumps = x.jumps || s.HasFixed()
		}
		x.curves = append(x.curves, c)
	}
}

// level returns one of the levels, or after those of the finer ones.
func (q *asked) level(k int) level {
	if k < len(q.levels) {
		return q.levels[k]
	}
	return q.finer[k-len(q.levels)]
}

// ensure computes the spectra on a level where they are not known.
func (x *partial) ensure(q *asked, k int, planner *dist.Planner) {
	if x.spectra == nil {
		x.spectra = make([][]dist.Spectrum, len(q.levels)+len(q.finer))
	}
	if x.spectra[k] == nil {
		x.sum.planner = planner
		l := q.level(k)
		x.spectra[k] = x.on(q.worlds, planner.Grid(l.step, l.size))
	}
}

// curve returns, for each of CurvePoints + 1 cells of the budget, the
// probability that the part's bad time is in it or before. Cells are counted
// generously: what lies less than a few steps of the lattice beyond a cell
// counts as in it.
func (x *partial) curve(q *asked, g *dist.Grid, s dist.Spectrum, l level) []float64 {
	d := g.Distribution(s, l.exact)
	certain, _ := x.certain.Float64()
	slack := -1e-6 * l.step
	switch {
	case q.exact:
	case l.exact == nil && s.HasFixed():
		slack = 3 * l.step
	default:
		slack = l.step
	}
	h := q.budget / CurvePoints
	out := make([]float64, CurvePoints+1)
	for k := range out {
		out[k] = d.At(float64(k+1)*h*(1+1e-12) + slack - certain)
	}
	return out
}

// Options returns what is known of a part with some of its nets standing.
func (c *Choice) Option(part int, standing NetSet) *Option {
	p := c.parts[part]
	standing = standing.And(p.nets)
	o := p.options[standing]
	if o == nil || o.of == nil {
		c.Prepare([]PartSet{{part, standing}})
		o = p.options[standing]
	}
	return o
}

// Reached reports whether anything of a part may hit a service that is asked
// about.
func (c *Choice) Reached(part int) bool { return c.parts[part].reached }

// Worlds returns the probabilities of the worlds of a question.
func (c *Choice) Worlds(question int) []float64 {
	var out []float64
	for _, w := range c.asked[question].worlds {
		out = append(out, w.weight)
	}
	return out
}

// Curve returns for a question and a world, for each of CurvePoints + 1 cells of
// the budget, a probability that is at least that of the part's bad time to be
// in the cell or before. nil: it never has any.
func (o *Option) Curve(question, world int) []float64 {
	if o.of == nil || o.of[question] == nil || o.of[question].curves == nil {
		return nil
	}
	return o.of[question].curves[world]
}

// Slack is by how much a chance may differ from what the curve of the option
// says because the outages of groups hang on what else is down: they are counted
// while nothing else is.
func (c *Choice) Slack(o *Option, question int) float64 {
	if o.of == nil || o.of[question] == nil || o.of[question].rate == 0 {
		return 0
	}
	return o.of[question].rate * c.swing(c.asked[question])
}

// swing is by how much, relative to itself, the share of time differs in which
// no single point of a service is down, over the sets that lie farthest apart
// and those next to today's.
func (c *Choice) swing(q *asked) float64 {
	if q.swing != nil {
		return *q.swing
	}
	low, high := 1.0, 0.0
	look := func(set NetSet) {
		b, err := c.staging(set)
		if err != nil {
			return
		}
		up := b.up(q, nil)
		low, high = math.Min(low, up), math.Max(high, up)
	}
	look(c.today)
	look(c.today.Or(c.vary))
	look(c.today.Minus(c.vary))
	for _, i := range c.vary.List() {
		if c.today.Has(i) {
			look(c.today.Without(i))
		} else {
			look(c.today.With(i))
		}
	}
	x := 2 * math.Max(0, high-low) / math.Max(low, 1e-3)
	q.swing = &x
	return x
}

// Quick is an answer from one lattice.
type Quick struct{ Met, Error float64 }

// Quick answers a question for a set of standing nets. ok is false where they
// cannot stand.
func (c *Choice) Quick(question int, standing NetSet) (out Quick, ok bool) {
	return c.answer(question, standing, false)
}

// Finer is Quick on lattices of sixteen times as many points, with what is
// computed for it kept too.
func (c *Choice) Finer(question int, standing NetSet) (out Quick, ok bool) {
	return c.answer(question, standing, true)
}

// mostFiner bounds for how many options finer spectra are kept.
const mostFiner = 256

func (c *Choice) answer(question int, standing NetSet, finer bool) (out Quick, ok bool) {
	q := c.asked[question]
	if q.Budget == nil {
		return Quick{Met: 1}, true
	}
	list := make([]*partial, 0, len(c.parts))
	hangs, up := 0.0, -1.0
	for i := range c.parts {
		o := c.Option(i, standing)
		if o.Impossible != nil || c.ended() {
			return Quick{}, false
		}
		var x *partial
		if o.of != nil {
			x = o.of[question]
		}
		if x != nil {
			if x.rate > 0 {
				if up < 0 {
					up = c.up(question, standing)
				}
				if x.rough {
					// Scaling is exact but for what is averaged over.
					hangs += 0.5 * x.rate * math.Abs(up/x.up-1)
				}
			}
			list = append(list, x)
		}
	}
	// Only now: preparing an option may have chosen other levels.
	levels := q.levels
	if finer = finer && q.finer != nil; finer {
		levels = q.finer
	}
	certain := new(big.Rat)
	for _, x := range list {
		certain.Add(certain, x.certain)
	}
	rest := new(big.Rat).Sub(q.Budget, certain)
	if rest.Sign() < 0 {
		return Quick{}, true
	}
	read := q.reading(c, rest, levels)
	n := len(levels)
	at := make([]float64, n+2)
	planner := c.memory.planner()
	defer c.memory.giveBack(planner)
	first := 0
	if finer {
		first = len(q.levels)
	}
	c.refine(q, list, first)
	if c.ended() {
		return Quick{}, false
	}
	for w, o := range q.worlds {
		for i, l := range levels {
			q.product.Start(planner.Grid(l.step, l.size))
			for _, x := range list {
				q.product.Times(x.spectra[first+i][w])
				if x.rate > 0 && up != x.up {
					q.product.TimesExp(up/x.up-1, x.lift(q, planner, first+i))
				}
			}
			at[i] += o.weight * read[i].Of(&q.product)
			if i == n-1 && n > 1 {
				at[n] += o.weight * read[n].Of(&q.product)
				at[n+1] += o.weight * read[n+1].Of(&q.product)
			}
		}
	}
	out = Quick{Met: at[n-1], Error: 1e-9}
	if n > 1 {
		out.Error = leastError
		if finer {
			out.Error /= 5
		}
		before := at[n-2] + (at[n-2]-at[n-3])/3
		out.Met = math.Min(1, math.Max(0, at[n-1]+(at[n-1]-at[n-2])/3))
		out.Error += math.Max(4*math.Abs(out.Met-before), math.Abs(at[n-1]-at[n-2]))
		jumps := false
		for _, x := range list {
			jumps = jumps || x.jumps
		}
		if levels[0].exact == nil && jumps {
			// Sums of fixed lengths lie between the points of the lattice. What
			// halving moves shows how much that matters, and never more than what
			// lies within two points.
			moved := 24 * math.Max(math.Abs(at[n-1]-at[n-2]), math.Abs(at[n-2]-at[n-3])/2)
			out.Met = at[n-1]
			out.Error = math.Max(out.Error, math.Min(moved, at[n+1]-at[n]))
		}
	}
	out.Error += hangs
	rough := len(q.worlds[0].values) > 0
	for _, x := range list {
		rough = rough || x.rough
	}
	if rough {
		// Rules of averaging are coarser here, and have no halving.
		out.Error = math.Max(out.Error, roughError)
	}
	return out, true
}

// averaged reports whether something unsure is averaged over by rules.
func (x *partial) averaged() bool {
	for _, b := range x.sum.blocks {
		if len(b.outer) > 0 {
			return true
		}
		for _, u := range b.uses() {
			for _, p := range u.own {
				if p != u.gamma {
					return true
				}
			}
		}
	}
	return false
}

// lift is the exponent of outages of groups on one of the levels.
func (x *partial) lift(q *asked, planner *dist.Planner, k int) *dist.Exponent {
	if x.lifts == nil {
		x.lifts = make([]*dist.Exponent, len(q.levels)+len(q.finer))
	}
	if x.lifts[k] == nil {
		x.groups.planner = planner
		l := q.level(k)
		e := x.groups.evaluator(planner.Grid(l.step, l.size), 0)
		e.mode = given
		copy(e.theta, x.groups.means)
		x.lifts[k] = e.log(x.groups.everything())
	}
	return x.lifts[k]
}

// refine computes the spectra of some parts from a level on, of the finer ones
// or else of the others.
func (c *Choice) refine(q *asked, list []*partial, first int) {
	last := len(q.levels)
	if first == last {
		last += len(q.finer)
	}
	var todo []*partial
	for _, x := range list {
		for k := first; k < last; k++ {
			if x.spectra[k] == nil {
				todo = append(todo, x)
				break
			}
		}
	}
	if first > 0 {
		if q.fine += len(todo); q.fine > mostFiner {
			for _, p := range c.parts {
				for _, o := range p.options {
					for k, x := range o.of {
						if x != nil && x.spectra != nil && c.asked[k] == q {
							clear(x.spectra[first:])
						}
					}
				}
			}
			todo, q.fine = list, len(list)
		}
	}
	each(len(todo), func() func(int) {
		return func(i int) {
			planner := c.memory.planner()
			defer c.memory.giveBack(planner)
			for k := first; k < last && !c.ended(); k++ {
				todo[i].ensure(q, k, planner)
			}
		}
	})
}

// reading returns the readings at what is left of the budget.
func (q *asked) reading(c *Choice, rest *big.Rat, levels []level) []*dist.Reading {
	key := fmt.Sprint(levels[0].size, " ", rest.RatString())
	out := q.readings[key]
	if out != nil {
		return out
	}
	planner := c.memory.planner()
	defer c.memory.giveBack(planner)
	for _, l := range levels {
		out = append(out, planner.Grid(l.step, l.size).Reading(rest, l.exact))
	}
	if n := len(levels); n > 1 {
		l := levels[n-1]
		g := planner.Grid(l.step, l.size)
		by := new(big.Rat).SetFloat64(2 * l.step)
		out = append(out, g.Reading(new(big.Rat).Sub(rest, by), nil), g.Reading(new(big.Rat).Add(rest, by), nil))
	}
	q.readings[key] = out
	return out
}

// Tolerance is by how much a chance may be above what curves say, on account of
// their own error.
func (c *Choice) Tolerance(question int) float64 {
	out := 1e-6
	q := c.asked[question]
	rough := len(q.worlds[0].values) > 0
	for _, x := range c.known(question) {
		rough = rough || x.rough
	}
	if rough {
		out += roughError
	}
	return out
}

// Mean returns the mean bad time of a question in its window, in seconds.
func (c *Choice) Mean(question int, standing NetSet) float64 {
	sum := 0.0
	for i := range c.parts {
		mean, _ := c.MeanOf(i, standing, question)
		sum += mean
	}
	return sum
}

// MeanOf returns what of the mean bad time of a question is a part's, in seconds
// of the window; and, where the question is about outages in a row, how often a
// year or more the part has one that is longer than asked for: with unsure
// inputs at their means, and of those a little longer.
func (c *Choice) MeanOf(part int, standing NetSet, question int) (mean, often float64) {
	o := c.Option(part, standing)
	if o.means != nil && math.IsNaN(o.means[question]) {
		c.Prepare([]PartSet{{part, standing}}, question)
	}
	if o.means == nil || math.IsNaN(o.means[question]) {
		return 0, 0 // it was ended before that was known
	}
	return o.means[question], o.often[question]
}
