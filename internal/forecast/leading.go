package forecast

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/scenario"
)

// A leading answer is what is said of a sum: the distribution of the sum itself,
// or where that matters the same corrected for what a sum leaves out. In a sum
// incidents come as a Poisson process and each spends all of its lost time. In
// truth those at once spend some of it once, what is down has no new incident,
// and groups go down in clusters. The exact long-run unavailability U says what
// all of that is on average.
//
// While users are down for x of the window W, so much of what begins falls into
// time that is lost already: incidents count for κ(x) of their number, with κ
// linear in x. For alternating outages of one thing, up for exponential times,
// that is exact: P(bad ≤ x) is that of a compound Poisson sum over W − x (Takács,
// 1957). Here κ(0) is the pace of incidents while nothing is down, in which sources
// count as much as they add to the variance, and κ at the mean is such that the
// mean is U·W. So P(bad ≤ x) is read off the sum of
// incidents κ(x) times as often.
type leading struct {
	job   *job
	base  *solver
	truth float64   // seconds in the window, on top of what is certain; 0: not known
	zero  float64   // κ(0)
	slope float64   // of κ, per second on top of what is certain
	used  bool      // the correction matters
	rough float64   // how far it moves a probability at most, were as much as can be counted twice
	nodes []float64 // paces for which there are sums; between them is interpolated
	paced []*solver // nil: not needed yet
	entry int       // how many entries share the work
	// tied is what a sum leaves out of the variance: the covariance of groups with
	// those of their parts that hit some users by themselves, which happen in the
	// same outage, and of outages in clusters.
	tied float64
	fit  *fit // nil: the sum fits into the window
}

// Paces are no more than paceStep apart, but no more than mostPaces of them, or
// where unsure inputs are averaged over fewPaces.
const (
	paceSteps = 128 // they are multiples of 1/paceSteps
	paceStep  = 0.04
	mostPaces = 6
	fewPaces  = 3
	leastPace = 0.01
)

// A correction that moves no probability by more than material, as far as can be
// told beforehand, is not made; it is the model's error.
const material = 3e-3

// lead returns the leading answer of a sum. union returns the exact share of time
// that a random user is hit, and false where that is not known.
func (j *job) lead(v *solver, entries int, union func() (float64, bool)) *leading {
	l := &leading{job: j, base: v, zero: 1, entry: entries}
	if j.opts != nil && j.opts.singles {
		return l // the sum by itself is asked for
	}
	poisson, spread, pace, load := 0.0, 0.0, 0.0, 0.0
	groups := false
	for _, u := range v.sum.told {
		if !u.Even {
			load += v.sum.load(u)
		}
		groups = groups || u.hangs != nil
		l.tied += v.sum.tied(u)
		if u.Change != nil || u.Even {
			continue
		}
		mean := v.sum.lost(u) * v.sum.seconds
		poisson += mean
		copy(v.sum.theta, v.sum.means)
		if m := u.moments(v.sum.worker); m.M1 > 0 {
			spread += mean * m.M2 / m.M1
			pace += mean * m.M2 / m.M1 * v.sum.pace(u)
		}
	}
	if poisson <= 0 || v.mean <= 0 {
		return l.fitted(poisson, union)
	}
	if spread > 0 {
		l.zero = pace / spread
	}
	// No more is counted twice than this leaves.
	l.truth = v.mean * (1 - math.Min(0.5, load/2))
	l.bend(v.mean, poisson)
	l.rough = l.most()
	if groups || l.rough > material/4 {
		if x, ok := union(); ok {
			l.truth = math.Max(0, x*v.sum.seconds-v.certain)
		} else {
			l.truth = v.mean
		}
	}
	if l.truth <= 0 {
		return l.fitted(poisson, union)
	}
	l.bend(v.mean, poisson)
	l.used = l.most() > material
	if l.used {
		l.place()
	}
	return l.fitted(poisson, union)
}

