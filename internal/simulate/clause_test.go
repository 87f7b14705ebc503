package simulate_test

import (
	"math"
	"testing"

	"tightrope/internal/simulate"
)

func TestClausesOfAContract(t *testing.T) {
	const text = `
services:
  app:
    objective: {target: 99%, over: 30d}
    worth: {revenue: 1_000/d, sla: [{if: CLAUSE}]}
changes: {work: {service: app, every: EVERY, downtime: TAKES}}
`
	for _, c := range []struct {
		name, clause, every, takes string
		inYear, perYear, pay       float64
	}{
		{"an outage as long as the clause says", "outage >= 3h, pay: 100", "1y", "3h", 1, 1, 100},
		{"one that must be longer", "outage > 3h, pay: 100", "1y", "3h", 0, 0, 0},
		{"one that is too short", "outage >= 3h, pay: 100", "1y", "179m", 0, 0, 0},
		{"one that is longer pays once", "outage > 3h, pay: 100", "1y", "9h", 1, 1, 100},
		{"twice in a year", "outage >= 3h, pay: 100", "6month", "4h", 1, 2, 200},
		{"a share of the revenue of 30 days", "outage >= 3h, pay: 10% of revenue", "6month", "4h", 1, 2, 2 * 3000},
		{"money that is not exactly known", "outage >= 3h, pay: 50..200", "6month", "4h", 1, 2, 2 * 100 * math.Exp(math.Pow(math.Log(4)/2/1.6448536269514722, 2)/2)},
		{"two in each period just reach the limit", "downtime >= 6h over 30d, pay: 100", "15d", "3h", 1, 365.25 / 30, 36525.0 / 30},
		{"and not more than the limit", "downtime > 6h over 30d, pay: 100", "15d", "3h", 0, 0, 0},
		{"just available enough", "availability < 99.5% over 30d, pay: 100", "30d", "216m", 0, 0, 0},
		{"no better than", "availability <= 99.5% over 30d, pay: 100", "30d", "216m", 1, 365.25 / 30, 36525.0 / 30},
		{"not available enough, at a share of the revenue of ten days", "availability < 99.5% over 10d, pay: 10% of revenue", "10d", "80m", 1, 36.525, 36.525 * 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := first(t, replace(replace(replace(text, "CLAUSE", c.clause), "EVERY", replace(c.every, "6month", "182.625d")), "TAKES", c.takes), 2000)
			x := e.Clauses[0]
			agree(t, "a year", x.PerYear, c.perYear, 0.002*c.perYear)
			agree(t, "pay", *x.Pay, c.pay, 0.002*c.pay)
			agree(t, "in a year", x.InYear, c.inYear, 0)
		})
	}
}

// An outage across the border of two periods is in each of them only in part, but
// one in a row.
func TestAnOutageAcrossTheBorderOfTwoPeriods(t *testing.T) {
	e := first(t, `
services:
  app: {worth: {sla: [{if: downtime >= 9d over 30d, pay: 1}, {if: outage >= 9d, pay: 1}, {if: downtime >= 5d over 30d, pay: 1}]}}
changes: {work: {service: app, every: 60d, downtime: 10d}}
`, 20_000)
	// Of the 30 days in which an outage of ten may begin within a period, nine of it
	// are in that for 21, or in the next for one.
	years := 365.25 / 60
	agree(t, "nine of ten days in a period", e.Clauses[0].PerYear, years*22/30, 0)
	agree(t, "nine days in a row", e.Clauses[1].PerYear, years, 0.01)
	agree(t, "half of it", e.Clauses[2].PerYear, years, 0.01)
}

// In a row means that some user is hit without a gap, whoever it is.
func TestOutagesInARow(t *testing.T) {
	const text = `
services:
  app:
    needs: [{service: a, impact: 10%}, {service: b, impact: 10%}]
    worth: {sla: [{if: outage >= 90m, pay: 1}]}
  a: {}
  b: {}
changes:
  both: {service: a, every: 10d, downtime: 1h}
risks:
  after: {service: b, per: both, chance: 100%, detect: DETECT, recover: 1h, impact: 50%}
`
	together := first(t, replace(text, "DETECT", "30m"), 500)
	agree(t, "an hour, and one and a half from the same moment on", together.Clauses[0].PerYear, 36.525, 0)
	exact(t, "mean", together.OutageMean, 1.5*hour)
	alone := first(t, replace(text, "DETECT", "29m"), 500)
	agree(t, "a minute less", alone.Clauses[0].PerYear, 0, 0)
	agree(t, "lost time of those 30 days", together.Bad, 3*(hour*(0.1+0.05-0.1*0.05)+0.5*hour*0.05), 0)
}

// Longer outages than a year are one in a row, and due in the year in which they
// have been long enough.
func TestOutagesOfYears(t *testing.T) {
	e := first(t, `
services: {app: {objective: {target: 50%, over: 1y}, worth: {sla: [{if: outage >= 500d, pay: 1}]}}}
changes: {ruin: {service: app, every: 3y, downtime: 2y}}
`, 3000)
	agree(t, "a year", e.Clauses[0].PerYear, 1.0/3, 0.002)
	agree(t, "in a year", e.Clauses[0].InYear, 1.0/3, 0.002)
	agree(t, "outages", e.OutagesPerYear, 1.0/3, 0.002)
	agree(t, "down", e.Down, 2.0/3, 0.002)
	if p := e.Longest.P95; math.Abs(p-2*year) > 1 {
		t.Errorf("the longest outage takes %g years", p/year)
	}
	// In each of three years at least half is bad in two, or in all three for a
	// moment.
	agree(t, "missed", *e.Miss, 2.0/3, 0.002)
}

// The longest outage is that of the year in which it began, with all its length.
func TestTheLongestOutageOfAYear(t *testing.T) {
	e := first(t, `
services: {app: {}}
changes: {ruin: {service: app, every: 803.55d, downtime: 365.25d}}
`, 2200)
	if e.Longest.P50 != 0 || math.Abs(e.Longest.P95-year) > 1 {
		t.Errorf("the longest outage takes %g years in half of the years, %g in one of 20; want 0 and 1", e.Longest.P50/year, e.Longest.P95/year)
	}
}

func TestWindowsOfSeveralYears(t *testing.T) {
	r := play(t, `
services: {app: {objective: {target: 99.9%, over: 547.875d}}}
risks: {r: {rate: 0.5/y, detect: 0s, recover: 20h}}
`, simulate.Options{Years: 20_001, Seed: 1})
	e := r.Entries[0]
	if r.Epoch != 2 || r.Years != 20_002 || r.Asked != 20_001 {
		t.Errorf("epochs of %d years, %d of %d years", r.Epoch, r.Years, r.Asked)
	}
	// The budget is 13 h 9 min: missed with any outage, of which a part may be in
	// the window.
	agree(t, "missed", *e.Sum.Miss, -math.Expm1(-0.75), 0)
	agree(t, "missed, parts", *e.Miss, -math.Expm1(-0.75), 0.002)
	// Two windows end in three years: one in two of them.
	agree(t, "missed in a year", *e.MissYear, 2.0/3*e.Miss.Value, 0.005)
}
