package availability_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tightrope/internal/availability"
	"tightrope/internal/distribution"
	"tightrope/internal/message"
)

// mean returns the mean of f over a gamma law, by the trapezoid rule in the
// logarithm of what is unsure.
func mean(l distribution.Unsure, f func(float64) float64) float64 {
	g := l.(distribution.Gamma)
	scale, _ := math.Lgamma(g.Shape)
	const h = 0.01
	sum := 0.0
	for k := -6000; k <= 1000; k++ {
		y := float64(k) * h // ln of x·span
		sum += h * math.Exp(g.Shape*y-math.Exp(y)-scale) * f(math.Exp(y)/g.Span)
	}
	return sum
}

// E[1 − e^(−λE)] of a gamma distributed λ is 1 − (1 + E/span)^(−shape).
func TestAnUnsureRate(t *testing.T) {
	w := build(t, "services:\n  api: {}\nrisks:\n  bug: {rate: 2 in 5y, detect: 0s, recover: 10d}\n")
	r := w.ask(t, "api", 0)
	want := -math.Expm1(-2.5 * math.Log1p(10*24*hour/(5*year)))
	within(t, "hit", 1-r.Expected, want, 1e-13)
	within(t, "error", r.Error, 0, 1e-14)
}

// What is unsure in several ways at once is a product: the mean is that of
// each.
func TestManyUnsureInputsOfOneSource(t *testing.T) {
	w := build(t, `
services:
  api: {}
changes:
  release: {every: 5d..15d}
risks:
  bad: {per: release, chance: 2%..10%, impact: 20%..60%, detect: [alarm, call], recover: [rollback, fix]}
detection:
  alarm: {after: 5m, catches: 50%..90%}
  call: {after: 1h}
recovery:
  rollback: {takes: 10m, works: 60%..95%, by: nobody}
  fix: {takes: 2h, by: nobody}
`)
	product := 1.0
	means := map[string]float64{}
	for _, p := range w.system.Scenario.Params.List {
		means[p.Unsure.Text] = p.Law.Mean()
	}
	product = means["2%..10%"] * means["20%..60%"] * means["5d..15d"]
	caught, works := means["50%..90%"], means["60%..95%"]
	product *= (caught*5+(1-caught)*60)*60 + (10+(1-works)*120)*60
	r := w.ask(t, "api", 0)
	within(t, "hit", 1-r.Expected, product, 1e-10*product)
}

// Two copies of which nobody knows how often they fail: both fail as often, so
// that the mean of the square counts.
func TestCopiesShareWhatIsUnsure(t *testing.T) {
	w := build(t, "services:\n  db: {copies: 2, common_cause: 0%}\nrisks:\n  crash: {rate: 5/y..50/y, detect: 0s, recover: exp(10h)}\n")
	law := w.system.Scenario.Params.List[0].Law
	square := mean(law, func(rate float64) float64 {
		x := rate * 10 * hour
		return math.Pow(x/(1+x), 2)
	})
	r := w.ask(t, "db", 0)
	within(t, "hit", 1-r.Expected, square, 1e-8*square)
	if r.Error > 1e-6*square {
		t.Errorf("error %g of %g", r.Error, square)
	}
}

// Pairs of copies in series, more of them than a product of rules can hold:
// the pairs are independent of one another.
func TestManySharedInputs(t *testing.T) {
	var b strings.Builder
	const n = 6
	b.WriteString("services:\n  top: {needs: [")
	for i := range n {
		fmt.Fprintf(&b, "db%d, ", i)
	}
	b.WriteString("]}\n")
	for i := range n {
		fmt.Fprintf(&b, "  db%d: {copies: 2, common_cause: 0%%}\n", i)
	}
	b.WriteString("risks:\n")
	for i := range n {
		fmt.Fprintf(&b, "  crash%d: {service: db%d, rate: %d/y..%d/y, detect: 0s, recover: exp(10h)}\n", i, i, 5+i, 50+10*i)
	}
	w := build(t, b.String())
	up := 1.0
	for _, p := range w.system.Scenario.Params.List {
		up *= 1 - mean(p.Law, func(rate float64) float64 {
			x := rate * 10 * hour
			return math.Pow(x/(1+x), 2)
		})
	}
	r := w.ask(t, "top", 0)
	honest(t, r, 1-up, 0.01)
}

// honest holds a chance that was averaged by draws to the truth: within its
// error, which is three standard errors, times 1.5; and the error is no more
// than a share of the chance.
func honest(t *testing.T, r *availability.Result, truth, share float64) {
	t.Helper()
	within(t, "hit", 1-r.Expected, truth, 1.5*r.Error)
	if r.Error > share*truth {
		t.Errorf("error %g of %g is too large to say anything", r.Error, truth)
	}
}

// Everything at once, against a large number of draws of the closed form.
func TestAgainstDrawsOfTheClosedForm(t *testing.T) {
	w := build(t, `
services:
  top: {needs: [{any: [a, b]}, {service: c, impact: 20%..80%}]}
  a: {copies: 2, common_cause: 5%..20%}
  b: {availability: 95%..99%, outage: 1h}
  c: {}
changes:
  release: {service: top, every: 3d..20d}
risks:
  crash: {service: a, rate: 5/y..100/y, detect: 0s, recover: exp(20h)}
  bad-a: {service: a, per: release, chance: 5%..30%, detect: 0s, recover: 5h}
  bad-c: {service: c, per: release, chance: 5%..30%, impact: 30%..60%, detect: 0s, recover: 5h}
  odd-c: {service: c, rate: 2 in 1y, impact: 10%..50%, detect: 0s, recover: 30h}
`)
	laws := map[message.Message]distribution.Unsure{}
	for _, p := range w.system.Scenario.Params.List {
		laws[p.Unsure.What] = p.Law
	}
	random := rand.New(rand.NewPCG(5, 7))
	draw := func(what message.Message) float64 {
		law, ok := laws[what]
		if !ok {
			t.Fatalf("there is no %v", what)
		}
		return law.Quantile(random.Float64())
	}
	const n = 20_000
	sum, square := 0.0, 0.0
	for range n {
		every := draw(message.HowOftenHappens("release"))
		crash, beta := draw(message.RateOf("crash"))*20*hour, draw(message.CommonCauseOf("a"))
		x := (1 - beta) * crash
		a := 1 - (1-math.Pow(x/(1+x), 2))*math.Exp(-beta*crash)*(1-every*draw(message.ChanceOf("bad-a"))*5*hour)
		b := 1 - draw(message.AvailabilityOf("b"))
		c := 1 - (1-every*draw(message.ChanceOf("bad-c"))*draw(message.ImpactOf("bad-c"))*5*hour)*math.Exp(-draw(message.RateOf("odd-c"))*draw(message.ImpactOf("odd-c"))*30*hour)
		q := 1 - (1-a*b)*(1-draw(message.ImpactOfNeed("top"))*c)
		sum += q
		square += q * q
	}
	mean := sum / n
	se := math.Sqrt((square/n - mean*mean) / n)
	r := w.ask(t, "top", 0)
	within(t, "hit", 1-r.Expected, mean, 4.5*se+1.5*r.Error)
	if r.Error > 1e-3*mean {
		t.Errorf("error %g of %g", r.Error, mean)
	}
}
