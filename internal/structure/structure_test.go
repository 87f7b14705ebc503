package structure

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

func TestReachOfSmallGraphsByHand(t *testing.T) {
	d := NewDiagram()
	// Two paths of 50 % to part 3: 0 → 1 → 3, 0 → 2 → 3.
	two := &Graph{Needs: [][]Need{
		{{Edge: 0, Members: []int{1}, Down: 1}, {Edge: 1, Members: []int{2}, Down: 1}},
		{{Edge: Always, Members: []int{3}, Down: 1}},
		{{Edge: Always, Members: []int{3}, Down: 1}},
		nil,
	}}
	p := []float64{0.5, 0.5}
	near(t, "two paths of 50 %", d.Probability(NewReach(two, d, 0).Hit(3), p), 0.75)
	// A shared 50 % edge before two paths.
	shared := &Graph{Needs: [][]Need{
		{{Edge: 0, Members: []int{1}, Down: 1}},
		{{Edge: Always, Members: []int{2}, Down: 1}, {Edge: Always, Members: []int{3}, Down: 1}},
		{{Edge: Always, Members: []int{4}, Down: 1}},
		{{Edge: Always, Members: []int{4}, Down: 1}},
		nil,
	}}
	near(t, "a shared 50 % edge", d.Probability(NewReach(shared, d, 0).Hit(4), p), 0.5)
	// Three carriers over one backbone.
	carriers := &Graph{Needs: [][]Need{
		{{Edge: Always, Split: []int{0, 1, 2}, Members: []int{1, 2, 3}}},
		{{Edge: Always, Members: []int{4}, Down: 1}},
		{{Edge: Always, Members: []int{4}, Down: 1}},
		{{Edge: Always, Members: []int{4}, Down: 1}},
		nil,
	}}
	p = SplitProbabilities([]float64{0.45, 0.30, 0.25})
	r := NewReach(carriers, d, 0)
	near(t, "the backbone", d.Probability(r.Hit(4), p), 1)
	near(t, "the second carrier", d.Probability(r.Hit(2), p), 0.30)
	// Any of two is hit only by what they share.
	spare := &Graph{Needs: [][]Need{
		{{Edge: Always, Members: []int{1, 2}, Down: 2}},
		{{Edge: Always, Members: []int{3}, Down: 1}},
		{{Edge: Always, Members: []int{3}, Down: 1}},
		nil,
	}}
	r = NewReach(spare, d, 0)
	near(t, "one of two spares", d.Probability(r.Hit(1), nil), 0)
	near(t, "what both need", d.Probability(r.Hit(3), nil), 1)
}

// brute answers Hit by enumerating which edges are exposed.
func brute(g *Graph, root, part, variables int, p []float64) float64 {
	sum := 0.0
	for set := range 1 << variables {
		q := 1.0
		for v := range variables {
			if set>>v&1 == 1 {
				q *= p[v]
			} else {
				q *= 1 - p[v]
			}
		}
		var hit func(int) bool
		hit = func(x int) bool {
			if x == part {
				return true
			}
			for _, n := range g.Needs[x] {
				if n.Split != nil {
					for i, m := range n.Members {
						if set>>n.Split[i]&1 == 1 {
							if hit(m) {
								return true
							}
							break
						}
					}
					continue
				}
				if n.Edge != Always && set>>n.Edge&1 == 0 {
					continue
				}
				down := 0
				for _, m := range n.Members {
					if hit(m) {
						down++
					}
				}
				if down >= n.Down {
					return true
				}
			}
			return false
		}
		if hit(root) {
			sum += q
		}
	}
	return sum
}

func TestReachEqualsEnumerationOnRandomGraphs(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for trial := range 2000 {
		parts := 2 + r.IntN(6)
		variables := 0
		g := &Graph{Needs: make([][]Need, parts)}
		for from := range parts - 1 {
			for range r.IntN(3) {
				n := Need{Edge: Always, Down: 1}
				seen := map[int]bool{}
				for range 1 + r.IntN(3) {
					to := from + 1 + r.IntN(parts-from-1)
					if !seen[to] {
						seen[to] = true
						n.Members = append(n.Members, to)
					}
				}
				n.Down = 1 + r.IntN(len(n.Members))
				switch {
				case r.IntN(4) == 0 && variables+len(n.Members) <= 10:
					for range n.Members {
						n.Split = append(n.Split, variables)
						variables++
					}
				case r.IntN(2) == 0 && variables < 10:
					n.Edge = variables
					variables++
				}
				g.Needs[from] = append(g.Needs[from], n)
			}
		}
		p := make([]float64, variables)
		for v := range p {
			p[v] = r.Float64()
		}
		d := NewDiagram()
		reach := NewReach(g, d, 0)
		for part := range parts {
			near(t, "hit", d.Probability(reach.Hit(part), p), brute(g, 0, part, variables, p))
		}
		if t.Failed() {
			t.Fatalf("trial %d: %+v", trial, g)
		}
	}
}

func TestAtLeastOfThree(t *testing.T) {
	d := NewDiagram()
	fs := []Node{d.Var(0), d.Var(1), d.Var(2)}
	near(t, "two or more of 0.1, 0.2, 0.3", d.Probability(d.AtLeast(2, fs), []float64{0.1, 0.2, 0.3}), 0.098)
}
