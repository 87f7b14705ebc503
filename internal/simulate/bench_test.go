package simulate_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/simulate"
)

// simulated runs a model again and again, and tells how many years a second and
// how much memory is in use at the end.
func simulated(b *testing.B, m *model.Model, opts simulate.Options) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		r, err := simulate.Run(context.Background(), m, opts)
		if err != nil {
			b.Fatal(err)
		}
		if r.Years < opts.Years {
			b.Fatal("stopped early")
		}
	}
	b.ReportMetric(float64(opts.Years)*float64(b.N)/b.Elapsed().Seconds(), "years/s")
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(memory.Sys)/(1<<20), "MB")
}

// The promise is a million years of the risk sheet in 5 s on two cores with 300
// MB, and growth that is linear in the years and the other way round in cores.
func BenchmarkRiskSheet(b *testing.B) {
	m := example(b, "cre")
	for _, years := range []int{10_000, 100_000, 1_000_000} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("years=%d/workers=%d", years, workers), func(b *testing.B) {
				simulated(b, m, simulate.Options{Years: years, Seed: 1, Workers: workers})
			})
		}
	}
}

// stack is services of which each needs the three before it.
func stack(services int) string {
	var b strings.Builder
	b.WriteString("services:\n")
	for i := range services {
		var needs []string
		for k := max(0, i-3); k < i; k++ {
			needs = append(needs, fmt.Sprint("s", k))
		}
		fmt.Fprintf(&b, "  s%d: {objective: {target: 99.9%%}, needs: [%s]}\n", i, strings.Join(needs, ", "))
	}
	b.WriteString("risks:\n")
	for i := range services {
		fmt.Fprintf(&b, "  r%d: {service: s%d, rate: 6/y, detect: 5m, recover: 10m..2h}\n", i, i)
	}
	return b.String()
}

// The promise is 10,000 windows of 30 days of 20 such services in a second.
func BenchmarkStack(b *testing.B) {
	m := read(b, stack(20))
	const years = 822 // 10,000 × 30 days
	simulated(b, m, simulate.Options{Years: years, Seed: 1})
}

func BenchmarkExamples(b *testing.B) {
	for _, name := range []string{"booking", "shop"} {
		b.Run(name, func(b *testing.B) {
			simulated(b, example(b, name), simulate.Options{Years: 10_000, Seed: 1})
		})
	}
}
