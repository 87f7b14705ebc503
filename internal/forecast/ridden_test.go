package forecast_test

import (
	"math"
	"testing"

	"tightrope/internal/forecast"
)

// All users of top are hit by an outage of db, but an unsure share of them at
// once and the others only after 5 minutes.
func TestUsersToldApartByAnUnsureNeed(t *testing.T) {
	const text = `
version: 1
services:
  top: {objective: {target: 99.9%, over: 30d}, needs: [{service: db, rides_out: 5m}, {service: db, impact: 60%..80%}]}
  db: {}
risks: {r: {service: db, rate: 12/y, detect: 0s, recover: 10m}}
`
	e := first(t, text, forecast.Options{Targets: []forecast.Target{seconds(450, 30*86400), seconds(599, 30*86400), seconds(601, 30*86400)}})
	// With the share s an incident spends 600·s + 300·(1 − s) s: (450 − 300)/300 = 50 %.
	mean := 12 * 30 / 365.25
	cdf := betaCDF(t, 0.6, 0.8)
	near(t, "one incident of users of whom half are hit at once", e.Compare[0].Met.Value, math.Exp(-mean)*(1+mean*cdf(0.5)), 1e-6+e.Compare[0].Met.Error)
	near(t, "one incident", e.Compare[1].Met.Value, math.Exp(-mean)*(1+mean), 1e-4)
	near(t, "one incident and nearly two", e.Compare[2].Met.Value, math.Exp(-mean)*(1+mean), 1e-4)
}
