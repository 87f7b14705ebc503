package structure

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSiftingKeepsFunctions(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	const variables = 10
	smaller := 0
	for trial := range 300 {
		d := NewDiagram()
		fs := make([]Node, variables)
		for v := range fs {
			fs[v] = d.Var(v)
		}
		for range 12 {
			f, g, h := fs[r.IntN(len(fs))], fs[r.IntN(len(fs))], fs[r.IntN(len(fs))]
			fs = append(fs, []Node{d.And(f, g), d.Or(f, g), d.If(f, g, h), d.Not(f)}[r.IntN(4)])
		}
		roots := slices.Clone(fs[variables:])
		p := make([]float64, variables)
		for v := range p {
			p[v] = r.Float64()
		}
		var want []float64
		for _, f := range roots {
			want = append(want, d.Probability(f, p))
		}
		d.keep(roots)
		before := len(d.nodes)
		order := d.sift(variables, roots)
		moved := make([]float64, variables)
		for level, v := range order {
			moved[level] = p[v]
		}
		for i, f := range roots {
			near(t, "after sifting", d.Probability(f, moved), want[i])
		}
		after := len(d.nodes)
		if after > before {
			t.Errorf("%d nodes became %d", before, after)
		}
		if after < before {
			smaller++
		}
		d.keep(roots)
		if len(d.nodes) != after {
			t.Errorf("sifting left %d nodes of which %d are used", after, len(d.nodes))
		}
		if t.Failed() {
			t.Fatalf("trial %d", trial)
		}
	}
	if smaller == 0 {
		t.Error("sifting never made anything smaller")
	}
}

func TestSiftingFindsTheOrderOfPairs(t *testing.T) {
	// Pairs (v, v+8) need 2^9 nodes in the order of their numbers, and two
	// each side by side.
	d := NewDiagram()
	f := False
	for v := range 8 {
		f = d.Or(f, d.And(d.Var(v), d.Var(v+8)))
	}
	roots := []Node{f}
	d.keep(roots)
	d.sift(16, roots)
	if len(d.nodes) > 24 {
		t.Errorf("%d nodes, want hardly more than 18", len(d.nodes))
	}
}

// TestBuildingWithSifting builds structures that pass the first size at which
// the order is improved, and compares with another order without sifting.
func TestBuildingWithSifting(t *testing.T) {
	d := draw(2)
	root := d.plant(5, 2, 2, 5)
	tr := newTranslation(&d.graph)
	m, x := simplify(tr.formula, tr.hit(root))
	s := newSolver(m)
	p := constants(d.events, 0.2)
	modules := m.modules(x)
	for _, module := range modules[:len(modules)-1] {
		if !s.solve(module, Limit) {
			t.Fatal("too large")
		}
	}
	b := newBuilder(s, x)
	plain, ok := b.build(b.inputs, Limit, false)
	if !ok {
		t.Fatal("too large")
	}
	value := func(r *run) float64 {
		q := make([]float64, len(r.order))
		for level, y := range r.order {
			if in := s.input(y); in >= 0 {
				q[level] = p[in]
			} else {
				q[level] = newFunction(s.decisions, Node(^in)).Probability(p)
			}
		}
		return b.diagram.Probability(r.root, q)
	}
	want := value(plain)
	bad := slices.Clone(b.inputs)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(bad), func(i, j int) { bad[i], bad[j] = bad[j], bad[i] })
	if r, ok := b.build(bad, Limit, false); !ok || len(b.diagram.nodes) < 2*firstSift {
		t.Fatalf("%d nodes with %d gates done, want a large diagram", len(b.diagram.nodes), r.done)
	}
	sifted, ok := b.build(bad, Limit, true)
	if !ok {
		t.Fatal("too large with sifting")
	}
	if slices.Equal(sifted.order, bad) {
		t.Error("the order was not sifted")
	}
	near(t, "with sifting", value(sifted), want)
}
