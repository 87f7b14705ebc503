package availability

import (
	"math"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// A group of kinds of incidents of one element that hit the same share of its
// users. Errors that are always there are a group of their own: they multiply
// the share, and have no length.
type similar struct {
	share float64
	// meets is the share of the users that one of them hits at some time of it: more
	// than share, which is a mean over its time, where it reaches users in stages or
	// some are back before it is over.
	meets  float64
	even   bool
	often  float64 // incidents a second, of any user
	q      float64 // the chance that one is in progress
	blend  distribution.Blend
	causes []*scenario.Source // of each of blend; with even, those that are always there
	// alternates: while it is down it has no new incident.
	alternates bool
}

// mostSimilar is how many groups of kinds an element is told apart into; with
// more, all its incidents hit the same share, on average.
const mostSimilar = 6

// kinds returns what may take an element down, where the params have the values
// theta: incidents as they are behind the rides of its level and, with a cap,
// only until they are behind the rides of that level.
func (d *layout) kinds(x element, capped int, theta []float64) []similar {
	s := d.spots[x.spot]
	of := d.view.Of[s.part]
	rides := d.view.Nodes[of[x.level]].Rides
	top := math.Inf(1)
	if capped > 0 {
		top = d.view.Nodes[of[capped]].Rides.Mean() - rides.Mean()
	}
	var out []similar
	add := func(k similar) {
		for i := range out {
			o := &out[i]
			if o.even == k.even && math.Abs(o.share-k.share) <= 1e-12*k.share && math.Abs(o.meets-k.meets) <= 1e-12*k.meets {
				o.often += k.often
				o.q += k.q
				o.alternates = o.alternates && k.alternates
				o.blend, o.causes = append(o.blend, k.blend...), append(o.causes, k.causes...)
				return
			}
		}
		out = append(out, k)
	}
	for _, now := range s.now(d.objective, rides, theta) {
		up := now.others
		for i, c := range now.unit.causes {
			f, ok := c.hits(d.objective)
			if !ok {
				continue
			}
			share := math.Min(1, f.Value(theta))
			if c.Even {
				add(similar{share: math.Min(1, share*c.Share.Value(theta)), even: true, q: 1, causes: []*scenario.Source{c.Source}})
				continue
			}
			// As each user that it hits meets it: what is down for others only does
			// not matter.
			h := now.hits[i]
			if h.often <= 0 || h.q <= 0 || share <= 0 {
				continue
			}
			h.often /= share
			meets := share * c.reached(theta)
			if whole := c.mean(theta, true); whole > 0 {
				share *= c.mean(theta, false) / whole
			}
			h.q /= share
			law := d.laws.Elapsed(&c.Incident, theta)
			if len(rides) > 0 {
				_, law = d.laws.Felt(law, rides.Law())
			}
			q := h.q
			if top < math.Inf(1) {
				mean := law.Mean()
				law = distribution.AtMost(law, top)
				if mean > 0 {
					q *= law.Mean() / mean
				}
			}
			add(similar{
				share: share, meets: meets, often: h.often * up, q: q, blend: distribution.Blend{{Often: h.often * up, Law: law}}, causes: []*scenario.Source{c.Source},
				alternates: now.unit.oneAtATime || c.Clock != scenario.Anytime,
			})
		}
	}
	if len(out) > mostSimilar {
		out = blended(out)
	}
	return out
}

// A unitNow is a unit where the params are known.
type unitNow struct {
	unit   *unit
	hits   []hit
	q      float64
	others float64 // the chance that no other unit of its part is down
}

// now returns the units of a spot where the params have the values theta.
func (s *spot) now(objective string, rides scenario.Rides, theta []float64) []unitNow {
	var all []unitNow
	for _, u := range s.units {
		now := unitNow{unit: u, hits: u.at(objective, rides, theta, false, nil), others: 1}
		for _, h := range now.hits {
			now.q += h.q
		}
		all = append(all, now)
	}
	for n := range all {
		for m, o := range all {
			if m != n {
				all[n].others *= 1 - math.Min(1, o.q)
			}
		}
	}
	return all
}

// blended makes one group of all that are incidents.
func blended(list []similar) []similar {
	var out []similar
	one := similar{alternates: true}
	for _, k := range list {
		if k.even {
			out = append(out, k)
			continue
		}
		one.share += k.share * k.q
		one.meets += k.meets * k.often
		one.often += k.often
		one.q += k.q
		one.alternates = one.alternates && k.alternates
		one.blend, one.causes = append(one.blend, k.blend...), append(one.causes, k.causes...)
	}
	if one.q > 0 {
		one.share /= one.q
		one.meets /= one.often
		out = append(out, one)
	}
	return out
}

// combine calls do with each way in which elements can be down, one kind each:
// the share of the users that are exposed whom it hits.
func combine(kinds [][]similar, do func(chosen []*similar, share float64)) {
	chosen := make([]*similar, len(kinds))
	var next func(i int, share float64)
	next = func(i int, share float64) {
		if i == len(kinds) {
			do(chosen, share)
			return
		}
		for k := range kinds[i] {
			chosen[i] = &kinds[i][k]
			next(i+1, share*chosen[i].share)
		}
	}
	next(0, 1)
}

// An overlap is some elements down at once: how often it begins, and for what
// share of all time that lasts.
type overlap struct {
	often, q float64
	cuts     []distribution.Cut
	firsts   []*similar // with which each of cuts begins
}

// overlapOf returns it, of what was chosen of each element; it begins with any of
// them. Errors that are always there take no part. It is nothing where all are
// such errors.
func overlapOf(chosen []*similar, share float64) overlap {
	o := overlap{q: 1}
	some := false
	for i, first := range chosen {
		if first.even {
			continue
		}
		some = true
		o.q *= first.q
		c := distribution.Cut{Weight: first.often, First: first.blend, Scale: share}
		for k, x := range chosen {
			if k == i || x.even {
				continue
			}
			c.Weight *= x.q
			c.Others = append(c.Others, x.blend)
		}
		o.often += c.Weight
		o.cuts, o.firsts = append(o.cuts, c), append(o.firsts, first)
	}
	if !some {
		return overlap{}
	}
	return o
}

// who returns the share of users for whom a function of exposures is true.
func (d *Division) who(f structure.Node, p []float64) float64 {
	if f == structure.True {
		return 1
	}
	return d.exposed.Probability(f, p)
}

// up is the chance that no pure spot is down.
func (d *Division) up(theta []float64) float64 {
	up := d.apart
	for _, k := range d.moving {
		part := d.spots[k].part
		up *= 1 - d.engine.Down(part, d.objective, d.view.Nodes[d.view.Of[part][0]].Rides, theta, false).Q
	}
	return up
}

// clusterOf is the part of one: down for the share q of the time, while others are
// for x times as long at once, with the spread s.
func clusterOf(q, x, s float64) (clusters, evenly float64) {
	q, s = math.Min(0.5, q), math.Min(4, s)
	clusters = math.Min(mostClusters, q*math.Max(0, s*x*x-(1.76-0.76*s)*x)/(1+x))
	return clusters, clusters * math.Max(0, math.Min(1, 2-s))
}

// A tally is what the listed cuts of a row come to before they are made to fit
// the diagram.
type tally struct {
	often, hits, mass float64 // incidents; × the share that each hits; × how long
	pace              float64 // × how often they begin while nothing is lost
	cuts              []distribution.Cut
	partly            []Part
	carried           []Carried
	joint             [][]*scenario.Source // by cut: see Loss; nil: none
	kinds             []Outages            // of the cuts
	waits             []float64            // by switch: incidents × users that have waited on the way
	beside            bool                 // see Loss
	times             float64              // of how many modes that are alike it gets what it is told of one
	by                *blame               // mass by what caused it; nil: not asked for
}

// At returns what each row loses where the params have the values theta.
func (d *Division) At(theta []float64) []Loss { return d.lossesAt(theta, nil) }

// lossesAt is At. To blamed, where it is not nil, it adds by what each row was
// caused, in no unit: of one row these are in proportion.
func (d *Division) lossesAt(theta []float64, blamed []blame) []Loss {
	return d.losses(&kindsAt{theta: theta, known: map[kindsKey][]similar{}}, blamed)
}

func (d *Division) losses(at *kindsAt, blamed []blame) []Loss {
	out := make([]Loss, len(d.Rows))
	if len(d.Rows) == 0 {
		return out
	}
	d.engine.poll()
	up := d.up(at.theta)
	failed := d.switchesAt(at, up, out, blamed)
	d.cutsAt(at, up, failed, out, blamed)
	return out
}

// kindsAt keeps what elements are taken down by where the params are known: many
// cuts and modes have the same elements.
type kindsAt struct {
	theta []float64
	known map[kindsKey][]similar
	steps int // what it took so far, of about ten nanoseconds
}

// evaluates counts that functions are evaluated, so often each.
func (k *kindsAt) evaluates(times int, list ...*structure.Function) {
	for _, f := range list {
		k.steps += times * (f.Size()/4 + 4)
	}
}

type kindsKey struct {
	layout *layout
	element
	capped int
}

// of is layout.kinds, kept. Nobody may write to it.
func (k *kindsAt) of(l *layout, x element, capped int) []similar {
	x.spot = l.copies[x.spot][0]
	key := kindsKey{l, x, capped}
	list, ok := k.known[key]
	if !ok {
		list = l.kinds(x, capped, k.theta)
		k.known[key] = list
		for _, u := range l.spots[x.spot].units {
			k.steps += 150 * len(u.causes)
		}
	}
	return list
}

// longest is the longest mean outage that is told from one that never ends: where
// members are nearly always down a group comes back so seldom that how long that
// takes is no number. About 30 million years.
const longest = 1e15

// cutsAt fills in what is lost to cuts.
func (d *Division) cutsAt(at *kindsAt, up float64, failed []float64, out []Loss, blamed []blame) {
	theta := at.theta
	p, often := d.chances(theta, false)
	lost, slope := d.beside.Gradient(p)
	at.steps += 50 * d.size
	at.evaluates(3, d.beside)
	rows := tallies(len(d.Rows), blamed)
	var begins, mass float64 // of users, by the listed cuts
	partly := 0.0            // of those, what begins with partial spots
	covers := d.covers(theta, failed)
	clusters := clusterings{rows: rows}
	for n, c := range d.cuts {
		who := d.who(c.who, p)
		if who == 0 {
			continue
		}
		kinds := make([][]similar, len(c.elements))
		total := 1
		for i, x := range c.elements {
			kinds[i] = at.of(d.layout, x, c.capped[i])
			if total *= len(kinds[i]); total > 256 {
				kinds[i] = blended(kinds[i])
				total = total / max(1, len(kinds[i]))
			}
		}
		d.engine.poll()
		combine(kinds, func(chosen []*similar, share float64) {
			at.steps += 20 + 6*len(chosen)*len(chosen)
			share *= who
			o := overlapOf(chosen, share)
			if o.often <= 0 || share <= 0 {
				return
			}
			r, cover := &rows[c.row], c.times*covers[n]
			r.often += o.often * cover
			r.hits += o.often * share * cover
			r.mass += o.q * share * cover
			r.by.members(chosen, o.q*share*cover)
			clusters.add(c.row, cover, share, o, c.elements, kinds, chosen)
			for _, w := range c.waits {
				users := who * w.times
				for _, i := range []byte(w.of) {
					users *= chosen[i].share
				}
				if r.waits == nil {
					r.waits = make([]float64, len(d.switches))
				}
				r.waits[w.switched] += o.often * cover * users
			}
			for _, x := range o.cuts {
				x.Weight *= cover
				r.cuts = append(r.cuts, x)
			}
			d.carry(r, c, chosen, o.cuts, cover)
			begins += c.times * o.often * share
			mass += c.times * o.q * share
			k := 0
			for i, x := range chosen {
				if x.even {
					continue
				}
				if d.partial[c.elements[i].spot] {
					partly += c.times * o.cuts[k].Weight * share
				}
				k++
			}
		})
	}
	even := 0.0
	if k := slices.IndexFunc(d.Rows, func(r Row) bool { return r.Kind == Together }); k >= 0 {
		e, _ := d.chances(theta, true)
		even = d.beside.Probability(e) * up
		out[k].Even = even
	}
	lost = math.Max(0, lost*up-even)
	if lost <= 0 || begins <= 0 || mass <= 0 {
		return
	}
	// How often a user begins to be hit. What begins with a spot that is a
	// single point of others is known from the cuts alone.
	fit := lost / mass
	start := partly * fit
	for k, s := range d.spots {
		if d.pure[k] || d.partial[k] {
			continue
		}
		for _, v := range s.at {
			start += up * often[v] * slope[v]
		}
	}
	more := start / begins
	clusters.tell()
	for k := range rows {
		r := &rows[k]
		if r.often <= 0 || r.hits <= 0 {
			continue
		}
		l := &out[k]
		l.Often = r.often * more
		l.Share = r.hits / r.often
		spent := r.mass * fit / l.Share
		if l.Mean = spent / l.Often; !(l.Mean <= longest) {
			l.Often, l.Mean = spent/longest, longest
		}
		l.Cuts, l.Pace = r.cuts, 1
		l.Kinds = r.kinds
		all := Sum(r.kinds)
		l.Clusters, l.Evenly, l.Alike = all.Clusters()
		l.Carried = r.carried
		if l.Carried != nil {
			l.Joint = append(r.joint, make([][]*scenario.Source, len(r.cuts)-len(r.joint))...)
		}
		for i := range l.Carried {
			l.Carried[i].First *= l.Often / r.often
			l.Carried[i].During *= l.Often / r.often
		}
		for k, users := range r.waits {
			row := d.switches[k].row
			if row < 0 || users <= 0 {
				continue
			}
			// No more than half of all waiting.
			of := &out[row]
			spent := users / r.often * of.Mean
			if of.Often > 0 {
				l.Waits = append(l.Waits, Waited{row, math.Min(spent, of.Often*of.Share*of.Mean/(2*l.Often))})
			}
		}
	}
}

// carry notes what begins with, or during, incidents of causes that hit some users
// by themselves, or with errors of others that are always there, of the cuts that were
// added last to a row.
func (d *Division) carry(r *tally, c *cut, chosen []*similar, cuts []distribution.Cut, cover float64) {
	if len(cuts) < 2 {
		return // with errors that are always there: little more than the part by itself
	}
	var some []*scenario.Source
	k := -1
	for i, x := range chosen {
		if x.even {
			continue
		}
		k++
		if spot := c.elements[i].spot; !d.partial[spot] && !d.lone[spot] {
			continue
		}
		some = append(some, x.causes...)
		during, often, mean := 0.0, 0.0, 0.0
		for at, o := range cuts {
			if at != k {
				during += o.Weight * cover
			}
		}
		for _, kind := range x.blend {
			often += kind.Often
			mean += kind.Often * kind.Law.Mean()
		}
		for n, kind := range x.blend {
			at := slices.IndexFunc(r.carried, func(y Carried) bool { return y.Cause == x.causes[n] })
			if at < 0 {
				at = len(r.carried)
				r.carried = append(r.carried, Carried{Cause: x.causes[n]})
			}
			y := &r.carried[at]
			y.First += cuts[k].Weight * cover * kind.Often / often
			if mean > 0 {
				y.During += during * kind.Often * kind.Law.Mean() / mean
			}
		}
	}
	if some == nil {
		return
	}
	first := len(r.cuts) - len(cuts)
	r.joint = append(r.joint, make([][]*scenario.Source, len(r.cuts)-len(r.joint))...)
	for i := first; i < len(r.cuts); i++ {
		r.joint[i] = some
	}
}

// Hit returns the share of all time in which a random user is hit by cuts of a
// service, whatever switches do: P(hit ∧ no single point down).
func (d *Division) Hit(theta []float64) float64 {
	if d.beside == nil {
		return 0
	}
	p, _ := d.chances(theta, false)
	return d.beside.Probability(p) * d.up(theta)
}
