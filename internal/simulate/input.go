package simulate

import "math"

// drawInputs decides what the unsure inputs are in an epoch, and makes the
// numbers ready that depend on them.
func (p *player) drawInputs() {
	epoch := p.number*uint64(p.chunk) + uint64(p.epoch)
	if p.epoch < 0 {
		epoch = 1<<63 + p.number
	}
	for i := range p.params {
		p.theta[i] = p.params[i].draw(epoch)
	}
	for i, s := range p.world.sources {
		if s.part < 0 || p.known && !s.unsure {
			continue
		}
		st := &p.sources[i]
		for l := range s.impact {
			st.impact[l] = 0
			if s.sees[l] {
				st.impact[l] = math.Min(1, s.impact[l].value(p.theta))
			}
		}
		switch {
		case s.Even:
			x := s.share.value(p.theta)
			for l := range st.impact {
				st.impact[l] = math.Min(1, x*st.impact[l])
			}
			continue
		case s.change >= 0:
			st.chance = math.Min(1, s.often.value(p.theta))
		case s.calendar():
			// The mean time up is that between two less the mean outage.
			if up := 1/s.often.value(p.theta) - s.outage; up > 0 {
				st.rate = 1 / up
			} else {
				st.rate = math.Inf(1)
			}
		default:
			st.rate = s.often.value(p.theta)
		}
		s.course.at(p.theta, &st.course)
	}
	for i, c := range p.world.changes {
		if !p.known || c.unsure {
			p.changes[i].every = 1 / c.every.value(p.theta)
		}
	}
	for i := range p.world.impactSources {
		p.evens(i)
	}
	for i, s := range p.world.serviceViews {
		if !p.known || s.unsure {
			p.serviceViews[i].tune(p)
		}
	}
	p.known = true
}

// beginEpoch draws the unsure inputs anew. What is due by chance comes as much
// sooner or later as its rate says, which is as good as drawing it anew.
func (p *player) beginEpoch() {
	if p.epoch++; p.epoch == 0 {
		p.beginCount()
	} else {
		p.closeEpoch()
	}
	if len(p.params) == 0 || p.row > 0 {
		return
	}
	p.rates = p.rates[:0]
	for i := range p.sources {
		p.rates = append(p.rates, p.sources[i].rate)
	}
	for i := range p.changes {
		p.rates = append(p.rates, p.changes[i].every)
	}
	rates, everies := p.rates[:len(p.sources)], p.rates[len(p.sources):]
	p.drawInputs()
	for i := range p.sources {
		s, st := p.world.sources[i], &p.sources[i]
		if s.part < 0 || st.rate == rates[i] || s.calendar() && st.down {
			continue
		}
		shows := p.now
		if s.clock >= 0 {
			c := &p.clocks[s.clock]
			shows -= c.origin
			if c.stopped != running {
				shows = c.stopped - c.origin
			}
			if st.due <= shows {
				continue // it is what stopped the clock
			}
		}
		st.left = math.Max(0, st.left-rates[i]*float64(shows-st.from)/p.perSecond)
		st.from = shows
		p.appoint(i)
	}
	for i := range p.clocks {
		if p.clocks[i].stopped == running {
			p.wind(i)
		}
	}
	for i := range p.changes {
		if c := &p.changes[i]; c.every != everies[i] {
			left := (c.due - p.time()) / everies[i]
			c.due = p.time() + left*c.every
			p.announce(i)
		}
	}
	for i, list := range p.parts {
		if len(list) > 0 {
			p.touch(i, -1)
		}
	}
	for i, s := range p.world.serviceViews {
		if s.unsure {
			p.mark(i)
		}
	}
	for i := range p.watches {
		p.watches[i].spoil(p, i)
	}
}
