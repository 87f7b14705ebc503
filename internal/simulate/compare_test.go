package simulate_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/simulate"
)

// tenth makes what a random model says of failures a tenth as often: what sums
// cannot see is then small.
func tenth(text string) string {
	text = regexp.MustCompile(`availability: (\d)(\d)%`).ReplaceAllString(text, "availability: 9$1.$2%")
	return strings.NewReplacer(
		"rate: 20/y", "rate: 2/y", "rate: 50/y", "rate: 5/y", "rate: 10/y..40/y", "rate: 1/y..4/y", "rate: 9 in 0.5y", "rate: 9 in 5y",
		"every: 5d\n    outage", "every: 50d\n    outage", "every: 12d", "every: 120d", "every: 3d..9d", "every: 30d..90d", "every: 8d..30d", "every: 80d..300d",
		"chance: 30%", "chance: 3%", "chance: 10%..40%", "chance: 1%..4%", "background: 1%", "background: 0.1%",
		"target: 90%", "target: 99%",
	).Replace(text)
}

// Forecast, structure and simulation answer the same questions in three ways;
// on random models they must agree wherever all apply. Where sums cannot see
// something, the third is told how much that is.
func TestForecastsAgreeWithSimulations(t *testing.T) {
	for _, with := range []lot{
		{name: "needs and edges", edges: true},
		{name: "several objectives", edges: true, objective: true},
		{name: "incidents of many steps, changes and stages", edges: true, changes: true, incidents: true, objective: true},
		{name: "groups and copies", copies: true, groups: true, objective: true},
		{name: "groups, copies and edges", copies: true, groups: true, edges: true, objective: true},
		{name: "rides", groups: true, edges: true, rides: true, objective: true},
		{name: "switches", copies: true, groups: true, switches: true, objective: true},
		{name: "unsure inputs", copies: true, groups: true, edges: true, unsure: true, objective: true},
	} {
		t.Run(with.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(2026, 11))
			lines := map[simulate.LineKind]int{}
			for range *longRunModels {
				text := tenth(random(r, with))
				m := read(t, text)
				f, err := forecast.Run(m, forecast.Options{})
				if err != nil {
					t.Fatal(err)
				}
				s, err := simulate.Run(context.Background(), m, simulate.Options{Years: 2000, Seed: r.Uint64()})
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range simulate.Compare(f, s).Entries {
					for _, l := range e.Lines {
						kind := l.Kind
						if kind == simulate.SeenMeanLine { // of a forecast that is corrected
							kind = simulate.MeanLine
						}
						if l.Forecast > 0 {
							lines[kind]++
						}
						if !l.Agrees {
							t.Errorf("%s, %s: forecast %g, simulated %g ± %g: %.1f standard errors apart", e.Service, l.Kind, l.Forecast, l.Simulated.Value, l.SE, l.Off)
						}
					}
				}
				if t.Failed() {
					t.Log(text)
					t.FailNow()
				}
			}
			for _, kind := range []simulate.LineKind{simulate.MeanLine, simulate.HitLine} {
				if lines[kind] < 5**longRunModels/2 {
					t.Errorf("only %d comparisons of %s say anything", lines[kind], kind)
				}
			}
		})
	}
}

// What a sum cannot see is told with its size: of outages that cover ρ of the
// time if none overlap, ρ − (1 − e^−ρ) is counted twice.
func TestOverlapIsAKnownDifference(t *testing.T) {
	m := read(t, `
services: {s: {objective: {target: 95%, over: 30d}}}
risks: {r: {rate: 365.25/y, detect: 0s, recover: exp(1h)}}
`)
	f, err := forecast.Run(m, forecast.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := simulate.Run(context.Background(), m, simulate.Options{Years: 3000, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	c := simulate.Compare(f, s)
	if !c.Agrees() {
		t.Errorf("they differ: %+v", c.Entries[0].Lines)
	}
	for _, d := range c.Entries[0].Differences {
		if d.Kind != simulate.Overlap {
			continue
		}
		rho := 1.0 / 24
		twice := (rho - (1 - math.Exp(-rho))) * f.Entries[0].Window
		if got := d.Forecast - d.Simulated.Value; math.Abs(got-twice) > 4.5*d.Simulated.SE {
			t.Errorf("counted twice: %g s, expected %g ± %g", got, twice, d.Simulated.SE)
		}
	}
}

// A comparison that cannot fail is worth nothing: a forecast of another model
// must be told apart.
func TestAForecastOfAnotherModelIsToldApart(t *testing.T) {
	text := `
services: {s: {objective: {target: 99.9%%, over: 30d}}}
risks: {r: {rate: %s, detect: 0s, recover: %s}}
`
	s, err := simulate.Run(context.Background(), read(t, fmt.Sprintf(text, "10/y", "30m")), simulate.Options{Years: 2000, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range [][2]string{{"10/y", "30m"}, {"11/y", "30m"}, {"10/y", "33m"}} {
		f, err := forecast.Run(read(t, fmt.Sprintf(text, other[0], other[1])), forecast.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if agrees := simulate.Compare(f, s).Agrees(); agrees != (other == [2]string{"10/y", "30m"}) {
			t.Errorf("a forecast of %v against a simulation of 10/y and 30m: agrees %v", other, agrees)
		}
	}
}
