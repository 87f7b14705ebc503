package report

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
)

// blank is a service of which the model says nothing.
func blank(name string, o *forecast.Objective, line int) *forecast.Entry {
	e := &forecast.Entry{
		Service: name, Pos: at("model.yaml", line, 3), Objective: o, Window: thirtyDays, WindowSay: "30d", None: 1,
		Achievable: 1, Suggested: ref(target("99.9999%")), Usual: []forecast.Chance{odds("99.9995%", thirtyDays, 1), odds("99.9999%", thirtyDays, 1)},
		Warnings: []forecast.Warning{{Code: "nothing-known", Of: scenario.ServiceID(name), Message: message.Named("nothing reaches " + name), Pos: at("model.yaml", line, 3)}},
	}
	if o != nil {
		e.Met = sure(1)
	}
	return filled(e)
}

// unknown is services of which nothing is known, beside two that are.
func unknown() *forecast.Result {
	r := mixed()
	r.Entries = append(r.Entries[:2:2], blank("a", objective("99.9%", thirtyDays), 7), blank("b", nil, 8))
	return r
}

// strange is one service of which nothing is known, held against targets.
func strange() *forecast.Result {
	e := blank("a", objective("99.9%", thirtyDays), 7)
	e.Compare = []forecast.Chance{odds("99%", thirtyDays, 1), odds("99.9%", thirtyDays, 1)}
	return &forecast.Result{Entries: []*forecast.Entry{e}}
}

// certainly is a promise that only background errors and planned work spend.
func certainly() *forecast.Result {
	return &forecast.Result{Entries: []*forecast.Entry{filled(&forecast.Entry{
		Service: "a", Objective: objective("99.9%", thirtyDays), Window: thirtyDays, WindowSay: "30d", Met: sure(1),
		Quantiles: forecast.Quantiles{P50: 1336, P80: 1346, P90: 1346, P95: 1346, P99: 1346}, Achievable: 1 - 1346.0/thirtyDays, Suggested: ref(target("99.9%")),
		Usual: []forecast.Chance{odds("99.8%", thirtyDays, 1), odds("99.9%", thirtyDays, 1), odds("99.95%", thirtyDays, 0)},
		Sources: []*forecast.Source{
			{Name: "background", Kind: forecast.BackgroundSource, PerWindow: 1296, Certain: 1296},
			{Name: "release", Kind: forecast.ChangeSource, IncidentsPerYear: 52.178571, Recover: 10, PerIncident: 10, Certain: 40, FixedLength: true},
		},
	})}}
}

// excessive has numbers and a name that no column was made for.
func excessive() *forecast.Result {
	return &forecast.Result{Entries: []*forecast.Entry{filled(&forecast.Entry{
		Service: "a", Objective: objective("99.9%", thirtyDays), Window: thirtyDays, WindowSay: "30d", Met: unsure(0.01, 0.05, 0.1),
		Achievable: 0,
		Sources: []*forecast.Source{
			{Name: strings.Repeat("배포가예약을망가뜨림", 6), Title: model.One(strings.Repeat("아주긴제목", 12)), Kind: forecast.RiskSource, IncidentsPerYear: model.Year, Detect: 9000 * model.Year, Acknowledge: 9000 * model.Year, Recover: 9000 * model.Year, PerIncident: 27000 * model.Year, FixedLength: true, Room: ref(0)},
			{Name: "never", Kind: forecast.RiskSource, Detect: 9000 * model.Year, Recover: 1, PerIncident: 9000 * model.Year, Room: ref(0)},
		},
	})}}
}

func TestNobodyIsPraisedForWhatNobodyKnows(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"text":     func(w io.Writer) error { return Text(w, strange(), Options{}) },
		"markdown": func(w io.Writer) error { return Markdown(w, strange(), Options{}) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(strings.Fields(b.String()), " ")
		if !strings.Contains(got, "a: nothing is listed that could go wrong, so whether 99.9% over 30d can be met is unknown.") {
			t.Errorf("%s does not begin with what is unknown:\n%s", name, b.String())
		}
		for _, praise := range []string{"✓", "always", "trillion", "99.99", "no lost time", "suggested"} {
			if strings.Contains(got, praise) {
				t.Errorf("%s says %q of a service of which nothing is known:\n%s", name, praise, b.String())
			}
		}
	}
}

func TestAScoreDoesNotCountWhatIsUnknownAsKept(t *testing.T) {
	promised := objective("99.9%", thirtyDays)
	a, b := blank("a", promised, 7), blank("b", promised, 8)
	kept, missed := mixed().Entries[0], mixed().Entries[2]
	for want, entries := range map[string][]*forecast.Entry{
		"Whether any of 2 objectives would be met is unknown.":                                               {a, b},
		"1 of 3 objectives would be met with the confidence asked for, 0 would not, and of 2 it is unknown.": {a, kept, b},
		"0 of 2 objectives would be met with the confidence asked for, 1 would not, and of 1 it is unknown.": {a, missed},
		"All 2 objectives would be met with the confidence asked for.":                                       {kept, kept},
		"None of 2 objectives would be met with the confidence asked for.":                                   {missed, missed},
		"1 of 2 objectives would be met with the confidence asked for.":                                      {kept, missed},
	} {
		if got := scoreline(outline{promised: entries}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestOnlyWhatChanceHasNoSayInIsCertain(t *testing.T) {
	background := &forecast.Source{Kind: forecast.BackgroundSource, PerWindow: 100, Certain: 100}
	release := &forecast.Source{Kind: forecast.ChangeSource, PerWindow: 43, Certain: 40, PerIncident: 10, FixedLength: true}
	varying := &forecast.Source{Kind: forecast.ChangeSource, PerWindow: 43, PerIncident: 10}
	risk := &forecast.Source{Kind: forecast.RiskSource, PerWindow: 1e-9, PerIncident: 10}
	for _, c := range []struct {
		name    string
		sources []*forecast.Source
		unsure  bool
		budget  float64
		p       float64
		certain bool
	}{
		{"nothing happens", nil, false, 1, 1, true},
		{"background just within the budget", []*forecast.Source{background}, false, 100, 1, true},
		{"background beyond the budget", []*forecast.Source{background}, false, 99, 0, false},
		{"one release more still fits", []*forecast.Source{background, release}, false, 150, 1, true},
		{"one release more does not fit", []*forecast.Source{release}, false, 49, 1 - 1e-13, false},
		{"a rhythm that is not known", []*forecast.Source{release}, true, 1000, 1, false},
		{"releases of varying length", []*forecast.Source{varying}, false, 1000, 1, false},
		{"a risk, however small", []*forecast.Source{background, risk}, false, 1e6, 1, false},
	} {
		e := &forecast.Entry{Sources: c.sources}
		if c.unsure {
			e.Unsure = []forecast.Unsure{{}}
		}
		got := say.OddsOf(e, c.budget, c.p)
		if (got == 1) != c.certain || math.Abs(got-c.p) > 1e-12 {
			t.Errorf("%s: got %v of %v, want a certainty: %v", c.name, got, c.p, c.certain)
		}
	}
}
