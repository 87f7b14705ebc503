package forecast

import (
	"math/big"
	"slices"

	"tightrope/internal/dist"
	"tightrope/internal/model"
)

// A use is a source as one entry meets it: the share of its users that it
// hits, and the unsure inputs that decide how it goes.
type use struct {
	*source
	hit   *model.Share // impact as the objective sees it; nil is all
	share factor       // hit × impactBy
	reach *reach

	// Params by what they decide. Those of this use alone are its own and
	// are averaged over inside it; the others are shared by a block.
	oftenParams []int
	goesParams  []int
	own         []int
	// gamma is the param of a rate whose average has a closed form, or
	// noParam.
	gamma int
	// plain: a Poisson source in which nothing is unsure but that rate.
	plain bool
}

// prepare finds the params of a use.
func (u *use) prepare(ps *params) {
	often := func(p int) { u.oftenParams = appendNew(u.oftenParams, p) }
	goes := func(p int) { u.goesParams = appendNew(u.goesParams, p) }
	u.rate.visit(often)
	u.chance.visit(often)
	u.source.share.visit(goes)
	u.share.visit(goes)
	for _, p := range u.reach.deps {
		goes(p)
	}
	for _, d := range u.incident.detect {
		d.after.scale.visit(goes)
		d.catches.visit(goes)
	}
	for _, a := range u.incident.attempts {
		a.takes.scale.visit(goes)
		a.works.visit(goes)
		a.restores.visit(goes)
	}
	for _, a := range u.incident.acknowledge {
		a.scale.visit(goes)
	}
	u.gamma = noParam
	for _, t := range u.rate.terms {
		if t.param == noParam {
			continue
		}
		if _, ok := ps.list[t.param].law.(dist.Gamma); ok && t.base == 0 && !t.inverse {
			u.gamma = t.param
		}
	}
	u.plain = u.change == nil && !u.even && u.kind != UnlistedSource && len(u.goesParams) == 0 &&
		u.reach.exact != nil && (len(u.oftenParams) == 0 || len(u.oftenParams) == 1 && u.gamma != noParam)
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
	return min(1, u.share.value(theta)) * u.reach.value(theta)
}

// exactImpact is impactAt as a fraction; nil where it is unsure.
func (u *use) exactImpact() *big.Rat {
	if !u.share.sure() || u.reach.exact == nil {
		return nil
	}
	r := u.share.rat()
	if r.Cmp(ratOne) > 0 {
		r = ratOne
	}
	return new(big.Rat).Mul(r, u.reach.exact)
}

// at returns how an incident goes where the params have the worker's theta.
func (u *use) at(w *worker) *dist.Incident {
	theta := w.theta
	in := &dist.Incident{Impact: u.impactAt(theta)}
	if e := u.exactImpact(); e != nil {
		in.Impact, _ = e.Float64()
	}
	in.Detect = u.detections(theta, w.detects)
	for _, d := range u.incident.detect {
		in.Catches = append(in.Catches, d.catches.value(theta))
	}
	for _, a := range u.incident.attempts {
		in.Attempts = append(in.Attempts, dist.Attempt{
			Takes: a.takes.law(theta), Works: a.works.value(theta), Restores: a.restores.value(theta), Responder: a.responder,
		})
	}
	for _, a := range u.incident.acknowledge {
		in.Acknowledge = append(in.Acknowledge, a.law(theta))
	}
	for _, s := range u.incident.stages {
		share, _ := ratOr0(s.Share.Exact).Float64()
		st := dist.Stage{Share: share}
		if s.For != nil {
			st.For = s.For.Seconds()
		}
		in.Stages = append(in.Stages, st)
	}
	return in
}

// detections returns the time to detect. It is kept for all uses of a source
// where no stretch of it is unsure.
func (u *use) detections(theta []float64, kept map[*source]*dist.Detections) *dist.Detections {
	if d := kept[u.source]; d != nil {
		return d
	}
	laws, certain, sure := []dist.Law{dist.Fixed(0)}, []bool{true}, true
	if len(u.incident.detect) > 0 {
		laws, certain = nil, nil
	}
	for _, d := range u.incident.detect {
		laws = append(laws, d.after.law(theta))
		certain = append(certain, d.catches.sure() && d.catches.rat().Cmp(ratOne) == 0)
		sure = sure && d.after.scale.sure()
	}
	out := dist.NewDetections(laws, certain)
	if sure {
		kept[u.source] = out
	}
	return out
}

// frequency is the rate per second, or the chance at each occurrence of the
// change.
func (u *use) frequency(theta []float64) float64 {
	if u.change != nil {
		return min(1, u.chance.value(theta))
	}
	return u.rate.value(theta)
}

// chances is how many independent chances a risk has at each occurrence of its
// change.
func (u *use) chances() int { return max(1, u.times) }

// divisors calls do with lengths of bad time of which every length that is the
// same in all incidents is a sum of multiples; ok is false where that cannot
// be told because a share or a stretch is unsure.
func (u *use) divisors(do func(*big.Rat)) (ok bool) {
	impact := u.exactImpact()
	if impact == nil {
		return false
	}
	shares := []*big.Rat{impact}
	if len(u.incident.stages) > 0 {
		shares = nil
		for _, s := range u.incident.stages {
			x := new(big.Rat).Mul(impact, ratOr0(s.Share.Exact))
			shares = append(shares, x)
		}
		for _, s := range u.incident.stages {
			for _, x := range shares {
				if s.For != nil {
					do(new(big.Rat).Mul(x, s.For.Rat()))
				}
			}
		}
	}
	each := func(l length, left *big.Rat) bool {
		if l.time.Kind != model.Fixed {
			return true
		}
		if !l.scale.sure() {
			return l.time.Length().Sign() == 0
		}
		x := new(big.Rat).Mul(l.time.Length(), l.scale.rat())
		x.Mul(x, left)
		for _, s := range shares {
			do(new(big.Rat).Mul(x, s))
		}
		return true
	}
	for _, d := range u.incident.detect {
		if !each(d.after, ratOne) {
			return false
		}
	}
	// The share of the impact that is left after partial restores.
	lefts := []*big.Rat{ratOne}
	for _, a := range u.incident.attempts {
		for _, left := range lefts {
			if !each(a.takes, left) {
				return false
			}
			if a.responder >= 0 && !each(u.incident.acknowledge[a.responder], left) {
				return false
			}
		}
		if !a.restores.sure() {
			return false
		}
		if a.restores.rat().Cmp(ratOne) < 0 {
			for _, left := range lefts[:len(lefts):len(lefts)] {
				lefts = append(lefts, new(big.Rat).Mul(left, new(big.Rat).Sub(ratOne, a.restores.rat())))
			}
			if len(lefts) > 64 {
				return false
			}
		}
	}
	return true
}
