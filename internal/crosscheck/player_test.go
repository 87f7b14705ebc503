package crosscheck

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

const (
	maxSwitches = 6
	maxRides    = 6
	maxClasses  = 1 << 14
)

// A player plays a program, one window after the other, each in a world of its
// own. It draws when incidents happen first, since the clocks know nothing of
// users; then it goes through time and keeps the share of users that is hit.
type player struct {
	p     *program
	rng   *rand.Rand
	timed bool // something depends on how long it has been so: classes of users are followed

	w       world
	incs    []incident
	segs    []segment
	events  []event
	active  []live
	used    uint64 // bits of hits in use
	classes []class
	start   []class // one for each exposure
	quiet   float64 // share hit by background while nothing happens
	memo    map[memoKey][2]float64

	// Scratch of one evaluation.
	own, off  []bool
	copies    []uint32
	serial    int
	drawnAt   [maxSwitches][32]int
	drawn     [maxSwitches][32]changeover
	rideAt    [maxRides]int
	rideDrawn [maxRides]float64
	rates     []float64
	makers    []*maker
	perm      []int
	index     map[classState]int
	bgParts   []int
}

type changeover struct {
	takes float64
	works bool
}

// An incident is a stretch of segments that begins at a time.
type incident struct {
	at         float64
	first, end int // its segments
	targets    []target
	emitter    int
}

// An event is that a segment of an incident begins; or, past its last, that the
// incident is over.
type event struct {
	at       float64
	inc, seg int
}

// live is an incident that goes on, with the bit that says whether a user is
// hit; all: everyone is.
type live struct {
	inc, seg int
	bits     []levelBit
	bit      int
	level    float64
}

type levelBit struct {
	level float64
	bit   int
}

// A class of users who are alike: exposed alike, hit alike, and with the same
// past as far as it matters.
type class struct {
	weight float64
	share  float64 // hit now, background included
	down   bool    // hit now, by incidents
	next   float64 // when something happens by itself
	classState
}

type classState struct {
	exposed uint32               // by edge
	choice  [4]int8              // of each split
	hits    uint64               // by bit of an incident
	wait    [maxSwitches]float64 // until when a change-over lasts; −Inf: none
	failed  [maxSwitches]uint32  // members from which the change-over failed
	before  [maxSwitches]uint32  // members that were down
	felt    [maxRides]float64    // from when an outage is felt; +Inf: there is none; −Inf: it is
}

type memoKey struct {
	n      int
	id     [3]uint32
	levels [3]float32
}

func newPlayer(p *program, seed uint64) *player {
	pl := &player{
		p:      p,
		rng:    rand.New(rand.NewPCG(seed, 0x7167687472)),
		timed:  len(p.switches)+len(p.rides) > 0,
		own:    make([]bool, len(p.parts)),
		off:    make([]bool, len(p.parts)),
		copies: make([]uint32, len(p.parts)),
		memo:   map[memoKey][2]float64{},
		index:  map[classState]int{},
	}
	for i, x := range p.parts {
		if x.background != none {
			pl.bgParts = append(pl.bgParts, i)
		}
	}
	return pl
}

// A window is what one replication gives, in seconds of lost time.
type window struct {
	cut   float64 // what lies within the window
	begun float64 // outages that begin in it, as a whole
}

// play plays one window.
func (pl *player) play() window {
	p := pl.p
	pl.w = p.world(pl.rng, pl.w)
	if p.vague {
		clear(pl.memo)
	}
	pl.incidents(-p.warm, p.window+p.warm)
	pl.expose()
	pl.active = pl.active[:0]
	pl.used = 0
	pl.classes = append(pl.classes[:0], pl.start...)
	pl.quiet = 0
	for i := range pl.classes {
		pl.evaluate(&pl.classes[i], -p.warm)
		pl.quiet += pl.classes[i].weight * pl.classes[i].share
	}

	out := window{begun: pl.quiet * p.window}
	now, hit, base := -p.warm, pl.quiet, 0.0
	booked := false // an outage goes on that began in the window
	for i := 0; ; {
		next := math.Inf(1)
		if i < len(pl.events) {
			next = pl.events[i].at
		}
		if pl.timed {
			for k := range pl.classes {
				next = math.Min(next, pl.classes[k].next)
			}
		}
		out.cut += hit * math.Max(0, math.Min(next, p.window)-math.Max(now, 0))
		if booked {
			out.begun += (hit - pl.quiet) * (next - now)
		}
		if next >= p.window && !booked || math.IsInf(next, 1) {
			return out
		}
		now = next
		pl.serial++
		before := base
		changed := false
		for ; i < len(pl.events) && pl.events[i].at == now; i++ {
			pl.happen(pl.events[i])
			changed = true
		}
		if pl.timed {
			hit, base = pl.step(now, changed)
		} else {
			hit, base = pl.shareNow()
		}
		switch {
		case before == 0 && base > 0:
			booked = now >= 0 && now < p.window
		case base == 0:
			booked = false
		}
	}
}

