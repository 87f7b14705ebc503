package scenario

import (
	"fmt"
	"math/big"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// A Param is an input that is not exactly known: one number, the same in all
// incidents and wherever the model mentions it.
type Param struct {
	Law    distribution.Unsure
	Unsure Unsure
	// length reports that it stretches lengths of time or how many users are
	// hit, rather than how often something happens.
	Length bool
}

// Params collects the unsure inputs of a model. Each is known by the place in
// the model that holds it, so that what is shared is unsure together.
type Params struct {
	List []Param
	at   map[any]int
	laws *Laws
}

func newParams(laws *Laws) *Params {
	if laws == nil {
		laws = NewLaws()
	}
	return &Params{at: map[any]int{}, laws: laws}
}

func (ps *Params) add(key any, law func() distribution.Unsure, what message.Message, text string, pos model.Pos, length bool) int {
	if i, ok := ps.at[key]; ok {
		ps.List[i].Length = ps.List[i].Length || length
		return i
	}
	ps.List = append(ps.List, Param{law(), Unsure{What: what, Text: text, Pos: pos}, length})
	ps.at[key] = len(ps.List) - 1
	return len(ps.List) - 1
}

// A Factor is a product of an exact number and of simple functions of unsure
// ones.
type Factor struct {
	Exact *big.Rat // nil is 1
	Terms []Term
	near  *float64 // Exact as a number; nil: not worked out
}

// A Term is a function of one param: base + slope·x, or one over it. Where Of is
// not nil it is that function instead, of several.
type Term struct {
	Param       int
	Base, Slope float64
	Inverse     bool
	Of          func(theta []float64) float64
	Params      []int // what Of depends on
}

// One is the factor 1.
var One = Factor{}

// Exactly is a factor that is a fraction, which must not change afterwards.
func Exactly(r *big.Rat) Factor { return Factor{Exact: r}.rounded() }

// rounded works out what the fraction is as a number.
func (f Factor) rounded() Factor {
	if f.Exact != nil {
		x, _ := f.Exact.Float64()
		f.near = &x
	}
	return f
}

// exactly is the fraction as a number.
func (f Factor) exactly() float64 {
	switch {
	case f.Exact == nil:
		return 1
	case f.near != nil:
		return *f.near
	}
	x, _ := f.Exact.Float64()
	return x
}

func (f Factor) Rat() *big.Rat {
	if f.Exact == nil {
		return RatOne
	}
	return f.Exact
}

var (
	RatOne  = big.NewRat(1, 1)
	ratZero = new(big.Rat)
)

// noParam marks a term that is a plain number which is not a fraction of what
// was written.
const NoParam = -1

// Number is a factor that is a plain number rather than a fraction of what was
// written.
func Number(x float64) Factor { return Factor{Terms: []Term{{Param: NoParam, Base: x}}} }

// Computed is a factor that is a function of some params.
func Computed(of func(theta []float64) float64, params []int) Factor {
	return Factor{Terms: []Term{{Param: NoParam, Of: of, Params: params}}}
}

// IsComputed reports whether some of it is a function of several params.
func (f Factor) IsComputed() bool {
	return slices.ContainsFunc(f.Terms, func(t Term) bool { return t.Of != nil })
}

// linear returns base + slope·f, of a factor that is a number or one unsure
// one; base and slope are whole numbers.
func (f Factor) linear(base, slope float64) Factor {
	if f.Sure() {
		x := new(big.Rat).Mul(new(big.Rat).SetFloat64(slope), f.Rat())
		return Exactly(x.Add(x, new(big.Rat).SetFloat64(base)))
	}
	t := f.Terms[0]
	return Factor{Terms: []Term{{Param: t.Param, Base: base + slope*t.Base, Slope: slope * t.Slope}}}
}

// Sure reports whether nothing in it is unsure, and it is a fraction.
func (f Factor) Sure() bool { return len(f.Terms) == 0 }

// Times returns the product; a number and its inverse cancel.
func (f Factor) Times(o Factor) Factor {
	out := Factor{Exact: f.Exact}
	switch {
	case f.Exact == nil:
		out.Exact = o.Exact
	case o.Exact != nil:
		out.Exact = new(big.Rat).Mul(f.Exact, o.Exact)
	}
	if len(f.Terms)+len(o.Terms) > 0 {
		out.Terms = append(append(out.Terms, f.Terms...), o.Terms...)
	}
	return out.rounded()
}

// inverse returns 1/f; f is not 0.
func (f Factor) inverse() Factor {
	out := Factor{Exact: new(big.Rat).Inv(f.Rat())}
	for _, t := range f.Terms {
		t.Inverse = !t.Inverse
		out.Terms = append(out.Terms, t)
	}
	return out.rounded()
}

// Complement returns 1 − f, of a factor that is a number or one unsure one.
func (f Factor) Complement() Factor { return f.linear(1, -1) }

// Value returns the factor where the params have the values theta.
func (f Factor) Value(theta []float64) float64 {
	v := f.exactly()
	for _, t := range f.Terms {
		x := t.Base
		switch {
		case t.Of != nil:
			x = t.Of(theta)
		case t.Param != NoParam:
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

// isZero reports whether it is exactly 0.
func (f Factor) IsZero() bool { return f.Exact != nil && f.Exact.Sign() == 0 }

// Visit calls do with each param in it.
func (f Factor) Visit(do func(param int)) {
	for _, t := range f.Terms {
		if t.Param != NoParam {
			do(t.Param)
		}
		for _, p := range t.Params {
			do(p)
		}
	}
}

// Share returns a share as a factor, 1 where it is left out.
func (ps *Params) Share(s *model.Share, length bool, what message.Message) Factor {
	if s == nil {
		return One
	}
	if s.Kind == model.Exactly {
		return Exactly(RatOr0(s.Exact))
	}
	return Factor{Terms: []Term{{Param: ps.shareParam(s, length, what), Slope: 1}}}
}

// complement returns 1 − share.
func (ps *Params) complement(s *model.Share, length bool, what message.Message) Factor {
	if s.Kind == model.Exactly {
		return Exactly(new(big.Rat).Sub(RatOne, RatOr0(s.Exact)))
	}
	return Factor{Terms: []Term{{Param: ps.shareParam(s, length, what), Base: 1, Slope: -1}}}
}

func (ps *Params) shareParam(s *model.Share, length bool, what message.Message) int {
	return ps.add(s, func() distribution.Unsure { return ps.laws.beta(s.Low, s.High) }, what, s.Text, s.Pos, length)
}

// signed returns 1 + change.
func (ps *Params) signed(s *model.Signed, what message.Message) Factor {
	if s.Kind == model.Exactly {
		return Exactly(new(big.Rat).Add(RatOne, RatOr0(s.Exact)))
	}
	reduces := s.High < 0
	law := func() distribution.Unsure {
		if reduces {
			return ps.laws.beta(-s.Low, -s.High)
		}
		return distribution.LogNormalBetween(s.Low, s.High)
	}
	slope := 1.0
	if reduces {
		slope = -1
	}
	return Factor{Terms: []Term{{Param: ps.add(s, law, what, s.Text, s.Pos, true), Base: 1, Slope: slope}}}
}

// rate returns a rate per second as a factor.
func (ps *Params) rate(r *model.Rate, what message.Message) Factor {
	law := func() distribution.Unsure {
		if r.Kind == model.Counted {
			return distribution.GammaSeen(r.Count, r.Span)
		}
		return ps.laws.gamma(r.Low, r.High)
	}
	if r.Kind == model.Exactly {
		return Exactly(RatOr0(r.Exact))
	}
	return Factor{Terms: []Term{{Param: ps.add(r, law, what, r.Text, r.Pos, false), Slope: 1}}}
}

func RatOr0(r *big.Rat) *big.Rat {
	if r == nil {
		return ratZero
	}
	return r
}

// meanOf returns the mean of a share, for comparing one with another.
func (ps *Params) meanOf(s *model.Share) float64 {
	if s.Kind == model.Exactly {
		v, _ := RatOr0(s.Exact).Float64()
		return v
	}
	return ps.laws.beta(s.Low, s.High).Mean()
}

// MeanOfRate returns the mean of a rate that no source hangs on, a second.
func (ps *Params) MeanOfRate(r *model.Rate) float64 {
	switch r.Kind {
	case model.Exactly:
		v, _ := RatOr0(r.Exact).Float64()
		return v
	case model.Counted:
		return distribution.GammaSeen(r.Count, r.Span).Mean()
	}
	return ps.laws.gamma(r.Low, r.High).Mean()
}

// A Length is a time that differs from incident to incident, stretched. Where
// Of is not nil it is that law instead.
type Length struct {
	Time   model.Time
	Scale  Factor
	Of     func(theta []float64) distribution.Law
	Params []int // what Of depends on
}

// Visit calls do with each param that it depends on.
func (l Length) Visit(do func(param int)) {
	l.Scale.Visit(do)
	for _, p := range l.Params {
		do(p)
	}
}

// Fixed reports whether it is the same in all incidents, once its params are
// known.
func (l Length) Fixed() bool { return l.Of == nil && l.Time.Kind == model.Fixed }

// Law returns its distribution.
func (l Length) Law(theta []float64) distribution.Law {
	if l.Of != nil {
		return l.Of(theta)
	}
	s := l.Scale.Value(theta)
	switch l.Time.Kind {
	case model.Fixed:
		if l.Scale.Sure() {
			length := l.Time.Length()
			if l.Scale.Exact != nil {
				length = new(big.Rat).Mul(length, l.Scale.Exact)
			}
			f, _ := length.Float64()
			return distribution.Fixed(f)
		}
		f, _ := l.Time.Length().Float64()
		return distribution.Fixed(f * s)
	case model.LogNormal:
		if s <= 0 {
			return distribution.Fixed(0)
		}
		return distribution.LogNormalBetween(l.Time.Low, l.Time.High).Scale(s)
	case model.Exponential:
		if s <= 0 {
			return distribution.Fixed(0)
		}
		return distribution.Exponential(l.Time.Mean * s)
	}
	panic(fmt.Sprintf("scenario: unknown kind of time %d", l.Time.Kind))
}

// Exactly returns the length where it is the same in all incidents.
func (l Length) Exactly() (*big.Rat, bool) {
	if !l.Fixed() || !l.Scale.Sure() {
		return nil, false
	}
	return new(big.Rat).Mul(l.Time.Length(), l.Scale.Rat()), true
}
