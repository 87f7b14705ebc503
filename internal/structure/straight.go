package structure

import "slices"

// A Straight function is a Boolean function taken out of its diagram, to compute its
// probability many times.
type Straight struct {
	vars  []int
	steps []straightStep // what a step needs comes before it
}

type straightStep struct{ variable, high, low int }

// Straight takes a function out of the diagram.
func (d *Diagram) Straight(f Node) *Straight {
	out := &Straight{}
	d.Variables(f, func(v int) { out.vars = append(out.vars, v) })
	place := map[Node]int{False: 0, True: 1}
	var visit func(Node) int
	visit = func(f Node) int {
		if k, ok := place[f]; ok {
			return k
		}
		n := d.nodes[f]
		high, low := visit(n.high), visit(n.low)
		v, _ := slices.BinarySearch(out.vars, int(n.variable))
		out.steps = append(out.steps, straightStep{v, high, low})
		place[f] = len(out.steps) + 1
		return place[f]
	}
	if visit(f); f == True {
		// 0 or 1, or else what the last step says.
		out.steps = append(out.steps, straightStep{-1, 1, 1})
	}
	return out
}

// Probability returns P(f) where variables are independent, at says of each how
// likely it is.
func (f *Straight) Probability(at func(variable int) float64) float64 {
	p := make([]float64, len(f.vars))
	for i, v := range f.vars {
		p[i] = at(v)
	}
	values := make([]float64, 2, len(f.steps)+2)
	values[1] = 1
	for _, s := range f.steps {
		if s.variable < 0 {
			return 1
		}
		values = append(values, p[s.variable]*values[s.high]+(1-p[s.variable])*values[s.low])
	}
	if len(f.steps) == 0 {
		return 0
	}
	return values[len(values)-1]
}
