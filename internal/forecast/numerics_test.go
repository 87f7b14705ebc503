package forecast_test

import (
	"flag"
	"fmt"
	"math"
	"testing"

	"tightrope/internal/forecast"
)

var errorModels = flag.Int("numerics.models", 4, "random plain models of which error figures and quantiles are checked")

// A release that surely takes 10 s, four or five times in 30 d, and a flood once a
// year of hours: q(p) is on the atoms.
func TestQuantilesLieOnAtoms(t *testing.T) {
	e := first(t, `
version: 1
services: {api: {objective: {target: 99.9%, over: 30d}}}
changes: {release: {service: api, every: 7d, downtime: 10s}}
risks: {flood: {service: api, every: 1y, detect: 0s, recover: 2h..12h}}
`, forecast.Options{Targets: []forecast.Target{seconds(50, 30*86400)}})
	flood := math.Exp(-30 / 365.25)
	near(t, "P(bad ≤ 50 s)", e.Compare[0].Met.Value, flood, 1e-9)
	for name, q := range map[string]float64{"p50": e.Quantiles.P50, "p80": e.Quantiles.P80, "p90": e.Quantiles.P90} {
		want := 50.0
		if name == "p50" {
			want = 40 // P = 0.921·5/7 = 0.658
		}
		near(t, name, q, want, 1e-6)
	}
	near(t, "the achievable target", e.Achievable, 1-50./(30*86400), 1e-12)
}

// Two fixed lengths and a background, beside a jump.
func TestAJumpBesideTheBudget(t *testing.T) {
	e := first(t, `
version: 1
services: {api: {objective: {target: 99.5278735%, over: 7d}, background: 0.001%}}
risks:
  a: {service: api, rate: 2/y, detect: 0s, recover: 213s}
  b: {service: api, rate: 9/y, impact: 87.7%, detect: 0s, recover: 3249s}
`, forecast.Options{})
	// One of b spends 2849.373 s of 2855.42… − 6.048: just too much or just within.
	budget := (1-0.995278735)*7*86400 - 1e-5*7*86400
	a, b := 2*7/365.25, 9*7/365.25
	want := 0.0
	poisson := func(mean float64, n int) float64 {
		p := math.Exp(-mean)
		for i := 1; i <= n; i++ {
			p *= mean / float64(i)
		}
		return p
	}
	for n := range 40 {
		for m := range 10 {
			if 213*float64(n)+3249*0.877*float64(m) <= budget {
				want += poisson(a, n) * poisson(b, m)
			}
		}
	}
	near(t, "the chance", e.Met.Value, want, 1e-10+e.Met.Error)
	if e.Met.Error > 1e-9 || !e.Met.Bound {
		t.Errorf("error %g, a bound: %v", e.Met.Error, e.Met.Bound)
	}
}

// What a forecast claims to be right to holds against one with more work, and its
// quantiles agree with its chances.
func TestErrorFiguresAndQuantilesOfRandomModels(t *testing.T) {
	for seed := uint64(1); seed <= uint64(*errorModels); seed++ {
		m := read(t, broad(seed))
		e := run(t, m, forecast.Options{Plain: true}).Entries[0]
		var targets []forecast.Target
		for _, q := range []float64{e.Quantiles.P50, e.Quantiles.P90} {
			if x, ok := allowance(q*(1+1e-9)+1e-6, e.Window); ok && q < 0.9*e.Window {
				targets = append(targets, x)
			}
		}
		name := e.Service
		plainly := run(t, m, forecast.Options{Plain: true, Services: []string{name}, Targets: targets}).Entries[0]
		better := run(t, m, forecast.Options{Plain: true, Services: []string{name}, Targets: targets, Effort: 6}).Entries[0]
		for i := range plainly.Compare {
			x, y := plainly.Compare[i].Met, better.Compare[i].Met
			near(t, fmt.Sprintf("model %d, chance %d", seed, i), x.Value, y.Value, x.Error+y.Error+1e-9)
		}
		ends := []float64{0.5, 0.9}
		errs := []float64{e.Quantiles.Error.P50, e.Quantiles.Error.P90}
		if len(targets) == 2 && errs[0] < 1e-3*e.Quantiles.P50 && errs[1] < 1e-3*e.Quantiles.P90 {
			for i, c := range plainly.Compare {
				if c.Met.Value < ends[i]-2e-3-c.Met.Error {
					t.Errorf("model %d: P(bad ≤ q(%g)) = %g", seed, ends[i], c.Met.Value)
				}
			}
		}
	}
}
