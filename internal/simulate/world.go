package simulate

import (
	"context"
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// A world is a scenario ready to be played. It does not change and is shared by
// all that play.
type world struct {
	ctx           context.Context // of who wants it
	left          int             // how many services are not played, since nobody asked for them
	scenario      *scenario.Scenario
	system        *scenario.System
	seed          uint64
	lenses        []lens
	impactSources []*impactSource
	groups        []*group
	rides         []ride
	sources       []*source
	byPart        [][]int // sources of a part
	thingsOf      [][]int // of a part, by lens; −1: nobody looks
	changes       []*change
	clocks        []*clock
	serviceViews  []*serviceView
	entries       []*entry
	tilings       []*tiling
	params        []param

	logged     bool            // groups are of interest
	objectives map[string]bool // that some impact names
	thingAt    map[impactKey]int
	groupAt    map[groupKey]bool
	rideAt     map[*scenario.Ride]int
	switches   map[string][]*scenario.Need // by title

	epochYears int
	chunk      int // epochs in a chunk
	perSecond  float64
	year       int64 // ticks
	warm       int64 // ticks before a chunk that are not counted
	// row is how many windows a chunk has that is a run of a sample, with inputs
	// that are drawn once; 0: it is epochs.
	row      int
	sampled  bool
	mostWork int64 // of a chunk
}

// A lens is what an objective sees of an incident.
type lens struct {
	objective string // empty: any that no impact names
	felt      bool   // with what is not part of the promise
}

// A source is a scenario.Source on one part.
type source struct {
	*scenario.Source
	part   int
	key    uint64
	often  number   // rate per second, or chance at each occurrence
	outage float64  // mean, of Calendar
	share  number   // of background
	impact []number // by lens
	sees   []bool   // by lens: it hits anybody
	course *courseOf
	clock  int // index, or −1
	change int // index, or −1
	unsure bool
}

// calendar reports whether a source begins anew when it is over.
func (s *source) calendar() bool { return s.change < 0 && s.Clock == scenario.Calendar }

// A turn is whose change happens at one moment: that of a copy comes in the same
// rhythm as that of the whole, at times of its own.
type turn struct {
	change *scenario.Change
	of     string // the copy; empty for the whole
}

// A change happens in a strict rhythm and gives its sources a chance each time.
type change struct {
	name    string
	key     uint64
	every   number // rate per second
	sources []int
	unsure  bool
}

// A clock runs while none of its sources is at work.
type clock struct{ sources []int }

// An impactSource is what hits users at a spot, as one lens sees it: the sources of a
// part.
type impactSource struct {
	key   uint64
	part  int
	lens  int
	evens []int // sources that are always there
	// rides, by index in the views: which of the world's rides lie before it
	// there.
	rides    [][]int
	watchers []watcher
	groups   []int // of which it can take members down
}

// A watcher is a slot of a view.
type watcher struct{ serviceView, slot int }

type impactKey struct{ part, lens int }

type ride struct {
	key uint64
	law law
}

// A tiling is windows, or periods of contracts, of one length that follow one
// another.
type tiling struct {
	length  int64 // ticks
	entries []int // those with such a window
	clauses []clauseAt
}

type clauseAt struct{ entry, clause int }

// An entry is one line of the result, as far as it does not change.
type entry struct {
	model       *model.Service
	objective   *model.Objective
	result      *Entry
	lens        int
	serviceView int
	felt        int // view; that of the promise where they do not differ
	tiling      int
	budget      float64
	unsure      bool // something unsure matters to it
	rhythm      bool // a change does
	clauses     []clause
}

type clause struct {
	*model.Clause
	length int64   // ticks: in a row, ClauseOutage
	over   int64   // ticks
	most   float64 // seconds of lost time, for the others
	pay    float64
	known  bool // pay
}

// chunkYears is how many years in a row begin anew with all up: what they need to
// become like any other years is played before them and not counted.
const chunkYears = 50

// newWorld makes a scenario ready; logged is for a log.
func newWorld(ctx context.Context, sc *scenario.Scenario, y *scenario.System, opts *Options, logged bool) (*world, error) {
	w := &world{
		ctx: ctx, scenario: sc, system: y, seed: opts.Seed, logged: logged, sampled: opts.sampled, objectives: map[string]bool{},
		thingAt: map[impactKey]int{}, groupAt: map[groupKey]bool{}, rideAt: map[*scenario.Ride]int{},
		switches: map[string][]*scenario.Need{},
	}
	for _, p := range y.Parts {
		for _, s := range p.Sources {
			for i := range s.Impact.ByObjective {
				w.objectives[s.Impact.ByObjective[i].Objective] = true
			}
		}
	}
	w.addEntries(opts)
	w.addLenses()
	w.addSources()
	for i, e := range w.entries {
		w.poll()
		if err := w.look(i, e); err != nil {
			return nil, err
		}
	}
	w.keepWatched()
	w.clockwork(opts)
	seen := map[string]uint64{}
	for i := range sc.Params.List {
		p := &sc.Params.List[i]
		stream := streamOf(p.Unsure.What)
		w.params = append(w.params, param{under(keyOf(w.seed, "input", stream), seen[stream]), p.Law})
		seen[stream]++
	}
	return w, nil
}

// poll ends what is being made once nobody wants it.
func (w *world) poll() { work.Poll(w.ctx) }

// lensOf is the lens of an objective.
func (w *world) lensOf(e *entry, felt bool) lens {
	name := "available"
	if e.objective != nil {
		name = e.objective.Name
	}
	if !w.objectives[name] {
		name = ""
	}
	return lens{name, felt}
}

func (w *world) addLenses() {
	for _, e := range w.entries {
		for _, felt := range []bool{false, true} {
			l := w.lensOf(e, felt)
			if !slices.Contains(w.lenses, l) {
				w.lenses = append(w.lenses, l)
			}
		}
		e.lens = slices.Index(w.lenses, w.lensOf(e, false))
	}
}

// addSources lists what may happen on each part.
func (w *world) addSources() {
	w.byPart, w.thingsOf = make([][]int, len(w.system.Parts)), make([][]int, len(w.system.Parts))
	changes := map[turn]int{}
	names := map[string]uint64{}
	for i := range w.system.Parts {
		p := &w.system.Parts[i]
		w.thingsOf[i] = make([]int, len(w.lenses))
		for l := range w.lenses {
			w.thingsOf[i][l] = -1
		}
		at := -1
		for _, src := range p.Sources {
			name := p.Name + "\x00" + string(src.Kind) + "\x00" + src.Name
			s := &source{Source: src, part: i, key: under(keyOf(w.seed, name), names[name]), clock: -1, change: -1, course: newCourse(&src.Incident)}
			names[name]++
			s.unsure = s.course.unsure
			w.impacts(s)
			unsure := func(int) { s.unsure = true }
			src.Rate.Visit(unsure)
			src.Chance.Visit(unsure)
			src.Share.Visit(unsure)
			k := len(w.sources)
			switch {
			case src.Even:
				s.share = numberOf(src.Share)
			case src.Change != nil:
				t := turn{change: src.Change}
				if p.Copy > 0 {
					t.of = p.Name
				}
				c, known := changes[t]
				if !known {
					c = len(w.changes)
					changes[t] = c
					x := &change{name: src.Change.Name, key: keyOf(w.seed, "change", src.Change.Name), every: numberOf(src.Change.Every)}
					if t.of != "" {
						x.key = under(x.key, keyOf(w.seed, t.of))
					}
					src.Change.Every.Visit(func(int) { x.unsure = true })
					w.changes = append(w.changes, x)
				}
				s.change, s.often = c, numberOf(src.Chance)
				w.changes[c].sources = append(w.changes[c].sources, k)
			default:
				s.often = numberOf(src.Rate)
				if src.Clock == scenario.Calendar {
					s.outage = scenario.Length{Time: src.Incident.Attempts[0].Takes.Time}.Law(nil).Mean()
				}
				if src.Clock == scenario.WhileUp {
					if at < 0 {
						at = len(w.clocks)
						w.clocks = append(w.clocks, &clock{})
					}
					s.clock = at
					w.clocks[at].sources = append(w.clocks[at].sources, k)
				}
			}
			w.byPart[i] = append(w.byPart[i], k)
			w.sources = append(w.sources, s)
		}
	}
}

// impacts says whom a source hits, by lens.
func (w *world) impacts(s *source) {
	s.impact, s.sees = make([]number, len(w.lenses)), make([]bool, len(w.lenses))
	for i, l := range w.lenses {
		share, ok := s.Impact.For(l.objective)
		if !ok || s.Excluded && !l.felt {
			continue
		}
		f := w.scenario.Params.Share(share, true, message.ImpactOf(s.Name)).Times(s.ImpactBy)
		if f.IsZero() {
			continue
		}
		s.impact[i], s.sees[i] = numberOf(f), true
		f.Visit(func(int) { s.unsure = true })
	}
}

// thing returns the index of what hits at a part; −1 where nothing does.
func (w *world) impactSource(part, lens int) int {
	key := impactKey{part, lens}
	if k, ok := w.thingAt[key]; ok {
		return k
	}
	t := &impactSource{key: keyOf(w.seed, "part", w.system.Parts[part].Name), part: part, lens: lens}
	seen := false
	for _, s := range w.byPart[part] {
		if !w.sources[s].sees[lens] {
			continue
		}
		seen = true
		if w.sources[s].Even {
			t.evens = append(t.evens, s)
		}
	}
	k := -1
	if seen {
		k = len(w.impactSources)
		w.impactSources = append(w.impactSources, t)
		w.thingsOf[part][lens] = k
	}
	w.thingAt[key] = k
	return k
}

// behind returns the index of rides among those of a thing; −1 for none.
func (w *world) behind(t *impactSource, rides scenario.Rides) int {
	if len(rides) == 0 {
		return -1
	}
	var list []int
	for _, r := range rides {
		k, ok := w.rideAt[r]
		if !ok {
			k = len(w.rides)
			w.rideAt[r] = k
			w.rides = append(w.rides, ride{w.rideKey(r), lawOf(scenario.Length{Time: r.Time}.Law(nil))})
		}
		list = append(list, k)
	}
	slices.Sort(list)
	for i, have := range t.rides {
		if slices.Equal(have, list) {
			return i
		}
	}
	t.rides = append(t.rides, list)
	return len(t.rides) - 1
}

// rideKey is the key of a ride: who needs, and which of its needs that is.
func (w *world) rideKey(r *scenario.Ride) uint64 {
	for i := range w.system.Parts {
		p := &w.system.Parts[i]
		for k := range p.Needs {
			if p.Needs[k].Ride == r {
				return under(keyOf(w.seed, "ride", p.Name), uint64(k))
			}
		}
	}
	return keyOf(w.seed, "ride")
}

// keepWatched forgets what no entry can see.
func (w *world) keepWatched() {
	watched := func(k int) bool {
		s := w.sources[k]
		return slices.ContainsFunc(w.thingsOf[s.part], func(t int) bool { return t >= 0 })
	}
	for _, c := range w.changes {
		c.sources = slices.DeleteFunc(c.sources, func(k int) bool { return !watched(k) })
	}
	for _, c := range w.clocks {
		c.sources = slices.DeleteFunc(c.sources, func(k int) bool { return !watched(k) })
	}
	for i := range w.sources {
		if !watched(i) {
			w.sources[i].part = -1
		}
	}
}
