package explain_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// shared draws a model with copies, groups, switches, rides, splits and unsure
// inputs, always the same for a seed. The service top has an objective.
func shared(seed uint64) string {
	rng := rand.New(rand.NewPCG(seed, 12))
	often := func(p float64) bool { return rng.Float64() < p }
	// Either inputs are unsure, two at most, or there are switches: both together
	// are averaged over for long.
	unsure, switches := 0, seed%2 == 1
	if switches {
		unsure = 2
	}
	pick := func(of ...string) string {
		x := of[rng.IntN(len(of))]
		for strings.Contains(x, "%..") || strings.Contains(x, "/y..") || strings.Contains(x, "d..") || strings.Contains(x, " in ") || strings.Contains(x, "switch") && !switches {
			if unsure < 2 && !strings.Contains(x, "switch") {
				unsure++
				return x
			}
			x = of[rng.IntN(len(of))]
		}
		return x
	}
	var b, risks strings.Builder
	risk := func(name, service string) {
		how := pick("rate: 2/y", "rate: 0.4/y..3/y", "rate: 3 in 2y", "every: 40d", "every: 60d..300d")
		if often(0.2) {
			how = "per: release, " + pick("chance: 3%", "chance: 1%..6%") + pick("", ", strikes: one")
		} else if often(0.2) {
			how += ", units: 3"
		}
		fmt.Fprintf(&risks, "  %s: {service: %s, %s, detect: %s, recover: %s%s}\n", name, service, how,
			pick("5m", "[alarm, calls]", "1m..20m"), pick("2h", "20m..3h", "[undo, mend]"), pick("", "", ", impact: 60%", ", impact: 20%..70%"))
	}
	var leaves []string
	leaf := func() string {
		name := fmt.Sprintf("s%d", len(leaves))
		leaves = append(leaves, name)
		var keys []string
		if often(0.4) {
			keys = append(keys, "copies: "+pick("2", "3"), pick("common_cause: 10%", "common_cause: 2%..20%", "common_cause: 0%"))
			if switches && often(0.6) {
				keys = append(keys, "switch: "+pick("{takes: 1m, works: 90%}", "{takes: 30s..3m, works: 85%}", "{takes: 2m}"))
			}
		}
		if often(0.2) {
			keys = append(keys, "availability: 99.9%", "outage: 10m..1h")
		} else {
			for i := range 1 + rng.IntN(2) {
				risk(fmt.Sprintf("r-%s-%d", name, i), name)
			}
		}
		if often(0.15) {
			keys = append(keys, "background: 0.01%")
		}
		fmt.Fprintf(&b, "  %s: {%s}\n", name, strings.Join(keys, ", "))
		return name
	}
	var needs []string
	for range 1 + rng.IntN(2) {
		more := pick("", "", ", rides_out: 4m", ", impact: 40%", ", impact: 20%..60%")
		switch rng.IntN(4) {
		case 0:
			needs = append(needs, "{service: "+leaf()+more+"}")
		case 1:
			needs = append(needs, fmt.Sprintf("{any: [%s, %s]%s%s}", leaf(), leaf(), pick("", ", switch: {takes: 1m, works: 85%}"), more))
		case 2:
			needs = append(needs, fmt.Sprintf("{at_least: 2, of: [%s, %s, %s]%s}", leaf(), leaf(), leaf(), pick("", ", common_cause: 4%")))
		default:
			needs = append(needs, fmt.Sprintf("{split: {%s: 60%%, %s: 30%%}}", leaf(), leaf()))
		}
	}
	fmt.Fprintf(&b, "  top: {objective: {target: 99.9%%}, needs: [%s]}\n", strings.Join(needs, ", "))
	risk("own", "top")
	return "services:\n" + b.String() + "changes: {release: {service: top, every: 20d, downtime: 1m}}\nrisks:\n" + risks.String() + `
detection: {alarm: {after: 1m, catches: 90%}, calls: {after: 20m}}
recovery: {undo: {takes: 3m, works: 80%, by: nobody}, mend: {takes: 30m..3h, by: ops}}
responders: {ops: {acknowledges: 5m}}
`
}

