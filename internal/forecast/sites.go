package forecast

import (
	"math"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// levelErrors is by how much the products at the rim of each sparse grid may
// still move a chance, from level to level. Level 0 is one point of each input.
var levelErrors = [...]float64{math.Inf(1), 3e-3, 1e-4, 5e-6, 3e-7, 2e-8}

// sites are the places at which unsure inputs are averaged over: inside a use
// those that are its own, around a block those that its uses share. Each has
// points and weights by level, found on a small lattice by what they move there.
type sites struct {
	grid  *distribution.Grid
	at    map[siteKey]*site
	order []siteKey
	top   float64
	tuned []float64 // the sums at which it was looked at what they move
	ended bool      // some site was left before it was fine enough
}

// covers reports whether what the points move at some sums is known from where they
// were tuned: just there, or not as far out, on a lattice that shows it. Where hardly
// anything is moved, far out, tells nothing of where much is.
func (x *sites) covers(v *solver, at []float64) bool {
	for _, f := range at {
		if !slices.ContainsFunc(x.tuned, func(p float64) bool {
			return math.Abs(f-p) <= v.spread()/4 || p < f && p <= v.mean+v.spread()
		}) {
			return false
		}
	}
	return true
}

// A siteKey is a use, or the first one of a block, and params.
type siteKey struct {
	use, block *usual
	params     string
}

type site struct {
	params []int
	spare  bool   // not averaged over so far, since one of the params stretches exactly
	plans  []plan // by level; the last one stands for all higher ones
}

// tuneSize is the size of the lattice on which points are found.
const tuneSize = 1 << 7

func keyOf(u *use, b *block, params []int) siteKey {
	var k []byte
	for _, p := range params {
		k = append(k, byte(p), byte(p>>8), byte(p>>16))
	}
	key := siteKey{params: string(k)}
	if u != nil {
		key.use = u.kept
	}
	if b != nil && len(params) > 0 {
		key.block = b.uses()[0].kept
	}
	return key
}

// places are where a sum is averaged.
func (v *solver) places() (out []siteKey) {
	e := v.sum.evaluator(nil, 0)
	for _, b := range v.sum.blocks {
		for _, u := range b.uses() {
			if own := e.own(u); len(own) > 0 {
				out = append(out, keyOf(u, nil, own))
			}
		}
		if len(b.outer) > 0 {
			out = append(out, keyOf(nil, b, b.outer))
		}
	}
	return out
}

func (x *sites) has(list []siteKey) bool {
	return !slices.ContainsFunc(list, func(k siteKey) bool { return x.at[k] == nil })
}

// plan returns the points of a level.
func (x *sites) plan(k siteKey, level int) *plan {
	s := x.at[k]
	if s == nil {
		return nil
	}
	return &s.plans[min(level, len(s.plans)-1)]
}

// rim is how far the products at the rims may move the average where a level
// added none, so that it does not show.
func (x *sites) rim(level int) float64 {
	sum := 0.0
	for _, k := range x.order {
		s := x.at[k]
		if s.spare {
			continue
		}
		now, before := &s.plans[min(level, len(s.plans)-1)], &s.plans[min(level-1, len(s.plans)-1)]
		if len(now.points) == len(before.points) {
			sum += now.rim
		}
	}
	return sum
}

// rims is how far the products at all rims still move the average at a level.
func (x *sites) rims(level int) float64 {
	sum := 0.0
	for _, k := range x.order {
		if s := x.at[k]; !s.spare {
			sum += s.plans[min(level, len(s.plans)-1)].rim
		}
	}
	return sum
}

// levels is how many levels differ.
func (x *sites) levels() int {
	n := 2
	for _, s := range x.at {
		if !s.spare {
			n = max(n, len(s.plans))
		}
	}
	return n
}

// average calls f with theta set to each point of a sparse grid over the params
// that the uses of a block share.
func (e *evaluator) average(b *block, f func(weight float64)) {
	e.averageAt(keyOf(nil, b, b.outer), b.outer, f)
}

// averageOf is average for params of one use alone.
func (e *evaluator) averageOf(u *use, params []int, f func(weight float64)) {
	e.averageAt(keyOf(u, nil, params), params, f)
}

func (e *evaluator) averageAt(k siteKey, params []int, f func(weight float64)) {
	if e.mode != average || len(params) == 0 {
		f(1)
		return
	}
	if e.sites == nil {
		uses := e.sum.uses
		if k.use != nil {
			uses = []*use{k.use.base}
		}
		e.averageBy(params, uses, f)
		return
	}
	p := e.sites.plan(k, e.level)
	if p == nil {
		// Not a place that was looked at: one point.
		for _, q := range params {
			x, _ := e.sum.gauss(q, 1)
			e.theta[q] = x[0]
		}
		f(1)
		return
	}
	for i, point := range p.points {
		for n, q := range params {
			e.theta[q] = point[n]
		}
		f(p.weights[i])
	}
}

// tune finds the points for all sites, by what they move P(sum ≤ x) at a few x
// below top. most bounds the work at all of them together.
func (v *solver) tune(top float64, at []float64, most float64) *sites {
	g := v.coarse(top, tuneSize)
	x := &sites{grid: g, at: map[siteKey]*site{}, top: top}
	e := v.sum.evaluator(g, 0)
	e.sites, e.probing = x, true
	copy(e.theta, v.sum.firsts())
	whole := e.spectrum()
	looking := v.sum.evaluator(g, 0)
	var read []distribution.Weights
	for i, p := range at {
		read = append(read, g.Weights(p))
		if i == 0 || p >= top/(tuneSize/8) {
			x.tuned = append(x.tuned, p)
		}
	}
	type task struct {
		key    siteKey
		params []int
		cost   float64
		of     func() distribution.Spectrum
		spare  bool
	}
	var tasks []task
	for _, b := range v.sum.blocks {
		for _, u := range b.uses() {
			own := e.own(u)
			if len(own) == 0 {
				continue
			}
			lists, spare := [][]int{own}, false
			if s, ok := looking.stretch(u, own); ok && u.maybeFixed() {
				_, spare = v.sums(looking, u, s)
				if len(own) > 1 {
					lists = append(lists, slices.DeleteFunc(slices.Clone(own), func(p int) bool { return p == s.param }))
				}
			}
			n := 1
			if u.Change != nil {
				n = max(1, int(math.Round(v.sum.seconds*u.Change.Every.Value(v.sum.means))))
			}
			for i, list := range lists {
				tasks = append(tasks, task{keyOf(u, nil, list), list, u.cost(), func() distribution.Spectrum { return e.local(u, n) }, spare && i == 0})
			}
		}
		if len(b.outer) > 0 {
			// Most points differ from others in few inputs, and most uses are the same at
			// several of them.
			cost := 8.0
			for _, u := range b.uses() {
				n := 0
				for _, p := range b.outer {
					if u.touches(p) {
						n++
					}
				}
				cost += 4 + u.cost()*float64(n)/float64(len(b.outer))
			}
			tasks = append(tasks, task{keyOf(nil, b, b.outer), b.outer, cost, func() distribution.Spectrum { return e.alone(b) }, false})
		}
	}
	total := 0.0
	for _, t := range tasks {
		total += t.cost * float64(len(t.params))
	}
	for _, t := range tasks {
		copy(e.theta, v.sum.firsts())
		by := t.of()
		var weights []distribution.Weights
		for _, r := range read {
			weights = append(weights, r.For(whole, by))
		}
		s := &site{params: t.params, spare: t.spare}
		points := int(most * float64(len(t.params)) / total / tuneSize)
		grid := v.sum.sparse(e.theta, t.params, len(read), false, func(out []float64) {
			one := t.of()
			for i, w := range weights {
				out[i] = w.Of(one)
			}
		})
		for level := range levelErrors {
			if level > 0 && !grid.refine(levelErrors[level], max(3*len(t.params)+1, points)) {
				x.ended = true
			}
			s.plans = append(s.plans, grid.plan())
			if level > 0 && grid.rim() > levelErrors[level] || v.ended() {
				break
			}
		}
		v.did(float64(grid.spent) * t.cost * tuneSize)
		x.at[t.key] = s
		x.order = append(x.order, t.key)
	}
	copy(e.theta, v.sum.firsts())
	return x
}

// firsts are the values of all params at level 0.
func (s *sum) firsts() []float64 {
	out := make([]float64, len(s.params))
	copy(out, s.means)
	for _, p := range s.unsure() {
		x, _ := s.gauss(p, 1)
		out[p] = x[0]
	}
	return out
}

// local is the spectrum of all incidents of one use, n being the occurrences of
// its change.
func (e *evaluator) local(u *use, n int) distribution.Spectrum {
	switch {
	case u.Even:
		return e.grid.Law(distribution.Fixed(e.sum.seconds*u.impactAt(e.theta)*u.Source.Share.Value(e.theta)), 1)
	case u.Change != nil:
		return e.incident(u).Maybe(e.frequency(u)).Power(n * u.chances())
	}
	var one distribution.Exponent
	e.addPoisson(u, e.incident(u), &one)
	return one.Spectrum()
}

// cost is about how many passes over a lattice one incident of a use takes.
func (u *use) cost() float64 {
	if u.Even {
		return 2
	}
	if u.whole != nil && len(u.goesParams) > 0 {
		return 2000 // the law of what is felt is made anew each time
	}
	maybe := 0
	for _, d := range u.Incident.Detect {
		if !(d.Catches.Sure() && d.Catches.Rat().Cmp(scenario.RatOne) == 0) {
			maybe++
		}
	}
	stages := float64(max(1, len(u.Incident.Stages)))
	if u.brings {
		stages += 5 // see distribution.Added
	}
	if len(u.goesParams) > 0 {
		// Lengths that differ have to be transformed each time.
		stages += 25 * float64(1+len(u.Incident.Attempts)+len(u.Incident.Acknowledge)) / 4
	}
	return 8 + stages*(math.Exp2(float64(min(maybe, 5)))+4*float64(len(u.Incident.Attempts)))
}

// sums is about how much it takes, for each point of the lattice, to stretch all sums
// of fixed lengths of a use, and whether there are few enough of them.
func (v *solver) sums(e *evaluator, u *use, s stretch) (work float64, fits bool) {
	if x, ok := v.stretching[u]; ok {
		return math.Abs(x), x > 0
	}
	const most = 600 // sums of one number of incidents, about
	ways := 1.0
	if s.bent {
		ways = float64(len(e.affine(u, s.param)))
	} else {
		unit := u.at(e.sum.worker)
		unit.Impact = 1
		list, _ := unit.Outcomes()
		ways = float64(len(list))
	}
	mean := u.expected(v.sum)
	numbers := int(math.Min(mean+8*math.Sqrt(mean)+8, mostNumbers))
	total, now := 0.0, 1.0
	for n := 1; n <= numbers; n++ {
		// As many more as there are ways to add one more.
		now = math.Min(most, now*(float64(n)+ways-1)/float64(n))
		total += now
	}
	if u.Change == nil {
		total = math.Min(total, 8*most) // of all numbers together
	}
	if v.stretching == nil {
		v.stretching = map[*use]float64{}
	}
	work, fits = 4*total, now < most
	if v.stretching[u] = work; !fits {
		v.stretching[u] = -work
	}
	return work, fits
}

// workAt is about how much a spectrum takes at a level, for each point of the
// lattice.
func (v *solver) workAt(x *sites, level int) float64 {
	points := func(k siteKey) float64 {
		if x == nil {
			return 1
		}
		if p := x.plan(k, level); p != nil {
			return float64(len(p.points))
		}
		return 1
	}
	work := 4 * float64(1+len(v.sum.plain))
	for _, g := range v.sum.plain {
		work += 2 * float64(len(g.uses))
	}
	// Transforms of laws, once.
	once := 0
	for _, u := range v.sum.uses {
		if !u.Even {
			once += len(u.Incident.Detect) + len(u.Incident.Attempts) + len(u.Incident.Acknowledge)
		}
	}
	work += 25 * float64(once)
	e := v.sum.evaluator(nil, 0)
	for _, b := range v.sum.blocks {
		var around *plan
		if x != nil && len(b.outer) > 0 {
			around = x.plan(keyOf(nil, b, b.outer), level)
		}
		// Only what is not the same as at another point is computed.
		at := func(touches func(p int) bool) float64 {
			if around == nil {
				return 1
			}
			return float64(around.apart(b.outer, touches))
		}
		for _, u := range b.uses() {
			own := e.own(u)
			n := points(keyOf(u, nil, own))
			c := u.cost()
			if len(own) > 0 && u.maybeFixed() {
				if s, ok := e.stretch(u, own); ok {
					// Of each sum of fixed lengths a beta.
					others := slices.DeleteFunc(slices.Clone(own), func(p int) bool { return p == s.param })
					n = 1
					if len(others) > 0 {
						n = points(keyOf(u, nil, others))
					}
					sums, _ := v.sums(e, u, s)
					c += sums
				}
			}
			if u.Change != nil && len(own) > 0 {
				// All for each number of occurrences.
				c += 3 * float64(len(v.sum.counts(u.Change, nil)))
			}
			work += n * c * at(u.touches)
		}
		for _, c := range b.changes {
			work += 8 * float64(len(v.sum.counts(c.change, nil))) * at(func(p int) bool {
				touches := c.down != nil && c.down.touches(p) || slices.ContainsFunc(c.risks, func(u *use) bool { return u.touches(p) })
				c.change.Every.Visit(func(q int) { touches = touches || q == p })
				return touches
			})
		}
		if around != nil {
			work += 4 * float64(len(around.points)*(2+len(b.uses())))
		}
	}
	return work
}
