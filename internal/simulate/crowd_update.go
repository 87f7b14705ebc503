package simulate

import (
	"slices"

	"tightrope/internal/scenario"
)

// update looks at all classes anew at the end of a moment.
func (c *crowdState) update(p *player, s *sightState) {
	for _, x := range c.classes {
		x.ranges = slices.DeleteFunc(x.ranges, func(r hitRange) bool { return p.live[r.id].serial != r.serial })
	}
	c.pushed = c.pushed[:0]
	for i := 0; i < len(c.classes); i++ {
		for !c.work(p, s, i) {
		}
	}
	if p.log != nil {
		c.tell(p)
	}
	c.join(p)
}

// work works out class i; it is false if it had to be divided first.
func (c *crowdState) work(p *player, s *sightState, i int) bool {
	x := c.classes[i]
	copy(c.felt, x.felt)
	copy(c.until, x.until)
	copy(c.failed, x.failed)
	clear(c.own)
	for k := range c.nodes {
		n := &c.nodes[k]
		down := false
		if n.part >= 0 {
			if c.own[n.part] == undecided {
				own, known := c.hits(p, s, i, c.parts[n.part])
				if !known {
					return false
				}
				c.own[n.part] = own
			}
			down = c.own[n.part] == isTrue
		}
		for j := range n.needs {
			need := &n.needs[j]
			if down && !need.remembers() {
				continue
			}
			unmet, known := c.unmet(p, s, i, need)
			if !known {
				return false
			}
			down = down || unmet
		}
		c.node[k] = down
	}
	x.hit, x.lone = c.node[c.root], false
	if x.hit {
		for part := range c.parts {
			if c.own[part] != isTrue {
				continue
			}
			lone, known := c.enough(p, s, i, part)
			if !known {
				return false
			}
			if lone {
				x.lone = true
				break
			}
		}
	}
	copy(x.node, c.node)
	copy(x.felt, c.felt)
	copy(x.until, c.until)
	copy(x.failed, c.failed)
	return true
}

// hits tells whether an incident on a part hits the users of class i; known is
// false if it hits some of them, who are a class of their own from now on.
func (c *crowdState) hits(p *player, s *sightState, i, part int) (hit int8, known bool) {
	x := c.classes[i]
	some := int32(-1)
	for _, id := range p.parts[part] {
		in := &p.live[id]
		share := in.share * p.sources[in.source].impact[s.lens]
		if share <= 0 {
			continue
		}
		low, high := 0.0, 1.0
		if r := x.rangeOf(id); r >= 0 {
			low, high = x.ranges[r].low, x.ranges[r].high
		}
		if high <= share {
			return isTrue, true
		}
		if low < share && some < 0 {
			some = id
		}
	}
	if some < 0 {
		return isFalse, true
	}
	in := &p.live[some]
	share := in.share * p.sources[in.source].impact[s.lens]
	r := x.rangeOf(some)
	if r < 0 {
		r = len(x.ranges)
		x.ranges = append(x.ranges, hitRange{some, in.serial, 0, 1})
	}
	low, high := x.ranges[r].low, x.ranges[r].high
	c.divide(p, i, (share-low)/(high-low), func(x *class, first bool) {
		if first {
			x.ranges[r].high = share
		} else {
			x.ranges[r].low = share
		}
	})
	return 0, false
}

func (x *class) rangeOf(id int32) int {
	return slices.IndexFunc(x.ranges, func(r hitRange) bool { return r.id == id })
}

// divide divides class i in two, of which the first has such a share of it.
func (c *crowdState) divide(p *player, i int, share float64, mark func(x *class, first bool)) {
	x := c.classes[i]
	if len(c.classes) >= mostClasses {
		c.splits++
		draw := from(under(under(keyOf(p.seed, "crowd"), p.number), c.splits))
		mark(x, draw.uniform() < share)
		return
	}
	y := c.copyOf(x)
	x.weight, y.weight = x.weight*share, y.weight*(1-share)
	mark(x, true)
	mark(y, false)
	c.classes = append(c.classes, y)
}

