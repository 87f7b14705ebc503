package forecast

import (
	"math"

	"tightrope/internal/dist"
)

// An evaluator computes the spectrum of a sum on one grid. With theta known it
// is that of one possible world; without, unsure inputs are averaged over.
type evaluator struct {
	sum   *sum
	grid  *dist.Grid
	theta []float64
	given bool // theta holds all params: nothing is averaged over
	fine  int  // how fine the rules of averaging are: 0 is the finest
	known map[*use]dist.Spectrum
}

func (s *sum) evaluator(g *dist.Grid, fine int) *evaluator {
	return &evaluator{sum: s, grid: g, theta: s.theta, fine: fine, known: map[*use]dist.Spectrum{}}
}

// average calls f for each point of a rule over params, with theta set there.
func (e *evaluator) average(params []int, f func(weight float64)) {
	if e.given || len(params) == 0 {
		f(1)
		return
	}
	e.sum.average(e.theta, params, e.fine, f)
}

// average calls f with theta set to each point of a product of Gauss rules,
// fewer points for each the more params there are.
func (s *sum) average(theta []float64, params []int, fine int, f func(weight float64)) {
	sizes := [][]int{{24, 16}, {14, 10}, {9, 6}, {6, 4}, {4, 3}, {3, 2}, {3, 2}}
	n := 2
	if len(params) <= len(sizes) {
		n = sizes[len(params)-1][min(fine, 1)]
	} else if len(params) > 12 {
		s.sample(theta, params, 4096>>fine, f)
		return
	}
	var walk func(i int, w float64)
	walk = func(i int, w float64) {
		if i == len(params) {
			f(w)
			return
		}
		x, p := s.params[params[i]].law.Nodes(n)
		for k := range x {
			theta[params[i]] = x[k]
			walk(i+1, w*p[k])
		}
	}
	walk(0, 1)
}

// spectrum returns the spectrum of the whole sum.
func (e *evaluator) spectrum() dist.Spectrum {
	var exp dist.Exponent
	var rest []dist.Spectrum
	for _, b := range e.sum.blocks {
		if len(b.outer) == 0 || e.given {
			rest = e.block(b, &exp, rest)
			continue
		}
		var mix dist.Mix
		e.average(b.outer, func(w float64) {
			var ex dist.Exponent
			mix.Add(w, e.product(&ex, e.block(b, &ex, nil)))
		})
		rest = append(rest, mix.Spectrum(e.grid))
	}
	return e.product(&exp, rest)
}

func (e *evaluator) product(exp *dist.Exponent, rest []dist.Spectrum) dist.Spectrum {
	if !exp.Empty() {
		rest = append(rest, exp.Spectrum())
	}
	if len(rest) == 0 {
		return e.grid.Unit()
	}
	out := rest[0]
	for _, s := range rest[1:] {
		out = out.Times(s)
	}
	return out
}

// block adds one block: Poisson sources to exp, others to the factors.
func (e *evaluator) block(b *block, exp *dist.Exponent, rest []dist.Spectrum) []dist.Spectrum {
	w := e.sum.seconds
	for _, u := range b.poisson {
		own, closed := e.own(u)
		add := func(to *dist.Exponent) {
			s := e.incident(u)
			if closed {
				e.theta[u.gamma] = 1
				g := e.sum.params[u.gamma].law.(dist.Gamma)
				to.AddUnsure(g.Scale(w*u.frequency(e.theta)), s)
				return
			}
			to.AddPoisson(w*u.frequency(e.theta), s)
		}
		if len(own) == 0 {
			add(exp)
			continue
		}
		var mix dist.Mix
		e.average(own, func(p float64) {
			var one dist.Exponent
			add(&one)
			mix.Add(p, one.Spectrum())
		})
		rest = append(rest, mix.Spectrum(e.grid))
	}
	for _, c := range b.changes {
		rest = append(rest, e.change(c))
	}
	for _, u := range b.level {
		own, _ := e.own(u)
		if len(own) == 1 && u.share.sure() && u.reach.exact != nil {
			// One share of the window, whatever it is: smooth by itself.
			if l, ok := e.sum.params[own[0]].law.(dist.Beta); ok {
				rest = append(rest, e.grid.Law(dist.Part{Share: l, Of: w * u.impactAt(e.theta)}, 1))
				continue
			}
		}
		var mix dist.Mix
		e.average(own, func(p float64) {
			mix.Add(p, e.grid.Law(dist.Fixed(w*u.impactAt(e.theta)*u.source.share.value(e.theta)), 1).Smooth(!e.given))
		})
		rest = append(rest, mix.Spectrum(e.grid))
	}
	return rest
}

