package forecast

import (
	"fmt"
	"math/big"

	"tightrope/internal/dist"
	"tightrope/internal/model"
)

// A param is an input that is not exactly known: one number, the same in all
// incidents and wherever the model mentions it.
type param struct {
	law    dist.Unsure
	unsure Unsure
	// length reports that it stretches lengths of time or how many users are
	// hit, rather than how often something happens.
	length bool
}

// params collects the unsure inputs of a model. Each is known by the place in
// the model that holds it, so that what is shared is unsure together.
type params struct {
	list  []param
	at    map[any]int
	betas map[[2]float64]dist.Beta
	gamma map[[2]float64]dist.Gamma
}

func newParams() *params {
	return &params{at: map[any]int{}, betas: map[[2]float64]dist.Beta{}, gamma: map[[2]float64]dist.Gamma{}}
}

func (ps *params) add(key any, law func() dist.Unsure, what, text string, pos model.Pos, length bool) int {
	if i, ok := ps.at[key]; ok {
		ps.list[i].length = ps.list[i].length || length
		return i
	}
	ps.list = append(ps.list, param{law(), Unsure{What: what, Text: text, Pos: pos}, length})
	ps.at[key] = len(ps.list) - 1
	return len(ps.list) - 1
}

func (ps *params) beta(low, high float64) dist.Beta {
	k := [2]float64{low, high}
	b, ok := ps.betas[k]
	if !ok {
		b = dist.BetaBetween(low, high)
		ps.betas[k] = b
	}
	return b
}

func (ps *params) gammaBetween(low, high float64) dist.Gamma {
	k := [2]float64{low, high}
	g, ok := ps.gamma[k]
	if !ok {
		g = dist.GammaBetween(low, high)
		ps.gamma[k] = g
	}
	return g
}

// A factor is a product of an exact number and of simple functions of unsure
// ones.
type factor struct {
	exact *big.Rat // nil is 1
	terms []term
}

// A term is a function of one param: base + slope·x, or one over it.
type term struct {
	param       int
	base, slope float64
	inverse     bool
}

// one is the factor 1.
var one = factor{}

func exactly(r *big.Rat) factor { return factor{exact: r} }

func (f factor) rat() *big.Rat {
	if f.exact == nil {
		return ratOne
	}
	return f.exact
}

var (
	ratOne  = big.NewRat(1, 1)
	ratZero = new(big.Rat)
)

// noParam marks a term that is a plain number which is not a fraction of what
// was written.
const noParam = -1

// sure reports whether nothing in it is unsure, and it is a fraction.
func (f factor) sure() bool { return len(f.terms) == 0 }

// times returns the product; a number and its inverse cancel.
func (f factor) times(o factor) factor {
	out := factor{exact: f.exact}
	switch {
	case f.exact == nil:
		out.exact = o.exact
	case o.exact != nil:
		out.exact = new(big.Rat).Mul(f.exact, o.exact)
	}
	if len(f.terms)+len(o.terms) > 0 {
		out.terms = append(append(out.terms, f.terms...), o.terms...)
	}
	return out
}

// inverse returns 1/f; f is not 0.
func (f factor) inverse() factor {
	out := factor{exact: new(big.Rat).Inv(f.rat())}
	for _, t := range f.terms {
		t.inverse = !t.inverse
		out.terms = append(out.terms, t)
	}
	return out
}

// complement returns 1 − f, of a factor that is a number or one unsure one.
func (f factor) complement() factor {
	if f.sure() {
		return exactly(new(big.Rat).Sub(ratOne, f.rat()))
	}
	t := f.terms[0]
	return factor{terms: []term{{param: t.param, base: 1 - t.base, slope: -t.slope}}}
}

// value returns the factor where the params have the values theta.
func (f factor) value(theta []float64) float64 {
	v, _ := f.rat().Float64()
	for _, t := range f.terms {
		x := t.base
		if t.param != noParam {
			x += t.slope * theta[t.param]
		}
		if t.inverse {
			v /= x
		} else {
			v *= x
		}
	}
	return v
}