// exposed tells whether the users of class i are on an exposure.
func (c *crowdState) exposed(p *player, s *sightState, i, v int) (on, known bool) {
	x := c.classes[i]
	if x.vars[v] == undecided {
		switch share := s.p[c.vars[v]]; {
		case share >= 1:
			return true, true
		case share <= 0:
			return false, true
		default:
			c.divide(p, i, share, func(x *class, first bool) {
				x.vars[v] = isFalse
				if first {
					x.vars[v] = isTrue
				}
			})
			return false, false
		}
	}
	return x.vars[v] == isTrue, true
}

// enough tells whether one part that is down is enough for the users of class i
// to be hit.
func (c *crowdState) enough(p *player, s *sightState, i, part int) (hit, known bool) {
	for k := range c.nodes {
		n := &c.nodes[k]
		down := n.part == part
		for j := range n.needs {
			if down {
				break
			}
			need := &n.needs[j]
			raw, known := c.lacks(p, s, i, need, c.lone)
			if !known {
				return false, false
			}
			if raw && need.ride >= 0 {
				raw = c.felt[need.ride] <= p.now
			}
			if raw, known = c.on(p, s, i, need, raw); !known {
				return false, false
			}
			down = raw
		}
		c.lone[k] = down
	}
	return c.lone[c.root], true
}

// lacks tells whether too few members of a need are up for the users of class i.
func (c *crowdState) lacks(p *player, s *sightState, i int, n *crowdNeed, down []bool) (lacks, known bool) {
	if n.split == nil {
		return count(n.members, down) >= n.down, true
	}
	last := -1
	for k, m := range n.members {
		if down[m] {
			last = k
		}
	}
	for k := 0; k <= last; k++ {
		on, known := c.exposed(p, s, i, n.split[k])
		if !known {
			return false, false
		}
		if on {
			return down[n.members[k]], true
		}
	}
	return false, true
}

func count(members []int, down []bool) int {
	n := 0
	for _, m := range members {
		if down[m] {
			n++
		}
	}
	return n
}

// on tells whether the users of class i feel that a need is not met.
func (c *crowdState) on(p *player, s *sightState, i int, n *crowdNeed, unmet bool) (felt, known bool) {
	if !unmet || n.edge < 0 {
		return unmet, true
	}
	return c.exposed(p, s, i, n.edge)
}

// unmet tells whether a need is not met for the users of class i.
func (c *crowdState) unmet(p *player, s *sightState, i int, n *crowdNeed) (unmet, known bool) {
	unmet, known = c.lacks(p, s, i, n, c.node)
	if !known {
		return false, false
	}
	if n.change >= 0 {
		unmet = c.waiting(p, s, i, n) || unmet
	}
	if n.ride >= 0 {
		switch {
		case !unmet:
			c.felt[n.ride] = never
		case c.felt[n.ride] == never:
			c.felt[n.ride] = c.begins(p, s, i, n.ride)
		}
		unmet = unmet && c.felt[n.ride] <= p.now
	}
	return c.on(p, s, i, n, unmet)
}

// begins returns when an outage that begins now is felt.
func (c *crowdState) begins(p *player, s *sightState, i, ride int) int64 {
	r := &c.rides[ride]
	key := r.key
	if id := c.cause(p, s, i, r.below); id >= 0 {
		x := &p.live[id]
		key ^= under(under(under(p.world.sources[x.source].key, p.number), x.number), 0)
	} else {
		key ^= under(p.number, uint64(p.now))
	}
	at := p.after(p.now, r.law.draw(key))
	c.call(p, at)
	return at
}

// call has the crowd looked at anew at some time.
func (c *crowdState) call(p *player, at int64) {
	if at > p.now && at < never && !slices.Contains(c.pushed, at) {
		c.pushed = append(c.pushed, at)
		p.push(crowdDue, c.number, at, 0)
	}
}

