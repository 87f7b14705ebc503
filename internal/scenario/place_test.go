package scenario_test

import (
	"slices"
	"testing"

	"tightrope/internal/modelfile"
	"tightrope/internal/scenario"
)

// A number that a net sets is not what is written: whoever sets it elsewhere is told.
func TestANumberThatANetSetsIsHidden(t *testing.T) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "m.yaml", Data: []byte(`version: 1
services:
  app: {objective: {target: 99.9%}, copies: 2, needs: [{service: vendor, rides_out: 1m}]}
  vendor: {outside: true, availability: 99.9%, outage: 1h}
changes: {release: {service: app, every: 7d, downtime: 10s}}
safety_nets:
  contract: {kind: vendor, status: in-place, effects: [{service: vendor, availability: 99.99%, before: 99.9%}]}
  rarer: {kind: process, status: proposed, effects: [{change: release, every: 14d, downtime: 1s}]}
  more: {kind: redundancy, status: proposed, effects: [{service: app, copies: 3}, {need: app -> vendor, rides_out: 5m}]}
`)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	paths := []string{
		"services/vendor/availability", "services/vendor/outage", "services/app/copies", "services/app/needs/0/rides_out",
		"services/app/needs/7/rides_out", "services/nobody/copies", "changes/release/every", "changes/release/downtime", "risks/x/rate",
	}
	for _, c := range []struct {
		with, without []string
		hidden        []int
	}{
		{nil, nil, []int{0}},
		{nil, []string{"contract"}, []int{0}}, // it is what it was before
		{[]string{"rarer", "more"}, nil, []int{0, 2, 3, 6, 7}},
	} {
		sc, err := scenario.New(m, c.with, c.without)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range paths {
			if got := len(sc.Hidden([]string{p})) == 1; got != slices.Contains(c.hidden, i) {
				t.Errorf("with %v without %v: %s is hidden: %v", c.with, c.without, p, got)
			}
		}
	}
}
