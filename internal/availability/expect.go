package availability

import (
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// mostRules is up to how many shared inputs are averaged over by a product
	// of Gauss rules.
	mostRules = 3
	// Of more, the effect of each alone is averaged over by a rule of so many
	// points, and what they do together by so many series of draws.
	alonePoints = 8
	series      = 8
	// Each series has between fewStrata and mostStrata draws, such that about
	// mostWork nodes are visited.
	fewStrata, mostStrata = 8, 16
	mostWork              = 50_000_000
)

// An expectation is a mean over what the unsure inputs may be.
type expectation struct {
	hit         float64 // chance that a random user is hit
	err         float64
	often       float64 // how often per second that begins
	mean        *state  // with each thing as likely as it is on average
	meanHit     float64
	meanSlope   []float64 // by variable
	withoutEach []without // by replacement
}

// expect averages over what the unsure inputs may be. Where the things that may
// fail have no unsure input in common, the chance is linear in each of them
// (they are independent, and a user is hit or not), and they may be averaged
// apart. Else it is averaged over the shared inputs, after its linear part,
// whose mean is known, is taken off.
func (b *question) expect(also []*replacement) *expectation {
	x := &expectation{mean: b.state(nil)}
	x.meanHit, x.meanSlope = b.user.Gradient(x.mean.p)
	linear := b.linear(x)
	numbers := func(theta []float64) []float64 {
		b.engine.poll()
		st := b.state(theta)
		hit, slope := b.user.Gradient(st.p)
		out := append(make([]float64, 0, 2+2*len(also)), hit-linear.at(st), frequency(st, slope))
		for _, r := range also {
			w := r.at(st.p)
			out = append(out, w.perfect, w.slope)
		}
		return out
	}
	var means []float64
	switch k := len(b.shared); {
	case k == 0:
		means = numbers(nil)
	case k <= mostRules:
		sizes := [mostRules + 1][2]int{1: {16, 10}, 2: {8, 6}, 3: {6, 4}}[k]
		means = b.overRules(sizes[0], numbers)
		x.err = math.Abs(means[0] - b.overRules(sizes[1], numbers)[0])
	default:
		means, x.err = b.overDraws(b.strata(also), numbers)
	}
	x.hit = means[0] + linear.mean
	x.err += rounding * x.hit
	x.often = means[1]
	for i := range also {
		x.withoutEach = append(x.withoutEach, without{means[2+2*i], means[3+2*i]})
	}
	return x
}

// overRules averages over the shared inputs by a product of Gauss rules of n
// points each.
func (b *question) overRules(n int, f func(theta []float64) []float64) []float64 {
	var sum []float64
	theta := slices.Clone(b.engine.meanParams)
	b.engine.product(b.shared, n, theta, func(w float64) { sum = add(sum, w, f(theta)) })
	return sum
}

// strata is how many draws a series has.
func (b *question) strata(also []*replacement) int {
	size := b.user.Size()
	for _, r := range also {
		size += r.user.Size()
	}
	return min(mostStrata, max(fewStrata, mostWork/(size*(len(b.shared)+series))))
}

