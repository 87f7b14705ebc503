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

// Beside is the law of a time and another one that is x with the weights w, of which
// the first says nothing.
func Beside(l Law, x, w []float64) Law {
	top := 0.0
	var also []float64
	for i, by := range x {
		if w[i] < 1e-9 {
			continue
		}
		top = math.Max(top, by)
		also = append(also, by)
	}
	if f, ok := l.(Fixed); ok {
		for i := range also {
			also[i] += float64(f)
		}
		var jumps []float64
		for _, x := range also {
			jumps = append(jumps, beside(x)...)
		}
		also = jumps
	}
	return NewTable(func(y float64) float64 {
		sum, all := 0.0, 0.0
		for i, by := range x {
			if w[i] < 1e-9 {
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
	}, Points((top+reachOf(l))*1e-6, (top+reachOf(l))*(1+1e-12), also...)).To(l.Mean() + meanOf(x, w))
}

func meanOf(x, w []float64) float64 {
	sum, all := 0.0, 0.0
	for i := range x {
		sum += w[i] * x[i]
		all += w[i]
	}
	return sum / all
}
