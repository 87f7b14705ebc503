package simulate

import (
	"slices"

	"tightrope/internal/scenario"
)

// A course is how the incidents of one source go: scenario.Incident made ready
// to be drawn from.
type course struct {
	detect      []path
	attempts    []attempt
	acknowledge []law
	stages      []stage
	// always is the steps where every incident goes the same way; nil: drawn.
	always []step
}

type path struct {
	after   law
	catches float64
}

type attempt struct {
	takes           law
	works, restores float64
	responder       int  // negative: automatic
	calls           bool // the first attempt of its responder in the list
}

type stage struct{ share, length float64 }

// A step is a stretch of an incident, up to end seconds after it began, in which
// it hits share of those whom it can hit.
type step struct {
	end, share float64
	what       stepKind
	which      uint8 // detection, responder or attempt
}

// A stepKind says what is waited for in a step.
type stepKind uint8

const (
	stageStep       stepKind = iota // a stage of the roll-out, not yet detected
	detectStep                      // to be detected
	acknowledgeStep                 // a responder
	failedStep                      // an attempt that does not work
	partStep                        // one that restores a part
	endStep                         // one that ends it
)

// A courseOf is a course before the unsure inputs are known.
type courseOf struct {
	detect      []lengthOf
	catches     []number
	takes       []lengthOf
	works       []number
	restores    []number
	responder   []int
	acknowledge []lengthOf
	stages      []stage
	unsure      bool
}

func newCourse(in *scenario.Incident) *courseOf {
	c := &courseOf{}
	for _, d := range in.Detect {
		c.detect = append(c.detect, newLength(d.After))
		c.catches = append(c.catches, numberOf(d.Catches))
	}
	for _, a := range in.Attempts {
		c.takes = append(c.takes, newLength(a.Takes))
		c.works = append(c.works, numberOf(a.Works))
		c.restores = append(c.restores, numberOf(a.Restores))
		c.responder = append(c.responder, a.Responder)
	}
	for _, a := range in.Acknowledge {
		c.acknowledge = append(c.acknowledge, newLength(a))
	}
	for i := range in.Stages {
		s := &in.Stages[i]
		share, _ := scenario.RatOr0(s.Share.Exact).Float64()
		c.stages = append(c.stages, stage{share, seconds(s.For)})
	}
	in.Visit(func(int) { c.unsure = true })
	return c
}

// at fills in how incidents go where the params have the values theta.
func (c *courseOf) at(theta []float64, to *course) {
	to.detect, to.attempts, to.acknowledge, to.stages = to.detect[:0], to.attempts[:0], to.acknowledge[:0], c.stages
	for i := range c.detect {
		to.detect = append(to.detect, path{c.detect[i].at(theta), c.catches[i].value(theta)})
	}
	for i := range c.takes {
		r := c.responder[i]
		to.attempts = append(to.attempts, attempt{
			c.takes[i].at(theta), c.works[i].value(theta), c.restores[i].value(theta), r,
			r >= 0 && !slices.Contains(c.responder[:i], r),
		})
	}
	for i := range c.acknowledge {
		to.acknowledge = append(to.acknowledge, c.acknowledge[i].at(theta))
	}
	to.always = nil
	if to.same() {
		to.always = to.draw(0, nil)
	}
}

// same reports whether every incident goes the same way.
func (c *course) same() bool {
	plain := func(l law) bool { return l.kind == fixed }
	sure := func(p float64) bool { return p == 0 || p == 1 }
	for _, d := range c.detect {
		if !plain(d.after) || !sure(d.catches) {
			return false
		}
	}
	for _, a := range c.attempts {
		if !plain(a.takes) || !sure(a.works) || a.responder >= 0 && !plain(c.acknowledge[a.responder]) {
			return false
		}
	}
	return true
}

// What is drawn of an incident, each with numbers of its own, so that a net that
// adds a way to know does not change how long the recovery takes.
const (
	detectDraws = 1 + iota
	acknowledgeDraws
	attemptDraws
)

// draw returns the steps of the incident with a key.
//
// It is detected at the earliest of the detections that fire. With stages the
// share of users is until then that of the stage in progress; detection at the
// very end of one stops the roll-out before the next. Then attempts are made
// in order, after the acknowledgement of each responder who is called for the
// first time. What an attempt restores counts no longer, the others go on with
// the rest.
func (c *course) draw(key uint64, to []step) []step {
	if c.always != nil {
		return append(to, c.always...)
	}
	seen, how := c.detected(under(key, detectDraws))
	at, share := 0.0, 1.0
	for i, s := range c.stages {
		share = s.share
		if i == len(c.stages)-1 || seen <= at+s.length {
			break
		}
		at += s.length
		to = append(to, step{at, share, stageStep, 0})
	}
	to = append(to, step{seen, share, detectStep, uint8(how)})
	at = seen
	for i := range c.attempts {
		a := &c.attempts[i]
		if a.calls {
			at += c.acknowledge[a.responder].draw(under(under(key, acknowledgeDraws), uint64(a.responder)))
			to = append(to, step{at, share, acknowledgeStep, uint8(a.responder)})
		}
		// Counted from the last, so that one more tried first changes no other.
		k := under(under(key, attemptDraws), uint64(len(c.attempts)-i))
		at += a.takes.draw(under(k, 0))
		works := a.works >= 1
		if !works && a.works > 0 {
			s := from(under(k, 1))
			works = s.uniform() < a.works
		}
		switch {
		case i == len(c.attempts)-1, works && a.restores >= 1:
			return append(to, step{at, share, endStep, uint8(i)})
		case works:
			to = append(to, step{at, share, partStep, uint8(i)})
			share *= 1 - a.restores
		default:
			to = append(to, step{at, share, failedStep, uint8(i)})
		}
	}
	return to
}

// detected is when an incident is detected, in seconds since it began, and how.
func (c *course) detected(key uint64) (seconds float64, how int) {
	first := -1.0
	for i := range c.detect {
		d := &c.detect[i]
		k := under(key, uint64(i))
		if d.catches < 1 {
			s := from(under(k, 1))
			if s.uniform() >= d.catches {
				continue
			}
		}
		if t := d.after.draw(k); first < 0 || t < first {
			first, how = t, i
		}
	}
	return max(0, first), how
}
