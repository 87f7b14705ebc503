package distribution

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// outcomes enumerates the lost time of an incident made of fixed times only,
// straight from the words: another way to what Spectrum and Moments compute.
func outcomes(in *Incident, visit func(p, bad float64)) {
	share := func(t float64) (passed, at float64) {
		if len(in.Stages) == 0 {
			return t, 1
		}
		for i, s := range in.Stages {
			if i == len(in.Stages)-1 || t <= s.For {
				return passed + t*s.Share, s.Share
			}
			passed += s.For * s.Share
			t -= s.For
		}
		panic("unreachable")
	}
	var recover func(i int, left float64, called map[int]bool, p, bad, at float64)
	recover = func(i int, left float64, called map[int]bool, p, bad, at float64) {
		if left == 0 || i == len(in.Attempts) {
			visit(p, bad*in.Impact)
			return
		}
		a := in.Attempts[i]
		was := map[int]bool{}
		for k := range called {
			was[k] = true
		}
		if a.Responder >= 0 && !was[a.Responder] {
			was[a.Responder] = true
			bad += at * left * in.Acknowledge[a.Responder].Mean()
		}
		bad += at * left * a.Takes.Mean()
		recover(i+1, left*(1-a.Restores), was, p*a.Works, bad, at)
		if a.Works < 1 {
			recover(i+1, left, was, p*(1-a.Works), bad, at)
		}
	}
	// Each detection fires or never does.
	detect := in.Detect
	laws := append(append([]Law{}, detect.maybe...), detect.certain...)
	works := make([]float64, len(laws))
	for i := range laws {
		works[i] = 1
		if i < len(detect.of) {
			works[i] = in.Catches[detect.of[i]]
		}
	}
	n := len(laws)
	for set := range 1 << n {
		p, first := 1.0, math.Inf(1)
		for j, l := range laws {
			if set>>j&1 == 1 {
				p *= works[j]
				first = math.Min(first, l.Mean())
			} else {
				p *= 1 - works[j]
			}
		}
		if p > 0 {
			bad, at := share(first)
			recover(0, 1, nil, p, bad, at)
		}
	}
}

func TestIncidentsOfFixedTimesEqualEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	whole := func(n int) Fixed { return Fixed(20 * r.IntN(n)) }
	for trial := range 60 {
		in := &Incident{Impact: []float64{1, 0.5, 0.25}[r.IntN(3)]}
		var parts []chance
		for range r.IntN(3) {
			parts = append(parts, chance{whole(20), float64(r.IntN(11)) / 10})
		}
		in.Detect, in.Catches = first(append(parts, chance{whole(40), 1})...)
		for range 1 + r.IntN(3) {
			in.Attempts = append(in.Attempts, Attempt{
				Takes: whole(30), Works: float64(r.IntN(5)) / 4,
				Restores:  []float64{1, 1, 0.5, 0.75}[r.IntN(4)],
				Responder: r.IntN(3) - 1,
			})
		}
		last := &in.Attempts[len(in.Attempts)-1]
		last.Works, last.Restores = 1, 1
		in.Acknowledge = []Law{whole(10), whole(10)}
		if r.IntN(2) == 0 {
			in.Stages = []Stage{{0.05, 20 * float64(r.IntN(15))}, {0.25, 20 * float64(r.IntN(15))}, {1, 0}}
		}
		g := NewPlanner().Grid(1.0/64, 1<<17)
		d := g.Distribution(in.Spectrum(g), big.NewRat(1, 64))
		var m Moments
		probe := []float64{0, 30, 100, 317.5, 600, 1200}
		want := make([]float64, len(probe))
		outcomes(in, func(p, bad float64) {
			m = m.plus(point(bad).times(p))
			for i, x := range probe {
				if bad <= x+1e-9 {
					want[i] += p
				}
			}
		})
		got := in.Moments()
		near(t, "mass", got.Mass, 1, 1e-12)
		near(t, "mean", got.M1, m.M1, 1e-9*(1+m.M1))
		near(t, "second moment", got.M2, m.M2, 1e-9*(1+m.M2))
		for i, x := range probe {
			if len(in.Stages) > 0 {
				// 5 % of 20 s steps are off this lattice: only compare where
				// no outcome is within two steps.
				close := false
				outcomes(in, func(_, bad float64) { close = close || math.Abs(bad-x) < 0.25 })
				if close {
					continue
				}
			}
			near(t, "P(bad ≤ x)", d.At(x), want[i], 1e-9)
		}
		if t.Failed() {
			t.Fatalf("trial %d: %+v", trial, in)
		}
	}
}

