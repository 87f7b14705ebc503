package forecast

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"sort"

	"tightrope/internal/availability"
	"tightrope/internal/distribution"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// The shares of the budget from which a source is red or amber.
const (
	redShare   = 0.25
	amberShare = 0.20
)

// sources lists what spends the budget, most first.
func (j *job) sources(s *sum) {
	e := j.entry
	var budget *big.Rat
	if e.Objective != nil {
		budget = e.Objective.Budget
	}
	for _, u := range s.told {
		x := s.source(u)
		if budget != nil {
			j.rate(x, budget, s)
		}
		if j.opts.Causes {
			x.Causes = causes(u)
		}
		e.Sources = append(e.Sources, x)
	}
	sort.SliceStable(e.Sources, func(a, b int) bool {
		x, y := e.Sources[a], e.Sources[b]
		if x.PerYear != y.PerYear {
			return x.PerYear > y.PerYear
		}
		return x.Name < y.Name
	})
}

// causes returns what caused the lost time of a use.
func causes(u *use) []Cause {
	if u.rows == nil {
		if u.cause == nil {
			return nil
		}
		return []Cause{causeOf(u.cause, 1)}
	}
	var out []Cause
	for _, c := range u.rows.causes()[u.row] {
		x := causeOf(c.Cause, c.Part)
		same := func(o Cause) bool { return o.Kind == x.Kind && o.Name == x.Name && o.Service == x.Service }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].Part += x.Part
			continue
		}
		out = append(out, x)
	}
	return out
}

// causeOf names a source of the scenario as a cause: what a risk brings about is
// the risk's, in whatever part of it.
func causeOf(s *scenario.Source, part float64) Cause {
	x := Cause{Kind: s.Kind, Name: s.Name, Title: s.Title, Service: s.Service, Several: s.Several, Pos: s.Pos, Part: part}
	if r := s.Risk; r != nil {
		x.Name, x.Title, x.Service, x.Several, x.Pos = r.Name, scenario.Title(r.Title, r.Name), r.Service.Name, nil, r.Pos
	}
	return x
}

// source returns the means of one use.
func (s *sum) source(u *use) *Source {
	x := &Source{
		Name: u.Name, Title: u.Title, Made: u.Made, Kind: u.Kind, Service: u.Service, Several: u.Several, Group: u.Group, Cause: u.Cause, Changing: u.Changing, Of: u.Of, Pos: u.Pos,
	}
	if u.Change != nil && u.Kind == RiskSource {
		x.Per = u.Change.Name
	}
	x.Waits = u.rows != nil && u.rows.division.Rows[u.row].Kind == availability.Changing
	// Impact, and per second: incidents, and the square of lost time; then the parts.
	// They are asked for more than once, and are the same for any window.
	if u.means == nil {
		u.means = s.averageOf(u, 6, func(out []float64) {
			out[0] = u.impactAt(s.theta)
			if u.Even {
				return
			}
			in := u.at(s.worker)
			rate := u.perSecond(s.theta)
			out[1], out[2] = rate, rate*u.moments(s.worker).M2
			if u.whole != nil {
				in = u.whole.At(s.theta)
			}
			out[3], out[4], out[5] = in.Times()
		})
	}
	v := u.means
	x.Impact, x.Detect, x.Acknowledge, x.Recover = v[0], v[3], v[4], v[5]
	often, lost, square := v[1], s.lost(u), v[2]
	x.Impact = math.Min(1, x.Impact) // weights of a rule add up to 1 but for rounding
	x.IncidentsPerYear = often * model.Year
	x.IncidentsWindow = often * s.seconds
	x.PerYear = lost * model.Year
	x.PerWindow = lost * s.seconds
	if often > 0 {
		x.PerIncident = lost / often
		x.FixedLength = square/often-x.PerIncident*x.PerIncident <= 1e-9*square/often
	}
	switch {
	case u.Even && u.exactBackground() != nil:
		x.Certain = x.PerWindow
	case u.Kind == ChangeSource:
		for _, b := range s.blocks {
			for _, c := range b.changes {
				if c.down == u {
					x.Certain = float64(c.planned) * x.PerIncident
				}
			}
		}
	}
	return x
}

