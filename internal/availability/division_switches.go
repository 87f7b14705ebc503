package availability

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tightrope/internal/dist"
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
	rides  []float64 // before it, at each of its holder's levels: mean seconds, rising
	at     []int     // its variable at each: not met for longer than that
	row    int       // of waiting for it
	below  *layout
	nodes  []int // of the graph with switches, that are down while it is
	// beside says whether a user is hit because it does not work and something
	// else is down: not by one of them alone.
	beside *structure.Function
	group  *structure.Function // whether too many of its members are down, for a user of it
}

// A mode is a way in which members fail: elements that are down at once, of
// which none can be left out.
type mode struct {
	below    *layout // the layout that the elements are of
	elements []element
	spots    []int // of the whole service, that they are
	concerns []*concern
	rows     []int // of failed switches, by kind of the first element where there is only one
	causes   []*scenario.Source
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
				r := d.view.Nodes[i].Rides.Mean()
				if edge.Need.Ride != nil {
					r += edge.Need.Ride.Mean()
				}
				w.rides = append(w.rides, r)
				w.at = append(w.at, d.variable())
			}
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
	d.switchRows()
	for _, c := range d.cuts {
		c.tried = d.triedBefore(c)
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
		f, err := structure.Solve(g, m, 0)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, set := range f.Cuts(p, mostModes, mostModeOrder) {
			elements := l.elements(set)
			if len(elements) == 0 || found > 4*mostModes {
				continue
			}
			key, spots, ok := d.modeKey(l, elements)
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
				x = &mode{below: l, elements: elements, spots: spots}
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

// modeKey tells modes apart by their parts and the rides before them. ok is
// false where one of them hits every user anyway.
func (d *Division) modeKey(l *layout, elements []element) (key string, spots []int, ok bool) {
	for _, x := range elements {
		part := l.spots[x.spot].part
		k, known := d.at[part]
		if !known || d.pure[k] {
			return "", nil, false
		}
		spots = append(spots, k)
		key += fmt.Sprint(part, " ", ridesKey(l.view.Nodes[l.view.Of[part][x.level]].Rides), ";")
	}
	return key, spots, true
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
		for _, p := range parts {
			if !slices.Contains(d.Rows[k].Parts, p) {
				d.Rows[k].Parts = append(d.Rows[k].Parts, p)
			}
		}
		return k
	}
	for _, m := range d.modes {
		var parts []int
		for _, k := range m.spots {
			parts = append(parts, d.spots[k].part)
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
		if !fails {
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

// triedBefore lists the switches that are tried while the elements of a cut fail
// one after the other, for the orders in which they may do so: those of groups
// that get one member less and survive that. Only those count whose failure hits
// a user by itself.
func (d *Division) triedBefore(c *cut) [][]int {
	works := func(w *switched) bool {
		return w.need.Switch.Works.Sure() && w.need.Switch.Works.Rat().Cmp(scenario.RatOne) == 0
	}
	if !slices.ContainsFunc(d.switches, func(w *switched) bool { return !works(w) }) {
		return nil
	}
	members := func(down []bool, w *switched) int {
		n := 0
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
	falls := func(down []bool, w *switched) bool {
		for _, e := range d.view.Nodes[d.view.Of[w.holder][0]].Needs {
			if e.Need == w.need {
				return d.unmetForAny(e, func(m int) bool { return down[m] })
			}
		}
		return false
	}
	var out [][]int
	for _, order := range orders(len(c.elements)) {
		var tried []int
		var down []element
		before := d.anyone(nil, nil)
		for _, i := range order {
			old := d.nodes(down)
			down = append(down, c.elements[i])
			after := d.anyone(d.nodes(down), nil)
			for k, w := range d.switches {
				if !works(w) && members(after, w) > members(before, w) && !falls(after, w) && d.anyone(old, w.need)[0] {
					tried = append(tried, k)
				}
			}
			before = after
		}
		out = append(out, tried)
	}
	return out
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

// covers returns, of each cut, the chance that no failed switch is an outage
// already while all of its elements are down. failed is the share of time that
// the failed switches of each mode take.
func (d *Division) covers(theta []float64, failed []float64) []float64 {
	out := make([]float64, len(d.cuts))
	works := make([]float64, len(d.switches))
	for k, w := range d.switches {
		works[k] = math.Min(1, w.need.Switch.Works.Value(theta))
	}
	for i, c := range d.cuts {
		out[i] = 1
		if len(c.tried) > 0 {
			out[i] = 0
		}
		for _, tried := range c.tried {
			x := 1.0
			for _, k := range tried {
				x *= works[k]
			}
			out[i] += x / float64(len(c.tried))
		}
		// Those of what is no part of it.
		for k, m := range d.modes {
			if failed[k] > 0 && !slices.ContainsFunc(c.elements, func(x element) bool { return slices.Contains(m.spots, x.spot) }) {
				out[i] *= 1 - math.Min(1, failed[k])
			}
		}
	}
	return out
}

// switchesAt fills in what is lost to switches, and returns the share of time that
// the failed switches of each mode take.
func (d *Division) switchesAt(theta []float64, up float64, out []Loss) []float64 {
	failed := make([]float64, len(d.modes))
	if len(d.modes) == 0 {
		return failed
	}
	p, _ := d.chances(theta, false)
	below := map[*layout][]float64{}
	for _, w := range d.switches {
		below[w.below], _ = w.below.chances(theta, false)
	}
	rows := make([]tally, len(d.Rows))
	for k, m := range d.modes {
		failed[k] = d.modeAt(m, theta, up, p, below, rows)
	}
	for k := range rows {
		r := &rows[k]
		if r.often <= 0 || r.hits <= 0 {
			continue
		}
		out[k] = Loss{Often: r.often, Share: r.hits / r.often, Mean: r.mass / r.hits, Cuts: r.cuts, Pace: r.pace / r.often, Partly: r.partly}
	}
	return failed
}

// add adds incidents of one amount, a share times a law, and returns what they
// come to.
func (t *tally) add(often, share, pace float64, blend dist.Blend, mean float64, others ...dist.Blend) float64 {
	if often <= 0 || share <= 0 || mean <= 0 {
		return 0
	}
	t.often += often
	t.hits += often * share
	t.mass += often * share * mean
	t.pace += often * pace
	t.cuts = append(t.cuts, dist.Cut{Weight: often, First: blend, Others: others, Scale: share})
	return often * share * mean
}

// modeAt adds what the switches of one mode lose, and returns the share of time
// that those take that fail.
func (d *Division) modeAt(m *mode, theta []float64, up float64, p []float64, below map[*layout][]float64, rows []tally) (lost float64) {
	kinds := make([][]similar, len(m.elements))
	for i, x := range m.elements {
		for _, k := range m.below.kinds(x, 0, theta) {
			if !k.even {
				kinds[i] = append(kinds[i], k)
			}
		}
		if len(m.elements) > 1 {
			kinds[i] = blended(kinds[i])
		}
	}
	e := d.exchange(m, p)
	busy := 0.0
	for _, list := range kinds {
		q := 0.0
		for _, k := range list {
			q += k.q
		}
		busy = math.Max(busy, math.Min(0.5, q))
	}
	if len(m.elements) == 1 {
		e.busy = busy
	}
	takes := make([]dist.Law, len(m.concerns))
	works := make([]float64, len(m.concerns))
	concerned, survives, stretch := make([]float64, len(m.concerns)), make([]float64, len(m.concerns)), make([]float64, len(m.concerns))
	for i, c := range m.concerns {
		takes[i] = c.need.Switch.Takes.Law(theta)
		works[i] = math.Min(1, c.need.Switch.Works.Value(theta))
		concerned[i] = c.concerned(d, m, below[c.below])
		survives[i] = c.survives(below[c.below])
		stretch[i] = c.stretch(d, theta, below[c.below])
	}
	combine(kinds, func(chosen []*similar, share float64) {
		o := overlapOf(chosen, share)
		if o.often <= 0 {
			return
		}
		// Who is concerned, and which switches fail.
		for mask := 1; mask < 1<<len(m.concerns); mask++ {
			chance := 1.0
			var on []int
			for i := range m.concerns {
				if mask>>i&1 == 1 {
					chance *= concerned[i]
					on = append(on, i)
				} else {
					chance *= 1 - concerned[i]
				}
			}
			if chance <= 0 {
				continue
			}
			for failing := range 1 << len(on) {
				x := chance
				var failed, working []int
				for n, i := range on {
					if failing>>n&1 == 1 {
						x *= 1 - works[i]
						failed = append(failed, i)
					} else {
						x *= works[i]
						working = append(working, i)
					}
				}
				if x <= 0 {
					continue
				}
				all := x
				longer := 0.0
				for _, i := range failed {
					all *= survives[i]
					longer = math.Max(longer, stretch[i])
				}
				all *= longer
				lost += d.fail(m, e, failed, chosen, o, all, share, x/chance, rows)
				d.wait(m, e, failed, working, takes, o.often*x*up, share, x/chance, chosen, rows)
			}
		}
	})
	return lost
}

// fail adds the outages of members that failed switches did not take out of
// service, and returns the share of time that they take. Each is tried where its
// own group survives, whatever else is down.
func (d *Division) fail(m *mode, e *exchange, failed []int, chosen []*similar, o overlap, chance, share, failing float64, rows []tally) (lost float64) {
	if len(failed) == 0 || len(m.rows) == 0 {
		return 0
	}
	alone, _ := e.hit(failed, math.Inf(1))
	shielded := e.shielded(failed)
	if alone <= 0 && shielded <= 0 {
		return 0
	}
	over := e.over(failed)
	after := m.concerns[failed[0]].rides[0]
	for _, i := range failed {
		after = math.Min(after, m.concerns[i].rides[0])
	}
	for _, c := range o.cuts {
		for n, kind := range c.First {
			row := m.rows[0]
			blend := c.First
			weight := c.Weight
			if len(m.elements) == 1 {
				// Each cause has its own row.
				blend = c.First[n : n+1]
				weight = kind.Often
				row = m.rowOf(chosen[0], n)
			}
			law := dist.Law(nil)
			if len(c.Others) == 0 && len(blend) == 1 {
				law = dist.AtMost(blend[0].Law, over)
			}
			if shielded > 0 {
				// With something else down it is an outage for half of its time, twice
				// as often.
				mean := o.q / o.often
				if law != nil {
					mean = law.Mean()
				}
				half := law
				if half == nil {
					half = dist.Exponential(mean)
				}
				half = half.Scale(0.5)
				rows[row].add(2*weight*chance*shielded, share, e.pace(failing), dist.Blend{{Often: 1, Law: half}}, half.Mean())
			}
			switch {
			case law == nil:
				mean := o.q / o.often
				lost += rows[row].add(weight*chance, share*alone, e.pace(failing), blend, mean, c.Others...)
			case after > 0:
				if left := law.Survival(after); left > 0 {
					law = d.laws.Felt(law, dist.Fixed(after))
					lost += rows[row].add(weight*chance*left, share*alone, e.pace(failing), dist.Blend{{Often: 1, Law: law}}, law.Mean())
				}
			default:
				lost += rows[row].add(weight*chance, share*alone, e.pace(failing), dist.Blend{{Often: 1, Law: law}}, law.Mean())
			}
			if len(m.elements) > 1 {
				break
			}
		}
	}
	return lost
}

// rowOf returns the row of the n-th incident of some that are similar.
func (m *mode) rowOf(s *similar, n int) int {
	k := slices.Index(m.causes, s.causes[n])
	return m.rows[max(0, k)]
}

// wait adds what users wait for switches that work, beside those that do not.
func (d *Division) wait(m *mode, e *exchange, failed, working []int, takes []dist.Law, often, share, works float64, chosen []*similar, rows []tally) {
	if len(working) == 0 {
		return
	}
	slices.SortStableFunc(working, func(a, b int) int { return -cmp.Compare(takes[a].Mean(), takes[b].Mean()) })
	var laws []dist.Law
	for _, i := range working {
		laws = append(laws, takes[i])
	}
	longest := dist.Longest(laws)
	after := math.Inf(1)
	for _, i := range working {
		after = math.Min(after, m.concerns[i].rides[0])
	}
	chance, law := 1.0, longest
	if after > 0 {
		if chance = longest.Survival(after); chance <= 0 {
			return
		}
		law = d.laws.Felt(longest, dist.Fixed(after))
	}
	alone, now := e.hit(append(slices.Clone(failed), working...), math.Inf(1))
	a, n := e.hit(failed, math.Inf(1))
	alone, now = alone-a, now-n
	if now <= 0 {
		return
	}
	if alone <= 1e-15 {
		alone = 1 // who is hit only while something else is down
	}
	// The mean amount of users and time, as the switches end one after the
	// other.
	mean := e.amount(failed, working, laws) / now
	if mean <= 0 {
		return
	}
	scale := alone * mean / (chance * law.Mean()) // of the users that are concerned
	if math.Abs(scale-alone) < 1e-12*alone {
		scale = alone
	}
	row := &rows[m.concerns[working[0]].row]
	begins := often * chance * now / alone
	row.add(begins, share*scale, e.pace(works), dist.Blend{{Often: 1, Law: law}}, law.Mean())
	if len(m.elements) == 1 && len(failed) == 0 && d.partial[m.spots[0]] {
		// In turn with how often each of its causes begins.
		all := 0.0
		for _, k := range chosen[0].blend {
			all += k.Often
		}
		for n, k := range chosen[0].blend {
			row.partly = append(row.partly, Part{chosen[0].causes[n], begins * k.Often / all, share * scale * law.Mean()})
		}
	}
}

// concerned returns the share of the users of a mode's members whom a switch
// concerns: those for whom a member fails that was up before.
func (c *concern) concerned(d *Division, m *mode, p []float64) float64 {
	p = slices.Clone(p)
	for k, s := range c.below.spots {
		x, ok := d.at[s.part]
		if ok && (d.pure[x] || d.partial[x]) || slices.Contains(m.spots, x) {
			for _, v := range c.below.spots[k].at {
				p[v] = 0
			}
		}
	}
	out := 1.0
	for i, who := range c.who {
		share := 1.0
		if who != structure.True {
			share = c.below.exposed.Probability(who, p)
		}
		out *= 1 - share*(1-c.up[i].Probability(p))
	}
	return 1 - out
}

// survives returns the chance that the group of a switch is not down while its
// mode is.
func (c *concern) survives(p []float64) float64 {
	p = slices.Clone(p)
	for _, k := range c.in {
		p[c.below.spots[k].at[0]] = 1
	}
	return 1 - c.group.Probability(p)
}

// stretch is by how much a member's outage is longer than the incidents that begin
// it, since others may begin before they are over: the share of time that it is
// down, over how often that begins, held against the lengths of its single parts.
func (c *concern) stretch(d *Division, theta, p []float64) float64 {
	if len(c.in) != 1 {
		return 1
	}
	most := 1.0
	_, often := c.below.chances(theta, false)
	// What hits users by itself is no part of it.
	p = slices.Clone(p)
	for k, s := range c.below.spots {
		if x, ok := d.at[s.part]; ok && (d.pure[x] || d.partial[x]) && !slices.Contains(c.in, k) {
			for _, v := range s.at {
				p[v], often[v] = 0, 0
			}
		}
	}
	for _, f := range c.up {
		down, slope := f.Gradient(p)
		begins, alone := 0.0, 0.0
		for _, s := range c.below.spots {
			v := s.at[0]
			if slope[v] <= 0 || often[v] <= 0 {
				continue
			}
			begins += often[v] * slope[v]
			for _, u := range s.units {
				for i, h := range u.at(d.objective, c.below.view.Nodes[c.below.view.Of[s.part][0]].Rides, theta, false, nil) {
					if x := u.causes[i]; !x.Even && h.often > 0 {
						alone += h.often * slope[v] * x.mean(theta, true)
					}
				}
			}
		}
		if alone > 0 && begins > 0 {
			most = math.Max(most, down/alone)
		}
	}
	return math.Min(1.5, most)
}

// A step is when something is down behind a longer ride.
type step struct {
	after    float64
	variable int
}

// An exchange is the time after a mode has made members fail.
type exchange struct {
	d     *Division
	m     *mode
	now   []float64 // chances of all variables, with the mode down
	alone []float64 // the same with all else up
	known map[string][2]float64
	busy  float64 // the share of time that the mode takes, where it alternates
	steps []step  // when the mode is down behind longer rides too
}

// pace is how often a share of the mode's beginnings comes while it is not down,
// relative to all time: what is down has no new incident. The fewer of them count,
// the more they are like a Poisson process.
func (e *exchange) pace(share float64) float64 { return 1 + share*e.busy/(1-e.busy) }

func (d *Division) exchange(m *mode, p []float64) *exchange {
	e := &exchange{d: d, m: m, now: slices.Clone(p), alone: slices.Clone(p), known: map[string][2]float64{}}
	for k, s := range d.spots {
		for n, v := range s.at {
			down := 0.0
			if n == 0 {
				down = 1
			}
			if slices.Contains(m.spots, k) {
				e.now[v], e.alone[v] = down, down
				if of := d.view.Of[s.part]; n > 0 {
					after := d.view.Nodes[of[n]].Rides.Mean() - d.view.Nodes[of[0]].Rides.Mean()
					e.steps = append(e.steps, step{after, v})
				}
			} else {
				e.alone[v] = 0
			}
		}
	}
	return e
}

// hit returns the share of users that is hit because some of the mode's switches
// have not ended at a time, with all else up, and as things are. At an infinite
// time it is that at once, where no ride matters but the least.
func (e *exchange) hit(on []int, at float64) (alone, now float64) {
	if len(on) == 0 {
		return 0, 0
	}
	var set, down []int
	for _, i := range on {
		c := e.m.concerns[i]
		for k, v := range c.at {
			if at > c.rides[k] && (k == 0 || !math.IsInf(at, 1)) {
				set = append(set, v)
			}
		}
	}
	for _, x := range e.steps {
		if at > x.after && !math.IsInf(at, 1) {
			down = append(down, x.variable)
		}
	}
	slices.Sort(set)
	key := fmt.Sprint(set, down)
	if x, ok := e.known[key]; ok {
		return x[0], x[1]
	}
	fill := func(p []float64, variables []int, x float64) {
		for _, v := range variables {
			p[v] = x
		}
	}
	of := func(p []float64) float64 {
		fill(p, down, 1)
		without := e.d.waiting.Probability(p)
		fill(p, set, 1)
		with := e.d.waiting.Probability(p)
		fill(p, set, 0)
		fill(p, down, 0)
		return math.Max(0, with-without)
	}
	x := [2]float64{of(e.alone), of(e.now)}
	e.known[key] = x
	return x[0], x[1]
}

// over is when failed switches hit nobody any more, since the mode does by
// itself; infinite where it never does.
func (e *exchange) over(failed []int) float64 {
	out := math.Inf(1)
	for _, x := range e.steps {
		if alone, _ := e.hit(failed, math.Nextafter(x.after, math.Inf(1))); alone <= 1e-15 {
			out = math.Min(out, x.after)
		}
	}
	return out
}

// shielded returns the share of users that is hit because switches did not work
// and something else is down, but by neither alone.
func (e *exchange) shielded(failed []int) float64 {
	most := 0.0
	for _, i := range failed {
		c := e.m.concerns[i]
		if len(c.beside.Depends()) == 0 {
			continue
		}
		for _, v := range c.at {
			e.now[v] = 1
		}
		most = math.Max(most, c.beside.Probability(e.now))
		for _, v := range c.at {
			e.now[v] = 0
		}
	}
	return most
}

// amount is the mean of users × time that are hit by switches that work, beside
// those that failed.
func (e *exchange) amount(failed, working []int, takes []dist.Law) float64 {
	if len(e.steps) == 0 && len(working) == 1 && e.m.concerns[working[0]].rides[0] == 0 && len(e.m.concerns[working[0]].at) == 1 {
		_, n := e.hit(failed, math.Inf(1))
		_, with := e.hit(append(slices.Clone(failed), working[0]), math.Inf(1))
		return (with - n) * takes[0].Mean()
	}
	sum := 0.0
	lengths := make([]float64, len(working))
	var next func(i int, weight float64)
	next = func(i int, weight float64) {
		if i < len(working) {
			x, w := dist.NodesOf(takes[i])
			for k := range x {
				lengths[i] = x[k]
				next(i+1, weight*w[k])
			}
			return
		}
		sum += weight * e.fixedAmount(failed, working, lengths)
	}
	next(0, 1)
	return sum
}

func (e *exchange) fixedAmount(failed, working []int, lengths []float64) float64 {
	times := slices.Clone(lengths)
	for _, i := range working {
		times = append(times, e.m.concerns[i].rides...)
	}
	for _, x := range e.steps {
		times = append(times, x.after)
	}
	slices.Sort(times)
	sum, last := 0.0, 0.0
	for _, t := range times {
		if t <= last {
			continue
		}
		middle := (last + t) / 2
		on := slices.Clone(failed)
		for n, i := range working {
			if lengths[n] > middle {
				on = append(on, i)
			}
		}
		if len(on) == len(failed) {
			break
		}
		_, with := e.hit(on, middle)
		_, without := e.hit(failed, middle)
		sum += (t - last) * math.Max(0, with-without)
		last = t
	}
	return sum
}
