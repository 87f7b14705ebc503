package structure

import (
	"cmp"
	"slices"
)

// A sifter finds a better order of the variables of a diagram: it moves each
// variable through all places by exchanging neighbours, and leaves it where
// the nodes are fewest (Rudell, Dynamic variable ordering for ordered binary
// decision diagrams, 1993). A node keeps its number and its function.
type sifter struct {
	nodes   []sifted
	buckets []Node   // first of each chain of equal hash
	free    []Node   // numbers of nodes that are gone
	of      [][]Node // by variable: its nodes, some of them gone or moved on
	order   []int32  // variables by level
	level   []int32  // by variable
	size    int      // live nodes
	work    int      // nodes still to be looked at before it gives up
}

type sifted struct {
	node
	uses int32 // by nodes and roots
	next Node  // in the chain
}

const (
	gone       = -1
	growthOver = 5  // a variable goes on while the diagram grows by at most 1/5
	workPer    = 20 // nodes looked at, for each node there is, and a little more
)

// sift improves the order of a diagram that holds only what roots need. It
// renumbers the roots, and returns the variables by level: what is now
// variable i was variable order[i].
func (d *Diagram) sift(variables int, roots ...[]Node) (order []int32) {
	s := newSifter(d, variables, roots)
	count := make([]int, variables)
	for v := range count {
		count[v] = len(s.of[v])
	}
	byCount := make([]int32, variables)
	for v := range byCount {
		byCount[v] = int32(v)
	}
	slices.SortStableFunc(byCount, func(x, y int32) int { return cmp.Compare(count[y], count[x]) })
	for _, v := range byCount {
		if s.work <= 0 {
			break
		}
		poll(d.poll)
		s.place(v)
	}
	s.write(d, roots)
	return s.order
}

func newSifter(d *Diagram, variables int, roots [][]Node) *sifter {
	s := &sifter{
		nodes: make([]sifted, len(d.nodes)),
		of:    make([][]Node, variables),
		order: make([]int32, variables),
		level: make([]int32, variables),
		size:  len(d.nodes),
		work:  workPer*len(d.nodes) + 1<<20,
	}
	for v := range s.order {
		s.order[v], s.level[v] = int32(v), int32(v)
	}
	buckets := fewestSlots
	for buckets < 2*len(d.nodes) {
		buckets *= 2
	}
	s.buckets = make([]Node, buckets)
	for k, n := range d.nodes {
		s.nodes[k].node = n
		if Node(k) > True {
			s.nodes[n.high].uses++
			s.nodes[n.low].uses++
			s.link(Node(k))
			s.of[n.variable] = append(s.of[n.variable], Node(k))
		}
	}
	for _, fs := range roots {
		for _, f := range fs {
			s.nodes[f].uses++
		}
	}
	return s
}

// place moves a variable to its best level.
func (s *sifter) place(v int32) {
	start, last := s.level[v], int32(len(s.order)-1)
	best, at := s.size, start
	most := s.size + s.size/growthOver
	walk := func(to int32) {
		for s.level[v] != to && s.size <= most && s.work > 0 {
			s.toward(v, to)
			if s.size < best {
				best, at = s.size, s.level[v]
			}
		}
	}
	if start > last/2 {
		walk(last)
		walk(0)
	} else {
		walk(0)
		walk(last)
	}
	for s.level[v] != at {
		s.toward(v, at)
	}
}

// toward moves a variable one level nearer to a level.
func (s *sifter) toward(v, to int32) {
	if s.level[v] < to {
		s.exchange(s.level[v])
	} else {
		s.exchange(s.level[v] - 1)
	}
}