// place puts the nodes where most of the distribution lies.
func (l *leading) place() {
	from, to := l.at(0), l.at(l.truth+4*l.base.spread()*l.narrower())
	n := min(mostPaces, max(fewPaces, 1+int(math.Ceil(math.Abs(to-from)/paceStep))))
	if l.base.averaged {
		n = fewPaces
	}
	// What hardly varies is read off as near to its mean as it lies.
	if s := l.base.spread() * l.narrower(); 64*s < l.truth {
		low, middle, high := l.at(l.truth-4*s), l.at(l.truth), l.at(l.truth+4*s)
		if least := 1e-6 * middle; math.Abs(high-low) < least {
			low, high = middle-least, middle+least
		}
		l.nodes = []float64{low, (low + high) / 2, high}
		l.paced = make([]*solver, len(l.nodes))
		return
	}
	first, by := math.Round(from*paceSteps), math.Max(1, math.Ceil(math.Abs(to-from)*paceSteps/float64(n-1)))
	if to < from {
		by = -by
	}
	for k := range n {
		l.nodes = append(l.nodes, math.Max(1, first+by*float64(k))/paceSteps)
	}
	l.paced = make([]*solver, n)
}

// bend sets κ at the true mean to so many incidents that the mean is right.
func (l *leading) bend(mean, poisson float64) {
	at := math.Max(leastPace, 1-(mean-l.truth)/poisson)
	l.slope = (at - l.zero) / l.truth
}

// most is the most that the correction moves a probability, about.
func (l *leading) most() float64 {
	return math.Max(l.weight(0), math.Max(l.weight(l.truth), l.weight(l.truth+2*l.base.spread())))
}

// pace is how often an incident of a use begins while nothing is down, relative
// to all time, with unsure inputs at their means.
func (s *sum) pace(u *use) float64 {
	if u.pace != 0 {
		return u.pace
	}
	if u.Clock != scenario.Calendar {
		return 1
	}
	return 1 / math.Max(0.1, 1-s.load(u))
}

// load is the share of time in which incidents of a use are in progress, with
// unsure inputs at their means, were none of them at once.
func (s *sum) load(u *use) float64 {
	copy(s.theta, s.means)
	rate := u.frequency(s.theta)
	if u.Change != nil {
		rate *= float64(u.chances()) * u.Change.Every.Value(s.theta)
	}
	if rate <= 0 {
		return 0
	}
	d, a, r := u.at(s.worker).Times()
	return rate * (d + a + r)
}

// tied is the covariance, in a window, of the outages of a group with the outages
// of its parts that hit some users by themselves, with unsure inputs at their
// means. In each outage of the group a part is down for longer than usual, as in
// E[X²]/E[X].
// How far outages come in clusters, or after waiting, is right to about a fifth.
func (s *sum) tied(u *use) float64 {
	long := 0.0
	for _, p := range u.partly {
		if p.all > 0 {
			if mean := s.usual(u); mean > 0 {
				long += s.usual(p.with) * p.spent.Value(s.theta) / (5 * mean)
			}
		}
	}
	if u.clusters > 0 {
		copy(s.theta, s.means)
		by := u.clusters * u.moments(s.worker).M1
		if u.clusters > leastClusters {
			by /= 5
		}
		long += by
	}
	if mean := s.usual(u); u.leftOut > 0 && mean > 0 {
		long += u.leftOut * s.seconds / mean
	}
	if u.Kind != GroupSource {
		return long * s.usual(u)
	}
	alone := 0.0
	for _, o := range s.told {
		if o.part < 0 || o.hangs != nil || o.Even || !slices.Contains(u.hangs, o.part) {
			continue
		}
		copy(s.theta, s.means)
		if m := o.moments(s.worker); m.M1 > 0 {
			x := m.M2 / m.M1
			if u.carries.has(o) {
				x /= 5
			}
			alone = math.Max(alone, x)
		}
	}
	return (long + alone) * s.usual(u)
}

// usual is the mean lost time of a use in a window, with unsure inputs at their means.
func (s *sum) usual(u *use) float64 {
	copy(s.theta, s.means)
	return u.frequency(s.theta) * u.moments(s.worker).M1 * s.seconds
}

// apart is about how far the covariance that a sum leaves out moves a probability.
func (l *leading) apart(p float64) float64 {
	if l.tied <= 0 {
		return 0
	}
	return math.Min(1, l.tied/l.base.variance) * p * (1 - p)
}

// at returns κ at a lost time on top of what is certain.
func (l *leading) at(x float64) float64 {
	return math.Min(3, math.Max(leastPace, l.zero+l.slope*x))
}

// weight is about how far the correction moves a probability at x: the number of
// incidents by so much, in standard deviations, at the steepest.
func (l *leading) weight(x float64) float64 {
	return math.Abs(l.at(x)-1) * math.Min(1, 0.4*l.base.mean/math.Sqrt(math.Max(1e-300, l.base.variance)))
}

