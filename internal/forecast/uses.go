package forecast

import (
	"math"
	"math/big"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// A use is a source as one entry meets it: the share of its users that it
// hits, and the unsure inputs that decide how it goes.
type use struct {
	*scenario.Source
	part  int             // whose source it is; -1 for none
	hangs []int           // of what is several parts' together: these
	share scenario.Factor // impact as the objective sees it, × impactBy
	reach *reach
	// whole is how an incident goes of which users do not feel the first part;
	// nil: they feel all of it.
	whole *scenario.Incident
	// cause is the source as the model has it; nil for what is several parts' together.
	// feltPart is the part of its incidents of which anything is felt; nil: all.
	cause    *scenario.Source
	feltPart *scenario.Factor

	// rows are, of what is lost to redundancy, the losses of which it is that row.
	rows *losses
	row  int

	// goesOn is, of outages that a failed switch does not end, the use of the same
	// incidents where they hit other users by themselves: see joined.
	goesOn *use
	// partly are parts of its incidents that begin with those of other uses.
	partly []partly
	// carries is what hits some users by itself and takes part in its incidents; nil:
	// nothing that matters.
	carries *carries
	// given: some of its incidents are now in others'.
	given bool
	// apart: how often it happens does not hang on what else is down.
	apart bool
	// pace is how often its incidents begin while nothing is down, relative to all
	// time; 0: as the clock of the source says.
	pace float64
	// clusters is by how much its incidents come in clusters; see clustered.
	clusters, evenly float64
	// leftOut is a covariance with others that is left out, a second.
	leftOut float64
	// doubt is by how much of all time it and those of its division may be off.
	doubt float64

	// Params by what they decide. Those of this use alone are its own and
	// are averaged over inside it; the others are shared by a block.
	oftenParams []int
	goesParams  []int
	own         []int
	// gamma is the param of a rate whose average has a closed form, or
	// noParam.
	gamma int
	// plain: a Poisson source in which nothing is unsure but that rate; it may be
	// shared with others.
	plain bool
	said  []byte    // what tells its incidents apart, where nothing in them is unsure
	means []float64 // what its source is on average; nil: not asked for yet
	spent *float64  // mean bad time a second, where no more of it was asked for; nil: not yet
	kept  *usual    // shared by what differs from it in how often it comes only
}

// A usual is what was computed for a use, and holds for the same at any pace.
type usual struct {
	base    *use // as often as it was at first
	plain   bool
	impact  *big.Rat
	unsure  bool                   // there is no such fraction
	in      *distribution.Incident // where nothing in it is unsure
	moments distribution.Moments
	spectra map[place]distribution.Spectrum
	family  *family
}

// A family is the solver of a sum with those of the same at other paces.
type family struct {
	first *solver
	work  float64 // of all of them
}

// A place is where a spectrum is computed.
type place struct {
	step    float64
	n       int
	blurred bool
}

const (
	// Of that many lattices of so many points a use keeps its spectra.
	mostPlaces = 8
	placeSize  = 1 << 9
)

// prepare finds the params of a use.
func (u *use) prepare(ps *scenario.Params) {
	often := func(p int) { u.oftenParams = appendNew(u.oftenParams, p) }
	goes := func(p int) { u.goesParams = appendNew(u.goesParams, p) }
	u.Rate.Visit(often)
	u.Chance.Visit(often)
	u.Source.Share.Visit(goes)
	u.share.Visit(goes)
	for _, p := range u.reach.deps {
		goes(p)
	}
	u.Incident.Visit(goes)
	u.gamma = scenario.NoParam
	for _, t := range u.Rate.Terms {
		if t.Param == scenario.NoParam {
			continue
		}
		if _, ok := ps.List[t.Param].Law.(distribution.Gamma); ok && t.Base == 0 && !t.Inverse && !u.Rate.IsComputed() {
			u.gamma = t.Param
		}
	}
	// What is plain is kept by part, for all who meet it in the same way.
	u.plain = u.part >= 0 && u.whole == nil && u.Change == nil && !u.Even && len(u.goesParams) == 0 &&
		u.reach.exact != nil && (len(u.oftenParams) == 0 || len(u.oftenParams) == 1 && u.gamma != scenario.NoParam)
	if u.kept == nil {
		u.kept = &usual{base: u, plain: u.plain}
	}
}

func appendNew(to []int, p int) []int {
	if slices.Contains(to, p) {
		return to
	}
	return append(to, p)
}

// all returns every param of the use.
func (u *use) all() []int {
	out := slices.Clone(u.oftenParams)
	for _, p := range u.goesParams {
		out = appendNew(out, p)
	}
	return out
}

// impactAt is the share of the entry's users that an incident hits.
func (u *use) impactAt(theta []float64) float64 {
	return min(1, u.share.Value(theta)) * u.reach.value(theta)
}

// exactImpact is impactAt as a fraction; nil where it is unsure.
func (u *use) exactImpact() *big.Rat {
	if k := u.kept; k.impact != nil || k.unsure {
		return k.impact
	}
	u.kept.impact = u.findImpact()
	u.kept.unsure = u.kept.impact == nil
	return u.kept.impact
}

func (u *use) findImpact() *big.Rat {
	if !u.share.Sure() || u.reach.exact == nil {
		return nil
	}
	r := u.share.Rat()
	if r.Cmp(scenario.RatOne) > 0 {
		r = scenario.RatOne
	}
	return new(big.Rat).Mul(r, u.reach.exact)
}

// at returns how an incident goes where the params have the worker's theta.
// It is not to be changed where nothing in it is unsure.
func (u *use) at(w *worker) *distribution.Incident {
	if u.kept.in != nil {
		return u.kept.in
	}
	in := u.make(w)
	if len(u.goesParams) == 0 {
		u.kept.in, u.kept.moments = in, in.Moments()
	}
	return in
}

// moments are those of the bad time of one incident.
func (u *use) moments(w *worker) distribution.Moments {
	if in := u.at(w); u.kept.in == nil {
		return in.Moments()
	}
	return u.kept.moments
}

func (u *use) make(w *worker) *distribution.Incident {
	theta := w.theta
	in := u.Incident.With(u.detections(theta, w.detects), theta)
	in.Impact = u.impactAt(theta)
	if e := u.exactImpact(); e != nil {
		in.Impact, _ = e.Float64()
	}
	return in
}

// detections returns the time to detect. It is kept for all uses of a source
// where no stretch of it is unsure.
func (u *use) detections(theta []float64, kept map[*scenario.Source]*distribution.Detections) *distribution.Detections {
	if d := kept[u.Source]; d != nil {
		return d
	}
	laws, certain, sure := []distribution.Law{distribution.Fixed(0)}, []bool{true}, true
	if len(u.Incident.Detect) > 0 {
		laws, certain = nil, nil
	}
	for _, d := range u.Incident.Detect {
		laws = append(laws, d.After.Law(theta))
		certain = append(certain, d.Catches.Sure() && d.Catches.Rat().Cmp(scenario.RatOne) == 0)
		sure = sure && d.After.Scale.Sure()
	}
	out := distribution.NewDetections(laws, certain)
	if sure {
		kept[u.Source] = out
	}
	return out
}

// frequency is the rate per second, or the chance at each occurrence of the
// change.
func (u *use) frequency(theta []float64) float64 {
	if u.Change != nil {
		return min(1, u.Chance.Value(theta))
	}
	return u.Rate.Value(theta)
}

// chances is how many independent chances a risk has at each occurrence of its
// change.
func (u *use) chances() int { return max(1, u.Times) }

// divisors calls do with lengths of bad time of which every length that is the
// same in all incidents is a sum of multiples; ok is false where that cannot
// be told because a share or a stretch is unsure.
func (u *use) divisors(do func(*big.Rat)) (ok bool) {
	impact := u.exactImpact()
	if impact == nil {
		return false
	}
	shares := []*big.Rat{impact}
	if len(u.Incident.Stages) > 0 {
		shares = nil
		for _, s := range u.Incident.Stages {
			x := new(big.Rat).Mul(impact, scenario.RatOr0(s.Share.Exact))
			shares = append(shares, x)
		}
		for _, s := range u.Incident.Stages {
			for _, x := range shares {
				if s.For != nil {
					do(new(big.Rat).Mul(x, s.For.Rat()))
				}
			}
		}
	}
	each := func(l scenario.Length, left *big.Rat) bool {
		if !l.Fixed() {
			return true
		}
		if !l.Scale.Sure() {
			return l.Time.Length().Sign() == 0
		}
		x := new(big.Rat).Mul(l.Time.Length(), l.Scale.Rat())
		x.Mul(x, left)
		for _, s := range shares {
			do(new(big.Rat).Mul(x, s))
		}
		return true
	}
	for _, d := range u.Incident.Detect {
		if !each(d.After, scenario.RatOne) {
			return false
		}
	}
	// The share of the impact that is left after partial restores.
	lefts := []*big.Rat{scenario.RatOne}
	for _, a := range u.Incident.Attempts {
		for _, left := range lefts {
			if !each(a.Takes, left) {
				return false
			}
			if a.Responder >= 0 && !each(u.Incident.Acknowledge[a.Responder], left) {
				return false
			}
		}
		if !a.Restores.Sure() {
			return false
		}
		if a.Restores.Rat().Cmp(scenario.RatOne) < 0 {
			for _, left := range lefts[:len(lefts):len(lefts)] {
				lefts = append(lefts, new(big.Rat).Mul(left, new(big.Rat).Sub(scenario.RatOne, a.Restores.Rat())))
			}
			if len(lefts) > 64 {
				return false
			}
		}
	}
	return true
}

// clustered returns a use as a sum takes it whose incidents come in clusters: so
// many fewer, of which some stand for several, one after the other. The variance
// of their number is 1 + c times its mean, with c the clusters; the mean is as it
// was.
func (u *use) clustered(params *scenario.Params) (parts []*use) {
	takes := u.Incident.Attempts[0].Takes
	for _, c := range clusters(u.clusters, u.evenly) {
		x := *u
		x.Source = clone(u.Source)
		x.Rate = u.Rate.Times(scenario.Number(c.often))
		n := c.incidents
		x.Incident = lasting(scenario.Length{
			Of: func(theta []float64) distribution.Law {
				one := takes.Law(theta)
				if n == 1 {
					return one
				}
				// As long as n of them, and as varied.
				return distribution.Delayed(one.Scale(math.Sqrt(n)), (n-math.Sqrt(n))*one.Mean())
			},
			Params: u.goesParams,
		})
		x.forget()
		x.clusters, x.kept = 0, nil
		x.prepare(params)
		parts = append(parts, &x)
	}
	return parts
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
	var out []*use
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
		if u.clusters > leastClusters && u.goesOn == nil {
			if out == nil {
				out = slices.Clone(uses)
			}
			for n, x := range u.clustered(params) {
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
				var deps []int
				all.Visit(func(q int) { deps = appendNew(deps, q) })
				some.Visit(func(q int) { deps = appendNew(deps, q) })
				p.often = function(func(theta []float64) float64 {
					return min(some.Value(theta), all.Value(theta))
				}, deps)
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

// with is that part of the incidents of a use that has users wait besides.
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
		return distribution.Delayed(l.Scale(math.Max(1e-12, impact(theta))), p.spent.Value(theta))
	}
	var goes []int
	for _, list := range [][]int{u.goesParams, wait.goesParams, wait.oftenParams} {
		for _, q := range list {
			goes = appendNew(goes, q)
		}
	}
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
	var params2 []int
	often.Visit(func(q int) { params2 = appendNew(params2, q) })
	x.Rate = function(func(theta []float64) float64 {
		return max(0, before.Value(theta)-often.Value(theta))
	}, u.oftenParams, params2)
	if p != nil {
		takes := u.Incident.Attempts[0].Takes
		if p.left != nil {
			takes = *p.left
			x.Incident = lasting(takes)
		}
		scale := func(theta []float64) float64 {
			left := before.Value(theta) - often.Value(theta)
			impact := u.impactAt(theta)
			mean := takes.Law(theta).Mean() * impact
			if left <= 0 || mean <= 0 {
				return 1
			}
			all := before.Value(theta) * u.Incident.Attempts[0].Takes.Law(theta).Mean() * impact
			rest := all - often.Value(theta)*p.spent.Value(theta)
			return max(0.01, rest/(left*mean))
		}
		// Wider up to all users, and longer beyond that.
		wider := func(theta []float64) float64 { return min(max(1, 1/u.impactAt(theta)), scale(theta)) }
		x.share = function(func(theta []float64) float64 { return u.share.Value(theta) * wider(theta) }, u.goesParams, u.oftenParams, params2, takes.Params)
		longer := func(theta []float64) float64 { return min(100, max(1, scale(theta)/wider(theta))) }
		var all []int
		x.share.Visit(func(q int) { all = appendNew(all, q) })
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
	var params []int
	for _, f := range list {
		f.Visit(func(q int) { params = appendNew(params, q) })
	}
	return function(func(theta []float64) float64 {
		sum := 0.0
		for _, f := range list {
			sum += f.Value(theta)
		}
		return sum
	}, params)
}

func clone(s *scenario.Source) *scenario.Source { c := *s; return &c }

// function is a factor that is a function of some params.
func function(of func(theta []float64) float64, params ...[]int) scenario.Factor {
	var all []int
	for _, list := range params {
		for _, p := range list {
			all = appendNew(all, p)
		}
	}
	if len(all) == 0 {
		return scenario.Number(of(nil))
	}
	return scenario.Computed(of, all)
}
