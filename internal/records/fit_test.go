package records

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tightrope/internal/modelfile"
)

// read reads back a time that was written.
func read(t rapid.TB, text string) (low, high, mean float64) {
	t.Helper()
	x, err := modelfile.ParseTime(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if !strings.Contains(text, "..") {
		s, _ := x.Length().Float64()
		return s, s, s
	}
	return x.Low, x.High, meanOf(x.Low, x.High)
}

func TestTheSpreadIsTheMostLikelyOneForTheMean(t *testing.T) {
	for _, c := range []struct {
		name string
		x    []float64
	}{
		{"lengths like a lognormal", []float64{300, 700, 1200, 2100, 3600, 9000}},
		{"one long one carries the mean", []float64{300, 300, 400, 500, 600, 500000}},
		{"nearly equal lengths", []float64{3500, 3600, 3700, 3650}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := measure(c.x)
			// Log-likelihood of a lognormal with the mean of the sample, up to
			// a constant.
			likelihood := func(sigma float64) float64 {
				mu, sum := math.Log(s.mean)-sigma*sigma/2, 0.0
				for _, x := range c.x {
					z := (math.Log(x) - mu) / sigma
					sum -= z*z/2 + math.Log(sigma)
				}
				return sum
			}
			best, at := math.Inf(-1), 0.0
			for sigma := 0.001; sigma < 5; sigma += 0.001 {
				if l := likelihood(sigma); l > best {
					best, at = l, sigma
				}
			}
			// With that pool the values leaned on just make up for the degree
			// of freedom, so that q is the plain mean.
			if got := s.spread(s.sum / (lean * float64(s.n))); math.Abs(got-at) > 0.001 {
				t.Errorf("got %.4f, the most likely is %.3f", got, at)
			}
		})
	}
}

func TestSpreadLeansOnTheRecordWhereThereIsLittle(t *testing.T) {
	const pool = 1.25 // σ = 1
	many := slices.Repeat([]float64{600, 1200, 2400, 4800}, 20)
	for _, c := range []struct {
		name      string
		x         []float64
		low, high float64
	}{
		{"one incident has the spread of the others", []float64{600}, 1, 1},
		{"two equal ones are near the others", []float64{600, 600}, 0.8, 0.99},
		{"three equal ones are believed", []float64{600, 600, 600}, 0, 0},
		{"eighty have their own", many, 0.775, 0.785},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := measure(c.x).spread(pool); got < c.low-1e-9 || got > c.high+1e-9 {
				t.Errorf("got %v, expected %v to %v", got, c.low, c.high)
			}
		})
	}
}

func TestThePoolIsWhatThereIs(t *testing.T) {
	two, three := measure([]float64{600, 1200}), measure([]float64{600, 1200, 9000})
	one, other := measure([]float64{600}), measure([]float64{6000})
	for _, c := range []struct {
		name    string
		samples []sample
		want    float64
	}{
		{"samples count per degree of freedom, about their own means", []sample{two, three, one}, (two.sum + three.sum) / 3},
		{"single values are taken together", []sample{one, other}, measure([]float64{600, 6000}).sum},
		{"one value alone has the usual spread", []sample{one}, 1.25},
		{"nothing has the usual spread", nil, 1.25},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := pooled(c.samples); math.Abs(got-c.want) > 1e-12 {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestTimesAreWrittenToBeRead(t *testing.T) {
	for _, c := range []struct {
		name        string
		mean, sigma float64
		want        string
	}{
		{"nothing", 0, 1, "0s"},
		{"always the same", 3600, 0, "1h"},
		{"always the same and not round", 5471, 0, "91m"},
		{"minutes to hours", 5471.69, 1.0, "11m..4h45m"},
		{"seconds to minutes", 120, 0.5, "47s..4m"},
		{"hours to days", 200000, 1.2, "3h45m..8d3h"},
		{"so wide that it begins below a second", 3600, 5, "1s..2h10m"},
		{"hardly any spread", 600, 0.01, "10m"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := timeText(c.mean, c.sigma); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWrittenTimesKeepMeanAndSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := math.Exp(rapid.Float64Range(math.Log(300), math.Log(1e8)).Draw(t, "log mean"))
		sigma := rapid.Float64Range(0, 2.5).Draw(t, "sigma")
		text := timeText(mean, sigma)
		low, high, got := read(t, text)
		if math.Abs(got/mean-1) > 0.01 {
			t.Errorf("%s has the mean %v, want %v within 1%%", text, got, mean)
		}
		written := 0.0
		if high > low {
			written = math.Log(high/low) / (2 * z95)
		}
		// A first percentile of a few seconds is rounded coarsely.
		if low >= 20 && math.Abs(written-sigma) > 0.05 {
			t.Errorf("%s has the spread %v, want %v", text, written, sigma)
		}
	})
}

func TestLengthsAreSaidAsPeopleDo(t *testing.T) {
	for _, c := range []struct {
		seconds float64
		want    string
	}{
		{0, "0s"}, {45, "45s"}, {60, "1m"}, {90, "90s"}, {150, "2m30s"}, {3600, "1h"}, {5400, "90m"},
		{7200, "2h"}, {29700, "8h15m"}, {86400, "1d"}, {94500, "26h15m"}, {280800, "3d6h"}, {1192 * 86400, "1192d"},
	} {
		if got := say(c.seconds); got != c.want {
			t.Errorf("%v s: got %s, want %s", c.seconds, got, c.want)
		}
		if _, _, mean := read(t, c.want); mean != c.seconds {
			t.Errorf("%s reads back as %v, want %v", c.want, mean, c.seconds)
		}
	}
	for _, c := range []struct {
		seconds float64
		want    string
	}{{0, "0m"}, {20, "20s"}, {600, "10m"}, {7200, "2h"}, {9000, "2h30m"}, {586830, "163h1m"}, {3.7e6, "1028h"}} {
		if got := sayHours(c.seconds); got != c.want {
			t.Errorf("%v s of lost time: got %s, want %s", c.seconds, got, c.want)
		}
	}
	for _, c := range []struct {
		seconds float64
		want    string
	}{{0.2, "1s"}, {3661, "61m1s"}, {10000, "2h47m"}, {10 * 86400.4, "10d"}, {1191.7 * 86400, "1192d"}} {
		if got := spanText(c.seconds); got != c.want {
			t.Errorf("a span of %v s: got %s, want %s", c.seconds, got, c.want)
		}
	}
}

func TestSharesAreWrittenWithFewDigits(t *testing.T) {
	for _, c := range []struct {
		share  float64
		digits int
		want   string
	}{{0, 3, "0%"}, {1, 3, "100%"}, {0.126374, 3, "12.6%"}, {0.9996, 3, "100%"}, {0.00012345, 3, "0.0123%"}, {0.2667, 2, "27%"}} {
		if got := percent(c.share, c.digits); got != c.want {
			t.Errorf("%v: got %s, want %s", c.share, got, c.want)
		}
	}
}
