package forecast

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"tightrope/internal/availability"
	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// A graph is who needs whom, and the Boolean functions of who is exposed to what.
type graph struct {
	system  *scenario.System
	diagram *structure.Diagram
	exact   []*big.Rat // of each variable of exposure, where it is exactly known

	memory *Memory
}

func newGraph(y *scenario.System, memory *Memory) *graph {
	w := &graph{system: y, diagram: structure.NewDiagram(), exact: make([]*big.Rat, len(y.Exposed)), memory: memory}
	for i, f := range y.Exposed {
		if f.Sure() {
			w.exact[i] = f.Rat()
		}
	}
	return w
}

// A serviceView is what hits the users of one service.
type serviceView struct {
	*scenario.View
	graph *graph
}

func (w *graph) look(root int, felt bool) *serviceView {
	return &serviceView{w.system.View(root, felt), w}
}

// A viewNode is what may be down: a node of a view, or with need ≥ 0 one need of
// it.
type viewNode struct{ node, need int }

// hit returns whether a random user of the root is hit while what down names,
// and nothing else, is down.
func (v *serviceView) hit(down func(viewNode) bool) structure.Node {
	d := v.graph.diagram
	known := map[int]structure.Node{}
	var hit func(int) structure.Node
	hit = func(i int) structure.Node {
		if down(viewNode{i, -1}) {
			return structure.True
		}
		if f, ok := known[i]; ok {
			return f
		}
		f := structure.False
		for k, e := range v.Nodes[i].Needs {
			switch {
			case !down(viewNode{i, k}):
				f = d.Or(f, availability.Unmet(d, e, hit))
			case e.Need.Edge == scenario.Always:
				f = structure.True
			default:
				f = d.Or(f, d.Var(e.Need.Edge))
			}
		}
		known[i] = f
		return f
	}
	return hit(0)
}

// A reach is the share of an entry's users that a source hits.
type reach struct {
	graph *graph
	node  structure.Node
	exact *big.Rat // nil where an edge is unsure
	deps  []int    // params it depends on
	// function is of what is to be computed anew for each theta.
	function *structure.Straight
	// rides tells apart users who do not feel the first part of each incident;
	// nil: all that are hit feel all of it.
	rides []ridden
}

// ridden users feel an incident only after rides: the share of the root's
// users for whom less than that is not enough.
type ridden struct {
	after    scenario.Rides
	node     structure.Node
	function *structure.Straight
}

// part returns the share of the root's users that is hit while a part alone is
// down; nil where that is nobody.
func (v *serviceView) part(part int) *reach {
	var spots []viewNode
	for _, i := range v.Of[part] {
		spots = append(spots, viewNode{i, -1})
	}
	if len(spots) == 1 && v.Nodes[spots[0].node].Certain {
		x := &reach{graph: v.graph, node: structure.True}
		x.find()
		return x
	}
	return v.reach(spots)
}

// rides are what lies between the root and a spot.
func (v *serviceView) rides(s viewNode) scenario.Rides {
	rides := v.Nodes[s.node].Rides
	if s.need >= 0 {
		if r := v.Nodes[s.node].Needs[s.need].Need.Ride; r != nil {
			rides = append(slices.Clone(rides), r)
		}
	}
	return rides
}

// reach returns the share of the root's users that is hit while one thing is
// down that is seen at several spots.
func (v *serviceView) reach(spots []viewNode) *reach {
	d := v.graph.diagram
	spots = slices.Clone(spots)
	slices.SortStableFunc(spots, func(a, b viewNode) int { return cmp.Compare(v.rides(a).Mean(), v.rides(b).Mean()) })
	x := &reach{graph: v.graph}
	before := structure.False
	for n, s := range spots {
		node := v.hit(func(k viewNode) bool { return slices.Contains(spots[:n+1], k) })
		if node == before {
			continue
		}
		x.rides = append(x.rides, ridden{after: v.rides(s), node: d.And(node, d.Not(before))})
		before = node
	}
	x.node = before
	if x.node == structure.False {
		return nil
	}
	if len(x.rides) == 1 && len(x.rides[0].after) == 0 {
		x.rides = nil
	}
	x.find()
	return x
}

// find works out whether the share is exactly known.
func (x *reach) find() {
	w := x.graph
	for i, r := range x.rides {
		x.rides[i].function = w.diagram.Straight(r.node)
	}
	if x.node == structure.True {
		x.exact = scenario.RatOne
		return
	}
	sure := true
	w.diagram.Variables(x.node, func(v int) {
		f := w.system.Exposed[v]
		sure = sure && f.Sure()
		f.Visit(func(p int) { x.deps = append(x.deps, p) })
	})
	if sure {
		x.exact = w.diagram.ExactProbability(x.node, w.exact)
	}
	x.function = w.diagram.Straight(x.node)
}

// value returns the share where the params have the values theta.
func (x *reach) value(theta []float64) float64 {
	if x.exact != nil {
		f, _ := x.exact.Float64()
		return f
	}
	if x.function == nil {
		return 1
	}
	return x.graph.exposed(x.function, theta)
}

// exposed is the probability of a function of exposures.
func (w *graph) exposed(f *structure.Straight, theta []float64) float64 {
	return f.Probability(func(v int) float64 { return min(1, w.system.Exposed[v].Value(theta)) })
}

// given returns, of the users that are hit, the share of each of rides.
func (x *reach) given(theta []float64) []float64 {
	out := make([]float64, len(x.rides))
	total := 0.0
	for i, r := range x.rides {
		out[i] = x.graph.exposed(r.function, theta)
		total += out[i]
	}
	if total > 0 {
		for i := range out {
			out[i] /= total
		}
	}
	return out
}

// singles are the parts that hit users of a service by themselves.
type singles struct{ list []*impactSource }

// up is the chance that no single point of the service is down for a user, with
// unsure inputs at their means.
func (s *singles) up(j *job) float64 {
	theta := j.scenario.Params.Means()
	p := 1.0
	for _, h := range s.list {
		p *= 1 - math.Min(1, j.engine.Down(h.part, j.objectiveName(), nil, theta, false).Q*h.reach.value(theta))
	}
	return p
}
