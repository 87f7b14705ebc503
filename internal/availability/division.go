package availability

import (
	"fmt"
	"math"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
	"tightrope/internal/structure"
	"tightrope/internal/work"
)

// A Division says how the time that users of a service lose to redundancy is
// divided, so that each second of it is counted once whatever groups lead to
// it. For each user, what is lost is divided in an order:
//
//  1. single points of that user, and members that a switch did not take out of
//     service: a failed switch makes its member's outage a single point. It is
//     tried where its own group survives, whatever else is down;
//  2. cuts of order two and more: too much is down at once;
//  3. waits for switches.
//
// Each counts while nothing before it is down. What single points do by
// themselves is not in the division; a failed switch is.
//
// A cut hits the users for whom it is one, and no part of it is: it is a set of
// parts with the function of exposures that says for whom. The time lost to all
// cuts together is P(hit ∧ no single point down), from one diagram, and begins
// as often as that says (Birnbaum, 1969); single cuts, of which the likeliest
// are listed, say how it is told apart and how long each outage lasts.
type Division struct {
	// Rows are the losses that are told apart.
	Rows []Row
	// Params are the unsure inputs on which they depend.
	Params []int

	*layout

	points work.Once[int] // see Points

	pure []bool // by spot: a single point of every user
	// apart is the chance that none of the pure spots is down that have no
	// unsure input in common with anything else here, and moving are the others.
	apart   float64
	moving  []int
	partial []bool // by spot: a single point of some, or behind a longer ride
	lone    []bool // by spot: it hits users while errors of others are always there
	beside  *structure.Function
	singles []single
	cuts    []*cut

	switches []*switched
	modes    []*mode
	waiting  *structure.Function // whether a user is hit, with the switches' variables
}

// A Kind of loss.
type Kind int

// The kinds of losses.
const (
	TooMany    Kind = iota // of a group's members are down at once
	Together               // errors that are always there, of several members at once
	NotChanged             // a switch did not work
	Changing               // waiting for a switch that works
)

// A Row is a loss that is told by itself.
type Row struct {
	Kind   Kind
	Need   *scenario.Need // the group
	Holder int            // the part that has the need
	// Cause is what made a member fail whose switch did not work; nil: several
	// things at once.
	Cause *scenario.Source
	// Parts are those that it hangs on.
	Parts []int
	// Everybody: all of its incidents hit every user.
	Everybody bool
	// Whole: a Cause's incidents are felt from their beginning to their end.
	Whole bool
}

// A Loss is what one row loses where the unsure inputs are known. The lost time
// of one incident, as a share of all users, is Share times the law of Cuts
// stretched to the mean Mean, or that of Law where there are no cuts.
type Loss struct {
	Often float64 // incidents a second; 0 with Even
	Share float64 // of all users that an incident hits, on average
	Mean  float64 // seconds that it hits them, on average
	Cuts  []distribution.Cut
	// Even is the share of all time that is lost without incidents.
	Even float64
	// Pace is how often its incidents begin while nothing is lost, relative to all
	// time: about.
	Pace float64
	// Partly lists what of the incidents begins with a cause that hits some users
	// by itself: the same incident does both.
	Partly []Part
	// Carried lists the causes that hit some users by themselves, or with errors that are
	// always there, and take part in incidents of the row: each such incident has one of
	// the cause's with it.
	Carried []Carried
	// Joint says of which of the Cuts that is so, and of which causes; nil: of none.
	Joint [][]*scenario.Source
	// Clusters is by how much its incidents come in clusters: the variance of their
	// number in a long time is 1 + Clusters times its mean.
	Clusters float64
	// Evenly is the part of Clusters that is due to long outages of one length, in
	// each of which there is a Poisson number of short ones; of lengths that are
	// exponential it is geometric.
	Evenly float64
	// Alike is the part of the variance of its outages that is between kinds of them:
	// those of one cluster are of one kind.
	Alike float64
	// Kinds are what the Cuts of too many down at once are told apart into.
	Kinds []Outages
	// Waits lists for which switches users have waited, on average, when an
	// incident begins.
	Waits []Waited
	// Beside: some of it is lost only while something else is down, for a part of
	// each incident.
	Beside bool
}

// A Part of a loss: incidents that begin with a cause, so often a second, with a
// mean lost time of all users each.
type Part struct {
	Cause        *scenario.Source
	Often, Spent float64
	Cut          int  // of the loss, that these incidents are
	Along        bool // they go on as long as that of the cause does
}

// Carried says how often a second an incident of a cause takes part in those of a
// loss: First, where it is the one that begins it; During, where it is in progress
// then.
type Carried struct {
	Cause         *scenario.Source
	First, During float64
}

