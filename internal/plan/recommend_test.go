package plan_test

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
	"tightrope/internal/testmodel"
)

// keptAt is how likely the first objective is met at some targets, as a forecast
// of the set says.
func (b *brute) keptAt(x *bruteSet, targets []forecast.Target) []float64 {
	o := forecast.Options{Targets: targets, Memory: b.memory, Plain: true}
	for i, n := range b.m.Nets {
		switch {
		case x.standing.Has(i) && n.Status != model.InPlace:
			o.With = append(o.With, n.Name)
		case !x.standing.Has(i) && n.Status == model.InPlace:
			o.Without = append(o.Without, n.Name)
		}
	}
	r, err := forecast.Run(b.m, o)
	if err != nil {
		b.t.Fatal(err)
	}
	out := make([]float64, len(targets))
	for _, e := range r.Entries {
		if e.Objective == nil {
			continue
		}
		for i, t := range targets {
			for _, c := range e.Compare {
				if c.Target.Exact.Cmp(t.Exact) == 0 {
					out[i] = c.Met.Value
				}
			}
		}
		break
	}
	return out
}

// near money and chances are known as well as chances of clauses are.
func nearly(a, b float64) bool { return math.Abs(a-b) <= 1e-5*math.Max(math.Abs(a), math.Abs(b)) }

func TestWhatIsRecommendedIsTheLeastTotalOfAllSets(t *testing.T) {
	for i := range 14 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := recipes(i)
			c.worth, c.two = true, false
			c.nets = 3 + i%3
			m := read(t, generate(c, uint64(3000+i)))
			review := i%4 == 1
			b := newBrute(t, m, review)
			total := func(x *bruteSet) float64 { return x.cost + b.lossOf(x) }
			r := run(t, m, plan.Options{Memory: b.memory, Nines: true, Frontier: true, Review: review})
			worthy := run(t, m, plan.Options{Mode: plan.Worth, Memory: b.memory, Review: review})
			x := r.Recommendation
			if x == nil {
				t.Fatalf("nothing is recommended: %s", r.NotRecommended)
			}
			least := math.Inf(1)
			for _, y := range b.sets {
				least = math.Min(least, total(y))
			}
			if !nearly(*x.Plan.Total, least) || !x.Optimal {
				t.Errorf("recommended %v with a total of %v (proven %v), the least of all is %v", x.Plan.Nets, *x.Plan.Total, x.Optimal, least)
			}
			if !slices.Equal(x.Plan.Nets, worthy.Best.Nets) || *x.Plan.Total != *worthy.Best.Total {
				t.Errorf("recommended %v for %v, --worth finds %v for %v", x.Plan.Nets, *x.Plan.Total, worthy.Best.Nets, *worthy.Best.Total)
			}
			// No total that is seen anywhere is smaller.
			seen := append([]*plan.Plan{r.Today, r.Best, r.RunnerUp, r.Reachable, x.Beyond, worthy.RunnerUp, worthy.Today}, r.Frontier...)
			for _, n := range r.Nines {
				seen = append(seen, n.Plan, n.Least)
			}
			for _, y := range seen {
				if y != nil && y.Total != nil && *y.Total < *x.Plan.Total*(1-1e-9)-x.Plan.LossError-y.LossError {
					t.Errorf("%v has a total of %v, less than what is recommended (%v)", y.Nets, *y.Total, *x.Plan.Total)
				}
			}
			// Of each target the least cost and the least total of the sets that meet it.
			var targets []forecast.Target
			for _, n := range r.Nines {
				targets = append(targets, n.Target)
			}
			mets := make([][]float64, len(b.sets))
			for k, y := range b.sets {
				mets[k] = b.keptAt(y, targets)
			}
			conf := b.conf[0]
			for k, n := range r.Nines {
				cheapest, least, close := math.Inf(1), math.Inf(1), false
				for j, y := range b.sets {
					close = close || math.Abs(mets[j][k]-conf) < 1e-5
					if mets[j][k] >= conf {
						cheapest, least = math.Min(cheapest, y.cost), math.Min(least, total(y))
					}
				}
				if close {
					continue
				}
				switch {
				case math.IsInf(cheapest, 1) != (n.Plan == nil):
					t.Errorf("%s: the cheapest is %v, expected one for %v", n.Target.Text, n.Plan, cheapest)
				case n.Plan == nil:
				case !nearly(n.Plan.AnnualCost, cheapest):
					t.Errorf("%s: the cheapest costs %v, expected %v", n.Target.Text, n.Plan.AnnualCost, cheapest)
				case n.Least == nil || !nearly(*n.Least.Total, least):
					t.Errorf("%s: the least total is %+v, expected %v", n.Target.Text, n.Least, least)
				}
			}
			// What may be promised is what the recommended set keeps.
			at := slices.IndexFunc(b.sets, func(y *bruteSet) bool {
				names := slices.Sorted(slices.Values(x.Plan.Nets))
				return slices.Equal(names, y.names)
			})
			if at < 0 {
				t.Fatalf("%v is none of the sets", x.Plan.Nets)
			}
			usual := forecast.UsualTargets()
			var want string
			for k, met := range b.keptAt(b.sets[at], usual) {
				if met >= conf {
					want = usual[k].Text
				}
			}
			got := ""
			if x.Target != nil {
				got = x.Target.Text
			}
			if got != want || (want == "") != (x.Achievable != nil) {
				t.Errorf("recommended target %q, the set keeps %q; achievable %v", got, want, x.Achievable)
			}
			if own := slices.IndexFunc(r.Nines, func(n plan.Nine) bool { return n.Own }); x.Keeps != (mets[at][own] >= conf) {
				t.Errorf("it is said to meet the objective: %v, the chance is %v", x.Keeps, mets[at][own])
			} else if n := r.Nines[own]; !x.Keeps && n.Least != nil && (x.Beyond == nil || !nearly(x.More, *n.Least.Total-*x.Plan.Total)) {
				t.Errorf("the objective costs %v beyond, expected %v", x.More, *n.Least.Total-*x.Plan.Total)
			}
		})
	}
}

