package plan_test

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
)

func read(t testing.TB, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(text)}})
	for _, p := range problems {
		t.Error(p)
	}
	if m == nil || len(problems) > 0 {
		t.Fatal("not a model:\n" + text)
	}
	return m
}

func load(t testing.TB, name string) *model.Model {
	t.Helper()
	m, problems, err := modelfile.Load([]string{name})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return m
}

func run(t testing.TB, m *model.Model, opts plan.Options) *plan.Result {
	t.Helper()
	r, err := plan.Run(context.Background(), m, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCheapestNetsOfTheRiskSheet(t *testing.T) {
	m := load(t, "../../examples/cre-nets")
	start := time.Now()
	r := run(t, m, plan.Options{})
	t.Log(time.Since(start), r.Explored)
	if math.Abs(r.Today.Met-0.3257) > 5e-5 {
		t.Errorf("with no net the chance is %v, expected 0.3257", r.Today.Met)
	}
	if r.Best == nil || !r.Optimal {
		t.Fatalf("no plan: %+v", r)
	}
	if got := strings.Join(r.Best.Nets, " "); got != "burn-rate-alerts capacity-planning soft-delete" {
		t.Errorf("the cheapest plan is %q", got)
	}
	if r.Best.AnnualCost != 47 || math.Abs(r.Best.Met-0.923902) > 5e-7 || math.Abs(r.Best.BadMean/60-296.168828) > 5e-6 {
		t.Errorf("cost %v chance %v mean %v min", r.Best.AnnualCost, r.Best.Met, r.Best.BadMean/60)
	}
	t.Log(r.RunnerUp)
}
