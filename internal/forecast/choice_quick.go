package forecast

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"sync"

	"tightrope/internal/distribution"
	"tightrope/internal/work"
)

// asked is a question with what it takes to answer it quickly.
type asked struct {
	Question
	budget float64
	worlds []outlook
	levels []level
	exact  bool // all lengths of the parts known so far are on the one lattice

	// finer levels are for the few sets that quick answers do not tell apart; nil
	// where one lattice is exact.
	finer    []level
	readings map[string][]*distribution.Reading // by what is certain: of each level, and of the finest a little below and above
	products sync.Pool
	fine     int      // options with finer spectra
	curve    int      // level that curves are taken from
	swing    *float64 // see Choice.swing
}

// A level is a lattice.
type level struct {
	step  float64
	size  int
	exact *big.Rat
}

// Lattices of quick answers: the finest of three has quickSize points. One on
// which everything lies exactly may be as large as quickExact.
const (
	quickSize  = 1 << 10
	quickExact = 1 << 16
	// quickPoints bounds the points of exact lattices of all options together.
	quickPoints = 1 << 22
	// Curves of more options than that are taken from a coarser lattice.
	manyCurves = 1500
	// leastError is the least error where halving the step tells it; of the finer
	// levels it is a fifth.
	leastError = 2e-7
	// roughError is the least error where unsure inputs are averaged over.
	roughError = 2e-5
	// CurvePoints is how many cells the budget has in a curve.
	CurvePoints = 255
)

// Worlds returns the probabilities of the worlds of a question.
func (c *Choice) Worlds(question int) []float64 {
	var out []float64
	for _, w := range c.asked[question].worlds {
		out = append(out, w.weight)
	}
	return out
}

// Slack is by how much the logarithm of a chance may be above what the curve of the
// option says because the outages of groups hang on what else is down: they are
// counted while nothing else is. Of incidents that come x times less often none
// comes with a chance that is e^x times as high, and no chance to stay within a
// budget gains more.
func (c *Choice) Slack(o *Option, question int) float64 {
	if o.of == nil || o.of[question] == nil || o.of[question].rate == 0 {
		return 0
	}
	return o.of[question].rate * c.swing(c.asked[question])
}

// swing is by how much, relative to itself, the share of time differs in which
// no single point of a service is down, over the sets that lie farthest apart
// and those next to today's.
func (c *Choice) swing(q *asked) float64 {
	if q.swing != nil {
		return *q.swing
	}
	low, high := 1.0, 0.0
	look := func(set NetSet) {
		b, err := c.staging(set)
		if err != nil {
			return
		}
		up := b.up(q, nil)
		low, high = math.Min(low, up), math.Max(high, up)
	}
	look(c.today)
	look(c.today.Or(c.vary))
	look(c.today.Minus(c.vary))
	for _, i := range c.vary.List() {
		if c.today.Has(i) {
			look(c.today.Without(i))
		} else {
			look(c.today.With(i))
		}
	}
	x := 2 * math.Max(0, high-low) / math.Max(low, 1e-3)
	q.swing = &x
	return x
}

// Quick is an answer from one lattice.
type Quick struct{ Met, Error float64 }

// Quick answers a question for a set of standing nets. ok is false where they
// cannot stand.
func (c *Choice) Quick(question int, standing NetSet) (out Quick, ok bool) {
	return c.answer(question, standing, false)
}

// Finer is Quick on lattices of sixteen times as many points, with what is
// computed for it kept too.
func (c *Choice) Finer(question int, standing NetSet) (out Quick, ok bool) {
	return c.answer(question, standing, true)
}

// mostFiner bounds for how many options finer spectra are kept.
const mostFiner = 256

func (c *Choice) answer(question int, standing NetSet, finer bool) (out Quick, ok bool) {
	if work.Ends(func() { out, ok = c.answered(question, standing, finer) }) {
		return Quick{}, false
	}
	return out, ok
}

