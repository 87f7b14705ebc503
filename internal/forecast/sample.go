package forecast

import (
	"math"
	"math/rand/v2"
)

// A rule is points and weights to average over one param.
type rule struct{ x, w []float64 }

// most is how many points a product of rules may have before draws are taken
// instead.
const most = 20000

// amplitude bounds how far the logarithm of a spectrum moves with one standard
// deviation of a param, by the uses that it touches.
func (s *sum) amplitude(p int, uses []*use) float64 {
	a := 0.0
	for _, u := range uses {
		if !u.touches(p) {
			continue
		}
		if s.params[p].Length {
			if u.maybeFixed() {
				// What is as long every time becomes a comb, as fine as the rule.
				a = 1e9
			}
			// Smooth lengths stretch smoothly: the more incidents, the more it
			// matters how far.
			a += 0.3 + 2*u.expected(s)
			continue
		}
		a += u.expected(s) * u.mentionsWeight(p, s)
	}
	return a
}

// expected is roughly how many incidents there are in a window.
func (u *use) expected(s *sum) float64 {
	n := s.seconds * u.frequency(s.means)
	if u.Change != nil {
		n *= float64(u.chances()) * u.Change.Every.Value(s.means)
	}
	return n
}

// mentionsWeight is by how much, relative to all of its incidents, a use moves
// with one standard deviation of a param.
func (u *use) mentionsWeight(p int, s *sum) float64 {
	law := s.params[p].Law
	for _, q := range u.oftenParams {
		if q == p {
			// A rate or a chance scales with it, what is prevented with 1 − p.
			return law.SD() / math.Max(1e-9, math.Min(law.Mean(), math.Abs(1-law.Mean())))
		}
	}
	return law.SD()
}

// nodes returns a rule for one param, with as many points as the size of what
// it moves asks for: a Gauss rule of n points is wrong by about
// a²ⁿ/(2n)! for exp(a·z).
func (s *sum) nodes(p, fine int, amplitude float64) (x, w []float64) {
	sizes := []struct {
		amplitude float64
		n         int
	}{{0.02, 3}, {0.1, 4}, {0.3, 5}, {1, 8}, {3, 12}, {8, 18}}
	n := 24
	for _, c := range sizes {
		if 2*amplitude <= c.amplitude {
			n = c.n
			break
		}
	}
	if fine > 0 {
		n = max(2, n*2/3)
	}
	return s.gauss(p, n)
}

// gauss returns a Gauss rule, kept.
func (s *sum) gauss(p, n int) (x, w []float64) {
	key := ruleKey{p, n}
	r, ok := s.worker.rules[key]
	if !ok {
		r = s.kept(p, n, func() (r rule) {
			r.x, r.w = s.params[p].Law.Nodes(n)
			return r
		})
		s.worker.rules[key] = r
	}
	return r.x, r.w
}

// kept finds points in the memory, by the law of a param, or computes them.
func (s *sum) kept(p, n int, compute func() rule) rule {
	var t fingerprint // the worker's may be in the middle of something
	t.begin('q')
	t.count(n)
	t.unsure(s.params[p].Law)
	key := t.key()
	if x, ok := s.memory.get(key); ok {
		return x.(rule)
	}
	r := compute()
	s.memory.put(key, r, 16*len(r.x))
	return r
}

type ruleKey struct{ param, n int }

// averageBy is average by a product of rules of which each is as fine as what its
// input moves asks for: where nobody looked for points that fit.
func (e *evaluator) averageBy(params []int, uses []*use, f func(weight float64)) {
	rules := make([]rule, len(params))
	points := 1
	for i, p := range params {
		rules[i].x, rules[i].w = e.sum.nodes(p, min(1, i/3), e.sum.amplitude(p, uses))
		points *= len(rules[i].x)
	}
	if points > most {
		e.sum.sample(e.theta, params, 4096, f)
		return
	}
	e.sum.product(e.theta, params, rules, f)
}

// product calls f with theta set to each point of a product of rules.
func (s *sum) product(theta []float64, params []int, rules []rule, f func(weight float64)) {
	var walk func(i int, w float64)
	walk = func(i int, w float64) {
		if i == len(params) {
			f(w)
			return
		}
		for k, x := range rules[i].x {
			theta[params[i]] = x
			walk(i+1, w*rules[i].w[k])
		}
	}
	walk(0, 1)
}

// strata returns, for each of n draws of a set of params, the values of the
// params: each param takes one value from each of n strata of equal
// probability, in an order of its own (a Latin hypercube, McKay, Beckman &
// Conover, Technometrics 21, 1979). The orders come from a generator with a
// fixed seed, so that the same model gives the same draws.
func (s *sum) strata(params []int, n, set int) [][]float64 {
	out := make([][]float64, n)
	for k := range out {
		out[k] = make([]float64, len(params))
	}
	random := rand.New(rand.NewPCG(20261122+uint64(set), uint64(len(params))))
	for i, p := range params {
		order := random.Perm(n)
		if i == 0 && set == 0 {
			for k := range order {
				order[k] = k
			}
		}
		values := s.middles(p, n)
		for k, j := range order {
			out[k][i] = values[j]
		}
	}
	return out
}

// middles returns the middles of n strata of a param, kept.
func (s *sum) middles(p, n int) []float64 {
	key := ruleKey{p, -n}
	r, ok := s.worker.rules[key]
	if !ok {
		r = s.kept(p, -n, func() (r rule) {
			r.x = make([]float64, n)
			for k := range r.x {
				r.x[k] = s.params[p].Law.Quantile((float64(k) + 0.5) / float64(n))
			}
			return r
		})
		s.worker.rules[key] = r
	}
	return r.x
}

// sample is average for many params: n draws of equal weight.
func (s *sum) sample(theta []float64, params []int, n int, f func(weight float64)) {
	for _, draw := range s.strata(params, n, 0) {
		for i, p := range params {
			theta[p] = draw[i]
		}
		f(1 / float64(n))
	}
}
