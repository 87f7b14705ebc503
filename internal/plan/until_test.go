package plan_test

import (
	"context"
	"math"
	"testing"

	"tightrope/internal/plan"
	"tightrope/internal/testmodel"
)

// Wherever a plan is ended, what it says holds: what it found does what is asked
// for, and the best of all is no further from it than the gap.
func TestPlanEndedAnywhere(t *testing.T) {
	for seed := range uint64(8) {
		mode := []plan.Mode{plan.Cheapest, plan.Spend, plan.Worth}[seed%3]
		m := read(t, generate(recipe{nets: 6, risks: 5, loose: true, rules: seed%2 == 1, people: seed%4 == 3, worth: mode == plan.Worth}, seed))
		money := 150.0
		opts := plan.Options{Mode: mode, Frontier: true, Nines: seed%4 == 0, Roadmap: true}
		if seed%2 == 0 {
			opts.BreakEven = []string{m.Nets[0].Name}
		}
		if mode == plan.Spend {
			opts.Money = &money
		}
		whole, err := plan.Run(context.Background(), m, opts)
		if err != nil {
			t.Fatal(err)
		}
		for asked := 0; asked < 4000; asked = asked*3 + 1 {
			r, err := plan.Run(testmodel.Lit(int64(asked)), m, opts)
			if err != nil {
				t.Fatalf("seed %d, %s, ended after %d: %v", seed, mode, asked, err)
			}
			if (r.Best == nil) != (whole.Best == nil) && r.Gap == 0 && r.Conflict == nil {
				t.Errorf("seed %d, %s, ended after %d: found %v, there is %v, and no gap", seed, mode, asked, r.Best, whole.Best)
			}
			for i, n := range r.Nines {
				w := whole.Nines[i]
				switch {
				case !n.Feasible && n.Gap == 0 && w.Feasible:
					t.Errorf("seed %d, ended after %d: %s is said to be impossible", seed, asked, n.Target.Text)
				case n.Feasible && w.Feasible && n.Plan.AnnualCost-w.Plan.AnnualCost > n.Gap+1e-6:
					t.Errorf("seed %d, ended after %d: %s for %v, gap %v; it is had for %v", seed, asked, n.Target.Text, n.Plan.AnnualCost, n.Gap, w.Plan.AnnualCost)
				}
			}
			if r.Best == nil || whole.Best == nil {
				continue
			}
			off := 0.0
			switch mode {
			case plan.Cheapest:
				off = r.Best.AnnualCost - whole.Best.AnnualCost
				for _, o := range r.Best.Objectives {
					if !o.OK {
						t.Errorf("seed %d, ended after %d: %v is not met", seed, asked, o)
					}
				}
			case plan.Spend:
				off = whole.Best.Met - r.Best.Met
			case plan.Worth:
				off = *r.Best.Total - *whole.Best.Total
			}
			if most := r.Gap + 1e-9*math.Max(1, math.Abs(off)); off > most || r.Optimal && off > 1e-6 {
				t.Errorf("seed %d, %s, ended after %d: off by %v, gap %v, optimal %v", seed, mode, asked, off, r.Gap, r.Optimal)
			}
		}
	}
}

// A plan that cannot be proven in its share of the time leaves some for what is asked
// besides.
func TestAPlanThatIsCutLeavesTimeForTheRest(t *testing.T) {
	m := read(t, generate(recipe{nets: 20, risks: 15, plain: true}, 2))
	shares := 0
	opts := plan.Options{Frontier: true, Nines: true, Share: func(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
		if shares++; shares == 1 {
			return testmodel.Lit(40), func() {}
		}
		return ctx, func() {}
	}}
	r := run(t, m, opts)
	if !r.Cut || r.Optimal {
		t.Fatalf("it was done in no time: cut %v, optimal %v", r.Cut, r.Optimal)
	}
	if len(r.Frontier) < 3 || !r.FrontierComplete {
		t.Errorf("%d plans on the frontier, complete: %v", len(r.Frontier), r.FrontierComplete)
	}
	some := 0
	for _, n := range r.Nines {
		if n.Feasible && n.Optimal {
			some++
		}
	}
	if some == 0 {
		t.Error("no nine is known")
	}
	opts.Share = nil
	if whole := run(t, m, opts); whole.Cut || !whole.Optimal {
		t.Errorf("without a limit: cut %v, optimal %v", whole.Cut, whole.Optimal)
	}
}
