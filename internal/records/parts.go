package records

import (
	"cmp"
	"math"
	"slices"
)

// A part of an incident.
type part int

const (
	detecting part = iota
	acknowledging
	recovering
	parts
)

// A division says which parts the record tells apart. Time to recover includes
// what is not told apart before it.
type division struct{ detected, acknowledged bool }

// divisions from the one that tells most.
var divisions = []division{{true, true}, {true, false}, {false, true}, {}}

// cut returns the lengths of the parts of one incident. ok is false where a
// time is missing.
func (d division) cut(i *Incident) (x [parts]float64, ok bool) {
	if i.Resolved.IsZero() || d.detected && i.Detected.IsZero() || d.acknowledged && i.Acknowledged.IsZero() {
		return x, false
	}
	from := i.Started
	if d.detected {
		x[detecting] = seconds(from, i.Detected)
		from = i.Detected
	}
	if d.acknowledged {
		x[acknowledging] = seconds(from, i.Acknowledged)
		from = i.Acknowledged
	}
	x[recovering] = seconds(from, i.Resolved)
	return x, true
}

// A fit is what the record tells about one group.
type fit struct {
	*group
	whole   sample // lengths from start to end
	mean    float64
	share   float64 // of users, by duration
	bad     float64 // seconds of lost time of all its incidents
	divided division
	// Of each part: what was seen, and the mean and spread of logarithms that
	// are written.
	seen  [parts]sample
	means [parts]float64
	sigma [parts]float64

	responder string // who acknowledges; empty where that is not told
}

// fits returns what the record tells about each group, most lost time first.
func (r *Record) fits() []*fit {
	groups := r.groups()
	var every []float64
	for _, g := range groups {
		every = append(every, g.lengths()...)
	}
	ofAll := measure(every).mean

	all := make([]*fit, len(groups))
	for k, g := range groups {
		f := &fit{group: g, whole: measure(g.lengths()), share: g.impact()}
		f.mean = f.whole.mean
		if f.whole.n == 0 {
			f.mean = ofAll
		}
		f.bad = float64(len(g.incidents)) * f.mean * f.share
		f.divide()
		all[k] = f
	}
	spreads(all)
	responders(all)
	slices.SortStableFunc(all, func(a, b *fit) int {
		return cmp.Or(cmp.Compare(b.bad, a.bad), cmp.Compare(len(b.incidents), len(a.incidents)), cmp.Compare(a.name, b.name))
	})
	return all
}

// divide finds the parts that are told for most of the incidents. Their means
// are in proportion as in the incidents that tell them, and together exactly
// the mean of all.
func (f *fit) divide() {
	for _, d := range divisions {
		var x [parts][]float64
		for _, i := range f.incidents {
			if cut, ok := d.cut(i); ok {
				for p := range cut {
					x[p] = append(x[p], cut[p])
				}
			}
		}
		if d != (division{}) && 2*len(x[recovering]) <= f.whole.n {
			continue
		}
		f.divided = d
		var sum float64
		for p := range f.seen {
			f.seen[p] = measure(x[p])
			sum += f.seen[p].mean
		}
		for p := range f.means {
			if sum > 0 {
				f.means[p] = f.mean * f.seen[p].mean / sum
			}
		}
		if f.whole.n == 0 {
			f.means[recovering] = f.mean
		}
		return
	}
}

// spreads finds the spread of each part of each group. A group leans on the
// same part in other groups that are divided in the same way.
func spreads(all []*fit) {
	type like struct {
		p part
		d division
	}
	pools := map[like][]sample{}
	kind := func(f *fit, p part) like {
		if p == recovering {
			return like{p, f.divided}
		}
		return like{p: p}
	}
	for _, f := range all {
		for p := range parts {
			k := kind(f, p)
			pools[k] = append(pools[k], f.seen[p])
		}
	}
	pool := map[like]float64{}
	for k, samples := range pools {
		pool[k] = pooled(samples)
	}
	for _, f := range all {
		for p := range parts {
			f.sigma[p] = f.seen[p].spread(pool[kind(f, p)])
		}
	}
}

// onCall is who acknowledges, where the record does not tell different people
// apart.
const onCall = "on-call"

// responders says who acknowledges. It is one responder for all groups: the
// same people are called whatever the cause. A group has its own where its
// times to acknowledge are clearly others, or where the common time would not
// leave a tenth of its recovery. What the common time takes more or less than
// the group's own is taken from or added to its recovery, so that an incident
// lasts as long as it did.
func responders(all []*fit) {
	var told []*fit
	for _, f := range all {
		if f.divided.acknowledged {
			f.responder = onCall + "-" + f.name
			told = append(told, f)
		}
	}
	alike := likeOthers(told)
	var sum, n float64
	for _, f := range alike {
		sum += float64(len(f.incidents)) * f.means[acknowledging]
		n += float64(len(f.incidents))
	}
	var common []*fit
	var x []float64
	for _, f := range alike {
		more := sum/n - f.means[acknowledging]
		if more > 0.9*f.means[recovering] {
			continue
		}
		f.responder = onCall
		f.means[recovering] -= more
		f.means[acknowledging] = sum / n
		x = append(x, f.seen[acknowledging].x...)
		common = append(common, f)
	}
	one := measure(x)
	sigma := one.spread(pooled([]sample{one}))
	for _, f := range common {
		f.sigma[acknowledging] = sigma
	}
}

// likeOthers returns those whose mean logarithm of the time to acknowledge is
// within three standard errors of that of all.
func likeOthers(told []*fit) []*fit {
	var every []float64
	var within float64
	free := 0
	for _, f := range told {
		_, square := logMoments(f.seen[acknowledging].x)
		within += square
		free += f.seen[acknowledging].n - 1
		every = append(every, f.seen[acknowledging].x...)
	}
	center, _ := logMoments(every)
	variance := within / math.Max(1, float64(free))
	var alike []*fit
	for _, f := range told {
		mean, _ := logMoments(f.seen[acknowledging].x)
		// The small number lets a single group with no spread be like itself.
		if math.Abs(mean-center) <= 3*math.Sqrt(variance/float64(f.seen[acknowledging].n))+1e-9 {
			alike = append(alike, f)
		}
	}
	return alike
}

// logMoments returns the mean of the logarithms, and the sum of their squares
// about it.
func logMoments(x []float64) (mean, square float64) {
	for _, v := range x {
		mean += math.Log(math.Max(v, shortest)) / float64(len(x))
	}
	for _, v := range x {
		d := math.Log(math.Max(v, shortest)) - mean
		square += d * d
	}
	return mean, square
}
