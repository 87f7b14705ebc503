package simulate

// start decides when everything happens first.
func (p *player) start() {
	for i, s := range p.world.sources {
		st := &p.sources[i]
		st.count, st.down = 0, false
		st.stamp++
		if s.part < 0 || s.Even || s.change >= 0 {
			continue
		}
		p.nextDue(i)
	}
	for i := range p.clocks {
		c := &p.clocks[i]
		c.stamp++
		c.origin, c.stopped = p.now, running
		p.wind(i)
	}
	for i, c := range p.world.changes {
		st := &p.changes[i]
		st.count = 0
		s := from(under(c.key, p.number))
		st.due = p.time() + s.uniform()*st.every
		p.announce(i)
	}
}

// The keys of what a source draws: when incidents begin, and how they go.
const (
	whenDraws = 1 + iota
	howDraws
)

func (p *player) draws(source int, what uint64, n uint64) uint64 {
	return under(under(under(p.world.sources[source].key, what), p.number), n)
}

// nextDue decides when the next incident of a source begins that has a rate. Of
// one with a clock that is in the time of the clock, which shows 0 at first.
func (p *player) nextDue(i int) {
	s, st := p.world.sources[i], &p.sources[i]
	draw := from(p.draws(i, whenDraws, st.count))
	st.left, st.from = draw.exponential(), p.now
	if s.clock >= 0 {
		st.from = 0
		if st.count > 0 {
			st.from = st.due
		}
	}
	p.appoint(i)
}

// appoint says when that is at the present rate.
func (p *player) appoint(i int) {
	st := &p.sources[i]
	st.due = p.after(st.from, st.left/st.rate)
	if p.world.sources[i].clock < 0 {
		st.stamp++
		p.push(sourceDue, i, st.due, st.stamp)
	}
}

func (p *player) push(kind eventKind, id int, at int64, stamp uint32) {
	if at < p.end {
		p.queue.push(event{at: at, kind: kind, id: int32(id), stamp: stamp})
	}
}

// wind announces the next incident under a clock that runs.
func (p *player) wind(i int) {
	c := &p.clocks[i]
	c.stamp++
	first := int64(never)
	for _, k := range p.world.clocks[i].sources {
		first = min(first, p.sources[k].due)
	}
	if first < never-max(0, c.origin)-1 {
		p.push(clockDue, i, first+c.origin, c.stamp)
	}
}

// strike begins the incident that a clock was wound for. The clock stands still
// until it is over.
func (p *player) strike(i int) {
	c := &p.clocks[i]
	shows := p.now - c.origin
	for _, k := range p.world.clocks[i].sources {
		if p.sources[k].due <= shows {
			c.stopped = p.now
			c.stamp++
			p.beginIncident(k, p.sources[k].count)
			return
		}
	}
}

// announce tells of the next occurrence of a change.
func (p *player) announce(i int) {
	c := &p.changes[i]
	c.stamp++
	p.push(changeDue, i, max(p.now, p.after(0, c.due)), c.stamp)
}

// time is now, in seconds since the chunk began.
func (p *player) time() float64 { return float64(p.now) / p.perSecond }

// occur is a change: its own downtime, and what it triggers.
func (p *player) occur(i int) {
	c := &p.changes[i]
	n := c.count
	c.count++
	for _, k := range p.world.changes[i].sources {
		st := &p.sources[k]
		times := uint64(max(1, p.world.sources[k].Times))
		for x := range times {
			if st.chance < 1 {
				s := from(p.draws(k, whenDraws, n*times+x))
				if s.uniform() >= st.chance {
					continue
				}
			}
			p.beginIncident(k, n*times+x)
		}
	}
	c.due += c.every
	p.announce(i)
}
