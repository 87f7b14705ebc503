package crosscheck

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// An enumeration goes through everything that may be so for a random user at a
// random moment: which edges expose the user, and what is down for the user.
// It is exact where all parts are independent and nothing depends on how long
// it has been so, and shares nothing with the player but the program.
type enumeration struct {
	p     *program
	vars  []variable
	own   [][]int // by part: variables of its own
	copy  [][]int // by part: of its copies
	edge  []int
	split []int
	nodes int
	tree  *node
}

// A variable of the enumeration takes one of several values; all but splits
// take 0, or 1 for down or exposed.
type variable struct {
	values int
	chance func(w world, value int) float64
}

// A node asks for a variable; a leaf has none.
type node struct {
	variable int
	next     []*node
	down     bool
}

// Values of Kleene's logic.
type truth int8

const (
	no truth = iota
	unknown
	yes
)

const maxNodes = 300_000

func enumerate(p *program) (*enumeration, error) {
	if len(p.switches)+len(p.rides) > 0 {
		return nil, fmt.Errorf("change-overs and what is ridden out depend on time")
	}
	e := &enumeration{p: p, own: make([][]int, len(p.parts)), copy: make([][]int, len(p.parts))}
	binary := func(chance func(w world) float64) int {
		return e.add(2, func(w world, value int) float64 {
			if x := chance(w); value == 1 {
				return x
			} else {
				return 1 - x
			}
		})
	}
	for _, i := range p.edges {
		e.edge = append(e.edge, binary(func(w world) float64 { return w[i] }))
	}
	for _, shares := range p.splits {
		e.split = append(e.split, e.add(len(shares)+1, func(w world, value int) float64 {
			if value < len(shares) {
				return w[shares[value]]
			}
			rest := 1.0
			for _, s := range shares {
				rest -= w[s]
			}
			return math.Max(rest, 0)
		}))
	}
	for _, em := range p.emitters {
		if em.kind == rhythm {
			return nil, fmt.Errorf("what is per a change is not independent")
		}
		v := binary(em.hit)
		for _, t := range em.targets {
			if t.copy == whole {
				e.own[t.part] = append(e.own[t.part], v)
				continue
			}
			if len(e.copy[t.part]) != t.copy {
				panic("copies in disorder")
			}
			e.copy[t.part] = append(e.copy[t.part], v)
		}
	}
	for i, part := range p.parts {
		if b := part.background; b != none {
			e.own[i] = append(e.own[i], binary(func(w world) float64 { return w.at(b) }))
		}
	}
	state := make([]int8, len(e.vars))
	for i := range state {
		state[i] = -1
	}
	e.tree = e.grow(state)
	if e.nodes > maxNodes {
		return nil, fmt.Errorf("more than %d states", maxNodes)
	}
	return e, nil
}

func (e *enumeration) add(values int, chance func(w world, value int) float64) int {
	e.vars = append(e.vars, variable{values, chance})
	return len(e.vars) - 1
}

// hit is the chance that an emitter hits a user at a moment. Incidents that hit
// the user and overlap are as M/G/∞: 1 − exp(−λ m E[L]); of those that exclude
// each other it is λ m E[L]/(1 + λ E[L]), summed over the causes.
func (em *emitter) hit(w world) float64 {
	rates, makers := em.clock(w, nil, nil)
	area, length := 0.0, 0.0
	for i, r := range rates {
		area += r * makers[i].meanArea(w)
		length += r * makers[i].meanLength(w)
	}
	if em.kind == poisson {
		return -math.Expm1(-area)
	}
	return area / (1 + length)
}

// grow makes the tree of decisions below a state, in which unknown variables
// are −1.
func (e *enumeration) grow(state []int8) *node {
	e.nodes++
	if e.nodes > maxNodes {
		return nil
	}
	asks := -1
	switch e.down(state, &asks) {
	case no:
		return &node{variable: -1}
	case yes:
		return &node{variable: -1, down: true}
	}
	n := &node{variable: asks}
	for v := range e.vars[asks].values {
		state[asks] = int8(v)
		n.next = append(n.next, e.grow(state))
	}
	state[asks] = -1
	return n
}

// down says whether the service is down, and if that is unknown, which variable
// was the first to leave it open.
func (e *enumeration) down(state []int8, asks *int) truth {
	parts := make([]truth, len(e.p.parts))
	open := make([]int, len(e.p.parts))
	value := func(v int, open *int) truth {
		switch state[v] {
		case 0:
			return no
		case 1:
			return yes
		}
		if *open < 0 {
			*open = v
		}
		return unknown
	}
	atLeast := func(xs []truth, least int) truth { // least of them are yes
		sure, maybe := 0, 0
		for _, x := range xs {
			switch x {
			case yes:
				sure++
			case unknown:
				maybe++
			}
		}
		switch {
		case sure >= least:
			return yes
		case sure+maybe >= least:
			return unknown
		}
		return no
	}
	for i, part := range e.p.parts {
		open[i] = -1
		var all []truth
		for _, v := range e.own[i] {
			all = append(all, value(v, &open[i]))
		}
		if len(e.copy[i]) > 0 {
			var copies []truth
			for _, v := range e.copy[i] {
				copies = append(copies, value(v, &open[i]))
			}
			all = append(all, atLeast(copies, part.copies-part.need+1))
		}
		for k := range part.needs {
			n := &part.needs[k]
			exposed, first := yes, -1
			if n.edge != always {
				exposed = value(e.edge[n.edge], &first)
			}
			if exposed == no {
				continue
			}
			var x truth
			if n.split != none {
				switch s := state[e.split[n.split]]; {
				case s < 0:
					x = unknown
					first = e.split[n.split]
				case int(s) < len(n.members):
					x = parts[n.members[s]]
					if x == unknown {
						first = open[n.members[s]]
					}
				}
			} else {
				var members []truth
				for _, m := range n.members {
					members = append(members, parts[m])
					if parts[m] == unknown && first < 0 {
						first = open[m]
					}
				}
				x = atLeast(members, len(members)-n.least+1)
			}
			x = min(x, exposed)
			if x == unknown && open[i] < 0 {
				open[i] = first
			}
			all = append(all, x)
		}
		parts[i] = atLeast(all, 1)
	}
	last := len(parts) - 1
	*asks = open[last]
	return parts[last]
}

// unavailability is the share of time in which a random user is hit, in a world.
func (e *enumeration) unavailability(w world) float64 {
	chances := make([][]float64, len(e.vars))
	for i, v := range e.vars {
		for x := range v.values {
			chances[i] = append(chances[i], v.chance(w, x))
		}
	}
	var walk func(n *node) float64
	walk = func(n *node) float64 {
		if n.variable < 0 {
			if n.down {
				return 1
			}
			return 0
		}
		total := 0.0
		for x, next := range n.next {
			if c := chances[n.variable][x]; c > 0 {
				total += c * walk(next)
			}
		}
		return total
	}
	return walk(e.tree)
}

// mean is the unavailability averaged over worlds, and its standard error.
func (e *enumeration) mean(worlds int, seed uint64) estimate {
	rng := rand.New(rand.NewPCG(seed, 0x656e756d))
	if !e.p.unsure {
		return estimate{e.unavailability(e.p.world(rng, nil)), 0}
	}
	var s sums
	var w world
	for range worlds {
		w = e.p.world(rng, w)
		s.add(e.unavailability(w))
	}
	return s.mean()
}
