package structure

import "testing"

// chain is parts of which each needs the next, and each may fail.
func chain(n int) *Graph {
	g := &Graph{Needs: make([][]Need, n), Own: make([][]int, n)}
	for i := range n {
		g.Own[i] = []int{i}
		if i+1 < n {
			g.Needs[i] = []Need{{Edge: Always, Members: []int{i + 1}, Down: 1}}
		}
	}
	return g
}

// TestAChainIsLinear: gates that go into one of their own kind are not made with all
// that is below them each.
func TestAChainIsLinear(t *testing.T) {
	const n = 5000
	tr := newTranslation(chain(n))
	flat, root := tr.formula.flatten(tr.hit(0))
	if got := len(flat.gates[root].inputs); got != n {
		t.Errorf("the root has %d inputs, want %d", got, n)
	}
	inputs := 0
	for _, g := range flat.gates {
		inputs += len(g.inputs)
	}
	if inputs > 20*n {
		t.Errorf("%d inputs were written for a chain of %d", inputs, n)
	}
	f, err := Solve(chain(n), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := make([]float64, n)
	for i := range p {
		p[i] = 1e-6
	}
	near(t, "down", f.Probability(p), 1-pow(1-1e-6, n))
}

func pow(x float64, n int) float64 {
	out := 1.0
	for range n {
		out *= x
	}
	return out
}

// TestSolvingEndsWhenNobodyWaits: what is polled while a large structure is solved
// may unwind it.
func TestSolvingEndsWhenNobodyWaits(t *testing.T) {
	g := pairs(1000)
	polled := 0
	g.Poll = func() {
		if polled++; polled == 2 {
			panic("over")
		}
	}
	defer func() {
		if what := recover(); what != "over" {
			t.Errorf("it was polled %d times and unwound by %v", polled, what)
		}
	}()
	_, _ = Solve(g, 0, 0)
}
