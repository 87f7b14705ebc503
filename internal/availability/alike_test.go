package availability_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"tightrope/internal/availability"
)

// groupOf is a service of so many copies, of which all but spare are needed.
func groupOf(copies, spare int) string {
	return fmt.Sprintf(`
services:
  top: {needs: [{service: db}]}
  db: {copies: %d, need: %d, switch: {takes: 1m}, common_cause: 0%%}
risks:
  crash: {service: db, every: 1y, detect: 5m, recover: 55m}
`, copies, copies-spare)
}

// All copies have users wait for the change-over, however many there are: each of n
// fails once a year, and what is down of the others leaves enough.
func TestAllCopiesChangeOver(t *testing.T) {
	for _, n := range []int{50, 480, 481, 1000} {
		w := build(t, groupOf(n, 20))
		d, err := w.Divide(w.system.Number("top"), false, "available")
		if err != nil {
			t.Fatal(err)
		}
		waits := 0.0
		for k, l := range d.At(d.Means()) {
			if d.Rows[k].Kind == availability.Changing {
				waits += l.Often * l.Share * l.Mean
			}
		}
		up := 1 / (1 + hour/year) // a copy has no new incident while it is down
		want := float64(n) * up / year * 60
		within(t, fmt.Sprint(n, " copies: seconds of waiting a second"), waits/want, 1, 1e-9)
	}
}

// A counter is a context that counts how often it is asked whether it is done.
type counter struct {
	context.Context
	asked atomic.Int64
}

func (c *counter) Err() error {
	c.asked.Add(1)
	return nil
}

// What there is to do for a group of copies that are alike hardly grows with how many
// there are: turns of loops for what is found out once, steps for what is worked out at
// each value of the unsure inputs.
func TestCopiesThatAreAlikeAreLookedAtOnce(t *testing.T) {
	takes := func(copies int) (turns, steps float64) {
		w := build(t, groupOf(copies, 5))
		c := &counter{Context: context.Background()}
		w.Context, w.Work = c, 1e12
		d, err := w.Divide(w.system.Number("top"), false, "available")
		if err != nil {
			t.Fatal(err)
		}
		return float64(c.asked.Load()), w.Work / float64(d.Points())
	}
	fewTurns, fewSteps := takes(20)
	turns, steps := takes(1000)
	t.Logf("20 copies: %.0f turns, %.0f steps; 1000: %.0f, %.0f", fewTurns, fewSteps, turns, steps)
	if turns > 4*fewTurns+2*1000 {
		t.Errorf("1000 copies take %.0f turns, 20 of them %.0f", turns, fewTurns)
	}
	if steps > 60*fewSteps {
		t.Errorf("1000 copies take %.0f steps, 20 of them %.0f", steps, fewSteps)
	}
}

// toldApart is a model whose copies are not known to be alike: each has sources of its
// own, that say the same.
func toldApart(t testing.TB, text string) *world {
	t.Helper()
	w := build(t, text)
	y := w.system
	for i := range y.Parts {
		p := &y.Parts[i]
		p.Sources = slices.Clone(p.Sources)
		for k, s := range p.Sources {
			x := *s
			p.Sources[k] = &x
		}
	}
	return &world{availability.New(y.Scenario, y.Catalogue, y), y}
}

// A fast path is held against a slow one: all sets of copies, one by one.
func TestCopiesThatAreAlikeAreAsIfToldApart(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 17))
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	switching := func() string {
		return pick("", ", switch: {takes: 30s}", ", switch: {takes: 30s..2m, works: 90%}", ", switch: {takes: 5m, works: 50%..99%}")
	}
	for range 40 {
		var b strings.Builder
		fmt.Fprintf(&b, "services:\n  top: {needs: [%s]}\n", pick(
			"{service: a}", "{any: [a, b]"+switching()+"}", "{any: [a, b], rides_out: 2m"+switching()+"}, {service: b, impact: 30%}",
			"{service: a, impact: 40%}, {service: b, rides_out: 10m}", "{at_least: 2, of: [a, b, c]"+switching()+"}",
			"{service: a, rides_out: 1m}, {service: a, impact: 60%}"))
		for _, name := range []string{"a", "b", "c"} {
			n := 2 + random.IntN(4)
			fmt.Fprintf(&b, "  %s: {copies: %d, need: %d, common_cause: %s%s}\n", name, n, max(1, n-random.IntN(4)), pick("0%", "10%", "5%..20%"), switching())
		}
		b.WriteString("risks:\n")
		for i := range 4 {
			fmt.Fprintf(&b, "  r%d: {service: %s, every: %s, detect: 5m, recover: %s, impact: %s}\n", i, pick("a", "b", "c"),
				pick("1d", "30d", "20d..80d"), pick("1h", "30m..2h", "exp(1h)"), pick("100%", "100%", "40%"))
		}
		text := b.String()
		alike, apart := build(t, text), toldApart(t, text)
		if !strings.Contains(text, "..") {
			x, y := alike.ask(t, "top", 0.99), apart.ask(t, "top", 0.99)
			within(t, text+"unavailable", x.Unavailable, y.Unavailable, 1e-11*y.Unavailable)
			within(t, text+"overlap", x.Overlap, y.Overlap, 1e-11*y.Unavailable)
			within(t, text+"frequency", x.Frequency, y.Frequency, 1e-11*y.Frequency)
		}
		d, err := alike.Divide(alike.system.Number("top"), false, "available")
		if err != nil {
			t.Fatal(err)
		}
		o, err := apart.Divide(apart.system.Number("top"), false, "available")
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []availability.Kind{availability.TooMany, availability.NotChanged, availability.Changing} {
			mine, theirs := told(d, kind), told(o, kind)
			for i, what := range []string{"incidents", "spent", "clusters", "waits", "second"} {
				within(t, fmt.Sprint(text, "kind ", kind, ": ", what), mine[i], theirs[i], 1e-9*math.Abs(theirs[i]))
			}
		}
		if t.Failed() {
			return
		}
	}
}

// told is what the rows of a kind come to.
func told(d *availability.Division, kind availability.Kind) (out [5]float64) {
	for k, l := range d.At(d.Means()) {
		if d.Rows[k].Kind != kind {
			continue
		}
		all := availability.Sum(l.Kinds)
		out[0] += l.Often
		out[1] += l.Often * l.Share * l.Mean
		out[2] += all.More
		for _, w := range l.Waits {
			out[3] += l.Often * w.Spent
		}
		out[4] += all.Second
	}
	return out
}
