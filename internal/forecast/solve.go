package forecast

import (
	"math"
	"math/big"
	"math/bits"
	"slices"

	"tightrope/internal/dist"
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
	amounts        []dist.Recurring
	recurring      bool        // nothing but amounts that recur
	ended          func() bool // the answer is no longer wanted
	cover          float64     // how much of the distribution whole covers at least

	family *family
	paced  bool // the sum is another's at another pace

	pairs         int     // of atoms that may still be added up
	work, allowed float64 // what was done so far and may be, in points of lattices
	short         bool    // some answer was left at what the work had reached
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

// From manyEntries on, entries are given less work where that costs little
// accuracy of the chance to keep an objective.
const manyEntries = 60

// forecastWork is how much work a forecast does for all of its entries together,
// in passes over a point of a lattice: about a second.
const (
	forecastWork = 2e8
	leastWork    = 3e6 // of one entry
)

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
// paces together do no more than twice what the first may.
func (v *solver) may(may float64) float64 {
	if v.paced {
		may = math.Min(may, v.work+math.Max(0, 2*v.family.first.allowed-v.family.work))
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
func (v *solver) on(top, step float64, n int, exact *big.Rat, x *sites, level int) (*dist.Grid, *dist.Distribution) {
	g := v.sum.planner.Grid(step, n)
	if v.recurring {
		if d, ok := dist.RecurringOn(step, min(n, int(top/step)+2), v.amounts, exact); ok {
			v.none = dist.None(v.amounts)
			return g, d
		}
	}
	e := v.sum.evaluator(g, level)
	e.sites = x
	s := e.spectrum()
	v.none = s.Zero()
	return g, g.Distribution(s, exact)
}

// A solution is a distribution up to some bad time, as a sum of terms: what it is
// with one point for each unsure input, and what averaging over more and more of
// them changes. The changes are ever smaller, so that coarser lattices will do.
type solution struct {
	solver  *solver
	sites   *sites
	top     float64
	asked   float64 // the top that whole asked for, which may be less
	want    float64 // the error that ends it
	terms   []*term
	atoms   []*dist.Atoms // by level; of nil the lattices have what is fixed
	inexact bool          // what is fixed does not lie on the lattice
	alone   bool          // there is nothing but the atoms
	short   bool          // the work was not enough
	stuck   bool          // there are too many atoms to average over
	rough   bool          // one lattice is enough for now: no halving
}

// A term is what one level changes, on lattices of which each has half the step of
// the one before.
type term struct {
	level    int
	step     float64
	size     int
	exact    *big.Rat // the step, where all that is fixed lies on the lattice
	final    bool     // the lattice is exact: there is nothing to halve
	lattices []lattice
	work     float64 // of a point of a lattice
}

type onKey struct {
	sites     *sites
	step, top float64
	size      int
	level     int
}

type lattice struct {
	grid *dist.Grid
	d    *dist.Distribution
	less *dist.Distribution // of the level below; nil: there is none
}

// finer adds a lattice to a term.
func (s *solution) finer(t *term) {
	v := s.solver
	if len(t.lattices) > 0 {
		t.size, t.step = t.size*2, t.step/2
		if t.exact != nil {
			t.exact = new(big.Rat).Mul(t.exact, big.NewRat(1, 2))
		}
	}
	var l lattice
	on := func(level int) (*dist.Grid, *dist.Distribution) {
		key := onKey{s.sites, t.step, s.top, t.size, level}
		x, ok := v.known[key]
		if !ok {
			x.grid, x.d = v.on(s.top, t.step, t.size, t.exact, s.sites, level)
			if level >= v.noneLevel {
				v.nothingAt, v.noneLevel = v.none, level
			}
			v.did(v.workAt(s.sites, level) * float64(t.size))
			if t.size <= 1<<12 {
				v.known[key] = x
			}
		}
		return x.grid, x.d
	}
	if t.level > 0 {
		_, l.less = on(t.level - 1)
	}
	l.grid, l.d = on(t.level)
	t.lattices = append(t.lattices, l)
}

// deeper adds a term, of the next level.
func (s *solution) deeper() {
	v := s.solver
	t := &term{level: len(s.terms), work: v.workAt(s.sites, len(s.terms))}
	if t.level > 0 {
		t.work += v.workAt(s.sites, t.level-1)
	}
	if v.unit != nil && !s.stuck {
		s.atoms = append(s.atoms, v.atoms(s, t.level))
	}
	if t.level > 0 && len(s.atoms) > 0 && s.atoms[0] != nil && s.atoms[t.level] == nil {
		// What is fixed has to be averaged as the rest is: on lattices, from the
		// beginning.
		level := t.level
		s.atoms, s.terms, s.alone, s.stuck = nil, nil, false, true
		for range level + 1 {
			s.deeper()
		}
		return
	}
	if s.alone = s.alone || len(s.atoms) > 0 && v.fixed && s.atoms[t.level] != nil; s.alone {
		t.final = true
		s.terms = append(s.terms, t)
		return
	}
	size := firstSize
	if t.level > 0 {
		size = firstSize / 2
	}
	if t.level > 1 {
		size = firstSize / 4
	}
	if len(s.atoms) > 0 && s.atoms[0] != nil {
		t.step, t.size = commonStep(s.top, size), size
	} else {
		t.step, t.size, t.exact = v.lattice(s.top, size, true)
		t.final = v.fixed && t.exact != nil && t.exact == v.divisor
		if v.averaged && (s.inexact || t.size > firstSize && v.workAt(s.sites, 1)*float64(t.size) > v.allowed/5) {
			// Not worth that much at each point of an average.
			s.inexact, t.final = true, false
			t.step, t.size, t.exact = commonStep(s.top, size), size, nil
		}
	}
	s.terms = append(s.terms, t)
	s.finer(t)
	if !t.final && !s.rough {
		s.finer(t)
	}
}

// halve adds what a rough solution was left without.
func (s *solution) halve() {
	s.rough = false
	for _, t := range s.terms {
		if !s.alone && !t.final && len(t.lattices) == 1 {
			s.finer(t)
		}
	}
}

// widen takes in all that the first lattice covers, which is up to twice what was
// asked for, where nothing was computed up to the top that was asked for alone.
func (s *solution) widen() {
	if s.alone || len(s.terms) != 1 || len(s.atoms) > 0 && s.atoms[0] != nil && !s.atoms[0].Empty() {
		return
	}
	l := s.terms[0].lattices
	s.top = math.Max(s.top, l[len(l)-1].d.Top())
}

// atoms computes the fixed part exactly; nil where that is too much.
func (v *solver) atoms(s *solution, level int) *dist.Atoms {
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

// value returns what a term adds to P(sum ≤ x), and how far the step of its lattice
// may put it off. An error of second order loses three quarters with each halving,
// so a third of the change is added (Richardson). What that moved between the last
// two halvings, or an eighth of the last change where that is more, is the error
// figure.
func (s *solution) value(t *term, at func(*dist.Distribution) float64) (p, err float64) {
	get := func(l lattice) float64 {
		if l.less == nil {
			return at(l.d)
		}
		return at(l.d) - at(l.less)
	}
	n := len(t.lattices) - 1
	p = get(t.lattices[n])
	if n == 0 {
		return p, 0
	}
	before := get(t.lattices[n-1])
	better := p + (p-before)/3
	err = math.Abs(p - before)
	if n > 1 {
		old := get(t.lattices[n-2])
		err = math.Max(math.Abs(better-(before+(before-old)/3)), err/8)
	}
	return better, err
}

// read returns P(sum ≤ x) with the error of the lattices and that of averaging.
func (s *solution) read(x *big.Rat, f float64) (p, lattices, averaging float64) {
	n := len(s.terms) - 1
	smooth := func(d *dist.Distribution) float64 { return d.AtMost(x) }
	if x == nil {
		smooth = func(d *dist.Distribution) float64 { return d.At(f) }
	}
	fixed := func(a *dist.Atoms) float64 {
		if x == nil {
			return a.Reached(f)
		}
		return a.AtMost(x)
	}
	held := len(s.atoms) > 0 && s.atoms[0] != nil
	if held {
		smooth = func(d *dist.Distribution) float64 { return d.Rest(f) }
	}
	for i, t := range s.terms {
		move := 0.0
		if held {
			move = fixed(s.atoms[i])
			if i > 0 {
				move -= fixed(s.atoms[i-1])
			}
		}
		if !s.alone {
			m, err := s.value(t, smooth)
			move += m
			lattices += err
		}
		p += move
		if i == n && i > 0 {
			averaging = math.Max(math.Abs(move), s.sites.rim(n))
		}
	}
	if held {
		lattices += s.atoms[n].Lost
	}
	if n == 0 && s.sites != nil {
		averaging = 1
	}
	if !held && !s.alone {
		l := s.terms[0].lattices
		lattices += l[len(l)-1].d.Lump(f)
	}
	return math.Min(1, math.Max(0, p)), lattices, averaging
}

// worst is the read error at the points, and near to them that of averaging: a
// change may be nothing just there.
func (s *solution) errors(x *big.Rat, f float64) (p, lattices, averaging float64) {
	p, lattices, averaging = s.read(x, f)
	if len(s.terms) > 1 {
		near, part := []float64{0.85, 0.95}, 0.25
		if s.solver.comb > 0 {
			// Points make a comb of what is smooth: one tooth may lie just right.
			near, part = []float64{0.8, 0.85, 0.9, 0.95, 0.98}, 1
		}
		for _, by := range near {
			_, _, a := s.read(nil, f*by)
			averaging = math.Max(averaging, part*a)
		}
	}
	return p, lattices, averaging
}

// refine goes on until the solution is fine enough at the points, or the work is
// done that it may take.
func (s *solution) refine(points []float64, rats []*big.Rat, may float64) {
	v := s.solver
	may = v.may(may)
	last := lastSize
	if v.many || len(v.sum.uses) > 200 {
		last = lastSize / 16
	}
	for !v.ended() {
		// The worst of each kind over the points.
		averaging, total := 0.0, 0.0
		errs := make([]float64, len(s.terms))
		for i, f := range points {
			var x *big.Rat
			if rats != nil {
				x = rats[i]
			}
			_, l, a := s.errors(x, f)
			averaging, total = math.Max(averaging, a), math.Max(total, l+a)
			if s.alone {
				continue
			}
			at := func(d *dist.Distribution) float64 { return s.part(d, x, f) }
			for k, t := range s.terms {
				_, err := s.value(t, at)
				errs[k] = math.Max(errs[k], err)
			}
		}
		if total <= s.want {
			return
		}
		// The largest of the errors that can be made less.
		best, gain := -2, s.want/16
		for k, t := range s.terms {
			cost := t.work * float64(2*t.size)
			if k > 0 && errs[k] < averaging/8 {
				continue // not worth it
			}
			if !s.alone && !t.final && t.size < last && errs[k] > gain && v.work+cost <= may {
				best, gain = k, errs[k]
			}
		}
		if n := len(s.terms); s.sites != nil && n < s.sites.levels() && averaging > gain {
			if cost := (v.workAt(s.sites, n) + v.workAt(s.sites, n-1)) * firstSize * 0.75; v.work+cost <= may {
				best = -1
			}
		}
		switch {
		case best == -2:
			s.short = true
			return
		case best == -1:
			n := len(s.terms)
			if s.deeper(); len(s.terms) == n {
				return
			}
		default:
			s.finer(s.terms[best])
		}
	}
}

// part is what the lattices have of P(sum ≤ x).
func (s *solution) part(d *dist.Distribution, x *big.Rat, f float64) float64 {
	switch {
	case len(s.atoms) > 0 && s.atoms[0] != nil:
		return d.Rest(f)
	case x == nil:
		return d.At(f)
	}
	return d.AtMost(x)
}

// solve computes the distribution up to top seconds on top of certain, fine
// enough at the points given. may bounds the work of the solver.
func (v *solver) solve(top, want, may float64, points []float64, rats []*big.Rat) *solution {
	var known *solution
	for _, s := range v.solved {
		if s.top >= top && (known == nil || s.top < known.top) {
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
	}
	s.deeper()
	if v.averaged && rats != nil && v.work < v.may(4*v.allowed) {
		s.deeper()
	}
	s.refine(points, rats, may)
	v.solved = append(v.solved, s)
	return s
}

// final reports whether the lattice is exact.
func (s *solution) final() bool { return s.terms[0].final }

// sitesFor finds points to average with, or finds them again.
func (v *solver) sitesFor(top float64, points []float64, most float64) *sites {
	for _, x := range v.tuned {
		if x.top >= top/2 && x.top <= 6*top || v.work > v.allowed/2 {
			return x
		}
	}
	at := slices.Clone(points)
	for _, p := range points[:min(1, len(points))] {
		at = append(at, 0.6*p)
	}
	if v.paced {
		// What its inputs move is much the same at any pace.
		for _, x := range v.family.first.tuned {
			if x.top >= top/2 && x.top <= 6*top && x.has(v.places()) {
				v.tuned = append(v.tuned, x)
				return x
			}
		}
	}
	x := v.tune(top, at, math.Max(most, 2e5))
	v.tuned = append(v.tuned, x)
	return x
}

// atMost returns P(sum ≤ x) and its numerical error: of the lattice, of
// averaging, of rounding, and of what lies beyond the lattice.
func (s *solution) atMost(x *big.Rat) (p, err float64) {
	f, _ := x.Float64()
	p, lattices, averaging := s.errors(x, f)
	err = lattices + averaging
	if !s.alone {
		l := s.terms[0].lattices
		d := l[len(l)-1].d
		beyond := 1 - d.Covered()
		err += l[len(l)-1].grid.Rounding(f, beyond)
		if f > d.Top() {
			err += beyond
		}
	}
	return p, math.Min(1, err)
}

// spread is the standard deviation, at least a second, so that there is a
// lattice even where nothing varies.
func (v *solver) spread() float64 { return math.Max(1, math.Sqrt(v.variance)) }

// chance returns the probability to keep a budget, and its numerical error.
func (v *solver) chance(budget *big.Rat) Probability {
	return v.chanceBy(budget, wantedError, v.allowed)
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
	p.Short = s.short && p.Error > 1e-6
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

// jumps reports whether some bad time but none at all may be the same in two windows.
func (v *solver) jumps() bool {
	return slices.ContainsFunc(v.sum.uses, func(u *use) bool { return !u.Even && u.maybeFixed() })
}

// covered is how much of the distribution lies below top.
func (s *solution) covered() float64 {
	p, _, _ := s.read(nil, s.top)
	return p
}

// quantile returns the smallest x with P(sum ≤ x) ≥ p, or +Inf where that lies
// beyond top.
func (s *solution) quantile(p float64) float64 {
	p -= 1e-13 // what rounding may have taken
	if s.final() && !s.alone && len(s.terms) == 1 {
		return s.terms[0].lattices[0].d.Quantile(p)
	}
	at := func(x float64) float64 { q, _, _ := s.read(nil, x); return q }
	if at(0) >= p {
		return 0
	}
	if at(s.top) < p {
		return math.Inf(1)
	}
	lo, hi := 0.0, s.top
	if n := len(s.atoms); n > 0 && s.atoms[n-1] != nil {
		// Between which atoms.
		a := s.atoms[n-1]
		i, _ := slices.BinarySearchFunc(a.At, p, func(k int64, p float64) int {
			u, _ := a.Unit.Float64()
			if at(float64(k)*u) >= p {
				return 1
			}
			return -1
		})
		if i < len(a.At) {
			hi = a.Seconds(i)
			// Just below it, beyond what counts as reached.
			u, _ := a.Unit.Float64()
			if s.alone || at(hi*(1-1e-11)-2e-6*u) < p {
				return hi
			}
		}
		if i > 0 {
			lo = a.Seconds(i - 1)
		}
	}
	for range 60 {
		mid := (lo + hi) / 2
		if at(mid) >= p {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// step is the finest step of the lattices; 0 where there is none or it is exact.
func (s *solution) step() float64 {
	if s.alone || s.final() {
		return 0
	}
	return s.terms[0].step
}

// quantile returns the bad time that is not exceeded with probability p, and how
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

// nothing returns P(no bad time at all).
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
