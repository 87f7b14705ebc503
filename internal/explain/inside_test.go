package explain

import (
	"math"
	"math/big"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

func TestDaysAreCounted(t *testing.T) {
	for _, c := range []struct {
		y, m, d, n int
	}{{1970, 1, 1, 0}, {2000, 3, 1, 11017}, {2024, 2, 29, 19782}, {2026, 11, 24, 20781}, {1969, 12, 31, -1}} {
		d := model.Date{Year: c.y, Month: c.m, Day: c.d}
		if n := d.Number(); n != c.n {
			t.Errorf("%v is day %d, want %d", d, n, c.n)
		}
		if back := model.DateOf(c.n); back.Year != c.y || back.Month != c.m || back.Day != c.d {
			t.Errorf("day %d is %v", c.n, back)
		}
	}
	for n := -200_000; n < 200_000; n += 17 {
		if back := model.DateOf(n).Number(); back != n {
			t.Fatalf("day %d is %v, which is day %d", n, model.DateOf(n), back)
		}
	}
}

func TestWhoIsFirst(t *testing.T) {
	path := func(t model.Time, catches int64) scenario.Path {
		return scenario.Path{After: scenario.Length{Time: t}, Catches: scenario.Exactly(big.NewRat(catches, 100))}
	}
	fixed := func(s int64) model.Time { return model.Time{Kind: model.Fixed, Exact: big.NewRat(s, 1)} }
	exp := func(m float64) model.Time { return model.Time{Kind: model.Exponential, Mean: m} }
	logn := model.Time{Kind: model.LogNormal, Low: 60, High: 600}
	for _, c := range []struct {
		name  string
		paths []scenario.Path
		want  []float64
	}{
		{"the faster, where it sees it", []scenario.Path{path(fixed(60), 90), path(fixed(600), 100)}, []float64{0.9, 0.1}},
		{"of two at once, that which is written first", []scenario.Path{path(fixed(60), 50), path(fixed(60), 100)}, []float64{0.5, 0.5}},
		{"two exponentials by their rates", []scenario.Path{path(exp(100), 100), path(exp(300), 100)}, []float64{0.75, 0.25}},
		{"two alike", []scenario.Path{path(logn, 100), path(logn, 100)}, []float64{0.5, 0.5}},
		{"an exponential before a moment", []scenario.Path{path(exp(100), 100), path(fixed(100), 100)}, []float64{1 - math.Exp(-1), math.Exp(-1)}},
		{"that sees half", []scenario.Path{path(exp(100), 50), path(fixed(100), 100)}, []float64{(1 - math.Exp(-1)) / 2, (1 + math.Exp(-1)) / 2}},
	} {
		got := firsts(c.paths, nil)
		for i := range c.want {
			if math.Abs(got[i]-c.want[i]) > 1e-3 {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
			}
		}
	}
}
