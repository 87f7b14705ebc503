package availability

import (
	"fmt"
	"slices"

	"tightrope/internal/scenario"
	"tightrope/internal/structure"
)

// Switches belong to the member that fails. When a member of a group fails for
// a user and the user's groups survive it, the user waits for the longest of the
// switches concerned; a switch that does not work lasts as long as the member's
// outage.

// A switched need changes over when a member fails and the group survives.
type switched struct {
	need   *scenario.Need
	holder int
	rides  []float64        // before it, at each of its holder's levels: mean seconds, rising
	behind []scenario.Rides // the same, as they are
	at     []int            // its variable at each: not met for longer than that
	row    int              // of waiting for it
	below  *layout
	nodes  []int // of the graph with switches, that are down while it is
	// beside says whether a user is hit because it does not work and something
	// else is down: not by one of them alone.
	beside *structure.Function
	group  *structure.Function // whether too many of its members are down, for a user of it
	mine   []int               // spots of members that nothing else needs
}

// A mode is a way in which members fail: elements that are down at once, of
// which none can be left out. It stands for all that differ from it only in which
// copies of a service they have.
type mode struct {
	times    float64 // how many these are
	below    *layout // the layout that the elements are of
	elements []element
	spots    []int // of the whole service, that they are
	concerns []*concern
	rows     []int // of failed switches, by kind of the first element where there is only one
	causes   []*scenario.Source
	// pure: it hits every user by itself, so that they wait only beyond its end.
	pure bool
	// rides are how long the rides before the mode and its switches may be.
	rides []rideCase
}

// A concern is a switch that a mode makes change over.
type concern struct {
	*switched
	who []structure.Node // by member: for whom it fails, in the switch's layout
	up  []*structure.Function
	in  []int // the mode's elements as spots of the switch's layout
}

const (
	mostModes     = 120 // of one need
	mostModeOrder = 4
	mostConcerns  = 4 // switches that one mode is told apart for; the others are left out
)

func (d *Division) findSwitches() error {
	known := map[string]*mode{}
	for _, part := range d.view.Order {
		of := d.view.Of[part]
		for _, edge := range d.view.Nodes[of[0]].Needs {
			if edge.Need.Switch == nil {
				continue
			}
			w := &switched{need: edge.Need, holder: part, row: -1}
			for _, i := range of {
				rides := d.view.Nodes[i].Rides
				if edge.Need.Ride != nil {
					rides = append(slices.Clone(rides), edge.Need.Ride)
				}
				w.behind, w.rides = append(w.behind, rides), append(w.rides, rides.Mean())
				w.at = append(w.at, d.variable())
			}
			w.mine = d.onlyOf(edge)
			d.switches = append(d.switches, w)
			if err := d.findModes(w, known); err != nil {
				return err
			}
		}
	}
	if len(d.switches) == 0 {
		return nil
	}
	bare := d.graph(func(k int) bool { return d.pure[k] })
	g := d.graph(func(k int) bool { return d.pure[k] })
	for i, node := range d.view.Nodes {
		for _, e := range node.Needs {
			k := slices.IndexFunc(d.switches, func(w *switched) bool { return w.need == e.Need })
			if k < 0 {
				continue
			}
			w := d.switches[k]
			level := slices.Index(d.view.Of[node.Part], i)
			g.Needs[i] = append(g.Needs[i], structure.Need{Edge: e.Need.Edge, Members: []int{len(g.Own)}, Down: 1})
			g.Needs = append(g.Needs, nil)
			w.nodes = append(w.nodes, len(g.Own))
			g.Own = append(g.Own, w.at[:level+1])
		}
	}
	var err error
	if d.waiting, err = structure.Solve(g, 0, 0); err != nil {
		return err
	}
	for _, w := range d.switches {
		if w.beside, err = structure.SolveBetween(bare, g, 0, w.nodes, 0); err != nil {
			return err
		}
	}
	for _, m := range d.modes {
		m.rides = d.rideCases(m)
	}
	d.switchRows()
	for _, c := range d.cuts {
		if c.like != nil {
			c.tried, c.waits = c.like.tried, c.like.waits
			continue
		}
		d.tries(c)
	}
	return nil
}

