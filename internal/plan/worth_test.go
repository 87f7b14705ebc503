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
	sc, err := scenario.New(b.m, with, without)
	if err != nil {
		b.t.Fatal(err)
	}
	cat, err := sc.Catalogue()
	if err != nil {
		b.t.Fatal(err)
	}
	load := worth.LoadOf(sc, cat)
	loss := worth.Expected(list, &load)
	x.loss, x.lossError = loss.Total, loss.Error
	return *x.loss
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
			slices.SortStableFunc(list, func(x, y *bruteSet) int { return cmp.Compare(total(x), total(y)) })
			r := run(t, m, plan.Options{Mode: plan.Worth, Memory: b.memory})
			check := func(what string, got *plan.Plan, want, off float64, of func(*plan.Plan) float64) {
				t.Helper()
				// Clauses are known as well as both say.
				if got == nil || math.Abs(of(got)-want) > got.LossError+off+1e-9*want {
					t.Errorf("%s: %+v, expected %v ± %v", what, got, want, off)
				}
			}
			sum := func(x *plan.Plan) float64 { return *x.Total }
			check("worth", r.Best, total(list[0]), list[0].lossError, sum)
			if len(list) > 1 {
				check("runner-up", r.RunnerUp, total(list[1]), list[1].lossError, sum)
			}
			cap := 4000.0 + 1000*float64(i%5)
			best, off := math.Inf(1), 0.0
			for _, x := range b.sets {
				if x.cost <= cap && b.lossOf(x) < best {
					best, off = b.lossOf(x), x.lossError
				}
			}
			r = run(t, m, plan.Options{Mode: plan.Spend, ForLoss: true, Money: &cap, Memory: b.memory})
			check("for loss", r.Best, best, off, func(x *plan.Plan) float64 { return *x.Loss })
			t.Log(len(list), r.Explored)
		})
	}
}
