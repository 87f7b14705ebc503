package availability

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/structure"
)

// chances are how likely the variables of a layout are, and how often a second they
// begin.
type chances struct{ down, begin []float64 }

// covers returns, of each cut, the chance that no failed switch is an outage
// already while all of its elements are down. failed is the share of time that
// the failed switches of each mode take.
func (d *Division) covers(theta []float64, failed []float64) []float64 {
	out := make([]float64, len(d.cuts))
	works := make([]float64, len(d.switches))
	for k, w := range d.switches {
		works[k] = math.Min(1, w.need.Switch.Works.Value(theta))
	}
	// How likely no switch fails for any of the modes, and for those of each spot.
	all, certain := 0.0, 0
	mine := map[int][]int{} // modes by the first of the spots that are alike
	rest := func(k int) float64 { return math.Log1p(-math.Min(1, failed[k])) }
	for k, m := range d.modes {
		if failed[k] <= 0 {
			continue
		}
		if failed[k] >= 1 {
			certain++
		} else {
			all += m.times * rest(k)
		}
		for _, spot := range m.spots {
			first := d.copies[spot][0]
			mine[first] = append(mine[first], k)
		}
	}
	at := map[*cut]int{}
	for i, c := range d.cuts {
		if c.like != nil {
			out[i] = out[at[c.like]]
			continue
		}
		at[c] = i
		out[i] = 1
		if len(c.tried) > 0 {
			out[i] = 0
		}
		for _, tried := range c.tried {
			x := 1.0
			for _, k := range tried {
				x *= works[k]
			}
			out[i] += x / float64(len(c.tried))
		}
		// Those of what is no part of it.
		others, fail := all, certain
		var seen []int
		for _, x := range c.elements {
			for _, k := range mine[d.copies[x.spot][0]] {
				if slices.Contains(seen, k) {
					continue
				}
				seen = append(seen, k)
				apart := d.apartFrom(d.modes[k], c)
				if failed[k] < 1 {
					others -= d.modes[k].times * (1 - apart) * rest(k)
				} else if apart == 0 {
					fail--
				}
			}
		}
		if fail > 0 {
			others = math.Inf(-1)
		}
		out[i] *= math.Exp(math.Min(0, others))
	}
	return out
}

// apartFrom is the share of the sets of elements that a mode stands for that have
// none of a cut.
func (d *Division) apartFrom(m *mode, c *cut) float64 {
	share := 1.0
	taken := map[int]int{} // of copies that are alike, by the first of them
	for _, spot := range m.spots {
		class := d.copies[spot]
		free := len(class) - taken[class[0]]
		left := free
		for _, x := range c.elements {
			if d.copies[x.spot][0] == class[0] {
				left--
			}
		}
		share *= float64(max(0, left)) / float64(free)
		taken[class[0]]++
	}
	return share
}

// switchesAt fills in what is lost to switches, and returns the share of time that
// the failed switches of each mode take.
func (d *Division) switchesAt(at *kindsAt, up float64, out []Loss, blamed []blame) []float64 {
	failed := make([]float64, len(d.modes))
	if len(d.modes) == 0 {
		return failed
	}
	theta := at.theta
	p, often := d.chances(theta, false)
	below := map[*layout]chances{}
	for _, w := range d.switches {
		q, begins := w.below.chances(theta, false)
		below[w.below] = chances{q, begins}
	}
	rows := tallies(len(d.Rows), blamed)
	var before []changing
	for k, m := range d.modes {
		for i := range rows {
			rows[i].times = m.times
		}
		var now []changing
		failed[k], now = d.modeAt(m, at, up, p, often, below, before, rows)
		before = append(before, now...)
	}
	for k := range rows {
		r := &rows[k]
		if r.often <= 0 || r.hits <= 0 {
			continue
		}
		l := Loss{Often: r.often, Share: r.hits / r.often, Mean: r.mass / r.hits, Cuts: r.cuts, Pace: r.pace / r.often, Partly: r.partly, Beside: r.beside, Kinds: r.kinds}
		all := Sum(r.kinds)
		l.Clusters, l.Evenly, l.Alike = all.Clusters()
		out[k] = l
	}
	return failed
}

