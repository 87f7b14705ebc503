package crosscheck

import (
	"math"
	"math/rand/v2"
	"testing"

	"tightrope/internal/model"
)

// agree fails where an estimate is further from what is known than chance
// explains.
func agree(t *testing.T, what string, got estimate, want float64) {
	t.Helper()
	if d := math.Abs(got.value - want); d > 4.5*got.se+1e-12 {
		t.Errorf("%s: %v, want %.6g, which is %.1f standard errors away", what, got, want, d/got.se)
	}
}

func played(t *testing.T, text string, n int) (*program, *outcome) {
	t.Helper()
	_, p := mustCompile(t, text)
	var o outcome
	o.play(newPlayer(p, 7), n)
	return p, &o
}

func poissonAtMost(k int, mean float64) float64 {
	total, x := 0.0, math.Exp(-mean)
	for i := 0; i <= k; i++ {
		total += x
		x *= mean / float64(i+1)
	}
	return total
}

func TestPlayerCountsFixedIncidents(t *testing.T) {
	_, o := played(t, `
version: 1
services:
  top: {objective: {target: 99.9%}}
risks:
  r: {rate: 36.525/y, detect: 4m, recover: 1m}
`, 20_000)
	// 3 in 30 d, of 5 min, so rarely at once that it does not show.
	agree(t, "no more than two", o.begun.within(10*60), poissonAtMost(2, 3))
	agree(t, "none", o.begun.within(0), poissonAtMost(0, 3))
	agree(t, "mean", o.cut.mean(), 3*300*(1-1.5*300/2592000))
	if got := o.begun.quantile(0.5); got != 3*300 {
		t.Errorf("median %v, want 900", got)
	}
}

func TestPlayerLetsPlainIncidentsOverlap(t *testing.T) {
	// λ E[L] = 0.2: the share of time hit is that of M/G/∞, whatever the law, and
	// an impact thins the incidents for each user.
	for outage, impact := range map[string]float64{"2h": 1, "exp(2h)": 1, "~100m": 1, "exp(2.0h)": 0.4, "120m": 0.6} {
		_, p := mustCompile(t, `
version: 1
services:
  top: {objective: {target: 90%, over: 20d}}
risks:
  r: {every: 10h, impact: `+percent(impact)+`, detect: 0s, recover: `+outage+`}
`)
		_, makers := p.emitters[0].clock(world{1.0 / 36000, impact}, nil, nil)
		want := 1 - math.Exp(-makers[0].meanArea(world{1.0 / 36000, impact})/36000)
		for _, timed := range []bool{false, true} {
			pl := newPlayer(p, 11)
			pl.timed = timed
			var s sums
			for range 3000 {
				s.add(pl.play().cut / p.window)
			}
			agree(t, outage, s.mean(), want)
		}
		e, err := enumerate(p)
		if err != nil {
			t.Fatal(err)
		}
		agree(t, outage+" enumerated", estimate{e.mean(1, 1).value, 1e-12}, want)
	}
}

func TestPlayerKnowsAPairOfExponentialMachines(t *testing.T) {
	// Both down: q² of the time, and never in a window with a chance that a chain
	// of two states (none, one down) with exit gives.
	p, o := played(t, `
version: 1
services:
  top: {objective: {target: 99.9%, over: 10d}, needs: [{any: [a, b]}]}
  a: {availability: 90%, outage: exp(1h)}
  b: {availability: 90%, outage: exp(1h)}
`, 20_000)
	up, down := 0.1/0.9/3600, 1.0/3600
	agree(t, "share of time", estimate{o.cut.mean().value / p.window, o.cut.mean().se / p.window}, 0.01)
	agree(t, "never", o.cut.within(0), neverBoth(up, down, p.window))
}

// neverBoth is the chance that of two machines, in the stationary state, both
// are never down at once in a time.
func neverBoth(up, down, window float64) float64 {
	// x' = Ax with x = P(none down, never both), P(one down, never both).
	a, b := -2*up, down
	c, d := 2*up, -(down + up)
	tr, det := a+d, a*d-b*c
	root := math.Sqrt(tr*tr/4 - det)
	l1, l2 := tr/2+root, tr/2-root
	q := up / (up + down)
	x0, x1 := (1-q)*(1-q), 2*q*(1-q)
	// exp(At) = e^(l1 t)(A − l2)/(l1 − l2) − e^(l2 t)(A − l1)/(l1 − l2).
	at := func(l, other float64) float64 {
		return math.Exp(l*window) * ((a-other)*x0 + b*x1 + c*x0 + (d-other)*x1) / (l1 - l2)
	}
	return at(l1, l2) - at(l2, l1)
}

