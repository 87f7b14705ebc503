package modelfile

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tightrope/internal/model"
)

func show(kind model.KnowledgeKind, exact *big.Rat, low, high float64) string {
	if kind == model.Between {
		return fmt.Sprintf("%.6g..%.6g", low, high)
	}
	return exact.RatString()
}

// scalarParsers are the exported parsers, each with its value as a text, by
// the name that the schema has for the scalar.
var scalarParsers = map[string]func(string) (string, error){
	"duration": func(s string) (string, error) {
		v, err := ParseDuration(s)
		return v.Rat().RatString(), err
	},
	"time": func(s string) (string, error) {
		v, err := ParseTime(s)
		switch v.Kind {
		case model.LogNormal:
			return fmt.Sprintf("lognormal %.6g..%.6g", v.Low, v.High), err
		case model.Exponential:
			return fmt.Sprintf("exponential %.6g", v.Mean), err
		}
		return v.Length().RatString(), err
	},
	"share":      func(s string) (string, error) { return showShare(ParseShare(s)) },
	"target":     func(s string) (string, error) { return showShare(ParseTarget(s)) },
	"confidence": func(s string) (string, error) { return showShare(ParseConfidence(s)) },
	"signed": func(s string) (string, error) {
		v, err := ParseSigned(s)
		if err != nil {
			return "", err
		}
		return show(v.Kind, v.Exact, v.Low, v.High), nil
	},
	"rate":     func(s string) (string, error) { return showRate(ParseRate(s)) },
	"interval": func(s string) (string, error) { return showRate(ParseEvery(s)) },
	"currency": func(s string) (string, error) {
		v, err := ParseCurrency(s)
		return v.S, err
	},
	"amount": func(s string) (string, error) {
		v, err := ParseAmount(s)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s per %g", show(v.Kind, v.Exact, v.Low, v.High), v.Per), nil
	},
	"effort": func(s string) (string, error) {
		v, err := ParseEffort(s)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("%s per %g", show(v.Kind, v.Exact, v.Low, v.High), v.Per), nil
	},
	"count": func(s string) (string, error) {
		v, err := ParseCount(s)
		return fmt.Sprint(v.N), err
	},
	"more": func(s string) (string, error) {
		v, err := ParseMore(s)
		return fmt.Sprint(v.N), err
	},
	"date": func(s string) (string, error) {
		v, err := ParseDate(s)
		return fmt.Sprint(v.Year, v.Month, v.Day), err
	},
	"query": func(s string) (string, error) {
		v, err := ParseQuery(s)
		return v.S, err
	},
	"metric": func(s string) (string, error) {
		v, err := ParseMetric(s)
		return v.S, err
	},
	"missed": func(s string) (string, error) {
		v, err := ParseMissed(s)
		return fmt.Sprint(v.N, v.Of), err
	},
	"stage": func(s string) (string, error) {
		v, err := ParseStage(s)
		if err != nil {
			return "", err
		}
		if v.For == nil {
			return v.Share.Exact.RatString(), nil
		}
		return v.Share.Exact.RatString() + " for " + v.For.Exact.RatString(), nil
	},
	"condition": func(s string) (string, error) {
		v, err := ParseCondition(s)
		if err != nil {
			return "", err
		}
		out := fmt.Sprintf("kind %d length %s strict %t", v.Kind, v.Length.Rat().RatString(), v.Strict)
		if v.Kind == model.ClauseAvailability {
			out += " below " + v.Below.Exact.RatString()
		}
		if v.Over != nil {
			out += " over " + v.Over.Exact.RatString()
		}
		return out, nil
	},
	"edge": func(s string) (string, error) {
		a, b, err := ParseEdge(s)
		return a + " to " + b, err
	},
	"name": ParseName,
	"text": func(s string) (string, error) {
		v, err := parseText(s)
		return v.S, err
	},
	"bool": func(s string) (string, error) {
		v, err := parseBool(s)
		return fmt.Sprint(v), err
	},
	"version": func(s string) (string, error) {
		v, err := parseVersion(s)
		return fmt.Sprint(v), err
	},
	"revenue-share": func(s string) (string, error) {
		v, ok, err := shareOfRevenue(s)
		if !ok && err == nil {
			err = fmt.Errorf("no share of the revenue")
		}
		return showShare(v, err)
	},
}

func showShare(v model.Share, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return show(v.Kind, v.Exact, v.Low, v.High), nil
}

