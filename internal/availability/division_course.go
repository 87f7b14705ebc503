package availability

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/distribution"
)

// A course is which share of users switches hit by themselves, with all else up, in
// the time after the mode began: from a time on, until the next one. What begins
// behind a longer ride comes later, and what the mode hits by itself is no part of it.
type course []coursePart

type coursePart struct{ from, share float64 }

// course returns that of some switches beside those that failed too.
func (e *exchange) course(failed, on []int) (out course) {
	all := append(slices.Clone(failed), on...)
	var turns []float64
	for _, i := range all {
		turns = append(turns, e.rides[i]...)
	}
	for _, x := range e.steps {
		turns = append(turns, x.after)
	}
	slices.Sort(turns)
	for _, t := range slices.Compact(turns) {
		at := math.Nextafter(t, math.Inf(1))
		with, _ := e.hit(all, at)
		without, _ := e.hit(failed, at)
		share := math.Max(0, with-without)
		if share <= 1e-15 {
			share = 0
		}
		if n := len(out); n == 0 && share > 0 || n > 0 && math.Abs(share-out[n-1].share) > 1e-12*share {
			out = append(out, coursePart{t, share})
		}
	}
	return out
}

// end is when nobody is hit any more; infinite where it is when the mode ends.
func (c course) end() float64 {
	if n := len(c); n > 0 && c[n-1].share == 0 {
		return c[n-1].from
	}
	return math.Inf(1)
}

// mean is the share that is hit on average, of the time that is left of a length from
// the beginning of the course to its end.
func (c course) mean(l distribution.Law) float64 {
	if len(c) == 1 || len(c) == 2 && c[1].share == 0 {
		return c[0].share
	}
	sum, all := 0.0, l.Above(c[0].from)
	for i, x := range c {
		left := l.Above(x.from)
		if i+1 < len(c) {
			left -= l.Above(c[i+1].from)
		}
		sum += x.share * left
	}
	if end := c.end(); !math.IsInf(end, 1) {
		all -= l.Above(end)
	}
	if all <= 0 {
		return 0
	}
	return sum / all
}

// rising reports whether never less are hit than before.
func (c course) rising() bool {
	return slices.IsSortedFunc(c, func(a, b coursePart) int { return cmp.Compare(a.share, b.share) })
}

// ridden is the law of a ride that ends at a time.
func (e *exchange) ridden(after float64) distribution.Law {
	if e.ride != nil {
		return e.ride
	}
	return distribution.Fixed(after)
}

// felt is what users lose by switches that last as long as a law says: the chance that
// anything is lost, and then a share of users times a law. Where more and more of them
// are hit it is what they lose together, relative to how many are hit in the end.
func (e *exchange) felt(whole distribution.Law, hits course) (chance, users float64, law distribution.Law) {
	until := distribution.AtMost(whole, hits.end())
	first := hits[0].from
	if last := len(hits) - 1; last > 0 && e.ride == nil && hits.rising() {
		groups := []distribution.Felt{{Share: hits[0].share / hits[last].share, After: distribution.Fixed(first)}}
		for i, x := range hits[1:] {
			groups = append(groups, distribution.Felt{Share: (x.share - hits[i].share) / hits[last].share, After: distribution.Fixed(x.from)})
		}
		chance, law = e.d.laws.FeltBy(until, groups)
		return chance, hits[last].share, law
	}
	chance, law = 1, until
	if first > 0 {
		chance, law = e.d.laws.Felt(until, e.ridden(first))
	}
	return chance, hits.mean(whole), law
}
