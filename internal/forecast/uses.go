package forecast

import (
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
	// lones are the parts of its incidents that are uses of their own where they are
	// summed; nil: none.
	lones []*lone
	// given: some of its incidents are now in others'.
	given bool
	// brings: its incidents bring those of carries along.
	brings bool
	// apart: how often it happens does not hang on what else is down.
	apart bool
	// pace is how often its incidents begin while nothing is down, relative to all
	// time; 0: as the clock of the source says.
	pace float64
	// clusters is by how much its incidents come in clusters; see clustered.
	clusters, evenly, alike float64
	// kinds are its incidents by how far they come in clusters; nil: all alike.
	kinds []kind
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
	spent *float64  // mean lost time a second, where no more of it was asked for; nil: not yet
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

// moments are those of the lost time of one incident.
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

// divisors calls do with lengths of lost time of which every length that is the
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
