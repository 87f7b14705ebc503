package simulate

import "math"

// updateCrowd is update for one whose users are told apart.
func (s *sightState) updateCrowd(p *player) {
	c := s.crowd
	if c.dirty {
		c.dirty = false
		c.update(p, s)
		c.rest, c.extra, c.hit = 0, 0, false
		for _, x := range c.classes {
			switch {
			case x.weight <= 0:
			case x.hit:
				c.hit = true
				c.rest += x.weight
				if !x.lone {
					c.extra += x.weight * (1 - s.rest)
				}
			case s.evens:
				calm := s.calmOf(p, x, true)
				c.rest += x.weight * calm
				if calm != s.rest {
					c.extra += x.weight * max(0, calm-s.calmOf(p, x, false))
				}
			}
		}
		if c.rest > 1-1e-12 {
			c.rest = 1
		}
	}
	up := s.up
	s.hit = c.hit || len(s.active) > 0
	for _, i := range s.active {
		up *= 1 - s.slots[i].share
	}
	s.share, s.extra = 1-up*(1-c.rest), up*c.extra
	if up == 1 {
		s.share = c.rest // with all its digits
	}
}

// calmOf is the share of a class, no user of which is down, that is hit by errors
// that are always there; with incidents, or as if there were none.
func (s *sightState) calmOf(p *player, x *class, incidents bool) float64 {
	busy := false
	for k := range x.vars {
		if v := s.crowd.vars[k]; x.vars[k] != undecided {
			busy = true
			s.p[v] = 0
			if x.vars[k] == isTrue {
				s.p[v] = 1
			}
		}
	}
	for i := range s.slots {
		of := &s.serviceView.slots[i]
		part := p.world.impactSources[of.impactSource].part
		if !incidents || of.certain || len(p.parts[part]) == 0 {
			continue
		}
		if !s.crowd.down(x, part) {
			continue
		}
		busy = true
		s.p[of.hit] = 1
		for k, v := range of.gates {
			s.p[v] = 0
			if of.behind[k] < 0 {
				s.p[v] = 1
			}
		}
		if len(of.gates) == 0 && of.behind[0] >= 0 {
			s.p[of.hit] = s.slots[i].even
		}
	}
	if !busy {
		return s.rest
	}
	share := s.user.Probability(s.p)
	for k := range x.vars {
		if v := s.crowd.vars[k]; x.vars[k] != undecided {
			s.p[v] = math.Min(1, s.exposed[v].value(p.theta))
		}
	}
	for i := range s.slots {
		s.set(i, 0, 0)
	}
	return share
}

// down tells whether a part that is down for the users of a class is.
func (c *crowdState) down(x *class, part int) bool {
	k, ok := c.index[part]
	if !ok {
		return false
	}
	for n := range c.nodes {
		if c.nodes[n].part == k {
			return x.node[n]
		}
	}
	return false
}

// weigh gives classes their weights anew, where exposures are no longer what they
// were.
func (c *crowdState) weigh(s *sightState) {
	for k, v := range c.vars {
		before, now := c.shares[k], s.p[v]
		c.shares[k] = now
		if before == now {
			continue
		}
		for _, x := range c.classes {
			switch x.vars[k] {
			case isTrue:
				x.weight *= now / before
			case isFalse:
				x.weight *= (1 - now) / (1 - before)
			}
		}
	}
}
