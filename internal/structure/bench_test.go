package structure

import (
	"fmt"
	"testing"
)

func BenchmarkSolve(b *testing.B) {
	for _, s := range shapes() {
		for seed := range uint64(3) {
			b.Run(fmt.Sprintf("%s/%d", s.name, seed), func(b *testing.B) {
				d := draw(seed)
				root := s.draw(d)
				b.ReportAllocs()
				for b.Loop() {
					f, err := Solve(&d.graph, root, 0)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(f.Size()), "nodes")
					b.ReportMetric(float64(len(f.Depends())), "events")
				}
			})
		}
	}
}
