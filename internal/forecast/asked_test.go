package forecast_test

import (
	"fmt"
	"math"
	"testing"

	"tightrope/internal/distribution"
	"tightrope/internal/forecast"
)

// The chance to meet a target is the same whatever else is asked, and that of the
// definition: of 90 changes each goes wrong with an unsure chance, for 17.5 minutes.
func TestATargetIsMetAsOftenWhateverElseIsAsked(t *testing.T) {
	const text = `
version: 1
services:
  api: {objective: {target: %s, over: 90d}}
changes:
  config: {service: api, every: 1d}
risks:
  bad: {service: api, per: config, chance: 1%%..6%%, impact: 50%%, detect: 5m, recover: 30m}
`
	chances := distribution.BetaBetween(0.01, 0.06)
	const points = 20000
	var atMost [91]float64
	for i := range points {
		q := chances.Quantile((float64(i) + 0.5) / points)
		term, sum := math.Pow(1-q, 90), 0.0
		for k := range atMost {
			sum += term
			atMost[k] += sum / points
			term *= float64(90-k) / float64(k+1) * q / (1 - q)
		}
	}
	truth := func(most int) float64 { return atMost[min(most, 90)] }
	targets := forecast.UsualTargets()
	for _, objective := range []string{"99.5%", "99.9%", "99.95%", "99.999%"} {
		m := read(t, fmt.Sprintf(text, objective))
		r, err := forecast.Run(m, forecast.Options{Targets: targets})
		if err != nil {
			t.Fatal(err)
		}
		e := r.Entries[0]
		at := func(what string, budget float64, p forecast.Probability) {
			if want := truth(int(budget/1050 + 1e-9)); math.Abs(p.Value-want) > 2e-6 || p.Error > 1e-6 {
				t.Errorf("promised %s: %s is met with %v ± %v, want %v", objective, what, p.Value, p.Error, want)
			}
		}
		budget, _ := e.Objective.Budget.Float64()
		at("it", budget, *e.Met)
		for _, c := range append(e.Compare, e.Usual...) {
			at(c.Target.Text, c.Budget, c.Met)
		}
		for p, q := range map[float64]float64{.5: e.Quantiles.P50, .8: e.Quantiles.P80, .9: e.Quantiles.P90, .95: e.Quantiles.P95, .99: e.Quantiles.P99} {
			n := int(math.Round(q / 1050))
			if math.Abs(q-1050*float64(n)) > 1 || truth(n) < p-1e-6 || n > 0 && truth(n-1) > p+1e-6 {
				t.Errorf("promised %s: the quantile of %v is %v", objective, p, q)
			}
		}
	}
}

// Quantiles agree with the chances also where the sum is corrected and most of what
// is lost is certain, so that they lie far below the end of all that may be.
func TestQuantilesOfCorrectedSumsAreThoseOfTheChances(t *testing.T) {
	m := read(t, `
version: 1
services:
  app: {objective: {target: 99.95%, over: 30d}, needs: [db], history: {over: 90d, bad: 20h}}
  db: {copies: 2, switch: {takes: 1m}, common_cause: 5%}
changes:
  release: {service: app, every: 14d, downtime: 5s..20s, stages: [5% for 10m, 100%]}
risks:
  bad: {service: app, per: release, chance: 5%, detect: 5m, recover: 2m..20m}
  disk: {service: app, every: 1y, detect: 5m, recover: 30m..3h}
  crash: {service: db, rate: 2/y, impact: 20%, detect: 2m..15m, recover: 20m..2h}
`)
	e := run(t, m, forecast.Options{}).Entries[0]
	if !e.Corrected {
		t.Error("nothing is corrected: the test is of nothing")
	}
	q, errs := e.Quantiles, e.Quantiles.Error
	for _, x := range []struct{ p, q, err float64 }{{.5, q.P50, errs.P50}, {.8, q.P80, errs.P80}, {.9, q.P90, errs.P90}, {.95, q.P95, errs.P95}, {.99, q.P99, errs.P99}} {
		var targets []forecast.Target
		for _, at := range []float64{x.q - 2*x.err - 1, x.q + 2*x.err + 1} {
			y, _ := allowance(at, e.Window)
			targets = append(targets, y)
		}
		c := run(t, m, forecast.Options{Targets: targets}).Entries[0].Compare
		if below, above := c[0].Met, c[1].Met; below.Value > x.p+1e-4 || above.Value < x.p-1e-4 {
			t.Errorf("the quantile of %v is %v ± %v; less than that has a chance of %v, more of %v", x.p, x.q, x.err, below.Value, above.Value)
		}
	}
}
