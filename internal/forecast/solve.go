package forecast

import (
	"math"
	"math/big"
	"math/bits"

	"tightrope/internal/dist"
)

// A solver answers questions about the distribution of one sum. It keeps the
// distributions that it has computed, so that one lattice answers what it can.
type solver struct {
	sum *sum

	mean, variance float64  // of what comes on top of certain
	certain        float64  // seconds
	none           float64  // P(nothing comes on top of certain)
	divisor        *big.Rat // of all fixed lengths; nil: none
	fixed          bool     // no length is smooth
	averaged       bool     // something is averaged over by a rule that may err
	drawn          bool     // there is too much to average over by rules
	work           int      // see rulesFit
	sided          bool     // averaging is done aside, on a coarse lattice
	many           bool     // one of very many entries
	plain          bool     // no bands are asked for
	comb           float64  // see combs
	solved         []*solution
	wide           *solution // see whole
	amounts        []dist.Recurring
	recurring      bool        // nothing but amounts that recur
	ended          func() bool // the answer is no longer wanted
	cover          float64     // how much of the distribution whole covers at least
}

// A solution is a distribution up to some bad time, and what shows how far it
// may be off: the same with larger steps, and by a coarser rule of averaging.
type solution struct {
	want         float64 // the error that ends the halving of the step
	grid         *dist.Grid
	d            *dist.Distribution
	coarse       []*dist.Distribution // with twice the step, four times…, coarsest first; none: the lattice is exact
	first, rough *dist.Distribution   // on one lattice, by the fine and the coarse rule; nil: no rule
	side         *side                // where unsure inputs are averaged over aside
}

// Sizes of lattices. An exact lattice may be larger: it needs no halving.
const (
	firstSize  = 1 << 8
	lastSize   = 1 << 17
	exactSize  = 1 << 19
	exactStart = 1 << 13 // to get all fixed lengths onto a lattice that is halved
	// wantedError ends the halving of the step.
	wantedError = 2e-7
)

// ruleWork is up to how many points of rules, times the sources computed at
// each, unsure inputs are averaged over by rules, and beyond by draws; from
// sideWork on averaging is done aside. From manyEntries on, entries are given
// less work where that costs little accuracy of the chance to keep an objective.
const (
	ruleWork    = 6000
	sideWork    = 60
	manyEntries = 60
)

func newSolver(s *sum, entries int) *solver {
	v := &solver{sum: s, ended: func() bool { return false }, cover: 0.995, many: entries > manyEntries, none: math.NaN()}
	v.mean, v.variance = s.moments()
	v.certain, _ = s.certain.Float64()
	var known bool
	v.divisor, known = s.divisor()
	v.fixed = known && s.allFixed()
	for _, b := range s.blocks {
		v.averaged = v.averaged || len(b.outer) > 0
		for _, u := range b.uses() {
			for _, p := range u.own {
				v.averaged = v.averaged || p != u.gamma && !u.Even
			}
		}
	}
	v.drawn = v.averaged && !v.rulesFit()
	v.sided = v.drawn || v.averaged && !v.fixed && (v.many || v.work > sideWork)
	if v.averaged {
		v.comb = v.combs()
	}
	v.amounts, v.recurring = s.allRecurring()
	return v
}

// lattice returns a first lattice up to top, of n points or more: its step,
// its size, and the step as a fraction where all fixed lengths lie on it. Where
// they do not, the step is a power of two of a second, so that entries have
// lattices in common. Where no probability is asked for at a certain point, only
// a sum of nothing but fixed lengths is worth that much.
func (v *solver) lattice(top float64, n int, asked bool) (step float64, size int, exact *big.Rat) {
	if v.divisor != nil {
		g, _ := v.divisor.Float64()
		if v.fixed {
			for size = 64; size <= exactSize; size *= 2 {
				if float64(size-1)*g >= top {
					return g, size, v.divisor
				}
			}
		}
		start := exactStart
		if v.sided || v.many {
			start = exactStart / 16
		}
		if !asked {
			start = 0
		}
		for size = n; size <= start; size *= 2 {
			if parts := int64(g * float64(size-1) / top); parts >= 1 {
				// A power of two of parts: halvings stay on the lattice.
				parts = 1 << (bits.Len64(uint64(parts)) - 1)
				exact = new(big.Rat).Quo(v.divisor, new(big.Rat).SetInt64(parts))
				step, _ = exact.Float64()
				return step, size, exact
			}
		}
	}
	return commonStep(top, n), n, nil
}

// at computes the distribution on one lattice, at least up to top, by rule of
// averaging fine (0) or coarse (1).
func (v *solver) at(top, step float64, n int, exact *big.Rat, rule int) (*dist.Grid, *dist.Distribution) {
	g := v.sum.planner.Grid(step, n)
	if v.recurring {
		if d, ok := dist.RecurringOn(step, min(n, int(top/step)+2), v.amounts, exact); ok {
			v.none = dist.None(v.amounts)
			return g, d
		}
	}
	e := v.sum.evaluator(g, rule)
	if v.sided {
		e.mode = atMeans
		copy(e.theta, v.sum.means)
	}
	s := e.spectrum()
	if rule == 0 && !v.sided {
		v.none = s.Zero()
	}
	return g, g.Distribution(s, exact)
}

