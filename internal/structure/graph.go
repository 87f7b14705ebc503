package structure

// A Graph says which parts need which others. Parts are numbered from 0; the
// graph has no cycles.
type Graph struct {
	Needs [][]Need // by part
	// Own, by part, are the variables all of which must be true for the part
	// itself to be down; a part that has none is never down by itself. They
	// share one numbering with the variables of edges and splits. Own may be
	// shorter than Needs.
	Own [][]int
	// Poll, where it is not nil, is called again and again while the graph is
	// solved and its cuts are listed. It may unwind them.
	Poll func()
}

// poll calls what is to be called, if anything.
func poll(f func()) {
	if f != nil {
		f()
	}
}

// Always is the Edge of a need that exposes every user.
const Always = -1

// A Need of a part: it is not met while enough of its members are down.
type Need struct {
	// Edge is the variable that says whether a random user is exposed, or
	// Always.
	Edge    int
	Members []int
	// Down is how many members must be down for the need not to be met: 1
	// for a single member, all of them for a spare.
	Down int
	// Split, where not nil, gives each member a variable instead: the user is
	// on the first member whose variable is true, or on none.
	Split []int
}

// A Reach finds who is hit when one part fails alone, seen from one root.
type Reach struct {
	graph   *Graph
	diagram *Diagram
	root    int
	certain map[int]bool // hits every user, whatever else
	order   []int        // parts below the root, the root first
}

// NewReach prepares the questions about one root.
func NewReach(g *Graph, d *Diagram, root int) *Reach {
	r := &Reach{graph: g, diagram: d, root: root, certain: map[int]bool{}}
	seen := map[int]bool{}
	var visit func(part int, sure bool)
	visit = func(part int, sure bool) {
		if r.certain[part] || seen[part] && !sure {
			return
		}
		if !seen[part] {
			r.order = append(r.order, part)
		}
		seen[part] = true
		if sure {
			r.certain[part] = true
		}
		for _, n := range g.Needs[part] {
			for _, m := range n.Members {
				visit(m, sure && n.Edge == Always && n.Split == nil && n.Down == 1)
			}
		}
	}
	visit(root, true)
	return r
}

// Parts returns the root and every part below it, in the order in which they
// are needed.
func (r *Reach) Parts() []int { return r.order }

// Hit returns whether a random user of the root is hit while part, alone, is
// down.
func (r *Reach) Hit(part int) Node {
	if r.certain[part] {
		return True
	}
	known := map[int]Node{part: True}
	var hit func(int) Node
	hit = func(p int) Node {
		if f, ok := known[p]; ok {
			return f
		}
		f := False
		for i := range r.graph.Needs[p] {
			f = r.diagram.Or(f, r.unmet(&r.graph.Needs[p][i], hit))
		}
		known[p] = f
		return f
	}
	return hit(r.root)
}

func (r *Reach) unmet(n *Need, hit func(int) Node) Node {
	d := r.diagram
	if n.Split != nil {
		f, none := False, True
		for i, m := range n.Members {
			v := d.Var(n.Split[i])
			f = d.Or(f, d.And(d.And(none, v), hit(m)))
			none = d.And(none, d.Not(v))
		}
		return r.exposed(n, f)
	}
	fs := make([]Node, len(n.Members))
	for i, m := range n.Members {
		fs[i] = hit(m)
	}
	return r.exposed(n, d.AtLeast(n.Down, fs))
}

// exposed limits f to the users that a need exposes.
func (r *Reach) exposed(n *Need, f Node) Node {
	if n.Edge == Always {
		return f
	}
	return r.diagram.And(r.diagram.Var(n.Edge), f)
}

// own returns the variables that take a part down by itself.
func (g *Graph) own(part int) []int {
	if part < len(g.Own) {
		return g.Own[part]
	}
	return nil
}

// SplitProbabilities turns the shares of exclusive groups of users, together
// at most 1, into the probabilities of the variables of a split: that a user
// is on a member, given on none before it.
func SplitProbabilities(shares []float64) []float64 {
	out := make([]float64, len(shares))
	left := 1.0
	for i, s := range shares {
		if left > 0 {
			out[i] = min(1, s/left)
		}
		left -= s
	}
	return out
}
