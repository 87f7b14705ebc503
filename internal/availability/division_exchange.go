package availability

import (
	"fmt"
	"math"
	"slices"

	"tightrope/internal/distribution"
)

// A step is when something is down behind a longer ride.
type step struct {
	after    float64
	variable int
}

// An exchange is the time after a mode has made members fail.
type exchange struct {
	d     *Division
	m     *mode
	kinds *kindsAt
	now   []float64 // chances of all variables, with the mode down
	alone []float64 // the same with all else up
	often []float64 // a second, that they begin
	// changing is what the modes before this one do to switches that are none of its own.
	changing []changing
	known    map[string][2]float64
	busy     float64          // the share of time that the mode takes, where it alternates
	steps    []step           // when the mode is down behind longer rides too
	ride     distribution.Law // the one before its only switch that differs; nil: those in rides
	rides    [][]float64      // before each of its switches, at each of its holder's levels
}

// pace is how often a share of the mode's beginnings comes while it is not down,
// relative to all time: what is down has no new incident. The fewer of them count,
// the more they are like a Poisson process.
func (e *exchange) pace(share float64) float64 { return 1 + share*e.busy/(1-e.busy) }

func (d *Division) exchange(m *mode, kinds *kindsAt, p, often []float64, before []changing) *exchange {
	e := &exchange{d: d, m: m, kinds: kinds, often: often, now: slices.Clone(p), alone: slices.Clone(p), known: map[string][2]float64{}}
	for k, s := range d.spots {
		for n, v := range s.at {
			down := 0.0
			if n == 0 {
				down = 1
			}
			if slices.Contains(m.spots, k) {
				e.now[v], e.alone[v] = down, down
				if n > 0 {
					e.steps = append(e.steps, step{variable: v})
				}
			} else {
				e.alone[v] = 0
			}
		}
	}
	e.change(before)
	e.behind(&m.rides[0])
	return e
}

// behind sets how long rides are.
func (e *exchange) behind(x *rideCase) {
	e.rides, e.ride = x.before, x.law
	for i := range e.steps {
		e.steps[i].after = x.deeper[i]
	}
}

// change notes what the modes before this one do to switches: what two modes do
// together is the later one's. Modes with copies of the same service take them down
// together, which is another mode, or a cut.
func (e *exchange) change(before []changing) {
	parts := e.d.engine.system.Parts
	mine := func(spot int) bool {
		x := &parts[e.d.spots[spot].part]
		return slices.ContainsFunc(e.m.spots, func(o int) bool {
			y := &parts[e.d.spots[o].part]
			return o == spot || x.Copy > 0 && y.Copy > 0 && x.Service == y.Service
		})
	}
	for _, x := range before {
		if slices.ContainsFunc(e.m.concerns, func(c *concern) bool { return c.switched == x.switched }) || slices.ContainsFunc(x.mode.spots, mine) {
			continue
		}
		k := slices.IndexFunc(e.changing, func(o changing) bool { return o.switched == x.switched })
		if k < 0 {
			k = len(e.changing)
			e.changing = append(e.changing, changing{switched: x.switched, levels: make([]hit, len(x.levels))})
		}
		o := &e.changing[k]
		o.kinds = append(o.kinds, x.kinds...)
		for level, h := range x.levels {
			o.levels[level].q += h.q
			o.levels[level].often += h.often
		}
	}
	if len(e.changing) == 0 {
		return
	}
	e.often = slices.Clone(e.often)
	for _, x := range e.changing {
		up := hit{q: 1}
		for level, h := range x.levels {
			// Behind a longer ride, given that it is so behind the shorter ones.
			v, p := x.at[level], math.Min(1, h.q/up.q)
			e.now[v], e.often[v] = p, math.Max(0, h.often-up.often*p)/up.q
			if up = h; h.q <= 0 {
				break
			}
		}
	}
}

