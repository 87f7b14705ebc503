package simulate

// An impactState is what hits at a spot now.
type impactState struct {
	share float64 // of its users, by incidents
	even  float64 // of its users, always
	begin int64   // since when share is not 0, without a gap
	run   uint32  // told apart from earlier ones
	felt  []bool  // behind each of those of the source rides, by now
	delay []int64 // of each ride of this run, ticks
	cause int32   // the incident that began the run
}

func (t *impactState) reset() {
	t.share = 0
	t.run++
	t.cause = -1
	clear(t.felt)
}

// evens works out what of a thing is always there.
func (p *player) evens(i int) {
	t := p.world.impactSources[i]
	up := 1.0
	for _, k := range t.evens {
		up *= 1 - p.sources[k].impact[t.lens]
	}
	p.impactSources[i].even = 1 - up
}

// touch looks at a part anew whose incidents changed; began is the one that
// began, or −1.
func (p *player) touch(part int, began int32) {
	for _, k := range p.thingsOf[part] {
		if k < 0 {
			continue
		}
		lens := p.world.impactSources[k].lens
		// Each incident hits a user independently.
		up := 1.0
		list := p.parts[part]
		p.work += int64(len(list))
		share := 0.0
		for _, id := range list {
			x := &p.live[id]
			share = x.share * p.sources[x.source].impact[lens]
			up *= 1 - share
		}
		if len(list) != 1 {
			share = 1 - up
		}
		p.put(k, share, began)
	}
}

// put gives a thing the share of its users whom it hits.
func (p *player) put(k int, share float64, began int32) {
	st := &p.impactSources[k]
	before := st.share
	if share == before {
		return
	}
	st.share = share
	t := p.world.impactSources[k]
	switch {
	case before == 0:
		st.begin = p.now
		st.run++
		st.cause = began
		if began < 0 {
			st.cause = p.causeOf(t)
		}
		if len(t.rides) > 0 && len(t.groups) > 0 {
			p.ride(k)
		}
	case share == 0:
		st.run++
		clear(st.felt)
	}
	for _, w := range t.watchers {
		p.serviceViews[w.serviceView].put(p, w.serviceView, w.slot)
	}
	if len(t.groups) > 0 && (before == 0 || share == 0) {
		p.regroup(k)
	}
}

// causeOf is the first incident at work on a part that hits anybody.
func (p *player) causeOf(t *impactSource) int32 {
	list := p.parts[t.part]
	for _, id := range list {
		if x := &p.live[id]; x.share*p.sources[x.source].impact[t.lens] > 0 {
			return id
		}
	}
	return list[0]
}

// ride draws how long each ride before a thing lasts, for an outage that begins
// now.
func (p *player) ride(k int) {
	st, t := &p.impactSources[k], p.world.impactSources[k]
	st.delay = p.delays(st.delay[:0], t, p.outageKey(t, st.cause))
	for i, d := range st.delay {
		if d <= 0 {
			st.felt[i] = true
			continue
		}
		if d < never-max(0, p.now)-1 {
			p.push(rideEnd, k, p.now+d, st.run)
		}
	}
}

// outageKey is the key of an outage that an incident begins.
func (p *player) outageKey(t *impactSource, cause int32) uint64 {
	if cause < 0 {
		return under(t.key, p.number)
	}
	x := &p.live[cause]
	return under(under(under(p.world.sources[x.source].key, p.number), x.number), 0)
}

// delays draws each of the rides before a thing, in ticks.
func (p *player) delays(to []int64, t *impactSource, outage uint64) []int64 {
	for _, list := range t.rides {
		sum := 0.0
		for _, r := range list {
			x := &p.world.rides[r]
			sum += x.law.draw(outage ^ x.key)
		}
		to = append(to, p.ticks(sum))
	}
	return to
}

// feel makes an outage felt behind those rides that end by now.
func (p *player) feel(k int, run uint32) {
	st, t := &p.impactSources[k], p.world.impactSources[k]
	if st.run != run {
		return
	}
	for i, d := range st.delay {
		if st.begin+d <= p.now {
			st.felt[i] = true
		}
	}
	for _, w := range t.watchers {
		p.serviceViews[w.serviceView].put(p, w.serviceView, w.slot)
	}
	if len(t.groups) > 0 {
		p.regroup(k)
	}
}

// down reports whether a thing is felt behind one of its rides, −1 for none.
func (t *impactState) down(behind int) bool {
	return t.share > 0 && (behind < 0 || t.felt[behind])
}

// A groupState is which members of a group are down, for a log.
type groupState struct {
	node []bool // by node: down for any user of the group
	down []bool // by member
}

func (g *groupState) reset() {
	clear(g.node)
	clear(g.down)
}

// regroup looks at the groups anew of which a thing may take members down.
func (p *player) regroup(k int) {
	for _, i := range p.world.impactSources[k].groups {
		g, s := p.world.groups[i], &p.groups[i]
		for n := range g.nodes {
			s.node[n] = p.nodeDown(g, s, n)
		}
		for m, n := range g.members {
			s.down[m] = s.node[n]
		}
	}
}

func (p *player) nodeDown(g *group, s *groupState, n int) bool {
	x := &g.nodes[n]
	if x.impactSource >= 0 && p.impactSources[x.impactSource].down(x.behind) {
		return true
	}
	for i := range x.needs {
		down := 0
		for _, m := range x.needs[i].members {
			if s.node[m] {
				down++
			}
		}
		if down >= x.needs[i].down {
			return true
		}
	}
	return false
}

// settle ends a moment: what hits users is told anew.
func (p *player) settle() {
	for _, k := range p.changed {
		p.serviceViews[k].update(p)
	}
	if p.log != nil {
		p.log.settle(p)
	}
	p.changed = p.changed[:0]
}
