package availability

import (
	"math"
	"slices"

	"tightrope/internal/distribution"
)

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