// meanOf is the mean lost time a year of the one objective of a service.
func meanOf(t testing.TB, m *model.Model, service string) float64 {
	t.Helper()
	r, err := forecast.Run(m, forecast.Options{Services: []string{service}, Means: true})
	if err != nil {
		t.Fatal(err)
	}
	return r.Entries[0].PerYear
}

func TestSharesAddUpAndRemovalSavesWhatTwoForecastsDifferBy(t *testing.T) {
	const models = 10
	redundant := 0
	for seed := range uint64(models) {
		text := shared(seed)
		m := read(t, text)
		s := name(t, m, "top", explain.Options{Effort: 0.01}).Service
		if len(s.Shares) != 1 || len(s.Shares[0].Rows) == 0 {
			t.Fatalf("seed %d: no shares\n%s", seed, text)
		}
		x := s.Shares[0]
		mean, sum := meanOf(t, m, "top"), -x.Twice
		for _, r := range x.Rows {
			sum += r.PerYear
			parts := r.Alone + r.Together + r.Failed + r.Waiting
			near(t, fmt.Sprintf("seed %d: the ways of %s", seed, r.Name), parts, r.PerYear)
			if r.PerYear < 0 {
				t.Errorf("seed %d: %s has %g", seed, r.Name, r.PerYear)
			}
			if r.Kind == forecast.GroupSource || r.Kind == forecast.SwitchSource {
				t.Errorf("seed %d: %s is no cause", seed, r.Name)
			}
			if (r.Saves != nil) != (r.Kind == forecast.RiskSource) {
				t.Errorf("seed %d: %s %s saves %v", seed, r.Kind, r.Name, r.Saves)
			}
		}
		redundant += map[bool]int{true: 1}[x.Redundant]
		near(t, fmt.Sprintf("seed %d: the shares", seed), sum, mean)
		if !(x.Twice > -1e-3*mean) {
			t.Errorf("seed %d: %g of %g is counted less than once\n%s", seed, -x.Twice, mean, text)
		}
		// A few of them, against a model without the text of the risk.
		for i, r := range x.Rows {
			if r.Kind != forecast.RiskSource || i%3 != int(seed%3) {
				continue
			}
			less := read(t, without(text, r.Name))
			want := mean - meanOf(t, less, "top")
			if math.Abs(want-*r.Saves) > 1e-9*mean {
				t.Errorf("seed %d: removing %s saves %.9g, two forecasts differ by %.9g\n%s", seed, r.Name, *r.Saves, want, text)
			}
		}
	}
	if redundant < models/3 {
		t.Errorf("only %d of %d models lose anything to redundancy", redundant, models)
	}
}

// without is the text of a model without the line of a risk.
func without(text, risk string) string {
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.HasPrefix(l, "  "+risk+":") })
	return strings.Join(lines, "\n")
}

func TestEitherOfAPairSavesAllAndTheSharesAreHalves(t *testing.T) {
	m := read(t, `
services:
  app: {objective: {target: 99.9%}, needs: [{any: [a, b]}]}
  a: {}
  b: {}
risks:
  ra: {service: a, rate: 20/y, detect: 10m, recover: 50m}
  rb: {service: b, rate: 5/y, detect: 1h, recover: 3h}
`)
	s := name(t, m, "app", explain.Options{}).Service.Shares[0]
	if len(s.Rows) != 2 || !s.Redundant {
		t.Fatalf("%+v", s)
	}
	for _, r := range s.Rows {
		near(t, r.Name+" saves", *r.Saves, s.PerYear)
		near(t, r.Name+" has", r.PerYear, s.PerYear/2)
		near(t, r.Name+" has with the other", r.Together, r.PerYear)
	}
}

func TestAMembersShareIsDividedByHowLongEachRiskHasItDown(t *testing.T) {
	m := read(t, `
services:
  app: {objective: {target: 99.9%}, needs: [{any: [a, b]}]}
  a: {}
  b: {}
risks:
  long: {service: a, rate: 3/y, detect: 1h, recover: 2h}
  short: {service: a, rate: 3/y, detect: 30m, recover: 30m}
  other: {service: b, rate: 5/y, detect: 1h, recover: 3h}
`)
	s := name(t, m, "app", explain.Options{}).Service.Shares[0]
	parts := map[string]float64{}
	for _, r := range s.Rows {
		parts[r.Name] = r.PerYear / s.PerYear
	}
	within(t, "long", parts["long"], 3./8, 1e-3)
	within(t, "short", parts["short"], 1./8, 1e-3)
	within(t, "other", parts["other"], 1./2, 1e-9)
}

