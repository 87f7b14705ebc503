package availability

import (
	"math"
	"slices"
)

// A line is what is told as one source: all of one name on one service.
type line struct {
	Importance
	spots []int // where it is
	at    map[place]bool
}

// A place is that of a source in a state.
type place struct{ spot, source int }

// lines gathers the sources of a network as they are told.
func (b *question) lines() []*line {
	type key struct{ service, name string }
	var out []*line
	known := map[key]*line{}
	for k, s := range b.spots {
		i := 0
		for _, u := range s.units {
			for _, c := range u.causes {
				id := key{c.Service, c.Name}
				l := known[id]
				if l == nil {
					l = &line{Importance{Source: c.Source, Part: s.part}, nil, map[place]bool{}}
					known[id] = l
					out = append(out, l)
				}
				if !slices.Contains(l.spots, k) {
					l.spots = append(l.spots, k)
				}
				l.at[place{k, i}] = true
				i++
			}
		}
	}
	return out
}

// importance tells how much each source matters, those that are never at work
// left out.
func (b *question) importance(x *expectation) []Importance {
	var out []Importance
	st := &state{p: slices.Clone(x.mean.p), often: make([]float64, b.size)}
	for _, l := range b.lines() {
		b.engine.poll()
		some := b.without(l, x.mean, st)
		if some == 0 || x.meanHit == 0 {
			continue
		}
		gain := 0.0
		if v := b.spots[l.spots[0]].at; len(l.spots) == 1 && len(v) == 1 {
			gain = x.meanSlope[v[0]] * (x.mean.p[v[0]] - st.p[v[0]])
		} else {
			gain = x.meanHit - b.user.Probability(st.p)
		}
		for _, k := range l.spots {
			for _, v := range b.spots[k].at {
				st.p[v] = x.mean.p[v]
			}
		}
		gain = math.Max(0, gain)
		rest := x.meanHit - gain            // the chance of being hit without them
		l.Birnbaum = math.Min(1, gain/some) // rounding apart
		l.FussellVesely = math.Min(1, gain/x.meanHit)
		l.Broke = math.Min(1, (gain+some*rest)/x.meanHit)
		out = append(out, l.Importance)
	}
	return out
}

// without sets a state as it is without the sources of a line, and returns the
// chance that some of them is at work.
func (b *question) without(l *line, mean, to *state) (some float64) {
	for _, k := range l.spots {
		s := b.spots[k]
		levels := make([]hit, len(s.behind))
		for level, hits := range mean.hits[k] {
			left, gone := slices.Clone(hits), make([]hit, len(hits))
			for i, h := range hits {
				if l.at[place{k, i}] {
					left[i], gone[i] = hit{}, h
				}
			}
			levels[level] = s.combine(left)
			if level == 0 {
				some += (1 - some) * s.combine(gone).q
			}
		}
		to.set(s.at, levels)
	}
	return some
}