// add adds incidents of one amount, a share times a law, of each of so many modes that
// are alike, and returns what those of one come to.
func (t *tally) add(often, share, pace float64, blend distribution.Blend, mean float64, others ...distribution.Blend) float64 {
	if often <= 0 || share <= 0 || mean <= 0 {
		return 0
	}
	one := often * share * mean
	often *= t.times
	t.often += often
	t.hits += often * share
	t.mass += often * share * mean
	t.pace += often * pace
	t.cuts = append(t.cuts, distribution.Cut{Weight: often, First: blend, Others: others, Scale: share})
	_, _, spread := blend.Moments()
	square := often * share * share * mean * mean
	t.kinds = append(t.kinds, Outages{Cuts: 1, Often: often, Mass: often * share * mean, Second: square * spread})
	return one
}

// cluster notes that outages which were added last, from a kind on, come in clusters.
func (t *tally) cluster(first int, clusters, evenly float64) {
	for i := range t.kinds[first:] {
		k := &t.kinds[first+i]
		square := k.Mass * k.Mass / k.Often
		k.More += clusters * square
		k.Evenly += evenly * square
		k.Pairs += clusters * k.Often
	}
}

// behind adds incidents that hit users only while something else is down, which
// is so already when one begins, or begins while it lasts.
func (t *tally) behind(often, share, pace float64, law distribution.Law, x shield) {
	share *= x.users
	mine := distribution.Blend{{Often: 1, Law: law}}
	all, own, spread := x.lasts.Moments()
	if x.begins <= 0 || own <= 0 {
		t.add(often*x.share, share, pace, mine, law.Mean())
		return
	}
	// The other is as long as it must be for its share.
	m, mean := law.Mean(), x.share/x.begins
	other := make(distribution.Blend, len(x.lasts))
	for i, k := range x.lasts {
		other[i] = distribution.Kind{Often: k.Often / all, Law: k.Law.Scale(mean / own)}
	}
	first := len(t.kinds)
	common := math.Min(distribution.Common(mine, other), math.Min(m, mean))
	t.add(often*x.share, share, pace, mine, common, other)
	t.add(often*x.begins*m, share, pace, other, mean*(1-common/m), mine)
	// Several of them in one outage of the other, and the other way round.
	for _, c := range [][3]float64{{often * m, mean / m, spread}, {x.share, m / mean, law.SecondMoment() / (m * m)}} {
		clusters, evenly := clusterOf(c[0], c[1], c[2])
		t.cluster(first, clusters, evenly)
	}
}

// mostWays is in how many ways several elements are down that are told apart by whom
// they hit.
const mostWays = 8

// A changing is what one mode does to one switch: for how long, and how often, its
// users wait for it or feel that it failed.
type changing struct {
	*switched
	mode   *mode
	kinds  []similar
	levels []hit // of a random user, behind each ride before it
}

// add adds incidents that hit a share of the users of the switch.
func (c *changing) add(often, share, stretch float64, blend distribution.Blend) {
	all, mean, _ := blend.Moments()
	if often <= 0 || all <= 0 {
		return
	}
	k := similar{share: share, meets: share, often: often, q: often * mean * stretch}
	for _, x := range blend {
		k.blend = append(k.blend, distribution.Kind{Often: often * x.Often / all, Law: x.Law})
	}
	c.kinds = append(c.kinds, k)
	for i, rides := range c.behind {
		h := hit{}
		for _, x := range k.blend {
			left := past(x.Law, 0, rides)
			h.often += x.Often * left.chance * share
			h.q += x.Often * left.felt * stretch * share
		}
		c.levels[i].q += h.q
		c.levels[i].often += h.often
	}
}

