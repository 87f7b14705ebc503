package report

import (
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

func TestTimesAreSaidToAFewDigits(t *testing.T) {
	for _, c := range []struct {
		seconds          float64
		about, precisely string
	}{
		{0, "0s", "0s"},
		{0.01, "<0.1s", "0.01s"},
		{0.42, "0.4s", "0.42s"},
		{6.048, "6s", "6.04s"},
		{9.97, "10s", "9.97s"},
		{59.7, "1m", "59.7s"},
		{90, "1m30s", "1m30s"},
		{315.576, "5m16s", "5m15s"},
		{520, "8m40s", "8m40s"},
		{599.9, "10m", "9m59s"},
		{1296, "22m", "21m36s"},
		{3599, "1h", "59m59s"},
		{7500, "2h05m", "2h05m"},
		{86380, "1d", "23h59m"},
		{267840, "3.1d", "3d2h"},
		{31 * model.Day, "31d", "31d"},
		{3 * model.Year, "3y", "1095d18h"},
		{99 * model.Year, "99y", "36159d18h"},
		{123 * model.Year, "120y", "123y"},
		{9000 * model.Year, "9,000y", "9,000y"},
	} {
		if got := about(c.seconds); got != c.about {
			t.Errorf("about(%v) = %q, want %q", c.seconds, got, c.about)
		}
		if got := precisely(c.seconds); got != c.precisely {
			t.Errorf("precisely(%v) = %q, want %q", c.seconds, got, c.precisely)
		}
	}
}

func TestABudgetComputedInBinaryIsNotRoundedBelowItsDecimal(t *testing.T) {
	if got := precisely((1 - 0.9995) * 30 * model.Day); got != "21m36s" {
		t.Errorf("got %q, want 21m36s", got)
	}
}

func TestChancesHaveTheDigitsThatMatter(t *testing.T) {
	for _, c := range []struct {
		p    float64
		want string
	}{
		{0, "<0.01%"}, {1e-13, "<0.01%"}, {0.0004, "0.04%"}, {0.0042, "0.4%"}, {0.02, "2%"}, {0.58123, "58%"},
		{0.9899, "99%"}, {0.9931, "99.3%"}, {0.99927, "99.93%"}, {0.99994, "99.99%"}, {1 - 1e-13, ">99.99%"}, {1, ">99.99%"},
	} {
		if got := chance(c.p); got != c.want {
			t.Errorf("chance(%v) = %q, want %q", c.p, got, c.want)
		}
	}
}

func TestAChanceJustBelowTheConfidenceDoesNotReadTheSame(t *testing.T) {
	for _, c := range []struct {
		p    float64
		want string
	}{{0.8996, "89.96%"}, {0.89999, "89.999%"}, {0.9, "90%"}, {0.88, "88%"}} {
		if got := chanceBeside(c.p, 0.9); got != c.want {
			t.Errorf("chanceBeside(%v) = %q, want %q", c.p, got, c.want)
		}
	}
}

func TestAchievableTargetsAreNeverRoundedUp(t *testing.T) {
	for _, c := range []struct {
		target float64
		want   string
	}{
		{1, "100%"}, {0.99912345, "99.912%"}, {0.99949999, "99.949%"}, {0.9995, "99.95%"}, {0.88, "88%"}, {0.8799, "87%"}, {0, "0%"}, {0.001, "0%"},
	} {
		if got := goodTime(c.target); got != c.want {
			t.Errorf("goodTime(%v) = %q, want %q", c.target, got, c.want)
		}
	}
}

func TestSharesMayExceedTheWhole(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{{0, "0%"}, {0.0004, "<0.1%"}, {0.004, "0.4%"}, {0.41, "41%"}, {2.1, "210%"}, {26.4, "26×"}, {12345, "12,000×"}} {
		if got := share(c.v); got != c.want {
			t.Errorf("share(%v) = %q, want %q", c.v, got, c.want)
		}
	}
}

func TestNumbersHaveTwoDigits(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1.2e-6: "<0.001", 0.00456: "0.0046", 0.056: "0.056", 0.5: "0.5", 2.14: "2.1", 9.96: "10", 52.18: "52", 314: "310", 12345: "12,000", 3.2e7: "32,000,000", 8.52e11: "8.5e11", 9.99e14: "1e15",
	} {
		if got := digits(v); got != want {
			t.Errorf("digits(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestOnlyEnglishWordsGetAPlural(t *testing.T) {
	for name, want := range map[string]string{
		"release": "releases", "deploy": "deploys", "canary": "canary", "patches": "patches", "batch": "batch", "배포": "배포", "v2": "v2", "": "",
	} {
		if got, _ := plural(name); got != want {
			t.Errorf("plural(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestWindowsAreCountedAsPeopleDo(t *testing.T) {
	const day = model.Day
	for _, c := range []struct {
		name             string
		window           float64
		say              string
		p                float64
		kept, also, cell string
	}{
		{"a month", 30 * day, "30d", 0.58, "be met about 7 months in 12", "about 7 in 12", "about 7 months in 12"},
		{"a calendar month", model.Month, "1month", 0.9, "be met about 11 months in 12", "about 11 in 12", "about 11 months in 12"},
		{"four weeks", 28 * day, "28d", 0.58, "be met about 7 months in 12", "about 7 in 12", "about 7 months in 12"},
		{"a week", 7 * day, "7d", 0.5, "be met about 26 weeks in 52", "about 26 in 52", "about 26 weeks in 52"},
		{"a quarter", 90 * day, "90d", 0.75, "be met about 15 quarters in 20", "about 15 in 20", "about 15 quarters in 20"},
		{"a quarter of a year", model.Year / 4, "91.3125d", 0.75, "be met about 15 quarters in 20", "about 15 in 20", "about 15 quarters in 20"},
		{"a year", model.Year, "1y", 0.71, "be met about 7 years in 10", "about 7 in 10", "about 7 years in 10"},
		{"one of ten", model.Year, "1y", 0.1, "be met about 1 year in 10", "about 1 in 10", "about 1 year in 10"},
		{"less than one of ten", model.Year, "1y", 0.08, "hardly ever be met: about once in 13 years", "hardly ever: about once in 13 years", "about once in 13 years"},
		{"less than one of twelve", 30 * day, "30d", 0.05, "hardly ever be met: about 1 month in 20", "hardly ever: about 1 month in 20", "about 1 month in 20"},
		{"one of twelve", 30 * day, "30d", 1.0 / 12, "be met about 1 month in 12", "about 1 in 12", "about 1 month in 12"},
		{"a certainty", 30 * day, "30d", 1, "always be met", "always", "always"},
		{"a fortnight", 14 * day, "14d", 0.71, "be met about 7 in 10 windows of 14d", "about 7 in 10", "about 7 in 10 windows"},
		{"seldom missed", 30 * day, "30d", 0.975, "be met nearly always: missed about 1 month in 40", "nearly always: missed about 1 month in 40", "missed about 1 month in 40"},
		{"missed once in a generation", 30 * day, "30d", 1 - 1/305.0, "be met nearly always: missed about once in 25 years", "nearly always: missed about once in 25 years", "missed about once in 25 years"},
		{"missed once in an era", 30 * day, "30d", 1 - 1e-6, "be met nearly always: missed less than once in 1,000 years", "nearly always: missed less than once in 1,000 years", "practically always"},
		{"a tail that is not resolved", 30 * day, "30d", 1 - 1e-13, "be met nearly always: missed less than 1 time in a trillion", "nearly always: missed less than 1 time in a trillion", "practically always"},
		{"seldom kept", 30 * day, "30d", 0.02, "hardly ever be met: about 1 month in 50", "hardly ever: about 1 month in 50", "about 1 month in 50"},
		{"seldom kept fortnights", 14 * day, "14d", 0.02, "hardly ever be met: about 1 window of 14d in 50", "hardly ever: about 1 window of 14d in 50", "about 1 window in 50"},
		{"kept once in an era", 30 * day, "30d", 1e-7, "hardly ever be met: less than once in 1,000 years", "hardly ever: less than once in 1,000 years", "practically never"},
		{"never", 30 * day, "30d", 0, "never be met", "never", "never"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := cadenceOf(c.window, c.say)
			for _, pair := range [][2]string{{k.Kept(c.p), c.kept}, {k.Briefly(c.p), c.also}, {k.Cell(c.p), c.cell}} {
				if pair[0] != pair[1] {
					t.Errorf("got %q, want %q", pair[0], pair[1])
				}
			}
		})
	}
}

func TestTheBandIsSaidOnlyWhereItCanBeCounted(t *testing.T) {
	month := cadenceOf(thirtyDays, "30d")
	for _, c := range []struct {
		name         string
		low, p, high float64
		want         string
	}{
		{"nothing is unsure", 0.58, 0.58, 0.58, ""},
		{"no month is at stake", 0.57, 0.58, 0.59, ""},
		{"months are at stake", 0.43, 0.58, 0.74, "between 5 and 9 months in 12, given what is unsure"},
		{"hardly ever is none", 0.05, 0.3, 0.4, "between 0 and 5 months in 12, given what is unsure"},
		{"months that are missed", 0.96, 1 - 1/47.0, 0.992, "between 1 in 25 and 1 in 120, given what is unsure"},
		{"months that may be missed often", 0.75, 0.97, 1, "between 3 in 12 and less than 1 in 12,000, given what is unsure"},
		{"years between misses", 0.97, 1 - 1/305.0, 0.9993, "between once in 2.7 years and once in 120 years, given what is unsure"},
		{"months and years between misses", 0.9, 1 - 1/305.0, 0.9999999, "between 1 month in 10 and less than once in 1,000 years, given what is unsure"},
		{"months that are met", 0.005, 0.02, 0.07, "between 1 in 200 and 1 in 14, given what is unsure"},
		{"ends that read the same", 0.979, 0.97905, 0.9791, ""},
		{"a tail that is not resolved", 1 - 1e-12, 1 - 1e-13, 1, ""},
	} {
		if got := month.Band(&forecast.Probability{Low: c.low, Value: c.p, High: c.high}); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
