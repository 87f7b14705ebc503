package distribution

import "math"

// Later is the law of By + X, where X has the law Of and By ≥ 0 is in seconds.
type Later struct {
	Of Law
	By float64
}

// Delayed returns the law of by + X. A fixed time stays one.
func Delayed(l Law, by float64) Law {
	switch l := l.(type) {
	case Fixed:
		return l + Fixed(by)
	case Later:
		return Later{l.Of, l.By + by}
	}
	if by <= 0 {
		return l
	}
	return Later{l, by}
}

// Mean implements Law.
func (l Later) Mean() float64 { return l.By + l.Of.Mean() }

// SecondMoment implements Law.
func (l Later) SecondMoment() float64 {
	return l.By*l.By + 2*l.By*l.Of.Mean() + l.Of.SecondMoment()
}

// Survival implements Law.
func (l Later) Survival(x float64) float64 {
	if x < l.By {
		return 1
	}
	return l.Of.Survival(x - l.By)
}

// Below implements Law.
func (l Later) Below(x float64) float64 {
	if x <= l.By {
		return 0
	}
	return l.Of.Below(x - l.By)
}

// Above implements Law.
func (l Later) Above(x float64) float64 {
	if x <= l.By {
		return math.Max(0, l.Mean()-x)
	}
	return l.Of.Above(x - l.By)
}

// Scale implements Law.
func (l Later) Scale(s float64) Law { return Later{l.Of.Scale(s), l.By * s} }

func (l Later) breaks() []float64 {
	out := []float64{l.By}
	for _, x := range l.Of.breaks() {
		if x > 0 {
			out = append(out, l.By+x)
		}
	}
	return out
}

// Added is the law of the sum of a time and another one that is x with the weights w,
// independent of it.
func Added(l Law, x, w []float64) Law {
	top, all, mean := 0.0, 0.0, 0.0
	var also []float64
	for i, by := range x {
		all += w[i]
		mean += w[i] * by
		if w[i] < negligible {
			continue
		}
		top = math.Max(top, by)
		if f, ok := l.(Fixed); ok {
			also = append(also, beside(by+float64(f))...)
		} else {
			also = append(also, by)
		}
	}
	survival := func(y float64) float64 {
		sum, all := 0.0, 0.0
		for i, by := range x {
			if w[i] < negligible {
				continue
			}
			all += w[i]
			if y < by {
				sum += w[i]
			} else {
				sum += w[i] * l.Survival(y-by)
			}
		}
		return sum / all
	}
	top += reachOf(l)
	return NewTable(survival, pointsOf(addedPoints, top*1e-3, top*(1+1e-12), also...)).To(l.Mean() + mean/all)
}

// addedPoints is how many points such a table has on each factor of ten: such laws are
// made in great numbers, of weights that are few themselves.
const addedPoints = 60

// negligible is the weight of a point that is left out of a law.
const negligible = 1e-9
