package forecast

import "math"

// moments returns mean and variance of the whole sum on top of certain. The mean is
// that of the uses, added up.
func (s *sum) moments() (mean, variance float64) {
	mean = s.mean()
	theta := s.theta
	blocks := s.blocks
	for _, g := range s.plain {
		blocks = append(blocks[:len(blocks):len(blocks)], &block{poisson: g.uses})
	}
	for _, b := range blocks {
		x := s.averageOver(b.outer, b.uses(), 3, func(out []float64) {
			bm, bv := s.blockMoments(b, theta)
			out[0], out[1], out[2] = bm, bm*bm, bv
		})
		m, m2, within := x[0], x[1], x[2]
		variance += within + math.Max(0, m2-m*m)
	}
	return mean, variance
}

// mean is that of the whole sum on top of certain.
func (s *sum) mean() float64 {
	mean := 0.0
	for _, u := range s.told {
		if u.Even && u.exactBackground() != nil {
			continue // certain
		}
		x := s.lost(u) * s.seconds
		if u.Kind == ChangeSource {
			planned := s.plannedOf(u)
			if by := u.moments(s.worker).M1 * float64(planned); planned > 0 {
				if x -= by; x <= 1e-12*by {
					x = 0 // all of it is planned
				}
			}
		}
		mean += x
	}
	return mean
}

// plannedOf is how many occurrences of a change with that downtime are in certain.
func (s *sum) plannedOf(u *use) int {
	for _, b := range s.blocks {
		for _, c := range b.changes {
			if c.down == u {
				return c.planned
			}
		}
	}
	return 0
}

// blockMoments returns mean and variance of a block where its outer params are
// given.
func (s *sum) blockMoments(b *block, theta []float64) (mean, variance float64) {
	w := s.seconds
	for _, u := range b.poisson {
		m := s.averageOver(u.own, []*use{u}, 2, func(out []float64) {
			x := u.moments(s.worker)
			n := w * u.frequency(theta)
			out[0], out[1] = n*x.M1, n*x.M2+n*n*x.M1*x.M1
		})
		mean += m[0]
		variance += math.Max(0, m[1]-m[0]*m[0]) // rounding may leave less
	}
	for _, u := range b.level {
		m := s.averageOver(u.own, []*use{u}, 2, func(out []float64) {
			x := w * u.impactAt(theta) * u.Source.Share.Value(theta)
			out[0], out[1] = x, x*x
		})
		mean += m[0]
		variance += math.Max(0, m[1]-m[0]*m[0]) // rounding may leave less
	}
	for _, c := range b.changes {
		m, v := s.changeMoments(c, theta)
		mean += m
		variance += v
	}
	return mean, variance
}

func (s *sum) changeMoments(c *changeUse, theta []float64) (mean, variance float64) {
	// Of each use: E[p·m1], E[p·m2], E[(p·m1)²] over its own params.
	type part struct{ a, b, c float64 }
	var parts []part
	var down part
	get := func(u *use) part {
		x := s.averageOver(u.own, []*use{u}, 3, func(out []float64) {
			m := u.moments(s.worker)
			f := u.frequency(theta)
			out[0], out[1], out[2] = f*m.M1, f*m.M2, f*f*m.M1*m.M1
		})
		return part{x[0], x[1], x[2]}
	}
	for _, u := range c.risks {
		parts = append(parts, get(u))
	}
	if c.down != nil {
		down = get(c.down)
	}
	var m, m2, within float64
	for _, k := range s.counts(c.change, nil) {
		n := float64(k.n)
		var km, kv float64
		one := func(n float64, x part) {
			mean := n * x.a
			km += mean
			kv += n*x.b + n*(n-1)*x.c - mean*mean
		}
		for i, x := range parts {
			one(n*float64(c.risks[i].chances()), x)
		}
		if c.down != nil {
			one(n-float64(c.planned), down)
		}
		m += k.p * km
		m2 += k.p * km * km
		within += k.p * kv
	}
	return m, math.Max(0, within) + math.Max(0, m2-m*m)
}
