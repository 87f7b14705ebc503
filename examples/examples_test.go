// Package examples_test holds the claims that the examples make. That their
// pages show what the program prints is held elsewhere, for all pages at once.
package examples_test

import (
	"context"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
)

// minute in seconds.
const minute = 60.0

// load reads an example, which must have no problems.
func load(t *testing.T, name string) *model.Model {
	t.Helper()
	m, problems, err := modelfile.Load([]string{name})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
	if m == nil {
		t.FailNow()
	}
	return m
}

// forecasts is what forecasts of the examples have in common.
var forecasts = forecast.NewMemory(256 << 20)

func run(t *testing.T, m *model.Model, opts forecast.Options) *forecast.Result {
	t.Helper()
	if opts.Memory == nil {
		opts.Memory = forecasts
	}
	r, err := forecast.Run(m, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// find returns the forecast of an objective; an empty one is the first of the
// service.
func find(t *testing.T, r *forecast.Result, service, objective string) *forecast.Entry {
	t.Helper()
	for _, e := range r.Entries {
		if e.Service == service && (objective == "" || e.Objective != nil && e.Objective.Name == objective) {
			return e
		}
	}
	t.Fatalf("no forecast of %s %s", service, objective)
	return nil
}

// source returns the one source of that name.
func source(t *testing.T, e *forecast.Entry, name string) *forecast.Source {
	t.Helper()
	var found []*forecast.Source
	for _, s := range e.Sources {
		if s.Name == name {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s has %d sources named %s, expected 1", e.Service, len(found), name)
	}
	return found[0]
}

// targets reads targets such as 99.9%.
func targets(t *testing.T, texts ...string) []forecast.Target {
	t.Helper()
	var list []forecast.Target
	for _, text := range texts {
		s, err := modelfile.ParseTarget(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, forecast.Target{Exact: s.Exact, Text: text})
	}
	return list
}

// near reports a number that is not the wanted one, within a tolerance.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, expected %v ± %v", what, got, want, tolerance)
	}
}

// within reports a number outside of a range.
func within(t *testing.T, what string, got, low, high float64) {
	t.Helper()
	if !(low <= got && got <= high) {
		t.Errorf("%s is %v, expected %v to %v", what, got, low, high)
	}
}

func TestRiskSheet(t *testing.T) {
	e := find(t, run(t, load(t, "cre"), forecast.Options{}), "app", "")

	var names []string
	sum := 0.0
	perYear := map[string]float64{}
	for _, s := range e.Sources {
		names = append(names, s.Name)
		perYear[s.Name] = s.PerYear / minute
		sum += s.PerYear / minute
	}
	// The sheet's own column, by hand: year / every × (detect + recover) × impact.
	for name, want := range map[string]float64{
		"config-mishap":     91.3125,
		"release-hits-few":  119.315,
		"release-hits-many": 126.822917,
		"unnoticed-growth":  125.085616,
		"noisy-alerting":    76.09375,
		"database-deleted":  128.838185,
		"zone-outage":       22.515411,
		"region-outage":     16.010959,
	} {
		near(t, "lost minutes a year of "+name, perYear[name], want, 1e-6)
	}
	near(t, "lost minutes a year", sum, 705.994338, 1e-6)
	ranking := []string{
		"database-deleted", "release-hits-many", "unnoticed-growth", "release-hits-few", "config-mishap",
		"noisy-alerting", "zone-outage", "region-outage",
	}
	if !slices.Equal(names, ranking) {
		t.Errorf("ranked %q, expected %q", names, ranking)
	}

	// What the sheet cannot say.
	near(t, "the chance of no lost time", e.None, 0.030866770654, 1e-9)
	near(t, "the chance to keep 99.5%", e.Met.Value, 0.971348165, 1e-6)
	near(t, "mean minutes in a quarter", e.Mean/minute, 176.498584, 1e-6)
	near(t, "standard deviation", e.SD/minute, 158.140364, 1e-6)
	near(t, "what nine quarters in ten stay below", e.Quantiles.P90/minute, 328.3, 0.1)
	if e.Met.Low != e.Met.High {
		t.Errorf("nothing is unsure, but the band is %v to %v", e.Met.Low, e.Met.High)
	}

	// What its page claims.
	budget, _ := e.Objective.Budget.Float64()
	within(t, "the part of the budget that one deleted database uses", source(t, e, "database-deleted").PerIncident/budget, 0.75, 0.85)
}

func TestHospitalBookingAsItStands(t *testing.T) {
	m := load(t, "booking")
	e := find(t, run(t, m, forecast.Options{
		Services: []string{"booking"}, Targets: targets(t, "99.9%", "99.95%", "99.999%"),
	}), "booking", "")
	budget, _ := e.Objective.Budget.Float64()
	near(t, "the budget", budget, 315.576, 1e-9)

	t.Run("99.999% is impossible, by the releases alone", func(t *testing.T) {
		release := source(t, e, "release")
		if e.Verdict != forecast.NotAchievable || e.Met.Value != 0 || e.Met.High != 0 {
			t.Errorf("verdict %s with a chance of %v to %v", e.Verdict, e.Met.Value, e.Met.High)
		}
		within(t, "what releases spend in every year", release.Certain, 520, 530)
		near(t, "one release", release.PerIncident, 10, 1e-9)
	})
	t.Run("99.9% can be promised, 99.95% cannot", func(t *testing.T) {
		if e.Suggested == nil || e.Suggested.Text != "99.9%" {
			t.Errorf("suggested is %v, expected 99.9%%", e.Suggested)
		}
		within(t, "years until 99.9% is missed", 1/(1-e.Compare[0].Met.Value), 26, 28)
		within(t, "the chance to keep 99.95%", e.Compare[1].Met.Value, 0.675, 0.685)
	})
	t.Run("what is not listed spends more than any risk that is", func(t *testing.T) {
		if s := e.Sources[0]; s.Kind != forecast.UnlistedSource {
			t.Errorf("%s spends the most", s.Name)
		}
		only := find(t, run(t, m.OnlyListed(), forecast.Options{Services: []string{"booking"}, Targets: targets(t, "99.95%")}), "booking", "")
		within(t, "the chance to keep 99.95% by what is listed", only.Compare[0].Met.Value, 0.805, 0.815)
	})
	t.Run("the catalogue explains most of the past", func(t *testing.T) {
		within(t, "the explained share", *e.History.Share, 0.6, 0.9)
		within(t, "expected incidents for each that happened", e.History.ExpectedIncidents/float64(*e.History.Incidents), 0.8, 1.2)
		near(t, "missed years", e.History.ExpectedMissed, 2, 1e-6)
	})
	t.Run("it is not the disks", func(t *testing.T) {
		disk := source(t, e, "disk").PerYear
		for _, name := range []string{"bad-config", "vaccination-day", "expired-certificate", "bad-release"} {
			s := source(t, e, name)
			within(t, "lost minutes a year of "+name, s.PerYear/minute, 20, 30)
			if s.PerYear < 10*disk {
				t.Errorf("%s spends %v s a year, less than ten times the %v s of disks", name, s.PerYear, disk)
			}
		}
	})
	t.Run("a third of what users feel is in other hands", func(t *testing.T) {
		for _, s := range e.Sources {
			if slices.Contains([]string{"skt", "kt", "lgu", "hospital-calendars"}, s.Name) {
				t.Errorf("%s spends our budget, though it does not count", s.Name)
			}
		}
		others := e.Felt.Mean - e.Mean
		for _, name := range []string{"cloud", "identity"} {
			others += source(t, e, name).PerWindow
		}
		within(t, "the share of others in what users feel", others/e.Felt.Mean, 0.31, 0.37)
		within(t, "the same, as told", e.Felt.Hands.Theirs/e.Felt.Mean, 0.31, 0.37)
	})
}

func TestHospitalBookingWithMoreNets(t *testing.T) {
	m := load(t, "booking")
	forecastWith := func(nets ...string) *forecast.Entry {
		return find(t, run(t, m, forecast.Options{
			Services: []string{"booking"}, Targets: targets(t, "99.95%", "99.99%", "99.999%"), With: nets,
		}), "booking", "")
	}
	t.Run("three more nets keep 99.95% in about 8 years of 10", func(t *testing.T) {
		e := forecastWith("canary", "config-check", "small-steps")
		within(t, "the chance to keep 99.95%", e.Compare[0].Met.Value, 0.78, 0.83)
	})
	t.Run("nine more nets make 99.95% a promise", func(t *testing.T) {
		e := forecastWith("canary", "config-check", "small-steps", "soft-delete", "warm-restore", "waiting-room", "disk-growth-alarm")
		if e.Suggested == nil || e.Suggested.Text != "99.95%" {
			t.Errorf("suggested is %v, expected 99.95%%", e.Suggested)
		}
	})
	t.Run("all that was proposed does not make it 99.99%", func(t *testing.T) {
		var all []string
		for _, n := range m.Nets {
			if n.Status == model.Proposed && n.Name != "release-every-two-weeks" { // excludes the canary
				all = append(all, n.Name)
			}
		}
		e := forecastWith(all...)
		within(t, "the chance to keep 99.99%", e.Compare[1].Met.Value, 0.2, 0.35)
		within(t, "the chance to keep 99.999%", e.Compare[2].Met.Value, 0, 0.05)
	})
}

func TestShop(t *testing.T) {
	m := load(t, "shop")
	r := run(t, m, forecast.Options{})
	checkout := find(t, r, "checkout", "available")

	t.Run("some objectives can be kept and some cannot", func(t *testing.T) {
		var kept, missed []string
		for _, e := range r.Entries {
			switch e.Verdict {
			case forecast.Achievable:
				kept = append(kept, e.Service+" "+e.Objective.Name)
			case forecast.NotAchievable:
				missed = append(missed, e.Service+" "+e.Objective.Name)
			}
		}
		if want := []string{"checkout fast", "accounts available", "storefront fast", "search available"}; !slices.Equal(kept, want) {
			t.Errorf("kept %q, expected %q", kept, want)
		}
		if want := []string{"checkout available", "mail available", "storefront available"}; !slices.Equal(missed, want) {
			t.Errorf("missed %q, expected %q", missed, want)
		}
	})
	t.Run("what is listed is what asking for it answers", func(t *testing.T) {
		var texts []string
		for _, c := range checkout.Usual {
			texts = append(texts, c.Target.Text)
		}
		asked := find(t, run(t, m, forecast.Options{Services: []string{"checkout"}, Targets: targets(t, texts...)}), "checkout", "available")
		for i, c := range asked.Compare {
			listed := checkout.Usual[i].Met
			near(t, "the listed chance to keep "+c.Target.Text, listed.Value, c.Met.Value, listed.Error+c.Met.Error+1e-4)
		}
	})
	t.Run("two fifths of the checkout's budget belong to the payment provider", func(t *testing.T) {
		s := source(t, checkout, "payment-provider")
		if checkout.Sources[0] != s || s.Rating != forecast.Red {
			t.Errorf("payment-provider is not the first source of checkout, or not red but %s", s.Rating)
		}
		// 0.05% of the time, seen by 85%, of a budget of 0.1%.
		within(t, "its share of the budget", *s.BudgetShare, 0.41, 0.4251)
	})
	t.Run("what the shared database does counts once", func(t *testing.T) {
		for _, objective := range []string{"available", "fast"} {
			for _, service := range []string{"checkout", "storefront"} {
				near(t, "incidents a year by slow queries", source(t, find(t, r, service, objective), "slow-query").IncidentsPerYear, 5.5, 1e-6)
			}
		}
	})
	t.Run("being slow is not being down", func(t *testing.T) {
		fast := find(t, r, "checkout", "fast")
		slow, down := source(t, fast, "slow-query"), source(t, checkout, "slow-query")
		near(t, "lost time of slow queries in fast, of that in available", slow.PerYear/down.PerYear, 8, 1e-6)
		if *slow.BudgetShare >= *down.BudgetShare {
			t.Errorf("slow queries take %v of the budget of fast and %v of available, expected less", *slow.BudgetShare, *down.BudgetShare)
		}
		for _, s := range find(t, r, "storefront", "available").Sources {
			if s.Name == "heavy-page" {
				t.Error("a heavy page counts as an outage")
			}
		}
		source(t, find(t, r, "storefront", "fast"), "heavy-page")
	})
	t.Run("four visits in ten search", func(t *testing.T) {
		near(t, "impact on the storefront", source(t, find(t, r, "storefront", "available"), "stale-index").Impact, 0.4*0.25, 1e-9)
	})
	t.Run("each part has an owner, and titles are as written", func(t *testing.T) {
		for _, s := range m.Services {
			if !s.Owner.Is() && !s.Outside {
				t.Errorf("service %s belongs to nobody", s.Name)
			}
		}
		if checkout.Title.In("ko") != "주문·결제" || checkout.Title.In("en") != "Order and pay" {
			t.Errorf("the title of checkout is %q", checkout.Title.In("en"))
		}
		if n := len(m.Services); n != 16 {
			t.Errorf("the page tells of sixteen services, there are %d", n)
		}
	})
}

// What spares cost is spent too: changing over, and being down at once.
func TestSparesAreSources(t *testing.T) {
	for _, tt := range []struct{ name, service, group string }{
		{"booking", "booking", "any of sms-a, sms-b"},
		{"shop", "checkout", "1 of 2 copies of database"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := run(t, load(t, tt.name), forecast.Options{Services: []string{tt.service}}).Entries[0]
			changeOver := source(t, e, tt.group+"/switch")
			if changeOver.Kind != forecast.SwitchSource || changeOver.PerYear <= 0 {
				t.Errorf("%s is a %s of %g s a year", changeOver.Name, changeOver.Kind, changeOver.PerYear)
			}
			both := source(t, e, tt.group)
			if both.Kind != forecast.GroupSource || both.PerYear <= 0 {
				t.Errorf("%s is a %s of %g s a year", both.Name, both.Kind, both.PerYear)
			}
			if e.Availability == nil || math.Abs((1-e.Availability.Expected)*e.Window-e.Mean) > 0.02*e.Mean {
				t.Errorf("%g s are bad on average, but the availability is %v", e.Mean, e.Availability)
			}
		})
	}
}

