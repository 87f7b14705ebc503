package availability

import (
	"math"

	"tightrope/internal/scenario"
)

// A Component is a part by itself, without what it needs, seen from behind
// rides.
type Component struct {
	Rides scenario.Rides
	// Q is the chance that a random user of the part is hit at a random moment
	// by one of its own sources, and has been for longer than the rides.
	Q float64
	// Frequency is how often per second that begins.
	Frequency float64
	// Even is what of Q errors make that are always there.
	Even    float64
	Sources []SourceDown
}

// A SourceDown is what one source does to the users of its part.
type SourceDown struct {
	Source       *scenario.Source
	Q, Frequency float64 // of this source, whatever the others do
}

// Down returns how a part is down by itself where the params have the values
// theta; of these only what the part depends on is looked at. What is not part
// of the promise is left out. With whole, it is down while any of its users is
// hit, from the beginning of an incident to its end, and errors that are always
// there are left out.
//
// With rate λ, share of users m, mean lost time E of an incident and its mean
// length D:
//   - Anytime: incidents in progress that hit a user are as many as customers in
//     an M/G/∞ queue, q = 1 − exp(−λE), which begins λm·exp(−λE) times;
//   - WhileUp: qᵢ = λᵢEᵢ/(1 + Σλⱼ·Dⱼ), exclusive of one another (a renewal
//     process, mean cycle over mean cycle);
//   - Calendar: q = λE;
//   - a change with n chances at each occurrence: q = 1 − (1 − p·E·every)ⁿ.
//
// Behind a ride of r, E[(L − r)⁺] takes the place of the mean length, and only
// the share P(L > r) of the incidents begins to be felt.
func (e *Engine) Down(part int, objective string, rides scenario.Rides, theta []float64, whole bool) Component {
	out := Component{Rides: rides}
	up, even := 1.0, 1.0
	for _, u := range e.units[part] {
		all, now := 0.0, 0.0
		for i, h := range u.at(objective, rides, theta, whole, nil) {
			c := u.causes[i]
			if _, ok := c.hits(objective); !ok {
				continue
			}
			all += h.q
			now += h.often
			out.Sources = append(out.Sources, SourceDown{c.Source, h.q, h.often})
			if c.Even {
				even *= 1 - h.q
			}
		}
		out.Frequency = out.Frequency*(1-all) + up*now
		out.Q += up * all
		up *= 1 - all
	}
	out.Even = 1 - even
	return out
}

// A unit is what fails apart from all else: one source, or several of which
// only one is at work at a time.
type unit struct {
	causes     []*cause
	oneAtATime bool
}

// A hit is the chance that a source is hitting a random user of its part, and
// how often per second that begins.
type hit struct{ q, often float64 }

// at appends the hits of each of the unit's sources.
func (u *unit) at(objective string, rides scenario.Rides, theta []float64, whole bool, to []hit) []hit {
	busy := 1.0
	if u.oneAtATime {
		for _, c := range u.causes {
			busy += c.Rate.Value(theta) * c.lasts(theta)
		}
	}
	for _, c := range u.causes {
		h := c.alone(objective, rides, theta, whole)
		if u.oneAtATime {
			h.q /= busy
			h.often /= busy
		}
		to = append(to, h)
	}
	return to
}

// alone returns the hit of a source by itself; of one that has its clock stopped
// while others are at work, what it would be in time that none is.
func (c *cause) alone(objective string, rides scenario.Rides, theta []float64, whole bool) hit {
	f, ok := c.hits(objective)
	if !ok || whole && c.Even {
		return hit{}
	}
	m := 1.0
	if !whole {
		m = math.Min(1, f.Value(theta))
	}
	if c.Even {
		return hit{q: math.Min(1, m*c.Share.Value(theta))}
	}
	s := c.stay(rides, theta, whole)
	if c.Change != nil {
		n := math.Max(1, float64(c.Times))
		often := math.Min(1, c.Chance.Value(theta)) * c.Change.Every.Value(theta)
		load := math.Min(1, often*m*s.felt)
		return hit{-math.Expm1(n * math.Log1p(-load)), n * often * m * s.chance}
	}
	often := c.Rate.Value(theta) * m
	load := often * s.felt
	switch c.Clock {
	case scenario.WhileUp:
		return hit{load, often * s.chance}
	case scenario.Calendar:
		return hit{math.Min(1, load), often * s.chance}
	}
	return hit{-math.Expm1(-load), often * s.chance * math.Exp(-load)}
}
