package decision

import (
	"context"
	"math"
	"slices"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// A net acts on a cause exactly where the forecast with it has another lost time of it.
func TestWhatActsOnACauseIsWhatMovesItsLostTime(t *testing.T) {
	const text = `version: 1
services:
  app:
    objective: {target: 99.9%}
    background: 0.01%
    needs: [base, {service: bank, impact: 50%}, {service: store, impact: 40%}]
  base: {copies: 2, need: 1, switch: {takes: 1m, works: 90%}, common_cause: 5%}
  bank: {outside: true, availability: 99.9%, outage: 1h}
  store: {needs: [room]}
  room: {availability: 99.8%, outage: 1h}
changes:
  release: {service: app, every: 7d, downtime: 10s}
risks:
  bad-release: {service: app, per: release, chance: 5%, detect: 5m, recover: [back]}
  crash: {service: app, rate: 2/y, detect: 5m, recover: 30m}
  query: {service: base, rate: 2/y, strikes: all, detect: 5m, recover: 30m}
recovery:
  back: {takes: 10m, by: someone}
responders:
  someone: {acknowledges: 10m}
safety_nets:
  check: {kind: process, status: proposed, effects: [{risk: crash, prevents: 50%}]}
  slow: {kind: process, status: proposed, effects: [{change: release, every: 14d}]}
  smooth: {kind: automation, status: proposed, effects: [{change: release, downtime: 0s}]}
  third: {kind: redundancy, status: proposed, effects: [{service: base, copies: 3}]}
  spare: {kind: vendor, status: proposed, effects: [{need: app -> bank, impact: -80%}]}
  cache: {kind: automation, status: proposed, effects: [{need: app -> store, impact: -80%}]}
  pager: {kind: on-call, status: proposed, effects: [{responder: someone, acknowledge: -50%}]}
  clean: {kind: automation, status: proposed, effects: [{service: app, background: 0.001%}]}
  better: {kind: vendor, status: proposed, effects: [{service: bank, availability: 99.99%}]}
`
	m, problems := modelfile.Parse([]modelfile.File{{Name: "a.yaml", Data: []byte(text)}})
	if m == nil {
		t.Fatal(problems)
	}
	sources := func(with ...string) []*forecast.Source {
		f, err := forecast.Run(m, forecast.Options{Services: []string{"app"}, With: with, Plain: true, Context: context.Background()})
		if err != nil {
			t.Fatal(err)
		}
		return f.Entries[0].Sources
	}
	today := sources()
	d := &Decision{Nets: []string{"spare"}}
	asked := 0
	for _, n := range m.Nets {
		then := sources(n.Name)
		for _, s := range today {
			chosen, left, told := d.Against(m, s)
			if !told {
				continue
			}
			asked++
			acts := slices.Contains(append(chosen, left...), n.Name)
			lost := 0.0
			for _, x := range then {
				if x.Of == s.Of && x.Kind == s.Kind && x.Name == s.Name {
					lost = x.PerYear
				}
			}
			// A change that happens less often is the risk's too, and the other way round not.
			if moves := math.Abs(lost-s.PerYear) > 1e-6*s.PerYear; acts != moves {
				t.Errorf("%s on %s: acts %v, but its lost time goes from %v to %v s a year", n.Name, s.Name, acts, s.PerYear, lost)
			}
			if acts && slices.Contains(chosen, n.Name) != (n.Name == "spare") {
				t.Errorf("%s is among %v", n.Name, chosen)
			}
		}
	}
	if asked < 40 {
		t.Errorf("only %d pairs were looked at", asked)
	}
	if n := m.Net("check"); n.Status != model.Proposed {
		t.Error("the net is not proposed")
	}
}
