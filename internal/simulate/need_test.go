package simulate_test

import (
	"math"
	"testing"

	"tightrope/internal/simulate"
)

// byService finds entries by the name of their service.
func byService(r *simulate.Result) map[string]*simulate.Entry {
	out := map[string]*simulate.Entry{}
	for _, e := range r.Entries {
		out[e.Service] = e
	}
	return out
}

// Who is hit by one provider is a share of whom the provider hits, at each moment.
func TestWhomAProviderHits(t *testing.T) {
	r := play(t, `
services:
  a: {needs: [b, c]}
  b: {needs: [db]}
  c: {needs: [db]}
  db: {}
  half: {needs: [{service: b, impact: 50%}]}
  shared: {needs: [{service: a, impact: 50%}]}
  two: {needs: [{service: b, impact: 50%}, {service: c, impact: 50%}]}
  app: {needs: [{split: {x: 45%, y: 30%, z: 25%}}]}
  x: {needs: [db]}
  y: {needs: [db]}
  z: {}
  felt: {needs: [{service: db, impact: 40%}, {service: db, impact: 50%, counts: false}]}
  group: {needs: [{any: [x, y]}]}
  spared: {needs: [{at_least: 2, of: [x, y, z]}]}
  saved: {needs: [{at_least: 1, of: [x, z]}]}
risks:
  disk: {service: db, rate: 10/y, detect: 0s, recover: exp(5h)}
`, simulate.Options{Years: 500, Seed: 2})
	by := byService(r)
	db := by["db"]
	for name, share := range map[string]float64{
		"a": 1, "b": 1, "half": 0.5, "shared": 0.5, "two": 0.75, "app": 0.75, "felt": 0.4, "group": 1, "spared": 1, "saved": 0, "z": 0,
	} {
		e := by[name]
		exact(t, "lost time of "+name, e.Bad.Value, share*db.Bad.Value)
		exact(t, "its error", e.Bad.SE, share*db.Bad.SE)
		if share > 0 && e.Down != db.Down || share == 0 && e.Down.Value != 0 {
			t.Errorf("%s is down for %+v, the database for %+v", name, e.Down, db.Down)
		}
	}
	exact(t, "as it is felt", by["felt"].Felt.Value, (1-0.6*0.5)*db.Bad.Value)
	if by["a"].Felt != by["a"].Bad {
		t.Error("what is felt differs where all counts")
	}
}

func TestSwitchingOver(t *testing.T) {
	const stated = "availability: 99.9%, outage: exp(1h)"
	for _, c := range []struct {
		name, model string
		down        float64 // both
		events      float64 // an hour
	}{
		{"a pair", "services:\n  top: {needs: [{any: [a, b], switch: {takes: 60s, works: 95%}}]}\n  a: {" + stated + "}\n  b: {" + stated + "}\n", 1e-6, 2 * 0.001 * 0.999},
		{"copies", "services:\n  top: {" + stated + ", copies: 2, common_cause: 0%, switch: {takes: 60s, works: 95%}}\n", 1e-6, 2 * 0.001 * 0.999},
		{
			"what takes two of three down at once is one change-over",
			"services:\n  top: {needs: [{any: [a, b, d], switch: {takes: 60s, works: 95%}}]}\n  a: {needs: [c]}\n  b: {needs: [c]}\n  d: {}\n  c: {" + stated + "}\n",
			0, 0.001,
		},
		{
			"what takes all down leaves nothing to change over to",
			"services:\n  top: {needs: [{any: [a, b], switch: {takes: 60s, works: 95%}}]}\n  a: {needs: [c]}\n  b: {needs: [c]}\n  c: {" + stated + "}\n",
			0.001, 0,
		},
		{
			"nor does it help to change over twice",
			"services:\n  top: {needs: [{any: [a, b], switch: {takes: 60s, works: 95%}}]}\n  a: {needs: [c, d]}\n  b: {}\n  c: {" + stated + "}\n  d: {" + stated + "}\n",
			0, 2 * 0.001 * 0.999,
		},
	} {
		const lost = 0.95/60 + 0.05*1 // hours
		e := first(t, c.model, 40_000)
		agree(t, c.name, e.BadShare, 1-(1-c.down)*math.Exp(-c.events*lost), 0.003*c.events*lost)
		agree(t, c.name+": outages", e.OutagesPerYear, 8766*(c.events+2*c.down*0.001+c.down), 0.004*8766*c.events)
	}
}

