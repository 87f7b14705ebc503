// Package alert says what alerts on the budget of an objective see: how its
// burn-rate alerts follow from the objective, which of them can fire at all, and
// after how long an incident of each risk would be known.
//
// The rules are those of the SRE workbook, chapter 5: an alert looks at a long and
// at a short window, and fires while the ratio of errors is above a threshold in
// both. All figures that follow from the model as it is written are exact.
package alert

import (
	"math/big"

	"tightrope/internal/model"
)

// A Severity says who is told.
type Severity string

// The severities.
const (
	Page   Severity = "page"   // somebody now
	Ticket Severity = "ticket" // somebody during the day
)

// A Pair is a share of the budget that is spent in a time, and the two windows
// that look at it, in seconds.
type Pair struct {
	Name        string
	Severity    Severity
	Share       *big.Rat
	Long, Short *big.Rat
	LongText    string // in PromQL
	ShortText   string
}

// shortPart is the short window as a part of the long one.
const shortPart = 12

// Pairs returns the pairs of the SRE workbook: a page for 2 % of the budget in 1 h
// and 5 % in 6 h, a ticket for 10 % in 1 d and in 3 d.
func Pairs() []Pair {
	pair := func(name string, s Severity, percent, long int64, longText, shortText string) Pair {
		return Pair{
			Name: name, Severity: s, Share: big.NewRat(percent, 100),
			Long: big.NewRat(long, 1), Short: big.NewRat(long, shortPart), LongText: longText, ShortText: shortText,
		}
	}
	return []Pair{
		pair("page-1h", Page, 2, model.Hour, "1h", "5m"),
		pair("page-6h", Page, 5, 6*model.Hour, "6h", "30m"),
		pair("ticket-1d", Ticket, 10, model.Day, "1d", "2h"),
		pair("ticket-3d", Ticket, 10, 3*model.Day, "3d", "6h"),
	}
}

// A Refusal is why a pair is no alert of an objective.
type Refusal string

// The refusals.
const (
	// Unreachable: even if everything fails, the ratio of errors is not above the
	// threshold.
	Unreachable Refusal = "unreachable"
	// TooLong: the long window is longer than that of the objective.
	TooLong Refusal = "longer-than-the-objective"
	// Always: the errors that are always there are above the threshold.
	Always Refusal = "always-firing"
)

// An Alert is a pair for an objective.
type Alert struct {
	Pair
	// Factor is how many times faster than evenly the budget is spent:
	// share × window of the objective / long window.
	Factor *big.Rat
	// Threshold is the ratio of errors above which it fires: factor × (1 − target).
	Threshold *big.Rat
	Refused   Refusal // empty: it is an alert
	// Instead, of one that is unreachable, is what would not be: a long window of
	// more than so many seconds, or a target above so much.
	InsteadLong, InsteadTarget *big.Rat
}

// Reachable reports whether the ratio of errors can be above the threshold.
func (a *Alert) Reachable() bool { return a.Threshold.Cmp(one) < 0 }

var one = big.NewRat(1, 1)

// For returns the alerts of a target over a window of so many seconds, of which
// some may be refused. background is the ratio of errors that is always there.
func For(target, window, background *big.Rat) []Alert {
	allowed := new(big.Rat).Sub(one, target)
	var out []Alert
	for _, p := range Pairs() {
		a := Alert{Pair: p}
		a.Factor = new(big.Rat).Mul(p.Share, window)
		a.Factor.Quo(a.Factor, p.Long)
		a.Threshold = new(big.Rat).Mul(a.Factor, allowed)
		switch {
		case !a.Reachable():
			a.Refused = Unreachable
			a.InsteadLong = new(big.Rat).Mul(a.Threshold, p.Long)
			a.InsteadTarget = new(big.Rat).Sub(one, new(big.Rat).Inv(a.Factor))
		case p.Long.Cmp(window) > 0:
			a.Refused = TooLong
		case background.Cmp(a.Threshold) > 0:
			a.Refused = Always
		}
		out = append(out, a)
	}
	return out
}

// Text writes a number exactly: as a decimal where it is one, else as a fraction
// in brackets, as PromQL reads it.
func Text(r *big.Rat) string {
	if n, exact := r.FloatPrec(); exact {
		return r.FloatString(n)
	}
	return "(" + r.Num().String() + " / " + r.Denom().String() + ")"
}
