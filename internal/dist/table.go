package dist

import (
	"cmp"
	"crypto/sha256"
	"math"
	"slices"
	"sort"
	"sync"
)

// A Table is a law that is known by its survival function at some points, and
// falls in straight lines between them: for lengths that have no formula, such
// as what is left of an outage after its first minutes. It is K times the
// amount that was tabulated. Tables are comparable, as all laws are: two are
// equal if they were made at once.
type Table struct {
	*table
	K float64
}

// table holds P(X > x) and E[(X−x)⁺] at rising points, the first of which is 0;
// at the last nothing is left.
type table struct {
	x, survival, above []float64
	below              []float64 // E[(x−X)⁺]
	second             float64
	sum                func() [sha256.Size]byte // of the points and the survival
	squares            func() squares
}

// NewTable tabulates a survival function between points, which rise from 0. It
// is taken to fall to nothing at the last of them.
func NewTable(survival func(float64) float64, points []float64) Table {
	n := len(points)
	t := &table{x: points, survival: make([]float64, n), above: make([]float64, n)}
	t.sum, t.squares = sync.OnceValue(t.digest), sync.OnceValue(t.square)
	last := 1.0
	for i, x := range points[:n-1] {
		// Rounding must not make it rise.
		last = math.Min(last, math.Max(0, survival(x)))
		t.survival[i] = last
	}
	t.below = make([]float64, n)
	for i := range n - 1 {
		t.below[i+1] = t.below[i] + (t.x[i+1]-t.x[i])*((1-t.survival[i])+(1-t.survival[i+1]))/2
	}
	for i := n - 2; i >= 0; i-- {
		h := t.x[i+1] - t.x[i]
		a, b := t.survival[i], t.survival[i+1]
		t.above[i] = t.above[i+1] + h*(a+b)/2
		// ∫ 2x·S(x) dx over the cell, S linear.
		lo := t.x[i]
		t.second += 2 * (lo*h*(a+b)/2 + h*h*(a/6+b/3))
	}
	return Table{t, 1}
}

// cell returns the last point at or below x.
func (t *table) cell(x float64) int {
	i := sort.SearchFloat64s(t.x, x)
	if i < len(t.x) && t.x[i] == x {
		return i
	}
	return i - 1
}

// Mean implements Law.
func (t Table) Mean() float64 { return t.K * t.above[0] }

// SecondMoment implements Law.
func (t Table) SecondMoment() float64 { return t.K * t.K * t.second }

// Survival implements Law.
func (t Table) Survival(x float64) float64 {
	x /= t.K
	switch {
	case x < 0:
		return 1
	case x >= t.x[len(t.x)-1]:
		return 0
	}
	i := t.cell(x)
	f := (x - t.x[i]) / (t.x[i+1] - t.x[i])
	return t.survival[i] + f*(t.survival[i+1]-t.survival[i])
}

// Above implements Law.
func (t Table) Above(x float64) float64 {
	x /= t.K
	switch {
	case x <= 0:
		return t.K * (t.above[0] - x)
	case x >= t.x[len(t.x)-1]:
		return 0
	}
	i := t.cell(x)
	rest := t.x[i+1] - x
	f := (x - t.x[i]) / (t.x[i+1] - t.x[i])
	here := t.survival[i] + f*(t.survival[i+1]-t.survival[i])
	return t.K * (t.above[i+1] + rest*(here+t.survival[i+1])/2)
}

// Below implements Law.
func (t Table) Below(x float64) float64 {
	if x <= 0 {
		return 0
	}
	x /= t.K
	if end := len(t.x) - 1; x >= t.x[end] {
		return t.K * (t.below[end] + x - t.x[end])
	}
	// Not as x − mean + Above(x), which has no digits where the mean is large.
	i := t.cell(x)
	gone := x - t.x[i]
	f := gone / (t.x[i+1] - t.x[i])
	here := t.survival[i] + f*(t.survival[i+1]-t.survival[i])
	return t.K * (t.below[i] + gone*((1-t.survival[i])+(1-here))/2)
}

