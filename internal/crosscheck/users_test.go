package crosscheck

import "math"

// evaluate brings a class of users up to a time: who is down for them, which
// change-overs begin, what is felt, and when something happens by itself.
func (pl *player) evaluate(c *class, now float64) {
	pl.strike(c)
	c.next = math.Inf(1)
	p := pl.p
	for i, part := range p.parts {
		down := pl.own[i]
		if part.copies > 1 && pl.group(c, now, part.change, pl.copies[i], part.copies, part.need) {
			down = true
		}
		for k := range part.needs {
			if pl.need(c, now, &part.needs[k]) {
				down = true
			}
		}
		pl.off[i] = down
	}
	c.down = pl.off[len(p.parts)-1]
	c.share = 1
	if !c.down {
		c.share = pl.background(c, now)
	}
}

// strike fills own and copies with what hits the class by itself.
func (pl *player) strike(c *class) {
	clear(pl.own)
	clear(pl.copies)
	for i := range pl.active {
		a := &pl.active[i]
		if a.level <= 0 || a.bit != all && c.hits>>a.bit&1 == 0 {
			continue
		}
		for _, t := range pl.incs[a.inc].targets {
			if t.copy == whole {
				pl.own[t.part] = true
			} else {
				pl.copies[t.part] |= 1 << t.copy
			}
		}
	}
}

func (pl *player) need(c *class, now float64, n *need) bool {
	if n.edge != always && c.exposed>>n.edge&1 == 0 {
		return false
	}
	down := false
	if n.split != none {
		down = c.choice[n.split] != none && pl.off[n.members[c.choice[n.split]]]
	} else {
		down = pl.group(c, now, n.change, pl.membersDown(n), len(n.members), n.least)
	}
	if n.ride == none {
		return down
	}
	felt := &c.felt[n.ride]
	if !down {
		*felt = math.Inf(1)
		return false
	}
	if math.IsInf(*felt, 1) {
		if pl.rideAt[n.ride] != pl.serial {
			pl.rideAt[n.ride] = pl.serial
			pl.rideDrawn[n.ride] = pl.p.rides[n.ride].draw(pl.rng)
		}
		*felt = now + pl.rideDrawn[n.ride]
	}
	if *felt > now {
		c.next = math.Min(c.next, *felt)
		return false
	}
	*felt = math.Inf(-1)
	return true
}

func (pl *player) membersDown(n *need) uint32 {
	var set uint32
	for i, m := range n.members {
		if pl.off[m] {
			set |= 1 << i
		}
	}
	return set
}

// group reports whether a group is down for the class: too few stand, a
// change-over goes on, or one failed and the member is not back.
func (pl *player) group(c *class, now float64, s *switcher, down uint32, members, least int) bool {
	stands := members-ones(down) >= least
	if s == nil {
		return !stands
	}
	fell := down &^ c.before[s.slot]
	c.before[s.slot] = down
	c.failed[s.slot] &= down
	for i := 0; stands && fell != 0; i, fell = i+1, fell>>1 {
		if fell&1 == 0 {
			continue
		}
		if x := pl.changeover(s, i); x.works {
			c.wait[s.slot] = math.Max(c.wait[s.slot], now+x.takes)
		} else {
			c.failed[s.slot] |= 1 << i
		}
	}
	waits := c.wait[s.slot] > now
	if waits {
		c.next = math.Min(c.next, c.wait[s.slot])
	} else {
		c.wait[s.slot] = math.Inf(-1)
	}
	return !stands || waits || c.failed[s.slot] != 0
}

// changeover is drawn once for all users from whom a member goes at once.
func (pl *player) changeover(s *switcher, member int) changeover {
	if pl.drawnAt[s.slot][member] != pl.serial {
		pl.drawnAt[s.slot][member] = pl.serial
		works := s.works == always || pl.rng.Float64() < pl.w[s.works]
		pl.drawn[s.slot][member] = changeover{s.takes.draw(pl.rng), works}
	}
	return pl.drawn[s.slot][member]
}

// background is the chance that a request fails though the class is served: for
// each set of services whose background hits it, with all that lasts as it is.
func (pl *player) background(c *class, now float64) float64 {
	if len(pl.bgParts) == 0 {
		return 0
	}
	total := 0.0
	for set := 1; set < 1<<len(pl.bgParts); set++ {
		weight := 1.0
		for k, i := range pl.bgParts {
			b := pl.w.at(pl.p.parts[i].background)
			if set>>k&1 == 0 {
				b = 1 - b
			}
			weight *= b
		}
		if pl.glance(c, now, set) {
			total += weight
		}
	}
	return total
}

// glance is evaluate for a single request.
func (pl *player) glance(c *class, now float64, set int) bool {
	pl.strike(c)
	for k, i := range pl.bgParts {
		if set>>k&1 == 1 {
			pl.own[i] = true
		}
	}
	group := func(s *switcher, down uint32, members, least int) bool {
		return members-ones(down) < least || s != nil && (c.wait[s.slot] > now || c.failed[s.slot] != 0)
	}
	for i, part := range pl.p.parts {
		down := pl.own[i] || part.copies > 1 && group(part.change, pl.copies[i], part.copies, part.need)
		for k := range part.needs {
			n := &part.needs[k]
			switch {
			case n.edge != always && c.exposed>>n.edge&1 == 0:
			case n.ride != none:
				down = down || math.IsInf(c.felt[n.ride], -1)
			case n.split != none:
				down = down || c.choice[n.split] != none && pl.off[n.members[c.choice[n.split]]]
			default:
				down = down || group(n.change, pl.membersDown(n), len(n.members), n.least)
			}
		}
		pl.off[i] = down
	}
	return pl.off[len(pl.p.parts)-1]
}
