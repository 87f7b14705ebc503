package falsepage

import (
	"math"
	"math/big"
	"slices"
	"sort"
)

func sortedInts(set map[int]bool) []int {
	var out []int
	for n := range set {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

func place(sorted []int, n int) int { return sort.SearchInts(sorted, n) }

// A poisson is the law of a count: p[i] is the chance of lo+i. What is left out at
// both ends is less than lost.
type poisson struct {
	lo   int
	p    []float64
	lost float64
}

// leftOut is about the chance of what a table leaves out at each end.
const leftOut = 1e-18

func newPoisson(mean float64) poisson {
	if mean <= 0 {
		return poisson{p: []float64{1}}
	}
	mode := int(mean)
	var down, up []float64
	sum := 1.0
	for x, k := 1.0, mode; k > 0 && x > leftOut; k-- {
		x *= float64(k) / mean
		down, sum = append(down, x), sum+x
	}
	for x, k := 1.0, mode+1; x > leftOut; k++ {
		x *= mean / float64(k)
		up, sum = append(up, x), sum+x
	}
	slices.Reverse(down)
	p := append(append(down, 1), up...)
	for i := range p {
		p[i] /= sum
	}
	// Beyond the table terms fall at least as fast as a geometric series, of a ratio
	// that leaves about as many of them as one standard deviation.
	return poisson{mode - len(down), p, 2 * leftOut * (1 + math.Sqrt(mean))}
}

// of is the chance of a count.
func (t poisson) of(k int) float64 {
	if k -= t.lo; k >= 0 && k < len(t.p) {
		return t.p[k]
	}
	return 0
}

// A law is that of a sum on a lattice: p[i] is the chance of index lo+i.
type law struct {
	lo   int
	p    []float64
	lost float64
}

// scale is a lattice: the steps of a failed request up and of a good one down.
type scale struct{ up, down float64 }

// newLaw is the law of up·failed − down·good + shift for Poisson counts. What does
// not fall on a point is divided between its two neighbours, which keeps the mean.
func newLaw(c *counter, failed, good float64, s scale, shift float64) law {
	f, g := newPoisson(failed), newPoisson(good)
	a, b := f.on(s.up, shift), g.on(-s.down, 0)
	out := law{lo: a.lo + b.lo, p: make([]float64, len(a.p)+len(b.p)-1), lost: f.lost + g.lost}
	c.add(len(a.p) + len(b.p))
	var at []int
	for j, y := range b.p {
		if y != 0 {
			at = append(at, j)
		}
	}
	for i, x := range a.p {
		if x == 0 {
			continue
		}
		row := out.p[i:]
		for _, j := range at {
			row[j] += x * b.p[j]
		}
		c.add(len(at))
	}
	return out.trimmed()
}

// negligible is the chance of one point of a law that is left out.
const negligible = 1e-19

// trimmed leaves out what is negligible at both ends.
func (l law) trimmed() law {
	from, to := 0, len(l.p)
	for ; from < to-1 && l.p[from] < negligible; from++ {
		l.lost += l.p[from]
	}
	for ; to > from+1 && l.p[to-1] < negligible; to-- {
		l.lost += l.p[to-1]
	}
	l.lo, l.p = l.lo+from, l.p[from:to]
	return l
}

// of is the chance of an index.
func (l law) of(k int) float64 {
	if k -= l.lo; k >= 0 && k < len(l.p) {
		return l.p[k]
	}
	return 0
}

// on puts factor·count + shift on the lattice.
func (t poisson) on(factor, shift float64) law {
	first, last := factor*float64(t.lo)+shift, factor*float64(t.lo+len(t.p)-1)+shift
	lo, hi := int(math.Floor(min(first, last))), int(math.Floor(max(first, last)))+1
	out := law{lo: lo, p: make([]float64, hi-lo+1)}
	for i, x := range t.p {
		at := factor*float64(t.lo+i) + shift
		k := math.Floor(at)
		rest := at - k
		out.p[int(k)-lo] += x * (1 - rest)
		if rest > 0 {
			out.p[int(k)-lo+1] += x * rest
		}
	}
	return out
}

// atLeast is a function of index: the chance that the sum is at least that.
type atLeast struct {
	lo int
	p  []float64
}

func (l law) atLeast() atLeast {
	t := atLeast{l.lo, make([]float64, len(l.p))}
	sum := 0.0
	for i := len(l.p) - 1; i >= 0; i-- {
		sum += l.p[i]
		t.p[i] = min(1, sum)
	}
	return t
}

func (t atLeast) of(k int) float64 {
	if k < t.lo {
		return 1
	}
	if k -= t.lo; k < len(t.p) {
		return t.p[k]
	}
	return 0
}

// spread is about how far a law of that many bins reaches, in failed requests.
func (s *system) spread(bins, theta float64) float64 {
	f, g := s.failed*bins, s.good*bins
	return 2 * (9.2*math.Sqrt(f)*(1-theta) + 9.2*math.Sqrt(g)*theta + 3)
}

// onLattice returns the share of the time in which a pair holds, and the chance that it
// begins to hold at an evaluation. It does not where that is left to draws: with
// guards, and where evaluations are so far apart that the windows of two of them do
// not overlap in the usual way.
//
// Let X = (1−θ)·failed − θ·good of some bins: a window is above the threshold iff
// its X is more than 0. From one evaluation to the next, d bins later, there are
// five independent pieces: o bins that leave the long window, m in both long
// windows, r bins that leave the short one, c in all four, n new ones. Then
//
//	now:    c+n > 0 and m+r+c+n > 0       before: r+c > 0 and o+m+r+c > 0
//	both:   c+n > 0, r+c > 0 and m+r+c+min(n, o) > 0
//
// and what begins is P(now) − P(both). With u = r+c,
//
//	P(both) = Σ_{u>0} Σ_c P(c) P(r = u−c) Σ_{n>−c} P(n) φ(u, n)
//	φ(u, n) = Σ_{o<n} P(o) P(m > −u−o) + P(o ≥ n) P(m > −u−n)
//
// of which the inner sums are cumulated for each u.
func (p *pair) onLattice(c *counter, s *system, limit int) (holds, begins Figure, ok bool) {
	if p.hasGuard {
		return holds, begins, false
	}
	if p.unreachable || s.failed == 0 {
		return holds, begins, true
	}
	if s.good == 0 { // every request fails: the ratio is 1 or undefined
		return p.onlyFailures(s)
	}
	whole := math.Floor(s.every)
	steps := []step{{int(whole), 1 - (s.every - whole)}, {int(whole) + 1, s.every - whole}}
	for _, st := range steps {
		if st.weight > 0 && (st.bins > p.short || p.short != p.long && p.long-p.short < st.bins) {
			return holds, begins, false
		}
	}
	steps = slices.DeleteFunc(steps, func(st step) bool { return st.weight == 0 || st.bins == 0 })
	if h, b, fits := p.exactly(c, s, steps, limit); fits {
		return h, b, true
	}
	return p.halved(c, s, steps, limit)
}

// A step is how many bins come from one evaluation to the next, and how often.
type step struct {
	bins   int
	weight float64
}

// onlyFailures: a window is above iff it holds a request, so both are iff the short one does.
func (p *pair) onlyFailures(s *system) (holds, begins Figure, ok bool) {
	empty := math.Exp(-s.failed * float64(p.short))
	holds.Value = -math.Expm1(-s.failed * float64(p.short))
	whole := math.Floor(s.every)
	for _, st := range []step{{int(whole), 1 - (s.every - whole)}, {int(whole) + 1, s.every - whole}} {
		begins.Value += st.weight * empty * -math.Expm1(-s.failed*float64(min(st.bins, p.short)))
	}
	holds.Error, begins.Error = rounding*holds.Value, rounding*begins.Value
	return holds, begins, true
}

// rounding is a bound on the relative error of sums of as many positive products.
const rounding = 1e-11

// below returns the largest fraction up to x of a denominator of at most most. No ratio of
// counts of which the larger is at most that lies between the two.
func below(x *big.Rat, most int64) (num, den int64) {
	// Down the tree of Stern and Brocot, between a/b ≤ x and c/d > x, several steps at a time.
	var a, b, c, d int64 = 0, 1, 1, 1 // x is below 1
	n, m := x.Num(), x.Denom()
	// above(p, q) is p/q − x, times what is positive
	over := func(p, q int64) *big.Int {
		l := new(big.Int).Mul(big.NewInt(p), m)
		return l.Sub(l, new(big.Int).Mul(big.NewInt(q), n))
	}
	steps := func(from, by *big.Int, room, den int64, strict bool) int64 {
		// as many k as keep from − k·by on its side, and the denominator in its room
		k := new(big.Int).Quo(from, by)
		if strict && new(big.Int).Mul(k, by).Cmp(from) == 0 {
			k.Sub(k, big.NewInt(1))
		}
		if most := room / den; !k.IsInt64() || k.Int64() > most {
			return most
		}
		return k.Int64()
	}
	for b+d <= most {
		low, high := over(a, b), over(c, d)
		low.Neg(low) // ≥ 0
		if low.Sign() == 0 {
			break
		}
		// a/b moves up while (a+kc)/(b+kd) ≤ x, then c/d down while it is above
		k := steps(low, high, most-b, d, false)
		a, b = a+k*c, b+k*d
		if low = over(a, b); low.Sign() == 0 || b+d > most {
			break
		}
		low.Neg(low)
		l := steps(high, low, most-d, b, true)
		c, d = c+l*a, d+l*b
		if k == 0 && l == 0 {
			break
		}
	}
	return a, b
}

// fraction is the threshold, or one that all ratios which occur are on the same side of.
func (p *pair) fraction(s *system) (num, den int64) {
	requests := (s.failed + s.good) * float64(p.long)
	return below(p.above, int64(requests+12*math.Sqrt(requests)+40)) // more are less likely than 1e-30
}

// exactly computes on the lattice of 1/q for a threshold p/q, unless that takes more work.
// Sums go over points of the lattice, or over pairs of counts, whichever are fewer.
func (p *pair) exactly(c *counter, s *system, steps []step, limit int) (holds, begins Figure, ok bool) {
	num, den := p.fraction(s)
	q, theta := float64(den), p.theta
	points := s.spread(float64(p.long), theta) * q
	if points > 1<<23 {
		return holds, begins, false
	}
	sc := scale{float64(den - num), float64(num)}
	sum := func(f func(*counter, step) (float64, float64)) (v, e float64) {
		for _, st := range steps {
			x, lost := f(c, st)
			v, e = v+st.weight*x, e+st.weight*lost
		}
		return v, e
	}
	var cost float64
	var sparse bool
	for _, st := range steps {
		dense, pairs := p.costs(s, st.bins, q)
		if p.short == p.long {
			continue
		}
		sparse = sparse || pairs < dense
		cost += min(dense, pairs)
	}
	for _, b := range []int{p.long, p.short} { // making the laws
		f, g := s.failed*float64(b), s.good*float64(b)
		cost += (18.4*math.Sqrt(f) + 20) * (18.4*math.Sqrt(g) + 20)
	}
	if cost > float64(limit) {
		return holds, begins, false
	}
	now, lost := p.now(c, s, sc, 0)
	holds = Figure{now, lost + rounding*now, Exact}
	both, lostBoth := sum(func(c *counter, st step) (float64, float64) {
		if p.short == p.long {
			return p.alone(c, s, sc, 0, st.bins)
		}
		if sparse {
			return p.bothByCounts(c, s, sc, st.bins)
		}
		return p.both(c, s, sc, 0, st.bins)
	})
	if p.short == p.long {
		begins = Figure{both, lostBoth + rounding*both, Exact}
		return holds, begins, true
	}
	var weight float64
	for _, st := range steps {
		weight += st.weight
	}
	begins = Figure{max(0, weight*now-both), weight*lost + lostBoth + rounding*now, Exact}
	return holds, begins, true
}

// costs are operations: over points of a lattice of steps of 1/q, and over pairs of counts.
func (p *pair) costs(s *system, d int, q float64) (dense, pairs float64) {
	n := s.spread(float64(d), p.theta) * q
	u := s.spread(float64(p.short), p.theta) / 2 * q
	count := func(bins int) float64 {
		f, g := s.failed*float64(bins), s.good*float64(bins)
		return (min(18.4*math.Sqrt(f), f+9.2*math.Sqrt(f)) + 10) * (min(18.4*math.Sqrt(g), g+9.2*math.Sqrt(g)) + 10)
	}
	return 3 * u * n, 3 * count(d) * count(p.short)
}

// halved computes on a lattice as fine as the work allows, and on ones of twice and four
// times the step. It does not where the step is too large for what errors of second order
// suppose.
func (p *pair) halved(c *counter, s *system, steps []step, limit int) (holds, begins Figure, ok bool) {
	_, den := p.fraction(s)
	widest := 1
	for _, st := range steps {
		widest = max(widest, st.bins)
	}
	// points per failed request
	dense, _ := p.costs(s, widest, 1)
	fine := math.Sqrt(float64(limit) / 2 / (1.44 * float64(len(steps)) * dense))
	reach := s.spread(float64(p.long), p.theta)
	sums := (18.4*math.Sqrt(s.failed*float64(p.long)) + 20) * (p.theta*18.4*math.Sqrt(s.good*float64(p.long)) + 1)
	fine = min(fine, float64(limit)/16/(sums*float64(len(steps))), 1<<10, (1<<23)/reach)
	if up := 4 * math.Floor((1-p.theta)*fine/4); up > 0 { // failed requests fall on points of all three
		fine = up / (1 - p.theta)
	}
	// Failed requests are whole ones. Good ones blur that, and the step has to be less than
	// what they blur, or, where nothing is left to see of it, than the deviation of a bin.
	blur := p.theta * math.Sqrt(s.good*float64(p.short))
	need := blur / 2
	if blur > 0.8 {
		need = max(need, math.Hypot(math.Sqrt(s.failed)*(1-p.theta), math.Sqrt(s.good)*p.theta)/3)
	}
	if 2/fine > need {
		return holds, begins, false
	}
	at := func(fine, moved float64) (now, begins float64) {
		sc := scale{(1 - p.theta) * fine, p.theta * fine}
		// Sums are multiples of 1/den, some of them 0, which is not above: the least that is
		// above and the most that is not are told apart halfway between them.
		shift := 0.5 - fine/(2*float64(den)) + moved*fine
		now, _ = p.now(c, s, sc, shift)
		for _, st := range steps {
			if p.short == p.long {
				x, _ := p.alone(c, s, sc, shift, st.bins)
				begins += st.weight * x
				continue
			}
			both, _ := p.both(c, s, sc, shift, st.bins)
			begins += st.weight * (now - both)
		}
		return now, begins
	}
	h1, b1 := at(fine, 0)
	h2, b2 := at(fine/2, 0)
	h4, b4 := at(fine/4, 0)
	// With as many failed requests, sums are θ apart. The halfway above is right on average over
	// how many fail; where few numbers of them matter, by up to half of that it is not.
	moved := p.theta / 2 / math.Sqrt(max(1, math.Sqrt(s.failed*float64(p.short))))
	hu, bu := at(fine/4, moved)
	hd, bd := at(fine/4, -moved)
	holds, begins = extrapolated(h1, h2, h4), extrapolated(b1, b2, b4)
	holds.Error += math.Abs(hu-hd) / 2
	begins.Error += math.Abs(bu-bd) / 2
	return holds, begins, true
}

// extrapolated is Richardson's: halving leaves a quarter of an error of second order. The error
// that is told is what all of the last halving moved, and at least a quarter of the one before.
func extrapolated(fine, coarse, coarser float64) Figure {
	moved := max(math.Abs(fine-coarse), math.Abs(coarse-coarser)/4)
	return Figure{max(0, fine+(fine-coarse)/3), moved + 1e-9*math.Abs(fine), Halved}
}

// now is P(both windows are above), where the indices of all pieces and the shift add up to
// 1 or more.
func (p *pair) now(c *counter, s *system, sc scale, shift float64) (v, lost float64) {
	short := newLaw(c, s.failed*float64(p.short), s.good*float64(p.short), sc, shift)
	if p.short == p.long {
		return short.atLeast().of(1), short.lost
	}
	n := float64(p.long - p.short)
	rest := newLaw(c, s.failed*n, s.good*n, sc, 0)
	tail := rest.atLeast()
	for i, x := range short.p {
		if k := short.lo + i; k >= 1 {
			v += x * tail.of(1-k)
		}
	}
	return v, short.lost + rest.lost
}

// alone is the chance that a single window begins to be above, d bins later:
// Σ_c P(c) P(n > −c) P(o ≤ −c).
func (p *pair) alone(c *counter, s *system, sc scale, shift float64, d int) (v, lost float64) {
	n, rest := float64(d), float64(p.long-d)
	edge := newLaw(c, s.failed*n, s.good*n, sc, 0)
	core := newLaw(c, s.failed*rest, s.good*rest, sc, shift)
	tail := edge.atLeast()
	var below float64
	less := make([]float64, len(edge.p)+1) // P(o < lo+i)
	for i, x := range edge.p {
		below += x
		less[i+1] = below
	}
	for i, x := range core.p {
		k := 1 - (core.lo + i) // n ≥ k, o < k
		v += x * tail.of(k) * less[min(max(k-edge.lo, 0), len(edge.p))]
	}
	return v, 2*edge.lost + core.lost
}

// cumulated is what φ and its sums need of the law of new bins.
type cumulated struct {
	at      []int // indexes, ascending
	p, from []float64
	k       []float64 // for one u: Σ_{i≥j} P(i) φ(u, i); one more at the end, 0
}

func newCumulated(at []int, p []float64) *cumulated {
	e := &cumulated{at: at, p: p, from: make([]float64, len(p)), k: make([]float64, len(p)+1)}
	sum := 0.0
	for i := len(p) - 1; i >= 0; i-- {
		sum += p[i]
		e.from[i] = sum
	}
	return e
}

// given fills k for one u.
func (e *cumulated) given(u int, middle atLeast) {
	before := 0.0
	for j, at := range e.at {
		t := middle.of(1 - u - at)
		e.k[j] = e.p[j] * (before + e.from[j]*t)
		before += e.p[j] * t
	}
	sum := 0.0
	for j := len(e.at) - 1; j >= 0; j-- {
		sum += e.k[j]
		e.k[j] = sum
	}
}

// both is P(both windows above at two evaluations d bins apart), over points of a lattice.
func (p *pair) both(c *counter, s *system, sc scale, shift float64, d int) (v, lost float64) {
	n := float64(d)
	edge := newLaw(c, s.failed*n, s.good*n, sc, 0)
	rest := float64(p.short - d)
	core := newLaw(c, s.failed*rest, s.good*rest, sc, shift)
	m := float64(p.long - p.short - d)
	mid := newLaw(c, s.failed*m, s.good*m, sc, 0)
	middle := mid.atLeast()
	at := make([]int, len(edge.p))
	for i := range at {
		at[i] = edge.lo + i
	}
	e := newCumulated(at, edge.p)
	short := newLaw(c, s.failed*float64(p.short), s.good*float64(p.short), sc, shift)
	last := core.lo + len(core.p) - 1 + edge.lo + len(edge.p) - 1
	for u := 1; u <= last; u++ {
		if x := short.of(u); x < negligible {
			lost += x
			continue
		}
		e.given(u, middle)
		c.add(3 * len(edge.p))
		// r = u−c from edge.lo+i, n ≥ 1−c = 1−u+r
		sum := 0.0
		from, to := max(0, u-(core.lo+len(core.p)-1)-edge.lo), min(len(edge.p)-1, u-core.lo-edge.lo)
		for i := from; i <= to; i++ {
			j := 1 - u + i // index into edge of n ≥ 1−u+r: 1−u+edge.lo+i−edge.lo
			if j >= len(edge.p) {
				break
			}
			sum += edge.p[i] * core.p[u-edge.lo-i-core.lo] * e.k[max(0, j)]
		}
		v += sum
	}
	return v, lost + 3*edge.lost + core.lost + mid.lost + short.lost
}

// bothByCounts is the same, over pairs of counts: for few requests and large denominators.
func (p *pair) bothByCounts(c *counter, s *system, sc scale, d int) (v, lost float64) {
	n := float64(d)
	rest := float64(p.short - d)
	m := float64(p.long - p.short - d)
	mid := newLaw(c, s.failed*m, s.good*m, sc, 0)
	middle := mid.atLeast()
	up, down := int(sc.up), int(sc.down)

	type point struct {
		f, g, at int
		p        float64
	}
	ef, eg := newPoisson(s.failed*n), newPoisson(s.good*n)
	var edge []point
	for i, x := range ef.p {
		for j, y := range eg.p {
			f, g := ef.lo+i, eg.lo+j
			if x*y < negligible {
				lost += 3 * x * y
				continue
			}
			edge = append(edge, point{f, g, up*f - down*g, x * y})
		}
	}
	slices.SortFunc(edge, func(a, b point) int { return a.at - b.at })
	var at []int
	var ps []float64
	for _, e := range edge {
		if len(at) > 0 && at[len(at)-1] == e.at {
			ps[len(ps)-1] += e.p
			continue
		}
		at, ps = append(at, e.at), append(ps, e.p)
	}
	e := newCumulated(at, ps)
	cf, cg := newPoisson(s.failed*rest), newPoisson(s.good*rest)
	uf, ug := newPoisson(s.failed*float64(p.short)), newPoisson(s.good*float64(p.short))
	for f := cf.lo + ef.lo; f <= cf.lo+len(cf.p)-1+ef.lo+len(ef.p)-1; f++ {
		for g := cg.lo + eg.lo; g <= cg.lo+len(cg.p)-1+eg.lo+len(eg.p)-1; g++ {
			u := up*f - down*g
			if u < 1 {
				break
			}
			if x := uf.of(f) * ug.of(g); x < negligible {
				lost += x
				continue
			}
			e.given(u, middle)
			c.add(3*len(at) + len(edge))
			j, sum := 0, 0.0
			for _, r := range edge { // 1−c = 1−u+r ascends
				i, k := f-r.f-cf.lo, g-r.g-cg.lo
				if i < 0 || i >= len(cf.p) || k < 0 || k >= len(cg.p) {
					continue
				}
				for j < len(at) && at[j] < 1-u+r.at {
					j++
				}
				sum += r.p * cf.p[i] * cg.p[k] * e.k[j]
			}
			v += sum
		}
	}
	return v, lost + 3*(ef.lost+eg.lost) + uf.lost + ug.lost + cf.lost + cg.lost + mid.lost
}
