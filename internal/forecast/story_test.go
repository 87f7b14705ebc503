package forecast_test

import (
	"math"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/say"
)

const releases = `
version: 1
services:
  booking: {objective: {target: 99.999%, over: 1y}}
changes:
  release: {service: booking, every: 7d, downtime: 10s}
`

func TestWeeklyReleasesOfTenSecondsSpendFiveNinesAlone(t *testing.T) {
	e := first(t, releases, forecast.Options{})
	if e.Verdict != forecast.NotAchievable || e.Met.Value != 0 {
		t.Errorf("verdict %s with chance %g", e.Verdict, e.Met.Value)
	}
	budget, _ := e.Objective.Budget.Float64()
	near(t, "budget", budget, 315.576, 0)
	near(t, "certain", e.Certain, 520, 0)
	near(t, "mean", e.Mean, 10*365.25/7, 1e-9)
	if r := source(t, e, "release"); *r.Room != 31 || r.Certain != 520 {
		t.Errorf("room for %d releases, %g s certain", *r.Room, r.Certain)
	}
}

func TestOneIncidentOfThreeMinutesFitsFiveNinesAndTwoDoNot(t *testing.T) {
	e := first(t, `
version: 1
services: {booking: {objective: {target: 99.999%, over: 1y}}}
changes: {release: {service: booking, every: 7d, downtime: 0s}}
risks: {bad-release: {per: release, chance: 1%, detect: [alarm], recover: [rollback]}}
detection: {alarm: {after: 1m}}
recovery: {rollback: {takes: 2m, by: nobody}}
`, forecast.Options{})
	r := source(t, e, "bad-release")
	if *r.Room != 1 || !r.FixedLength || r.PerIncident != 180 {
		t.Errorf("room %d, fixed %v, each %g s", *r.Room, r.FixedLength, r.PerIncident)
	}
	// 52 releases and one more with probability 365.25/7 − 52.
	p := func(n float64) float64 { return math.Pow(0.99, n) + n*0.01*math.Pow(0.99, n-1) }
	more := 365.25/7 - 52
	near(t, "P(at most one)", e.Met.Value, (1-more)*p(52)+more*p(53), 1e-10)
}

func TestDetectionAndRecoveryByEnumeration(t *testing.T) {
	e := first(t, `
version: 1
services: {api: {objective: {target: 99.9%, over: 30d}}}
risks: {r: {rate: 1/y, detect: [a, b], recover: [x, y]}}
detection: {a: {after: 1m, catches: 90%}, b: {after: 30m}}
recovery: {x: {takes: 2m, works: 95%, by: p}, y: {takes: 1h, by: p}}
responders: {p: {acknowledges: 5m}}
`, forecast.Options{Targets: []forecast.Target{target("99.981%")}})
	r := source(t, e, "r")
	near(t, "TTD", r.Detect, 234, 1e-9)
	near(t, "TTA", r.Acknowledge, 300, 1e-9)
	near(t, "TTR", r.Recover, 300, 1e-9)
	// Lengths 8m (.855), 37m (.095), 68m (.045), 97m (.005); budgets 43m12s and
	// 8m12.48s. Up to five short ones, or a long and none, fit the first.
	l := 30 / 365.25
	short, long, none := l*.855, l*.095, math.Exp(-l)
	want := none * long // exactly one of 37 min, and no other
	for n, term := 0, none; n <= 5; n++ {
		want += term
		term *= short / float64(n+1)
	}
	near(t, "P(≤ 43m12s)", e.Met.Value, want, 1e-10)
	near(t, "P(≤ 8m12s)", e.Compare[0].Met.Value, none*(1+short), 1e-10)
}

func TestStagesThroughTheModel(t *testing.T) {
	at := func(seen string) *forecast.Source {
		return source(t, first(t, `
version: 1
services: {api: {objective: {target: 99.9%}}}
changes: {release: {service: api, every: 7d, stages: [5% for 10m, 100%]}}
risks: {bad: {per: release, chance: 5%, detect: `+seen+`, recover: 6m}}
`, forecast.Options{}), "bad")
	}
	near(t, "noticed after 4m", at("4m").PerIncident, 30, 1e-9)
	near(t, "noticed after 15m", at("15m").PerIncident, 690, 1e-9)
}

const nets = `
version: 1
services: {api: {objective: {target: 99.9%, over: 30d}}}
risks: {r: {rate: 4/y, detect: 5m, recover: 1h}}
safety_nets:
  review: {kind: process, status: in-place, angle: reading, effects: [{risk: r, prevents: 50%}]}
  second: {kind: process, status: proposed, angle: reading, effects: [{risk: r, prevents: 30%}]}
  better: {kind: process, status: proposed, angle: reading, effects: [{risk: r, prevents: 75%}]}
  canary: {kind: automation, status: proposed, angle: trying, effects: [{risk: r, prevents: 40%}]}
  faster: {kind: automation, status: in-place, effects: [{risk: r, recover: -20%, impact: -50%}]}
  slower: {kind: process, status: proposed, effects: [{risk: r, recover: +30%}]}
`

