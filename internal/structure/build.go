package structure

import "slices"

// A builder turns one module of a formula into a diagram, its variables being
// the module's inputs in some order.
type builder struct {
	formula *formula
	diagram *Diagram
	module  int32
	gates   []int32 // the module's own, inputs first, the module last
	inputs  []int32 // as they are met first: events, and modules that are done
	own     []bool  // by gate: is one of gates
	isInput []bool  // by gate: is one of inputs
	uses    []int32 // by gate: how often the module's gates use it
	fixed   []Node  // by gate: the value of modules that turned out constant
}

func newBuilder(s *solver, module int32) *builder {
	size := len(s.formula.gates)
	b := &builder{
		formula: s.formula, diagram: s.diagram, module: module,
		own: make([]bool, size), isInput: make([]bool, size), uses: make([]int32, size), fixed: make([]Node, size),
	}
	seen := make([]bool, size)
	var visit func(int32)
	visit = func(x int32) {
		if seen[x] {
			return
		}
		seen[x] = true
		switch {
		case s.solved[x] && s.root[x] <= True:
			b.fixed[x] = s.root[x]
			return
		case s.solved[x] || s.formula.gates[x].kind == event:
			b.inputs = append(b.inputs, x)
			b.isInput[x] = true
			return
		}
		b.own[x] = true
		for _, y := range s.formula.gates[x].inputs {
			b.uses[y]++
			visit(y)
		}
		b.gates = append(b.gates, x)
	}
	visit(module)
	return b
}

// build returns the function of the module with the given order of inputs,
// alone in the diagram, or false where it needs more nodes than allowed.
func (b *builder) build(order []int32, limit int) (Node, bool) {
	d := b.diagram
	d.restart(limit)
	r := run{builder: b, value: slices.Clone(b.fixed), left: slices.Clone(b.uses), collectAt: firstCollection}
	for level, x := range order {
		r.value[x] = d.Var(level)
	}
	for _, x := range b.gates {
		r.value[x] = r.gate(&b.formula.gates[x])
		if d.full {
			return False, false
		}
		r.release(x)
		r.collect()
	}
	last := []Node{r.value[b.module]}
	d.keep(last)
	return last[0], true
}

// A run is one attempt of a builder.
type run struct {
	*builder
	value     []Node  // by gate
	left      []int32 // by gate: uses to come
	collectAt int     // how many nodes there are when it is worth looking for dead ones
}

const firstCollection = 1 << 12

// gate returns the function of a gate whose inputs are known. Those that
// depend on the last variables are joined first: it keeps what is between
// small.
func (r *run) gate(g *gate) Node {
	d := r.diagram
	if g.kind == choice {
		f := False
		for i := len(g.inputs) - 2; i >= 0; i -= 2 {
			f = d.If(r.value[g.inputs[i]], r.value[g.inputs[i+1]], f)
		}
		return f
	}
	fs := make([]Node, len(g.inputs))
	for i, x := range g.inputs {
		fs[i] = r.value[x]
	}
	slices.SortStableFunc(fs, func(x, y Node) int {
		return int(d.nodes[y].variable) - int(d.nodes[x].variable)
	})
	switch g.kind {
	case and:
		f := True
		for _, x := range fs {
			f = d.And(x, f)
		}
		return f
	case or:
		f := False
		for _, x := range fs {
			f = d.Or(x, f)
		}
		return f
	default:
		return d.AtLeast(g.number, fs)
	}
}

// release forgets the values that no gate to come uses.
func (r *run) release(x int32) {
	for _, y := range r.formula.gates[x].inputs {
		if r.left[y]--; r.left[y] == 0 {
			r.value[y] = False
		}
	}
}

// collect drops nodes that nothing uses any more, when there are many.
func (r *run) collect() {
	if d := r.diagram; len(d.nodes) > r.collectAt {
		d.keep(r.value)
		r.collectAt = max(firstCollection, 2*len(d.nodes))
	}
}
