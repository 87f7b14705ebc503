package forecast_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// tangle writes a small model of few incidents with many numbers that are not
// exactly known, most of which several risks have in common.
func (d *draft) tangle() string {
	d.say("version: 1\nservices:\n  s0: {objective: {target: %s, over: %s}, needs: [{service: s1, impact: %s}]}\n  s1: {copies: 2, common_cause: %s}\n",
		pick(d, "99.8%", "99.9%", "99.95%"), pick(d, "30d", "90d"), d.share(60, 80), d.share(20, 30))
	d.say("detection:\n  alarm: {after: %s, catches: %s}\n  customers: {after: %s}\n", d.time(1, 2), d.share(60, 80), d.time(10, 20))
	d.say("responders:\n  p0: {acknowledges: %s}\n", d.time(3, 6))
	d.say("recovery:\n  undo: {takes: %s, works: %s, by: p0, restores: %s}\n  fix: {takes: %s, by: p0}\n", d.time(2, 5), d.share(60, 80), d.share(60, 90), d.time(20, 45))
	every := pick(d, "10d", "15d")
	if d.doubt() {
		every = "10d..30d"
	}
	d.say("changes:\n  c0: {service: s0, every: %s}\nrisks:\n", every)
	for i := range 3 + d.r.IntN(2) {
		often := d.often()
		if d.chance(0.5) {
			often = "per: c0, chance: " + d.share(5, 10)
		}
		d.say("  k%d: {service: s%d, %s, impact: %s, detect: [alarm, customers], recover: [undo, fix]}\n", i, d.r.IntN(2), often, d.share(40, 70))
	}
	d.say("safety_nets:\n  n0: {kind: process, status: proposed, effects: [{risk: [k0, k1, k2], prevents: %s}, {risk: [k0, k2], recover: %s, detect: %s}]}\n",
		d.share(30, 50), d.signed(), d.signed())
	return d.text.String()
}

// tangled returns a tangle made from a seed, whose net stands in half of them.
func tangled(seed uint64, unsure int, sure float64) (text string, with []string) {
	d := &draft{r: rand.New(rand.NewPCG(seed, 100+uint64(unsure))), unsure: unsure, sure: sure}
	text = d.tangle()
	if d.chance(0.5) {
		with = []string{"n0"}
	}
	return text, with
}

// counts draws windows in worlds of their own and sorts their lost time.
func (q *question) counts(r *rand.Rand, in func(*rand.Rand) world, windows int) sample {
	s := make(sample, windows)
	for i := range s {
		s[i], _ = q.draw(in(r), r)
	}
	slices.Sort(s)
	return s
}

// What one unsure input does goes one way, so that the band lies between the
// worlds where it is at its 5 % and at its 95 % point.
func TestBandsOfOneUnsureInputLieBetweenItsPoints(t *testing.T) {
	fits := newFits()
	const windows = 20_000
	held := 0
	for seed := *sampledFirst; seed < *sampledFirst+uint64(*tangledModels); seed++ {
		text, with := tangled(seed, 1, 0.93)
		t.Run(fmt.Sprint("model ", seed), func(t *testing.T) {
			m := read(t, text)
			o := newOracle(m, with, nil, fits)
			obj := m.Services[0].Objectives[0]
			q := o.ask("s0", obj.Name, windowOf(obj))
			r := rand.New(rand.NewPCG(seed, 4))
			drawn := q.counts(r, o.world, 4000)
			bad, found := drawn.between(0.5)
			if !found {
				t.Fatal("half of the windows have the same lost time")
			}
			at, _ := allowance(bad, q.window)
			e := run(t, m, forecast.Singles(forecast.Options{Services: []string{"s0"}, With: with, Targets: []forecast.Target{at}})).Entries[0]
			worlds := make(sample, 20_000)
			for i := range worlds {
				if w := o.world(r); len(w) == 1 {
					worlds[i] = w[0]
				}
			}
			slices.Sort(worlds)
			c := e.Compare[0]
			met := func(p float64) float64 {
				here := world{worlds[int(p*float64(len(worlds)))]}
				return q.counts(r, func(*rand.Rand) world { return here }, windows).share(c.Budget)
			}
			low, high := met(0.05), met(0.95)
			low, high = math.Min(low, high), math.Max(low, high)
			j := judge{t, "s0"}
			tol := 0.02 + deviations*math.Sqrt(0.25/windows)
			j.within("low end of the band", c.Met.Low, low, tol)
			j.within("high end of the band", c.Met.High, high, tol)
			if high-low > 0.05 {
				held++
			}
			if t.Failed() {
				t.Logf("with %v, P(met) %.4f:\n%s", with, c.Met.Value, text)
			}
		})
	}
	if held < *tangledModels/4 {
		t.Errorf("only %d of %d bands are wide enough to be held against anything", held, *tangledModels)
	}
}

