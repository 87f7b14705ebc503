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

// A side is the answer on one rather coarse lattice, at the means of the unsure
// inputs and averaged over them one by one. What averaging changes is small and
// smooth, so that its difference can be added to an answer at the means on a
// fine lattice. Averaging one by one is exact where the logarithm of the
// spectrum is a sum of functions of one input each.
type side struct {
	grid     *dist.Grid
	at       dist.Spectrum // with every unsure input at its mean
	nudges   []nudge
	means    *dist.Distribution
	averaged *dist.Distribution
	linear   *dist.Distribution // averaged without the squares
}

// curvature is how much the squares matter at x, which is what the error of
// averaging apart is taken to be: what is left out (cubes, and what two inputs
// do together) was found to be smaller in trials.
func (a *side) curvature(x *big.Rat) float64 {
	return math.Abs(a.averaged.AtMost(x) - a.linear.AtMost(x))
}

// sideSize is the size of the lattice of a side; half of it does for one of very
// many entries.
const sideSize = 1 << 9

func (v *solver) side(top float64, size int) *side {
	if v.many {
		size /= 2
	}
	step := math.Exp2(math.Ceil(math.Log2(top / float64(size-1))))
	x := &side{grid: v.sum.planner.Blurred(step, size)}
	e := v.sum.evaluator(x.grid, 0)
	e.mode = given
	copy(e.theta, v.sum.means)
	x.nudges = e.nudges(v.sum.unsure())
	copy(e.theta, v.sum.means)
	x.at = e.spectrum()

	m := v.sum.evaluator(x.grid, 0)
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
	for _, n := range x.nudges {
		if !closed[n.param] {
			open = append(open, n)
		}
	}
	x.means = x.grid.Distribution(means, nil)
	averaged := m.averaged(means, open, true)
	v.none = averaged.Zero()
	x.averaged = x.grid.Distribution(averaged, nil)
	x.linear = x.grid.Distribution(m.averaged(means, open, false), nil)
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
