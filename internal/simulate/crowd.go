package simulate

import (
	"math"
	"slices"

	"tightrope/internal/scenario"
)

// A crowd is how the users of one service are told apart where what they feel
// hangs on what was before: a user behind a ride feels an outage that has lasted,
// and one who waits for a switch waits because a member failed for that user. It
// does not change.
type crowd struct {
	nodes    []crowdNode // those that a node needs before it
	root     int
	vars     []int // exposures, as the variables of the sight
	switches []crowdSwitch
	rides    []crowdRide
	slots    int   // of members that a switch may have failed for
	parts    []int // that are looked at: not those that hit every user of theirs at once
	index    map[int]int
}

// A crowdNode is a part, as it is seen behind some rides.
type crowdNode struct {
	part  int // index in parts, −1: nothing hits it by itself
	needs []crowdNeed
}

type crowdNeed struct {
	edge    int // index in vars, or −1
	members []int
	split   []int // by member, index in vars
	down    int
	ride    int // −1: none
	change  int // its switch, −1: none
}

type crowdSwitch struct {
	need  *scenario.Need
	key   uint64
	takes lengthOf
	works number
	below []int // parts
	slot  int   // of its first member
}

type crowdRide struct {
	key   uint64
	law   law
	below []int
}

// newCrowd returns the crowd of a sight; nil where the present says all.
func (w *world) newCrowd(v *scenario.View, lens int, certain func(part int) bool) *crowd {
	needed, everybody := false, v.Everybody()
	for i := range v.Nodes {
		for _, e := range v.Nodes[i].Needs {
			// Whom a group hits that has members who are enough for others hangs on
			// the user too.
			needed = needed || e.Need.Switch != nil || e.Need.Ride != nil || e.Need.Spare && !everybody
		}
	}
	if !needed {
		return nil
	}
	c := &crowd{index: map[int]int{}}
	vars := map[int]int{}
	variable := func(v int) int {
		if v == scenario.Always {
			return -1
		}
		k, ok := vars[v]
		if !ok {
			k = len(c.vars)
			vars[v] = k
			c.vars = append(c.vars, v)
		}
		return k
	}
	at := make([]int, len(v.Nodes))
	for i := range at {
		at[i] = -1
	}
	var below [][]int // by node
	var add func(i int) int
	add = func(i int) int {
		if at[i] >= 0 {
			return at[i]
		}
		node := &v.Nodes[i]
		x := crowdNode{part: -1}
		var under []int
		if w.thing(node.Part, lens) >= 0 && !certain(node.Part) {
			k, ok := c.index[node.Part]
			if !ok {
				k = len(c.parts)
				c.index[node.Part] = k
				c.parts = append(c.parts, node.Part)
			}
			x.part = k
			under = append(under, node.Part)
		}
		for _, e := range node.Needs {
			n := crowdNeed{edge: variable(e.Need.Edge), down: enough(e.Need), ride: -1, change: -1}
			var parts []int
			for _, m := range e.Members {
				k := add(m)
				n.members = append(n.members, k)
				parts = append(parts, below[k]...)
			}
			slices.Sort(parts)
			parts = slices.Compact(parts)
			for _, v := range e.Need.Split {
				n.split = append(n.split, variable(v))
			}
			if len(parts) == 0 {
				continue
			}
			if e.Need.Switch != nil {
				n.change = len(c.switches)
				c.switches = append(c.switches, crowdSwitch{
					need: e.Need, key: w.switchKey(e.Need), takes: newLength(e.Need.Switch.Takes), works: numberOf(e.Need.Switch.Works),
					below: parts, slot: c.slots,
				})
				c.slots += len(n.members)
			}
			if r := e.Need.Ride; r != nil {
				n.ride = len(c.rides)
				c.rides = append(c.rides, crowdRide{w.rideKey(r), lawOf(scenario.Length{Time: r.Time}.Law(nil)), parts})
			}
			x.needs = append(x.needs, n)
			under = append(under, parts...)
		}
		slices.Sort(under)
		at[i] = len(c.nodes)
		c.nodes = append(c.nodes, x)
		below = append(below, slices.Compact(under))
		return at[i]
	}
	c.root = add(0)
	if len(c.parts) == 0 {
		return nil
	}
	return c
}

