package structure

// modules returns the gates below root whose variables and gates nothing else
// uses, inputs first and the root last. Each can be solved apart. It takes two
// walks (Dutuit and Rauzy, A linear-time algorithm to find modules of fault
// trees, IEEE Trans. Reliability 45, 1996): a gate is a module if all below it
// is visited only between its own first and last visit.
func (m *formula) modules(root int32) []int32 {
	v := visits{m, 0, make([]visit, len(m.gates))}
	v.walk(root)
	var out []int32
	for _, x := range m.below(root) {
		g := &v.of[x]
		g.least, g.most = noVariable, 0
		for _, y := range m.gates[x].inputs {
			in := &v.of[y]
			g.least = min(g.least, in.first, in.least)
			g.most = max(g.most, in.last, in.most)
		}
		if len(m.gates[x].inputs) > 0 && g.least > g.first && g.most < g.left {
			out = append(out, x)
		}
	}
	return out
}

// visits are the dates at which a walk from left to right passes each gate.
type visits struct {
	formula *formula
	now     int32
	of      []visit
}

type visit struct {
	first, left, last int32 // reached, left with all below it visited, reached for the last time
	least, most       int32 // of the first and last dates of all below it
}

func (v *visits) walk(x int32) {
	v.now++
	g := &v.of[x]
	g.last = v.now
	if g.first != 0 {
		return
	}
	g.first = v.now
	for _, y := range v.formula.gates[x].inputs {
		v.walk(y)
	}
	v.now++
	g.left = v.now
	g.last = v.now
}
