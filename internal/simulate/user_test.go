package simulate_test

import (
	"math"
	"testing"

	"tightrope/internal/simulate"
)

// What a user feels hangs on what happened to that user: here with values that
// follow by hand.

// longRunOf is what a sample and a run of years say of the share of time in which
// a random user of the first service is hit, and what of it a sum says.
func longRunOf(t *testing.T, text string, years int, want, give float64) {
	t.Helper()
	m := read(t, text)
	r := play(t, text, simulate.Options{Years: years, Seed: 1, Services: []string{m.Services[0].Name}})
	agree(t, "share of time", r.Entries[0].BadShare, want, give*want)
	s := draw(t, m, simulate.Sampling{Service: m.Services[0].Name, Windows: 5 * years, Seed: 2})
	agree(t, "of a sample", s.Unavailability(), want, give*want)
}

// A user waits for the longest of the switches that concern a member that failed,
// not for their sum.
func TestTheLongestOfTheSwitches(t *testing.T) {
	const text = `
services:
  top: {objective: {target: 99.9%, over: 30d}, needs: [{any: [a, b], switch: {takes: 5m}}, {any: [a, c], switch: {takes: LAST}}]}
  a: {availability: 99%, outage: 1h}
  b: {availability: 99.99%, outage: 1h}
  c: {availability: 99.99%, outage: 1h}
`
	const few = 1e-4
	// Both at once, and an hour of which each of the others goes down once in
	// 10,000.
	cuts, survived := 0.01*(1-(1-few)*(1-few)), (1-few)*(1-few)
	longRunOf(t, replace(text, "LAST", "5m"), 2000, cuts+(0.01*survived+2*few*0.99)/12, 2e-3)
	longRunOf(t, replace(text, "LAST", "12m"), 2000, cuts+0.01*survived/5+few*0.99/12+few*0.99/5, 2e-3)

	s := draw(t, read(t, replace(text, "LAST", "5m")), simulate.Sampling{Service: "top", Windows: 50_000, Seed: 3})
	kept := s.Kept(s.Budget)
	// Up to eight waits fit, and seven or eight beside an outage: 0.68.
	if math.Abs(kept.Value-0.68) > 0.005+4.5*kept.SE {
		t.Errorf("kept %g ± %g, want 0.68", kept.Value, kept.SE)
	}
}

// A switch that does not work lasts as long as the outage of the member, whatever
// it is made of and whatever began it.
func TestAFailedSwitchLastsAsLongAsTheMember(t *testing.T) {
	q := 0.02 * 5 / 1.1 // a copy
	fell := 2 * q * (1 - q) * 0.02
	for _, c := range []struct {
		name, member string
		down, fell   float64 // an hour
	}{
		{"a pair", "m: {copies: 2, common_cause: 0%}\nrisks: {r: {service: m, rate: 0.02/h, detect: 0s, recover: exp(5h)}}", q * q, fell},
		{"a service with needs", "m: {needs: [x, y]}\n  x: {availability: 98%, outage: exp(2h)}\n  y: {availability: 97%, outage: exp(3h)}", 1 - 0.98*0.97, 0.01*0.97 + 0.01*0.98},
		{"one that needs any of two", "m: {needs: [{any: [x, y]}]}\n  x: {availability: 95%, outage: exp(2h)}\n  y: {availability: 94%, outage: exp(3h)}", 0.05 * 0.06, 0.05*0.02 + 0.06*0.025},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "services:\n  top: {needs: [{any: [m, spare], switch: {takes: 1s, works: WORKS}}]}\n  spare: {}\n  " + c.member + "\n"
			longRunOf(t, replace(text, "WORKS", "50%"), 2000, 0.5*c.down+0.5*c.fell/3600, 1e-3)
			longRunOf(t, replace(text, "WORKS", "0%"), 2000, c.down, 1e-9)
		})
	}
}

// Whom an incident does not hit does not wait.
func TestWhoDoesNotWait(t *testing.T) {
	longRunOf(t, `
services:
  top: {needs: [{any: [a, b], switch: {takes: 6m}}]}
  a: {}
  b: {}
risks:
  a: {service: a, rate: 0.01/h, impact: 30%, detect: 0s, recover: exp(2h)}
  b: {service: b, rate: 0.02/h, impact: 50%, detect: 0s, recover: exp(3h)}
`, 2000, func() float64 {
		a, b := 1-math.Exp(-0.01*0.3*2), 1-math.Exp(-0.02*0.5*3)
		wait := 0.01*0.3*(1-a)*(1-b) + 0.02*0.5*(1-b)*(1-a)
		// What else goes down while a user waits, and what is over meanwhile, are
		// of the next order.
		return 1 - (1-a*b)*math.Exp(-wait/10)
	}(), 3e-3)
	// Nor one who is not exposed to what failed below.
	longRunOf(t, `
services:
  top: {needs: [{any: [a, b], switch: {takes: 6m, works: 50%}}]}
  a: {needs: [{service: x, impact: 20%}]}
  b: {}
  x: {availability: 99%, outage: exp(1h)}
`, 2000, 0.2*0.01*(0.5/10+0.5), 1e-9)
}

// A 30 % incident on one member and a 50 % one on the other hit 15 % of users,
// wherever else members are needed.
func TestPartsOfUsersInAGroup(t *testing.T) {
	const each = 0.4
	text := `
services:
  top: {needs: [{any: [a, b]}NEED]}
  a: {}
  b: {}
changes: {work: {service: a, every: 10h}}
risks:
  a: {service: a, per: work, chance: 100%, impact: 30%, detect: 1h, recover: 3h}
  b: {service: b, per: work, chance: 100%, impact: 50%, detect: 1h, recover: 3h}
`
	longRunOf(t, replace(text, "NEED", ""), 100, each*0.15, 1e-3)
	longRunOf(t, replace(text, "NEED", ", {service: a, impact: 10%}"), 100, each*(0.15+0.15*0.1), 1e-3)
}

