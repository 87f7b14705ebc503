package structure

import (
	"encoding/binary"
	"slices"
)

// A formula is a set of gates over variables: what a graph says about one
// root, in a form that can be made simpler. Equal gates are one gate.
type formula struct {
	gates  []gate // inputs come before the gates that use them
	unique map[string]int32
}

// A gate is true where enough of its inputs are.
type gate struct {
	kind   kind
	number int // the variable of an event, how many of atLeast
	// Inputs are rising and different, but those of atLeast, which may repeat,
	// and those of choice: test, value, test, value, …: the value of the
	// first test that is true, or false.
	inputs []int32
}

type kind uint8

const (
	constant kind = iota
	event
	and
	or
	atLeast
	choice
)

// The two constant gates.
const (
	never  int32 = 0
	always int32 = 1
)

func newFormula() *formula {
	return &formula{gates: make([]gate, 2), unique: map[string]int32{}}
}

// add returns the gate, new if need be.
func (m *formula) add(g gate) int32 {
	key := binary.AppendUvarint([]byte{byte(g.kind)}, uint64(g.number))
	for _, x := range g.inputs {
		key = binary.AppendUvarint(key, uint64(x))
	}
	if k, ok := m.unique[string(key)]; ok {
		return k
	}
	k := int32(len(m.gates))
	m.gates = append(m.gates, g)
	m.unique[string(key)] = k
	return k
}

func (m *formula) event(variable int) int32 { return m.add(gate{kind: event, number: variable}) }

// gate returns the simplest gate that is known to mean the same.
func (m *formula) gate(g gate) int32 {
	switch g.kind {
	case and, or:
		return m.join(g.kind, g.inputs)
	case atLeast:
		return m.atLeast(g.number, g.inputs)
	case choice:
		return m.choice(g.inputs)
	}
	return m.add(g)
}

// join returns the conjunction (and) or the disjunction (or) of the inputs.
func (m *formula) join(k kind, inputs []int32) int32 {
	neutral, decisive, other := always, never, or
	if k == or {
		neutral, decisive, other = never, always, and
	}
	inputs = slices.Clone(inputs)
	slices.Sort(inputs)
	inputs = slices.Compact(inputs)
	inputs = slices.DeleteFunc(inputs, func(x int32) bool { return x == neutral })
	if slices.Contains(inputs, decisive) {
		return decisive
	}
	inputs = m.absorb(other, inputs)
	switch len(inputs) {
	case 0:
		return neutral
	case 1:
		return inputs[0]
	}
	if common := m.common(other, inputs); common != nil {
		return m.factor(k, other, common, inputs)
	}
	return m.add(gate{kind: k, inputs: inputs})
}

// absorb leaves out the gates of the other kind that have one of the inputs as
// an input: a ∨ (a ∧ b) = a.
func (m *formula) absorb(other kind, inputs []int32) []int32 {
	return slices.DeleteFunc(slices.Clone(inputs), func(x int32) bool {
		return m.gates[x].kind == other && slices.ContainsFunc(m.gates[x].inputs, func(y int32) bool {
			_, found := slices.BinarySearch(inputs, y)
			return found
		})
	})
}

// common returns what all of several gates of one kind have as inputs.
func (m *formula) common(k kind, gates []int32) []int32 {
	var out []int32
	for i, x := range gates {
		g := &m.gates[x]
		if g.kind != k {
			return nil
		}
		if i == 0 {
			out = slices.Clone(g.inputs)
		}
		out = slices.DeleteFunc(out, func(y int32) bool {
			_, found := slices.BinarySearch(g.inputs, y)
			return !found
		})
		if len(out) == 0 {
			return nil
		}
	}
	return out
}

// factor pulls out what the inputs share: (a ∧ b) ∨ (a ∧ c) = a ∧ (b ∨ c).
func (m *formula) factor(k, other kind, common, inputs []int32) int32 {
	rest := make([]int32, len(inputs))
	for i, x := range inputs {
		left := slices.DeleteFunc(slices.Clone(m.gates[x].inputs), func(y int32) bool {
			_, found := slices.BinarySearch(common, y)
			return found
		})
		rest[i] = m.join(other, left)
	}
	return m.join(other, append(slices.Clone(common), m.join(k, rest)))
}

