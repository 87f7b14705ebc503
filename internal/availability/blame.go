package availability

import (
	"math"

	"tightrope/internal/scenario"
)

// A blame is how much of something was caused by what, in the order in which the
// causes were met. One rule divides it: the time of a cut is split equally among
// its members, and that of a member among what has it down by how long each does;
// a failed change-over and the wait for one are of what made the member fail.
type blame []blamed

type blamed struct {
	cause *scenario.Source
	much  float64
}

// tallies returns empty ones, which add to blamed where that is not nil.
func tallies(n int, blamed []blame) []tally {
	out := make([]tally, n)
	for k := range blamed {
		out[k].by = &blamed[k]
	}
	return out
}

// add adds what one cause did.
func (b *blame) add(cause *scenario.Source, much float64) {
	if b == nil || !(much > 0) {
		return
	}
	for i := range *b {
		if (*b)[i].cause == cause {
			(*b)[i].much += much
			return
		}
	}
	*b = append(*b, blamed{cause, much})
}

// members splits what some elements lose together equally among them.
func (b *blame) members(chosen []*similar, much float64) {
	if b == nil {
		return
	}
	for _, x := range chosen {
		part := much / float64(len(chosen))
		if x.even {
			for _, c := range x.causes {
				b.add(c, part/float64(len(x.causes)))
			}
			continue
		}
		total := 0.0
		for _, k := range x.blend {
			total += k.Often * k.Law.Mean()
		}
		for i, k := range x.blend {
			if total > 0 {
				b.add(x.causes[i], part*k.Often*k.Law.Mean()/total)
			}
		}
	}
}

// begun gives what began with one element to its causes, by how often each begins.
func (b *blame) begun(x *similar, much float64) {
	if b == nil {
		return
	}
	total := 0.0
	for _, k := range x.blend {
		total += k.Often
	}
	for i, k := range x.blend {
		if total > 0 {
			b.add(x.causes[i], much*k.Often/total)
		}
	}
}

// begunByAny gives what began with an overlap to what it begins with, by how often.
func (b *blame) begunByAny(o overlap, much float64) {
	if b == nil {
		return
	}
	total := 0.0
	for _, c := range o.cuts {
		total += c.Weight
	}
	for i, c := range o.cuts {
		if total > 0 {
			b.begun(o.firsts[i], much*c.Weight/total)
		}
	}
}

// A Caused is the part of the time of a row that one source caused.
type Caused struct {
	Cause *scenario.Source
	// Part of the row's time; those of one row add up to 1.
	Part float64
}

// Causes tells for each row what caused its time, averaged over what the unsure
// inputs may be: an empty list where nothing is lost. Rows of errors that are
// always there have none.
func (d *Division) Causes() [][]Caused {
	if len(d.Rows) == 0 {
		return nil
	}
	var causes []*scenario.Source
	at := map[*scenario.Source]int{}
	note := func(l *layout) {
		for _, s := range l.spots {
			for _, u := range s.units {
				for _, c := range u.causes {
					if _, known := at[c.Source]; !known {
						at[c.Source] = len(causes)
						causes = append(causes, c.Source)
					}
				}
			}
		}
	}
	note(d.layout)
	for _, w := range d.switches {
		note(w.below)
	}
	n := len(causes)
	sums, _ := d.Average(func(theta []float64) []float64 {
		by := make([]blame, len(d.Rows))
		losses := d.lossesAt(theta, by)
		out := make([]float64, n*len(d.Rows))
		for k := range d.Rows {
			l, total := &losses[k], 0.0
			for _, x := range by[k] {
				total += x.much
			}
			for _, x := range by[k] {
				if spent := l.Often * l.Share * l.Mean; total > 0 && spent > 0 && !math.IsInf(spent, 0) {
					out[n*k+at[x.cause]] += spent * x.much / total
				}
			}
		}
		return out
	})
	out := make([][]Caused, len(d.Rows))
	for k := range d.Rows {
		total := 0.0
		for i := range causes {
			total += math.Max(0, sums[n*k+i])
		}
		for i, c := range causes {
			if x := math.Max(0, sums[n*k+i]); total > 0 && x > 0 {
				out[k] = append(out[k], Caused{c, x / total})
			}
		}
	}
	return out
}
