package forecast

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"tightrope/internal/availability"
	"tightrope/internal/dist"
	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// A group is a need of which some members can be spared, as the users of one
// service meet it.
type group struct {
	need   *scenario.Need // the first of those that are the same
	holder int            // the part that has it
	spots  []spot
	reach  *reach
	tree   *tree
	// What a group does is counted while no single point is down.
	singles *singles
}

// A tree is what is below a group: its structure and what may fail in it.
type tree struct {
	view *scenario.View
	own  []int // by node: the variable of its part at its level, or -1
	size int   // number of variables
	// any is true while any user of the group is hit, user while a random one
	// is.
	any, user *structure.Function
}

// groups lists the groups of a service that no other group stands before.
// Needs of the same members are one group, whoever has them: its outage is one
// source, however many paths lead to it.
func (v *sight) groups(singles *singles) ([]*group, error) {
	var order []*group
	at := map[string]*group{}
	seen := map[int]bool{}
	var visit func(int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for k, e := range v.Nodes[i].Needs {
			if !e.Need.Spare {
				for _, m := range e.Members {
					visit(m)
				}
				continue
			}
			key := sameGroup(e.Need)
			g := at[key]
			if g == nil {
				g = &group{need: e.Need, holder: v.Nodes[i].Part, singles: singles}
				at[key] = g
				order = append(order, g)
			}
			g.spots = append(g.spots, spot{i, k})
		}
	}
	visit(0)
	var out []*group
	for _, g := range order {
		if g.reach = v.reach(g.spots); g.reach == nil {
			continue
		}
		var err error
		if g.tree, err = v.web.tree(g.need, v.Felt); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, nil
}

// sameGroup tells needs apart by their members and how many of them suffice.
func sameGroup(n *scenario.Need) string {
	members := slices.Clone(n.Members)
	slices.Sort(members)
	return fmt.Sprint(n.Down, members)
}

// tree returns what is below a group, kept for all services that meet it.
func (w *web) tree(n *scenario.Need, felt bool) (*tree, error) {
	key := treeKey{n, felt}
	if t := w.trees[key]; t != nil {
		return t, nil
	}
	v := w.system.Below(n, felt)
	if felt && v.Counts() {
		t, err := w.tree(n, false)
		w.trees[key] = t
		return t, err
	}
	t := &tree{view: v, size: len(w.system.Exposed), own: make([]int, len(v.Nodes))}
	own := make([][]int, len(v.Nodes))
	for i := range v.Nodes {
		t.own[i] = -1
	}
	for _, part := range v.Order {
		if len(w.system.Parts[part].Sources) == 0 {
			continue
		}
		// Down behind a ride means down without it too.
		var chain []int
		for _, i := range v.Of[part] {
			t.own[i] = t.size
			t.size++
			chain = append(chain, t.own[i])
			own[i] = slices.Clone(chain)
		}
	}
	var err error
	if t.any, err = structure.Solve(graph(v, own, true), 0, 0); err != nil {
		return nil, err
	}
	t.user = t.any
	if !v.Everybody() {
		if t.user, err = structure.Solve(graph(v, own, false), 0, 0); err != nil {
			return nil, err
		}
	}
	w.trees[key] = t
	return t, nil
}

type treeKey struct {
	need *scenario.Need
	felt bool
}

// graph is a view for the structure engine. For any user, everybody is exposed
// to everything, and one member of a split is enough.
func graph(v *scenario.View, own [][]int, any bool) *structure.Graph {
	g := &structure.Graph{Needs: make([][]structure.Need, len(v.Nodes)), Own: own}
	for i, node := range v.Nodes {
		for _, e := range node.Needs {
			n := structure.Need{Edge: e.Need.Edge, Members: e.Members, Down: e.Need.Down, Split: e.Need.Split}
			if n.Split != nil {
				n.Down = 1
			}
			if any {
				n.Edge, n.Split = structure.Always, nil
			}
			g.Needs[i] = append(g.Needs[i], n)
		}
	}
	return g
}

// An outage is how often a group goes down, and how that goes.
type outage struct {
	often float64 // per second
	share float64 // of its users whom it hits, on average
	mean  float64 // seconds
	// even is the share of its users that fail at any time because members
	// have errors that are always there.
	even float64
	law  dist.Law
}

// mostCuts bounds how many ways in which a group fails tell how long that
// lasts; they are the likeliest ones.
const mostCuts = 200

// at returns the outage of a group where the params have the values theta. Its
// frequency is Σ w·∂P/∂q over what may fail (Birnbaum 1969), its mean length
// the share of time that it is down over that.
func (g *group) at(j *job, theta []float64, law bool) outage {
	t := g.tree
	n := t.size
	whole, user, often := make([]float64, n), make([]float64, n), make([]float64, n)
	even := make([]float64, n)
	for i, f := range j.web.system.Exposed {
		user[i] = math.Min(1, f.Value(theta))
		even[i] = user[i]
	}
	parts := make([]*availability.Component, n)
	for _, part := range t.view.Order {
		if g.singles.have(part) {
			continue
		}
		var before *availability.Component
		var last float64
		for _, i := range t.view.Of[part] {
			x := t.own[i]
			if x < 0 {
				continue
			}
			c := j.engine.Down(part, j.objectiveName(), t.view.Nodes[i].Rides, theta, true)
			u := j.engine.Down(part, j.objectiveName(), t.view.Nodes[i].Rides, theta, false)
			parts[x] = &c
			whole[x], user[x], often[x], even[x] = c.Q, u.Q, c.Frequency, u.Even
			if before != nil && before.Q > 0 {
				// Of those that are down already: how many have been so for long.
				whole[x] = c.Q / before.Q
				often[x] = (c.Frequency - before.Frequency*whole[x]) / before.Q
				user[x] = u.Q / last
				even[x] = 1
			}
			before, last = &c, u.Q
		}
	}
	var out outage
	p, d := t.any.Gradient(whole)
	for x := range d {
		out.often += often[x] * d[x]
	}
	out.even = t.user.Probability(even)
	if out.often <= 0 || p <= 0 {
		out.often = 0
		return out
	}
	out.mean = p / out.often
	out.share = math.Min(1, math.Max(0, t.user.Probability(user)-out.even)/p)
	if law {
		out.law = g.length(j, theta, whole, often, parts, out.mean)
	}
	return out
}

// length is the law of how long a group is down, from its likeliest minimal
// cuts, with the mean that is known.
func (g *group) length(j *job, theta, p, often []float64, parts []*availability.Component, mean float64) dist.Law {
	var cuts []dist.Cut
	for _, set := range g.tree.any.Cuts(p, mostCuts, 8) {
		for _, first := range set {
			if often[first] <= 0 {
				continue
			}
			c := dist.Cut{Weight: often[first], First: j.blend(parts[first], theta)}
			for _, o := range set {
				if o != first {
					c.Weight *= p[o]
					c.Others = append(c.Others, j.blend(parts[o], theta))
				}
			}
			cuts = append(cuts, c)
		}
	}
	t, ok := j.web.together(cuts)
	if !ok {
		return dist.Exponential(mean)
	}
	return t.To(mean)
}

// together is dist.Together, kept.
func (w *web) together(cuts []dist.Cut) (law dist.Table, ok bool) {
	var t teller
	t.tell('g')
	blend := func(b dist.Blend) {
		t.count(len(b))
		for _, k := range b {
			t.number(k.Often)
			t.law(k.Law)
		}
	}
	for _, c := range cuts {
		t.number(c.Weight)
		blend(c.First)
		t.count(len(c.Others))
		for _, o := range c.Others {
			blend(o)
		}
	}
	key := t.key()
	if x, ok := w.memory.get(key); ok {
		return x.(dist.Table), true
	}
	if law, ok = dist.Together(cuts); ok {
		w.memory.put(key, law, dist.LawBytes(law))
	}
	return law, ok
}

// blend is what takes a part down, for a group.
func (j *job) blend(c *availability.Component, theta []float64) dist.Blend {
	var out dist.Blend
	for _, s := range c.Sources {
		if s.Frequency <= 0 {
			continue
		}
		l := j.web.elapsed(&s.Source.Incident, theta)
		if len(c.Rides) > 0 {
			l = j.web.feltOf(l, []dist.Felt{{Share: 1, After: c.Rides.Law()}}).law
		}
		out = append(out, dist.Kind{Often: s.Frequency, Law: l})
	}
	return out
}

// elapsed is the law of the time from the beginning of an incident to its end.
func (w *web) elapsed(in *scenario.Incident, theta []float64) dist.Law {
	x := in.At(theta)
	return w.length(x.Elapsed())
}

// singles are the parts that hit users of a service by themselves.
type singles struct {
	list []*hurt
	// counted are these and the copies that are counted with them: those of a
	// service that needs every one.
	counted map[int]bool
}

func (s *singles) add(y *scenario.System, h *hurt) {
	if s.counted == nil {
		s.counted = map[int]bool{}
	}
	s.list = append(s.list, h)
	s.counted[h.part] = true
	for _, n := range y.Parts[h.part].Needs {
		for _, m := range n.Members {
			if !n.Spare && y.Parts[m].Copy > 0 {
				s.counted[m] = true
			}
		}
	}
}

func (s *singles) have(part int) bool { return s.counted[part] }

// up is the chance that no single point of the service is down for a user, with
// unsure inputs at their means.
func (s *singles) up(j *job) float64 {
	theta := j.scenario.Params.Means()
	p := 1.0
	for _, h := range s.list {
		p *= 1 - math.Min(1, j.engine.Down(h.part, j.objectiveName(), nil, theta, false).Q*h.reach.value(theta))
	}
	return p
}

// params lists the unsure inputs that decide how a group fails.
func (g *group) params(j *job) []int {
	var out []int
	add := func(p int) { out = appendNew(out, p) }
	for _, part := range g.tree.view.Order {
		if g.singles.have(part) {
			continue
		}
		for _, s := range j.web.system.Parts[part].Sources {
			s.Rate.Visit(add)
			s.Chance.Visit(add)
			if s.Change != nil {
				s.Change.Every.Visit(add)
			}
			s.Share.Visit(add)
			s.ImpactBy.Visit(add)
			s.Incident.Visit(add)
			if hit, ok := s.Impact.For(j.objectiveName()); ok {
				j.scenario.Params.Share(hit, true, "impact of "+s.Name).Visit(add)
			}
		}
	}
	for _, x := range g.tree.user.Depends() {
		if x < len(j.web.system.Exposed) {
			j.web.system.Exposed[x].Visit(add)
		}
	}
	return out
}

// few is how many unsure inputs of a group are averaged over as such. Where
// there are more its outages are as frequent, as long and as wide as they are on
// average.
const few = 2

// uses returns the outages of a group as sources, and those of its switch.
func (g *group) uses(j *job) []*use {
	params := g.params(j)
	alone := g.singles.up(j)
	at := func(theta []float64) outage { return g.at(j, theta, true) }
	switch {
	case len(params) == 0:
		known := g.at(j, j.scenario.Params.Means(), true)
		at = func([]float64) outage { return known }
	case len(params) > few:
		known := g.average(j, params)
		at, params = func([]float64) outage { return known }, nil
	default:
		kept := &memo[outage]{}
		list := params
		at = func(theta []float64) outage {
			return kept.get(theta, list, func() outage { return g.at(j, theta, true) })
		}
	}
	number := func(of func(outage) float64) scenario.Factor {
		if len(params) == 0 {
			return scenario.Number(of(at(nil)))
		}
		return scenario.Computed(func(theta []float64) float64 { return of(at(theta)) }, params)
	}
	means := at(j.scenario.Params.Means())
	var out []*use
	add := func(src *scenario.Source, share scenario.Factor) {
		src.Pos, src.Service = g.need.Pos, j.holderName(g.holder)
		if u := j.shared(src, share, g.reach, g.tree.view); u != nil {
			out = append(out, u)
		}
	}
	if means.often > 0 {
		add(&scenario.Source{
			Name: g.need.Title, Title: g.need.Title + ": too many down at once", Kind: GroupSource,
			Rate: number(func(o outage) float64 { return alone * o.often }),
			Incident: lasting(scenario.Length{
				Of: func(theta []float64) dist.Law {
					if o := at(theta); o.law != nil {
						return o.law
					}
					return dist.Fixed(0)
				}, Params: params,
			}),
		}, number(func(o outage) float64 { return o.share }))
	}
	if means.even > 0 {
		add(&scenario.Source{
			Name: g.need.Title + "/background", Title: g.need.Title + ": errors of several at once", Kind: BackgroundSource,
			Even: true, Share: number(func(o outage) float64 { return o.even }),
		}, scenario.One)
	}
	return out
}

// shared is a source of several parts together, below, as users meet it; nil
// where nobody feels it.
func (j *job) shared(src *scenario.Source, share scenario.Factor, r *reach, below *scenario.View) *use {
	u := &use{Source: src, part: -1, below: below, share: share, reach: r}
	if !u.rideOut() {
		return nil
	}
	u.prepare(j.scenario.Params)
	return u
}

// holderName is the service that has a need.
func (j *job) holderName(part int) string {
	return j.scenario.Model.Services[max(0, j.web.system.Parts[part].Service)].Name
}

// average is an outage as it is on average over many unsure inputs.
func (g *group) average(j *job, params []int) outage {
	const draws = 128
	var out outage
	time, hit := 0.0, 0.0
	list := j.scenario.Params
	theta := list.Means()
	random := rand.New(rand.NewPCG(20261124, uint64(len(params))))
	orders := make([][]int, len(params))
	for i := range orders {
		orders[i] = random.Perm(draws)
	}
	for k := range draws {
		for i, p := range params {
			theta[p] = list.List[p].Law.Quantile((float64(orders[i][k]) + 0.5) / draws)
		}
		o := g.at(j, theta, false)
		out.often += o.often / draws
		out.even += o.even / draws
		time += o.often * o.mean / draws
		hit += o.often * o.mean * o.share / draws
	}
	if out.often > 0 && time > 0 {
		means := g.at(j, list.Means(), true)
		out.mean, out.share = time/out.often, hit/time
		out.law = dist.Exponential(out.mean)
		if means.law != nil {
			out.law = means.law.Scale(out.mean / means.law.Mean())
		}
	}
	return out
}