// incidents draws all that happens between two times, in order.
func (pl *player) incidents(from, to float64) {
	p, rng := pl.p, pl.rng
	pl.incs, pl.segs, pl.events = pl.incs[:0], pl.segs[:0], pl.events[:0]
	for k, e := range p.emitters {
		if e.kind == rhythm {
			for at := from - rng.Float64()*e.every; at < to; at += e.every {
				for i := range e.causes {
					if x := &e.causes[i]; rng.Float64() < pl.w.at(x.chance)*x.part(pl.w) {
						pl.add(at, k, e.targets, &x.make)
					}
				}
			}
			continue
		}
		pl.rates, pl.makers = e.clock(pl.w, pl.rates, pl.makers)
		total := 0.0
		for _, r := range pl.rates {
			total += r
		}
		if total <= 0 {
			continue
		}
		for at := from + rng.ExpFloat64()/total; at < to; at += rng.ExpFloat64() / total {
			which := 0
			if len(pl.rates) > 1 {
				for x := rng.Float64() * total; which < len(pl.rates)-1 && x >= pl.rates[which]; which++ {
					x -= pl.rates[which]
				}
			}
			length := pl.add(at, k, e.targets, pl.makers[which])
			if e.kind == alternating {
				at += length
			}
		}
	}
	slices.SortFunc(pl.events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.inc, b.inc), cmp.Compare(a.seg, b.seg))
	})
}

// add draws an incident and returns how long it lasts.
func (pl *player) add(at float64, emitter int, targets []target, m *maker) float64 {
	first := len(pl.segs)
	pl.segs = m.draw(pl.w, pl.rng, pl.segs)
	end := first
	for _, s := range pl.segs[first:] {
		if s.length > 0 {
			pl.segs[end] = s
			end++
		}
	}
	pl.segs = pl.segs[:end]
	if end == first {
		return 0
	}
	inc := len(pl.incs)
	pl.incs = append(pl.incs, incident{at, first, end, targets, emitter})
	t := at
	for k := first; k < end; k++ {
		pl.events = append(pl.events, event{t, inc, k})
		t += pl.segs[k].length
	}
	pl.events = append(pl.events, event{t, inc, end})
	return t - at
}

// expose makes a class for each way in which a user may be exposed.
func (pl *player) expose() {
	if len(pl.start) > 0 && !pl.p.vague {
		return
	}
	zero := class{weight: 1, next: math.Inf(1)}
	for i := range zero.felt {
		zero.felt[i] = math.Inf(1)
	}
	for i := range zero.wait {
		zero.wait[i] = math.Inf(-1)
	}
	out := append(pl.start[:0], zero)
	for i, e := range pl.p.edges {
		m := pl.w[e]
		n := len(out)
		for k := range n {
			with := out[k]
			with.weight *= m
			with.exposed |= 1 << i
			out[k].weight *= 1 - m
			out = append(out, with)
		}
	}
	for i, shares := range pl.p.splits {
		n := len(out)
		for k := range n {
			rest := 1.0
			for j, s := range shares {
				with := out[k]
				with.weight *= pl.w[s]
				with.choice[i] = int8(j)
				rest -= pl.w[s]
				out = append(out, with)
			}
			out[k].weight *= math.Max(rest, 0)
			out[k].choice[i] = none
		}
	}
	pl.start = slices.DeleteFunc(out, func(c class) bool { return c.weight <= 1e-15 })
}

// happen lets a segment begin, or an incident end.
func (pl *player) happen(e event) {
	inc := &pl.incs[e.inc]
	switch {
	case e.seg == inc.first:
		pl.begin(e)
	case e.seg < inc.end:
		for i := range pl.active {
			if a := &pl.active[i]; a.inc == e.inc {
				a.set(e.seg, pl.segs[e.seg].level)
			}
		}
	default:
		i := slices.IndexFunc(pl.active, func(a live) bool { return a.inc == e.inc })
		for _, b := range pl.active[i].bits {
			pl.used &^= 1 << b.bit
			if pl.timed {
				for k := range pl.classes {
					pl.classes[k].hits &^= 1 << b.bit
				}
			}
		}
		pl.active = slices.Delete(pl.active, i, i+1)
	}
}