func showRate(v model.Rate, err error) (string, error) {
	if err != nil {
		return "", err
	}
	if v.Kind == model.Counted {
		return fmt.Sprintf("%g in %g", v.Count, v.Span), nil
	}
	return show(v.Kind, v.Exact, v.Low, v.High), nil
}

func TestScalarsAreUnderstood(t *testing.T) {
	for _, c := range []struct{ kind, text, want string }{
		{"duration", "0s", "0"},
		{"duration", "90s", "90"},
		{"duration", "1h30m", "5400"},
		{"duration", "1.5h", "5400"},
		{"duration", "1y2month3w4d5h6m7s", "38995567"},
		{"duration", "0.25s", "1/4"},
		{"duration", "1y", "31557600"},
		{"duration", "1month", "2629800"},
		{"duration", "1_000d", "86400000"},
		{"time", "5m", "300"},
		{"time", "0s", "0"},
		{"time", "2m..15m", "lognormal 120..900"},
		{"time", "2..15m", "lognormal 120..900"},
		{"time", "30s..2m", "lognormal 30..120"},
		{"time", "1..2month", "lognormal 2.6298e+06..5.2596e+06"},
		{"time", "~30m", "lognormal 900..3600"},
		{"time", "exp(30m)", "exponential 1800"},
		{"time", "5m..300s", "300"},
		{"share", "99.95%", "1999/2000"},
		{"share", "0%", "0"},
		{"share", "100%", "1"},
		{"share", "2%..6%", "0.02..0.06"},
		{"share", "30..60%", "0.3..0.6"},
		{"share", "20%..20%", "1/5"},
		{"share", "0%..0%", "0"},
		{"target", "99.999%", "99999/100000"},
		{"confidence", "90%", "9/10"},
		{"signed", "-50%", "-1/2"},
		{"signed", "+30%", "3/10"},
		{"signed", "-100%", "-1"},
		{"signed", "+300%", "3"},
		{"signed", "-50%..-30%", "-0.3..-0.5"},
		{"signed", "-30%..-50%", "-0.3..-0.5"},
		{"signed", "+10%..+30%", "0.1..0.3"},
		{"signed", "+10..+30%", "0.1..0.3"},
		{"rate", "1.4%/y", "7/15778800000"},
		{"rate", "2/w", "1/302400"},
		{"rate", "0/y", "0"},
		{"rate", "0.1/y..0.3/y", "3.16881e-09..9.50643e-09"},
		{"rate", "0.1..0.3/y", "3.16881e-09..9.50643e-09"},
		{"rate", "1..3%/y", "3.16881e-10..9.50643e-10"},
		{"rate", "1%..3%/y", "3.16881e-10..9.50643e-10"},
		{"rate", "2 in 5y", "2 in 1.57788e+08"},
		{"rate", "0 in 365d", "0 in 3.1536e+07"},
		{"interval", "7d", "1/604800"},
		{"interval", "45d..120d", "9.64506e-08..2.57202e-07"},
		{"interval", "45..120d", "9.64506e-08..2.57202e-07"},
		{"currency", "KRW", "KRW"},
		{"currency", "US$", "US$"},
		{"currency", "€", "€"},
		{"currency", "원", "원"},
		{"amount", "40_000_000", "40000000 per 0"},
		{"amount", "40_000_000/d", "40000000 per 86400"},
		{"amount", "0.5/month", "1/2 per 2.6298e+06"},
		{"amount", "1_000..2_000/d", "1000..2000 per 86400"},
		{"amount", "1_000/d..2_000/d", "1000..2000 per 86400"},
		{"effort", "15 person-days", "15 per 0"},
		{"effort", "1 person-day/month", "1 per 2.6298e+06"},
		{"effort", "10..15 person-days", "10..15 per 0"},
		{"count", "300_000", "300000"},
		{"more", "+2", "2"},
		{"more", "-1", "-1"},
		{"date", "2026-11-22", "2026 11 22"},
		{"missed", "3 of 12", "3 12"},
		{"stage", "5% for 10m", "1/20 for 600"},
		{"stage", "100%", "1"},
		{"condition", "outage >= 3h", "kind 0 length 10800 strict false"},
		{"condition", "downtime > 6h over 30d", "kind 1 length 21600 strict true over 2592000"},
		{"condition", "availability < 99.5% over 30d", "kind 2 length 0 strict true below 199/200 over 2592000"},
		{"edge", "booking -> search", "booking to search"},
		{"name", "예약-2.1_b", "예약-2.1_b"},
		{"revenue-share", "10% of revenue", "1/10"},
	} {
		t.Run(c.kind+" "+c.text, func(t *testing.T) {
			got, err := scalarParsers[c.kind](c.text)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// What is refused here has no case of its own among the problems.
func TestScalarsAreRefused(t *testing.T) {
	for _, c := range []struct{ kind, text, say string }{
		{"duration", "", "expected a duration"},
		{"duration", "h", "expected a duration"},
		{"duration", "1__0s", "expected a duration"},
		{"duration", "_1s", "expected a duration"},
		{"duration", "1_s", "expected a duration"},
		{"duration", ".5h", "expected a duration"},
		{"duration", "5.h", "expected a duration"},
		{"duration", "1e3s", "unknown unit"},
		{"duration", "1h30", "lacks a unit"},
		{"duration", "1h1h", "from long to short"},
		{"duration", "250ms", "0.25s"},
		{"duration", "6months", "write month"},
		{"duration", "20_000y", "at most 10000 years"},
		{"duration", "2m..15m", "expected a duration"},
		{"time", "2..1h30m", "has no unit"},
		{"time", "~", "expected a duration"},
		{"time", "~2m..3m", "expected a duration"},
		{"time", "1m...3m", "expected a duration"},
		{"share", strings.Repeat("9", 50) + "%", "expected a share"},
		{"share", "%", "expected a share"},
		{"share", "+20%", "without a sign"},
		{"share", "20 %", "write 20%"},
		{"target", "0.999", "write 99.9%"},
		{"signed", "half", "such as -50%"},
		{"signed", "-0.5", "such as -50%"},
		{"signed", "+0%..+5%", "same sign"},
		{"signed", "+50%..+10%", "begins above"},
		{"rate", "-1/y", "negative"},
		{"rate", "5/week", "write w"},
		{"rate", "1.5 in 5y", "count in a time"},
		{"rate", "2 in 5", "has no unit"},
		{"rate", "abc", "expected a rate"},
		{"rate", "2 per year", "expected a rate"},
		{"interval", "120d..45d", "begins above"},
		{"currency", "12", "expected a currency such as KRW"},
		{"currency", "12 KRW", "expected a currency such as KRW"},
		{"currency", "True", "expected a currency such as KRW"},
		{"currency", "", "expected a currency such as KRW"},
		{"amount", "-5", "cannot be negative"},
		{"amount", "5 k", "expected an amount"},
		{"amount", "1억", "write 100_000_000"},
		{"amount", "5/d..6/w", "expected an amount"},
		{"amount", "0..5", "begins at zero"},
		{"effort", "15", "expected an effort"},
		{"effort", "x person-days", "expected an effort"},
		{"effort", "15 person-daysx", "expected an effort"},
		{"count", "-1", "negative"},
		{"count", "3_000_000_000", "up to"},
		{"more", "+x", "more or fewer"},
		{"missed", "3/12", "3 of 12"},
		{"missed", "0 of 0", "at least one"},
		{"stage", "5% for 0s", "longer"},
		{"stage", "5% for", "expected a stage"},
		{"condition", "outage <= 3h", "expected outage"},
		{"condition", "downtime >= 0s over 30d", "always there"},
		{"condition", "downtime >= 1h over 0s", "above zero"},
		{"condition", "availability > 99% over 30d", "expected outage"},
		{"condition", "availability < 100% over 30d", "100%"},
		{"condition", "latency >= 3s over 30d", "expected outage"},
		{"condition", "downtime >= 1h in 30d", "expected outage"},
		{"edge", "a ->", "nothing"},
		{"edge", "a b -> c", "made of letters"},
		{"name", "", "nothing"},
	} {
		t.Run(c.kind+" "+c.text, func(t *testing.T) {
			got, err := scalarParsers[c.kind](c.text)
			if err == nil {
				t.Fatalf("understood as %s", got)
			}
			if !strings.Contains(err.Error(), c.say) {
				t.Errorf("%q does not say %q", err, c.say)
			}
		})
	}
}

// A range that an end has no unit in is told by its other end, never guessed:
// both spellings mean the same.
func TestAShortRangeMeansTheLongOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.IntRange(1, 50).Draw(t, "low")
		high := low + rapid.IntRange(0, 50).Draw(t, "more")
		unit := rapid.SampledFrom([]string{"s", "m", "h", "d", "w", "month", "y"}).Draw(t, "unit")
		short, err := scalarParsers["time"](fmt.Sprintf("%d..%d%s", low, high, unit))
		if err != nil {
			t.Fatal(err)
		}
		long, err := scalarParsers["time"](fmt.Sprintf("%d%s..%d%s", low, unit, high, unit))
		if err != nil || short != long {
			t.Fatalf("%s is not %s (%v)", short, long, err)
		}
	})
}

func TestWhatIsFormattedIsReadBack(t *testing.T) {
	decimal := func(t *rapid.T, most int64) *big.Rat {
		places := rapid.SampledFrom([]int64{1, 1, 10, 100, 1000, 1_000_000}).Draw(t, "places")
		return big.NewRat(rapid.Int64Range(0, most).Draw(t, "digits"), places)
	}
	t.Run("durations", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			r := decimal(t, 1e11)
			text := FormatDuration(r)
			if v, err := ParseDuration(text); err != nil || v.Exact.Cmp(r) != 0 {
				t.Fatalf("%s s is %s, which reads as %s (%v)", r, text, v.Exact, err)
			}
		})
	})
	t.Run("shares", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			r := big.NewRat(rapid.Int64Range(0, 1e9).Draw(t, "share"), 1e9)
			text := FormatShare(r)
			if v, err := ParseShare(text); err != nil || v.Exact.Cmp(r) != 0 {
				t.Fatalf("%s is %s, which reads as %s (%v)", r, text, v.Exact, err)
			}
		})
	})
	t.Run("amounts", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			r := decimal(t, 1e15)
			text := FormatNumber(r)
			if v, err := ParseAmount(text); err != nil || v.Exact.Cmp(r) != 0 {
				t.Fatalf("%s is %s, which reads as %s (%v)", r, text, v.Exact, err)
			}
		})
	})
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{FormatDuration(big.NewRat(5400, 1)), "1h30m"},
		{FormatDuration(big.NewRat(30*model.Day, 1)), "30d"},
		{FormatDuration(big.NewRat(365*model.Day, 1)), "365d"},
		{FormatDuration(big.NewRat(2*model.Year, 1)), "2y"},
		{FormatDuration(big.NewRat(1, 3)), "0.333333333333s"},
		{FormatDuration(big.NewRat(365250, 8)), "12h40m56.25s"},
		{FormatShare(big.NewRat(1999, 2000)), "99.95%"},
		{FormatShare(big.NewRat(1, 1)), "100%"},
		{FormatNumber(big.NewRat(40_000_000, 1)), "40_000_000"},
		{FormatNumber(big.NewRat(-1500, 1)), "-1_500"},
		{FormatNumber(big.NewRat(12345, 10)), "1_234.5"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestTimesAndNamesAreToldApart(t *testing.T) {
	for text, time := range map[string]bool{
		"5m": true, "5min": true, "1h30m": true, "2m..15m": true, "2..15x": true, "~30m": true, "exp(1h)": true,
		"5": true, "-5m": true, "1 h": true, "1.5h": true,
		"alarm": false, "24h-watch": false, "2h_backup": false, "3d-scan": false, "": false, "h": false, "experts": false, "1st-line": false,
	} {
		if got := looksLikeTime(text); got != time {
			t.Errorf("%q is a time: %t", text, got)
		}
	}
}

// FuzzScalar gives every parser any text: none may panic, every error says
// something on one line, and the schema takes what a parser takes.
func FuzzScalar(f *testing.F) {
	for _, form := range scalarForms {
		for _, example := range form.examples {
			f.Add(example)
		}
	}
	for _, s := range []string{"", "~", "..", "exp(", "1e9", "-5", "0.1.2", "1..2..3", "٣d", "5%%", "1/0y", " in ", "->"} {
		f.Add(s)
	}
	patterns := scalarPatterns(f)
	f.Fuzz(func(t *testing.T, s string) {
		for name, parse := range scalarParsers {
			v, err := parse(s)
			switch {
			case err == nil && v == "" && name != "edge":
				t.Errorf("%s %q is understood as nothing", name, s)
			case err == nil && utf8.ValidString(s) && patterns[name] != nil && !patterns[name].MatchString(s):
				t.Errorf("%s %q is understood and does not match %s", name, s, patterns[name])
			case err != nil && (err.Error() == "" || strings.HasSuffix(err.Error(), ".") && !strings.HasSuffix(s, ".")):
				t.Errorf("%s %q: error %q", name, s, err)
			}
		}
	})
}
