package crosscheck

import (
	"fmt"
	"math"
	"strings"
)

// What is hard about structures: each theme adds to the needs of the service,
// over services of its own and such as are there already.

func (g *generator) partialSinglePoint() {
	g.note("partial single point")
	a, b := g.old(anything), g.leaf()
	g.needs(&g.top, fmt.Sprintf("{service: %s, %s}", a.name, g.edge()))
	g.needs(&g.top, g.group([]*draftService{a, b}, 1, g.chance(0.3)))
}

func (g *generator) sharedBelow() {
	g.note("shared below")
	var below string
	if g.chance(0.6) {
		below = g.pair(false).name
	} else {
		below = g.group([]*draftService{g.leaf(), g.old(anything)}, 1, false)
	}
	x, y := g.add("api"), g.add("api")
	for _, s := range []*draftService{x, y} {
		g.needs(s, below)
		if g.chance(0.5) {
			g.own(s, false)
			s.stated = false
		}
	}
	g.needs(&g.top, g.group([]*draftService{x, y}, 1, g.chance(0.3)))
	if !strings.HasPrefix(below, "{") && g.chance(0.5) {
		g.needs(&g.top, below)
	}
}

func (g *generator) twoSwitches() {
	g.note("two switches")
	a := g.old(func(s *draftService) bool { return !s.changes })
	g.needs(&g.top, g.group([]*draftService{a, g.leaf()}, 1, true))
	g.needs(&g.top, g.group([]*draftService{a, g.leaf()}, 1, true))
}

func (g *generator) switchOverPair() {
	g.note("switch over a pair")
	p := g.pair(false)
	if g.chance(0.4) {
		p = g.add("zone")
		g.needs(p, g.group([]*draftService{g.leaf(), g.leaf()}, 1, false))
	}
	g.needs(&g.top, g.group([]*draftService{p, g.old(func(s *draftService) bool { return s != p })}, 1, true))
}

func (g *generator) nested() {
	g.note("nested groups")
	x := g.add("mid")
	inner := g.chance(0.25)
	g.needs(x, g.group([]*draftService{g.leaf(), g.leaf()}, 1, inner))
	if inner {
		g.note("switch behind a group")
		x.changes = true
	}
	g.needs(&g.top, g.group([]*draftService{x, g.old(func(s *draftService) bool { return s != x })}, 1, false))
}

func (g *generator) overlapping() {
	g.note("overlapping groups")
	a, b, c := g.old(anything), g.leaf(), g.leaf()
	if g.chance(0.5) {
		g.needs(&g.top, g.group([]*draftService{a, b, c}, 2, g.chance(0.3)))
	} else {
		g.needs(&g.top, g.group([]*draftService{a, b}, 1, false))
		if g.chance(0.5) {
			g.needs(&g.top, g.group([]*draftService{b, c}, 1, false, g.edge()))
		} else {
			g.needs(&g.top, g.group([]*draftService{a, b, c}, 2, false, g.edge()))
		}
	}
}

// ride writes one of up to half of an outage: how often one goes over into the next
// then matters little.
func (g *generator) ride(members ...*draftService) string {
	return g.rideThat(g.chance(0.25), members...)
}

func (g *generator) rideThat(differs bool, members ...*draftService) string {
	g.rides++
	shortest := math.Inf(1)
	for _, m := range members {
		if m.shortest > 0 {
			shortest = math.Min(shortest, m.shortest)
		}
	}
	most := math.Min(shortest/float64(2*len(members)), 2400)
	if g.lasting && g.chance(0.6) {
		most = math.Min(most, 300) // about as long as a change-over takes
	}
	if differs {
		return "rides_out: " + length(most/8) + ".." + length(most)
	}
	return "rides_out: " + length(g.between(most/10, most))
}

