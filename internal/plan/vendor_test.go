package plan_test

import (
	"math"
	"testing"

	"tightrope/internal/message"
	"tightrope/internal/plan"
)

// A shorter outage can be scaled, and what a net sets cannot.
func TestAShorterOutageHasABreakEven(t *testing.T) {
	m := read(t, `version: 1
currency: EUR
services:
  api: {objective: {target: 99%, over: 30d}, worth: {revenue: 100_000/d, lost: 100%}, needs: [sms]}
  sms: {outside: true, every: 36.525d, outage: 1h}
safety_nets:
  hotline: {kind: vendor, status: proposed, cost: {run: 10_000/y}, effects: [{service: sms, outage: -50%}]}
  contract: {kind: vendor, status: proposed, cost: {run: 1_000_000/y}, effects: [{service: sms, every: 10y}]}
`)
	r := run(t, m, plan.Options{BreakEven: []string{"hotline", "contract"}})
	hotline, contract := r.BreakEven[0], r.BreakEven[1]
	// Ten outages a year of an hour lose 10/24 of a day's revenue.
	pays := 10_000 / (100_000 * 10.0 / 24) / 0.5
	if hotline.Scale == nil || math.Abs(*hotline.Scale-pays) > 0.01 {
		t.Errorf("pays from %v times its effect, want %v", hotline.Scale, pays)
	}
	if said := hotline.Effects; len(said) != 1 || said[0] != message.ChangedBy("outage", -0.5**hotline.Scale, message.Named("sms")) {
		t.Errorf("said as %q", said)
	}
	if contract.Pays != plan.Unscalable {
		t.Errorf("what is set was scaled: %+v", contract)
	}
}