// Waited is what the users of an incident have waited for a switch on the way to
// it, in the row of the switch: mean lost time of all users.
type Waited struct {
	Row   int
	Spent float64
}

// Laws keeps laws that are much work.
type Laws interface {
	// Elapsed is the law of the time from the beginning of an incident to its
	// end.
	Elapsed(in *scenario.Incident, theta []float64) distribution.Law
	// Felt is the chance that anything is left of a time behind another, and the law
	// of what is left, given that something is.
	Felt(l, after distribution.Law) (chance float64, left distribution.Law)
	// FeltBy is distribution.FeltOf.
	FeltBy(l distribution.Law, groups []distribution.Felt) (chance float64, felt distribution.Law)
	// Longest is the law of the longest of some times, and Shortest that of the shorter of
	// a time and an incident.
	Longest(laws []distribution.Law) distribution.Law
	Shortest(l distribution.Law, other distribution.Blend) distribution.Law
	// Exactly is distribution.Exactly.
	Exactly(laws []distribution.Law) []float64
}

// A single says which users an element hits by itself.
type single struct {
	element
	who structure.Node
}

// A cut is a set of elements that hits users of whom no part of it does.
type cut struct {
	elements []element
	capped   []int // by element: the level from which on it is a single point of these users; 0: none
	who      structure.Node
	row      int
	tried    [][]int // by order in which they fail: the switches that may fail and are tried before the last does
	waits    []wait  // for switches that are tried on the way
	like     *cut    // one before it of other copies that are alike; nil: none
	times    float64 // how many it stands for that are alike
}

// A wait is for a switch that is tried while the elements of a cut fail: so often
// in each outage of the cut, on average over the orders in which they may fail,
// users wait whom all of some elements hit.
type wait struct {
	switched int
	of       string // which elements: an index in each byte
	times    float64
}

type divisionKey struct {
	root      int
	felt      bool
	objective string
}

type divided struct {
	*Division
	err error
}

// Divide returns the division of a service, kept. The error is a
// *structure.TooLarge where its structure cannot be solved.
func (e *Engine) Divide(root int, felt bool, objective string) (*Division, error) {
	once := e.divisions.get(divisionKey{root, felt, objective}, func() func() divided {
		var once work.Once[divided]
		return func() divided {
			return once.Get(func() divided {
				d, err := e.divide(root, felt, objective)
				return divided{d, err}
			})
		}
	})
	x := once()
	return x.Division, x.err
}

func (e *Engine) divide(root int, felt bool, objective string) (*Division, error) {
	d := &Division{layout: e.newLayout(e.system.View(root, felt), objective, e.Laws)}
	if d.view.Plain() {
		return d, nil
	}
	d.findSingles()
	var except []structure.Single
	for _, s := range d.singles {
		if !d.pure[s.spot] {
			x := d.spots[s.spot]
			except = append(except, structure.Single{While: x.at[:s.level+1], Down: d.nodes([]element{s.element})})
		}
	}
	var err error
	g := d.graph(func(k int) bool { return d.pure[k] })
	if d.beside, err = structure.SolveBeside(g, 0, except, 0); err != nil {
		return nil, err
	}
	if err := d.findCuts(g); err != nil {
		return nil, err
	}
	if err := d.findSwitches(); err != nil {
		return nil, err
	}
	for k := range d.Rows {
		d.Rows[k].Everybody = d.everybody(d.Rows[k].Parts)
	}
	d.params()
	return d, nil
}

// ownLaws works laws out each time.
type ownLaws struct{ engine *Engine }

func (o ownLaws) Elapsed(in *scenario.Incident, theta []float64) distribution.Law {
	o.engine.planning.Lock()
	defer o.engine.planning.Unlock()
	return in.At(theta).Elapsed().Length(o.engine.planner)
}

func (o ownLaws) Felt(l, after distribution.Law) (chance float64, left distribution.Law) {
	return distribution.FeltOf(l, []distribution.Felt{{Share: 1, After: after}})
}

func (ownLaws) Longest(laws []distribution.Law) distribution.Law { return distribution.Longest(laws) }

func (ownLaws) Shortest(l distribution.Law, other distribution.Blend) distribution.Law {
	return distribution.Shortest(l, other)
}

func (ownLaws) FeltBy(l distribution.Law, groups []distribution.Felt) (chance float64, felt distribution.Law) {
	return distribution.FeltOf(l, groups)
}

func (ownLaws) Exactly(laws []distribution.Law) []float64 { return distribution.Exactly(laws) }

// Means returns the unsure inputs at their means.
func (d *Division) Means() []float64 { return slices.Clone(d.engine.meanParams) }

