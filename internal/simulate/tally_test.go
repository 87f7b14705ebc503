package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Quantiles from bins are those of the numbers themselves, nearly; of numbers that
// are all the same they are the same.
func TestQuantilesFromBins(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	all, bins := newValues(1, true), newValues(1, false)
	var list []float64
	for range 200_000 {
		x := 400 + math.Exp(6+2*r.NormFloat64())
		switch r.IntN(4) {
		case 0:
			x = 0
		case 1:
			x = 315.576 // a kind of incident that is always the same
		}
		list = append(list, x)
	}
	all.add(list)
	half := newValues(1, false)
	bins.add(list[:70_000])
	half.add(list[70_000:])
	bins.merge(half)
	chances := []float64{0.1, 0.25, 0.4, 0.5, 0.62, 0.9, 0.95, 0.99, 1}
	want, got := all.quantiles(chances...), bins.quantiles(chances...)
	for i, p := range chances {
		if math.Abs(got[i]-want[i]) > want[i]/1024 {
			t.Errorf("%g: got %g, want %g", p, got[i], want[i])
		}
	}
	if !slices.Contains(got, 315.576) {
		t.Errorf("%v has no number that is always the same", got)
	}
	if n := len(bins.bins); n > 30_000 {
		t.Errorf("%d bins", n)
	}
	if x := newValues(1, false).quantiles(0.5); x[0] != 0 {
		t.Errorf("the median of nothing is %g", x[0])
	}
}

func TestStandardErrorsOfRatios(t *testing.T) {
	var r ratio
	for _, x := range []struct{ x, w float64 }{{10, 1}, {14, 2}, {21, 3}} {
		r.add(x.x, x.w)
	}
	// 45/6 = 7.5; rests 2.5, −1, −1.5.
	want := math.Sqrt((2.5*2.5+1+1.5*1.5)*3/2) / 6
	if r.value() != 7.5 || math.Abs(r.se()-want) > 1e-12 {
		t.Errorf("%g ± %g, want 7.5 ± %g", r.value(), r.se(), want)
	}
	var alike ratio
	for w := range 10 {
		alike.add(float64(w+1)*315.576, float64(w+1))
	}
	if alike.se() != 0 {
		t.Errorf("equal numbers differ by %g", alike.se())
	}
}

func TestIntervalsOfChances(t *testing.T) {
	for _, c := range []struct{ value, se, n, low, high float64 }{
		{0, 0, 100, 0, 0.0369948},             // of 0 in 100
		{1, 0, 100, 0.9630052, 1},             // of all
		{0.5, 0.05, 100, 0.4038315, 0.596168}, // independent
		{0.5, 0.1, 100, 0.3175224, 0.6824776}, // as good as 25 of them
	} {
		x := chance(c.value, c.se, c.n)
		if math.Abs(x.Low-c.low) > 1e-3 || math.Abs(x.High-c.high) > 1e-3 {
			t.Errorf("%g of %g: %g to %g, want %g to %g", c.value, c.n, x.Low, x.High, c.low, c.high)
		}
	}
	if x := chance(0, 0, 0); x.Low != 0 || x.High != 1 {
		t.Errorf("of nothing seen: %g to %g", x.Low, x.High)
	}
}

func TestWhatIsDrawn(t *testing.T) {
	const n = 400_000
	moments := func(draw func(*stream) float64) (mean, square float64) {
		s := from(keyOf(1, "test"))
		for range n {
			x := draw(&s)
			mean += x / n
			square += x * x / n
		}
		return mean, square - mean*mean
	}
	for _, c := range []struct {
		name           string
		draw           func(*stream) float64
		mean, variance float64
	}{
		{"uniform", (*stream).uniform, 0.5, 1.0 / 12},
		{"exponential", (*stream).exponential, 1, 1},
		{"normal", (*stream).normal, 0, 1},
		{"gamma", func(s *stream) float64 { return math.Exp(s.logGamma(2.5)) }, 2.5, 2.5},
		{"gamma of a small shape", func(s *stream) float64 { return math.Exp(s.logGamma(0.5)) }, 0.5, 0.5},
		{"beta", func(s *stream) float64 { return s.beta(2, 6) }, 0.25, 12.0 / 64 / 9},
		{"beta of small shapes", func(s *stream) float64 { return s.beta(0.1, 0.4) }, 0.2, 0.04 / 0.25 / 1.5},
		{"beta of tiny shapes", func(s *stream) float64 { return s.beta(1e-5, 1e-5) }, 0.5, 0.25},
	} {
		mean, variance := moments(c.draw)
		if se := math.Sqrt(c.variance / n); math.Abs(mean-c.mean) > 5*se {
			t.Errorf("%s: mean %g, want %g ± %g", c.name, mean, c.mean, se)
		}
		if math.Abs(variance-c.variance) > 0.03*c.variance {
			t.Errorf("%s: variance %g, want %g", c.name, variance, c.variance)
		}
	}
}
