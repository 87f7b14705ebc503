package distribution

import (
	"math"
	"math/big"
	"math/cmplx"
)

// A Product multiplies spectra of one grid in place: the sum of independent
// amounts.
type Product struct {
	full, fixed []complex128
	scale       complex128 // of fixed
	flat        bool       // fixed is 1 at all points, and not written down
	none        bool       // nothing was multiplied
	same        bool       // nothing smooth so far: fixed is not kept apart
	gone        bool       // there is no fixed part any more
}

// Start makes the product the spectrum of exactly zero on g.
func (p *Product) Start(g *Grid) {
	n := g.N + 2
	if cap(p.full) < n {
		p.full, p.fixed = make([]complex128, n), make([]complex128, n)
	}
	p.full, p.fixed = p.full[:n], p.fixed[:n]
	for i := range p.full {
		p.full[i] = 1
	}
	p.none, p.same, p.gone, p.flat, p.scale = true, true, false, false, 1
}

// part takes the fixed part apart from the whole.
func (p *Product) part() {
	p.same = false
	if p.flat = p.none; !p.flat {
		copy(p.fixed, p.full)
	}
}

// Times multiplies by a spectrum.
func (p *Product) Times(s Spectrum) {
	if !s.allFixed() && p.same {
		p.part()
	}
	p.none = false
	for i, v := range s.full {
		p.full[i] *= v
	}
	switch {
	case p.same || p.gone:
	case s.fixed == nil:
		p.gone = true
	case len(s.fixed) == 1:
		p.scale *= s.fixed[0]
	case p.flat:
		p.flat = false
		copy(p.fixed, s.fixed)
	default:
		for i, v := range s.fixed {
			p.fixed[i] *= v
		}
	}
}

// A Reading reads P(sum ≤ x) off a product without transforming it back. It is
// linear: a sum over the values of the spectrum, with weights that are the
// adjoint of the inverse transform, of cumulating and of Distribution.AtMost.
type Reading struct {
	full, fixed []complex128
	all         complex128 // of fixed, summed up
	never       bool
}

// Reading returns what reads P(sum ≤ x); exact is the step as a fraction where
// all fixed amounts lie on the lattice, else nil.
func (g *Grid) Reading(x, exact *big.Rat) *Reading {
	if x.Sign() < 0 {
		return &Reading{never: true}
	}
	f, _ := x.Float64()
	d := Distribution{step: g.Step, exact: exact, fixed: make([]float64, g.N)}
	k := d.at(x)
	smooth := make([]float64, g.N)
	fixed := make([]float64, g.N)
	for j := 0; j <= k; j++ {
		fixed[j] = 1
	}
	upTo := func(k int, c float64) {
		for j := 0; j <= min(k, g.N-1); j++ {
			smooth[j] += c
		}
	}
	// As Distribution.smooth.
	pos := f/g.Step - 0.5
	switch i := int(math.Floor(math.Min(pos, float64(g.N)))); {
	case pos >= float64(g.N-1):
		upTo(g.N-1, 1)
	case i < 0:
		upTo(0, math.Max(0, 2*(pos-float64(i))-1))
	default:
		t := pos - float64(i)
		upTo(i-1, -t*(t-1)*(t-2)/6)
		upTo(i, (t+1)*(t-1)*(t-2)/2)
		upTo(i+1, -(t+1)*t*(t-2)/2)
		upTo(i+2, (t+1)*t*(t-1)/6)
	}
	for j := range fixed {
		fixed[j] -= smooth[j]
	}
	r := &Reading{full: g.adjoint(smooth), fixed: g.adjoint(fixed)}
	for _, w := range r.fixed {
		r.all += w
	}
	return r
}

// at is the last point of the lattice that is no more than x.
func (d *Distribution) at(x *big.Rat) int {
	if d.exact == nil {
		f, _ := x.Float64()
		return d.point(f)
	}
	q := new(big.Rat).Quo(x, d.exact)
	n := q.Num().Quo(q.Num(), q.Denom())
	if !n.IsInt64() || n.Int64() >= int64(len(d.fixed)) {
		return len(d.fixed) - 1
	}
	return int(n.Int64())
}

