package worth

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// inRow computes a clause about one outage in a row: incidents a year × the
// chance that one lasts so long, from its beginning to its end, for any user.
// Incidents at once, which make one longer outage, are not looked at.
func (l *losses) inRow(x *ClauseLoss) {
	length, _ := limit(x.Clause).Float64()
	y := l.system
	lasts := l.lengths()
	ask := question{length, x.Clause.Strict}
	for _, h := range l.hits(y.Number(l.service.Name)) {
		for _, src := range y.Parts[h.part].Summed {
			if src.Even || src.Excluded || !l.hitBy(src) {
				continue
			}
			x.PerYear += model.Year * l.longer(src, h.rides, ask, lasts)
		}
	}
	for _, src := range l.entry.Sources {
		if src.IncidentsPerYear <= 0 {
			continue
		}
		switch src.Kind {
		case forecast.GroupSource:
			x.PerYear += src.IncidentsPerYear * ask.ofLaw(l.groupLaw(src, lasts))
		case forecast.SwitchSource:
			x.PerYear += src.IncidentsPerYear * l.switched(src, ask, lasts)
		}
	}
}

func (l *losses) assume(what message.Message) {
	if !slices.Contains(l.out.Assumed, what) {
		l.out.Assumed = append(l.out.Assumed, what)
	}
}

// A hitting part takes the service down for some user by itself, all but the
// first part of each of its outages.
type hitting struct {
	part  int
	rides scenario.Rides // the least
}

// hits lists the parts that take a part, such as the service itself, down by
// themselves, as the promise counts it.
func (l *losses) hits(root int) []hitting {
	v := l.system.View(root, false)
	seen := make([]bool, len(v.Nodes))
	theta := l.scenario.Params.Means()
	exposes := func(variable int) bool {
		return variable == scenario.Always || l.system.Exposed[variable].Value(theta) > 0
	}
	var visit func(int)
	visit = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		for _, e := range v.Nodes[i].Needs {
			if e.Need.Spare || !exposes(e.Need.Edge) {
				continue
			}
			for k, m := range e.Members {
				if e.Need.Split == nil || exposes(e.Need.Split[k]) {
					visit(m)
				}
			}
		}
	}
	visit(0)
	var out []hitting
	for _, p := range v.Order {
		// Copies that are all needed are counted with their service.
		if p != root && l.system.Parts[p].Copy > 0 {
			continue
		}
		// The nodes of a part are sorted by what is ridden out, the least first.
		for _, i := range v.Of[p] {
			if seen[i] {
				out = append(out, hitting{p, v.Nodes[i].Rides})
				break
			}
		}
	}
	return out
}

// mostCuts bounds in how many ways a group may fail for its law to be told.
const mostCuts = 200

// groupLaw is the law of how long users feel that a group is down: with the mean
// that the forecast found, of the shape that comes of what takes its members down
// by itself, and of what is ridden out of that. Where there are too many ways for that, it is exponential.
func (l *losses) groupLaw(src *forecast.Source, lasts lengths) distribution.Law {
	if law := l.laws[src.Name]; law != nil {
		return law
	}
	var law distribution.Law = distribution.Exponential(src.Recover)
	found := false
	if n := l.group(src); n != nil {
		if t, ok := distribution.Together(l.cuts(n, lasts)); ok {
			law, found = t.To(src.Recover), true
			if rides := l.ridden(n); len(rides) > 0 {
				_, felt := distribution.FeltOf(t, []distribution.Felt{{Share: 1, After: rides.Law()}})
				if mean := felt.Mean(); mean > 0 {
					law = felt.Scale(src.Recover / mean)
				}
			}
		}
	}
	if !found {
		l.assume(message.DownExponential(src.Name, src.Recover))
	}
	if l.laws == nil {
		l.laws = map[string]distribution.Law{}
	}
	l.laws[src.Name] = law
	return law
}

// group is the need whose members are down at once.
func (l *losses) group(src *forecast.Source) *scenario.Need {
	for p := range l.system.Parts {
		for k := range l.system.Parts[p].Needs {
			if n := &l.system.Parts[p].Needs[k]; n.Spare && n.ID == src.Of {
				return n
			}
		}
	}
	return nil
}

