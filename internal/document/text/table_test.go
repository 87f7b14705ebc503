package text

import (
	"math"
	"testing"

	"tightrope/internal/document"
)

func TestABarIsAPartOfItsLength(t *testing.T) {
	for _, c := range []struct {
		name string
		part float64
		want string
	}{
		{"nothing", 0, ""},
		{"hardly anything is still seen", 1e-9, "▏"},
		{"half", 0.5, "██"},
		{"all", 1, "████"},
		{"more than all", 3, "████"},
		{"without end", math.Inf(1), "████"},
		{"less than nothing", math.Inf(-1), ""},
		{"not a number", math.NaN(), ""},
	} {
		if got := Bar(&document.Bar{Parts: []float64{c.part}}, 4); got != c.want {
			t.Errorf("%s: a bar of (%v, 4) = %q, want %q", c.name, c.part, got, c.want)
		}
	}
}

func TestABarOfTwoPartsShadesThem(t *testing.T) {
	for _, c := range []struct {
		name string
		bar  document.Bar
		want string
	}{
		{"both", document.Bar{Parts: []float64{0.5, 0.25}}, "██░"},
		{"the first is seen however small", document.Bar{Parts: []float64{1e-9, 1}}, "█░░░"},
		{"none of the first", document.Bar{Parts: []float64{0, 0.5}}, "░░"},
		{"cut", document.Bar{Parts: []float64{0.25, 0.75}, Cut: true}, "█░░░»"},
		{"not a number", document.Bar{Parts: []float64{math.NaN(), 1}}, ""},
	} {
		if got := Bar(&c.bar, 4); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
