package worth

import (
	"math/big"

	"tightrope/internal/distribution"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// A Value is what a service earns, and what it loses while it is down. Numbers
// that are not exactly known are at their means.
type Value struct {
	Known bool // something of it is told
	Pos   model.Pos

	// PerBadSecond is the revenue of one second that never comes back;
	// PerBadMinute the same of a minute. Of each, Low and High are the 5th and
	// 95th percentiles.
	PerBadSecond                      *float64
	PerBadMinute                      *float64
	PerBadMinuteLow, PerBadMinuteHigh *float64

	RevenuePerYear     *float64
	RevenuePerUserYear *float64
	Users              *int
	Lost               float64 // share of the revenue of lost time that never comes back

	Clauses []*model.Clause
	Assumed []message.Message
}

// ValueOf returns what a service is worth.
func ValueOf(m *model.Model, s *model.Service) Value {
	w := s.Worth
	if w == nil {
		return Value{Pos: s.Pos}
	}
	v := Value{Pos: w.Pos, Clauses: w.SLA, Lost: meanShare(w.Lost)}
	v.Known = w.Revenue != nil || w.Users != nil || len(w.SLA) > 0
	if w.Users != nil {
		n := w.Users.N
		v.Users = &n
	}
	if w.Revenue == nil || w.Revenue.Per <= 0 {
		return v
	}
	mean := amountOf(*w.Revenue).total()
	perSecond := mean / w.Revenue.Per
	perYear := perSecond * model.Year
	bad := perSecond * v.Lost
	minute := 60 * bad
	v.PerBadSecond, v.PerBadMinute, v.RevenuePerYear = &bad, &minute, &perYear
	low, high := lostBand(w)
	v.PerBadMinuteLow, v.PerBadMinuteHigh = &low, &high
	if v.Users != nil && *v.Users > 0 {
		each := perYear / float64(*v.Users)
		v.RevenuePerUserYear = &each
	}
	if w.Lost == nil {
		v.Assumed = append(v.Assumed, message.RevenueLost(s.Name))
	}
	return v
}

// lostBand returns the 5th and 95th percentiles of the revenue that a bad
// minute loses: of the product of a lognormal amount and a beta share.
func lostBand(w *model.Worth) (low, high float64) {
	k := model.Minute / w.Revenue.Per
	_, a, b := amountOf(*w.Revenue).ends()
	unsureMoney := w.Revenue.Kind == model.Between && w.Revenue.Low < w.Revenue.High
	if w.Lost == nil || w.Lost.Kind == model.Exactly {
		x := meanShare(w.Lost)
		return k * a * x, k * b * x
	}
	if !unsureMoney {
		return k * a * w.Lost.Low, k * b * w.Lost.High
	}
	money := distribution.LogNormalBetween(w.Revenue.Low, w.Revenue.High)
	x, weights := distribution.BetaBetween(w.Lost.Low, w.Lost.High).Nodes(24)
	at := func(p float64) float64 {
		lo, hi := 0.0, w.Revenue.High*10
		for range 100 {
			mid := (lo + hi) / 2
			below := 0.0
			for i := range x {
				below += weights[i] * (1 - money.Survival(mid/x[i]))
			}
			if below < p {
				lo = mid
			} else {
				hi = mid
			}
		}
		return hi
	}
	return k * at(0.05), k * at(0.95)
}

// Period returns the period of a clause in seconds: what it looks at, and whose
// revenue it pays a share of. One that names none has 30 days.
func Period(c *model.Clause) float64 {
	p := scenario.Period(c)
	return p.Seconds()
}

// ClausePay returns what a clause pays each time that it is due. It is unknown
// where that is a share of a revenue that is not told.
func ClausePay(v Value, c *model.Clause) (amount float64, known bool) {
	switch {
	case c.Pay != nil:
		return amountOf(*c.Pay).total(), true
	case c.PayOfRevenue != nil && v.RevenuePerYear != nil:
		return meanShare(c.PayOfRevenue) * *v.RevenuePerYear * Period(c) / model.Year, true
	}
	return 0, false
}

// limit is the lost time from which a clause about a period, or the length from
// which one about an outage in a row is due; strict means more than that.
func limit(c *model.Clause) *big.Rat {
	switch c.Kind {
	case model.ClauseAvailability:
		over := scenario.Period(c)
		x := new(big.Rat).Sub(scenario.RatOne, scenario.RatOr0(c.Below.Exact))
		return x.Mul(x, over.Rat())
	default:
		return c.Length.Rat()
	}
}
