package availability

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/distribution"
)

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
