package distribution

import (
	"math"
	"testing"
)

// Of two exponential times both last for 1/(1/a + 1/b), and one alone for the rest of
// its mean.
func TestForHowLongExactlySomeOfSeveralTimesLast(t *testing.T) {
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-5*want {
			t.Errorf("%s: %g, want %g", what, got, want)
		}
	}
	x := Exactly([]Law{Exponential(60), Exponential(90), Fixed(30)})
	both := func(m float64) float64 { return m * (1 - math.Exp(-30/m)) } // with what is fixed
	near("all three", x[7], both(36))
	near("the first two", x[3], 36-both(36))
	near("the first, alone", x[1], 60-both(60)-(36-both(36)))
	near("the second and the fixed one", x[6], both(90)-both(36))
	l := []Law{LogNormalBetween(30, 120), LogNormalBetween(60, 100)}
	x = Exactly(l)
	// By a sum of small steps.
	sum, step := 0.0, 0.01
	for t := step / 2; t < 1000; t += step {
		sum += step * l[0].Survival(t) * l[1].Survival(t)
	}
	near("both of two ranges", x[3], sum)
}

func TestUniformIsWhatIsLeftOfAFixedTime(t *testing.T) {
	u, left := Uniform(50), Blend{{1, Fixed(50)}}
	for _, x := range []float64{-1, 0, 10, 49, 50, 60} {
		if got, want := u.Survival(x), left.residual(x); math.Abs(got-want) > 1e-12 {
			t.Errorf("P(X > %g) = %g, want %g", x, got, want)
		}
		if got, want := u.Above(x)-u.Below(x), u.Mean()-x; math.Abs(got-want) > 1e-12 {
			t.Errorf("E[X − %g] = %g, want %g", x, got, want)
		}
	}
	if got, want := u.SecondMoment(), 2500.0/3; math.Abs(got-want) > 1e-9 {
		t.Errorf("second moment %g, want %g", got, want)
	}
}

// With half the points it is the same law, to a few parts in 100,000.
func TestTogetherInManyIsTogether(t *testing.T) {
	long, short := Blend{{1, LogNormalBetween(600, 7200)}, {2, Exponential(300)}}, Blend{{1, Fixed(1800)}, {3, LogNormalBetween(60, 900)}}
	cuts := []Cut{{Weight: 1, First: long, Others: []Blend{short}}, {Weight: 2, First: short, Others: []Blend{long}}, {Weight: 0.3, First: short, Scale: 0.2}}
	a, _ := Together(cuts)
	b, _ := TogetherInMany(cuts)
	b = b.To(a.Mean())
	for x := 1.0; x < 20000; x *= 1.07 {
		if p, q := a.Survival(x), b.Survival(x); math.Abs(p-q) > 5e-5 {
			t.Errorf("P(L > %g) = %g, with all points %g", x, q, p)
		}
	}
}
