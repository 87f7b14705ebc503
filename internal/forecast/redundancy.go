package forecast

import (
	"math"
	"slices"

	"tightrope/internal/availability"
	"tightrope/internal/distribution"
	"tightrope/internal/message"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// few is how many unsure inputs of what is lost to redundancy are averaged over
// as such. Where there are more, its outages are as frequent, as long and as wide
// as they are on average over all of them together. Its lengths are distributed as
// with these inputs at their means, with the mean that they have.
const few = 12

// redundancy returns what the users of an entry lose to redundancy, as sources:
// the rows of the division of their time. singles are what hits them by itself.
func (j *job) redundancy(root int, felt bool, singles []*use) []*use {
	l, err := j.lost(root, felt)
	if err != nil {
		j.unsolved = j.unsolved || !felt
		j.tooLarge(err, message.GroupsLeft())
		return nil
	}
	d := l.division
	if len(d.Rows) == 0 {
		return nil
	}
	means := l.at(j.scenario.Params.Means())
	var out []*use
	of := make([]*use, len(d.Rows)) // by row
	for k := range d.Rows {
		r := &d.Rows[k]
		switch {
		case r.Kind == availability.Together && means[k].Even > 0:
			out = append(out, j.together(r, &scenario.Source{
				Name: r.Need.Title + "/background", Made: message.SeveralErrors(r.Need.Group), Group: r.Need.Title, Kind: BackgroundSource,
				Even: true, Share: l.number(func(x []availability.Loss) float64 { return x[k].Even }), Pos: r.Need.Pos,
			}, scenario.One))
		case r.Kind != availability.Together && means[k].Often > 0:
			u := j.outages(l, k, means[k])
			if r.Kind == availability.NotChanged && r.Cause != nil && r.Whole && !means[k].Beside {
				for _, x := range singles {
					if x.Source == r.Cause && x.Change == nil && x.whole == nil {
						u.goesOn = x
					}
				}
			}
			if u.goesOn == nil {
				u.partly = j.partly(l, k, singles)
			}
			u.toldApart(j.scenario.Params.Means())
			u.row, u.rows = k, l
			out, of[k] = append(out, u), u
		}
	}
	j.findLones(l, of)
	byThemselves := slices.Clone(singles)
	for _, u := range of {
		if u == nil {
			continue
		}
		for _, x := range u.lones {
			if !slices.Contains(byThemselves, x.use) {
				byThemselves = append(byThemselves, x.use)
			}
		}
	}
	for k, u := range of {
		if u != nil {
			u.carries = j.carries(l, k, byThemselves, u)
		}
	}
	if len(out) > 0 {
		out[0].doubt = l.doubt
	}
	for k, u := range of {
		if u == nil {
			continue
		}
		for _, w := range means[k].Waits {
			if waiting := of[w.Row]; waiting != nil && w.Spent > 0 {
				// Of both together it matters little where either is far more.
				group, wait := &means[k], &means[w.Row]
				g, t := group.Share*group.Mean, wait.Share*wait.Mean
				if left := group.Often * w.Spent * g; 2*left < little*(group.Often*g*g+wait.Often*t*t) {
					waiting.leftOut += left
					continue
				}
				// Of fewer incidents than all, where less is waited than in one go.
				part := math.Min(1, w.Spent/t)
				waiting.partly = append(waiting.partly, partly{with: u, all: part, often: u.Rate, spent: l.number(func(x []availability.Loss) float64 {
					for _, y := range x[k].Waits {
						if y.Row == w.Row {
							return y.Spent
						}
					}
					return 0
				})})
			}
		}
	}
	return out
}

// little is the share of a variance that is left to the model error.
const little = 0.01

// A partly is a part of the incidents of a use that begins with those of another
// one, which hit some users by themselves.
type partly struct {
	with         *use
	often, spent scenario.Factor // a second; mean lost time of each
	along        bool            // they go on as long as those of the other do
	all          float64         // of all incidents of the other the part that begins so; 0: as often says
	// left is how long those incidents of the use are that begin with none; nil: as
	// all of them.
	left *scenario.Length
}

// partly returns what of a row begins with single points of some users.
func (j *job) partly(l *losses, row int, singles []*use) []partly {
	type key struct {
		cause *scenario.Source
		along bool
	}
	known := map[key]bool{}
	var out []partly
	left := j.leftOf(l, row)
	for _, p := range l.at(l.division.Means())[row].Partly {
		if known[key{p.Cause, p.Along}] {
			continue
		}
		known[key{p.Cause, p.Along}] = true
		sum := func(x []availability.Loss) (often, spent float64) {
			for _, q := range x[row].Partly {
				if q.Cause == p.Cause && q.Along == p.Along {
					often += q.Often
					spent += q.Often * q.Spent
				}
			}
			return often, spent
		}
		for _, u := range singles {
			if u.cause != p.Cause || u.Change != nil {
				continue
			}
			often := l.number(func(x []availability.Loss) float64 { o, _ := sum(x); return o })
			if u.feltPart != nil {
				often = often.Times(*u.feltPart)
			}
			out = append(out, partly{
				with:  u,
				often: often,
				along: p.Along,
				left:  left,
				spent: l.number(func(x []availability.Loss) float64 {
					o, s := sum(x)
					if o <= 0 {
						return 0
					}
					return s / o
				}),
			})
		}
	}
	return out
}

// leftOf is how long the incidents of a row are that begin with no single point of
// some users; nil: as all of them, or there are none.
func (j *job) leftOf(l *losses, row int) *scenario.Length {
	without := func(x availability.Loss) availability.Loss {
		cuts := x.Cuts
		x.Cuts = nil
		for i, c := range cuts {
			if !slices.ContainsFunc(x.Partly, func(p availability.Part) bool { return p.Cut == i }) {
				x.Cuts = append(x.Cuts, c)
			}
		}
		return x
	}
	if means := l.at(l.division.Means())[row]; len(means.Partly) == 0 || len(without(means).Cuts) == 0 {
		return nil
	}
	return &scenario.Length{
		Of: func(theta []float64) distribution.Law {
			x := without(l.at(theta)[row])
			if len(x.Cuts) == 0 {
				return distribution.Fixed(x.Mean)
			}
			return j.graph.lastsOf(x, len(l.params) > 0)
		},
		Params: l.params,
	}
}

// losses are what the rows of a division lose, as functions of unsure inputs.
type losses struct {
	division *availability.Division
	graph    *graph // keeps laws
	params   []int
	doubt    float64 // by how much of all time they may be off, since they are too much work to be averaged well
	at       func(theta []float64) []availability.Loss
	causes   func() [][]availability.Caused // by row; worked out once
}

// A lostKey tells apart what is divided in one scenario.
type lostKey struct {
	root      int
	felt      bool
	objective string
}

// lost divides what the users of a service lose to redundancy. Where jobs of one
// scenario follow each other the next one gets what the last one worked out.
func (j *job) lost(root int, felt bool) (*losses, error) {
	key := lostKey{root, felt, j.objectiveName()}
	if l := j.divided[key]; l != nil {
		return l, nil
	}
	d, err := j.engine.Divide(root, felt, key.objective)
	if err != nil {
		return nil, err
	}
	l := j.losses(d)
	if j.divided != nil {
		j.divided[key] = l
	}
	return l, nil
}

func (j *job) losses(d *availability.Division) *losses {
	var causes work.Once[[][]availability.Caused]
	l := &losses{division: d, graph: j.graph, params: d.Params, causes: func() [][]availability.Caused { return causes.Get(d.Causes) }}
	switch {
	case len(d.Params) == 0:
		known := d.At(j.scenario.Params.Means())
		l.at = func([]float64) []availability.Loss { return known }
	case len(d.Params) > few || d.Points() < manyPoints:
		var known []availability.Loss
		known, l.doubt = j.averageLoss(d)
		l.at, l.params = func([]float64) []availability.Loss { return known }, nil
	default:
		kept := &memo[[]availability.Loss]{}
		l.at = func(theta []float64) []availability.Loss {
			return kept.get(theta, d.Params, func() []availability.Loss { return d.At(theta) })
		}
	}
	return l
}

// alike reports whether all incidents of a row are as long as a fixed time,
// whatever unsure inputs may be.
func (l *losses) alike(row int, takes scenario.Length) bool {
	exact, ok := takes.Exactly()
	if !ok {
		return false
	}
	want, _ := exact.Float64()
	x := l.at(l.division.Means())[row]
	return single(x.Cuts) && math.Abs(x.Mean-want) <= 1e-12*want
}

// number is one of the numbers of the losses.
func (l *losses) number(of func([]availability.Loss) float64) scenario.Factor {
	if len(l.params) == 0 {
		return scenario.Number(of(l.at(nil)))
	}
	return scenario.Computed(func(theta []float64) float64 { return of(l.at(theta)) }, l.params)
}

// averageLoss is what is lost on average over all unsure inputs together, with
// lengths of the kind that there are at their means.
func (j *job) averageLoss(d *availability.Division) (_ []availability.Loss, doubt float64) {
	const numbers = 4
	sums, doubt := d.Average(func(theta []float64) []float64 {
		out, all := make([]float64, 1, 1+numbers*len(d.Rows)), 0.0
		for _, x := range d.At(theta) {
			out = append(out, x.Often, x.Often*x.Share, x.Often*x.Share*x.Mean, x.Even)
			all += x.Often*x.Share*x.Mean + x.Even
		}
		out[0] = all
		return out
	})
	out := d.At(j.scenario.Params.Means())
	for k := range out {
		x, s := &out[k], sums[1+numbers*k:]
		x.Even = math.Max(0, s[3])
		if doubt > 0 && (s[0] <= 0 || s[1] <= 0 || s[2] <= 0) {
			continue // as with all at their means
		}
		if s[0] <= 0 || s[1] <= 0 || x.Often <= 0 {
			x.Often = 0
			continue
		}
		x.Often, x.Share, x.Mean = s[0], math.Min(1, s[1]/s[0]), s[2]/s[1]
	}
	return out, doubt
}

// manyPoints is at how many values of the unsure inputs losses are asked for, about.
const manyPoints = 1000

// outages is a row of a division as a source.
func (j *job) outages(l *losses, k int, means availability.Loss) *use {
	r := &l.division.Rows[k]
	src := &scenario.Source{
		Name: r.Need.Title, Group: r.Need.Title, Kind: GroupSource, Pos: r.Need.Pos,
		Rate: l.number(func(x []availability.Loss) float64 { return x[k].Often }),
	}
	whole := r.Whole && r.Everybody && !means.Beside
	told := false // its cuts say how long it lasts
	switch r.Kind {
	case availability.TooMany:
		src.Made = message.TooManyDown(r.Need.Group)
	case availability.Changing:
		src.Name, src.Made, src.Kind = r.Need.Title+"/switch", message.ChangingOver(r.Need.Group), SwitchSource
		src.Changing = true
	case availability.NotChanged:
		src.Name, src.Made, src.Kind = r.Need.Title+"/members", message.NotChanged(r.Need.Group), SwitchSource
		if r.Cause != nil {
			src.Name, src.Cause = r.Need.Title+"/"+r.Cause.Name, r.Cause.Name
			src.Made = message.NotChangedAfter(r.Need.Group, r.Cause.Said(), r.Cause.Called())
		}
	}
	share := scenario.One
	if !(r.Everybody && math.Abs(means.Share-1) < 1e-12) {
		share = l.number(func(x []availability.Loss) float64 { return math.Min(1, x[k].Share) })
		whole = false
	}
	switch {
	case r.Kind == availability.NotChanged && r.Cause != nil && whole:
		src.Incident = r.Cause.Incident
		src.Incident.Stages = nil
		if means.Clusters > leastClusters {
			if in, ok := j.whole(&r.Cause.Incident); ok {
				src.Incident = in
			} else {
				means.Clusters = 0
			}
		}
	case r.Kind == availability.Changing && l.alike(k, r.Need.Switch.Takes):
		src.Incident = lasting(r.Need.Switch.Takes)
	default:
		told = true
		src.Incident = lasting(j.lengths(l, func(theta []float64) availability.Loss { return l.at(theta)[k] }))
	}
	if r.Kind != availability.TooMany {
		src.Pos = r.Need.Switch.Pos
	}
	u := j.together(r, src, share)
	if told {
		u.kinds = j.kinds(l, k)
	}
	u.pace, u.clusters, u.evenly, u.alike, u.apart = means.Pace, means.Clusters, means.Evenly, means.Alike, r.Kind == availability.NotChanged
	return u
}

// lengths is how long the incidents of a loss last, stretched to their mean in each
// world.
func (j *job) lengths(l *losses, of func(theta []float64) availability.Loss) scenario.Length {
	means := of(l.division.Means())
	law := j.graph.lasts(means)
	table, varied := law.(distribution.Table)
	if x, ok := law.(distribution.Leaning); ok {
		table, varied = x.Of, true
	}
	jumps := varied && jumps(means.Cuts)
	return scenario.Length{
		Of: func(theta []float64) distribution.Law {
			switch x := of(theta); {
			case !(x.Often > 0 && x.Mean > 0):
				return distribution.Fixed(0)
			case simple(x.Cuts):
				// How often each of a few times is, is another in each world.
				return j.graph.lastsOf(x, len(l.params) > 0)
			case jumps && x.Share > 0:
				// A fixed time is as much lost time of all users, whatever part of them the others
				// of its row hit.
				return table.Scale(means.Share / x.Share).(distribution.Table).Toward(x.Mean)
			default:
				return law.Scale(x.Mean / law.Mean())
			}
		},
		Params: l.params,
	}
}

// whole is an incident as one time from its beginning to its end; ok is false where
// some of its users are back before that.
func (j *job) whole(in *scenario.Incident) (whole scenario.Incident, ok bool) {
	x := in.At(j.scenario.Params.Means())
	d, a, r := x.Times()
	if math.Abs(x.Moments().M1-(d+a+r)) > 1e-9*(d+a+r) {
		return scenario.Incident{}, false
	}
	var params []int
	in.Visit(func(p int) { params = appendNew(params, p) })
	return lasting(scenario.Length{Of: func(theta []float64) distribution.Law { return j.graph.elapsed(in, theta) }, Params: params}), true
}

// together is a source of several parts together.
func (j *job) together(r *availability.Row, src *scenario.Source, share scenario.Factor) *use {
	src.Of = r.Need.ID
	src.Service = j.holderName(r.Holder)
	u := &use{Source: src, part: -1, hangs: slices.Clone(r.Parts), share: share, reach: everybody}
	u.prepare(j.scenario.Params)
	return u
}

// everybody is the reach of what hits all users, or says itself whom it hits.
var everybody = &reach{exact: scenario.RatOne}

// holderName is the service that has a need.
func (j *job) holderName(part int) string {
	return j.graph.system.Services[max(0, j.graph.system.Parts[part].Service)].Name
}
