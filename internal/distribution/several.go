package distribution

import "math"

// Several is the law of the sum of n times of one law, where two of them are
// correlated by alike: with that probability all are the same, else they are
// independent. An n that is no whole number is an average: the nearest one, stretched.
//
//	P(sum > x) = alike·P(n·X > x) + (1 − alike)·P(X₁ + … + Xₙ > x)
func Several(one Law, n, alike float64) Law {
	mean := n * one.Mean()
	if f, ok := one.(Fixed); ok {
		return f * Fixed(n)
	}
	times := math.Round(n)
	if times <= 1 || alike >= 1 || !(mean > 0) {
		return one.Scale(n)
	}
	first, rest := one, one
	switch {
	case times == 2:
	case math.Mod(times, 2) == 0:
		first = Several(one, times/2, 0)
		rest = first
	default:
		rest = Several(one, times-1, 0)
	}
	x, w := strata(first, severalStrata)
	top := times * reachOf(one)
	survival := func(y float64) float64 {
		sum := 0.0
		for i, by := range x {
			if y < by {
				sum += w[i]
			} else {
				sum += w[i] * rest.Survival(y-by)
			}
		}
		return alike*one.Survival(y/times) + (1-alike)*sum
	}
	return NewTable(survival, Points(top*1e-6, top*(1+1e-12), x...)).To(mean)
}

// severalStrata is into how many parts of equal probability one of several times is
// divided.
const severalStrata = 24

// strata are the means of so many parts of a law of equal probability, from the
// shortest times to the longest: their mean is its own. With Q(p) the times below
// which a part p of all are, ∫ Q from p to 1 is Q(p)·(1 − p) + E[(X − Q(p))⁺], jumps or
// not.
func strata(l Law, n int) (x, w []float64) {
	before := l.Mean()
	at, end := 0.0, reachOf(l)
	for i := range n {
		left := 0.0
		if p := float64(i+1) / float64(n); i < n-1 {
			lo, hi := at, end
			for range 60 {
				if mid := (lo + hi) / 2; l.Survival(mid) > 1-p {
					lo = mid
				} else {
					hi = mid
				}
			}
			at = hi
			left = at*(1-p) + l.Above(at)
		}
		x, w = append(x, math.Max(0, before-left)*float64(n)), append(w, 1/float64(n))
		before = left
	}
	return x, w
}