// overDraws averages over many shared inputs: what each does alone, from the
// means of the others, by a Gauss rule; what they do together by Latin
// hypercubes (McKay, Beckman and Conover, Technometrics 21, 1979) of n draws.
// The error is three standard errors of the first number.
func (b *question) overDraws(n int, f func(theta []float64) []float64) (means []float64, err float64) {
	e := b.engine
	random := rand.New(rand.NewPCG(19790521, uint64(len(b.shared))))
	theta := slices.Clone(e.meanParams)
	zero := f(theta)
	means = slices.Clone(zero)
	// Of each input, the points that stand for its strata and what it does
	// alone there.
	points, alone := make([][]float64, len(b.shared)), make([][][]float64, len(b.shared))
	for i, p := range b.shared {
		r := e.gauss(p, alonePoints)
		for k, v := range r.x {
			theta[p] = v
			means = add(add(means, r.w[k], f(theta)), -r.w[k], zero)
		}
		for k := range n {
			theta[p] = e.params.List[p].Law.Quantile((float64(k) + 0.5) / float64(n))
			points[i] = append(points[i], theta[p])
			alone[i] = append(alone[i], add(f(theta), -1, zero))
		}
		theta[p] = e.meanParams[p]
	}
	var firsts [series]float64 // of each series
	for s := range series {
		var sum []float64
		orders := make([][]int, len(b.shared))
		for i := range orders {
			orders[i] = random.Perm(n)
		}
		for k := range n {
			for i, p := range b.shared {
				theta[p] = points[i][orders[i][k]]
			}
			together := add(f(theta), -1, zero)
			for i := range b.shared {
				together = add(together, -1, alone[i][orders[i][k]])
			}
			sum = add(sum, 1/float64(n), together)
		}
		firsts[s] = sum[0]
		means = add(means, 1.0/series, sum)
	}
	mean, square := 0.0, 0.0
	for _, x := range firsts {
		mean += x / series
	}
	for _, x := range firsts {
		square += (x - mean) * (x - mean)
	}
	return means, 3 * math.Sqrt(square/(series*(series-1)))
}

// add adds weight times some numbers to others, and returns these.
func add(to []float64, weight float64, numbers []float64) []float64 {
	if to == nil {
		to = make([]float64, len(numbers))
	}
	for i, x := range numbers {
		to[i] += weight * x
	}
	return to
}

// rounding is the relative error that adding and multiplying a few hundred
// chances leaves.
const rounding = 1e-14

// frequency is how often per second a user begins to be hit, Σ w·∂P/∂q.
func frequency(st *state, slope []float64) float64 {
	sum := 0.0
	for v, w := range st.often {
		sum += w * slope[v]
	}
	return math.Max(0, sum)
}

// linear is the part of the chance of being hit that is linear in the chances
// of what depends on shared inputs. Its mean is known.
type linear struct {
	mean  float64
	terms []term
	edges []edge
}

// A term is the weight of one unit of a spot behind one of its rides.
type term struct {
	spot, level, from, to int // sources from…to of the hits
	weight                float64
}

// An edge is the weight of an exposure.
type edge struct {
	variable int
	weight   float64
}

func (b *question) linear(x *expectation) *linear {
	l := &linear{}
	if len(b.shared) == 0 {
		return l
	}
	touched := func(params []int) bool {
		return slices.ContainsFunc(params, func(p int) bool { return b.isShared[p] })
	}
	for v, f := range b.engine.system.Exposed {
		if b.needed[v] && touched(factorParams(f)) {
			l.edges = append(l.edges, edge{v, x.meanSlope[v]})
		}
	}
	for k, s := range b.spots {
		slopes := s.slopes(x.mean, x.meanSlope)
		for level := range s.behind {
			hits, from := x.mean.hits[k][level], 0
			for _, u := range s.units {
				if touched(u.params(b.objective)) {
					l.terms = append(l.terms, term{k, level, from, from + len(u.causes), slopes[level] * s.upBut(hits, u)})
				}
				from += len(u.causes)
			}
		}
	}
	l.mean = l.at(x.mean)
	return l
}

// slopes returns how the chance that a user is hit grows with the chance that
// a spot is down behind each of its rides: its variables hold the ratios of
// these.
func (s *spot) slopes(st *state, slope []float64) []float64 {
	out := make([]float64, len(s.at))
	down := 1.0
	for l, v := range s.at {
		if down > 0 {
			out[l] += slope[v] / down
		}
		if next := l + 1; next < len(s.at) {
			if now := down * st.p[v]; now > 0 {
				out[l] -= slope[s.at[next]] * st.p[s.at[next]] / now
			}
		}
		down *= st.p[v]
	}
	return out
}

// at returns the linear part in a state.
func (l *linear) at(st *state) float64 {
	sum := 0.0
	for _, t := range l.terms {
		for _, h := range st.hits[t.spot][t.level][t.from:t.to] {
			sum += t.weight * h.q
		}
	}
	for _, e := range l.edges {
		sum += e.weight * st.p[e.variable]
	}
	return sum
}
