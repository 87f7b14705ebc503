package simulate

import (
	"math"
	"slices"
)

// A sightState is whom a service's users are hit by now.
type sightState struct {
	*serviceView
	slots  []slotState
	active []int32 // slots at work
	marked bool
	last   int64 // up to when it is summed up
	share  float64
	hit    bool    // any user
	extra  float64 // of share, what only groups make
	// Sums since they were last taken, in seconds.
	bad, down, grouped float64

	calm  float64   // share while no incident is at work
	up    float64   // Π(1 − even) over certain slots
	rest  float64   // share of what is not certain, while no incident is at work
	even  float64   // share that a sum counts of errors that are always there
	p     []float64 // chances of the variables, while no incident is at work
	true  []bool    // room for those that are
	crowd *crowdState
	memo  map[uint64]state
}

type slotState struct {
	share float64 // of the users of its source
	even  float64
	on    uint64 // behind which of its rides it is felt, as a mask; 0: not at work
	one   alone  // where there is one ride at most
	known map[uint64]alone
}

// alone is what a slot does while nothing else is at work: the share of the
// service's users for each of those of the source that is hit, with and without errors
// that are always there, and whether any is.
type alone struct {
	share, only float64
	any         bool
}

// A state is what holds while certain slots are at work.
type state struct {
	rest float64
	any  bool
}

// mostStates bounds a memo.
const mostStates = 1 << 13

func (s *sightState) prepare(of *serviceView, number int) {
	s.serviceView = of
	if of.crowd != nil {
		s.crowd = &crowdState{}
		s.crowd.prepare(of.crowd, number)
	}
	s.slots = make([]slotState, len(of.slots))
	s.p, s.true = make([]float64, of.size), make([]bool, of.size)
	s.memo = map[uint64]state{}
	for i := range of.slots {
		if len(of.slots[i].gates) > 0 {
			s.slots[i].known = map[uint64]alone{}
		}
	}
}

func (s *sightState) reset(now int64) {
	for i := range s.slots {
		s.slots[i].share, s.slots[i].on = 0, 0
	}
	s.active, s.marked, s.last = s.active[:0], false, now
	s.share, s.hit, s.extra = s.calm, false, 0
	s.bad, s.down, s.grouped = 0, 0, 0
	if s.crowd != nil {
		s.crowd.begin()
	}
}

// tune works out what slots do alone, with the exposures as they are.
func (s *sightState) tune(p *player) {
	clear(s.memo)
	for i := range s.exposed {
		s.p[i] = math.Min(1, s.exposed[i].value(p.theta))
	}
	if s.crowd != nil {
		s.crowd.weigh(s)
		s.crowd.dirty = true
	}
	s.up = 1
	for i := range s.slots {
		x, of := &s.slots[i], &s.serviceView.slots[i]
		clear(x.known)
		x.even = p.impactSources[of.impactSource].even
		s.set(i, 0, 0)
		if of.certain {
			s.up *= 1 - x.even
		}
	}
	s.rest = s.user.Probability(s.p)
	s.calm = 1 - s.up*(1-s.rest)
	for i := range s.slots {
		if len(s.serviceView.slots[i].gates) == 0 {
			s.slots[i].one = s.look(i, 1)
		}
	}
	s.even = 0
	if !s.evens {
		return
	}
	// A sum counts each for itself, and what several do together.
	for i := range s.slots {
		of := &s.serviceView.slots[i]
		for _, k := range p.world.impactSources[of.impactSource].evens {
			s.even += p.sources[k].impact[s.lens] * s.alone(i, of.all()).only
		}
		if !of.single {
			s.setEven(i, 0)
		}
	}
	single := 1 - s.up*(1-s.user.Probability(s.p))
	for i := range s.slots {
		s.set(i, 0, 0)
	}
	s.even += math.Max(0, s.calm-single)
}

// setEven is set for other errors that are always there, while no incident is at
// work.
func (s *sightState) setEven(i int, to float64) {
	x := &s.slots[i]
	before := x.even
	x.even = to
	s.set(i, 0, 0)
	x.even = before
}

// alone returns what slot i does while nothing else is at work.
func (s *sightState) alone(i int, on uint64) alone {
	x := &s.slots[i]
	if x.known == nil {
		return x.one
	}
	a, ok := x.known[on]
	if !ok {
		a = s.look(i, on)
		x.known[on] = a
	}
	return a
}

// look works that out. The chance that a user is hit is linear in the share of
// the users of one source.
func (s *sightState) look(i int, on uint64) alone {
	if s.serviceView.slots[i].certain {
		return alone{1, 1, true}
	}
	slope := func() float64 {
		s.set(i, 0, on)
		without := s.user.Probability(s.p)
		s.set(i, 1, on)
		with := s.user.Probability(s.p)
		s.set(i, 0, 0)
		return with - without
	}
	a := alone{share: slope(), any: s.anybody(i, on)}
	a.only = a.share
	if s.evens {
		for k := range s.slots {
			s.setEven(k, 0)
		}
		before := s.slots[i].even
		s.slots[i].even = 0
		a.only = slope()
		s.slots[i].even = before
		for k := range s.slots {
			s.set(k, 0, 0)
		}
	}
	return a
}

