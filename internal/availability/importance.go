package availability

import "math"

// A line is what is told as one source: all of one name on one service.
type line struct {
	Importance
	at map[[2]int]bool // spot and source
}

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
					l = &line{Importance{Source: c.Source, Part: s.part}, map[[2]int]bool{}}
					known[id] = l
					out = append(out, l)
				}
				l.at[[2]int{k, i}] = true
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
	p := make([]float64, b.size)
	for _, l := range b.lines() {
		copy(p, x.mean.p)
		some, without := b.without(l, x.mean, p)
		if some == 0 || x.meanHit == 0 {
			continue
		}
		gain := 0.0
		if v, only := b.onlyVariable(l); only {
			gain = x.meanSlope[v] * (x.mean.p[v] - without[v])
		} else {
			gain = x.meanHit - b.user.Probability(without)
		}
		gain = math.Max(0, gain)
		rest := x.meanHit - gain // the chance of being hit without them
		l.Birnbaum = gain / some
		l.FussellVesely = gain / x.meanHit
		l.Broke = (gain + some*rest) / x.meanHit
		out = append(out, l.Importance)
	}
	return out
}

// onlyVariable returns the variable of a line that is in one place only, behind
// one ride.
func (b *question) onlyVariable(l *line) (v int, only bool) {
	spot := -1
	for at := range l.at {
		if spot >= 0 && at[0] != spot {
			return 0, false
		}
		spot = at[0]
	}
	s := b.spots[spot]
	return s.at[0], len(s.at) == 1
}

// without sets p as it is without the sources of a line, and returns the
// chance that some of them is at work.
func (b *question) without(l *line, mean *state, p []float64) (some float64, to []float64) {
	st := &state{p: p, often: make([]float64, b.size)}
	for k, s := range b.spots {
		if !touches(l, k) {
			continue
		}
		levels := make([]hit, len(s.behind))
		for level, hits := range mean.hits[k] {
			left := make([]hit, len(hits))
			gone := make([]hit, len(hits))
			for i, h := range hits {
				if l.at[[2]int{k, i}] {
					gone[i] = h
				} else {
					left[i] = h
				}
			}
			levels[level] = s.combine(left)
			if level == 0 {
				some += (1 - some) * s.combine(gone).q
			}
		}
		st.set(s.at, levels)
	}
	return some, st.p
}

func touches(l *line, spot int) bool {
	for at := range l.at {
		if at[0] == spot {
			return true
		}
	}
	return false
}
