package distribution

import (
	"math"
	"math/big"
	"sort"
)

// A Distribution is what a spectrum says of a sum on its lattice: the
// probability of each fixed sum, and the cumulated probability of the rest.
type Distribution struct {
	step  float64
	exact *big.Rat // the step, where all fixed amounts are whole multiples of it

	fixed []float64 // P(sum ≤ kh, nothing smooth in it)
	// rest holds P(sum ≤ (k+½)h, something smooth in it), which is how a
	// smooth distribution function is read off a lattice to second order.
	// nil: nothing is smooth.
	rest []float64
}

// Distribution returns the distribution that a spectrum stands for. exact is
// the step as a fraction where all fixed amounts lie on the lattice, else nil.
func (g *Grid) Distribution(s Spectrum, exact *big.Rat) *Distribution {
	d := &Distribution{step: g.Step, exact: exact}
	if g.Blurred {
		d.fixed = make([]float64, g.N)
		d.rest = cumulate(g.invert(s.full))
		return d
	}
	if s.allFixed() {
		d.fixed = cumulate(g.invert(s.full))
		return d
	}
	total := g.invert(s.full)
	if s.fixed == nil {
		d.fixed = make([]float64, g.N)
		d.rest = cumulate(total)
		return d
	}
	var fixed []float64
	if len(s.fixed) == 1 {
		fixed = make([]float64, g.N)
		fixed[0] = real(s.fixed[0])
	} else {
		fixed = g.invert(s.fixed)
	}
	for k := range total {
		total[k] -= fixed[k]
	}
	d.fixed, d.rest = cumulate(fixed), cumulate(total)
	return d
}

func cumulate(p []float64) []float64 {
	sum := 0.0
	for k, v := range p {
		sum += v
		p[k] = sum
	}
	return p
}

// Smooth reports whether anything in the sum is smooth, so that numbers
// between the points of the lattice are interpolated.
func (d *Distribution) Smooth() bool { return d.rest != nil }

// Top returns the largest point of the lattice, in seconds.
func (d *Distribution) Top() float64 { return d.step * float64(len(d.fixed)-1) }

// Covered returns P(sum ≤ Top).
func (d *Distribution) Covered() float64 {
	c := d.fixed[len(d.fixed)-1]
	if d.rest != nil {
		c += d.rest[len(d.rest)-1]
	}
	return clamp(c)
}

// AtMost returns P(sum ≤ x). x is taken exactly where the lattice is.
func (d *Distribution) AtMost(x *big.Rat) float64 {
	if x.Sign() < 0 {
		return 0
	}
	f, _ := x.Float64()
	var k int
	if d.exact != nil {
		q := new(big.Rat).Quo(x, d.exact)
		n := new(big.Int).Quo(q.Num(), q.Denom())
		if !n.IsInt64() || n.Int64() >= int64(len(d.fixed)) {
			k = len(d.fixed) - 1
		} else {
			k = int(n.Int64())
		}
	} else {
		k = d.point(f)
	}
	return clamp(d.fixed[k] + d.smooth(f))
}

// At returns P(sum ≤ x) for a number that is not exact; a point of the lattice
// within 1e-7 of a step counts as reached.
func (d *Distribution) At(x float64) float64 {
	if x < 0 {
		return 0
	}
	return clamp(d.fixed[d.point(x)] + d.smooth(x))
}

func (d *Distribution) point(x float64) int {
	return int(math.Min(math.Floor(x/d.step+1e-7), float64(len(d.fixed)-1)))
}

// smooth interpolates the smooth part at x by the cubic through the four
// nearest half points, kept between its neighbours.
func (d *Distribution) smooth(x float64) float64 {
	if d.rest == nil {
		return 0
	}
	n := len(d.rest)
	pos := x/d.step - 0.5 // rest[k] is at pos = k
	if pos >= float64(n-1) {
		return d.rest[n-1]
	}
	at := func(k int) float64 {
		switch {
		case k < 0:
			return 0
		case k >= n:
			return d.rest[n-1]
		}
		return d.rest[k]
	}
	k := int(math.Floor(pos))
	t := pos - float64(k)
	if k < 0 { // below the first half point: the cell from 0 to ½h
		t = math.Max(0, 2*t-1)
		return at(0) * t
	}
	var a, b, c, e float64
	if k >= 1 && k+2 < n {
		near := d.rest[k-1 : k+3]
		a, b, c, e = near[0], near[1], near[2], near[3]
	} else {
		a, b, c, e = at(k-1), at(k), at(k+1), at(k+2)
	}
	v := -t*(t-1)*(t-2)/6*a + (t+1)*(t-1)*(t-2)/2*b - (t+1)*t*(t-2)/2*c + (t+1)*t*(t-1)/6*e
	return math.Min(math.Max(v, math.Min(b, c)), math.Max(b, c))
}

// Quantile returns the smallest x with P(sum ≤ x) ≥ p, or +Inf where that lies
// beyond the lattice.
func (d *Distribution) Quantile(p float64) float64 {
	p -= 1e-13 // what rounding may have taken
	if p <= d.fixed[0] {
		return 0
	}
	total := func(k int) float64 { return d.fixed[k] + d.smooth(float64(k)*d.step) }
	n := len(d.fixed)
	k := sort.Search(n, func(k int) bool { return total(k) >= p })
	if k == n {
		return math.Inf(1)
	}
	hi := float64(k) * d.step
	if d.rest == nil || k == 0 {
		return hi
	}
	if d.fixed[k-1]+d.smooth(hi) < p {
		return hi // the jump at k
	}
	lo := hi - d.step
	for range 60 {
		mid := (lo + hi) / 2
		if d.fixed[k-1]+d.smooth(mid) >= p {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// Rounding bounds what floating point and the wrap-around of the transform may
// have added to or taken from a cumulated probability at x. beyond is the
// probability of what lies beyond the lattice.
func (g *Grid) Rounding(x float64, beyond float64) float64 {
	theta := tiltExponent / float64(g.N)
	k := math.Min(x/g.Step, float64(g.N))
	// An inverse transform of values of at most 1 is right to about
	// ε·log₂(2n)/√(2n) at each point, with signs at random; untilting grows
	// that by exp(θk). Six times the root of the sum of squares.
	eps := 0x1p-52 * math.Log2(float64(2*g.N)) / math.Sqrt(float64(2*g.N))
	rounding := 6 * eps * math.Exp(theta*k) / math.Sqrt(2*theta)
	return rounding + math.Exp(-2*tiltExponent)*math.Max(0, beyond)
}

func clamp(p float64) float64 { return math.Min(1, math.Max(0, p)) }

// Rest returns P(sum ≤ x, something smooth in it).
func (d *Distribution) Rest(x float64) float64 {
	if x < 0 {
		return 0
	}
	return d.smooth(x)
}

// Lump is how much more or less than its neighbours a point of the lattice near x
// has of what is fixed: about what a jump there may be put off by, where it does
// not lie on the lattice.
func (d *Distribution) Lump(x float64) float64 {
	if d.exact != nil || x < 0 {
		return 0
	}
	mass := func(k int) float64 {
		switch {
		case k < 0 || k >= len(d.fixed):
			return 0
		case k == 0:
			return d.fixed[0]
		}
		return d.fixed[k] - d.fixed[k-1]
	}
	k, worst := d.point(x), 0.0
	for i := max(1, k-1); i <= k+2; i++ {
		// One of the two points that it is between has at least half of it.
		worst = math.Max(worst, 2*math.Abs(mass(i)-(mass(i-1)+mass(i+1))/2))
	}
	return worst
}
