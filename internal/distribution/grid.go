package distribution

import (
	"math"

	"tightrope/internal/fourier"
)

// A Grid is a lattice 0, h, 2h, … (n−1)h together with what is needed to
// compute on it with Fourier transforms.
//
// Sequences are tilted (multiplied by exp(−θk)) and padded to twice their
// length before they are transformed, so that mass beyond the lattice, which
// wraps around in a discrete transform, comes back smaller by exp(−2θn)
// (Grübel & Hermesmeier, ASTIN Bulletin 29, 1999).
//
// A Grid is safe for use by one goroutine.
type Grid struct {
	Step    float64 // h, in seconds
	N       int     // number of points, a power of two
	Blurred bool    // see Planner.Blurred

	*size
	cache map[cacheKey]Spectrum
	seen  map[detectKey]Spectrum
	betas betaTables
	bytes *int // of what the planner keeps
}

type cacheKey struct {
	law   Law
	scale float64
}

// tiltExponent is θn. Aliases come back with exp(−2·tiltExponent) and rounding
// is amplified by at most exp(tiltExponent).
const tiltExponent = 10

// detectKey is detection within a stage, at an impact.
type detectKey struct {
	e      string // what tells the laws apart
	stage  stage
	impact float64
}

// A Planner makes grids and keeps them, with what was computed on them, up to a
// bound on memory. It is for use by one goroutine.
type Planner struct {
	sizes map[int]*size
	betas betaTables
	grids map[gridKey]*Grid
	bytes int
}

type gridKey struct {
	step    float64
	n       int
	blurred bool
}

// plannerBytes is how much a planner keeps.
const plannerBytes = 48 << 20

// A size holds what transforms of one size have in common, once it is needed:
// ask for it by its methods.
type size struct {
	n     int
	tilts []float64    // exp(−θk)
	turns []complex128 // exp(−2πik/2n) for k < 2n
	fft   *fourier.FFT
	work  []float64 // of 2n
}

// transforms returns what transforms need.
func (s *size) transforms() (fft *fourier.FFT, tilt, work []float64) {
	if s.fft == nil {
		s.fft, s.work = fourier.NewFFT(2*s.n), make([]float64, 2*s.n)
	}
	return s.fft, s.tilt(), s.work
}

func (s *size) tilt() []float64 {
	if s.tilts == nil {
		s.tilts = make([]float64, s.n)
		for k := range s.tilts {
			s.tilts[k] = math.Exp(-tiltExponent * float64(k) / float64(s.n))
		}
	}
	return s.tilts
}

func (s *size) roots() []complex128 {
	if s.turns == nil {
		s.turns = make([]complex128, 2*s.n)
		for k := range s.turns {
			sin, cos := math.Sincos(-math.Pi * float64(k) / float64(s.n))
			s.turns[k] = complex(cos, sin)
		}
	}
	return s.turns
}

// NewPlanner returns an empty planner.
func NewPlanner() *Planner {
	return &Planner{sizes: map[int]*size{}, betas: betaTables{}, grids: map[gridKey]*Grid{}}
}

// Grid returns the grid of n points, a power of two, at distance step.
func (p *Planner) Grid(step float64, n int) *Grid { return p.grid(gridKey{step, n, false}) }

// Blurred returns a grid that does not keep fixed amounts apart from smooth
// ones, which is half the work and right to about a step.
func (p *Planner) Blurred(step float64, n int) *Grid { return p.grid(gridKey{step, n, true}) }

// tidyBytes is how much of what was computed a planner keeps for another use.
const tidyBytes = 12 << 20

// Tidy makes a planner ready for another use: where much was computed it is
// forgotten.
func (p *Planner) Tidy() {
	if p.bytes > tidyBytes {
		p.grids, p.bytes = map[gridKey]*Grid{}, 0
	}
	if len(p.betas) > 64 {
		clear(p.betas)
	}
}