func TestStagedRollOutBySpokenExample(t *testing.T) {
	in := func(seen float64) *Incident {
		detect, catches := first(chance{Fixed(seen), 1})
		return &Incident{
			Impact:   1,
			Stages:   []Stage{{0.05, 600}, {1, 0}},
			Detect:   detect,
			Catches:  catches,
			Attempts: []Attempt{{Takes: Fixed(360), Works: 1, Restores: 1, Responder: -1}},
		}
	}
	near(t, "noticed after 4m", in(240).Moments().M1, 30, 1e-9)
	near(t, "noticed after 15m", in(900).Moments().M1, 30+300+360, 1e-9)
	g := NewPlanner().Grid(30, 64)
	d := g.Distribution(in(900).Spectrum(g), big.NewRat(30, 1))
	near(t, "P(bad ≤ 689)", d.At(689), 0, 1e-12)
	near(t, "P(bad ≤ 690)", d.At(690), 1, 1e-12)
}

func TestSmoothStagedIncidentsAgreeWithSampling(t *testing.T) {
	parts := []chance{{LogNormalBetween(120, 3600), 0.8}, {Fixed(1200), 0.5}, {Exponential(5400), 1}}
	detect, catches := first(parts...)
	in := &Incident{
		Impact:      0.8,
		Stages:      []Stage{{0.1, 600}, {0.5, 900}, {1, 0}},
		Detect:      detect,
		Catches:     catches,
		Attempts:    []Attempt{{Exponential(600), 0.7, 1, 0}, {LogNormalBetween(600, 7200), 0.9, 0.6, 1}, {Fixed(1800), 1, 1, 0}},
		Acknowledge: []Law{LogNormalBetween(120, 900), Fixed(300)},
	}
	r := rand.New(rand.NewPCG(5, 6))
	draw := func(l Law) float64 {
		switch l := l.(type) {
		case Fixed:
			return float64(l)
		case Exponential:
			return float64(l) * r.ExpFloat64()
		case LogNormal:
			return math.Exp(l.Mu + l.Sigma*r.NormFloat64())
		}
		panic("unknown law")
	}
	const n = 400000
	var sum, sq float64
	probe := []float64{100, 600, 1500, 4000, 10000}
	count := make([]float64, len(probe))
	for range n {
		seen := math.Inf(1)
		for _, d := range parts {
			if r.Float64() < d.works {
				seen = math.Min(seen, draw(d.law))
			}
		}
		share, bad := 1.0, seen-1500+600*0.1+900*0.5
		if seen <= 600 {
			share, bad = 0.1, seen*0.1
		} else if seen <= 1500 {
			share, bad = 0.5, 60+(seen-600)*0.5
		}
		left := 1.0
		called := map[int]bool{}
		for _, a := range in.Attempts {
			if !called[a.Responder] {
				called[a.Responder] = true
				bad += share * left * draw(in.Acknowledge[a.Responder])
			}
			bad += share * left * draw(a.Takes)
			if r.Float64() < a.Works {
				left *= 1 - a.Restores
			}
			if left == 0 {
				break
			}
		}
		bad *= 0.8
		sum += bad
		sq += bad * bad
		for i, x := range probe {
			if bad <= x {
				count[i]++
			}
		}
	}
	m := in.Moments()
	sd := math.Sqrt(m.M2 - m.M1*m.M1)
	near(t, "mean", m.M1, sum/n, 4.5*sd/math.Sqrt(n))
	near(t, "second moment", m.M2/(sq/n), 1, 0.05)
	g := NewPlanner().Grid(2, 1<<15)
	d := g.Distribution(in.Spectrum(g), nil)
	for i, x := range probe {
		p := count[i] / n
		near(t, "P(bad ≤ x)", d.At(x), p, 4.5*math.Sqrt(p*(1-p)/n)+1e-4)
	}
	seen, acknowledge, recover := in.Times()
	if seen <= 0 || acknowledge <= 0 || recover <= 0 {
		t.Errorf("mean parts are %g, %g, %g", seen, acknowledge, recover)
	}
}

func TestMeanPartsOfAnIncident(t *testing.T) {
	detect, catches := first(chance{Fixed(60), 0.9}, chance{Fixed(1800), 1})
	in := &Incident{
		Impact:      1,
		Detect:      detect,
		Catches:     catches,
		Attempts:    []Attempt{{Fixed(120), 0.95, 1, 0}, {Fixed(3600), 1, 1, 0}},
		Acknowledge: []Law{Fixed(300)},
	}
	d, a, r := in.Times()
	near(t, "TTD", d, 234, 1e-9)
	near(t, "TTA", a, 300, 1e-9)
	near(t, "TTR", r, 300, 1e-9)
}
