package distribution

import (
	"cmp"
	"math"
	"slices"
)

// below returns E[(y−X)⁺] = y·F(y) − E[X; X ≤ y], with E[X; X ≤ y] = E[X]·I_y(A+1, B).
func (b Beta) below(y float64) float64 {
	switch {
	case y <= 0:
		return 0
	case y >= 1:
		return y - b.Mean()
	}
	return y*b.CDF(y) - b.Mean()*Beta{b.A + 1, b.B}.CDF(y)
}

// An Outcome is a length of lost time and its probability.
type Outcome struct{ Bad, P float64 }

// mostOutcomes bounds how many outcomes are told apart.
const mostOutcomes = 600

// mostVisits bounds the ways in which an incident may end that are looked at.
const mostVisits = 40 * mostOutcomes

// Outcomes returns the lengths of the incidents that are made of fixed times
// only, with their probabilities, which add up to less than 1 where others are
// not. ok is false where there are too many.
func (in *Incident) Outcomes() (out []Outcome, ok bool) {
	at := map[float64]float64{}
	for _, st := range in.stages() {
		recovered, ok := in.fixedRecoveries()
		if !ok {
			return nil, false
		}
		in.Detect.each(in.Catches, func(p float64, e *Earliest) {
			for _, a := range e.atoms {
				if !(a.at > st.from && a.at <= st.to) {
					continue
				}
				seen := st.base + st.share*(a.at-st.start())
				for _, r := range recovered {
					at[in.Impact*(seen+st.share*r.Bad)] += p * a.mass * r.P
				}
			}
		})
		if len(at) > mostOutcomes {
			return nil, false
		}
	}
	return sorted(at), true
}

// fixedRecoveries returns the times to acknowledge and recover that are made
// of fixed times only, weighed by the share of the impact that is left.
func (in *Incident) fixedRecoveries() (out []Outcome, ok bool) {
	at := map[float64]float64{}
	visits := 0
	var from func(i int, left, bad, p float64)
	from = func(i int, left, bad, p float64) {
		if visits++; visits > mostVisits {
			return
		}
		if left == 0 || i == len(in.Attempts) {
			at[bad] += p
			return
		}
		a := in.Attempts[i]
		takes, ok := a.Takes.(Fixed)
		if !ok || len(at) > mostOutcomes {
			return
		}
		bad += left * float64(takes)
		if in.calls(i) {
			ack, ok := in.Acknowledge[a.Responder].(Fixed)
			if !ok {
				return
			}
			bad += left * float64(ack)
		}
		next, more := in.after(i, left)
		if !more {
			at[bad] += p
			return
		}
		for _, n := range next {
			from(i+1, n.left, bad, p*n.p)
		}
	}
	from(0, 1, 0, 1)
	if visits > mostVisits {
		return nil, false
	}
	return sorted(at), true
}

func sorted(at map[float64]float64) []Outcome {
	out := make([]Outcome, 0, len(at))
	for bad, p := range at {
		out = append(out, Outcome{bad, p})
	}
	slices.SortFunc(out, func(a, b Outcome) int { return cmp.Compare(a.Bad, b.Bad) })
	return out
}

// Sums returns the distribution of the sum of N independent outcomes, where
// counts[n] is the probability that N is n. ok is false where there are too
// many different sums.
func Sums(outcomes []Outcome, counts []float64) (out []Outcome, ok bool) {
	total := map[float64]float64{}
	now := []Outcome{{0, 1}}
	for n, c := range counts {
		if n > 0 {
			if now, ok = Plus(now, outcomes); !ok {
				return nil, false
			}
		}
		for _, x := range now {
			total[x.Bad] += c * x.P
		}
		if len(total) > 8*mostOutcomes {
			return nil, false
		}
	}
	return sorted(total), true
}

// Plus returns the distribution of the sum of two independent ones.
func Plus(a, b []Outcome) (out []Outcome, ok bool) {
	if len(a)*len(b) > 64*mostOutcomes {
		return nil, false
	}
	at := map[float64]float64{}
	for _, x := range a {
		for _, y := range b {
			if p := x.P * y.P; p > 1e-18 {
				at[x.Bad+y.Bad] += p
			}
		}
	}
	return sorted(at), len(at) <= mostOutcomes
}

// Stretched returns the spectrum of G·Y, where Y is one of the outcomes and G
// is base + slope·X with X ~ share, the same for all of them; slope may be
// negative, G is not.
func (g *Grid) Stretched(outcomes []Outcome, share Beta, base, slope float64) Spectrum {
	if slope < 0 {
		share, base, slope = Beta{share.B, share.A}, base+slope, -slope
	}
	table := g.betas.table(share)
	var mix Mix
	sum := make([]float64, g.N)
	smooth := false
	var zero float64
	for _, o := range outcomes {
		switch {
		case o.P < 1e-15:
		case o.Bad == 0:
			zero += o.P
		case base*o.Bad < g.Step*float64(g.N):
			smooth = true
			g.partWeights(sum, o.P, table, base*o.Bad, slope*o.Bad)
		}
	}
	mix.Add(zero, g.Unit())
	if smooth {
		mix.Add(1, g.smooth(g.transform(sum)))
	}
	return mix.Spectrum(g)
}

