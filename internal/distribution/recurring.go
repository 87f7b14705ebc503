package distribution

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// A Recurring amount comes so often: the number of times is Poisson with that
// mean.
type Recurring struct{ Amount, Mean float64 }

// Fixed returns the amounts that one incident may be, where it is made of fixed
// times only and there are few of them; else ok is false.
func (in *Incident) Fixed() (out []Outcome, ok bool) {
	if in.Impact == 0 {
		return []Outcome{{0, 1}}, true
	}
	fixed := func(l Law) bool { _, ok := l.(Fixed); return ok }
	for i, a := range in.Attempts {
		if !fixed(a.Takes) || in.calls(i) && !fixed(in.Acknowledge[a.Responder]) {
			return nil, false
		}
	}
	only := true
	in.Detect.each(in.Catches, func(p float64, e *Earliest) { only = only && e.fixed() })
	if !only {
		return nil, false
	}
	return in.Outcomes()
}

// None returns P(no lost time) where amounts recur.
func None(amounts []Recurring) float64 {
	some := 0.0
	for _, a := range amounts {
		if a.Amount > 0 {
			some += a.Mean
		}
	}
	return math.Exp(-some)
}

// points are where recurring amounts lie on a lattice, and how often: each is
// split between its two neighbours.
func (g *Grid) points(amounts []Recurring) (at []int, mean []float64) {
	type point struct {
		k    int
		mean float64
	}
	var list []point
	add := func(k int, mean float64) {
		if k < g.N && mean > 0 {
			list = append(list, point{k, mean})
		}
	}
	for _, a := range amounts {
		if !(a.Amount/g.Step < float64(g.N)) {
			continue
		}
		k, frac := g.place(a.Amount)
		add(k, a.Mean*(1-frac))
		add(k+1, a.Mean*frac)
	}
	slices.SortStableFunc(list, func(a, b point) int { return cmp.Compare(a.k, b.k) })
	for i, x := range list {
		if i > 0 && x.k == list[i-1].k {
			mean[len(mean)-1] += x.mean
			continue
		}
		at, mean = append(at, x.k), append(mean, x.mean)
	}
	return at, mean
}

const (
	// Beyond that the chance of nothing at all is too small a number.
	mostRecurring = 600
	// recursionWork bounds the steps of a recursion; transforms take over.
	recursionWork = 1 << 26
)

// RecurringOn is Grid.Recurring on n points at distance step, any number of them.
func RecurringOn(step float64, n int, amounts []Recurring, exact *big.Rat) (d *Distribution, ok bool) {
	return (&Grid{Step: step, N: n}).Recurring(amounts, exact)
}

// Recurring returns the distribution of the sum of amounts that recur
// independently, by the recursion k·p(k) = Σ λⱼ·j·p(k − j) over the amounts j of
// mean number λⱼ, from p(0) = exp(−Σ λⱼ) (Panjer, ASTIN Bulletin 12, 1981). All
// terms are positive and nothing wraps around, so that it is right to a few units
// of the last place. exact is the step as a fraction where all amounts lie on the
// lattice, else nil. ok is false where transforms are the better way.
func (g *Grid) Recurring(amounts []Recurring, exact *big.Rat) (d *Distribution, ok bool) {
	at, mean := g.points(amounts)
	if len(at)*g.N > recursionWork {
		return nil, false
	}
	total := 0.0
	for _, a := range amounts {
		total += a.Mean
	}
	if len(at) > 0 && at[0] == 0 {
		total -= mean[0]
		at, mean = at[1:], mean[1:]
	}
	if total > mostRecurring {
		return nil, false
	}
	p := make([]float64, g.N)
	p[0] = math.Exp(-total)
	for i, k := range at {
		mean[i] *= float64(k)
	}
	recurse(p, at, mean[:len(at)])
	return &Distribution{step: g.Step, exact: exact, fixed: cumulate(p)}, true
}

// recurse fills in p from p[0] on: k·p(k) = Σ w(j)·p(k − j) over the amounts j,
// rising.
func recurse(p []float64, at []int, w []float64) {
	// As many points at once as do not hang on one another: up to the least amount.
	run := 1024
	if len(at) > 0 {
		run = min(at[0], run)
	}
	if run < 128 {
		// Too few to be worth it.
		reached := 0
		for k := 1; k < len(p); k++ {
			for reached < len(at) && at[reached] <= k {
				reached++
			}
			s := 0.0
			for i, j := range at[:reached] {
				s += w[i] * p[k-j]
			}
			p[k] = s / float64(k)
		}
		return
	}
	for from := 1; from < len(p); from += run {
		to := min(len(p), from+run)
		for i, j := range at {
			if j >= to {
				break
			}
			first := max(from, j)
			sums, terms, by := p[first:to], p[first-j:to-j], w[i]
			for k, v := range terms {
				sums[k] += by * v
			}
		}
		for k := from; k < to; k++ {
			p[k] /= float64(k)
		}
	}
}

// AddRecurring adds amounts that recur independently: Σ λⱼ·(zʲ − 1).
func (e *Exponent) AddRecurring(g *Grid, amounts []Recurring) {
	if len(amounts) == 0 {
		return
	}
	e.own(g.N + 2)
	at, mean := g.points(amounts)
	total, some := 0.0, 0.0
	for _, a := range amounts {
		total += a.Mean
		if a.Amount > 0 {
			some += a.Mean
		}
	}
	add := func(f []complex128) {
		for m := range f[:g.N+1] {
			f[m] -= complex(total, 0)
		}
		f[g.N+1] -= complex(some, 0)
	}
	into := [][]complex128{e.full}
	if e.smooth {
		e.spreadFixed()
		into = append(into, e.fixed)
	}
	for _, f := range into {
		add(f)
	}
	if len(at) > 2*bits.Len(uint(g.N)) {
		w := make([]float64, g.N)
		for i, k := range at {
			w[k] = mean[i]
		}
		t := g.transform(w)
		for _, f := range into {
			for m, v := range t[:g.N+1] {
				f[m] += v
			}
		}
		return
	}
	mask, roots, tilt := 2*g.N-1, g.roots(), g.tilt()
	for i, k := range at {
		w := mean[i] * tilt[k]
		for _, f := range into {
			f = f[:g.N+1]
			j := 0
			for m := range f {
				r := roots[j]
				f[m] += complex(w*real(r), w*imag(r))
				j = (j + k) & mask
			}
		}
	}
}
