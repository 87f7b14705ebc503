package availability

import (
	"math/rand/v2"
	"slices"
)

// A rule is points and weights to average over one param.
type rule struct{ x, w []float64 }

type ruleKey struct{ param, n int }

// gauss returns a Gauss rule, kept.
func (e *Engine) gauss(param, n int) rule {
	return e.rules.get(ruleKey{param, n}, func() rule {
		x, w := e.params.List[param].Law.Nodes(n)
		return rule{x, w}
	})
}

// average returns the mean of f over some params, the others being as in theta,
// or at their means where theta is nil. Up to three are averaged over by a
// product of Gauss rules; of more, f is taken as a sum of functions of two of
// them at a time, anchored at the means (Rabitz and Alış, J. Math. Chem. 25,
// 1999): exact for products, which is what chances mostly are.
func (e *Engine) average(params []int, theta []float64, f func(theta []float64) []hit) []hit {
	if theta == nil {
		theta = e.meanParams
	}
	if len(params) == 0 {
		return f(theta)
	}
	theta = slices.Clone(theta)
	for _, p := range params {
		theta[p] = e.meanParams[p]
	}
	var out []hit
	over := func(n int, weight float64, params ...int) {
		e.product(params, n, theta, func(w float64) { out = plus(out, f(theta), w*weight) })
	}
	switch k := len(params); k {
	case 1:
		over(10, 1, params...)
	case 2:
		over(6, 1, params...)
	case 3:
		over(5, 1, params...)
	default:
		// Of all pairs, of all singles and of none, so often that functions of
		// two params come out once.
		for i, p := range params {
			for _, o := range params[i+1:] {
				over(4, 1, p, o)
			}
			over(6, -float64(k-2), p)
		}
		over(0, float64((k-1)*(k-2))/2)
	}
	return out
}

// product calls f with theta set to each point of a product of Gauss rules, and
// puts theta back.
func (e *Engine) product(params []int, n int, theta []float64, f func(weight float64)) {
	if len(params) == 0 {
		e.poll()
		f(1)
		return
	}
	p := params[0]
	r, before := e.gauss(p, n), theta[p]
	for i, x := range r.x {
		theta[p] = x
		e.product(params[1:], n, theta, func(w float64) { f(w * r.w[i]) })
	}
	theta[p] = before
}

// plus adds weight times some hits to others.
func plus(to, hits []hit, weight float64) []hit {
	if to == nil {
		to = make([]hit, len(hits))
	}
	for i, h := range hits {
		to[i].q += weight * h.q
		to[i].often += weight * h.often
	}
	return to
}

// Average returns the mean of some numbers over the unsure inputs params, by the
// same rules; where there are more than mostPairs of these, by draws.
func (e *Engine) Average(params []int, f func(theta []float64) []float64) []float64 {
	if len(params) > mostPairs {
		return e.drawn(params, f)
	}
	hits := e.average(params, nil, func(theta []float64) []hit {
		var out []hit
		for _, x := range f(theta) {
			out = append(out, hit{q: x})
		}
		return out
	})
	out := make([]float64, len(hits))
	for i, h := range hits {
		out[i] = h.q
	}
	return out
}

// mostPairs is up to how many inputs all pairs of them are averaged over, and
// averageDraws how many draws there are of more.
const (
	mostPairs    = 10
	averageDraws = 512
)

// drawn averages over a Latin hypercube.
func (e *Engine) drawn(params []int, f func(theta []float64) []float64) []float64 {
	theta := slices.Clone(e.meanParams)
	random := rand.New(rand.NewPCG(20261124, uint64(len(params))))
	orders := make([][]int, len(params))
	for i := range orders {
		orders[i] = random.Perm(averageDraws)
	}
	var out []float64
	for k := range averageDraws {
		e.poll()
		for i, p := range params {
			theta[p] = e.params.List[p].Law.Quantile((float64(orders[i][k]) + 0.5) / averageDraws)
		}
		out = add(out, 1.0/averageDraws, f(theta))
	}
	return out
}
