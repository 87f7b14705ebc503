package distribution

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// Atoms are sums that are made of fixed amounts only: whole multiples of one
// unit, exactly, with the probability of each. There is no lattice in it. What
// is too unlikely to be kept is in Lost.
type Atoms struct {
	Unit *big.Rat
	At   []int64 // rising
	P    []float64
	// Lost bounds the probability of what was left out.
	Lost float64

	sums []float64 // P(sum ≤ At[i])
	unit float64   // 0: not looked at yet
}

func (a *Atoms) seconds() float64 {
	if a.unit == 0 {
		a.unit, _ = a.Unit.Float64()
	}
	return a.unit
}

const (
	// mostAtoms is how many different sums are told apart, and atomWork how many
	// pairs are added up for one product.
	mostAtoms = 6000
	atomWork  = 1 << 21
	// leastAtom is the probability below which a sum is left out.
	leastAtom = 1e-15
)

// Nothing is the sum of nothing: 0 for sure.
func Nothing(unit *big.Rat) *Atoms { return &Atoms{Unit: unit, At: []int64{0}, P: []float64{1}} }

// Plus returns the sum of two independent ones, up to top; ok is false where it
// has too many different values.
func (a *Atoms) Plus(b *Atoms, top int64) (*Atoms, bool) {
	if len(a.At) < len(b.At) {
		a, b = b, a
	}
	out := &Atoms{Unit: a.Unit, Lost: a.Lost + b.Lost}
	if len(b.At) == 1 && b.At[0] == 0 {
		out.At, out.P = a.At, make([]float64, len(a.P))
		for i, p := range a.P {
			out.P[i] = p * b.P[0]
		}
		return out, true
	}
	if len(a.At)*len(b.At) > atomWork {
		return nil, false
	}
	type atom struct {
		at int64
		p  float64
	}
	list := make([]atom, 0, len(a.At)*len(b.At))
	for i, x := range a.At {
		for k, y := range b.At {
			if x+y > top {
				break
			}
			if p := a.P[i] * b.P[k]; p >= leastAtom {
				list = append(list, atom{x + y, p})
			} else {
				out.Lost += p
			}
		}
	}
	slices.SortStableFunc(list, func(x, y atom) int { return cmp.Compare(x.at, y.at) })
	for _, x := range list {
		if n := len(out.At); n > 0 && out.At[n-1] == x.at {
			out.P[n-1] += x.p
			continue
		}
		out.At, out.P = append(out.At, x.at), append(out.P, x.p)
	}
	return out, len(out.At) <= mostAtoms
}

// Series returns the sum of N independent ones, where N is k with probability
// counts[k].
func (a *Atoms) Series(counts []float64, top int64) (*Atoms, bool) {
	var mix AtomMix
	now := Nothing(a.Unit)
	for n, c := range counts {
		if n > 0 {
			var ok bool
			if now, ok = now.Plus(a, top); !ok {
				return nil, false
			}
		}
		if len(now.At) == 0 {
			break // all beyond top, or left out
		}
		mix.Add(c, now)
		mix.lost += 0
		if len(mix.at) > mostAtoms {
			return nil, false
		}
	}
	return mix.Atoms(a.Unit)
}

// An AtomMix adds up weighted atoms.
type AtomMix struct {
	at   map[int64]float64
	lost float64
}

// Add adds w times the atoms; weights of some rules are negative.
func (m *AtomMix) Add(w float64, a *Atoms) {
	if m.at == nil {
		m.at = map[int64]float64{}
	}
	m.lost += math.Abs(w) * a.Lost
	for i, x := range a.At {
		m.at[x] += w * a.P[i]
	}
}

// Atoms returns the sum; ok is false where it has too many values.
func (m *AtomMix) Atoms(unit *big.Rat) (*Atoms, bool) {
	out := &Atoms{Unit: unit, Lost: m.lost}
	for x := range m.at {
		out.At = append(out.At, x)
	}
	slices.Sort(out.At)
	for _, x := range out.At {
		out.P = append(out.P, m.at[x])
	}
	return out, len(out.At) <= mostAtoms
}

// Empty reports whether no sum but nothing is possible.
func (a *Atoms) Empty() bool { return len(a.At) == 0 || len(a.At) == 1 && a.At[0] == 0 }

// Multiple returns an amount in units; ok is false where it is none.
func Multiple(x float64, unit *big.Rat) (k int64, ok bool) {
	u, _ := unit.Float64()
	n := math.Round(x / u)
	return int64(n), math.Abs(n) < 1e14 && math.Abs(x/u-n) < 0.01+1e-15*n
}

func (a *Atoms) cumulated() []float64 {
	if a.sums == nil {
		a.sums = make([]float64, len(a.P))
		sum := 0.0
		for i, p := range a.P {
			sum += p
			a.sums[i] = sum
		}
	}
	return a.sums
}

// AtMost returns P(sum ≤ x, all of it fixed).
func (a *Atoms) AtMost(x *big.Rat) float64 {
	if x.Sign() < 0 {
		return 0
	}
	q := new(big.Rat).Quo(x, a.Unit)
	n := new(big.Int).Quo(q.Num(), q.Denom())
	if !n.IsInt64() {
		return a.All()
	}
	return a.upTo(n.Int64())
}

func (a *Atoms) upTo(k int64) float64 {
	i, found := slices.BinarySearch(a.At, k)
	if found {
		i++
	}
	if i == 0 {
		return 0
	}
	return a.cumulated()[i-1]
}

// All is the probability of all of them.
func (a *Atoms) All() float64 {
	if len(a.At) == 0 {
		return 0
	}
	return a.cumulated()[len(a.At)-1]
}

// Seconds returns where atom i is.
func (a *Atoms) Seconds(i int) float64 {
	x, _ := new(big.Rat).Mul(a.Unit, new(big.Rat).SetInt64(a.At[i])).Float64()
	return x
}

// At returns P(sum ≤ x, all of it fixed) for a number that is not exact: an atom
// within a billionth of it counts as reached.
func (a *Atoms) Reached(x float64) float64 {
	u := a.seconds()
	return a.upTo(int64(math.Floor(x/u*(1+1e-12) + 1e-6)))
}

// Near returns the probability of the atoms within d of x.
func (a *Atoms) Near(x, d float64) float64 {
	u := a.seconds()
	return a.upTo(int64(math.Min(1e18, math.Ceil((x+d)/u)))) - a.upTo(int64(math.Floor((x-d)/u))-1)
}
