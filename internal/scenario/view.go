package scenario

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"tightrope/internal/distribution"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// A View is what one service needs, directly or not, of what counts or of all
// that is felt. A part is in it once for each time that it is ridden out.
type View struct {
	System *System
	Felt   bool     // with what does not count
	Nodes  []Vertex // the root first
	Order  []int    // its parts, in the order in which they are needed
	// Of lists the nodes of a part, those that are ridden out the least first.
	Of map[int][]int
}

// A Vertex is a part as it is seen where the first part of each of its outages
// is not felt.
type Vertex struct {
	Part  int
	Rides Rides // what lies between it and the root
	Needs []Edge
	// Certain: while it is down every user of the root is hit at once, whatever
	// else is up.
	Certain bool
}

// An Edge is a need of a node and the nodes that meet it, in the order of the
// need's members.
type Edge struct {
	Need    *Need
	Members []int
}

// Rides that lie one behind the other: their times add up.
type Rides []*Ride

// Mean returns the mean of their sum, in seconds.
func (r Rides) Mean() float64 {
	sum := 0.0
	for _, x := range r {
		sum += x.Mean()
	}
	return sum
}

// Exactly returns their sum where it is the same for each outage.
func (r Rides) Exactly() (*big.Rat, bool) {
	sum := new(big.Rat)
	for _, x := range r {
		l, ok := Length{Time: x.Time}.Exactly()
		if !ok {
			return nil, false
		}
		sum.Add(sum, l)
	}
	return sum, true
}

// Law returns the law of their sum. Where several of them differ from outage to
// outage, only the longest does in it; the others are at their mean.
func (r Rides) Law() distribution.Law {
	fixed := 0.0
	var longest distribution.Law
	for _, x := range r {
		l := Length{Time: x.Time}.Law(nil)
		if f, ok := l.(distribution.Fixed); ok {
			fixed += float64(f)
			continue
		}
		if longest != nil && longest.Mean() >= l.Mean() {
			fixed += l.Mean()
			continue
		}
		if longest != nil {
			fixed += longest.Mean()
		}
		longest = l
	}
	switch {
	case longest == nil:
		return distribution.Fixed(fixed)
	case fixed == 0:
		return longest
	}
	return distribution.Delayed(longest, fixed)
}

// key tells rides apart; the order in which they are passed does not matter.
func (r Rides) key() string {
	places := make([]string, len(r))
	for i, x := range r {
		places[i] = x.ID.String()
	}
	slices.Sort(places)
	return strings.Join(places, ";")
}

// View returns what a service needs; felt includes what does not count for the
// promise.
func (y *System) View(root int, felt bool) *View {
	v := &View{System: y, Felt: felt, Of: map[int][]int{}}
	b := viewBuilder{v, felt, map[seen]int{}}
	b.visit(root, nil, true)
	v.sort()
	return v
}

func (v *View) sort() {
	for _, list := range v.Of {
		slices.SortStableFunc(list, func(a, b int) int {
			return cmp.Compare(v.Nodes[a].Rides.Mean(), v.Nodes[b].Rides.Mean())
		})
	}
}

// Below returns what meets one need, for the users who are exposed to it and as
// they would feel it without its ride; the root is no part.
func (y *System) Below(n *Need, felt bool) *View {
	v := &View{System: y, Felt: felt, Of: map[int][]int{}}
	b := viewBuilder{v, felt, map[seen]int{}}
	alone := *n
	alone.Edge, alone.Ride = Always, nil
	v.Nodes = []Vertex{{Part: NoPart}}
	e := Edge{Need: &alone}
	for _, m := range alone.Members {
		e.Members = append(e.Members, b.visit(m, nil, alone.Split == nil && alone.Down == 1))
	}
	v.Nodes[0].Needs = []Edge{e}
	v.sort()
	return v
}

// Counts reports whether all needs in the view are part of the promise.
func (v *View) Counts() bool {
	return v.all(func(n *Need) bool { return n.Counts })
}

// Everybody reports whether each need in the view is one of all users alike.
func (v *View) Everybody() bool {
	return v.all(func(n *Need) bool { return n.Edge == Always && n.Split == nil })
}

func (v *View) all(is func(*Need) bool) bool {
	for i := range v.Nodes {
		for _, e := range v.Nodes[i].Needs {
			if !is(e.Need) {
				return false
			}
		}
	}
	return true
}

// Unknown warns of services below the root of which nothing is said.
func (v *View) Unknown() []Warning {
	var out []Warning
	y := v.System
	for _, k := range v.Order {
		p := &y.Parts[k]
		if p.Service < 0 || p.Copy > 0 || p.Service == y.Parts[v.Nodes[0].Part].Service {
			continue
		}
		if s := y.Services[p.Service]; len(p.Summed) == 0 && len(s.Needs) == 0 && len(y.Catalogue.Alone[s.Name]) == 0 {
			out = append(out, Warning{
				Code: NothingKnown, Of: ServiceID(s.Name), Pos: s.Pos,
				Message: message.NothingKnown(s.Name),
			})
		}
	}
	return out
}

// Silent reports whether nothing at or below the root can fail, as far as is
// said.
func (v *View) Silent() bool {
	for _, k := range v.Order {
		if len(v.System.Parts[k].Sources) > 0 {
			return false
		}
	}
	return true
}

// NothingKnown is the code of warnings of what nobody said how it fails.
const NothingKnown = "nothing-known"

// SilentWarning warns of a service that is silent.
func SilentWarning(service string, pos model.Pos) Warning {
	return Warning{Code: NothingKnown, Of: ServiceID(service), Pos: pos, Message: message.Silent(service)}
}

// NoPart is the Part of a root that is none.
const NoPart = -1

type viewBuilder struct {
	*View
	felt  bool
	known map[seen]int
}

// seen is a part behind some rides.
type seen struct {
	part  int
	rides string
}

// visit returns the node of a part, and looks at it once more where it turns
// out to be certain.
func (b *viewBuilder) visit(part int, r Rides, certain bool) int {
	k := seen{part, r.key()}
	i, known := b.known[k]
	if !known {
		i = len(b.Nodes)
		b.known[k] = i
		b.Nodes = append(b.Nodes, Vertex{Part: part, Rides: r})
		if len(b.Of[part]) == 0 {
			b.Order = append(b.Order, part)
		}
		b.Of[part] = append(b.Of[part], i)
	} else if !certain || b.Nodes[i].Certain {
		return i
	}
	b.Nodes[i].Certain = certain
	needs := b.System.Parts[part].Needs
	var edges []Edge
	for n := range needs {
		need := &needs[n]
		if !need.Counts && !b.felt {
			continue
		}
		after := r
		if need.Ride != nil {
			after = append(slices.Clone(r), need.Ride)
		}
		sure := certain && need.Edge == Always && need.Split == nil && need.Down == 1 && need.Ride == nil
		e := Edge{Need: need}
		for _, m := range need.Members {
			e.Members = append(e.Members, b.visit(m, after, sure))
		}
		edges = append(edges, e)
	}
	b.Nodes[i].Needs = edges
	return i
}

// Plain reports whether no need in the view is a group some of whose members
// can be spared.
func (v *View) Plain() bool {
	return v.all(func(n *Need) bool { return !n.Spare })
}