// isZero reports whether it is exactly 0.
func (f factor) isZero() bool { return f.exact != nil && f.exact.Sign() == 0 }

// visit calls f with each param in it.
func (f factor) visit(do func(param int)) {
	for _, t := range f.terms {
		if t.param != noParam {
			do(t.param)
		}
	}
}

// share returns a share as a factor, 1 where it is left out.
func (ps *params) share(s *model.Share, length bool, what string) factor {
	if s == nil {
		return one
	}
	if s.Kind == model.Exactly {
		return exactly(ratOr0(s.Exact))
	}
	return factor{terms: []term{{param: ps.shareParam(s, length, what), slope: 1}}}
}

// complement returns 1 − share.
func (ps *params) complement(s *model.Share, length bool, what string) factor {
	if s.Kind == model.Exactly {
		return exactly(new(big.Rat).Sub(ratOne, ratOr0(s.Exact)))
	}
	return factor{terms: []term{{param: ps.shareParam(s, length, what), base: 1, slope: -1}}}
}

func (ps *params) shareParam(s *model.Share, length bool, what string) int {
	return ps.add(s, func() dist.Unsure { return ps.beta(s.Low, s.High) }, what, s.Text, s.Pos, length)
}

// signed returns 1 + change.
func (ps *params) signed(s *model.Signed, what string) factor {
	if s.Kind == model.Exactly {
		return exactly(new(big.Rat).Add(ratOne, ratOr0(s.Exact)))
	}
	reduces := s.High < 0
	law := func() dist.Unsure {
		if reduces {
			return ps.beta(-s.Low, -s.High)
		}
		return dist.LogNormalBetween(s.Low, s.High)
	}
	slope := 1.0
	if reduces {
		slope = -1
	}
	return factor{terms: []term{{param: ps.add(s, law, what, s.Text, s.Pos, true), base: 1, slope: slope}}}
}

// rate returns a rate per second as a factor.
func (ps *params) rate(r *model.Rate, what string) factor {
	law := func() dist.Unsure {
		if r.Kind == model.Counted {
			return dist.GammaSeen(r.Count, r.Span)
		}
		return ps.gammaBetween(r.Low, r.High)
	}
	if r.Kind == model.Exactly {
		return exactly(ratOr0(r.Exact))
	}
	return factor{terms: []term{{param: ps.add(r, law, what, r.Text, r.Pos, false), slope: 1}}}
}

func ratOr0(r *big.Rat) *big.Rat {
	if r == nil {
		return ratZero
	}
	return r
}

// meanOf returns the mean of a share, for comparing one with another.
func (ps *params) meanOf(s *model.Share) float64 {
	if s.Kind == model.Exactly {
		v, _ := ratOr0(s.Exact).Float64()
		return v
	}
	return ps.beta(s.Low, s.High).Mean()
}

// A length is a time that differs from incident to incident, stretched.
type length struct {
	time  model.Time
	scale factor
}

// law returns its distribution.
func (l length) law(theta []float64) dist.Law {
	s := l.scale.value(theta)
	switch l.time.Kind {
	case model.Fixed:
		if l.scale.sure() {
			f, _ := new(big.Rat).Mul(l.time.Length(), l.scale.rat()).Float64()
			return dist.Fixed(f)
		}
		f, _ := l.time.Length().Float64()
		return dist.Fixed(f * s)
	case model.LogNormal:
		if s <= 0 {
			return dist.Fixed(0)
		}
		return dist.LogNormalBetween(l.time.Low, l.time.High).Scale(s)
	case model.Exponential:
		if s <= 0 {
			return dist.Fixed(0)
		}
		return dist.Exponential(l.time.Mean * s)
	}
	panic(fmt.Sprintf("forecast: unknown kind of time %d", l.time.Kind))
}
