package forecast

import (
	"math"
	"math/big"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// unit is the largest amount of which all sums of fixed lengths are whole
// multiples, where what such lengths are is not averaged over; ok is false
// where there is none.
func (s *sum) unit() (unit *big.Rat, ok bool) {
	unit = nil
	for _, u := range s.uses {
		if u.Even || !u.maybeFixed() || s.lengthens(u) {
			continue
		}
		var parts []*big.Rat
		if !u.divisors(func(x *big.Rat) { parts = append(parts, x) }) {
			return nil, false
		}
		for _, x := range parts {
			if x.Sign() > 0 {
				unit = gcd(unit, x)
			}
		}
	}
	if unit == nil {
		unit = big.NewRat(1, 1) // nothing at all is the only sum
	}
	return unit, true
}

// lengthens reports whether an unsure input decides how long incidents are, or how
// many users they hit.
func (s *sum) lengthens(u *use) bool {
	for _, p := range u.goesParams {
		if s.params[p].Length {
			return true
		}
	}
	return false
}

// leastFixed is the probability of sums without anything smooth below which they
// are not told apart.
const leastFixed = 1e-12

// atomPairs bounds how many pairs of atoms are added up for all entries together.
const atomPairs = 1 << 22

// An atomist computes the part of a sum in which nothing is smooth, exactly: the
// same averages as an evaluator, but over atoms instead of spectra.
type atomist struct {
	*evaluator
	unit *big.Rat
	top  int64
	left int // pairs
	one  map[*use]*distribution.Atoms
}

// atoms returns that part up to top seconds, by the rules of a level; nil where
// it has too many values.
func (s *sum) atoms(e *evaluator, unit *big.Rat, top float64, pairs int) (*distribution.Atoms, int) {
	u, _ := unit.Float64()
	a := &atomist{evaluator: e, unit: unit, top: int64(math.Min(top/u*(1+1e-9)+1, 1e14)), left: pairs, one: map[*use]*distribution.Atoms{}}
	total, ok := distribution.Nothing(unit), true
	and := func(x *distribution.Atoms, fits bool) {
		if ok = ok && fits; ok && len(total.At) > 0 {
			if total, ok = a.plus(total, x); ok && total.All() < leastFixed {
				// Hardly ever is nothing smooth in it.
				total = &distribution.Atoms{Unit: unit, Lost: total.All()}
			}
		}
	}
	none := 1.0 // P(no incident of what is never fixed)
	for _, g := range s.plain {
		for _, u := range g.uses {
			if u.maybeFixed() {
				and(a.poisson(u))
				continue
			}
			none *= a.none(u)
			a.left -= 11
		}
	}
	if none < 1 {
		and(&distribution.Atoms{Unit: unit, At: []int64{0}, P: []float64{none}}, a.left >= 0)
	}
	for _, b := range s.blocks {
		and(a.mix(func(f func(w float64)) { e.average(b, f) }, func() (*distribution.Atoms, bool) { return a.block(b) }))
	}
	if !ok {
		return nil, max(0, a.left)
	}
	return total, a.left
}

func (a *atomist) plus(x, y *distribution.Atoms) (*distribution.Atoms, bool) {
	if a.left -= len(x.At)*len(y.At) + 10; a.left < 0 {
		return nil, false
	}
	return x.Plus(y, a.top)
}

// mix averages.
func (a *atomist) mix(over func(f func(w float64)), get func() (*distribution.Atoms, bool)) (*distribution.Atoms, bool) {
	var mix distribution.AtomMix
	ok := true
	over(func(w float64) {
		if !ok {
			return
		}
		var x *distribution.Atoms
		if x, ok = get(); ok {
			mix.Add(w, x)
		}
	})
	if !ok {
		return nil, false
	}
	return mix.Atoms(a.unit)
}

// block is one block where its outer params are known.
func (a *atomist) block(b *block) (*distribution.Atoms, bool) {
	total, ok := distribution.Nothing(a.unit), true
	and := func(x *distribution.Atoms, fits bool) {
		if ok = ok && fits; ok {
			total, ok = a.plus(total, x)
		}
	}
	for _, u := range b.poisson {
		and(a.own(u, func() (*distribution.Atoms, bool) { return a.poisson(u) }))
	}
	for _, c := range b.changes {
		and(a.change(c))
	}
	for range b.level {
		// An unsure share of the window: smooth.
		return &distribution.Atoms{Unit: a.unit}, ok
	}
	return total, ok
}

func (a *atomist) own(u *use, get func() (*distribution.Atoms, bool)) (*distribution.Atoms, bool) {
	return a.mix(func(f func(w float64)) { a.averageOf(u, a.evaluator.own(u), f) }, get)
}

func (a *atomist) poisson(u *use) (*distribution.Atoms, bool) {
	one, ok := a.incident(u)
	if !ok {
		return nil, false
	}
	if u.gamma != scenario.NoParam && !a.closed(u) {
		return a.series(one, poissonCounts(a.sum.seconds*u.frequency(a.theta)))
	}
	return a.series(one, a.poissonCounts(u))
}

// none returns the probability of no incident of a Poisson source.
func (a *atomist) none(u *use) float64 {
	if u.gamma != scenario.NoParam && a.closed(u) {
		g := a.sum.params[u.gamma].Law.(distribution.Gamma).Scale(a.sum.seconds * a.sum.often(u))
		return unsureNone(g)
	}
	return math.Exp(-a.sum.seconds * u.frequency(a.theta))
}

// series is a sum of so many incidents.
func (a *atomist) series(one *distribution.Atoms, counts []float64) (*distribution.Atoms, bool) {
	if tooMany(counts) {
		return nil, false
	}
	if len(one.At) == 0 {
		return &distribution.Atoms{Unit: a.unit, At: []int64{0}, P: []float64{counts[0]}}, true
	}
	var mix distribution.AtomMix
	now := distribution.Nothing(a.unit)
	for n, c := range counts {
		if n > 0 {
			var ok bool
			if now, ok = a.plus(now, one); !ok {
				return nil, false
			}
		}
		if len(now.At) == 0 {
			break // all beyond top
		}
		mix.Add(c, now)
	}
	return mix.Atoms(a.unit)
}

// incident is one incident, as far as it is of fixed length.
func (a *atomist) incident(u *use) (*distribution.Atoms, bool) {
	if x := a.one[u]; x != nil {
		return x, true
	}
	if !u.maybeFixed() {
		return &distribution.Atoms{Unit: a.unit}, true
	}
	list, ok := u.at(a.sum.worker).Outcomes()
	if !ok {
		return nil, false
	}
	lengthens := a.sum.lengthens(u)
	out := &distribution.Atoms{Unit: a.unit}
	for _, o := range list {
		if lengthens && o.Bad > 0 {
			continue // no length is the same twice
		}
		k, ok := distribution.Multiple(o.Bad, a.unit)
		if !ok {
			return nil, false
		}
		if n := len(out.At); n > 0 && out.At[n-1] == k {
			out.P[n-1] += o.P
			continue
		}
		out.At, out.P = append(out.At, k), append(out.P, o.P)
	}
	if len(u.goesParams) == 0 {
		a.one[u] = out
	}
	return out, true
}

// mostOccurrences is up to how many occurrences of a change are counted one by one.
const mostOccurrences = 1 << 14

// change is evaluator.change.
func (a *atomist) change(c *changeUse) (*distribution.Atoms, bool) {
	power := func(u *use, n int) (*distribution.Atoms, bool) {
		if n*u.chances() > mostOccurrences {
			return nil, false
		}
		return a.own(u, func() (*distribution.Atoms, bool) {
			one, ok := a.incident(u)
			if !ok {
				return nil, false
			}
			return a.series(one, binomialCounts(n*u.chances(), a.frequency(u)))
		})
	}
	var mix distribution.AtomMix
	for _, k := range a.sum.counts(c.change, nil) {
		total, ok := distribution.Nothing(a.unit), true
		and := func(x *distribution.Atoms, fits bool) {
			if ok = ok && fits; ok {
				total, ok = a.plus(total, x)
			}
		}
		for _, u := range c.risks {
			and(power(u, k.n))
		}
		if c.down != nil {
			and(power(c.down, k.n-c.planned))
		}
		if !ok {
			return nil, false
		}
		mix.Add(k.p, total)
	}
	return mix.Atoms(a.unit)
}
