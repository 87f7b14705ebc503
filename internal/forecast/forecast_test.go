package forecast_test

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mathext"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// read parses a model, which must be without problems.
func read(t testing.TB, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(text)}})
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return m
}

func load(t testing.TB, path string) *model.Model {
	t.Helper()
	m, problems, err := modelfile.Load([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.FailNow()
	}
	return m
}

func run(t testing.TB, m *model.Model, opts forecast.Options) *forecast.Result {
	t.Helper()
	r, err := forecast.Run(m, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// first returns the first entry of the forecast of a model.
func first(t testing.TB, text string, opts forecast.Options) *forecast.Entry {
	t.Helper()
	return run(t, read(t, text), opts).Entries[0]
}

func target(percent string) forecast.Target {
	r, ok := new(big.Rat).SetString(strings.TrimSuffix(percent, "%"))
	if !ok {
		panic(percent)
	}
	return forecast.Target{Exact: r.Quo(r, big.NewRat(100, 1)), Text: percent}
}

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %.12g, want %.12g ± %.2g (off by %.3g)", what, got, want, tol, got-want)
	}
}

func source(t *testing.T, e *forecast.Entry, name string) *forecast.Source {
	t.Helper()
	for _, s := range e.Sources {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("%s has no source %s", e.Service, name)
	return nil
}

func TestTheSheetOfEightRisks(t *testing.T) {
	e := run(t, load(t, "../../examples/cre"), forecast.Options{}).Entries[0]
	near(t, "P(≥ 99.5 %)", e.Met.Value, 0.971348165, 1e-9)
	near(t, "P(none)", e.None, 0.030866770654, 1e-12)
	near(t, "mean", e.Mean/60, 176.498584, 1e-6)
	near(t, "sd", e.SD/60, 158.140364, 1e-6)
	near(t, "p90", e.Quantiles.P90/60, 328.3, 0.1)
	if e.Met.Error > 1e-9 {
		t.Errorf("an exact lattice claims an error of %g", e.Met.Error)
	}
	var sum float64
	for i, want := range []float64{128.838185, 126.822917, 125.085616, 119.315, 91.3125, 76.09375, 22.515411, 16.010959} {
		near(t, e.Sources[i].Name, e.Sources[i].PerYear/60, want, 1e-6)
		sum += e.Sources[i].PerYear / 60
	}
	near(t, "sum", sum, 705.994338, 1e-6)
}

const heavy = `
version: 1
services: {api: {objective: {target: 99.95%, over: 1y}}}
risks: {r: {rate: 2/y, detect: 0s, recover: 10m..4h}}
`

func TestOneHeavyRisk(t *testing.T) {
	e := first(t, heavy, forecast.Options{Targets: []forecast.Target{
		{Exact: big.NewRat(525960-1314, 525960), Text: "131.4 min"}, target("99.95%"),
	}})
	near(t, "mean", e.Mean/60, 156.2402564, 1e-7)
	near(t, "sd", e.SD/60, 176.1713456, 1e-7)
	near(t, "P(none)", e.None, 0.1353352832, 1e-10)
	near(t, "p90", e.Quantiles.P90/60, 366.92, 0.05)
	near(t, "p99", e.Quantiles.P99/60, 801.2, 0.1)
	near(t, "P(bad > 262.8)", 1-first(t, heavy, forecast.Options{Targets: []forecast.Target{{Exact: big.NewRat(5259600-2628, 5259600)}}}).Compare[0].Met.Value, 0.188705179, 1e-6)
	near(t, "P(bad > 131.4)", 1-first(t, heavy, forecast.Options{Targets: []forecast.Target{{Exact: big.NewRat(5259600-1314, 5259600)}}}).Compare[0].Met.Value, 0.427720529, 1e-6)
}

func TestHalvingIsExtrapolatedToMoreDigitsThanItMoves(t *testing.T) {
	// 50 exponential hours a year: P(S ≤ x) = Σ Poisson(n; 50)·P(Erlang n ≤ x).
	e := first(t, `
version: 1
services: {api: {objective: {target: 99.5%, over: 8766h}}}
risks: {r: {rate: 50/y, detect: 0s, recover: exp(1h)}}
`, forecast.Options{})
	const x = 0.005 * 8766
	want := math.Exp(-50)
	p := want
	for n := 1; n < 300; n++ {
		p *= 50 / float64(n)
		want += p * mathext.GammaIncReg(float64(n), x)
	}
	// The answer itself is corrected for hours that are at once.
	near(t, "P(S ≤ 43.83 h)", summed(e.Met), want, 5e-9)
	if off := math.Abs(summed(e.Met) - want); off > e.Met.Error {
		t.Errorf("off by %g with an error figure of %g", off, e.Met.Error)
	}
}
