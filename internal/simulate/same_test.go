package simulate_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tightrope/internal/distribution"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/simulate"
)

// bytesOf is all that a result says, to the last digit.
func bytesOf(t *testing.T, m *model.Model, opts simulate.Options) string {
	t.Helper()
	r, err := simulate.Run(context.Background(), m, opts)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(r.Entries)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheNumberOfWorkersChangesNoNumber(t *testing.T) {
	for _, c := range []struct {
		name  string
		years int
	}{{"booking", 570}, {"shop", 311}, {"cre", 4030}} {
		m := example(t, c.name)
		one := bytesOf(t, m, simulate.Options{Years: c.years, Seed: 4, Workers: 1})
		for _, workers := range []int{2, 7} {
			if diff := cmp.Diff(one, bytesOf(t, m, simulate.Options{Years: c.years, Seed: 4, Workers: workers})); diff != "" {
				t.Errorf("%s with %d workers:\n%s", c.name, workers, diff)
			}
		}
		if one == bytesOf(t, m, simulate.Options{Years: c.years, Seed: 5}) {
			t.Errorf("%s: another seed, and the same bytes", c.name)
		}
	}
}

// Services that are not asked for are there all the same.
func TestSomeServicesOnly(t *testing.T) {
	m := example(t, "shop")
	all, err := simulate.Run(context.Background(), m, simulate.Options{Years: 100, Seed: 4})
	if err != nil {
		t.Fatal(err)
	}
	some, err := simulate.Run(context.Background(), m, simulate.Options{Years: 100, Seed: 4, Services: []string{"search", "database"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(some.Entries) != 2 {
		t.Fatalf("%d entries", len(some.Entries))
	}
	for _, e := range some.Entries {
		i := slices.IndexFunc(all.Entries, func(o *simulate.Entry) bool { return o.Service == e.Service })
		if diff := cmp.Diff(all.Entries[i].Bad, e.Bad); diff != "" {
			t.Errorf("%s:\n%s", e.Service, diff)
		}
	}
}

const nets = `
services:
  app: {objective: {target: 99%}, needs: [{any: [a, b], switch: {takes: 5m, works: 50%}}, {service: c, rides_out: 2m..10m}]}
  a: {availability: 99%, outage: 10m..2h}
  b: {availability: 98%, outage: 10m..2h}
  c: {copies: 2}
changes: {release: {service: app, every: 7d, downtime: 10s..1m}}
risks:
  bad: {service: app, per: release, chance: 10%..30%, detect: [seen, call], recover: [slow]}
  disk: {service: c, rate: 20..60/y, detect: [call], recover: [slow]}
  bug: {service: app, rate: 30/y, detect: [call], recover: [slow]}
  typo: {service: app, rate: 30/y, detect: [seen, call], recover: [slow]}
detection: {seen: {after: 5m..10m, catches: 60%}, call: {after: 10m..1h}}
recovery: {slow: {takes: 1h..5h, by: ops}}
responders: {ops: {acknowledges: 2m..15m}}
safety_nets:
  undo: {kind: automation, status: proposed, effects: [{risk: bug, recovers: {takes: 1m..3m, works: 80%, by: nobody}}]}
  alarm: {kind: automation, status: proposed, effects: [{risk: bug, detects: {after: 10s, catches: 50%}}]}
  review: {kind: process, status: proposed, effects: [{risk: bug, prevents: 50%}]}
`

// A net changes what it touches and nothing else.
func TestAWhatIfLeavesAllElseAsItWas(t *testing.T) {
	m := read(t, nets)
	told := func(with ...string) (others, touched []simulate.Moment) {
		for year := 1; year <= 120; year += 20 {
			y, err := simulate.LogYear(context.Background(), m, simulate.Options{Years: 200, Seed: 9, With: with}, year)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range y.Moments {
				x.Incident, x.Services = 0, nil
				switch {
				case x.Source == "bug":
					touched = append(touched, x)
				case x.Kind != "window-missed":
					others = append(others, x)
				}
			}
		}
		return others, touched
	}
	others, touched := told()
	if len(others) < 1000 || len(touched) < 100 {
		t.Fatalf("%d and %d moments", len(others), len(touched))
	}
	begins := func(list []simulate.Moment) (out []float64) {
		for _, x := range list {
			if x.Kind == "begins" {
				out = append(out, x.At)
			}
		}
		return out
	}
	for _, net := range []string{"undo", "alarm", "review"} {
		o, b := told(net)
		for i := range o {
			// What the switch waits for may be told by its number.
			if o[i].Kind == "switch-failed" {
				o[i].Notes, others[i].Notes = nil, nil
			}
		}
		if diff := cmp.Diff(others, o); diff != "" {
			t.Errorf("with %s something else happens:\n%s", net, diff)
		}
		if reflect.DeepEqual(touched, b) {
			t.Errorf("%s touches nothing", net)
		}
		if same := slices.Equal(begins(touched), begins(b)); same != (net != "review") {
			t.Errorf("%s: incidents begin when they did: %v", net, same)
		}
	}
}

// Twice the difference of two scenarios is told by far fewer years than two
// answers that have nothing in common.
func TestScenariosHaveTheirLuckInCommon(t *testing.T) {
	m := read(t, nets)
	bad := func(seed uint64, with ...string) float64 {
		r, err := simulate.Run(context.Background(), m, simulate.Options{Years: 50, Seed: seed, With: with, Services: []string{"app"}})
		if err != nil {
			t.Fatal(err)
		}
		return r.Entries[0].Bad.Value
	}
	spread := func(x []float64) float64 {
		mean, square := 0.0, 0.0
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for _, v := range x {
			square += (v - mean) * (v - mean) / float64(len(x)-1)
		}
		return square
	}
	var alike, apart []float64
	for seed := range uint64(40) {
		today := bad(seed)
		alike = append(alike, today-bad(seed, "alarm"))
		apart = append(apart, today-bad(seed+1000, "alarm"))
	}
	if a, b := spread(alike), spread(apart); a > b/4 {
		t.Errorf("the difference varies by %g where luck is in common, and by %g where not", math.Sqrt(a), math.Sqrt(b))
	}
}

func TestWhatIsUnsure(t *testing.T) {
	t.Run("a chance: beta-binomial", func(t *testing.T) {
		e := first(t, `
services: {api: {objective: {target: 99.9%, over: 30d}}}
changes: {release: {service: api, every: 3d}}
risks: {bad: {per: release, chance: 2%..6%, detect: 1m, recover: 24m}}
`, 20_000)
		// beta(9.059, 230.51) has its 5 % and 95 % points at 2 % and 6 %; ten
		// releases, of which one may be bad.
		a, b := 9.059006705898422, 230.5098140834061
		p0, p1 := 1.0, 10*a/(a+b)
		for i := range 10 {
			p0 *= (b + float64(i)) / (a + b + float64(i))
		}
		for i := range 9 {
			p1 *= (b + float64(i)) / (a + b + 1 + float64(i))
		}
		agree(t, "mean", e.Bad, 10*a/(a+b)*1500, 0)
		agree(t, "over in a sum", *e.Sum.Miss, 1-p0-p1, 0)
		agree(t, "missed", *e.Miss, 1-p0-p1, 1e-3)
		if n := float64(e.Sum.Windows) / float64(e.Windows); n < 0.9 || n > 0.93 {
			t.Errorf("in %g of the windows nothing changes", n)
		}
	})
	t.Run("a rate that was seen: negative binomial", func(t *testing.T) {
		e := first(t, `
services: {api: {objective: {target: 99.9%, over: 1y}}}
risks: {r: {rate: 2 in 5y, detect: 0s, recover: 4h}}
`, 20_000)
		// N of gamma(2.5, 5 y) in a year: two fit into 8.766 h.
		p := math.Pow(5.0/6, 2.5)
		kept := p * (1 + 2.5/6 + 2.5*3.5/2/36)
		agree(t, "mean", e.Bad, 0.5*4*hour, 2)
		agree(t, "over in a sum", *e.Sum.Miss, 1-kept, 0)
		agree(t, "missed", *e.Miss, 1-kept, 1e-3)
		if e.Sum.Windows != e.Windows {
			t.Errorf("inputs change within %d of %d years", e.Windows-e.Sum.Windows, e.Windows)
		}
	})
	t.Run("a rhythm", func(t *testing.T) {
		const text = `
services: {api: {}}
changes: {work: {service: api, every: 10d..40d, downtime: 1m}}
`
		e := first(t, text, 5000)
		agree(t, "down", e.BadShare, longRun(t, read(t, text))(e), 0)
		agree(t, "outages", e.OutagesPerYear, distribution.GammaBetween(1.0/40, 1.0/10).Mean()*365.25, 0)
	})
	t.Run("what is shared is unsure together", func(t *testing.T) {
		const text = `
services: {api: {objective: {target: 99%}, needs: [a, b]}, a: {needs: [{service: c, impact: 10%..90%}]}, b: {}, c: {every: 20d, outage: 5h}}
`
		e := first(t, text, 3000)
		agree(t, "down", e.BadShare, 0.5*5/485, 1e-5)
	})
}

// Inputs that are drawn anew for each epoch have the mean that the model says.
func TestTheMeanOfWhatIsUnsure(t *testing.T) {
	for _, c := range []struct {
		name, risk string
		mean       float64 // lost hours a year
	}{
		{"the Jeffreys posterior of none", "rate: 0 in 4y, detect: 0s, recover: 1h", 0.125},
		{"of one, which is rare", "rate: 1 in 4y, detect: 0s, recover: 1h", 0.375},
		{"an impact", "rate: 10/y, impact: 5%..15%, detect: 0s, recover: 1h", 0},
		{"a chance that works", "rate: 10/y, detect: 0s, recover: [maybe, last]", 0},
	} {
		m := read(t, `
services: {api: {}}
risks: {r: {`+c.risk+`}}
recovery: {maybe: {takes: 30m, works: 40%..90%, by: nobody}, last: {takes: 3h, by: nobody}}
`)
		want := longRun(t, m)
		r, err := simulate.Run(context.Background(), m, simulate.Options{Years: 40_000, Seed: 8})
		if err != nil {
			t.Fatal(err)
		}
		e := r.Entries[0]
		agree(t, c.name, e.BadShare, want(e), 0)
		if c.mean > 0 {
			agree(t, c.name+" by hand", e.BadShare, c.mean/8766, 1e-4*c.mean/8766)
		}
	}
}

func TestStoppingEarly(t *testing.T) {
	before := runtime.NumGoroutine()
	m := example(t, "booking")
	for _, workers := range []int{1, 2, 7} {
		ctx, stop := context.WithCancel(context.Background())
		r, err := simulate.Run(ctx, m, simulate.Options{Years: 1_000_000, Seed: 1, Workers: workers, Progress: func(years int) {
			if years >= 500 {
				stop()
			}
		}})
		stop()
		if err != nil {
			t.Fatal(err)
		}
		if r.Years < 500 || r.Years > 5000 || r.Asked != 1_000_000 {
			t.Errorf("%d of %d years", r.Years, r.Asked)
		}
		whole, err := simulate.Run(context.Background(), m, simulate.Options{Years: r.Years, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole.Entries[0].BadShare.Value, r.Entries[0].BadShare.Value); workers == 1 && diff != "" {
			t.Errorf("what is known is not that of so many years:\n%s", diff)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	r, err := simulate.Run(ctx, m, simulate.Options{Years: 1000, Seed: 1})
	if err != nil || r.Years != 0 {
		t.Errorf("%d years of a run that was stopped before it began: %v", r.Years, err)
	}
	if b, err := json.Marshal(r); err != nil {
		t.Errorf("%s: %v", b, err) // NaN and ∞ are no JSON
	}
	if _, err := simulate.LogYear(ctx, m, simulate.Options{Years: 1000, Seed: 1}, 900); err == nil {
		t.Error("a year of a run that was stopped")
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

func TestWhatIsAskedFor(t *testing.T) {
	m := example(t, "booking")
	for _, opts := range []simulate.Options{
		{Years: 0}, {Years: -3}, {Years: 1, Services: []string{"bookng"}}, {Years: 1, With: []string{"nothing"}}, {Years: 1, Without: []string{"nothing"}},
	} {
		var wrong *scenario.OptionError
		if _, err := simulate.Run(context.Background(), m, opts); !errors.As(err, &wrong) {
			t.Errorf("%+v: %v", opts, err)
		}
		if _, err := simulate.LogYear(context.Background(), m, opts, 1); !errors.As(err, &wrong) {
			t.Errorf("a year of %+v: %v", opts, err)
		}
	}
	for _, year := range []int{0, 11} {
		var wrong *scenario.OptionError
		if _, err := simulate.LogYear(context.Background(), m, simulate.Options{Years: 10}, year); !errors.As(err, &wrong) {
			t.Errorf("year %d: %v", year, err)
		}
	}
	day := model.Duration{Exact: big.NewRat(model.Day, 1), Text: "1d"}
	r, err := simulate.Run(context.Background(), m, simulate.Options{Years: 1, Over: &day})
	if err != nil {
		t.Fatal(err)
	}
	if e := r.Entries[0]; e.Window != model.Day || e.WindowSay != "1d" || e.Windows != 365 || e.Objective.Budget != 0.864 {
		t.Errorf("%d windows of %g s, written %s, with a budget of %g s", e.Windows, e.Window, e.WindowSay, e.Objective.Budget)
	}
	r, err = simulate.Run(context.Background(), m, simulate.Options{Years: 1, With: []string{"canary"}, Without: []string{"review"}})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(r.With) != "[canary rolling-release metrics-v2]" || !slices.Contains(r.Without, "review") || len(r.Standing) == 0 || len(r.Warnings) == 0 {
		t.Errorf("with %v, without %v, standing %v, %d warnings", r.With, r.Without, r.Standing, len(r.Warnings))
	}
}