func (a *live) set(seg int, level float64) {
	a.seg, a.level, a.bit = seg, level, all
	for _, b := range a.bits {
		if b.level == level {
			a.bit = b.bit
		}
	}
}

const all = -1

// begin splits users into those whom an incident hits and those whom it does
// not; of one that hits more at one time than at another, the fewer are among
// the more.
func (pl *player) begin(e event) {
	inc := &pl.incs[e.inc]
	a := live{inc: e.inc}
	if pl.timed {
		var levels []float64
		for _, s := range pl.segs[inc.first:inc.end] {
			if s.level < 1 && !slices.Contains(levels, s.level) {
				levels = append(levels, s.level)
			}
		}
		slices.Sort(levels)
		for _, l := range levels {
			bit := 0
			for pl.used>>bit&1 == 1 {
				bit++
			}
			pl.used |= 1 << bit
			a.bits = append(a.bits, levelBit{l, bit})
		}
		if n := len(levels); n > 0 {
			old := len(pl.classes)
			for i := range old {
				from := pl.classes[i]
				pl.classes[i].weight *= 1 - levels[n-1]
				below := 0.0
				for j, l := range levels {
					with := from
					with.weight *= l - below
					below = l
					for _, b := range a.bits[j:] {
						with.hits |= 1 << b.bit
					}
					pl.classes = append(pl.classes, with)
				}
			}
			if len(pl.classes) > maxClasses {
				panic("too many classes of users")
			}
		}
	}
	a.set(e.seg, pl.segs[e.seg].level)
	pl.active = append(pl.active, a)
}

// step brings all classes up to now and returns the share that is hit, with
// and without background.
func (pl *player) step(now float64, changed bool) (hit, base float64) {
	for i := range pl.classes {
		if c := &pl.classes[i]; changed || c.next <= now {
			pl.evaluate(c, now)
		}
	}
	if len(pl.classes) > len(pl.start) {
		pl.merge()
	}
	for i := range pl.classes {
		c := &pl.classes[i]
		hit += c.weight * c.share
		if c.down {
			base += c.weight
		}
	}
	return hit, base
}

// merge puts users together who have become alike again.
func (pl *player) merge() {
	clear(pl.index)
	n := 0
	for _, c := range pl.classes {
		if c.weight == 0 {
			continue
		}
		if i, ok := pl.index[c.classState]; ok {
			pl.classes[i].weight += c.weight
			continue
		}
		pl.index[c.classState] = n
		pl.classes[n] = c
		n++
	}
	pl.classes = pl.classes[:n]
}

// shareNow is step where only what goes on now matters: each exposure with each
// subset of the incidents that hit some users.
func (pl *player) shareNow() (hit, base float64) {
	if len(pl.active) == 0 {
		return pl.quiet, 0
	}
	var key memoKey
	if len(pl.active) <= len(key.id) {
		pl.sortActive()
		key.n = len(pl.active)
		for k, i := range pl.perm {
			a := pl.active[i]
			key.id[k], key.levels[k] = uint32(pl.incs[a.inc].emitter), float32(a.level)
		}
		if x, ok := pl.memo[key]; ok {
			return x[0], x[1]
		}
	}
	partial := 0
	for i := range pl.active {
		if a := &pl.active[i]; a.level < 1 {
			a.bit = partial
			partial++
		} else {
			a.bit = all
		}
	}
	for set := range uint64(1) << partial {
		weight := 1.0
		for _, a := range pl.active {
			switch {
			case a.bit == all:
			case set>>a.bit&1 == 1:
				weight *= a.level
			default:
				weight *= 1 - a.level
			}
		}
		for _, c := range pl.start {
			c.hits = set
			pl.evaluate(&c, 0)
			hit += weight * c.weight * c.share
			if c.down {
				base += weight * c.weight
			}
		}
	}
	if key.n > 0 {
		pl.memo[key] = [2]float64{hit, base}
	}
	return hit, base
}

func (pl *player) sortActive() {
	pl.perm = pl.perm[:0]
	for i := range pl.active {
		pl.perm = append(pl.perm, i)
	}
	slices.SortFunc(pl.perm, func(i, j int) int {
		a, b := pl.active[i], pl.active[j]
		return cmp.Or(cmp.Compare(pl.incs[a.inc].emitter, pl.incs[b.inc].emitter), cmp.Compare(a.level, b.level))
	})
}
