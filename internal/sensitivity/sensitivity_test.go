package sensitivity_test

import (
	"context"
	"math"
	"math/big"
	"testing"

	"tightrope/internal/distribution"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
	"tightrope/internal/sensitivity"
)

func read(t *testing.T, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\n" + text)}})
	for _, p := range problems {
		t.Fatal(p)
	}
	return m
}

func met(t *testing.T, m *model.Model) float64 {
	t.Helper()
	f, err := forecast.Run(m, forecast.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f.Entries[0].Met.Value
}

// Each end is the forecast of a model with that number written plainly.
func TestMovesAreForecastsOfPlainModels(t *testing.T) {
	m := read(t, `
services: {app: {objective: {target: 99.9%}}}
risks:
  often: {rate: 4 in 1y, detect: 0s, recover: exp(30m)}
  rare: {every: 300d..900d, impact: 20%..60%, detect: 0s, recover: 2h}
`)
	r, err := sensitivity.Run(context.Background(), m, sensitivity.Options{PromisesOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Inputs) != 3 || !r.Complete {
		t.Fatalf("%d inputs, complete %v", len(r.Inputs), r.Complete)
	}
	if r.Inputs[0].What != message.KeyOf("rate", "risk often") {
		t.Errorf("what matters most is the %s", r.Inputs[0].What)
	}
	law := distribution.GammaSeen(4, model.Year)
	for _, end := range []struct{ p, got float64 }{{0.05, r.Inputs[0].Moves[0].AtLow}, {0.95, r.Inputs[0].Moves[0].AtHigh}} {
		plain := m.Clone()
		plain.Risk("often").Rate = &model.Rate{Kind: model.Exactly, Exact: new(big.Rat).SetFloat64(law.Quantile(end.p))}
		if want := met(t, plain); math.Abs(end.got-want) > 1e-9 {
			t.Errorf("at %g: %g, a plain model says %g", end.p, end.got, want)
		}
	}
	if r.Inputs[0].Moves[0].AtLow <= r.Inputs[0].Moves[0].AtHigh {
		t.Error("more incidents make a promise easier to keep")
	}
}

// A net that halves a risk costs 30 a year. Of x incidents a year each loses an
// hour of 10: it pays from 6 incidents on. Not knowing x (here 4 on average) costs
// E[max(0, 5x − 30)] a year, by the rule of five points.
func TestWhatKnowingARateIsWorth(t *testing.T) {
	m := read(t, `
currency: EUR
services:
  app: {objective: {target: 90%}, worth: {revenue: 10/h, lost: 100%}}
risks:
  crash: {rate: 1/y..9/y, detect: 0s, recover: 1h}
safety_nets:
  half: {kind: automation, status: proposed, cost: {run: 30/y}, effects: [{risk: crash, prevents: 50%}]}
`)
	r, err := sensitivity.Run(context.Background(), m, sensitivity.Options{Plan: plan.Options{Mode: plan.Worth}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Plan == nil || len(r.Plan.Nets) != 0 {
		t.Fatalf("today's plan is %+v, expected no net", r.Plan)
	}
	in := r.Inputs[0]
	x, w := distribution.GammaBetween(1.0/model.Year, 9.0/model.Year).Nodes(5)
	want := 0.0
	for i := range x {
		want += w[i] * math.Max(0, 5*x[i]*model.Year-30)
	}
	if in.Worth == nil || math.Abs(*in.Worth-want) > 1e-6*want {
		t.Errorf("knowing it is worth %v, expected %g", *in.Worth, want)
	}
	if in.AtLow != nil || in.AtHigh == nil || len(in.AtHigh.Add) != 1 || in.AtHigh.Add[0] != "half" {
		t.Errorf("at the low end %+v, at the high end %+v, expected the net at the high end alone", in.AtLow, in.AtHigh)
	}
}

// Knowing what no decision hangs on is worth nothing.
func TestKnowingWhatChangesNothingIsWorthNothing(t *testing.T) {
	m := read(t, `
currency: EUR
services:
  app: {objective: {target: 90%}, worth: {revenue: 10/h, lost: 100%}}
risks:
  crash: {rate: 1/y..3/y, detect: 0s, recover: 1h}
safety_nets:
  half: {kind: automation, status: proposed, cost: {run: 3000/y}, effects: [{risk: crash, prevents: 50%}]}
`)
	r, err := sensitivity.Run(context.Background(), m, sensitivity.Options{Plan: plan.Options{Mode: plan.Worth}})
	if err != nil {
		t.Fatal(err)
	}
	if in := r.Inputs[0]; in.Worth == nil || *in.Worth != 0 || in.AtLow != nil || in.AtHigh != nil {
		t.Errorf("%+v", in)
	}
}

func TestAStoppedQuestionSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := sensitivity.Run(ctx, read(t, `
services: {app: {objective: {target: 99.9%}}}
risks: {crash: {rate: 1/y..3/y, detect: 0s, recover: 1h}}
`), sensitivity.Options{PromisesOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if r.Complete || len(r.Inputs) != 0 {
		t.Errorf("complete %v with %d inputs", r.Complete, len(r.Inputs))
	}
}