func TestWithoutWorthNothingIsRecommendedByMoney(t *testing.T) {
	const text = `
version: 1
services:
  app: {objective: {target: 99.9%}WORTH}
risks:
  crash: {service: app, every: 30d, detect: 5m, recover: 1h}
safety_nets:
  retry: {kind: automation, status: proposed, cost: {run: 10/month}, effects: [{risk: crash, prevents: 60%}]}
`
	for _, c := range []struct {
		worth   string
		missing []string
	}{
		{"", []string{"services/app/worth"}},
		{", worth: {users: 100}", []string{"services/app/worth/revenue"}},
		{", worth: {revenue: 100/d}", nil},
	} {
		m := read(t, strings.Replace(text, "WORTH", c.worth, 1))
		r := run(t, m, plan.Options{Nines: true})
		if !slices.Equal(r.Missing, c.missing) || (r.Recommendation == nil) != (c.missing != nil) || r.NotRecommended.Is() != (c.missing != nil) {
			t.Errorf("%s: missing %v, recommended %v, because %q", c.worth, r.Missing, r.Recommendation, r.NotRecommended)
		}
		if r.Best == nil && r.Reachable == nil {
			t.Errorf("%s: no set is named", c.worth)
		}
	}
}

// A net that does nothing and costs nothing makes no total smaller.
func TestOfEqualTotalsFewerNetsWin(t *testing.T) {
	m := read(t, `
version: 1
services:
  app: {objective: {target: 99%}, worth: {revenue: 1000/d}}
risks:
  crash: {service: app, every: 30d, detect: 5m, recover: 1h}
safety_nets:
  idle: {kind: process, status: proposed, cost: {run: 0/month}, effects: []}
  also: {kind: process, status: proposed, cost: {run: 0/month}, effects: [{risk: crash, prevents: 0%}]}
  good: {kind: process, status: proposed, cost: {run: 1/y}, effects: [{risk: crash, prevents: 50%}]}
`)
	r := run(t, m, plan.Options{Mode: plan.Worth})
	if !slices.Equal(r.Best.Nets, []string{"good"}) {
		t.Errorf("%v", r.Best.Nets)
	}
}

