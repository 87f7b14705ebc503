package decision

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
)

const shop = `version: 1
currency: EUR
services:
  app:
    owner: app-team
    objective: {target: 99.95%, decide_by: 2026-11-15, over: 30d, confidence: 90%}
    worth: {revenue: 100_000/d, lost: 50%, users: 1000}
    needs: [{service: db, impact: 50%}]
  db: {owner: db-team}
changes:
  release: {service: app, every: 7d, downtime: 10s}
risks:
  crash: {service: app, rate: 12/y, detect: 5m, recover: 10m, impact: 40%, asof: 2026-01-31, review: 90d}
  bug: {service: app, per: release, chance: 2%..12%, detect: 5m, recover: 10m}
  disk: {service: db, rate: 1/y, detect: 5m, recover: 55m, accepted: {by: cto, since: 2026-01-01, until: 2026-12-31, because: rare}}
safety_nets:
  canary: {kind: automation, status: proposed, lead_time: 6w, cost: {run: 100/month}, effects: [{risk: bug, prevents: 80%}]}
  gold: {kind: automation, status: proposed, cost: {run: 1_000_000/month}, effects: [{risk: crash, prevents: 50%}]}
  twin: {kind: redundancy, status: building, ready: 2026-11-30, owner: db-team, cost: {run: 10/month}, effects: [{risk: disk, prevents: 90%}]}
`

func parsed(t *testing.T, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(text)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return m
}

func decided(t *testing.T, m *model.Model, r *plan.Result, o Options) *Decision {
	t.Helper()
	f, err := forecast.Run(m, forecast.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Of(context.Background(), m, f, r, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func planned(t *testing.T, m *model.Model) *plan.Result {
	t.Helper()
	r, err := plan.Run(context.Background(), m, plan.Options{Nines: true, Roadmap: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What is decided is what the plan recommends, and what is promised with it is what a
// forecast of these nets says.
func TestADecisionIsWhatThePlanRecommends(t *testing.T) {
	m := parsed(t, shop)
	r := planned(t, m)
	d := decided(t, m, r, Options{})
	if r.Recommendation == nil || d.By != Money || !d.Proven || d.Set != r.Recommendation.Plan {
		t.Fatalf("by %q, proven %v", d.By, d.Proven)
	}
	if !slices.Contains(d.Nets, "canary") || slices.Contains(d.Nets, "gold") {
		t.Errorf("it builds %v", d.Nets)
	}
	if first, step := d.First(); step == nil || first != r.Recommendation.Roadmap[0].Net {
		t.Errorf("%q is first", first)
	}
	f, err := forecast.Run(m, forecast.Options{With: d.Nets})
	if err != nil {
		t.Fatal(err)
	}
	p := d.Promises[0]
	want := f.Entries[0]
	if p.Target == nil || want.Suggested == nil || p.Target.Text != want.Suggested.Text || p.Target.Text != r.Recommendation.Target.Text {
		t.Errorf("it promises %v, the forecast %v, the plan %v", p.Target, want.Suggested, r.Recommendation.Target)
	}
	if math.Abs(p.Then.Met.Value-want.Met.Value) > 1e-9 || p.Wanted != (want.Verdict == forecast.Achievable) {
		t.Errorf("a chance of %v against %v", p.Then.Met.Value, want.Met.Value)
	}
}

// Users meet as many incidents as happen, each by the share of them that it hits:
// 12 × 40 % + 365.25/7 × the mean chance + 1 × 50 %, planned work apart.
func TestHitsAreCountedByHand(t *testing.T) {
	m := parsed(t, strings.Replace(shop, "2%..12%", "10%", 1))
	d := decided(t, m, nil, Options{})
	want := 12*0.4 + 365.25/7*0.1 + 0.5
	h := d.Promises[0].Hits
	// A window of 30 days holds so many releases on average.
	if math.Abs(h.PerUser-want) > 1e-6*want || h.Users == nil || *h.Users != 1000 || math.Abs(*h.All-1000*h.PerUser) > 1e-9**h.All {
		t.Errorf("%v a year, want %v", h.PerUser, want)
	}
}

// What an input changes is what a forecast says of a model that was written with it.
func TestATurnIsTheForecastOfAModelWrittenSo(t *testing.T) {
	for name, text := range map[string]string{
		"without a past": shop,
		// What happened stays what it was, whatever an input is.
		"with a past": strings.Replace(shop, "    worth:", "    history: {over: 365d, bad: 300m, incidents: 40}\n    worth:", 1),
	} {
		t.Run(name, func(t *testing.T) { turnsAsWritten(t, text) })
	}
}

func turnsAsWritten(t *testing.T, text string) {
	m := parsed(t, text)
	past, err := forecast.Reconcile(context.Background(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := decided(t, m, nil, Options{Turns: true})
	p := d.Promises[0]
	if !p.Asked || len(p.Turns) < 1 || p.Turns[0].Name != "bug" || p.Turns[0].Field != "chance" || p.Turns[0].Part != "risk" {
		t.Fatalf("%+v", p.Turns)
	}
	turn := p.Turns[0]
	other := parsed(t, strings.Replace(text, "2%..12%", fmt.Sprintf("%.15g%%", 100*turn.Value), 1)).WithPastOf(past)
	f, err := forecast.Run(other, forecast.Options{Targets: []forecast.Target{*p.Target}})
	if err != nil {
		t.Fatal(err)
	}
	e := f.Entries[0]
	if got := e.Compare[0].Met.Value; math.Abs(got-turn.Chance) > 1e-6 {
		t.Errorf("a chance of %v, the forecast has %v", turn.Chance, got)
	}
	if turn.Suggested == nil || turn.Suggested.Text != e.Suggested.Text {
		t.Errorf("%v could be promised, the forecast has %v", turn.Suggested, e.Suggested)
	}
	if want := turn.Chance < e.Confidence || higher(turn.Suggested, p.Target); turn.Changes != want {
		t.Errorf("changes: %v", turn.Changes)
	}
}

func TestWhatIsToBeDecidedStandsInTheOrderOfDays(t *testing.T) {
	m := parsed(t, shop)
	day := &model.Date{Year: 2026, Month: 12, Day: 1, Text: "2026-12-01"}
	var got []string
	for _, x := range decided(t, m, nil, Options{Day: day}).Next {
		got = append(got, fmt.Sprintf("%s %s %s %s %v", x.By.Text, x.What, x.Of.Name, x.Who.In("en"), x.Late))
	}
	// 90 days after the 31st of January are the 1st of May.
	want := []string{"2026-05-01 review crash app-team true", "2026-11-15 promised app app-team true", "2026-11-30 ready twin db-team true", "2026-12-31 accepted disk cto false"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestWhatIsImpossibleIsSaidToBeOnlyWhereItIsProven(t *testing.T) {
	m := parsed(t, strings.Replace(shop, "99.95%", "99.9999%", 1))
	r := planned(t, m)
	if p := decided(t, m, r, Options{}).Promises[0]; p.Possible != No {
		t.Errorf("possible: %q", p.Possible)
	}
	r.Gap = math.Inf(1)
	if p := decided(t, m, r, Options{}).Promises[0]; p.Possible != Unknown {
		t.Errorf("possible: %q, though the search was ended", p.Possible)
	}
	if p := decided(t, m, nil, Options{}).Promises[0]; p.Possible != Unknown {
		t.Errorf("possible: %q without a plan", p.Possible)
	}
}
