package plan_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
)

// Six providers, each down for a good part of the time: what is down at once is
// counted twice by a sum.
const sixText = `version: 1
currency: EUR
services:
  app:
    objective: {target: TARGET, over: 30d, confidence: 90%}
    needs: [p1, p2, p3, p4, p5, p6]
  p1: {outside: true, availability: 97%, outage: 2h}
  p2: {outside: true, availability: 98%, outage: 2h}
  p3: {outside: true, availability: 98%, outage: 3h}
  p4: {outside: true, availability: 98.5%, outage: 1h}
  p5: {outside: true, availability: 99%, outage: 2h}
  p6: {outside: true, availability: 99%, outage: 4h}
risks:
  bug: {service: app, every: 5d, detect: 5m, recover: 55m}
safety_nets:
  spare1: {kind: redundancy, status: proposed, cost: {run: 50/y}, effects: [{service: p1, copies: 2}]}
  spare2: {kind: redundancy, status: proposed, cost: {run: 30/y}, effects: [{service: p2, copies: 2}]}
  tests: {kind: automation, status: proposed, cost: {run: 12/y}, effects: [{risk: bug, prevents: 70%}]}
  ride: {kind: automation, status: proposed, cost: {run: 20/y}, effects: [{need: app -> p3, rides_out: 1h}]}
`

// agrees holds a plan against the forecast of its nets.
func agrees(t *testing.T, m *model.Model, memory *forecast.Memory, what string, x *plan.Plan) {
	t.Helper()
	opts := forecast.Options{With: x.Nets, Without: x.Removed, Plain: true, Memory: memory}
	for _, k := range x.Objectives {
		opts.Services = append(opts.Services, k.Service)
	}
	f, err := forecast.Run(m, opts)
	if err != nil {
		t.Fatal(what, err)
	}
	for _, k := range x.Objectives {
		for _, e := range f.Entries {
			if e.Objective == nil || e.Service != k.Service || e.Objective.Name != k.Objective {
				continue
			}
			if math.Abs(e.Met.Value-k.Met) > 1e-9+e.Met.Error+k.Error || math.Abs(e.Mean-k.BadMean) > 1e-6*e.Mean+1e-9 {
				t.Errorf("%s %v: %s is met with %.10f and spends %.8g, the forecast says %.10f ± %.1g and %.8g",
					what, x.Nets, k.Service, k.Met, k.BadMean, e.Met.Value, e.Met.Error, e.Mean)
			}
			if e.Corrected != k.Corrected || math.Abs(e.Met.Model-k.Model) > 0.1*e.Met.Model+1e-9 {
				t.Errorf("%s %v: corrected %v to %v, the forecast %v to %v", what, x.Nets, k.Corrected, k.Model, e.Corrected, e.Met.Model)
			}
		}
	}
}

func TestAPlanStatesWhatAForecastLeadsWith(t *testing.T) {
	moved, memory := 0, forecast.NewMemory(128<<20)
	targets := []string{"91%", "91.5%"}
	for _, target := range targets {
		m := read(t, strings.ReplaceAll(sixText, "TARGET", target))
		r := run(t, m, plan.Options{Frontier: target == "91.5%", Roadmap: target == "91.5%"})
		if r.Best == nil || !r.Corrected || !r.Best.Corrected || r.Best.MetModel <= 0 {
			t.Fatalf("%s: %+v", target, r)
		}
		if r.Moved {
			moved++
		}
		if r.Moved && r.Optimal {
			t.Errorf("%s: proven, although the sum knows another", target)
		}
		agrees(t, m, memory, target+" today", r.Today)
		agrees(t, m, memory, target, r.Best)
		if r.RunnerUp != nil {
			agrees(t, m, memory, target+" runner-up", r.RunnerUp)
		}
		for _, x := range r.Frontier {
			agrees(t, m, memory, target+" frontier", x)
		}
		for _, s := range r.Roadmap {
			agrees(t, m, memory, target+" roadmap", s.Plan)
		}
		// Of all sixteen the cheapest that a forecast says is kept.
		cheapest := math.Inf(1)
		for mask := range 16 {
			var with []string
			cost := 0.0
			for k, n := range []struct {
				name string
				cost float64
			}{{"spare1", 50}, {"spare2", 30}, {"tests", 12}, {"ride", 20}} {
				if mask>>k&1 == 1 {
					with, cost = append(with, n.name), cost+n.cost
				}
			}
			f, err := forecast.Run(m, forecast.Options{With: with, Services: []string{"app"}, Plain: true, Memory: memory})
			if err != nil {
				t.Fatal(err)
			}
			if f.Entries[0].Met.Value >= 0.9 {
				cheapest = math.Min(cheapest, cost)
			}
		}
		if r.Best.AnnualCost != cheapest {
			t.Errorf("%s: the plan costs %v, %v would do", target, r.Best.AnnualCost, cheapest)
		}
	}
	if moved == 0 {
		t.Error("nowhere the correction chose another set")
	}
}

func TestRandomPlansAgreeWithTheForecast(t *testing.T) {
	n := 15
	if testing.Short() {
		n = 8
	}
	corrected := 0
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 7))
		var b strings.Builder
		providers := 2 + r.IntN(5)
		needs := ""
		for i := range providers {
			needs += fmt.Sprintf("p%d, ", i)
		}
		fmt.Fprintf(&b, "version: 1\nservices:\n  app: {objective: {target: %g%%, confidence: 80%%}, needs: [%s]}\n", 100-float64(providers)*(0.5+2*r.Float64()), strings.TrimSuffix(needs, ", "))
		for i := range providers {
			fmt.Fprintf(&b, "  p%d: {outside: true, availability: %.2f%%, outage: %dm}\n", i, 95+4.9*r.Float64(), 20+r.IntN(300))
		}
		fmt.Fprintf(&b, "risks:\n  bug: {service: app, every: %dd, detect: 5m, recover: %dm}\nsafety_nets:\n", 3+r.IntN(60), 10+r.IntN(200))
		for i := range 3 {
			effect := fmt.Sprintf("{service: p%d, copies: 2}", r.IntN(providers))
			switch r.IntN(3) {
			case 0:
				effect = fmt.Sprintf("{risk: bug, prevents: %d%%}", 20+r.IntN(70))
			case 1:
				effect = fmt.Sprintf("{need: app -> p%d, rides_out: %dm}", r.IntN(providers), 5+r.IntN(60))
			}
			fmt.Fprintf(&b, "  n%d: {kind: automation, status: proposed, cost: {run: %d/y}, effects: [%s]}\n", i, 1+r.IntN(50), effect)
		}
		m, memory := read(t, b.String()), forecast.NewMemory(64<<20)
		x := run(t, m, plan.Options{})
		what := fmt.Sprintf("model %d", seed)
		agrees(t, m, memory, what+" today", x.Today)
		for _, y := range []*plan.Plan{x.Best, x.Reachable} {
			if y != nil {
				agrees(t, m, memory, what, y)
			}
		}
		if x.Corrected {
			corrected++
		}
	}
	if corrected == 0 {
		t.Error("in none of them the correction matters")
	}
	t.Log("corrected:", corrected)
}
