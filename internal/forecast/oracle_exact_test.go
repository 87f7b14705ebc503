package forecast_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// atoms holds the probabilities of a lost time that takes a few values, by
// value in nanoseconds. Equal values then have equal keys, however they came
// about.
type atoms map[int64]float64

// least is what is forgotten: less than it cannot be seen in any sum.
const least = 1e-19

func key(seconds float64) int64 { return int64(math.Round(seconds * 1e9)) }

// then returns the sum with something independent, up to a limit.
func (a atoms) then(b atoms, limit int64) atoms {
	out := atoms{}
	for x, p := range a {
		for y, q := range b {
			if x+y <= limit && p*q > least {
				out[x+y] += p * q
			}
		}
	}
	return out
}

// add adds a part of a mixture.
func (a atoms) add(b atoms, weight float64) {
	for x, p := range b {
		a[x] += weight * p
	}
}

// upTo returns the probability of at most x.
func (a atoms) upTo(x int64) float64 {
	sum := 0.0
	for _, k := range a.keys() {
		if k <= x {
			sum += a[k]
		}
	}
	return sum
}

func (a atoms) keys() []int64 {
	var keys []int64
	for k := range a {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// quantile returns the least value that is not exceeded with probability p.
func (a atoms) quantile(p float64) float64 {
	sum := 0.0
	for _, k := range a.keys() {
		if sum += a[k]; sum >= p {
			return float64(k) / 1e9
		}
	}
	return math.Inf(1)
}

// ends lists every way in which an incident goes, where nothing is random but
// what fires and what works. Its lost time is for an incident that hits all.
func (c *course) ends(do func(p float64, t telling)) {
	paths := slices.Clone(c.paths)
	slices.SortFunc(paths, func(a, b path) int {
		return int(math.Copysign(1, a.after.draw(nil, nil)-b.after.draw(nil, nil)))
	})
	missed := 1.0
	for _, p := range paths {
		t := telling{detect: p.after.draw(nil, nil)}
		var share float64
		t.bad, share = c.unnoticed(t.detect)
		c.goOn(0, map[string]bool{}, share, missed*p.catches(nil), t, do)
		missed *= 1 - p.catches(nil)
	}
	if len(paths) == 0 {
		c.goOn(0, map[string]bool{}, 1, 1, telling{}, do)
	}
}

// goOn lists the ways from an attempt on, at a share of the impact.
func (c *course) goOn(i int, called map[string]bool, share, p float64, t telling, do func(float64, telling)) {
	if p == 0 {
		return
	}
	if share == 0 || i == len(c.attempts) {
		do(p, t)
		return
	}
	a := &c.attempts[i]
	wait := 0.0
	now := map[string]bool{a.by: true}
	for by := range called {
		now[by] = true
	}
	if a.by != model.Nobody && !called[a.by] {
		wait = c.answers[a.by].draw(nil, nil)
	}
	takes := a.takes.draw(nil, nil)
	t.acknowledge += wait
	t.recover += takes
	t.bad += share * (wait + takes)
	works := a.works(nil)
	c.goOn(i+1, now, share*(1-a.restores(nil)), p*works, t, do)
	c.goOn(i+1, now, share, p*(1-works), t, do)
}

// exactly is the distribution of one window up to a limit, with its mean and
// its variance.
type exactly struct {
	atoms          atoms
	mean, variance float64
}

// moments returns the first two moments of the lost time of one incident.
func (a atoms) moments() (m1, m2 float64) {
	for _, k := range a.keys() {
		x := float64(k) / 1e9
		m1 += a[k] * x
		m2 += a[k] * x * x
	}
	return m1, m2
}

// enumerate computes the distribution of one window by plain convolution of
// numbers of incidents.
func (q *question) enumerate(felt bool, limit float64) exactly {
	top := key(limit)
	out := exactly{atoms: atoms{0: 1}}
	single := func(c *cause) atoms {
		one := atoms{}
		users := c.users(nil, felt)
		c.course.ends(func(p float64, t telling) { one[key(users*t.bad)] += p })
		return one
	}
	byChange := make([][]*cause, len(q.rhythms))
	for _, c := range q.causes {
		switch {
		case c.even != nil:
			level := q.window * c.even(nil) * c.users(nil, felt)
			out.mean += level
			out.atoms = out.atoms.then(atoms{key(level): 1}, top)
		case c.rates != nil:
			one := single(c)
			m1, m2 := one.moments()
			for _, rate := range c.rates {
				expected := q.window * rate(nil)
				out.mean += expected * m1
				out.variance += expected * m2
				sum, n := atoms{}, atoms{0: 1}
				for k, p := 0, math.Exp(-expected); k == 0 || p > least && len(n) > 0; k++ {
					sum.add(n, p)
					n = n.then(one, top)
					p *= expected / float64(k+1)
				}
				out.atoms = out.atoms.then(sum, top)
			}
		default:
			byChange[c.change] = append(byChange[c.change], c)
		}
	}
	for i, causes := range byChange {
		out.change(q.window*q.rhythms[i](nil), causes, single, top)
	}
	return out
}

// change adds what happens at the occurrences of one change.
func (x *exactly) change(times float64, causes []*cause, single func(*cause) atoms, top int64) {
	if len(causes) == 0 {
		return
	}
	once := atoms{0: 1}
	for _, c := range causes {
		one := single(c)
		for _, chance := range c.chance {
			maybe := atoms{0: 1 - chance(nil)}
			maybe.add(one, chance(nil))
			once = once.then(maybe, math.MaxInt64)
		}
	}
	// Decimals such as 30d/5d are whole numbers.
	n := math.Floor(times + 1e-9)
	more := math.Max(0, times-n)
	m1, m2 := once.moments()
	x.mean += times * m1
	x.variance += times*(m2-m1*m1) + more*(1-more)*m1*m1
	sum := atoms{0: 1}
	for range int(n) {
		sum = sum.then(once, top)
	}
	mix := atoms{}
	mix.add(sum, 1-more)
	mix.add(sum.then(once, top), more)
	x.atoms = x.atoms.then(mix, top)
}

func TestForecastsOfExactModelsEqualEnumeration(t *testing.T) {
	for seed := uint64(1); seed <= 25; seed++ {
		d := &draft{r: rand.New(rand.NewPCG(seed, 2)), fixed: true}
		text := d.model()
		with, without := d.options()
		t.Run(fmt.Sprint("model ", seed), func(t *testing.T) {
			holdAgainstEnumeration(t, text, with, without)
			if t.Failed() {
				t.Logf("with %v without %v:\n%s", with, without, text)
			}
		})
	}
}

func holdAgainstEnumeration(t *testing.T, text string, with, without []string) {
	m := read(t, text)
	o := newOracle(m, with, without, newFits())
	opts := forecast.Options{With: with, Without: without}
	for _, seconds := range []int64{60, 600, 1800, 3600} {
		opts.Targets = append(opts.Targets, forecast.Target{Exact: big.NewRat(28*model.Day-seconds, 28*model.Day), Text: fmt.Sprintf("%d s in 28d", seconds)})
	}
	for _, e := range run(t, m, forecast.Singles(opts)).Entries {
		if e.Objective == nil {
			continue
		}
		budget, _ := e.Objective.Budget.Float64()
		q := o.ask(e.Service, e.Objective.Name, e.Window)
		j := judge{t, e.Service + "/" + e.Objective.Name}
		limit := math.Min(math.Max(budget, 3600), 11_000)
		x := q.enumerate(false, limit)
		j.within("mean", e.Mean, x.mean, 1e-9*(1+x.mean))
		j.within("sd", e.SD, math.Sqrt(x.variance), 1e-7*(1+x.mean))
		j.within("P(none)", e.None, x.atoms[0], 1e-9)
		for _, c := range e.Compare {
			if c.Budget <= limit {
				j.within("P(at most "+c.Target.Text+")", c.Met.Value, x.atoms.upTo(key(c.Budget)), 1e-9+c.Met.Error)
			}
		}
		if budget <= limit {
			j.within("P(met)", e.Met.Value, x.atoms.upTo(key(budget)), 1e-9+e.Met.Error)
			j.within("felt P(met)", e.Felt.Met.Value, q.enumerate(true, limit).atoms.upTo(key(budget)), 1e-9+e.Felt.Met.Error)
		}
		for _, k := range []struct{ p, q float64 }{{0.5, e.Quantiles.P50}, {0.9, e.Quantiles.P90}} {
			if want := x.atoms.quantile(k.p); !math.IsInf(want, 1) {
				j.within(fmt.Sprintf("quantile of %g", k.p), k.q, want, 1e-6+5e-3*want)
			}
		}
		j.exactSources(e, q)
	}
}

// exactSources holds the sources of an entry against enumeration.
func (j judge) exactSources(e *forecast.Entry, q *question) {
	j.t.Helper()
	for _, c := range q.causes {
		var bad, detect, acknowledge, recovers, often float64
		if c.even != nil {
			bad = c.even(nil) * c.users(nil, false) * model.Year
		} else {
			often = q.perSecond(c, nil) * model.Year
			c.course.ends(func(p float64, t telling) {
				bad += p * t.bad * often * c.users(nil, false)
				detect += p * t.detect
				acknowledge += p * t.acknowledge
				recovers += p * t.recover
			})
		}
		s, there := sourceOf(e, c)
		if !there {
			if bad > 0 {
				j.t.Errorf("%s: no source %s on %s, which spends %g s a year", j.name, c.name, c.service, bad)
			}
			continue
		}
		for _, n := range []struct {
			what      string
			got, want float64
		}{
			{"lost seconds a year", s.PerYear, bad}, {"incidents a year", s.IncidentsPerYear, often},
			{"impact", s.Impact, c.users(nil, false)},
			{"time to detect", s.Detect, detect}, {"time to acknowledge", s.Acknowledge, acknowledge}, {"time to recover", s.Recover, recovers},
		} {
			if c.even == nil || n.what != "incidents a year" {
				j.within(c.name+": "+n.what, n.got, n.want, 1e-9*(1+math.Abs(n.want)))
			}
		}
	}
}
