package worth_test

import (
	"context"
	"math"
	"testing"

	"tightrope/internal/distribution"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/scenario"
	"tightrope/internal/simulate"
	"tightrope/internal/worth"
)

// read returns a model, which must be without problems.
func read(t testing.TB, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\n" + text)}})
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.Fatal(text)
	}
	return m
}

func near(t testing.TB, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Abs(want)+1e-12) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

func nearTo(t testing.TB, what string, got *float64, want float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is unknown, want %g", what, want)
		return
	}
	near(t, what, *got, want)
}

func within(t testing.TB, what string, got, want, give float64) {
	t.Helper()
	if !(math.Abs(got-want) <= give) {
		t.Errorf("%s: got %.9g, want %.9g ± %g", what, got, want, give)
	}
}

func load(t testing.TB, m *model.Model, with, without []string) worth.Load {
	t.Helper()
	sc, err := scenario.New(m, with, without)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := sc.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return worth.LoadOf(sc, cat)
}

func loss(t testing.TB, m *model.Model, service string) *worth.Loss {
	t.Helper()
	l, err := worth.LossOf(m, m.Service(service), forecast.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

const priced = "rates: {person-day: 600_000}\nservices: {app: {}}\nsafety_nets:\n"

func TestCostOfANet(t *testing.T) {
	logn := func(low, high float64) distribution.LogNormal { return distribution.LogNormalBetween(low, high) }
	for _, c := range []struct {
		name, net                 string
		annual, low, high         float64
		buildDays, runDaysPerYear float64
	}{
		{"what is built is spread over three years", "{kind: automation, status: proposed, cost: {build: 9_000_000}}", 3e6, 3e6, 3e6, 0, 0},
		{"or over as long as it lasts", "{kind: automation, status: proposed, lasts: 1y, cost: {build: 9_000_000}}", 9e6, 9e6, 9e6, 0, 0},
		{"a month is a twelfth of a year", "{kind: automation, status: proposed, cost: {run: 200_000/month}}", 2.4e6, 2.4e6, 2.4e6, 0, 0},
		{"effort has its price", "{kind: automation, status: proposed, cost: {build: [15 person-days, 3_000_000], run: 1 person-day/month}}",
			(15*6e5+3e6)/3 + 12*6e5, (15*6e5+3e6)/3 + 12*6e5, (15*6e5+3e6)/3 + 12*6e5, 15, 12},
		{"money between two ends is at its mean", "{kind: automation, status: proposed, cost: {build: 3_000_000..12_000_000, run: 100_000/y}}",
			logn(1e6, 4e6).Mean() + 1e5, 1.1e6, 4.1e6, 0, 0},
		{"and so is effort", "{kind: automation, status: proposed, cost: {build: 10..40 person-days}}",
			logn(2e6, 8e6).Mean(), 2e6, 8e6, logn(10, 40).Mean(), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := read(t, priced+"  n: "+c.net+"\n")
			x := worth.CostOf(m, m.Net("n"))
			near(t, "annual", x.Annual, c.annual)
			near(t, "low", x.AnnualLow, c.low)
			near(t, "high", x.AnnualHigh, c.high)
			near(t, "build days", x.BuildDays, c.buildDays)
			near(t, "run days", x.RunDaysPerYear, c.runDaysPerYear)
			if x.Unpriced || x.Free {
				t.Errorf("unpriced %v, free %v", x.Unpriced, x.Free)
			}
		})
	}
}

func TestTwoUnsurePartsAreNotBothAtTheirEnds(t *testing.T) {
	m := read(t, priced+"  n: {kind: automation, status: proposed, lasts: 1y, cost: {build: [1_000..4_000, 1_000..4_000]}}\n")
	x := worth.CostOf(m, m.Net("n"))
	near(t, "mean", x.Annual, 2*distribution.LogNormalBetween(1000, 4000).Mean())
	if !(x.AnnualLow > 2000 && x.AnnualHigh < 8000 && x.AnnualLow < x.Annual && x.Annual < x.AnnualHigh) {
		t.Errorf("%g to %g", x.AnnualLow, x.AnnualHigh)
	}
}

func TestEffortWithoutAPriceIsSaid(t *testing.T) {
	m := read(t, "services: {app: {}}\nsafety_nets: {n: {kind: process, status: proposed, cost: {build: [3_000, 2 person-days], run: 1 person-day/y}}, free: {kind: process, status: proposed}}\n")
	x := worth.CostOf(m, m.Net("n"))
	if !x.Unpriced || !x.Why.Is() || x.Annual != 1000 || x.BuildDays != 2 || x.RunDaysPerYear != 1 {
		t.Errorf("%+v", x)
	}
	if f := worth.CostOf(m, m.Net("free")); !f.Free || f.Annual != 0 || f.Unpriced {
		t.Errorf("%+v", f)
	}
}

func TestValueOfAService(t *testing.T) {
	m := read(t, `
services:
  app:
    worth:
      revenue: 86_400/d
      lost: 25%
      users: 1_000
      sla: [{if: outage >= 3h, pay: 50}, {if: availability < 99.5% over 10d, pay: 10% of revenue}, {if: outage >= 1h, pay: 1% of revenue}]
  all: {worth: {revenue: 60/m}}
  contract: {worth: {sla: [{if: outage >= 3h, pay: 50}]}}
  nothing: {}
`)
	v := worth.ValueOf(m, m.Service("app"))
	nearTo(t, "a second", v.PerBadSecond, 0.25)
	nearTo(t, "a minute", v.PerBadMinute, 15)
	nearTo(t, "a year", v.RevenuePerYear, model.Year)
	nearTo(t, "a user and year", v.RevenuePerUserYear, model.Year/1000.)
	if !v.Known || len(v.Assumed) != 0 {
		t.Errorf("%+v", v)
	}
	for i, want := range []float64{50, 86_400, 0.01 * 30 * 86_400} {
		pay, known := worth.ClausePay(v, v.Clauses[i])
		near(t, v.Clauses[i].If.S, pay, want)
		if !known {
			t.Error("unknown")
		}
	}
	all := worth.ValueOf(m, m.Service("all"))
	nearTo(t, "all of it", all.PerBadSecond, 1)
	if len(all.Assumed) != 1 {
		t.Errorf("assumed: %v", all.Assumed)
	}
	if c := worth.ValueOf(m, m.Service("contract")); !c.Known || c.PerBadSecond != nil || c.RevenuePerYear != nil {
		t.Errorf("%+v", c)
	}
	if n := worth.ValueOf(m, m.Service("nothing")); n.Known {
		t.Errorf("%+v", n)
	}
}

func TestWhatIsLostInAMinuteHasABand(t *testing.T) {
	m := read(t, `
services:
  share: {worth: {revenue: 60/m, lost: 30%..60%}}
  money: {worth: {revenue: 60/m..240/m, lost: 50%}}
  both: {worth: {revenue: 60/m..240/m, lost: 30%..60%}}
`)
	v := worth.ValueOf(m, m.Service("share"))
	nearTo(t, "mean", v.PerBadMinute, 60*distribution.BetaBetween(0.3, 0.6).Mean())
	nearTo(t, "low", v.PerBadMinuteLow, 18)
	nearTo(t, "high", v.PerBadMinuteHigh, 36)
	v = worth.ValueOf(m, m.Service("money"))
	nearTo(t, "low", v.PerBadMinuteLow, 30)
	nearTo(t, "high", v.PerBadMinuteHigh, 120)
	v = worth.ValueOf(m, m.Service("both"))
	if l, h := *v.PerBadMinuteLow, *v.PerBadMinuteHigh; !(l > 18 && l < 30 && h > 72 && h < 144) {
		t.Errorf("%g to %g", l, h)
	}
}

const crew = `
rates: {person-day: 800}
services: {app: {}, theirs: {outside: true}}
changes: {release: {service: app, every: 7d}}
risks:
  bad: {service: app, per: release, chance: 10%, detect: [alarm, customers], recover: [undo, back, forward], loses: 100..400}
  slow: {service: app, rate: 12/y, detect: [alarm], recover: [forward]}
  cable: {service: app, rate: 6/y, detect: 1m, recover: 2h}
  away: {service: theirs, rate: 6/y, detect: 1m, recover: 2h}
  auto: {service: app, rate: 100/y, detect: [quiet], recover: [self]}
detection:
  alarm: {after: 1m, false_alarms: 2/w}
  customers: {after: 1h}
  quiet: {after: 1s, false_alarms: 9/w}
recovery:
  undo: {takes: 1m, works: 50%, by: nobody}
  back: {takes: 10m, works: 80%, by: ops}
  forward: {takes: 1h, by: dev}
  self: {takes: 1m, by: nobody}
responders:
  ops: {acknowledges: 5m, people: 4}
  dev: {acknowledges: 15m}
safety_nets:
  more: {kind: on-call, status: proposed, effects: [{responder: ops, people: +2}]}
  had: {kind: on-call, status: in-place, cost: {run: 1 person-day/month}, effects: [{responder: ops, people: +1}]}
  gate: {kind: process, status: proposed, cost: {run: 2 person-days/month}, effects: [{change: release, slows: 30m}]}
  freeze: {kind: process, status: proposed, effects: [{change: release, slows: 36h, every: 14d}]}
`

func TestTollOfAnIncident(t *testing.T) {
	m := read(t, crew)
	sc, _ := scenario.New(m, nil, nil)
	cat, err := sc.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct{ loses, manual, ops, dev float64 }{
		// Half are undone; of the others one in five needs a repair.
		"bad":   {distribution.LogNormalBetween(100, 400).Mean(), 0.5*600 + 0.1*3600, 0.5, 0.1},
		"slow":  {0, 3600, 0, 1},
		"cable": {0, 7200, 0, 0},
		"away":  {0, 0, 0, 0},
		"auto":  {0, 0, 0, 0},
	}
	for _, s := range []string{"app", "theirs"} {
		for _, src := range cat.Whole[s] {
			x := worth.IncidentCostOf(sc, src, sc.Params.Means())
			w := want[src.Name]
			near(t, src.Name+" loses", x.Loses, w.loses)
			near(t, src.Name+" by hand", x.ManualSeconds, w.manual)
			near(t, src.Name+" calls ops", x.Pages["ops"], w.ops)
			near(t, src.Name+" calls dev", x.Pages["dev"], w.dev)
		}
	}
}

func TestLoadOnPeople(t *testing.T) {
	m := read(t, crew)
	weeks := 365.25 / 7
	l := load(t, m, nil, nil)
	ops, dev := l.Responders[0], l.Responders[1]
	near(t, "ops", ops.IncidentPagesPerWeek, 0.1*0.5)
	near(t, "ops for nothing", ops.FalsePagesPerWeek, 2)
	near(t, "dev", dev.IncidentPagesPerWeek, 0.1*0.1+12/weeks)
	near(t, "dev for nothing", dev.FalsePagesPerWeek, 2)
	nearTo(t, "each of ops", ops.PagesPerPersonWeek, 2.05/4)
	nearTo(t, "each at night", ops.NightPagesPerPersonWeek, 2.05/12)
	near(t, "all", l.PagesPerWeek, 4.06+12/weeks)
	if dev.PagesPerPersonWeek != nil {
		t.Error("nobody said how many dev are")
	}
	manual := 0.1*weeks*(300+360)/3600 + 12 + 12
	near(t, "hours by hand", l.ManualHoursPerYear, manual)
	near(t, "of ops", ops.HoursPerYear, 0.1*weeks*300/3600)
	near(t, "by nobody in particular", l.UnnamedHoursPerYear, 12)
	near(t, "who are called", l.UnnamedPerWeek, 6/weeks)
	near(t, "process", l.ProcessHoursPerYear, 0)
	near(t, "run", l.RunDaysPerYear, 12)
	nearTo(t, "cost", l.PeopleCostPerYear, manual*100)
	if len(ops.False) != 1 || ops.False[0].Detection != "alarm" {
		t.Errorf("%+v", ops.False)
	}
	if len(l.Assumed) == 0 {
		t.Error("nothing is assumed")
	}
}

func TestNetsChangeTheLoad(t *testing.T) {
	m := read(t, crew)
	weeks := 365.25 / 7
	if n := load(t, m, []string{"more"}, nil).Responders[0].People; *n != 6 {
		t.Errorf("4 and 2 more are %d", *n)
	}
	if n := load(t, m, nil, []string{"had"}).Responders[0].People; *n != 3 {
		t.Errorf("4 without the one that a net brought are %d", *n)
	}
	g := load(t, m, []string{"gate"}, nil)
	near(t, "half an hour for each release", g.ProcessHoursPerYear, weeks/2)
	near(t, "run", g.RunDaysPerYear, 36)
	f := load(t, m, []string{"gate", "freeze"}, nil)
	near(t, "and a day and a half, of 16 hours, half as often", f.ProcessHoursPerYear, weeks/2*16.5)
	near(t, "half the releases", f.Responders[0].IncidentPagesPerWeek, 0.025)
}

func TestEachCopyHasItsOwnIncidents(t *testing.T) {
	m := read(t, `
services: {db: {copies: 3, need: 1, common_cause: 10%}}
risks: {crash: {service: db, rate: 10/y, detect: 1m, recover: [hand], loses: 7}}
recovery: {hand: {takes: 1h, by: ops}}
responders: {ops: {acknowledges: 1m, people: 1}}
`)
	l := load(t, m, nil, nil)
	near(t, "hours", l.ManualHoursPerYear, 1+3*9)
	x := loss(t, m, "db")
	near(t, "incidents", x.Incidents[0].PerYear, 28)
	near(t, "lost by them", x.IncidentsPay, 28*7)
}

func TestUnsureInputsAreAveragedOver(t *testing.T) {
	m := read(t, `
services: {app: {}}
risks: {bad: {service: app, rate: 5 in 2y, detect: 1m, recover: [back, back2, forward]}}
recovery:
  back: {takes: 1h, works: 50%..90%, by: ops}
  back2: {takes: 1h, works: 50%..90%, by: ops}
  forward: {takes: 1h, by: dev}
responders: {ops: {acknowledges: 1m}, dev: {acknowledges: 1m}}
safety_nets:
  had: {kind: process, status: in-place, effects: [{risk: bad, prevents: 20%..60%}]}
`)
	p := 1 - distribution.BetaBetween(0.5, 0.9).Mean()
	near(t, "both fail", load(t, m, nil, nil).Responders[1].IncidentPagesPerWeek, 2.75*p*p*7/365.25)
	// Without the net E[1/(1 − p)] = (A + B − 1)/(B − 1).
	b := distribution.BetaBetween(0.2, 0.6)
	got := load(t, m, nil, []string{"had"}).Responders[0].IncidentPagesPerWeek
	want := 2.75 * (b.A + b.B - 1) / (b.B - 1) * 7 / 365.25
	within(t, "without the net", got, want, 1e-6*want)
}

func TestWhatBadTimeLoses(t *testing.T) {
	m := read(t, `
services:
  app: {objective: {target: 99%}, worth: {revenue: 1/s, lost: 50%}, needs: [{service: net, counts: false}]}
  net: {every: 10d, outage: 1h}
changes: {work: {service: app, every: 1d, downtime: 1m}, more: {service: app, every: 1d, downtime: 2m, excluded: true}}
`)
	l := loss(t, m, "app")
	year := 365.25 * (60 + 120 + 360)
	near(t, "lost seconds that are felt", l.BadPerYear, year)
	nearTo(t, "revenue", l.Revenue, year/2)
	nearTo(t, "total", l.Total, year/2)
	nearTo(t, "no clause", l.ClausesPay, 0)
}

func TestUnknownIsNeverZero(t *testing.T) {
	m := read(t, `
services: {app: {}, paid: {worth: {sla: [{if: outage >= 1h, pay: 7}]}}}
changes: {work: {service: app, every: 1d, downtime: 1m}, long: {service: paid, every: 1d, downtime: 1h}}
`)
	if l := loss(t, m, "app"); l.Revenue != nil || l.Total != nil || l.ClausesPay != nil || len(l.Unknown) == 0 {
		t.Errorf("%+v", l)
	}
	l := loss(t, m, "paid")
	nearTo(t, "the clause alone", l.Total, 7*365.25)
	if l.Revenue != nil || len(l.Unknown) != 1 {
		t.Errorf("%+v", l)
	}
}

func TestHowOftenClausesAreDue(t *testing.T) {
	const month = 365.25 / 30
	poisson := func(mean float64, atLeast int) float64 {
		p, sum := math.Exp(-mean), 0.0
		for k := range atLeast {
			if k > 0 {
				p *= mean / float64(k)
			}
			sum += p
		}
		return 1 - sum
	}
	for _, c := range []struct {
		name, clause, parts string
		want                float64
	}{
		{"an outage as long as the clause says", "outage >= 3h", "changes: {w: {service: app, every: 10d, downtime: 3h}}", 36.525},
		{"one that must be longer", "outage > 3h", "changes: {w: {service: app, every: 10d, downtime: 3h}}", 0},
		{"one that is not part of the promise", "outage > 1h", "changes: {w: {service: app, every: 10d, downtime: 3h, excluded: true}}", 0},
		{"however few users are hit", "outage >= 3h", "changes: {w: {service: app, every: 10d, downtime: 3h, impact: 1%}}", 36.525},
		{"detected, acknowledged and ended", "outage >= 100m", "risks: {r: {service: app, rate: 2/y, detect: 10m, recover: [go, end]}}", 2 * 0.4},
		{"to the minute", "outage > 100m", "risks: {r: {service: app, rate: 2/y, detect: 10m, recover: [go, end]}}", 0},
		{"some of them", "outage >= 40m", "risks: {r: {service: app, rate: 2/y, detect: 10m, recover: [go, end]}}", 2},
		{"seen soon or late", "outage >= 2h", "risks: {r: {service: app, rate: 2/y, detect: [maybe, late], recover: 1h}}", 2 * 0.3},
		{"part restored is not over", "outage >= 90m", "risks: {r: {service: app, rate: 2/y, detect: 0s, recover: [part, end]}}", 2},
		{"a tail", "outage >= 3h", "risks: {r: {service: app, rate: 4/y, detect: 0s, recover: exp(1h)}}", 4 * math.Exp(-3)},
		{"a need", "outage >= 3h", "  \nrisks: {r: {service: dep, rate: 4/y, detect: 0s, recover: exp(1h)}}", 4 * math.Exp(-4)},
		{"lost time that reaches the limit", "downtime >= 6h over 30d", "risks: {r: {service: app, rate: 12/y, detect: 0s, recover: 3h}}", month * poisson(12/month, 2)},
		{"and more than that", "downtime > 6h over 30d", "risks: {r: {service: app, rate: 12/y, detect: 0s, recover: 3h}}", month * poisson(12/month, 3)},
		{"less available", "availability < 99.5% over 30d", "risks: {r: {service: app, rate: 12/y, detect: 0s, recover: 72m}}", month * poisson(12/month, 4)},
		{"no more available", "availability <= 99.5% over 30d", "risks: {r: {service: app, rate: 12/y, detect: 0s, recover: 72m}}", month * poisson(12/month, 3)},
		{"in a week", "downtime >= 3h over 7d", "risks: {r: {service: app, rate: 12/y, detect: 0s, recover: 3h}}", 365.25 / 7 * poisson(12*7/365.25, 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := read(t, `
services: {app: {needs: [{service: dep, rides_out: 1h}], worth: {sla: [{if: `+c.clause+`, pay: 5}]}}, dep: {}}
detection: {maybe: {after: 0s, catches: 70%}, late: {after: 1h}}
recovery: {go: {takes: 20m, works: 60%, by: ops}, end: {takes: 1h, by: ops}, part: {takes: 30m, works: 90%, restores: 50%, by: ops}}
responders: {ops: {acknowledges: 10m}}
`+c.parts+"\n")
			x := loss(t, m, "app").Clauses[0]
			within(t, "a year", x.PerYear, c.want, 1e-5*c.want+x.Error)
			nearTo(t, "pay", x.Pay, 5*x.PerYear)
		})
	}
}

// What a sum says of clauses is what is seen where nothing overlaps and outages are
// much shorter than a period.
func TestTheSimulatorAgreesOnClauses(t *testing.T) {
	const sla = "worth: {revenue: 1/s, sla: [{if: outage >= 1h, pay: 1}, {if: downtime >= 90m over 30d, pay: 2}, {if: availability < 99.9% over 7d, pay: 10% of revenue}]}"
	for name, text := range map[string]string{
		"lognormal": `
services: {app: {` + sla + `}}
risks: {r: {service: app, rate: 8/y, detect: [a, c], recover: [back, end]}, s: {service: app, rate: 4/y, impact: 30%, detect: 1m, recover: 10m..2h}}
detection: {a: {after: 1m..5m, catches: 80%}, c: {after: 10m..1h}}
recovery: {back: {takes: 5m..20m, works: 70%, by: ops}, end: {takes: 20m..2h, by: ops}}
responders: {ops: {acknowledges: 2m..15m}}
`,
		"needs": `
services:
  app: {` + sla + `, needs: [{service: db, rides_out: 5m}, {service: id, impact: 20%}, {service: far, counts: false}]}
  db: {every: 60d, outage: 20m..3h}
  id: {}
  far: {every: 60d, outage: 20m..3h}
risks: {r: {service: id, rate: 3/y, detect: 5m, recover: exp(40m)}}
`,
		"unsure": `
services: {app: {` + sla + `}}
changes: {release: {service: app, every: 14d, downtime: 1s}}
risks: {r: {service: app, per: release, chance: 5%..20%, detect: 5m..10m, recover: 10m..2h}, s: {service: app, rate: 5 in 2y, impact: 10%..60%, detect: 1m, recover: 10m..2h}}
`,
		"copies": `
services: {app: {` + sla + `, needs: [db]}, db: {copies: 2, need: 1, common_cause: 20%, switch: {takes: 1m, works: 80%}}}
risks: {r: {service: db, rate: 6/y, detect: 5m, recover: 20m..2h}}
`,
		"pair": `
services:
  app: {` + sla + `, needs: [{any: [a, b]}]}
  a: {availability: 99%, outage: 30m..3h}
  b: {every: 10d, outage: 1h..6h, needs: [c]}
  c: {every: 20d, outage: 3h}
`,
		"ridden": `
services:
  app: {` + sla + `, needs: [{any: [a, b], rides_out: 20m}]}
  a: {availability: 99%, outage: 30m..3h}
  b: {availability: 99%, outage: 1h..6h}
`,
		// What is left of an exponential outage when another begins is exponential too.
		"group": `
services:
  app: {` + sla + `, needs: [{any: [a, b]}]}
  a: {every: 10d, outage: exp(2h)}
  b: {every: 10d, outage: exp(3h)}
`,
	} {
		t.Run(name, func(t *testing.T) {
			m := read(t, text)
			l := loss(t, m, "app")
			r, err := simulate.Run(context.Background(), m, simulate.Options{Years: 40_000, Seed: 7, Services: []string{"app"}})
			if err != nil {
				t.Fatal(err)
			}
			for i, c := range r.Entries[0].Clauses {
				x := l.Clauses[i]
				off := (x.PerYear - c.PerYear.Value) / c.PerYear.SE
				t.Logf("%s: %.6g, seen %.6g ± %.2g: off by %.1f standard errors; error %.1g", x.If, x.PerYear, c.PerYear.Value, c.PerYear.SE, off, x.Error)
				// Half a percent is what overlap and borders of periods may do.
				if math.Abs(x.PerYear-c.PerYear.Value) > 4.5*c.PerYear.SE+0.005*x.PerYear {
					t.Errorf("%s: %.6g a year, seen %.6g ± %.2g", x.If, x.PerYear, c.PerYear.Value, c.PerYear.SE)
				}
				if (x.Pay == nil) != (c.Pay == nil) || x.Pay != nil && math.Abs(*x.Pay-c.Pay.Value) > 4.5*c.Pay.SE+0.005**x.Pay {
					t.Errorf("%s: pay %v, seen %v", x.If, x.Pay, c.Pay)
				}
			}
		})
	}
}

func TestRisksBelowSeveralServicesAreCountedOnce(t *testing.T) {
	m := read(t, `
services: {a: {needs: [db], worth: {revenue: 1/s}}, b: {needs: [db]}, db: {}}
risks: {r: {service: db, rate: 2/y, detect: 1m, recover: 1m, loses: 10}}
`)
	a, b := loss(t, m, "a"), loss(t, m, "b")
	near(t, "a", a.IncidentsPay, 20)
	nearTo(t, "b, of what is known", b.Total, 20)
	sum, unknown := worth.Together([]*worth.Loss{a, b})
	nearTo(t, "together", sum, 240+20)
	if len(unknown) != 1 || unknown[0] != "b" {
		t.Errorf("unknown: %v", unknown)
	}
}