// solver returns that of a node.
func (l *leading) solver(node int) *solver {
	if v := l.paced[node]; v != nil {
		return v
	}
	if l.nodes[node] == 1 {
		return l.base
	}
	by := scenario.Number(l.nodes[node])
	b := l.base.sum
	uses := slices.Clone(b.told)
	for i, u := range uses {
		if u.Change != nil || u.Even {
			continue
		}
		x := *u
		x.Source = clone(u.Source)
		x.Rate = u.Rate.Times(by)
		x.forget()
		x.prepare(l.job.scenario.Params)
		x.plain = false
		uses[i] = &x
	}
	// What belongs together still does.
	lones := map[*lone]*lone{}
	same := map[*use]*use{}
	for _, u := range b.told {
		for _, x := range u.lones {
			if lones[x] == nil {
				lones[x] = x.times(by, l.job.scenario.Params)
				same[x.use] = lones[x].use
			}
		}
	}
	for i, u := range uses {
		if u == b.told[i] {
			continue
		}
		if k := slices.Index(b.told, u.goesOn); u.goesOn != nil && k >= 0 {
			u.goesOn = uses[k]
		}
		u.carries = u.carries.times(by, func(x *use) *use {
			if k := slices.Index(b.told, x); k >= 0 {
				return uses[k]
			}
			return cmp.Or(same[x], x)
		})
		u.lones = slices.Clone(u.lones)
		for n, x := range u.lones {
			u.lones[n] = lones[x]
		}
		u.partly = slices.Clone(u.partly)
		for n, p := range u.partly {
			if k := slices.Index(b.told, p.with); k >= 0 {
				p.with, p.often = uses[k], p.often.Times(by)
				u.partly[n] = p
			}
		}
	}
	v := newSolver(newSum(b.worker, b.window, b.objective, uses), l.entry)
	v.plain, v.ended, v.cover = l.base.plain, l.base.ended, l.base.cover
	v.allowed = l.base.allowed / 4
	l.paced[node] = v
	return v
}

// between calls do with the sums of three nodes around κ(x), and how much each
// counts: a parabola through them is read.
func (l *leading) between(x float64, do func(v *solver, weight float64)) {
	k := l.at(x)
	n := len(l.nodes)
	first := 0
	if step := l.nodes[1] - l.nodes[0]; step != 0 {
		k = math.Max(math.Min(k, math.Max(l.nodes[0], l.nodes[n-1])), math.Min(l.nodes[0], l.nodes[n-1]))
		first = max(0, min(n-3, int(math.Round((k-l.nodes[0])/step))-1))
	}
	for i := first; i < first+3; i++ {
		w := 1.0
		for j := first; j < first+3; j++ {
			if j != i && l.nodes[i] != l.nodes[j] {
				w *= (k - l.nodes[j]) / (l.nodes[i] - l.nodes[j])
			}
		}
		if w != 0 {
			do(l.solver(i), w)
		}
	}
}

// chance returns the probability to keep a budget, with both of its errors. by
// answers for one sum, of the budget that it is called with.
func (l *leading) chance(budget *big.Rat, by func(*solver, *big.Rat) Probability) Probability {
	if l.fit == nil {
		return l.fromSum(budget, by)
	}
	p := l.fromSum(l.fit.budget(budget, l.base.sum.certain), by)
	l.fit.kept(&p)
	return p
}

// fromSum is chance without regard to how long the window is.
func (l *leading) fromSum(budget *big.Rat, by func(*solver, *big.Rat) Probability) Probability {
	p := by(l.base, budget)
	f, _ := new(big.Rat).Sub(budget, l.base.sum.certain).Float64()
	if f < 0 {
		return p
	}
	border := 0.3*l.base.variance/math.Max(1e-300, l.base.mean)/l.base.sum.seconds + l.apart(p.Value)
	p.Model = math.Min(1, l.weight(f)+border)
	if !l.used {
		return p
	}
	out := Probability{Sum: &p.Value}
	low, high := 1.0, 0.0
	l.between(f, func(v *solver, w float64) {
		x := by(v, budget)
		low, high = math.Min(low, x.Value), math.Max(high, x.Value)
		out.Value += w * x.Value
		out.Error += math.Abs(w) * x.Error
		out.Below += w * x.Below
		out.Above += w * x.Above
		out.Short = out.Short || x.Short
	})
	for _, x := range []*float64{&out.Below, &out.Above} {
		*x = math.Max(0, math.Min(1, *x))
	}
	// The more often, the less likely: a parabola may leave that behind.
	out.Value = math.Max(low, math.Min(high, out.Value))
	out.Error = math.Min(1, out.Error)
	out.Model = math.Min(1, 0.15*math.Abs(out.Value-p.Value)+0.03*l.weight(f)+border)
	return out
}