func (m *formula) atLeast(k int, inputs []int32) int32 {
	var left []int32
	for _, x := range inputs {
		switch x {
		case always:
			k--
		case never:
		default:
			left = append(left, x)
		}
	}
	switch {
	case k <= 0:
		return always
	case k > len(left):
		return never
	case k == 1:
		return m.join(or, left)
	case k == len(left):
		return m.join(and, left)
	}
	slices.Sort(left)
	return m.add(gate{kind: atLeast, number: k, inputs: left})
}

func (m *formula) choice(inputs []int32) int32 {
	left := slices.Clone(inputs)
	for len(left) > 0 && left[len(left)-1] == never {
		left = left[:len(left)-2]
	}
	switch len(left) {
	case 0:
		return never
	case 2:
		return m.join(and, left)
	}
	return m.add(gate{kind: choice, inputs: left})
}

// A translation writes what a graph says as gates.
type translation struct {
	formula *formula
	graph   *Graph
	known   map[int]int32 // when a random user of a part is hit
}

func newTranslation(g *Graph) *translation {
	return &translation{newFormula(), g, map[int]int32{}}
}

// hit returns the gate that says whether a random user of a part is hit.
func (t *translation) hit(part int) int32 {
	if x, ok := t.known[part]; ok {
		return x
	}
	var causes []int32
	if own := t.graph.own(part); len(own) > 0 {
		causes = append(causes, t.formula.join(and, t.formula.events(own)))
	}
	for i := range t.graph.Needs[part] {
		causes = append(causes, t.formula.unmet(&t.graph.Needs[part][i], t.hit))
	}
	x := t.formula.join(or, causes)
	t.known[part] = x
	return x
}

// alone returns the gate that says whether a random user of a root is hit while
// some parts, and nothing else, are down.
func (t *translation) alone(root int, down []int) int32 {
	known := map[int]int32{}
	for _, x := range down {
		known[x] = always
	}
	var hit func(int) int32
	hit = func(part int) int32 {
		if x, ok := known[part]; ok {
			return x
		}
		var causes []int32
		for i := range t.graph.Needs[part] {
			causes = append(causes, t.formula.unmet(&t.graph.Needs[part][i], hit))
		}
		x := t.formula.join(or, causes)
		known[part] = x
		return x
	}
	return hit(root)
}

func (m *formula) events(variables []int) []int32 {
	out := make([]int32, len(variables))
	for i, v := range variables {
		out[i] = m.event(v)
	}
	return out
}

func (m *formula) unmet(n *Need, hit func(int) int32) int32 {
	var members []int32
	for i, p := range n.Members {
		if n.Split != nil {
			members = append(members, m.event(n.Split[i]))
		}
		members = append(members, hit(p))
	}
	var x int32
	if n.Split != nil {
		x = m.choice(members)
	} else {
		x = m.atLeast(n.Down, members)
	}
	if n.Edge == Always {
		return x
	}
	return m.join(and, []int32{m.event(n.Edge), x})
}

// below returns the gates below a root, inputs first and as written, the root
// last.
func (m *formula) below(root int32) []int32 {
	seen := make([]bool, len(m.gates))
	var out []int32
	var visit func(int32)
	visit = func(x int32) {
		if seen[x] {
			return
		}
		seen[x] = true
		for _, y := range m.gates[x].inputs {
			visit(y)
		}
		out = append(out, x)
	}
	visit(root)
	return out
}

// users returns, by gate, the gates below the root that use it, each once.
func (m *formula) users(root int32) [][]int32 {
	out := make([][]int32, len(m.gates))
	for _, x := range m.below(root) {
		for _, y := range m.gates[x].inputs {
			if u := out[y]; len(u) == 0 || u[len(u)-1] != x {
				out[y] = append(u, x)
			}
		}
	}
	return out
}
