package simulate_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"tightrope/internal/simulate"
)

// TestWhatNobodyAskedForIsNotPlayed: of many services without an objective each would
// be watched with all that is below it.
func TestWhatNobodyAskedForIsNotPlayed(t *testing.T) {
	var b strings.Builder
	b.WriteString("services:\n  app: {objective: {target: 99.9%}, needs: [s0]}\n")
	for i := range 149 {
		fmt.Fprintf(&b, "  s%d: {needs: [s%d]}\n", i, i+1)
	}
	b.WriteString("  s149: {}\nrisks:\n  r: {service: s149, every: 30d, detect: 1m, recover: 1h}\n")
	m := read(t, b.String())
	r, err := simulate.Run(context.Background(), m, simulate.Options{Years: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Entries) != 1 || r.Entries[0].Service != "app" || len(r.Warnings) == 0 || r.Warnings[0].Code != "left-out" {
		t.Errorf("%d services are played, with the warnings %v", len(r.Entries), r.Warnings)
	}
	if r, err = simulate.Run(context.Background(), m, simulate.Options{Years: 1, Services: []string{"s148"}}); err != nil || len(r.Entries) != 1 {
		t.Errorf("what is asked for is played: %v", err)
	}
}
