package availability

import (
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"tightrope/internal/distribution"
	"tightrope/internal/message"
	"tightrope/internal/scenario"
)

// A cause is a source and what an average over all time needs to know of it.
type cause struct {
	*scenario.Source
	engine *Engine
	// impact is the share of users that an objective sees hit; of all of them
	// under the empty name where it makes no difference.
	impact map[string]scenario.Factor
	goes   []int // params that decide how an incident goes
	often  []int // params that decide how often

	stays   memo[stayKey, stay]
	times   memo[timeKey, float64] // means of L
	lengths memo[timeKey, distribution.Law]

	mu      sync.Mutex // for detects and the incidents made with it
	detects *distribution.Detections
}

func (e *Engine) newCause(s *scenario.Source) *cause {
	c := &cause{Source: s, engine: e, impact: map[string]scenario.Factor{}}
	name := message.ImpactOf(s.Name)
	if len(s.Impact.ByObjective) == 0 {
		c.impact[""] = e.params.Share(s.Impact.All, true, name).Times(s.ImpactBy)
	}
	for i := range s.Impact.ByObjective {
		o := &s.Impact.ByObjective[i]
		c.impact[o.Objective] = e.params.Share(&o.Share, true, name).Times(s.ImpactBy)
	}
	s.Incident.Visit(adder(&c.goes))
	s.Rate.Visit(adder(&c.often))
	s.Chance.Visit(adder(&c.often))
	s.Share.Visit(adder(&c.often))
	if s.Change != nil {
		s.Change.Every.Visit(adder(&c.often))
	}
	return c
}

// adder adds params to a list, each once.
func adder(to *[]int) func(int) {
	return func(p int) {
		if !slices.Contains(*to, p) {
			*to = append(*to, p)
		}
	}
}

// hits returns the share of users that an objective sees hit; ok is false where
// it sees none.
func (c *cause) hits(objective string) (f scenario.Factor, ok bool) {
	f, ok = c.impact[objective]
	if !ok && len(c.Impact.ByObjective) == 0 {
		f, ok = c.impact[""]
	}
	return f, ok && !f.IsZero()
}

// params lists the unsure inputs that matter for an objective.
func (c *cause) params(objective string) []int {
	out := slices.Concat(c.often, nil)
	add := adder(&out)
	for _, p := range c.goes {
		add(p)
	}
	if f, ok := c.hits(objective); ok {
		f.Visit(add)
	}
	return out
}

// A stay is what is felt of one incident behind rides: the chance that it lasts
// longer than they do, and the mean of (L − r)⁺.
type stay struct{ chance, felt float64 }

type stayKey struct {
	values, rides string
	whole         bool
}

type timeKey struct {
	values string
	whole  bool
}

// stay returns what is felt behind rides of an incident where the params have
// the values theta, at an impact of 1. With whole, L is the time from its
// beginning to its end; else it is lost time, as it is without stages and
// partial restores: with them, rides are held against the lost time, as a
// forecast does.
//
// Where L is no simple law, what is felt of a mean incident is told with the
// unsure inputs at their means: for chances to be seen or ended that is their
// average. How long a mean incident is follows theta.
func (c *cause) stay(rides scenario.Rides, theta []float64, whole bool) stay {
	if len(rides) == 0 {
		return stay{1, c.mean(theta, whole)}
	}
	if l, shift, ok := c.shifted(theta); ok {
		return past(l, shift, rides)
	}
	means := theta
	if len(c.goes) > 0 {
		means = c.engine.meanParams
	}
	key := stayKey{values(means, c.goes), ridesKey(rides), whole}
	s := c.stays.get(key, func() stay {
		if s, ok := c.pastFixed(rides, means, whole); ok {
			return s
		}
		return past(c.length(means, whole), 0, rides)
	})
	if mean := c.mean(means, whole); mean > 0 {
		s.felt *= c.mean(theta, whole) / mean
	}
	return s
}

// mean returns the mean of L.
func (c *cause) mean(theta []float64, whole bool) float64 {
	if whole {
		return c.lasts(theta)
	}
	return c.times.get(timeKey{values(theta, c.goes), false}, func() float64 {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.at(theta).Moments().M1
	})
}