// Members that go down at one moment leave nothing to change over to.
func TestAGroupThatDoesNotSurvive(t *testing.T) {
	e := first(t, `
services: {top: {needs: [{any: [a, b], switch: {takes: 2h, works: 50%}}]}, a: {}, b: {}}
changes: {work: {service: a, every: 10d}}
risks:
  here: {service: a, per: work, chance: 100%, detect: 1m, recover: 59m}
  there: {service: b, per: work, chance: 100%, detect: 1m, recover: 29m}
`, 200)
	agree(t, "lost time", e.BadShare, 0.5/240, 1e-6)
}

// A user who is hit by several things is hit once.
func TestSeveralThingsAtOnce(t *testing.T) {
	e := first(t, `
services:
  app: {background: 1%, needs: [{service: a, impact: 50%}, {any: [b, c]}, {service: d}]}
  a: {}
  b: {}
  c: {}
  d: {}
changes: {work: {service: app, every: 10d, downtime: 1h, impact: 40%}}
risks:
  a: {service: a, per: work, chance: 100%, detect: 1m, recover: 59m}
  b: {service: b, per: work, chance: 100%, impact: 30%, detect: 1m, recover: 59m}
  c: {service: c, per: work, chance: 100%, impact: 20%, detect: 1m, recover: 59m}
  d: {service: d, per: work, chance: 100%, impact: 10%, detect: 1m, recover: 59m}
`, 200)
	up := 0.99 * 0.6 * 0.5 * (1 - 0.3*0.2) * 0.9
	agree(t, "share of time", e.BadShare, 0.01+(0.99-up)/240, 1e-6)
	agree(t, "down", e.Down, 1/240.0, 1e-6)
	// The group is counted while no single point is down.
	sum := 0.01 + (0.4+0.5+0.1+0.99*0.6*0.5*0.3*0.2*0.9)/240
	agree(t, "sum", shared(e.Sum.Bad, e.Window), sum, 1e-5)
}

// The users of the group wait, and others do not; behind a ride they do not feel a
// short wait.
func TestWhoWaitsForASwitch(t *testing.T) {
	r := play(t, `
services:
  all: {needs: [{any: [a, b], switch: {takes: 60s, works: 95%}}]}
  some: {needs: [{any: [a, b], impact: 30%, switch: {takes: 60s, works: 95%}}]}
  above: {needs: [{service: all, impact: 50%}]}
  long: {needs: [{service: all, rides_out: 1m}]}
  own: {needs: [{any: [a, b], rides_out: 1m, switch: {takes: 60s, works: 95%}}]}
  a: {every: 50h, outage: exp(1h)}
  b: {}
`, simulate.Options{Years: 5000, Seed: 2})
	by := byService(r)
	each := 8766 / 51.0 / 8766 // an hour
	agree(t, "all", by["all"].BadShare, each*(0.95/60+0.05), 0)
	agree(t, "some", by["some"].BadShare, 0.3*each*(0.95/60+0.05), 0)
	exact(t, "above", by["above"].BadShare.Value, 0.5*by["all"].BadShare.Value)
	agree(t, "behind a ride as long as the switch takes", by["long"].BadShare, each*0.05*math.Exp(-1/60.0), 0)
	agree(t, "the need's own ride", by["own"].BadShare, each*0.05*math.Exp(-1/60.0), 0)
}

func TestRides(t *testing.T) {
	const up = 600.0 // minutes
	for _, c := range []struct {
		name, ride, outage string
		mean, left, share  float64 // minutes
	}{
		{"a fixed outage longer than the ride", "5m", "20m", 20, 15, 1},
		{"one that is shorter", "5m", "4m", 4, 0, 0},
		{"one that is as long", "5m", "5m", 5, 0, 0},
		{"exponential", "5m", "exp(10m)", 10, 10 * math.Exp(-0.5), math.Exp(-0.5)},
		{"both exponential", "exp(5m)", "exp(10m)", 10, 10 / 1.5, 1 / 1.5},
		{"an exponential ride of a fixed outage", "exp(5m)", "20m", 20, 20 - 5*(1-math.Exp(-4)), 1 - math.Exp(-4)},
	} {
		e := first(t, "services:\n  top: {needs: [{service: search, rides_out: "+c.ride+"}]}\n  search: {every: 10h, outage: "+c.outage+"}\n", 1000)
		agree(t, c.name, e.BadShare, c.left/(up+c.mean), 0)
		agree(t, c.name+": outages", e.OutagesPerYear, c.share*60*8766/(up+c.mean), 0)
		agree(t, c.name+": sum", shared(e.Sum.Bad, e.Window), c.left/(up+c.mean), 0)
	}
}