func TestNetsOfTheRiskSheet(t *testing.T) {
	m := load(t, "cre-nets")
	chance := func(with ...string) *forecast.Entry {
		return find(t, run(t, m, forecast.Options{With: with}), "app", "")
	}
	near(t, "the chance with no net", chance().Met.Value, 0.3257, 5e-5)
	sheet := chance("burn-rate-alerts", "config-validation")
	within(t, "the mean with the sheet's plan", sheet.Mean/minute, 0, 526)
	near(t, "the chance with the sheet's plan", sheet.Met.Value, 0.6721, 5e-5)
	for _, c := range []struct {
		confidence *big.Rat
		cost       float64
		nets       string
	}{
		{big.NewRat(50, 100), 15, "burn-rate-alerts"},
		{big.NewRat(80, 100), 37, "burn-rate-alerts soft-delete config-validation"},
		{big.NewRat(90, 100), 47, "burn-rate-alerts capacity-planning soft-delete"},
		{big.NewRat(95, 100), 65, "burn-rate-alerts capacity-planning tested-restores soft-delete"},
		{big.NewRat(98, 100), 90, "canary capacity-planning tested-restores soft-delete"},
		{big.NewRat(995, 1000), 100, "auto-rollback burn-rate-alerts load-shedding tested-restores soft-delete"},
		{big.NewRat(999, 1000), 110, "canary burn-rate-alerts load-shedding tested-restores soft-delete"},
	} {
		r, err := plan.Run(context.Background(), m, plan.Options{Confidence: c.confidence})
		if err != nil {
			t.Fatal(err)
		}
		if !r.Optimal || r.Best.AnnualCost != c.cost || strings.Join(r.Best.Nets, " ") != c.nets {
			t.Errorf("with a confidence of %v: %+v", c.confidence, r.Best)
		}
		if c.cost == 47 {
			near(t, "the chance of the plan", r.Best.Met, 0.923902, 5e-7)
			near(t, "the mean of the plan", r.Best.BadMean/minute, 296.168828, 5e-6)
		}
	}
	// Of all pairs of nets and all nets alone, none whose mean fits costs less.
	for i, a := range m.Nets {
		for _, b := range m.Nets[i:] {
			x := plan.Options{Keep: []string{a.Name, b.Name}}
			for _, n := range m.Nets {
				if n != a && n != b {
					x.Forbid = append(x.Forbid, n.Name)
				}
			}
			x.Confidence = big.NewRat(1, 1000000)
			r, err := plan.Run(context.Background(), m, x)
			if err != nil {
				t.Fatal(err)
			}
			if r.Best != nil && r.Best.BadMean/minute <= 525.96 && r.Best.AnnualCost < 25 {
				t.Errorf("the mean fits for %v with %v", r.Best.AnnualCost, r.Best.Nets)
			}
		}
	}
}

