package testmodel_test

import (
	"bytes"
	"fmt"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/testmodel"
)

// load reads a generated model, which must have no problems.
func load(t testing.TB, services, risks int, seed uint64) *model.Model {
	t.Helper()
	text := testmodel.Generate(services, risks, seed)
	m, problems := modelfile.Parse([]modelfile.File{{Name: "generated.yaml", Data: text}})
	for _, p := range problems {
		t.Error(p)
	}
	if m == nil {
		t.FailNow()
	}
	return m
}

func TestGeneratedModelsAreCleanAndOfTheSizeAskedFor(t *testing.T) {
	for _, size := range []struct{ services, risks int }{
		{1, 0}, {1, 1}, {2, 5}, {3, 100}, {10, 0}, {37, 111}, {100, 1_000},
		{testmodel.DefaultServices, testmodel.DefaultRisks},
	} {
		for seed := range uint64(3) {
			t.Run(fmt.Sprintf("%d services with %d risks, seed %d", size.services, size.risks, seed), func(t *testing.T) {
				m := load(t, size.services, size.risks, seed)
				if len(m.Services) != size.services || len(m.Risks) != size.risks {
					t.Errorf("has %d services and %d risks", len(m.Services), len(m.Risks))
				}
			})
		}
	}
}

func TestSameArgumentsGiveSameBytes(t *testing.T) {
	first := testmodel.Generate(50, 500, 7)
	if !bytes.Equal(first, testmodel.Generate(50, 500, 7)) {
		t.Error("two runs with one seed differ")
	}
	if bytes.Equal(first, testmodel.Generate(50, 500, 8)) {
		t.Error("another seed gives the same model")
	}
}

// What one service reaches must not grow with the model, or a benchmark from
// small to big measures the generator.
func TestReachIsBounded(t *testing.T) {
	const most = 1 + 1 + 3
	m := load(t, testmodel.DefaultServices, 0, 1)
	needs := 0
	for _, s := range m.Services {
		reached := map[string]bool{}
		var visit func(*model.Service)
		visit = func(s *model.Service) {
			for _, n := range s.Needs {
				for _, member := range n.Members {
					if !reached[member.Name] {
						reached[member.Name] = true
						visit(m.Service(member.Name))
					}
				}
			}
		}
		visit(s)
		needs += len(reached)
		if len(reached) > most {
			t.Errorf("%s reaches %d services, expected at most %d", s.Name, len(reached), most)
		}
	}
	if mean := float64(needs) / float64(len(m.Services)); mean < 0.8 {
		t.Errorf("a service reaches %.1f others on average: too few to be a test of needs", mean)
	}
}

func TestEveryKindOfInputIsThere(t *testing.T) {
	m := load(t, testmodel.DefaultServices, testmodel.DefaultRisks, 1)
	seen := map[string]int{}
	for _, s := range m.Services {
		count(seen, "objective", len(s.Objectives) > 0)
		count(seen, "background", s.Background != nil)
		count(seen, "history", s.History != nil)
		count(seen, "stated", s.Stated != nil)
		for _, n := range s.Needs {
			count(seen, "edge by share", n.Impact != nil)
			count(seen, "group", n.Kind == model.NeedAny)
			count(seen, "rides out", n.RidesOut != nil)
		}
	}
	for _, c := range m.Changes {
		count(seen, "stages", len(c.Stages) > 0)
		count(seen, "downtime", c.Downtime != nil)
	}
	for _, r := range m.Risks {
		count(seen, "per a change", r.Per != nil)
		count(seen, "counted rate", r.Rate != nil && r.Rate.Kind == model.Counted)
		count(seen, "unsure rate", r.Rate != nil && r.Rate.Kind == model.Between)
		count(seen, "unsure chance", r.Chance != nil && r.Chance.Kind == model.Between)
		count(seen, "unsure impact", r.Impact.All != nil && r.Impact.All.Kind == model.Between)
		count(seen, "named detection", len(r.Detect) > 0)
		count(seen, "inline detection", r.DetectInline != nil)
		count(seen, "lognormal recovery", r.RecoverInline != nil && r.RecoverInline.Kind == model.LogNormal)
		count(seen, "exponential recovery", r.RecoverInline != nil && r.RecoverInline.Kind == model.Exponential)
	}
	for _, n := range m.Nets {
		count(seen, "net in place", n.Status == model.InPlace)
		count(seen, "net proposed", n.Status == model.Proposed)
	}
	for what, n := range seen {
		if n < 10 {
			t.Errorf("%s: %d times, expected at least 10", what, n)
		}
	}
}

func count(seen map[string]int, what string, is bool) {
	n := seen[what]
	if is {
		n++
	}
	seen[what] = n // also 0, so that what is missing is told
}

func TestImpossibleSizesPanic(t *testing.T) {
	for _, size := range []struct{ services, risks int }{{0, 10}, {-1, 10}, {10, -1}} {
		t.Run(fmt.Sprintf("%d services and %d risks", size.services, size.risks), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("did not panic")
				}
			}()
			testmodel.Generate(size.services, size.risks, 1)
		})
	}
}

// Models of this shape find what stories do not: many sources of all kinds at
// once, and most inputs unsure.
func TestGeneratedModelsForecast(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			r, err := forecast.Run(load(t, 10, 60, seed), forecast.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range r.Entries {
				numbers := map[string]float64{
					"mean": e.Mean, "sd": e.SD, "p50": e.Quantiles.P50, "p99": e.Quantiles.P99,
					"felt mean": e.Felt.Mean, "lost seconds a year": e.PerYear,
				}
				shares := map[string]float64{"no lost time": e.None, "achievable": e.Achievable}
				if e.Met != nil {
					shares["met"], shares["met low"], shares["met high"] = e.Met.Value, e.Met.Low, e.Met.High
				}
				for _, c := range e.Usual {
					shares["met "+c.Target.Text] = c.Met.Value
				}
				for what, x := range numbers {
					if !(x >= 0 && x <= e.Window*1e6) {
						t.Errorf("%s: %s is %v", e.Service, what, x)
					}
				}
				for what, p := range shares {
					if !(p >= 0 && p <= 1) {
						t.Errorf("%s: %s is %v", e.Service, what, p)
					}
				}
				if len(e.Sources) > 0 && e.Mean == 0 {
					t.Errorf("%s has %d sources and no lost time", e.Service, len(e.Sources))
				}
			}
		})
	}
}

func TestPlainModelsAreCleanAndTheSameEachTime(t *testing.T) {
	for _, unsure := range []bool{false, true} {
		text := testmodel.Plain(40, unsure, 1)
		m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: text}})
		for _, p := range problems {
			t.Error(p)
		}
		if m != nil && (len(m.Services) != 40 || len(m.Risks) != 400) {
			t.Errorf("%d services and %d risks", len(m.Services), len(m.Risks))
		}
		if !bytes.Equal(text, testmodel.Plain(40, unsure, 1)) {
			t.Error("the same arguments give other bytes")
		}
	}
}
