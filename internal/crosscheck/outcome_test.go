package crosscheck

import (
	"fmt"
	"math"
	"slices"
)

// An estimate is a number with its standard error.
type estimate struct{ value, se float64 }

func (e estimate) String() string { return fmt.Sprintf("%.6g ± %.2g", e.value, e.se) }

type sums struct{ n, x, xx float64 }

func (s *sums) add(x float64) { s.n++; s.x += x; s.xx += x * x }

func (s *sums) mean() estimate {
	m := s.x / s.n
	return estimate{m, math.Sqrt(math.Max(s.xx/s.n-m*m, 0) / s.n)}
}

// A sample holds the lost time of many windows, in seconds.
type sample struct {
	xs     []float64
	sorted bool
}

func (s *sample) add(x float64) { s.xs = append(s.xs, x); s.sorted = false }

func (s *sample) sort() {
	if !s.sorted {
		slices.Sort(s.xs)
		s.sorted = true
	}
}

// slack is what rounding of sums of seconds may do.
func slack(x float64) float64 { return 1e-6 + 1e-9*x }

// within is P(lost time ≤ x). Its standard error is never 0: two more windows on
// each side are taken as seen (Agresti and Coull).
func (s *sample) within(x float64) estimate {
	s.sort()
	n := float64(len(s.xs))
	k, _ := slices.BinarySearch(s.xs, x+slack(x))
	p := (float64(k) + 2) / (n + 4)
	return estimate{float64(k) / n, math.Sqrt(p * (1 - p) / n)}
}

func (s *sample) mean() estimate {
	var t sums
	for _, x := range s.xs {
		t.add(x)
	}
	return t.mean()
}

// quantile is the smallest lost time that a share p of the windows keep.
func (s *sample) quantile(p float64) float64 {
	s.sort()
	i := int(math.Ceil(p*float64(len(s.xs)))) - 1
	return s.xs[min(max(i, 0), len(s.xs)-1)]
}

// An outcome is what a player has seen so far, by both ways to book outages at
// the borders of a window.
type outcome struct{ cut, begun sample }

func (o *outcome) play(pl *player, n int) {
	for range n {
		w := pl.play()
		o.cut.add(w.cut)
		o.begun.add(w.begun)
	}
}

func (o *outcome) len() int { return len(o.cut.xs) }
