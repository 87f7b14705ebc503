package availability

import (
	"math"
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

// usualWork is Engine.Work where it is not set.
const usualWork = 1e8

// Points is at how many values of its unsure inputs a division may be looked at:
// large ones take long.
func (d *Division) Points() int {
	return d.points.Get(func() int {
		// Off the means, where all shares of users differ that may.
		theta := slices.Clone(d.engine.meanParams)
		for i, p := range d.Params {
			_, part := math.Modf(0.618 * float64(i+1))
			theta[p] = d.engine.params.List[p].Law.Quantile(0.2 + 0.6*part)
		}
		at := &kindsAt{theta: theta, known: map[kindsKey][]similar{}}
		d.losses(at, nil)
		work := d.engine.Work
		if work <= 0 {
			work = usualWork
		}
		return int(math.Min(1e9, 1+work/float64(at.steps+1)))
	})
}

// pointsOf is at how many points so many inputs are averaged over by pairs, or by
// draws.
func pointsOf(params int) int {
	switch {
	case params > mostPairs:
		return averageDraws
	case params <= 3:
		return [...]int{1, 10, 36, 125}[params]
	}
	return params*(params-1)/2*16 + 6*params + 1
}

// Average returns the mean of some numbers that a division is asked for over its
// unsure inputs, by the same rules; where there are more than mostPairs of these,
// by draws. Where that takes too long, it is by each of them alone, or as they are
// at their means. doubt says how far that moved the first number, and is 0 else.
func (d *Division) Average(f func(theta []float64) []float64) (mean []float64, doubt float64) {
	points, n := d.Points(), len(d.Params)
	if pointsOf(n) <= points {
		return d.engine.mean(d.Params, f), 0
	}
	e := d.engine
	at := f(slices.Clone(e.meanParams))
	for _, rule := range []int{4, 2} {
		if rule*n+1 > points {
			continue
		}
		mean = add(nil, 1-float64(n), at)
		theta := slices.Clone(e.meanParams)
		for _, p := range d.Params {
			e.product([]int{p}, rule, theta, func(w float64) { mean = add(mean, w, f(theta)) })
		}
		return mean, math.Abs(mean[0] - at[0])
	}
	return at, math.Abs(at[0])
}

// mean is Average where there is no bound.
func (e *Engine) mean(params []int, f func(theta []float64) []float64) []float64 {
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
