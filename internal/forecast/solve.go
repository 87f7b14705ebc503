package forecast

import (
	"math"
	"math/big"

	"tightrope/internal/dist"
)

// A solver answers questions about the distribution of one sum. It keeps the
// distributions that it has computed, so that one lattice answers what it can.
type solver struct {
	sum     *sum
	planner *dist.Planner

	mean, variance float64  // of what comes on top of certain
	certain        float64  // seconds
	none           float64  // P(nothing comes on top of certain)
	divisor        *big.Rat // of all fixed lengths; nil: none
	fixed          bool     // no length is smooth
	averaged       bool     // something is averaged over by a rule that may err
	solved         []*solution
}

// A solution is a distribution up to some bad time, and what shows how far it
// may be off: the same with twice the step, and by a coarser rule of
// averaging.
type solution struct {
	grid         *dist.Grid
	d            *dist.Distribution
	coarse       *dist.Distribution // nil: the lattice is exact
	first, rough *dist.Distribution // on one lattice, by the fine and the coarse rule; nil: no rule
}

// Sizes of lattices. An exact lattice may be larger: it needs no halving.
const (
	firstSize = 1 << 11
	lastSize  = 1 << 17
	exactSize = 1 << 19
	// wantedError ends the halving of the step.
	wantedError = 2e-7
)

func newSolver(s *sum, p *dist.Planner) *solver {
	v := &solver{sum: s, planner: p, none: math.NaN()}
	v.mean, v.variance = s.moments()
	v.certain, _ = s.certain.Float64()
	var known bool
	v.divisor, known = s.divisor()
	v.fixed = known && s.allFixed()
	for _, b := range s.blocks {
		v.averaged = v.averaged || len(b.outer) > 0
	}
	for _, u := range s.uses {
		for _, p := range u.own {
			v.averaged = v.averaged || p != u.gamma && !u.even
		}
	}
	return v
}

// lattice returns a first lattice up to top: its step, its size, and the step
// as a fraction where all fixed lengths lie on it.
func (v *solver) lattice(top float64) (step float64, n int, exact *big.Rat) {
	n = firstSize
	if v.divisor == nil {
		return top / float64(n-1), n, nil
	}
	g, _ := v.divisor.Float64()
	if v.fixed {
		for n = 64; n <= exactSize; n *= 2 {
			if float64(n-1)*g >= top {
				return g, n, v.divisor
			}
		}
	}
	for n = firstSize; n <= lastSize/4; n *= 2 {
		if parts := int64(g * float64(n-1) / top); parts >= 1 {
			exact = new(big.Rat).Quo(v.divisor, new(big.Rat).SetInt64(parts))
			step, _ = exact.Float64()
			return step, n, exact
		}
	}
	return top / float64(firstSize-1), firstSize, nil
}

// at computes the distribution on one lattice, by rule of averaging fine (0)
// or coarse (1).
func (v *solver) at(step float64, n int, exact *big.Rat, rule int) (*dist.Grid, *dist.Distribution) {
	g := v.planner.Grid(step, n)
	s := v.sum.evaluator(g, rule).spectrum()
	if rule == 0 {
		v.none = s.Zero()
	}
	return g, g.Distribution(s, exact)
}

// solve computes the distribution up to top seconds on top of certain, fine
// enough at the points given.
func (v *solver) solve(top float64, points ...*big.Rat) *solution {
	for _, s := range v.solved {
		if s.d.Top() >= top && (s.coarse == nil || s.d.Top() <= 4*top) && s.off(points) < wantedError {
			return s
		}
	}
	s := &solution{}
	step, n, exact := v.lattice(top)
	s.grid, s.d = v.at(step, n, exact, 0)
	if v.averaged {
		s.first = s.d
		_, s.rough = v.at(step, n, exact, 1)
	}
	if !(v.fixed && exact != nil && exact == v.divisor) {
		for {
			n, step = n*2, step/2
			if exact != nil {
				exact = new(big.Rat).Mul(exact, big.NewRat(1, 2))
			}
			s.coarse = s.d
			s.grid, s.d = v.at(step, n, exact, 0)
			if s.off(points) < wantedError || n >= lastSize {
				break
			}
		}
	}
	v.solved = append(v.solved, s)
	return s
}

// off is how far halving the step moved the distribution at the points.
func (s *solution) off(points []*big.Rat) float64 {
	worst := 0.0
	if s.coarse != nil {
		for _, x := range points {
			worst = math.Max(worst, math.Abs(s.d.AtMost(x)-s.coarse.AtMost(x)))
		}
	}
	return worst
}

// atMost returns P(sum ≤ x) and its numerical error. Halving the step takes
// three quarters off an error of second order, so a third of the change is
// added; the whole change is the error figure.
func (s *solution) atMost(x *big.Rat) (p, err float64) {
	p = s.d.AtMost(x)
	if s.coarse != nil {
		move := p - s.coarse.AtMost(x)
		p = math.Min(1, math.Max(0, p+move/3))
		err = math.Abs(move)
	}
	f, _ := x.Float64()
	beyond := 1 - s.d.Covered()
	err += s.grid.Rounding(f, beyond)
	if s.rough != nil {
		err += math.Abs(s.first.AtMost(x) - s.rough.AtMost(x))
	}
	if f > s.d.Top() {
		err += beyond
	}
	return p, err
}

// spread is the standard deviation, at least a second, so that there is a
// lattice even where nothing varies.
func (v *solver) spread() float64 { return math.Max(1, math.Sqrt(v.variance)) }

// chance returns the probability to keep a budget, and its numerical error.
func (v *solver) chance(budget *big.Rat) (p, err float64) {
	x := new(big.Rat).Sub(budget, v.sum.certain)
	if x.Sign() < 0 {
		return 0, 0
	}
	f, _ := x.Float64()
	// Beyond 2,000 standard deviations lies less than 1/(1 + 2000²) (Cantelli).
	top := math.Min(f*1.03+1e-9, v.mean+2000*v.spread())
	if v.divisor != nil {
		if g, _ := v.divisor.Float64(); v.fixed {
			top = math.Max(top, g)
		}
	}
	return v.solve(math.Max(top, 1e-3), x).atMost(x)
}

// whole returns a solution that covers all but half a percent.
func (v *solver) whole() *solution {
	var best *solution
	for _, s := range v.solved {
		if s.d.Covered() > 0.995 && (best == nil || s.d.Top() < best.d.Top()) && s.d.Top() < 50*(v.mean+4*v.spread()) {
			best = s
		}
	}
	top := v.mean + 4*v.spread()
	for best == nil {
		if s := v.solve(top); s.d.Covered() > 0.995 || top > 1e15 {
			best = s
		}
		top *= 2
	}
	return best
}

// quantile returns the bad time that is not exceeded with probability p.
func (v *solver) quantile(p float64) float64 {
	return v.certain + v.whole().d.Quantile(p)
}

// nothing returns P(no bad time at all).
func (v *solver) nothing() float64 {
	if v.sum.certain.Sign() > 0 {
		return 0
	}
	v.whole()
	return v.none
}
