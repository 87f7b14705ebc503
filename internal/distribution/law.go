// Package distribution computes with distributions of amounts of time on a lattice:
// it discretises, convolves, mixes and compounds them, and says how far the
// result can be from the truth. It knows nothing of services or incidents'
// causes.
//
// All times are in seconds and all probabilities plain ratios. Nothing here is
// ever normalised: mass that lies beyond the lattice is missing from it, so
// that a heavy tail is never folded back into the numbers that are shown.
package distribution

import (
	"math"
	"sync"
)

// A Law is the distribution of one non-negative amount. The laws of this
// package are comparable values, so that they can be keys of a map.
type Law interface {
	// Mean and SecondMoment return E[X] and E[X²].
	Mean() float64
	SecondMoment() float64
	// Survival returns P(X > x).
	Survival(x float64) float64
	// Below and Above return E[(x−X)⁺] and E[(X−x)⁺]. Both lose no digits
	// in their own tail.
	Below(x float64) float64
	Above(x float64) float64
	// Scale returns the law of s·X, for s > 0.
	Scale(s float64) Law
	// breaks returns points, rising, between which the law is smooth enough
	// for a few Gauss nodes.
	breaks() []float64
}

// Fixed is exactly this much, always.
type Fixed float64

// Mean implements Law.
func (f Fixed) Mean() float64 { return float64(f) }

// SecondMoment implements Law.
func (f Fixed) SecondMoment() float64 { return float64(f) * float64(f) }

// Survival implements Law.
func (f Fixed) Survival(x float64) float64 {
	if x < float64(f) {
		return 1
	}
	return 0
}

// Below implements Law.
func (f Fixed) Below(x float64) float64 { return math.Max(0, x-float64(f)) }

// Above implements Law.
func (f Fixed) Above(x float64) float64 { return math.Max(0, float64(f)-x) }

// Scale implements Law.
func (f Fixed) Scale(s float64) Law { return Fixed(float64(f) * s) }

func (f Fixed) breaks() []float64 { return []float64{float64(f)} }

// Exponential has density exp(−x/m)/m, where m is its mean.
type Exponential float64

// Mean implements Law.
func (e Exponential) Mean() float64 { return float64(e) }

// SecondMoment implements Law.
func (e Exponential) SecondMoment() float64 { return 2 * float64(e) * float64(e) }

// Survival implements Law.
func (e Exponential) Survival(x float64) float64 {
	if x <= 0 {
		return 1
	}
	return math.Exp(-x / float64(e))
}

// Below implements Law.
func (e Exponential) Below(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return x + float64(e)*math.Expm1(-x/float64(e))
}

// Above implements Law.
func (e Exponential) Above(x float64) float64 {
	if x <= 0 {
		return float64(e) - x
	}
	return float64(e) * math.Exp(-x/float64(e))
}

// Scale implements Law.
func (e Exponential) Scale(s float64) Law { return Exponential(float64(e) * s) }

func (e Exponential) breaks() []float64 {
	m := float64(e)
	b := []float64{0}
	for x := 1.0 / 4096; x < 42; x *= 1.6 {
		b = append(b, x*m)
	}
	return append(b, 42*m)
}

// LogNormal is exp(Mu + Sigma·Z) with Z standard normal; Sigma > 0.
type LogNormal struct{ Mu, Sigma float64 }

// z95 is the 95th percentile of the standard normal distribution.
const z95 = 1.6448536269514722

// LogNormalBetween returns the lognormal law whose 5th and 95th percentiles
// are low and high, 0 < low < high.
func LogNormalBetween(low, high float64) LogNormal {
	l, h := math.Log(low), math.Log(high)
	return LogNormal{Mu: (l + h) / 2, Sigma: (h - l) / (2 * z95)}
}

// Mean implements Law.
func (l LogNormal) Mean() float64 { return math.Exp(l.Mu + l.Sigma*l.Sigma/2) }

// SecondMoment implements Law.
func (l LogNormal) SecondMoment() float64 { return math.Exp(2*l.Mu + 2*l.Sigma*l.Sigma) }

// Quantile returns the point below which X lies with probability p.
func (l LogNormal) Quantile(p float64) float64 {
	return math.Exp(l.Mu - l.Sigma*math.Sqrt2*math.Erfcinv(2*p))
}

// Survival implements Law. It uses erfc, which keeps its digits in the tail.
func (l LogNormal) Survival(x float64) float64 {
	if x <= 0 {
		return 1
	}
	return upper((math.Log(x) - l.Mu) / l.Sigma)
}

// Below implements Law: x·F(x) − E[X; X ≤ x], with the partial expectation of
// the lognormal law E[X; X ≤ x] = E[X]·Φ(z − σ), z = (ln x − μ)/σ.
func (l LogNormal) Below(x float64) float64 {
	if x <= 0 {
		return 0
	}
	z := (math.Log(x) - l.Mu) / l.Sigma
	return x*upper(-z) - l.Mean()*upper(l.Sigma-z)
}

// Above implements Law.
func (l LogNormal) Above(x float64) float64 {
	if x <= 0 {
		return l.Mean() - x
	}
	z := (math.Log(x) - l.Mu) / l.Sigma
	return l.Mean()*upper(z-l.Sigma) - x*upper(z)
}

// Scale implements Law.
func (l LogNormal) Scale(s float64) Law { return LogNormal{l.Mu + math.Log(s), l.Sigma} }

func (l LogNormal) breaks() []float64 {
	b := []float64{0}
	for z := -9.0; z <= 9; z += 0.375 {
		b = append(b, math.Exp(l.Mu+l.Sigma*z))
	}
	return b
}

// upper returns P(Z > z) for a standard normal Z: near a point of the table by
// five terms of Taylor's series, whose rest is below 1e-14, else by erfc.
func upper(z float64) float64 {
	if z < -9 {
		return 1
	}
	if !(z > -upperEnd && z < upperEnd) {
		return math.Erfc(z/math.Sqrt2) / 2
	}
	k := int((z+upperEnd)*upperSteps + 0.5)
	p := &upperTable()[k]
	c := float64(k)/upperSteps - upperEnd
	d := z - c
	// Derivatives of Q are −φ times Hermite polynomials.
	return p.q - p.phi*d*(1-d*(c/2-d*((c*c-1)/6-d*((c*c-3)*c/24-d*((c*c-6)*c*c+3)/120))))
}

// The table of upper reaches from −upperEnd to upperEnd.
const (
	upperEnd   = 6
	upperSteps = 128
)

type upperPoint struct{ q, phi float64 }

var upperTable = sync.OnceValue(func() *[2*upperEnd*upperSteps + 1]upperPoint {
	t := new([2*upperEnd*upperSteps + 1]upperPoint)
	for k := range t {
		z := float64(k)/upperSteps - upperEnd
		t[k] = upperPoint{math.Erfc(z/math.Sqrt2) / 2, math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)}
	}
	return t
})