// set gives the variables of slot i their chances while incidents hit a share of
// its users, felt behind some rides.
func (s *sightState) set(i int, share float64, on uint64) {
	x, of := &s.slots[i], &s.serviceView.slots[i]
	if of.certain {
		return
	}
	if on == 0 {
		share = 0
	}
	s.p[of.hit] = share
	if len(of.gates) == 0 {
		s.p[of.hit] = 1 - (1-x.even)*(1-share)
		return
	}
	for k, v := range of.gates {
		s.p[v] = float64(on >> k & 1)
	}
	if of.even >= 0 {
		s.p[of.even] = x.even
	}
}

// put takes in that a source changed.
func (s *sightState) put(p *player, number, slot int) {
	if s.crowd != nil && !s.serviceView.slots[slot].certain {
		s.crowd.dirty = true
		p.mark(number)
		return
	}
	x, of := &s.slots[slot], &s.serviceView.slots[slot]
	t := &p.impactSources[of.impactSource]
	on := uint64(0)
	if t.share > 0 {
		for k, b := range of.behind {
			if b < 0 || t.felt[b] {
				on |= 1 << min(k, mostRides-1)
			}
		}
	}
	switch {
	case on == x.on && (on == 0 || t.share == x.share):
		x.share = t.share
		return
	case x.on == 0:
		s.active = append(s.active, int32(slot))
	case on == 0:
		k := slices.Index(s.active, int32(slot))
		s.active = slices.Delete(s.active, k, k+1)
	}
	x.on, x.share = on, t.share
	p.mark(number)
}

// mark makes a view be looked at anew at the end of this moment.
func (p *player) mark(number int) {
	if s := &p.serviceViews[number]; !s.marked {
		s.marked = true
		p.changed = append(p.changed, int32(number))
	}
}

// advance sums up until now.
func (s *sightState) advance(p *player) {
	if p.now == s.last {
		return
	}
	dt := float64(p.now-s.last) / p.perSecond
	s.last = p.now
	s.bad += s.share * dt
	if s.hit {
		s.down += dt
		s.grouped += s.extra * dt
	}
}

// update tells anew who is hit.
func (s *sightState) update(p *player) {
	s.marked = false
	s.advance(p)
	was := s.hit
	s.extra = 0
	if s.crowd != nil {
		s.updateCrowd(p)
		if was != s.hit {
			p.turn(s)
		}
		return
	}
	switch len(s.active) {
	case 0:
		s.share, s.hit = s.calm, false
	case 1:
		i := int(s.active[0])
		x, of := &s.slots[i], &s.serviceView.slots[i]
		if of.certain {
			s.share, s.hit = s.calm+(1-s.calm)*x.share, true
		} else {
			a := s.alone(i, x.on)
			s.share, s.hit = s.calm+s.up*a.share*x.share, a.any
		}
		if !of.single {
			s.extra = s.share - s.calm
		}
	default:
		s.several()
	}
	if was != s.hit {
		p.turn(s)
	}
}

// several is update while more than one slot is at work.
func (s *sightState) several() {
	up := s.up
	var rest, singles [8]int32
	list, alone := rest[:0], singles[:0]
	s.hit = false
	for _, i := range s.active {
		x, of := &s.slots[i], &s.serviceView.slots[i]
		if of.certain {
			up *= 1 - x.share
			s.hit = true
			continue
		}
		list = append(list, i)
		if of.single {
			alone = append(alone, i)
		}
	}
	all := s.state(list)
	s.hit = s.hit || all.any
	s.share = 1 - up*(1-all.rest)
	if len(alone) < len(list) {
		s.extra = math.Max(0, up*(all.rest-s.state(alone).rest))
	}
}

// state returns what holds while some slots are at work that are not certain.
func (s *sightState) state(list []int32) state {
	switch len(list) {
	case 0:
		return state{s.rest, false}
	case 1:
		x := &s.slots[list[0]]
		a := s.alone(int(list[0]), x.on)
		return state{s.rest + a.share*x.share, a.any}
	}
	// States are told apart by a sum of hashes. That two of them in a memo of some
	// thousand have the same one happens once in 10¹¹ times.
	key := uint64(0)
	for _, i := range list {
		x := &s.slots[i]
		key += mix(mix(mix(uint64(i))^x.on) ^ math.Float64bits(x.share))
	}
	if known, ok := s.memo[key]; ok {
		return known
	}
	for _, i := range list {
		x := &s.slots[i]
		s.set(int(i), x.share, x.on)
		s.assign(s.true, int(i), x.on)
	}
	out := state{s.user.Probability(s.p), s.any.Holds(s.true)}
	for _, i := range list {
		s.set(int(i), 0, 0)
		s.assign(s.true, int(i), 0)
	}
	if len(s.memo) >= mostStates {
		clear(s.memo)
	}
	s.memo[key] = out
	return out
}
