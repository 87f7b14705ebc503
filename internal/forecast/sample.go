package forecast

import "math/rand/v2"

// strata returns, for each of n draws of a set of params, the values of the
// params: each param takes one value from each of n strata of equal
// probability, in an order of its own (a Latin hypercube, McKay, Beckman &
// Conover, Technometrics 21, 1979). The orders come from a generator with a
// fixed seed, so that the same model gives the same draws.
func (s *sum) strata(params []int, n int) [][]float64 {
	out := make([][]float64, n)
	for k := range out {
		out[k] = make([]float64, len(params))
	}
	random := rand.New(rand.NewPCG(20261122, uint64(len(params))))
	for i, p := range params {
		order := random.Perm(n)
		if i == 0 {
			for k := range order {
				order[k] = k
			}
		}
		law := s.params[p].law
		for k, j := range order {
			out[k][i] = law.Quantile((float64(j) + 0.5) / float64(n))
		}
	}
	return out
}

// sample is average for many params: n draws of equal weight.
func (s *sum) sample(theta []float64, params []int, n int, f func(weight float64)) {
	for _, draw := range s.strata(params, n) {
		for i, p := range params {
			theta[p] = draw[i]
		}
		f(1 / float64(n))
	}
}
