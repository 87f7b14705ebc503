package crosscheck

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// A part that hits some users by itself takes part in the outages of its groups,
// however often and however long either of them is down: what the sum loses on
// average stays what the availability says.
func TestWhatTakesPartIsCountedOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	law := func() string { return fmt.Sprintf(pick("exp(%s)", "%s"), pick("2m", "30m", "300m", "3000m")) }
	available := func() string { return pick("99%", "95%", "80%", "60%") }
	for range 30 {
		text := fmt.Sprintf(`version: 1
services:
  top: {objective: {target: 99%%, over: 60d}, needs: [{service: a, impact: %s}, %s]}
  a: {availability: %s, outage: %s}
  b: {availability: %s, outage: %s}
  c: {availability: %s, outage: %s}
`, pick("2%", "20%", "60%"), pick("{any: [a, b]}", "{any: [a, b]}, {any: [a, c]}", "{any: [a, b]}, {at_least: 2, of: [a, b, c]}"),
			available(), law(), available(), law(), available(), law())
		m, p := mustCompile(t, text)
		e, _, err := run(m)
		if err != nil {
			t.Fatal(err)
		}
		exact, err := enumerate(p)
		if err != nil {
			t.Fatal(err)
		}
		want := exact.mean(1, 1).value * p.window
		// a is the only single point, and never down twice at once.
		if math.Abs(e.SumMean-want) > 1e-6*want {
			t.Errorf("the sum is %v on average, the truth %v\n%s", e.SumMean, want, text)
		}
	}
}
