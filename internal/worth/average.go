package worth

import (
	"math"

	"tightrope/internal/distribution"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// Money returns the mean of an amount, and its 5th and 95th percentiles. Money
// that is not exactly known is lognormal.
func Money(a *model.Amount) (mean, low, high float64) {
	return amountOf(*a).ends()
}

// Share returns the mean of a share, and its 5th and 95th percentiles; nil is
// all. A share that is not exactly known is of a beta distribution.
func Share(s *model.Share) (mean, low, high float64) {
	mean = meanShare(s)
	if s == nil || s.Kind == model.Exactly {
		return mean, mean, mean
	}
	return mean, s.Low, s.High
}

// Rate returns the mean of a rate, per second.
func Rate(r *model.Rate) float64 { return meanRate(r) }

// meanShare is the mean of what a share may be; nil is all.
func meanShare(s *model.Share) float64 {
	switch {
	case s == nil:
		return 1
	case s.Kind == model.Exactly:
		x, _ := scenario.RatOr0(s.Exact).Float64()
		return x
	}
	return distribution.BetaBetween(s.Low, s.High).Mean()
}

// meanRate is the mean of what a rate may be, per second.
func meanRate(r *model.Rate) float64 {
	switch r.Kind {
	case model.Between:
		return distribution.GammaBetween(r.Low, r.High).Mean()
	case model.Counted:
		return distribution.GammaSeen(r.Count, r.Span).Mean()
	}
	x, _ := scenario.RatOr0(r.Exact).Float64()
	return x
}

// A number that may be unsure, by its first two moments: what is known of it,
// plus a lognormal rest.
type number struct{ sure, mean, variance float64 }

func numberOf(kind model.KnowledgeKind, exact func() float64, low, high float64) number {
	if kind == model.Exactly || low == high {
		if kind != model.Exactly {
			return number{sure: low}
		}
		return number{sure: exact()}
	}
	l := distribution.LogNormalBetween(low, high)
	m := l.Mean()
	return number{mean: m, variance: l.SecondMoment() - m*m}
}

func amountOf(a model.Amount) number {
	return numberOf(a.Kind, func() float64 { x, _ := scenario.RatOr0(a.Exact).Float64(); return x }, a.Low, a.High)
}

func shareOf(s *model.Share) number {
	if s == nil || s.Kind == model.Exactly || s.Low == s.High {
		return number{sure: meanShare(s)}
	}
	b := distribution.BetaBetween(s.Low, s.High)
	return number{mean: b.Mean(), variance: b.SecondMoment() - b.Mean()*b.Mean()}
}

func effortOf(e model.Effort) number {
	return numberOf(e.Kind, func() float64 { x, _ := scenario.RatOr0(e.Exact).Float64(); return x }, e.Low, e.High)
}

func (n number) total() float64 { return n.sure + n.mean }

func (n number) scale(k float64) number { return number{k * n.sure, k * n.mean, k * k * n.variance} }

// plus adds an independent number.
func (n number) plus(o number) number {
	return number{n.sure + o.sure, n.mean + o.mean, n.variance + o.variance}
}

// times multiplies by an independent number.
func (n number) times(o number) number {
	if n.variance == 0 {
		return o.scale(n.total())
	}
	if o.variance == 0 {
		return n.scale(o.total())
	}
	a, b := n.total(), o.total()
	return number{mean: a * b, variance: n.variance*o.variance + n.variance*b*b + o.variance*a*a}
}

// ends returns the mean, and the 5th and 95th percentiles of the lognormal law
// that has the mean and the variance of what is unsure (Fenton, 1960; Wilkinson):
// exact where one part or a product of parts is unsure, and close for sums.
func (n number) ends() (mean, low, high float64) {
	if n.variance <= 0 || n.mean <= 0 {
		return n.total(), n.total(), n.total()
	}
	s2 := math.Log1p(n.variance / (n.mean * n.mean))
	l := distribution.LogNormal{Mu: math.Log(n.mean) - s2/2, Sigma: math.Sqrt(s2)}
	return n.total(), n.sure + l.Quantile(0.05), n.sure + l.Quantile(0.95)
}

// nonlinear lists the params in which a product or sum of what visit visits is not
// linear: those that it meets more than once.
type nonlinear struct {
	seen, twice map[int]bool
	list        []int
}

func (b *nonlinear) linear(f scenario.Factor) {
	for _, t := range f.Terms {
		switch {
		case t.Of != nil:
			for _, p := range t.Params {
				b.bent(p)
			}
		case t.Param == scenario.NoParam:
		case t.Inverse || b.seen[t.Param]:
			b.bent(t.Param)
		default:
			b.seen[t.Param] = true
		}
	}
}

func (b *nonlinear) bent(p int) {
	if !b.twice[p] {
		b.twice[p] = true
		b.list = append(b.list, p)
	}
	b.seen[p] = true
}

func newNonlinear() *nonlinear { return &nonlinear{seen: map[int]bool{}, twice: map[int]bool{}} }

// nodes is how many Gauss nodes each of some params gets.
func nodes(params int) int {
	switch {
	case params <= 1:
		return 16
	case params == 2:
		return 8
	case params <= 4:
		return 5
	case params <= 7:
		return 3
	}
	return 2
}

// mostParams bounds how many params are averaged over by nodes; the others are
// at their means.
const mostParams = 10

// average calls f with weights that add up to 1, at values of the params in
// theta between which a mean is taken. Others stay as theta has them.
func average(ps *scenario.Params, params []int, theta []float64, f func(weight float64)) {
	if len(params) > mostParams {
		params = params[:mostParams]
	}
	n := nodes(len(params))
	var at func(i int, w float64)
	at = func(i int, w float64) {
		if i == len(params) {
			f(w)
			return
		}
		p := params[i]
		keep := theta[p]
		x, weights := ps.List[p].Law.Nodes(n)
		for k := range x {
			theta[p] = x[k]
			at(i+1, w*weights[k])
		}
		theta[p] = keep
	}
	at(0, 1)
}
