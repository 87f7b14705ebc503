package distribution

import (
	"math"
	"slices"
)

// A Blend is what may take a member of a group down: each kind of incident with
// how often it begins.
type Blend []Kind

// A Kind of incident, so often and so long.
type Kind struct {
	Often float64
	Law   Law
}

// survival is the law of one that begins.
func (b Blend) survival(x float64) float64 {
	sum, often := 0.0, 0.0
	for _, k := range b {
		sum += k.Often * k.Law.Survival(x)
		often += k.Often
	}
	if often <= 0 {
		return 0
	}
	return sum / often
}

// residual is the law of what is left of one at a random moment of it:
// P(R > x) = Σ often·E[(X−x)⁺] / Σ often·E[X].
func (b Blend) residual(x float64) float64 {
	if x <= 0 {
		return 1
	}
	sum, mean := 0.0, 0.0
	for _, k := range b {
		sum += k.Often * k.Law.Above(x)
		mean += k.Often * k.Law.Mean()
	}
	if mean <= 0 {
		return 0 // nothing of it lasts
	}
	return sum / mean
}

// Moments returns how often one of a blend begins, its mean, and E[X²]/E[X]², how
// varied it is: 2 for exponential times, 1 for a fixed one.
func (b Blend) Moments() (often, mean, spread float64) {
	sum, square := 0.0, 0.0
	for _, k := range b {
		often += k.Often
		sum += k.Often * k.Law.Mean()
		square += k.Often * k.Law.SecondMoment()
	}
	if often <= 0 || sum <= 0 {
		return often, 0, 0
	}
	mean = sum / often
	return often, mean, square / often / (mean * mean)
}

// reach returns a point beyond which hardly anything of it lies.
func (b Blend) reach() float64 {
	top := 0.0
	for _, k := range b {
		top = math.Max(top, reachOf(k.Law))
	}
	return top
}

// A Cut is members of a group that are down at once: the outage of the group
// begins when First fails while the others have been down for some time
// already, and ends when the first of them all is up again.
type Cut struct {
	Weight float64 // how often, relative to the other cuts
	First  Blend
	Others []Blend
	Scale  float64 // of its lengths: the share of users that are hit; 0 is 1
}

// scale is by how much lengths are stretched.
func (c *Cut) scale() float64 {
	if c.Scale == 0 {
		return 1
	}
	return c.Scale
}

// Together returns the law of the length of a group's outage, of independent
// members: P(L > x) is the weighted mean over the cuts of P(First > x) times,
// for each other, the chance that what is left of it is longer than x. Where
// cuts have a Scale it is that of Scale × L. ok is false where there is no cut.
func Together(cuts []Cut) (law Table, ok bool) { return together(cuts, tablePoints, 1e-7) }

// TogetherInMany is Together where it is asked for at many values of unsure inputs: with
// half as many points on each factor of ten, and from 1/100,000 of the longest time on.
func TogetherInMany(cuts []Cut) (law Table, ok bool) { return together(cuts, tablePoints/2, 1e-5) }

func together(cuts []Cut, each, low float64) (law Table, ok bool) {
	total, longest := 0.0, 0.0
	var also []float64
	for _, c := range cuts {
		top := c.First.reach()
		for _, k := range c.First {
			if f, ok := k.Law.(Fixed); ok && len(also) < mostJumps {
				also = append(also, beside(c.scale()*float64(f))...)
			}
		}
		for _, o := range c.Others {
			top = math.Min(top, o.reach())
		}
		total += c.Weight
		longest = math.Max(longest, c.scale()*top)
	}
	if total <= 0 || longest <= 0 {
		return Table{}, false
	}
	survival := func(x float64) float64 {
		sum := 0.0
		for _, c := range cuts {
			y := x / c.scale()
			p := c.Weight * c.First.survival(y)
			for _, o := range c.Others {
				if p == 0 {
					break
				}
				p *= o.residual(y)
			}
			sum += p
		}
		return sum / total
	}
	return NewTable(survival, pointsOf(each, longest*low, longest, also...)), true
}

// beside returns points before and after a jump, further apart than what rounding
// may move it.
func beside(x float64) []float64 { return []float64{x * (1 - 1e-12), x * (1 + 1e-12)} }

// Shortest is the law of the shorter of a time and an incident of a blend.
func Shortest(l Law, other Blend) Law {
	top := math.Min(reachOf(l), other.reach())
	var also []float64
	jump := func(l Law) {
		if f, ok := l.(Fixed); ok && float64(f) <= top && len(also) < mostJumps {
			also = append(also, beside(float64(f))...)
		}
	}
	jump(l)
	for _, k := range other {
		jump(k.Law)
	}
	return NewTable(func(x float64) float64 { return l.Survival(x) * other.survival(x) }, Points(top*1e-7, top*(1+1e-12), also...))
}

