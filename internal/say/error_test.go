package say

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// doubted is an entry with a chance of so much, over 30 days at 99.9 %.
func doubted(p forecast.Probability) *forecast.Entry {
	target, _ := new(big.Rat).SetString("999/1000")
	return &forecast.Entry{
		Service: "app", Window: 30 * model.Day, WindowSay: "30d", Confidence: 0.9, Met: &p, Verdict: forecast.NotAchievable,
		Objective: &forecast.Objective{Target: forecast.Target{Exact: target, Text: "99.9%"}, Budget: big.NewRat(2592, 1), Confidence: 0.9},
		Mean:      1000, PerYear: 12000, SumMean: 1000, Sources: []*forecast.Source{{Name: "x", PerWindow: 1000}},
		Quantiles: forecast.Quantiles{P90: 2000},
	}
}

func TestErrorsAreToldWhereTheyChangeWhatIsSaid(t *testing.T) {
	sum := 0.71
	for _, c := range []struct {
		name string
		p    forecast.Probability
		want []string
	}{
		{"nothing below a tenth of a percent", forecast.Probability{Value: 0.7346, Error: 5e-4, Model: 4e-4}, nil},
		{"nothing where the same is said anyway", forecast.Probability{Value: 0.73, Error: 1e-3, Model: 1e-3}, nil},
		{"a bound", forecast.Probability{Value: 0.73, Error: 0.0123, Bound: true}, []string{"at most ±1.3% numerically"}},
		{"both figures", forecast.Probability{Value: 0.73, Error: 0.004, Model: 0.008}, []string{
			"about ±0.4% numerically, and about ±0.8%, because incidents are taken to come at any time alike, also while something is down"}},
		{"a verdict that may be the other way", forecast.Probability{Value: 0.897, Model: 0.008}, []string{
			"about ±0.8%, because incidents are taken to come at any time alike, also while something is down",
			"that is as near as the 90% asked for, so the verdict may be the other way"}},
		{"both sides of a jump", forecast.Probability{Value: 0.96, Below: 0.79, Above: 0.96}, []string{
			"the budget is as long as something that happens often: a little less would be met with 79%, a little more with 96%"}},
		{"what was corrected", forecast.Probability{Value: 0.735, Model: 0.02, Sum: &sum}, []string{
			"about ±2%, because incidents are taken to come at any time alike, also while something is down"}},
	} {
		if got := English().Precision(doubted(c.p)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		for _, x := range Korean().Precision(doubted(c.p)) {
			if strings.ContainsAny(x, "{}⟨") {
				t.Errorf("%s: %s", c.name, x)
			}
		}
	}
}

func TestAQuantileThatIsNotWellKnownSaysSo(t *testing.T) {
	e := doubted(forecast.Probability{Value: 0.73})
	e.Quantiles.P90 = 50922
	e.Quantiles.Error.P90 = 2897
	want := []string{"what is not exceeded 9 times in 10 is known to about ±48m"}
	if got := English().Precision(e); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	e.Quantiles.Error.P90 = 500
	if got := English().Precision(e); got != nil {
		t.Errorf("of one percent: %q", got)
	}
}

func TestWhatIsCorrectedSaysWhatTheSumWouldSay(t *testing.T) {
	sum := 0.61
	e := doubted(forecast.Probability{Value: 0.73, Sum: &sum})
	e.Corrected, e.SumMean = true, 1500
	if got, want := English().Corrected(e), "outages at once are counted once; the sources added up would say 61%, and 25m of lost time in 30d"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	e.Corrected = false
	if got := English().Corrected(e); got != "" {
		t.Errorf("of a sum: %q", got)
	}
}

func TestAContradictionIsNeverPraised(t *testing.T) {
	e := doubted(forecast.Probability{Value: 0.99})
	e.Contradicts, e.Verdict = true, forecast.Achievable // as if an engine said both
	e.Suggested = &e.Objective.Target
	e.Warnings = []forecast.Warning{{Code: "overlap", Message: message.Named("x")}, {Code: CodeContradiction, Message: message.Named("y")}}
	for _, l := range []Language{English(), Korean()} {
		verdict, more := l.Headline(e)
		said := verdict + more + l.Could(e) + l.Scoreline([]*forecast.Entry{e})
		for _, wrong := range []string{"would be met with", "met nearly", "99%", "달성됩니다", "약속할 수 있는 수준"} {
			if strings.Contains(said, wrong) {
				t.Errorf("%s: %s", l.Code, said)
			}
		}
		if len(Comparison(e)) > 0 || Sign(e) != "?" || l.Contradiction(e) == "" {
			t.Errorf("%s: targets are held out, or nothing is said", l.Code)
		}
	}
	if told := Told(e); told[0].Code != CodeContradiction {
		t.Error("the contradiction does not come first")
	}
}

func TestQuantileAndBudgetReadAsTheChanceDoes(t *testing.T) {
	for _, c := range []struct {
		q    float64
		want string
	}{
		{2000, "33m or less"}, {2600, "43m20s or less"}, {2592, "43m12s or less"}, {2580, "43m or less"},
		{2592.4, "little more than 43m12s or less"}, {4000, "1h07m or less"},
	} {
		e := doubted(forecast.Probability{Value: 0.9})
		e.Quantiles.P90 = c.q
		if got := English().BadTime(e); !strings.Contains(got, c.want) {
			t.Errorf("q = %g: %q has no %q", c.q, got, c.want)
		}
	}
}

func TestFewSecondsInManyYearsAreToldAsSuch(t *testing.T) {
	for _, c := range []struct {
		bad  float64
		want string
	}{
		{1.9e-9, "a user is served all of the time but 6s in 100 years"},
		{1e-12, "a user is served all of the time but 32s in 1,000,000 years"},
		{3e-7, "a user is served 99.99997% of the time"},
		{1e-19, "a user is served all of the time but less than a second in 100,000,000 years"},
	} {
		e := doubted(forecast.Probability{Value: 1})
		e.Availability = &forecast.Availability{Expected: 1 - c.bad, Unavailable: c.bad, Napkin: 1 - c.bad}
		if got := English().OnAverage(e); got != c.want {
			t.Errorf("%g: %q, want %q", c.bad, got, c.want)
		}
	}
}