// Scale implements Law.
func (t Table) Scale(s float64) Law { return Table{t.table, t.K * s} }

// To returns the law stretched so that its mean is that much.
func (t Table) To(mean float64) Table { return Table{t.table, t.K * mean / t.Mean()} }

func (t Table) breaks() []float64 {
	out := make([]float64, len(t.x))
	for i, x := range t.x {
		out[i] = t.K * x
	}
	return out
}

// tablePoints is how many points a table has on each factor of ten.
const tablePoints = 240

// Points returns points for a table: 0, then evenly in the logarithm from low
// to high, with the given points between them.
func Points(low, high float64, also ...float64) []float64 {
	out := []float64{0}
	n := max(8, int(math.Ceil(tablePoints*math.Log10(high/low))))
	for i := range n + 1 {
		out = append(out, low*math.Pow(high/low, float64(i)/float64(n)))
	}
	for _, x := range also {
		if x > 0 && x < high {
			out = append(out, x)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Shifted returns the law of c + X, for c ≥ 0.
func Shifted(l Law, c float64) Law {
	if f, ok := l.(Fixed); ok {
		return Fixed(float64(f) + c)
	}
	top := reachOf(l)
	var also []float64
	for _, x := range Points(top*1e-7, top) {
		also = append(also, c+x)
	}
	return NewTable(func(x float64) float64 {
		if x < c {
			return 1
		}
		return l.Survival(x - c)
	}, Points((c+top)*1e-4, (c+top)*(1+1e-12), also...)).To(c + l.Mean())
}

// A Blend is what may take a member of a group down: each kind of incident with
// how often it begins.
type Blend []Kind

// A Kind of incident, so often and so long.
type Kind struct {
	Often float64
	Law   Law
}

// survival is the law of one that begins.
func (b Blend) survival(x float64) float64 {
	sum, often := 0.0, 0.0
	for _, k := range b {
		sum += k.Often * k.Law.Survival(x)
		often += k.Often
	}
	return sum / often
}

// residual is the law of what is left of one at a random moment of it:
// P(R > x) = Σ often·E[(X−x)⁺] / Σ often·E[X].
func (b Blend) residual(x float64) float64 {
	if x <= 0 {
		return 1
	}
	sum, mean := 0.0, 0.0
	for _, k := range b {
		sum += k.Often * k.Law.Above(x)
		mean += k.Often * k.Law.Mean()
	}
	return sum / mean
}

// reach returns a point beyond which hardly anything of it lies.
func (b Blend) reach() float64 {
	top := 0.0
	for _, k := range b {
		top = math.Max(top, reachOf(k.Law))
	}
	return top
}

// A Cut is members of a group that are down at once: the outage of the group
// begins when First fails while the others have been down for some time
// already, and ends when the first of them all is up again.
type Cut struct {
	Weight float64 // how often, relative to the other cuts
	First  Blend
	Others []Blend
	Scale  float64 // of its lengths: the share of users that are hit; 0 is 1
}

// scale is by how much lengths are stretched.
func (c *Cut) scale() float64 {
	if c.Scale == 0 {
		return 1
	}
	return c.Scale
}

// Together returns the law of the length of a group's outage, of independent
// members: P(L > x) is the weighted mean over the cuts of P(First > x) times,
// for each other, the chance that what is left of it is longer than x. Where
// cuts have a Scale it is that of Scale × L. ok is false where there is no cut.
func Together(cuts []Cut) (law Table, ok bool) {
	total, longest := 0.0, 0.0
	var also []float64
	for _, c := range cuts {
		top := c.First.reach()
		for _, k := range c.First {
			if f, ok := k.Law.(Fixed); ok && len(also) < mostJumps {
				y := c.scale() * float64(f)
				also = append(also, math.Nextafter(y, 0), y)
			}
		}
		for _, o := range c.Others {
			top = math.Min(top, o.reach())
		}
		total += c.Weight
		longest = math.Max(longest, c.scale()*top)
	}
	if total <= 0 || longest <= 0 {
		return Table{}, false
	}
	survival := func(x float64) float64 {
		sum := 0.0
		for _, c := range cuts {
			y := x / c.scale()
			p := c.Weight * c.First.survival(y)
			for _, o := range c.Others {
				if p == 0 {
					break
				}
				p *= o.residual(y)
			}
			sum += p
		}
		return sum / total
	}
	return NewTable(survival, Points(longest*1e-7, longest, also...)), true
}

// Shortest is the law of the shorter of a time and an incident of a blend.
func Shortest(l Law, other Blend) Law {
	top := math.Min(reachOf(l), other.reach())
	var also []float64
	jump := func(l Law) {
		if f, ok := l.(Fixed); ok && float64(f) <= top && len(also) < mostJumps {
			also = append(also, math.Nextafter(float64(f), 0), float64(f))
		}
	}
	jump(l)
	for _, k := range other {
		jump(k.Law)
	}
	return NewTable(func(x float64) float64 { return l.Survival(x) * other.survival(x) }, Points(top*1e-7, top*(1+1e-12), also...))
}

// Common returns the mean time that something that begins has in common with
// something that has lasted for some time: E[min(First, what is left of other)], by
// a sum over a few hundred points.
func Common(first, other Blend) float64 {
	const points = 400
	top := math.Min(first.reach(), other.reach())
	// Evenly in the logarithm and then evenly.
	sum, last, before := 0.0, 0.0, 1.0
	step := func(x float64) {
		now := first.survival(x) * other.residual(x)
		sum += (x - last) * (before + now) / 2
		last, before = x, now
	}
	for i := range points {
		step(top * 1e-4 * math.Pow(100, float64(i)/points))
	}
	for i := range points {
		step(top * (1e-2 + 0.99*float64(i+1)/points))
	}
	return sum
}

// mostJumps bounds how many jumps of a survival a table has points beside.
const mostJumps = 400

// AtMost returns the law of min(X, top).
func AtMost(l Law, top float64) Law {
	if f, ok := l.(Fixed); ok {
		return Fixed(math.Min(float64(f), top))
	}
	if high := reachOf(l); high > top {
		return NewTable(l.Survival, Points(top*1e-7, top, math.Nextafter(top, 0)))
	}
	return l
}

// Longest returns the law of the longest of several independent times.
func Longest(laws []Law) Law {
	fixed, high := 0.0, 0.0
	var others []Law
	for _, l := range laws {
		if f, ok := l.(Fixed); ok {
			fixed = math.Max(fixed, float64(f))
			continue
		}
		others = append(others, l)
		high = math.Max(high, reachOf(l))
	}
	switch {
	case len(others) == 0:
		return Fixed(fixed)
	case len(others) == 1 && fixed == 0:
		return others[0]
	case fixed >= high:
		return Fixed(fixed)
	}
	return NewTable(func(x float64) float64 {
		if x < fixed {
			return 1
		}
		below := 1.0
		for _, l := range others {
			below *= 1 - l.Survival(x)
		}
		return 1 - below
	}, Points(high*1e-7, high, fixed, math.Nextafter(fixed, 0)))
}

// reachOf returns a point beyond which hardly anything lies.
func reachOf(l Law) float64 {
	if f, ok := l.(Fixed); ok {
		return float64(f) * (1 + 1e-9)
	}
	b := l.breaks()
	return b[len(b)-1]
}

// seldom is how rarely something may be felt to be taken as never felt: beyond
// it lies what rounding leaves of a tail.
const seldom = 1e-16

// A Felt is a share of users who do not feel the first part of an incident.
type Felt struct {
	Share float64
	After Law // how long they do not feel it
}

// FeltOf returns what users feel of an amount of bad time X of which each group
// of them does not feel the first part: the chance that anything is felt, and
// the law of Σ Share·(X − After)⁺ given that something is. The groups' After
// are the same law each time, drawn apart for each incident. A law of fixed
// lengths only stays one.
func FeltOf(l Law, groups []Felt) (chance float64, felt Law) {
	if nobody := func(g Felt) bool { return !(g.Share > 0) }; slices.ContainsFunc(groups, nobody) {
		groups = slices.DeleteFunc(slices.Clone(groups), nobody)
	}
	if len(groups) == 0 {
		return 0, Fixed(0)
	}
	if x, ok := l.(Fixed); ok && allFixed(groups) {
		sum := 0.0
		for _, g := range groups {
			sum += g.Share * math.Max(0, float64(x)-float64(g.After.(Fixed)))
		}
		if sum == 0 {
			return 0, Fixed(0)
		}
		return 1, Fixed(sum)
	}
	if x, ok := l.(Exponential); ok && len(groups) == 1 {
		if a, ok := groups[0].After.(Fixed); ok {
			// It forgets how long it has lasted.
			return x.Survival(float64(a)), x.Scale(groups[0].Share)
		}
	}
	// The survival of the sum, for each combination of the groups' After.
	var combos []combo
	combos = append(combos, combo{p: 1})
	random := 0
	for _, g := range groups {
		if _, fixed := g.After.(Fixed); !fixed {
			random++
		}
	}
	most := max(1, int(math.Pow(MostFelt, 1/float64(max(1, random)))+1e-9))
	for _, g := range groups {
		xs, ws := nodesOf(g.After, most)
		var next []combo
		for _, c := range combos {
			for i := range xs {
				next = append(next, combo{p: c.p * ws[i], after: append(slices.Clone(c.after), xs[i])})
			}
		}
		combos = next
	}
	for i := range combos {
		c := &combos[i]
		for k := range groups {
			c.order = append(c.order, k)
		}
		slices.SortStableFunc(c.order, func(a, b int) int { return cmp.Compare(c.after[a], c.after[b]) })
	}
	high := 0.0
	for _, c := range combos {
		chance += c.p * l.Survival(slices.Min(c.after))
	}
	for _, c := range combos {
		high = math.Max(high, c.bend(groups, reachOf(l)))
	}
	if chance <= seldom || high <= 0 {
		return 0, Fixed(0)
	}
	var also []float64
	for _, c := range combos {
		if f, ok := l.(Fixed); ok {
			y := c.bend(groups, float64(f))
			also = append(also, y, math.Nextafter(y, 0))
		}
		for _, a := range c.after {
			also = append(also, c.bend(groups, a))
		}
	}
	survival := func(y float64) float64 {
		sum := 0.0
		for _, c := range combos {
			sum += c.p * l.Survival(c.unbend(groups, y))
		}
		return sum / chance
	}
	mean := 0.0
	for _, c := range combos {
		for i, g := range groups {
			mean += c.p * g.Share * l.Above(c.after[i])
		}
	}
	return chance, NewTable(survival, Points(high*1e-7, high*(1+1e-12), also...)).To(mean / chance)
}

type combo struct {
	p     float64
	after []float64
	order []int // of the groups, by after
}

// bend is Σ Share·(x − after)⁺.
func (c combo) bend(groups []Felt, x float64) float64 {
	sum := 0.0
	for i, g := range groups {
		sum += g.Share * math.Max(0, x-c.after[i])
	}
	return sum
}

// unbend is the x with bend(x) = y.
func (c combo) unbend(groups []Felt, y float64) float64 {
	order := c.order
	slope, x, reached := 0.0, c.after[order[0]], 0.0
	for k, i := range order {
		x = c.after[i]
		slope += groups[i].Share
		if k+1 == len(order) {
			break
		}
		next := c.after[order[k+1]]
		if reached+slope*(next-x) >= y {
			break
		}
		reached += slope * (next - x)
	}
	return x + (y-reached)/slope
}

func allFixed(groups []Felt) bool {
	return !slices.ContainsFunc(groups, func(g Felt) bool { _, ok := g.After.(Fixed); return !ok })
}

// MostFelt is up to how many combinations of what groups do not feel are told apart.
const MostFelt = 128

// NodesOf returns points and weights of a law: one where it is fixed, else the
// middles of a few strata of equal probability.
func NodesOf(l Law) (x, w []float64) { return nodesOf(l, 24) }

// nodesOf returns no more than so many.
func nodesOf(l Law, most int) (x, w []float64) {
	n := min(24, most)
	switch l := l.(type) {
	case Fixed:
		return []float64{float64(l)}, []float64{1}
	case LogNormal:
		return l.Nodes(min(16, most))
	case Exponential:
		return Gamma{Shape: 1, Span: 1 / float64(l)}.Nodes(min(16, most))
	}
	for i := range n {
		p := (float64(i) + 0.5) / float64(n)
		b := l.breaks()
		lo, hi := 0.0, b[len(b)-1]
		for range 80 {
			if mid := (lo + hi) / 2; l.Survival(mid) > 1-p {
				lo = mid
			} else {
				hi = mid
			}
		}
		x, w = append(x, hi), append(w, 1/float64(n))
	}
	return x, w
}

// Elapsed returns the incident as the time that passes from its beginning to its
// end: all of it counts, however few users are hit or have their service back.
func (in *Incident) Elapsed() *Incident {
	out := *in
	out.Impact, out.Stages = 1, nil
	out.Attempts = slices.Clone(in.Attempts)
	for i, a := range out.Attempts {
		if a.Restores < 1 {
			// Whether it works or not, the next attempt follows.
			out.Attempts[i].Works, out.Attempts[i].Restores = 0, 1
		}
	}
	return &out
}

// Length returns the law of the bad time of an incident at an impact of 1. It
// is exact where one law says it all, and else tabulated from lattices that
// double.
func (in *Incident) Length(p *Planner) Law {
	unit := *in
	unit.Impact = 1
	if l, ok := unit.single(); ok {
		return l
	}
	m := unit.Moments()
	const n = 1 << 10
	type level struct {
		top float64
		d   *Distribution
	}
	var levels []level
	// Powers of two, so that incidents that differ little have lattices in common.
	top := math.Exp2(math.Ceil(math.Log2(m.M1 / 4)))
	for range 60 {
		g := p.Grid(top/float64(n-1), n)
		d := g.Distribution(unit.Spectrum(g), nil)
		levels = append(levels, level{top, d})
		if 1-d.Covered() < 1e-10 {
			break
		}
		top *= 4
	}
	survival := func(x float64) float64 {
		for _, l := range levels {
			if x <= l.top/2 {
				return 1 - l.d.At(x)
			}
		}
		last := levels[len(levels)-1]
		return 1 - last.d.At(x)
	}
	var also []float64
	if outcomes, ok := unit.Outcomes(); ok {
		for _, o := range outcomes {
			if len(also) < 400 {
				also = append(also, o.Bad, o.Bad*(1-1e-9))
			}
		}
	}
	t := NewTable(survival, Points(m.M1*1e-6, top, also...))
	return t.To(m.M1)
}

// single returns the law of an incident that is one law.
func (in *Incident) single() (Law, bool) {
	if len(in.Stages) > 0 || len(in.Attempts) == 0 {
		return nil, false
	}
	a := in.Attempts[0]
	if a.Works != 1 || a.Restores != 1 || a.Responder >= 0 {
		return nil, false
	}
	seen, fixed := in.Detect.fixedAt()
	if !fixed {
		return nil, false
	}
	if seen == 0 {
		return a.Takes, true
	}
	if f, ok := a.Takes.(Fixed); ok {
		return Fixed(float64(f) + seen), true
	}
	return nil, false
}