// findSingles finds out what hits which users by itself.
func (d *Division) findSingles() {
	d.pure, d.partial, d.lone = make([]bool, len(d.spots)), make([]bool, len(d.spots)), make([]bool, len(d.spots))
	var hits []structure.Node // by level, of the first of those that are alike
	for k, s := range d.spots {
		d.engine.poll()
		before := structure.False
		for level := range s.at {
			x := element{k, level}
			var who structure.Node
			if first := d.copies[k][0]; first == k {
				who = d.alone(0, d.nodes([]element{x}))
				hits = append(hits[:level], who)
			} else {
				who = hits[level]
			}
			if who == before {
				continue
			}
			before = who
			d.singles = append(d.singles, single{x, who})
			if level == 0 && who == structure.True {
				d.pure[k] = true
				break
			}
			d.partial[k] = true
		}
	}
}

// mostCuts bounds how many cuts are told apart, and mostOrder how many parts
// one has.
const (
	mostCuts  = 400
	mostOrder = 40
)

// findCuts lists the likeliest cuts of two parts and more.
func (d *Division) findCuts(g *structure.Graph) error {
	f, err := structure.Solve(g, 0, 0)
	if err != nil {
		return err
	}
	p, _ := d.chances(d.engine.meanParams, false)
	seen := map[string]bool{}
	alike := map[string]*cut{}
	listed, all := 0, Row{}
	for _, set := range f.Cuts(p, 2*mostCuts, mostOrder) {
		d.engine.poll()
		elements := d.elements(set)
		key := fmt.Sprint(elements)
		if len(elements) < 2 || seen[key] || listed >= mostCuts {
			continue
		}
		seen[key] = true
		if like := alike[d.likeness(elements)]; like != nil {
			listed++
			d.Rows[like.row].hangsOn(d.partsOf(elements))
			all.hangsOn(d.partsOf(elements))
			if len(elements) > 2 && !d.mayBeEven(elements) {
				like.times++ // how others are down besides does not matter
				continue
			}
			d.cuts = append(d.cuts, &cut{times: 1, elements: elements, capped: like.capped, who: like.who, row: like.row, like: like})
			continue
		}
		who := d.minimal(0, elements)
		if who == structure.False {
			continue
		}
		c := &cut{times: 1, elements: elements, who: who}
		for _, x := range elements {
			c.capped = append(c.capped, d.capped(x, who))
		}
		listed++
		c.row = d.rowOf(c)
		d.cuts = append(d.cuts, c)
		all.hangsOn(d.partsOf(elements))
		alike[d.likeness(elements)] = c
	}
	if len(d.cuts) > 0 && d.mayBeEven(nil) {
		d.findLone()
		all.Kind, all.Need, all.Holder = Together, d.Rows[d.cuts[0].row].Need, d.Rows[d.cuts[0].row].Holder
		d.Rows = append(d.Rows, all)
	}
	return nil
}

// findLone finds out what hits users while errors of others are always there.
func (d *Division) findLone() {
	for _, c := range d.cuts {
		for i, x := range c.elements {
			others := slices.Delete(slices.Clone(c.elements), i, i+1)
			if !slices.ContainsFunc(others, func(o element) bool { return !d.mayBeEven([]element{o}) }) {
				d.lone[x.spot] = true
			}
		}
	}
}

// capped is the level from which on an element is a single point of some users.
func (d *Division) capped(x element, who structure.Node) int {
	for _, s := range d.singles {
		if s.spot == x.spot && s.level > x.level && d.exposed.And(who, d.exposed.Not(s.who)) == structure.False {
			return s.level
		}
	}
	return 0
}

// mayBeEven reports whether some elements, or of none any, have errors that are always
// there.
func (d *Division) mayBeEven(elements []element) bool {
	even := func(s *spot) bool {
		return slices.ContainsFunc(s.units, func(u *unit) bool {
			return slices.ContainsFunc(u.causes, func(c *cause) bool { return c.Even })
		})
	}
	if elements == nil {
		return slices.ContainsFunc(d.spots, even)
	}
	return slices.ContainsFunc(elements, func(x element) bool { return even(d.spots[x.spot]) })
}

// everybody reports whether all that fails in some parts hits every user.
func (d *Division) everybody(parts []int) bool {
	if !d.view.Everybody() {
		return false
	}
	for _, s := range d.spots {
		if !slices.Contains(parts, s.part) {
			continue
		}
		for _, u := range s.units {
			for _, c := range u.causes {
				f, ok := c.hits(d.objective)
				if c.Even || ok && !(f.Sure() && f.Rat().Cmp(scenario.RatOne) == 0) || !c.Incident.All() {
					return false
				}
			}
		}
	}
	return true
}

func (d *Division) partsOf(elements []element) []int {
	out := make([]int, len(elements))
	for i, x := range elements {
		out[i] = d.spots[x.spot].part
	}
	return out
}

