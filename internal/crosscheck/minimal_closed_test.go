package crosscheck

import (
	"math"
	"testing"
)

// The minimal models of one service alone, whose sums are known in closed form.

func TestMinimalQuantilesAreThoseOfTheDistribution(t *testing.T) {
	// 6: four releases of 10 s in 30 d, five in 2 of 7 windows; and a flood in
	// 7.9 % of them.
	m, p := mustCompile(t, `
version: 1
services:
  top: {objective: {target: 99.998%, over: 30d}}
changes:
  release: {every: 7d, downtime: 10s}
risks:
  flood: {every: 1y, detect: 1m, recover: 2h..12h}
`)
	dry := math.Exp(-30 / 365.25)
	e, _, err := run(m)
	if err != nil {
		t.Fatal(err)
	}
	// 51.84 s is less than any flood worth the name: chance 0.92116.
	if d := math.Abs(e.Met.Value - dry); d > e.Met.Error+modelError(e)+1e-9 {
		t.Errorf("chance %v ± %g, true %v", e.Met.Value, e.Met.Error, dry)
	}
	// P(≤ 40 s) = 5/7 × 0.92116 = 0.65797, P(≤ 50 s) = 0.92116.
	for _, x := range []struct {
		what      string
		got, want float64
	}{{"p50", e.Quantiles.P50, 40}, {"p80", e.Quantiles.P80, 50}, {"p90", e.Quantiles.P90, 50}} {
		if math.Abs(x.got-x.want) > latticeStep(e, x.want) {
			t.Errorf("%s is %v s, true %v s", x.what, x.got, x.want)
		}
	}
	if want := 1 - 50/p.window; e.Confidence == 0.9 && math.Abs(e.Achievable-want) > latticeStep(e, 50)/p.window {
		t.Errorf("achievable %v, true %v", e.Achievable, want)
	}
	var o outcome
	o.play(newPlayer(p, 1), 20_000)
	agree(t, "played chance", o.begun.within(p.budget), dry)
	agree(t, "played, four releases at most", o.begun.within(40), dry*5/7)
	for q, want := range map[float64]float64{0.5: 40, 0.8: 50, 0.9: 50} {
		if got := o.begun.quantile(q); math.Abs(got-want) > 1e-6 {
			t.Errorf("played quantile %v is %v s, true %v s", q, got, want)
		}
	}
}

func TestMinimalErrorIsABoundBesideAJump(t *testing.T) {
	// 7: the budget is 7e-5 s above one incident of 3249 s × 87.7 % and the
	// background of a week, 2855.421 s. True: none of the long ones and up to 13
	// short ones, or one long one alone.
	m, p := mustCompile(t, `
version: 1
services:
  top: {objective: {target: 99.5278735%, over: 7d}, background: 0.001%}
risks:
  short: {rate: 4.54/y, detect: 13s, recover: 200s}
  long: {rate: 12.38/y, impact: 87.7%, detect: 49s, recover: 3200s}
`)
	a, b := 4.54*7/365.25, 12.38*7/365.25
	want := math.Exp(-b) * (poissonAtMost(13, a) + b*math.Exp(-a)) // 0.96043
	e, _, err := run(m)
	if err != nil {
		t.Fatal(err)
	}
	if d := math.Abs(e.Met.Value - want); d > e.Met.Error+modelError(e)+1e-9 {
		t.Errorf("chance %.6f ± %.2g, true %.6f", e.Met.Value, e.Met.Error, want)
	}
	var o outcome
	o.play(newPlayer(p, 1), 20_000)
	agree(t, "played", o.begun.within(p.budget), want)
}

func TestMinimalManyPlainModelsHaveSmallErrors(t *testing.T) {
	// 7: where the budget is between the jumps the error is at most 1e-6, and the
	// answer is right to it: sums of short and long fixed incidents at most as
	// many as fit.
	for _, target := range []string{"99.5%", "99.6%", "99.7%", "99.9%", "99%"} {
		m, p := mustCompile(t, `
version: 1
services:
  top: {objective: {target: `+target+`, over: 7d}, background: 0.001%}
risks:
  short: {rate: 4.54/y, detect: 13s, recover: 200s}
  long: {rate: 12.38/y, impact: 87.7%, detect: 49s, recover: 3200s}
`)
		e, _, err := run(m)
		if err != nil {
			t.Fatal(err)
		}
		a, b := 4.54*7/365.25, 12.38*7/365.25
		left := p.budget - 0.00001*p.window
		want, chance := 0.0, math.Exp(-b)
		for n := 0; float64(n)*2849.373 <= left; n++ {
			want += chance * poissonAtMost(int((left-float64(n)*2849.373)/213), a)
			chance *= b / float64(n+1)
		}
		if d := math.Abs(e.Met.Value - want); d > e.Met.Error+modelError(e)+1e-9 {
			t.Errorf("%s: chance %.7f ± %.2g, true %.7f", target, e.Met.Value, e.Met.Error, want)
		}
		if e.Met.Error > 1e-6 {
			t.Errorf("%s: error %.2g", target, e.Met.Error)
		}
	}
}

func TestMinimalPairsOfExponentialMachinesAreNeverDownAtOnce(t *testing.T) {
	// 9: with a budget that is next to nothing the chance is that of no outage.
	// None lies in the window: x = (none down, one down) begins as it usually is.
	// None begins in it: it may also begin with both down.
	for _, q := range []float64{0.01, 0.04} {
		m, p := mustCompile(t, `
version: 1
services:
  top: {objective: {target: 99.9999999%, over: 30d}, needs: [{any: [a, b]}]}
  a: {availability: `+percent(1-q)+`, outage: exp(1h)}
  b: {availability: `+percent(1-q)+`, outage: exp(1h)}
`)
		e, _, err := run(m)
		if err != nil {
			t.Fatal(err)
		}
		cut := neverBoth(q/(1-q)/3600, 1.0/3600, p.window)
		begun := cut + q*q*cut/(1-q*q) // the more exactly, the rarer outages are
		got, allowed := e.Met.Value, e.Met.Error+modelError(e)+1e-5
		if got < cut-allowed || got > begun+allowed {
			t.Errorf("q = %v: chance %.6f ± %.2g, true %.6f (cut) to %.6f (begun)", q, got, e.Met.Error, cut, begun)
		}
		var o outcome
		o.play(newPlayer(p, 3), 5000)
		agree(t, "played", o.cut.within(p.budget), cut)
	}
}
