package forecast

import (
	"math"
	"math/big"
	"slices"

	"tightrope/internal/dist"
)

// A nudge is how the logarithm of a spectrum moves with one unsure input while
// the others stay at their mean: s·z + q·z², where z is the distance from the
// mean in steps of delta.
type nudge struct {
	param int
	delta float64
	s, q  *dist.Exponent
}

// nudges returns the nudge of each param, from evaluations one delta below and
// above the mean.
func (e *evaluator) nudges(params []int) []nudge {
	all := e.sum.everything()
	out := make([]nudge, 0, len(params))
	for _, p := range params {
		part := all.touched(p)
		mean := e.sum.means[p]
		law := e.sum.params[p].Law
		delta := math.Min(law.SD(), 0.9*mean)
		if _, ok := law.(dist.Beta); ok {
			delta = math.Min(delta, 0.9*(1-mean))
		}
		at := func(x float64) *dist.Exponent {
			e.theta[p] = x
			return e.log(part)
		}
		zero := at(mean)
		up := at(mean + delta)
		down := at(mean - delta)
		e.theta[p] = mean
		up.AddScaled(-1, zero)
		down.AddScaled(-1, zero)
		up.Unwrap()
		down.Unwrap()
		n := nudge{param: p, delta: delta, s: &dist.Exponent{}, q: &dist.Exponent{}}
		n.s.AddScaled(0.5, up)
		n.s.AddScaled(-0.5, down)
		n.q.AddScaled(0.5, up)
		n.q.AddScaled(0.5, down)
		out = append(out, n)
	}
	return out
}

// A world is the spectrum with every unsure input at its mean, and how it moves
// with each of them.
type world struct {
	grid   *dist.Grid
	at     dist.Spectrum
	nudges []nudge
}

func (v *solver) world(top float64, size int) *world {
	x := &world{grid: v.sum.planner.Blurred(commonStep(top, size), size)}
	e := v.sum.evaluator(x.grid, 0)
	e.mode = given
	copy(e.theta, v.sum.means)
	x.nudges = e.nudges(v.sum.unsure())
	copy(e.theta, v.sum.means)
	x.at = e.spectrum()
	return x
}

// coarse returns the grid of that many points up to top or a little beyond.
func (v *solver) coarse(top float64, size int) *dist.Grid {
	return v.sum.planner.Grid(commonStep(top, size), size)
}

// commonStep is a step, a power of two of a second so that entries have
// lattices in common, for n points up to top or beyond.
func commonStep(top float64, n int) float64 {
	return math.Exp2(math.Ceil(math.Log2(top / float64(n-1))))
}

// A side is what averaging over unsure inputs changes, on a rather coarse
// lattice. The change is small and smooth, so that it can be added to an answer
// at the means on a fine lattice.
type side struct {
	means, averaged *dist.Distribution
	// What shows how far the change may be off: the same on half the lattice;
	// or, where it was averaged over draws, the average of each set of draws.
	lessMeans, less *dist.Distribution
	sets            []*dist.Distribution
	jumps           bool // some lengths are fixed: the change is not all smooth
}

// sideSize is the size of the lattice of a side.
const sideSize = 1 << 9

// change returns what averaging changes at x.
func (a *side) change(x *big.Rat) float64 { return a.averaged.AtMost(x) - a.means.AtMost(x) }

// doubt is the error of the change: of draws three standard errors of their
// average, from how the sets differ.
func (a *side) doubt(x *big.Rat) float64 {
	if a.sets == nil {
		move := math.Abs(a.change(x) - (a.less.AtMost(x) - a.lessMeans.AtMost(x)))
		if a.jumps {
			// Near a jump halving the lattice moves less than it should.
			move *= 4
		}
		return move
	}
	n := float64(len(a.sets))
	mean, square := 0.0, 0.0
	for _, s := range a.sets {
		p := s.AtMost(x)
		mean += p / n
		square += p * p / n
	}
	return 3 * math.Sqrt(math.Max(0, square-mean*mean)/(n-1))
}

