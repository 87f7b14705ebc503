package availability

import (
	"math"
	"slices"

	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// A changeOver is the switch of a group, as the users of one service meet it.
// Each time that a member goes down and the group survives, all of the group's
// users wait for the switch; where it does not work, they wait until the
// incident is over. What it adds to an outage of the group is left out, and
// what two of its members do at once is taken as independent of how long they
// are down: both are small, of the order of the group's own outages.
type changeOver struct {
	need  *scenario.Need
	rides []scenario.Rides // before it, the least first
	at    []int            // its variable behind each of rides
	// below is what may take members down, for any user of the group.
	below  []*spot
	copies [][]int     // by index in below: those that are alike, itself among them
	lost   [][]measure // of each of below, behind each of rides
	// survives returns for each of below the chance that a member goes down
	// with it and the group does not, where each of below is down with chance
	// q.
	survives func(q []float64) []float64
}

func (e *Engine) addSwitches(n *network) error {
	for _, part := range n.view.Order {
		of := n.view.Of[part]
		for _, edge := range n.view.Nodes[of[0]].Needs {
			if edge.Need.Switch == nil {
				continue
			}
			w := &changeOver{need: edge.Need}
			for _, i := range of {
				rides := n.view.Nodes[i].Rides
				if r := edge.Need.Ride; r != nil {
					rides = append(slices.Clone(rides), r)
				}
				w.rides = append(w.rides, rides)
				w.at = append(w.at, n.variable())
			}
			// What hits every user anyway has nobody wait for the switch.
			certain := func(part int) bool {
				for _, i := range n.view.Of[part] {
					if x := &n.view.Nodes[i]; x.Certain && len(x.Rides) == 0 {
						return true
					}
				}
				return false
			}
			if err := e.lookBelow(w, false, certain); err != nil {
				return err
			}
			n.switches = append(n.switches, w)
		}
	}
	return nil
}

// mostTogether bounds how many things below a group are looked at together:
// beyond that they are taken as taking members down apart from one another.
const mostTogether = 40

func (e *Engine) lookBelow(w *changeOver, felt bool, skip func(part int) bool) error {
	v := e.system.Below(w.need, felt)
	own := make([]int, len(v.Nodes)) // by node: its index in below, or −1
	for i := range own {
		own[i] = -1
	}
	for _, part := range v.Order {
		if len(e.units[part]) == 0 || skip(part) {
			continue
		}
		for _, i := range v.Of[part] {
			own[i] = len(w.below)
		}
		first := v.Nodes[v.Of[part][0]].Rides
		w.below = append(w.below, &spot{part: part, units: e.units[part], behind: []measure{hitBehind(first, true)}})
		var lost []measure
		for _, rides := range w.rides {
			lost = append(lost, lostBehind(first, rides))
		}
		w.lost = append(w.lost, lost)
	}
	w.copies = e.alike(w.below)
	if len(w.below) <= mostTogether {
		w.survives = together(v, own, len(w.below))
		return nil
	}
	var err error
	w.survives, err = e.separately(v, own, len(w.below))
	return err
}

// together tells exactly: one thing that takes several members down makes the
// group change over once.
func together(v *scenario.View, own []int, count int) func(q []float64) []float64 {
	d := structure.NewDiagram()
	chances := make([]structure.Node, count)
	for x := range chances {
		before, _ := states(d, v, own, x, structure.False)
		after, group := states(d, v, own, x, structure.True)
		falls := structure.False
		for i := range after {
			falls = d.Or(falls, d.And(after[i], d.Not(before[i])))
		}
		chances[x] = d.And(falls, d.Not(group))
	}
	return func(q []float64) []float64 {
		out := make([]float64, count)
		for x, f := range chances {
			out[x] = d.Probability(f, q)
		}
		return out
	}
}

// states returns when the members of a group are down for any user, and when
// the group is, while thing x is down or not.
func states(d *structure.Diagram, v *scenario.View, own []int, x int, value structure.Node) (members []structure.Node, group structure.Node) {
	known := map[int]structure.Node{}
	var down func(int) structure.Node
	down = func(i int) structure.Node {
		if f, ok := known[i]; ok {
			return f
		}
		f := structure.False
		switch {
		case own[i] == x:
			f = value
		case own[i] >= 0:
			f = d.Var(own[i])
		}
		for _, e := range v.Nodes[i].Needs {
			fs := make([]structure.Node, len(e.Members))
			for k, m := range e.Members {
				fs[k] = down(m)
			}
			f = d.Or(f, d.AtLeast(forAny(e.Need), fs))
		}
		known[i] = f
		return f
	}
	group = down(0)
	for _, m := range v.Nodes[0].Needs[0].Members {
		members = append(members, down(m))
	}
	return members, group
}

// forAny is how many members must be down for any user to feel it.
func forAny(n *scenario.Need) int {
	if n.Split != nil {
		return 1
	}
	return n.Down
}

// separately is together for things that take members down apart from one another:
// the chance that one decides for a member, less that it decides for the group.
func (e *Engine) separately(v *scenario.View, own []int, count int) (func(q []float64) []float64, error) {
	g := &structure.Graph{Poll: e.poll, Needs: make([][]structure.Need, len(v.Nodes)), Own: make([][]int, len(v.Nodes))}
	for i, node := range v.Nodes {
		if own[i] >= 0 {
			g.Own[i] = []int{own[i]}
		}
		for _, edge := range node.Needs {
			g.Needs[i] = append(g.Needs[i], structure.Need{Edge: structure.Always, Members: edge.Members, Down: forAny(edge.Need)})
		}
	}
	solve := func(i int) (*structure.Function, error) { return structure.Solve(g, i, 0) }
	group, err := solve(0)
	if err != nil {
		return nil, err
	}
	var members []*structure.Function
	var alone []int // of those that are down with one thing, and no other
	for _, m := range v.Nodes[0].Needs[0].Members {
		if own[m] >= 0 && len(v.Nodes[m].Needs) == 0 {
			alone = append(alone, own[m])
			continue
		}
		f, err := solve(m)
		if err != nil {
			return nil, err
		}
		members = append(members, f)
	}
	return func(q []float64) []float64 {
		out := make([]float64, count)
		for _, x := range alone {
			out[x]++
		}
		for _, f := range members {
			_, slope := f.Gradient(q)
			for x, s := range slope {
				out[x] += s
			}
		}
		_, slope := group.Gradient(q)
		for x, s := range slope {
			out[x] = math.Max(0, math.Min(1, out[x])-s)
		}
		return out
	}, nil
}

// switching returns the chance that a random user waits for a switch behind
// each of its rides, and how often that begins; theta as of question.state.
func (w *changeOver) switching(b *question, theta []float64) []hit {
	at := theta
	if at == nil {
		at = b.engine.meanParams
	}
	down := make([]float64, len(w.below))
	whole := make([][]hit, len(w.below))
	for x, s := range w.below {
		if first := w.copies[x][0]; first != x {
			whole[x], down[x] = whole[first], down[first]
			continue
		}
		for _, u := range s.units {
			hits := b.unit(u, theta, s.behind[0])
			whole[x] = append(whole[x], hits...)
		}
		down[x] = s.combine(whole[x]).q
	}
	survives := w.survives(down)
	works := w.need.Switch.Works.Value(at)
	var out []hit
	for l, rides := range w.rides {
		wait := past(w.need.Switch.Takes.Law(at), 0, rides)
		load, begins := 0.0, 0.0
		for x, s := range w.below {
			if w.copies[x][0] != x {
				continue
			}
			k := 0
			for _, u := range s.units {
				lost := b.unit(u, theta, w.lost[x][l])
				for i := range u.causes {
					h := whole[x][k]
					// It begins while the rest of the part is up, in any of those that are alike.
					chance := float64(len(w.copies[x])) * survives[x] * s.upBut(whole[x], u)
					load += chance * (works*h.often*wait.felt + (1-works)*lost[i].q)
					begins += chance * (works*h.often*wait.chance + (1-works)*lost[i].often)
					k++
				}
			}
		}
		out = append(out, hit{-math.Expm1(-load), begins * math.Exp(-load)})
	}
	return out
}
