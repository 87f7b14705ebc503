package worth

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tightrope/internal/distribution"
	"tightrope/internal/forecast"
	"tightrope/internal/modelfile"
)

// The ends of a loss are those of a draw of all prices in it, of which the revenue is one
// number wherever it counts.
func TestTheEndsOfALossAreThoseOfItsPrices(t *testing.T) {
	const text = `version: 1
currency: EUR
services:
  app:
    objective: {target: 99%}
    worth: {revenue: 8_000/d..30_000/d, lost: 30%..60%, sla: [{if: availability < 99.9% over 30d, pay: 10% of revenue}, {if: outage >= 1h, pay: 500..900}]}
risks:
  crash: {service: app, rate: 6/y, detect: 5m, recover: 2h, loses: 1_000..3_000}
`
	m, problems := modelfile.Parse([]modelfile.File{{Name: "a.yaml", Data: []byte(text)}})
	if m == nil {
		t.Fatal(problems)
	}
	l, err := LossOf(m, m.Service("app"), forecast.Options{Context: context.Background()})
	if err != nil {
		t.Fatal(err)
	}
	revenue := distribution.LogNormalBetween(8_000, 30_000)
	share := distribution.BetaBetween(0.3, 0.6)
	pay, loses := distribution.LogNormalBetween(500, 900), distribution.LogNormalBetween(1_000, 3_000)
	dice := rand.New(rand.NewPCG(1, 2))
	draws := make([]float64, 20_000)
	mean := 0.0
	for i := range draws {
		r := revenue.Quantile(dice.Float64())
		draws[i] = r*(l.BadPerYear/86400*share.Quantile(dice.Float64())+l.Clauses[0].PerYear*0.1*30) +
			l.Clauses[1].PerYear*pay.Quantile(dice.Float64()) + l.Incidents[0].PerYear*loses.Quantile(dice.Float64())
		mean += draws[i] / float64(len(draws))
	}
	slices.Sort(draws)
	for _, k := range []struct {
		what      string
		got, want float64
	}{{"mean", *l.Total, mean}, {"5th percentile", l.Low, draws[len(draws)/20]}, {"95th percentile", l.High, draws[len(draws)*19/20]}} {
		if math.Abs(k.got/k.want-1) > 0.02 {
			t.Errorf("%s %v, drawn %v", k.what, k.got, k.want)
		}
	}
}