// side computes the change.
func (v *solver) side(top float64) *side {
	if v.drawn {
		return v.sideDrawn(top, sideSize)
	}
	x := &side{jumps: slices.ContainsFunc(v.sum.uses, (*use).maybeFixed)}
	x.means, x.averaged = v.both(top, sideSize/2)
	x.lessMeans, x.less = v.both(top, sideSize/4)
	return x
}

// both returns the distribution at the means and averaged over.
func (v *solver) both(top float64, size int) (means, averaged *dist.Distribution) {
	g := v.coarse(top, size)
	s := v.sum.evaluator(g, 1).spectrum()
	v.none = s.Zero()
	return v.atMeansOn(g), g.Distribution(s, nil)
}

func (v *solver) atMeansOn(g *dist.Grid) *dist.Distribution {
	e := v.sum.evaluator(g, 0)
	e.mode = atMeans
	copy(e.theta, v.sum.means)
	return g.Distribution(e.spectrum(), nil)
}

// Sets of draws, and draws in a set, where there is too much to average over by
// rules.
const (
	drawnSets = 8
	setDraws  = 48
)

// sideDrawn averages over draws of all unsure inputs, in a few sets that are
// independent of one another, each a Latin hypercube.
func (v *solver) sideDrawn(top float64, size int) *side {
	sets, draws := drawnSets, setDraws
	if v.many {
		sets, draws = 4, 16
	}
	g := v.coarse(top, size)
	x := &side{means: v.atMeansOn(g)}
	e := v.sum.evaluator(g, 0)
	e.mode = given
	params := v.sum.unsure()
	var all dist.Mix
	for set := range sets {
		var mix dist.Mix
		for _, draw := range v.sum.strata(params, draws, set) {
			if v.ended() {
				break
			}
			for k, p := range params {
				e.theta[p] = draw[k]
			}
			mix.Add(1/float64(draws), e.spectrum())
		}
		s := mix.Spectrum(g)
		x.sets = append(x.sets, g.Distribution(s, nil))
		all.Add(1/float64(sets), s)
	}
	s := all.Spectrum(g)
	v.none = s.Zero()
	x.averaged = g.Distribution(s, nil)
	return x
}

// unsure lists every param of a sum.
func (s *sum) unsure() []int {
	var out []int
	seen := map[int]bool{}
	add := func(p int) {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	for _, u := range s.uses {
		for _, p := range u.oftenParams {
			add(p)
		}
		for _, p := range u.goesParams {
			add(p)
		}
		if u.Change != nil {
			u.Change.Every.Visit(add)
		}
	}
	return out
}

// log returns the logarithm of the spectrum of a block with theta given.
func (e *evaluator) log(b *block) *dist.Exponent {
	exp := &dist.Exponent{}
	for _, s := range e.block(b, exp, nil) {
		exp.AddScaled(1, s.Log())
	}
	return exp
}

// everything is all uses of a sum as one block.
func (s *sum) everything() *block {
	all := &block{}
	for _, b := range s.blocks {
		all.poisson = append(all.poisson, b.poisson...)
		all.changes = append(all.changes, b.changes...)
		all.level = append(all.level, b.level...)
	}
	for _, g := range s.plain {
		all.poisson = append(all.poisson, g.uses...)
	}
	return all
}

// rulesFit reports whether averaging by rules is not too much work: the points
// of the rules times the sources that are computed at each.
func (v *solver) rulesFit() bool {
	points := func(params []int, uses []*use) int {
		n := 1
		for i, p := range params {
			x, _ := v.sum.nodes(p, min(1, i/3), v.sum.amplitude(p, uses))
			if n *= len(x); n > ruleWork {
				break
			}
		}
		return n
	}
	v.work = 0
	for _, b := range v.sum.blocks {
		inside := 0
		for _, u := range b.uses() {
			inside += points(slices.DeleteFunc(slices.Clone(u.own), func(p int) bool { return p == u.gamma }), []*use{u})
		}
		v.work += inside * points(b.outer, b.uses())
	}
	return v.work <= ruleWork
}
