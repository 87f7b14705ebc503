package distribution

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"
)

// An Unsure is a number of which only a distribution is known: the same in
// every incident, but we do not know which.
type Unsure interface {
	Mean() float64
	SD() float64
	// Quantile returns the point below which it lies with probability p.
	Quantile(p float64) float64
	// Nodes returns n points and weights with which the mean of every
	// polynomial of degree below 2n is exact (Gauss quadrature). For laws of
	// a logarithm it is exact for polynomials in the logarithm.
	Nodes(n int) (x, w []float64)
}

// Gamma has density proportional to x^(Shape−1)·exp(−x·Span).
type Gamma struct{ Shape, Span float64 }

// GammaSeen is what a rate may be after count events in span: the posterior
// under Jeffreys' prior, gamma(count + 1/2, span).
func GammaSeen(count, span float64) Gamma { return Gamma{count + 0.5, span} }

// GammaBetween returns the gamma distribution whose 5th and 95th percentiles
// are low and high, 0 < low < high. The ratio of the two depends on the shape
// alone and falls with it, so that one bisection finds it.
func GammaBetween(low, high float64) Gamma {
	want := math.Log(high / low)
	spread := func(logShape float64) float64 {
		k := math.Exp(logShape)
		return math.Log(gammaQuantile(k, 0.95)) - math.Log(gammaQuantile(k, 0.05)) - want
	}
	lo, hi := math.Log(0.02), math.Log(1e13)
	// By Wilson and Hilferty's cube the spread is 3·ln of a ratio that is
	// (1 − c + t)/(1 − c − t), c = 1/9k, t = z/3√k: a start that is good where
	// the shape is not small.
	if r := math.Exp(want / 3); r < 3 {
		t := (r - 1) / (r + 1)
		guess := 2 * math.Log(z95/(3*t))
		if a, b := guess-0.3, guess+0.3; spread(a) > 0 && spread(b) < 0 {
			lo, hi = a, b
		}
	}
	k := math.Exp(root(spread, lo, hi))
	return Gamma{Shape: k, Span: gammaQuantile(k, 0.95) / high}
}

// gammaQuantile inverts the regularised incomplete gamma function. Far above
// shape 1e6 it is the Wilson–Hilferty cube, which is right to 1e-9 there.
func gammaQuantile(k, p float64) float64 {
	if k > 1e6 {
		z := -math.Sqrt2 * math.Erfcinv(2*p)
		c := 1 - 1/(9*k) + z/(3*math.Sqrt(k))
		return k * c * c * c
	}
	return mathext.GammaIncRegInv(k, p)
}

// Mean implements Unsure.
func (g Gamma) Mean() float64 { return g.Shape / g.Span }

// SD implements Unsure.
func (g Gamma) SD() float64 { return math.Sqrt(g.Shape) / g.Span }

// Quantile implements Unsure.
func (g Gamma) Quantile(p float64) float64 { return gammaQuantile(g.Shape, p) / g.Span }

// Scale returns the distribution of s times the number.
func (g Gamma) Scale(s float64) Gamma { return Gamma{g.Shape, g.Span / s} }

// CDF returns P(X ≤ x).
func (g Gamma) CDF(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return mathext.GammaIncReg(g.Shape, x*g.Span)
}

// Nodes implements Unsure, by the recurrence of the generalised Laguerre
// polynomials.
func (g Gamma) Nodes(n int) (x, w []float64) {
	a := g.Shape - 1
	x, w = golubWelsch(n,
		func(i int) float64 { return 2*float64(i) + 1 + a },
		func(i int) float64 { return math.Sqrt(float64(i) * (float64(i) + a)) })
	for i := range x {
		x[i] /= g.Span
	}
	return x, w
}

// Beta has density proportional to x^(A−1)·(1−x)^(B−1) on 0…1.
type Beta struct{ A, B float64 }

// BetaBetween returns the beta distribution whose 5th and 95th percentiles are
// low and high, 0 < low < high < 1. For a given A one B puts 95 % below high;
// along these pairs P(X ≤ low) falls with A.
func BetaBetween(low, high float64) Beta {
	logB := func(a float64) float64 {
		return root(func(lb float64) float64 {
			return mathext.RegIncBeta(a, math.Exp(lb), high) - 0.95
		}, -12, 32)
	}
	la := root(func(la float64) float64 {
		a := math.Exp(la)
		return mathext.RegIncBeta(a, math.Exp(logB(a)), low) - 0.05
	}, -12, 32)
	a := math.Exp(la)
	return Beta{a, math.Exp(logB(a))}
}

// Mean implements Unsure.
func (b Beta) Mean() float64 { return b.A / (b.A + b.B) }

// SD implements Unsure.
func (b Beta) SD() float64 {
	return math.Sqrt(b.A*b.B/(b.A+b.B+1)) / (b.A + b.B)
}

// SecondMoment returns E[X²].
func (b Beta) SecondMoment() float64 {
	return b.A * (b.A + 1) / ((b.A + b.B) * (b.A + b.B + 1))
}

