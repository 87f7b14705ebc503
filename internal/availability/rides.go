package availability

import (
	"math"
	"strings"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// past returns what is felt behind rides of an outage of shift + X.
func past(l distribution.Law, shift float64, rides scenario.Rides) stay {
	fixed, random := summed(rides)
	if random == nil {
		return stay{l.Survival(fixed - shift), l.Above(fixed - shift)}
	}
	if x, ok := l.(distribution.Fixed); ok {
		left := float64(x) + shift - fixed
		return stay{1 - random.Survival(left), random.Below(left)}
	}
	var out stay
	points, weights := nodes(random)
	for i, r := range points {
		out.chance += weights[i] * l.Survival(fixed+r-shift)
		out.felt += weights[i] * l.Above(fixed+r-shift)
	}
	return out
}

// summed returns the sum of rides as a fixed time and a law, nil where they are
// the same for all outages. Where several are not, only the longest of them is
// random; the others are at their mean.
func summed(rides scenario.Rides) (fixed float64, random distribution.Law) {
	for _, r := range rides {
		l := scenario.Length{Time: r.Time}.Law(nil)
		if f, ok := l.(distribution.Fixed); ok {
			fixed += float64(f)
			continue
		}
		if random == nil || l.Mean() > random.Mean() {
			random, l = l, random
		}
		if l != nil {
			fixed += l.Mean()
		}
	}
	return fixed, random
}

// rideNodes is how many points stand for a ride that differs from outage to
// outage.
const rideNodes = 32

// nodes returns points and weights for the mean over a law.
func nodes(l distribution.Law) (x, w []float64) {
	switch l := l.(type) {
	case distribution.LogNormal:
		return l.Nodes(rideNodes)
	case distribution.Exponential:
		return distribution.Gamma{Shape: 1, Span: 1 / float64(l)}.Nodes(rideNodes)
	}
	return []float64{math.Max(0, l.Mean())}, []float64{1}
}

// ridesKey tells rides apart.
func ridesKey(rides scenario.Rides) string {
	if len(rides) == 0 {
		return ""
	}
	var b strings.Builder
	for _, r := range rides {
		b.WriteString(r.ID.String())
		b.WriteByte(';')
	}
	return b.String()
}
