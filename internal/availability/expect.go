package availability

import (
	"math"
	"math/rand/v2"
	"slices"
)

// A point is what the shared inputs may be.
type point struct {
	theta  []float64
	weight float64
	series int // points of one series make an average of their own
}

const (
	// mostRules is up to how many shared inputs are averaged over by a product
	// of Gauss rules.
	mostRules = 3
	// Of more, so many draws are taken, in so many series.
	draws  = 32
	series = 8
	// fewDraws are taken of a structure of more than largeSize nodes.
	fewDraws  = 8
	largeSize = 50_000
)

// points returns what the shared inputs may be, all of it or of a coarser rule:
// up to three of them at the nodes of Gauss rules, more of them in Latin
// hypercubes (McKay, Beckman and Conover, Technometrics 21, 1979).
func (b *question) points() (fine, coarse []point) {
	e := b.engine
	rules := func(n int) (out []point) {
		theta := slices.Clone(e.meanParams)
		e.product(b.shared, n, theta, func(w float64) { out = append(out, point{slices.Clone(theta), w, 0}) })
		return out
	}
	switch len(b.shared) {
	case 0:
		return []point{{nil, 1, 0}}, nil
	case 1:
		return rules(16), rules(10)
	case 2:
		return rules(8), rules(6)
	case mostRules:
		return rules(6), rules(4)
	}
	n := draws
	if b.user.Size() > largeSize {
		n = fewDraws
	}
	random := rand.New(rand.NewPCG(19790521, uint64(len(b.shared))))
	for k := range series {
		cube := make([]point, n)
		for i := range cube {
			cube[i] = point{slices.Clone(e.meanParams), 1 / float64(series*n), k}
		}
		for _, p := range b.shared {
			for i, stratum := range random.Perm(n) {
				cube[i].theta[p] = e.params.List[p].Law.Quantile((float64(stratum) + random.Float64()) / float64(n))
			}
		}
		fine = append(fine, cube...)
	}
	return fine, nil
}

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
// apart. Else it is averaged over the shared inputs: of draws only what remains
// of the chance without its linear part, whose mean is known.
func (b *question) expect(also []*replacement) *expectation {
	x := &expectation{mean: b.state(nil)}
	x.meanHit, x.meanSlope = b.user.Gradient(x.mean.p)
	x.withoutEach = make([]without, len(also))
	fine, coarse := b.points()
	if len(b.shared) == 0 {
		x.hit, x.often = x.meanHit, frequency(x.mean, x.meanSlope)
		x.err = rounding * x.hit
		for i, r := range also {
			x.withoutEach[i] = r.at(x.mean.p)
		}
		return x
	}
	weights := b.linear(x)
	sums := make([]float64, series)
	for _, p := range fine {
		st := b.state(p.theta)
		hit, slope := b.user.Gradient(st.p)
		sums[p.series] += p.weight * (hit - weights.at(st))
		x.often += p.weight * frequency(st, slope)
		for i, r := range also {
			w := r.at(st.p)
			x.withoutEach[i].perfect += p.weight * w.perfect
			x.withoutEach[i].slope += p.weight * w.slope
		}
	}
	for _, s := range sums {
		x.hit += s
	}
	x.hit += weights.mean
	if coarse != nil {
		rough := weights.mean
		for _, p := range coarse {
			st := b.state(p.theta)
			rough += p.weight * (b.user.Probability(st.p) - weights.at(st))
		}
		x.err = math.Abs(x.hit-rough) + rounding*x.hit
		return x
	}
	square := 0.0
	for _, s := range sums {
		d := s*series - (x.hit - weights.mean)
		square += d * d
	}
	x.err = 3*math.Sqrt(square/(series*(series-1))) + rounding*x.hit
	return x
}

// rounding is the relative error that adding and multiplying a few hundred
// chances leaves.
const rounding = 1e-15

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
	b     *question
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
	l := &linear{b: b}
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
		for level := range s.rides {
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