func (p *Planner) grid(key gridKey) *Grid {
	if g := p.grids[key]; g != nil {
		return g
	}
	if p.bytes > plannerBytes {
		// Whoever still holds a grid goes on with it.
		p.grids, p.bytes = map[gridKey]*Grid{}, 0
	}
	g := &Grid{
		Step: key.step, N: key.n, Blurred: key.blurred, size: p.size(key.n),
		cache: map[cacheKey]Spectrum{}, seen: map[detectKey]Spectrum{}, betas: p.betas, bytes: &p.bytes,
	}
	p.grids[key] = g
	return g
}

func (p *Planner) size(n int) *size {
	s := p.sizes[n]
	if s == nil {
		s = &size{n: n}
		p.sizes[n] = s
	}
	return s
}

// A Spectrum is the transform of a distribution on a grid, and beside it that
// of its part in which every amount that was drawn was one of a few fixed ones.
// The two parts differ in what lies between the points of the lattice: the
// fixed part has jumps, the rest is smooth.
//
// Both are values of the generating function E[z^X]. The first n+1 are taken on
// the circle of the transform; one more is taken at z = 0, where it is
// P(X = 0), not blurred by the lattice. What is done to one value is done to
// all.
type Spectrum struct {
	full []complex128
	// nil: no such part; the same slice: nothing else; one value: at all points,
	// so that it is nothing at all with that probability.
	fixed []complex128
}

// spread returns n values that may be written to: those of f, or the one that
// stands for all.
func spread(f []complex128, n int) []complex128 {
	out := make([]complex128, n)
	if len(f) != 1 {
		copy(out, f)
		return out
	}
	for i := range out {
		out[i] = f[0]
	}
	return out
}

// allFixed reports whether nothing in it is smooth.
func (s Spectrum) allFixed() bool {
	return s.fixed != nil && len(s.full) > 0 && &s.full[0] == &s.fixed[0]
}

// Bytes is about how much memory a spectrum takes.
func (s Spectrum) Bytes() int {
	if s.allFixed() {
		return 16 * len(s.full)
	}
	return 16 * (len(s.full) + len(s.fixed))
}

// Zero returns P(X = 0).
func (s Spectrum) Zero() float64 { return clamp(real(s.full[len(s.full)-1])) }

// transform returns the spectrum of n point masses of a smooth distribution.
func (g *Grid) transform(weights []float64) []complex128 {
	fft, tilt, work := g.transforms()
	for k, w := range weights {
		work[k] = w * tilt[k]
	}
	clear(work[len(weights):])
	f := make([]complex128, g.N+2)
	fft.Coefficients(f[:g.N+1], work)
	return f
}

// invert returns the n point masses of a spectrum.
func (g *Grid) invert(f []complex128) []float64 {
	fft, tilt, work := g.transforms()
	fft.Sequence(work, f[:g.N+1])
	out := make([]float64, g.N)
	scale := 1 / float64(2*g.N)
	for k := range out {
		out[k] = work[k] * scale / tilt[k]
	}
	return out
}

// Unit is the spectrum of exactly zero.
func (g *Grid) Unit() Spectrum {
	f := make([]complex128, g.N+2)
	for i := range f {
		f[i] = 1
	}
	return Spectrum{f, f}
}

// smooth returns the spectrum of something smooth. On a blurred grid there is
// one kind only.
func (g *Grid) smooth(f []complex128) Spectrum {
	if g.Blurred {
		return Spectrum{f, f}
	}
	return Spectrum{full: f}
}

// place says between which points x lies: mass 1−frac on point k and frac on
// k+1, which keeps the mean. What is meant to lie on a point does; what is far less
// than a step is not nothing, as there may be very much of it.
func (g *Grid) place(x float64) (k int, frac float64) {
	pos := x / g.Step
	near := math.Round(pos)
	if math.Abs(pos-near) < 1e-7 && (near != 0 || pos <= 0) {
		return int(near), 0
	}
	f := math.Floor(pos)
	return int(f), pos - f
}

