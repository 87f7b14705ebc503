package forecast

import (
	"math"
	"math/big"
	"math/bits"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// A solver answers questions about the distribution of one sum. It keeps the
// distributions that it has computed, so that one lattice answers what it can.
type solver struct {
	sum *sum

	mean, variance float64  // of what comes on top of certain
	certain        float64  // seconds
	none           float64  // P(nothing comes on top of certain)
	nothingAt      float64  // none, averaged as well as it was anywhere
	noneLevel      int      // of averaging
	divisor        *big.Rat // of all fixed lengths; nil: none
	unit           *big.Rat // see sum.unit; nil: none
	fixed          bool     // no length is smooth
	averaged       bool     // something is averaged over by points
	many           bool     // one of very many entries
	plain          bool     // no bands are asked for
	comb           float64  // see combs
	solved         []*solution
	tuned          []*sites
	known          map[onKey]lattice
	wide           *solution // see whole
	amounts        []distribution.Recurring
	recurring      bool        // nothing but amounts that recur
	ended          func() bool // the answer is no longer wanted
	cover          float64     // how much of the distribution whole covers at least

	family *family
	paced  bool // the sum is another's at another pace

	stretching    map[*use]float64 // see sums; below 0: too many
	pairs         int              // of atoms that may still be added up
	work, allowed float64          // what was done so far and may be, in points of lattices
	doubt         float64          // by what share of itself the mean may be off: see losses
	short         bool             // some answer was left at what the work had reached
}

// Sizes of lattices. An exact lattice may be larger: it needs no halving.
const (
	firstSize  = 1 << 8
	lastSize   = 1 << 17
	exactSize  = 1 << 19
	exactStart = 1 << 13 // to get all fixed lengths onto a lattice that is halved
	// wantedError ends the halving of the step, and the averaging.
	wantedError = 2e-7
	// quantileError is that for quantiles.
	quantileError = 5e-6
)

// In models of more than manyEntries entries these are given less work where that
// costs little accuracy of the chance to keep an objective.
const manyEntries = 64

// forecastWork is how much work a forecast does for all entries of a model together,
// in passes over a point of a lattice: a second or two.
const (
	forecastWork = 3e8
	leastWork    = 3e6 // of one entry
)

// A workPart is how the work of a forecast is divided among the entries of a model:
// among all that there are, whichever are asked for, so that an answer is the same
// whatever is asked with it. Both numbers are rounded up to powers of two, so that one
// service more or less hardly ever moves the answers of the others.
type workPart struct{ entries, weight int }

// objectiveWeight is how much more work an objective is worth than what nobody
// asked for.
const objectiveWeight = 4

func divisionOfWork(m *model.Model) workPart {
	entries, weight := 0, 0
	services, _ := scenario.Asked(m, nil)
	for _, s := range services {
		entries += max(1, len(s.Objectives))
		weight += max(1, objectiveWeight*len(s.Objectives))
	}
	up := func(n int) int { return 1 << bits.Len(uint(max(1, n)-1)) }
	return workPart{up(entries), up(weight)}
}

// of is how much work the entry of an objective may do; nil: that of a service
// without one.
func (p workPart) of(o *model.Objective) float64 {
	weight := 1.0
	if o != nil {
		weight = objectiveWeight
	}
	return math.Max(leastWork, forecastWork*math.Min(1, weight/float64(p.weight)))
}

func newSolver(s *sum, entries int) *solver {
	copy(s.theta, s.means) // whatever was asked before
	s.regroup()
	v := &solver{sum: s, ended: func() bool { return false }, cover: 0.995, many: entries > manyEntries, none: math.NaN(), known: map[onKey]lattice{}, pairs: max(1<<16, atomPairs/entries)}
	v.allowed = math.Max(forecastWork/float64(entries), leastWork)
	v.join()
	if v.paced {
		// Only where it ends, about, is asked.
		v.mean, v.variance = v.family.first.mean, v.family.first.variance
		v.pairs /= 8
	} else {
		v.mean, v.variance = s.moments()
	}
	for _, u := range s.told {
		if u.doubt > 0 && v.mean > 0 {
			v.doubt += u.doubt * s.seconds / v.mean
		}
	}
	v.certain, _ = s.certain.Float64()
	var known bool
	v.divisor, known = s.divisor()
	v.fixed = known && s.allFixed()
	v.unit, _ = s.unit()
	for _, b := range s.blocks {
		v.averaged = v.averaged || len(b.outer) > 0
		for _, u := range b.uses() {
			for _, p := range u.own {
				v.averaged = v.averaged || p != u.gamma && !u.Even
			}
		}
	}
	if v.averaged {
		v.comb = v.combs()
	}
	v.amounts, v.recurring = s.allRecurring()
	return v
}

// join finds the family of a solver, or founds one.
func (v *solver) join() {
	for _, u := range v.sum.told {
		if u.kept.base != u && u.kept.family != nil {
			v.family, v.paced = u.kept.family, true
			return
		}
	}
	v.family = &family{first: v}
	for _, u := range v.sum.told {
		u.kept.family = v.family
	}
}

// did counts work.
func (v *solver) did(work float64) {
	v.work += work
	v.family.work += work
}

// may is up to how much work a solver may do where it is asked to do so much: all
// paces together do no more than three times what the first may.
func (v *solver) may(may float64) float64 {
	if v.paced {
		may = math.Min(may, v.work+math.Max(0, 3*v.family.first.allowed-v.family.work))
	}
	return may
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
		if v.many {
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

// on computes the distribution on one lattice, at least up to top, with averages
// of a level.
func (v *solver) on(top, step float64, n int, exact *big.Rat, x *sites, level int) (*distribution.Grid, *distribution.Distribution) {
	g := v.sum.planner.Grid(step, n)
	if v.recurring {
		if d, ok := distribution.RecurringOn(step, min(n, int(top/step)+2), v.amounts, exact); ok {
			v.none = distribution.None(v.amounts)
			return g, d
		}
	}
	e := v.sum.evaluator(g, level)
	e.sites = x
	s := e.spectrum()
	v.none = s.Zero()
	return g, g.Distribution(s, exact)
}

type onKey struct {
	sites     *sites
	step, top float64
	size      int
	level     int
}

type lattice struct {
	grid *distribution.Grid
	d    *distribution.Distribution
	less *distribution.Distribution // of the level below; nil: there is none
}

// atoms computes the fixed part exactly; nil where that is too much.
func (v *solver) atoms(s *solution, level int) *distribution.Atoms {
	if v.fixed && v.divisor != nil && !v.averaged {
		if _, size, exact := v.lattice(s.top, firstSize, true); exact == v.divisor && (v.recurring || size <= exactStart) {
			return nil // the lattice has them all
		}
	}
	if level > 0 && s.atoms[level-1] == nil {
		return nil
	}
	e := v.sum.evaluator(v.sum.planner.Grid(1, 2), level)
	e.sites = s.sites
	copy(e.theta, v.sum.firsts())
	a, left := v.sum.atoms(e, v.unit, s.top, v.pairs)
	v.pairs = left
	return a
}

// solve computes the distribution up to top seconds on top of certain, fine
// enough at the points given. may bounds the work of the solver.
func (v *solver) solve(top, want, may float64, points []float64, rats []*big.Rat) *solution {
	var known *solution
	for _, s := range v.solved {
		if s.top < top || s.sites != nil && v.work < may && !s.sites.covers(v, points) {
			continue
		}
		if known == nil || s.top < known.top {
			known = s
		}
	}
	if known != nil && (known.alone || known.final() || known.top <= 4*top || v.work >= may) {
		known.want = math.Min(known.want, want)
		known.refine(points, rats, may)
		return known
	}
	s := &solution{solver: v, top: top, want: want}
	if v.averaged {
		s.sites = v.sitesFor(top, points, (may-v.work)/10)
		s.lender = v.lender(s.sites, top)
	}
	s.deeper()
	if v.averaged && rats != nil && v.work < v.may(4*v.allowed) {
		s.deeper()
	}
	s.refine(points, rats, may)
	v.solved = append(v.solved, s)
	return s
}

// lender finds what has averaged the same sum at its own pace at the same places, up
// to top or more; nil: there is none.
func (v *solver) lender(x *sites, top float64) (out *solution) {
	if !v.paced {
		return nil
	}
	for _, s := range v.family.first.solved {
		if s.sites == x && s.top >= top*(1-1e-12) && (out == nil || len(s.terms) > len(out.terms)) {
			out = s
		}
	}
	return out
}

// sitesFor finds points to average with, or finds them again.
func (v *solver) sitesFor(top float64, points []float64, most float64) *sites {
	fits := func(x *sites) bool { return x.top >= top/2 && x.top <= 6*top }
	again := false
	for _, x := range v.tuned {
		if fits(x) && x.covers(v, points) || v.work > 3*v.allowed {
			return x
		}
		again = again || fits(x)
	}
	at := slices.Clone(points)
	for _, p := range points[:min(1, len(points))] {
		at = append(at, 0.6*p)
	}
	if again {
		// Once for all that may be asked for later.
		for _, p := range []float64{v.mean / 8, v.mean, v.mean + v.spread()} {
			if p < top {
				at = append(at, p)
			}
		}
	}
	if v.paced {
		// What its inputs move is much the same at any pace.
		for _, x := range v.family.first.tuned {
			if fits(x) && x.covers(v, points) && x.has(v.places()) {
				v.tuned = append(v.tuned, x)
				return x
			}
		}
	}
	x := v.tune(top, at, math.Max(most, 2e5))
	v.tuned = append(v.tuned, x)
	return x
}

// spread is the standard deviation, at least a second, so that there is a
// lattice even where nothing varies.
func (v *solver) spread() float64 { return math.Max(1, math.Sqrt(v.variance)) }

// chance returns the probability to keep a budget, and its numerical error.
func (v *solver) chance(budget *big.Rat) Probability {
	// Whatever was asked before, something is left.
	return v.chanceBy(budget, wantedError, math.Max(v.allowed, math.Min(v.work+v.allowed/12, 2*v.allowed)))
}

// chanceBy is chance as right as is wanted, while the work is not over a bound.
func (v *solver) chanceBy(budget *big.Rat, want, may float64) Probability {
	x := new(big.Rat).Sub(budget, v.sum.certain)
	if x.Sign() < 0 {
		return Probability{Bound: true}
	}
	f, _ := x.Float64()
	// Beyond 2,000 standard deviations lies less than 1/(1 + 2000²) (Cantelli).
	top := math.Min(f*1.03+1e-9, v.mean+2000*v.spread())
	if v.divisor != nil {
		if g, _ := v.divisor.Float64(); v.fixed {
			top = math.Max(top, g)
		}
	}
	if v.many {
		want *= 4
	}
	s := v.solve(math.Max(top, 1e-3), want, may, []float64{f}, []*big.Rat{x})
	var p Probability
	p.Value, p.Error = s.atMost(x)
	p.Bound = !v.averaged && (s.alone || s.final())
	if !s.alone && len(s.atoms) == 0 || !s.alone && s.atoms[0] == nil {
		l := s.terms[0].lattices
		if jump := l[len(l)-1].d.Lump(f); jump > 1e-6 {
			h := l[len(l)-1].grid.Step
			p.Below, _, _ = s.read(nil, math.Max(0, f-h))
			p.Above, _, _ = s.read(nil, f+h)
		}
	}
	if v.doubt > 0 {
		// What is rare is missed so much more or less often.
		p.Error, p.Bound = math.Min(1, p.Error+v.doubt*math.Min(1, 2*(1-p.Value))), false
	}
	p.Short = (s.short || v.doubt > 0) && p.Error > 1e-6
	v.short = v.short || p.Short
	return p
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
