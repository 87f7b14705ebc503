package availability_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

const shop = `
services:
  frontend: {availability: 99.99%, outage: 10m, needs: [{any: [east, west]}]}
  east: {availability: 99.9%, outage: 1h, needs: [control]}
  west: {availability: 99.9%, outage: 1h, needs: [control]}
  control: {availability: 99.95%, outage: 30m}
`

func TestTwoRegionsThatShareAControlPlane(t *testing.T) {
	r := ask1(t, shop, "frontend")
	within(t, "expected", r.Expected, 0.9999*0.9995*(1-1e-6), 1e-15)
	within(t, "expected as published", r.Expected, 0.99939905059995, 1e-12)
	within(t, "napkin", r.Napkin, 0.9998977517, 1e-10)
	if r.Shared != "control" {
		t.Errorf("shared is %q", r.Shared)
	}
	if r.Error > 1e-15 {
		t.Errorf("error %g where nothing is unsure", r.Error)
	}
}

func TestPairsInSeries(t *testing.T) {
	for _, k := range []int{10, 20, 50, 100} {
		r := ask1(t, pairs(k), "front")
		within(t, fmt.Sprint(k, " pairs"), r.Expected, math.Pow(1-1e-4, float64(k)), 1e-14)
		within(t, fmt.Sprint("napkin of ", k, " pairs"), r.Napkin, r.Expected, 1e-14)
		// Each half goes down 0.01/h in all time, and takes its pair along 1 % of
		// the times, while the other pairs are up.
		often := float64(k) * 2 * 0.01 / hour * 0.01 * math.Pow(1-1e-4, float64(k-1))
		within(t, "frequency", r.Frequency, often, 1e-12*often)
	}
}

func pairs(k int) string {
	var b strings.Builder
	b.WriteString("services:\n  front:\n    needs:\n")
	for i := range k {
		fmt.Fprintf(&b, "      - {any: [a%d, b%d]}\n", i, i)
	}
	for i := range k {
		fmt.Fprintf(&b, "  a%d: {availability: 99%%, outage: exp(1h)}\n  b%d: {availability: 99%%, outage: exp(1h)}\n", i, i)
	}
	return b.String()
}

func TestTwoOfThreeCopies(t *testing.T) {
	r := ask1(t, `
services:
  db: {copies: 3, need: 2, availability: 99.9%, outage: 1h, common_cause: 5%}
`, "db")
	p := 0.95e-3
	alone := 3*p*p*(1-p) + p*p*p
	want := 5e-5 + (1-5e-5)*alone
	within(t, "unavailability", 1-r.Expected, want, 1e-15)
	within(t, "unavailability as published", 1-r.Expected, 5.27e-05, 1e-8)
	within(t, "napkin", r.Napkin, r.Expected, 1e-15)
}

func TestTwoRepairableCopies(t *testing.T) {
	w := build(t, repairable)
	r := w.ask(t, "db", 0)
	p := 0.01 / 1.01
	within(t, "unavailability", 1-r.Expected, p*p, 1e-15)
	within(t, "unavailability as published", 1-r.Expected, 9.80296e-05, 5e-11)
	within(t, "frequency per hour", r.Frequency*hour, 2*p*1e-3/1.01, 1e-15)
	within(t, "mean length", (1-r.Expected)/r.Frequency, 5*hour, 1e-6)
}

const repairable = `
services:
  db: {copies: 2, common_cause: 0%}
risks:
  crash: {rate: 8.766/y, detect: 0s, recover: exp(10h)}
`

// Incidents that may overlap themselves: customers in an M/G/∞ queue.
func TestOverlap(t *testing.T) {
	for _, length := range []string{"1h", "exp(1h)"} {
		r := ask1(t, `
services:
  api: {}
risks:
  bug: {rate: 365.25/y, detect: 0s, recover: `+length+`}
`, "api")
		within(t, length, 1-r.Expected, -math.Expm1(-1.0/24), 1e-15)
		within(t, length+" as published", 1-r.Expected, 0.0408105429, 1e-10)
		within(t, "frequency", r.Frequency, math.Exp(-1.0/24)/86400, 1e-18)
	}
	// A lognormal length has the mean that its percentiles say.
	sigma := math.Log(16) / (2 * 1.6448536269514722)
	mean := math.Exp(math.Log(math.Sqrt(0.25*4)) + sigma*sigma/2)
	r := ask1(t, "services:\n  api: {}\nrisks:\n  bug: {rate: 365.25/y, detect: 0s, recover: 15m..4h}\n", "api")
	within(t, "lognormal", 1-r.Expected, -math.Expm1(-mean/24), 1e-13)
}

