package availability

import (
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"tightrope/internal/dist"
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

	stays memo[stayKey, stay]
	times memo[string, float64]

	mu      sync.Mutex // for detects and the incidents made with it
	detects *dist.Detections
}

func (e *Engine) newCause(s *scenario.Source) *cause {
	c := &cause{Source: s, engine: e, impact: map[string]scenario.Factor{}}
	name := "impact of " + s.Name
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

// stay returns what is felt behind rides of an incident where the params have
// the values theta, at an impact of 1. With whole, L is the time from its
// beginning to its end; else it is bad time, as it is without stages and
// partial restores: with them, rides are held against the bad time, as a
// forecast does.
func (c *cause) stay(rides scenario.Rides, theta []float64, whole bool) stay {
	key := stayKey{values(theta, c.goes), ridesKey(rides), whole}
	return c.stays.get(key, func() stay {
		if len(rides) > 0 {
			if l, shift, ok := c.shifted(theta); ok {
				return past(l, shift, rides)
			}
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		in := c.at(theta)
		if whole {
			in = in.Elapsed()
		}
		if len(rides) == 0 {
			return stay{1, in.Moments().M1}
		}
		c.engine.planning.Lock()
		l := in.Length(c.engine.planner)
		c.engine.planning.Unlock()
		return past(l, 0, rides)
	})
}

// lasts returns the mean time from the beginning of an incident to its end.
func (c *cause) lasts(theta []float64) float64 {
	return c.times.get(values(theta, c.goes), func() float64 {
		c.mu.Lock()
		defer c.mu.Unlock()
		detect, acknowledge, recover := c.at(theta).Times()
		return detect + acknowledge + recover
	})
}

// at returns how an incident goes. The time to detect is worked out once where
// nothing unsure stretches it. It is to be called with mu held.
func (c *cause) at(theta []float64) *dist.Incident {
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
func (c *cause) shifted(theta []float64) (l dist.Law, shift float64, ok bool) {
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
		switch f, fixed := x.(dist.Fixed); {
		case fixed:
			shift += float64(f)
		case l != nil:
			return nil, 0, false
		default:
			l = x
		}
	}
	if l == nil {
		return dist.Fixed(shift), 0, true
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
