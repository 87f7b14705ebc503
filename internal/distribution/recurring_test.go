package distribution

import (
	"math"
	"math/big"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

// recurring draws amounts, on the lattice of step 1 or between its points.
func recurring(r *rand.Rand, on bool) []Recurring {
	var out []Recurring
	for range 1 + r.IntN(40) {
		x := 300 * r.Float64() * r.Float64()
		if on {
			x = math.Round(x)
		}
		out = append(out, Recurring{x, 3 * r.Float64() * r.Float64()})
	}
	return out
}

// each is the spectrum of each of them alone, multiplied.
func each(g *Grid, amounts []Recurring) Spectrum {
	s := g.Unit()
	for _, a := range amounts {
		s = s.Times(g.atom(a.Amount).Poisson(a.Mean))
	}
	return s
}

func TestRecurringAmountsByRecursionTransformAndOneByOneAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for i := range 60 {
		amounts := recurring(r, i%2 == 0)
		if i%5 == 0 {
			// None is small: points are computed many at once.
			for k := range amounts {
				amounts[k].Amount += 130
			}
		}
		g := NewPlanner().Grid(1, 256<<(i%4))
		want := g.Distribution(each(g, amounts), nil)
		d, ok := g.Recurring(amounts, nil)
		if !ok {
			t.Fatal("too much for the recursion")
		}
		var e Exponent
		e.AddRecurring(g, amounts[:len(amounts)/2])
		e.AddRecurring(g, amounts[len(amounts)/2:])
		s := e.Spectrum()
		by := g.Distribution(s, nil)
		for k := range want.fixed {
			// Transforms are right to what they say.
			far := 1e-12 + g.Rounding(float64(k), 1-want.Covered())
			near(t, "recursion", d.fixed[k], want.fixed[k], far)
			near(t, "transform", by.fixed[k], want.fixed[k], far)
			if t.Failed() {
				t.Fatalf("at %d of %v", k, amounts)
			}
		}
		near(t, "P(none)", s.Zero(), None(amounts), 1e-14)
		// Beside something smooth the two parts go on apart.
		law := LogNormalBetween(5, 90)
		var mixed, slow Exponent
		mixed.AddPoisson(2, g.Law(law, 1))
		mixed.AddRecurring(g, amounts)
		slow.AddPoisson(2, g.Law(law, 1))
		for _, a := range amounts {
			slow.AddPoisson(a.Mean, g.atom(a.Amount))
		}
		x, y := g.Distribution(mixed.Spectrum(), nil), g.Distribution(slow.Spectrum(), nil)
		for k := range x.fixed {
			near(t, "fixed part", x.fixed[k], y.fixed[k], 1e-11)
			near(t, "smooth part", x.rest[k], y.rest[k], 1e-11)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
}

func TestRecursionLeavesWhatIsTooMuchToTransforms(t *testing.T) {
	g := NewPlanner().Grid(1, 64)
	if _, ok := g.Recurring([]Recurring{{1, 2000}}, nil); ok {
		t.Error("exp(−2000) is no number to start from")
	}
	d, ok := g.Recurring([]Recurring{{100, 3}, {7, 0}}, nil)
	if !ok {
		t.Fatal("not even that")
	}
	near(t, "P(sum ≤ top) with an amount beyond it", d.Covered(), math.Exp(-3), 1e-15)
}

func TestIncidentsOfFixedTimesHaveTheirOutcomesAndOthersNone(t *testing.T) {
	fixed := &Incident{
		Impact:   0.5,
		Detect:   NewDetections([]Law{Fixed(60), Fixed(600)}, []bool{false, true}),
		Catches:  []float64{0.8, 1},
		Attempts: []Attempt{{Takes: Fixed(30), Works: 0.6, Restores: 1, Responder: -1}, {Takes: Fixed(300), Works: 1, Restores: 1, Responder: -1}},
	}
	list, ok := fixed.Fixed()
	if !ok {
		t.Fatal("it is made of fixed times only")
	}
	g := NewPlanner().Grid(1, 1024)
	var mix Mix
	sum := 0.0
	for _, o := range list {
		sum += o.P
		mix.Add(o.P, g.atom(o.Bad))
	}
	near(t, "probabilities", sum, 1, 1e-14)
	a, b := mix.Spectrum(g), fixed.Spectrum(g)
	for i := range a.full {
		near(t, "spectrum", real(a.full[i]), real(b.full[i]), 1e-13)
		near(t, "spectrum", imag(a.full[i]), imag(b.full[i]), 1e-13)
	}
	fixed.Attempts[1].Takes = Exponential(300)
	if _, ok := fixed.Fixed(); ok {
		t.Error("the second attempt takes any time")
	}
	fixed.Attempts[1].Takes = Fixed(300)
	fixed.Detect = NewDetections([]Law{Fixed(60), Exponential(600)}, []bool{false, true})
	if _, ok := fixed.Fixed(); ok {
		t.Error("one detection takes any time")
	}
}

// Whatever is done to spectra and exponents, one value that stands for all points
// is as good as writing it down at each.
func TestAFixedPartThatIsNothingAtAllIsKeptAsOneValue(t *testing.T) {
	g := NewPlanner().Grid(1, 128)
	smooth := g.Law(LogNormalBetween(5, 90), 1)
	down := func(s Spectrum) Spectrum {
		if s.fixed == nil || s.allFixed() {
			return s
		}
		return Spectrum{full: s.full, fixed: spread(s.fixed, len(s.full))}
	}
	r := rand.New(rand.NewPCG(6, 6))
	fixed := []Spectrum{g.atom(7), g.atom(0), g.atom(3.4).Poisson(0.7), smooth, smooth.Poisson(2), smooth.Maybe(0.3), g.Law(Exponential(20), 1).Poisson(0.5), smooth.Maybe(0.6).Times(g.atom(4).Poisson(1))}
	short := 0
	for range 300 {
		n := 1 + r.IntN(6)
		var list []Spectrum
		for range n {
			list = append(list, fixed[r.IntN(len(fixed))])
		}
		// one way each of putting them together, with values kept short and written down
		ways := []func(of func(Spectrum) Spectrum) Spectrum{
			func(of func(Spectrum) Spectrum) Spectrum {
				s := g.Unit()
				for _, x := range list {
					s = of(s.Times(of(x)))
				}
				return s
			},
			func(of func(Spectrum) Spectrum) Spectrum {
				var m Mix
				for i, x := range list {
					m.Add(1/float64(i+1), of(x))
				}
				return m.Spectrum(g)
			},
			func(of func(Spectrum) Spectrum) Spectrum {
				var e, f Exponent
				for i, x := range list {
					if i%2 == 0 {
						e.AddPoisson(0.3, of(x))
					} else {
						f.AddUnsure(Gamma{2, 3}, of(x))
					}
				}
				e.AddScaled(1, &f)
				f.AddScaled(0.5, &e)
				f.AddRecurring(g, []Recurring{{5, 0.2}})
				var h Exponent
				h.AddScaled(1, &f)
				h.AddScaled(-0.25, &e)
				return h.Spectrum()
			},
			func(of func(Spectrum) Spectrum) Spectrum {
				return of(list[0].Maybe(0.4)).Power(3).Times(of(list[n-1].Series(1, []float64{0.5, 0.5})))
			},
		}
		for i, way := range ways {
			a, b := way(func(s Spectrum) Spectrum { return s }), way(down)
			if len(a.fixed) == 1 {
				short++
			}
			x, y := g.Distribution(a, nil), g.Distribution(b, nil)
			var p, q Product
			p.Start(g)
			q.Start(g)
			for _, s := range []Spectrum{a, list[0], smooth.Maybe(0.5)} {
				p.Times(s)
				q.Times(down(s))
			}
			var e Exponent
			e.AddPoisson(0.1, list[n-1])
			p.TimesExp(0.7, &e)
			q.TimesExp(0.7, &Exponent{full: e.full, fixed: spread(e.fixed, len(e.full)), smooth: true})
			for k := 0; k < g.N; k += 9 {
				at := big.NewRat(int64(k), 1)
				near(t, "fixed part", x.fixed[k], y.fixed[k], 1e-12)
				near(t, "distribution", x.AtMost(at), y.AtMost(at), 1e-12)
				read := g.Reading(at, nil)
				near(t, "reading", read.Of(&p), read.Of(&q), 1e-12)
			}
			near(t, "P(none)", a.Zero(), b.Zero(), 1e-14)
			if t.Failed() {
				t.Fatalf("way %d", i)
			}
		}
	}
	if short < 100 {
		t.Errorf("only %d were kept as one value", short)
	}
}

func TestTheExponentialOfWhatIsSmallIsItsSeries(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		z := complex(0.06*(r.Float64()-0.5), 0.06*(r.Float64()-0.5))
		if d := cmplx.Abs(exp(z) - cmplx.Exp(z)); d > 5e-15 {
			t.Fatalf("exp(%v) is off by %g", z, d)
		}
	}
}
