package forecast_test

import (
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// What a forecast says does not hang on what was asked before, nor on how little
// is kept, to the last bit.
func TestMemoryChangesNothing(t *testing.T) {
	for _, name := range []string{"booking", "shop"} {
		m := load(t, "../../examples/"+name)
		big, small := forecast.NewMemory(1<<30), forecast.NewMemory(1<<20)
		n := map[string]int{"booking": 1, "shop": 1}[name]
		if testing.Short() {
			n = 3
		}
		var wait sync.WaitGroup
		for seed := range uint64(2) {
			walk := toggles(m, seed)
			wait.Go(func() {
				for k := range n {
					opts := walk()
					opts.Plain = k%3 > 0
					if k%3 != 1 {
						opts.Services = []string{m.Services[0].Name}
					}
					want := said(t, m, opts)
					for i, memory := range []*forecast.Memory{big, small, big} {
						opts.Memory = memory
						if got := said(t, m, opts); got != want {
							t.Errorf("%s with %v without %v plain %v: memory %d says otherwise\n%s\n%s", name, opts.With, opts.Without, opts.Plain, i, got, want)
							return
						}
					}
				}
			})
		}
		wait.Wait()
	}
}

// said is a forecast as text, with every bit of its numbers.
func said(t *testing.T, m *model.Model, opts forecast.Options) string {
	r, err := forecast.Run(m, opts)
	if err != nil {
		t.Error(err)
		return ""
	}
	for _, e := range r.Entries {
		// What JSON cannot say.
		if math.IsInf(e.PerYear, 0) {
			e.PerYear = -1
		}
	}
	out, err := json.Marshal(r)
	if err != nil {
		return fmt.Sprintf("%+v", err)
	}
	return string(out)
}
