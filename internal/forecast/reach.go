package forecast

import (
	"math/big"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// A web is who needs whom, with what counts for the promise and what users
// feel as two graphs over the same services.
type web struct {
	model   *model.Model
	number  map[string]int
	counts  *structure.Graph
	felt    *structure.Graph
	diagram *structure.Diagram
	// By variable of the diagram: the share of users that an edge exposes.
	exposed []scenario.Factor
	exact   []*big.Rat // the same, where it is exactly known
}

func newWeb(sc *scenario.Scenario) *web {
	m := sc.Model
	w := &web{
		model: m, number: map[string]int{}, diagram: structure.NewDiagram(),
		counts: &structure.Graph{Needs: make([][]structure.Need, len(m.Services))},
		felt:   &structure.Graph{Needs: make([][]structure.Need, len(m.Services))},
	}
	for i, s := range m.Services {
		w.number[s.Name] = i
	}
	for i, s := range m.Services {
		for _, n := range s.Needs {
			need := w.need(sc, s, n)
			w.felt.Needs[i] = append(w.felt.Needs[i], need)
			if n.Counts {
				w.counts.Needs[i] = append(w.counts.Needs[i], need)
			}
		}
	}
	w.exact = make([]*big.Rat, len(w.exposed))
	for i, f := range w.exposed {
		if f.Sure() {
			w.exact[i] = f.Rat()
		}
	}
	return w
}

func (w *web) need(sc *scenario.Scenario, s *model.Service, n *model.Need) structure.Need {
	out := structure.Need{Edge: structure.Always}
	seen := map[int]bool{}
	for _, m := range n.Members {
		// A provider named twice counts once.
		if k := w.number[m.Name]; !seen[k] {
			seen[k] = true
			out.Members = append(out.Members, k)
		}
	}
	switch n.Kind {
	case model.NeedOne:
		out.Down = 1
	case model.NeedAny:
		out.Down = len(out.Members)
	case model.NeedAtLeast:
		out.Down = max(1, len(out.Members)-n.AtLeast+1)
	case model.NeedSplit:
		left := new(big.Rat).Set(scenario.RatOne)
		for i := range n.Members {
			share := scenario.RatOr0(n.Members[i].Share.Exact)
			given := new(big.Rat)
			if left.Sign() > 0 {
				given.Quo(share, left)
			}
			left.Sub(left, share)
			out.Split = append(out.Split, len(w.exposed))
			w.exposed = append(w.exposed, scenario.Exactly(given))
		}
	}
	f := sc.Edge(s, n)
	if f.Sure() && f.Rat().Cmp(scenario.RatOne) > 0 {
		f = scenario.One // no more than all users
	}
	if !f.Sure() || f.Rat().Cmp(scenario.RatOne) != 0 {
		out.Edge = len(w.exposed)
		w.exposed = append(w.exposed, f)
	}
	return out
}

// A reach is the share of an entry's users that a source on a service hits.
type reach struct {
	web   *web
	node  structure.Node
	exact *big.Rat // nil where an edge is unsure
	deps  []int    // params it depends on
}

// reach returns, for each service at or below a root, the share of the root's
// users that is hit while it alone is down; services that hit nobody alone are
// left out.
func (w *web) reach(g *structure.Graph, root string) (services []int, reaches map[int]*reach) {
	r := structure.NewReach(g, w.diagram, w.number[root])
	reaches = map[int]*reach{}
	for _, part := range r.Parts() {
		node := r.Hit(part)
		if node == structure.False {
			continue
		}
		x := &reach{web: w, node: node}
		services = append(services, part)
		reaches[part] = x
		if node == structure.True {
			x.exact = scenario.RatOne
			continue
		}
		sure := true
		w.diagram.Variables(node, func(v int) {
			sure = sure && w.exposed[v].Sure()
			w.exposed[v].Visit(func(p int) { x.deps = append(x.deps, p) })
		})
		if sure {
			x.exact = w.diagram.ExactProbability(node, w.exact)
		}
	}
	return services, reaches
}

// value returns the share where the params have the values theta.
func (r *reach) value(theta []float64) float64 {
	if r.exact != nil {
		f, _ := r.exact.Float64()
		return f
	}
	p := make([]float64, len(r.web.exposed))
	r.web.diagram.Variables(r.node, func(v int) { p[v] = min(1, r.web.exposed[v].Value(theta)) })
	return r.web.diagram.Probability(r.node, p)
}
