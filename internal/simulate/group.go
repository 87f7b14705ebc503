package simulate

import (
	"slices"

	"tightrope/internal/scenario"
)

// A group is members some of which can be spared, as one lens sees it, for a log:
// it is down while no user who has all of them is served.
type group struct {
	need    *scenario.Need
	nodes   []groupNode
	members []int // nodes
}

type groupKey struct {
	need *scenario.Need
	lens int
}

// A groupNode is a part below the group; those that it needs come before it.
type groupNode struct {
	impactSource int // −1: nothing hits it by itself
	behind       int // index of its rides at the source, −1 for none
	needs        []groupNeed
}

type groupNeed struct {
	members []int
	down    int
}

// group adds a group, if anything can take a member down.
func (w *world) group(n *scenario.Need, lens int) {
	key := groupKey{n, lens}
	if w.groupAt[key] {
		return
	}
	w.groupAt[key] = true
	v := w.system.Below(n, w.lenses[lens].felt)
	g := &group{need: n}
	at := make([]int, len(v.Nodes))
	for i := range at {
		at[i] = -1
	}
	below := map[int]bool{}
	var add func(i int) int
	add = func(i int) int {
		if at[i] >= 0 {
			return at[i]
		}
		node := &v.Nodes[i]
		x := groupNode{impactSource: w.impactSource(node.Part, lens), behind: -1}
		for _, e := range node.Needs {
			need := groupNeed{down: enough(e.Need)}
			for _, m := range e.Members {
				need.members = append(need.members, add(m))
			}
			x.needs = append(x.needs, need)
		}
		if x.impactSource >= 0 {
			x.behind = w.behind(w.impactSources[x.impactSource], node.Rides)
			below[x.impactSource] = true
		}
		g.nodes = append(g.nodes, x)
		at[i] = len(g.nodes) - 1
		return at[i]
	}
	for _, m := range v.Nodes[0].Needs[0].Members {
		g.members = append(g.members, add(m))
	}
	if len(below) > 0 {
		k := len(w.groups)
		w.groups = append(w.groups, g)
		for t := range w.impactSources {
			if below[t] {
				w.impactSources[t].groups = append(w.impactSources[t].groups, k)
			}
		}
	}
}

// switchKey is the key of a switch, told apart from others between the same
// members.
func (w *world) switchKey(n *scenario.Need) uint64 {
	k := slices.Index(w.switches[n.Title], n)
	if k < 0 {
		k = len(w.switches[n.Title])
		w.switches[n.Title] = append(w.switches[n.Title], n)
	}
	return under(keyOf(w.seed, "switch", n.Title), uint64(k))
}
