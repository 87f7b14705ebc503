package forecast_test

import (
	"math/big"
	"regexp"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

func TestHistoryAndWhatIsUnlisted(t *testing.T) {
	text := `
version: 1
services:
  api:
    objective: {target: 99.9%, over: 30d}
    background: 0.001%
    history: {over: 365d, bad: 600m, incidents: 9, missed: 2 of 12}
risks: {r: {rate: 4/y, detect: 0s, recover: 1h}}
`
	e := first(t, text, forecast.Options{})
	expected := (4*3600 + 1e-5*365.25*86400) * 365 / 365.25
	near(t, "expected", e.History.Expected, expected, 1e-6)
	near(t, "share", *e.History.Share, expected/36000, 1e-12)
	if !e.History.Counted {
		t.Error("it is not counted")
	}
	u := source(t, e, "unlisted")
	near(t, "unlisted a year", u.PerYear, (36000-expected)*365.25/365, 1e-6)
	near(t, "unlisted incidents", u.IncidentsPerYear, 9*365.25/365-4, 1e-9)
	near(t, "the year adds up", e.SumMean*365.25/30, 36000*365.25/365, 1e-6)
	// Few incidents are as unsure as a rate that was counted, with their own mean:
	// the relative variance of gamma is 1 / (n + 1/2).
	missing := 9 - 4*365/365.25
	n, length := u.IncidentsWindow, u.PerIncident
	listed := 4 * 30 / 365.25 * 3600 * 3600
	own := 2*n*length*length + n*n*length*length/(missing+0.5)
	near(t, "variance", e.SD*e.SD, listed+own, 1e-6*own)
}

// resultOf forecasts a variant of a model.
func resultOf(t *testing.T, text string, change func(*model.Model) *model.Model, with ...string) *forecast.Result {
	t.Helper()
	m := read(t, text)
	known, err := forecast.Reconcile(t.Context(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := forecast.Run(change(known), forecast.Options{With: with})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const withPast = `
version: 1
services:
  api:
    objectives: {available: {target: 99.9%, over: 30d}, fast: {target: 99%, over: 30d}}
    history: {over: 365d, bad: 20h, incidents: 12}
    needs: [db]
  front: {objective: {target: 99.9%}, needs: [api]}
  shop: {objective: {target: 99.9%}, needs: [api], history: {over: 365d, bad: 30h, incidents: 20}}
  db: {}
changes: {release: {service: api, every: 7d, downtime: 10s}}
risks:
  r: {service: api, rate: 4/y, detect: 0s, recover: 1h}
  bad: {service: api, per: release, chance: 4%, detect: 2m, recover: 30m}
  disk: {service: db, rate: 1/y, detect: 5m, recover: 2h}
safety_nets:
  canary: {kind: automation, status: proposed, effects: [{risk: bad, prevents: 80%}]}
  review: {kind: process, status: in-place, effects: [{risk: [r, bad], prevents: 50%}]}
  failover: {kind: redundancy, status: in-place, effects: [{risk: disk, recovers: {takes: 1m, works: 90%, by: nobody}}]}
`

// rests are the lost seconds a year that are unlisted, by service and objective.
func rests(r *forecast.Result) map[string]float64 {
	out := map[string]float64{}
	for _, e := range r.Entries {
		for _, s := range e.Sources {
			if s.Kind == forecast.UnlistedSource {
				name := e.Service
				if e.Objective != nil {
					name += " " + e.Objective.Name
				}
				out[name] += s.PerYear
			}
		}
	}
	return out
}

func TestWhatHappenedIsNotChangedByWhatIsAsked(t *testing.T) {
	same := func(m *model.Model) *model.Model { return m }
	want := rests(resultOf(t, withPast, same))
	if len(want) != 2 || want["api available"] <= 0 || want["shop available"] <= 0 {
		t.Fatalf("the rests are %v: of each history once, for the first objective of its own service", want)
	}
	m := read(t, withPast)
	for name, got := range map[string]map[string]float64{
		"with a net":    rests(resultOf(t, withPast, same, "canary")),
		"without a net": withoutNets(t, m, "review", "failover"),
		"at another rhythm": rests(resultOf(t, withPast, func(m *model.Model) *model.Model {
			return scenario.WithEvery(m, m.Changes[0], model.Rate{Exact: big.NewRat(1, 86400), Text: "1d"})
		})),
		"without a risk": rests(resultOf(t, withPast, func(m *model.Model) *model.Model { return scenario.WithoutRisk(m, "r") })),
	} {
		for k, v := range want {
			near(t, name+": "+k, got[k], v, 1e-6)
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func withoutNets(t *testing.T, m *model.Model, nets ...string) map[string]float64 {
	t.Helper()
	r, err := forecast.Run(m, forecast.Options{Without: nets})
	if err != nil {
		t.Fatal(err)
	}
	return rests(r)
}

func TestOnlyListedIsTheModelWithoutHistory(t *testing.T) {
	only := resultOf(t, withPast, (*model.Model).OnlyListed)
	bare := resultOf(t, regexp.MustCompile(`(,)?\s*history: \{[^}]*\}`).ReplaceAllString(withPast, ""), func(m *model.Model) *model.Model { return m })
	for i, e := range only.Entries {
		o := bare.Entries[i]
		if e.Mean != o.Mean || e.Met != nil && e.Met.Value != o.Met.Value || e.Achievable != o.Achievable {
			t.Errorf("%s: %g and %g", e.Service, e.Mean, o.Mean)
		}
		if e.History != nil && e.History.Counted {
			t.Errorf("%s: it is said to be counted", e.Service)
		}
	}
}

func TestWhatIsAllExplainedHasNoRest(t *testing.T) {
	for name, history := range map[string]string{
		"more is expected":       "{over: 365d, bad: 1h, incidents: 12}",
		"no lost time is told":   "{over: 365d, incidents: 12}",
		"there was no lost time": "{over: 365d, bad: 0s, incidents: 0}",
		"just what is expected":  "{over: 365.25d, bad: 240m}",
	} {
		t.Run(name, func(t *testing.T) {
			e := first(t, "version: 1\nservices: {api: {objective: {target: 99.9%}, history: "+history+"}}\nrisks: {r: {rate: 4/y, detect: 0s, recover: 1h}}\n", forecast.Options{})
			if len(e.Sources) != 1 || e.History == nil || e.History.Counted || e.History.Unlisted != 0 {
				t.Errorf("%d sources, %+v", len(e.Sources), e.History)
			}
		})
	}
}

func TestAPastOfWhichNothingIsListedIsAForecast(t *testing.T) {
	e := first(t, "version: 1\nservices: {api: {objective: {target: 99.9%}, history: {over: 365d, bad: 10h}}}\n", forecast.Options{})
	near(t, "mean", e.Mean, 36000*30/365., 1e-6)
	if e.Verdict == forecast.Undecided || len(e.Warnings) > 0 {
		t.Errorf("%s, %v", e.Verdict, e.Warnings)
	}
}