// solve computes the distribution up to top seconds on top of certain, fine
// enough at the points given.
func (v *solver) solve(top float64, points ...*big.Rat) *solution {
	for _, s := range v.solved {
		if s.d.Top() >= top && (len(s.coarse) == 0 || s.d.Top() <= 4*top) && len(points) > 0 && s.good(points) {
			return s
		}
	}
	s := &solution{want: wantedError}
	if v.many {
		s.want = 4 * wantedError
	}
	step, n, exact := v.lattice(top, firstSize, len(points) > 0)
	if v.sided {
		s.side = v.side(top)
	}
	s.grid, s.d = v.at(top, step, n, exact, 0)
	if v.averaged && !v.sided {
		s.first = s.d
		_, s.rough = v.at(top, step, n, exact, 1)
	}
	last := lastSize
	switch {
	case v.many || len(v.sum.uses) > 200:
		last = lastSize / 16
	case v.averaged:
		last = lastSize / 8
	}
	if !(v.fixed && exact != nil && exact == v.divisor) {
		for {
			n, step = n*2, step/2
			if exact != nil {
				exact = new(big.Rat).Mul(exact, big.NewRat(1, 2))
			}
			s.coarse = append(s.coarse, s.d)
			s.grid, s.d = v.at(top, step, n, exact, 0)
			enough := len(s.coarse) >= 2 || v.many && len(points) == 0
			if enough && s.good(points) || n >= last || v.ended() {
				break
			}
		}
	}
	v.solved = append(v.solved, s)
	return s
}

// good reports whether the distribution is fine enough at the points.
func (s *solution) good(points []*big.Rat) bool {
	for _, x := range points {
		want := s.want
		if s.side != nil {
			// No finer than what was averaged aside is worth.
			want = math.Max(want, 0.05*s.side.doubt(x))
		}
		if _, err := s.halved(x); err > want {
			return false
		}
	}
	return true
}

// halved returns P(sum ≤ x) from halving the step, and an error figure. An
// error of second order loses three quarters with each halving, so a third of
// the change is added (Richardson). What that moved between the last two
// halvings, or an eighth of the last change where that is more, is the error
// figure.
func (s *solution) halved(x *big.Rat) (p, err float64) {
	p = s.d.AtMost(x)
	n := len(s.coarse)
	if n == 0 {
		return p, 0
	}
	before := s.coarse[n-1].AtMost(x)
	better := p + (p-before)/3
	err = math.Abs(p - before)
	if n > 1 {
		old := s.coarse[n-2].AtMost(x)
		err = math.Max(math.Abs(better-(before+(before-old)/3)), err/8)
	}
	return math.Min(1, math.Max(0, better)), err
}

// atMost returns P(sum ≤ x) and its numerical error: of the lattice, of the
// rules of averaging, of rounding, and of what lies beyond the lattice.
func (s *solution) atMost(x *big.Rat) (p, err float64) {
	p, err = s.halved(x)
	f, _ := x.Float64()
	if a := s.side; a != nil {
		p = math.Min(1, math.Max(0, p+a.change(x)))
		err += a.doubt(x)
	}
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
	p, err = v.solve(math.Max(top, 1e-3), x).atMost(x)
	return p, math.Min(1, err+v.comb)
}

const (
	// mostCover is as much of a distribution as is ever asked for: more is lost
	// in rounding, and no lattice would be wide enough.
	mostCover = 1 - 1e-11
	// mostRounds is how often a lattice is made wider or narrower. By Chebyshev
	// 18 doublings reach a million standard deviations; where rounding hides the
	// rest it would go on for ever.
	mostRounds = 20
)

// whole returns a solution that covers nearly all of the distribution, on a
// lattice of that size and no larger, so that quantiles do not hang on what else was asked.
func (v *solver) whole() *solution {
	if v.wide != nil {
		return v.wide
	}
	top := v.mean + 4*v.spread()
	for round := 0; v.wide == nil; round++ {
		s := v.rough(top)
		switch q := s.d.Quantile(v.cover); {
		case v.ended(), round == mostRounds:
			v.wide = s
		case s.d.Covered() < v.cover && top < 1e15:
			top *= 2
		case !(v.fixed && s.coarse == nil) && q > 0 && q < top/4 && top > 1e-2:
			top = 1.5 * q
		default:
			v.wide = s
		}
	}
	return v.wide
}

// rough returns the distribution up to top, fine enough for quantiles.
func (v *solver) rough(top float64) *solution {
	if !v.sided {
		return v.solve(top)
	}
	size := sideSize / 2
	if !v.many {
		size = 2 * sideSize
	}
	g := v.coarse(top, size)
	if v.drawn {
		return &solution{grid: g, d: v.sideDrawn(top, size).averaged}
	}
	s := v.sum.evaluator(g, 1).spectrum()
	v.none = s.Zero()
	return &solution{grid: g, d: g.Distribution(s, nil)}
}

// quantile returns the bad time that is not exceeded with probability p.
func (v *solver) quantile(p float64) float64 {
	s := v.whole()
	q := s.d.Quantile(p)
	if n := len(s.coarse); n > 0 {
		// As for a probability, a third of what halving moved.
		if move := q - s.coarse[n-1].Quantile(p); math.Abs(move) < s.grid.Step {
			q += move / 3
		}
	}
	return v.certain + math.Max(0, q)
}

// nothing returns P(no bad time at all).
func (v *solver) nothing() float64 {
	if v.sum.certain.Sign() > 0 {
		return 0
	}
	v.whole()
	return v.none
}