func TestClocks(t *testing.T) {
	for _, tt := range []struct {
		name, model string
		want        float64
	}{
		{"stated availability", "services:\n  api: {availability: 99.9%, outage: 10m..2h}\n", 1e-3},
		{"stated often", "services:\n  api: {every: 100h, outage: 1h}\n", 1.0 / 101},
		{"a change", "services:\n  api: {}\nchanges:\n  release: {every: 100h, downtime: 1h, impact: 50%}\n", 0.005},
		{"an excluded change", "services:\n  api: {}\nchanges:\n  release: {every: 100h, downtime: 1h, excluded: true}\n", 0},
		{"a risk per change", "services:\n  api: {}\nchanges:\n  release: {every: 100h}\nrisks:\n  bad: {per: release, chance: 10%, detect: 0s, recover: 1h}\n", 0.001},
		{"background", "services:\n  api: {background: 0.1%}\n", 1e-3},
		{"impact", "services:\n  api: {}\nrisks:\n  bug: {rate: 0.01/h, impact: 20%, detect: 0s, recover: 1h}\n", -math.Expm1(-0.002)},
		{
			"two sources of a copy share its clock",
			"services:\n  api: {copies: 2, need: 2, common_cause: 0%}\nrisks:\n  bug: {rate: 0.01/h, detect: 0s, recover: 1h}\n  ghost: {rate: 0.02/h, detect: 0s, recover: 2h}\n",
			1 - math.Pow(1/1.05, 2),
		},
		{
			"each copy at each release",
			"services:\n  api: {copies: 3, need: 3, common_cause: 0%}\nchanges:\n  release: {every: 100h}\nrisks:\n  bad: {per: release, chance: 10%, detect: 0s, recover: 1h, strikes: one}\n",
			1 - math.Pow(1-0.001, 3),
		},
		{
			"stages: two minutes at 10 % and the rest at all",
			"services:\n  api: {}\nchanges:\n  release: {every: 100h, stages: [10% for 2m, 100%]}\nrisks:\n  bad: {per: release, chance: 10%, detect: 10m, recover: 50m}\n",
			0.1 / 100 * (0.1*2 + 8 + 50) / 60,
		},
	} {
		within(t, tt.name, 1-ask1(t, tt.model, "api").Expected, tt.want, 1e-15)
	}
}

// Two paths of 50 % reach 75 %, one shared edge of 50 % before them no more
// than 50 %.
func TestExposure(t *testing.T) {
	const below = `
  a: {needs: [disk]}
  b: {needs: [disk]}
  disk: {availability: 99%, outage: 1h}
`
	two := ask1(t, "services:\n  top: {needs: [{service: a, impact: 50%}, {service: b, impact: 50%}]}"+below, "top")
	within(t, "two paths", 1-two.Expected, 0.0075, 1e-16)
	one := ask1(t, "services:\n  top: {needs: [{service: mid, impact: 50%}]}\n  mid: {needs: [a, b]}"+below, "top")
	within(t, "one edge", 1-one.Expected, 0.005, 1e-16)
	split := ask1(t, "services:\n  top: {needs: [{split: {a: 30%, b: 50%}}]}"+below, "top")
	within(t, "split", 1-split.Expected, 0.008, 1e-16)
	within(t, "napkin of a split", 1-split.Napkin, 0.008, 1e-15)
	felt := ask1(t, "services:\n  top: {needs: [{service: a, counts: false}]}"+below, "top")
	within(t, "what does not count", 1-felt.Expected, 0, 0)
}

func TestASharedPartHasANameOnlyWhereItMatters(t *testing.T) {
	// Series only: sharing makes the napkin pessimistic.
	r := ask1(t, `
services:
  top: {needs: [a, b]}
  a: {needs: [disk]}
  b: {needs: [disk]}
  disk: {availability: 99%, outage: 1h}
`, "top")
	within(t, "expected", r.Expected, 0.99, 1e-15)
	within(t, "napkin", r.Napkin, 0.99*0.99, 1e-15)
	if r.Shared != "disk" {
		t.Errorf("shared is %q, want disk", r.Shared)
	}
	if r := ask1(t, pairs(3), "front"); r.Shared != "" {
		t.Errorf("%q is shared where nothing is", r.Shared)
	}
}

// What Down says of one part, by hand.
func TestAPartByItself(t *testing.T) {
	w := build(t, `
services:
  api: {background: 1%, every: 99h, outage: 1h}
risks:
  bug: {rate: 0.01/h, impact: 20%, detect: 0s, recover: 2h}
`)
	bug := -math.Expm1(-0.01 * 2 * 0.2)
	user := w.Down(0, "available", nil, nil, false)
	within(t, "chance", user.Q, 1-0.99*0.99*(1-bug), 1e-15)
	within(t, "always there", user.Even, 0.01, 1e-16)
	often := 0.99 * (0.99*0.01*0.2*(1-bug) + (1-bug)*1.0/100) / hour
	within(t, "frequency", user.Frequency, often, 1e-18)
	whole := w.Down(0, "available", nil, nil, true)
	all := -math.Expm1(-0.02)
	within(t, "chance for any user", whole.Q, 1-0.99*(1-all), 1e-15)
	within(t, "frequency for any user", whole.Frequency, (0.99*0.01*(1-all)+(1-all)/100)/hour, 1e-18)
	if len(user.Sources) != 3 {
		t.Fatalf("%d sources", len(user.Sources))
	}
	for _, s := range user.Sources {
		want := map[string]float64{"bug": bug, "api": 0.01, "background": 0.01}[s.Source.Name]
		within(t, s.Source.Name, s.Q, want, 1e-16)
	}
}