// modeAt adds what the switches of one mode lose, and returns the share of time
// that those take that fail, and what it does to each of them. before is what the
// modes before it do.
func (d *Division) modeAt(m *mode, at *kindsAt, up float64, p, often []float64, below map[*layout]chances, before []changing, rows []tally) (lost float64, changes []changing) {
	theta := at.theta
	kinds := make([][]similar, len(m.elements))
	for i, x := range m.elements {
		for _, k := range at.of(m.below, x, 0) {
			if !k.even {
				kinds[i] = append(kinds[i], k)
			}
		}
	}
	ways := 1
	for _, list := range kinds {
		ways *= max(1, len(list))
	}
	if len(m.elements) > 1 && ways > mostWays {
		for i := range kinds {
			kinds[i] = blended(kinds[i])
		}
	}
	e := d.exchange(m, at, p, often, before)
	busy := 0.0
	for _, list := range kinds {
		q := 0.0
		for _, k := range list {
			q += k.q
		}
		busy = math.Max(busy, math.Min(0.5, q))
	}
	if len(m.elements) == 1 {
		e.busy = busy
	}
	takes := make([]distribution.Law, len(m.concerns))
	works := make([]float64, len(m.concerns))
	concerned, survives, stretch := make([]float64, len(m.concerns)), make([]float64, len(m.concerns)), make([]float64, len(m.concerns))
	lasting := make([]float64, len(m.concerns))
	for i, c := range m.concerns {
		takes[i] = c.need.Switch.Takes.Law(theta)
		works[i] = math.Min(1, c.need.Switch.Works.Value(theta))
		concerned[i] = c.concerned(d, m, below[c.below].down)
		survives[i] = c.survives(below[c.below].down)
		at.evaluates(1, c.group)
		at.evaluates(4, c.up...)
		at.steps += 20 * len(c.below.spots)
		stretch[i] = c.stretch(d, theta, below[c.below])
		lasting[i] = 1
		if len(d.switches) > 1 {
			lasting[i] = c.lasting(below[c.below], survives[i], kinds)
			at.evaluates(3, c.group)
		}
	}
	if len(d.switches) > 1 {
		for _, c := range m.concerns {
			changes = append(changes, changing{switched: c.switched, mode: m, levels: make([]hit, len(c.rides))})
		}
	}
	combine(kinds, func(chosen []*similar, share float64) {
		o := overlapOf(chosen, share)
		if o.often <= 0 {
			return
		}
		for i := range changes {
			c, begins := &changes[i], m.times*o.often*concerned[i]*survives[i]
			c.add(begins*works[i], share, 1, distribution.Blend{{Often: 1, Law: takes[i]}})
			lasts := chosen[0].blend
			if len(m.elements) > 1 {
				lasts = distribution.Blend{{Often: 1, Law: distribution.Exponential(o.q / o.often)}}
			}
			c.add(begins*(1-works[i]), share, stretch[i]*lasting[i], lasts)
		}
		// Who is concerned, and which switches fail.
		for mask := 1; mask < 1<<len(m.concerns); mask++ {
			chance := 1.0
			var on []int
			for i := range m.concerns {
				if mask>>i&1 == 1 {
					chance *= concerned[i]
					on = append(on, i)
				} else {
					chance *= 1 - concerned[i]
				}
			}
			if chance <= 0 {
				continue
			}
			for failing := range 1 << len(on) {
				d.engine.poll()
				at.steps += 50
				x := chance
				var failed, working []int
				for n, i := range on {
					if failing>>n&1 == 1 {
						x *= 1 - works[i]
						failed = append(failed, i)
					} else {
						x *= works[i]
						working = append(working, i)
					}
				}
				if x <= 0 {
					continue
				}
				all := x
				longer := 0.0
				for _, i := range failed {
					all *= survives[i]
					longer = math.Max(longer, stretch[i])
				}
				all *= longer
				for i := range m.rides {
					ridden := &m.rides[i]
					e.behind(ridden)
					at.steps += 50
					if !m.pure {
						lost += d.fail(m, e, failed, lasting, chosen, o, ridden.chance*all, share, ridden.chance*x/chance, merging*(longer-1), rows)
					}
					d.wait(m, e, failed, working, takes, survives, o.often*x*up*ridden.chance, share*met(chosen), ridden.chance*x/chance, chosen, o, rows)
				}
			}
		}
	})
	return lost, changes
}

// met is how many times as many users of what is down meet its beginning as are hit by
// it at one time of it, on average: the last to go down has them wait. Each of several
// is the last in turn with how often it goes down.
func met(chosen []*similar) float64 {
	sum, all := 0.0, 0.0
	for _, k := range chosen {
		if k.even || k.q <= 0 || k.share <= 0 {
			continue
		}
		last := k.often / k.q
		sum, all = sum+last*k.meets/k.share, all+last
	}
	if all <= 0 {
		return 1
	}
	return sum / all
}

