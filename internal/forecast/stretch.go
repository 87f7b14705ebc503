package forecast

import (
	"math"
	"slices"

	"tightrope/internal/distribution"
)

// A stretch is an unsure input by which all of the lost time of a use is
// stretched: base + slope·x times what it would be at 1.
type stretch struct {
	param       int
	share       distribution.Beta
	base, slope float64
	bent        bool // the parts of an incident are stretched in different ways
}

// affine returns the fixed lengths of a use as what they are at 0 of a param, and
// how they grow with it, or nil where they do not do so in proportion.
func (e *evaluator) affine(u *use, p int) []distribution.Affine {
	was := e.theta[p]
	defer func() { e.theta[p] = was }()
	var at [3][]distribution.Outcome
	for i, x := range []float64{0.25, 0.5, 0.75} {
		e.theta[p] = x
		list, ok := u.at(e.sum.worker).Course()
		if !ok || len(list) != len(at[0]) && i > 0 {
			return nil
		}
		at[i] = list
	}
	out := make([]distribution.Affine, 0, len(at[0]))
	for k, low := range at[0] {
		mid, high := at[1][k], at[2][k]
		slope := 2 * (high.Bad - low.Bad)
		if math.Abs(low.P-high.P)+math.Abs(low.P-mid.P) > 1e-12 || math.Abs(mid.Bad-(low.Bad+high.Bad)/2) > 1e-9*(1+high.Bad) {
			return nil
		}
		if math.Abs(slope) < 1e-9*(1+mid.Bad) {
			slope = 0
		}
		out = append(out, distribution.Affine{Base: math.Max(0, mid.Bad-slope/2), Slope: slope, P: mid.P})
	}
	return out
}

// stretch finds the one of the params that stretches a use as a whole: the
// share of users that it hits is linear in it, and nothing else hangs on it.
// The worker's theta holds what else is known.
func (e *evaluator) stretch(u *use, own []int) (stretch, bool) {
	if e.probing {
		return stretch{}, false
	}
	for _, p := range own {
		share, ok := e.sum.params[p].Law.(distribution.Beta)
		if !ok || !e.sum.params[p].Length || slices.Contains(u.oftenParams, p) {
			continue
		}
		if u.bends(p) {
			if u.maybeFixed() && e.affine(u, p) != nil {
				return stretch{param: p, share: share, bent: true}, true
			}
			continue
		}
		was := e.theta[p]
		var at [3]float64
		for i, x := range []float64{0, 0.5, 1} {
			e.theta[p] = x
			at[i] = u.impactAt(e.theta)
			if u.Even {
				at[i] *= u.Source.Share.Value(e.theta)
			}
		}
		e.theta[p] = was
		s := stretch{param: p, share: share, base: at[0], slope: at[2] - at[0]}
		if s.slope != 0 && math.Abs(at[1]-(at[0]+at[2])/2) < 1e-14 {
			return s, true
		}
	}
	return stretch{}, false
}

// bends reports whether a param stretches one part of an incident but not
// another.
func (u *use) bends(p int) bool {
	found := false
	look := func(q int) { found = found || q == p }
	u.Incident.Visit(look)
	return found
}

// stretched returns the spectrum of all incidents of a use that is stretched by one
// unsure input, theta being given for the others. What is made of fixed times only
// has few different sums, each of which is stretched exactly; the rest is smooth
// and is averaged over by a rule. counts holds the probabilities of 0, 1, 2 …
// incidents, and sum makes the spectrum of them all from theirs.
func (e *evaluator) stretched(u *use, s stretch, counts []float64, sum func(one distribution.Spectrum) distribution.Spectrum) (distribution.Spectrum, bool) {
	x, ok := e.strand(u, s)
	if !ok {
		return distribution.Spectrum{}, false
	}
	var mix distribution.Mix
	if s.bent {
		sums, ok := distribution.AffineSums(x.affine, counts)
		if !ok {
			return distribution.Spectrum{}, false
		}
		mix.Add(1, e.grid.Affine(sums, s.share))
	} else {
		sums, ok := distribution.Sums(x.outcomes, counts)
		if !ok {
			return distribution.Spectrum{}, false
		}
		mix.Add(1, e.grid.Stretched(sums, s.share, s.base, s.slope))
	}
	x.smooth(&mix, sum)
	return mix.Spectrum(e.grid), true
}

// A strand is one incident of a use that is stretched by an unsure input: the
// lengths of those that are made of fixed times only, and what is smooth.
type strand struct {
	e *evaluator
	stretch
	outcomes []distribution.Outcome // at 1; of what is bent:
	affine   []distribution.Affine
	weights  []float64 // of a rule for what is smooth; empty: nothing is
	ones     []distribution.Spectrum

	sum       []distribution.Outcome // see next
	affineSum []distribution.Affine
}