// read returns P(bad ≤ x) on top of what is certain, from what covers the whole.
func (l *leading) read(x float64) float64 {
	f := l.fit
	if f == nil {
		return l.readSum(x)
	}
	if x*f.longer >= f.room {
		return 1
	}
	return (1 - f.lost) * l.readSum(x*f.longer)
}

// readSum is read without regard to how long the window is.
func (l *leading) readSum(x float64) float64 { return l.readFrom((*solver).whole, x) }

// readFrom is readSum by some solution of each pace.
func (l *leading) readFrom(of func(v *solver) *solution, x float64) float64 {
	p := 0.0
	if !l.used {
		p, _, _ = of(l.base).read(nil, x)
		return p
	}
	low, high := 1.0, 0.0
	l.between(x, func(v *solver, w float64) {
		q, _, _ := of(v).read(nil, x)
		low, high = math.Min(low, q), math.Max(high, q)
		p += w * q
	})
	return math.Max(low, math.Min(high, p))
}

// fine returns a solution of each pace that is fine at some lost time, and up to how
// much each of them reaches.
func (l *leading) fine(x float64) (of func(v *solver) *solution, top float64) {
	known := map[*solver]*solution{}
	solve := func(v *solver) *solution {
		s := known[v]
		if s == nil {
			s = v.solve(1.3*x, quantileError, v.allowed*0.6, []float64{x}, nil)
			known[v] = s
		}
		return s
	}
	top = math.Inf(1)
	l.between(x, func(v *solver, _ float64) { top = math.Min(top, solve(v).top) })
	return solve, top
}

// quantile returns the lost time that is not exceeded with probability p, and how
// far it may be off numerically: the smallest x with P(bad ≤ x) ≥ p. None is
// further from the mean than Cantelli's inequality says.
func (l *leading) quantile(p float64) (q, err float64) {
	q, err = l.quantileOfLattices(p)
	mean, sd := l.mean(), l.sd()
	if math.IsInf(q, 1) || !(p > 0 && p < 1) {
		return q, err
	}
	slack := 1e-6*mean + 1e-3*sd // mean and deviation may be averages
	low, high := mean-sd*math.Sqrt((1-p)/p)-slack, mean+sd*math.Sqrt(p/(1-p))+slack
	inside := math.Max(0, math.Max(low, math.Min(high, q)))
	return inside, math.Min(err+math.Abs(inside-q), high-low)
}

// quantileOfLattices is quantile as the lattices have it.
func (l *leading) quantileOfLattices(p float64) (q, err float64) {
	f, certain := l.fit, l.base.certain
	window := l.base.sum.seconds
	if f == nil {
		if q, err = l.quantileOfSum(p); !math.IsInf(q, 1) {
			q = math.Min(q, window) // what lies beyond it does not matter
		}
		return q, math.Min(err, window)
	}
	q, err = math.Inf(1), 0
	if p < 1-f.lost {
		q, err = l.quantileOfSum(p / (1 - f.lost))
	}
	x := math.Min(q-certain, f.room)
	if !(p < 1-f.lost) {
		return window, math.Min(f.room, err)
	}
	return math.Min(window, certain+x/f.longer), math.Min(f.room, err)
}

// quantileOfSum is quantile without regard to how long the window is.
func (l *leading) quantileOfSum(p float64) (q, err float64) {
	q, err = l.base.quantile(p)
	if !l.used || math.IsInf(q, 1) {
		return q, err
	}
	certain := l.base.certain
	// Each of the paces is made fine there before it is read.
	var each []float64
	if !l.base.many || l.base.jumps() {
		l.between(q-certain, func(v *solver, _ float64) {
			y, e := v.quantile(p)
			each, err = append(each, y-certain), math.Max(err, e)
		})
	}
	low, high := 0.0, math.Max(1, q-certain)
	for range 60 {
		if l.readSum(high) >= p {
			break
		}
		low, high = high, 1.25*high
	}
	if l.readSum(0) >= p {
		return certain, err
	}
	narrow := func(low, high float64, read func(x float64) float64) float64 {
		for range 50 {
			if high-low <= 1e-9*high {
				break
			}
			if middle := (low + high) / 2; read(middle) >= p {
				high = middle
			} else {
				low = middle
			}
		}
		return high
	}
	high = narrow(low, high, l.readSum)
	// What covers the whole is too coarse far below its end.
	for range 4 {
		if l.base.many || high >= l.base.whole().top/8 || l.base.ended() {
			break
		}
		of, top := l.fine(high)
		at := func(x float64) float64 { return l.readFrom(of, x) }
		if at(top) >= p {
			high = narrow(0, top, at)
			break
		}
		high = top
	}
	for _, y := range each {
		if math.Abs(y-high) <= 1e-6*high {
			return certain + y, err // a jump of the sums is one of this
		}
	}
	return certain + high, err
}

