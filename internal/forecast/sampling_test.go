package forecast_test

import (
	"flag"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

var (
	sampledModels = flag.Int("oracle.models", 30, "random models that are held against the oracle")
	sampledFirst  = flag.Uint64("oracle.first", 1, "seed of the first of them")
	tangledModels = flag.Int("oracle.tangled", 5, "models of many unsure numbers that are held against the oracle")
	sampledDraws  = flag.Int("oracle.draws", 40_000, "incidents that the oracle draws for each entry, about")
	sampledAlways = flag.Int("oracle.windows", 0, "windows that it draws for each entry, however much happens in one")
)

// A sample of something that is random.
type sample []float64

func (s sample) mean() float64 {
	sum := 0.0
	for _, x := range s {
		sum += x
	}
	return sum / float64(len(s))
}

// central returns the mean of the k-th power of the distance from the mean.
func (s sample) central(k float64) float64 {
	m, sum := s.mean(), 0.0
	for _, x := range s {
		sum += math.Pow(math.Abs(x-m), k)
	}
	return sum / float64(len(s))
}

// share returns the share of a sorted sample that is at most x.
func (s sample) share(x float64) float64 {
	i, found := slices.BinarySearch(s, x)
	for found && i < len(s) && s[i] == x {
		i++
	}
	return float64(i) / float64(len(s))
}

// deviations is by how many standard errors a forecast may miss a sample.
const deviations = 4.5

// A judge holds one entry against samples.
type judge struct {
	t    *testing.T
	name string
}

func (j judge) within(what string, got, want, tol float64) {
	j.t.Helper()
	if !(math.Abs(got-want) <= tol) {
		j.t.Errorf("%s: %s = %.8g, the oracle says %.8g ± %.2g", j.name, what, got, want, tol)
	}
}

// mean holds a mean against a sample. Where nothing varies only rounding is
// left.
func (j judge) mean(what string, got float64, s sample) {
	j.t.Helper()
	m := s.mean()
	j.within(what, got, m, deviations*math.Sqrt(s.central(2)/float64(len(s)))+1e-9*(1+math.Abs(m)))
}

// probability holds a probability against the share of a sample of n.
func (j judge) probability(what string, got forecast.Probability, share float64, n int) {
	j.t.Helper()
	p := math.Min(1, math.Max(0, got.Value))
	j.within(what, got.Value, share, deviations*math.Sqrt(p*(1-p)/float64(n))+5/float64(n)+got.Error)
}

// drawn holds the lost time of windows, and of single incidents by cause.
type drawn struct {
	counts, felt sample // sorted
	causes       []drawnCause
}

type drawnCause struct {
	often, bad, impact, detect, acknowledge, recover sample
}

// sample draws windows, with so many incidents in all, and single incidents.
func (q *question) sample(r *rand.Rand, incidents int) *drawn {
	const singles = 4000
	d := &drawn{causes: make([]drawnCause, len(q.causes))}
	expected := 1.0
	for range singles {
		w := q.o.world(r)
		for i, c := range q.causes {
			x := &d.causes[i]
			users := c.users(w, false)
			x.impact = append(x.impact, users)
			if c.even != nil {
				x.bad = append(x.bad, c.even(w)*users*model.Year)
				continue
			}
			often, t := q.perSecond(c, w), c.course.draw(w, r)
			expected += often * q.window / singles
			x.often = append(x.often, often*model.Year)
			x.bad = append(x.bad, often*t.bad*users*model.Year)
			x.detect = append(x.detect, t.detect)
			x.acknowledge = append(x.acknowledge, t.acknowledge)
			x.recover = append(x.recover, t.recover)
		}
	}
	for range max(4000, *sampledAlways, min(incidents/2, int(float64(incidents)/expected))) {
		counts, felt := q.draw(q.o.world(r), r)
		d.counts, d.felt = append(d.counts, counts), append(d.felt, felt)
	}
	slices.Sort(d.counts)
	slices.Sort(d.felt)
	return d
}

// between returns a lost time near a quantile of a sample that no window comes
// near to.
func (s sample) between(p float64) (float64, bool) {
	for i := int(p * float64(len(s))); i+1 < len(s); i++ {
		if gap := s[i+1] - s[i]; gap > 1e-4*s[i+1] {
			return s[i] + gap/2, true
		}
	}
	return 0, false
}

// allowance returns the target whose budget is about so many seconds.
func allowance(seconds, window float64) (forecast.Target, bool) {
	share := new(big.Rat).SetFloat64(math.Round((1-seconds/window)*1e12) / 1e12)
	return forecast.Target{Exact: share, Text: fmt.Sprintf("%g s", seconds)}, share.Sign() > 0 && seconds > 0
}

// windowOf is the window of an objective.
func windowOf(o *model.Objective) float64 {
	if o.Over == nil {
		return 30 * model.Day
	}
	return o.Over.Seconds()
}

func TestForecastsOfRandomModelsAgreeWithDraws(t *testing.T) {
	fits := newFits()
	for _, kind := range []struct {
		name   string
		models int
		unsure int
	}{
		{"exact numbers", *sampledModels, 0},
		{"unsure numbers", (*sampledModels + 9) / 10, 1},
	} {
		for seed := *sampledFirst; seed < *sampledFirst+uint64(kind.models); seed++ {
			d := &draft{r: rand.New(rand.NewPCG(seed, uint64(kind.unsure))), unsure: kind.unsure}
			text := d.model()
			with, without := d.options()
			t.Run(fmt.Sprintf("%s, model %d", kind.name, seed), func(t *testing.T) {
				holdAgainstDraws(t, text, with, without, fits, seed)
				if t.Failed() {
					t.Logf("with %v without %v:\n%s", with, without, text)
				}
			})
		}
	}
}

// holdAgainstDraws compares every entry of a forecast with draws, at targets
// among the lost time that was drawn for the first.
func holdAgainstDraws(t *testing.T, text string, with, without []string, f *fits, seed uint64) {
	m := read(t, text)
	o := newOracle(m, with, without, f)
	var targets []forecast.Target
	var all []*drawn
	var questions []*question
	for _, s := range m.Services {
		for k, obj := range s.Objectives {
			q := o.ask(s.Name, obj.Name, windowOf(obj))
			x := q.sample(rand.New(rand.NewPCG(seed, uint64(2+k))), *sampledDraws)
			if questions, all = append(questions, q), append(all, x); len(all) == 1 {
				targets = x.counts.targets(q.window)
			}
		}
	}
	i := 0
	for _, e := range run(t, m, forecast.Singles(forecast.Options{With: with, Without: without, Targets: targets})).Entries {
		if e.Objective != nil {
			j := judge{t, e.Service + "/" + e.Objective.Name}
			j.entry(e, questions[i], all[i], i == 0)
			i++
		}
	}
}

// targets are some of which a sample keeps from a tenth to nearly all.
func (s sample) targets(window float64) (targets []forecast.Target) {
	for _, p := range []float64{0.1, 0.4, 0.7, 0.9, 0.97} {
		if bad, ok := s.between(p); ok {
			if target, ok := allowance(bad, window); ok {
				targets = append(targets, target)
			}
		}
	}
	return targets
}

// entry holds one entry against its samples.
func (j judge) entry(e *forecast.Entry, asked *question, d *drawn, first bool) {
	j.t.Helper()
	n := len(d.counts)
	budget, _ := e.Objective.Budget.Float64()
	if gap := d.counts.share(budget*(1+1e-9)) - d.counts.share(budget*(1-1e-9)); gap == 0 {
		j.probability("P(met)", *e.Met, d.counts.share(budget), n)
		j.probability("felt P(met)", *e.Felt.Met, d.felt.share(budget), n)
	}
	j.probability("P(none)", forecast.Probability{Value: e.None}, d.counts.share(0), n)
	j.mean("mean", e.Mean, d.counts)
	j.mean("felt mean", e.Felt.Mean, d.felt)
	v := d.counts.central(2)
	j.within("variance", e.SD*e.SD, v, deviations*math.Sqrt(math.Max(0, d.counts.central(4)-v*v)/float64(n))+0.03*v+1e-6)
	for _, c := range e.Compare {
		if first {
			j.probability("P(at most "+c.Target.Text+")", c.Met, d.counts.share(c.Budget), n)
		}
	}
	q, off := e.Quantiles, e.Quantiles.Error
	for _, x := range []struct{ p, q, off float64 }{{0.5, q.P50, off.P50}, {0.8, q.P80, off.P80}, {0.9, q.P90, off.P90}, {0.95, q.P95, off.P95}, {0.99, q.P99, off.P99}} {
		slack := deviations*math.Sqrt(x.p*(1-x.p)/float64(n)) + 2/float64(n)
		off := x.off + 1e-9*x.q + 1e-6
		if below, upTo := d.counts.share(x.q-off), d.counts.share(x.q+off); below > x.p+slack || upTo < x.p-slack {
			j.t.Errorf("%s: the quantile of %g is %.6g ± %.2g, of which the oracle says %.4f to %.4f", j.name, x.p, x.q, off, below, upTo)
		}
	}
	j.sources(e, asked, d)
}

func (j judge) sources(e *forecast.Entry, q *question, d *drawn) {
	j.t.Helper()
	for i, c := range q.causes {
		x := &d.causes[i]
		s, there := sourceOf(e, c)
		if !there {
			if x.bad.mean() > 0 {
				j.t.Errorf("%s: no source %s on %s, which spends %g s a year", j.name, c.name, c.service, x.bad.mean())
			}
			continue
		}
		j.mean(c.name+": lost seconds a year", s.PerYear, x.bad)
		j.mean(c.name+": impact", s.Impact, x.impact)
		if c.even != nil {
			continue
		}
		j.mean(c.name+": incidents a year", s.IncidentsPerYear, x.often)
		j.mean(c.name+": time to detect", s.Detect, x.detect)
		j.mean(c.name+": time to acknowledge", s.Acknowledge, x.acknowledge)
		j.mean(c.name+": time to recover", s.Recover, x.recover)
	}
}

// sourceOf finds what an entry says about a cause. Of copies that cannot be
// spared, what strikes all of them at the occurrences of a change is a source of
// its own.
func sourceOf(e *forecast.Entry, c *cause) (whole forecast.Source, there bool) {
	for _, s := range e.Sources {
		if s.Service != c.service || s.Name != c.name && s.Name != c.name+"/all" {
			continue
		}
		if there {
			whole.PerYear += s.PerYear
			whole.IncidentsPerYear += s.IncidentsPerYear
			continue
		}
		whole, there = *s, true
	}
	return whole, there
}
