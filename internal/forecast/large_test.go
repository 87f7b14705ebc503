package forecast_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"tightrope/internal/availability"
	"tightrope/internal/forecast"
	"tightrope/internal/scenario"
)

// largeGroup is nine services, no two alike, of which four must stand; how often each
// fails is unsure.
func largeGroup() string {
	var b, risks strings.Builder
	b.WriteString("version: 1\nservices:\n  app: {objective: {target: 99.9%}, needs: [{at_least: 4, of: [s0, s1, s2, s3, s4, s5, s6, s7, s8], switch: {takes: 30s..2m, works: 80%..97%}}]}\n")
	for i := range 9 {
		fmt.Fprintf(&b, "  s%d: {}\n", i)
		fmt.Fprintf(&risks, "  r%d: {service: s%d, every: %dd..%dd, detect: 1m, recover: 5m..2h}\n  p%d: {service: s%d, every: 40d, impact: 30%%, detect: 1m, recover: %dm}\n", i, i, 10+i, 90+i, i, i, 5+i)
	}
	return b.String() + "risks:\n" + risks.String()
}

func TestALargeGroupIsAveragedWithinABound(t *testing.T) {
	divided := func(text string) *availability.Division {
		sc, err := scenario.New(read(t, text), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		cat, err := sc.Catalogue()
		if err != nil {
			t.Fatal(err)
		}
		y := sc.System(cat)
		e := availability.New(sc, cat, y)
		d, err := e.Divide(y.Number("app"), false, "available")
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if n := divided(largeGroup()).Points(); n >= 1000 {
		t.Errorf("a large group is looked at at %d points", n)
	}
	small := "version: 1\nservices: {app: {objective: {target: 99.9%}, needs: [{any: [a, b], switch: {takes: 1m, works: 90%..95%}}]}, a: {every: 9d..20d, outage: 5m..1h}, b: {every: 9d..20d, outage: 5m..1h}}\n"
	if n := divided(small).Points(); n < 1000 {
		t.Errorf("a small group is looked at at only %d points", n)
	}

	r, err := forecast.Run(read(t, largeGroup()), forecast.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e := r.Entries[0]
	if e.Met == nil || !e.Met.Short || !(e.Met.Error > 1e-6) || e.Contradicts {
		t.Errorf("it does not say that the bound on work ended it: %+v, contradicts: %v", e.Met, e.Contradicts)
	}
}

// TestBandsOfManyTargets: those of very many are read off the same draws.
func TestBandsOfManyTargets(t *testing.T) {
	m := read(t, "version: 1\nservices: {app: {objective: {target: 99.9%}}}\nrisks: {r: {service: app, every: 9d..40d, detect: 1m, recover: 5m..2h}}\n")
	target := func(i int) forecast.Target {
		return forecast.Target{Exact: big.NewRat(int64(9900+i), 10000), Text: fmt.Sprint(i)}
	}
	var all []forecast.Target
	for i := range 60 {
		all = append(all, target(i))
	}
	many, err := forecast.Run(m, forecast.Options{Targets: all})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 30, 59} {
		one, err := forecast.Run(m, forecast.Options{Targets: []forecast.Target{target(i)}})
		if err != nil {
			t.Fatal(err)
		}
		a, b := many.Entries[0].Compare[i].Met, one.Entries[0].Compare[0].Met
		near(t, "low", a.Low, b.Low, 0.002)
		near(t, "high", a.High, b.High, 0.002)
		near(t, "chance", a.Value, b.Value, 1e-9)
	}
}