// reached is which share of the users that it may hit an incident reaches at some time,
// on average: see distribution.Incident.Reached.
func (c *cause) reached(theta []float64) float64 {
	if len(c.Incident.Stages) == 0 {
		return 1
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at(theta).Reached()
}

// lattice is how many points there are where what is felt is read off a
// lattice, and rarely how many times the mean length a ride may be for that.
const (
	lattice = 1 << 10
	rarely  = 4
)

// pastFixed is past for a ride that is always the same and not much longer than
// L on average: E[(L−r)⁺] = E[L] − r + ∫F over 0…r, on a lattice on which what is
// above whole steps keeps its mean.
func (c *cause) pastFixed(rides scenario.Rides, theta []float64, whole bool) (s stay, ok bool) {
	r, random := summed(rides)
	mean := c.mean(theta, whole)
	if random != nil || r > rarely*mean {
		return stay{}, false
	}
	h := r / (lattice - 2)
	var d *distribution.Distribution
	c.plan(theta, whole, func(in *distribution.Incident, p *distribution.Planner) {
		g := p.Grid(h, lattice)
		d = g.Distribution(in.Spectrum(g), nil)
	})
	before := 0.0
	for k := range lattice - 2 {
		before += h * d.At((float64(k)+0.5)*h)
	}
	return stay{1 - d.At(r), math.Max(0, mean-r+before)}, true
}

// length returns the law of L.
func (c *cause) length(theta []float64, whole bool) distribution.Law {
	return c.lengths.get(timeKey{values(theta, c.goes), whole}, func() (l distribution.Law) {
		c.plan(theta, whole, func(in *distribution.Incident, p *distribution.Planner) { l = in.Length(p) })
		return l
	})
}

// plan calls do with an incident at an impact of 1, or with what passes from
// its beginning to its end.
func (c *cause) plan(theta []float64, whole bool, do func(*distribution.Incident, *distribution.Planner)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	in := c.at(theta)
	if whole {
		in = in.Elapsed()
	}
	c.engine.planning.Lock()
	defer c.engine.planning.Unlock()
	do(in, c.engine.planner)
}

// lasts returns the mean time from the beginning of an incident to its end.
func (c *cause) lasts(theta []float64) float64 {
	return c.times.get(timeKey{values(theta, c.goes), true}, func() float64 {
		c.mu.Lock()
		defer c.mu.Unlock()
		detect, acknowledge, recover := c.at(theta).Times()
		return detect + acknowledge + recover
	})
}

// at returns how an incident goes. The time to detect is worked out once where
// nothing unsure stretches it. It is to be called with mu held.
func (c *cause) at(theta []float64) *distribution.Incident {
	if c.detects != nil {
		return c.Incident.With(c.detects, theta)
	}
	in := c.Incident.At(theta)
	if !slices.ContainsFunc(c.Incident.Detect, func(p scenario.Path) bool { return !p.After.Scale.Sure() || p.After.Of != nil }) {
		c.detects = in.Detect
	}
	return in
}

// shifted returns the length of an incident as a law and a fixed time before
// it; ok is false where it is no such sum, or part of it hits fewer users.
func (c *cause) shifted(theta []float64) (l distribution.Law, shift float64, ok bool) {
	in := &c.Incident
	one := func(f scenario.Factor) bool { return f.Sure() && f.Rat().Cmp(scenario.RatOne) == 0 }
	if len(in.Stages) > 0 || len(in.Detect) > 1 || len(in.Attempts) == 0 || !one(in.Attempts[0].Works) || !one(in.Attempts[0].Restores) {
		return nil, 0, false
	}
	steps := []scenario.Length{in.Attempts[0].Takes}
	if r := in.Attempts[0].Responder; r >= 0 {
		steps = append(steps, in.Acknowledge[r])
	}
	for _, d := range in.Detect {
		steps = append(steps, d.After)
	}
	for _, s := range steps {
		x := s.Law(theta)
		switch f, fixed := x.(distribution.Fixed); {
		case fixed:
			shift += float64(f)
		case l != nil:
			return nil, 0, false
		default:
			l = x
		}
	}
	if l == nil {
		return distribution.Fixed(shift), 0, true
	}
	return l, shift, true
}

// values is a key of the values of some params.
func values(theta []float64, params []int) string {
	if len(params) == 0 {
		return ""
	}
	b := make([]byte, 0, 8*len(params))
	for _, p := range params {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(theta[p]))
	}
	return string(b)
}
