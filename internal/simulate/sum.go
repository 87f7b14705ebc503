package simulate

import "slices"

// sum counts an incident as a sum does: whole, now, whatever else is at work.
func (p *player) sum(source int, x *incident) {
	s := p.world.sources[source]
	for lens, k := range p.thingsOf[s.part] {
		if k < 0 {
			continue
		}
		impact := p.sources[source].impact[lens]
		if impact == 0 {
			continue
		}
		t := p.world.impactSources[k]
		var delays []int64
		if len(t.rides) > 0 {
			p.sumDelays = p.delays(p.sumDelays[:0], t, under(under(under(s.key, p.number), x.number), 0))
			delays = p.sumDelays
		}
		for _, at := range t.watchers {
			serviceView := &p.serviceViews[at.serviceView]
			if serviceView.entry < 0 || !serviceView.serviceView.slots[at.slot].single {
				continue
			}
			p.watches[serviceView.entry].sum += impact * p.badOf(x, serviceView, at.slot, delays)
		}
	}
}

// badOf is the lost time of an incident that hits by itself, at an impact of 1.
func (p *player) badOf(x *incident, s *sightState, slot int, delays []int64) float64 {
	of := &s.serviceView.slots[slot]
	if len(of.behind) == 1 {
		delay := int64(0)
		if b := of.behind[0]; b >= 0 {
			delay = delays[b]
		}
		return s.alone(slot, 1).only * p.lost(x, delay, never)
	}
	// Between the ends of two rides it is felt behind the same ones.
	p.ends = append(p.ends[:0], 0)
	for _, b := range of.behind {
		if b >= 0 {
			p.ends = append(p.ends, delays[b])
		}
	}
	slices.Sort(p.ends)
	sum := 0.0
	for i, from := range p.ends {
		to := int64(never)
		if i+1 < len(p.ends) {
			to = p.ends[i+1]
		}
		on := uint64(0)
		for k, b := range of.behind {
			if b < 0 || delays[b] <= from {
				on |= 1 << min(k, mostRides-1)
			}
		}
		if on != 0 && from < to {
			sum += s.alone(slot, on).only * p.lost(x, from, to)
		}
	}
	return sum
}

// lost is the lost time of an incident in seconds, at an impact of 1, between two
// times since it began.
func (p *player) lost(x *incident, from, to int64) float64 {
	sum, begin := 0.0, int64(0)
	for _, step := range x.steps {
		end := step.end - x.begin
		if a, b := max(begin, from), min(end, to); a < b {
			sum += float64(b-a) * step.share
		}
		begin = end
	}
	return sum / p.perSecond
}
