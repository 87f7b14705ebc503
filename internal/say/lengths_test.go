package say_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tightrope/internal/say"
)

func TestLengthsAddUpToTheirSum(t *testing.T) {
	const m, h, d = 60.0, 3600.0, 86400.0
	for _, c := range []struct {
		parts []float64
		said  []string
		sum   string
	}{
		{[]float64{8*h + 20.45*m, 8*h + 20.44*m, 5*h + 18.4*m, 17.35 * m}, []string{"8h21m", "8h21m", "5h18m", "17m"}, "22h17m"},
		{[]float64{4*h + 26*m + 0.4, 7*m + 29.3, 3.4}, []string{"4h26m", "7m29s", "4s"}, "4h33m33s"},
		{[]float64{50.4, 50.4, 50.4}, []string{"51s", "50s", "50s"}, "2m31s"},
		{[]float64{2*d + 3.4*h, 1.4 * h, 20 * m}, []string{"2d3h24m", "1h24m", "20m"}, "2d5h08m"},
		{[]float64{30*d + 3.4*h, 1.45 * h, 20 * m}, []string{"30d3h", "2h", "<1h"}, "30d5h"},
		{[]float64{3*h + 0.4*m, -10.4 * m}, []string{"3h", "−10m"}, "2h50m"},
		{[]float64{1.26, 0.03, 0}, []string{"1.3s", "<0.1s", "0s"}, "1.3s"},
		{[]float64{200 * d, 3 * h}, []string{"200d", "<1d"}, "200d"},
		{nil, nil, "0s"},
	} {
		x := say.English().AddUpLengths(c.parts...)
		var said []string
		for i := range c.parts {
			said = append(said, x.Part(i))
		}
		if !slices.Equal(said, c.said) || x.Total() != c.sum {
			t.Errorf("%v are said %q, %q; expected %q, %q", c.parts, said, x.Total(), c.said, c.sum)
		}
	}
}

func TestLengthsAreSaidInKorean(t *testing.T) {
	x := say.Korean().AddUpLengths(3600, 54, 2*86400)
	if got := x.Total(); got != "2일 1시간 1분" {
		t.Errorf("the sum is said %q", got)
	}
}

// Parts of parts add up too, whatever they are.
func TestLengthsWithinAPartAddUpToIt(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 2_000 {
		parts := make([]float64, 2+rnd.IntN(6))
		for i := range parts {
			parts[i] = math.Exp(rnd.NormFloat64()*3) * 1000
		}
		x := say.English().AddUpLengths(parts...)
		shown := 0.0
		for i, v := range x.Parts {
			shown += v
			if math.Abs(v-parts[i]) > x.Step*(1+1e-6) {
				t.Fatalf("%v: %v is shown as %v, by steps of %v", parts, parts[i], v, x.Step)
			}
			in := x.Within(i, parts[i]*0.3, parts[i]*0.6, parts[i]*0.1)
			sum := 0.0
			for _, y := range in.Parts {
				sum += y
			}
			if math.Abs(sum-v) > 1e-6*x.Step {
				t.Fatalf("%v: within %v are %v", parts, v, in.Parts)
			}
		}
		if math.Abs(shown-x.Sum) > 1e-6*x.Step {
			t.Fatalf("%v: the parts shown are %v, the sum %v", parts, shown, x.Sum)
		}
	}
}
