package availability_test

import (
	"math"
	"testing"

	"tightrope/internal/scenario"
)

// felt is a model of one outage behind a ride.
func felt(ride, outage string) string {
	return "services:\n  top: {needs: [{service: search, rides_out: " + ride + "}]}\n  search: {every: 10h, outage: " + outage + "}\n"
}

func TestWhatIsRiddenOut(t *testing.T) {
	const up = 600.0 // minutes between outages
	for _, tt := range []struct {
		name, ride, outage    string
		mean, left, share     float64 // minutes
		tolerance, frequently float64
	}{
		{"a fixed outage longer than the ride", "5m", "20m", 20, 15, 1, 1e-15, 1e-15},
		{"one that is shorter", "5m", "4m", 4, 0, 0, 0, 0},
		{"exponential", "5m", "exp(10m)", 10, 10 * math.Exp(-0.5), math.Exp(-0.5), 1e-15, 1e-15},
		// E[e^(−R/10)] of an exponential R with mean 5 is 1/(1 + 5/10).
		{"both exponential", "exp(5m)", "exp(10m)", 10, 10 / 1.5, 1 / 1.5, 1e-13, 1e-13},
		// E[(20−R)⁺] = 20 − 5·(1 − e^(−20/5)).
		{"an exponential ride of a fixed outage", "exp(5m)", "20m", 20, 20 - 5*(1-math.Exp(-4)), 1 - math.Exp(-4), 1e-15, 1e-15},
	} {
		r := ask1(t, felt(tt.ride, tt.outage), "top")
		within(t, tt.name, 1-r.Expected, tt.left/(up+tt.mean), tt.tolerance)
		often := tt.share / (up + tt.mean) / 60
		within(t, tt.name+": how often", r.Frequency, often, tt.frequently*often)
		within(t, tt.name+": napkin", 1-r.Napkin, tt.mean/(up+tt.mean), 1e-15)
	}
}

// A ride whose length differs like that of the outage, against a sum over their
// joint density.
func TestALognormalRideOfALognormalOutage(t *testing.T) {
	const z95 = 1.6448536269514722
	mu := func(lo, hi float64) float64 { return math.Log(lo*hi) / 2 }
	sigma := func(lo, hi float64) float64 { return math.Log(hi/lo) / (2 * z95) }
	left, share, mean := 0.0, 0.0, 0.0
	const n, h = 400, 0.04
	for i := -n / 2; i <= n/2; i++ {
		for k := -n / 2; k <= n/2; k++ {
			x, y := float64(i)*h, float64(k)*h
			p := h * h * math.Exp(-(x*x+y*y)/2) / (2 * math.Pi)
			l, r := math.Exp(mu(5, 60)+sigma(5, 60)*x), math.Exp(mu(2, 8)+sigma(2, 8)*y)
			mean += p * l
			left += p * math.Max(0, l-r)
			if l > r {
				share += p
			}
		}
	}
	r := ask1(t, felt("2m..8m", "5m..60m"), "top")
	within(t, "chance", 1-r.Expected, left/(600+mean), 1e-7)
	often := share / (600 + mean) / 60
	within(t, "how often", r.Frequency, often, 1e-3*often)
}

// An incident of several steps, behind a ride, against the simple sum over the
// steps' own laws: detection is exponential, what follows takes 10 minutes.
func TestARideOfAnIncidentOfSeveralSteps(t *testing.T) {
	text := `
services:
  top: {needs: [{service: search, rides_out: 15m}]}
  search: {}
risks:
  bug: {service: search, rate: 0.01/h, detect: [seen], recover: [restart, rebuild]}
detection:
  seen: {after: exp(5m)}
recovery:
  restart: {takes: 10m, works: 75%, by: nobody}
  rebuild: {takes: 30m, by: nobody}
`
	// With 75 % it takes D + 10, else D + 40.
	left := 0.75*5*math.Exp(-1) + 0.25*(5+40-15)
	r := ask1(t, text, "top")
	within(t, "chance", 1-r.Expected, -math.Expm1(-0.01*left/60), 1e-6*0.01*left/60)
}

// How often an attempt works is averaged over exactly: with 75 % on average it
// is as if it were 75 %.
func TestARideOfAnIncidentThatIsUnsure(t *testing.T) {
	text := func(works string) string {
		return `
services:
  top: {needs: [{service: search, rides_out: 15m}]}
  search: {}
changes:
  release: {service: search, every: 10h}
risks:
  bug: {service: search, per: release, chance: 10%, detect: [seen], recover: [restart, rebuild]}
detection:
  seen: {after: exp(5m)}
recovery:
  restart: {takes: 10m, works: ` + works + `, by: nobody}
  rebuild: {takes: 30m, by: nobody}
`
	}
	w := build(t, text("60%..90%"))
	works := w.system.Scenario.Params.List[0].Law.Mean()
	left := works*5*math.Exp(-1) + (1-works)*(5+40-15)
	want := 0.1 * left / 600
	within(t, "chance", 1-w.ask(t, "top", 0).Expected, want, 1e-6*want)
}

func TestAPartThatIsRiddenOutOnOneOfTwoPaths(t *testing.T) {
	r := ask1(t, `
services:
  top: {needs: [{service: disk, impact: 50%}, {service: cache, impact: 50%}]}
  cache: {needs: [{service: disk, rides_out: 5m}]}
  disk: {availability: 99%, outage: exp(10m)}
`, "top")
	ridden := 0.01 * math.Exp(-0.5)
	within(t, "chance", 1-r.Expected, 0.5*0.01+0.5*0.5*ridden, 1e-15)
	// Half of the users begin to be hit at once, a quarter after five minutes.
	within(t, "how often", r.Frequency, (0.5+0.25*math.Exp(-0.5))*0.01/600, 1e-15)
}

func TestRidesAddUp(t *testing.T) {
	r := ask1(t, `
services:
  top: {needs: [{service: mid, rides_out: 2m}]}
  mid: {needs: [{service: disk, rides_out: 3m}]}
  disk: {availability: 99%, outage: exp(10m)}
`, "top")
	within(t, "chance", 1-r.Expected, 0.01*math.Exp(-0.5), 1e-15)
}

// What a provider behind a ride must offer is told without the ride.
func TestARequirementBehindARide(t *testing.T) {
	w := build(t, `
services:
  top: {needs: [{service: disk, rides_out: 5m}]}
  disk: {availability: 99%, outage: exp(10m)}
`)
	r := w.ask(t, "top", 0.999)
	if len(r.Requirements) != 1 {
		t.Fatalf("%d requirements", len(r.Requirements))
	}
	x := r.Requirements[0]
	within(t, "offers", x.Offers, 0.99, 1e-15)
	within(t, "required", *x.Required, 1-0.001*math.Exp(0.5), 1e-14)
}

func TestAComponentBehindARide(t *testing.T) {
	w := build(t, felt("5m", "exp(10m)"))
	ride := w.system.Parts[w.system.Number("top")].Needs[0].Ride
	c := w.Down(w.system.Number("search"), "available", scenario.Rides{ride}, nil, true)
	within(t, "chance", c.Q, 10*math.Exp(-0.5)/610, 1e-16)
	within(t, "how often", c.Frequency, math.Exp(-0.5)/610/60, 1e-17)
}
