package plan_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// lossOf is the expected loss of a set, asked of package worth.
func (b *brute) lossOf(x *bruteSet) float64 {
	if x.loss != nil {
		return *x.loss
	}
	with, without := []string{}, []string{}
	for i, n := range b.m.Nets {
		switch {
		case x.standing.Has(i) && n.Status != model.InPlace:
			with = append(with, n.Name)
		case !x.standing.Has(i) && n.Status == model.InPlace:
			without = append(without, n.Name)
		}
	}
	var list []*worth.Loss
	for _, s := range b.m.Services {
		if s.Worth == nil {
			continue
		}
		l, err := worth.LossOf(b.m, s, forecast.Options{With: with, Without: without, Memory: b.memory})
		if err != nil {
			b.t.Fatal(err)
		}
		list = append(list, l)
	}
	total, _ := worth.Together(list)
	sc, err := scenario.New(b.m, with, without)
	if err != nil {
		b.t.Fatal(err)
	}
	cat, err := sc.Catalogue()
	if err != nil {
		b.t.Fatal(err)
	}
	sum := *total
	if p := worth.LoadOf(sc, cat).PeopleCostPerYear; p != nil {
		sum += *p
	}
	x.loss = &sum
	return sum
}

func TestWorthIsThatOfBruteForce(t *testing.T) {
	for i := range 24 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			c := recipes(i)
			c.worth, c.two = true, false
			c.nets = 3 + i%3
			m := read(t, generate(c, uint64(1000+i)))
			b := newBrute(t, m, false)
			list := slices.Clone(b.sets)
			total := func(x *bruteSet) float64 { return x.cost + b.lossOf(x) }
			near := func(a, b float64) int {
				// Clauses are known as well as chances are.
				if math.Abs(a-b) <= 1e-5*math.Max(a, b) {
					return 0
				}
				return cmp.Compare(a, b)
			}
			slices.SortStableFunc(list, func(x, y *bruteSet) int { return cmp.Compare(total(x), total(y)) })
			r := run(t, m, plan.Options{Mode: plan.Worth, Memory: b.memory})
			check := func(what string, got *plan.Plan, want float64, of func(*plan.Plan) float64) {
				t.Helper()
				if got == nil || near(of(got), want) != 0 {
					t.Errorf("%s: %+v, expected %v", what, got, want)
				}
			}
			sum := func(x *plan.Plan) float64 { return *x.Total }
			check("worth", r.Best, total(list[0]), sum)
			if len(list) > 1 {
				check("runner-up", r.RunnerUp, total(list[1]), sum)
			}
			cap := 4000.0 + 1000*float64(i%5)
			best := math.Inf(1)
			for _, x := range b.sets {
				if x.cost <= cap {
					best = math.Min(best, b.lossOf(x))
				}
			}
			r = run(t, m, plan.Options{Mode: plan.Spend, ForLoss: true, Money: &cap, Memory: b.memory})
			check("for loss", r.Best, best, func(x *plan.Plan) float64 { return *x.Loss })
			t.Log(len(list), r.Explored)
		})
	}
}
