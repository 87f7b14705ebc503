package distribution

import (
	"math"
	"math/cmplx"
)

// Poisson returns the spectrum of the sum of N amounts, N Poisson with the
// given mean.
func (s Spectrum) Poisson(mean float64) Spectrum {
	var e Exponent
	e.AddPoisson(mean, s)
	return e.Spectrum()
}

// PoissonUnsure is Poisson where the mean is gamma distributed, so that N is
// negative binomial.
func (s Spectrum) PoissonUnsure(mean Gamma) Spectrum {
	var e Exponent
	e.AddUnsure(mean, s)
	return e.Spectrum()
}

// Series returns the spectrum of the sum of N independent amounts, where N is
// first + k with probability p[k].
func (s Spectrum) Series(first int, p []float64) Spectrum {
	sum := s.apply(func(to, from []complex128) {
		for i, f := range from {
			to[i] = polynomial(p, f)
		}
	})
	if first == 0 {
		return sum
	}
	return sum.Times(s.Power(first))
}

// inBlock is how many terms of a polynomial are added up at once.
const inBlock = 16

// faint is the logarithm of a chance that leaves nothing: e^−42
// is below 10⁻¹⁸.
const faint = -42

// polynomial returns Σ p[k]·f^k for chances p and |f| ≤ 1. Blocks of terms are real
// numbers times powers that are made once (Paterson and Stockmeyer, SIAM J. Comput. 2,
// 1973): a quarter of the work of Horner's rule, and nothing that waits for what is
// before it. Powers of f that leave nothing are left out.
func polynomial(p []float64, f complex128) complex128 {
	if size := real(f)*real(f) + imag(f)*imag(f); size < 1 {
		if most := 2 * faint / math.Log(size); most < float64(len(p)-1) {
			p = p[:1+int(most)]
		}
	}
	var re, im [inBlock]float64
	power := complex(1, 0)
	for j := range inBlock {
		re[j], im[j] = real(power), imag(power)
		power *= f
	}
	var sum complex128
	for to := len(p); to > 0; {
		from := (to - 1) &^ (inBlock - 1)
		var a, b, c, d float64
		for j, x := range p[from:to] {
			if j&1 == 0 {
				a, b = a+x*re[j], b+x*im[j]
			} else {
				c, d = c+x*re[j], d+x*im[j]
			}
		}
		sum = sum*power + complex(a+c, b+d)
		to = from
	}
	return sum
}

// Maybe returns the spectrum of an amount that comes with probability p:
// 1 − p + p·φ.
func (s Spectrum) Maybe(p float64) Spectrum {
	a := 1 - p
	return s.apply(func(to, from []complex128) {
		for i, f := range from {
			to[i] = complex(a+p*real(f), p*imag(f))
		}
	})
}

// Power returns the spectrum of the sum of n independent amounts.
func (s Spectrum) Power(n int) Spectrum {
	if n == 1 && s.fixed != nil {
		return s
	}
	return s.apply(func(to, from []complex128) {
		for i, f := range from {
			r := complex(1, 0)
			for k := n; k > 0; k >>= 1 {
				if k&1 == 1 {
					r *= f
				}
				f *= f
			}
			to[i] = r
		}
	})
}

// An Exponent is the logarithm of the spectrum of a sum of compound Poisson
// amounts; adding to it multiplies them.
type Exponent struct {
	full, fixed []complex128 // fixed as of a Spectrum
	smooth      bool         // the two differ
	lent        bool         // they are another's, and not to be written to
}

// own makes the values the exponent's own, all of which n are.
func (e *Exponent) own(n int) {
	switch {
	case e.full == nil:
		e.full = make([]complex128, n)
		e.fixed = e.full
	case e.lent:
		e.full = spread(e.full, n)
		if e.smooth {
			e.fixed = spread(e.fixed, len(e.fixed))
		} else {
			e.fixed = e.full
		}
	}
	e.lent = false
}

// part takes the fixed part apart from the whole.
func (e *Exponent) part(empty bool) {
	e.smooth = true
	if empty {
		e.fixed = make([]complex128, 1)
		return
	}
	e.fixed = spread(e.full, len(e.full))
}

// spreadFixed writes the fixed part down at all points.
func (e *Exponent) spreadFixed() {
	if len(e.fixed) == 1 {
		e.fixed = spread(e.fixed, len(e.full))
	}
}

// add adds a function of a spectrum.
func (e *Exponent) add(s Spectrum, f func(to, from []complex128)) {
	empty := e.full == nil
	e.own(len(s.full))
	if !e.smooth && !s.allFixed() {
		e.part(empty)
	}
	f(e.full, s.full)
	switch {
	case !e.smooth:
	case len(s.fixed) <= 1:
		from := s.fixed
		if from == nil {
			from = make([]complex128, 1)
		}
		var c [1]complex128
		f(c[:], from)
		for i := range e.fixed {
			e.fixed[i] += c[0]
		}
	default:
		e.spreadFixed()
		f(e.fixed, s.fixed)
	}
}

// AddPoisson adds the sum of N amounts, N Poisson: mean·(φ − 1).
func (e *Exponent) AddPoisson(mean float64, s Spectrum) {
	e.add(s, func(to, from []complex128) {
		to = to[:len(from)]
		for i, f := range from {
			to[i] += complex(mean*(real(f)-1), mean*imag(f))
		}
	})
}

