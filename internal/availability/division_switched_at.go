package availability

import (
	"math"
	"slices"

	"tightrope/internal/distribution"
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
