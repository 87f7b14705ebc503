package structure

import "fmt"

// Limit is the number of nodes allowed where none is given: some hundred
// megabytes. Tests of what is too large set it lower, before anything is solved.
var Limit = 1_500_000

// TooLarge says that a structure needs more nodes than it may have, in every
// order of its variables that was tried.
type TooLarge struct{ Limit int }

func (e *TooLarge) Error() string {
	return fmt.Sprintf("structure is too large to be solved exactly: it needs more than %d nodes", e.Limit)
}

// Solve returns whether a random user of root is hit, as a function of the
// variables of parts, edges and splits. The work is bounded by limit, how many
// nodes there may be (0: Limit); where that is not enough the error is a
// *TooLarge.
func Solve(g *Graph, root, limit int) (*Function, error) {
	t := newTranslation(g)
	return solve(g, t.formula, t.hit(root), limit)
}

// A Single says that some users are hit while the nodes Down, and nothing else,
// are down: which they are while all variables of While are true. No variable
// means always.
type Single struct {
	While []int
	Down  []int
}

// SolveBeside is Solve of the users whom none of the singles hits: whether a
// random user is hit although no single one of these does it.
func SolveBeside(g *Graph, root int, singles []Single, limit int) (*Function, error) {
	t := newTranslation(g)
	var causes []int32
	for _, s := range singles {
		alone := t.alone(root, s.Down)
		causes = append(causes, t.formula.join(and, append(t.formula.events(s.While), alone)))
	}
	single, hit := t.formula.join(or, causes), t.hit(root)
	switch {
	case single == never:
		return solve(g, t.formula, hit, limit)
	case single == always || hit == never:
		return solve(g, t.formula, never, limit)
	}
	return solve(g, t.formula, t.formula.add(gate{kind: choice, inputs: []int32{single, never, always, hit}}), limit)
}

// SolveBetween returns whether a random user is hit who would not be with less
// of the graph, and whom the nodes down do not hit by themselves. less has the
// nodes of g, or the first of them.
func SolveBetween(less, g *Graph, root int, down []int, limit int) (*Function, error) {
	t := newTranslation(g)
	without := &translation{t.formula, less, map[int]int32{}}
	but := t.formula.join(or, []int32{without.hit(root), t.alone(root, down)})
	hit := t.hit(root)
	if but == always || but == hit || hit == never {
		return solve(g, t.formula, never, limit)
	}
	return solve(g, t.formula, t.formula.add(gate{kind: choice, inputs: []int32{but, never, always, hit}}), limit)
}

func solve(g *Graph, m *formula, root int32, limit int) (*Function, error) {
	if limit <= 0 {
		limit = Limit
	}
	poll(g.Poll)
	m, x := simplify(m, root)
	s := newSolver(m)
	s.diagram.poll = g.Poll
	for _, module := range m.modules(x) {
		poll(g.Poll)
		if !s.solve(module, limit) {
			return nil, &TooLarge{limit}
		}
	}
	f := s.finish(x)
	f.poll = g.Poll
	return f, nil
}

// A solver turns the modules of a formula, one after the other, into one
// function.
type solver struct {
	formula   *formula
	diagram   *Diagram
	decisions []decision
	solved    []bool // by gate: a constant, or a module that is done
	root      []Node // by gate, where solved: its decision
}

func newSolver(m *formula) *solver {
	s := &solver{
		formula:   m,
		diagram:   NewDiagram(),
		decisions: make([]decision, 2),
		solved:    make([]bool, len(m.gates)),
		root:      make([]Node, len(m.gates)),
	}
	s.solved[never], s.solved[always] = true, true
	s.root[always] = True
	return s
}

// solve adds a module whose own modules are done, or returns false where there
// are not enough nodes.
func (s *solver) solve(module int32, limit int) bool {
	b := newBuilder(s, module)
	r, ok := b.search(limit - len(s.decisions))
	if !ok {
		return false
	}
	at := make([]Node, len(s.diagram.nodes))
	at[True] = True
	for k := 2; k < len(at); k++ {
		n := s.diagram.nodes[k]
		at[k] = Node(len(s.decisions))
		s.decisions = append(s.decisions, decision{s.input(r.order[n.variable]), n.variable, at[n.high], at[n.low]})
	}
	s.solved[module] = true
	s.root[module] = at[r.root]
	return true
}

// input returns an event or a module that is done as the input of a decision.
func (s *solver) input(x int32) int32 {
	if s.solved[x] {
		return ^int32(s.root[x])
	}
	return int32(s.formula.gates[x].number)
}

// finish returns the function of a gate.
func (s *solver) finish(x int32) *Function {
	if s.formula.gates[x].kind == event {
		s.root[x] = Node(len(s.decisions))
		s.decisions = append(s.decisions, decision{s.input(x), 0, True, False})
	}
	return newFunction(s.decisions, s.root[x])
}
