package simulate_test

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"tightrope/internal/availability"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/scenario"
	"tightrope/internal/simulate"
)

// example loads one of the project's examples.
func example(t testing.TB, name string) *model.Model {
	t.Helper()
	m, problems, err := modelfile.Load([]string{filepath.Join("../../examples", name)})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return m
}

// longRun is what the exact engine says of a model: the chance that a user is
// hit, by entry.
func longRun(t testing.TB, m *model.Model, with ...string) func(e *simulate.Entry) float64 {
	t.Helper()
	sc, err := scenario.New(m, with, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := sc.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	y := sc.System(c)
	engine := availability.New(sc, c, y)
	return func(e *simulate.Entry) float64 {
		name := "available"
		if e.Objective != nil {
			name = e.Objective.Name
		}
		r, err := engine.Entry(y.Number(e.Service), name, 0)
		if err != nil {
			t.Fatal(err)
		}
		return 1 - r.Expected
	}
}

// Every example plays with each of its nets.
func TestExamplesWithEachNet(t *testing.T) {
	for _, name := range []string{"booking", "cre", "incidents/model.yaml", "shop"} {
		m := example(t, name)
		for _, n := range m.Nets {
			opts := simulate.Options{Years: 2, Seed: 3}
			if n.Status == model.InPlace {
				opts.Without = []string{n.Name}
			} else {
				opts.With = []string{n.Name}
			}
			r, err := simulate.Run(context.Background(), m, opts)
			if err != nil || r.Years != 2 {
				t.Errorf("%s with %s: %v", name, n.Name, err)
			}
			if _, err := simulate.LogYear(context.Background(), m, opts, 2); err != nil {
				t.Errorf("a year of %s with %s: %v", name, n.Name, err)
			}
		}
	}
}

func TestExamplesInTheLongRun(t *testing.T) {
	for _, name := range []string{"booking", "cre", "incidents/model.yaml", "shop"} {
		t.Run(name, func(t *testing.T) {
			m, err := forecast.Reconcile(context.Background(), example(t, name), nil)
			if err != nil {
				t.Fatal(err)
			}
			want := longRun(t, m) // with what the past has and no risk explains
			r, err := simulate.Run(context.Background(), m, simulate.Options{Years: 2000, Seed: 3})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range r.Entries {
				what := e.Service
				if e.Objective != nil {
					what += " " + e.Objective.Name
				}
				w := want(e)
				agree(t, what, e.BadShare, w, 0.003*w)
				for _, x := range []float64{e.Bad.Value, e.Bad.SE, e.Felt.Value, e.Sum.Bad.Value, e.OutageMean, e.Longest.P95, e.Quantiles.P99} {
					if math.IsNaN(x) || math.IsInf(x, 0) || x < 0 {
						t.Errorf("%s: %g", what, x)
					}
				}
			}
		})
	}
}