// atom returns the spectrum of exactly x.
func (g *Grid) atom(x float64) Spectrum {
	if x == 0 {
		return g.Unit()
	}
	f := make([]complex128, g.N+2)
	if !(x/g.Step < float64(g.N)) {
		return Spectrum{f, f} // beyond the lattice
	}
	k, frac := g.place(x)
	mask, roots, tilt := 2*g.N-1, g.roots(), g.tilt()
	at := func(k int, p float64) {
		if k >= g.N || p == 0 {
			return
		}
		w := complex(p*tilt[k], 0)
		for m, j := 0, 0; m <= g.N; m, j = m+1, (j+k)&mask {
			f[m] += w * roots[j]
		}
	}
	at(k, 1-frac)
	at(k+1, frac)
	return Spectrum{f, f}
}

// Law returns the spectrum of s·X. Spectra of laws are kept, so callers must
// not write into them.
func (g *Grid) Law(l Law, s float64) Spectrum {
	if s <= 0 {
		return g.atom(0)
	}
	key := cacheKey{l, s}
	if sp, ok := g.cache[key]; ok {
		return sp
	}
	scaled := l.Scale(s)
	var sp Spectrum
	if f, ok := scaled.(Fixed); ok {
		sp = g.atom(float64(f))
	} else {
		sp = g.smooth(g.transform(g.weights(scaled)))
	}
	if *g.bytes < plannerBytes {
		g.cache[key] = sp
		*g.bytes += sp.Bytes()
	}
	return sp
}

// weights discretises a smooth law: each outcome is split between its two
// neighbours on the lattice so that its mean is kept, which gives point k the
// second difference (M((k+1)h) − 2M(kh) + M((k−1)h))/h of M(x) = E[(x−X)⁺], or
// of E[(X−x)⁺] above the mean, where that one keeps its digits.
func (g *Grid) weights(l Law) []float64 {
	h := g.Step
	w := make([]float64, g.N)
	mean := l.Mean()
	k := 0
	prev, cur := 0.0, 0.0 // Below at (k−1)h and kh
	for ; k < g.N && float64(k)*h < mean; k++ {
		next := l.Below(float64(k+1) * h)
		w[k] = (next - 2*cur + prev) / h
		prev, cur = cur, next
	}
	if k == g.N {
		return w
	}
	prev, cur = l.Above(float64(k-1)*h), l.Above(float64(k)*h)
	for ; k < g.N; k++ {
		next := l.Above(float64(k+1) * h)
		w[k] = (next - 2*cur + prev) / h
		prev, cur = cur, next
		if prev < 1e-22*h {
			break // also where the law ends between two points
		}
	}
	return w
}

// survivalWeights discretises a smooth part of a distribution given by its
// survival function in the same way: point k gets (cₖ₋₁ − cₖ)/h, where cₖ is
// the integral of the survival over its cell. breaks are points, rising,
// between which the survival is smooth; it is constant before the first and 0
// from the last on.
func (g *Grid) survivalWeights(survival func(float64) float64, breaks []float64) []float64 {
	h := g.Step
	w := make([]float64, g.N)
	before := survival(0) * h
	i := 0
	for k := range w {
		lo, hi := float64(k)*h, float64(k+1)*h
		cell, a := 0.0, lo
		for ; i < len(breaks) && breaks[i] < hi; i++ {
			if breaks[i] > a {
				cell += gauss3(survival, a, breaks[i])
				a = breaks[i]
			}
		}
		cell += gauss3(survival, a, hi)
		w[k] = (before - cell) / h
		before = cell
		if cell < 1e-22*h {
			break // a survival does not rise again
		}
	}
	return w
}

func gauss3(f func(float64) float64, a, b float64) float64 {
	s := 0.0
	for i, x := range gauss3x {
		s += gauss3w[i] * f(a+(b-a)*x)
	}
	return s * (b - a)
}

