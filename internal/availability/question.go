package availability

import (
	"math"
	"slices"
	"strconv"

	"tightrope/internal/scenario"
)

// A question is a network as one objective sees it.
type question struct {
	*network
	engine    *Engine
	objective string
	// shared lists the unsure inputs on which several of the things that may
	// fail depend: given these, they are independent.
	shared   []int
	isShared []bool // by param
	inputs   map[*unit]*inputs
	known    map[hitsKey][]hit // for what shared inputs were so far
}

// inputs are the unsure inputs of a unit: those that it shares with others, and
// its own.
type inputs struct{ all, shared, own []int }

type hitsKey struct {
	unit            *unit
	measure, values string
}

func (e *Engine) ask(n *network, objective string) *question {
	b := &question{network: n, engine: e, objective: objective, isShared: make([]bool, len(e.params.List)), inputs: map[*unit]*inputs{}, known: map[hitsKey][]hit{}}
	uses := make([]int, len(e.params.List))
	use := func(params []int) {
		for _, p := range params {
			uses[p]++
		}
	}
	for _, s := range n.spots {
		if !n.needed[s.at[0]] {
			continue
		}
		for _, u := range s.units {
			use(u.params(objective))
		}
	}
	for v, f := range e.system.Exposed {
		if n.needed[v] {
			use(factorParams(f))
		}
	}
	for _, w := range n.switches {
		use(factorParams(w.need.Switch.Works))
	}
	for p, n := range uses {
		if n > 1 {
			b.shared = append(b.shared, p)
			b.isShared[p] = true
		}
	}
	return b
}

func factorParams(f scenario.Factor) []int {
	var out []int
	f.Visit(adder(&out))
	return out
}

// params lists the unsure inputs that matter for an objective.
func (u *unit) params(objective string) []int {
	var out []int
	add := adder(&out)
	for _, c := range u.causes {
		for _, p := range c.params(objective) {
			add(p)
		}
	}
	return out
}

// A state is how likely each variable is, and how often it begins to be true,
// where the shared inputs are known.
type state struct {
	p, often []float64
	hits     [][][]hit // by spot, level and source
}

// state returns how things are where the shared inputs have the values theta,
// averaged over all others. A nil theta averages over the shared ones too.
func (b *question) state(theta []float64) *state {
	st := &state{p: make([]float64, b.size), often: make([]float64, b.size), hits: make([][][]hit, len(b.spots))}
	for v, f := range b.engine.system.Exposed {
		st.p[v] = b.exposed(f, theta)
	}
	for k, s := range b.spots {
		if first := b.copies[k][0]; first != k {
			st.hits[k] = st.hits[first]
			for l, v := range b.spots[first].at {
				st.p[s.at[l]], st.often[s.at[l]] = st.p[v], st.often[v]
			}
			continue
		}
		levels := make([]hit, len(s.behind))
		for l, m := range s.behind {
			var hits []hit
			for _, u := range s.units {
				hits = append(hits, b.unit(u, theta, m)...)
			}
			st.hits[k] = append(st.hits[k], hits)
			levels[l] = s.combine(hits)
		}
		st.set(s.at, levels)
	}
	for _, w := range b.switches {
		st.set(w.at, w.switching(b, theta))
	}
	return st
}

// set gives the variables of one thing behind rides that grow their
// probabilities: each that of being down behind it, given down behind the one
// before it.
func (st *state) set(at []int, levels []hit) {
	before := hit{q: 1}
	for l, h := range levels {
		v := at[l]
		st.p[v], st.often[v] = 0, 0
		if before.q > 0 {
			st.p[v] = math.Min(1, h.q/before.q)
			st.often[v] = (h.often - before.often*st.p[v]) / before.q
		}
		before = h
	}
}

