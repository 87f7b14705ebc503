package distribution

import (
	"math"
	"testing"
)

func TestSumsOfSeveralTimes(t *testing.T) {
	// Of exponential times: Erlang's, e^−x·Σ xᵏ/k!.
	for n := 2; n <= 7; n++ {
		l := Several(Exponential(1), float64(n), 0)
		if math.Abs(l.Mean()-float64(n)) > 1e-9 {
			t.Errorf("the mean of %d is %v", n, l.Mean())
		}
		for _, x := range []float64{0.5, 1, 2, 4, 8, 12} {
			want, term := 0.0, math.Exp(-x)
			for k := range n {
				want += term
				term *= x / float64(k+1)
			}
			if got := l.Survival(x); math.Abs(got-want) > 0.01 {
				t.Errorf("P(sum of %d > %v) = %v, want %v", n, x, got, want)
			}
		}
	}
	// 10 s in two of three, else 100 s.
	one, ok := Together([]Cut{{Weight: 2, First: Blend{{1, Fixed(10)}}, Scale: 1}, {Weight: 1, First: Blend{{1, Fixed(100)}}, Scale: 1}})
	if !ok {
		t.Fatal("no such law")
	}
	for _, x := range []struct{ n, alike, at, want float64 }{
		{2, 0, 19, 1}, {2, 0, 21, 5. / 9}, {2, 0, 108, 5. / 9}, {2, 0, 112, 1. / 9}, {2, 0, 195, 1. / 9},
		{3, 0, 32, 19. / 27}, {3, 0, 118, 19. / 27}, {3, 0, 122, 7. / 27}, {3, 0, 208, 7. / 27}, {3, 0, 215, 1. / 27},
		{2, 0.5, 21, (5./9 + 1./3) / 2}, {2, 0.5, 112, (1./9 + 1./3) / 2}, {2, 1, 112, 1. / 3},
	} {
		if got := Several(one, x.n, x.alike).Survival(x.at); math.Abs(got-x.want) > 0.02 {
			t.Errorf("P(sum of %v > %v), alike %v: %v, want %v", x.n, x.at, x.alike, got, x.want)
		}
	}
	if got := Several(Fixed(7), 3, 0.3); got != Fixed(21) {
		t.Errorf("three of 7 s are %v", got)
	}
}
