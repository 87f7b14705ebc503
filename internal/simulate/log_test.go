package simulate_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tightrope/internal/message"
	"tightrope/internal/say"
	"tightrope/internal/simulate"
)

// The years of a run, one by one, are the run.
func TestYearsAddUpToTheRun(t *testing.T) {
	for _, name := range []string{"booking", "shop", "cre"} {
		m := example(t, name)
		opts := simulate.Options{Years: 10, Seed: 6}
		r, err := simulate.Run(context.Background(), m, opts)
		if err != nil {
			t.Fatal(err)
		}
		type key struct{ service, objective string }
		sums := map[key]simulate.YearTotal{}
		for year := 1; year <= opts.Years; year++ {
			y, err := simulate.LogYear(context.Background(), m, opts, year)
			if err != nil {
				t.Fatal(err)
			}
			missed := 0
			for _, x := range y.Moments {
				if x.Kind == "window-missed" {
					missed++
				}
				if x.At < 0 || x.At > year1 {
					t.Fatalf("%s at %g s", x.Kind, x.At)
				}
			}
			for _, x := range y.Totals {
				k := key{x.Service, x.Objective}
				s := sums[k]
				s.Bad += x.Bad
				s.Outages += x.Outages
				s.Missed += x.Missed
				s.Windows += x.Windows
				sums[k] = s
				missed -= x.Missed
			}
			if missed != 0 {
				t.Errorf("%s, year %d: %d more windows are missed in the log than in all", name, year, missed)
			}
		}
		for _, e := range r.Entries {
			if e.Objective == nil {
				continue
			}
			s := sums[key{e.Service, e.Objective.Name}]
			exact(t, e.Service+" lost time", s.Bad, e.BadShare.Value*float64(opts.Years)*year1)
			exact(t, e.Service+" outages", float64(s.Outages), e.OutagesPerYear.Value*float64(opts.Years))
			exact(t, e.Service+" windows", float64(s.Windows), float64(e.Windows))
			exact(t, e.Service+" missed", float64(s.Missed), e.Miss.Value*float64(e.Windows))
		}
	}
}

const year1 = 365.25 * day

// A year of a small world, told in full.
func TestTheLogOfAYear(t *testing.T) {
	m := read(t, `
currency: EUR
services:
  app:
    objective: {target: 99.9%, over: 91.3125d}
    worth: {sla: [{if: outage >= 2h, pay: 1_000_000}]}
    needs: [{any: [a, b], switch: {takes: 1m, works: 50%}}]
  a: {}
  b: {}
changes: {release: {service: app, every: 91d, downtime: 10s, stages: [10% for 10m, 100%]}}
risks:
  bad: {service: app, per: release, chance: 90%, detect: [alarm, call], recover: [rollback, part, repair]}
  fire: {service: a, rate: 3/y, detect: 1m, recover: 1h}
  flood: {service: b, rate: 3/y, detect: 1m, recover: 10d}
detection: {alarm: {after: 1m, catches: 50%}, call: {after: 30m}}
recovery:
  rollback: {takes: 5m, works: 40%, by: nobody}
  part: {takes: 1h, restores: 60%, by: ops}
  repair: {takes: 2h, by: dev}
responders: {ops: {acknowledges: 10m}, dev: {acknowledges: 15m}}
`)
	seen := map[string]string{}
	for year := 1; year <= 50; year++ {
		y, err := simulate.LogYear(context.Background(), m, simulate.Options{Years: 50, Seed: 1}, year)
		if err != nil {
			t.Fatal(err)
		}
		last, number := 0.0, 0
		for _, x := range y.Moments {
			if x.At < last {
				t.Fatalf("year %d: %s at %g s, after something at %g s", year, x.Kind, x.At, last)
			}
			last = x.At
			if x.Kind == "begins" && !slices.Contains(x.Notes, message.NextStage()) {
				if number++; x.Incident != number {
					t.Errorf("year %d: incident %d begins, expected %d", year, x.Incident, number)
				}
			}
			said := fmt.Sprintf("%s %s %s %s: %s", x.Kind, x.Source, x.Service, strings.Join(strings.Fields(fmt.Sprint(x.Services)), " "), strings.Join(say.English().Messages(x.Notes), "; "))
			if old, ok := seen[x.Kind]; !ok || len(said) < len(old) || len(said) == len(old) && said < old {
				seen[x.Kind] = said
			}
		}
	}
	var got []string
	for _, s := range seen {
		got = append(got, s)
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{
		"acknowledged bad app [{app 1}]: by dev",
		"attempt-failed bad app [{app 1}]: rollback",
		"begins flood b []: hits 100% of b",
		"clause app app [{app 1}]: 1,000,000 EUR",
		"detected fire a []: ",
		"group-down any of a, b app [{app 1}]: 0 of 2 up",
		"group-up any of a, b app []: 1 of 2 up",
		"over fire a []: 1h1m of lost time for a",
		"partly-restored bad app [{app 1}]: part; hits 4% from now on",
		"planned release app [{app 1}]: 10s",
		"switch-failed any of a, b app [{app 1}]: users wait until what fire #1 took down is up again",
		"switched any of a, b app []: took 1m",
		"window-missed available app []: 99.9% over 91.3125d: 10d of lost time, the budget is 2h11m",
	}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
