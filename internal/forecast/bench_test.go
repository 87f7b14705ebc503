package forecast_test

import (
	"fmt"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/modelfile"
	"tightrope/internal/testmodel"
)

// Growth must be linear from 100 services to 1,000.
func BenchmarkForecastGenerated(b *testing.B) {
	for _, n := range []int{100, 300, 1000} {
		b.Run(fmt.Sprintf("services=%d", n), func(b *testing.B) {
			m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: testmodel.Generate(n, 10*n, 1)}})
			if len(problems) > 0 {
				b.Fatal(problems[0])
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := forecast.Run(m, forecast.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkForecastPlain(b *testing.B) {
	for _, unsure := range []bool{false, true} {
		for _, n := range []int{100, 1000} {
			b.Run(fmt.Sprintf("unsure=%v/services=%d", unsure, n), func(b *testing.B) {
				m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: testmodel.Plain(n, unsure, 1)}})
				if len(problems) > 0 {
					b.Fatal(problems[0])
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := forecast.Run(m, forecast.Options{}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
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
