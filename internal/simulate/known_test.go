package simulate_test

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"

	"tightrope/internal/simulate"
)

// shared is an estimate as a share of a window.
func shared(e simulate.Estimate, window float64) simulate.Estimate {
	return simulate.Estimate{Value: e.Value / window, SE: e.SE / window, Low: e.Low / window, High: e.High / window}
}

// below is P(X ≤ x) of the sum of n exponential times with a mean; of none it is
// always 0.
func below(n int, x, mean float64) float64 {
	switch {
	case x < 0:
		return 0
	case n == 0:
		return 1
	}
	return mathext.GammaIncReg(float64(n), x/mean)
}

// poisson is P(N = n) for n rising, until next to nothing is left.
func poisson(mean float64, do func(n int, p float64)) {
	p := math.Exp(-mean)
	for n := 0; n < int(mean+12*math.Sqrt(mean)+30); n++ {
		do(n, p)
		p *= mean / float64(n+1)
	}
}

// Incidents that begin at any time are customers of an M/G/∞ queue: nobody is
// there with chance e^(−λE[L]), whatever the law of L.
func TestOutagesThatOverlap(t *testing.T) {
	const mean1h = "27m34.5s..1h42m52s" // lognormal whose mean is an hour, nearly
	mu, sigma := (math.Log(1654.5)+math.Log(6172))/2, math.Log(6172/1654.5)/2/1.6448536269514722
	for _, c := range []struct {
		name, takes string
		mean        float64
	}{
		{"exponential", "exp(1h)", hour}, {"always the same", "1h", hour}, {"lognormal", mean1h, math.Exp(mu + sigma*sigma/2)},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := first(t, `
services: {api: {objective: {target: 95%, over: 30d}}}
risks: {r: {rate: 365.25/y, detect: 0s, recover: `+c.takes+`}}
`, 2000)
			load := c.mean / day
			down := -math.Expm1(-load)
			if c.mean == hour {
				exact(t, "what is wanted", math.Round(1e10*down)/1e10, 0.0408105429)
			}
			agree(t, "down", e.Down, down, 0)
			agree(t, "share of time", e.BadShare, down, 0)
			agree(t, "lost time of a window", shared(e.Bad, e.Window), down, 0)
			agree(t, "outages a year", e.OutagesPerYear, 365.25*math.Exp(-load), 0)
			agree(t, "sum", shared(e.Sum.Bad, e.Window), load, 0)
			agree(t, "overlap", shared(e.Sum.Overlap, e.Window), load-down, 0)
		})
	}
}

func TestTwoRepairableCopies(t *testing.T) {
	e := first(t, `
services: {db: {copies: 2, common_cause: 0%}}
risks: {crash: {rate: 0.001/h, detect: 0s, recover: exp(10h)}}
`, 100_000)
	const q = 10.0 / 1010
	exact(t, "what is wanted", math.Round(1e10*q*q)/1e10, 9.80296e-05)
	agree(t, "down", e.Down, q*q, 0)
	// One of two that are up goes down while the other one is.
	agree(t, "outages a year", e.OutagesPerYear, 2*q*(1-q)*0.001*8766, 0)
	if off := math.Abs(e.OutageMean/hour - 5); off > 0.2 {
		t.Errorf("outages last %g h on average, want 5", e.OutageMean/hour)
	}
	// Of 50 years in a row, the 608 that are complete.
	if e.Windows != 2000*608 {
		t.Errorf("%d windows of 30 days", e.Windows)
	}
}

// The time that one component is down within a window, for up and down times that
// are exponential (Takács, Acta Math. Acad. Sci. Hung. 8, 1957): it is at most x
// when the outages that begin in t − x of up time last no longer than x. From a
// moment at which the component is down there is one outage more.
func TestOneComponentOverAYear(t *testing.T) {
	const up, out, window = 1000.0, 10.0, 8760.0
	takacs := func(x float64, more int) float64 {
		sum := 0.0
		poisson((window-x)/up, func(n int, p float64) { sum += p * below(n+more, x, out) })
		return sum
	}
	exact(t, "Takács, up to 43.8 h", math.Round(1e9*takacs(43.8, 0))/1e9, 0.141850357)
	exact(t, "Takács, up to 87.6 h", math.Round(1e9*takacs(87.6, 0))/1e9, 0.556428087)

	r := play(t, `
services:
  db:
    availability: 99.00990099009901%
    outage: exp(10h)
    objectives: {strict: {target: 99.5%, over: 8760h}, lax: {target: 99%, over: 8760h}}
`, simulate.Options{Years: 50_000, Seed: 5})
	for i, x := range []float64{43.8, 87.6} {
		const q = out / (up + out)
		e := r.Entries[i]
		// Windows that follow one another begin down as often as not up.
		steady := (1-q)*takacs(x, 0) + q*takacs(x, 1)
		agree(t, e.Objective.Name, *e.Miss, 1-steady, 0)
		agree(t, e.Objective.Name+", as if up at first", *e.Miss, 1-takacs(x, 0), 1.6e-3)
		agree(t, "down", e.Down, q, 0)
	}
}

