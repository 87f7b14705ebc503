package forecast_test

import (
	"testing"

	"tightrope/internal/forecast"
)

// A simulation of 2.4 million windows of the shop's checkout keeps 99.9 % in
// 0.6395 ± 0.0012 of them: incidents at another pace, a change of an unsure rhythm
// and a group, all with what they share averaged over. It played what is listed.
func TestTheCheckoutOfTheShop(t *testing.T) {
	m := load(t, "../../examples/shop").OnlyListed()
	for _, e := range run(t, m, forecast.Options{Plain: true, Services: []string{"checkout"}}).Entries {
		if e.Objective.Name == "available" {
			near(t, "the chance of checkout", e.Met.Value, 0.6395, 0.0012+e.Met.Error)
		}
	}
}

// What a rate is multiplied with does not leave its mark on the rates of others: a
// plain source of an unsure rate beside a pair whose outages hang on it.
func TestAPlainSourceBesideAPairOfUnsureRate(t *testing.T) {
	e := first(t, `
version: 1
services:
  db: {copies: 2, common_cause: 10%, switch: {takes: 5m, works: 90%}, objective: {target: 99.9%, over: 30d}}
risks:
  crash: {service: db, rate: 4 in 1y, detect: 0s, recover: exp(2h)}
  other: {service: db, strikes: all, rate: 4 in 1y, detect: 0s, recover: exp(20m)}
`, forecast.Options{})
	near(t, "the chance", e.Met.Value, 0.87087, 3e-5+e.Met.Error)
	for _, s := range e.Sources {
		if s.PerYear <= 0 {
			t.Errorf("%s spends %g", s.Name, s.PerYear)
		}
	}
}
