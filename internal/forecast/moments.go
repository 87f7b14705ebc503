package forecast

import "math"

// moments returns mean and variance of the whole sum on top of certain, and
// fills in the mean of each use in a window and its parts.
func (s *sum) moments() (mean, variance float64) {
	theta := s.theta
	blocks := s.blocks
	for _, g := range s.plain {
		blocks = append(blocks[:len(blocks):len(blocks)], &block{poisson: g.uses})
	}
	for _, b := range blocks {
		var m, m2, within float64
		s.over(theta, b.outer, func(w float64) {
			bm, bv := s.blockMoments(b, theta)
			m += w * bm
			m2 += w * bm * bm
			within += w * bv
		})
		mean += m
		variance += within + math.Max(0, m2-m*m)
	}
	return mean, variance
}

// over is average for functions that are nearly polynomial in the params, such
// as moments.
func (s *sum) over(theta []float64, params []int, f func(weight float64)) {
	if len(params) == 0 {
		f(1)
		return
	}
	sizes := make([]rule, len(params))
	for i, p := range params {
		n := 5
		if len(params) > 4 {
			n = 3
		}
		sizes[i].x, sizes[i].w = s.gauss(p, n)
	}
	s.product(theta, params, sizes, f)
}

// blockMoments returns mean and variance of a block where its outer params are
// given.
func (s *sum) blockMoments(b *block, theta []float64) (mean, variance float64) {
	w := s.seconds
	for _, u := range b.poisson {
		var m, m2 float64
		s.over(theta, u.own, func(p float64) {
			x := u.at(s.worker).Moments()
			n := w * u.frequency(theta)
			m += p * n * x.M1
			m2 += p * (n*x.M2 + n*n*x.M1*x.M1)
		})
		mean += m
		variance += m2 - m*m
	}
	for _, u := range b.level {
		var m, m2 float64
		s.over(theta, u.own, func(p float64) {
			x := w * u.impactAt(theta) * u.Source.Share.Value(theta)
			m += p * x
			m2 += p * x * x
		})
		mean += m
		variance += m2 - m*m
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
	get := func(u *use) (x part) {
		s.over(theta, u.own, func(p float64) {
			m := u.at(s.worker).Moments()
			f := u.frequency(theta)
			x.a += p * f * m.M1
			x.b += p * f * m.M2
			x.c += p * f * f * m.M1 * m.M1
		})
		return x
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
	return m, within + math.Max(0, m2-m*m)
}