// exchange lets the variables of a level and of the next change places.
func (s *sifter) exchange(level int32) {
	x, y := s.order[level], s.order[level+1]
	s.order[level], s.order[level+1] = y, x
	s.level[x], s.level[y] = level+1, level
	old := s.of[x]
	s.work -= len(old)
	var moved []Node
	kept := old[:0]
	for _, k := range old {
		n := &s.nodes[k]
		if n.variable != x {
			continue
		}
		if s.nodes[n.high].variable == y || s.nodes[n.low].variable == y {
			moved = append(moved, k)
		} else {
			kept = append(kept, k)
		}
	}
	s.of[x] = kept
	for _, k := range moved {
		s.unlink(k)
	}
	for _, k := range moved {
		s.turn(k, x, y)
	}
	s.work -= 4*len(moved) + len(s.of[y])
	s.of[y] = slices.DeleteFunc(s.of[y], func(k Node) bool { return s.nodes[k].variable != y })
	s.of[y] = append(s.of[y], moved...)
}

// turn makes a node that decides x, then y, decide y, then x.
func (s *sifter) turn(k Node, x, y int32) {
	high, low := s.nodes[k].high, s.nodes[k].low
	h1, h0 := s.split(high, y)
	l1, l0 := s.split(low, y)
	newHigh := s.use(x, h1, l1)
	newLow := s.use(x, h0, l0)
	s.nodes[k].node = node{y, newHigh, newLow}
	s.link(k)
	s.drop(high)
	s.drop(low)
}

func (s *sifter) split(f Node, v int32) (high, low Node) {
	if n := &s.nodes[f]; n.variable == v {
		return n.high, n.low
	}
	return f, f
}

// use returns a node, new if need be, with one more use.
func (s *sifter) use(variable int32, high, low Node) Node {
	if high == low {
		s.nodes[high].uses++
		return high
	}
	n := node{variable, high, low}
	for k := s.buckets[s.bucket(n)]; k != False; k = s.nodes[k].next {
		if s.nodes[k].node == n {
			s.nodes[k].uses++
			return k
		}
	}
	k := Node(len(s.nodes))
	if last := len(s.free) - 1; last >= 0 {
		k = s.free[last]
		s.free = s.free[:last]
	} else {
		s.nodes = append(s.nodes, sifted{})
	}
	s.nodes[k] = sifted{node: n, uses: 1}
	s.nodes[high].uses++
	s.nodes[low].uses++
	s.link(k)
	s.of[variable] = append(s.of[variable], k)
	s.size++
	return k
}

// drop takes one use from a node, and the node away if that was the last.
func (s *sifter) drop(k Node) {
	n := &s.nodes[k]
	n.uses--
	if n.uses > 0 || k <= True {
		return
	}
	s.unlink(k)
	high, low := n.high, n.low
	n.variable = gone
	s.free = append(s.free, k)
	s.size--
	s.drop(high)
	s.drop(low)
}

func (s *sifter) bucket(n node) int {
	return int(mix(n.variable, n.high, n.low)) & (len(s.buckets) - 1)
}

func (s *sifter) link(k Node) {
	b := s.bucket(s.nodes[k].node)
	s.nodes[k].next = s.buckets[b]
	s.buckets[b] = k
}

func (s *sifter) unlink(k Node) {
	at := &s.buckets[s.bucket(s.nodes[k].node)]
	for *at != k {
		at = &s.nodes[*at].next
	}
	*at = s.nodes[k].next
}

// write puts the nodes back, the last level first.
func (s *sifter) write(d *Diagram, roots [][]Node) {
	d.nodes = d.nodes[:2]
	number := make([]Node, len(s.nodes))
	number[True] = True
	for level := len(s.order) - 1; level >= 0; level-- {
		for _, k := range s.of[s.order[level]] {
			n := s.nodes[k]
			if n.variable != s.order[level] || number[k] != False {
				continue
			}
			number[k] = Node(len(d.nodes))
			d.nodes = append(d.nodes, node{int32(level), number[n.high], number[n.low]})
		}
	}
	for _, fs := range roots {
		for i, f := range fs {
			fs[i] = number[f]
		}
	}
	size := len(d.slots)
	for 3*len(d.nodes) > 2*size {
		size *= 2
	}
	d.index(size)
	clear(d.known)
}