// nothing returns P(no lost time at all).
func (l *leading) nothing() float64 {
	if l.fit != nil {
		return (1 - l.fit.lost) * l.nothingOfSum()
	}
	return l.nothingOfSum()
}

func (l *leading) nothingOfSum() float64 {
	if !l.used || l.base.sum.certain.Sign() > 0 {
		return l.base.nothing()
	}
	p, low, high := 0.0, 1.0, 0.0
	l.between(0, func(v *solver, w float64) {
		q := v.nothing()
		low, high = math.Min(low, q), math.Max(high, q)
		p += w * q
	})
	return math.Max(low, math.Min(high, p))
}

// mean returns the mean lost time in the window.
func (l *leading) mean() float64 {
	if l.fit != nil {
		return math.Min(l.base.certain, l.base.sum.seconds) + l.fit.mean
	}
	if l.used {
		return l.base.certain + l.truth
	}
	return l.base.certain + l.base.mean
}

// sd returns the standard deviation of lost time in the window.
func (l *leading) sd() float64 {
	if l.fit != nil {
		return l.fit.sd
	}
	return math.Sqrt(l.base.variance) * l.narrower()
}

// moved reports whether the answer is another than the sum's.
func (l *leading) moved() bool { return l.used || l.fit != nil }

// narrower is by how much the standard deviation is less than that of the sum:
// a variation of x moves the incidents by κ'·x.
func (l *leading) narrower() float64 {
	if !l.used {
		return 1
	}
	return 1 / math.Max(0.5, 1-l.base.mean*l.slope)
}

// union is the exact share of time that a random user is hit; false where the
// structure is too large to tell.
func (j *job) union() (float64, bool) {
	if j.unsolved {
		return 0, false
	}
	u, err := j.engine.Unavailable(j.graph.system.Number(j.service.Name), j.objectiveName())
	j.doubt = u.Error
	return u.Hit, err == nil
}

// guard refuses an answer whose parts contradict each other: see contradiction.
func (j *job) guard(l *leading) {
	e := j.entry
	if len(j.uses) == 0 {
		return
	}
	sum, union, contradicts := j.contradiction(l)
	if !contradicts {
		return
	}
	e.Contradicts = true
	e.Warnings = append(e.Warnings, Warning{Code: "contradiction", Pos: e.Pos, Message: message.Contradiction(sum, union)})
	if e.Verdict == Achievable {
		e.Verdict = NotAchievable
	}
}

// contradiction holds the mean of the sum against the exact union: it is at
// least that, and no more above than single points that are down at once allow,
// Σρ − (1 − Π(1 − ρ)) ≤ (Σρ)²/2 for each user. It returns both, and whether they
// contradict each other.
func (j *job) contradiction(l *leading) (sum, union float64, contradicts bool) {
	if !(l.base.sum.seconds > 0) {
		return 0, 0, false
	}
	if !slices.ContainsFunc(l.base.sum.told, func(u *use) bool { return u.hangs != nil }) {
		return 0, 0, false // a sum of single points: nothing is said twice
	}
	union, ok := j.union()
	if !ok {
		return 0, 0, false
	}
	load := 0.0
	for _, u := range l.base.sum.told {
		if u.Even {
			load += u.Source.Share.Value(l.base.sum.means)
		} else {
			load += l.base.sum.load(u)
		}
	}
	sum = (l.base.certain + l.base.mean) / l.base.sum.seconds
	slack := 1e-9*union + 3*j.doubt + 1e-15
	if l.base.averaged {
		slack += 1e-3 * union
	}
	return sum, union, sum < union-slack || sum > union+sum*math.Min(1, load)+slack
}
