package modelfile

import (
	"fmt"
	"math/big"
	"strings"

	"tightrope/internal/model"
)

// A unit of time as written.
type unit struct {
	name    string
	seconds int64
}

// units from long to short, which is also the order in a compound duration.
var units = []unit{
	{"y", model.Year}, {"month", model.Month}, {"w", model.Week}, {"d", model.Day},
	{"h", model.Hour}, {"m", model.Minute}, {"s", model.Second},
}

// otherUnits are the ways in which units are written elsewhere.
var otherUnits = map[string]string{
	"sec": "s", "secs": "s", "second": "s", "seconds": "s", "S": "s",
	"min": "m", "mins": "m", "minute": "m", "minutes": "m",
	"hr": "h", "hrs": "h", "hour": "h", "hours": "h", "H": "h",
	"day": "d", "days": "d", "D": "d",
	"week": "w", "weeks": "w", "wk": "w", "W": "w",
	"mo": "month", "mon": "month", "months": "month", "M": "month (m for minutes)",
	"yr": "y", "yrs": "y", "year": "y", "years": "y", "a": "y", "Y": "y",
	"ms": "s (250ms is 0.25s)", "us": "s", "µs": "s", "ns": "s",
}

// maxYears bounds a length of time.
const maxYears = 10_000

// ParseDuration reads a plain length of time, such as 30d, 1.5h or 1h30m. A
// year is 365.25 d and a month a twelfth of it.
func ParseDuration(s string) (model.Duration, error) {
	d, err := parseLength(s)
	if d, err = spaced(s, d, err, parseLength); err != nil {
		return model.Duration{}, err
	}
	return model.Duration{Exact: d, Text: s}, nil
}

// ParseTime reads a length of time that may differ from incident to incident:
// a plain one, a range 2m..15m (5th and 95th percentiles of a lognormal), ~30m
// (half to double), or exp(30m) (exponential with that mean).
func ParseTime(s string) (model.Time, error) {
	t, err := parseTime(s)
	return spaced(s, t, err, parseTime)
}

func parseTime(s string) (model.Time, error) {
	t := model.Time{Text: s}
	if about, ok := strings.CutPrefix(s, "~"); ok {
		mid, err := parseLength(about)
		if err != nil {
			return model.Time{}, err
		}
		if mid.Sign() == 0 {
			return model.Time{}, fmt.Errorf("%s says nothing: half and double of nothing are nothing; write 0s", quote(s))
		}
		t.Kind, t.Low, t.High = model.LogNormal, float(mid)/2, float(mid)*2
		return t, nil
	}
	if rest, ok := strings.CutPrefix(s, "exp("); ok {
		inner, closed := strings.CutSuffix(rest, ")")
		if !closed {
			return model.Time{}, fmt.Errorf("expected exp(MEAN) such as exp(30m), found %s", quote(s))
		}
		mean, err := parseLength(inner)
		if err != nil {
			return model.Time{}, err
		}
		if mean.Sign() == 0 {
			return model.Time{}, fmt.Errorf("the mean of %s must be above zero", quote(s))
		}
		t.Kind, t.Mean = model.Exponential, float(mean)
		return t, nil
	}
	if !strings.Contains(s, "..") {
		d, err := parseLength(s)
		if err != nil {
			return model.Time{}, err
		}
		t.Exact = d
		return t, nil
	}
	low, high, err := ends(s, parseLength)
	switch {
	case err != nil:
		return model.Time{}, err
	case low.Cmp(high) == 0:
		t.Exact = low
	case low.Sign() == 0:
		return model.Time{}, fmt.Errorf("the range %s begins at zero, which times never reach; begin above it, for example 1s..%s", quote(s), s[strings.Index(s, "..")+2:])
	default:
		t.Kind, t.Low, t.High = model.LogNormal, float(low), float(high)
	}
	return t, nil
}

// parseLength reads one or more numbers with units, from long to short, and
// returns seconds.
func parseLength(s string) (*big.Rat, error) {
	const want = "expected a duration such as 90s, 15m, 2h, 30d or 1h30m"
	if strings.HasPrefix(s, "-") {
		return nil, fmt.Errorf("a duration cannot be negative, found %s", quote(s))
	}
	if isNumber(s) {
		return nil, fmt.Errorf("%s has no unit; write %ss, %sm, %sh or %sd", quote(s), s, s, s, s)
	}
	total := new(big.Rat)
	rest, after := s, -1
	for first := true; first || rest != ""; first = false {
		number, tail := cutNumber(rest)
		n, err := parseNumber(number)
		if err != nil {
			return nil, fmt.Errorf("%s, found %s", want, quote(s))
		}
		word, tail := cutWord(tail)
		k, err := unitOf(word, s)
		if err != nil {
			return nil, err
		}
		if k <= after {
			return nil, fmt.Errorf("the units of %s must go from long to short, each once, as in 1d12h30m", quote(s))
		}
		total.Add(total, n.Mul(n, new(big.Rat).SetInt64(units[k].seconds)))
		rest, after = tail, k
	}
	if total.Cmp(new(big.Rat).SetInt64(maxYears*model.Year)) > 0 {
		return nil, fmt.Errorf("expected at most %d years, found %s", maxYears, quote(s))
	}
	return total, nil
}

// cutWord splits s before the next digit, underscore, point or space.
func cutWord(s string) (word, rest string) {
	end := strings.IndexAny(s, "0123456789._ ")
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:]
}

// unitOf returns the index of a unit in units.
func unitOf(name, in string) (int, error) {
	for k := range units {
		if units[k].name == name {
			return k, nil
		}
	}
	if better, ok := otherUnits[name]; ok {
		return 0, fmt.Errorf("unknown unit %s in %s; write %s", quote(name), quote(in), better)
	}
	if name == "" {
		return 0, fmt.Errorf("%s lacks a unit; the units are s, m, h, d, w, month and y", quote(in))
	}
	return 0, fmt.Errorf("unknown unit %s in %s; the units are s, m, h, d, w, month and y", quote(name), quote(in))
}

// periodOf returns the seconds of the period in "/d".
func periodOf(name, in string) (int64, error) {
	k, err := unitOf(name, in)
	if err != nil {
		return 0, err
	}
	return units[k].seconds, nil
}
