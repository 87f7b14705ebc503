package distribution

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %.12g, want %.12g ± %.2g (off by %.3g)", what, got, want, tol, got-want)
	}
}

func TestPoissonOfLevySeverityMatchesPublishedTable(t *testing.T) {
	// Grübel & Hermesmeier 1999: Poisson(20), a Lévy severity rounded to a
	// unit grid. Its tail falls like x^−1/2, so untilted transforms fail.
	f := func(x float64) float64 { return math.Erfc(1 / math.Sqrt(2*x)) }
	const n = 4096
	w := make([]float64, n)
	w[0] = f(0.5)
	for k := 1; k < n; k++ {
		w[k] = f(float64(k)+0.5) - f(float64(k)-0.5)
	}
	g := NewPlanner().Grid(1, n)
	p := g.invert(Spectrum{full: g.transform(w)}.Poisson(20).full)
	for _, c := range []struct {
		k    int
		want float64
	}{{1, 2.462e-07}, {10, 3.432e-05}, {100, 1.156e-03}, {1000, 2.012e-04}} {
		near(t, "p", p[c.k], c.want, 0.0005*c.want)
	}
	slow := panjer(20, w, n)
	for k := range p {
		near(t, "p against Panjer", p[k], slow[k], 1e-12)
	}
}

