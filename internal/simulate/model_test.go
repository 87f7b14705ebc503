package simulate_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/simulate"
)

const (
	hour = 3600.0
	day  = 24 * hour
	year = 365.25 * day
)

// read returns a model, which must be without problems.
func read(t testing.TB, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\n" + text)}})
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.Fatal(text)
	}
	return m
}

// play runs a model that is written here.
func play(t testing.TB, text string, opts simulate.Options) *simulate.Result {
	t.Helper()
	r, err := simulate.Run(context.Background(), read(t, text), opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// first is the first entry of a run of so many years.
func first(t testing.TB, text string, years int) *simulate.Entry {
	t.Helper()
	return play(t, text, simulate.Options{Years: years, Seed: 1}).Entries[0]
}

// sigmas is how many standard errors an estimate may be off.
const sigmas = 4.5

// agree holds an estimate against what it should be, give or take what the two
// may differ by meaning.
func agree(t testing.TB, what string, e simulate.Estimate, want, give float64) {
	t.Helper()
	off := e.Value - want
	t.Logf("%s: %.8g ± %.2g, want %.8g: off by %.2f standard errors", what, e.Value, e.SE, want, off/e.SE)
	if !(math.Abs(off) <= sigmas*e.SE+give+1e-9*math.Abs(want)) {
		t.Errorf("%s: got %.8g ± %.2g, want %.8g", what, e.Value, e.SE, want)
	}
	if e.SE > 0 && !(e.Low <= e.Value && e.Value <= e.High) {
		t.Errorf("%s: %g is not within %g to %g", what, e.Value, e.Low, e.High)
	}
}

// exact holds a number against what it must be but for rounding.
func exact(t testing.TB, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-7*math.Abs(want)+1e-9) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

func replace(text, old, with string) string { return strings.ReplaceAll(text, old, with) }
