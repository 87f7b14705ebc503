// Package structure computes exactly with structures of parts of which some
// stand and some are down: how likely a random user is hit, by what, and who
// is hit when a part fails, counted once however many paths lead to it. It
// knows no files and no time.
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
	nodes []node // children come before their parents
	slots []Node // the nodes by what they are, open addressing; False: free
	known []step // recent results, each at the one place where it belongs

	limit     int    // how many nodes there may be; 0: no limit
	steps     int    // results worked out
	poll      func() // see Graph
	mostSteps int    // how many there may be, where there is a limit
	full      bool   // a limit was reached: results mean nothing
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

// A step is a result of If.
type step struct{ f, g, h, result Node }

const (
	noVariable   = 1<<31 - 1
	fewestSlots  = 1 << 8  // a power of two, as all sizes of tables
	mostKnown    = 1 << 22 // recent results kept, 64 MB
	stepsPerNode = 24      // how many results a limit of one node allows
)

// NewDiagram returns a diagram with the two constants.
func NewDiagram() *Diagram {
	d := &Diagram{slots: make([]Node, fewestSlots), known: make([]step, fewestSlots)}
	d.nodes = []node{{variable: noVariable}, {variable: noVariable}}
	return d
}

// Var returns the function that is the variable itself.
func (d *Diagram) Var(variable int) Node { return d.make(int32(variable), True, False) }

func (d *Diagram) make(variable int32, high, low Node) Node {
	if high == low {
		return high
	}
	n := node{variable, high, low}
	at := d.slot(n)
	if k := d.slots[at]; k != False {
		return k
	}
	if d.limit > 0 && len(d.nodes) >= d.limit {
		d.full = true
		return False
	}
	k := Node(len(d.nodes))
	d.nodes = append(d.nodes, n)
	d.slots[at] = k
	if 3*len(d.nodes) > 2*len(d.slots) {
		d.grow()
	}
	return k
}

// slot returns where a node is in slots, or where it belongs.
func (d *Diagram) slot(n node) int {
	mask := len(d.slots) - 1
	at := int(mix(n.variable, n.high, n.low)) & mask
	for {
		k := d.slots[at]
		if k == False || d.nodes[k] == n {
			return at
		}
		at = (at + 1) & mask
	}
}

// mix hashes three numbers.
func mix[T ~int32](a T, b, c Node) uint32 {
	h := uint64(uint32(a))*0x9e3779b97f4a7c15 ^ uint64(uint32(b))*0xc2b2ae3d27d4eb4f ^ uint64(uint32(c))*0x165667b19e3779f9
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return uint32(h >> 32)
}

// grow doubles the tables.
func (d *Diagram) grow() {
	d.index(2 * len(d.slots))
	if len(d.known) >= min(len(d.slots), mostKnown) {
		return
	}
	half := len(d.known)
	d.known = slices.Grow(d.known, half)[:2*half]
	clear(d.known[half:])
	for i, s := range d.known[:half] {
		// A result stays where it is, or goes as far into the new half.
		if at := d.place(s.f, s.g, s.h); s.f != False && at != i {
			d.known[at] = s
			d.known[i] = step{}
		}
	}
}

// index fills slots anew.
func (d *Diagram) index(size int) {
	d.slots = slices.Grow(d.slots[:0], size)[:size]
	clear(d.slots)
	mask := size - 1
	for k := 2; k < len(d.nodes); k++ {
		n := d.nodes[k]
		at := int(mix(n.variable, n.high, n.low)) & mask
		for d.slots[at] != False {
			at = (at + 1) & mask
		}
		d.slots[at] = Node(k)
	}
}

func (d *Diagram) place(f, g, h Node) int { return int(mix(f, g, h)) & (len(d.known) - 1) }

// If returns f∧g ∨ ¬f∧h.
func (d *Diagram) If(f, g, h Node) Node {
	if g == f {
		g = True
	}
	if h == f {
		h = False
	}
	switch {
	case f == True, g == h:
		return g
	case f == False:
		return h
	case g == True && h == False:
		return f
	case h == False && f > g: // f∧g = g∧f
		f, g = g, f
	case g == True && f > h: // f∨h = h∨f
		f, h = h, f
	}
	if n := &d.nodes[f]; n.high == True && n.low == False && n.variable < min(d.nodes[g].variable, d.nodes[h].variable) {
		if d.exhausted() {
			return False
		}
		return d.make(n.variable, g, h) // a variable before all of the others
	}
	if s := &d.known[d.place(f, g, h)]; s.f == f && s.g == g && s.h == h {
		return s.result
	}
	if d.exhausted() {
		return False
	}
	v := min(d.nodes[f].variable, d.nodes[g].variable, d.nodes[h].variable)
	f1, f0 := d.split(f, v)
	g1, g0 := d.split(g, v)
	h1, h0 := d.split(h, v)
	k := d.make(v, d.If(f1, g1, h1), d.If(f0, g0, h0))
	d.known[d.place(f, g, h)] = step{f, g, h, k}
	return k
}

// exhausted counts a step and returns whether the limit is reached.
func (d *Diagram) exhausted() bool {
	d.steps++
	if d.steps&0x3fff == 0 {
		poll(d.poll)
	}
	if d.limit > 0 && d.steps > d.mostSteps {
		d.full = true
	}
	return d.full
}

func (d *Diagram) split(f Node, v int32) (high, low Node) {
	if n := &d.nodes[f]; n.variable == v {
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
		if f == False {
			continue // most are where few may be down
		}
		for j := k; j > 0; j-- {
			row[j] = d.If(f, row[j-1], row[j])
		}
	}
	return row[k]
}

// restart forgets all nodes and allows a number of new ones; the memory is
// used again.
func (d *Diagram) restart(limit int) {
	d.nodes, d.slots, d.known = d.nodes[:2], d.slots[:fewestSlots], d.known[:fewestSlots]
	clear(d.slots)
	clear(d.known)
	d.limit, d.steps, d.mostSteps, d.full = limit, 0, stepsPerNode*limit, false
}

// keep forgets all nodes but those below the kept ones, and renumbers these in
// place.
func (d *Diagram) keep(kept ...[]Node) {
	number := make([]Node, len(d.nodes))
	for _, fs := range kept {
		for _, f := range fs {
			number[f] = True
		}
	}
	for k := len(d.nodes) - 1; k > 1; k-- {
		if number[k] != False {
			number[d.nodes[k].high], number[d.nodes[k].low] = True, True
		}
	}
	number[False], number[True] = False, True
	next := Node(2)
	for k := 2; k < len(d.nodes); k++ {
		if number[k] == False {
			continue
		}
		n := d.nodes[k]
		d.nodes[next] = node{n.variable, number[n.high], number[n.low]}
		number[k] = next
		next++
	}
	d.nodes = d.nodes[:next]
	for _, fs := range kept {
		for i, f := range fs {
			fs[i] = number[f]
		}
	}
	d.index(len(d.slots))
	clear(d.known)
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