func TestTransformsAgreeWithRecursions(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const n = 512
	for range 40 {
		w := make([]float64, n)
		sum := 0.0
		for k := range 1 + r.IntN(60) {
			w[k] = r.Float64()
			sum += w[k]
		}
		for k := range w {
			w[k] /= sum * (1 + 0.1*r.Float64())
		}
		mean := math.Exp(r.Float64()*8 - 3)
		g := NewPlanner().Grid(1, n)
		s := Spectrum{full: g.transform(w)}
		for k, want := range panjer(mean, w, n) {
			near(t, "Poisson", g.invert(s.Poisson(mean).full)[k], want, 1e-11)
			if t.Failed() {
				t.FailNow()
			}
		}
		gm := Gamma{0.3 + 5*r.Float64(), 0.2 + r.Float64()}
		nb := g.invert(s.PoissonUnsure(gm).full)
		for k, want := range panjerNegBin(gm, w, n) {
			near(t, "negative binomial", nb[k], want, 1e-11)
		}
		p := r.Float64()
		once := make([]float64, n)
		for k := range w {
			once[k] = p * w[k]
		}
		once[0] += 1 - p
		brute := []float64{1}
		m := 1 + r.IntN(6)
		for range m {
			brute = convolve(brute, once, n)
		}
		bin := g.invert(s.Maybe(p).Power(m).full)
		for k, want := range brute {
			near(t, "binomial", bin[k], want, 1e-11)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

func TestPoissonOfExponentialsHasItsPublishedQuantile(t *testing.T) {
	g := NewPlanner().Grid(160.0/8192, 8192)
	d := g.Distribution(g.Law(Exponential(1), 1).Poisson(50), nil)
	near(t, "99.9 % quantile", d.Quantile(0.999), 85.10596, 1e-3)
	// P(none) = exp(−50); P(S ≤ x) = Σ Poisson(n; 50)·P(Erlang n ≤ x).
	want := math.Exp(-50)
	pn := math.Exp(-50)
	for n := 1; n < 300; n++ {
		pn *= 50 / float64(n)
		want += pn * Gamma{float64(n), 1}.CDF(42)
	}
	near(t, "P(S ≤ 42)", d.At(42), want, 1e-5)
}

func TestHalvingTheStepExtrapolatesToTheTruth(t *testing.T) {
	p := NewPlanner()
	at := func(n int) float64 {
		g := p.Grid(160.0/float64(n), n)
		return g.Distribution(g.Law(Exponential(1), 1).Poisson(50), nil).At(42)
	}
	want := math.Exp(-50)
	pn := math.Exp(-50)
	for n := 1; n < 300; n++ {
		pn *= 50 / float64(n)
		want += pn * Gamma{float64(n), 1}.CDF(42)
	}
	a, b := at(2048), at(4096)
	near(t, "extrapolated", b+(b-a)/3, want, 1e-8)
	if math.Abs(b-a) < math.Abs(b-want) {
		t.Errorf("the error figure |%g| is less than the error |%g|", b-a, b-want)
	}
}

func TestUnsureRateSeenTwiceInFiveYears(t *testing.T) {
	g := NewPlanner().Grid(1, 64)
	s := g.atom(3).PoissonUnsure(GammaSeen(2, 5))
	d := g.Distribution(s, big.NewRat(1, 1))
	near(t, "P(none in a year)", d.AtMost(new(big.Rat)), math.Pow(5.0/6, 2.5), 1e-12)
	near(t, "P(none in a year)", d.AtMost(big.NewRat(29, 10)), 0.6339381453, 1e-10)
}

func TestLawsKeepTheirMeanAndTailsOnALattice(t *testing.T) {
	laws := map[string]Law{
		"lognormal 2m..15m": LogNormalBetween(120, 900),
		"lognormal wide":    LogNormalBetween(600, 4*3600),
		"exponential":       Exponential(1800),
	}
	g := NewPlanner().Grid(13, 1<<16)
	for name, l := range laws {
		w := g.weights(l)
		sum, mean := 0.0, 0.0
		for k, p := range w {
			sum += p
			mean += p * float64(k) * g.Step
			if p < -1e-15 {
				t.Fatalf("%s: weight %d is %g", name, k, p)
			}
		}
		// What lies beyond the lattice is missing, not folded back.
		top := float64(g.N) * g.Step
		near(t, name+" mass", sum, 1-(l.Above(top-g.Step)-l.Above(top))/g.Step, 1e-12)
		near(t, name+" mean", mean/(l.Mean()-l.Above(top)-top*l.Survival(top)), 1, 1e-7)
		e := newEarliest([]Law{l}, nil)
		e.begin()
		slow := g.survivalWeights(e.smooth, e.breaks)
		for k := range w {
			near(t, name+" by integration", slow[k], w[k], 1e-7)
		}
		two := newEarliest([]Law{l, Fixed(1e12)}, nil)
		two.begin()
		m := two.Moments(-1, math.Inf(1))
		near(t, name+" mean by integration", m.M1/l.Mean(), 1, 1e-9)
		near(t, name+" second moment by integration", m.M2/l.SecondMoment(), 1, 1e-6)
	}
}

func TestRangesOfLognormalAreItsPercentiles(t *testing.T) {
	l := LogNormalBetween(120, 900)
	near(t, "5 %", 1-l.Survival(120), 0.05, 1e-12)
	near(t, "95 %", 1-l.Survival(900), 0.95, 1e-12)
	near(t, "quantile", l.Quantile(0.95), 900, 1e-7)
	if got := LogNormalBetween(1, 2).Survival(math.Exp(4)); got <= 0 || got > 1e-60 {
		t.Errorf("a survival far out lost its digits: %g", got)
	}
}

func TestEarliestOfSeveralDetectionsEqualsEnumerationAndIntegration(t *testing.T) {
	e, w := first(chance{Fixed(60), 0.9}, chance{Fixed(1800), 1})
	m := e.Moments(w, -1, math.Inf(1))
	near(t, "mean", m.M1, 0.9*60+0.1*1800, 1e-9)
	near(t, "second", m.M2, 0.9*3600+0.1*1800*1800, 1e-6)

	// A certain exponential against a fixed alarm that catches half.
	e, w = first(chance{Exponential(600), 1}, chance{Fixed(300), 0.5})
	x := math.Exp(-0.5)
	// ∫₀³⁰⁰ e^{−t/600} + ½∫₃₀₀^∞ e^{−t/600}
	want := 600*(1-x) + 0.5*600*x
	near(t, "mean", e.Moments(w, -1, math.Inf(1)).M1, want, 1e-7)
	a, b := e.Moments(w, -1, 100), e.Moments(w, 100, math.Inf(1))
	near(t, "parts add up", a.M1+b.M1, want, 1e-7)
	near(t, "masses add up", a.Mass+b.Mass, 1, 1e-12)
	near(t, "mass of a part", a.Mass, 1-math.Exp(-100.0/600), 1e-12)

	// On a lattice: mass, mean, and the jump at the alarm.
	g := NewPlanner().Grid(5, 4096)
	in := &Incident{Impact: 1, Detect: e, Catches: w}
	d := g.Distribution(in.Spectrum(g), nil)
	near(t, "P(T ≤ 290)", d.At(290), 1-math.Exp(-290.0/600), 5e-6)
	// The density halves at the alarm, so that there the lattice is right to
	// first order only.
	near(t, "P(T ≤ 300)", d.At(300), 1-0.5*math.Exp(-0.5), 1e-3)
	near(t, "P(T ≤ 900)", d.At(900), 1-0.5*math.Exp(-1.5), 1e-6)
}

func TestBetaAndGammaRangesAreTheirPercentiles(t *testing.T) {
	for _, r := range [][2]float64{{0.02, 0.06}, {0.3, 0.6}, {0.001, 0.9}, {1e-6, 0.5}, {0.05, 0.051}, {0.9, 0.99}, {0.5, 0.999999}, {1e-9, 2e-9}, {0.0001, 0.9999}} {
		b := BetaBetween(r[0], r[1])
		near(t, "beta 5 %", b.CDF(r[0]), 0.05, 1e-5)
		near(t, "beta 95 %", b.CDF(r[1]), 0.95, 1e-5)
	}
	for _, r := range [][2]float64{{1. / 120, 1. / 45}, {0.001, 5}, {1e-9, 1}, {1, 1.0001}, {1, 1.1}} {
		g := GammaBetween(r[0], r[1])
		near(t, "gamma 5 %", g.CDF(r[0]), 0.05, 1e-6)
		near(t, "gamma 95 %", g.CDF(r[1]), 0.95, 1e-6)
	}
}

func TestGaussRulesIntegratePolynomialsExactly(t *testing.T) {
	type law interface {
		Unsure
	}
	raw := map[string]struct {
		l law
		m func(k int) float64
	}{
		"beta": {Beta{2.5, 70}, func(k int) float64 {
			p := 1.0
			for i := range k {
				p *= (2.5 + float64(i)) / (72.5 + float64(i))
			}
			return p
		}},
		"beta under 1": {Beta{0.4, 0.6}, func(k int) float64 {
			p := 1.0
			for i := range k {
				p *= (0.4 + float64(i)) / (1 + float64(i))
			}
			return p
		}},
		"gamma": {Gamma{2.5, 5}, func(k int) float64 {
			p := 1.0
			for i := range k {
				p *= (2.5 + float64(i)) / 5
			}
			return p
		}},
		"lognormal": {LogNormal{0.1, 0.2}, func(k int) float64 {
			return math.Exp(0.1*float64(k) + 0.02*float64(k*k))
		}},
	}
	for name, c := range raw {
		x, w := c.l.Nodes(10)
		for k := range 8 {
			s := 0.0
			for i := range x {
				s += w[i] * math.Pow(x[i], float64(k))
			}
			near(t, name, s/c.m(k), 1, 1e-9)
		}
	}
}

func TestTheTableOfTheNormalTailAgreesWithErfc(t *testing.T) {
	for z := -9.0; z < 9; z += 0.000717 {
		near(t, "upper", upper(z), math.Erfc(z/math.Sqrt2)/2, 2e-15)
	}
}

func TestPartsOfAnAmountKeepTheirMassAndMean(t *testing.T) {
	for _, r := range [][2]float64{{0.1, 0.99}, {0.02, 0.06}, {0.3, 0.6}, {0.001, 0.9}, {0.01, 0.99}, {0.5, 0.99}} {
		b := BetaBetween(r[0], r[1])
		for _, h := range []float64{16, 64, 110, 512, 5000} {
			for _, p := range []Part{{b, 0, 3600}, {b, 100, 36000}} {
				sum, mean := 0.0, 0.0
				for k, w := range NewPlanner().Grid(h, 4096).weights(p) {
					sum += w
					mean += w * float64(k) * h
				}
				near(t, "mass", sum, 1, 1e-10)
				near(t, "mean", mean/p.Mean(), 1, 1e-9)
			}
		}
	}
}

func TestTheTableOfABetaAgreesWithTheBeta(t *testing.T) {
	for _, r := range [][2]float64{{0.1, 0.99}, {0.02, 0.06}, {0.3, 0.6}, {0.001, 0.9}, {0.5, 0.99}, {0.05, 0.051}} {
		b := BetaBetween(r[0], r[1])
		table := newBetaTable(b)
		for y := -0.1; y < 1.1; y += 0.000317 {
			near(t, "E[(y−X)⁺]", table.below(y), b.below(y), 1e-9)
		}
		g := NewPlanner().Grid(7, 1<<12)
		slow := g.weights(Part{b, 300, 9000})
		fast := make([]float64, g.N)
		g.partWeights(fast, 1, table, 300, 9000)
		for k, w := range fast {
			near(t, "weight", w, slow[k], 1e-5)
		}
	}
}
