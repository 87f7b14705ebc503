package forecast

import (
	"cmp"
	"math"
	"math/big"
	"slices"

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
