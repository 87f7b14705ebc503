package forecast_test

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// namesOf splits a set of standing nets into what is added and taken away.
func namesOf(m *model.Model, standing forecast.NetSet) (with, without []string) {
	for i, n := range m.Nets {
		switch {
		case standing.Has(i) && n.Status != model.InPlace:
			with = append(with, n.Name)
		case !standing.Has(i) && n.Status == model.InPlace:
			without = append(without, n.Name)
		}
	}
	return with, without
}

func TestChoiceAgreesWithTheForecast(t *testing.T) {
	for _, name := range []string{"booking", "shop"} {
		m := load(t, "../../examples/"+name)
		var vary forecast.NetSet
		for i := range m.Nets {
			if m.Nets[i].Status != model.InPlace && m.Nets[i].Status != model.Rejected {
				vary = vary.With(i)
			}
		}
		var qs []forecast.Question
		memory := forecast.NewMemory(256 << 20) // of the forecasts; the choice has its own
		r := run(t, m, forecast.Options{Memory: memory})
		for _, e := range r.Entries {
			if e.Objective != nil {
				w := new(big.Rat).SetFloat64(e.Window)
				qs = append(qs, forecast.Question{Service: e.Service, Objective: e.Objective.Name, Window: w, Budget: e.Objective.Budget})
			}
		}
		start := time.Now()
		c, err := forecast.NewChoice(context.Background(), m, vary, qs, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(name, "nets", len(m.Nets), "parts", c.Parts(), "prepared", time.Since(start))
		for p := range c.Parts() {
			t.Log(p, c.Touching(p).List())
		}
		rnd := rand.New(rand.NewPCG(1, 2))
		for range 4 {
			var set forecast.NetSet
			for i := range m.Nets {
				if vary.Has(i) && rnd.IntN(2) == 0 || !vary.Has(i) && m.Nets[i].Status == model.InPlace {
					set = set.With(i)
				}
			}
			with, without := namesOf(m, set)
			r, err := forecast.Run(m, forecast.Options{With: with, Without: without, Memory: memory})
			if err != nil {
				continue
			}
			var stands forecast.NetSet
			for i, n := range m.Nets {
				if slices.Contains(r.Standing, n.Name) {
					stands = stands.With(i)
				}
			}
			if stands != set {
				continue
			}
			start := time.Now()
			x, err := c.Exact(set)
			exact := time.Since(start)
			if err != nil {
				t.Fatal(err)
			}
			k := 0
			for _, e := range r.Entries {
				if e.Objective == nil {
					continue
				}
				start := time.Now()
				q, ok := c.Quick(k, set)
				quick := time.Since(start)
				met := summed(e.Met)
				if !ok || math.Abs(q.Met-met) > q.Error+e.Met.Error || math.Abs(x[k].Met-met) > x[k].Error+e.Met.Error+1e-12 || math.Abs(x[k].Mean-e.SumMean) > 1e-5*e.SumMean {
					t.Errorf("%v: %v quick %v exact %v forecast %v±%v mean %v %v", set.List(), e.Service, q, x[k], e.Met.Value, e.Met.Error, x[k].Mean, e.Mean)
				}
				t.Logf("%s %.3g quick %v (%.1g of %.1g) exact %v", e.Service, e.Met.Value, quick, q.Met-e.Met.Value, q.Error, exact)
				k++
			}
		}
	}
}

// summed is what the sum of all sources says, which is corrected where that matters.
func summed(p *forecast.Probability) float64 {
	if p.Sum != nil {
		return *p.Sum
	}
	return p.Value
}
