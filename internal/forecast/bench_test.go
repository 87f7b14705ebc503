package forecast_test

import (
	"fmt"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/testmodel"
)

// Growth must be linear from 100 services to 1,000, in either shape.
func BenchmarkForecastGenerated(b *testing.B) {
	for _, n := range []int{100, 300, 1000} {
		generated(b, fmt.Sprintf("rich/services=%d", n), testmodel.Generate(n, 10*n, 1))
		generated(b, fmt.Sprintf("plain/services=%d", n), testmodel.Plain(n, false, 1))
		generated(b, fmt.Sprintf("plain-unsure/services=%d", n), testmodel.Plain(n, true, 1))
	}
}

func generated(b *testing.B, name string, text []byte) {
	b.Run(name, func(b *testing.B) {
		m := read(b, string(text))
		b.ReportAllocs()
		for b.Loop() {
			run(b, m, forecast.Options{})
		}
	})
}

func BenchmarkForecastExamples(b *testing.B) {
	for _, name := range []string{"cre", "booking", "shop"} {
		b.Run(name, func(b *testing.B) {
			m := load(b, "../../examples/"+name)
			b.ReportAllocs()
			for b.Loop() {
				run(b, m, forecast.Options{})
			}
		})
	}
}