// crowd adds services to the text of a model, so that its forecast has more
// than sixty entries; some of them have services of the model in common.
func crowd(text string) string {
	var more strings.Builder
	for i := range 62 {
		needs := ""
		if i%20 == 0 {
			needs = "objective: {target: 99%}, needs: [s1]"
		}
		fmt.Fprintf(&more, "  x%d: {%s}\n", i, needs)
	}
	return strings.Replace(text, "services:\n", "services:\n"+more.String(), 1)
}

func TestForecastsOfManyEntriesAgreeWithThoseOfOne(t *testing.T) {
	for seed := *sampledFirst; seed < *sampledFirst+uint64(*tangledModels); seed++ {
		d := &draft{r: rand.New(rand.NewPCG(seed, 6))}
		text := d.model()
		with, without := d.options()
		text = crowd(text)
		t.Run(fmt.Sprint("model ", seed), func(t *testing.T) {
			m := read(t, text)
			opts := forecast.Options{With: with, Without: without}
			for _, seconds := range []int64{600, 3600, 4 * model.Hour} {
				opts.Targets = append(opts.Targets, forecast.Target{Exact: big.NewRat(30*model.Day-seconds, 30*model.Day), Text: fmt.Sprintf("%d s in 30d", seconds)})
			}
			all := run(t, m, forecast.Singles(opts))
			opts.Services = []string{"s0"}
			of := func(e *forecast.Entry) bool { return e.Service != "s0" }
			many, alone := slices.DeleteFunc(all.Entries, of), run(t, m, forecast.Singles(opts)).Entries
			if len(many) != len(alone) {
				t.Fatalf("%d entries among many, %d alone", len(many), len(alone))
			}
			for i, e := range alone {
				judge{t, "s0/" + e.Objective.Name}.alike(many[i], e)
			}
			if t.Failed() {
				t.Logf("with %v without %v:\n%s", with, without, text)
			}
		})
	}
}

// alike holds an entry of many against the same entry asked for alone.
func (j judge) alike(many, alone *forecast.Entry) {
	j.t.Helper()
	chance := func(what string, a, b forecast.Probability) {
		j.t.Helper()
		j.within(what, a.Value, b.Value, a.Error+b.Error)
		j.within("band of "+what+" from", a.Low, b.Low, 0.02+a.Error+b.Error)
		j.within("band of "+what+" to", a.High, b.High, 0.02+a.Error+b.Error)
	}
	chance("P(met)", *many.Met, *alone.Met)
	chance("felt P(met)", *many.Felt.Met, *alone.Felt.Met)
	for i, c := range alone.Compare {
		chance("P(at most "+c.Target.Text+")", many.Compare[i].Met, c.Met)
	}
	j.within("mean", many.Mean, alone.Mean, 1e-9*(1+alone.Mean))
	j.within("sd", many.SD, alone.SD, 1e-9*(1+alone.SD))
	j.within("P(none)", many.None, alone.None, 1e-9)
	a, b := many.Quantiles, alone.Quantiles
	for _, q := range []struct {
		what      string
		got, want float64
	}{{"p50", a.P50, b.P50}, {"p80", a.P80, b.P80}, {"p90", a.P90, b.P90}, {"p95", a.P95, b.P95}, {"p99", a.P99, b.P99}} {
		j.within(q.what, q.got, q.want, 0.02*q.want+0.005*b.P99)
	}
}

// Twelve unsure inputs, many of them shared, are averaged over by draws or by
// rules; either way within the error figure.
func TestManySharedUnsureInputsAreAveragedOverWithinTheirErrorFigure(t *testing.T) {
	fits := newFits()
	for seed := *sampledFirst; seed < *sampledFirst+uint64(*tangledModels); seed++ {
		text, with := tangled(seed, 12, 0.3)
		t.Run(fmt.Sprint("model ", seed), func(t *testing.T) {
			m := read(t, text)
			o := newOracle(m, with, nil, fits)
			obj := m.Services[0].Objectives[0]
			q := o.ask("s0", obj.Name, windowOf(obj))
			counts := q.counts(rand.New(rand.NewPCG(seed, 3)), func(r *rand.Rand) world { return o.world(r) }, 60_000)
			opts := forecast.Options{Services: []string{"s0"}, With: with, Targets: counts.targets(q.window)}
			e := run(t, m, forecast.Singles(opts)).Entries[0]
			j := judge{t, "s0"}
			budget, _ := e.Objective.Budget.Float64()
			n := len(counts)
			j.probability("P(met)", *e.Met, counts.share(budget), n)
			j.probability("P(none)", forecast.Probability{Value: e.None, Error: e.Met.Error}, counts.share(0), n)
			for _, c := range e.Compare {
				j.probability("P(at most "+c.Target.Text+")", c.Met, counts.share(c.Budget), n)
			}
			j.mean("mean", e.Mean, counts)
			if t.Failed() {
				t.Logf("with %v, error figure %.2g:\n%s", with, e.Met.Error, text)
			}
		})
	}
}