// Common returns the mean time that something that begins has in common with
// something that has lasted for some time: E[min(First, what is left of other)], by
// a sum over a few hundred points.
func Common(first, other Blend) float64 {
	const points = 400
	top := math.Min(first.reach(), other.reach())
	// Evenly in the logarithm and then evenly.
	sum, last, before := 0.0, 0.0, 1.0
	step := func(x float64) {
		now := first.survival(x) * other.residual(x)
		sum += (x - last) * (before + now) / 2
		last, before = x, now
	}
	for i := range points {
		step(top * 1e-4 * math.Pow(100, float64(i)/points))
	}
	for i := range points {
		step(top * (1e-2 + 0.99*float64(i+1)/points))
	}
	return sum
}

// mostJumps bounds how many jumps of a survival a table has points beside.
const mostJumps = 400

// AtMost returns the law of min(X, top).
func AtMost(l Law, top float64) Law {
	if f, ok := l.(Fixed); ok {
		return Fixed(math.Min(float64(f), top))
	}
	if high := reachOf(l); high > top {
		return NewTable(l.Survival, Points(top*1e-7, top, math.Nextafter(top, 0)))
	}
	return l
}

// Parts divides a law into n parts that are as likely as each other, and returns their
// means, rising.
func Parts(l Law, n int) []float64 {
	out := make([]float64, n)
	from, beyond := 0.0, l.Mean() // E[X; X > from]
	for i := range out {
		to, rest := math.Inf(1), 0.0
		if left := float64(n-1-i) / float64(n); left > 0 {
			low, high := from, math.Max(1, 2*from)
			for l.Survival(high) > left {
				low, high = high, 2*high
			}
			for range 100 {
				if to = (low + high) / 2; l.Survival(to) > left {
					low = to
				} else {
					high = to
				}
			}
			rest = to*left + l.Above(to)
		}
		out[i] = math.Max(from, float64(n)*(beyond-rest))
		from, beyond = to, rest
	}
	return out
}

// Exactly returns for how long, on average, of some independent times that begin together
// some are not over and all others are: by the set of those that are not, as bits. With
// M(U) the mean of the shortest of a set, ∫ Π P(T > t) dt, that is Σ (−1)^|U∖S| M(U) over
// the sets U that have S in them.
func Exactly(laws []Law) []float64 { return ExactlyBetween(laws, 0, math.Inf(1)) }

// ExactlyBetween is Exactly of the part from one time after they began to another.
func ExactlyBetween(laws []Law, from, to float64) []float64 {
	out := make([]float64, 1<<len(laws))
	for set := 1; set < len(out); set++ {
		var some []Law
		for i, l := range laws {
			if set>>i&1 == 1 {
				some = append(some, l)
			}
		}
		out[set] = shortest(some, from, to)
	}
	// Of all sets with these in them to these alone.
	for i := range laws {
		for set := range out {
			if set>>i&1 == 0 {
				out[set] -= out[set|1<<i]
			}
		}
	}
	out[0] = 0
	for set := range out {
		out[set] = math.Max(0, out[set])
	}
	return out
}

// shortest is the mean of the part between two times of the shortest of some
// independent ones.
func shortest(laws []Law, from, to float64) float64 {
	if len(laws) == 1 {
		return between(laws[0], from, to)
	}
	end := to
	at := []float64{from}
	for _, l := range laws {
		at = append(at, l.breaks()...)
		end = math.Min(end, reachOf(l))
	}
	slices.Sort(at)
	sum := 0.0
	for i := 1; i < len(at); i++ {
		a, b := math.Max(from, at[i-1]), math.Min(at[i], end)
		if b <= a {
			continue
		}
		for k, x := range gauss3x {
			p := gauss3w[k] * (b - a)
			for _, l := range laws {
				p *= l.Survival(a + (b-a)*x)
			}
			sum += p
		}
	}
	return sum
}

// between is the mean of the part of a time between two others.
func between(l Law, from, to float64) float64 {
	left := l.Mean()
	if from > 0 {
		left = l.Above(from)
	}
	if math.IsInf(to, 1) {
		return left
	}
	return math.Max(0, left-l.Above(to))
}

// Longest returns the law of the longest of several independent times.
func Longest(laws []Law) Law {
	fixed, high := 0.0, 0.0
	var others []Law
	for _, l := range laws {
		if f, ok := l.(Fixed); ok {
			fixed = math.Max(fixed, float64(f))
			continue
		}
		others = append(others, l)
		high = math.Max(high, reachOf(l))
	}
	switch {
	case len(others) == 0:
		return Fixed(fixed)
	case len(others) == 1 && fixed == 0:
		return others[0]
	case fixed >= high:
		return Fixed(fixed)
	}
	return NewTable(func(x float64) float64 {
		if x < fixed {
			return 1
		}
		below := 1.0
		for _, l := range others {
			below *= 1 - l.Survival(x)
		}
		return 1 - below
	}, Points(high*1e-7, high, fixed, math.Nextafter(fixed, 0)))
}
