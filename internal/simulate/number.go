package simulate

import (
	"math"

	"tightrope/internal/distribution"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// A number is a factor made ready to be computed again and again.
type number struct {
	exact float64
	terms []scenario.Term
}

func numberOf(f scenario.Factor) number {
	x, _ := f.Rat().Float64()
	return number{x, f.Terms}
}

// value is the same as that of the factor, to the last bit.
func (n *number) value(theta []float64) float64 {
	v := n.exact
	for i := range n.terms {
		t := &n.terms[i]
		x := t.Base
		switch {
		case t.Of != nil:
			x = t.Of(theta)
		case t.Param != scenario.NoParam:
			x += t.Slope * theta[t.Param]
		}
		if t.Inverse {
			v /= x
		} else {
			v *= x
		}
	}
	return v
}

// A param is an input that is not exactly known, with its key.
type param struct {
	key uint64
	law distribution.Unsure
}

// draw returns what it is in an epoch.
func (p *param) draw(epoch uint64) float64 {
	s := from(under(p.key, epoch))
	switch l := p.law.(type) {
	case distribution.Gamma:
		return math.Exp(s.logGamma(l.Shape)) / l.Span
	case distribution.Beta:
		return s.beta(l.A, l.B)
	case distribution.LogNormal:
		return math.Exp(l.Mu + l.Sigma*s.normal())
	}
	return p.law.Quantile(s.uniform())
}

// A law is how long something takes, in seconds, ready to be drawn from: always
// a; exponential with mean a; or lognormal, exp(a + b·Z).
type law struct {
	kind lawKind
	a, b float64
}

type lawKind uint8

const (
	fixed lawKind = iota
	exponential
	lognormal
)

func (l *law) draw(key uint64) float64 {
	switch l.kind {
	case exponential:
		s := from(key)
		return l.a * s.exponential()
	case lognormal:
		s := from(key)
		return math.Exp(l.a + l.b*s.normal())
	}
	return l.a
}

// A lengthOf is a time as the model says it, stretched by something that may be
// unsure.
type lengthOf struct {
	plain law // not stretched
	scale number
	sure  bool // plain is all there is
	of    func(theta []float64) distribution.Law
}

func newLength(l scenario.Length) lengthOf {
	if l.Of != nil {
		return lengthOf{of: l.Of}
	}
	out := lengthOf{scale: numberOf(l.Scale), sure: l.Scale.Sure()}
	if out.sure {
		out.plain = lawOf(l.Law(nil))
		return out
	}
	out.plain = lawOf(scenario.Length{Time: l.Time}.Law(nil))
	return out
}

// lawOf makes a law of the model ready.
func lawOf(l distribution.Law) law {
	switch l := l.(type) {
	case distribution.Exponential:
		return law{kind: exponential, a: float64(l)}
	case distribution.LogNormal:
		return law{kind: lognormal, a: l.Mu, b: l.Sigma}
	}
	return law{a: l.Mean()}
}

// at is the law where the params have the values theta.
func (l *lengthOf) at(theta []float64) law {
	switch {
	case l.of != nil:
		return lawOf(l.of(theta))
	case l.sure:
		return l.plain
	}
	s := l.scale.value(theta)
	out := l.plain
	switch {
	case s <= 0:
		return law{}
	case out.kind == lognormal:
		out.a += math.Log(s)
	default:
		out.a *= s
	}
	return out
}

func seconds(d *model.Duration) float64 {
	if d == nil {
		return 0
	}
	return d.Seconds()
}
