package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	rhythm "tightrope/internal/cadence"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// heldAt is an objective that is met with a chance, at a rhythm.
func heldAt(service, name, text string, window, p, perYear float64) rhythm.Objective {
	o := rhythm.Objective{
		Service: service, Name: name, Window: window, WindowSay: "30d", Confidence: 0.9, Mean: perYear * window / model.Year, PerYear: perYear,
		Achievable: 1 - 1.5*perYear/model.Year, Verdict: forecast.NoObjective,
	}
	if window == model.Year {
		o.WindowSay = "1y"
	}
	if text == "" {
		return o
	}
	o.Target = target(text)
	o.Budget, o.Met, o.Verdict = ref((1-o.Target.Float())*window), sure(p), forecast.Achievable
	if p < o.Confidence {
		o.Verdict = forecast.NotAchievable
	}
	return o
}

// every day, 2 days, week and 4 weeks, of which the third is the present one.
func everyRow(i int) rhythm.Row {
	days := []float64{1, 2, 7, 28}[i]
	return rhythm.Row{Every: days * model.Day, Text: []string{"1d", "2d", "7d", "4w"}[i], PerYear: 365.25 / days, Present: i == 2}
}

func rhythmsOf(plain, nets func(i int) []rhythm.Objective) *rhythm.Result {
	r := &rhythm.Result{
		Change: "release", Title: model.One("Weekly release"), Service: "shop", Pos: at("changes.yaml", 6, 3), Now: 2, Risks: []string{"bad-release"},
		Assumed: []message.Message{message.Named("the chance that one release goes wrong stays as it is, however much is in it")},
	}
	for i := range 4 {
		row := everyRow(i)
		row.Plain = &rhythm.Case{Objectives: plain(i), PagesPerWeek: []float64{2.6, 2.4, 2.3, 2.3}[i], ManualHoursPerYear: 3, PeopleCostPerYear: ref(1000.0)}
		if nets != nil {
			row.Nets = &rhythm.Case{Objectives: nets(i), PagesPerWeek: 2.3, ManualHoursPerYear: 3, ProcessHoursPerYear: row.PerYear / 2}
		}
		r.Rows = append(r.Rows, row)
	}
	if nets != nil {
		r.With, r.Without = []string{"canary", "metrics"}, []string{"clicking"}
		r.Warnings = []forecast.Warning{{Code: "requires", Message: message.Named("canary requires metrics")}, {Code: "other", Message: message.Named("something else")}}
	}
	return r
}

func kept(ps ...float64) func(i int) []rhythm.Objective {
	return func(i int) []rhythm.Objective {
		o := heldAt("shop", "available", "99.95%", 30*model.Day, ps[i], 20000/float64(i+1))
		o.Room = ref(9)
		return []rhythm.Objective{o}
	}
}

func outOfReach(i int) []rhythm.Objective {
	o := heldAt("shop", "available", "99.999%", model.Year, 1e-9*float64(i), 20000/float64(i+1))
	o.Room = ref(0)
	return []rhythm.Objective{o}
}

// asked adds targets to compare.
func asked(i int) []rhythm.Objective {
	list := outOfReach(i)
	for k, text := range []string{"99.95%", "99.9%"} {
		list[0].Compare = append(list[0].Compare, odds(text, model.Year, []float64{0.33, 0.63, 0.81, 0.85}[i]+0.1*float64(k)))
	}
	return list
}

func threeObjectives(i int) []rhythm.Objective {
	return append(kept(0.12, 0.55, 0.81, 0.93)(i),
		heldAt("shop", "fast", "99%", 30*model.Day, 1, 90000/float64(i+3)),
		heldAt("app", "available", "99.9%", 30*model.Day, 0.95+0.01*float64(i), 9000/float64(i+1)),
		heldAt("mail", "available", "99%", 30*model.Day, 0.85, 1234))
}

func noObjective(i int) []rhythm.Objective {
	return []rhythm.Objective{heldAt("mail", "", "", 30*model.Day, 0, 50), heldAt("shop", "", "", 30*model.Day, 0, 20000/float64(i+1))}
}

func oddRhythm() *rhythm.Result {
	r := rhythmsOf(kept(1, 1, 1, 1), nil)
	r.Rows[2].Text, r.Rows[2].Every, r.Change, r.Title, r.Risks = "5d..9d", 6.7*model.Day, "r\x1b[1m", model.One("t\u202e|"), nil
	return r
}

