package forecast_test

import (
	"context"
	"errors"
	"math"
	"math/big"
	"testing"

	"tightrope/internal/distribution"
	"tightrope/internal/forecast"
)

// What a choice prepares ends with the context too.
func TestAChoiceIsPreparedAsLongAsItIsWanted(t *testing.T) {
	m := load(t, "../../examples/booking")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	q := forecast.Question{Service: "booking", Objective: "available", Window: big.NewRat(30*86400, 1), Budget: big.NewRat(600, 1)}
	if _, err := forecast.NewChoice(ctx, m, forecast.NetSet{}.With(0), []forecast.Question{q}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A change that may happen every minute or once a day happens up to tens of thousands
// of times in a window: of so many numbers every k-th is told apart. Each of them that
// goes wrong, which is with an unsure chance p, loses 10 s: of N = W·rate occurrences
// about N·p do, so that P(bad ≤ x) = E[P(rate ≤ x/10/(W·p))].
func TestVeryManyOccurrencesOfAChange(t *testing.T) {
	const window = 30 * 86400.0
	m := read(t, `version: 1
services: {app: {objective: {target: 99%}}}
changes: {c: {service: app, every: 1m..1d}}
risks: {r: {service: app, per: c, chance: 30%..60%, detect: 5s, recover: 5s}}
`)
	r, err := forecast.Run(m, forecast.Options{Plain: true, Targets: []forecast.Target{{Text: "98%", Exact: big.NewRat(98, 100)}, {Text: "95%", Exact: big.NewRat(95, 100)}}})
	if err != nil {
		t.Fatal(err)
	}
	rate, chance := distribution.GammaBetween(1./86400, 1./60), distribution.BetaBetween(0.3, 0.6)
	for _, c := range r.Entries[0].Compare {
		want := 0.0
		const n = 4000
		for i := range n {
			p := chance.Quantile((float64(i) + 0.5) / n)
			want += rate.CDF(c.Budget/10/(window*p)) / n
		}
		if math.Abs(c.Met.Value-want) > 2e-3 {
			t.Errorf("%s: got %v, want %v", c.Target.Text, c.Met, want)
		}
	}
}
