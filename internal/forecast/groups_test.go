package forecast_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"tightrope/internal/distribution"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// ofKind finds one by kind and the beginning of its name.
func ofKind(t *testing.T, e *forecast.Entry, kind forecast.SourceKind, name string) *forecast.Source {
	t.Helper()
	for _, s := range e.Sources {
		if s.Kind == kind && strings.HasPrefix(s.Name, name) {
			return s
		}
	}
	t.Fatalf("no source %s %q in %s", kind, name, e.Service)
	return nil
}

func about(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

const pair = `
version: 1
services:
  front:
    objective: {target: 99.9%, over: 30d}
    needs: [{any: [a, b]}]
  a: {availability: 99%, outage: exp(1h)}
  b: {availability: 99%, outage: exp(1h)}
`

// A pair of which each half is down 1 % of the time for exponential hours: both
// are down 1e-4 of the time, 2·0.01·0.01 times an hour, for half an hour.
func TestAPairIsASourceOfItsOwn(t *testing.T) {
	e := first(t, pair, forecast.Options{})
	if len(e.Sources) != 1 {
		t.Fatalf("%d sources", len(e.Sources))
	}
	s := ofKind(t, e, forecast.GroupSource, "any of a, b")
	about(t, "incidents a year", s.IncidentsPerYear, 2e-4*8766, 1e-9)
	about(t, "length", s.PerIncident, 1800, 1e-9)
	about(t, "mean", e.Mean, 1e-4*30*model.Day, 1e-9)
	// A compound Poisson sum of exponential lengths: with n of them the sum is
	// Erlang, P(sum ≤ x) = 1 − e^(−y) Σ_{k<n} y^k/k!. They come in clusters of a
	// geometric number, which are as many fewer and as much longer.
	const cluster = 1 + 1.76*0.01/2
	mean := 2e-4 * 720 / cluster
	y := 2592.0 / 1800 / cluster
	p, poisson := math.Exp(-mean), math.Exp(-mean)
	for n := 1; n < 40; n++ {
		poisson *= mean / float64(n)
		tail, term := 0.0, math.Exp(-y)
		for k := range n {
			tail += term
			term *= y / float64(k+1)
		}
		p += poisson * (1 - tail)
	}
	about(t, "chance to keep", e.Met.Value, p, 1e-4)
	about(t, "availability", e.Availability.Expected, 1-1e-4, 1e-12)
}

// Copies of which enough must stand, with 5 % of what strikes them in common.
func TestCopiesWithACommonCause(t *testing.T) {
	e := first(t, `
version: 1
services:
  db: {copies: 3, need: 2, common_cause: 5%, availability: 99.9%, outage: 1h, objective: {target: 99.9%, over: 30d}}
`, forecast.Options{})
	q := 0.95e-3
	two := 3*q*q - 2*q*q*q
	about(t, "bad share of time", e.Mean/e.Window, 5e-5+two*(1-5e-5), 1e-6)
	about(t, "availability", 1-e.Availability.Expected, 5e-5+two*(1-5e-5), 1e-9)
	ofKind(t, e, forecast.GroupSource, "2 of 3 copies of db")
}

// Two repairable copies with the same closed form as a pair of machines:
// (λ/(λ+μ))², 2·w·q and half the mean repair.
func TestRepairableCopies(t *testing.T) {
	e := first(t, `
version: 1
services:
  db: {copies: 2, need: 1, common_cause: 0%, objective: {target: 99.9%, over: 30d}}
risks:
  crash: {service: db, every: 1000h, detect: 0s, recover: exp(10h)}
`, forecast.Options{})
	s := ofKind(t, e, forecast.GroupSource, "1 of 2 copies of db")
	q := 0.01 / 1.01
	w := 0.001 / 1.01
	about(t, "bad share of time", s.PerYear/model.Year, q*q, 1e-9)
	about(t, "incidents a year", s.IncidentsPerYear, 2*w*q*8766, 1e-9)
	about(t, "length", s.PerIncident, 5*3600, 1e-9)
}

// A switch of a minute that works 19 times in 20.
func TestASwitchThatMayFail(t *testing.T) {
	e := first(t, `
version: 1
services:
  db: {copies: 2, need: 1, common_cause: 0%, switch: {takes: 60s, works: 95%}, objective: {target: 99.9%, over: 30d}}
risks:
  crash: {service: db, every: 100h, detect: 0s, recover: exp(1h)}
`, forecast.Options{})
	q, w := 0.01/1.01, 0.01/1.01 // of one copy: down, and failures an hour
	survived := 2 * w * (1 - q)  // an hour
	hours := e.Window / 3600
	down := ofKind(t, e, forecast.SwitchSource, "1 of 2 copies of db/switch")
	failed := ofKind(t, e, forecast.SwitchSource, "1 of 2 copies of db/crash")
	about(t, "switching", down.PerWindow, hours*survived*0.95*60, 1e-9)
	about(t, "not switched", failed.PerWindow, hours*survived*0.05*3600, 1e-9)
	about(t, "mean", e.Mean, hours*(survived*(0.95*60+0.05*3600)+0.95*q*q*3600), 1e-6)
	about(t, "by itself", 1-e.Availability.Expected, e.Mean/e.Window, 0.02)
}

// A cache bridges the first five minutes of each outage.
func TestWhatIsRiddenOutIsNotFelt(t *testing.T) {
	for recover, want := range map[string]float64{
		"exp(20m)": 3 * 1200 * math.Exp(-0.25),
		"8m":       3 * 180,
	} {
		e := first(t, `
version: 1
services:
  front: {objective: {target: 99.9%, over: 30d}, needs: [{service: search, rides_out: 5m}]}
  search: {}
risks:
  slow: {service: search, every: 10d, detect: 0s, recover: `+recover+`}
`, forecast.Options{})
		about(t, "mean with "+recover, e.Mean, want, 1e-9)
		about(t, "in the table", e.Sources[0].Recover, map[string]float64{"exp(20m)": 1200, "8m": 480}[recover], 1e-9)
	}
	e := first(t, `
version: 1
services:
  front: {objective: {target: 99.9%, over: 30d}, needs: [{service: search, rides_out: 10m}]}
  search: {}
risks:
  slow: {service: search, every: 10d, detect: 0s, recover: 8m}
`, forecast.Options{})
	if e.Mean != 0 || len(e.Sources) != 0 {
		t.Errorf("all of it is ridden out, but %g s are felt", e.Mean)
	}
}

// Half of the users have no cache before search: they feel all of it.
func TestUsersBehindDifferentRides(t *testing.T) {
	e := first(t, `
version: 1
services:
  front: {objective: {target: 99.9%, over: 30d}, needs: [{service: search, rides_out: 5m}, {service: api, impact: 50%}]}
  api: {needs: [search]}
  search: {}
risks:
  slow: {service: search, every: 10d, detect: 0s, recover: 8m}
`, forecast.Options{})
	about(t, "mean", e.Mean, 3*(0.5*480+0.5*180), 1e-9)
}

// Sharing one control plane: what only it takes down is one source, the two
// regions together another.
func TestASharedControlPlane(t *testing.T) {
	e := first(t, `
version: 1
services:
  front: {availability: 99.99%, outage: 10m, objective: {target: 99.9%, over: 30d}, needs: [{any: [east, west]}]}
  east: {availability: 99.9%, outage: 1h, needs: [control]}
  west: {availability: 99.9%, outage: 1h, needs: [control]}
  control: {availability: 99.95%, outage: 30m}
`, forecast.Options{})
	about(t, "availability", e.Availability.Expected, 0.99939905059995, 1e-14)
	about(t, "napkin", e.Availability.Napkin, 0.9998977517, 1e-10)
	if e.Availability.Shared != "control" {
		t.Errorf("shared: %q", e.Availability.Shared)
	}
	about(t, "bad share of time", e.Mean/e.Window, 1e-4+5e-4+1e-6*(1-1e-4)*(1-5e-4), 1e-9)
	// 1 − 0.9999·(1 − q)·(1 − 1e-6) = 0.001 for the control plane alone.
	for _, r := range e.Requirements {
		if r.Service == "control" {
			about(t, "required of control", *r.Required, 0.999/0.9999/(1-1e-6), 1e-12)
			about(t, "offered by control", r.Offers, 0.9995, 1e-12)
			if r.Direct {
				t.Error("front does not need control itself")
			}
		}
	}
	if len(e.Requirements) != 3 {
		t.Errorf("%d requirements, expected those of east, west and control", len(e.Requirements))
	}
	if len(e.Behind) != 2 || e.Behind[0].Name != "east" {
		t.Errorf("behind the group: %+v", e.Behind)
	}
}

// What decides a group may be unsure: then its mean is averaged over it.
func TestAGroupWithUnsureMembers(t *testing.T) {
	e := first(t, `
version: 1
services:
  front: {objective: {target: 99.9%, over: 30d}, needs: [{any: [a, b]}]}
  a: {availability: 98%..99.5%, outage: exp(1h)}
  b: {availability: 99%, outage: exp(1h)}
`, forecast.Options{})
	// E[(1 − A)·0.01] is linear in A.
	mean := 0.0
	m := first(t, `
version: 1
services:
  front: {objective: {target: 99.9%, over: 30d}, needs: [a]}
  a: {availability: 98%..99.5%, outage: exp(1h)}
`, forecast.Options{})
	mean = m.Mean / m.Window
	about(t, "bad share of time", e.Mean/e.Window, 0.01*mean, 1e-4)
	if len(e.Unsure) != 1 {
		t.Errorf("unsure: %v", e.Unsure)
	}
}

// Two parts of a service need the same two of three: that is one group, down
// once, and what strikes all three is one common cause.
func TestTheSameGroupInTwoPlacesIsOne(t *testing.T) {
	zones := `
  a: {availability: 99%, outage: 1h}
  b: {availability: 99%, outage: 1h}
  c: {availability: 99%, outage: 1h}
`
	once := first(t, `
version: 1
services:
  front: {objective: {target: 99.9%, over: 30d}, needs: [{at_least: 2, of: [a, b, c], common_cause: 2%}]}`+zones, forecast.Options{})
	twice := first(t, `
version: 1
services:
  front: {objective: {target: 99.9%, over: 30d}, needs: [one, two]}
  one: {needs: [{at_least: 2, of: [a, b, c], common_cause: 2%}]}
  two: {needs: [{at_least: 2, of: [c, a, b], common_cause: 1%}]}`+zones, forecast.Options{})
	about(t, "mean", twice.Mean, once.Mean, 1e-9)
	about(t, "chance", twice.Met.Value, once.Met.Value, 1e-9)
	about(t, "availability", twice.Availability.Expected, once.Availability.Expected, 1e-12)
	if len(twice.Sources) != 2 {
		t.Errorf("%d sources, expected the group and its common cause", len(twice.Sources))
	}
}

// Of what users feel nine tenths are in the hands of others.
func TestOurNextNineIsInvisible(t *testing.T) {
	e := first(t, `
version: 1
services:
  app: {objective: {target: 99.9%, over: 30d}, needs: [{service: carrier, counts: false}]}
  carrier: {outside: true, availability: 99.5%, outage: exp(2h)}
risks:
  crash: {service: app, every: 30d, detect: 0s, recover: 10m}
`, forecast.Options{})
	h := e.Felt.Hands
	if h == nil {
		t.Fatal("nobody's hands")
	}
	about(t, "ours", h.Ours, 600, 1e-9)
	about(t, "theirs", h.Theirs, 0.005*30*model.Day, 1e-9)
	about(t, "with our next nine", h.NextNine, 0.005*30*model.Day+60, 1e-9)
	if h.Visible {
		t.Error("540 s less of 13,560 s are less than a tenth")
	}
	if e.Felt.Mean == e.Mean {
		t.Error("the carrier does not count for the promise")
	}
}

// Of very many services only those are forecast that promise something, or
// that nothing else needs.
func TestManyServicesWithoutAnObjectiveAreLeftOut(t *testing.T) {
	text := "version: 1\nservices:\n  top: {%sneeds: [s0]}\n"
	for i := range 101 {
		text += fmt.Sprintf("  s%d: {availability: 99.9%%%%, outage: 1h, needs: [s%d]}\n", i, i+1)
	}
	text += "  s101: {availability: 99%%, outage: 1h}\n"
	for _, objective := range []string{"", "objective: {target: 99%}, "} {
		r := run(t, read(t, fmt.Sprintf(text, objective)), forecast.Options{})
		if len(r.Entries) != 1 || r.Entries[0].Service != "top" {
			t.Errorf("with %q: %d entries, expected top alone", objective, len(r.Entries))
		}
		if len(r.Warnings) != 1 || r.Warnings[0].Code != "left-out" {
			t.Errorf("with %q: warnings %v", objective, r.Warnings)
		}
	}
	r := run(t, read(t, fmt.Sprintf(text, "")), forecast.Options{Services: []string{"s7"}})
	if len(r.Entries) != 1 || len(r.Warnings) != 0 {
		t.Error("asked for by name, s7 is forecast")
	}
}

// Who needs the same part behind a ride and without one must not be told the
// same, in whatever order they are asked.
func TestOnePartBehindDifferentRidesForTwoServices(t *testing.T) {
	text := `
version: 1
services:
  plain: {objective: {target: 99.9%, over: 30d}, needs: [search]}
  cached: {objective: {target: 99.9%, over: 30d}, needs: [{service: search, rides_out: 5m}]}
  search: {}
risks:
  slow: {service: search, every: 10d, detect: 0s, recover: exp(20m)}
`
	m := read(t, text)
	for _, e := range run(t, m, forecast.Options{}).Entries[:2] {
		alone := run(t, m, forecast.Options{Services: []string{e.Service}}).Entries[0]
		about(t, "the chance of "+e.Service, e.Met.Value, alone.Met.Value, 1e-9)
	}
	both := run(t, m, forecast.Options{}).Entries
	if both[0].Met.Value >= both[1].Met.Value {
		t.Errorf("a cache does not help: %g and %g", both[0].Met.Value, both[1].Met.Value)
	}
}

// Two groups that fail with their own frequencies, of two services.
func TestGroupsOfTwoServicesAreTheirOwn(t *testing.T) {
	m := read(t, `
version: 1
services:
  x: {objective: {target: 99.9%, over: 30d}, needs: [{any: [a, b]}]}
  y: {objective: {target: 99.9%, over: 30d}, needs: [{any: [c, d]}]}
  a: {availability: 99%, outage: exp(1h)}
  b: {availability: 99%, outage: exp(1h)}
  c: {availability: 90%, outage: exp(1h)}
  d: {availability: 90%, outage: exp(1h)}
`)
	for _, e := range run(t, m, forecast.Options{}).Entries[:2] {
		alone := run(t, m, forecast.Options{Services: []string{e.Service}}).Entries[0]
		about(t, "the chance of "+e.Service, e.Met.Value, alone.Met.Value, 1e-12)
	}
}

// A rate that is unsure is the same for what strikes both copies and for what
// strikes each: the chance is the average over it.
func TestAnUnsureRateOfCopiesIsOne(t *testing.T) {
	text := `
version: 1
services:
  db: {copies: 2, common_cause: 10%%, switch: {takes: 5m, works: 90%%}, objective: {target: 99.9%%, over: 30d}}
risks:
  crash: {service: db, rate: %s, detect: 0s, recover: exp(2h)}
  other: {service: db, strikes: all, rate: %s, detect: 0s, recover: exp(20m)}
`
	asked := forecast.Options{Targets: []forecast.Target{target("99.5%")}}
	x, w := distribution.GammaSeen(4, model.Year).Nodes(12)
	met, mean, compared := 0.0, 0.0, 0.0
	for i := range x {
		for k := range x {
			e := first(t, fmt.Sprintf(text, fmt.Sprintf("%.12f/y", x[i]*model.Year), fmt.Sprintf("%.12f/y", x[k]*model.Year)), asked)
			met += w[i] * w[k] * e.Met.Value
			mean += w[i] * w[k] * e.Mean
			compared += w[i] * w[k] * e.Compare[0].Met.Value
		}
	}
	e := first(t, fmt.Sprintf(text, "4 in 1y", "4 in 1y"), asked)
	about(t, "mean", e.Mean, mean, 1e-3)
	near(t, "chance", e.Met.Value, met, 1e-4)
	near(t, "chance of another target", e.Compare[0].Met.Value, compared, 1e-4)
}

// A service whose copies fail over to each other, behind another one that hardly
// ever is down at once: users are hit while both are down, whatever the first is
// made of, and however often its change-over works.
func TestAChangeOverThatFailsBehindSomethingElse(t *testing.T) {
	unavailable := func(needs, works string, copies string) float64 {
		return first(t, `
version: 1
services:
  top: {objective: {target: 99%, over: 30d}, needs: [`+needs+`]}
  other: {availability: 95%, outage: 1h}
  store: {`+copies+`, switch: {takes: 0s, works: `+works+`}, common_cause: 0%}
risks:
  crash: {service: store, every: 3275m, detect: 37m, recover: 75m}
`, forecast.Options{}).Availability.Unavailable
	}
	for _, copies := range []string{"copies: 2", "copies: 3, need: 2", "copies: 4, need: 2"} {
		for _, works := range []string{"0%", "50%", "85%"} {
			alone, both := unavailable("store", works, copies), unavailable("{any: [store, other]}", works, copies)
			near(t, copies+", works "+works, both, 0.05*alone, 0.005*0.05*alone)
		}
	}
}
