package forecast_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// Waits for change-overs, single points, unsure shares and a past that the catalogue
// explains a third of.
const aloneModel = `
version: 1
services:
  app: {objective: {target: 99.9%}, background: 0.01%, needs: [{service: db, impact: 30%..50%}, {at_least: 1, of: [zone-a, zone-b], switch: {takes: 2m, works: 80%}}], history: {over: 365d, bad: 200h, incidents: 3}}
  db: {copies: 2, need: 1, switch: {takes: 30s..2m, works: 80%}, common_cause: 2%}
  zone-a: {availability: 99%, outage: 10m..2h}
  zone-b: {availability: 98.5%, outage: 10m..2h}
  api: {objective: {target: 99.95%}, needs: [{service: db, impact: 50%}]}
risks:
  risk-1: {service: app, rate: 2/y..9/y, detect: 5m, recover: 30m..3h}
  risk-2: {service: db, rate: 6/y, strikes: one, detect: 20m, recover: 1h}
`

// TestAServiceSaysTheSameAloneAsWithAll: an answer hangs on nothing that is asked with
// it.
func TestAServiceSaysTheSameAloneAsWithAll(t *testing.T) {
	m := read(t, aloneModel)
	all, err := forecast.Run(m, forecast.Options{Plain: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all.Entries {
		one, err := forecast.Run(m, forecast.Options{Services: []string{e.Service}, Plain: true})
		if err != nil {
			t.Fatal(err)
		}
		x := one.Entries[0]
		if !reflect.DeepEqual(x.Met, e.Met) || x.Achievable != e.Achievable || x.Quantiles != e.Quantiles || x.PerYear != e.PerYear || x.Work != e.Work {
			t.Errorf("%s alone: met %v, achievable %v, %v, work %v; with all: met %v, achievable %v, %v, work %v",
				e.Service, x.Met, x.Achievable, x.Quantiles, x.Work, e.Met, e.Achievable, e.Quantiles, e.Work)
		}
	}
	// What is listed and the rest are what happened, and sources are the sum.
	e := all.Entries[0]
	sum := 0.0
	for _, s := range e.Sources {
		sum += s.PerYear
	}
	const past = 200 * 3600
	if got := sum * e.History.Over / model.Year; math.Abs(got-past) > 1e-9*past {
		t.Errorf("what is listed and the rest are %v s, want %v", got, past)
	}
	if want := e.SumMean * model.Year / e.Window; math.Abs(sum-want) > 1e-12*want {
		t.Errorf("the sources are %v s a year, their sum %v", sum, want)
	}
}

// In which order targets are asked for moves no number.
func TestTheOrderOfTargetsMovesNothing(t *testing.T) {
	m := read(t, aloneModel)
	targets := forecast.UsualTargets()
	asked := func(list []forecast.Target) []*forecast.Entry {
		r, err := forecast.Run(m, forecast.Options{Targets: list})
		if err != nil {
			t.Fatal(err)
		}
		return r.Entries
	}
	up := asked(targets)
	back := slices.Clone(targets)
	slices.Reverse(back)
	for i, e := range asked(back) {
		slices.Reverse(e.Compare)
		if !reflect.DeepEqual(e.Compare, up[i].Compare) || e.Quantiles != up[i].Quantiles || e.Achievable != up[i].Achievable || !reflect.DeepEqual(e.Usual, up[i].Usual) {
			t.Errorf("%s: %v %v, backwards %v %v", e.Service, up[i].Compare, up[i].Quantiles, e.Compare, e.Quantiles)
		}
	}
}
