package explain

import (
	"math"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// firsts returns, for each of some ways to detect, the chance that it is the
// first: ∫ cⱼ dFⱼ(t) Π (1 − cᵢFᵢ(t)) over the others. Of two at the same moment
// it is the one that is written first. One way detects for certain.
func firsts(paths []scenario.Path, theta []float64) []float64 {
	out := make([]float64, len(paths))
	laws := make([]distribution.Law, len(paths))
	catches := make([]float64, len(paths))
	var points []float64
	for i, p := range paths {
		laws[i], catches[i] = p.After.Law(theta), p.Catches.Value(theta)
		if f, ok := laws[i].(distribution.Fixed); ok {
			points = append(points, math.Nextafter(float64(f), math.Inf(-1)), float64(f))
			continue
		}
		// From where nearly nothing to where nearly all of it is over.
		m := laws[i].Mean()
		for k := -400; k <= 400; k++ {
			points = append(points, m*math.Exp(float64(k)/60))
		}
	}
	slices.Sort(points)
	points = slices.Compact(points)
	before := make([]float64, len(paths)) // cᵢFᵢ at the last point
	for _, t := range points {
		now := make([]float64, len(paths))
		for i, l := range laws {
			now[i] = catches[i] * (1 - l.Survival(t))
		}
		for j := range paths {
			step := now[j] - before[j]
			if step <= 0 {
				continue
			}
			p := step
			for i := range paths {
				switch {
				case i == j:
				case isFixed(laws[j]) && i < j:
					p *= 1 - now[i]
				case isFixed(laws[j]):
					p *= 1 - before[i]
				default:
					p *= 1 - (before[i]+now[i])/2
				}
			}
			out[j] += p
		}
		before = now
	}
	return out
}

func isFixed(l distribution.Law) bool { _, ok := l.(distribution.Fixed); return ok }
