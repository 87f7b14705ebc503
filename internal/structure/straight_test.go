package structure

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A function that was taken out of its diagram has the same probability.
func TestStraightIsTheFunctionOfItsDiagram(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		d := NewDiagram()
		p := make([]float64, 8)
		nodes := []Node{False, True}
		for v := range p {
			p[v] = r.Float64()
			nodes = append(nodes, d.Var(v))
		}
		for range 12 {
			a, b, c := nodes[r.IntN(len(nodes))], nodes[r.IntN(len(nodes))], nodes[r.IntN(len(nodes))]
			nodes = append(nodes, d.If(a, b, c))
		}
		for _, f := range nodes {
			if got, want := d.Straight(f).Probability(func(v int) float64 { return p[v] }), d.Probability(f, p); math.Abs(got-want) > 1e-14 {
				t.Fatalf("got %g, want %g", got, want)
			}
		}
	}
}