// Rides that lie one behind the other add up; of two ways the shorter counts, for
// those who are on it.
func TestSeveralRides(t *testing.T) {
	r := play(t, `
services:
  top: {needs: [{service: mid, rides_out: 2m}]}
  mid: {needs: [{service: disk, rides_out: 3m}]}
  ways: {needs: [{service: mid, impact: 50%}, {service: disk, impact: 40%, rides_out: 10m}, {service: mid, impact: 30%, rides_out: 4m}]}
  disk: {every: 10h, outage: exp(10m)}
`, simulate.Options{Years: 2000, Seed: 2})
	by := byService(r)
	past := func(minutes float64) float64 { return 10 * math.Exp(-minutes/10) / 610 }
	agree(t, "they add up", by["top"].BadShare, past(5), 0)
	want := 0.5*past(3) + 0.5*0.3*past(7) + 0.5*0.7*0.4*past(10)
	agree(t, "three ways", by["ways"].BadShare, want, 0)
	agree(t, "three ways, as a sum", shared(by["ways"].Sum.Bad, by["ways"].Window), want, 0)
}

// A part that has been down for longer than the ride is felt, whatever it is that
// keeps it down.
func TestARideOfAnOutageThatGoesOn(t *testing.T) {
	r := play(t, `
services:
  top: {needs: [{service: disk, rides_out: 30m}]}
  disk: {}
changes: {work: {service: disk, every: 1d, downtime: 40m}}
risks: {next: {service: disk, per: work, chance: 100%, detect: 20m, recover: 40m}}
`, simulate.Options{Years: 200, Seed: 2})
	agree(t, "an hour, of which half is ridden out", r.Entries[0].BadShare, 0.5/24, 0.0001)
}

func TestAnIncidentStepByStep(t *testing.T) {
	for _, c := range []struct {
		name, incident string
		bad            float64 // of one, seconds
	}{
		{"to detect, acknowledge and recover", "detect: [a], recover: [y]", 60 + 300 + 3600},
		{"whichever detection is first", "detect: [a, b], recover: [x]", 60 + 120},
		{"detections that miss some", "detect: [most, b], recover: [x]", 0.9*60 + 0.1*1800 + 120},
		{"attempts that fail, of one responder", "detect: [a], recover: [maybe, y]", 60 + 300 + 120 + 0.05*3600},
		{"and of two", "detect: [a], recover: [maybe, other]", 60 + 300 + 120 + 0.05*(600+3600)},
		{"a third by the first again", "detect: [a], recover: [maybe, perhaps, y]", 60 + 300 + 120 + 0.05*(600+1800+0.5*3600)},
		{"a part is restored", "detect: [a], recover: [part, y]", 60 + 300 + 600 + 0.3*3600},
		{"for some, maybe", "impact: 40%, detect: [a], recover: [likely, y]", 0.4 * (60 + 300 + 600 + (0.8*0.3+0.2)*3600)},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := first(t, `
services: {api: {objective: {target: 99.9%}}}
risks: {r: {rate: 12/y, `+c.incident+`}}
detection: {a: {after: 1m}, b: {after: 30m}, most: {after: 1m, catches: 90%}}
recovery:
  x: {takes: 2m, by: nobody}
  y: {takes: 1h, by: p}
  maybe: {takes: 2m, works: 95%, by: p}
  perhaps: {takes: 30m, works: 50%, by: q}
  other: {takes: 1h, by: q}
  part: {takes: 10m, restores: 70%, by: p}
  likely: {takes: 10m, works: 80%, restores: 70%, by: p}
responders: {p: {acknowledges: 5m}, q: {acknowledges: 10m}}
`, 5000)
			agree(t, "lost time a year", shared(e.Sum.Bad, e.Window/year), 12*c.bad, 0)
			agree(t, "lost time that is seen", shared(e.Bad, e.Window/year), 12*c.bad, 12*c.bad*2e-3)
		})
	}
}

