package modelfile

import (
	"fmt"
	"math/big"
	"strings"

	"tightrope/internal/model"
)

// ParseEvery reads how often something happens as the time between: 7d, or a
// range 45d..120d of what it may be, whose ends are the 95th and 5th
// percentiles of the rate.
func ParseEvery(s string) (model.Rate, error) {
	v, err := parseEvery(s)
	return spaced(s, v, err, parseEvery)
}

func parseEvery(s string) (model.Rate, error) {
	switch {
	case strings.HasPrefix(s, "~"), strings.HasPrefix(s, "exp("):
		return model.Rate{}, fmt.Errorf("expected an interval such as 7d or 45d..120d, found %s; how often something happens may be a range, and is random anyway", quote(s))
	case strings.Contains(s, "/"), strings.Contains(s, " in "):
		if _, err := parseRate(s); err == nil {
			return model.Rate{}, fmt.Errorf("expected an interval such as 7d or 45d..120d, found the rate %s; write it under rate", quote(s))
		}
	}
	low, high, err := ends(s, parseLength)
	if err != nil {
		return model.Rate{}, err
	}
	if low.Sign() == 0 {
		return model.Rate{}, fmt.Errorf("an interval must be above zero, found %s", quote(s))
	}
	v := model.Rate{Text: s}
	if low.Cmp(high) == 0 {
		v.Exact = low.Inv(low)
		return v, nil
	}
	v.Kind, v.Low, v.High = model.Between, 1/float(high), 1/float(low)
	return v, nil
}

// ParseRate reads a number of events in a time: 0.3/y, 1.4%/y, a range
// 0.1/y..0.3/y of what it may be, or a count such as `2 in 5y`, whose true
// rate then follows gamma(2.5, 5 y).
func ParseRate(s string) (model.Rate, error) {
	if strings.Contains(s, " in ") {
		return parseCounted(s)
	}
	v, err := parseRate(s)
	return spaced(s, v, err, parseRate)
}

func parseRate(s string) (model.Rate, error) {
	if strings.Contains(s, " in ") {
		return parseCounted(s)
	}
	low, high, err := ends(s, parsePerTime)
	if err != nil {
		return model.Rate{}, err
	}
	v := model.Rate{Text: s}
	switch {
	case low.Cmp(high) == 0:
		v.Exact = low
	case low.Sign() == 0:
		return model.Rate{}, fmt.Errorf("the range %s begins at zero, where the 5%% point of a rate cannot be; begin above it, or say what was seen, such as 0 in 5y", quote(s))
	default:
		v.Kind, v.Low, v.High = model.Between, float(low), float(high)
	}
	return v, nil
}

// parsePerTime reads 0.3/y or 1.4%/y as events per second.
func parsePerTime(s string) (*big.Rat, error) {
	const want = "expected a rate such as 0.3/y, 1.4%/y or 2 in 5y"
	if strings.HasPrefix(s, "-") {
		return nil, fmt.Errorf("a rate cannot be negative, found %s", quote(s))
	}
	number, period, ok := strings.Cut(s, "/")
	if !ok {
		if _, err := parseLength(s); err == nil {
			return nil, fmt.Errorf("%s, found the interval %s; write it under every", want, quote(s))
		}
		if isNumber(s) {
			return nil, fmt.Errorf("%s has no unit; write %s/y for that many a year", quote(s), s)
		}
		return nil, fmt.Errorf("%s, found %s", want, quote(s))
	}
	digits, percent := strings.CutSuffix(number, "%")
	n, err := parseNumber(digits)
	if err != nil {
		return nil, fmt.Errorf("%s, found %s", want, quote(s))
	}
	seconds, err := periodOf(period, s)
	if err != nil {
		return nil, err
	}
	if percent {
		n.Quo(n, hundred)
	}
	return n.Quo(n, new(big.Rat).SetInt64(seconds)), nil
}

func parseCounted(s string) (model.Rate, error) {
	a, b, _ := strings.Cut(s, " in ")
	n, err := parseWhole(a)
	if err != nil {
		return model.Rate{}, fmt.Errorf("expected a count in a time such as 2 in 5y, found %s", quote(s))
	}
	span, err := parseLength(b)
	if err != nil {
		return model.Rate{}, err
	}
	if span.Sign() == 0 {
		return model.Rate{}, fmt.Errorf("nothing can be seen in no time, found %s", quote(s))
	}
	return model.Rate{Kind: model.Counted, Count: float64(n), Span: float(span), Text: s}, nil
}