// fail adds the outages of members that failed switches did not take out of
// service, and returns the share of time that they take. Each is tried where its
// own group survives, whatever else is down.
func (d *Division) fail(m *mode, e *exchange, failed []int, lasting []float64, chosen []*similar, o overlap, chance, share, failing, clusters float64, rows []tally) (lost float64) {
	if len(failed) == 0 || len(m.rows) == 0 {
		return 0
	}
	hits := e.course(nil, failed)
	shielded := e.shielded(failed, lasting)
	if len(hits) == 0 && len(shielded) == 0 {
		return 0
	}
	after := e.rides[failed[0]][0]
	for _, i := range failed {
		after = math.Min(after, e.rides[i][0])
	}
	for at, c := range o.cuts {
		for n, kind := range c.First {
			row := m.rows[0]
			blend := c.First
			weight := c.Weight
			if len(m.elements) == 1 {
				// Each cause has its own row.
				blend = c.First[n : n+1]
				weight = kind.Often
				row = m.rowOf(chosen[0], n)
			}
			before, mass := len(rows[row].kinds), rows[row].mass
			law := distribution.Law(nil)
			if len(c.Others) == 0 && len(blend) == 1 {
				law = blend[0].Law
			}
			whole := law
			if whole == nil {
				whole = distribution.Exponential(o.q / o.often)
			}
			if len(shielded) > 0 {
				mine := distribution.AtMost(whole, hits.end())
				begins := weight * chance
				if after > 0 {
					left := 0.0
					left, mine = d.laws.Felt(mine, e.ridden(after))
					begins *= left
				}
				rows[row].beside = rows[row].beside || begins > 0
				for _, x := range shielded {
					if begins > 0 {
						rows[row].behind(begins, share, e.pace(failing*x.share), mine, x)
					}
				}
			}
			switch {
			case len(hits) == 0:
			case law == nil && len(hits) == 1 && hits[0].from == 0:
				lost += rows[row].add(weight*chance, share*hits[0].share, e.pace(failing), blend, o.q/o.often, c.Others...)
			default:
				begins, users, felt := e.felt(whole, hits)
				often := weight * chance * begins
				if often <= 0 {
					break
				}
				users *= share
				lost += rows[row].add(often, users, e.pace(failing), distribution.Blend{{Often: 1, Law: felt}}, felt.Mean())
				if law != nil && d.partial[m.spots[0]] {
					// The incident hits some users by itself too.
					part := Part{Cause: chosen[0].causes[n], Often: m.times * often, Spent: users * felt.Mean(), Cut: len(rows[row].cuts) - 1, Along: math.IsInf(hits.end(), 1)}
					if !part.Along {
						part.Spent = users * math.Max(0, hits.end()-hits[0].from) // until it does
					}
					rows[row].partly = append(rows[row].partly, part)
				}
			}
			rows[row].cluster(before, clusters, 0)
			if len(m.elements) > 1 {
				rows[row].by.begun(o.firsts[at], rows[row].mass-mass)
				break
			}
			rows[row].by.add(chosen[0].causes[n], rows[row].mass-mass)
		}
	}
	return lost
}

// merging is by how much incidents that merge into one outage come in clusters,
// relative to how much longer that makes the outage. With incidents in progress as
// in M/G/∞ and little load ρ an outage is 1 + ρ/2 times as long, and the variance
// of all lost time is 1 + 5/6·ρ times that of single incidents where they are of a
// fixed length, 1 + 3/4·ρ where they are exponential.
const merging = 1.6

// rowOf returns the row of the n-th incident of some that are similar.
func (m *mode) rowOf(s *similar, n int) int {
	k := slices.Index(m.causes, s.causes[n])
	return m.rows[max(0, k)]
}