// strand returns it; ok is false where the fixed times make too many lengths.
func (e *evaluator) strand(u *use, s stretch) (x *strand, ok bool) {
	x = &strand{e: e, stretch: s}
	whole := 0.0
	if s.bent {
		if x.affine = e.affine(u, s.param); x.affine == nil {
			return nil, false
		}
		for _, o := range x.affine {
			whole += o.P
		}
	} else {
		unit := u.at(e.sum.worker)
		unit.Impact = 1
		if x.outcomes, ok = unit.Outcomes(); !ok {
			return nil, false
		}
		for _, o := range x.outcomes {
			whole += o.P
		}
	}
	if whole < 1-1e-12 {
		at, w := e.sum.gauss(s.param, e.stretchPoints())
		x.weights = w
		for k := range at {
			e.theta[s.param] = at[k]
			x.ones = append(x.ones, u.at(e.sum.worker).Spectrum(e.grid))
		}
	}
	return x, true
}

// smooth adds what is smooth of the sum of all incidents, which sum makes of that of
// one.
func (x *strand) smooth(mix *distribution.Mix, sum func(one distribution.Spectrum) distribution.Spectrum) {
	for k, w := range x.weights {
		mix.Add(w, sum(x.ones[k]).Rest())
	}
}

// next returns the spectrum of 0, 1, 2 … incidents, from one call to the next. ok is
// false where there are too many sums.
func (x *strand) next(n int) (s distribution.Spectrum, ok bool) {
	var mix distribution.Mix
	switch {
	case n == 0:
		x.sum, x.affineSum = []distribution.Outcome{{P: 1}}, []distribution.Affine{{P: 1}}
	case x.bent:
		x.affineSum, ok = distribution.AffinePlus(x.affineSum, x.affine)
	default:
		x.sum, ok = distribution.Plus(x.sum, x.outcomes)
	}
	if n > 0 && !ok {
		return distribution.Spectrum{}, false
	}
	if x.bent {
		mix.Add(1, x.e.grid.Affine(x.affineSum, x.share))
	} else {
		mix.Add(1, x.e.grid.Stretched(x.sum, x.share, x.base, x.slope))
	}
	x.smooth(&mix, func(one distribution.Spectrum) distribution.Spectrum { return one.Power(n) })
	return mix.Spectrum(x.e.grid), true
}

// A bundle are the spectra of 0, 1, 2 … incidents of a strand, which do not depend
// on how often these are.
type bundle struct {
	key    string
	strand *strand
	by     []distribution.Spectrum
}

// bundle returns that of a use, which is made anew where its incidents are others
// than the last time.
func (e *evaluator) bundle(u *use, s stretch) (*bundle, bool) {
	e.theta[s.param] = e.sum.means[s.param]
	of := e.incidentKey(u.at(e.sum.worker))
	key := string(appendFloat(appendFloat(of[:], s.base), s.slope))
	b := e.bundles[u]
	if b != nil && b.key == key {
		return b, true
	}
	x, ok := e.strand(u, s)
	if !ok {
		return nil, false
	}
	if e.bundles == nil {
		e.bundles = map[*use]*bundle{}
	}
	b = &bundle{key: key, strand: x}
	e.bundles[u] = b
	return b, true
}

// upTo returns the first so many of them; ok is false where there are too many sums.
func (b *bundle) upTo(n int) ([]distribution.Spectrum, bool) {
	for len(b.by) < n {
		s, ok := b.strand.next(len(b.by))
		if !ok {
			return nil, false
		}
		b.by = append(b.by, s)
	}
	return b.by[:n], true
}

// stretchPoints is how many points average over what a share stretches smoothly.
func (e *evaluator) stretchPoints() int {
	if e.sites == nil {
		return 14
	}
	return 4 + 5*e.level
}

