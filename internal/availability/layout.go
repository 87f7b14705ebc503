package availability

import (
	"cmp"
	"encoding/binary"
	"slices"

	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// A layout numbers what may fail below one root: first the exposures of the
// system, then each part that may fail by itself, once for each ride before it.
type layout struct {
	engine    *Engine
	view      *scenario.View
	objective string
	laws      Laws
	spots     []*spot
	at        map[int]int // by part: its spot
	copies    [][]int     // by spot: those that are alike, itself among them
	of        []element   // by variable: of which element it is
	size      int         // number of variables
	exposed   *structure.Diagram
}

func (e *Engine) newLayout(v *scenario.View, objective string, laws Laws) *layout {
	l := &layout{engine: e, view: v, objective: objective, laws: laws, at: map[int]int{}, size: len(e.system.Exposed), exposed: structure.NewDiagram()}
	for _, part := range v.Order {
		if len(e.units[part]) == 0 {
			continue
		}
		s := &spot{part: part, units: e.units[part]}
		for _, i := range v.Of[part] {
			s.behind = append(s.behind, hitBehind(v.Nodes[i].Rides, false))
			s.at = append(s.at, l.variable())
		}
		l.at[part] = len(l.spots)
		l.spots = append(l.spots, s)
	}
	l.copies = e.alike(l.spots)
	l.of = make([]element, l.size)
	for v := range l.of {
		l.of[v] = element{-1, 0}
	}
	for k, s := range l.spots {
		for n, v := range s.at {
			l.of[v] = element{k, n}
		}
	}
	return l
}

// alike lists for each spot those of copies that are alike, itself among them. Spots
// of copies follow each other.
func (e *Engine) alike(spots []*spot) [][]int {
	out := make([][]int, len(spots))
	parts := e.system.Parts
	for k := 0; k < len(spots); {
		to := k + 1
		for to < len(spots) && len(spots[to].at) == len(spots[k].at) && parts[spots[to].part].Alike(&parts[spots[k].part]) {
			to++
		}
		var class []int
		for ; k < to; k++ {
			class = append(class, k)
		}
		for _, i := range class {
			out[i] = class
		}
	}
	return out
}

// first reports whether a spot is the first of those that are alike.
func (l *layout) first(spot int) bool { return l.copies[spot][0] == spot }

// likeness is the same of sets of elements that differ only in which of some copies
// that are alike they have.
func (l *layout) likeness(elements []element) string {
	key := make([]byte, 0, 8*len(elements))
	for _, x := range elements {
		key = binary.AppendUvarint(binary.AppendUvarint(key, uint64(l.copies[x.spot][0])), uint64(x.level))
	}
	return string(key)
}

// stand returns the first of all sets of elements that are alike, and how many these
// are.
func (l *layout) stand(elements []element) (out []element, times float64) {
	out, times = slices.Clone(elements), 1
	slices.SortStableFunc(out, func(a, b element) int {
		return cmp.Or(cmp.Compare(l.copies[a.spot][0], l.copies[b.spot][0]), cmp.Compare(a.level, b.level))
	})
	taken, same := 0, 0
	for i := range out {
		class := l.copies[out[i].spot]
		if i == 0 || class[0] != l.copies[out[i-1].spot][0] {
			taken, same = 0, 0
		} else if out[i].level != out[i-1].level {
			same = 0
		}
		times *= float64(len(class)-taken) / float64(same+1)
		out[i].spot = class[taken]
		taken, same = taken+1, same+1
	}
	return out, times
}

// variable returns a new one.
func (l *layout) variable() int {
	l.size++
	return l.size - 1
}

// graph returns the layout for the structure engine. Spots that leave names are
// never down by themselves.
func (l *layout) graph(leave func(spot int) bool) *structure.Graph {
	nodes := l.view.Nodes
	g := &structure.Graph{Poll: l.engine.poll, Needs: make([][]structure.Need, len(nodes)), Own: make([][]int, len(nodes))}
	for k, s := range l.spots {
		if leave != nil && leave(k) {
			continue
		}
		for level, i := range l.view.Of[s.part] {
			g.Own[i] = s.at[:level+1]
		}
	}
	for i, node := range nodes {
		for _, e := range node.Needs {
			g.Needs[i] = append(g.Needs[i], structure.Need{Edge: e.Need.Edge, Members: e.Members, Down: e.Need.Down, Split: e.Need.Split})
		}
	}
	return g
}

// An element is a spot that is down behind so many of the rides before it, the
// least ones: level 0 is behind the least.
type element struct{ spot, level int }

// nodes lists the nodes that are down while some elements are.
func (l *layout) nodes(elements []element) []int {
	var out []int
	for _, x := range elements {
		out = append(out, l.view.Of[l.spots[x.spot].part][:x.level+1]...)
	}
	return out
}

// alone returns, as a function of the exposures, whether a random user of a node
// is hit while some nodes and nothing else is down.
func (l *layout) alone(root int, down []int) structure.Node {
	d := l.exposed
	known := map[int]structure.Node{}
	for _, i := range down {
		known[i] = structure.True
	}
	var hit func(int) structure.Node
	hit = func(i int) structure.Node {
		if f, ok := known[i]; ok {
			return f
		}
		f := structure.False
		for _, e := range l.view.Nodes[i].Needs {
			f = d.Or(f, Unmet(d, e, hit))
		}
		known[i] = f
		return f
	}
	return hit(root)
}

// Unmet returns whether a need is not met for a random user, where hit says
// whether one is hit by a member.
func Unmet(d *structure.Diagram, e scenario.Edge, hit func(int) structure.Node) structure.Node {
	f := structure.False
	if e.Need.Split != nil {
		none := structure.True
		for i, m := range e.Members {
			x := d.Var(e.Need.Split[i])
			f = d.Or(f, d.And(d.And(none, x), hit(m)))
			none = d.And(none, d.Not(x))
		}
	} else {
		fs := make([]structure.Node, len(e.Members))
		for i, m := range e.Members {
			fs[i] = hit(m)
		}
		f = d.AtLeast(e.Need.Down, fs)
	}
	if e.Need.Edge == scenario.Always {
		return f
	}
	return d.And(d.Var(e.Need.Edge), f)
}

// minimal returns for whom elements hit a root together, and no part of them
// does.
func (l *layout) minimal(root int, elements []element) structure.Node {
	d := l.exposed
	who := l.alone(root, l.nodes(elements))
	for i := range elements {
		less := slices.Clone(elements)
		if less[i].level > 0 {
			less[i].level--
		} else {
			less = slices.Delete(less, i, i+1)
		}
		who = d.And(who, d.Not(l.alone(root, l.nodes(less))))
	}
	return who
}

// anyone returns which nodes are down for some user while some nodes are, and
// some need, and nothing else.
func (l *layout) anyone(down []int, broken *scenario.Need) []bool {
	known := map[int]bool{}
	for _, i := range down {
		known[i] = true
	}
	var hit func(int) bool
	hit = func(i int) bool {
		if f, ok := known[i]; ok {
			return f
		}
		f := false
		for _, e := range l.view.Nodes[i].Needs {
			f = f || e.Need == broken && broken != nil || l.unmetForAny(e, hit)
		}
		known[i] = f
		return f
	}
	out := make([]bool, len(l.view.Nodes))
	for i := range out {
		out[i] = hit(i)
	}
	return out
}

func (l *layout) unmetForAny(e scenario.Edge, hit func(int) bool) bool {
	n := 0
	for _, m := range e.Members {
		if hit(m) {
			n++
		}
	}
	return n >= forAny(e.Need)
}

// elements reads a set of variables as what is down in it, exposures left out.
func (l *layout) elements(variables []int) []element {
	var out []element
	for _, v := range variables {
		if v >= len(l.of) || l.of[v].spot < 0 {
			continue
		}
		x := l.of[v]
		if k := slices.IndexFunc(out, func(o element) bool { return o.spot == x.spot }); k >= 0 {
			out[k].level = max(out[k].level, x.level)
			continue
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b element) int { return cmp.Compare(a.spot, b.spot) })
	return out
}

// chances returns how likely each variable is where the params have the values
// theta, and how often a second it begins to be true, of a random user. With
// even it is so of errors that are always there, and nothing else.
func (l *layout) chances(theta []float64, even bool) (p, often []float64) {
	p, often = make([]float64, l.size), make([]float64, l.size)
	for v, f := range l.engine.system.Exposed {
		p[v] = min(1, f.Value(theta))
	}
	for n, s := range l.spots {
		if !l.first(n) {
			for k, v := range l.spots[l.copies[n][0]].at {
				p[s.at[k]], often[s.at[k]] = p[v], often[v]
			}
			continue
		}
		before := hit{q: 1}
		for k, i := range l.view.Of[s.part] {
			c := l.engine.Down(s.part, l.objective, l.view.Nodes[i].Rides, theta, false)
			h := hit{c.Q, c.Frequency}
			if even {
				h = hit{q: c.Even}
			}
			if v := s.at[k]; before.q > 0 {
				p[v] = min(1, h.q/before.q)
				often[v] = (h.often - before.often*p[v]) / before.q
			}
			before = h
		}
	}
	return p, often
}
