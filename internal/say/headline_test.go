package say

import (
	"math"
	"math/big"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// promised is an entry whose promise is met with that chance; nine in ten, or
// another confidence, are asked for.
func promised(window float64, written string, met, confidence float64) *forecast.Entry {
	e := &forecast.Entry{
		Service: "app", Window: window, WindowSay: written, Confidence: confidence, Verdict: forecast.NotAchievable,
		Objective: &forecast.Objective{Target: forecast.Target{Exact: big.NewRat(9995, 10000), Text: "99.95%"}, Budget: big.NewRat(15778, 1)},
		Met:       &forecast.Probability{Value: met, Low: met, High: met},
		Sources:   []*forecast.Source{{Name: "crash", PerWindow: 100}},
	}
	if met >= confidence {
		e.Verdict = forecast.Achievable
	}
	return e
}

func TestAVerdictThatRoundsToWhatIsAskedForSaysTheChance(t *testing.T) {
	for _, c := range []struct {
		window          float64
		written         string
		met, confidence float64
		english, korean string
	}{
		{model.Year, "1y", 0.87, 0.9, "99.95% over 1y would be met about 8½ years in 10.", "1년 기준 99.95% 목표는 10년 중 약 8.5년 달성됩니다."},
		{model.Year, "1y", 0.8997, 0.9, "99.95% over 1y would be met about 8½ years in 10: with a chance of 89.97%, and 90% is asked for.",
			"1년 기준 99.95% 목표는 10년 중 약 8.5년 달성됩니다. 확률은 89.97%로, 요구된 90%에 미치지 못합니다."},
		{30 * model.Day, "30d", 0.985, 0.99, "99.95% over 30d would be met nearly always: missed about 1 month in 67. Its chance is 98%, and 99% is asked for.",
			"30일 기준 99.95% 목표는 거의 항상 달성되고, 미달은 약 67개월에 한 번입니다. 확률은 98%로, 요구된 99%에 미치지 못합니다."},
		{30 * model.Day, "30d", 0.85, 0.9, "99.95% over 30d would be met about 10 months in 12.", "30일 기준 99.95% 목표는 12개월 중 약 10개월 달성됩니다."},
		{model.Year, "1y", 0.91, 0.9, "99.95% over 1y would be met about 9 years in 10.", "1년 기준 99.95% 목표는 10년 중 약 9년 달성됩니다."},
		{model.Year / 4, "91.3125d", 0.97, 0.9, "99.95% over a quarter would be met about 19½ quarters in 20.", "한 분기 기준 99.95% 목표는 20분기 중 약 19.5분기 달성됩니다."},
	} {
		e := promised(c.window, c.written, c.met, c.confidence)
		if got := English().Verdict(e); got != c.english {
			t.Errorf("%q, want %q", got, c.english)
		}
		if got := Korean().Verdict(e); got != c.korean {
			t.Errorf("%q, want %q", got, c.korean)
		}
	}
}

// Whatever the window, the confidence and the language, a chance that is enough is
// never said in the words of one that is not.
func TestWhatIsEnoughNeverReadsLikeWhatIsNot(t *testing.T) {
	chances := []float64{0, 1e-9, 1e-4, 0.02, 0.07, 0.08, 0.3, 0.5, 0.7, 0.79, 0.85, 0.87}
	for p := 0.88; p < 1; p += 0.0003 {
		chances = append(chances, p)
	}
	for _, l := range []Language{English(), Korean()} {
		for _, days := range []float64{1, 7, 14, 30, 91.3125, 365.25} {
			for _, confidence := range []float64{0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999} {
				c := l.Cadence(days*model.Day, "1w").Against(confidence)
				for name, words := range map[string]func(float64) string{"Kept": c.Kept, "Cell": c.Cell, "Briefly": c.Briefly, "BeKept": c.BeKept} {
					short := map[string]float64{}
					for _, p := range append(chances, confidence, math.Nextafter(confidence, 0), confidence-1e-5, confidence+1e-5) {
						if p < confidence {
							short[words(p)] = p
						}
					}
					for _, p := range append(chances, confidence, confidence+1e-5, math.Nextafter(confidence, 1)) {
						if q, same := short[words(p)]; same && p >= confidence {
							t.Fatalf("%s, %s, %g days, %g asked for: %g and %g are both %q", l.Code, name, days, confidence, q, p, words(p))
						}
					}
				}
			}
		}
	}
	month := English().Cadence(30*model.Day, "30d")
	if a, b := month.Kept(0.79), month.Kept(0.87); a != "be met about 9½ months in 12" || b != "be met about 10½ months in 12" {
		t.Errorf("%q and %q", a, b)
	}
}

func TestOneObjectiveIsNotSaidToBeNoneOfOne(t *testing.T) {
	kept, missed := promised(model.Year, "1y", 0.95, 0.9), promised(model.Year, "1y", 0.5, 0.9)
	for _, c := range []struct {
		of   []*forecast.Entry
		want string
	}{
		{[]*forecast.Entry{kept}, "The one objective would be met with the confidence asked for."},
		{[]*forecast.Entry{missed}, "The one objective would not be met with the confidence asked for."},
		{[]*forecast.Entry{missed, missed}, "None of 2 objectives would be met with the confidence asked for."},
		{[]*forecast.Entry{missed, kept}, "1 of 2 objectives would be met with the confidence asked for."},
	} {
		if got := English().Scoreline(c.of); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestAWordMayDependOnANumber(t *testing.T) {
	for _, c := range []struct{ kept, missed, want string }{
		{"9", "1", "Out of 10 years, about 9 are expected to meet the promise and 1 is not."},
		{"1", "9", "Out of 10 years, about 1 is expected to meet the promise and 9 are not."},
	} {
		if got := English().Say("answer.counts", "of", "10", "unit", "years", "kept", c.kept, "missed", c.missed); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestAWindowIsSaidAsPeopleDo(t *testing.T) {
	for text, want := range map[string]string{"91.3125d": "a quarter", "30.4375d": "a month", "90d": "90d", "1.5d": "1.5d", "1y": "1y"} {
		if got := English().Window(text); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
	for want, c := range map[string]Cadence{
		"a year": English().Cadence(model.Year, "1y"), "a month (30d)": English().Cadence(30*model.Day, "30d"), "a week": English().Cadence(model.Week, "7d"),
		"a quarter": English().Cadence(model.Year/4, "91.3125d"), "a quarter (90d)": English().Cadence(90*model.Day, "90d"), "14d": English().Cadence(14*model.Day, "14d"),
	} {
		if got := c.Window(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
