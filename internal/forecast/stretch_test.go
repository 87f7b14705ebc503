package forecast_test

import (
	"math"
	"math/big"
	"testing"

	"gonum.org/v1/gonum/mathext"

	"tightrope/internal/forecast"
)

// seconds is the target whose budget in a window is so many seconds.
func seconds(bad, window int64) forecast.Target {
	return forecast.Target{Exact: big.NewRat(window-bad, window)}
}

// beta3553 and beta3060 are the beta distributions whose 5 % and 95 % points
// are 35 % and 53 %, 30 % and 60 %, found by bisection apart from the program.
func betaCDF(t *testing.T, low, high float64) func(float64) float64 {
	t.Helper()
	bisect := func(f func(float64) float64, lo, hi float64) float64 {
		for range 200 {
			mid := (lo + hi) / 2
			if f(mid) > 0 {
				lo = mid
			} else {
				hi = mid
			}
		}
		return lo
	}
	b := func(a float64) float64 {
		return bisect(func(b float64) float64 { return 0.95 - mathext.RegIncBeta(a, b, high) }, 1e-3, 1e4)
	}
	a := bisect(func(a float64) float64 { return mathext.RegIncBeta(a, b(a), low) - 0.05 }, 1e-2, 1e3)
	return func(x float64) float64 {
		if x >= 1 {
			return 1
		}
		return mathext.RegIncBeta(a, b(a), x)
	}
}

func TestUnsureSharesStretchExactly(t *testing.T) {
	cdf := betaCDF(t, 0.35, 0.53)
	for _, bad := range []int64{500, 560, 650} {
		e := first(t, `
version: 1
services: {api: {objective: {target: 99.9%, over: 30d}, needs: [{service: b, impact: 35%..53%}]}, b: {background: 0.05%}}
`, forecast.Options{Targets: []forecast.Target{seconds(bad, 30*86400)}})
		near(t, "background through an unsure need", e.Compare[0].Met.Value, cdf(float64(bad)/1296), 1e-6)
	}

	// n incidents of 1 h for an unsure share of users, the same for all n.
	cdf = betaCDF(t, 0.3, 0.6)
	poisson := func(mean, bad float64) float64 {
		p := math.Exp(-mean)
		sum := p
		for n := 1; n < 60; n++ {
			p *= mean / float64(n)
			sum += p * cdf(bad/(3600*float64(n)))
		}
		return sum
	}
	for name, text := range map[string]string{
		"impact of a risk": `
version: 1
services: {api: {objective: {target: 99.9%, over: 30d}}}
risks: {r: {rate: 20/y, impact: 30%..60%, detect: 0s, recover: 1h}}
`,
		"impact of a need": `
version: 1
services: {api: {objective: {target: 99.9%, over: 30d}, needs: [{service: b, impact: 30%..60%}]}, b: {}}
risks:
  r: {service: b, rate: 8/y, detect: 0s, recover: 1h}
  s: {service: b, rate: 12/y, detect: 30m, recover: 30m}
`,
	} {
		for _, bad := range []int64{1500, 1600, 1800, 2500, 5000} {
			e := first(t, text, forecast.Options{Targets: []forecast.Target{seconds(bad, 30*86400)}})
			near(t, name, e.Compare[0].Met.Value, poisson(20*30/365.25, float64(bad)), 2e-6)
			if e.Compare[0].Met.Error > 1e-6 {
				t.Errorf("%s: error figure %g", name, e.Compare[0].Met.Error)
			}
		}
	}
}

func TestNetsNeverExposeMoreThanAllUsers(t *testing.T) {
	m := read(t, `
version: 1
services: {app: {needs: [{service: x, impact: 80%}]}, x: {}}
risks: {r: {service: x, rate: 1/y, detect: 0s, recover: 1h}}
safety_nets:
  cache: {kind: automation, status: in-place, effects: [{need: app -> x, impact: -60%}]}
  worse: {kind: automation, status: proposed, effects: [{need: app -> x, impact: +50%}]}
`)
	near(t, "a net taken away", source(t, run(t, m, forecast.Options{Without: []string{"cache"}}).Entries[0], "r").Impact, 1, 0)
	near(t, "a net that makes it worse", source(t, run(t, m, forecast.Options{With: []string{"worse"}}).Entries[0], "r").Impact, 1, 0)
}

func TestCopiesThatCannotBeSparedTakeTheirOwnChances(t *testing.T) {
	e := first(t, `
version: 1
services: {api: {objective: {target: 99%}, copies: 3, need: 3, common_cause: 0%}}
changes: {c: {every: 10d}}
risks: {r: {per: c, chance: 50%, strikes: one, detect: 0s, recover: 10m}}
`, forecast.Options{})
	near(t, "mean", e.Mean, 2700, 1e-9)
	near(t, "P(none)", e.None, math.Pow(0.5, 9), 1e-15)
	e = first(t, `
version: 1
services: {api: {objective: {target: 99%}, copies: 3, need: 3, common_cause: 10%}}
changes: {c: {every: 10d}}
risks: {r: {per: c, chance: 50%, strikes: one, detect: 0s, recover: 10m}}
`, forecast.Options{})
	near(t, "P(none) with a common cause", e.None, math.Pow(math.Pow(0.55, 3)*0.95, 3), 1e-15)
}

func TestQuantilesDoNotHangOnTheTargetsAskedFor(t *testing.T) {
	text := `
version: 1
services: {api: {objective: {target: 99%, over: 30d}}}
changes: {c: {every: 5d, downtime: 2m..16m, impact: 2%}}
risks: {r: {rate: 2.5/y, impact: 40%, detect: 10m, recover: 15m}}
`
	a := first(t, text, forecast.Options{})
	b := first(t, text, forecast.Options{Targets: []forecast.Target{target("99.9%"), target("99.999%")}})
	if a.Quantiles != b.Quantiles || a.Achievable != b.Achievable {
		t.Errorf("quantiles %+v and %+v", a.Quantiles, b.Quantiles)
	}
	// About a million draws.
	near(t, "p50", a.Quantiles.P50, 51.68, 0.3)
	near(t, "p80", a.Quantiles.P80, 87.1, 0.5)
	near(t, "p90", a.Quantiles.P90, 648.06, 0.5)
	near(t, "p95", a.Quantiles.P95, 661.1, 0.7)
}