// cause is the incident that began last of those below that hit class i: the one
// that takes a member down that goes down now. It is −1 where there is none.
func (c *crowdState) cause(p *player, s *sightState, i int, below []int) int32 {
	x := c.classes[i]
	last := int32(-1)
	for _, part := range below {
		for _, id := range p.parts[part] {
			in := &p.live[id]
			share := in.share * p.sources[in.source].impact[s.lens]
			if share <= 0 {
				continue
			}
			if r := x.rangeOf(id); r >= 0 && x.ranges[r].low >= share {
				continue
			}
			if last < 0 || in.begin > p.live[last].begin {
				last = id
			}
		}
	}
	return last
}

// waiting tells whether the users of class i wait for a switch. They begin to when
// a member goes down for them and the group survives it. Where the switch does
// not work they wait until that member, or all those that went down with it, are
// up.
func (c *crowdState) waiting(p *player, s *sightState, i int, n *crowdNeed) bool {
	x, w := c.classes[i], &c.switches[n.change]
	fell := false
	for k, m := range n.members {
		if !c.node[m] {
			c.failed[w.slot+k] = false
		} else if !x.node[m] {
			fell = true
		}
	}
	if fell && count(n.members, c.node) < n.down {
		key := w.key
		cause := c.cause(p, s, i, w.below)
		if cause >= 0 {
			in := &p.live[cause]
			key = under(under(under(key, p.world.sources[in.source].key), p.number), in.number)
		} else {
			key = under(under(key, p.number), uint64(p.now))
		}
		draw := from(under(key, 1))
		if draw.uniform() < w.works.value(p.theta) {
			l := w.takes.at(p.theta)
			until := p.after(p.now, l.draw(under(key, 2)))
			c.until[n.change] = max(c.until[n.change], until)
			c.call(p, until)
			if p.log != nil {
				c.note(w.need, p.now, until)
			}
		} else {
			for k, m := range n.members {
				if c.node[m] && !x.node[m] {
					c.failed[w.slot+k] = true
				}
			}
			if p.log != nil {
				p.log.failed(p, w.need, cause)
			}
		}
	}
	if c.until[n.change] > p.now {
		return true
	}
	return slices.Contains(c.failed[w.slot:w.slot+len(n.members)], true)
}

func (c *crowdState) note(need *scenario.Need, begin, until int64) {
	w := logWait{need, begin, until}
	if !slices.Contains(c.waits, w) {
		c.waits = append(c.waits, w)
	}
}

// tell writes down the waits that are over.
func (c *crowdState) tell(p *player) {
	for _, w := range c.waits {
		if w.until <= p.now {
			p.log.switched(p, w.need, w.begin)
		}
	}
	c.waits = slices.DeleteFunc(c.waits, func(w logWait) bool { return w.until <= p.now })
}

// join makes classes one whose users can no longer be told apart.
func (c *crowdState) join(p *player) {
	if len(c.classes) == 1 && len(c.classes[0].ranges) == 0 && !slices.ContainsFunc(c.classes[0].vars, func(v int8) bool { return v != undecided }) {
		return
	}
	calm := true
	for _, part := range c.parts {
		calm = calm && len(p.parts[part]) == 0
	}
	for _, x := range c.classes {
		for _, until := range x.until {
			calm = calm && until <= p.now
		}
	}
	if calm {
		c.reset()
		return
	}
	if len(c.classes) < 2*c.merged+6 {
		return
	}
	var kept []*class
next:
	for _, x := range c.classes {
		for _, y := range kept {
			if x.same(y, p.now) {
				y.weight += x.weight
				c.free = append(c.free, x)
				continue next
			}
		}
		kept = append(kept, x)
	}
	c.classes = append(c.classes[:0], kept...)
	c.merged = len(c.classes)
}

func (x *class) same(y *class, now int64) bool {
	if !slices.Equal(x.node, y.node) || !slices.Equal(x.vars, y.vars) || !slices.Equal(x.ranges, y.ranges) ||
		!slices.Equal(x.failed, y.failed) || !slices.Equal(x.felt, y.felt) {
		return false
	}
	for i := range x.until {
		if x.until[i] != y.until[i] && (x.until[i] > now || y.until[i] > now) {
			return false
		}
	}
	return true
}