// remembers reports whether it matters when its members went down.
func (n *crowdNeed) remembers() bool { return n.ride >= 0 || n.change >= 0 }

// A class is users whom the same has happened to.
type class struct {
	weight float64
	vars   []int8     // by exposure: undecided, true or not
	ranges []hitRange // of the incidents that hit some users only
	node   []bool     // by node: down
	felt   []int64    // by ride: when it is over; never: the need is met
	until  []int64    // by switch: when the wait is over
	failed []bool     // by member of a switch: waits until it is up

	hit, lone bool // the root: at all, by what does so alone
}

const (
	undecided int8 = iota
	isTrue
	isFalse
)

// A hitRange is which users a class has of an incident: if each has a number
// between 0 and 1, those between low and high. It hits those below its share, so
// that whoever is hit by a stage of a roll-out is by the next.
type hitRange struct {
	id        int32
	serial    uint64
	low, high float64
}

// mostClasses bounds how many users are told apart: beyond that one of two is
// drawn, and stands for both.
const mostClasses = 256

// crowdState is who is in a crowd now.
type crowdState struct {
	*crowd
	classes []*class
	free    []*class
	merged  int // classes after they were last looked at for equal ones
	pushed  []int64
	waits   []logWait
	// Room to work out one class.
	node, lone, failed []bool
	own                []int8 // by part
	dirty              bool
	rest, extra        float64 // of users: hit, and by no part alone; without what hits all of its users
	hit                bool
	felt, until        []int64
	number             int // of the sight
	splits             uint64
	shares             []float64 // of exposures, when classes were weighed
}

// A logWait is one that is to be told of when it is over.
type logWait struct {
	need         *scenario.Need
	begin, until int64
}

func (c *crowdState) prepare(of *crowd, number int) {
	c.crowd, c.number = of, number
	n := len(of.nodes)
	c.node, c.lone, c.failed = make([]bool, n), make([]bool, n), make([]bool, of.slots)
	c.felt, c.until = make([]int64, len(of.rides)), make([]int64, len(of.switches))
	c.own, c.shares = make([]int8, len(of.parts)), make([]float64, len(of.vars))
}

// reset makes all users alike, with all up.
func (c *crowdState) reset() {
	c.free = append(c.free, c.classes...)
	c.classes = append(c.classes[:0], c.fresh())
	c.merged = 1
}

// begin forgets all, for a new chunk.
func (c *crowdState) begin() {
	c.reset()
	c.waits, c.splits, c.dirty = c.waits[:0], 0, true
}

func (c *crowdState) room() *class {
	if n := len(c.free); n > 0 {
		x := c.free[n-1]
		c.free = c.free[:n-1]
		return x
	}
	return &class{
		vars: make([]int8, len(c.vars)), node: make([]bool, len(c.nodes)),
		felt: make([]int64, len(c.rides)), until: make([]int64, len(c.switches)), failed: make([]bool, c.slots),
	}
}

func (c *crowdState) fresh() *class {
	x := c.room()
	x.weight, x.ranges, x.hit, x.lone = 1, x.ranges[:0], false, false
	clear(x.vars)
	clear(x.node)
	clear(x.failed)
	for i := range x.felt {
		x.felt[i] = never
	}
	for i := range x.until {
		x.until[i] = -never
	}
	return x
}

func (c *crowdState) copyOf(o *class) *class {
	x := c.room()
	x.weight, x.hit, x.lone = o.weight, o.hit, o.lone
	x.ranges = append(x.ranges[:0], o.ranges...)
	copy(x.vars, o.vars)
	copy(x.node, o.node)
	copy(x.felt, o.felt)
	copy(x.until, o.until)
	copy(x.failed, o.failed)
	return x
}

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
		of := &s.sight.slots[i]
		part := p.world.things[of.thing].part
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