func TestChangeOversAreOfTheRiskThatCausedThem(t *testing.T) {
	m := read(t, `
services:
  app: {objective: {target: 99.9%}, needs: [db]}
  db: {copies: 2, switch: {takes: 1m, works: 90%}, common_cause: 0%}
risks:
  often: {service: db, rate: 6/y, detect: 1m, recover: 9m}
  rare: {service: db, rate: 2/y, detect: 1m, recover: 9m}
`)
	s := name(t, m, "app", explain.Options{}).Service.Shares[0]
	by := map[string]explain.Share{}
	for _, r := range s.Rows {
		by[r.Name] = r
	}
	for risk, times := range map[string]float64{"often": 12, "rare": 4} {
		within(t, risk+" waits", by[risk].Waiting, times*.9*60, times*.9*60*1e-3)
		within(t, risk+" failed", by[risk].Failed, times*.1*600, times*.1*600*2e-3)
	}
}

func TestOneRiskSaysBothNumbers(t *testing.T) {
	m := read(t, `
services:
  app: {objective: {target: 99.9%}, needs: [db]}
  db: {copies: 2, switch: {takes: 1m, works: 90%}}
risks:
  disk: {service: db, rate: 6/y, detect: [alarm], recover: 1h, source: log}
  own: {service: app, rate: 1/y, detect: 1m, recover: 9m}
detection: {alarm: {after: 1m}}
`)
	whole := name(t, m, "app", explain.Options{}).Service.Shares[0]
	i := slices.IndexFunc(whole.Rows, func(r explain.Share) bool { return r.Name == "disk" })
	r := name(t, m, "disk", explain.Options{}).Risk
	k := slices.IndexFunc(r.Reaches, func(x explain.Reach) bool { return x.Service == "app" })
	if k < 0 || r.Reaches[k].Saves == nil || !r.Reaches[k].Redundant {
		t.Fatalf("%+v", r.Reaches)
	}
	near(t, "share", r.Reaches[k].BadPerYear, whole.Rows[i].PerYear)
	near(t, "saves", *r.Reaches[k].Saves, *whole.Rows[i].Saves)
	near(t, "saves", *r.Reaches[k].Saves, meanOf(t, m, "app")-meanOf(t, scenario.WithoutRisk(m, "disk"), "app"))
	if r.Reaches[k].BadPerYear < 12*.1*3600 {
		t.Errorf("failed change-overs are missing in %g", r.Reaches[k].BadPerYear)
	}
}

func TestNeedsAreAsTheyAreInTheScenario(t *testing.T) {
	const text = `
services:
  app: {objective: {target: 99%}, needs: [{service: db, impact: 40%, rides_out: 5m}]}
  db: {}
risks:
  disk: {service: db, rate: 6/y, detect: 1m, recover: 3h}
safety_nets:
  cache: {kind: automation, status: proposed, effects: [{need: app -> db, rides_out: 2h, impact: -50%}]}
`
	need := func(opts explain.Options, text string) explain.Need {
		return name(t, read(t, text), "app", opts).Service.Needs[0]
	}
	n := need(explain.Options{}, text)
	near(t, "users", n.Impact, .4)
	near(t, "rides", *n.Rides, 300)
	if len(n.Changed) != 0 {
		t.Errorf("changed without a net: %+v", n.Changed)
	}
	n = need(explain.Options{With: []string{"cache"}}, text)
	near(t, "users with cache", n.Impact, .2)
	near(t, "rides with cache", *n.Rides, 7200)
	if want := []explain.Changed{{"impact", .4, n.Impact, []string{"cache"}}, {"rides-out", 300, 7200, []string{"cache"}}}; !reflect.DeepEqual(n.Changed, want) {
		t.Errorf("got %+v, want %+v", n.Changed, want)
	}
	// Of a net that stands the share of users is written with it, and a ride is not.
	n = need(explain.Options{Without: []string{"cache"}}, strings.ReplaceAll(text, "proposed", "in-place"))
	near(t, "users without cache", n.Impact, .8)
	near(t, "rides without cache", *n.Rides, 300)
}