// findModes lists how members of a group fail.
func (d *Division) findModes(w *switched, known map[string]*mode) error {
	w.below = d.engine.newLayout(d.engine.system.Below(w.need, d.view.Felt), d.objective, d.laws)
	l := w.below
	p, _ := l.chances(d.engine.meanParams, false)
	g := l.graph(nil)
	found := 0
	var err error
	if w.group, err = structure.Solve(g, 0, 0); err != nil {
		return err
	}
	for _, m := range l.view.Nodes[0].Needs[0].Members {
		if k, ok := l.at[l.view.Nodes[m].Part]; ok && !l.first(k) {
			continue // as the first of them
		}
		f, err := structure.Solve(g, m, 0)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, set := range f.Cuts(p, mostModes, mostModeOrder) {
			d.engine.poll()
			elements, times := l.stand(l.elements(set))
			if len(elements) == 0 || found > 4*mostModes {
				continue
			}
			key, spots, pure, ok := d.modeKey(l, elements)
			if !ok || seen[key] {
				continue
			}
			seen[key] = true
			who := l.minimal(m, elements)
			if who == structure.False {
				continue
			}
			found++
			x := known[key]
			if x == nil {
				x = &mode{times: times, below: l, elements: elements, spots: spots, pure: pure}
				known[key] = x
				d.modes = append(d.modes, x)
			}
			var c *concern
			for _, o := range x.concerns {
				if o.switched == w {
					c = o
				}
			}
			if c == nil {
				if len(x.concerns) == mostConcerns {
					continue
				}
				c = &concern{switched: w}
				for _, y := range elements {
					c.in = append(c.in, y.spot)
				}
				x.concerns = append(x.concerns, c)
			}
			c.who, c.up = append(c.who, who), append(c.up, f)
		}
	}
	return nil
}

// modeKey tells modes apart by their parts and the rides before them. pure is true of
// one thing that hits every user anyway; ok is false where one of several does.
func (d *Division) modeKey(l *layout, elements []element) (key string, spots []int, pure, ok bool) {
	for _, x := range elements {
		part := l.spots[x.spot].part
		k, known := d.at[part]
		if !known || d.pure[k] && len(elements) > 1 {
			return "", nil, false, false
		}
		pure = d.pure[k]
		spots = append(spots, k)
		key += fmt.Sprint(part, " ", ridesKey(l.view.Nodes[l.view.Of[part][x.level]].Rides), ";")
	}
	return key, spots, pure, true
}

// switchRows gives each switch the row of waiting for it, and each mode those of
// its outages that a failed switch does not end.
func (d *Division) switchRows() {
	row := func(r Row, parts []int) int {
		k := slices.IndexFunc(d.Rows, func(o Row) bool {
			return o.Kind == r.Kind && o.Cause == r.Cause && SameGroup(o.Need) == SameGroup(r.Need)
		})
		if k < 0 {
			k = len(d.Rows)
			d.Rows = append(d.Rows, r)
		}
		d.Rows[k].hangsOn(parts)
		return k
	}
	for _, m := range d.modes {
		var parts []int
		for _, k := range m.spots {
			for _, o := range d.copies[k] {
				if p := d.spots[o].part; !slices.Contains(parts, p) {
					parts = append(parts, p)
				}
			}
		}
		fails := false
		for _, c := range m.concerns {
			all := slices.Clone(parts)
			for _, s := range c.below.spots {
				if !slices.Contains(all, s.part) {
					all = append(all, s.part)
				}
			}
			c.row = row(Row{Kind: Changing, Need: c.need, Holder: c.holder}, all)
			fails = fails || !(c.need.Switch.Works.Sure() && c.need.Switch.Works.Rat().Cmp(scenario.RatOne) == 0)
		}
		if !fails || m.pure {
			continue
		}
		first := m.concerns[0]
		if len(m.elements) > 1 {
			m.causes, m.rows = []*scenario.Source{nil}, []int{row(Row{Kind: NotChanged, Need: first.need, Holder: first.holder}, parts)}
			continue
		}
		for _, u := range m.below.spots[m.elements[0].spot].units {
			for _, c := range u.causes {
				if c.Even {
					continue
				}
				_, bare := m.below.rideFree(m.elements[0])
				r := Row{Kind: NotChanged, Need: first.need, Holder: first.holder, Cause: c.Source, Whole: bare && first.rides[0] == 0 && len(d.spots[m.spots[0]].at) == 1}
				m.causes, m.rows = append(m.causes, c.Source), append(m.rows, row(r, parts))
			}
		}
	}
}

// rideFree returns the rides before an element, and whether there is none.
func (l *layout) rideFree(x element) (scenario.Rides, bool) {
	r := l.view.Nodes[l.view.Of[l.spots[x.spot].part][x.level]].Rides
	return r, len(r) == 0
}

// onlyOf returns the spots of the members of a need that no other need has.
func (d *Division) onlyOf(edge scenario.Edge) (out []int) {
	for _, m := range edge.Members {
		part := d.view.Nodes[m].Part
		alone := true
		for _, node := range d.view.Nodes {
			for _, e := range node.Needs {
				alone = alone && (e.Need == edge.Need || !slices.ContainsFunc(e.Members, func(o int) bool { return d.view.Nodes[o].Part == part }))
			}
		}
		if k, ok := d.at[part]; ok && alone {
			out = append(out, k)
		}
	}
	return out
}