// combine returns the hit of a part from those of its sources, unit by unit.
func (s *spot) combine(hits []hit) hit {
	var out hit
	up := 1.0
	s.each(hits, func(_ *unit, h hit) {
		out.often = out.often*(1-h.q) + up*h.often
		out.q += up * h.q
		up *= 1 - h.q
	})
	return out
}

// upBut returns the chance that no unit of a part but one is at work.
func (s *spot) upBut(hits []hit, but *unit) float64 {
	up := 1.0
	s.each(hits, func(u *unit, h hit) {
		if u != but {
			up *= 1 - h.q
		}
	})
	return up
}

// each calls do with the hit of each unit.
func (s *spot) each(hits []hit, do func(*unit, hit)) {
	for _, u := range s.units {
		var sum hit
		for _, h := range hits[:len(u.causes)] {
			sum.q += h.q
			sum.often += h.often
		}
		hits = hits[len(u.causes):]
		do(u, hit{math.Min(1, sum.q), sum.often})
	}
}

// exposed returns the share of users that a variable exposes.
func (b *question) exposed(f scenario.Factor, theta []float64) float64 {
	own := b.own(factorParams(f), theta)
	return b.engine.average(own, theta, func(theta []float64) []hit {
		return []hit{{q: math.Min(1, f.Value(theta))}}
	})[0].q
}

// own lists those of some params that are to be averaged over.
func (b *question) own(params []int, theta []float64) []int {
	if theta == nil {
		return params
	}
	return slices.DeleteFunc(slices.Clone(params), func(p int) bool { return b.isShared[p] })
}

// A measure is what is asked of a unit.
type measure struct {
	rides scenario.Rides
	whole bool
	// With isLost it is the rate of time lost behind the rides lost, after
	// those that make a member go down, rather than the hits.
	lost   scenario.Rides
	isLost bool
	key    string // tells measures apart
}

// hitBehind asks for the hits behind rides, of a random user or of any.
func hitBehind(rides scenario.Rides, whole bool) measure {
	return measure{rides: rides, whole: whole, key: strconv.FormatBool(whole) + ridesKey(rides)}
}

// lostBehind asks for the time lost behind rides after others.
func lostBehind(rides, lost scenario.Rides) measure {
	return measure{rides: rides, whole: true, lost: lost, isLost: true, key: "lost " + ridesKey(rides) + "after " + ridesKey(lost)}
}

type meanKey struct {
	unit      *unit
	objective string
	measure   string
}

// unit returns the hits of a unit's sources, averaged over what is not shared;
// over everything where theta is nil.
func (b *question) unit(u *unit, theta []float64, m measure) []hit {
	in := b.inputs[u]
	if in == nil {
		in = &inputs{all: u.params(b.objective)}
		for _, p := range in.all {
			if b.isShared[p] {
				in.shared = append(in.shared, p)
			} else {
				in.own = append(in.own, p)
			}
		}
		b.inputs[u] = in
	}
	if theta == nil || len(in.shared) == 0 {
		return b.engine.unitMeans.get(meanKey{u, b.objective, m.key}, func() []hit {
			return b.engine.average(in.all, nil, func(theta []float64) []hit { return u.measure(b.objective, theta, m) })
		})
	}
	key := hitsKey{u, m.key, values(theta, in.shared)}
	hits, ok := b.known[key]
	if !ok {
		hits = b.engine.average(in.own, theta, func(theta []float64) []hit { return u.measure(b.objective, theta, m) })
		b.known[key] = hits
	}
	return hits
}

func (u *unit) measure(objective string, theta []float64, m measure) []hit {
	out := u.at(objective, m.rides, theta, m.whole, nil)
	if !m.isLost {
		return out
	}
	all := slices.Concat(m.rides, m.lost)
	for i, c := range u.causes {
		if out[i].often == 0 {
			out[i] = hit{}
			continue
		}
		before, after := c.stay(m.rides, theta, true), c.stay(all, theta, true)
		begun := out[i].often / before.chance
		out[i] = hit{begun * after.felt, begun * after.chance}
	}
	return out
}
