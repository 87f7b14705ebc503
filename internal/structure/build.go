package structure

import (
	"cmp"
	"slices"
)

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

// build returns the function of the module, alone in the diagram, and how its
// inputs are ordered, or false where it needs more nodes than allowed. The
// order is the given one, or where it may be sifted a better one found on the
// way.
func (b *builder) build(order []int32, limit int, sifting bool) (*run, bool) {
	d := b.diagram
	d.restart(limit)
	r := &run{
		builder: b, order: slices.Clone(order), limit: limit, sifting: sifting,
		value: slices.Clone(b.fixed), left: slices.Clone(b.uses), tidyAt: firstTidy, siftAt: firstSift,
	}
	for level, x := range order {
		r.value[x] = d.Var(level)
	}
	if sifting {
		d.limit = min(limit, firstRoom)
	}
	for _, x := range b.gates {
		if !r.gate(x) {
			return r, false
		}
		r.release(x)
	}
	r.row = []Node{r.value[b.module]}
	d.keep(r.row)
	r.root = r.row[0]
	return r, true
}

// A run is one attempt of a builder.
type run struct {
	*builder
	order   []int32 // the inputs by level
	limit   int
	sifting bool
	value   []Node  // by gate
	row     []Node  // more values in use: of a gate that is being built
	left    []int32 // by gate: uses to come
	tidyAt  int     // how many nodes there are when it is worth looking for dead ones
	siftAt  int     // how many of them make it worth sifting
	done    int     // how many steps
	root    Node    // of the module, at the end
}

const (
	firstTidy = 1 << 12
	firstSift = 1 << 12
	firstRoom = 1 << 14 // nodes for one step that may be sifted
)

// gate finds the function of a gate whose inputs are known, or returns false
// where there are too few nodes. Those that depend on the last variables are
// joined first: it keeps what is between small.
func (r *run) gate(x int32) bool {
	g := &r.formula.gates[x]
	inputs := slices.Clone(g.inputs)
	if g.kind == choice {
		return r.choice(x, inputs)
	}
	level := func(y int32) int32 { return r.diagram.nodes[r.value[y]].variable }
	slices.SortStableFunc(inputs, func(y, z int32) int { return cmp.Compare(level(z), level(y)) })
	switch g.kind {
	case and, or:
		r.value[x] = r.value[inputs[0]]
		for _, y := range inputs[1:] {
			if !r.step(&r.value[x], func() Node { return r.pair(g.kind, r.value[y], r.value[x]) }) {
				return false
			}
		}
		return true
	}
	return r.atLeast(x, g.number, inputs)
}

func (r *run) pair(k kind, f, g Node) Node {
	if k == and {
		return r.diagram.And(f, g)
	}
	return r.diagram.Or(f, g)
}

func (r *run) choice(x int32, inputs []int32) bool {
	r.value[x] = False
	for i := len(inputs) - 2; i >= 0; i -= 2 {
		if !r.step(&r.value[x], func() Node {
			return r.diagram.If(r.value[inputs[i]], r.value[inputs[i+1]], r.value[x])
		}) {
			return false
		}
	}
	return true
}

// atLeast keeps in row[j] whether at least j of the inputs seen so far are
// true.
func (r *run) atLeast(x int32, k int, inputs []int32) bool {
	r.row = make([]Node, k+1)
	r.row[0] = True
	for _, y := range inputs {
		for j := k; j > 0; j-- {
			if !r.step(&r.row[j], func() Node { return r.diagram.If(r.value[y], r.row[j-1], r.row[j]) }) {
				return false
			}
		}
	}
	r.value[x], r.row = r.row[k], nil
	return true
}

// step works out a function and stores it. Where there is no room, it makes
// room, and fails if there is none to be had.
func (r *run) step(to *Node, find func() Node) bool {
	for again := false; ; again = true {
		if f := find(); !r.diagram.full {
			*to = f
			r.done++
			break
		}
		if !r.makeRoom(again) {
			return false
		}
	}
	if len(r.diagram.nodes) > r.tidyAt {
		r.tidy()
	}
	return true
}

// makeRoom drops what is not used, and allows more nodes; it returns whether
// it makes sense to try again.
func (r *run) makeRoom(again bool) bool {
	d := r.diagram
	if d.steps > d.mostSteps || again && d.limit == r.limit {
		return false
	}
	d.full = false
	r.tidy()
	if d.limit == r.limit {
		return len(d.nodes) < r.limit/2
	}
	d.limit = min(r.limit, max(2*d.limit, 4*len(d.nodes)))
	return true
}

// tidy drops the nodes that nothing uses any more and, where it may and there
// are many more than the last time, puts the variables in a better order.
func (r *run) tidy() {
	d := r.diagram
	d.keep(r.value, r.row)
	if r.sifting && len(d.nodes) > r.siftAt {
		order := slices.Clone(r.order)
		for level, v := range d.sift(len(order), r.value, r.row) {
			r.order[level] = order[v]
		}
		r.siftAt = max(firstSift, 2*len(d.nodes))
	}
	r.tidyAt = max(firstTidy, 2*len(d.nodes))
}

// release forgets the values that no gate to come uses.
func (r *run) release(x int32) {
	for _, y := range r.formula.gates[x].inputs {
		if r.left[y]--; r.left[y] == 0 {
			r.value[y] = False
		}
	}
}
