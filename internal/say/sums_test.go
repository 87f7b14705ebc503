package say_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tightrope/internal/say"
)

func TestPartsAddUpToTheirSum(t *testing.T) {
	for _, c := range []struct {
		parts []float64
		said  []string
		sum   string
	}{
		{[]float64{22000, 7600, 13000, 72000, 42000}, []string{"22,000", "7,600", "13,000", "72,000", "42,000"}, "156,600"},
		{[]float64{1000.0 / 3, 1000.0 / 3, 1000.0 / 3}, []string{"333.4", "333.3", "333.3"}, "1,000"},
		{[]float64{15, 20, 12}, []string{"15", "20", "12"}, "47"},
		{[]float64{4.0e6, 3, 0}, []string{"4,000,000", "<100", "0"}, "4,000,000"},
		{[]float64{0.126, 0.25}, []string{"0.126", "0.25"}, "0.376"},
		{[]float64{0, 0}, []string{"0", "0"}, "0"},
		{nil, nil, "0"},
	} {
		r := say.AddUp(c.parts...)
		for i, want := range c.said {
			if got := r.Part(i); got != want {
				t.Errorf("%v: part %d is said %q, expected %q", c.parts, i, got, want)
			}
		}
		if got := r.Total(); got != c.sum {
			t.Errorf("%v: the sum is said %q, expected %q", c.parts, got, c.sum)
		}
	}
}

func TestRoughSumsAddUpToo(t *testing.T) {
	r := say.AddUpRoughly(17_972, 8_143, 5_506, 5_967)
	for i, want := range []string{"18,000", "8,100", "5,500", "6,000"} {
		if got := r.Part(i); got != want {
			t.Errorf("part %d is said %q, expected %q", i, got, want)
		}
	}
	if r.Total() != "37,600" {
		t.Errorf("the sum is said %q", r.Total())
	}
}

func TestRoundedPartsAreNearWhatTheyAre(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		parts := make([]float64, 1+rnd.IntN(9))
		sum := 0.0
		for i := range parts {
			parts[i] = math.Exp(rnd.NormFloat64()*4) * 1000
			sum += parts[i]
		}
		r := say.AddUp(parts...)
		shown := 0.0
		for i, v := range r.Parts {
			shown += v
			if math.Abs(v-parts[i]) > r.Step*(1+1e-6) {
				t.Fatalf("%v: %v is shown as %v, by steps of %v", parts, parts[i], v, r.Step)
			}
		}
		if math.Abs(shown-r.Sum) > r.Step/1e3 || math.Abs(r.Sum-sum) > r.Step*0.51 || r.Step > sum/1000 {
			t.Fatalf("%v: the parts shown are %v, the sum %v of %v, by steps of %v", parts, shown, r.Sum, sum, r.Step)
		}
	}
}

// Two lists beside each other add up as shown, and what differs is said differently.
func TestListsSetApartAddUp(t *testing.T) {
	x, y := say.AddUpApart([]float64{0, 21_598_000}, []float64{23_000_000, 21_860_000})
	got := []string{x.Part(0), x.Part(1), x.Total(), y.Part(0), y.Part(1), y.Total()}
	want := []string{"0", "21,600,000", "21,600,000", "23,000,000", "21,900,000", "44,900,000"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, expected %q", got, want)
	}
	if x, y := say.AddUpApart([]float64{100, 55_812}, []float64{100, 55_790}); x.Part(0) != y.Part(0) || x.Part(1) == y.Part(1) || x.Total() == y.Total() {
		t.Errorf("%s %s %s, %s %s %s", x.Part(0), x.Part(1), x.Total(), y.Part(0), y.Part(1), y.Total())
	}
}

// Amounts that stand below one another read as the same only where they are.
func TestFiguresThatStandBelowOneAnotherAreToldApart(t *testing.T) {
	for _, c := range []struct {
		amounts []float64
		want    []string
	}{
		{[]float64{0, 55_812, 31_234_000}, []string{"0", "55,800", "31,200,000"}},
		{[]float64{55_812, 55_790, 61_000}, []string{"55,810", "55,790", "61,000"}},
		{[]float64{1_234_567, 1_234_568, 1_230_000}, []string{"1,234,567", "1,234,568", "1,230,000"}},
		{[]float64{12.31, 12.34, 0.35}, []string{"12.31", "12.34", "0.35"}},
		{[]float64{5000, 5000 * (1 + 1e-13)}, []string{"5,000", "5,000"}},
	} {
		if got := say.FiguresApart(c.amounts); !slices.Equal(got, c.want) {
			t.Errorf("%v are said %q, expected %q", c.amounts, got, c.want)
		}
	}
}