// tries finds the switches that are tried while the elements of a cut fail one
// after the other, for the orders in which they may do so: those of groups that
// get one member less and survive that.
func (d *Division) tries(c *cut) {
	works := func(w *switched) bool {
		return w.need.Switch.Works.Sure() && w.need.Switch.Works.Rat().Cmp(scenario.RatOne) == 0
	}
	all := orders(len(c.elements))
	some := false
	add := func(k int, of []int, times float64) {
		key := make([]byte, len(of))
		for i, x := range of {
			key[i] = byte(x)
		}
		slices.Sort(key)
		x := wait{k, string(key), times / float64(len(all))}
		for i := range c.waits {
			if o := &c.waits[i]; o.switched == x.switched && o.of == x.of {
				o.times += x.times
				return
			}
		}
		c.waits = append(c.waits, x)
	}
	var tried [][]int
	for _, order := range all {
		d.engine.poll()
		var failing []int
		var down []element
		before := d.anyone(nil, nil)
		for n, i := range order {
			now := append(slices.Clone(down), c.elements[i])
			after := d.anyone(d.nodes(now), nil)
			for _, k := range d.changesOver(before, after) {
				if !works(d.switches[k]) && (d.waitsFor(k, down) && !d.takesAll(k, now, c.elements) || d.hurtsLater(k, c.elements, i)) {
					failing, some = append(failing, k), true
				}
				if n < len(order)-1 && d.waitsFor(k, down) {
					add(k, order[:n+1], 1)
				}
			}
			down, before = now, after
		}
		tried = append(tried, failing)
		// The last one fails for users too who do not see the others down.
		last := order[len(order)-1]
		for _, k := range d.changesOver(d.anyone(nil, nil), d.anyone(d.nodes([]element{c.elements[last]}), nil)) {
			if d.waitsFor(k, nil) {
				add(k, order[len(order)-1:], 1)
				add(k, order, -1)
			}
		}
	}
	if some {
		c.tried = tried
	}
}

// waitsFor reports whether a user waits for a switch while some elements are down.
func (d *Division) waitsFor(k int, down []element) bool {
	return d.anyone(d.nodes(down), d.switches[k].need)[0]
}

// takesAll reports whether it takes all elements of a cut for a member of a
// switch's group to fail: then the cut hits users whether the switch works or not,
// and a failed one has no outage before it.
func (d *Division) takesAll(k int, down, all []element) bool {
	if len(down) < len(all) {
		return false
	}
	for i := range all {
		if d.membersDown(d.anyone(d.nodes(slices.Delete(slices.Clone(all), i, i+1)), nil), d.switches[k]) > 0 {
			return false
		}
	}
	return true
}

// hurtsLater reports whether a switch that did not work when an element failed hits
// users once the others are down, with what only its own group needs up.
func (d *Division) hurtsLater(k int, elements []element, failed int) bool {
	w := d.switches[k]
	var down []element
	for i, x := range elements {
		if i == failed || !slices.Contains(w.mine, x.spot) {
			down = append(down, x)
		}
	}
	nodes := d.nodes(down)
	return d.anyone(nodes, w.need)[0] && !d.anyone(nodes, nil)[0]
}

// changesOver lists the switches that are tried when more is down after than
// before.
func (d *Division) changesOver(before, after []bool) (list []int) {
	falls := func(down []bool, w *switched) bool {
		for _, e := range d.view.Nodes[d.view.Of[w.holder][0]].Needs {
			if e.Need == w.need {
				return d.unmetForAny(e, func(m int) bool { return down[m] })
			}
		}
		return false
	}
	for k, w := range d.switches {
		if d.membersDown(after, w) > d.membersDown(before, w) && !falls(after, w) {
			list = append(list, k)
		}
	}
	return list
}

// membersDown is how many members of a switch's group are down.
func (d *Division) membersDown(down []bool, w *switched) (n int) {
	for _, e := range d.view.Nodes[d.view.Of[w.holder][0]].Needs {
		if e.Need == w.need {
			for _, m := range e.Members {
				if down[m] {
					n++
				}
			}
		}
	}
	return n
}

// orders returns all orders of a few things; of more, each once as the last.
func orders(n int) [][]int {
	var out [][]int
	if n > 4 {
		for k := range n {
			var o []int
			for i := range n {
				o = append(o, (k+1+i)%n)
			}
			out = append(out, o)
		}
		return out
	}
	var next func(taken []int)
	next = func(taken []int) {
		if len(taken) == n {
			out = append(out, slices.Clone(taken))
			return
		}
		for i := range n {
			if !slices.Contains(taken, i) {
				next(append(taken, i))
			}
		}
	}
	next(nil)
	return out
}
