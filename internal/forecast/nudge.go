package forecast

import (
	"math"
	"math/big"

	"tightrope/internal/dist"
)

// A nudge is how the logarithm of a spectrum moves with one unsure input while
// the others stay at their mean: s·z + q·z², where z is the distance from the
// mean in steps of delta.
type nudge struct {
	param int
	delta float64
	s, q  *dist.Exponent
}

// nudges returns the nudge of each param, from evaluations one delta below and
// above the mean.
func (e *evaluator) nudges(params []int) []nudge {
	all := e.sum.everything()
	out := make([]nudge, 0, len(params))
	for _, p := range params {
		part := all.touched(p)
		mean := e.sum.means[p]
		law := e.sum.params[p].law
		delta := math.Min(law.SD(), 0.9*mean)
		if _, ok := law.(dist.Beta); ok {
			delta = math.Min(delta, 0.9*(1-mean))
		}
		at := func(x float64) *dist.Exponent {
			e.theta[p] = x
			return e.log(part)
		}
		zero := at(mean)
		up := at(mean + delta)
		down := at(mean - delta)
		e.theta[p] = mean
		up.AddScaled(-1, zero)
		down.AddScaled(-1, zero)
		up.Unwrap()
		down.Unwrap()
		n := nudge{param: p, delta: delta, s: &dist.Exponent{}, q: &dist.Exponent{}}
		n.s.AddScaled(0.5, up)
		n.s.AddScaled(-0.5, down)
		n.q.AddScaled(0.5, up)
		n.q.AddScaled(0.5, down)
		out = append(out, n)
	}
	return out
}

// A world is the spectrum with every unsure input at its mean, and how it moves
// with each of them.
type world struct {
	grid   *dist.Grid
	at     dist.Spectrum
	nudges []nudge
}

func (v *solver) world(top float64, size int) *world {
	x := &world{grid: v.sum.planner.Blurred(commonStep(top, size), size)}
	e := v.sum.evaluator(x.grid, 0)
	e.mode = given
	copy(e.theta, v.sum.means)
	x.nudges = e.nudges(v.sum.unsure())
	copy(e.theta, v.sum.means)
	x.at = e.spectrum()
	return x
}

// coarse returns the grid of that many points up to top or a little beyond.
func (v *solver) coarse(top float64, size int) *dist.Grid {
	return v.sum.planner.Grid(commonStep(top, size), size)
}

// commonStep is a step, a power of two of a second so that entries have
// lattices in common, for n points up to top or beyond.
func commonStep(top float64, n int) float64 {
	return math.Exp2(math.Ceil(math.Log2(top / float64(n-1))))
}

// A side is what averaging over unsure inputs changes, on a rather coarse
// lattice. The change is small and smooth, so that it can be added to an answer
// at the means on a fine lattice.
type side struct {
	means, averaged *dist.Distribution
	// What shows how far the change may be off: the same on half the lattice,
	// or with less of what averaging apart takes in.
	lessMeans, less *dist.Distribution
}

// sideSize is the size of the lattice of a side.
const sideSize = 1 << 9

// change returns what averaging changes at x.
func (a *side) change(x *big.Rat) float64 { return a.averaged.AtMost(x) - a.means.AtMost(x) }

// doubt is the error of the change. Averaging apart takes in how the logarithm
// of the spectrum bends with each input, and leaves out cubes and what two
// inputs do together; the bending itself, which was larger in trials, is taken
// for the error.
func (a *side) doubt(x *big.Rat) float64 {
	return math.Abs(a.change(x) - (a.less.AtMost(x) - a.lessMeans.AtMost(x)))
}

// side computes the change.
func (v *solver) side(top float64) *side {
	if v.apart {
		return v.sideApart(top, sideSize)
	}
	x := &side{}
	x.means, x.averaged = v.both(top, sideSize/2)
	x.lessMeans, x.less = v.both(top, sideSize/4)
	return x
}

// both returns the distribution at the means and averaged over.
func (v *solver) both(top float64, size int) (means, averaged *dist.Distribution) {
	g := v.coarse(top, size)
	e := v.sum.evaluator(g, 1)
	averaged = g.Distribution(e.spectrum(), nil)
	e = v.sum.evaluator(g, 0)
	e.mode = atMeans
	copy(e.theta, v.sum.means)
	return g.Distribution(e.spectrum(), nil), averaged
}

// sideApart averages over the unsure inputs one by one. That is exact where the
// logarithm of the spectrum is a sum of functions of one input each.
func (v *solver) sideApart(top float64, size int) *side {
	w := v.world(top, size)
	m := v.sum.evaluator(w.grid, 0)
	m.mode = atMeans
	means := m.spectrum()
	closed := map[int]bool{}
	for _, u := range v.sum.uses {
		if u.gamma != noParam && m.closed(u) {
			closed[u.gamma] = true
		}
		if u.change != nil {
			u.change.every.visit(func(p int) { closed[p] = true })
		}
	}
	var open []nudge
	for _, n := range w.nudges {
		if !closed[n.param] {
			open = append(open, n)
		}
	}
	x := &side{means: w.grid.Distribution(means, nil)}
	averaged := m.averaged(means, open, true)
	v.none = averaged.Zero()
	x.averaged = w.grid.Distribution(averaged, nil)
	x.lessMeans, x.less = x.means, w.grid.Distribution(m.averaged(means, open, false), nil)
	return x
}

// unsure lists every param of a sum.
func (s *sum) unsure() []int {
	var out []int
	seen := map[int]bool{}
	add := func(p int) {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	for _, u := range s.uses {
		for _, p := range u.oftenParams {
			add(p)
		}
		for _, p := range u.goesParams {
			add(p)
		}
		if u.change != nil {
			u.change.every.visit(add)
		}
	}
	return out
}

// log returns the logarithm of the spectrum of a block with theta given.
func (e *evaluator) log(b *block) *dist.Exponent {
	exp := &dist.Exponent{}
	for _, s := range e.block(b, exp, nil) {
		exp.AddScaled(1, s.Log())
	}
	return exp
}

// everything is all uses of a sum as one block.
func (s *sum) everything() *block {
	all := &block{}
	for _, b := range s.blocks {
		all.poisson = append(all.poisson, b.poisson...)
		all.changes = append(all.changes, b.changes...)
		all.level = append(all.level, b.level...)
	}
	for _, g := range s.plain {
		all.poisson = append(all.poisson, g.uses...)
	}
	return all
}

// averaged returns a spectrum at the means, averaged over each param apart.
// curved false leaves the squares out, to show how much they matter.
func (e *evaluator) averaged(at dist.Spectrum, nudges []nudge, curved bool) dist.Spectrum {
	for _, n := range nudges {
		x, w := e.sum.nodes(n.param, 0, e.sum.amplitude(n.param, e.sum.uses))
		z := make([]float64, len(x))
		for k := range x {
			z[k] = (x[k] - e.sum.means[n.param]) / n.delta
		}
		q := n.q
		if !curved {
			q = nil
		}
		at = at.Times(n.s.Average(q, z, w))
	}
	return at
}

// productFits reports whether no joint rule is too large.
func (v *solver) productFits() bool {
	for _, b := range v.sum.blocks {
		if len(b.outer) > jointly {
			return false
		}
		for _, u := range b.uses() {
			if len(u.own) > jointly {
				return false
			}
		}
	}
	return true
}