// AddUnsure adds the sum of N amounts, N Poisson with a gamma distributed
// mean: −shape·ln(1 + (1 − φ)/span).
func (e *Exponent) AddUnsure(mean Gamma, s Spectrum) {
	shape, span := complex(mean.Shape, 0), complex(1/mean.Span, 0)
	if mean.Shape > nearlySure {
		e.add(s, func(to, from []complex128) {
			for i, f := range from {
				to[i] += -shape * log1p(span*(1-f))
			}
		})
		return
	}
	e.add(s, func(to, from []complex128) {
		for i, f := range from {
			to[i] += -shape * log(1+span*(1-f))
		}
	})
}

// nearlySure is the shape of a rate from which on a logarithm of what is hardly
// more than 1 would lose digits.
const nearlySure = 1000

// log1p is ln(1 + z), with all digits where z is small.
func log1p(z complex128) complex128 {
	x, y := real(z), imag(z)
	return complex(math.Log1p(2*x+x*x+y*y)/2, math.Atan2(y, 1+x))
}

// log is cmplx.Log, faster where neither the square overflows nor the argument is
// beyond a right angle.
func log(z complex128) complex128 {
	re, im := real(z), imag(z)
	square := re*re + im*im
	if !(re > 0 && square > 1e-300 && square < 1e300) {
		return cmplx.Log(z)
	}
	return complex(math.Log(square)/2, math.Atan(im/re))
}

// Spectrum returns the spectrum of the sum. Nothing must have been added for
// it to be empty; see Empty.
func (e *Exponent) Spectrum() Spectrum {
	out := Spectrum{full: make([]complex128, len(e.full))}
	for i, v := range e.full {
		out.full[i] = cmplx.Exp(v)
	}
	if !e.smooth {
		out.fixed = out.full
		return out
	}
	out.fixed = make([]complex128, len(e.fixed))
	for i, v := range e.fixed {
		out.fixed[i] = cmplx.Exp(v)
	}
	return out
}

// AddScaled adds x times another exponent.
func (e *Exponent) AddScaled(x float64, o *Exponent) {
	if o.Empty() {
		return
	}
	if e.full == nil && x == 1 {
		// Often nothing else comes.
		*e = Exponent{o.full, o.fixed, o.smooth, true}
		return
	}
	empty := e.full == nil
	e.own(len(o.full))
	if !e.smooth && o.smooth {
		e.part(empty)
	}
	scaled := func(to, from []complex128) {
		to = to[:len(from)]
		for i, v := range from {
			to[i] += complex(x*real(v), x*imag(v))
		}
	}
	scaled(e.full, o.full)
	switch {
	case !e.smooth:
	case len(o.fixed) == 1:
		c := complex(x, 0) * o.fixed[0]
		for i := range e.fixed {
			e.fixed[i] += c
		}
	default:
		e.spreadFixed()
		scaled(e.fixed, o.fixed)
	}
}

// Log returns the logarithm of a spectrum, as far as its exponential is the
// spectrum again: of values that vanish it is a very small number's.
func (s Spectrum) Log() *Exponent {
	log := func(from []complex128) []complex128 {
		to := make([]complex128, len(from))
		for i, v := range from {
			if v == 0 {
				to[i] = -700
			} else {
				to[i] = cmplx.Log(v)
			}
		}
		return to
	}
	e := &Exponent{full: log(s.full)}
	switch {
	case s.allFixed():
		e.fixed = e.full
	case s.fixed == nil:
		e.smooth = true
		e.fixed = []complex128{-700}
	default:
		e.smooth = true
		e.fixed = log(s.fixed)
	}
	return e
}

// Unwrap takes whole turns off the imaginary parts: of the difference of two
// logarithms, which is small, it is those that the logarithms chose.
func (e *Exponent) Unwrap() {
	unwrap := func(f []complex128) {
		for i, v := range f {
			f[i] = complex(real(v), imag(v)-2*math.Pi*math.Round(imag(v)/(2*math.Pi)))
		}
	}
	e.own(len(e.full))
	unwrap(e.full)
	if e.smooth {
		unwrap(e.fixed)
	}
}

// Bytes is about how much memory the exponent takes.
func (e *Exponent) Bytes() int {
	n := 16 * len(e.full)
	if e.smooth {
		n += 16 * len(e.fixed)
	}
	return n
}

// Empty reports whether nothing was added.
func (e *Exponent) Empty() bool { return e.full == nil }

// Powers are the sums of n, n+k, n+2k … independent amounts.
type Powers struct{ base, now Spectrum }

// Powers begins at n, and goes on by k.
func (s Spectrum) Powers(n, k int) *Powers {
	now := s.Power(n)
	own := Spectrum{full: spread(now.full, len(now.full))}
	switch {
	case now.allFixed():
		own.fixed = own.full
	case now.fixed != nil:
		own.fixed = spread(now.fixed, len(now.fixed))
	}
	base := s
	if k > 1 {
		base = s.Power(k)
	}
	return &Powers{base, own}
}

// Next goes on to k more.
func (p *Powers) Next() {
	for i, v := range p.base.full {
		p.now.full[i] *= v
	}
	switch {
	case p.now.fixed == nil || p.now.allFixed():
	case p.base.fixed == nil:
		clear(p.now.fixed)
	default:
		for i, v := range p.base.fixed {
			p.now.fixed[i] *= v
		}
	}
}

// Spectrum is good until Next.
func (p *Powers) Spectrum() Spectrum { return p.now }
