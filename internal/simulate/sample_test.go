package simulate_test

import (
	"context"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/simulate"
)

// system is a model with its own nets standing.
func system(t testing.TB, m *model.Model) *scenario.System {
	t.Helper()
	sc, err := scenario.New(m, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := sc.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return sc.System(cat)
}

func draw(t testing.TB, m *model.Model, q simulate.Sampling) *simulate.Sample {
	t.Helper()
	s, err := simulate.Draw(context.Background(), system(t, m), q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const twoMembers = `
services:
  top: {objective: {target: 99.9%}, needs: [{any: [a, b], switch: {takes: 5m}}]}
  a: {availability: 99%, outage: 1h}
  b: {availability: 99%, outage: 1h}
`

func BenchmarkDraw(b *testing.B) {
	for _, c := range []struct {
		name, service string
		m             *model.Model
	}{{"cre", "", example(b, "cre")}, {"booking", "postgres", example(b, "booking")}, {"booking", "booking", example(b, "booking")}, {"pair", "top", read(b, twoMembers)}} {
		service := c.service
		if service == "" {
			service = c.m.Services[0].Name
		}
		b.Run(c.name+"/"+service, func(b *testing.B) {
			y := system(b, c.m)
			for b.Loop() {
				if _, err := simulate.Draw(context.Background(), y, simulate.Sampling{Service: service, Windows: 10_000, Seed: 1, Workers: 1}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(10_000*float64(b.N)/b.Elapsed().Seconds(), "windows/s")
		})
		b.Run(c.name+"/"+service+"/one", func(b *testing.B) {
			y := system(b, c.m)
			for b.Loop() {
				if _, err := simulate.Draw(context.Background(), y, simulate.Sampling{Service: service, Windows: 1, Seed: 1, Workers: 1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestASampleIsTheSameWhateverTheProcessors(t *testing.T) {
	for _, c := range []struct{ name, service string }{{"booking", "booking"}, {"shop", "shop"}} {
		m := example(t, c.name)
		if m.Service(c.service) == nil {
			c.service = m.Services[0].Name
		}
		for _, events := range []int64{0, 20_000} {
			var last *simulate.Sample
			for _, workers := range []int{1, 2, 7} {
				s := draw(t, m, simulate.Sampling{Service: c.service, Windows: 500, Seed: 3, Workers: workers, Events: events})
				if last != nil {
					if diff := cmp.Diff(last.Bad, s.Bad); diff != "" || s.Events != last.Events || s.Early != last.Early {
						t.Errorf("%s with %d workers:\n%s", c.name, workers, diff)
					}
				}
				last = s
			}
			if len(last.Bad) == 0 || last.Early != (len(last.Bad) < 500) || events > 0 && last.Events > 2*events {
				t.Errorf("%d windows of %d events, early: %v", len(last.Bad), last.Events, last.Early)
			}
		}
	}
}

// Inputs that are not exactly known are drawn for each run: the negative binomial
// of a rate that was seen twice in five years.
func TestASampleOfWhatIsUnsure(t *testing.T) {
	s := draw(t, read(t, `
services: {api: {objective: {target: 99.9%, over: 1y}}}
risks: {r: {rate: 2 in 5y, detect: 0s, recover: 4h}}
`), simulate.Sampling{Service: "api", Objective: "available", Windows: 20_000, Seed: 1})
	if s.InRow != 1 || s.Runs != 20_000 || s.Early {
		t.Errorf("%d runs of %d", s.Runs, s.InRow)
	}
	kept := math.Pow(5.0/6, 2.5) * (1 + 2.5/6 + 2.5*3.5/2/36)
	agree(t, "kept by the sum", s.KeptBySum(s.Budget), kept, 0)
	agree(t, "kept", s.Kept(s.Budget), kept, 1e-3)
	agree(t, "mean", s.Mean(), 0.5*4*hour, 5)
	// What they differ in is known better than either.
	c := s.Correction(s.Budget)
	agree(t, "correction", c, s.Kept(s.Budget).Value-s.KeptBySum(s.Budget).Value, 1e-12)
	if c.SE > s.Kept(s.Budget).SE/4 {
		t.Errorf("the correction is off by %g, the chance itself by %g", c.SE, s.Kept(s.Budget).SE)
	}
	q, low, high := s.Quantile(0.5)
	exact(t, "median", q, 0)
	if low > q || high < q {
		t.Errorf("the median %g is not within %g to %g", q, low, high)
	}
}
