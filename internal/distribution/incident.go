package distribution

import "math"

// An Incident is how one occurrence of a risk goes: it is detected, then
// responders are called and attempts made to end it.
//
// Its lost time is Impact × (time to detect + to acknowledge + to recover);
// with Stages, what passes before it is detected is spent at the share of the
// stage in progress, and the rest at the share that had been reached.
type Incident struct {
	Impact   float64
	Stages   []Stage // empty: all users at once
	Detect   *Detections
	Catches  []float64 // of each of the laws of Detect
	Attempts []Attempt
	// Acknowledge holds, by responder, the time each takes.
	Acknowledge []Law
}

// A Stage of a roll-out reaches Share of the users For so long; the last one
// lasts for ever.
type Stage struct {
	Share float64
	For   float64
}

// An Attempt takes its time, then works with some probability and restores
// that share of what was lost. What it leaves goes on to the next attempt; the
// last attempt works and restores all.
type Attempt struct {
	Takes     Law
	Works     float64
	Restores  float64
	Responder int // index into Acknowledge; negative: automatic
}

// stage is an interval of detection times with how lost time runs in it: base
// when it begins at from, then share for each second.
type stage struct {
	from, to    float64 // from < T ≤ to; the first holds T = 0 too
	base, share float64
}

// stages returns the stages in terms of detection time. Detection at the very
// end of a stage stops the roll-out before the next one begins.
func (in *Incident) stages() []stage {
	if len(in.Stages) == 0 {
		return []stage{{from: -1, to: math.Inf(1), share: 1}}
	}
	var out []stage
	at, base := 0.0, 0.0
	for i, s := range in.Stages {
		st := stage{from: at, to: at + s.For, base: base, share: s.Share}
		if i == 0 {
			st.from = -1
		}
		if i == len(in.Stages)-1 {
			st.to = math.Inf(1)
		}
		out = append(out, st)
		at += s.For
		base += s.For * s.Share
	}
	return out
}

// Reached returns which share of the users that it may hit an incident reaches at some
// time, on average: all of them, but for stages in which it was detected before the
// next one began.
func (in *Incident) Reached() float64 {
	if len(in.Stages) == 0 {
		return 1
	}
	sum, all := 0.0, 0.0
	for _, st := range in.stages() {
		p := in.Detect.Moments(in.Catches, st.from, st.to).Mass
		sum, all = sum+p*st.share, all+p
	}
	if all <= 0 {
		return 1
	}
	return sum / all
}

// start returns when a stage begins.
func (s stage) start() float64 { return math.Max(0, s.from) }

// Moments returns 1, E[X] and E[X²] of the lost time X of an incident.
func (in *Incident) Moments() Moments {
	var sum Moments
	for _, st := range in.stages() {
		t := in.Detect.Moments(in.Catches, st.from, st.to)
		if t.Mass == 0 {
			continue
		}
		seen := t.shift(-st.start()).scale(st.share).shift(st.base)
		sum = sum.plus(seen.with(in.recoveryMoments(st.share)))
	}
	return sum.scale(in.Impact)
}

// Spectrum returns the spectrum of the lost time of one incident.
func (in *Incident) Spectrum(g *Grid) Spectrum {
	if in.Impact == 0 {
		return g.atom(0)
	}
	var mix Mix
	for _, st := range in.stages() {
		scale := in.Impact * st.share
		var seen Mix
		in.Detect.each(in.Catches, func(p float64, e *Earliest) {
			if s, ok := g.detection(e, st, in.Impact); ok {
				seen.Add(p, s)
			}
		})
		if seen.n > 0 {
			mix.Add(1, seen.Spectrum(g).Times(in.recovery(g, scale)))
		}
	}
	return mix.Spectrum(g)
}

// Times returns the mean time to detect, to acknowledge and to recover, of an
// incident in seconds, whomever it hits.
func (in *Incident) Times() (detect, acknowledge, recover float64) {
	detect = in.Detect.Moments(in.Catches, -1, math.Inf(1)).M1
	reached := 1.0
	called := make([]bool, len(in.Acknowledge))
	for _, a := range in.Attempts {
		if r := a.Responder; r >= 0 && !called[r] {
			called[r] = true
			acknowledge += reached * in.Acknowledge[r].Mean()
		}
		recover += reached * a.Takes.Mean()
		if a.Restores == 1 {
			reached *= 1 - a.Works
		}
	}
	return detect, acknowledge, recover
}

// detection returns the spectrum of the lost time until detection, for
// detection within a stage; ok is false where that cannot be.
func (g *Grid) detection(e *Earliest, st stage, impact float64) (Spectrum, bool) {
	if l, one := e.Single(); one && st.from < 0 && math.IsInf(st.to, 1) {
		return g.Law(l, impact*st.share), true
	}
	key := detectKey{e.key(), st, impact}
	if s, ok := g.seen[key]; ok {
		return s, s.full != nil
	}
	var mix Mix
	for _, a := range e.atoms {
		if a.at > st.from && a.at <= st.to {
			mix.Add(a.mass, g.atom(impact*(st.base+st.share*(a.at-st.start()))))
		}
	}
	if !e.fixed() {
		e.smoothPart(g, &mix, st, impact)
	}
	if mix.n == 0 {
		g.seen[key] = Spectrum{}
		return Spectrum{}, false
	}
	s := mix.Spectrum(g)
	if *g.bytes < plannerBytes {
		g.seen[key] = s
		*g.bytes += s.Bytes()
	}
	return s, true
}

