package distribution

import (
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
	return pointsOf(tablePoints, low, high, also...)
}

// pointsOf is Points with so many on each factor of ten.
func pointsOf(each, low, high float64, also ...float64) []float64 {
	out := []float64{0}
	n := max(8, int(math.Ceil(each*math.Log10(high/low))))
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

// reachOf returns a point beyond which hardly anything lies.
func reachOf(l Law) float64 {
	switch l := l.(type) {
	case Fixed:
		return float64(l) * (1 + 1e-9)
	case Table:
		return l.K * l.x[len(l.x)-1]
	}
	b := l.breaks()
	return b[len(b)-1]
}

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
	case Later:
		x, w = nodesOf(l.Of, most)
		for i := range x {
			x[i] += l.By
		}
		return x, w
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
