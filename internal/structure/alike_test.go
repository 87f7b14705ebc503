package structure

import (
	"slices"
	"testing"
)

// someOf is a graph of a group of so many members, of which so many down are too many.
func someOf(members, down int) *Graph {
	g := &Graph{Needs: make([][]Need, members+1), Own: make([][]int, members+1)}
	var all []int
	for i := range members {
		g.Own[i+1] = []int{i}
		all = append(all, i+1)
	}
	g.Needs[0] = []Need{{Edge: Always, Members: all, Down: down}}
	return g
}

// Sets that are equally likely are equal although their logarithms are added up in
// another order: each is gone on with to its end before the next is begun. It took a
// million unfinished sets before.
func TestEquallyLikelySetsAreListedOneAfterTheOther(t *testing.T) {
	const members, down, most = 400, 21, 200
	f, err := Solve(someOf(members, down), 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := make([]float64, members)
	for i := range p {
		p[i] = 1.1e-4
	}
	c := newCutter(f, p, down)
	root := c.minimal(f.root, down)
	s := &listing{cutter: c}
	sets := c.list(s, root, most)
	for _, set := range sets {
		if len(set) != down {
			t.Fatalf("%v has %d variables, want %d", set, len(set), down)
		}
	}
	if len(sets) != most {
		t.Errorf("%d sets, want %d", len(sets), most)
	}
	// Each set takes no more than one more variable that is left out, and as many as it has.
	if bound := 2 * (most + mostEven) * (down + 2); s.count > bound+members {
		t.Errorf("%d unfinished sets for %d, want at most %d", s.count, most+mostEven, bound)
	}
	t.Logf("%d unfinished sets", s.count)
}

// One gate of inputs that do not differ is built once, in any order, with a node for each
// number of them that are down so far.
func TestOneGateIsBuiltOnce(t *testing.T) {
	const members, down = 300, 100
	g := someOf(members, down)
	turns := 0
	g.Poll = func() { turns++ }
	m := newTranslation(g)
	formula, x := simplify(m.formula, m.hit(0))
	s := newSolver(formula)
	for _, module := range formula.modules(x) {
		if !s.solve(module, Limit) {
			t.Fatal("too large")
		}
	}
	f := s.finish(x)
	if want := down * (members - down + 1); f.Size() > want+2 {
		t.Errorf("%d nodes, want %d", f.Size(), want)
	}
	if most := 2 * members * down; s.diagram.steps > most {
		t.Errorf("%d steps, want at most %d", s.diagram.steps, most)
	}
	hit := make([]bool, members)
	for i := range down - 1 {
		hit[3*i] = true
	}
	if f.Holds(hit) {
		t.Error("it is down with one less than it takes")
	}
	hit[1] = true
	if !f.Holds(hit) || !slices.Contains(hit, false) {
		t.Error("it is not down")
	}
}