func TestNetsScaleWhatStandsToday(t *testing.T) {
	m := read(t, nets)
	for _, c := range []struct {
		name          string
		with, without []string
		often, each   float64
	}{
		{"as things stand nothing is scaled", nil, nil, 4, 3900},
		{"the review taken away doubles the rate", nil, []string{"review"}, 8, 3900},
		{"a weaker net of the same angle adds nothing", []string{"second"}, nil, 4, 3900},
		{"a weaker net of the same angle remains", []string{"second"}, []string{"review"}, 4 / .5 * .7, 3900},
		{"a better net of the same angle takes over", []string{"better"}, nil, 4 / .5 * .25, 3900},
		{"a net of another angle multiplies", []string{"canary"}, nil, 4 * .6, 3900},
		{"a standing change is divided out", nil, []string{"faster"}, 4, 2 * (300 + 3600/.8) / 2},
		{"an added change applies", []string{"slower"}, nil, 4, 300 + 3600*1.3},
	} {
		e := run(t, m, forecast.Options{With: c.with, Without: c.without}).Entries[0]
		r := source(t, e, "r")
		near(t, c.name+": rate", r.IncidentsPerYear, c.often, 1e-9)
		near(t, c.name+": length", r.PerIncident, c.each, 1e-6)
	}
}

func TestAddedDetectionComesBeforeChanges(t *testing.T) {
	m := read(t, `
version: 1
services: {api: {}}
risks: {r: {rate: 4/y, detect: 10m, recover: [fix]}}
recovery: {fix: {takes: 1h, by: p}}
responders: {p: {acknowledges: 10m}}
safety_nets:
  auto: {kind: automation, status: proposed, effects: [{risk: r, recovers: {takes: 10m, works: 50%, by: nobody}}]}
  quick: {kind: automation, status: proposed, effects: [{risk: r, recover: -50%, detect: -50%}]}
  alarm: {kind: automation, status: proposed, effects: [{risk: r, detects: {after: 2m, catches: 50%}}]}
  more-people: {kind: on-call, status: proposed, effects: [{responder: p, acknowledge: -50%}]}
`)
	r := source(t, run(t, m, forecast.Options{With: []string{"auto", "quick", "alarm", "more-people"}}).Entries[0], "r")
	near(t, "TTD", r.Detect, 0.5*(0.5*120+0.5*600), 1e-9)
	near(t, "TTA", r.Acknowledge, 0.5*300, 1e-9)
	near(t, "TTR", r.Recover, 0.5*(600+0.5*3600), 1e-9)
}

func TestProvidersAreCountedOnceHoweverTheyAreReached(t *testing.T) {
	m := read(t, `
version: 1
services:
  a: {needs: [b, c], objective: {target: 99%}}
  b: {needs: [db]}
  c: {needs: [db]}
  db: {}
  half: {needs: [{service: b, impact: 50%}], objective: {target: 99%}}
  shared: {needs: [{service: a, impact: 50%}], objective: {target: 99%}}
  two: {needs: [{service: b, impact: 50%}, {service: c, impact: 50%}], objective: {target: 99%}}
  app: {needs: [{split: {x: 45%, y: 30%, z: 25%}}], objective: {target: 99%}}
  x: {needs: [backbone]}
  y: {needs: [backbone]}
  z: {needs: [backbone]}
  backbone: {}
risks:
  disk: {service: db, rate: 1/y, detect: 0s, recover: 1h}
  cut: {service: backbone, rate: 1/y, detect: 0s, recover: 1h}
  tower: {service: y, rate: 1/y, detect: 0s, recover: 1h}
`)
	r := run(t, m, forecast.Options{})
	by := map[string]*forecast.Entry{}
	for _, e := range r.Entries {
		by[e.Service] = e
	}
	for _, c := range []struct {
		service, source string
		impact          float64
	}{
		{"a", "disk", 1}, {"half", "disk", 0.5}, {"shared", "disk", 0.5}, {"two", "disk", 0.75},
		{"app", "cut", 1}, {"app", "tower", 0.3},
	} {
		s := source(t, by[c.service], c.source)
		near(t, c.service+" through "+c.source, s.Impact, c.impact, 1e-15)
		near(t, c.service+" a year", s.PerYear, 3600*c.impact, 1e-9)
	}
}