// lost returns the mean lost time of a use a second, averaged over all that is unsure
// of it. It is the one place where a mean is made: the mean of a sum, the sources of
// a forecast, and what is expected of the past are all added up of it, whatever else
// is asked.
func (s *sum) lost(u *use) float64 {
	if u.spent == nil {
		v := s.averageOf(u, 1, func(out []float64) {
			if u.Even {
				out[0] = u.impactAt(s.theta) * u.Source.Share.Value(s.theta)
				return
			}
			out[0] = u.perSecond(s.theta) * u.moments(s.worker).M1
		})
		u.spent = &v[0]
	}
	return *u.spent
}

// perSecond is how often incidents of a use begin.
func (u *use) perSecond(theta []float64) float64 {
	rate := u.frequency(theta)
	if u.Change != nil {
		rate *= float64(u.chances()) * u.Change.Every.Value(theta)
	}
	return rate
}

// averageOf averages over all that is unsure of a use, and of the rhythm of its change.
func (s *sum) averageOf(u *use, dim int, of func(out []float64)) []float64 {
	params := u.all()
	if u.Change != nil && !u.Change.Every.Sure() {
		params = appendNew(params, u.Change.Every.Terms[0].Param)
	}
	return s.averageOver(params, []*use{u}, dim, of)
}

// rate holds a source against the budget.
func (j *job) rate(x *Source, budget *big.Rat, s *sum) {
	b, _ := budget.Float64()
	share := x.PerWindow / b
	x.BudgetShare = &share
	x.Rating = RatingOf(share, j.opts.Red, j.opts.Amber)
	if x.PerIncident > 0 {
		left, _ := new(big.Rat).Sub(budget, s.certain).Float64()
		left += x.Certain
		room := int(math.Max(0, math.Min(1e9, math.Floor(left/x.PerIncident+1e-9))))
		x.Room = &room
	}
}

// RatingOf rates a share of a budget, red and amber being from which share on; 0 is
// 25 % and 20 %.
func RatingOf(share, red, amber float64) Rating {
	if red == 0 {
		red = redShare
	}
	if amber == 0 {
		amber = amberShare
	}
	switch {
	case share >= red:
		return Red
	case share >= amber:
		return Amber
	}
	return Green
}

// felt repeats the question with what does not count.
func (j *job) felt(l *leading, entries int) {
	e, v := j.entry, l.base
	e.Felt = Felt{Mean: e.Mean, Met: e.Met}
	if j.feels == nil {
		j.hands(j.uses, v.sum)
		return
	}
	f := newSolver(newSum(v.sum.worker, j.window, j.objectiveName(), j.feels), entries)
	f.ended, f.plain, f.allowed = v.ended, v.plain, v.allowed
	j.hands(j.feels, f.sum)
	e.Felt.Different = true
	lead := j.leadFelt(f, l, entries)
	e.Felt.Mean, e.Felt.Met = lead.mean(), nil
	if o := e.Objective; o != nil && !j.opts.Unfelt {
		p := lead.chance(o.Budget, (*solver).chance)
		e.Felt.Met = &p
		lead.bands(entries, []*big.Rat{o.Budget}, []*Probability{e.Felt.Met})
	}
}

// leadFelt is the leading answer of what users feel beside that of what counts:
// of what is felt besides, as large a share is at once with the rest.
func (j *job) leadFelt(f *solver, l *leading, entries int) *leading {
	v := l.base
	if f.mean == v.mean && f.variance == v.variance && f.certain == v.certain {
		return l // the same is felt as counts
	}
	return j.lead(f, entries, func() (float64, bool) {
		sum := f.certain + f.mean
		twice := (v.certain + v.mean - l.mean()) * (sum / (v.certain + v.mean)) * (sum / (v.certain + v.mean))
		return math.Max(sum/2, sum-twice) / f.sum.seconds, l.used
	})
}

// bands gives each probability of the entry its band.
func (j *job) bands(l *leading, entries int) {
	e := j.entry
	var budgets []*big.Rat
	var to []*Probability
	if e.Objective != nil {
		budgets = append(budgets, e.Objective.Budget)
		to = append(to, e.Met)
	}
	for i := range e.Compare {
		budgets = append(budgets, j.budget(e.Compare[i].Target))
		to = append(to, &e.Compare[i].Met)
	}
	l.bands(entries, budgets, to)
}