// wait adds what users wait for switches that work, beside those that do not.
func (d *Division) wait(m *mode, e *exchange, failed, working []int, takes []distribution.Law, survives []float64, often, share, works float64, chosen []*similar, o overlap, rows []tally) {
	if len(working) == 0 {
		return
	}
	slices.SortStableFunc(working, func(a, b int) int { return -cmp.Compare(takes[a].Mean(), takes[b].Mean()) })
	var laws []distribution.Law
	for _, i := range working {
		laws = append(laws, takes[i])
	}
	longest := d.laws.Longest(laws)
	if len(m.elements) == 1 && len(e.steps) == 0 {
		// There is something to wait for where the group survives.
		left := 1.0
		for _, i := range working {
			left = math.Min(left, survives[i])
		}
		d.waitBeyond(m, e, failed, working, longest, often*left, share, works, chosen[0], rows)
	}
	if m.pure {
		return
	}
	if len(working) == 1 && len(m.elements) == 1 && len(e.steps) == 0 && e.whileDown(working) {
		// Who is back with the member waits no longer.
		longest = d.laws.Shortest(longest, chosen[0].blend)
		laws = []distribution.Law{longest}
	}
	after := math.Inf(1)
	for _, i := range working {
		after = math.Min(after, e.rides[i][0])
	}
	chance, law := 1.0, longest
	if after > 0 {
		if chance, law = d.laws.Felt(longest, e.ridden(after)); chance <= 0 {
			return
		}
	}
	alone, now := e.hit(append(slices.Clone(failed), working...), math.Inf(1))
	a, n := e.hit(failed, math.Inf(1))
	alone, now = alone-a, now-n
	hits := e.course(failed, working)
	if alone <= 1e-15 {
		// Perhaps behind a longer ride.
		if len(hits) > 0 && hits[0].from > after && longest.Survival(hits[0].from) > 0 {
			after = hits[0].from
			at := math.Nextafter(after, math.Inf(1))
			_, with := e.hit(append(slices.Clone(failed), working...), at)
			_, without := e.hit(failed, at)
			alone, now = hits[0].share, with-without
			chance, law = d.laws.Felt(longest, distribution.Fixed(after))
		}
	}
	total := now
	if now <= 0 {
		return
	}
	if alone <= 1e-15 {
		if after == 0 && len(e.steps) == 0 {
			row := &rows[m.concerns[working[0]].row]
			mass := row.mass
			for _, x := range e.waited(failed, working, 0) {
				row.behind(often, share*e.amount(failed, working, laws)/(now*longest.Mean()), e.pace(works*now), longest, x)
			}
			row.by.begunByAny(o, row.mass-mass)
			return
		}
		alone = 1 // who is hit only while something else is down
	} else if after == 0 && len(e.steps) == 0 && now > alone*(1+1e-6) {
		// Some wait always, and others only while something else is down.
		row := &rows[m.concerns[working[0]].row]
		mass := row.mass
		amount := e.amount(failed, working, laws) / (now * longest.Mean())
		for _, x := range e.waited(failed, working, alone) {
			row.beside = true
			row.behind(often, share*amount, e.pace(works*now), longest, x)
		}
		row.by.begunByAny(o, row.mass-mass)
		now = alone
	}
	// The mean amount of users and time, as the switches end one after the
	// other.
	mean := chance * law.Mean()
	if e.ride == nil {
		mean = e.amount(failed, working, laws) / total
	}
	if mean <= 0 {
		return
	}
	most := alone // of the users that are concerned
	begins := often * chance * now / alone
	if rising := hits.rising(); alone < 1 && rising && len(hits) > 1 && hits[0].from == after {
		// More of them wait behind longer rides.
		chance, most, law = e.felt(longest, hits)
		begins = often * chance * now / alone
	}
	scale := alone * mean / (chance * law.Mean())
	if scale > most*(1-1e-12) {
		begins *= scale / most // no more users than there are: what else waits is one more
		scale = most
	}
	row := &rows[m.concerns[working[0]].row]
	row.by.begunByAny(o, m.times*row.add(begins, share*scale, e.pace(works), distribution.Blend{{Often: 1, Law: law}}, law.Mean()))
	if len(m.elements) == 1 && len(failed) == 0 && d.partial[m.spots[0]] {
		// In turn with how often each of its causes begins.
		all := 0.0
		for _, k := range chosen[0].blend {
			all += k.Often
		}
		for n, k := range chosen[0].blend {
			row.partly = append(row.partly, Part{Cause: chosen[0].causes[n], Often: m.times * begins * k.Often / all, Spent: share * scale * law.Mean(), Cut: len(row.cuts) - 1})
		}
	}
}

