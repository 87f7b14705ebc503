package distribution

import (
	"math"
	"slices"
	"sort"
)

// Detections is the time until the first of several chances comes true:
// P(T > t) = Π (1 − wⱼ·Fⱼ(t)). At least one of them is certain.
//
// It is kept as a mixture over which of the uncertain ones come true, of the
// earliest of those that do, because the parts of a mixture do not depend on
// the probabilities.
type Detections struct {
	certain []Law
	maybe   []Law
	of      []int // index of each of maybe in the laws given
	firsts  []*Earliest

	// Of very many parts there is one law instead, made anew for other probabilities.
	laws []Law
	many *Earliest
	by   []float64 // the probabilities that it was made for
}

// MostMaybe is of how many uncertain chances a mixture is kept.
const MostMaybe = 5

// NewDetections returns the time to the first of several laws, of which those
// with certain[j] always come true.
func NewDetections(laws []Law, certain []bool) *Detections {
	d := &Detections{laws: laws}
	for j, l := range laws {
		if certain[j] {
			d.certain = append(d.certain, l)
		} else {
			d.maybe = append(d.maybe, l)
			d.of = append(d.of, j)
		}
	}
	if len(d.maybe) <= MostMaybe {
		d.firsts = make([]*Earliest, 1<<len(d.maybe))
	}
	return d
}

// each calls f with each mixture part that has a positive probability. works
// holds the probability of each of the laws given.
func (d *Detections) each(works []float64, f func(p float64, e *Earliest)) {
	if d.firsts == nil {
		if d.many == nil || !slices.Equal(d.by, works) {
			d.many, d.by = newEarliest(d.laws, slices.Clone(works)), slices.Clone(works)
			for j := range d.laws {
				if !slices.Contains(d.of, j) {
					d.many.works[j] = 1
				}
			}
			d.many.begin()
		}
		f(1, d.many)
		return
	}
	for set := range d.firsts {
		p := 1.0
		for i, j := range d.of {
			if set>>i&1 == 1 {
				p *= works[j]
			} else {
				p *= 1 - works[j]
			}
		}
		if p == 0 {
			continue
		}
		if d.firsts[set] == nil {
			laws := slices.Clone(d.certain)
			for i, l := range d.maybe {
				if set>>i&1 == 1 {
					laws = append(laws, l)
				}
			}
			d.firsts[set] = newEarliest(laws, nil)
			d.firsts[set].begin()
		}
		f(p, d.firsts[set])
	}
}

// Moments returns P, E[T] and E[T²] of T limited to from < T ≤ to (and T = 0
// where from is negative), each over the whole space.
func (d *Detections) Moments(works []float64, from, to float64) Moments {
	var m Moments
	d.each(works, func(p float64, e *Earliest) { m = m.plus(e.Moments(from, to).times(p)) })
	return m
}

// Earliest is the time until the first of several laws.
type Earliest struct {
	parts  []Law
	works  []float64 // how likely each of them is at all; nil: all are certain
	known  map[[2]float64]Moments
	atoms  []atom    // at the fixed times, rising
	breaks []float64 // rising, from 0; between them the continuous part is smooth
	// tail[i] is the mass of the atoms from i on.
	tail []float64
	said string // see key
}

// key is what tells it apart from others, by contents, so that what is made anew
// for each world is found again.
func (e *Earliest) key() string {
	if e.said == "" {
		var b []byte
		for _, l := range e.parts {
			b = AppendLaw(b, l)
		}
		for _, w := range e.works {
			b = AppendNumber(b, w)
		}
		e.said = string(b)
	}
	return e.said
}

type atom struct{ at, mass float64 }

func newEarliest(parts []Law, works []float64) *Earliest {
	return &Earliest{parts: parts, works: works, known: map[[2]float64]Moments{}}
}

// begin finds the fixed times.
func (e *Earliest) begin() {
	var times []float64
	for _, p := range e.parts {
		if f, ok := p.(Fixed); ok {
			times = append(times, float64(f))
		}
	}
	slices.Sort(times)
	for _, t := range slices.Compact(times) {
		// At the first that is certain all that is left comes true.
		if mass := e.product(t, false) - e.product(t, true); mass > 0 {
			e.atoms = append(e.atoms, atom{t, mass})
		}
	}
	e.tail = make([]float64, len(e.atoms)+1)
	for i := len(e.atoms) - 1; i >= 0; i-- {
		e.tail[i] = e.tail[i+1] + e.atoms[i].mass
	}
	if !e.fixed() {
		e.breaks = append(e.breaks, 0)
		for _, p := range e.parts {
			e.breaks = append(e.breaks, p.breaks()...)
		}
		sort.Float64s(e.breaks)
		e.breaks = slices.Compact(e.breaks)
		if most := 32 * MostMaybe; e.works != nil && len(e.breaks) > most {
			// Of so many laws each bends little.
			k := (len(e.breaks) + most - 1) / most
			var some []float64
			for i, b := range e.breaks {
				if i%k == 0 || i == len(e.breaks)-1 || e.jumps(b) {
					some = append(some, b)
				}
			}
			e.breaks = some
		}
	}
}

// jumps reports whether one of the times is fixed to that.
func (e *Earliest) jumps(t float64) bool { return slices.Contains(e.parts, Law(Fixed(t))) }

// fixed reports whether the time takes a few values only.
func (e *Earliest) fixed() bool {
	return e.tail[0] > 1-1e-15
}

// Single returns the one law that it is, where it is one of a known form.
func (e *Earliest) Single() (Law, bool) {
	if len(e.parts) == 1 {
		return e.parts[0], true
	}
	if len(e.atoms) == 1 && e.fixed() {
		return Fixed(e.atoms[0].at), true
	}
	return nil, false
}