var rhythmCases = []struct {
	name   string
	result func() *rhythm.Result
	o      CadenceOptions
}{
	{"rhythms", func() *rhythm.Result { return rhythmsOf(kept(0.12, 0.55, 0.81, 0.93), nil) }, CadenceOptions{}},
	{"rhythms with nets", func() *rhythm.Result { return rhythmsOf(kept(0.12, 0.55, 0.81, 0.88), kept(0.91, 0.93, 0.95, 0.96)) }, CadenceOptions{With: []string{"canary"}}},
	{"rhythms with nets that are not enough", func() *rhythm.Result { return rhythmsOf(kept(0.12, 0.55, 0.81, 0.88), kept(0.2, 0.6, 0.82, 0.89)) }, CadenceOptions{Without: []string{"review"}}},
	{"rhythms that could be faster", func() *rhythm.Result { return rhythmsOf(kept(0.91, 0.93, 0.95, 0.95), nil) }, CadenceOptions{}},
	{"rhythms of a promise out of reach", func() *rhythm.Result { return rhythmsOf(outOfReach, outOfReach) }, CadenceOptions{With: []string{"canary"}, Without: []string{"clicking"}}},
	{"rhythms for targets", func() *rhythm.Result { return rhythmsOf(asked, nil) }, CadenceOptions{}},
	{"rhythms for targets with nets", func() *rhythm.Result { return rhythmsOf(asked, asked) }, CadenceOptions{With: []string{"canary"}}},
	{"rhythms for several objectives", func() *rhythm.Result { return rhythmsOf(threeObjectives, nil) }, CadenceOptions{}},
	{"rhythms for several objectives with nets", func() *rhythm.Result { return rhythmsOf(threeObjectives, threeObjectives) }, CadenceOptions{With: []string{"canary"}}},
	{"rhythms without an objective", func() *rhythm.Result { return rhythmsOf(noObjective, nil) }, CadenceOptions{}},
	{"rhythms with odd names", oddRhythm, CadenceOptions{}},
}

func TestRhythmsReadAsWritten(t *testing.T) {
	for _, c := range rhythmCases {
		for ending, write := range map[string]func(io.Writer) error{
			".txt":  func(w io.Writer) error { return CadenceText(w, c.result(), c.o) },
			".md":   func(w io.Writer) error { return CadenceMarkdown(w, c.result(), c.o) },
			".json": func(w io.Writer) error { return CadenceJSON(w, c.result(), "KRW") },
		} {
			t.Run(c.name+ending, func(t *testing.T) {
				var b bytes.Buffer
				if err := write(&b); err != nil {
					t.Fatal(err)
				}
				golden(t, c.name+ending, b.Bytes())
			})
		}
		fits(t, c.name, func(w io.Writer, o Options) error {
			with := c.o
			with.Options = o
			return CadenceText(w, c.result(), with)
		})
	}
}

func TestCadenceJSONHasTheAgreedKeysFirst(t *testing.T) {
	agreed := map[string][]string{
		"":             {"format", "change", "title", "service", "risks", "rhythms", "fastest", "fastest_with_nets", "with", "without", "ignored", "currency", "assumed", "warnings"},
		"rhythms":      {"every", "every_seconds", "per_year", "present", "as_it_stands", "with_nets"},
		"as_it_stands": {"objectives", "pages_per_week", "night_pages_per_week", "manual_hours_per_year", "process_hours_per_year", "people_cost_per_year"},
		"objectives":   {"service", "objective", "window_seconds", "verdict", "met_probability"},
	}
	var b bytes.Buffer
	if err := CadenceJSON(&b, rhythmsOf(asked, nil), ""); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	keys(t, json.NewDecoder(&b), "", got)
	for object, want := range agreed {
		if diff := cmp.Diff(want, got[object][:min(len(want), len(got[object]))]); diff != "" {
			t.Errorf("%q does not begin with the agreed keys (-want +got):\n%s", object, diff)
		}
	}
}

func TestRhythmsAreSaidAsPeopleCount(t *testing.T) {
	for _, c := range []struct {
		days float64
		text string
		want string
	}{
		{1, "1d", "every day"}, {7, "7d", "every week"}, {14, "14d", "every 2 weeks"}, {3, "72h", "every 3 days"}, {91, "13w", "every quarter"},
		{3.5, "3.5d", "every 3.5d"}, {7, "5d..9d", "every 5d..9d"}, {0.5, "12h", "every 12h"},
	} {
		if got := every(&rhythm.Row{Every: c.days * model.Day, Text: c.text}); got != c.want {
			t.Errorf("%s is %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTheSentenceComparesTheNextRhythmThatMatters(t *testing.T) {
	for _, c := range []struct {
		ps   []float64
		want string
	}{
		{[]float64{0.12, 0.55, 0.81, 0.88}, "release every 4 weeks instead of every week, and 99.95% is met in 88% instead of 81% of months; every day it is 12%."},
		{[]float64{0.91, 0.93, 0.95, 0.95}, "release every 2 days instead of every week, and 99.95% is met in 93% instead of 95% of months; every day it is 91%."},
		{[]float64{0.5, 0.5, 0.5, 0.5}, "However often release happens, 99.95% is met in 50% of months."},
		{[]float64{0.4, 0.5, 0.5, 0.5}, "release every day instead of every week, and 99.95% is met in 40% instead of 50% of months."},
	} {
		var b bytes.Buffer
		if err := CadenceMarkdown(&b, rhythmsOf(kept(c.ps...), nil), CadenceOptions{}); err != nil {
			t.Fatal(err)
		}
		if got, _, _ := strings.Cut(b.String(), "\n"); !strings.HasPrefix(got, fmt.Sprintf("**%s**", c.want)) {
			t.Errorf("%v: %s\nwant %s", c.ps, got, c.want)
		}
	}
}

func TestAWriterThatFailsIsReportedByRhythms(t *testing.T) {
	r := rhythmsOf(kept(0.12, 0.55, 0.81, 0.88), nil)
	for name, err := range map[string]error{
		"text":     CadenceText(broken{}, r, CadenceOptions{}),
		"markdown": CadenceMarkdown(broken{}, r, CadenceOptions{}),
		"json":     CadenceJSON(broken{}, r, ""),
	} {
		if err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: got error %v, want that the disk is full", name, err)
		}
	}
}