// waitBeyond adds what users wait whom the mode hits by itself, once it is over: they
// have waited since it began.
func (d *Division) waitBeyond(m *mode, e *exchange, failed, working []int, longest distribution.Law, often, share, works float64, first *similar, rows []tally) {
	if often <= 0 || slices.ContainsFunc(working, func(i int) bool { return e.rides[i][0] > 0 }) {
		return
	}
	who := e.hitAfter(append(slices.Clone(failed), working...)) - e.hitAfter(failed)
	if !m.pure {
		with, _ := e.hit(append(slices.Clone(failed), working...), math.Inf(1))
		without, _ := e.hit(failed, math.Inf(1))
		who -= with - without
	}
	if who <= 1e-12 {
		return
	}
	all := 0.0
	for _, k := range first.blend {
		all += k.Often
	}
	row := &rows[m.concerns[working[0]].row]
	for n, k := range first.blend {
		chance, law := d.laws.Felt(longest, k.Law)
		if chance <= 1e-9 {
			continue
		}
		blend := distribution.Blend{{Often: 1, Law: law}}
		row.by.add(first.causes[n], m.times*row.add(often*chance*k.Often/all, share*who, e.pace(works), blend, law.Mean()))
	}
}

// concerned returns the share of the users of a mode's members whom a switch
// concerns: those for whom a member fails that was up before.
func (c *concern) concerned(d *Division, m *mode, p []float64) float64 {
	p = slices.Clone(p)
	for k, s := range c.below.spots {
		x, ok := d.at[s.part]
		if ok && (d.pure[x] || d.partial[x]) || slices.Contains(m.spots, x) {
			for _, v := range c.below.spots[k].at {
				p[v] = 0
			}
		}
	}
	out := 1.0
	for i, who := range c.who {
		share := 1.0
		if who != structure.True {
			share = c.below.exposed.Probability(who, p)
		}
		out *= 1 - share*(1-c.up[i].Probability(p))
	}
	return 1 - out
}

// survives returns the chance that the group of a switch is not down while its
// mode is.
func (c *concern) survives(p []float64) float64 {
	p = slices.Clone(p)
	for _, k := range c.in {
		p[c.below.spots[k].at[0]] = 1
	}
	return 1 - c.group.Probability(p)
}

// lasting is the part of an outage of the mode for which the group of a switch stays
// up that survived when it began.
func (c *concern) lasting(now chances, survives float64, kinds [][]similar) float64 {
	p := slices.Clone(now.down)
	for _, k := range c.in {
		p[c.below.spots[k].at[0]] = 1
	}
	_, slope := c.group.Gradient(p)
	begins := 0.0
	for k, s := range c.below.spots {
		if !slices.Contains(c.in, k) {
			begins += now.begin[s.at[0]] * slope[s.at[0]]
		}
	}
	if begins <= 0 || survives >= 1 {
		return 1
	}
	// For how long the group is down, and the mode is.
	down, ends := (1-survives)/begins, 0.0
	for _, list := range kinds {
		often, q := 0.0, 0.0
		for _, x := range list {
			often, q = often+x.often, q+x.q
		}
		if q > 0 {
			ends += often / q
		}
	}
	return 1 - (1-survives)/(1+down*ends)
}

// stretch is by how much a member's outage is longer than the incidents that begin
// it, since others may begin before they are over: the share of time that it is
// down, over how often that begins, held against the lengths of its single parts.
func (c *concern) stretch(d *Division, theta []float64, now chances) float64 {
	if len(c.in) != 1 {
		return 1
	}
	most := 1.0
	// What hits users by itself is no part of it.
	p, often := slices.Clone(now.down), slices.Clone(now.begin)
	for k, s := range c.below.spots {
		if x, ok := d.at[s.part]; ok && (d.pure[x] || d.partial[x]) && !slices.Contains(c.in, k) {
			for _, v := range s.at {
				p[v], often[v] = 0, 0
			}
		}
	}
	for _, f := range c.up {
		down, slope := f.Gradient(p)
		begins, alone := 0.0, 0.0
		for _, s := range c.below.spots {
			v := s.at[0]
			if slope[v] <= 0 || often[v] <= 0 {
				continue
			}
			begins += often[v] * slope[v]
			for _, now := range s.now(d.objective, c.below.view.Nodes[c.below.view.Of[s.part][0]].Rides, theta) {
				for i, h := range now.hits {
					if x := now.unit.causes[i]; !x.Even && h.often > 0 {
						alone += h.often * now.others * slope[v] * x.mean(theta, true)
					}
				}
			}
		}
		if alone > 0 && begins > 0 {
			most = math.Max(most, down/alone)
		}
	}
	return math.Min(1.5, most)
}
