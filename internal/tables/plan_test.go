package tables

import (
	"fmt"
	"slices"
	"testing"

	"tightrope/internal/plan"
)

func TestAFrontierIsShownByItsEndsThePlanAndOthersBetween(t *testing.T) {
	r := &plan.Result{}
	for i := range 60 {
		r.Frontier = append(r.Frontier, &plan.Plan{Nets: []string{fmt.Sprint(i)}, AnnualCost: float64(i), Met: float64(i) / 100})
	}
	r.Best = &plan.Plan{Nets: []string{"23"}, AnnualCost: 23, Met: 0.23}
	sets, best := Shown(r)
	if len(sets) != frontierRows || sets[0] != r.Frontier[0] || sets[len(sets)-1] != r.Frontier[59] || best < 0 || sets[best] != r.Frontier[23] {
		t.Errorf("of 60 these are shown, and the plan is number %d: %v", best, sets)
	}
	// A plan of other nets that is as good stands where its cost belongs.
	r.Best = &plan.Plan{Nets: []string{"others"}, AnnualCost: 23, Met: 0.23}
	sets, best = Shown(r)
	if best < 0 || sets[best] != r.Best || !slices.IsSortedFunc(sets, func(x, y *plan.Plan) int { return int(x.AnnualCost - y.AnnualCost) }) {
		t.Errorf("with a plan of other nets these are shown, and the plan is number %d: %v", best, sets)
	}
	r.Best, r.Frontier = nil, r.Frontier[:1]
	if sets, best := Shown(r); len(sets) != 1 || best != -1 {
		t.Errorf("of one set %v are shown, number %d as the plan", sets, best)
	}
}