func (c *Choice) answered(question int, standing NetSet, finer bool) (out Quick, ok bool) {
	q := c.asked[question]
	if q.Budget == nil {
		return Quick{Met: 1}, true
	}
	list := make([]*partial, 0, len(c.parts))
	hangs, up := 0.0, -1.0
	for i := range c.parts {
		o := c.Option(i, standing)
		if o.Impossible != nil || c.ended() {
			return Quick{}, false
		}
		var x *partial
		if o.of != nil {
			x = o.of[question]
		}
		if x != nil {
			if x.rate > 0 {
				if up < 0 {
					up = c.up(question, standing)
				}
				// Scaling is nearly exact but for what is averaged over: a failed switch
				// does not hang on what else is down, and covers some of a cut.
				part := 0.01
				if x.rough {
					part = 0.5
				}
				hangs += part * x.rate * math.Abs(up/x.up-1)
			}
			list = append(list, x)
		}
	}
	// Only now: preparing an option may have chosen other levels.
	levels := q.levels
	certain := new(big.Rat)
	for _, x := range list {
		certain.Add(certain, x.certain)
	}
	rest := new(big.Rat).Sub(q.Budget, certain)
	if rest.Sign() < 0 {
		return Quick{}, true
	}
	if finer = finer && q.finer != nil; finer {
		levels = q.finer
	}
	amounts, divisor, recurring := together(list)
	if recurring && finer {
		if met, ok := recur(amounts, divisor, rest); ok {
			return Quick{Met: met, Error: 1e-10}, true
		}
	}
	n := len(levels)
	at := make([]float64, n+2)
	if !recurring || !recurOn(at, levels, amounts, rest) {
		if !c.multiply(at, q, list, levels, finer, rest, up) {
			return Quick{}, false
		}
	}
	out = Quick{Met: at[n-1], Error: 1e-9}
	if n > 1 {
		out.Error = leastError
		if finer {
			out.Error /= 5
		}
		before := at[n-2] + (at[n-2]-at[n-3])/3
		out.Met = math.Min(1, math.Max(0, at[n-1]+(at[n-1]-at[n-2])/3))
		out.Error += math.Max(4*math.Abs(out.Met-before), math.Abs(at[n-1]-at[n-2]))
		jumps := false
		for _, x := range list {
			jumps = jumps || x.jumps
		}
		if levels[0].exact == nil && jumps {
			// Sums of fixed lengths lie between the points of the lattice. What
			// halving moves shows how much that matters, and never more than what
			// lies within two points.
			moved := 24 * math.Max(math.Abs(at[n-1]-at[n-2]), math.Abs(at[n-2]-at[n-3])/2)
			out.Met = at[n-1]
			out.Error = math.Max(out.Error, math.Min(moved, at[n+1]-at[n]))
		}
	}
	out.Error += hangs
	rough := len(q.worlds[0].values) > 0
	for _, x := range list {
		rough = rough || x.rough
	}
	if rough {
		// Rules of averaging are coarser here, and have no halving.
		out.Error = math.Max(out.Error, roughError)
	}
	return out, true
}

// multiply reads the chance to stay within the rest of a budget off products of
// spectra, on each of the levels; and on the last a little below and above. It
// returns false where it was ended.
func (c *Choice) multiply(at []float64, q *asked, list []*partial, levels []level, finer bool, rest *big.Rat, up float64) bool {
	read := q.reading(c, rest, levels)
	n := len(levels)
	planner := c.memory.planner()
	defer c.memory.giveBack(planner)
	first := 0
	if finer {
		first = len(q.levels)
	}
	c.refine(q, list, first)
	if c.ended() {
		return false
	}
	var grids []*distribution.Grid
	for i, l := range levels {
		grids = append(grids, planner.Grid(l.step, l.size))
		for _, x := range list {
			if x.rate > 0 && up != x.up {
				x.lift(q, planner, first+i)
			}
		}
	}
	// Worlds by themselves, then added up in order, so that it is the same however
	// many are looked at at once.
	in := make([][]float64, len(q.worlds))
	world := func(p *distribution.Product, w int) {
		in[w] = make([]float64, n+2)
		for i := range levels {
			p.Start(grids[i])
			for _, x := range list {
				p.Times(x.spectra[first+i][w])
				if x.rate > 0 && up != x.up {
					p.TimesExp(up/x.up-1, x.lifts[first+i])
				}
			}
			in[w][i] = read[i].Of(p)
			if i == n-1 && n > 1 {
				in[w][n], in[w][n+1] = read[n].Of(p), read[n+1].Of(p)
			}
		}
	}
	lend := func() *distribution.Product {
		if p, ok := q.products.Get().(*distribution.Product); ok {
			return p
		}
		return &distribution.Product{}
	}
	if len(q.worlds) < fewWorlds {
		p := lend()
		for w := range q.worlds {
			world(p, w)
		}
		q.products.Put(p)
	} else {
		work.Each(len(q.worlds), func() func(int) {
			return func(w int) {
				p := lend()
				world(p, w)
				q.products.Put(p)
			}
		})
	}
	for w, o := range q.worlds {
		for i, x := range in[w] {
			at[i] += o.weight * x
		}
	}
	return true
}

// fewWorlds are looked at one after another.
const fewWorlds = 4

// together gathers what parts are made of where that is nothing but fixed amounts
// that recur, and what all of them are multiples of.
func together(list []*partial) (amounts []distribution.Recurring, divisor *big.Rat, ok bool) {
	for _, x := range list {
		if !x.recurring {
			return nil, nil, false
		}
		amounts = append(amounts, x.amounts...)
		if x.divisor != nil {
			divisor = gcd(divisor, x.divisor)
		}
	}
	return amounts, divisor, true
}

