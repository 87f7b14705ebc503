package simulate

import (
	"errors"
	"slices"

	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// A serviceView is what may hit the users of one service, as one lens sees it.
type serviceView struct {
	view  *scenario.View
	lens  int
	entry int // whose outages these are; −1: none, it is what users feel
	slots []slot
	size  int // number of variables: exposures, then those of the slots
	// user is whether a random user is hit by what is not certain, any whether
	// anybody is.
	user, any *structure.Function
	// lone is user without what only groups make.
	exposed []number // by variable
	unsure  bool     // exposures, or errors that are always there
	evens   bool
	crowd   *crowd // nil: who is hit hangs on the present alone
}

// A slot is an impact source as users of the service meet it.
type slot struct {
	impactSource int
	// Of each ride before it: its index at the source, −1 for none.
	behind []int
	// hit is the variable that is true for those of those of the source users whom it
	// hits; −1: it has none, see certain. With several rides gates are true
	// while it is felt behind each, and even is true for users who are hit by
	// errors that are always there, whatever the ride.
	hit   int
	gates []int
	even  int
	// certain: while it is down every user whom it hits on its part is hit.
	certain bool
	// single: it is a part that hits users by itself, with everything else up.
	single bool
}

// mostRides is how many rides before one thing are told apart; the others are
// taken as the last of these.
const mostRides = 63

// all is the mask of all rides before a slot.
func (x *slot) all() uint64 { return 1<<min(mostRides, len(x.behind)) - 1 }

// look makes the views of an entry.
func (w *world) look(number int, e *entry) error {
	root := w.system.Number(e.model.Name)
	counts := w.system.View(root, false)
	felt := w.system.View(root, true)
	var err error
	if e.serviceView, err = w.newSight(counts, e.lens); err != nil {
		return err
	}
	w.serviceViews[e.serviceView].entry = number
	e.felt = e.serviceView
	if !w.sampled && w.differ(counts, felt) {
		if e.felt, err = w.newSight(felt, slices.Index(w.lenses, w.lensOf(e, true))); err != nil {
			return err
		}
	}
	e.unsure = w.serviceViews[e.serviceView].unsure
	for _, part := range counts.Order {
		for _, k := range w.byPart[part] {
			s := w.sources[k]
			e.rhythm = e.rhythm || s.change >= 0
			e.unsure = e.unsure || s.unsure && (s.sees[e.lens] || s.clock >= 0) || s.change >= 0 && w.changes[s.change].unsure
		}
	}
	for _, n := range counts.Nodes {
		for _, x := range n.Needs {
			if x.Need.Switch != nil {
				x.Need.Switch.Works.Visit(func(int) { e.unsure = true })
			}
		}
	}
	return nil
}

// differ reports whether something is felt that does not count.
func (w *world) differ(counts, felt *scenario.View) bool {
	for _, n := range felt.Nodes {
		for _, x := range n.Needs {
			if !x.Need.Counts {
				return true
			}
		}
	}
	for _, part := range felt.Order {
		for _, s := range w.system.Parts[part].Sources {
			if s.Excluded {
				return true
			}
		}
	}
	return len(counts.Nodes) != len(felt.Nodes)
}

func (w *world) newSight(v *scenario.View, lens int) (int, error) {
	s := &serviceView{view: v, lens: lens, entry: -1, size: len(w.system.Exposed)}
	number := len(w.serviceViews)
	w.serviceViews = append(w.serviceViews, s)
	user, any := graphs(v)
	user.Poll, any.Poll = w.poll, w.poll
	for _, part := range v.Order {
		w.poll()
		k := w.impactSource(part, lens)
		if k < 0 {
			continue
		}
		t := w.impactSources[k]
		of := v.Of[part]
		x := slot{impactSource: k, hit: -1, certain: len(of) == 1 && v.Nodes[of[0]].Certain}
		for _, i := range of {
			x.behind = append(x.behind, w.behind(t, v.Nodes[i].Rides))
		}
		if !x.certain {
			s.variables(&x, len(t.evens) > 0)
			for n, i := range of {
				for _, g := range []*structure.Graph{user, any} {
					s.own(g, i, structure.Always, &x, n)
				}
			}
		}
		s.evens = s.evens || len(t.evens) > 0
		for _, even := range t.evens {
			s.unsure = s.unsure || w.sources[even].unsure
		}
		s.add(w, x, number)
	}
	for i := range v.Nodes {
		for _, edge := range v.Nodes[i].Needs {
			if w.logged && edge.Need.Spare {
				w.group(edge.Need, lens)
			}
		}
	}
	s.crowd = w.newCrowd(v, lens, func(part int) bool {
		return slices.ContainsFunc(s.slots, func(x slot) bool { return x.certain && w.impactSources[x.impactSource].part == part })
	})
	for _, f := range w.system.Exposed {
		s.exposed = append(s.exposed, numberOf(f))
	}
	if err := s.solve(w, user, any); err != nil {
		if too := (*structure.TooLarge)(nil); errors.As(err, &too) {
			service := w.system.Services[w.system.Parts[v.Nodes[0].Part].Service]
			err = scenario.Unsolvable(service.Name, service.Pos)
		}
		return 0, err
	}
	s.depend(w)
	return number, nil
}

func (s *serviceView) variable() int {
	s.size++
	return s.size - 1
}

// variables gives a slot its variables.
func (s *serviceView) variables(x *slot, evens bool) {
	x.hit, x.even = s.variable(), -1
	if len(x.behind) == 1 {
		return
	}
	for range min(mostRides, len(x.behind)) {
		x.gates = append(x.gates, s.variable())
	}
	if evens {
		x.even = s.variable()
	}
}

// own makes a part not met by itself while a slot hits it behind one of its
// rides.
func (s *serviceView) own(g *structure.Graph, part, edge int, x *slot, level int) {
	down := func(variables ...int) {
		g.Needs[part] = append(g.Needs[part], structure.Need{Edge: edge, Members: []int{len(g.Needs)}, Down: 1})
		g.Needs = append(g.Needs, nil)
		g.Own = append(g.Own, variables)
	}
	if len(x.gates) == 0 {
		down(x.hit)
		return
	}
	down(x.hit, x.gates[min(level, mostRides-1)])
	if x.even >= 0 {
		down(x.even)
	}
}

func (s *serviceView) add(w *world, x slot, number int) {
	t := w.impactSources[x.impactSource]
	t.watchers = append(t.watchers, watcher{number, len(s.slots)})
	s.slots = append(s.slots, x)
}

// graphs is a view for the structure engine, for a random user and for any: then
// everybody is exposed to everything, and one member of a split is enough.
func graphs(v *scenario.View) (user, any *structure.Graph) {
	graph := func() *structure.Graph {
		return &structure.Graph{Needs: make([][]structure.Need, len(v.Nodes)), Own: make([][]int, len(v.Nodes))}
	}
	user, any = graph(), graph()
	for i, node := range v.Nodes {
		for _, e := range node.Needs {
			n := structure.Need{Edge: e.Need.Edge, Members: e.Members, Down: enough(e.Need), Split: e.Need.Split}
			user.Needs[i] = append(user.Needs[i], n)
			n.Edge, n.Split = structure.Always, nil
			any.Needs[i] = append(any.Needs[i], n)
		}
	}
	return user, any
}

// enough is how many members must be down for any user to feel it.
func enough(n *scenario.Need) int {
	if n.Split != nil {
		return 1
	}
	return n.Down
}

// solve makes the functions, and finds out what each slot does alone.
func (s *serviceView) solve(w *world, user, any *structure.Graph) (err error) {
	if s.user, err = structure.Solve(user, 0, 0); err != nil {
		return err
	}
	if s.any, err = structure.Solve(any, 0, 0); err != nil {
		return err
	}
	for i := range s.slots {
		x := &s.slots[i]
		x.single = x.certain || s.anybody(i, x.all())
	}
	return nil
}

// anybody returns whether any user is hit while only slot i is at work, felt
// behind some of its rides.
func (s *serviceView) anybody(i int, on uint64) bool {
	if s.slots[i].certain {
		return on != 0
	}
	assign := make([]bool, s.size)
	s.assign(assign, i, on)
	return s.any.Holds(assign)
}

// assign makes the variables of slot i true while it is at work.
func (s *serviceView) assign(to []bool, i int, on uint64) {
	x := &s.slots[i]
	to[x.hit] = on != 0
	for k, v := range x.gates {
		to[v] = on>>k&1 == 1
	}
}

// depend finds out whether exposures that matter are unsure.
func (s *serviceView) depend(w *world) {
	for _, v := range s.user.Depends() {
		if v < len(w.system.Exposed) {
			w.system.Exposed[v].Visit(func(int) { s.unsure = true })
		}
	}
}
