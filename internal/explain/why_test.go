package explain_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/explain"
	"tightrope/internal/forecast"
)

const reasoned = `
services:
  app: {objective: {target: 99.9%, over: 28d, confidence: 80%}, needs: [db]}
  db: {copies: 2, switch: {takes: 1m, works: 90%}, common_cause: 10%}
changes: {release: {service: app, every: 10d}}
risks:
  disk: {service: db, rate: 1 in 3y, units: 4, detect: [alarm, calls], recover: [undo, mend], impact: 50%}
  bad: {service: app, per: release, chance: 4%, detect: 1m, recover: 10m}
  plain: {service: app, rate: 0.5/y, detect: 1m, recover: 10m}
detection: {alarm: {after: 2m, catches: 90%}, calls: {after: 1h}}
recovery: {undo: {takes: 3m, works: 80%, by: nobody}, mend: {takes: 2h, by: ops}}
responders: {ops: {acknowledges: 5m}}
safety_nets:
  tests: {kind: process, status: in-place, effects: [{risk: disk, prevents: 20%}]}
  watch: {kind: automation, status: proposed, effects: [{risk: disk, detect: -50%}]}
`

func why(t testing.TB, path string, opts explain.Options) *explain.Why {
	t.Helper()
	y, err := explain.WhyOf(read(t, reasoned), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	return y
}

// codes are those of steps, and what they come to.
func codes(steps []explain.WhyStep) (list []explain.WhyCode, values []float64) {
	for _, s := range steps {
		list, values = append(list, s.Code), append(values, s.Value)
	}
	return list, values
}

func TestStepsLeadFromWhatIsWrittenToIncidentsAYear(t *testing.T) {
	for _, c := range []struct {
		path   string
		opts   explain.Options
		codes  []explain.WhyCode
		values []float64
	}{
		{"risks/plain/rate", explain.Options{}, []explain.WhyCode{explain.Written}, []float64{.5}},
		{"risks/disk/rate", explain.Options{},
			[]explain.WhyCode{explain.Seen, explain.TimesUnit, explain.TimesCopy}, []float64{.5, 2, 3.8}},
		{"risks/disk/rate", explain.Options{Without: []string{"tests"}},
			[]explain.WhyCode{explain.Seen, explain.TimesUnit, explain.TimesNets, explain.TimesCopy}, []float64{.5, 2, 2.5, 4.75}},
		{"risks/bad/rate", explain.Options{},
			[]explain.WhyCode{explain.Changes, explain.Written}, []float64{36.525, 1.461}},
	} {
		y := why(t, c.path, c.opts)
		list, values := codes(y.Steps)
		if !slices.Equal(list, c.codes) {
			t.Errorf("%s: steps %v, want %v", c.path, list, c.codes)
			continue
		}
		for i := range values {
			near(t, c.path+" "+string(list[i]), values[i], c.values[i])
		}
		if y.Steps[0].Pos.Line == 0 || y.Steps[0].Text == "" {
			t.Errorf("%s does not begin with what is written: %+v", c.path, y.Steps[0])
		}
		risk := name(t, read(t, reasoned), strings.Split(c.path, "/")[1], c.opts).Risk
		near(t, c.path+" and explain", y.Value, risk.IncidentsPerYear)
	}
}

func TestEveryNumberIsTheOneThatIsShownElsewhere(t *testing.T) {
	m := read(t, reasoned)
	risk := name(t, m, "disk", explain.Options{}).Risk
	service := name(t, m, "app", explain.Options{}).Service
	e := service.Entries[0]
	reach := risk.Reaches[slices.IndexFunc(risk.Reaches, func(r explain.Reach) bool { return r.Service == "app" })]
	for path, want := range map[string]float64{
		"risks/disk/detect":                risk.Detect,
		"risks/disk/acknowledge":           risk.Acknowledge,
		"risks/disk/recover":               risk.Recover,
		"risks/disk/bad-time":              risk.Bad,
		"risks/disk/bad-time-per-year/app": reach.BadPerYear,
		"risks/disk/share/app":             reach.BadPerYear / e.PerYear,
		"risks/disk/saves/app":             *reach.Saves,
		"services/app/mean":                e.PerYear,
		"services/app/budget":              28 * 86400 * .001,
		"services/app/chance":              e.Met.Value,
	} {
		y := why(t, path, explain.Options{})
		if !(math.Abs(y.Value-want) <= 1e-9*want) {
			t.Errorf("%s: got %.12g, want %.12g", path, y.Value, want)
		}
	}
	for _, path := range explain.WhyPaths(m) {
		y := why(t, path, explain.Options{Effort: 0.01})
		if len(y.Steps) == 0 || math.IsNaN(y.Value) || y.Value < 0 {
			t.Errorf("%s: %+v", path, y)
		}
	}
}

func TestANetThatStretchesATimeIsAStep(t *testing.T) {
	y := why(t, "risks/disk/detect", explain.Options{With: []string{"watch"}})
	list, values := codes(y.Steps)
	if !slices.Contains(list, explain.Stretched) || values[0] != 120 || values[1] != 60 {
		t.Errorf("steps %v come to %v", list, values)
	}
}

func TestPathsThatLeadNowhereSaySo(t *testing.T) {
	for path, want := range map[string]string{
		"risks/disc/rate":          "did you mean risks/disk/rate?",
		"risks/plain/why-at-all":   "risks/plain/bad-time",
		"risks/plain/rate/app":     "no number",
		"risks/plain/share/nobody": "no number",
		"services/db/budget":       "no number",
		"nothing":                  "services/NAME/mean",
	} {
		_, err := explain.WhyOf(read(t, reasoned), path, explain.Options{})
		var wrong *forecast.OptionError
		if !errors.As(err, &wrong) || wrong.Option != "why" || !strings.Contains(wrong.Message, want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

func TestCopiesThatChangeOverAreNotSaidToGoUnseen(t *testing.T) {
	const text = `
services:
  app: {objective: {target: 99%}, needs: [db]}
  db: {copies: 2, switch: {takes: 1m}}
risks:
  disk: {service: db, rate: 6/y, detect: 1m, recover: 3h, source: log}
  flood: {service: db, rate: 6/y, strikes: all, detect: 1m, recover: 3h, source: log}
`
	for risk, want := range map[string]bool{"disk": false, "flood": true} {
		r := name(t, read(t, text), risk, explain.Options{}).Risk
		has := slices.ContainsFunc(r.Remarks, func(m explain.Remark) bool { return m.Code == explain.UnnamedDetection })
		if has != want {
			t.Errorf("%s: %+v", risk, r.Remarks)
		}
	}
}
