package availability

import (
	"slices"

	"tightrope/internal/scenario"
	"tightrope/internal/structure"
	"tightrope/internal/work"
)

// A network is what hits users of one service, as a function of what may fail.
// Its variables are the exposures of the system, then each part that may fail
// by itself, once for each ride before it, and the switches.
type network struct {
	engine   *Engine
	view     *scenario.View
	spots    []*spot
	copies   [][]int // by spot: those that are alike, itself among them
	switches []*changeOver
	size     int // number of variables
	user     *structure.Function
	needed   []bool // by variable: user depends on it
}

// A spot is a part that may fail by itself, where users meet it.
type spot struct {
	part   int
	units  []*unit
	behind []measure // its hits behind rides, the least first
	at     []int     // its variable behind each; down behind one means down behind those before it
}

// solved is a network, or why there is none.
type solved struct {
	*network
	err error
}

// mostNetworks bounds how many networks are kept.
const mostNetworks = 128

type networkKey struct {
	root      int
	switching bool
}

// network returns the network of a service, with the switches of its groups or
// as if they took no time and always worked; the error is a *structure.TooLarge.
func (e *Engine) network(root int, switching bool) (*network, error) {
	once := e.networks.get(networkKey{root, switching}, func() func() solved {
		var once work.Once[solved]
		return func() solved {
			return once.Get(func() solved {
				n, err := e.newNetwork(root, switching)
				return solved{n, err}
			})
		}
	})
	s := once()
	return s.network, s.err
}

func (e *Engine) newNetwork(root int, switching bool) (*network, error) {
	n := &network{engine: e, view: e.system.View(root, false), size: len(e.system.Exposed)}
	for _, part := range n.view.Order {
		if len(e.units[part]) == 0 {
			continue
		}
		s := &spot{part: part, units: e.units[part]}
		for _, i := range n.view.Of[part] {
			s.behind = append(s.behind, hitBehind(n.view.Nodes[i].Rides, false))
			s.at = append(s.at, n.variable())
		}
		n.spots = append(n.spots, s)
	}
	n.copies = e.alike(n.spots)
	if switching {
		if err := e.addSwitches(n); err != nil {
			return nil, err
		}
	}
	var err error
	if n.user, err = structure.Solve(n.graph(nil), 0, 0); err != nil {
		return nil, err
	}
	n.needed = make([]bool, n.size)
	for _, v := range n.user.Depends() {
		n.needed[v] = true
	}
	return n, nil
}

// variable returns a new one.
func (n *network) variable() int {
	n.size++
	return n.size - 1
}

// graph returns the network for the structure engine. The nodes of the view
// that are named in own are down with those variables, and with nothing else.
func (n *network) graph(own map[int][]int) *structure.Graph {
	nodes := n.view.Nodes
	g := &structure.Graph{Poll: n.engine.poll, Needs: make([][]structure.Need, len(nodes)), Own: make([][]int, len(nodes))}
	for _, s := range n.spots {
		for k, i := range n.view.Of[s.part] {
			g.Own[i] = s.at[:k+1]
		}
	}
	for i, node := range nodes {
		if own[i] != nil {
			g.Own[i] = own[i]
			continue
		}
		for _, e := range node.Needs {
			g.Needs[i] = append(g.Needs[i], structure.Need{Edge: e.Need.Edge, Members: e.Members, Down: e.Need.Down, Split: e.Need.Split})
			if w := n.switchOf(e.Need); w != nil {
				// The switch alone makes the need unmet.
				level := slices.Index(n.view.Of[node.Part], i)
				g.Needs[i] = append(g.Needs[i], structure.Need{Edge: e.Need.Edge, Members: []int{len(g.Own)}, Down: 1})
				g.Needs = append(g.Needs, nil)
				g.Own = append(g.Own, w.at[:level+1])
			}
		}
	}
	return g
}

func (n *network) switchOf(need *scenario.Need) *changeOver {
	for _, w := range n.switches {
		if w.need == need {
			return w
		}
	}
	return nil
}
