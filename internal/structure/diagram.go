// Package structure computes exactly with structures of parts of which some
// stand and some are down: who is hit when a part fails, counted once however
// many paths lead to it. It knows no files and no time.
package structure

import (
	"maps"
	"math/big"
	"slices"
)

// A Diagram is a set of Boolean functions of independent variables, kept as
// reduced ordered binary decision diagrams (Bryant, IEEE Trans. Comput. C-35,
// 1986): equal functions are equal nodes, and the probability of one takes a
// single walk. Variables are ordered by their number.
type Diagram struct {
	nodes  []node
	unique map[node]Node
	known  map[triple]Node
}

// A Node is one function of a Diagram.
type Node int32

// The two constant functions.
const (
	False Node = 0
	True  Node = 1
)

type node struct {
	variable  int32
	high, low Node // the function where the variable is true, and false
}

type triple struct{ f, g, h Node }

const noVariable = 1<<31 - 1

// NewDiagram returns a diagram with the two constants.
func NewDiagram() *Diagram {
	return &Diagram{
		nodes:  []node{{variable: noVariable}, {variable: noVariable}},
		unique: map[node]Node{},
		known:  map[triple]Node{},
	}
}

// Var returns the function that is the variable itself.
func (d *Diagram) Var(variable int) Node { return d.make(int32(variable), True, False) }

func (d *Diagram) make(variable int32, high, low Node) Node {
	if high == low {
		return high
	}
	n := node{variable, high, low}
	if k, ok := d.unique[n]; ok {
		return k
	}
	k := Node(len(d.nodes))
	d.nodes = append(d.nodes, n)
	d.unique[n] = k
	return k
}

// If returns f∧g ∨ ¬f∧h.
func (d *Diagram) If(f, g, h Node) Node {
	switch {
	case f == True, g == h:
		return g
	case f == False:
		return h
	case g == True && h == False:
		return f
	}
	key := triple{f, g, h}
	if k, ok := d.known[key]; ok {
		return k
	}
	v := min(d.nodes[f].variable, d.nodes[g].variable, d.nodes[h].variable)
	f1, f0 := d.split(f, v)
	g1, g0 := d.split(g, v)
	h1, h0 := d.split(h, v)
	k := d.make(v, d.If(f1, g1, h1), d.If(f0, g0, h0))
	d.known[key] = k
	return k
}

func (d *Diagram) split(f Node, v int32) (high, low Node) {
	if n := d.nodes[f]; n.variable == v {
		return n.high, n.low
	}
	return f, f
}

// And returns f∧g.
func (d *Diagram) And(f, g Node) Node { return d.If(f, g, False) }

// Or returns f∨g.
func (d *Diagram) Or(f, g Node) Node { return d.If(f, True, g) }

// Not returns ¬f.
func (d *Diagram) Not(f Node) Node { return d.If(f, False, True) }

// AtLeast returns whether k or more of the functions are true.
func (d *Diagram) AtLeast(k int, fs []Node) Node {
	if k <= 0 {
		return True
	}
	if k > len(fs) {
		return False
	}
	// row[j]: at least j of the functions seen so far.
	row := make([]Node, k+1)
	row[0] = True
	for _, f := range fs {
		for j := k; j > 0; j-- {
			row[j] = d.If(f, row[j-1], row[j])
		}
	}
	return row[k]
}

// Probability returns the probability that f is true where variable v is true
// with probability p[v], independently.
func (d *Diagram) Probability(f Node, p []float64) float64 {
	return walk(d, f, 0, 1, func(v int32, high, low float64) float64 {
		return p[v]*high + (1-p[v])*low
	})
}

// ExactProbability is Probability in fractions.
func (d *Diagram) ExactProbability(f Node, p []*big.Rat) *big.Rat {
	one := big.NewRat(1, 1)
	return walk(d, f, new(big.Rat), one, func(v int32, high, low *big.Rat) *big.Rat {
		x := new(big.Rat).Mul(p[v], high)
		y := new(big.Rat).Mul(new(big.Rat).Sub(one, p[v]), low)
		return x.Add(x, y)
	})
}

// Variables calls do with each variable that f depends on, rising.
func (d *Diagram) Variables(f Node, do func(variable int)) {
	seen := map[int32]bool{}
	known := map[Node]bool{False: true, True: true}
	var visit func(Node)
	visit = func(f Node) {
		if known[f] {
			return
		}
		known[f] = true
		seen[d.nodes[f].variable] = true
		visit(d.nodes[f].high)
		visit(d.nodes[f].low)
	}
	visit(f)
	for _, v := range slices.Sorted(maps.Keys(seen)) {
		do(int(v))
	}
}

// walk computes a value of f from the values of the constants, each node once.
func walk[T any](d *Diagram, f Node, zero, one T, mix func(v int32, high, low T) T) T {
	known := map[Node]T{False: zero, True: one}
	var visit func(Node) T
	visit = func(f Node) T {
		if x, ok := known[f]; ok {
			return x
		}
		n := d.nodes[f]
		x := mix(n.variable, visit(n.high), visit(n.low))
		known[f] = x
		return x
	}
	return visit(f)
}