// cuts lists the ways in which a group fails: one of its members when so many
// others are down already that no more can be spared. What takes the service
// down by itself is no member's own.
func (l *losses) cuts(n *scenario.Need, lasts lengths) []distribution.Cut {
	theta := l.scenario.Params.Means()
	alone := map[int]bool{}
	for _, h := range l.hits(l.system.Number(l.service.Name)) {
		alone[h.part] = true
	}
	blends := make([]distribution.Blend, len(n.Members))
	often, down := make([]float64, len(n.Members)), make([]float64, len(n.Members))
	for i, m := range n.Members {
		for _, h := range l.hits(m) {
			if alone[h.part] {
				continue
			}
			for _, src := range l.system.Parts[h.part].Sources {
				f := perSecond(src, theta)
				if f <= 0 || !l.hitBy(src) {
					continue
				}
				law := lasts(src.Incident.At(theta).Elapsed())
				if len(h.rides) > 0 {
					p, felt := distribution.FeltOf(law, []distribution.Felt{{Share: 1, After: h.rides.Law()}})
					if p == 0 {
						continue
					}
					f, law = f*p, felt
				}
				blends[i] = append(blends[i], distribution.Kind{Often: f, Law: law})
				often[i] += f
				down[i] += f * law.Mean()
			}
		}
	}
	var out []distribution.Cut
	set := make([]int, 0, n.Down)
	var choose func(from int) bool
	choose = func(from int) bool {
		if len(set) < n.Down {
			for i := from; i < len(n.Members); i++ {
				if often[i] == 0 {
					continue
				}
				set = append(set, i)
				ok := choose(i + 1)
				set = set[:len(set)-1]
				if !ok {
					return false
				}
			}
			return true
		}
		for _, first := range set {
			c := distribution.Cut{Weight: often[first], First: blends[first]}
			for _, o := range set {
				if o != first {
					c.Weight *= down[o]
					c.Others = append(c.Others, blends[o])
				}
			}
			out = append(out, c)
		}
		return len(out) <= mostCuts
	}
	if !choose(0) {
		return nil
	}
	return out
}

// hitBy reports whether a source hits any user as the objective sees it.
func (l *losses) hitBy(src *scenario.Source) bool {
	name := l.out.Objective
	if name == "" {
		name = "available"
	}
	hit, ok := src.Impact.For(name)
	if !ok || src.ImpactBy.IsZero() {
		return false
	}
	return hit == nil || meanShare(hit) > 0
}

// A question is whether an outage lasts for at least so many seconds; strict is
// for longer than that.
type question struct {
	length float64
	strict bool
}

// longer is how often per second a source has incidents that are so long behind
// some rides, averaged over what its unsure inputs may be.
func (l *losses) longer(src *scenario.Source, rides scenario.Rides, ask question, lasts lengths) float64 {
	theta := l.scenario.Params.Means()
	b := newNonlinear()
	frequencyNonlinear(b, src)
	in := &src.Incident
	for _, d := range in.Detect {
		b.linear(d.Catches)
		d.After.Visit(b.bent)
	}
	for _, a := range in.Attempts {
		b.linear(a.Works)
		a.Restores.Visit(b.bent)
		a.Takes.Visit(b.bent)
	}
	for _, a := range in.Acknowledge {
		a.Visit(b.bent)
	}
	sum := 0.0
	average(l.scenario.Params, b.list, theta, func(w float64) {
		often := perSecond(src, theta)
		if often > 0 {
			sum += w * often * lastsSo(in, rides, theta, ask, lasts)
		}
	})
	return sum
}

// lastsSo is the chance that an incident, of which users behind rides do not
// feel the first part, is felt for so long.
func lastsSo(in *scenario.Incident, rides scenario.Rides, theta []float64, ask question, lasts lengths) float64 {
	switch ride := rides.Law().(type) {
	case distribution.Fixed:
		if ride > 0 && ask.length == 0 && !ask.strict {
			// No time of it is felt: that is no outage at all.
			ask.strict = true
		}
		ask.length += float64(ride)
		if atoms, ok := atomsOf(in, theta); ok {
			return ask.of(atoms)
		}
		return ask.ofLaw(lasts(in.At(theta).Elapsed()))
	default:
		p, felt := distribution.FeltOf(lasts(in.At(theta).Elapsed()), []distribution.Felt{{Share: 1, After: ride}})
		return p * ask.ofLaw(felt)
	}
}

// slack is by how much two lengths that should be equal may differ, relative to
// them, for the sake of rounding.
const slack = 1e-9

func (q question) ofLaw(l distribution.Law) float64 {
	if q.strict {
		return l.Survival(q.length * (1 + slack))
	}
	if q.length == 0 {
		return 1
	}
	return l.Survival(q.length * (1 - slack))
}

