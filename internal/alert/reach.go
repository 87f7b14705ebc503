package alert

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"tightrope/internal/availability"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// A ridden is a share of a service's users, and how long they do not feel an
// outage.
type ridden struct {
	after *big.Rat
	users structure.Node
}

// A watcher is a service whose errors are counted, as far as its promise goes.
type watcher struct {
	*scenario.View
	diagram *structure.Diagram
}

// reached returns which users of the service are hit while one part alone is
// down, those first who feel it first.
func (w *watcher) reached(part int) []ridden {
	spots := slices.Clone(w.Of[part])
	slices.SortStableFunc(spots, func(a, b int) int { return cmp.Compare(w.Nodes[a].Rides.Mean(), w.Nodes[b].Rides.Mean()) })
	var out []ridden
	before := structure.False
	for n, i := range spots {
		hit := w.hit(spots[:n+1])
		if hit == before {
			continue
		}
		after, exact := w.Nodes[i].Rides.Exactly()
		if !exact {
			after = new(big.Rat)
			after.SetFloat64(w.Nodes[i].Rides.Mean())
		}
		out = append(out, ridden{after, w.diagram.And(hit, w.diagram.Not(before))})
		before = hit
	}
	return out
}

// hit returns whether a random user of the service is hit while these nodes, and
// nothing else, are down.
func (w *watcher) hit(down []int) structure.Node {
	known := map[int]structure.Node{}
	var hit func(int) structure.Node
	hit = func(i int) structure.Node {
		if slices.Contains(down, i) {
			return structure.True
		}
		if f, ok := known[i]; ok {
			return f
		}
		f := structure.False
		for _, e := range w.Nodes[i].Needs {
			f = w.diagram.Or(f, availability.Unmet(w.diagram, e, hit))
		}
		known[i] = f
		return f
	}
	return hit(0)
}

// A way in which a risk reaches the users of a service: by one source of the
// catalogue, at one part.
type way struct {
	watcher *watcher
	source  *scenario.Source
	impact  scenario.Factor
	users   []ridden
	params  []int // unsure inputs that it depends on
}

// ways returns how each risk reaches the users of a service, by risk, if at all.
func (w *watcher) ways(objective string, sc *scenario.Scenario) map[*model.Risk][]way {
	out := map[*model.Risk][]way{}
	for _, k := range w.Order {
		var users []ridden
		asked := false
		for _, src := range w.System.Parts[k].Sources {
			share, hit := src.Impact.For(objective)
			if src.Risk == nil || !hit {
				continue
			}
			if !asked {
				users, asked = w.reached(k), true
			}
			if len(users) == 0 {
				continue
			}
			x := way{watcher: w, source: src, users: users}
			x.impact = sc.Params.Share(share, true, message.ImpactOf(src.Risk.Name)).Times(src.ImpactBy)
			add := func(p int) {
				if !slices.Contains(x.params, p) {
					x.params = append(x.params, p)
				}
			}
			x.impact.Visit(add)
			for _, u := range users {
				w.diagram.Variables(u.users, func(v int) { w.System.Exposed[v].Visit(add) })
			}
			out[src.Risk] = append(out[src.Risk], x)
		}
	}
	return out
}

// profile is the ratio of errors that an incident makes which nobody ends, where
// the unsure inputs have the values theta.
func (x *way) profile(theta []float64) Profile {
	var turns []*big.Rat
	add := func(t *big.Rat) { turns = append(turns, t) }
	stages := x.source.Incident.Stages
	starts := []*big.Rat{new(big.Rat)}
	for _, s := range stages {
		if s.For != nil {
			starts = append(starts, new(big.Rat).Add(starts[len(starts)-1], s.For.Rat()))
		}
	}
	for _, t := range starts {
		add(t)
	}
	shares := make([]*big.Rat, len(x.users))
	for i, u := range x.users {
		add(u.after)
		shares[i] = x.watcher.share(u.users, theta)
	}
	slices.SortFunc(turns, (*big.Rat).Cmp)
	turns = slices.CompactFunc(turns, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
	impact := valueOf(x.impact, theta)
	var p Profile
	for _, t := range turns {
		ratio := new(big.Rat)
		for i, u := range x.users {
			if u.after.Cmp(t) <= 0 {
				ratio.Add(ratio, shares[i])
			}
		}
		ratio.Mul(ratio, impact)
		for i := range stages {
			last := i == len(stages)-1 || starts[i+1].Cmp(t) > 0
			if last {
				ratio.Mul(ratio, scenario.RatOr0(stages[i].Share.Exact))
				break
			}
		}
		p = append(p, Step{t, ratio})
	}
	return p
}

// share returns the part of the users of which a function holds.
func (w *watcher) share(f structure.Node, theta []float64) *big.Rat {
	if f == structure.True {
		return one
	}
	exact := make([]*big.Rat, len(w.System.Exposed))
	w.diagram.Variables(f, func(v int) { exact[v] = valueOf(w.System.Exposed[v], theta) })
	return w.diagram.ExactProbability(f, exact)
}

// valueOf is a factor as a share: exact where nothing in it is unsure, and at
// most 1.
func valueOf(f scenario.Factor, theta []float64) *big.Rat {
	v := f.Rat()
	if !f.Sure() {
		v = new(big.Rat)
		v.SetFloat64(math.Max(0, f.Value(theta)))
	}
	if v.Cmp(one) > 0 {
		return one
	}
	return v
}
