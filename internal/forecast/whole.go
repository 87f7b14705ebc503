package forecast

import (
	"math"
	"slices"
)

// whole returns a solution that covers nearly all of the distribution, on a
// lattice of that size and no larger, so that quantiles do not hang on what else was asked.
func (v *solver) whole() *solution {
	if v.wide != nil {
		return v.wide
	}
	// Where it ends is found with one point for each unsure input.
	top := v.mean + 4*v.spread()
	if first := v.family.first.wide; v.paced && !v.averaged && first != nil {
		top = first.asked // at any pace it ends about there
	}
	for round := range mostRounds {
		last := round == mostRounds-1
		s := &solution{solver: v, top: top, asked: top, want: 1e-2, rough: !v.averaged}
		if v.averaged {
			s.sites = &sites{}
		}
		s.deeper()
		if !v.averaged {
			s.widen()
		}
		covered, q := s.covered(), s.quantile(v.cover)
		if covered < v.cover && top < 1e15 && !last && !v.ended() {
			top *= 2
			continue
		}
		if !s.alone && !s.final() && q > 0 && q < top/4 && top > 1e-2 && !last && !v.ended() {
			top = 1.5 * q
			continue
		}
		s.halve()
		v.wide = s
		break
	}
	for range 8 {
		if !v.averaged || v.ended() {
			break
		}
		s := &solution{solver: v, top: top, want: 1e-2}
		s.sites = v.sitesFor(top, []float64{v.mean, v.mean + v.spread()}, (v.allowed-v.work)/10)
		s.lender = v.lender(s.sites, top)
		s.deeper()
		if v.work < v.may(1.5*v.allowed) {
			s.deeper()
		}
		v.wide = s
		if s.covered() >= v.cover {
			break
		}
		top *= 1.6
	}
	v.wide.want = quantileError
	v.solved = append(v.solved, v.wide)
	return v.wide
}

// jumps reports whether some lost time but none at all may be the same in two windows.
func (v *solver) jumps() bool {
	return slices.ContainsFunc(v.sum.uses, func(u *use) bool { return !u.Even && u.maybeFixed() })
}

// quantile returns the lost time that is not exceeded with probability p, and how
// far it may be off.
func (v *solver) quantile(p float64) (q, err float64) {
	s := v.whole()
	x := s.quantile(p)
	if math.IsInf(x, 1) {
		return x, x
	}
	if !v.many && !s.alone && !s.final() && x > 0 && !v.ended() {
		// A lattice that it fills.
		if x < s.top/8 {
			if finer := v.solve(1.05*x, quantileError, v.allowed*0.6, []float64{x}, nil); finer != nil && finer.covered() >= p {
				s = finer
			}
		} else {
			s.refine([]float64{x}, nil, v.allowed*0.6)
		}
		if y := s.quantile(p); !math.IsInf(y, 1) {
			x = y
		}
	}
	// On a jump it is how well the chances on both sides of it are known that
	// decides whether it is the right one.
	at := func(x float64) float64 { _, l, a := s.errors(nil, math.Max(0, x)); return l + a }
	near := math.Max(4*s.step(), 1e-6*x)
	e := math.Min(1, math.Min(at(x), math.Max(at(x-near), at(x+near))))
	low, high := s.quantile(math.Max(0, p-e)), s.quantile(math.Min(p+e, s.covered()))
	err = math.Max(x-low, high-x)
	if math.IsInf(err, 1) || math.IsNaN(err) {
		err = s.top
	}
	if !s.alone && !s.final() && x > 0 {
		err = math.Max(err, s.step()) // it is not told more closely
	}
	return v.certain + math.Max(0, x), math.Max(1e-9*x, err)
}

// nothing returns P(no lost time at all).
func (v *solver) nothing() float64 {
	if v.sum.certain.Sign() > 0 {
		return 0
	}
	if v.wide == nil && !v.averaged {
		// Any lattice tells.
		if math.IsNaN(v.none) {
			v.none = v.sum.evaluator(v.sum.planner.Grid(1, 64), 0).spectrum().Zero()
		}
		return v.none
	}
	s := v.whole()
	if s.alone {
		return s.atoms[len(s.atoms)-1].Reached(0)
	}
	return v.nothingAt
}
