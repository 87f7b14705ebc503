package availability

import (
	"math"
	"slices"
)

// A napkin multiplies availabilities bottom up, as if nothing were shared.
type napkin struct {
	b    *question
	own  []float64 // by part: how available it is by itself
	mean *state
	// known is what is known of each part, unknown where it is not yet.
	known []float64
}

// unknown availability.
const unknown = -1

func (b *question) napkin(mean *state) *napkin {
	n := &napkin{b: b, mean: mean, own: make([]float64, len(b.engine.system.Parts)), known: make([]float64, len(b.engine.system.Parts))}
	for i := range n.own {
		n.own[i] = 1
	}
	for _, s := range b.spots {
		var hits []hit
		for _, u := range s.units {
			hits = append(hits, b.unit(u, nil, hitBehind(nil, false))...)
		}
		n.own[s.part] = 1 - s.combine(hits).q
	}
	return n
}

// of returns the napkin's availability of a part, with what is given.
func (n *napkin) of(part int) float64 {
	if a := n.known[part]; a != unknown {
		return a
	}
	a := n.own[part]
	node := &n.b.view.Nodes[n.b.view.Of[part][0]]
	for _, e := range node.Needs {
		met := 1 - n.unmet(e.Need.Members, e.Need.Down, e.Need.Split)
		if v := e.Need.Edge; v >= 0 {
			met = 1 - n.mean.p[v]*(1-met)
		}
		a *= met
	}
	n.known[part] = a
	return a
}

// unmet is the chance that so many members are down, each by itself; of a
// split, that the one is which a user is on.
func (n *napkin) unmet(members []int, down int, split []int) float64 {
	if split != nil {
		sum, none := 0.0, 1.0
		for i, m := range members {
			on := n.mean.p[split[i]]
			sum += none * on * (1 - n.of(m))
			none *= 1 - on
		}
		return sum
	}
	// fewer[k] is the chance that exactly k < down of those so far are down.
	fewer := make([]float64, down)
	fewer[0] = 1
	enough := 0.0
	for _, m := range members {
		q := 1 - n.of(m)
		enough += q * fewer[down-1]
		for k := down - 1; k > 0; k-- {
			fewer[k] = (1-q)*fewer[k] + q*fewer[k-1]
		}
		fewer[0] *= 1 - q
	}
	return enough
}

// root returns the napkin's availability of the root.
func (n *napkin) root() float64 {
	for i := range n.known {
		n.known[i] = unknown
	}
	return math.Min(1, math.Max(0, n.of(n.b.view.Nodes[0].Part)))
}

// given returns the napkin's availability of the root where that of a part is
// given.
func (n *napkin) given(part int, availability float64) float64 {
	for i := range n.known {
		n.known[i] = unknown
	}
	n.known[part] = availability
	return n.of(n.b.view.Nodes[0].Part)
}

// misleads is the share of the time that users are hit by which a napkin must
// be wrong for the cause of it to be told.
const misleads = 0.01

// shared names the part whose being shared makes most of the difference to
// what is true: of those that are needed in more than one way, the one that
// moves the napkin most, in the right direction, when it is taken as down for
// all who need it at once.
func (n *napkin) shared(root, truth float64) string {
	if math.Abs(truth-root) < misleads*(1-truth) {
		return ""
	}
	view := n.b.view
	users := make([][]int, len(n.own)) // by part, the parts that need it
	for i := range view.Nodes {
		for _, e := range view.Nodes[i].Needs {
			for _, m := range e.Members {
				part, user := view.Nodes[m].Part, view.Nodes[i].Part
				if !slices.Contains(users[part], user) {
					users[part] = append(users[part], user)
				}
			}
		}
	}
	n.root()
	alone := slices.Clone(n.known)
	name, most := "", 0.0
	for _, part := range view.Order {
		a := alone[part]
		if len(users[part]) < 2 || a == 1 {
			continue
		}
		together := a*n.given(part, 1) + (1-a)*n.given(part, 0)
		if moved := (together - root) * math.Copysign(1, truth-root); moved > most {
			name, most = n.b.engine.system.Parts[part].Name, moved
		}
	}
	if most < misleads*math.Abs(truth-root) {
		return ""
	}
	return name
}
