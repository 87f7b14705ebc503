package forecast

import (
	"math"
	"math/big"
	"math/bits"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/work"
)

// An Option is one part with some of the nets that touch it standing.
type Option struct {
	// Impossible is why these nets cannot stand: a risk would go undetected, or
	// never end.
	Impossible error
	means      []float64 // by question; NaN: not known
	often      []float64
	of         []*partial
}

// Prepare computes the options of parts: each is what stands of the nets that
// touch the part. All of them are on lattices that are chosen the first time.
// means are the questions whose means are wanted too.
func (c *Choice) Prepare(wanted []PartSet, means ...int) {
	work.Ends(func() { c.prepare(wanted, means...) })
}

func (c *Choice) prepare(wanted []PartSet, means ...int) {
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
	work.Each(len(todo), func() func(int) {
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
	work.Each(len(late), func() func(int) {
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
func (c *Choice) begin(x PartSet, planner *distribution.Planner, means []int) {
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
	q.readings = map[string][]*distribution.Reading{}
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
func (x *partial) complete(q *asked, planner *distribution.Planner) {
	x.rough = x.averaged()
	x.spectra = make([][]distribution.Spectrum, len(q.levels)+len(q.finer))
	if c := x.recurringCurve(q); c != nil {
		for _, a := range x.amounts {
			x.jumps = x.jumps || a.Amount > 0
		}
		for range q.worlds {
			x.curves = append(x.curves, c)
		}
		return
	}
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
func (x *partial) ensure(q *asked, k int, planner *distribution.Planner) {
	if x.spectra[k] == nil {
		x.sum.planner = planner
		l := q.level(k)
		x.spectra[k] = x.on(q.worlds, planner.Grid(l.step, l.size))
	}
}

// curve returns, for each of CurvePoints + 1 cells of the budget, the
// probability that the part's lost time is in it or before. Cells are counted
// generously: what lies less than a few steps of the lattice beyond a cell
// counts as in it.
func (x *partial) curve(q *asked, g *distribution.Grid, s distribution.Spectrum, l level) []float64 {
	slack := -1e-6 * l.step
	switch {
	case q.exact:
	case l.exact == nil && s.HasFixed():
		slack = 3 * l.step
	default:
		slack = l.step
	}
	return x.cells(q, g.Distribution(s, l.exact), slack)
}

// recurringCurve is the curve of a part in which fixed amounts recur: those of one
// part mostly have a lattice of their own on which nothing is lost. nil: they
// have none.
func (x *partial) recurringCurve(q *asked) []float64 {
	if !x.recurring || x.divisor == nil {
		return nil
	}
	step, _ := x.divisor.Float64()
	n := q.budget/step + 2
	if n > quickExact {
		return nil
	}
	d, ok := distribution.RecurringOn(step, int(n), x.amounts, x.divisor)
	if !ok {
		return nil
	}
	return x.cells(q, d, -1e-6*step)
}

// cells reads a curve off a distribution.
func (x *partial) cells(q *asked, d *distribution.Distribution, slack float64) []float64 {
	certain, _ := x.certain.Float64()
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

// Curve returns for a question and a world, for each of CurvePoints + 1 cells of
// the budget, a probability that is at least that of the part's lost time to be
// in the cell or before. nil: it never has any.
func (o *Option) Curve(question, world int) []float64 {
	if o.of == nil || o.of[question] == nil || o.of[question].curves == nil {
		return nil
	}
	return o.of[question].curves[world]
}

// Mean returns the mean lost time of a question in its window, in seconds.
func (c *Choice) Mean(question int, standing NetSet) float64 {
	sum := 0.0
	for i := range c.parts {
		mean, _ := c.MeanOf(i, standing, question)
		sum += mean
	}
	return sum
}

// MeanOf returns what of the mean lost time of a question is a part's, in seconds
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