func TestPlayerKnowsOneAlternatingService(t *testing.T) {
	// Fixed outages: begun whole, those of a renewal process whose up times are
	// exponential; the mean share of time is as stated.
	p, o := played(t, `
version: 1
services:
  top: {objective: {target: 95%, over: 10d}, availability: 95%, outage: 2h}
`, 20_000)
	agree(t, "share of time", estimate{o.cut.mean().value / p.window, o.cut.mean().se / p.window}, 0.05)
	agree(t, "begun", estimate{o.begun.mean().value / p.window, o.begun.mean().se / p.window}, 0.05)
	// None in the window: up at its beginning, and for all of it.
	agree(t, "never", o.cut.within(0), 0.95*math.Exp(-p.window*0.05/0.95/7200))
}

func TestIncidentsAreAsLongAsTheirParts(t *testing.T) {
	_, p := mustCompile(t, `
version: 1
services:
  top: {objective: {target: 99%}}
risks:
  r: {every: 10d, impact: 50%, detect: [alarm, probe, customers], recover: [flip, rollback, restore, forward]}
detection:
  alarm: {after: exp(3m), catches: 70%}
  probe: {after: 2m, catches: 50%}
  customers: {after: 5m..1h}
recovery:
  flip: {takes: 1m, works: 60%, by: nobody}
  rollback: {takes: 5m, works: 80%, restores: 70%, by: ann}
  restore: {takes: 10m..20m, works: 50%, restores: 50%, by: bob}
  forward: {takes: 30m, by: ann}
responders:
  ann: {acknowledges: 4m}
  bob: {acknowledges: exp(6m)}
`)
	rng := rand.New(rand.NewPCG(3, 3))
	w := p.world(rng, nil)
	m := &p.emitters[0].causes[0].make
	var length, area sums
	for range 400_000 {
		l, a := 0.0, 0.0
		for _, s := range m.draw(w, rng, nil) {
			l += s.length
			a += s.length * s.level
		}
		length.add(l)
		area.add(a)
	}
	agree(t, "length", length.mean(), m.meanLength(w))
	agree(t, "area", area.mean(), m.meanArea(w))
	// By hand: the third attempt is reached by 40 % of all, and with the rest of
	// the impact by 40 % × (20 % + 80 % × 30 %).
	restore := lawOf(model.Time{Kind: model.LogNormal, Low: 600, High: 1200}).mean()
	want := m.meanFound(w) + 60 + 0.4*(240+300) + 0.4*(360+restore) + 0.4*1800
	if math.Abs(m.meanLength(w)-want) > 1e-9 {
		t.Errorf("length %v, want %v", m.meanLength(w), want)
	}
	want = 0.5 * (m.meanFound(w) + 60 + 0.4*540 + 0.4*0.44*(360+restore) + 0.4*0.44*0.75*1800)
	if math.Abs(m.meanArea(w)-want) > 1e-9 {
		t.Errorf("area %v, want %v", m.meanArea(w), want)
	}
}

func TestStagesAreStoppedByDetection(t *testing.T) {
	_, p := mustCompile(t, `
version: 1
services:
  top: {objective: {target: 99%}}
changes:
  release: {every: 7d, stages: [5% for 10m, 50% for 20m, 100%]}
risks:
  early: {per: release, chance: 10%, impact: 80%, detect: 4m, recover: 6m}
  late: {per: release, chance: 10%, impact: 80%, detect: 40m, recover: 5m}
`)
	rng := rand.New(rand.NewPCG(3, 3))
	w := p.world(rng, nil)
	for i, want := range []float64{0.8 * 0.05 * 600, 0.8 * (0.05*600 + 0.5*1200 + 900)} {
		got := 0.0
		for _, s := range p.emitters[0].causes[i].make.draw(w, rng, nil) {
			got += s.length * s.level
		}
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("risk %d: %v lost seconds, want %v", i, got, want)
		}
	}
}

func TestWhatIsUnsureHasItsPercentiles(t *testing.T) {
	b := betaBetween(0.02, 0.06)
	for p, want := range map[float64]float64{0.05: 0.02, 0.95: 0.06} {
		if got := b.Quantile(p); math.Abs(got-want) > 1e-6 {
			t.Errorf("beta at %v: %v, want %v", p, got, want)
		}
	}
	g := gammaBetween(1.0/120, 1.0/45)
	for p, want := range map[float64]float64{0.05: 1.0 / 120, 0.95: 1.0 / 45} {
		if got := g.Quantile(p); math.Abs(got-want) > 1e-8 {
			t.Errorf("gamma at %v: %v, want %v", p, got, want)
		}
	}
}

