package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// A page on which safety nets are switched on and off asks for one forecast
// after the other.
func BenchmarkBookingToggles(b *testing.B) {
	m := load(b, "../../examples/booking")
	for _, c := range []struct{ plain, memory bool }{{true, false}, {true, true}, {false, false}, {false, true}} {
		b.Run(fmt.Sprintf("plain=%v/memory=%v", c.plain, c.memory), func(b *testing.B) {
			walk := toggles(m, 1)
			var memory *forecast.Memory
			if c.memory {
				memory = forecast.NewMemory(256 << 20)
			}
			b.ReportAllocs()
			start := cpu()
			for b.Loop() {
				opts := walk()
				opts.Services, opts.Plain, opts.Memory = []string{"booking"}, c.plain, memory
				if _, err := forecast.Run(m, opts); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((cpu()-start).Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}

// toggles returns what asks for the nets of a model with one more of them
// switched each time, wherever that leaves a model that can be.
func toggles(m *model.Model, seed uint64) func() forecast.Options {
	random := rand.New(rand.NewPCG(seed, 7))
	on := map[string]bool{}
	laws := scenario.NewLaws()
	return func() forecast.Options {
		for {
			n := m.Nets[random.IntN(len(m.Nets))]
			if n.Status == model.Rejected {
				continue
			}
			on[n.Name] = !on[n.Name]
			var opts forecast.Options
			for _, n := range m.Nets {
				switch {
				case on[n.Name] && n.Status == model.InPlace:
					opts.Without = append(opts.Without, n.Name)
				case on[n.Name]:
					opts.With = append(opts.With, n.Name)
				}
			}
			sc, err := scenario.New(m, opts.With, opts.Without)
			if err == nil {
				sc.Laws = laws
				_, err = sc.Catalogue()
			}
			if err != nil {
				on[n.Name] = !on[n.Name]
				continue
			}
			return opts
		}
	}
}

// cpu is the time that this process has computed.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
