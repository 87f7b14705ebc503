package structure

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestImportanceEqualsEnumeration(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for trial := range 500 {
		g, variables := randomGraph(r, 8)
		hits := table(g, 0, variables)
		p := make([]float64, variables)
		for v := range p {
			p[v] = 0.1 + 0.8*r.Float64()
		}
		q, measures := Importance(solved(t, g), p)
		for v, m := range measures {
			x := slices.Clone(p)
			x[v] = 1
			sure := summed(hits, x)
			x[v] = 0
			never := summed(hits, x)
			near(t, "Birnbaum", m.Birnbaum, sure-never)
			if q > 0 {
				near(t, "Fussell-Vesely", m.FussellVesely, (summed(hits, p)-never)/q)
				near(t, "broke", m.Broke, p[v]*sure/q)
			} else {
				near(t, "of nothing", m.FussellVesely+m.Broke, 0)
			}
		}
		if t.Failed() {
			t.Fatalf("trial %d: %+v", trial, g)
		}
	}
}

// plain builds what hits the root in one diagram, with no modules and the
// variables by number.
func plain(g *Graph, d *Diagram, root int) Node {
	known := map[int]Node{}
	var hit func(int) Node
	hit = func(part int) Node {
		if f, ok := known[part]; ok {
			return f
		}
		f := False
		if len(g.Own[part]) > 0 {
			f = True
			for _, v := range g.Own[part] {
				f = d.And(f, d.Var(v))
			}
		}
		for _, n := range g.Needs[part] {
			var members []Node
			for _, m := range n.Members {
				members = append(members, hit(m))
			}
			down := d.AtLeast(n.Down, members)
			if n.Edge != Always {
				down = d.And(d.Var(n.Edge), down)
			}
			f = d.Or(f, down)
		}
		known[part] = f
		return f
	}
	return hit(root)
}

func TestSolveEqualsOneDiagramInFractions(t *testing.T) {
	for seed := range uint64(6) {
		for name, make := range map[string]func(d *drawing) int{
			"tree":   func(d *drawing) int { return d.tree(40, 40, 0.2) },
			"chain":  func(d *drawing) int { return d.chain(40) },
			"layers": func(d *drawing) int { return d.layers(4, 4, 2) },
			"plant":  func(d *drawing) int { return d.plant(3, 2, 1, 3) },
		} {
			drawn := draw(seed)
			root := make(drawn)
			f, err := Solve(&drawn.graph, root, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, scale := range []float64{0.3, 1e-3, 1e-12} {
				var p []float64
				var exact []*big.Rat
				for range drawn.events {
					x := scale * (0.5 + drawn.Float64())
					p = append(p, x)
					exact = append(exact, new(big.Rat).SetFloat64(x))
				}
				d := NewDiagram()
				want, _ := d.ExactProbability(plain(&drawn.graph, d, root), exact).Float64()
				near(t, name, f.Probability(p)/want, 1)
			}
		}
	}
}