// rowOf returns the row of a cut: that of the group nearest to its parts that
// is down and has all of them below it.
func (d *Division) rowOf(c *cut) int {
	down := d.anyone(d.nodes(c.elements), nil)
	var need *scenario.Need
	holder, least := 0, math.MaxInt
	for i := range d.view.Nodes {
		for _, e := range d.view.Nodes[i].Needs {
			if !e.Need.Spare || !d.unmetForAny(e, func(m int) bool { return down[m] }) {
				continue
			}
			if n, ok := d.below(e, c.elements); ok && n < least {
				need, holder, least = e.Need, d.view.Nodes[i].Part, n
			}
		}
	}
	if need == nil {
		// Needs apart that only some of each expose one user to.
		for i := range d.view.Nodes {
			for _, e := range d.view.Nodes[i].Needs {
				if need == nil && e.Need.Spare {
					need, holder = e.Need, d.view.Nodes[i].Part
				}
			}
		}
	}
	k := slices.IndexFunc(d.Rows, func(r Row) bool { return r.Kind == TooMany && SameGroup(r.Need) == SameGroup(need) })
	if k < 0 {
		k = len(d.Rows)
		d.Rows = append(d.Rows, Row{Kind: TooMany, Need: need, Holder: holder})
	}
	d.Rows[k].hangsOn(d.partsOf(c.elements))
	return k
}

// hangsOn adds parts to those of a row.
func (r *Row) hangsOn(parts []int) {
	for _, p := range parts {
		if !slices.Contains(r.Parts, p) {
			r.Parts = append(r.Parts, p)
		}
	}
}

// below returns how many nodes are below a need, and whether those of all the
// elements are.
func (d *Division) below(e scenario.Edge, elements []element) (int, bool) {
	seen := map[int]bool{}
	parts := map[int]bool{}
	var visit func(int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		parts[d.view.Nodes[i].Part] = true
		for _, e := range d.view.Nodes[i].Needs {
			for _, m := range e.Members {
				visit(m)
			}
		}
	}
	for _, m := range e.Members {
		visit(m)
	}
	for _, x := range elements {
		if !parts[d.spots[x.spot].part] {
			return 0, false
		}
	}
	return len(seen), true
}

// SameGroup tells needs apart by their members and how many of them suffice.
func SameGroup(n *scenario.Need) string {
	members := slices.Clone(n.Members)
	slices.Sort(members)
	return fmt.Sprint(n.Down, members)
}

// params lists the unsure inputs on which the losses depend.
func (d *Division) params() {
	d.apart = 1
	if len(d.Rows) == 0 {
		return
	}
	add := adder(&d.Params)
	use := make([]bool, d.size)
	for _, f := range []*structure.Function{d.beside, d.waiting} {
		if f == nil {
			continue
		}
		for _, v := range f.Depends() {
			use[v] = true
		}
	}
	of := func(s *spot) (out []int) {
		add := adder(&out)
		for _, u := range s.units {
			for _, p := range u.params(d.objective) {
				add(p)
			}
		}
		return out
	}
	// A switch is tried by whatever takes its members down, be that a single point or
	// not, and for whom it does is said by what is below the switch alone.
	tries := make([]bool, len(d.spots))
	for _, w := range d.switches {
		for _, s := range w.below.spots {
			if k, ok := d.at[s.part]; ok {
				tries[k] = true
			}
		}
	}
	exposes := func(f *structure.Function) {
		for _, v := range f.Depends() {
			if v < len(d.engine.system.Exposed) {
				use[v] = true
			}
		}
	}
	for _, m := range d.modes {
		for _, c := range m.concerns {
			exposes(c.group)
			for _, f := range c.up {
				exposes(f)
			}
		}
	}
	for k, s := range d.spots {
		if !tries[k] && (d.pure[k] || !slices.ContainsFunc(s.at, func(v int) bool { return use[v] })) {
			continue
		}
		for _, p := range of(s) {
			add(p)
		}
	}
	for v := range d.engine.system.Exposed {
		if use[v] {
			d.engine.system.Exposed[v].Visit(add)
		}
	}
	for _, w := range d.switches {
		w.need.Switch.Works.Visit(add)
		w.need.Switch.Takes.Visit(add)
	}
	for k, s := range d.spots {
		if !d.pure[k] {
			continue
		}
		params := of(s)
		if slices.ContainsFunc(params, func(p int) bool { return slices.Contains(d.Params, p) }) {
			d.moving = append(d.moving, k)
			continue
		}
		rides := d.view.Nodes[d.view.Of[s.part][0]].Rides
		d.apart *= d.engine.average(params, nil, func(theta []float64) []hit {
			return []hit{{q: 1 - d.engine.Down(s.part, d.objective, rides, theta, false).Q}}
		})[0].q
	}
}
