package forecast

import (
	"math"
	"slices"

	"tightrope/internal/availability"
	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// carries says which single points of some users, and which lone incidents, take part in
// the incidents of a group. While `a` is down, the users who reach it by themselves are hit, and with b
// down at the same time all others too. Taken as two sources that know nothing of
// each other that would have the mean right, and the variance too small: so an
// outage of the group brings the lost time of the part with it, and of the part by
// itself there is so much less.
type carries struct {
	causes []carried
	// joint and rest are how long incidents of the group last with and without any of
	// them, and with and without are the parts of its incidents that are of either kind;
	// rest nil: all are of the first.
	joint, rest   *scenario.Length
	with, without scenario.Factor
	// alike: all of the first kind hit the same share of users, so that the longer they
	// are the more lost time there is.
	alike bool
	graph *graph // keeps laws
}

// A carried is one of them: the use of the single point, and how often a second it
// begins an incident of the group, or is in progress when one begins.
type carried struct {
	by            *use
	first, during scenario.Factor
}

// carries returns what single points take part in a row's incidents; nil: none that
// matters.
func (j *job) carries(l *losses, row int, singles []*use, group *use) *carries {
	means := l.at(l.division.Means())[row]
	if len(means.Carried) == 0 {
		return nil
	}
	theta := j.scenario.Params.Means()
	c := &carries{graph: j.graph}
	unsure := slices.Clone(l.params)
	often, spent := means.Often, means.Share*means.Mean
	if all, lone := availability.Sum(means.Kinds), loneOf(means.Kinds); lone.Often > 0 && lone.Often < all.Often {
		// Not of what errors that are always there make of it.
		many, much := 1-lone.Often/all.Often, 1-lone.Mass/all.Mass
		often, spent = often*many, spent*much/many
	}
	for _, p := range means.Carried {
		for _, u := range singles {
			if u.cause != p.Cause || u.Change != nil || u.Even {
				continue
			}
			number := func(of func(availability.Carried) float64) scenario.Factor {
				f := l.number(func(x []availability.Loss) float64 {
					for _, q := range x[row].Carried {
						if q.Cause == p.Cause {
							return of(q)
						}
					}
					return 0
				})
				if u.feltPart != nil {
					f = f.Times(*u.feltPart)
				}
				return f
			}
			x := carried{
				by:     u,
				first:  number(func(q availability.Carried) float64 { return q.First }),
				during: number(func(q availability.Carried) float64 { return q.During }),
			}
			// Of both together it matters little where either is far more.
			t := u.lasts().Law(theta).Mean() * u.impactAt(theta)
			both := x.at(theta)
			if 2*both.often*both.spent*spent < little*(often*spent*spent+u.frequency(theta)*t*t) {
				continue
			}
			c.causes = append(c.causes, x)
			unsure = union(unsure, u.oftenParams, u.goesParams)
		}
	}
	if len(c.causes) == 0 || len(unsure) > mostUnsure {
		return nil
	}
	takesPart := func(some []*scenario.Source) bool {
		return slices.ContainsFunc(some, func(s *scenario.Source) bool {
			return slices.ContainsFunc(c.causes, func(x carried) bool { return x.by.cause == s })
		})
	}
	// The cuts of which some take part, or of the others those that are no lone ones.
	some := func(x availability.Loss, joint bool) (cuts []distribution.Cut) {
		at := 0
		for _, k := range x.Kinds {
			for i := at; i < at+k.Cuts; i++ {
				if !(k.Lone && group.lones != nil) && takesPart(x.Joint[i]) == joint {
					cuts = append(cuts, x.Cuts[i])
				}
			}
			at += k.Cuts
		}
		return cuts
	}
	at := func(x []availability.Loss) availability.Loss {
		y := x[row]
		if len(y.Joint) != len(y.Cuts) || len(y.Cuts) != len(means.Cuts) {
			y.Kinds, y.Cuts, y.Joint = means.Kinds, means.Cuts, means.Joint // none of it in this world
		}
		return y
	}
	part := func(joint bool) scenario.Factor {
		return l.number(func(losses []availability.Loss) float64 {
			x, with, all := at(losses), 0.0, 0.0
			for _, cut := range x.Cuts {
				all += cut.Weight
			}
			for _, cut := range some(x, joint) {
				with += cut.Weight
			}
			if all <= 0 {
				return 1
			}
			return math.Min(1, with/all)
		})
	}
	c.with, c.without = part(true), part(false)
	c.alike = true
	scale := 0.0
	for _, cut := range some(means, true) {
		c.alike = c.alike && (scale == 0 || math.Abs(cut.Scale-scale) < 0.01*scale)
		scale = cut.Scale
	}
	if len(some(means, true)) == len(means.Cuts) {
		c.joint = &group.Incident.Attempts[0].Takes
		return c
	}
	// How much longer than all of them, with unsure inputs at their means.
	longer := meanOf(some(means, true)) / meanOf(means.Cuts)
	if !(longer > 0) || math.IsInf(longer, 0) {
		return nil
	}
	length := func(joint bool, part func(theta []float64) float64) *scenario.Length {
		takes := j.lengths(l, func(theta []float64) availability.Loss {
			x := at(l.at(theta))
			x.Cuts = some(x, joint)
			x.Mean *= part(theta)
			return x
		})
		return &takes
	}
	// Of what all but lone ones lose.
	lost := func(theta []float64) float64 {
		kinds := at(l.at(theta)).Kinds
		all := availability.Sum(kinds).Mass
		if group.lones == nil || all <= 0 {
			return 1
		}
		return 1 - loneOf(kinds).Mass/all
	}
	joint := func(theta []float64) float64 {
		return math.Min(longer, lost(theta)/math.Max(1e-12, c.with.Value(theta)))
	}
	c.joint = length(true, joint)
	if len(some(means, false)) == 0 {
		return c
	}
	c.rest = length(false, func(theta []float64) float64 {
		with, without := c.with.Value(theta), c.without.Value(theta)
		if without <= 0 {
			return 1
		}
		return math.Max(0, (lost(theta)-with*joint(theta))/without)
	})
	return c
}

// mostUnsure is how many inputs may be unsure of a group and of what takes part in its
// incidents. They are averaged over together, which is much work where there are more:
// then it is left to the model error.
const mostUnsure = 3

// meanOf is the mean lost time of cuts, as shares of all users.
func meanOf(cuts []distribution.Cut) float64 {
	sum, all := 0.0, 0.0
	for _, c := range cuts {
		mean := 0.0
		if law, ok := distribution.Together([]distribution.Cut{{Weight: 1, First: c.First, Others: c.Others, Scale: 1}}); ok {
			mean = law.Mean()
		}
		scale := c.Scale
		if scale == 0 {
			scale = 1
		}
		sum += c.Weight * scale * mean
		all += c.Weight
	}
	if all <= 0 {
		return 0
	}
	return sum / all
}

// lasts is how long an incident of a use is, from its beginning to its end.
func (u *use) lasts() scenario.Length {
	if u.reach.graph == nil { // it is told by how long it hits
		return u.Incident.Attempts[0].Takes
	}
	in, graph := u.Incident, u.reach.graph
	return scenario.Length{Of: func(theta []float64) distribution.Law { return graph.elapsed(&in, theta) }, Params: u.goesParams}
}

// A part of the incidents of a use takes part in others': so often a second, with that
// mean lost time each and so much of a second moment.
type taking struct{ often, spent, second float64 }

// at returns which of the incidents of the use take part. One of length x is met by
// the beginning of an incident of the group with probability 1 − (1 − f)·exp(−ν·x), with
// f how often it begins one itself and ν how often one begins while it is in progress,
// which are both known: so the longer it is the more likely.
func (c *carried) at(theta []float64) (t taking) {
	law, impact, all := c.by.lasts().Law(theta), c.by.impactAt(theta), c.by.frequency(theta)
	mean := law.Mean()
	if mean <= 0 || impact <= 0 || all <= 0 {
		return taking{}
	}
	first := math.Min(1, c.first.Value(theta)/all)
	meets := c.during.Value(theta) / (all * mean)
	at, weight := distribution.NodesOf(law)
	sum, sumX, sumXX, one, ofX := 0.0, 0.0, 0.0, 0.0, 0.0
	for i, x := range at {
		p := weight[i] * (first - (1-first)*math.Expm1(-meets*x))
		sum, sumX, sumXX = sum+p, sumX+p*x, sumXX+p*x*x
		one, ofX = one+weight[i], ofX+weight[i]*x
	}
	if sum <= 0 {
		return taking{}
	}
	long := mean * one / ofX // nodes are a little off
	return taking{sum / one * all, impact * sumX / sum * long, impact * impact * sumXX / sum * long * long}
}

// mostCarried is how much of the incidents and of the lost time of a use takes part in
// those of one group at most: something is left of it.
const mostCarried = 0.95

// within is what takes part of a use of which so much is left: other groups may have
// had their part before.
func (t taking) within(left *use, law distribution.Law, theta []float64) taking {
	all := left.frequency(theta)
	if t.often = math.Min(t.often, mostCarried*all); t.often <= 0 {
		return taking{}
	}
	if by := mostCarried * all * left.impactAt(theta) * law.Mean() / (t.often * t.spent); by < 1 {
		t.spent, t.second = t.spent*by, t.second*by*by
	}
	return t
}

// carry puts the incidents of a group in the place of use i of out, with what takes
// part in them, of which there is so much less; it returns where they are now, or
// nil where none of it is in uses.
func (u *use) carry(uses []*use, i int, out *[]*use, params *scenario.Params) (places []int) {
	c := u.carries
	var causes []carried
	for _, x := range c.causes {
		if slices.Contains(uses, x.by) {
			causes = append(causes, x)
		}
	}
	if len(causes) == 0 {
		return nil
	}
	left := make([]*use, len(causes))
	for n, x := range causes {
		left[n] = (*out)[slices.Index(uses, x.by)]
	}
	with := paramsOf(c.with, c.without)
	of := func(takes scenario.Length, part func(theta []float64) float64) []*use {
		x := *u
		x.Source = clone(u.Source)
		x.Rate = function(func(theta []float64) float64 { return u.Rate.Value(theta) * part(theta) }, u.oftenParams, with)
		x.Incident = lasting(takes)
		x.kinds = nil
		x.again(params)
		if x.clusters > leastClusters {
			return x.clustered(params)
		}
		return []*use{&x}
	}
	put := func(x *use) {
		if places == nil {
			places, (*out)[i] = []int{i}, x
			return
		}
		places, *out = append(places, len(*out)), append(*out, x)
	}
	joint := of(*c.joint, c.with.Value)
	deps := union(u.goesParams, u.oftenParams, with) // of what is brought along
	for n, x := range causes {
		deps = union(deps, x.by.goesParams, x.by.oftenParams, left[n].goesParams, left[n].oftenParams, paramsOf(x.first), paramsOf(x.during))
	}
	list := []cluster{{1, 1}}
	if u.clusters > leastClusters {
		list = clusters(u.clusters, u.evenly)
	}
	once := 0.0
	for _, x := range list {
		once += x.often
	}
	kept := &memo[[]taking]{}
	taking := func(theta []float64) []taking {
		return kept.get(theta, deps, func() []taking {
			return takingPart(causes, left, u.Rate.Value(theta)*c.with.Value(theta)*once, theta)
		})
	}
	for n, x := range joint {
		takes := x.Incident.Attempts[0].Takes
		incidents := list[n].incidents
		x.Incident = lasting(scenario.Length{Of: func(theta []float64) distribution.Law {
			impact := u.impactAt(theta)
			b := broughtBy(causes, taking(theta), u.Rate.Value(theta)*c.with.Value(theta)*once, incidents, 1/once, theta)
			if !c.alike {
				b.as = 0
			}
			return c.graph.with(b, takes.Law(theta).Scale(math.Max(1e-12, impact)), impact)
		}, Params: deps})
		x.share, x.reach, x.part, x.brings = scenario.One, everybody, -1, true
		x.again(params)
		put(x)
	}
	if c.rest != nil {
		for _, x := range of(*c.rest, c.without.Value) {
			put(x)
		}
	}
	for n, x := range causes {
		k := slices.Index(uses, x.by)
		(*out)[k] = left[n].fewer(func(theta []float64) (float64, float64) {
			t := taking(theta)[n]
			return t.often, t.often * t.spent
		}, x, params, deps)
	}
	return places
}

// fewer is a use without so many incidents a second, and without so much lost time.
func (u *use) fewer(less func(theta []float64) (incidents, spent float64), c carried, params *scenario.Params, deps []int) *use {
	x := *u
	x.Source = clone(u.Source)
	x.Rate = function(func(theta []float64) float64 {
		incidents, _ := less(theta)
		return max(0, u.Rate.Value(theta)-incidents)
	}, u.oftenParams, deps)
	takes := c.by.lasts()
	x.share = function(func(theta []float64) float64 {
		incidents, spent := less(theta)
		rate, mean := u.Rate.Value(theta), takes.Law(theta).Mean()*u.impactAt(theta)
		if left := (rate - incidents) * mean; left > 0 {
			by := max(0.01, (rate*mean-spent)/left)
			if math.Abs(by-1) < 1e-9 {
				by = 1 // what is fixed stays so
			}
			return u.share.Value(theta) * by
		}
		return u.share.Value(theta)
	}, u.goesParams, u.oftenParams, deps)
	x.again(params)
	x.given = true
	return &x
}

// brought is what an incident brings along: its mean lost time and its variance, and
// how many times the length of the incident is in it, as that of all users.
type brought struct{ mean, variance, as float64 }

// takingPart is what takes part of each of the causes, where clusters of incidents
// begin so often: one in each, where it is about as many, and no more than is left.
func takingPart(causes []carried, left []*use, rate float64, theta []float64) []taking {
	out, all := make([]taking, len(causes)), 0.0
	for i := range causes {
		out[i] = causes[i].at(theta)
		all += out[i].often
	}
	each := 1.0
	if all > 0.75*rate && all < rate/0.75 {
		each = rate / all
	}
	for i, c := range causes {
		out[i].often *= each
		out[i] = out[i].within(left[i], c.by.lasts().Law(theta), theta)
	}
	return out
}

// broughtBy is what is brought along by causes where clusters of incidents begin so
// often, in one of n incidents where there are so many on average. Where lengths are
// exponential what takes part lasts as long as the incident and then some time that has
// nothing to do with it, and the longer it is the more incidents there are in it; a fixed
// one is as long whatever they are. Of what begins itself there is one for each.
func broughtBy(causes []carried, taking []taking, rate, n, usual float64, theta []float64) (b brought) {
	if rate <= 0 {
		return brought{}
	}
	for i, t := range taking {
		if t.often <= 0 {
			continue
		}
		c := causes[i]
		law, impact := c.by.lasts().Law(theta), c.by.impactAt(theta)
		m := law.Mean()
		spread := math.Max(0, math.Min(1, law.SecondMoment()/(m*m)-1))
		p, mean, varies := t.often/rate, t.spent, t.second-t.spent*t.spent
		if c.during.Value(theta) > c.first.Value(theta) {
			// Exponential, with n in it: n + 1 times until the next would have come.
			mean *= 1 + spread*((n+1)/(usual+1)-1)
			varies += spread * (mean*mean/(n+1) - varies)
		} else {
			p *= n / usual
		}
		b.mean += p * mean
		if n == 1 {
			b.as += math.Min(1, p) * impact * spread
		}
		b.variance += math.Max(p*varies, p*(varies+mean*mean)-p*p*mean*mean)
	}
	return b
}

// with is that of a brought, kept.
func (w *graph) with(b brought, l distribution.Law, share float64) distribution.Law {
	var t fingerprint
	t.begin('+')
	t.number(b.mean, b.variance, b.as, share)
	t.law(l)
	return w.memory.law(t.key(), func() distribution.Law { return b.with(l, share) })
}

// with is the law of lost time of an incident, which has a share of all users, and of
// what it brings along.
func (b brought) with(l distribution.Law, share float64) distribution.Law {
	if b.mean <= 0 || share <= 0 {
		return l
	}
	mean := l.Mean()
	as := 0.0
	if mean > 0 {
		as = math.Min(b.as/share, b.mean/mean)
	}
	variance := l.SecondMoment() - mean*mean
	left, spread := b.mean-as*mean, b.variance-as*as*variance
	if as > 0 {
		l = l.Scale(1 + as)
	}
	if left <= 1e-9*mean {
		return l
	}
	if spread <= 1e-2*(1+as)*(1+as)*variance || spread <= 1e-4*left*left {
		return distribution.Delayed(l, left)
	}
	at, weights := distribution.Gamma{Shape: left * left / spread, Span: left / spread}.Nodes(8)
	return distribution.Added(l, at, weights)
}

// has reports whether a use is among those that take part.
func (c *carries) has(u *use) bool {
	return c != nil && slices.ContainsFunc(c.causes, func(x carried) bool { return x.by == u })
}

// times is the same at another pace, of other uses.
func (c *carries) times(by scenario.Factor, other func(*use) *use) *carries {
	if c == nil {
		return nil
	}
	out := *c
	out.causes = slices.Clone(c.causes)
	for i, x := range out.causes {
		out.causes[i] = carried{other(x.by), x.first.Times(by), x.during.Times(by)}
	}
	return &out
}
