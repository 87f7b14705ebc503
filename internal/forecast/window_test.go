package forecast_test

import (
	"math"
	"strings"
	"testing"

	"tightrope/internal/forecast"
)

// What does not fit into a window is counted up to its length: all that is said
// of the distribution then belongs together.
func TestBadTimeFitsIntoItsWindow(t *testing.T) {
	for _, tt := range []struct {
		name, model string
		up          float64 // share of time; below 0: not held against anything
	}{
		// Outages in progress at once are Poisson with the mean 0.1/y · 12 y, however
		// long the window.
		{"outages much longer than the window", `
services: {s: {objective: {target: 99%, over: 30d}}}
risks: {r: {rate: 0.1/y, detect: 5m, recover: 12y}}`, math.Exp(-0.1 * (12 + 5.0/60/24/365.25))},
		{"a service that is down nearly always", `
services: {s: {objective: {target: 99.99%, over: 90d}, every: 1m, outage: ~30m}}`, -1},
		{"a rate that nobody knows", `
services: {s: {objective: {target: 99.99%}, rate: 0 in 0.001s, outage: 5m}}`, -1},
		{"outages of a hundred years, with an unsure chance", `
services: {s: {objective: {target: 99.99%, confidence: 99.9999999%}}}
risks: {r: {rate: 2 in 5y, units: 1000, detect: exp(30m), recover: [v1, v2]}}
recovery: {v1: {takes: 100y, works: 30%..60%, by: nobody}, v2: {takes: 5m, by: nobody}}`, 0},
		{"short incidents without number", `
services: {s: {objective: {target: 99.5%}}}
risks: {r1: {every: 7d, units: 2000000000, detect: 5m, recover: 5m}, r2: {rate: 1/y, detect: 5m, recover: 5m}}`, -1},
		{"planned downtime that is longer than its rhythm", `
services: {s: {objective: {target: 99.9%, over: 7d}}}
changes: {c: {every: 1s, downtime: 5s..20s}}`, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := first(t, "version: 1"+tt.model+"\n", forecast.Options{})
			q := e.Quantiles
			last := 0.0
			for _, x := range []float64{q.P50, q.P80, q.P90, q.P95, q.P99, e.Window} {
				if !(x >= last) {
					t.Errorf("quantiles do not rise to the window: %+v", q)
				}
				last = x
			}
			if off := math.Abs(e.Mean - q.P50); !(e.Mean >= 0 && e.Mean <= e.Window && off <= e.SD*(1+1e-6)+2e-3*e.Window) {
				t.Errorf("mean %v, median %v, standard deviation %v in %v s", e.Mean, q.P50, e.SD, e.Window)
			}
			if !(e.None >= 0 && e.None <= e.Met.Value && e.Met.Value <= 1) {
				t.Errorf("no lost time with %v, kept with %v", e.None, e.Met.Value)
			}
			for _, p := range e.CDF {
				if p.Bad > e.Window || !(p.P >= 0 && p.P <= 1) {
					t.Fatalf("the curve has %v at %v", p.P, p.Bad)
				}
			}
			said := false
			for _, w := range e.Warnings {
				said = said || w.Code == "window"
			}
			// Where the correction leads into the window there is nothing to say.
			if !said && !(e.Mean < 0.98*e.Window && e.SD < 0.01*e.Window) {
				t.Errorf("nothing is said of it: %v", e.Warnings)
			}
			if tt.up < 0 {
				return
			}
			near(t, "mean", e.Mean, (1-tt.up)*e.Window, 0.01*e.Window)
			near(t, "chance of a window without lost time", e.None, tt.up*math.Exp(-0.1*30/365.25), 2e-3)
		})
	}
}

func TestAnAlmostSureShareHasQuantilesThatRise(t *testing.T) {
	const text = `
version: 1
services: {s: {objective: {target: 99%, over: 1y}, background: 49.999999%..50.000001%}}
risks: {r: {rate: 1/y, detect: 5m, recover: 5m}`
	e := first(t, text+"}\n", forecast.Options{})
	two := first(t, text+", r2: {rate: 1/y, detect: 5m, recover: 5m}}\n", forecast.Options{}).Quantiles
	if !(two.P50 <= two.P80 && two.P80 <= two.P90 && two.P90 <= two.P95 && two.P95 <= two.P99) {
		t.Errorf("with two risks: %+v", two)
	}
	if q := e.Quantiles; !(q.P50 <= q.P80 && q.P80 <= q.P90 && q.P90 <= q.P95 && q.P95 <= q.P99) {
		t.Errorf("%+v", q)
	} else if off := math.Abs(q.P50 - 15_778_950); off > q.Error.P50 {
		t.Errorf("the median is %v s off and says %v", off, q.Error.P50)
	}
}

// A rate that is nearly sure is as good as one that is.
func TestANearlySureRateIsAsGoodAsASureOne(t *testing.T) {
	for _, tt := range []struct{ name, rate, every string }{
		{"one part in ten million", "1/y..1.0000001/y", "1/y"},
		{"one part in a thousand millions", "1/y..1.000000001/y", "1/y"},
		{"seen very often", "2000000000 in 1y", "2000000000/y"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const text = "version: 1\nservices: {s: {objective: {target: 99.99%, over: 1h}}}\nrisks: {r: {rate: RATE, impact: 0.01%, detect: 1s, recover: 1s}}\n"
			unsure := first(t, strings.Replace(text, "RATE", tt.rate, 1), forecast.Options{})
			sure := first(t, strings.Replace(text, "RATE", tt.every, 1), forecast.Options{})
			near(t, "no lost time", unsure.None, sure.None, 1e-6)
			near(t, "kept", unsure.Met.Value, sure.Met.Value, 1e-6+unsure.Met.Error+sure.Met.Error)
			near(t, "median", unsure.Quantiles.P50, sure.Quantiles.P50, 1e-3*sure.Quantiles.P50+1e-6)
		})
	}
}

// Numbers of incidents of which none at all has a chance too small for a float64
// are counted all the same.
func TestVeryManyIncidentsAreStillCounted(t *testing.T) {
	for _, tt := range []struct{ name, model string }{
		{"an unsure impact", "risks: {r: {every: 10m, impact: 20%..20.001%, detect: 1s, recover: 1s}}"},
		{"a change with an unsure impact", "changes: {c: {every: 60s}}\nrisks: {r: {per: c, chance: 10%, impact: 20%..20.001%, detect: 1s, recover: 1s}}"},
		{"an unsure rate", "risks: {r: {rate: 52595/y..52597/y, impact: 20%, detect: 1s, recover: 1s}}"},
		{"a sure one", "risks: {r: {every: 10m, impact: 20%, detect: 1s, recover: 1s}}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := first(t, "version: 1\nservices: {s: {objective: {target: 99.93%, over: 30d}}}\n"+tt.model+"\n", forecast.Options{})
			// About 4,320 times 0.4 s, of a budget of 1,814 s; without being normal.
			near(t, "mean", e.Mean, 1728, 1)
			near(t, "median", e.Quantiles.P50, 1728, 3)
			if p := e.Met; !(p.Value > 0.99 && p.Value <= 1) {
				t.Errorf("kept with %v ± %v", p.Value, p.Error)
			}
		})
	}
}