// Stages of 5 % for ten minutes and then all: noticed after 4 min it costs 30 s,
// noticed after 15 min 690 s (forecast's story), at the end of the first stage
// 5 % of all 16 min.
func TestStagesOfARollOut(t *testing.T) {
	for seen, want := range map[string]float64{"4m": 30, "15m": 690, "10m": 48, "601s": 30 + 1 + 360} {
		e := first(t, `
services: {api: {}}
changes: {release: {service: api, every: 7d, stages: [5% for 10m, 100%]}}
risks: {bad: {per: release, chance: 20%, detect: `+seen+`, recover: 6m}}
`, 1000)
		agree(t, seen, e.BadShare, 0.2*want/(7*day), 0)
		exact(t, "worst is whole incidents", math.Mod(e.Worst/want+0.5, 1), 0.5)
	}
}

func TestWhatStrikesCopies(t *testing.T) {
	for _, c := range []struct {
		name, service, risk string
		down                float64 // share of time
	}{
		{"a change's risk strikes all", "{copies: 2, common_cause: 0%}", "per: work, chance: 20%", 0.2 * 6 / 168},
		{"or one, each at a time of its own", "{copies: 2, common_cause: 0%}", "per: work, chance: 80%, strikes: one", math.Pow(0.8*6/168, 2)},
		{"of one, the common cause strikes all", "{copies: 2, common_cause: 50%}", "per: work, chance: 20%, strikes: one", 0.1*6/168 + math.Pow(0.1*6/168, 2)},
		{"a rate strikes one, the common cause all", "{copies: 2, common_cause: 10%}", "rate: 10/y", -math.Expm1(-6/8766.0) + math.Pow(9.0*6/8766/(1+9.0*6/8766), 2)},
		{"all copies are needed", "{copies: 2, need: 2, common_cause: 10%}", "rate: 10/y", -math.Expm1(-6/8766.0) + 2*9.0*6/8766/(1+9.0*6/8766) - math.Pow(9.0*6/8766, 2)},
		{"all by its own word", "{copies: 2}", "rate: 10/y, strikes: all", -math.Expm1(-60 / 8766.0)},
	} {
		e := first(t, `
services: {db: `+c.service+`}
changes: {work: {service: db, every: 7d}}
risks: {r: {service: db, `+c.risk+`, detect: 0s, recover: 6h}}
`, 20_000)
		agree(t, c.name, e.BadShare, c.down, 0.002*c.down)
	}
}

// The common cause of a group takes its share out of each member.
func TestTheCommonCauseOfAGroup(t *testing.T) {
	r := play(t, `
services:
  top: {needs: [{any: [a, b], common_cause: 20%}]}
  a: {availability: 99%, outage: exp(2h)}
  b: {availability: 99%, outage: exp(2h)}
`, simulate.Options{Years: 10_000, Seed: 2})
	by := byService(r)
	agree(t, "a member", by["a"].BadShare, 0.01, 3e-5)
	agree(t, "the group", by["top"].BadShare, 0.002+0.998*0.008*0.008, 2e-5)
}

// Objectives see incidents as far as they say, and planned work that is excluded
// is felt only.
func TestWhatAnObjectiveSees(t *testing.T) {
	r := play(t, `
services:
  app: {objectives: {available: {target: 99%}, fast: {target: 99%}}}
changes: {work: {service: app, every: 10d, downtime: 1h, excluded: true}}
risks:
  slow: {service: app, rate: 20/y, impact: {fast: 60%}, detect: 0s, recover: 3h}
  gone: {service: app, rate: 20/y, impact: {fast: 100%, available: 50%}, detect: 0s, recover: 3h}
`, simulate.Options{Years: 3000, Seed: 2})
	const load = 20 * 3 / 8766.0
	hit := func(shares ...float64) float64 {
		up := 1.0
		for _, s := range shares {
			up *= math.Exp(-load * s)
		}
		return 1 - up
	}
	available, fast := r.Entries[0], r.Entries[1]
	agree(t, "available", available.BadShare, hit(0.5), 0)
	agree(t, "fast", fast.BadShare, hit(0.6, 1), 0)
	agree(t, "felt", shared(available.Felt, available.Window), 1-(1-hit(0.5))*(1-1/240.0), 0)
	if available.Down.Value >= fast.Down.Value {
		t.Error("what an objective does not see takes it down")
	}
}