// Examples are what people copy: every number of a risk says where it is from.
func TestEveryRiskOfAStoryHasASource(t *testing.T) {
	for _, name := range []string{"booking", "shop"} {
		for _, r := range load(t, name).Risks {
			if strings.TrimSpace(r.Source.In("en")) == "" || r.AsOf == nil {
				t.Errorf("%s: risk %s has no source or no date", name, r.Name)
			}
		}
	}
}

// The same model forecast twice gives the same numbers, bit by bit.
func TestForecastsRepeat(t *testing.T) {
	m := load(t, "booking")
	again := func() *forecast.Entry {
		return find(t, run(t, m, forecast.Options{Services: []string{"booking"}, Memory: forecast.NewMemory(32 << 20)}), "booking", "")
	}
	a, b := again(), again()
	for _, pair := range [][2]float64{
		{a.Mean, b.Mean}, {a.SD, b.SD}, {a.None, b.None}, {a.Achievable, b.Achievable},
		{a.Quantiles.P99, b.Quantiles.P99}, {a.Felt.Mean, b.Felt.Mean}, {a.PerYear, b.PerYear},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%v is not %v", pair[0], pair[1])
		}
	}
	for i := range a.Usual {
		if a.Usual[i].Met != b.Usual[i].Met {
			t.Errorf("the chance of %s is %v and %v", a.Usual[i].Target.Text, a.Usual[i].Met, b.Usual[i].Met)
		}
	}
}

// A year at 99.999% leaves room for one incident that is noticed within a
// minute and rolled back in two, and for no second one.
func TestRoomForOneIncidentInAYear(t *testing.T) {
	const text = `version: 1
services: {booking: {objective: {target: 99.999%, over: 1y}}}
changes: {release: {service: booking, every: 7d, downtime: 0s}}
risks: {bad-release: {per: release, chance: 2%, detect: 1m, recover: 2m}}
`
	m, problems := modelfile.Parse([]modelfile.File{{Name: "one.yaml", Data: []byte(text)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	e := find(t, run(t, m, forecast.Options{}), "booking", "")
	if room := source(t, e, "bad-release").Room; room == nil || *room != 1 {
		t.Errorf("room is %v, expected 1", room)
	}
}
