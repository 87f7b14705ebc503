package distribution

import "math"

// Uniform is anything between 0 and this, all alike: what is left of a Fixed time at a
// random moment of it.
type Uniform float64

// Mean implements Law.
func (u Uniform) Mean() float64 { return float64(u) / 2 }

// SecondMoment implements Law.
func (u Uniform) SecondMoment() float64 { return float64(u) * float64(u) / 3 }

// Survival implements Law.
func (u Uniform) Survival(x float64) float64 {
	return math.Max(0, 1-math.Max(0, x)/float64(u))
}

// Below implements Law.
func (u Uniform) Below(x float64) float64 {
	if x >= float64(u) {
		return x - u.Mean()
	}
	x = math.Max(0, x)
	return x * x / (2 * float64(u))
}

// Above implements Law.
func (u Uniform) Above(x float64) float64 {
	if x <= 0 {
		return u.Mean() - x
	}
	left := math.Max(0, float64(u)-x)
	return left * left / (2 * float64(u))
}

// Scale implements Law.
func (u Uniform) Scale(s float64) Law { return Uniform(float64(u) * s) }

func (u Uniform) breaks() []float64 { return []float64{0, float64(u)} }
