package plan_test

import (
	"context"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/plan"
	"tightrope/internal/say"
)

const shopText = `version: 1
currency: EUR
services:
  shop:
    objective: {target: 99.9%, over: 30d, confidence: 90%}
    worth: {revenue: 200_000/d, lost: 50%, sla: [{if: availability < 99.5% over 30d, pay: 50_000}]}
    needs: [db]
  db: {copies: 1}
risks:
  disk: {service: db, every: 300d, detect: 5m, recover: 3h..9h}
  bug: {service: shop, every: 60d, detect: 5m, recover: 20m..2h}
safety_nets:
  replica: {kind: redundancy, status: proposed, cost: {run: PRICE/y}, effects: [{service: db, copies: 2}]}
  tests: {kind: process, status: proposed, cost: {run: 5_000/y}, effects: [{risk: bug, prevents: 60%}]}
`

func TestACopyIsBoughtOrRefusedByItsPrice(t *testing.T) {
	for price, want := range map[string]bool{"20_000": true, "2_000_000": false} {
		m := read(t, strings.ReplaceAll(shopText, "PRICE", price))
		r := run(t, m, plan.Options{Mode: plan.Worth})
		if got := slices.Contains(r.Best.Nets, "replica"); got != want {
			t.Errorf("at %s: %v", price, r.Best.Nets)
		}
		if !r.Optimal || r.Best.Loss == nil || math.Abs(*r.Best.Total-*r.Best.Loss-r.Best.AnnualCost) > 1e-6 {
			t.Errorf("at %s: %+v", price, r.Best)
		}
	}
}

const optionsText = `version: 1
services:
  app: {objective: {target: 99.9%, over: 30d, confidence: CONF}}
risks:
  crash: {every: 20d, detect: 5m, recover: 20m..2h}
safety_nets:
  cheap: {kind: automation, status: proposed, cost: {run: 10/y}, effects: [{risk: crash, prevents: 30%}]}
  fair: {kind: automation, status: proposed, cost: {run: 25/y}, excludes: [cheap], effects: [{risk: crash, prevents: 60%}]}
  best: {kind: automation, status: proposed, cost: {run: 60/y}, excludes: [cheap, fair], effects: [{risk: crash, prevents: 95%}]}
`

func TestOfThreeThatExcludeEachOtherOneIsTaken(t *testing.T) {
	for _, c := range []struct{ confidence, want string }{{"43%", "cheap"}, {"60%", "fair"}, {"90%", "best"}} {
		r := run(t, read(t, strings.ReplaceAll(optionsText, "CONF", c.confidence)), plan.Options{Frontier: true})
		if r.Best == nil || strings.Join(r.Best.Nets, " ") != c.want {
			t.Errorf("%s: %+v", c.confidence, r.Best)
		}
		if !r.FrontierComplete || len(r.Frontier) != 4 {
			t.Errorf("%s: frontier of %d", c.confidence, len(r.Frontier))
		}
	}
}

func TestConflictsAreExplainedByTheSmallestSet(t *testing.T) {
	m := read(t, `version: 1
services:
  app: {objective: {target: 99%}}
risks:
  crash: {every: 20d, detect: 5m, recover: 20m}
safety_nets:
  a: {kind: automation, status: proposed, cost: {run: 10/y}, requires: [b], effects: [{risk: crash, prevents: 30%}]}
  b: {kind: automation, status: proposed, cost: {run: 10/y}, requires: [c], effects: []}
  c: {kind: automation, status: proposed, cost: {run: 10/y}, effects: []}
  d: {kind: automation, status: proposed, cost: {run: 10/y}, excludes: [c], effects: []}
  old: {kind: process, status: in-place, cost: {run: 1/y}, effects: []}
  new: {kind: process, status: proposed, cost: {run: 1/y}, replaces: [old], effects: []}
  gone: {kind: process, status: rejected, cost: {run: 1/y}, effects: []}
  e: {kind: process, status: proposed, requires: [gone], effects: []}
`)
	money := 25.0
	for _, c := range []struct {
		opts plan.Options
		want string
	}{
		{plan.Options{Keep: []string{"a"}, Forbid: []string{"c"}}, "a requires b; b requires c; forbid c; keep a"},
		{plan.Options{Keep: []string{"a", "d"}}, "a requires b; b requires c; d excludes c; keep a; keep d"},
		{plan.Options{Keep: []string{"a"}, Money: &money}, "a requires b; b requires c; keep a; spend no more than 25 a year"},
		{plan.Options{Keep: []string{"a", "b"}, Forbid: []string{"b"}}, "forbid b; keep b"},
		{plan.Options{Keep: []string{"old", "new"}}, "keep new; keep old, which new replaces"},
		{plan.Options{Keep: []string{"e"}}, "e requires gone, which is rejected; keep e"},
		{plan.Options{Keep: []string{"a", "new"}}, ""},
	} {
		r := run(t, m, c.opts)
		var got []string
		for _, x := range r.Conflict {
			got = append(got, say.English().Message(x.Text))
		}
		slices.Sort(got)
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("keep %v forbid %v: %q, expected %q", c.opts.Keep, c.opts.Forbid, s, c.want)
		}
		if c.want != "" && r.Best != nil {
			t.Errorf("a plan in spite of the conflict: %v", r.Best.Nets)
		}
	}
}

