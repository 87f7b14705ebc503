package forecast

import (
	"math"

	"tightrope/internal/distribution"
)

// A nudge is how the logarithm of a spectrum moves with one unsure input while
// the others stay at their mean: s·z + q·z², where z is the distance from the
// mean in steps of delta.
type nudge struct {
	param int
	delta float64
	s, q  *distribution.Exponent
}

// nudges returns the nudge of each param, from evaluations one delta below and
// above the mean.
func (e *evaluator) nudges(params []int) []nudge {
	all := e.sum.everything()
	out := make([]nudge, 0, len(params))
	for _, p := range params {
		part := all.touched(p)
		mean := e.sum.means[p]
		law := e.sum.params[p].Law
		delta := math.Min(law.SD(), 0.9*mean)
		if _, ok := law.(distribution.Beta); ok {
			delta = math.Min(delta, 0.9*(1-mean))
		}
		at := func(x float64) *distribution.Exponent {
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
		n := nudge{param: p, delta: delta, s: &distribution.Exponent{}, q: &distribution.Exponent{}}
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
	grid   *distribution.Grid
	at     distribution.Spectrum
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
func (v *solver) coarse(top float64, size int) *distribution.Grid {
	return v.sum.planner.Grid(commonStep(top, size), size)
}

// commonStep is a step, a power of two of a second so that entries have
// lattices in common, for n points up to top or beyond.
func commonStep(top float64, n int) float64 {
	return math.Exp2(math.Ceil(math.Log2(top / float64(n-1))))
}

// sideSize is the size of the lattice on which the worlds of many entries are.
const sideSize = 1 << 9

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
		if u.Change != nil {
			u.Change.Every.Visit(add)
		}
	}
	return out
}

// log returns the logarithm of the spectrum of a block with theta given.
func (e *evaluator) log(b *block) *distribution.Exponent {
	exp := &distribution.Exponent{}
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
