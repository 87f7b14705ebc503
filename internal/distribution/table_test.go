package distribution

import (
	"math"
	"math/rand/v2"
	"testing"
)

// within fails where two numbers differ by more than a share of the second.
func within(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if math.Abs(got-want) > relative*math.Abs(want) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

func TestATableIsTheLawThatItWasMadeOf(t *testing.T) {
	for _, l := range []Law{Exponential(600), LogNormalBetween(60, 3600)} {
		table := NewTable(l.Survival, Points(1e-4*l.Mean(), reachOf(l)))
		within(t, "mean", table.Mean(), l.Mean(), 1e-3)
		within(t, "second moment", table.SecondMoment(), l.SecondMoment(), 2e-3)
		for _, x := range []float64{1, 100, 1000, 5000} {
			within(t, "survival", table.Survival(x), l.Survival(x), 1e-3)
			within(t, "above", table.Above(x), l.Above(x), 2e-3)
			// E[(x−X)⁺] − E[(X−x)⁺] = x − E[X], exactly.
			within(t, "below", table.Below(x)-table.Above(x), x-table.Mean(), 1e-9)
			within(t, "scaled", table.Scale(3).Survival(3*x), table.Survival(x), 1e-12)
			within(t, "stretched", table.To(2*table.Mean()).Above(2*x), 2*table.Above(x), 1e-12)
		}
	}
}

// Two copies with exponential repairs: whichever is back first, the outage of
// both is exponential with half the mean; of three, a third.
func TestTogetherOfExponentials(t *testing.T) {
	e := Blend{{1, Exponential(36000)}}
	for n, want := range map[int]float64{2: 18000, 3: 12000} {
		c := Cut{Weight: 2, First: e}
		for range n - 1 {
			c.Others = append(c.Others, e)
		}
		law, ok := Together([]Cut{c})
		if !ok {
			t.Fatal("no law")
		}
		within(t, "mean", law.Mean(), want, 1e-3)
		for _, x := range []float64{600, 7200, 36000} {
			within(t, "survival", law.Survival(x), math.Exp(-x/want), 2e-3)
		}
	}
	if _, ok := Together(nil); ok {
		t.Error("a law of nothing")
	}
}

// A pair of which one is down for a fixed hour and the other exponential, drawn
// out: first one fails while the other is down, at a random moment of that.
func TestTogetherEqualsDraws(t *testing.T) {
	fixed, random := Blend{{3, Fixed(3600)}}, Blend{{1, Exponential(1800)}, {2, Fixed(600)}}
	law, _ := Together([]Cut{{Weight: 1, First: fixed, Others: []Blend{random}}})
	r := rand.New(rand.NewPCG(1, 2))
	const n = 400_000
	over := map[float64]int{300: 0, 600: 0, 2000: 0, 3500: 0}
	for range n {
		// An incident of the other by how much time it takes, then a moment of it.
		left := 0.0
		if r.Float64() < 1800.0/(1800+2*600) {
			left = 1800 * r.ExpFloat64() // what is left of an exponential
		} else {
			left = 600 * r.Float64()
		}
		length := math.Min(3600, left)
		for x := range over {
			if length > x {
				over[x]++
			}
		}
	}
	for x, k := range over {
		p := float64(k) / n
		if want := law.Survival(x); math.Abs(p-want) > 4.5*math.Sqrt(want*(1-want)/n)+1e-3*want {
			t.Errorf("P(L > %g): drawn %g, computed %g", x, p, want)
		}
	}
}

func TestWhatIsFeltOfFixedLengths(t *testing.T) {
	p, l := FeltOf(Fixed(600), []Felt{{0.5, Fixed(0)}, {0.25, Fixed(300)}, {0.25, Fixed(900)}})
	if p != 1 || l != Law(Fixed(0.5*600+0.25*300)) {
		t.Errorf("felt %v with chance %g", l, p)
	}
	if p, _ := FeltOf(Fixed(600), []Felt{{1, Fixed(600)}}); p != 0 {
		t.Errorf("all of it is ridden out, but felt with chance %g", p)
	}
}

// An exponential outage forgets: what is felt of it after a ride is as long as
// it would be without, but less often.
// A time that is always the same, less one that differs: as smooth as that is.
func TestWhatIsFeltOfAFixedLengthBehindOneThatDiffers(t *testing.T) {
	const x, some = 8940, 0.057
	after := LogNormalBetween(300, 2400)
	for _, groups := range [][]Felt{{{1, after}}, {{some, Fixed(0)}, {1 - some, after}}} {
		c, s := 0.0, 1.0
		if len(groups) > 1 {
			c, s = some*x, 1-some
		}
		p, l := FeltOf(Fixed(x), groups)
		for y := c + 50; y < x; y += 61 {
			if got, want := p*l.Survival(y), 1-after.Survival(x-(y-c)/s); math.Abs(got-want) > 1e-4 {
				t.Fatalf("%d groups: more than %g is felt with chance %g, want %g", len(groups), y, got, want)
			}
		}
		if want := c + s*after.Below(x); math.Abs(p*l.Mean()-want) > 1e-9*want {
			t.Errorf("%d groups: %g is felt on average, want %g", len(groups), p*l.Mean(), want)
		}
	}
}

func TestWhatIsFeltOfAnExponential(t *testing.T) {
	p, l := FeltOf(Exponential(1800), []Felt{{1, Fixed(300)}})
	_, same := FeltOf(Exponential(1800), []Felt{{0.5, Fixed(300)}, {0.5, Fixed(300)}})
	within(t, "mean of the table", same.Mean(), l.Mean(), 1e-9)
	within(t, "survival of the table", same.Survival(2000), l.Survival(2000), 1e-3)
	within(t, "chance", p, math.Exp(-300.0/1800), 1e-9)
	within(t, "mean", l.Mean(), 1800, 1e-9)
	within(t, "survival", l.Survival(2000), math.Exp(-2000.0/1800), 1e-3)
}

// Users behind different rides, one of them random, against the integral by
// draws.
func TestWhatIsFeltByUsersApart(t *testing.T) {
	groups := []Felt{{0.4, Fixed(0)}, {0.6, Exponential(400)}}
	p, l := FeltOf(Exponential(1000), groups)
	within(t, "chance", p, 1, 1e-9)
	r := rand.New(rand.NewPCG(3, 4))
	const n = 400_000
	sum, over := 0.0, 0
	for range n {
		x, after := 1000*r.ExpFloat64(), 400*r.ExpFloat64()
		felt := 0.4*x + 0.6*math.Max(0, x-after)
		sum += felt
		if felt > 1500 {
			over++
		}
	}
	within(t, "mean", l.Mean(), sum/n, 0.01)
	q := float64(over) / n
	if want := l.Survival(1500); math.Abs(q-want) > 4.5*math.Sqrt(want*(1-want)/n)+0.004 {
		t.Errorf("P(felt > 1500): drawn %g, computed %g", q, want)
	}
	// E = 0.4·1000 + 0.6·1000·1000/1400.
	within(t, "closed form", l.Mean(), 400+600*1000.0/1400, 0.01)
}

// The law of an incident of several parts: detection after a minute, an attempt
// that works with 60 % and takes exp(5m), else another of exp(20m).
func TestTheLengthOfAnIncident(t *testing.T) {
	in := &Incident{
		Impact: 0.3, Detect: NewDetections([]Law{Fixed(60)}, []bool{true}), Catches: []float64{1},
		Attempts: []Attempt{
			{Takes: Exponential(300), Works: 0.6, Restores: 1, Responder: -1},
			{Takes: Exponential(1200), Works: 1, Restores: 1, Responder: -1},
		},
	}
	l := in.Length(NewPlanner())
	within(t, "mean", l.Mean(), 60+300+0.4*1200, 1e-9)
	// P(exp(a) + exp(b) > x) = (a·e^(−x/a) − b·e^(−x/b))/(a − b).
	for _, x := range []float64{120, 400, 1500, 4000} {
		y := x - 60
		both := (1200*math.Exp(-y/1200) - 300*math.Exp(-y/300)) / 900
		within(t, "survival", l.Survival(x), 0.6*math.Exp(-y/300)+0.4*both, 3e-3)
	}
	in.Attempts = in.Attempts[1:]
	in.Detect = NewDetections([]Law{Fixed(0)}, []bool{true})
	if got := in.Length(NewPlanner()); got != Law(Exponential(1200)) {
		t.Errorf("one law: %v", got)
	}
}

func TestDelayed(t *testing.T) {
	table := NewTable(Exponential(100).Survival, Points(1e-4, 4000))
	for _, of := range []Law{Exponential(100), LogNormal{4, 0.7}, table, Later{Exponential(100), 20}} {
		l := Delayed(of, 50)
		if want := 50 + of.Mean(); math.Abs(l.Mean()-want) > 1e-12*want {
			t.Errorf("%T: mean %g, want %g", of, l.Mean(), want)
		}
		if got, want := l.SecondMoment()-l.Mean()*l.Mean(), of.SecondMoment()-of.Mean()*of.Mean(); math.Abs(got-want) > 1e-9*want {
			t.Errorf("%T: variance %g, want %g", of, got, want)
		}
		for _, x := range []float64{0, 20, 50, 70, 130, 400} {
			if got, want := l.Survival(x), of.Survival(x-50); x >= 50 && got != want || x < 50 && got != 1 {
				t.Errorf("%T: P(X > %g) = %g, want %g", of, x, got, want)
			}
			// E[(X − x)⁺] − E[(x − X)⁺] = E[X] − x.
			if got, want := l.Above(x)-l.Below(x), l.Mean()-x; math.Abs(got-want) > 1e-9*l.Mean() {
				t.Errorf("%T: at %g above less below is %g, want %g", of, x, got, want)
			}
		}
		if got, want := l.Scale(2).Survival(300), l.Survival(150); math.Abs(got-want) > 1e-12 {
			t.Errorf("%T: scaled %g, want %g", of, got, want)
		}
	}
	if l := Delayed(Fixed(3), 4); l != Fixed(7) {
		t.Errorf("a fixed time becomes %v", l)
	}
}

// Who is nobody feels nothing.
func TestFeltByNobodyIsNothing(t *testing.T) {
	chance, law := FeltOf(Exponential(600), []Felt{{Share: 0, After: Fixed(0)}, {Share: 1, After: LogNormal{5, 0.5}}})
	if !(chance > 0.1 && chance < 0.9) || !(law.Mean() > 500 && law.Mean() < 700) {
		t.Errorf("with chance %g a mean of %g", chance, law.Mean())
	}
	if chance, law := FeltOf(Exponential(600), []Felt{{Share: 0, After: Fixed(0)}}); chance != 0 || law.Mean() != 0 {
		t.Errorf("of nobody: with chance %g a mean of %g", chance, law.Mean())
	}
}

// A law keeps its jumps where it gets another mean.
func TestTowardKeepsJumps(t *testing.T) {
	// 0..60 evenly for one half, and just 60.
	l := NewTable(func(x float64) float64 { return 1 - x/120 }, Points(1e-4, 60, math.Nextafter(60, 0)))
	for _, mean := range []float64{44, 45.2, 47} {
		m := l.Toward(mean)
		if math.Abs(m.Mean()-mean) > 1e-9 {
			t.Errorf("the mean is %g, want %g", m.Mean(), mean)
		}
		if got := m.Above(0) - m.Above(45) - 45*m.Survival(45); got < 0 {
			t.Errorf("with the mean %g, E[min(X, 45)] less 45·P(X > 45) is %g", mean, got)
		}
		sum, second := 0.0, 0.0 // by a sum of survivals
		for i := range 60_000 {
			x := (float64(i) + 0.5) / 1000
			sum, second = sum+m.Survival(x)/1000, second+2*x*m.Survival(x)/1000
		}
		if math.Abs(sum-mean) > 1e-4 || math.Abs(second-m.SecondMoment()) > 1e-2 {
			t.Errorf("by a sum the mean is %g and the second moment %g, want %g and %g", sum, second, mean, m.SecondMoment())
		}
		if m.Survival(60) != 0 || m.Survival(59.999) < 0.3 {
			t.Errorf("with the mean %g the jump at 60 is P(X > 59.999) = %g, P(X > 60) = %g", mean, m.Survival(59.999), m.Survival(60))
		}
	}
	if m := l.Toward(10); math.Abs(m.Mean()-10) > 1e-9 {
		t.Errorf("stretched far the mean is %g", m.Mean())
	}
}

// A ride that hardly any outage outlasts leaves nothing, rather than a law of
// nothing by nothing.
func TestWhatIsAlmostNeverFelt(t *testing.T) {
	for _, after := range []float64{3600, 36000, 1e6, 1e9} {
		p, l := FeltOf(LogNormalBetween(10, 60), []Felt{{1, Fixed(after)}})
		if math.IsNaN(p) || math.IsNaN(l.Mean()) || math.IsInf(l.Mean(), 0) || p > 1e-13 {
			t.Errorf("after %g s: felt with %g, for %g s", after, p, l.Mean())
		}
	}
}

// A law whose mean is far beyond a lattice keeps its digits on it: no point of it
// has less than nothing.
func TestATableOfVeryLongTimesKeepsItsDigits(t *testing.T) {
	long := LogNormalBetween(1, 100*365.25*86400)
	table := NewTable(long.Survival, Points(1e-6, 1e24)).Scale(1e-6)
	g := &Grid{Step: 1e-3, N: 256}
	total := 0.0
	for k, w := range g.weights(table) {
		if w < -1e-12 {
			t.Fatalf("point %d has %v", k, w)
		}
		total += w
	}
	if want := 1 - table.Survival(float64(g.N)*g.Step); math.Abs(total-want) > 0.01*want+1e-6 {
		t.Errorf("%v on the lattice, want about %v", total, want)
	}
}
