package simulate

import (
	"context"
	"math"
)

// A player plays one chunk after the other: it holds what changes.
type player struct {
	*world
	theta []float64
	known bool // numbers are made ready, and nothing in them is unsure

	queue  queue
	now    int64
	end    int64 // of the chunk; it begins at 0, and what is before is not counted
	number uint64
	epoch  int // since 0
	year   int // since 0

	sources       []sourceState
	changes       []changeState
	clocks        []clockState
	parts         [][]int32 // incidents at work, by part
	live          []incident
	free          []int32
	serial        uint64 // incidents so far
	steps         []step
	impactSources []impactState
	groups        []groupState
	serviceViews  []sightState
	watches       []watch
	tiles         []int64 // when the present window of a tiling began

	changed   []int32 // views to look at anew
	sumDelays []int64
	ends      []int64
	rates     []float64 // room for those of the last epoch

	events, most int64 // played in this chunk, and to be played; 0: no bound

	log *logger

	work int64 // done in this chunk, in about a hundred nanoseconds each
	cut  bool  // the chunk was ended by mostWork
}

type sourceState struct {
	course course
	impact []float64 // by lens
	chance float64   // at each occurrence of a change
	rate   float64   // per second of the time in which its clock runs
	count  uint64    // incidents so far
	left   float64   // until the next: rate × seconds, from a time on
	from   int64
	due    int64 // the next; of one with a clock, in ticks of that
	stamp  uint32
	down   bool // of Calendar
}

type changeState struct {
	every float64 // seconds
	due   float64 // seconds since the chunk began
	count uint64
	stamp uint32
}

type clockState struct {
	origin  int64 // the clock shows now − origin while it runs
	stopped int64 // when it was stopped, which may be before 0; or running
	stamp   uint32
}

// running says that a clock was not stopped.
const running = math.MinInt64

// An incident in progress, or a place for one.
type incident struct {
	source int32
	number uint64 // of its source, in the chunk
	begin  int64
	steps  []timed
	at     int // step
	share  float64
	serial uint64 // told apart from all others in the chunk, 0: it is over
	told   int    // its number in the log
}

// timed is a step up to a time.
type timed struct {
	end   int64
	share float64
	what  stepKind
	which int
}

func newPlayer(w *world) *player {
	p := &player{
		world: w, theta: make([]float64, len(w.params)),
		sources: make([]sourceState, len(w.sources)), changes: make([]changeState, len(w.changes)), clocks: make([]clockState, len(w.clocks)),
		parts: make([][]int32, len(w.system.Parts)), impactSources: make([]impactState, len(w.impactSources)), groups: make([]groupState, len(w.groups)),
		serviceViews: make([]sightState, len(w.serviceViews)), watches: make([]watch, len(w.entries)), tiles: make([]int64, len(w.tilings)),
	}
	for i := range p.sources {
		p.sources[i].impact = make([]float64, len(w.lenses))
	}
	for i, t := range w.impactSources {
		p.impactSources[i].felt = make([]bool, len(t.rides))
	}
	for i, g := range w.groups {
		p.groups[i].node, p.groups[i].down = make([]bool, len(g.nodes)), make([]bool, len(g.members))
	}
	for i, s := range w.serviceViews {
		p.serviceViews[i].prepare(s, i)
	}
	for i, e := range w.entries {
		p.watches[i].prepare(p, e)
	}
	return p
}

// mostWork bounds the work of a chunk, so that a model in which something
// happens every second, or of which ever more lasts, ends in seconds and in
// some hundred MB. A usual model needs less than a thousandth of it; a large one
// may do more.
const (
	mostWork      = 1 << 25
	workPerSource = 1 << 15
	// mostTotal bounds that of all chunks together, where no more than usualYears are
	// asked for.
	mostTotal      = 1 << 26
	totalPerSource = 1 << 20
	usualYears     = 10_000
)

// The work of an event, which takes in what it makes, beside that of a look at
// an incident.
const eventWork = 16

// enough reports whether no more work is to be done. What is logged must be
// told as well.
func (p *player) enough() bool {
	return p.work > p.mostWork || p.log != nil && len(p.log.moments) > mostMoments
}

// play plays a chunk of so many epochs; ok is false where ctx ended before, or
// where it is too much work: then p.cut is true, and p.epoch epochs were over.
func (p *player) play(ctx context.Context, number, epochs int) (ok bool) {
	p.begin(uint64(number), epochs)
	for n := 0; len(p.queue) > 0; n++ {
		if n&0xfff == 0 && ctx.Err() != nil || p.most > 0 && p.events > p.most {
			return false
		}
		p.now = p.queue[0].at
		for len(p.queue) > 0 && p.queue[0].at == p.now {
			e := p.queue.pop()
			p.events++
			if e.kind == epochBegin && p.now == p.end {
				p.finish()
				return true
			}
			if p.work += eventWork; p.enough() {
				p.cut = true
				return false
			}
			p.happen(&e)
		}
		p.settle()
		if p.log != nil && p.log.over {
			return true
		}
	}
	return true
}

func (p *player) happen(e *event) {
	switch e.kind {
	case windowEnd:
		p.closeTile(int(e.id))
	case yearEnd:
		p.closeYear()
	case epochBegin:
		p.beginEpoch()
	case stepEnd:
		p.nextStep(e.id)
	case rideEnd:
		p.feel(int(e.id), e.stamp)
	case crowdDue:
		p.serviceViews[e.id].crowd.dirty = true
		p.mark(int(e.id))
	case clockDue:
		if c := &p.clocks[e.id]; c.stamp == e.stamp {
			p.strike(int(e.id))
		}
	case sourceDue:
		if s := &p.sources[e.id]; s.stamp == e.stamp {
			p.beginIncident(int(e.id), s.count)
		}
	case changeDue:
		if c := &p.changes[e.id]; c.stamp == e.stamp {
			p.occur(int(e.id))
		}
	}
}

// begin sets all up, some time before the chunk.
func (p *player) begin(number uint64, epochs int) {
	p.number, p.queue, p.now = number, p.queue[:0], -p.warm
	p.end = int64(epochs*p.epochYears) * p.world.year
	if p.row > 0 {
		p.end = int64(p.row) * p.tilings[0].length
	}
	p.epoch, p.year = -1, -1
	p.work, p.cut = 0, false
	p.live, p.free = p.live[:0], p.free[:0]
	p.changed, p.serial = p.changed[:0], 0
	for i := range p.parts {
		p.parts[i] = p.parts[i][:0]
	}
	for i := range p.impactSources {
		p.impactSources[i].reset()
	}
	for i := range p.groups {
		p.groups[i].reset()
	}
	for i := range p.watches {
		p.watches[i].reset()
	}
	p.drawInputs()
	for i := range p.serviceViews {
		p.serviceViews[i].reset(p.now)
	}
	p.start()
	if p.row > 0 {
		p.queue.push(event{at: 0, kind: epochBegin})
		p.queue.push(event{at: p.end, kind: epochBegin})
		return
	}
	for k := int64(0); k*int64(p.epochYears) <= int64(epochs*p.epochYears); k++ {
		p.queue.push(event{at: k * int64(p.epochYears) * p.world.year, kind: epochBegin})
	}
}
