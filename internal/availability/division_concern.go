package availability

import (
	"math"
	"slices"

	"tightrope/internal/structure"
)

// concerned returns the share of the users of a mode's members whom a switch
// concerns: those for whom a member fails that was up before.
func (c *concern) concerned(d *Division, m *mode, p []float64) float64 {
	p = slices.Clone(p)
	for k, s := range c.below.spots {
		x, ok := d.at[s.part]
		if ok && (d.pure[x] || d.partial[x]) || slices.Contains(m.spots, x) {
			for _, v := range c.below.spots[k].at {
				p[v] = 0
			}
		}
	}
	out := 1.0
	for i, who := range c.who {
		share := 1.0
		if who != structure.True {
			share = c.below.exposed.Probability(who, p)
		}
		out *= 1 - share*(1-c.up[i].Probability(p))
	}
	return 1 - out
}

// survives returns the chance that the group of a switch is not down while its
// mode is.
func (c *concern) survives(p []float64) float64 {
	p = slices.Clone(p)
	for _, k := range c.in {
		p[c.below.spots[k].at[0]] = 1
	}
	return 1 - c.group.Probability(p)
}

// lasting is the part of an outage of the mode for which the group of a switch stays
// up that survived when it began.
func (c *concern) lasting(now chances, survives float64, kinds [][]similar) float64 {
	p := slices.Clone(now.down)
	for _, k := range c.in {
		p[c.below.spots[k].at[0]] = 1
	}
	_, slope := c.group.Gradient(p)
	begins := 0.0
	for k, s := range c.below.spots {
		if !slices.Contains(c.in, k) {
			begins += now.begin[s.at[0]] * slope[s.at[0]]
		}
	}
	if begins <= 0 || survives >= 1 {
		return 1
	}
	// For how long the group is down, and the mode is.
	down, ends := (1-survives)/begins, 0.0
	for _, list := range kinds {
		often, q := 0.0, 0.0
		for _, x := range list {
			often, q = often+x.often, q+x.q
		}
		if q > 0 {
			ends += often / q
		}
	}
	return 1 - (1-survives)/(1+down*ends)
}

// stretch is by how much a member's outage is longer than the incidents that begin
// it, since others may begin before they are over: the share of time that it is
// down, over how often that begins, held against the lengths of its single parts.
func (c *concern) stretch(d *Division, theta []float64, now chances) float64 {
	if len(c.in) != 1 {
		return 1
	}
	most := 1.0
	// What hits users by itself is no part of it.
	p, often := slices.Clone(now.down), slices.Clone(now.begin)
	for k, s := range c.below.spots {
		if x, ok := d.at[s.part]; ok && (d.pure[x] || d.partial[x]) && !slices.Contains(c.in, k) {
			for _, v := range s.at {
				p[v], often[v] = 0, 0
			}
		}
	}
	for _, f := range c.up {
		down, slope := f.Gradient(p)
		begins, alone := 0.0, 0.0
		for _, s := range c.below.spots {
			v := s.at[0]
			if slope[v] <= 0 || often[v] <= 0 {
				continue
			}
			begins += often[v] * slope[v]
			for _, now := range s.now(d.objective, c.below.view.Nodes[c.below.view.Of[s.part][0]].Rides, theta) {
				for i, h := range now.hits {
					if x := now.unit.causes[i]; !x.Even && h.often > 0 {
						alone += h.often * now.others * slope[v] * x.mean(theta, true)
					}
				}
			}
		}
		if alone > 0 && begins > 0 {
			most = math.Max(most, down/alone)
		}
	}
	return math.Min(1.5, most)
}
