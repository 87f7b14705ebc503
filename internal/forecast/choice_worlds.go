package forecast

import (
	"cmp"
	"math/big"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// An outlook is one of the things that may be, of a question: how often the changes
// happen in its window that several parts have in common, and what the unsure
// inputs are that they have in common. Given it the parts are independent.
type outlook struct {
	weight float64
	// often holds, by change, a point between 0 and 1: the number of occurrences
	// is the one at which its distribution function passes that point.
	often  map[string]float64
	values map[any]float64
}

// An axis is one dimension of worlds.
type axis struct {
	weights []float64
	points  []float64 // of often, or values of an unsure input
}

// split tells each world apart along one more axis.
func (q *asked) split(x coupling, a axis) {
	var out []outlook
	for _, w := range q.worlds {
		for k, p := range a.weights {
			n := outlook{weight: w.weight * p, often: map[string]float64{}, values: map[any]float64{}}
			for c, u := range w.often {
				n.often[c] = u
			}
			for place, v := range w.values {
				n.values[place] = v
			}
			if x.change != nil {
				n.often[x.change.Name] = a.points[k]
			} else {
				n.values[x.place] = a.points[k]
			}
			out = append(out, n)
		}
	}
	q.worlds = out
}

// mostPoints bounds how many values of one unsure input worlds tell apart.
const mostPoints = 12

// axis returns how a coupling is told apart for a question; ok is false where it
// cannot be.
func (c *Choice) axis(x coupling, q *asked) (axis, bool) {
	if x.change != nil {
		return c.rhythm(x.change, q)
	}
	b, err := c.staging(c.today.Or(c.vary))
	if err != nil {
		return axis{}, false
	}
	uses := b.uses(&q.Question, false, func(*use) bool { return true })
	p, ok := b.scenario.Params.At(x.place)
	if !ok {
		// Nothing that is counted depends on it.
		return axis{}, true
	}
	if !b.scenario.Params.List[p].Length {
		s := newSum(newWorker(c.ctx, b.scenario.Params.List, c.memory), q.Window, q.Objective, uses)
		points, weights := s.nodes(p, 0, s.amplitude(p, uses))
		if len(points) <= mostPoints {
			return axis{weights, points}, true
		}
	}
	return axis{}, false
}

// rhythm tells apart how often a change happens, under whichever of the nets
// that set that stand: the unit interval is cut wherever any of the distribution
// functions has a step.
func (c *Choice) rhythm(ch *model.Change, q *asked) (axis, bool) {
	sets := []NetSet{c.today}
	for i, n := range c.m.Nets {
		for _, e := range n.Effects {
			if c.vary.Has(i) && scenario.SetsEvery(e, ch) {
				sets = append(sets, c.today.With(i), c.today.Without(i))
			}
		}
	}
	var cuts []float64
	for _, set := range sets {
		b, err := c.staging(set)
		if err != nil {
			return axis{}, false
		}
		change := b.change(ch.Name)
		if change == nil {
			return axis{}, true
		}
		s := &sum{worker: newWorker(c.ctx, b.scenario.Params.List, c.memory), window: q.Window}
		s.seconds, _ = q.Window.Float64()
		total := 0.0
		for _, k := range s.counts(change, nil) {
			total += k.p
			cuts = append(cuts, total)
		}
	}
	slices.Sort(cuts)
	var a axis
	last := 0.0
	for i, x := range cuts {
		if i == len(cuts)-1 || x > 1 {
			x = 1
		}
		if x-last < 1e-13 {
			continue
		}
		a.weights = append(a.weights, x-last)
		a.points = append(a.points, (x+last)/2)
		last = x
	}
	return a, len(a.weights) <= mostWorlds
}

// change finds a change of the catalogue.
func (b *staged) change(name string) *scenario.Change {
	for _, s := range b.scenario.Model.Services {
		for _, src := range b.catalogue.ByService[s.Name] {
			if src.Change != nil && src.Change.Name == name {
				return src.Change
			}
		}
	}
	return nil
}

// staging keeps what is staged.
func (c *Choice) staging(standing NetSet) (*staged, error) {
	b := c.staged[standing]
	if b == nil {
		b = c.stage(standing)
		if len(c.staged) > 64 {
			clear(c.staged)
		}
		c.staged[standing] = b
	}
	return b, b.err
}

// A partial is what a question suffers from one part with some of the nets that
// touch it standing.
type partial struct {
	sum     *sum
	mean    float64 // seconds in the window, with what is certain
	often   float64 // see Option.Often
	certain *big.Rat
	inputs  map[any]int // params of the inputs that worlds tell apart
	divisor *big.Rat
	known   bool // of all lengths that are the same each time
	fixed   bool
	rate    float64 // incidents of groups in the window
	up      float64 // chance that no single point is down, with which rate was computed
	groups  *sum    // of them alone
	jumps   bool    // some sums are made of fixed lengths only
	rough   bool    // something is averaged over by rules

	amounts   []distribution.Recurring
	recurring bool // it is nothing but amounts that recur

	lifts   []*distribution.Exponent  // of groups, by level and finer level; with unsure inputs at their means
	spectra [][]distribution.Spectrum // by level, then finer level, and by world; nil: not known
	curves  [][]float64               // by world: see Option.Curve
}

// partial gathers the uses of a part; its mean is left out unless it is wanted.
func (b *staged) partial(c *Choice, p *choicePart, q *asked, planner *distribution.Planner, mean bool) *partial {
	part := -1
	for k, x := range c.parts {
		if x == p {
			part = k
		}
	}
	uses := b.uses(&q.Question, p.shared, func(u *use) bool {
		k, ok := c.of[b.atom(u)]
		return ok && k == part
	})
	if len(uses) == 0 {
		return nil
	}
	w := newWorker(c.ctx, b.scenario.Params.List, c.memory)
	w.planner = planner
	x := &partial{sum: newSum(w, q.Window, q.Objective, uses), inputs: map[any]int{}}
	x.certain = x.sum.certain
	if mean {
		f, _ := x.certain.Float64()
		x.mean, _ = x.sum.moments()
		x.mean += f
	}
	if q.Longer != nil {
		x.often = b.longer(uses, q.Longer)
	}
	if q.Budget == nil {
		x.sum = nil
		return x
	}
	x.divisor, x.known = x.sum.divisor()
	x.fixed = x.sum.allFixed()
	var groups []*use
	for _, u := range uses {
		if u.hangs != nil && !u.Even && !u.apart {
			x.rate += x.sum.seconds * u.frequency(x.sum.means)
			alone := *u
			groups = append(groups, &alone)
		}
	}
	if groups != nil {
		x.groups = newSum(w, q.Window, q.Objective, groups)
		x.up = b.up(q, nil)
	}
	if x.known && x.rate == 0 {
		x.amounts, x.recurring = x.sum.allRecurring()
	}
	for place := range q.worlds[0].values {
		p, ok := b.scenario.Params.At(place)
		if ok && slices.ContainsFunc(uses, func(u *use) bool { return u.touches(p) }) {
			x.inputs[place] = p
		}
	}
	known := func(p int) bool {
		for _, k := range x.inputs {
			if k == p {
				return true
			}
		}
		return false
	}
	for _, bl := range x.sum.blocks {
		bl.outer = slices.DeleteFunc(bl.outer, known)
		for _, u := range bl.uses() {
			u.own = slices.DeleteFunc(u.own, known)
		}
	}
	return x
}

// up is the chance that no single point of the service of a question is down, of
// those points that take chooses; see singles.up.
func (b *staged) up(q *asked, take func(part int) bool) float64 {
	j := &job{scenario: b.scenario, graph: b.graph, engine: b.solved(), objective: &model.Objective{Name: q.Objective}}
	list := b.graph.look(b.graph.system.Number(q.Service), q.Felt).impactSources(true).singles
	if take != nil {
		list.list = slices.DeleteFunc(slices.Clone(list.list), func(h *impactSource) bool { return !take(h.part) })
	}
	return list.up(j)
}

// upKey is what of the nets that stand decides a factor of up.
type upKey struct {
	question int
	service  string // empty: what is no service
	standing NetSet
}

// up is staged.up for any set of nets, from factors that are kept for each
// service.
func (c *Choice) up(question int, standing NetSet) float64 {
	q := c.asked[question]
	var all NetSet
	p := 1.0
	factor := func(name string, nets NetSet) {
		key := upKey{question, name, standing.And(nets)}
		f, ok := c.ups[key]
		if !ok {
			f = 1
			if b, err := c.staging(c.today.Minus(nets).Or(key.standing)); err == nil {
				y := b.graph.system
				f = b.up(q, func(part int) bool {
					if k := y.Parts[part].Service; k >= 0 {
						return y.Services[k].Name == name
					}
					return name == ""
				})
			}
			c.ups[key] = f
		}
		p *= f
	}
	for _, s := range c.m.Services {
		factor(s.Name, c.nets[s.Name])
	}
	for _, x := range c.parts {
		if x.shared {
			all = all.Or(x.nets)
		}
	}
	factor("", all)
	return p
}

// longer is how often a year one of some uses is an outage in a row of more than
// a little longer than a length.
func (b *staged) longer(uses []*use, length *big.Rat) float64 {
	const little = 1.005
	x, _ := length.Float64()
	theta := b.scenario.Params.Means()
	often := 0.0
	for _, u := range uses {
		if u.Even {
			continue
		}
		rate := u.frequency(theta)
		if u.Change != nil {
			rate *= float64(u.chances()) * u.Change.Every.Value(theta)
		}
		if rate > 0 {
			often += rate * model.Year * b.graph.elapsed(&u.Incident, theta).Survival(x*little)
		}
	}
	return often
}

// on returns the spectra on one grid, by world. Worlds that the part does not
// tell apart have one spectrum.
func (x *partial) on(worlds []outlook, g *distribution.Grid) []distribution.Spectrum {
	known := map[string]distribution.Spectrum{}
	var out []distribution.Spectrum
	e := x.sum.evaluator(g, 0)
	for i := range worlds {
		key := x.seen(&worlds[i])
		s, ok := known[key]
		if !ok {
			s = x.in(&worlds[i], e)
			known[key] = s
		}
		out = append(out, s)
	}
	return out
}

// seen is what a part sees of a world.
func (x *partial) seen(w *outlook) string {
	var places []any
	for place := range x.inputs {
		places = append(places, place)
	}
	slices.SortFunc(places, func(a, b any) int { return cmp.Compare(x.inputs[a], x.inputs[b]) })
	var t fingerprint
	for _, place := range places {
		v, ok := w.values[place]
		t.count(x.inputs[place])
		t.flag(ok)
		t.number(v)
	}
	for _, b := range x.sum.blocks {
		for _, c := range b.changes {
			if u, ok := w.often[c.change.Name]; ok {
				t.count(x.sum.countAt(c.change, u))
			}
		}
	}
	return string(t.b)
}

// in returns the spectrum in one world.
func (x *partial) in(w *outlook, e *evaluator) distribution.Spectrum {
	s := x.sum
	for place, p := range x.inputs {
		if v, ok := w.values[place]; ok {
			s.theta[p] = v
		}
	}
	var undo []func()
	for _, b := range s.blocks {
		for _, c := range b.changes {
			u, ok := w.often[c.change.Name]
			if !ok {
				continue
			}
			was := c.change
			undo = append(undo, func() { c.change = was })
			// A change that surely happens as often as that.
			n := s.countAt(was, u)
			every := new(big.Rat).Quo(new(big.Rat).SetInt64(int64(n)), s.window)
			c.change = &scenario.Change{Name: was.Name, Every: scenario.Exactly(every)}
		}
	}
	out := e.spectrum()
	for _, f := range undo {
		f()
	}
	return out
}

// countAt is the number at which the distribution function of the occurrences
// of a change passes a point.
func (s *sum) countAt(c *scenario.Change, point float64) int {
	list := s.counts(c, nil)
	total := 0.0
	for _, k := range list {
		if total += k.p; total > point {
			return k.n
		}
	}
	return list[len(list)-1].n
}
