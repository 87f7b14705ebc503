package forecast_test

import (
	"math"
	"testing"

	"tightrope/internal/forecast"
)

// What hardly varies lies between the points of any lattice. Quantiles are then
// no further from the mean than Cantelli's inequality allows, and errors are
// probabilities.
func TestWhatHardlyVariesIsNearItsMean(t *testing.T) {
	for _, text := range []string{
		// 39 million outages of a millisecond.
		"s: {objective: {target: 99.9%, over: 90d, confidence: 99.9999999%}, availability: 99.5%, outage: ~0.001s}",
		// A background that is known to eight digits.
		"s: {objective: {target: 99.9%, over: 1h}, background: 49.999999%..50.000001%, rate: 1/y, outage: 5m}",
		// A variance that rounding takes below 0.
		`s: {needs: [{service: a, impact: 49.999999%..50.000001%}]}
  a: {needs: [{service: b, rides_out: 2m..15m, counts: true}, {service: b, impact: 30%..60%, counts: false}, {service: b, impact: 99.9999999%}]}
  b: {objective: {target: 99.999%}}
changes:
  c: {service: b, every: 1d, downtime: 0.000001s, impact: {available: 50%}}`,
		// A ride that hides all of what a copy suffers but for a chance of nothing.
		`s: {objective: {target: 99.9%, over: 1h}, needs: [{service: a, impact: 50%, rides_out: exp(30m)}]}
  a: {needs: [b, {service: b, impact: 90%}, b]}
  b: {copies: 4, need: 1, common_cause: 2%..6%, every: 17d, outage: 30s}
risks:
  r: {service: b, every: 1y, impact: 2%..6%, detect: 5m, recover: 5m}`,
		"s: {objective: {target: 99.9%}, needs: [{any: [a, b]}]}\n  a: {every: 1s..10y, outage: ~30m}\n  b: {every: 45d..120d, outage: exp(30m)}",
	} {
		m := read(t, "version: 1\nservices:\n  "+text+"\n")
		targets := []forecast.Target{target("50%"), target("99.9%"), target("99.9999999%")}
		res, err := forecast.Run(m, forecast.Options{Targets: targets})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range res.Entries {
			for p, q := range map[float64]float64{0.5: e.Quantiles.P50, 0.8: e.Quantiles.P80, 0.9: e.Quantiles.P90, 0.95: e.Quantiles.P95, 0.99: e.Quantiles.P99} {
				slack := 2e-6*e.Mean + 2e-3*e.SD
				if low, high := e.Mean-e.SD*math.Sqrt((1-p)/p)-slack, e.Mean+e.SD*math.Sqrt(p/(1-p))+slack; q < low || q > high {
					t.Errorf("%s: the %g quantile is %g; mean %g and standard deviation %g leave %g to %g", text, p, q, e.Mean, e.SD, low, high)
				}
			}
			for _, c := range e.Compare {
				if !(c.Met.Error >= 0 && c.Met.Error <= 1) {
					t.Errorf("%s: the chance of %s is off by %g", text, c.Target.Text, c.Met.Error)
				}
			}
		}
	}
}

// Where members are nearly always down a group hardly ever comes back: it is down
// all of the window, and how long an outage of it is has no number.
func TestAGroupThatNeverComesBackIsDown(t *testing.T) {
	for _, text := range []string{
		"copies: 100, need: 99, every: 1d, outage: exp(1y)",
		"copies: 1000, need: 999, switch: {takes: 10m..2h}, every: 1d, outage: exp(1y)",
		"copies: 60, need: 58, common_cause: 50%, rate: 12/y, outage: 10000y",
		"copies: 100, need: 99, switch: {takes: 10m}, every: 1d, outage: exp(1y)",
	} {
		m := read(t, "version: 1\nservices:\n  s: {objective: {target: 99.9%, over: 30d}, "+text+"}\n")
		e := run(t, m, forecast.Options{}).Entries[0]
		near(t, text+": unavailability", e.Availability.Unavailable, 1, 1e-6)
		near(t, text+": mean lost time", e.Mean, 30*86400, 1e-6*30*86400)
		near(t, text+": median", e.Quantiles.P50, 30*86400, 1)
		near(t, text+": chance", e.Met.Value, 0, 1e-6)
	}
}

// A budget that is used up to the last second by something else asks a member that
// cannot fail for nothing.
func TestAMemberThatCannotFailNeedsToOfferNothing(t *testing.T) {
	e := first(t, `
version: 1
services:
  s: {objective: {target: 99.99%}, availability: 99.99%, outage: 5m, needs: [{at_least: 1, of: [a, b]}]}
  a: {needs: [b]}
  b: {}
`, forecast.Options{})
	for _, r := range e.Requirements {
		if r.Required != nil && math.IsNaN(*r.Required) {
			t.Errorf("%s must offer %v", r.Service, *r.Required)
		}
	}
}
