package forecast_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

const vendorModel = `version: 1
services:
  api: {objective: {target: 99.5%%, over: 30d}, background: %s, needs: [card, sms]}
  card: {outside: true, availability: %s, outage: %s}
  sms: {outside: true, every: %s, outage: 30m}
safety_nets:
  %s
`

// A net that does not stand sets or changes what a service states, and the mean
// follows in closed form: (1 − A)·W for an availability, W/every · E[D] for a
// rhythm, the share of W for errors that are always there.
func TestEffectsOnWhatIsStatedInClosedForm(t *testing.T) {
	const window, hour = 30 * model.Day, 3600.0
	m := read(t, fmt.Sprintf(vendorModel, "0.05%", "99.9%", "10m..2h", "90d", `a: {status: proposed, effects: [{service: card, availability: 99.99%}]}
  b: {status: proposed, effects: [{service: card, outage: -50%}]}
  c: {status: proposed, effects: [{service: sms, outage: -50%}]}
  d: {status: proposed, effects: [{service: sms, every: 360d}]}
  e: {status: proposed, effects: [{service: api, background: 0.01%}]}
  f: {status: proposed, effects: [{service: card, outage: +50%}]}`))
	card, sms, always := 0.001*window, window/(90.0*model.Day)*hour/2, 0.0005*window
	for _, c := range []struct {
		with                   []string
		card, sms, always      float64
		cardTimes, longerTimes float64 // how often the card is down, and how long each time, against today
	}{
		{nil, card, sms, always, 1, 1},
		{[]string{"a"}, card / 10, sms, always, 0.1, 1},
		{[]string{"b"}, card, sms, always, 2, 0.5},
		{[]string{"f"}, card, sms, always, 1 / 1.5, 1.5},
		{[]string{"a", "b"}, card / 10, sms, always, 0.2, 0.5},
		{[]string{"c"}, card, sms / 2, always, 1, 1},
		{[]string{"d"}, card, sms / 4, always, 1, 1},
		{[]string{"c", "d"}, card, sms / 8, always, 1, 1},
		{[]string{"e"}, card, sms, always / 5, 1, 1},
	} {
		t.Run(fmt.Sprint(c.with), func(t *testing.T) {
			now := run(t, m, forecast.Options{}).Entries[0]
			e := run(t, m, forecast.Options{With: c.with}).Entries[0]
			near(t, "mean", e.SumMean, c.card+c.sms+c.always, 1e-6*e.SumMean)
			a, b := source(t, now, "card"), source(t, e, "card")
			near(t, "of the card", b.PerWindow, c.card, 1e-6*card)
			near(t, "how often the card is down", b.IncidentsWindow/a.IncidentsWindow, c.cardTimes, 1e-9)
			near(t, "how long the card is down each time", (b.PerWindow/b.IncidentsWindow)/(a.PerWindow/a.IncidentsWindow), c.longerTimes, 1e-6)
			near(t, "of the sms", source(t, e, "sms").PerWindow, c.sms, 1e-6*sms)
			near(t, "always there", source(t, e, "background").PerWindow, c.always, 1e-9)
		})
	}
}

// Taking away a net that stands undoes what it does: what was set is what it
// was before, and what was changed is divided out.
func TestTakingAwayANetUndoesItsEffectOnWhatIsStated(t *testing.T) {
	proposed := read(t, fmt.Sprintf(vendorModel, "0.1%", "99%", "1h", "30d", "a: {status: proposed, effects: [{service: card, availability: 99.9%}, {service: card, outage: -50%}, {service: sms, every: 90d}, {service: api, background: 0.05%}]}"))
	standing := read(t, fmt.Sprintf(vendorModel, "0.05%", "99.9%", "30m", "90d", "a: {status: in-place, effects: [{service: card, availability: 99.9%, before: 99%}, {service: card, outage: -50%}, {service: sms, every: 90d, before: 30d}, {service: api, background: 0.05%, before: 0.1%}]}"))
	for _, c := range []struct {
		name string
		a, b *forecast.Result
	}{
		{"with the net", run(t, proposed, forecast.Options{With: []string{"a"}}), run(t, standing, forecast.Options{})},
		{"without the net", run(t, proposed, forecast.Options{}), run(t, standing, forecast.Options{Without: []string{"a"}})},
	} {
		a, b := c.a.Entries[0], c.b.Entries[0]
		near(t, c.name+": the mean", a.Mean, b.Mean, 1e-6*b.Mean)
		near(t, c.name+": the chance", a.Met.Value, b.Met.Value, 1e-9)
		for _, x := range a.Sources {
			y := source(t, b, x.Name)
			near(t, c.name+": "+x.Name, x.PerWindow, y.PerWindow, 1e-6*y.PerWindow)
			near(t, c.name+": incidents of "+x.Name, x.IncidentsWindow, y.IncidentsWindow, 1e-9)
		}
	}
}

