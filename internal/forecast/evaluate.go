package forecast

import (
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// An evaluator computes the spectrum of a sum on one grid. With theta given it
// is that of one possible world; else unsure inputs are averaged over.
type evaluator struct {
	sum   *sum
	grid  *distribution.Grid
	theta []float64
	mode  mode
	level int // how fine averages are; 0 is one point of each input
	sites *sites
	// probing looks for points of averages: what a share stretches is then taken as
	// it is at one point.
	probing bool
	known   map[*use]distribution.Spectrum
	bundles map[*use]*bundle
	// plainly: fixed lengths count as fixed although what they are is averaged
	// over.
	plainly bool
}

// A mode says what is done with unsure inputs.
type mode int

const (
	average mode = iota // averaged over
	given               // as theta says
)

func (s *sum) evaluator(g *distribution.Grid, level int) *evaluator {
	return &evaluator{sum: s, grid: g, theta: s.theta, level: level, known: map[*use]distribution.Spectrum{}}
}

// spectrum returns the spectrum of the whole sum.
func (e *evaluator) spectrum() distribution.Spectrum {
	if e.mode == given {
		return e.compute() // of a world that hardly comes again
	}
	t := e.told('s')
	e.tellSum(t)
	return e.sum.memory.spectrum(t.key(), e.compute)
}

func (e *evaluator) compute() distribution.Spectrum {
	var exp distribution.Exponent
	e.plain(&exp)
	var rest []distribution.Spectrum
	for _, b := range e.sum.blocks {
		switch {
		case len(b.outer) == 0 || e.mode != average:
			rest = e.block(b, &exp, rest)
		default:
			t := e.told('b')
			e.tellBlock(t, b)
			rest = append(rest, e.sum.memory.spectrum(t.key(), func() distribution.Spectrum {
				if s, ok := e.stretchedBlock(b); ok {
					return s
				}
				var mix distribution.Mix
				e.average(b, func(w float64) {
					mix.Add(w, e.alone(b))
				})
				return mix.Spectrum(e.grid)
			}))
		}
	}
	return e.product(&exp, rest)
}

// alone returns the spectrum of one block where its outer params are known.
func (e *evaluator) alone(b *block) distribution.Spectrum {
	var exp distribution.Exponent
	rest := e.block(b, &exp, nil)
	return e.product(&exp, rest)
}

// touched returns the part of a block that a param touches.
func (b *block) touched(p int) *block {
	out := &block{}
	for _, u := range b.poisson {
		if u.touches(p) {
			out.poisson = append(out.poisson, u)
		}
	}
	for _, u := range b.level {
		if u.touches(p) {
			out.level = append(out.level, u)
		}
	}
	for _, c := range b.changes {
		touches := c.down != nil && c.down.touches(p)
		c.change.Every.Visit(func(q int) { touches = touches || q == p })
		for _, u := range c.risks {
			touches = touches || u.touches(p)
		}
		if touches {
			out.changes = append(out.changes, c)
		}
	}
	return out
}

func (u *use) touches(p int) bool {
	return slices.Contains(u.oftenParams, p) || slices.Contains(u.goesParams, p)
}

// uses lists the uses of a block.
func (b *block) uses() []*use {
	out := slices.Concat(b.poisson, b.level)
	for _, c := range b.changes {
		out = append(out, c.risks...)
		if c.down != nil {
			out = append(out, c.down)
		}
	}
	return out
}

// plain adds the sources in which nothing is unsure but a rate of a known
// form. They are the same for every entry that meets their service in the same
// way, and are kept together. Those of exact rates are kept as they come at first,
// and of another pace they are a multiple.
func (e *evaluator) plain(exp *distribution.Exponent) {
	for _, g := range e.sum.plain {
		key := keepKey{
			part: g.part, objective: e.sum.objective, impact: g.impact, often: g.often,
			window: e.sum.seconds, step: e.grid.Step, n: e.grid.N, blurred: e.grid.Blurred,
		}
		get := func(key keepKey, uses []*use) *distribution.Exponent {
			kept := e.sum.keep.get(key)
			if kept == nil {
				kept = e.together(uses)
				e.sum.keep.put(key, kept)
			}
			return kept
		}
		if len(g.exact) > 0 {
			exp.AddScaled(float64(g.pace)/paceSteps, get(key, g.exact))
		}
		switch {
		case len(g.unsure) == 0:
		case e.mode == given:
			for _, u := range g.unsure {
				e.poisson(u, exp)
			}
		default:
			key.pace = g.pace
			exp.AddScaled(1, get(key, g.unsure))
		}
	}
}

// together adds up sources of one part, of which none but the rate is unsure.
func (e *evaluator) together(uses []*use) *distribution.Exponent {
	t := e.told('x')
	for _, u := range uses {
		e.tellUse(t, u)
	}
	key := t.key()
	if x, ok := e.sum.memory.get(key); ok {
		return x.(*distribution.Exponent)
	}
	out := &distribution.Exponent{}
	var amounts []distribution.Recurring
	for _, u := range uses {
		x, ok := e.sum.recurring(u)
		if !ok {
			e.poisson(u, out)
			continue
		}
		amounts = append(amounts, x...)
	}
	out.AddRecurring(e.grid, amounts)
	e.sum.memory.put(key, out, out.Bytes())
	return out
}

// poisson adds a Poisson source, averaged over its rate where that has a closed
// form.
func (e *evaluator) poisson(u *use, to *distribution.Exponent) { e.addPoisson(u, e.incident(u), to) }

// addPoisson is poisson where one incident has the spectrum s.
func (e *evaluator) addPoisson(u *use, s distribution.Spectrum, to *distribution.Exponent) {
	w := e.sum.seconds
	if u.gamma != scenario.NoParam && e.mode != given && e.closed(u) {
		g := e.sum.params[u.gamma].Law.(distribution.Gamma)
		to.AddUnsure(g.Scale(w*e.sum.often(u)), s)
		return
	}
	to.AddPoisson(w*u.frequency(e.theta), s)
}

// closed reports whether the rate of a use is unsure for it alone.
func (e *evaluator) closed(u *use) bool { return slices.Contains(u.own, u.gamma) }

func (e *evaluator) product(exp *distribution.Exponent, rest []distribution.Spectrum) distribution.Spectrum {
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
func (e *evaluator) block(b *block, exp *distribution.Exponent, rest []distribution.Spectrum) []distribution.Spectrum {
	w := e.sum.seconds
	for _, u := range b.poisson {
		own := e.own(u)
		if len(own) == 0 {
			e.poisson(u, exp)
			continue
		}
		t := e.told('p')
		e.tellAverage(t, u)
		rest = append(rest, e.sum.memory.spectrum(t.key(), func() distribution.Spectrum {
			return e.ownAverage(u, own, e.poissonCounts, func(s distribution.Spectrum) distribution.Spectrum {
				var one distribution.Exponent
				e.addPoisson(u, s, &one)
				return one.Spectrum()
			})
		}))
	}
	for _, c := range b.changes {
		if e.mode == given {
			// A world that hardly comes again.
			rest = append(rest, e.change(c))
			continue
		}
		t := e.told('c')
		e.tellChange(t, c)
		rest = append(rest, e.sum.memory.spectrum(t.key(), func() distribution.Spectrum { return e.change(c) }))
	}
	for _, u := range b.level {
		own := e.own(u)
		if x, ok := e.stretch(u, own); ok && !x.bent && len(own) == 1 {
			// One share of the window, whatever it is: smooth by itself.
			rest = append(rest, e.grid.Stretched([]distribution.Outcome{{Bad: w, P: 1}}, x.share, x.base, x.slope))
			continue
		}
		var mix distribution.Mix
		e.averageOf(u, own, func(p float64) {
			mix.Add(p, e.grid.Law(distribution.Fixed(w*u.impactAt(e.theta)*u.Source.Share.Value(e.theta)), 1).Smooth(e.mode == average))
		})
		rest = append(rest, mix.Spectrum(e.grid))
	}
	return rest
}

// poissonCounts returns the probabilities of 0, 1, 2 … incidents of a Poisson
// source.
func (e *evaluator) poissonCounts(u *use) []float64 {
	w := e.sum.seconds
	if u.gamma != scenario.NoParam && e.closed(u) {
		return unsureCounts(e.sum.params[u.gamma].Law.(distribution.Gamma).Scale(w * e.sum.often(u)))
	}
	return poissonCounts(w * u.frequency(e.theta))
}

// ownAverage averages all incidents of a use over its own params. sum makes
// the spectrum of all from that of one.
func (e *evaluator) ownAverage(u *use, own []int, counts func(*use) []float64, sum func(one distribution.Spectrum) distribution.Spectrum) distribution.Spectrum {
	var mix distribution.Mix
	for _, p := range own {
		e.theta[p] = e.sum.means[p]
	}
	if x, ok := e.stretch(u, own); ok && u.maybeFixed() {
		others := slices.DeleteFunc(slices.Clone(own), func(p int) bool { return p == x.param })
		fits := true
		e.averageOf(u, others, func(p float64) {
			if !fits {
				return
			}
			var s distribution.Spectrum
			y, _ := e.stretch(u, own)
			numbers := counts(u)
			if fits = !tooMany(numbers); !fits {
				return
			}
			if s, fits = e.stretched(u, y, numbers, sum); fits {
				mix.Add(p, s)
			}
		})
		if fits {
			return mix.Spectrum(e.grid)
		}
		mix = distribution.Mix{}
	}
	e.averageOf(u, own, func(p float64) { mix.Add(p, sum(e.incident(u))) })
	return mix.Spectrum(e.grid)
}

// own returns the params of one use to average over inside it, without the one
// whose average has a closed form.
func (e *evaluator) own(u *use) []int {
	if e.mode != average {
		return nil
	}
	var own []int
	for _, p := range u.own {
		if p != u.gamma {
			own = append(own, p)
		}
	}
	return own
}

// incident returns the spectrum of one incident, kept where nothing in it is
// unsure.
func (e *evaluator) incident(u *use) distribution.Spectrum {
	if s, ok := e.known[u]; ok {
		return s
	}
	at := place{e.grid.Step, e.grid.N, e.grid.Blurred}
	lasting := len(u.goesParams) == 0 && e.grid.N <= placeSize
	if lasting {
		if s, ok := u.kept.spectra[at]; ok {
			return s
		}
	}
	in := u.at(e.sum.worker)
	s := e.sum.memory.spectrum(e.incidentKey(in), func() distribution.Spectrum { return in.Spectrum(e.grid) })
	if e.smooths(u) {
		// Averaged over how long it is, no length is the same twice.
		s = s.Smooth(true)
	}
	switch {
	case lasting:
		if u.kept.spectra == nil || len(u.kept.spectra) >= mostPlaces {
			u.kept.spectra = map[place]distribution.Spectrum{}
		}
		u.kept.spectra[at] = s
	case len(u.goesParams) == 0:
		e.known[u] = s
	}
	return s
}

// smooths reports whether how long an incident is is averaged over, or is known
// only to a law that is computed: that it may be the same each time is not known
// where fixed lengths are told apart.
func (e *evaluator) smooths(u *use) bool {
	if slices.ContainsFunc(u.Incident.Attempts, func(a scenario.Attempt) bool { return a.Takes.Of != nil }) {
		return true
	}
	return e.mode == average && !e.plainly && slices.ContainsFunc(u.goesParams, func(p int) bool { return e.sum.params[p].Length })
}

// change returns the spectrum of all occurrences of a change: given their
// number n, its downtime n times and each risk a binomial number of times.
func (e *evaluator) change(c *changeUse) distribution.Spectrum {
	var theta []float64
	if e.mode == given {
		theta = e.theta
	}
	counts := e.sum.counts(c.change, theta)
	// n occurrences of one use, averaged over its own params.
	power := func(u *use, n int) distribution.Spectrum {
		own := e.own(u)
		if len(own) == 0 {
			return e.incident(u).Maybe(e.frequency(u)).Power(n * u.chances())
		}
		return e.ownAverage(u, own,
			func(u *use) []float64 { return binomialCounts(n*u.chances(), e.frequency(u)) },
			func(s distribution.Spectrum) distribution.Spectrum {
				return s.Maybe(e.frequency(u)).Power(n * u.chances())
			})
	}
	// What happens at each occurrence independently, given theta.
	var each distribution.Spectrum
	none := true
	also := func(s distribution.Spectrum) {
		if none {
			each, none = s, false
			return
		}
		each = each.Times(s)
	}
	var averaged []*use
	for _, u := range c.risks {
		if len(e.own(u)) > 0 {
			averaged = append(averaged, u)
			continue
		}
		also(e.incident(u).Maybe(e.frequency(u)).Power(u.chances()))
	}
	if len(averaged) == 0 && (c.down == nil || c.planned == 0 && len(e.own(c.down)) == 0) {
		if c.down != nil {
			also(power(c.down, 1))
		}
		if none {
			each = e.grid.Unit()
		}
		first, every := counts[0].n, apart(counts)
		p := make([]float64, (counts[len(counts)-1].n-first)/every+1)
		for _, k := range counts {
			p[(k.n-first)/every] = k.p
		}
		if every == 1 {
			return each.Series(first, p)
		}
		return each.Power(every).Series(0, p).Times(each.Power(first))
	}
	if none {
		each = e.grid.Unit()
	}
	// From one number of occurrences to the next all is multiplied once more: of very
	// many numbers counts has every k-th.
	type weighted struct {
		*distribution.Powers
		w float64
	}
	first, every := counts[0].n, apart(counts)
	common := each.Powers(first, every)
	running := make([][]weighted, len(averaged))
	stretched := make([][]numbered, len(averaged))
	for i, u := range averaged {
		own := e.own(u)
		for _, p := range own {
			e.theta[p] = e.sum.means[p]
		}
		if x, ok := e.stretch(u, own); ok && u.maybeFixed() {
			stretched[i] = e.byNumber(u, own, x, counts[len(counts)-1].n)
			if stretched[i] != nil {
				continue
			}
		}
		e.averageOf(u, own, func(w float64) {
			running[i] = append(running[i], weighted{e.incident(u).Maybe(e.frequency(u)).Power(u.chances()).Powers(first, every), w})
		})
	}
	// Of very many numbers the downtime of so many occurrences goes on in the same way.
	var down []weighted
	if c.down != nil && every > 1 && first >= c.planned {
		own := e.own(c.down)
		for _, p := range own {
			e.theta[p] = e.sum.means[p]
		}
		e.averageOf(c.down, own, func(w float64) {
			down = append(down, weighted{e.incident(c.down).Maybe(e.frequency(c.down)).Power(c.down.chances()).Powers(first-c.planned, every), w})
		})
	}
	var mix distribution.Mix
	now := first
	for _, k := range counts {
		e.sum.worker.poll()
		for ; now < k.n; now += every {
			common.Next()
			for _, list := range running {
				for _, x := range list {
					x.Next()
				}
			}
			for _, x := range down {
				x.Next()
			}
		}
		s := common.Spectrum()
		for i, u := range averaged {
			var over distribution.Mix
			for _, x := range stretched[i] {
				for n, p := range binomialCounts(k.n*u.chances(), x.f) {
					if n < len(x.by) {
						over.Add(x.w*p, x.by[n])
					}
				}
			}
			for _, x := range running[i] {
				over.Add(x.w, x.Spectrum())
			}
			s = s.Times(over.Spectrum(e.grid))
		}
		switch {
		case c.down == nil:
		case down != nil && (k.n-c.planned)*c.down.chances() >= mostNumbers:
			var over distribution.Mix
			for _, x := range down {
				over.Add(x.w, x.Spectrum())
			}
			s = s.Times(over.Spectrum(e.grid))
		default:
			s = s.Times(power(c.down, k.n-c.planned))
		}
		mix.Add(k.p, s)
	}
	return mix.Spectrum(e.grid)
}

// numbered are the spectra of 0, 1, 2 … incidents of a use that an unsure input
// stretches, each of which happens with chance f, where the others have a weight.
type numbered struct {
	w, f float64
	by   []distribution.Spectrum
}

// byNumber returns them, for up to most occurrences of a change; nil where there are
// too many sums.
func (e *evaluator) byNumber(u *use, own []int, x stretch, most int) (out []numbered) {
	others := slices.DeleteFunc(slices.Clone(own), func(p int) bool { return p == x.param })
	fits := true
	e.averageOf(u, others, func(w float64) {
		if !fits {
			return
		}
		y, _ := e.stretch(u, own)
		list := numbered{w: w, f: e.frequency(u)}
		numbers := binomialCounts(most*u.chances(), list.f)
		if fits = !tooMany(numbers); !fits {
			return
		}
		var b *bundle
		if b, fits = e.bundle(u, y); !fits {
			return
		}
		if list.by, fits = b.upTo(len(numbers)); !fits {
			return
		}
		out = append(out, list)
	})
	if !fits {
		return nil
	}
	return out
}

func (e *evaluator) frequency(u *use) float64 { return u.frequency(e.theta) }
