package structure

import (
	"encoding/binary"
	"slices"
)

// mostRounds bounds the work of making a formula simpler; a few are enough in
// practice.
const mostRounds = 20

// simplify returns an equal formula that is easier to solve: nested gates of
// one kind are one gate, and what is used together is one gate.
func simplify(m *formula, root int32) (*formula, int32) {
	for range mostRounds {
		before := len(m.below(root))
		flat, r := m.flatten(root)
		joined, r, changed := flat.gather(r, false)
		m, root = joined, r
		if !changed && len(m.below(root)) == before {
			break
		}
	}
	m, root, _ = m.gather(root, true)
	return m, root
}

// rebuild copies the gates below root into a new formula, each changed by
// change, which sees the gate with its new inputs.
func (m *formula) rebuild(root int32, change func(to *formula, old int32, g gate) gate) (*formula, int32) {
	to := newFormula()
	moved := make([]int32, len(m.gates))
	moved[always] = always
	for _, x := range m.below(root) {
		if x <= always {
			continue
		}
		g := m.gates[x]
		inputs := make([]int32, len(g.inputs))
		for i, y := range g.inputs {
			inputs[i] = moved[y]
		}
		moved[x] = to.gate(change(to, x, gate{g.kind, g.number, inputs}))
	}
	return to, moved[root]
}

// flatten takes the inputs of a gate that is used once, by a gate of its own
// kind, into that one.
func (m *formula) flatten(root int32) (*formula, int32) {
	users := m.users(root)
	to := newFormula()
	moved := make([]int32, len(m.gates))
	moved[always] = always
	// What is wide already, and goes into one of its own kind anyway, is not made a gate
	// in between: of a long chain each would have all the inputs below it.
	wide := map[int32][]int32{}
	for _, x := range m.below(root) {
		if x <= always {
			continue
		}
		g := m.gates[x]
		var inputs []int32
		for _, y := range g.inputs {
			switch one := (g.kind == and || g.kind == or) && len(users[y]) == 1; {
			case one && wide[y] != nil && m.gates[y].kind == g.kind:
				if len(inputs) <= len(wide[y]) {
					inputs = append(wide[y], inputs...)
				} else {
					inputs = append(inputs, wide[y]...)
				}
			case one && to.gates[moved[y]].kind == g.kind:
				inputs = append(inputs, to.gates[moved[y]].inputs...)
			default:
				inputs = append(inputs, moved[y])
			}
		}
		if len(inputs) > mostNested && len(users[x]) == 1 && m.gates[users[x][0]].kind == g.kind {
			wide[x] = inputs
			continue
		}
		moved[x] = to.gate(gate{g.kind, g.number, inputs})
	}
	return to, moved[root]
}

// mostNested is how many inputs a gate may have that is made on the way.
const mostNested = 256

// gather makes one gate of the inputs that the same gates, all of one kind,
// use: of those that several use, or at last of those that only one uses.
// It returns whether it found any.
func (m *formula) gather(root int32, single bool) (*formula, int32, bool) {
	groups := m.groups(root, single)
	if len(groups) == 0 {
		return m, root, false
	}
	group := map[int32]int{} // by input
	for i, g := range groups {
		for _, x := range g {
			group[x] = i
		}
	}
	made := make([]int32, len(groups))
	out, r := m.rebuild(root, func(to *formula, old int32, g gate) gate {
		if g.kind != and && g.kind != or {
			return g
		}
		var inputs []int32
		together := map[int][]int32{}
		for i, y := range m.gates[old].inputs {
			if n, ok := group[y]; ok {
				together[n] = append(together[n], g.inputs[i])
			} else {
				inputs = append(inputs, g.inputs[i])
			}
		}
		for n := range groups {
			if together[n] == nil {
				continue
			}
			if made[n] == never {
				made[n] = to.join(g.kind, together[n])
			}
			inputs = append(inputs, made[n])
		}
		g.inputs = inputs
		return g
	})
	return out, r, true
}

// groups returns the sets of two or more inputs that gather joins.
func (m *formula) groups(root int32, single bool) [][]int32 {
	users := m.users(root)
	number := map[string]int{}
	var all [][]int32
	for _, x := range m.below(root) {
		if !m.joinable(users[x]) || single != (len(users[x]) == 1) {
			continue
		}
		key := make([]byte, 0, 4*len(users[x]))
		for _, u := range users[x] {
			key = binary.AppendUvarint(key, uint64(u))
		}
		n, ok := number[string(key)]
		if !ok {
			n = len(all)
			number[string(key)] = n
			all = append(all, nil)
		}
		all[n] = append(all[n], x)
	}
	return slices.DeleteFunc(all, func(g []int32) bool {
		return len(g) < 2 || single && len(g) == len(m.gates[users[g[0]][0]].inputs)
	})
}

// joinable returns whether all gates are conjunctions, or all disjunctions.
func (m *formula) joinable(gates []int32) bool {
	for _, x := range gates {
		k := m.gates[x].kind
		if k != and && k != or || k != m.gates[gates[0]].kind {
			return false
		}
	}
	return len(gates) > 0
}
