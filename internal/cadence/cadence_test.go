package cadence_test

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"tightrope/internal/cadence"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

func read(t testing.TB, text string) *model.Model {
	t.Helper()
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1\n" + text)}})
	for _, p := range problems {
		t.Error(p)
	}
	if len(problems) > 0 {
		t.Fatal(text)
	}
	return m
}

func compare(t testing.TB, m *model.Model, change string, opts cadence.Options) *cadence.Result {
	t.Helper()
	r, err := cadence.Named(m, change, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func near(t testing.TB, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Abs(want)+1e-9) {
		t.Errorf("%s: got %.12g, want %.12g", what, got, want)
	}
}

const fiveNines = "services: {app: {objective: {target: 99.999%, over: 1y}}}\nchanges: {release: {service: app, every: 7d, downtime: 10s}}\n"

// 99.999 % over a year leaves 315.576 s: 31 releases of 10 s.
func TestReleasesOfTenSecondsAtFiveNines(t *testing.T) {
	r := compare(t, read(t, fiveNines), "release", cadence.Options{})
	want := []struct {
		text    string
		met     float64
		perYear float64
	}{{"1d", 0, 3652.5}, {"2d", 0, 1826.25}, {"1w", 0, 3652.5 / 7}, {"2w", 1, 3652.5 / 14}, {"4w", 1, 3652.5 / 28}, {"13w", 1, 3652.5 / 91}}
	if len(r.Rows) != len(want) {
		t.Fatalf("%d rows", len(r.Rows))
	}
	for i, w := range want {
		row := r.Rows[i]
		o := row.Plain.Objectives[0]
		if row.Text != w.text || row.Present != (w.text == "1w") || row.Nets != nil {
			t.Errorf("%+v, want %s", row, w.text)
		}
		near(t, w.text+" kept", o.Met.Value, w.met)
		near(t, w.text+" a year", o.PerYear, w.perYear)
		near(t, w.text+" planned", o.Planned, w.perYear)
		if o.Room == nil || *o.Room != 31 {
			t.Errorf("%s: room for %v", w.text, o.Room)
		}
	}
	if r.Now != 2 {
		t.Errorf("now is row %d", r.Now)
	}
	if i, ok := r.Fastest(false); !ok || r.Rows[i].Text != "2w" {
		t.Errorf("fastest is %d, %v", i, ok)
	}
}

func TestOneReleaseMoreThanFits(t *testing.T) {
	year := big.NewRat(model.Year, 1)
	every := func(text string, n int64) model.Duration {
		return model.Duration{Exact: new(big.Rat).Quo(year, big.NewRat(n, 1)), Text: text}
	}
	r := compare(t, read(t, fiveNines), "release", cadence.Options{Rhythms: []model.Duration{every("31 a year", 31), every("32 a year", 32)}})
	if len(r.Rows) != 3 || !r.Rows[0].Present || r.Rows[0].Text != "7d" {
		t.Fatalf("%+v", r.Rows)
	}
	near(t, "32", r.Rows[1].Plain.Objectives[0].Met.Value, 0)
	near(t, "31", r.Rows[2].Plain.Objectives[0].Met.Value, 1)
}

func TestTheChancePerReleaseStays(t *testing.T) {
	m := read(t, `
rates: {person-day: 800}
services: {app: {objective: {target: 99.9%, over: 364d}}}
changes: {release: {service: app, every: 2d}}
risks: {bad: {service: app, per: release, chance: 2%, detect: 1m, recover: [undo]}}
recovery: {undo: {takes: 1h, by: ops}}
responders: {ops: {acknowledges: 1m, people: 2}}
safety_nets:
  gate: {kind: process, status: proposed, effects: [{change: release, slows: 30m, every: 4w}, {risk: bad, prevents: 50%}]}
`)
	r := compare(t, m, "release", cadence.Options{With: []string{"gate"}})
	if !slices.Equal(r.Ignored, []string{"gate"}) || !slices.Equal(r.Risks, []string{"bad"}) || len(r.Assumed) != 2 || !slices.Equal(r.With, []string{"gate"}) {
		t.Errorf("%+v", r)
	}
	// The budget is 364 × 86.4 s, 8.436 incidents of 62 min.
	kept := func(n int, p float64) float64 {
		sum, term := 0.0, math.Pow(1-p, float64(n))
		for k := 0; k <= 8; k++ {
			sum += term
			term *= float64(n-k) / float64(k+1) * p / (1 - p)
		}
		return sum
	}
	for i, days := range []float64{1, 2, 7, 14, 28, 91} {
		row := r.Rows[i]
		n := int(364 / days)
		near(t, row.Text+" kept", row.Plain.Objectives[0].Met.Value, kept(n, 0.02))
		near(t, row.Text+" met with the gate", row.Nets.Objectives[0].Met.Value, kept(n, 0.01))
		near(t, row.Text+" bad", row.Plain.Objectives[0].Mean, float64(n)*0.02*62*60)
		near(t, row.Text+" broken", row.Nets.Objectives[0].Broken, float64(n)*0.01*62*60)
		near(t, row.Text+" pages", row.Plain.PagesPerWeek, 7/days*0.02)
		near(t, row.Text+" nights", row.Plain.NightPagesPerWeek, 7/days*0.02/3)
		near(t, row.Text+" process", row.Nets.ProcessHoursPerYear, 365.25/days/2)
		near(t, row.Text+" no process", row.Plain.ProcessHoursPerYear, 0)
		near(t, row.Text+" by hand", row.Plain.ManualHoursPerYear, 365.25/days*0.02)
	}
	if !r.Rows[1].Present {
		t.Errorf("%+v", r.Rows)
	}
}

func TestTheRhythmThatANetInPlaceSetsIsThePresentOne(t *testing.T) {
	m := read(t, fiveNines+"safety_nets: {slow: {kind: process, status: in-place, effects: [{change: release, every: 10d}]}}\n")
	r := compare(t, m, "release", cadence.Options{})
	if row := r.Rows[r.Now]; row.Text != "10d" || !row.Present || math.Abs(row.Every-10*model.Day) > 1e-6 {
		t.Errorf("%+v", row)
	}
	near(t, "a day, whatever the net says", r.Rows[0].Plain.Objectives[0].PerYear, 3652.5)
}

func TestAnUnsureRhythmStaysAsItIsWritten(t *testing.T) {
	m := read(t, "services: {app: {objective: {target: 99%}}}\nchanges: {release: {service: app, every: 5d..9d, downtime: 10s}}\n")
	r := compare(t, m, "release", cadence.Options{})
	if row := r.Rows[r.Now]; len(r.Rows) != 7 || row.Text != "5d..9d" || !(row.Every > 5*model.Day && row.Every < 9*model.Day) {
		t.Errorf("%+v", row)
	}
}

func TestChangesThatThereAreNot(t *testing.T) {
	if _, err := cadence.Named(read(t, fiveNines), "deploy", cadence.Options{}); err == nil || err.Error() != `there is no change "deploy"; the model has release` {
		t.Error(err)
	}
	if _, err := cadence.Named(read(t, "services: {app: {}}\n"), "deploy", cadence.Options{}); err == nil {
		t.Error("no error")
	}
	r, err := cadence.All(read(t, fiveNines), cadence.Options{})
	if err != nil || len(r) != 1 {
		t.Error(r, err)
	}
}

// A band says how unsure a chance is; where something is, it is no point.
func TestTheBandAtTheRhythmOfTodayIsThatOfTheForecast(t *testing.T) {
	m := read(t, "services: {app: {objective: {target: 99%}}}\nchanges: {release: {service: app, every: 7d, downtime: 10s}}\nrisks: {crash: {every: 45d..120d, detect: 5m, recover: 30m..6h}}\n")
	f, err := forecast.Run(m, forecast.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := compare(t, m, "release", cadence.Options{})
	got, want := r.Rows[r.Now].Plain.Objectives[0].Met, f.Entries[0].Met
	if !(want.Low < want.High) {
		t.Fatalf("nothing is unsure: %+v", want)
	}
	near(t, "the low end", got.Low, want.Low)
	near(t, "the high end", got.High, want.High)
}