func TestWaitsRunAtTheSameTimeAndFailedOnesLastAsTheMember(t *testing.T) {
	// Fixed lengths and exponential up times: a falls (1 − q) q/((1 − q) D) = q/D
	// times a second; b so seldom that it hardly matters.
	for _, x := range []struct {
		name, needs string
		want        float64 // of q = 1 %, D = 1h
	}{
		{"one group", "{any: [a, b], switch: {takes: 6m}}", 0.1 * 0.01},
		{"the longest of two", "{any: [a, b], switch: {takes: 6m}}, {any: [a, c], switch: {takes: 3m}}", 0.1 * 0.01},
		{"one of them never works", "{any: [a, b], switch: {takes: 6m}}, {any: [a, c], switch: {takes: 3m, works: 0%}}", 0.01},
		{"it works half the time", "{any: [a, b], switch: {takes: 6m, works: 50%}}", (0.5 + 0.5*0.1) * 0.01},
		{"a few users reach it", "{any: [a, b], switch: {takes: 6m}, impact: 30%}", 0.3 * 0.1 * 0.01},
		{"ridden out", "{any: [a, b], switch: {takes: 6m, works: 50%}, rides_out: 10m}", 0.5 * 0.01 * 50 / 60},
		{"shielded by another group", "{any: [x, c]}", 1e-9},
		{"a plain ride", "{service: a, rides_out: 15m}", 0.75 * 0.01},
		{"ridden out on one of two ways", "{service: a, rides_out: 15m}, {service: a, impact: 20%}", (0.75 + 0.2*0.25) * 0.01},
	} {
		p, o := played(t, `
version: 1
services:
  top: {objective: {target: 99%}, needs: [`+x.needs+`]}
  x: {needs: [{any: [a, b], switch: {takes: 6m}}]}
  a: {availability: 99%, outage: 1h}
  b: {availability: 99.999999%, outage: 1h}
  c: {availability: 99.999999%, outage: 1h}
`, 4000)
		m := o.cut.mean()
		agree(t, x.name, estimate{m.value / p.window, m.se/p.window + 1e-9}, x.want)
	}
}

func TestAChangeOverIsForThoseWhoAreHit(t *testing.T) {
	// Incidents of 20 min that hit 40 % of users, and as short as they are long
	// between, so that they do not overlap: 40 % wait for 3 min, or for all of it
	// where the change-over fails.
	p, o := played(t, `
version: 1
services:
  top: {objective: {target: 99%}, needs: [{any: [a, b], switch: {takes: 3m, works: 75%}}, {service: a, impact: 10%}]}
  a: {}
  b: {availability: 99.9999999%, outage: 1h}
risks:
  r: {service: a, every: 100h, impact: 40%, detect: 5m, recover: 15m}
`, 20_000)
	down := -math.Expm1(-0.4 * 1200 / 360_000)
	fails := 0.4 * math.Exp(-0.4*1200/360_000) / 360_000 // for a user who was served
	busy := down / fails                                 // how long it lasts then
	want := 0.1*down + 0.9*fails*(0.75*180+0.25*busy)
	m := o.cut.mean()
	agree(t, "share of time", estimate{m.value / p.window, m.se / p.window}, want)
}

func TestBothWaysToPlayAgree(t *testing.T) {
	// What needs no time is played by classes of users all the same.
	checked := 0
	for seed := uint64(1); checked < 15 && seed < 400; seed++ {
		g := generate(seed, 0.05)
		_, p := mustCompile(t, g.text)
		if len(p.switches)+len(p.rides) > 0 {
			continue
		}
		checked++
		a, b := newPlayer(p, seed), newPlayer(p, seed)
		b.timed = true
		for range 30 {
			x, y := a.play(), b.play()
			if math.Abs(x.cut-y.cut) > 1e-6 || math.Abs(x.begun-y.begun) > 1e-6 {
				t.Fatalf("seed %d: %v by shares, %v by classes\n%s", seed, x, y, g.text)
			}
		}
	}
}

func TestPlayerAgreesWithEnumeration(t *testing.T) {
	checked := 0
	for seed := uint64(1); checked < 20 && seed < 400; seed++ {
		g := generate(seed, 0.05)
		_, p := mustCompile(t, g.text)
		e, err := enumerate(p)
		if err != nil {
			continue
		}
		checked++
		var o outcome
		o.play(newPlayer(p, seed), 1500)
		got, want := o.cut.mean(), e.mean(1500, seed)
		se := math.Hypot(got.se/p.window, want.se)
		agree(t, g.text, estimate{got.value / p.window, se}, want.value)
	}
	if checked < 20 {
		t.Errorf("%d models had no need of time", checked)
	}
}