// apply maps each value of a spectrum.
func (s Spectrum) apply(f func(to, from []complex128)) Spectrum {
	out := Spectrum{full: make([]complex128, len(s.full))}
	f(out.full, s.full)
	switch {
	case s.allFixed():
		out.fixed = out.full
	case s.fixed == nil:
		out.fixed = make([]complex128, 1)
		f(out.fixed, make([]complex128, 1))
	default:
		out.fixed = make([]complex128, len(s.fixed))
		f(out.fixed, s.fixed)
	}
	return out
}

// Times returns the spectrum of the sum of two independent amounts.
func (s Spectrum) Times(o Spectrum) Spectrum {
	out := Spectrum{full: make([]complex128, len(s.full))}
	for i, v := range s.full {
		out.full[i] = v * o.full[i]
	}
	switch {
	case s.allFixed() && o.allFixed():
		out.fixed = out.full
	case s.fixed == nil || o.fixed == nil:
	default:
		a, b := s.fixed, o.fixed
		if len(a) < len(b) {
			a, b = b, a
		}
		out.fixed = make([]complex128, len(a))
		for i, v := range a {
			if len(b) == 1 {
				out.fixed[i] = v * b[0]
			} else {
				out.fixed[i] = v * b[i]
			}
		}
	}
	return out
}

// A Mix adds up weighted spectra.
type Mix struct {
	sum   Spectrum
	fixed bool // nothing smooth was added
	lent  bool // the sum is the one spectrum that was added, and not to be written to
	n     int
}

// Add adds p·s.
func (m *Mix) Add(p float64, s Spectrum) {
	if p == 0 {
		return
	}
	if m.n == 0 && p == 1 {
		// Often nothing else comes.
		m.sum, m.fixed, m.lent, m.n = s, s.allFixed(), true, 1
		return
	}
	if m.lent {
		first := m.sum
		*m = Mix{}
		m.add(1, first)
	}
	m.add(p, s)
}

func (m *Mix) add(p float64, s Spectrum) {
	add := func(to, from []complex128) {
		to = to[:len(from)]
		for i, v := range from {
			to[i] += complex(p*real(v), p*imag(v))
		}
	}
	if m.n == 0 {
		m.sum.full = make([]complex128, len(s.full))
		m.fixed = true
	}
	if m.fixed && !s.allFixed() {
		// From here on the two parts differ.
		m.fixed = false
		if m.n == 0 {
			m.sum.fixed = make([]complex128, 1)
		} else {
			m.sum.fixed = spread(m.sum.full, len(m.sum.full))
		}
	}
	m.n++
	add(m.sum.full, s.full)
	switch n := len(m.sum.fixed); {
	case m.fixed || s.fixed == nil:
	case len(s.fixed) < n:
		c := complex(p, 0) * s.fixed[0]
		for i := range m.sum.fixed {
			m.sum.fixed[i] += c
		}
	default:
		if len(s.fixed) > n {
			m.sum.fixed = spread(m.sum.fixed, len(s.fixed))
		}
		add(m.sum.fixed, s.fixed)
	}
}

// Spectrum returns the sum; of nothing it is the zero spectrum of g. Nobody may
// write to it.
func (m *Mix) Spectrum(g *Grid) Spectrum {
	switch {
	case m.n == 0:
		f := make([]complex128, g.N+2)
		return Spectrum{f, f}
	case m.lent:
		return m.sum
	case m.fixed:
		m.sum.fixed = m.sum.full
	}
	return m.sum
}

// Smooth returns the spectrum with nothing counted as fixed, but for what is
// zero, if yes.
func (s Spectrum) Smooth(yes bool) Spectrum {
	if !yes || s.fixed == nil {
		return s
	}
	zero := s.full[len(s.full)-1]
	if zero == 0 {
		return Spectrum{full: s.full}
	}
	return Spectrum{full: s.full, fixed: []complex128{zero}}
}
