package distribution

import "math"

// Leaning is a table whose mean is moved while its jumps stay where they are:
// with S its survival, P(X > x) = S − By·S·(1 − S), for |By| < 1.
type Leaning struct {
	Of Table
	By float64
}

// squares are ∫S² from each point on, and ∫2x·S², of a table.
type squares struct {
	above  []float64
	second float64
}

func (t *table) square() squares {
	n := len(t.x)
	out := squares{above: make([]float64, n)}
	for i := n - 2; i >= 0; i-- {
		lo, h := t.x[i], t.x[i+1]-t.x[i]
		a, b := t.survival[i], t.survival[i+1]
		out.above[i] = out.above[i+1] + h*(a*a+a*b+b*b)/3
		out.second += 2 * (lo*h*(a*a+a*b+b*b)/3 + h*h*(a*a+2*a*b+3*b*b)/12)
	}
	return out
}

// Toward returns the law with another mean, its jumps where they were. Where the
// mean is too far off for that it is stretched.
func (t Table) Toward(mean float64) Law {
	less := t.Mean() - mean
	if math.Abs(less) <= 1e-12*mean {
		return t
	}
	by := less / (t.Mean() - t.K*t.squares().above[0])
	if !(math.Abs(by) < 0.5) {
		return t.To(mean)
	}
	return Leaning{t, by}
}

// Mean implements Law.
func (l Leaning) Mean() float64 { return l.mix(l.Of.Mean(), l.Of.K*l.Of.squares().above[0]) }

// SecondMoment implements Law.
func (l Leaning) SecondMoment() float64 {
	return l.mix(l.Of.SecondMoment(), l.Of.K*l.Of.K*l.Of.squares().second)
}

// mix is what is linear in S − By·S·(1 − S), of S and S².
func (l Leaning) mix(once, square float64) float64 { return once - l.By*(once-square) }

// Survival implements Law.
func (l Leaning) Survival(x float64) float64 {
	s := l.Of.Survival(x)
	return l.mix(s, s*s)
}

// Above implements Law.
func (l Leaning) Above(x float64) float64 {
	t := l.Of
	y := x / t.K
	switch {
	case y <= 0:
		return l.Mean() - x
	case y >= t.x[len(t.x)-1]:
		return 0
	}
	i := t.cell(y)
	here, b := t.Survival(x), t.survival[i+1]
	square := t.squares().above[i+1] + (t.x[i+1]-y)*(here*here+here*b+b*b)/3
	return l.mix(t.Above(x), t.K*square)
}

// Below implements Law.
func (l Leaning) Below(x float64) float64 {
	if x <= 0 {
		return 0
	}
	return math.Max(0, x-l.Mean()+l.Above(x))
}

// Scale implements Law.
func (l Leaning) Scale(s float64) Law { return Leaning{Table{l.Of.table, l.Of.K * s}, l.By} }

func (l Leaning) breaks() []float64 { return l.Of.breaks() }
