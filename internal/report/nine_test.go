package report

import (
	"bytes"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
)

// The set with the least total is marked, and not the cheapest of its target.
func TestTheBestIsTheSetWithTheLeastTotal(t *testing.T) {
	of := func(nets []string, cost, loss float64) *plan.Plan {
		total := cost + loss
		return &plan.Plan{Nets: nets, AnnualCost: cost, Loss: &loss, Total: &total,
			Objectives: []plan.Kept{{Service: "app", Objective: "available", Confidence: 0.9, Met: 0.95, OK: true, Window: 30 * model.Day}}}
	}
	today, better := of(nil, 0, 55800), of([]string{"canary"}, 4233, 47574)
	nine := plan.Nine{Target: forecast.UsualTargets()[3], Feasible: true, Optimal: true, LeastOptimal: true, Visible: true, Own: true, Plan: today, Least: better}
	r := &plan.Result{Mode: plan.Cheapest, Today: today, Best: today, Optimal: true, Nines: []plan.Nine{nine}, Recommended: &nine}
	m := &model.Model{Services: []*model.Service{{Name: "app", Objectives: []*model.Objective{{Name: "available"}}}}}
	m.Index()
	var b bytes.Buffer
	if err := PlanText(&b, r, PlanOptions{Model: m, Options: Options{Width: 100, All: true}}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		if marked := strings.Contains(line, "best"); marked != strings.Contains(line, "51,807") && strings.Contains(line, "░") {
			t.Errorf("marked: %v: %q", marked, line)
		}
	}
	if !strings.Contains(b.String(), "← best") {
		t.Errorf("nothing is marked:\n%s", b.String())
	}
}