// hit returns the share of users that is hit because some of the mode's switches
// have not ended at a time, with all else up, and as things are. At an infinite
// time it is that at once, where no ride matters but the least.
func (e *exchange) hit(on []int, at float64) (alone, now float64) {
	if len(on) == 0 {
		return 0, 0
	}
	var set, down []int
	for _, i := range on {
		c := e.m.concerns[i]
		for k, v := range c.at {
			if at > e.rides[i][k] && (k == 0 || !math.IsInf(at, 1)) {
				set = append(set, v)
			}
		}
	}
	for _, x := range e.steps {
		if at > x.after && !math.IsInf(at, 1) {
			down = append(down, x.variable)
		}
	}
	slices.Sort(set)
	key := fmt.Sprint(set, down)
	if x, ok := e.known[key]; ok {
		return x[0], x[1]
	}
	fill := func(p []float64, variables []int, x float64) {
		for _, v := range variables {
			p[v] = x
		}
	}
	of := func(p []float64) float64 {
		fill(p, down, 1)
		without := e.d.waiting.Probability(p)
		fill(p, set, 1)
		with := e.d.waiting.Probability(p)
		fill(p, set, 0)
		fill(p, down, 0)
		return math.Max(0, with-without)
	}
	e.kinds.evaluates(4, e.d.waiting)
	x := [2]float64{of(e.alone), of(e.now)}
	e.known[key] = x
	return x[0], x[1]
}

// hitAfter is hit once the mode is up again, with all else up.
func (e *exchange) hitAfter(on []int) float64 {
	p := slices.Clone(e.alone)
	for _, k := range e.m.spots {
		for _, v := range e.d.spots[k].at {
			p[v] = 0
		}
	}
	for _, i := range on {
		p[e.m.concerns[i].at[0]] = 1
	}
	e.kinds.evaluates(1, e.d.waiting)
	return e.d.waiting.Probability(p)
}

// whileDown reports whether waiting hits users only while the mode is down, with all
// else up.
func (e *exchange) whileDown(working []int) bool {
	p := slices.Clone(e.alone)
	for _, k := range e.m.spots {
		for _, v := range e.d.spots[k].at {
			p[v] = 0
		}
	}
	e.kinds.evaluates(2, e.d.waiting)
	before := e.d.waiting.Probability(p)
	for _, i := range working {
		for _, v := range e.m.concerns[i].at {
			p[v] = 1
		}
	}
	alone, _ := e.hit(working, math.Inf(1))
	return alone > 0 && e.d.waiting.Probability(p)-before <= 1e-15
}

func (e *exchange) set(variables []int, to float64) {
	for _, v := range variables {
		e.now[v], e.alone[v] = to, to
	}
}

// amount is the mean of users × time that are hit by switches that work, beside
// those that failed.
func (e *exchange) amount(failed, working []int, takes []distribution.Law) float64 {
	if len(working) == 1 && e.level(working) {
		_, n := e.hit(failed, math.Inf(1))
		_, with := e.hit(append(slices.Clone(failed), working[0]), math.Inf(1))
		return (with - n) * takes[0].Mean()
	}
	if e.level(working) {
		// Whoever waits does so from the beginning: for each set of switches that have not
		// ended.
		sum := 0.0
		_, without := e.hit(failed, math.Inf(1))
		for set, t := range e.d.laws.Exactly(takes) {
			if t <= 0 {
				continue
			}
			_, with := e.hit(some(failed, working, set), math.Inf(1))
			sum += t * math.Max(0, with-without)
		}
		return sum
	}
	var turns []float64
	for _, i := range append(slices.Clone(failed), working...) {
		turns = append(turns, e.rides[i]...)
	}
	for _, x := range e.steps {
		turns = append(turns, x.after)
	}
	slices.Sort(turns)
	turns = append(slices.Compact(turns), math.Inf(1))
	sum := 0.0
	for k, from := range turns[:len(turns)-1] {
		at := math.Nextafter(from, math.Inf(1))
		_, without := e.hit(failed, at)
		e.kinds.steps += 50 << len(working)
		for set, t := range distribution.ExactlyBetween(takes, from, turns[k+1]) {
			if t <= 0 {
				continue
			}
			_, with := e.hit(some(failed, working, set), at)
			sum += t * math.Max(0, with-without)
		}
	}
	return sum
}

// some adds to a list those of another whose bits are set.
func some(list, of []int, set int) []int {
	out := slices.Clone(list)
	for n, i := range of {
		if set>>n&1 == 1 {
			out = append(out, i)
		}
	}
	return out
}

// level reports whether no ride is before a mode nor before some of its switches.
func (e *exchange) level(concerns []int) bool {
	return len(e.steps) == 0 && !slices.ContainsFunc(concerns, func(i int) bool {
		c := e.m.concerns[i]
		return len(c.at) > 1 || e.rides[i][0] > 0
	})
}