// riddenChange is a part with a change-over that is behind rides of several lengths
// and none: for the service itself and through groups.
func (g *generator) riddenChange() {
	g.note("change-over behind rides")
	var p *draftService
	switch g.rng.IntN(3) {
	case 0, 1:
		p = g.pair(true)
	default: // a group of services
		p = g.add("zone")
		a, b := g.leaf(), g.leaf()
		g.needs(p, g.group([]*draftService{a, b}, 1, true))
		p.changes = true
		p.shortest = math.Min(a.shortest, b.shortest)
	}
	below := p
	if g.chance(0.2) {
		below = g.add("over")
		below.changes, below.shortest = true, p.shortest
		g.needs(below, p.name)
	}
	// The same part once more through a group, or by itself.
	through := func(ride string) {
		more := ""
		if ride != "" {
			more = ", " + ride
		}
		if g.chance(0.25) {
			g.needs(&g.top, fmt.Sprintf("{service: %s, %s%s}", below.name, g.edge(), more))
			return
		}
		x := g.add("mid")
		x.changes = true
		g.needs(x, "{service: "+below.name+more+"}")
		if g.chance(0.4) {
			g.own(x, false)
			x.stated = false
		}
		g.needs(&g.top, g.group([]*draftService{x, g.old(func(s *draftService) bool { return s != p && s != below && s != x })}, 1, false))
	}
	direct := "{service: " + below.name
	if g.chance(0.3) {
		direct += ", " + g.edge()
	}
	switch g.rng.IntN(4) {
	case 0, 1:
		g.needs(&g.top, direct+", "+g.ride(p)+"}")
		through("")
	case 2: // which is the longer one is the same in all outages
		g.needs(&g.top, direct+", "+g.rideThat(false, p)+"}")
		through(g.rideThat(false, p))
	default: // through two groups, one of them behind a ride
		through(g.ride(p))
		through("")
	}
}

func (g *generator) rideOut() {
	g.note("rides out")
	ride := g.ride
	simple := func(s *draftService) bool { return s.shortest > 0 && !s.pair }
	switch g.rng.IntN(4) {
	case 0:
		a := g.old(simple)
		g.needs(&g.top, fmt.Sprintf("{service: %s, %s}", a.name, ride(a)))
	case 1:
		a := g.old(simple)
		g.needs(&g.top, fmt.Sprintf("{service: %s, %s}", a.name, ride(a)))
		g.needs(&g.top, fmt.Sprintf("{service: %s, %s}", a.name, g.edge()))
	case 2: // behind a group
		a := g.old(simple)
		x := g.add("cached")
		x.changes = a.changes
		g.needs(x, fmt.Sprintf("{service: %s, %s}", a.name, ride(a)))
		g.needs(&g.top, g.group([]*draftService{x, g.leaf()}, 1, false))
	default: // a group that is ridden, and one of its members is needed directly
		a, b := g.old(simple), g.leaf()
		g.needs(&g.top, g.group([]*draftService{a, b}, 1, false, ride(a, b)))
		if g.chance(0.5) {
			g.needs(&g.top, fmt.Sprintf("{service: %s, %s}", a.name, g.edge()))
		}
	}
}

func (g *generator) split() {
	g.note("split")
	g.edges++
	a, b := g.old(anything), g.leaf()
	x := 10 + g.rng.IntN(60)
	y := 10 + g.rng.IntN(90-x)
	if a != b {
		g.needs(&g.top, fmt.Sprintf("{split: {%s: %d%%, %s: %d%%}}", a.name, x, b.name, y))
	}
	if g.chance(0.5) {
		g.needs(&g.top, g.group([]*draftService{a, g.leaf()}, 1, false))
	}
}

func (g *generator) commonCause() {
	g.note("common cause")
	var members []*draftService
	for range 2 + g.rng.IntN(2) {
		s := g.add("s")
		g.own(s, true)
		s.common = true
		members = append(members, s)
	}
	g.needs(&g.top, g.group(members, 1+g.rng.IntN(len(members)-1), g.chance(0.2), "common_cause: "+percent(roughly(g.between(0.01, 0.3), 2))))
	if g.chance(0.4) {
		g.needs(&g.top, fmt.Sprintf("{service: %s, %s}", members[0].name, g.edge()))
	}
}

func (g *generator) pairsInGroup() {
	g.note("pairs in a group")
	change := g.chance(0.3)
	p := g.pair(change)
	if change {
		g.note("switch behind a group")
	}
	g.needs(&g.top, g.group([]*draftService{p, g.old(func(s *draftService) bool { return s != p })}, 1, false))
}

func (g *generator) singlePoint() {
	s := g.old(anything)
	if g.chance(0.6) {
		g.needs(&g.top, fmt.Sprintf("{service: %s, %s}", s.name, g.edge()))
		return
	}
	g.needs(&g.top, s.name)
}
