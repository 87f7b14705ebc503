package forecast

import (
	"math"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// clustered returns a use as a sum takes it whose incidents come in clusters: so
// many fewer, of which some stand for several, one after the other. The variance
// of their number is 1 + c times its mean, with c the clusters; the mean is as it
// was.
func (u *use) clustered(params *scenario.Params) (parts []*use) {
	kinds := u.kinds
	if kinds == nil {
		kinds = []kind{{part: scenario.One, takes: u.Incident.Attempts[0].Takes, clusters: u.clusters, evenly: u.evenly, alike: u.alike}}
	}
	for _, k := range kinds {
		list := []cluster{{1, 1}}
		if k.clusters > leastClusters {
			list = clusters(k.clusters, k.evenly)
		}
		for _, c := range list {
			x := *u
			x.Source = clone(u.Source)
			x.Rate = u.Rate.Times(k.part.Times(scenario.Number(c.often)))
			x.Incident = lasting(scenario.Length{Of: u.rows.several(k.takes, c.incidents, k.alike), Params: union(u.goesParams, k.takes.Params)})
			x.forget()
			x.clusters, x.kinds, x.kept = 0, nil, nil
			x.prepare(params)
			parts = append(parts, &x)
		}
	}
	return parts
}

// several is how long n incidents of a cluster are together: as with all inputs at
// their means, stretched to the mean that they have.
func (l *losses) several(takes scenario.Length, n, alike float64) func(theta []float64) distribution.Law {
	if n == 1 {
		return takes.Law
	}
	var once work.Once[distribution.Law]
	means := l.division.Means()
	usual := func() distribution.Law {
		return once.Get(func() distribution.Law { return l.graph.several(takes.Law(means), n, alike) })
	}
	return func(theta []float64) distribution.Law {
		one := takes.Law(theta)
		if f, ok := one.(distribution.Fixed); ok {
			return f * distribution.Fixed(n)
		}
		all := usual()
		mean := n * one.Mean()
		if by, ok := jumpsBy(takes.Law(means), one); ok {
			if t, ok := all.Scale(by).(distribution.Table); ok {
				return t.Toward(mean)
			}
		}
		return all.Scale(mean / all.Mean())
	}
}

// jumpsBy returns where the jumps of a law of losses lie that keeps them in all
// worlds, relative to that with unsure inputs at their means; ok is false for one
// that is stretched.
func jumpsBy(usual, one distribution.Law) (by float64, ok bool) {
	x, ok := one.(distribution.Leaning)
	if !ok {
		return 1, false
	}
	switch u := usual.(type) {
	case distribution.Table:
		return x.Of.K / u.K, true
	case distribution.Leaning:
		return x.Of.K / u.Of.K, true
	}
	return 1, false
}

// several is distribution.Several, kept.
func (w *graph) several(one distribution.Law, n, alike float64) distribution.Law {
	var t fingerprint
	t.begin('s')
	t.number(n, alike)
	t.law(one)
	return w.memory.law(t.key(), func() distribution.Law { return distribution.Several(one, n, alike) })
}

// A cluster is so many incidents, so often for each incident there is.
type cluster struct{ often, incidents float64 }

// mostIncidents is how many incidents a cluster has at most.
const mostIncidents = 1 << 8

// clusters are those of incidents that come in clusters by c: a number that is
// geometric, 1 + c/2 on average, or for the part that is evenly a Poisson number of
// mean c that is not 0. For both E[N²]/E[N] is 1 + c.
func clusters(c, evenly float64) (list []cluster) {
	share := 0.0
	if c > 0 {
		share = math.Min(1, evenly/c)
	}
	again := c / (2 + c)
	geometric, poisson := (1-share)*(1-again)*(1-again), share*math.Exp(-c)
	left := 1.0 // of the incidents
	for first, next := 1, 1; first < mostIncidents; first = next {
		x := cluster{}
		next = first + max(1, first/3)
		for n := first; n < next; n++ {
			// P(N = n)/E[N] of both.
			p := geometric*math.Pow(again, float64(n-1)) + poisson*math.Exp(float64(n-1)*math.Log(c)-logFactorial(n))
			x.often += p
			x.incidents += float64(n) * p
		}
		left -= x.incidents
		x.incidents /= x.often
		if left < 1e-4 || next >= mostIncidents {
			x.often += left / x.incidents // nothing is lost
			return append(list, x)
		}
		list = append(list, x)
	}
	return list
}

func logFactorial(n int) float64 {
	x, _ := math.Lgamma(float64(n + 1))
	return x
}

// joined returns uses as a sum takes them. An incident that hits some users by
// itself and, where a switch does not work, others too is one incident that hits
// all of these: of the first there are so many fewer. Nothing changes on average.
func joined(uses []*use) []*use {
	params := &scenario.Params{} // what is prepared here has no param of a known form
	uses, out := withLones(uses)
	parts := map[int][]int{} // of what comes in clusters
	for i, u := range uses {
		if u.carries != nil {
			if out == nil {
				out = slices.Clone(uses)
			}
			if parts[i] = u.carry(uses, i, &out, params); parts[i] != nil {
				continue
			}
		}
		if (u.clusters > leastClusters || u.kinds != nil) && u.goesOn == nil {
			if out == nil {
				out = slices.Clone(uses)
			}
			list := u.clustered(params)
			if len(list) == 0 { // all of it is lone
				none := *u
				none.Source = clone(u.Source)
				none.Rate = scenario.Number(0)
				none.again(params)
				list = []*use{&none}
			}
			for n, x := range list {
				if n == 0 {
					out[i], parts[i] = x, []int{i}
				} else {
					parts[i], out = append(parts[i], len(out)), append(out, x)
				}
			}
			continue
		}
		if u.goesOn == nil || !slices.Contains(uses, u.goesOn) {
			continue
		}
		if out == nil {
			out = slices.Clone(uses)
		}
		k := slices.Index(uses, u.goesOn)
		both, less := *u, *out[k]
		both.Source, less.Source = clone(u.Source), clone(less.Source)
		first, before := u.goesOn, less.Rate
		both.share = function(func(theta []float64) float64 {
			return min(1, u.impactAt(theta)+first.impactAt(theta))
		}, u.goesParams, first.goesParams)
		both.reach = everybody
		less.Rate = function(func(theta []float64) float64 {
			return max(0, before.Value(theta)-u.Rate.Value(theta))
		}, u.oftenParams, first.oftenParams, less.oftenParams)
		both.again(params)
		less.again(params)
		out[i], out[k] = &both, &less
	}
	for i, u := range uses {
		for _, p := range u.partly {
			k := slices.Index(uses, p.with)
			if k < 0 {
				continue
			}
			if out == nil {
				out = slices.Clone(uses)
			}
			if p.all > 0 {
				// Once in each cluster.
				if parts[k] == nil {
					parts[k] = []int{k}
				}
				var rates []scenario.Factor
				waiting := out[i]
				spent := p.spent.Times(scenario.Number(1 / p.all))
				for _, n := range parts[k] {
					often := out[n].Rate.Times(scenario.Number(p.all))
					rates = append(rates, often)
					joint := out[n].with(waiting, partly{often: often, spent: spent}, params)
					if p.all < 1 {
						out[n] = out[n].less(often, nil, params)
						out = append(out, joint)
					} else {
						out[n] = joint
					}
				}
				each := partly{often: sumOf(rates), spent: spent}
				out[i] = waiting.less(each.often, &each, params)
				continue
			}
			if out[k].given {
				// No more than there still is.
				all, some := out[k].Rate, p.often
				p.often = function(func(theta []float64) float64 {
					return min(some.Value(theta), all.Value(theta))
				}, paramsOf(all), paramsOf(some))
			}
			if u.kinds == nil && len(parts[i]) > 1 {
				// Once in each cluster, and as much of each kind of them.
				var rates []scenario.Factor
				for n, c := range clusters(u.clusters, u.evenly) {
					each := partly{along: p.along, often: p.often.Times(scenario.Number(c.often)), spent: p.spent.Times(scenario.Number(c.incidents))}
					rates = append(rates, each.often)
					at := parts[i][n]
					out = append(out, out[k].with(out[at], each, params))
					out[at] = out[at].less(each.often, &each, params)
				}
				out[k] = out[k].less(sumOf(rates), nil, params)
				continue
			}
			out = append(out, out[k].with(out[i], p, params))
			out[k] = out[k].less(p.often, nil, params)
			out[i] = out[i].less(p.often, &p, params)
		}
	}
	if out == nil {
		return uses
	}
	return out
}

// with is that part of the incidents of a use that has users wait besides, or goes on
// for others.
func (u *use) with(wait *use, p partly, params *scenario.Params) *use {
	x := *u
	x.Source = clone(u.Source)
	x.Rate = p.often
	incident, impact, graph := u.Incident, u.impactAt, u.reach.graph
	law := func(theta []float64) distribution.Law {
		var l distribution.Law
		if graph == nil { // it is told by how long it hits
			l = incident.Attempts[0].Takes.Law(theta)
		} else {
			l = graph.elapsed(&incident, theta)
		}
		share, spent := math.Max(1e-12, impact(theta)), p.spent.Value(theta)
		if mean := l.Mean(); p.along && mean > 0 {
			return l.Scale(share + spent/mean)
		}
		return distribution.Delayed(l.Scale(share), spent)
	}
	goes := union(u.goesParams, wait.goesParams, wait.oftenParams)
	x.Incident = lasting(scenario.Length{Of: law, Params: goes})
	x.share, x.reach, x.part, x.hangs = scenario.One, everybody, -1, wait.hangs
	x.again(params)
	return &x
}

// less is a use with so many incidents less; with what they spend, those that are
// left are as long as their mean asks.
func (u *use) less(often scenario.Factor, p *partly, params *scenario.Params) *use {
	x := *u
	x.Source = clone(u.Source)
	before := u.Rate
	params2 := paramsOf(often)
	x.Rate = function(func(theta []float64) float64 {
		return max(0, before.Value(theta)-often.Value(theta))
	}, u.oftenParams, params2)
	if p != nil {
		takes := u.Incident.Attempts[0].Takes
		if p.left != nil {
			takes = *p.left
			x.Incident = lasting(takes)
		}
		scale := function(func(theta []float64) float64 {
			left := before.Value(theta) - often.Value(theta)
			impact := u.impactAt(theta)
			mean := takes.Law(theta).Mean() * impact
			if left <= 0 || mean <= 0 {
				return 1
			}
			all := before.Value(theta) * u.Incident.Attempts[0].Takes.Law(theta).Mean() * impact
			rest := all - often.Value(theta)*p.spent.Value(theta)
			return max(0.01, rest/(left*mean))
		}, u.goesParams, u.oftenParams, params2, takes.Params)
		// Wider up to all users, and longer beyond that.
		wider := func(theta []float64) float64 { return min(max(1, 1/u.impactAt(theta)), scale.Value(theta)) }
		x.share = function(func(theta []float64) float64 { return u.share.Value(theta) * wider(theta) }, paramsOf(scale), u.goesParams)
		longer := func(theta []float64) float64 { return min(100, max(1, scale.Value(theta)/wider(theta))) }
		all := paramsOf(x.share)
		// What is exactly as long in all worlds stays so.
		if _, exact := takes.Exactly(); !exact || len(all) == 0 && longer(nil) > 1+1e-9 {
			x.Incident = lasting(scenario.Length{Of: func(theta []float64) distribution.Law {
				l := takes.Law(theta)
				if more := longer(theta); more > 1+1e-9 {
					return l.Scale(more)
				}
				return l
			}, Params: all})
		}
	}
	x.again(params)
	return &x
}

// forget drops what was worked out of a use that is about to be changed.
func (u *use) forget() {
	u.oftenParams, u.goesParams, u.own, u.said, u.means, u.spent = nil, nil, nil, nil, nil, nil
}

// again prepares a use that was changed.
func (u *use) again(params *scenario.Params) {
	u.forget()
	u.goesOn, u.partly, u.carries, u.kept = nil, nil, nil, nil
	u.prepare(params)
	u.plain, u.kept.plain = false, false
}

// leastClusters is from which clustering on it is worth while; less is in the model
// error.
const leastClusters = 5e-3

// sumOf is the sum of factors.
func sumOf(list []scenario.Factor) scenario.Factor {
	if len(list) == 1 {
		return list[0]
	}
	return function(func(theta []float64) float64 {
		sum := 0.0
		for _, f := range list {
			sum += f.Value(theta)
		}
		return sum
	}, paramsOf(list...))
}

func clone(s *scenario.Source) *scenario.Source { c := *s; return &c }

// function is a factor that is a function of some params. Its values are kept: those
// of one use are made of others', of which each would otherwise be worked out as often
// as all that is made of it.
func function(of func(theta []float64) float64, params ...[]int) scenario.Factor {
	all := union(params...)
	if len(all) == 0 {
		return scenario.Number(of(nil))
	}
	known := &memo[float64]{}
	return scenario.Computed(func(theta []float64) float64 {
		return known.get(theta, all, func() float64 { return of(theta) })
	}, all)
}

// union is all params of several lists, each once.
func union(lists ...[]int) []int {
	var all []int
	for _, list := range lists {
		for _, p := range list {
			all = appendNew(all, p)
		}
	}
	return all
}

// paramsOf are the params of factors, each once.
func paramsOf(factors ...scenario.Factor) []int {
	var all []int
	for _, f := range factors {
		f.Visit(func(p int) { all = appendNew(all, p) })
	}
	return all
}