func TestWhatDoesNotCountMovesOnlyTheSecondLine(t *testing.T) {
	text := `
version: 1
services:
  app: {needs: [db, {service: carrier, impact: 50%, counts: false}], objective: {target: 99.9%}}
  db: {}
  carrier: {outside: true, every: 1y, outage: 3h}
risks: {disk: {service: db, rate: 1/y, detect: 0s, recover: 1h}}
`
	e := first(t, text, forecast.Options{})
	without := first(t, strings.Replace(text, ", {service: carrier, impact: 50%, counts: false}", "", 1), forecast.Options{})
	near(t, "the promise", e.Met.Value, without.Met.Value, 0)
	near(t, "mean", e.Mean, without.Mean, 0)
	if !e.Felt.Different || without.Felt.Different {
		t.Error("what users feel differs exactly where something does not count")
	}
	near(t, "felt mean", e.Felt.Mean, e.Mean+0.5*3*3600*30/365.25, 1e-9)
	if e.Felt.Met.Value >= e.Met.Value {
		t.Error("users feel no more than the promise")
	}
}

func TestUnsureInputs(t *testing.T) {
	text := `
version: 1
services: {api: {objective: {target: 99.9%, over: 30d}}}
changes: {release: {service: api, every: 3d}}
risks: {bad: {per: release, chance: CHANCE, detect: 1m, recover: 24m}}
`
	e := first(t, strings.Replace(text, "CHANCE", "2%..6%", 1), forecast.Options{})
	// beta(9.059, 230.51) has its 5 % and 95 % points at 2 % and 6 %.
	a, b := 9.059006705898422, 230.5098140834061
	near(t, "mean", e.Mean, 10*a/(a+b)*1500, 1e-6)
	// Ten releases; one bad one fits 2,592 s, two do not: beta-binomial.
	p0, p1 := 1.0, 10*a/(a+b)
	for i := range 10 {
		p0 *= (b + float64(i)) / (a + b + float64(i))
	}
	for i := range 9 {
		p1 *= (b + float64(i)) / (a + b + 1 + float64(i))
	}
	near(t, "P(met)", e.Met.Value, p0+p1, 1e-9)
	at := func(p float64) float64 { return math.Pow(1-p, 10) + 10*p*math.Pow(1-p, 9) }
	near(t, "low", e.Met.Low, at(0.06), 1e-3)
	near(t, "high", e.Met.High, at(0.02), 1e-3)
	if len(e.Unsure) != 1 {
		t.Errorf("%d unsure inputs", len(e.Unsure))
	}
	e = first(t, strings.Replace(text, "CHANCE", "4%", 1), forecast.Options{})
	if e.Met.Low != e.Met.Value || e.Met.High != e.Met.Value || len(e.Unsure) > 0 {
		t.Error("a band where nothing is unsure")
	}
}

func TestABudgetOnAJumpIsKept(t *testing.T) {
	// 99.95 % over 30 d is 1,296 s: exactly three incidents of 432 s.
	e := first(t, `
version: 1
services: {api: {objective: {target: 99.95%, over: 30d}}}
risks: {r: {rate: 30/y, detect: 32s, recover: 400s}}
`, forecast.Options{})
	l := 30 * 30 / 365.25
	near(t, "P(at most three)", e.Met.Value, math.Exp(-l)*(1+l+l*l/2+l*l*l/6), 1e-11)
}

func TestIncidentsThatOverlapAreWarnedOf(t *testing.T) {
	e := first(t, `
version: 1
services: {api: {objective: {target: 95%, over: 30d}}}
risks: {r: {rate: 365.25/y, detect: 0s, recover: 1h}}
`, forecast.Options{})
	found := false
	for _, w := range e.Warnings {
		found = found || w.Code == "overlap" && strings.Contains(say.English().Message(w.Message), "2.1%")
	}
	if !found {
		t.Errorf("warnings: %v", e.Warnings)
	}
}

func TestAnUnsureRhythmOfManyChanges(t *testing.T) {
	// Every 1h to 3h over a year: thousands of occurrences, unsure how many.
	e := first(t, `
version: 1
services: {api: {objective: {target: 99.9%, over: 1y}}}
changes: {deploy: {service: api, every: 1h..3h, downtime: 1s}}
risks: {bad: {per: deploy, chance: 0.01%, detect: 0s, recover: 10m}}
`, forecast.Options{})
	often := source(t, e, "deploy").IncidentsPerYear
	if often < 8766/3 || often > 8766 {
		t.Errorf("%g deploys a year", often)
	}
	near(t, "mean", e.Mean, often*(1+0.06), 1e-6*often)
	// Var N = Var(Λ) + a little; each occurrence has mean 1.06 and second
	// moment 1 + 0.12 + 36.
	if e.SD < 1.06*often*0.2 || e.SD > 1.06*often*0.6 {
		t.Errorf("sd %g of a mean of %g", e.SD, e.Mean)
	}
}