// A group is lost for those for whom no member is enough by itself, and a sum
// counts it for them (issue 11, 1 and 2).
func TestAGroupWithAMemberThatIsAPartialSinglePoint(t *testing.T) {
	const text = `
services:
  top: {objective: {target: 99.9%, over: 30d}, needs: [{service: a, impact: 1%}, {any: [a, b]}]}
  a: {availability: 99%, outage: 2h}
  b: {availability: 99%, outage: 2h}
`
	want := 0.01*0.01 + 0.99*0.01*0.01
	longRunOf(t, text, 2000, want, 1e-9)
	s := draw(t, read(t, text), simulate.Sampling{Service: "top", Windows: 50_000, Seed: 3})
	agree(t, "sum", shared(s.MeanBySum(), s.Window), want, 1e-3*want)
	agree(t, "missed", simulate.Estimate{Value: 1 - s.Kept(s.Budget).Value, SE: s.Kept(s.Budget).SE, High: 1}, 0.047, 0.002)
	for _, db := range []string{
		"db: {copies: 2, common_cause: 0%}\nrisks: {r: {service: db, rate: 160/y, detect: 0s, recover: 25m}}",
		"db: {needs: [{any: [z1, z2]}]}\n  z1: {availability: 99%, outage: 2h}\n  z2: {availability: 99%, outage: 2h}",
	} {
		s := draw(t, read(t, `
services:
  top: {objective: {target: 99.9%, over: 30d}, needs: [db, {any: [api-a, api-b]}]}
  api-a: {needs: [db], availability: 99%, outage: 2h}
  api-b: {needs: [db], availability: 99%, outage: 2h}
  `+db+"\n"), simulate.Sampling{Service: "top", Windows: 20_000, Seed: 3})
		q := 0.01
		if s := 160 * 25 / (365.25 * 1440); db[4] != 'n' && db[5] == 'c' {
			q = s / (1 + s)
		}
		want := 1 - (1-q*q)*(1-0.01*0.01)
		agree(t, "twice down", s.Unavailability(), want, 0)
		agree(t, "sum", shared(s.MeanBySum(), s.Window), want, 1e-3*want)
	}
}

// What is ridden out is the first part of an outage of the need, made of whatever
// it is, for each user.
func TestARideOfAnOutageMadeOfSeveral(t *testing.T) {
	// The provider is down for an hour, first by the one and then by the other.
	longRunOf(t, `
services:
  top: {needs: [{service: mid, rides_out: 50m}]}
  mid: {needs: [a, {service: b, rides_out: 20m}]}
  a: {}
  b: {}
changes: {work: {service: a, every: 10h, downtime: 40m}}
risks: {b: {service: b, per: work, chance: 100%, detect: 0s, recover: 1h}}
`, 100, 1.0/60, 2e-3)
	// Half of the users are hit for an hour, the others for half an hour.
	longRunOf(t, `
services: {top: {needs: [{service: a, rides_out: 30m}]}, a: {}}
changes: {work: {service: a, every: 10h, stages: [50% for 30m, 100%]}}
risks: {r: {service: a, per: work, chance: 100%, detect: 40m, recover: 20m}}
`, 100, 0.5*0.5/10, 2e-3)
}

// A member that waits for a switch of its own is down, so that what needs it
// changes over too.
func TestASwitchWithinASwitch(t *testing.T) {
	longRunOf(t, `
services:
  top: {needs: [{any: [x, y], switch: {takes: 5m}}]}
  x: {needs: [{any: [a, b], switch: {takes: 1m}}]}
  y: {}
  a: {availability: 99%, outage: 1h}
  b: {}
`, 2000, 0.01/12, 1e-9)
}

// Errors that are always there multiply what incidents leave, in groups too.
func TestBackgroundOfAMember(t *testing.T) {
	q, e := 0.01, 0.02
	longRunOf(t, `
services:
  top: {needs: [{any: [a, b], impact: 50%}, {service: c, impact: 10%}]}
  a: {availability: 99%, outage: 1h}
  b: {background: 2%}
  c: {background: 1%, availability: 98%, outage: 1h}
`, 2000, 1-(1-0.5*q*e)*(1-0.1*(1-0.98*0.99)), 1e-9)
}

// Users of a split are told apart within a group too.
func TestASplitBelowAGroup(t *testing.T) {
	longRunOf(t, `
services:
  top: {needs: [{any: [a, b], switch: {takes: 6m, works: 0%}}]}
  a: {needs: [{split: {x: 60%, y: 30%}}]}
  b: {needs: [{split: {y: 50%, x: 20%}}]}
  x: {availability: 99.9%, outage: exp(1h)}
  y: {availability: 99.8%, outage: exp(1h)}
`, 2000, func() float64 {
		// A user is on one of each: down for one of them or both.
		sum := 0.0
		down := map[string]float64{"x": 0.001, "y": 0.002, "": 0}
		for a, p := range map[string]float64{"x": 0.6, "y": 0.3, "": 0.1} {
			for b, r := range map[string]float64{"y": 0.5, "x": 0.2, "": 0.3} {
				u := down[a] + down[b] - down[a]*down[b]
				if a == b {
					u = down[a]
				}
				sum += p * r * u
			}
		}
		// One that failed while the other was down waits for no switch: there was
		// none to change over to.
		return sum
	}(), 3e-3)
}
