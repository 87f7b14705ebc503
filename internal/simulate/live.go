package simulate

import "tightrope/internal/scenario"

// beginIncident begins the n-th incident of a source.
func (p *player) beginIncident(source int, n uint64) {
	s, st := p.world.sources[source], &p.sources[source]
	st.count++
	id := p.place()
	x := &p.live[id]
	p.serial++
	*x = incident{source: int32(source), number: n, begin: p.now, steps: x.steps[:0], serial: p.serial}
	p.steps = st.course.draw(p.draws(source, howDraws, n), p.steps[:0])
	before := p.now
	for i, step := range p.steps {
		end := max(before, p.after(p.now, step.end))
		if i+1 < len(p.steps) && p.log == nil && p.steps[i+1].share == step.share {
			continue // told apart only in a log
		}
		x.steps = append(x.steps, timed{end, step.share, step.what, int(step.which)})
		before = end
	}
	if s.calendar() {
		st.down = true
	}
	if s.clock < 0 && s.change < 0 && s.Clock == scenario.Anytime {
		p.nextDue(source)
	}
	if p.now >= 0 {
		p.sum(source, x)
	}
	p.parts[s.part] = append(p.parts[s.part], id)
	if p.log != nil {
		p.log.begins(p, id)
	}
	x.share = x.steps[0].share
	p.push(stepEnd, int(id), x.steps[0].end, 0)
	p.touch(s.part, id)
}

// place returns room for an incident.
func (p *player) place() int32 {
	if n := len(p.free); n > 0 {
		id := p.free[n-1]
		p.free = p.free[:n-1]
		return id
	}
	if len(p.live) < cap(p.live) {
		p.live = p.live[:len(p.live)+1]
	} else {
		p.live = append(p.live, incident{})
	}
	return int32(len(p.live) - 1)
}

// nextStep ends a step of an incident.
func (p *player) nextStep(id int32) {
	x := &p.live[id]
	if p.log != nil {
		p.log.step(p, id)
	}
	x.at++
	if x.at < len(x.steps) {
		s := &x.steps[x.at]
		p.push(stepEnd, int(id), s.end, 0)
		if s.share != x.share {
			x.share = s.share
			p.touch(p.world.sources[x.source].part, -1)
		}
		return
	}
	p.over(id)
}

// over ends an incident.
func (p *player) over(id int32) {
	x := &p.live[id]
	i := int(x.source)
	s, st := p.world.sources[i], &p.sources[i]
	list := p.parts[s.part]
	p.work += int64(len(list)) / 4
	for k, o := range list {
		if o == id {
			p.parts[s.part] = append(list[:k], list[k+1:]...)
			break
		}
	}
	switch {
	case s.clock >= 0:
		c := &p.clocks[s.clock]
		c.origin += p.now - c.stopped
		c.stopped = running
		p.nextDue(i)
		p.wind(s.clock)
	case s.calendar():
		st.down = false
		p.nextDue(i)
	}
	x.serial = 0
	p.free = append(p.free, id)
	p.touch(s.part, -1)
}