// recurOn is multiply by recursions, which on lattices that are four times as fine
// are as quick.
func recurOn(at []float64, levels []level, amounts []distribution.Recurring, rest *big.Rat) bool {
	n := len(levels)
	f, _ := rest.Float64()
	for i, l := range levels {
		if n > 1 {
			l.step /= 4
			if l.exact != nil {
				l.exact = new(big.Rat).Quo(l.exact, big.NewRat(4, 1))
			}
		}
		d, ok := distribution.RecurringOn(l.step, int(f/l.step)+4, amounts, l.exact)
		if !ok {
			return false
		}
		at[i] = d.AtMost(rest)
		if i == n-1 && n > 1 {
			at[n], at[n+1] = d.At(f-2*l.step), d.At(f+2*l.step)
		}
	}
	return true
}

// recur answers exactly where nothing but amounts recur, on the lattice on which
// all of them lie.
func recur(amounts []distribution.Recurring, divisor, rest *big.Rat) (met float64, ok bool) {
	if divisor == nil {
		return 1, true
	}
	q := new(big.Rat).Quo(rest, divisor)
	n := new(big.Int).Quo(q.Num(), q.Denom())
	if !n.IsInt64() || n.Int64() >= exactSize {
		return 0, false
	}
	step, _ := divisor.Float64()
	d, ok := distribution.RecurringOn(step, int(n.Int64())+1, amounts, divisor)
	if !ok {
		return 0, false
	}
	return d.AtMost(rest), true
}

// Recurring reports whether all that a question suffers, in all options so far, is
// fixed amounts that recur: exact answers are then as quick as finer ones.
func (c *Choice) Recurring(question int) bool {
	return !slices.ContainsFunc(c.known(question), func(x *partial) bool { return !x.recurring })
}

// averaged reports whether something unsure is averaged over by rules.
func (x *partial) averaged() bool {
	for _, b := range x.sum.blocks {
		if len(b.outer) > 0 {
			return true
		}
		for _, u := range b.uses() {
			for _, p := range u.own {
				if p != u.gamma {
					return true
				}
			}
		}
	}
	return false
}

// lift is the exponent of outages of groups on one of the levels.
func (x *partial) lift(q *asked, planner *distribution.Planner, k int) *distribution.Exponent {
	if x.lifts == nil {
		x.lifts = make([]*distribution.Exponent, len(q.levels)+len(q.finer))
	}
	if x.lifts[k] == nil {
		x.groups.planner = planner
		l := q.level(k)
		e := x.groups.evaluator(planner.Grid(l.step, l.size), 0)
		e.mode = given
		copy(e.theta, x.groups.means)
		x.lifts[k] = e.log(x.groups.everything())
	}
	return x.lifts[k]
}

// refine computes the spectra of some parts from a level on, of the finer ones
// or else of the others.
func (c *Choice) refine(q *asked, list []*partial, first int) {
	last := len(q.levels)
	if first == last {
		last += len(q.finer)
	}
	var todo []*partial
	for _, x := range list {
		for k := first; k < last; k++ {
			if x.spectra[k] == nil {
				todo = append(todo, x)
				break
			}
		}
	}
	if first > 0 {
		if q.fine += len(todo); q.fine > mostFiner {
			for _, p := range c.parts {
				for _, o := range p.options {
					for k, x := range o.of {
						if x != nil && x.spectra != nil && c.asked[k] == q {
							clear(x.spectra[first:])
						}
					}
				}
			}
			todo, q.fine = list, len(list)
		}
	}
	work.Each(len(todo), func() func(int) {
		return func(i int) {
			planner := c.memory.planner()
			defer c.memory.giveBack(planner)
			for k := first; k < last; k++ {
				work.Poll(c.ctx)
				todo[i].ensure(q, k, planner)
			}
		}
	})
}

// reading returns the readings at what is left of the budget.
func (q *asked) reading(c *Choice, rest *big.Rat, levels []level) []*distribution.Reading {
	key := fmt.Sprint(levels[0].size, " ", rest.RatString())
	out := q.readings[key]
	if out != nil {
		return out
	}
	planner := c.memory.planner()
	defer c.memory.giveBack(planner)
	for _, l := range levels {
		out = append(out, planner.Grid(l.step, l.size).Reading(rest, l.exact))
	}
	if n := len(levels); n > 1 {
		l := levels[n-1]
		g := planner.Grid(l.step, l.size)
		by := new(big.Rat).SetFloat64(2 * l.step)
		out = append(out, g.Reading(new(big.Rat).Sub(rest, by), nil), g.Reading(new(big.Rat).Add(rest, by), nil))
	}
	q.readings[key] = out
	return out
}

// Tolerance is by how much a chance may be above what curves say, on account of
// their own error.
func (c *Choice) Tolerance(question int) float64 {
	out := 1e-6
	q := c.asked[question]
	rough := len(q.worlds[0].values) > 0
	for _, x := range c.known(question) {
		rough = rough || x.rough
	}
	if rough {
		out += roughError
	}
	return out
}