// adjoint returns weights r with Σ wⱼ·pⱼ = Re Σ rₘ·fₘ for the point masses p
// of a spectrum f.
func (g *Grid) adjoint(w []float64) []complex128 {
	scale := 1 / float64(2*g.N)
	fft, tilt, work := g.transforms()
	for j, v := range w {
		work[j] = v * scale / tilt[j]
	}
	clear(work[len(w):])
	r := make([]complex128, g.N+1)
	fft.Coefficients(r, work)
	for m, v := range r {
		c := complex(real(v), -imag(v))
		if m > 0 && m < g.N {
			c *= 2
		}
		r[m] = c
	}
	return r
}

// Of returns P(sum ≤ x).
func (r *Reading) Of(p *Product) float64 {
	if r.never {
		return 0
	}
	s := 0.0
	for m, w := range r.full {
		v := p.full[m]
		s += real(w)*real(v) - imag(w)*imag(v)
	}
	switch {
	case p.same:
		for m, w := range r.fixed {
			v := p.full[m]
			s += real(w)*real(v) - imag(w)*imag(v)
		}
	case p.gone:
	case p.flat:
		s += real(r.all * p.scale)
	default:
		part := complex128(0)
		for m, w := range r.fixed {
			part += w * p.fixed[m]
		}
		s += real(part * p.scale)
	}
	return clamp(s)
}

// HasFixed reports whether some of it is made of fixed amounts other than none
// at all.
func (s Spectrum) HasFixed() bool {
	if s.fixed == nil {
		return false
	}
	// The fixed part of something smooth that may not happen is a constant.
	for i := range s.fixed {
		// One value stands for all.
		if d := s.fixed[i] - s.fixed[0]; real(d)*real(d)+imag(d)*imag(d) > 1e-24 {
			return true
		}
	}
	return false
}

// exp is the exponential, of what is small by its series: the next term is below
// 3e-15.
func exp(z complex128) complex128 {
	const small = 0.02
	if x, y := real(z), imag(z); x < small && x > -small && y < small && y > -small {
		return 1 + z*(1+z*(1./2+z*(1./6+z*(1./24+z*(1./120+z*(1./720))))))
	}
	return cmplx.Exp(z)
}

// TimesExp multiplies by the exponential of x times an exponent.
func (p *Product) TimesExp(x float64, e *Exponent) {
	if e.Empty() || x == 0 {
		return
	}
	if e.smooth && p.same {
		p.part()
	}
	p.none = false
	c := complex(x, 0)
	for i, v := range e.full {
		p.full[i] *= exp(c * v)
	}
	if p.same || p.gone {
		return
	}
	if len(e.fixed) == 1 {
		p.scale *= exp(c * e.fixed[0])
		return
	}
	if p.flat {
		p.flat = false
		for i := range p.fixed {
			p.fixed[i] = 1
		}
	}
	for i, v := range e.fixed {
		p.fixed[i] *= exp(c * v)
	}
}

// Weights read P(sum ≤ x) off the values of a spectrum, as if all of it were
// smooth: Re Σ wₘ·fₘ.
type Weights []complex128

// Weights returns what reads P(sum ≤ x).
func (g *Grid) Weights(x float64) Weights {
	w := make([]float64, g.N)
	pos := math.Min(x/g.Step+0.5, float64(g.N))
	for j := range w {
		w[j] = math.Min(1, math.Max(0, pos-float64(j)))
	}
	return g.adjoint(w)
}

// For returns weights that read what times the spectrum s is, over by: of the sum
// of all of s that is not by, and what the weights are applied to.
func (w Weights) For(s, by Spectrum) Weights {
	out := make(Weights, len(w))
	for m := range w {
		if d := by.full[m]; real(d)*real(d)+imag(d)*imag(d) > 1e-280 {
			out[m] = w[m] * s.full[m] / d
		}
	}
	return out
}

// Of applies the weights.
func (w Weights) Of(s Spectrum) float64 {
	sum := 0.0
	for m, c := range w {
		v := s.full[m]
		sum += real(c)*real(v) - imag(c)*imag(v)
	}
	return sum
}