func TestATimeThatIsUpLeavesAGap(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	money := 40.0
	for _, opts := range []plan.Options{{}, {Mode: plan.Spend, Money: &money}} {
		r, err := plan.Run(ctx, load(t, "../../examples/cre-nets"), opts)
		if err != nil {
			t.Fatal(err)
		}
		if r.Optimal || !(r.Gap > 0) {
			t.Errorf("%s: optimal %v, gap %v", r.Mode, r.Optimal, r.Gap)
		}
	}
}

func TestANetWithNoPriceIsAnError(t *testing.T) {
	m := read(t, `version: 1
services:
  app: {objective: {target: 99%}}
risks:
  crash: {every: 20d, detect: 5m, recover: 20m}
safety_nets:
  a: {kind: automation, status: proposed, cost: {build: 10 person-days}, effects: [{risk: crash, prevents: 30%}]}
`)
	_, err := plan.Run(context.Background(), m, plan.Options{})
	if err == nil || !strings.Contains(err.Error(), "a takes 10 person-days") {
		t.Error(err)
	}
}

func TestNinesOfTheRiskSheet(t *testing.T) {
	r := run(t, load(t, "../../examples/cre-nets"), plan.Options{Nines: true, Roadmap: true, BreakEven: []string{"soft-delete", "canary"}})
	last := -1.0
	for _, n := range r.Nines {
		t.Logf("%s own %v feasible %v %+v", n.Target.Text, n.Own, n.Feasible, n.Plan)
		if !n.Feasible {
			last = math.Inf(1)
			continue
		}
		if n.Plan.AnnualCost < last {
			t.Errorf("%s costs less than the target before", n.Target.Text)
		}
		last = n.Plan.AnnualCost
		if n.Own && n.Plan.AnnualCost != r.Best.AnnualCost {
			t.Errorf("the objective's own costs %v", n.Plan.AnnualCost)
		}
	}
	if r.Recommended != nil || !r.NotRecommended.Is() {
		t.Errorf("recommended %v %q", r.Recommended, r.NotRecommended)
	}
	if n := len(r.Roadmap); n != 3 || r.Roadmap[n-1].Plan.Met != r.Best.Met {
		t.Errorf("roadmap %+v", r.Roadmap)
	}
	for _, s := range r.Roadmap {
		t.Log(s.Net, s.Months, s.Gain, s.Plan.Met)
	}
	for _, b := range r.BreakEven {
		if b.Scale == nil {
			t.Log(b.Net, "never")
			continue
		}
		t.Log(b.Net, *b.Scale, b.Effects)
	}
	if b := r.BreakEven[0]; b.Scale == nil || *b.Scale > 1 {
		t.Errorf("soft-delete pays at %v", b.Scale)
	}
}

func TestAllConfidencesOfTheRiskSheet(t *testing.T) {
	m := load(t, "../../examples/cre-nets")
	b := newBrute(t, m, false)
	for _, p := range []string{"50", "60", "70", "75", "80", "85", "90", "92.5", "95", "97", "98", "99", "99.5", "99.9"} {
		x := *forecast.UsualTargets()[0].Exact
		c := &x
		if _, ok := c.SetString(p); !ok {
			t.Fatal(p)
		}
		c.Quo(c, hundred())
		b.conf[0], _ = c.Float64()
		r := run(t, m, plan.Options{Confidence: c})
		want := b.cheapest()
		same(t, p, r.Best, want, 0)
		if len(want) == 0 {
			b.reaches(r.Reachable)
			continue
		}
		same(t, p+" runner-up", r.RunnerUp, want, 1)
		t.Log(p, r.Best.AnnualCost, r.Best.Met, r.Best.Nets)
	}
	r := run(t, m, plan.Options{Frontier: true})
	b.front(r)
	t.Log(len(r.Frontier))
}

func hundred() *big.Rat { return big.NewRat(100, 1) }