// CDF returns P(X ≤ x).
func (b Beta) CDF(x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	}
	return mathext.RegIncBeta(b.A, b.B, x)
}

// Quantile implements Unsure.
func (b Beta) Quantile(p float64) float64 { return mathext.InvRegIncBeta(b.A, b.B, p) }

// Nodes implements Unsure, by the recurrence of the Jacobi polynomials on 0…1.
func (b Beta) Nodes(n int) (x, w []float64) {
	// Jacobi weight (1−t)^α (1+t)^β on −1…1 with x = (1+t)/2.
	al, be := b.B-1, b.A-1
	x, w = golubWelsch(n,
		func(i int) float64 {
			s := 2*float64(i) + al + be
			if i == 0 {
				return (be - al) / (al + be + 2)
			}
			return (be*be - al*al) / (s * (s + 2))
		},
		func(i int) float64 {
			k := float64(i)
			s := 2*k + al + be
			if i == 1 {
				return math.Sqrt(4 * (1 + al) * (1 + be) / ((2 + al + be) * (2 + al + be) * (3 + al + be)))
			}
			return math.Sqrt(4 * k * (k + al) * (k + be) * (k + al + be) / (s * s * (s + 1) * (s - 1)))
		})
	for i := range x {
		x[i] = (1 + x[i]) / 2
	}
	return x, w
}

// SD implements Unsure.
func (l LogNormal) SD() float64 { return l.Mean() * math.Sqrt(math.Expm1(l.Sigma*l.Sigma)) }

// Nodes implements Unsure: Gauss–Hermite in the logarithm.
func (l LogNormal) Nodes(n int) (x, w []float64) {
	z, by := normalRule(n)
	x, w = make([]float64, n), slices.Clone(by)
	for i := range x {
		x[i] = math.Exp(l.Mu + l.Sigma*z[i])
	}
	return x, w
}

// normalRule is the rule of n points for the standard normal distribution: nobody may
// write to it.
func normalRule(n int) (x, w []float64) {
	var r [2][]float64
	if n < len(normalRules) {
		r = normalRules[n]()
	} else {
		r = newNormalRule(n)
	}
	return r[0], r[1]
}

func newNormalRule(n int) [2][]float64 {
	x, w := golubWelsch(n,
		func(int) float64 { return 0 },
		func(i int) float64 { return math.Sqrt(float64(i)) })
	return [2][]float64{x, w}
}

// normalRules are those of few points, made when they are asked for.
var normalRules = func() (rules [40]func() [2][]float64) {
	for n := range rules {
		rules[n] = sync.OnceValue(func() [2][]float64 { return newNormalRule(n) })
	}
	return rules
}()

// golubWelsch returns the Gauss rule of the orthonormal polynomials with
// recurrence coefficients diag(i), i ≥ 0, and off(i), i ≥ 1: nodes are the
// eigenvalues of the Jacobi matrix, weights the squared first components of
// its eigenvectors (Golub & Welsch, Math. Comp. 23, 1969).
func golubWelsch(n int, diag, off func(int) float64) (x, w []float64) {
	m := mat.NewSymDense(n, nil)
	for i := range n {
		m.SetSym(i, i, diag(i))
		if i > 0 {
			m.SetSym(i-1, i, off(i))
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(m, true) {
		panic(fmt.Sprintf("distribution: no eigenvalues of a symmetric matrix of size %d", n))
	}
	x = eig.Values(nil)
	var v mat.Dense
	eig.VectorsTo(&v)
	w = make([]float64, n)
	for i := range w {
		w[i] = v.At(0, i) * v.At(0, i)
	}
	return x, w
}

// root finds the zero of a monotone function between lo and hi by the method
// of Anderson and Björck (bisection-safe false position). Where there is no
// change of sign it returns the end that is nearer to zero.
func root(f func(float64) float64, lo, hi float64) float64 {
	fl, fh := f(lo), f(hi)
	if fl == 0 || math.Abs(fl) < math.Abs(fh) && fl*fh > 0 {
		return lo
	}
	if fh == 0 || fl*fh > 0 {
		return hi
	}
	side := 0
	for range 200 {
		x := hi - fh*(hi-lo)/(fh-fl)
		if !(x > math.Min(lo, hi) && x < math.Max(lo, hi)) {
			x = (lo + hi) / 2
		}
		fx := f(x)
		if math.Abs(fx) < 1e-15 || math.Abs(hi-lo) < 1e-14*(1+math.Abs(x)) {
			return x
		}
		if fx*fh > 0 {
			if side == 1 {
				fl *= damp(fx, fh)
			}
			hi, fh, side = x, fx, 1
		} else {
			if side == -1 {
				fh *= damp(fx, fl)
			}
			lo, fl, side = x, fx, -1
		}
	}
	return (lo + hi) / 2
}

func damp(fx, old float64) float64 {
	if m := 1 - fx/old; m > 0 {
		return m
	}
	return 0.5
}
