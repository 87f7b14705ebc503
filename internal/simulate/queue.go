package simulate

import "math"

// never is later than everything.
const never = math.MaxInt64

// An event is something that is due. What happens at one time happens in the
// order of the kinds, then of the ids.
type event struct {
	at    int64 // ticks
	kind  eventKind
	id    int32
	stamp uint32 // an event whose stamp is no longer that of its object is void
}

type eventKind uint8

const (
	windowEnd  eventKind = iota // of a tiling
	yearEnd                     //
	epochBegin                  // unsure inputs change
	stepEnd                     // of an incident
	rideEnd                     // of a source that is down: it begins to be felt behind a ride
	crowdDue                    // of a view: a wait for a switch is over, or a ride
	clockDue                    // of a part: the next incident in the time that it is up
	sourceDue                   // the next incident of a source
	changeDue                   // the next occurrence of a change
)

func (e *event) before(o *event) bool {
	if e.at != o.at {
		return e.at < o.at
	}
	if e.kind != o.kind {
		return e.kind < o.kind
	}
	return e.id < o.id
}

// A queue holds events, the next one first: a binary heap.
type queue []event

func (q *queue) push(e event) {
	*q = append(*q, e)
	h := *q
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !e.before(&h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
}

func (q *queue) pop() event {
	h := *q
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return first
	}
	i := 0
	for {
		down := 2*i + 1
		if down >= len(h) {
			break
		}
		if down+1 < len(h) && h[down+1].before(&h[down]) {
			down++
		}
		if !h[down].before(&last) {
			break
		}
		h[i] = h[down]
		i = down
	}
	h[i] = last
	return first
}