func (q question) of(atoms []atom) float64 {
	sum := 0.0
	for _, a := range atoms {
		if q.strict && a.at > q.length*(1+slack) || !q.strict && a.at >= q.length*(1-slack) {
			sum += a.p
		}
	}
	return sum
}

// An atom is a length that an incident has with some probability.
type atom struct{ at, p float64 }

// atomsOf lists the lengths of an incident from beginning to end, where it has
// a few only: all its times are the same in every incident.
func atomsOf(in *scenario.Incident, theta []float64) ([]atom, bool) {
	fixed := func(l scenario.Length) (float64, bool) {
		f, ok := l.Law(theta).(distribution.Fixed)
		return float64(f), ok
	}
	var seen []atom
	left := 1.0
	for _, d := range in.Detect {
		t, ok := fixed(d.After)
		if !ok {
			return nil, false
		}
		seen = append(seen, atom{t, d.Catches.Value(theta)})
	}
	slices.SortStableFunc(seen, func(a, b atom) int { return cmp.Compare(a.at, b.at) })
	for i := range seen {
		seen[i].p, left = left*seen[i].p, left*(1-seen[i].p)
	}
	if len(in.Detect) == 0 {
		seen = []atom{{0, 1}}
	}
	// How long the rest takes.
	var rest []atom
	at, reached := 0.0, 1.0
	called := make([]bool, len(in.Acknowledge))
	for i, a := range in.Attempts {
		if r := a.Responder; r >= 0 && !called[r] {
			called[r] = true
			t, ok := fixed(in.Acknowledge[r])
			if !ok {
				return nil, false
			}
			at += t
		}
		t, ok := fixed(a.Takes)
		if !ok {
			return nil, false
		}
		at += t
		ends := 0.0
		if a.Restores.Value(theta) == 1 {
			ends = a.Works.Value(theta)
		}
		if i == len(in.Attempts)-1 {
			ends = 1
		}
		rest = append(rest, atom{at, reached * ends})
		reached *= 1 - ends
	}
	var out []atom
	for _, d := range seen {
		for _, r := range rest {
			if p := d.p * r.p; p > 0 {
				out = append(out, atom{d.at + r.at, p})
			}
		}
	}
	return out, true
}

// switched is the chance that changing over takes so long: the time of the
// switch itself, or where it does not work that of the incident.
func (l *losses) switched(src *forecast.Source, ask question, lasts lengths) float64 {
	theta := l.scenario.Params.Means()
	for p := range l.system.Parts {
		for k := range l.system.Parts[p].Needs {
			n := &l.system.Parts[p].Needs[k]
			if n.Switch == nil || n.ID != src.Of {
				continue
			}
			if src.Changing {
				return ask.felt(n.Switch.Takes.Law(theta), l.ridden(n))
			}
			for i := range l.system.Parts {
				for _, s := range l.system.Parts[i].Sources {
					if s.Name == src.Cause {
						return ask.felt(lasts(s.Incident.At(theta).Elapsed()), l.ridden(n))
					}
				}
			}
		}
	}
	l.assume(message.LastExponential(src.Name, src.Recover))
	return math.Exp(-ask.length / src.Recover)
}

// ridden is what lies between a group and the service, where the least does.
func (l *losses) ridden(n *scenario.Need) scenario.Rides {
	var least scenario.Rides
	met := false
	for _, node := range l.system.View(l.system.Number(l.service.Name), false).Nodes {
		for _, e := range node.Needs {
			if e.Need != n {
				continue
			}
			r := node.Rides
			if n.Ride != nil {
				r = append(slices.Clone(r), n.Ride)
			}
			if !met || r.Mean() < least.Mean() {
				met, least = true, r
			}
		}
	}
	return least
}

// felt is the chance that an outage is felt for so long behind some rides, given
// that it is felt at all: so often a forecast counts it.
func (q question) felt(l distribution.Law, rides scenario.Rides) float64 {
	if len(rides) == 0 {
		return q.ofLaw(l)
	}
	p, felt := distribution.FeltOf(l, []distribution.Felt{{Share: 1, After: rides.Law()}})
	if p == 0 {
		return 0
	}
	return q.ofLaw(felt)
}

// lengths says how long incidents last.
type lengths func(in *distribution.Incident) distribution.Law

// lengths finds them again in the memory of the options, where there is one.
func (l *losses) lengths() lengths {
	if m := l.opts.Memory; m != nil {
		return m.Length
	}
	p := distribution.NewPlanner()
	return func(in *distribution.Incident) distribution.Law { return in.Length(p) }
}