// partWeights adds p times base + of·X, X from a table, discretised like weights.
func (g *Grid) partWeights(w []float64, p float64, t *betaTable, base, of float64) {
	h := g.Step
	// Outside of where nearly all of it lies the second difference is nothing.
	first := max(0, int((base+of*math.Max(0, t.none))/h)-1)
	last := base + of*math.Min(1, t.all)
	below := func(k int) float64 { return of * t.below((float64(k)*h-base)/of) }
	prev, cur := below(first-1), below(first)
	for k := first; k < g.N && float64(k-1)*h <= last; k++ {
		next := below(k + 1)
		w[k] += p * (next - 2*cur + prev) / h
		prev, cur = cur, next
	}
}

// betaTables keeps a table for each beta distribution in use.
type betaTables map[Beta]*betaTable

func (m betaTables) table(b Beta) *betaTable {
	t := m[b]
	if t == nil {
		t = newBetaTable(b)
		m[b] = t
	}
	return t
}

// A betaTable holds E[(y−X)⁺] and its derivative, the distribution function,
// on a fine grid of where nearly all of it lies, between which it is read by the cubic of Hermite: its
// error is h⁴/384 times the third derivative of the distribution function. In
// the outermost cells, where that may have no bound, it is read off a table of
// these cells alone, and in the outermost ones of the last such table computed.
type betaTable struct {
	beta      Beta
	from, to  float64
	depth     int
	m, cd     [betaCells + 1]float64
	low, high *betaTable // of the outermost cells, made where they are asked for

	none, all float64 // below none lies less than 1e-19, beyond all less than 1e-16
}

const (
	betaCells = 4096
	betaEdge  = 48 // cells at either end that have a table of their own
	betaDepth = 3
)

func newBetaTable(b Beta) *betaTable {
	return b.tabulated(math.Max(0, b.Mean()-40*b.SD()), math.Min(1, b.Mean()+40*b.SD()), 0)
}

func (b Beta) tabulated(from, to float64, depth int) *betaTable {
	t := &betaTable{beta: b, from: from, to: to, depth: depth, none: math.Inf(-1), all: math.Inf(1)}
	for k := range t.m {
		y := t.at(k)
		t.cd[k] = b.CDF(y)
		t.m[k] = b.below(y)
		if t.cd[k] < 1e-19 {
			t.none = y
		}
		if 1-t.cd[k] < 1e-16 && math.IsInf(t.all, 1) {
			t.all = y
		}
	}
	return t
}

// at is where cell k begins.
func (t *betaTable) at(k int) float64 { return t.from + (t.to-t.from)*float64(k)/betaCells }

func (t *betaTable) below(y float64) float64 {
	switch {
	case y <= t.none || y <= t.from && t.from > 0 && t.depth == 0:
		return 0 // or 40 standard deviations away
	case y >= t.all || y >= t.to && t.to < 1 && t.depth == 0:
		return y - t.beta.Mean()
	case y <= 0 || y >= 1:
		return t.beta.below(y)
	}
	pos := (y - t.from) / (t.to - t.from) * betaCells
	if low := pos <= betaEdge; low || pos >= betaCells-betaEdge {
		return t.edge(y, low)
	}
	k := int(pos)
	u := pos - float64(k)
	h := (t.to - t.from) / betaCells
	a, b := t.m[k], t.m[k+1]
	return a*(1+2*u)*(1-u)*(1-u) + b*u*u*(3-2*u) + h*u*(1-u)*((1-u)*t.cd[k]-u*t.cd[k+1])
}

// edge is below in the outermost cells.
func (t *betaTable) edge(y float64, low bool) float64 {
	if t.depth == betaDepth {
		return t.beta.below(y)
	}
	// A little more than the cells, so that the inner end of the next table is inside.
	if low {
		if t.low == nil {
			t.low = t.beta.tabulated(t.from, t.at(2*betaEdge), t.depth+1)
		}
		return t.low.below(y)
	}
	if t.high == nil {
		t.high = t.beta.tabulated(t.at(betaCells-2*betaEdge), t.to, t.depth+1)
	}
	return t.high.below(y)
}

// Rest returns what is left of a spectrum without its fixed part.
func (s Spectrum) Rest() Spectrum {
	switch {
	case s.fixed == nil:
		return s
	case s.allFixed():
		return Spectrum{full: make([]complex128, len(s.full))}
	}
	out := Spectrum{full: make([]complex128, len(s.full))}
	for i, v := range s.full {
		if len(s.fixed) == 1 {
			out.full[i] = v - s.fixed[0]
		} else {
			out.full[i] = v - s.fixed[i]
		}
	}
	return out
}