// Rare long outages and frequent short ones: compound Poisson. An outage across a
// border and two at once make what is seen differ from the sum.
func TestALostRegionAndManyShortOutages(t *testing.T) {
	e := first(t, `
services: {app: {objective: {target: 99.9%, over: 1y}}}
risks:
  region: {rate: 0.25/y, detect: 0s, recover: exp(24h)}
  restart: {rate: 100/y, detect: 0s, recover: 2m}
`, 100_000)
	kept := 0.0
	poisson(100, func(n int, p float64) {
		left := 8.766*hour - float64(n)*120
		poisson(0.25, func(k int, q float64) { kept += p * q * below(k, left*(1+1e-12), 24*hour) })
	})
	agree(t, "the sum is over", *e.Sum.Miss, 1-kept, 0)
	agree(t, "missed", *e.Miss, 1-kept, 1e-3)
	agree(t, "missed in a year", *e.MissYear, e.Miss.Value, 0)
	agree(t, "mean of the sum", e.Sum.Bad, 6*hour+200*60, 0)
}

// A change comes in a strict rhythm: lost time of a window is ⌊W/every⌋ times its
// downtime, or once more with the chance of the remainder.
func TestAChangeInItsRhythm(t *testing.T) {
	e := first(t, `
services: {app: {objective: {target: 99.9999%, over: 30d}}}
changes: {release: {service: app, every: 7d, downtime: 10s}}
`, 5000)
	agree(t, "lost time", e.Bad, 10*30/7.0, 0)
	exact(t, "the median has four", e.Quantiles.P50, 40)
	exact(t, "one in four has five", e.Quantiles.P90, 50)
	exact(t, "worst", e.Worst, 50)
	if e.Miss.Value != 1 || e.MissYear.Value != 1 || e.Miss.Low < 0.99 || e.Miss.High != 1 {
		t.Errorf("missed %+v", *e.Miss)
	}
	agree(t, "outages", e.OutagesPerYear, 365.25/7, 0)
	exact(t, "longest of a year", e.Longest.P50, 10)
	exact(t, "an outage", e.OutageMean, 10)
}

// Lost time that is equal to the budget is kept, to the last digit: three of 432 s
// are 99.95 % of 30 days.
func TestABudgetThatIsJustSpent(t *testing.T) {
	const text = `
services: {api: {objective: {target: 99.95%, over: 30d}}}
changes: {work: {service: api, every: EVERY, downtime: TAKES, impact: IMPACT}}
`
	for _, c := range []struct{ every, takes, impact, over string }{
		{"10d", "432s", "100%", "432.001s"},
		{"10d", "24m", "30%", "1440.01s"},
		{"1d", "48s", "90%", "48.0001s"},
		{"1d", "61.7142857142857s", "70%", "61.7144s"},
		{"1h", "3s", "60%", "3.0001s"},
	} {
		for takes, want := range map[string]float64{c.takes: 0, c.over: 1} {
			e := first(t, replace(replace(replace(text, "TAKES", takes), "IMPACT", c.impact), "EVERY", c.every), 100)
			if e.Miss.Value != want {
				t.Errorf("of %s for %s each %s, %g of the windows are missed, want %g", takes, c.impact, c.every, e.Miss.Value, want)
			}
		}
	}
}

// Errors that are always there spend the budget evenly.
func TestBackground(t *testing.T) {
	e := first(t, `
services:
  app: {objective: {target: 99.9%, over: 30d}, background: 0.02%, needs: [{service: db, impact: 50%}]}
  db: {background: 0.01%}
`, 10)
	exact(t, "lost time", e.Bad.Value, (1-(1-0.0002)*(1-0.00005))*30*day)
	exact(t, "sum", e.Sum.Bad.Value, 0.00025*30*day)
	if e.Bad.SE != 0 || e.Down.Value != 0 || e.OutagesPerYear.Value != 0 || e.Miss.Value != 0 {
		t.Errorf("bad %+v, down %+v, missed %+v", e.Bad, e.Down, *e.Miss)
	}
}

// TestAContractIsOne: of a service with several objectives the contract pays once, for
// the lost time of the objective that its worth goes by.
func TestAContractIsOne(t *testing.T) {
	r := play(t, `
currency: EUR
services:
  app:
    objectives: {fast: {target: 99%}, available: {target: 99.9%, over: 7d}}
    worth: {sla: [{if: downtime > 1h over 30d, pay: 1_000}]}
risks:
  down: {service: app, rate: 12/y, impact: {available: 100%, fast: 10%}, detect: 0s, recover: 2h}
`, simulate.Options{Years: 40, Seed: 1})
	for _, e := range r.Entries {
		want := 0
		if e.Objective.Name == "available" {
			want = 1
		}
		if len(e.Clauses) != want {
			t.Errorf("%s: %d clauses, want %d", e.Objective.Name, len(e.Clauses), want)
		}
	}
}
