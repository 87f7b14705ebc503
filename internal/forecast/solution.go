package forecast

import (
	"math"
	"math/big"
	"slices"

	"tightrope/internal/distribution"
)

// A solution is a distribution up to some lost time, as a sum of terms: what it is
// with one point for each unsure input, and what averaging over more and more of
// them changes. The changes are ever smaller, so that coarser lattices will do.
type solution struct {
	solver  *solver
	sites   *sites
	top     float64
	asked   float64 // the top that whole asked for, which may be less
	want    float64 // the error that ends it
	terms   []*term
	atoms   []*distribution.Atoms // by level; of nil the lattices have what is fixed
	inexact bool                  // what is fixed does not lie on the lattice
	alone   bool                  // there is nothing but the atoms
	short   bool                  // the work was not enough
	stuck   bool                  // there are too many atoms to average over
	rough   bool                  // one lattice is enough for now: no halving
	blind   bool                  // it was asked where its sites were not tuned
	lender  *solution             // of the same sum at its own pace: it has the higher levels; nil: none
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
	on := func(level int) (*distribution.Grid, *distribution.Distribution) {
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
	if t.level > 0 && s.held() && s.atoms[t.level] == nil {
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
	if s.held() {
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
	if s.alone || len(s.terms) != 1 || s.held() && !s.atoms[0].Empty() {
		return
	}
	l := s.terms[0].lattices
	s.top = math.Max(s.top, l[len(l)-1].d.Top())
}

// value returns what a term adds to P(sum ≤ x), and how far the step of its lattice
// may put it off. An error of second order loses three quarters with each halving,
// so a third of the change is added (Richardson). What that moved between the last
// two halvings, or an eighth of the last change where that is more, is the error
// figure; of a difference of two averages, half of it at first.
func (s *solution) value(t *term, at func(*distribution.Distribution) float64) (p, err float64) {
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
		part := 8.0
		if t.level > 0 && n < 4 {
			part = math.Exp2(float64(n - 1)) // a difference has to settle first
		}
		err = math.Max(math.Abs(better-(before+(before-old)/3)), err/part)
	}
	return better, err
}

// move returns what term i adds to P(sum ≤ x), with its atoms, and the error of its
// lattices.
func (s *solution) move(i int, x *big.Rat, f float64) (move, err float64) {
	fixed := func(a *distribution.Atoms) float64 {
		if x == nil {
			return a.Reached(f)
		}
		return a.AtMost(x)
	}
	if s.held() {
		move = fixed(s.atoms[i])
		if i > 0 {
			move -= fixed(s.atoms[i-1])
		}
	}
	if s.alone {
		return move, 0
	}
	at := func(d *distribution.Distribution) float64 { return s.part(d, x, f) }
	smooth, err := s.value(s.terms[i], at)
	if l := s.lender; l != nil && i < len(l.terms) && !l.alone && l.held() == s.held() {
		// What finer lattices moved there they move here, more or less.
		t, o, n := s.terms[i], l.terms[i], len(s.terms[i].lattices)
		if n < len(o.lattices) && o.lattices[n-1].grid.Step == t.lattices[n-1].grid.Step {
			same, _ := l.value(&term{level: o.level, lattices: o.lattices[:n]}, at)
			best, left := l.value(o, at)
			smooth, err = smooth+best-same, math.Min(err, left+math.Abs(best-same))
		}
	}
	return move + smooth, err
}

// held reports whether atoms hold what is fixed, at all levels.
func (s *solution) held() bool { return len(s.atoms) > 0 && s.atoms[0] != nil }

// read returns P(sum ≤ x) with the error of the lattices and that of averaging.
func (s *solution) read(x *big.Rat, f float64) (p, lattices, averaging float64) {
	n := len(s.terms) - 1
	last := 0.0
	for i := range s.terms {
		move, err := s.move(i, x, f)
		p, lattices, last = p+move, lattices+err, move
	}
	switch {
	case n > 0:
		averaging = s.left(math.Abs(last), n)
		if s.blind { // no work was left to find out
			averaging = math.Max(averaging, 4*p*(1-p)*mostUnseen)
		}
	case s.sites != nil:
		averaging = 1
	}
	switch {
	case s.held():
		lattices += s.atoms[n].Lost
	case !s.alone:
		l := s.terms[0].lattices
		lattices += l[len(l)-1].d.Lump(f)
	}
	if l := s.lender; l != nil && len(l.terms) > n+1 {
		rest, err, left := l.beyond(n, x, f)
		here, _ := l.move(n, x, f)
		// As much less or more as what was the last of both.
		off := 2 * math.Abs(last-here) / math.Max(math.Abs(here), 1e-300)
		if n == 0 {
			off *= 2 / math.Max(1-here, 0.01) // of a chance, which moves less at its ends
		}
		p, lattices = p+rest, lattices+err
		averaging = math.Min(averaging, left+math.Abs(rest)*math.Min(1, off))
	}
	return math.Min(1, math.Max(0, p)), lattices, averaging
}

// beyond is what the levels after n add, with the error of their lattices and what
// is left of averaging.
func (s *solution) beyond(n int, x *big.Rat, f float64) (rest, lattices, left float64) {
	last := 0.0
	for i := n + 1; i < len(s.terms); i++ {
		move, err := s.move(i, x, f)
		rest, lattices, last = rest+move, lattices+err, move
	}
	return rest, lattices, s.left(math.Abs(last), len(s.terms)-1)
}

// mostUnseen is by how much points that were tuned elsewhere may put a chance of one
// half off: an estimate, a few times what was seen.
const mostUnseen = 1e-2

// left is how far the average of a level may be off, which moved the chance by that
// much: by what the products at the rim of its grids still move, and by as much
// more or less of that as the last level moved against the rim before it.
func (s *solution) left(move float64, level int) float64 {
	rims := s.sites.rims(level)
	whole := math.Max(move, s.sites.rim(level))
	if rims > 2*levelErrors[min(level, len(levelErrors)-1)] {
		whole = math.Max(whole, 0.3*rims) // it was left before it was as fine as the level asks
	}
	if s.solver.comb > 0 {
		return whole // a small lattice does not see the teeth of a comb
	}
	if level == 1 {
		return math.Min(whole, 3*rims)
	}
	before := s.sites.rims(level - 1)
	return math.Min(whole, 6*rims*math.Max(0.3, move/math.Max(before, 1e-300)))
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
	s.blind = s.blind || s.sites != nil && !s.sites.covers(v, points)
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
			for k := range s.terms {
				_, err := s.move(k, x, f)
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
		if n := len(s.terms); s.sites != nil && n < s.sites.levels() && averaging > gain && (s.lender == nil || n < 2) {
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
func (s *solution) part(d *distribution.Distribution, x *big.Rat, f float64) float64 {
	switch {
	case s.held():
		return d.Rest(f)
	case x == nil:
		return d.At(f)
	}
	return d.AtMost(x)
}

// final reports whether the lattice is exact.
func (s *solution) final() bool { return s.terms[0].final }

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
