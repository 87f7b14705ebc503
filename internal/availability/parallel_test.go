package availability_test

import (
	"sync"
	"testing"

	"tightrope/internal/availability"
)

// Several goroutines may ask at once, and get what each would get alone.
func TestSeveralAskAtOnce(t *testing.T) {
	const n = 12
	text := layered(n, "1/y..5/y")
	alone, together := build(t, text), build(t, text)
	var want [n]*availability.Result
	for i := range want {
		r, err := alone.Entry(i, "available", 0.99)
		if err != nil {
			t.Fatal(err)
		}
		want[i] = r
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range want {
				r, err := together.Entry(i, "available", 0.99)
				switch {
				case err != nil:
					t.Error(err)
				case r.Expected != want[i].Expected || r.Frequency != want[i].Frequency || r.Napkin != want[i].Napkin:
					t.Errorf("s%d: %v alone, %v together", i, want[i], r)
				}
			}
		})
	}
	wait.Wait()
}
