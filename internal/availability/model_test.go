package availability_test

import (
	"math"
	"testing"

	"tightrope/internal/availability"
	"tightrope/internal/modelfile"
	"tightrope/internal/scenario"
)

// A world is a model ready to be asked.
type world struct {
	*availability.Engine
	system *scenario.System
}

// build reads a model, which must be without problems.
func build(t testing.TB, text string) *world {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\n" + text)}})
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.Fatal(text)
	}
	sc, err := scenario.New(m, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := sc.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	y := sc.System(c)
	return &world{availability.New(sc, c, y), y}
}

// ask returns the answer for a service.
func (w *world) ask(t testing.TB, service string, target float64) *availability.Result {
	t.Helper()
	r, err := w.Entry(w.system.Number(service), "available", target)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// ask1 is ask of a model.
func ask1(t testing.TB, text, service string) *availability.Result {
	t.Helper()
	return build(t, text).ask(t, service, 0)
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: got %.16g, want %.16g (off by %.3g, allowed %.3g)", what, got, want, got-want, tolerance)
	}
}

const (
	hour = 3600.0
	year = 365.25 * 86400
)