// Of nets that set one number the last one that stands counts.
func TestOfNetsThatSetANumberTheLastOneCounts(t *testing.T) {
	m := read(t, fmt.Sprintf(vendorModel, "0.05%", "99.9%", "1h", "90d", `a: {status: in-place, effects: [{service: card, availability: 99.9%, before: 99%}]}
  b: {status: proposed, effects: [{service: card, availability: 99.99%}]}
  c: {status: proposed, effects: [{service: card, availability: 99.95%}]}`))
	for _, c := range []struct {
		with, without []string
		lost          float64
	}{
		{nil, nil, 0.001}, {[]string{"b"}, nil, 0.0001}, {[]string{"c", "b"}, nil, 0.0005},
		{nil, []string{"a"}, 0.01}, {[]string{"b"}, []string{"a"}, 0.0001},
	} {
		e := run(t, m, forecast.Options{With: c.with, Without: c.without}).Entries[0]
		near(t, fmt.Sprint(c.with, c.without), source(t, e, "card").PerWindow, c.lost*30*model.Day, 1e-3)
	}
}

// A choice answers for every set of nets what a forecast of that set answers.
func TestAChoiceKnowsEffectsOnWhatIsStated(t *testing.T) {
	m := read(t, `version: 1
services:
  api: {objective: {target: 99.7%, over: 30d}, background: 0.1%, needs: [card, sms, {service: mail, impact: 20%}]}
  card: {availability: 99.9%, outage: 1h}
  sms: {every: 20d..90d, outage: 30m}
  mail: {availability: 98%..99%, outage: 1h}
safety_nets:
  e: {status: in-place, effects: [{service: api, background: 0.1%, before: 0.15%..0.2%}]}
  a: {status: proposed, effects: [{service: card, availability: 99.99%}]}
  b: {status: proposed, effects: [{service: card, outage: -50%}, {service: sms, every: 80d..200d}]}
  c: {status: proposed, effects: [{service: mail, availability: 99.5%..99.99%}, {service: sms, outage: -70%..-30%}]}
  d: {status: proposed, effects: [{service: api, background: 0.01%..0.02%}]}
`)
	q := forecast.Question{Service: "api", Objective: "available", Window: m.Service("api").Objectives[0].Over.Rat()}
	q.Budget = run(t, m, forecast.Options{}).Entries[0].Objective.Budget
	var all forecast.NetSet
	for i := range m.Nets {
		all = all.With(i)
	}
	choice, err := forecast.NewChoice(context.Background(), m, all, []forecast.Question{q}, forecast.NewMemory(64<<20))
	if err != nil {
		t.Fatal(err)
	}
	if choice.Parts() < 3 {
		t.Errorf("%d parts: what no net touches together is joined", choice.Parts())
	}
	chances := map[int]float64{}
	for _, mask := range []int{0, 1, 3, 5, 9, 17, 30, 31} {
		var set forecast.NetSet
		var with, without []string
		for i, n := range m.Nets {
			on := mask>>i&1 == 1
			switch {
			case on && n.Status != model.InPlace:
				with = append(with, n.Name)
			case !on && n.Status == model.InPlace:
				without = append(without, n.Name)
			}
			if on {
				set = set.With(i)
			}
		}
		var parts []forecast.PartSet
		for k := range choice.Parts() {
			parts = append(parts, forecast.PartSet{Part: k, Standing: set})
		}
		choice.Prepare(parts)
		got, ok := choice.Quick(0, set)
		if !ok {
			t.Fatalf("nothing is said of %v", with)
		}
		want := run(t, m, forecast.Options{With: with, Without: without}).Entries[0].Met
		sum := want.Value // a choice does not correct for outages at once
		if want.Sum != nil {
			sum = *want.Sum
		}
		near(t, fmt.Sprint(with, without), got.Met, sum, got.Error+want.Error+5e-4)
		chances[mask] = want.Value
	}
	for i, n := range m.Nets {
		today := 1 // e
		if gain := chances[today|1<<i] - chances[today&^(1<<i)]; math.Abs(gain) < 0.003 {
			t.Errorf("%s does next to nothing: %v", n.Name, gain)
		}
	}
}