// What is recommended is searched for first, in a part of the time: a page begins with
// it. Whenever that part ends, what is said holds.
func TestWhatIsRecommendedComesFirst(t *testing.T) {
	m := read(t, generate(recipe{nets: 6, risks: 4, plain: true, worth: true, loose: true}, 1))
	whole := run(t, m, plan.Options{Nines: true}).Recommendation
	if whole == nil || !whole.Optimal || len(whole.Plan.Nets) == 0 {
		t.Fatalf("recommended %+v", whole)
	}
	cut := 0
	for asked := int64(0); asked < 1000; asked += 1 + asked {
		shares := 0
		first := func(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
			if shares++; shares == 1 {
				return testmodel.Lit(asked), func() {}
			}
			return ctx, func() {}
		}
		x := run(t, m, plan.Options{Nines: true, Share: first}).Recommendation
		if x == nil {
			t.Fatalf("ended after %d: nothing is recommended", asked)
		}
		off := *x.Plan.Total - *whole.Plan.Total
		if off > x.Gap+1e-6 || x.Optimal && off > 1e-6 {
			t.Errorf("ended after %d: off by %v, gap %v, optimal %v", asked, off, x.Gap, x.Optimal)
		}
		if !x.Optimal {
			cut++
		}
	}
	if cut == 0 {
		t.Error("it never ended early")
	}
	// And the rest of the time, if none is left, takes nothing away.
	shares := 0
	var over context.CancelFunc
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	over = cancel
	r, err := plan.Run(ctx, m, plan.Options{Nines: true, Share: func(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
		if shares++; shares == 2 {
			over()
		}
		return ctx, func() {}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if x := r.Recommendation; x == nil || !x.Optimal || math.Abs(*x.Plan.Total-*whole.Plan.Total) > 1e-6 {
		t.Errorf("with no time for the rest %+v is recommended", x)
	}
}

// Where the time is up the best that is known is recommended, and said to be no more.
func TestARecommendationOutOfTimeIsTheBestThatIsKnown(t *testing.T) {
	m := read(t, `
version: 1
services:
  app: {objective: {target: 99%}, worth: {revenue: 1000/d}}
risks:
  crash: {service: app, every: 30d, detect: 5m, recover: 1h}
safety_nets:
  good: {kind: process, status: proposed, cost: {run: 1/y}, effects: [{risk: crash, prevents: 50%}]}
`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := plan.Run(ctx, m, plan.Options{Nines: true})
	if err != nil {
		t.Fatal(err)
	}
	if x := r.Recommendation; x == nil || x.Optimal || !math.IsInf(x.Gap, 1) || *x.Plan.Total > *r.Today.Total {
		t.Errorf("recommended %+v, because %v", x, r.NotRecommended)
	}
}

// What is recommended beside a plan is what a search for the least total finds, also
// where another set differs from it by less than a total is known at first.
func TestWhatIsRecommendedIsTheLeastTotalWhateverWasAsked(t *testing.T) {
	m, problems, err := modelfile.Load([]string{"../../examples/shop"})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	beside := run(t, m, plan.Options{Nines: true}).Recommendation
	asked := run(t, m, plan.Options{Mode: plan.Worth})
	if !slices.Equal(beside.Plan.Nets, asked.Best.Nets) || beside.Optimal != asked.Optimal || math.Abs(*beside.Plan.Total-*asked.Best.Total) > 1e-9**asked.Best.Total {
		t.Errorf("beside a plan %v for %v (proven: %v), by itself %v for %v (proven: %v)",
			beside.Plan.Nets, *beside.Plan.Total, beside.Optimal, asked.Best.Nets, *asked.Best.Total, asked.Optimal)
	}
}