// smoothPart adds what is smooth of detection within a stage.
func (e *Earliest) smoothPart(g *Grid, mix *Mix, st stage, impact float64) {
	above := 0.0
	if !math.IsInf(st.to, 1) {
		above = e.smooth(st.to)
	}
	start := st.start()
	mass := e.smooth(start) - above
	if st.from < 0 {
		mass = 1 - e.tail[0] - above
	}
	if mass <= 0 {
		return
	}
	slope := impact * st.share
	if slope == 0 {
		mix.Add(mass, g.atom(impact*st.base))
		return
	}
	base := impact * st.base
	time := func(y float64) float64 { return start + (y-base)/slope }
	survival := func(y float64) float64 {
		if y <= base {
			return mass
		}
		if t := time(y); t < st.to {
			return math.Min(mass, math.Max(0, e.smooth(t)-above))
		}
		return 0
	}
	breaks := []float64{base}
	for _, b := range e.breaks {
		if b > start && b < st.to {
			breaks = append(breaks, base+(b-start)*slope)
		}
	}
	if !math.IsInf(st.to, 1) {
		breaks = append(breaks, base+(st.to-start)*slope)
	}
	mix.Add(1, g.smooth(g.transform(g.survivalWeights(survival, breaks))))
}

// recovery returns the spectrum of scale × the time to acknowledge and
// recover, where what an attempt has restored no longer counts.
func (in *Incident) recovery(g *Grid, scale float64) Spectrum {
	if scale == 0 {
		return g.atom(0)
	}
	known := map[attemptKey]Spectrum{}
	var from func(i int, left float64) Spectrum
	from = func(i int, left float64) Spectrum {
		if i == len(in.Attempts) {
			return g.atom(0)
		}
		key := attemptKey{i, left}
		if s, ok := known[key]; ok {
			return s
		}
		a := in.Attempts[i]
		takes := g.Law(a.Takes, scale*left)
		if in.calls(i) {
			takes = takes.Times(g.Law(in.Acknowledge[a.Responder], scale*left))
		}
		if next, more := in.after(i, left); more {
			var mix Mix
			for _, n := range next {
				if n.left == 0 {
					mix.Add(n.p, g.atom(0))
				} else {
					mix.Add(n.p, from(i+1, n.left))
				}
			}
			takes = takes.Times(mix.Spectrum(g))
		}
		known[key] = takes
		return takes
	}
	return from(0, 1)
}

// recoveryMoments is recovery for moments.
func (in *Incident) recoveryMoments(scale float64) Moments {
	known := map[attemptKey]Moments{}
	var from func(i int, left float64) Moments
	from = func(i int, left float64) Moments {
		if i == len(in.Attempts) || left == 0 {
			return point(0)
		}
		key := attemptKey{i, left}
		if m, ok := known[key]; ok {
			return m
		}
		a := in.Attempts[i]
		takes := MomentsOf(a.Takes).scale(left)
		if in.calls(i) {
			takes = takes.with(MomentsOf(in.Acknowledge[a.Responder]).scale(left))
		}
		if next, more := in.after(i, left); more {
			var rest Moments
			for _, n := range next {
				rest = rest.plus(from(i+1, n.left).times(n.p))
			}
			takes = takes.with(rest)
		}
		known[key] = takes
		return takes
	}
	return from(0, 1).scale(scale)
}

// attemptKey is a state of recovery: about to make attempt i with this share
// of the impact left.
type attemptKey struct {
	i    int
	left float64
}

type outcome struct{ p, left float64 }

// after returns what attempt i may leave, of what was left before it; more is
// false where it ends every incident.
func (in *Incident) after(i int, left float64) (out []outcome, more bool) {
	a := in.Attempts[i]
	if i == len(in.Attempts)-1 || a.Works == 1 && a.Restores == 1 {
		return nil, false
	}
	if a.Works > 0 {
		rest := 0.0
		if a.Restores < 1 {
			rest = left * (1 - a.Restores)
		}
		if k := math.Floor(rest * fewLefts); rest > 0 && in.partly(i) > fewPartly {
			// Of very many states some stand for all, with the same mean.
			f := rest*fewLefts - k
			if f < 1 {
				out = append(out, outcome{a.Works * (1 - f), k / fewLefts})
			}
			if f > 0 {
				out = append(out, outcome{a.Works * f, (k + 1) / fewLefts})
			}
		} else {
			out = append(out, outcome{a.Works, rest})
		}
	}
	if a.Works < 1 {
		out = append(out, outcome{1 - a.Works, left})
	}
	return out, true
}

const (
	// Beyond so many attempts that restore a part of what was lost, what is left is
	// told apart in so many steps.
	fewPartly = 4
	fewLefts  = 16
)

// partly counts the attempts up to i that restore a part.
func (in *Incident) partly(i int) (n int) {
	for _, a := range in.Attempts[:i+1] {
		if a.Restores < 1 {
			n++
		}
	}
	return n
}

// calls reports whether attempt i is the first of its responder.
func (in *Incident) calls(i int) bool {
	r := in.Attempts[i].Responder
	if r < 0 {
		return false
	}
	for _, a := range in.Attempts[:i] {
		if a.Responder == r {
			return false
		}
	}
	return true
}