// product returns P(T > t), or P(T ≥ t) with passed false, which differ where
// one of the times is exactly t.
func (e *Earliest) product(t float64, passed bool) float64 {
	s := 1.0
	for j, p := range e.parts {
		w := 1.0
		if e.works != nil {
			w = e.works[j]
		}
		if f, ok := p.(Fixed); ok {
			if float64(f) < t || passed && float64(f) == t {
				if s *= 1 - w; s == 0 {
					return 0
				}
			}
			continue
		}
		if w == 1 {
			s *= p.Survival(t)
		} else {
			s *= 1 - w*(1-p.Survival(t))
		}
	}
	return s
}

// smooth returns P(T > t, T is not one of the fixed times).
func (e *Earliest) smooth(t float64) float64 {
	i := sort.Search(len(e.atoms), func(i int) bool { return e.atoms[i].at > t })
	return math.Max(0, e.product(t, true)-e.tail[i])
}

// Moments returns P, E[T] and E[T²] of T limited to from < T ≤ to (and T = 0
// where from is negative), each over the whole space.
func (e *Earliest) Moments(from, to float64) Moments {
	key := [2]float64{from, to}
	m, ok := e.known[key]
	if !ok {
		m = e.moments(from, to)
		e.known[key] = m
	}
	return m
}

func (e *Earliest) moments(from, to float64) Moments {
	var m Moments
	for _, a := range e.atoms {
		if a.at > from && a.at <= to {
			m = m.plus(point(a.at).times(a.mass))
		}
	}
	if e.fixed() {
		return m
	}
	if from < 0 && math.IsInf(to, 1) && len(e.parts) == 1 {
		return MomentsOf(e.parts[0])
	}
	lo := math.Max(from, 0)
	above := 0.0
	if !math.IsInf(to, 1) {
		above = e.smooth(to)
	}
	mass := e.smooth(lo) - above
	if from < 0 {
		mass = 1 - e.tail[0] - above
	}
	if mass <= 0 {
		return m
	}
	// ∫ over the survival inside the limits: E[T] = lo·P + ∫(S − S(to)).
	c := Moments{Mass: mass, M1: lo * mass, M2: lo * lo * mass}
	e.pieces(lo, to, func(a, b float64) {
		for i, x := range gauss10x {
			t := a + (b-a)*x
			s := (e.smooth(t) - above) * (b - a) * gauss10w[i]
			c.M1 += s
			c.M2 += 2 * t * s
		}
	})
	return m.plus(c)
}

// pieces calls f for each smooth piece between lo and hi.
func (e *Earliest) pieces(lo, hi float64, f func(a, b float64)) {
	a := lo
	for i := sort.SearchFloat64s(e.breaks, lo); i < len(e.breaks); i++ {
		b := math.Min(e.breaks[i], hi)
		if b > a {
			f(a, b)
			a = b
		}
		if b >= hi {
			return
		}
	}
	if hi > a && !math.IsInf(hi, 1) {
		f(a, hi)
	}
}

// Gauss–Legendre nodes and weights on 0…1.
var (
	gauss3x = [...]float64{0.1127016653792583, 0.5, 0.8872983346207417}
	gauss3w = [...]float64{5. / 18, 8. / 18, 5. / 18}

	gauss10x = [...]float64{
		0.013046735741414139, 0.067468316655507744, 0.160295215850487796, 0.283302302935376404, 0.425562830509184394,
		0.574437169490815606, 0.716697697064623596, 0.839704784149512204, 0.932531683344492256, 0.986953264258585861,
	}
	gauss10w = [...]float64{
		0.033335672154344069, 0.074725674575290296, 0.109543181257991022, 0.134633359654998178, 0.147762112357376435,
		0.147762112357376435, 0.134633359654998178, 0.109543181257991022, 0.074725674575290296, 0.033335672154344069,
	}
)

// Moments are the mass, the first and the second moment of a part of a
// distribution, over the whole space: {P(A), E[X; A], E[X²; A]}.
type Moments struct{ Mass, M1, M2 float64 }

// point is all mass at x.
func point(x float64) Moments { return Moments{1, x, x * x} }

// MomentsOf returns the moments of a law.
func MomentsOf(l Law) Moments { return Moments{1, l.Mean(), l.SecondMoment()} }

func (m Moments) plus(o Moments) Moments {
	return Moments{m.Mass + o.Mass, m.M1 + o.M1, m.M2 + o.M2}
}

func (m Moments) times(p float64) Moments { return Moments{m.Mass * p, m.M1 * p, m.M2 * p} }

// scale returns the moments of s·X.
func (m Moments) scale(s float64) Moments { return Moments{m.Mass, m.M1 * s, m.M2 * s * s} }

// with returns the moments of X + Y for independent parts X and Y.
func (m Moments) with(o Moments) Moments {
	return Moments{
		Mass: m.Mass * o.Mass,
		M1:   m.M1*o.Mass + o.M1*m.Mass,
		M2:   m.M2*o.Mass + 2*m.M1*o.M1 + o.M2*m.Mass,
	}
}

// shift returns the moments of X + c.
func (m Moments) shift(c float64) Moments {
	return Moments{m.Mass, m.M1 + c*m.Mass, m.M2 + 2*c*m.M1 + c*c*m.Mass}
}

// fixedAt returns the time where it is always the same.
func (d *Detections) fixedAt() (at float64, ok bool) {
	if len(d.maybe) > 0 {
		return 0, false
	}
	if slices.Contains(d.certain, Law(Fixed(0))) {
		return 0, true
	}
	at = math.Inf(1)
	for _, l := range d.certain {
		f, fixed := l.(Fixed)
		if !fixed {
			return 0, false
		}
		at = math.Min(at, float64(f))
	}
	return at, true
}
