package distribution

import (
	"math"
	"slices"
)

// Elapsed returns the incident as the time that passes from its beginning to its
// end: all of it counts, however few users are hit or have their service back.
func (in *Incident) Elapsed() *Incident {
	out := *in
	out.Impact, out.Stages = 1, nil
	out.Attempts = slices.Clone(in.Attempts)
	for i, a := range out.Attempts {
		if a.Restores < 1 {
			// Whether it works or not, the next attempt follows.
			out.Attempts[i].Works, out.Attempts[i].Restores = 0, 1
		}
	}
	return &out
}

// Length returns the law of the lost time of an incident at an impact of 1. It
// is exact where one law says it all, and else tabulated from lattices that
// double.
func (in *Incident) Length(p *Planner) Law {
	unit := *in
	unit.Impact = 1
	if l, ok := unit.single(); ok {
		return l
	}
	m := unit.Moments()
	const n = 1 << 10
	type level struct {
		top float64
		d   *Distribution
	}
	var levels []level
	// Powers of two, so that incidents that differ little have lattices in common.
	top := math.Exp2(math.Ceil(math.Log2(m.M1 / 4)))
	for range 60 {
		g := p.Grid(top/float64(n-1), n)
		d := g.Distribution(unit.Spectrum(g), nil)
		levels = append(levels, level{top, d})
		if 1-d.Covered() < 1e-10 {
			break
		}
		top *= 4
	}
	survival := func(x float64) float64 {
		for _, l := range levels {
			if x <= l.top/2 {
				return 1 - l.d.At(x)
			}
		}
		last := levels[len(levels)-1]
		return 1 - last.d.At(x)
	}
	var also []float64
	if outcomes, ok := unit.Outcomes(); ok {
		for _, o := range outcomes {
			if len(also) < 400 {
				also = append(also, o.Bad, o.Bad*(1-1e-9))
			}
		}
	}
	t := NewTable(survival, Points(m.M1*1e-6, top, also...))
	return t.To(m.M1)
}

// single returns the law of an incident that is one law.
func (in *Incident) single() (Law, bool) {
	if len(in.Stages) > 0 || len(in.Attempts) == 0 {
		return nil, false
	}
	a := in.Attempts[0]
	if a.Works != 1 || a.Restores != 1 || a.Responder >= 0 {
		return nil, false
	}
	seen, fixed := in.Detect.fixedAt()
	if !fixed {
		return nil, false
	}
	if seen == 0 {
		return a.Takes, true
	}
	if f, ok := a.Takes.(Fixed); ok {
		return Fixed(float64(f) + seen), true
	}
	return nil, false
}
