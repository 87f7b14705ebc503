package availability

import (
	"cmp"
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

// A course is which share of users switches hit by themselves, with all else up, in
// the time after the mode began: from a time on, until the next one. What begins
// behind a longer ride comes later, and what the mode hits by itself is no part of it.
type course []coursePart

type coursePart struct{ from, share float64 }

// course returns that of some switches beside those that failed too.
func (e *exchange) course(failed, on []int) (out course) {
	all := append(slices.Clone(failed), on...)
	var turns []float64
	for _, i := range all {
		turns = append(turns, e.rides[i]...)
	}
	for _, x := range e.steps {
		turns = append(turns, x.after)
	}
	slices.Sort(turns)
	for _, t := range slices.Compact(turns) {
		at := math.Nextafter(t, math.Inf(1))
		with, _ := e.hit(all, at)
		without, _ := e.hit(failed, at)
		share := math.Max(0, with-without)
		if len(on) == 0 {
			share = with
		}
		if share <= 1e-15 {
			share = 0
		}
		if n := len(out); n == 0 && share > 0 || n > 0 && math.Abs(share-out[n-1].share) > 1e-12*share {
			out = append(out, coursePart{t, share})
		}
	}
	return out
}

// end is when nobody is hit any more; infinite where it is when the mode ends.
func (c course) end() float64 {
	if n := len(c); n > 0 && c[n-1].share == 0 {
		return c[n-1].from
	}
	return math.Inf(1)
}

// mean is the share that is hit on average, of the time that is left of a length from
// the beginning of the course to its end.
func (c course) mean(l distribution.Law) float64 {
	if len(c) == 1 || len(c) == 2 && c[1].share == 0 {
		return c[0].share
	}
	sum, all := 0.0, l.Above(c[0].from)
	for i, x := range c {
		left := l.Above(x.from)
		if i+1 < len(c) {
			left -= l.Above(c[i+1].from)
		}
		sum += x.share * left
	}
	if end := c.end(); !math.IsInf(end, 1) {
		all -= l.Above(end)
	}
	if all <= 0 {
		return 0
	}
	return sum / all
}

// rising reports whether never less are hit than before.
func (c course) rising() bool {
	return slices.IsSortedFunc(c, func(a, b coursePart) int { return cmp.Compare(a.share, b.share) })
}

// ridden is the law of a ride that ends at a time.
func (e *exchange) ridden(after float64) distribution.Law {
	if e.ride != nil {
		return e.ride
	}
	return distribution.Fixed(after)
}

// felt is what users lose by switches that last as long as a law says: the chance that
// anything is lost, and then a share of users times a law. Where more and more of them
// are hit it is what they lose together, relative to how many are hit in the end.
func (e *exchange) felt(whole distribution.Law, hits course) (chance, users float64, law distribution.Law) {
	until := distribution.AtMost(whole, hits.end())
	first := hits[0].from
	if last := len(hits) - 1; last > 0 && e.ride == nil && hits.rising() {
		groups := []distribution.Felt{{Share: hits[0].share / hits[last].share, After: distribution.Fixed(first)}}
		for i, x := range hits[1:] {
			groups = append(groups, distribution.Felt{Share: (x.share - hits[i].share) / hits[last].share, After: distribution.Fixed(x.from)})
		}
		chance, law = e.d.laws.FeltBy(until, groups)
		return chance, hits[last].share, law
	}
	chance, law = 1, until
	if first > 0 {
		chance, law = e.d.laws.Felt(until, e.ridden(first))
	}
	return chance, hits.mean(whole), law
}

// A shield is something else than the mode that is down, without which a switch
// hurts nobody.
type shield struct {
	share  float64            // of all time that it is, for any user
	users  float64            // the share of users that are then hit
	begins float64            // a second
	lasts  distribution.Blend // how long, before it is stretched to share/begins
}

// shielded returns what else must be down where switches do not work: that hits
// with them, but by neither alone. lasting says of each switch for which part of
// the mode's outage its group stays up.
func (e *exchange) shielded(failed []int, lasting []float64) (out []shield) {
	most := 0.0
	for _, i := range failed {
		c := e.m.concerns[i]
		if len(c.beside.Depends()) == 0 {
			continue
		}
		e.set(c.at, 1)
		// Where the mode itself is what else is down, the switch hits with it alone.
		alone := c.beside.Probability(e.alone)
		e.kinds.evaluates(12, c.beside)
		hit := func(p []float64) (float64, []float64) {
			x, slope := c.beside.Gradient(p)
			if len(e.changing) == 0 {
				return x - alone, slope
			}
			// Whom other switches hit without this one is none of its.
			p = slices.Clone(p)
			for _, v := range c.at {
				p[v] = 0
			}
			without, less := c.beside.Gradient(p)
			for v := range slope {
				slope[v] -= less[v]
			}
			return x - without - alone, slope
		}
		// It was tried with the others of its group up.
		now := slices.Clone(e.now)
		for _, k := range c.mine {
			for _, v := range e.d.spots[k].at {
				now[v] = e.alone[v]
			}
		}
		if x, _ := hit(now); x > most {
			most, out = x, e.shields(now, hit)
			if len(e.changing) > 0 && lasting[i] < 1 {
				// What else hits while the group is down is told of the other switches.
				bare := slices.Clone(now)
				for _, o := range e.changing {
					for _, v := range o.at {
						bare[v] = 0
					}
				}
				without, _ := hit(bare)
				by := (without + (x-without)*lasting[i]) / x
				for k := range out {
					out[k].share *= by
					out[k].begins *= by
				}
			}
		}
		e.set(c.at, 0)
	}
	return out
}

// waited is shielded for who waits for switches that work, beside those that do
// not. alone wait whatever else is down.
func (e *exchange) waited(failed, working []int, alone float64) []shield {
	set := func(p []float64, list []int, to float64) {
		for _, i := range list {
			p[e.m.concerns[i].at[0]] = to
		}
	}
	e.kinds.evaluates(24, e.d.waiting)
	return e.shields(e.now, func(p []float64) (float64, []float64) {
		p = slices.Clone(p)
		set(p, failed, 1)
		without, less := e.d.waiting.Gradient(p)
		set(p, working, 1)
		with, slope := e.d.waiting.Gradient(p)
		for v := range slope {
			slope[v] -= less[v]
		}
		return with - without - alone, slope
	})
}

// shields tells what else is down apart by the share of its users that is hit: hit
// returns the share of time and users, with its derivatives, where that is as down as
// in now.
func (e *exchange) shields(now []float64, hit func(p []float64) (float64, []float64)) []shield {
	e.kinds.steps += 40 * len(e.d.spots)
	all, slope := hit(now)
	whole := shield{share: all, users: 1} // all of it, were it of all users
	var shares []float64
	some := map[float64][]hitters{}
	note := func(everything hitters) {
		if !e.addTo(&whole, everything, 1, slope) {
			return
		}
		for _, x := range everything.byShare() {
			if some[x.share] == nil {
				shares = append(shares, x.share)
			}
			some[x.share] = append(some[x.share], x)
		}
	}
	for k := range e.d.spots {
		if !e.d.first(k) {
			continue
		}
		// Those that are alike but for the mode's go together.
		rest := e.d.copies[k]
		if slices.ContainsFunc(rest, func(o int) bool { return slices.Contains(e.m.spots, o) }) {
			rest = slices.DeleteFunc(slices.Clone(rest), func(o int) bool { return slices.Contains(e.m.spots, o) })
		}
		if len(rest) == 0 {
			continue
		}
		everything := hitters{q: 1, often: 1, kinds: e.kinds.of(e.d.layout, element{spot: k}, 0)}
		for _, o := range rest {
			everything.at = append(everything.at, e.d.spots[o].at)
		}
		note(everything)
	}
	for _, x := range e.changing {
		note(hitters{at: [][]int{x.at}, q: 1, often: 1, kinds: x.kinds})
	}
	var out []shield
	sum := 0.0
	for _, share := range shares {
		// Only these, as a user meets them, and as somebody does.
		mine, theirs := slices.Clone(e.alone), slices.Clone(e.alone)
		if len(shares) == 1 {
			mine, theirs = slices.Clone(now), slices.Clone(now)
		}
		for _, h := range some[share] {
			for _, at := range h.at {
				for _, v := range at {
					mine[v], theirs[v] = now[v]*h.q, math.Min(1, now[v]*h.q/share)
				}
			}
		}
		one, _ := hit(mine)
		anybody, slope := hit(theirs)
		if one <= 0 || anybody <= 0 {
			continue
		}
		x := shield{share: anybody, users: math.Min(1, one/anybody)}
		for _, h := range some[share] {
			e.addTo(&x, h, 1/share, slope)
		}
		out, sum = append(out, x), sum+one
	}
	if len(out) == 0 {
		return []shield{whole} // it takes several of them
	}
	// What hits only with some of several of them goes to each.
	for i := range out {
		out[i].share *= all / sum
		out[i].begins *= all / sum
	}
	return out
}

// hitters are incidents of a spot, and those that are alike, or what is felt of a
// switch, that hit the same share of its users: of how often one of them is hit, and of how often that begins, they are
// the parts q and often.
type hitters struct {
	at              [][]int // its variables, and those of each that is alike
	share, q, often float64
	kinds           []similar
}

// byShare tells them apart by the share that they hit.
func (h hitters) byShare() (out []hitters) {
	q, often := 0.0, 0.0
	for _, x := range h.kinds {
		if x.even || x.q <= 0 || x.share <= 0 {
			continue
		}
		q, often = q+x.q*x.share, often+x.often*x.share
		at := slices.IndexFunc(out, func(o hitters) bool { return math.Abs(o.share-x.share) <= 1e-9*x.share })
		if at < 0 {
			at = len(out)
			out = append(out, hitters{at: h.at, share: math.Min(1, x.share)})
		}
		o := &out[at]
		o.q, o.often, o.kinds = o.q+x.q*x.share, o.often+x.often*x.share, append(o.kinds, x)
	}
	if q <= 0 || often <= 0 {
		h.share = 1
		return []hitters{h}
	}
	for i := range out {
		out[i].q, out[i].often = out[i].q/q, out[i].often/often
	}
	if len(out) == 1 {
		out[0].q, out[0].often, out[0].kinds = 1, 1, h.kinds
	}
	return out
}

// seldom is how much less likely than another something hits that takes several at once.
const seldom = 0.1

// addTo adds some incidents to a shield, of which slope are the derivatives, and
// reports whether they have a part in it.
func (e *exchange) addTo(out *shield, h hitters, times float64, slope []float64) bool {
	by := 0.0
	for _, v := range h.at[0] {
		by += e.often[v] * h.often * times * math.Max(0, slope[v])
	}
	by *= float64(len(h.at))
	if by <= 0 {
		return false
	}
	// What hits only together with others ends with the first of them: of two of one
	// length any part of it is left.
	some := slope[h.at[0][0]] < seldom*slices.Max(slope)
	out.begins += by
	all := 0.0
	for _, x := range h.kinds {
		all += x.often
	}
	for _, x := range h.kinds {
		for _, y := range x.blend {
			if x.even || all <= 0 {
				continue
			}
			law := y.Law
			if l, ok := law.(distribution.Fixed); ok && some {
				law = distribution.Uniform(l)
			}
			out.lasts = append(out.lasts, distribution.Kind{Often: by * y.Often / all, Law: law})
		}
	}
	return true
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
