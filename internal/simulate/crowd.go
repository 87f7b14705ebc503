package simulate

import (
	"slices"

	"tightrope/internal/scenario"
)

// A crowd is how the users of one service are told apart where what they feel
// hangs on what was before: a user behind a ride feels an outage that has lasted,
// and one who waits for a switch waits because a member failed for that user. It
// does not change.
type crowd struct {
	nodes    []crowdNode // those that a node needs before it
	root     int
	vars     []int // exposures, as the variables of the view
	switches []crowdSwitch
	rides    []crowdRide
	slots    int   // of members that a switch may have failed for
	parts    []int // that are looked at: not those that hit every user of theirs at once
	index    map[int]int
}

// A crowdNode is a part, as it is seen behind some rides.
type crowdNode struct {
	part  int // index in parts, −1: nothing hits it by itself
	needs []crowdNeed
}

type crowdNeed struct {
	edge    int // index in vars, or −1
	members []int
	split   []int // by member, index in vars
	down    int
	ride    int // −1: none
	change  int // its switch, −1: none
}

type crowdSwitch struct {
	need  *scenario.Need
	key   uint64
	takes lengthOf
	works number
	below []int // parts
	slot  int   // of its first member
}

type crowdRide struct {
	key   uint64
	law   law
	below []int
}

// newCrowd returns the crowd of a view; nil where the present says all.
func (w *world) newCrowd(v *scenario.View, lens int, certain func(part int) bool) *crowd {
	needed, everybody := false, v.Everybody()
	for i := range v.Nodes {
		for _, e := range v.Nodes[i].Needs {
			// Whom a group hits that has members who are enough for others hangs on
			// the user too.
			needed = needed || e.Need.Switch != nil || e.Need.Ride != nil || e.Need.Spare && !everybody
		}
	}
	if !needed {
		return nil
	}
	c := &crowd{index: map[int]int{}}
	vars := map[int]int{}
	variable := func(v int) int {
		if v == scenario.Always {
			return -1
		}
		k, ok := vars[v]
		if !ok {
			k = len(c.vars)
			vars[v] = k
			c.vars = append(c.vars, v)
		}
		return k
	}
	at := make([]int, len(v.Nodes))
	for i := range at {
		at[i] = -1
	}
	var below [][]int // by node
	var add func(i int) int
	add = func(i int) int {
		if at[i] >= 0 {
			return at[i]
		}
		node := &v.Nodes[i]
		x := crowdNode{part: -1}
		var under []int
		if w.impactSource(node.Part, lens) >= 0 && !certain(node.Part) {
			k, ok := c.index[node.Part]
			if !ok {
				k = len(c.parts)
				c.index[node.Part] = k
				c.parts = append(c.parts, node.Part)
			}
			x.part = k
			under = append(under, node.Part)
		}
		for _, e := range node.Needs {
			n := crowdNeed{edge: variable(e.Need.Edge), down: enough(e.Need), ride: -1, change: -1}
			var parts []int
			for _, m := range e.Members {
				k := add(m)
				n.members = append(n.members, k)
				parts = append(parts, below[k]...)
			}
			slices.Sort(parts)
			parts = slices.Compact(parts)
			for _, v := range e.Need.Split {
				n.split = append(n.split, variable(v))
			}
			if len(parts) == 0 {
				continue
			}
			if e.Need.Switch != nil {
				n.change = len(c.switches)
				c.switches = append(c.switches, crowdSwitch{
					need: e.Need, key: w.switchKey(e.Need), takes: newLength(e.Need.Switch.Takes), works: numberOf(e.Need.Switch.Works),
					below: parts, slot: c.slots,
				})
				c.slots += len(n.members)
			}
			if r := e.Need.Ride; r != nil {
				n.ride = len(c.rides)
				c.rides = append(c.rides, crowdRide{w.rideKey(r), lawOf(scenario.Length{Time: r.Time}.Law(nil)), parts})
			}
			x.needs = append(x.needs, n)
			under = append(under, parts...)
		}
		slices.Sort(under)
		at[i] = len(c.nodes)
		c.nodes = append(c.nodes, x)
		below = append(below, slices.Compact(under))
		return at[i]
	}
	c.root = add(0)
	if len(c.parts) == 0 {
		return nil
	}
	return c
}

// remembers reports whether it matters when its members went down.
func (n *crowdNeed) remembers() bool { return n.ride >= 0 || n.change >= 0 }