// own returns the params of one use to average over inside it, without the one
// whose average has a closed form.
func (e *evaluator) own(u *use) (own []int, closed bool) {
	if e.given {
		return nil, false
	}
	for _, p := range u.own {
		if p == u.gamma {
			closed = true
		} else {
			own = append(own, p)
		}
	}
	return own, closed
}

// incident returns the spectrum of one incident, kept where nothing in it is
// unsure.
func (e *evaluator) incident(u *use) dist.Spectrum {
	if s, ok := e.known[u]; ok {
		return s
	}
	s := u.at(e.theta).Spectrum(e.grid)
	stretched := false
	for _, p := range u.goesParams {
		stretched = stretched || e.sum.params[p].length
	}
	if stretched && !e.given {
		// Averaged over how long it is, no length is the same twice.
		s = s.Smooth(true)
	}
	if len(u.goesParams) == 0 {
		e.known[u] = s
	}
	return s
}

// change returns the spectrum of all occurrences of a change: given their
// number n, its downtime n times and each risk a binomial number of times.
func (e *evaluator) change(c *changeUse) dist.Spectrum {
	var theta []float64
	if e.given {
		theta = e.theta
	}
	counts := e.sum.counts(c.change, theta)
	// n occurrences of one use, averaged over its own params.
	power := func(u *use, n int) dist.Spectrum {
		own, _ := e.own(u)
		if len(own) == 0 {
			return e.incident(u).Maybe(e.frequency(u)).Power(n)
		}
		var mix dist.Mix
		e.average(own, func(p float64) {
			mix.Add(p, e.incident(u).Maybe(e.frequency(u)).Power(n))
		})
		return mix.Spectrum(e.grid)
	}
	// What happens at each occurrence independently, given theta.
	each := e.grid.Unit()
	var averaged []*use
	for _, u := range c.risks {
		if own, _ := e.own(u); len(own) > 0 {
			averaged = append(averaged, u)
			continue
		}
		each = each.Times(e.incident(u).Maybe(e.frequency(u)))
	}
	var mix dist.Mix
	for _, k := range counts {
		s := each.Power(k.n)
		for _, u := range averaged {
			s = s.Times(power(u, k.n))
		}
		if c.down != nil {
			s = s.Times(power(c.down, k.n-c.planned))
		}
		mix.Add(k.p, s)
	}
	return mix.Spectrum(e.grid)
}

func (e *evaluator) frequency(u *use) float64 { return u.frequency(e.theta) }

// moments returns mean and variance of the whole sum on top of certain, and
// fills in the mean of each use in a window and its parts.
func (s *sum) moments() (mean, variance float64) {
	theta := s.theta
	for _, b := range s.blocks {
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
	s.average(theta, params, 1, f)
}

// blockMoments returns mean and variance of a block where its outer params are
// given.
func (s *sum) blockMoments(b *block, theta []float64) (mean, variance float64) {
	w := s.seconds
	for _, u := range b.poisson {
		var m, m2 float64
		s.over(theta, u.own, func(p float64) {
			x := u.at(theta).Moments()
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
			x := w * u.impactAt(theta) * u.source.share.value(theta)
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
			m := u.at(theta).Moments()
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
		for _, x := range parts {
			one(n, x)
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
