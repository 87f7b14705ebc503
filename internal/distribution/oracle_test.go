package distribution

import "math"

// panjer returns the compound Poisson probabilities by Panjer's recursion
// g₀ = exp(λ(f₀−1)), g_k = λ/k Σ j·f_j·g_{k−j} (Panjer, ASTIN Bulletin 12,
// 1981): another way to what the transforms compute, exact but slow.
func panjer(mean float64, f []float64, n int) []float64 {
	g := make([]float64, n)
	g[0] = math.Exp(mean * (f[0] - 1))
	for k := 1; k < n; k++ {
		s := 0.0
		for j := 1; j <= k && j < len(f); j++ {
			s += float64(j) * f[j] * g[k-j]
		}
		g[k] = mean / float64(k) * s
	}
	return g
}

// panjerNegBin is panjer for the negative binomial count of a gamma mean.
func panjerNegBin(mean Gamma, f []float64, n int) []float64 {
	beta := 1 / mean.Span
	a := beta / (1 + beta)
	b := (mean.Shape - 1) * a
	g := make([]float64, n)
	g[0] = math.Pow(1+beta*(1-f[0]), -mean.Shape)
	for k := 1; k < n; k++ {
		s := 0.0
		for j := 1; j <= k && j < len(f); j++ {
			s += (a + b*float64(j)/float64(k)) * f[j] * g[k-j]
		}
		g[k] = s / (1 - a*f[0])
	}
	return g
}

// convolve is brute convolution, cut to n points.
func convolve(a, b []float64, n int) []float64 {
	c := make([]float64, n)
	for i, x := range a {
		for j, y := range b {
			if i+j < n {
				c[i+j] += x * y
			}
		}
	}
	return c
}

// A chance is a law that comes true with some probability, else never.
type chance struct {
	law   Law
	works float64
}

// first returns the detection by the first of several chances.
func first(parts ...chance) (*Detections, []float64) {
	var laws []Law
	var certain []bool
	var works []float64
	for _, p := range parts {
		laws = append(laws, p.law)
		certain = append(certain, p.works == 1)
		works = append(works, p.works)
	}
	return NewDetections(laws, certain), works
}

// A Part is an unsure share of an amount, as a law of lengths: Base + Of·X with
// X ~ Share. Of is positive.
type Part struct {
	Share    Beta
	Base, Of float64
}

// Mean implements Law.
func (p Part) Mean() float64 { return p.Base + p.Of*p.Share.Mean() }

// SecondMoment implements Law.
func (p Part) SecondMoment() float64 {
	return p.Base*p.Base + 2*p.Base*p.Of*p.Share.Mean() + p.Of*p.Of*p.Share.SecondMoment()
}

// Survival implements Law.
func (p Part) Survival(x float64) float64 { return 1 - p.Share.CDF((x-p.Base)/p.Of) }

// Below implements Law: with X ~ beta(a, b), E[X; X ≤ x] = E[X]·I_x(a+1, b).
func (p Part) Below(x float64) float64 { return p.Of * p.Share.below((x-p.Base)/p.Of) }

// Above implements Law, as Below of 1 − X ~ beta(b, a).
func (p Part) Above(x float64) float64 {
	return p.Of * Beta{p.Share.B, p.Share.A}.below(1-(x-p.Base)/p.Of)
}

// Scale implements Law.
func (p Part) Scale(s float64) Law { return Part{p.Share, p.Base * s, p.Of * s} }

func (p Part) breaks() []float64 {
	b := []float64{0, p.Base}
	for q := 0.005; q < 1; q += 0.01 {
		b = append(b, p.Base+p.Of*p.Share.Quantile(q))
	}
	return append(b, p.Base+p.Of)
}