// stretchedBlock is stretched for a whole block: Poisson sources that one and
// the same unsure input stretches, such as the share of users who meet a
// provider.
func (e *evaluator) stretchedBlock(b *block) (distribution.Spectrum, bool) {
	if len(b.outer) != 1 || len(b.changes)+len(b.level) > 0 {
		return distribution.Spectrum{}, false
	}
	total := []distribution.Outcome{{Bad: 0, P: 1}}
	var share distribution.Beta
	smooth := false
	for _, u := range b.poisson {
		x, ok := e.stretch(u, b.outer)
		if !ok || x.bent || math.Abs(x.base) > 1e-14 || len(e.own(u)) > 0 {
			return distribution.Spectrum{}, false
		}
		share = x.share
		unit := u.at(e.sum.worker)
		unit.Impact = x.slope
		outcomes, ok := unit.Outcomes()
		if !ok {
			return distribution.Spectrum{}, false
		}
		whole := 0.0
		for _, o := range outcomes {
			whole += o.P
		}
		smooth = smooth || whole < 1-1e-12
		counts := e.poissonCounts(u)
		if tooMany(counts) {
			return distribution.Spectrum{}, false
		}
		sums, ok := distribution.Sums(outcomes, counts)
		if !ok {
			return distribution.Spectrum{}, false
		}
		if total, ok = distribution.Plus(total, sums); !ok {
			return distribution.Spectrum{}, false
		}
	}
	var mix distribution.Mix
	mix.Add(1, e.grid.Stretched(total, share, 0, 1))
	if smooth {
		x, w := e.sum.gauss(b.outer[0], e.stretchPoints())
		raw := *e
		raw.plainly = true
		for k := range x {
			e.theta[b.outer[0]] = x[k]
			mix.Add(w[k], raw.alone(b).Rest())
		}
	}
	return mix.Spectrum(e.grid), true
}

// combs bounds what a rule may be wrong by where it averages over the length
// of incidents that are as long every time: it makes a comb of a smooth
// distribution.
func (v *solver) combs() float64 {
	e := v.sum.evaluator(nil, 0)
	worst := 0.0
	add := func(u *use, params []int) {
		if !u.maybeFixed() || u.Even {
			return
		}
		for _, p := range params {
			if v.sum.params[p].Length {
				worst += (1 - math.Exp(-u.expected(v.sum))) / (2 * 24)
				return
			}
		}
	}
	copy(e.theta, v.sum.means)
	for _, b := range v.sum.blocks {
		for _, u := range b.uses() {
			if x, ok := e.stretch(u, u.own); !ok {
				add(u, u.own)
			} else {
				add(u, slices.DeleteFunc(slices.Clone(u.own), func(p int) bool { return p == x.param }))
			}
		}
		if len(b.outer) == 0 {
			continue
		}
		alike := len(b.outer) == 1 && len(b.changes)+len(b.level) == 0
		for _, u := range b.poisson {
			x, ok := e.stretch(u, b.outer)
			alike = alike && ok && !x.bent && math.Abs(x.base) < 1e-14 && len(e.own(u)) == 0
		}
		for _, u := range b.uses() {
			if !alike {
				add(u, slices.DeleteFunc(slices.Clone(b.outer), func(p int) bool { return !u.touches(p) }))
			}
		}
	}
	return worst
}

// poissonCounts returns the probabilities of 0, 1, 2 … of a Poisson number.
func poissonCounts(mean float64) []float64 {
	return untilGone(math.Exp(-mean), func(n int) float64 { return mean / float64(n) }, mean)
}

// unsureCounts is poissonCounts for a gamma distributed mean.
func unsureCounts(g distribution.Gamma) []float64 {
	q := 1 / (1 + g.Span)
	return untilGone(unsureNone(g), func(n int) float64 {
		return (g.Shape + float64(n) - 1) / float64(n) * q
	}, g.Mean())
}

// unsureNone is the first of unsureCounts.
func unsureNone(g distribution.Gamma) float64 { return math.Exp(g.Shape * math.Log1p(-1/(1+g.Span))) }

// binomialCounts returns the probabilities of 0, 1 … n; see tooMany.
func binomialCounts(n int, p float64) []float64 {
	if p >= 1 && n >= mostNumbers {
		return []float64{0}
	}
	if p >= 1 {
		out := make([]float64, n+1)
		out[n] = 1
		return out
	}
	return untilGone(math.Exp(float64(n)*math.Log1p(-p)), func(k int) float64 {
		return float64(n-k+1) / float64(k) * p / (1 - p)
	}, float64(n)*p)
}

// mostNumbers is up to how many numbers of incidents are counted one by one.
const mostNumbers = 10_000

// untilGone builds probabilities from the first by ratios until they are
// beyond the mean and vanish; see tooMany.
func untilGone(first float64, ratio func(n int) float64, mean float64) []float64 {
	if first < 1e-300 {
		return []float64{0} // its digits are gone
	}
	out := []float64{first}
	for n := 1; n < mostNumbers; n++ {
		next := out[n-1] * ratio(n)
		if next <= 0 || next < 1e-16 && float64(n) > mean {
			break
		}
		out = append(out, next)
	}
	return out
}

// tooMany reports whether numbers of incidents cannot be counted one by one: none at
// all is too small a number to begin with, or there are more yet.
func tooMany(counts []float64) bool {
	return len(counts) == 1 && counts[0] == 0 || len(counts) == mostNumbers
}