// bands gives probabilities theirs, as they are in the window.
func (l *leading) bands(entries int, budgets []*big.Rat, to []*Probability) {
	f := l.fit
	if f == nil {
		l.base.bands(entries, budgets, to)
		return
	}
	var fitted []*big.Rat
	for _, b := range budgets {
		fitted = append(fitted, f.budget(b, l.base.sum.certain))
	}
	l.base.bands(entries, fitted, to)
	for _, p := range to {
		p.Low, p.High = math.Min(p.Value, (1-f.lost)*p.Low), math.Max(p.Value, (1-f.lost)*p.High)
	}
}

// bands computes, for each budget, the 5 % and 95 % points of the probability
// to keep it, over what the unsure inputs may be: in each of a few hundred
// draws of all of them the probability is computed with the draw as known.
func (v *solver) bands(entries int, budgets []*big.Rat, to []*Probability) {
	for _, p := range to {
		p.Low, p.High = p.Value, p.Value
	}
	params := v.sum.unsure()
	if len(params) == 0 || len(budgets) == 0 || v.plain {
		return
	}
	// What many inputs do together varies less, and is asked of many entries.
	draws, size := 200, 1<<10
	if v.averaged {
		draws, size = 100, 1<<9
	}
	switch {
	case entries > manyEntries:
		draws, size = 20, 1<<8
	case len(params) > 24:
		draws, size = 64, 1<<8
	}
	strata := v.sum.strata(params, draws, 0)
	type asked struct {
		x   *big.Rat // on top of what is certain
		top float64
		to  *Probability
	}
	var list []asked
	for i, budget := range budgets {
		x := new(big.Rat).Sub(budget, v.sum.certain)
		if x.Sign() < 0 {
			continue
		}
		f, _ := x.Float64()
		list = append(list, asked{x, math.Max(math.Min(f*1.03+1e-9, v.mean+2000*v.spread()), 1e-3), to[i]})
	}
	alike := 1.0
	if len(list) > mostBands {
		// Those that are not far apart are read off the same draws.
		slices.SortStableFunc(list, func(a, b asked) int { return -cmp.Compare(a.top, b.top) })
		alike = 2
	}
	var worlds []*distribution.Distribution
	last := 0.0
	for _, a := range list {
		if worlds == nil || alike == 1 || a.top*alike < last {
			step, n, exact := v.lattice(a.top, size, true)
			if n > 4*size {
				step, n, exact = commonStep(a.top, size), size, nil
			}
			worlds, last = v.draws(step, n, exact, a.top, params, strata), a.top
		}
		met := make([]float64, 0, len(worlds))
		for _, d := range worlds {
			met = append(met, d.AtMost(a.x))
		}
		a.to.Low, a.to.High = percentile(met, 0.05), percentile(met, 0.95)
	}
}

// mostBands is for how many budgets bands are worked out each by themselves.
const mostBands = 24

// draws returns the distribution in each of many possible worlds.
func (v *solver) draws(step float64, n int, exact *big.Rat, top float64, params []int, strata [][]float64) []*distribution.Distribution {
	var out []*distribution.Distribution
	if v.many && v.averaged && !v.bendy(params) {
		x := v.world(top, sideSize/2)
		for _, draw := range strata {
			exp := x.at.Log()
			for k, p := range params {
				z := (draw[k] - v.sum.means[p]) / x.nudges[k].delta
				exp.AddScaled(z, x.nudges[k].s)
				exp.AddScaled(z*z, x.nudges[k].q)
			}
			out = append(out, x.grid.Distribution(exp.Spectrum(), nil))
		}
		return out
	}
	g := v.sum.planner.Grid(step, n)
	if exact == nil {
		g = v.sum.planner.Blurred(step, n)
	}
	e := v.sum.evaluator(g, 0)
	e.mode = given
	for _, draw := range strata {
		v.sum.poll()
		for k, p := range params {
			v.sum.theta[p] = draw[k]
		}
		out = append(out, e.grid.Distribution(e.spectrum(), exact))
	}
	return out
}

// bendy reports whether a param stretches lengths or users: then the logarithm
// of the spectrum is no parabola in it.
func (v *solver) bendy(params []int) bool {
	for _, p := range params {
		if v.sum.params[p].Length {
			return true
		}
	}
	return false
}

// percentile returns a point of equally likely values, each standing for the
// middle of its stratum.
func percentile(values []float64, p float64) float64 {
	sort.Float64s(values)
	pos := math.Min(math.Max(0, p*float64(len(values))-0.5), float64(len(values)-1))
	k := int(pos)
	if k+1 == len(values) {
		return values[k]
	}
	return values[k] + (pos-float64(k))*(values[k+1]-values[k])
}
