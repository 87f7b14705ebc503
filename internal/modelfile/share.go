package modelfile

import (
	"fmt"
	"math/big"
	"strings"

	"tightrope/internal/model"
)

var (
	hundred = big.NewRat(100, 1)
	one     = big.NewRat(1, 1)
)

// ParseShare reads a share of a whole: 20%, or a range 30%..60% of what it may
// be. 99.95% is exactly 1999/2000. The ends of a range lie strictly between
// 0 % and 100 %, because they are points of a beta distribution.
func ParseShare(s string) (model.Share, error) {
	v, err := parseShare(s)
	return spaced(s, v, err, parseShare)
}

func parseShare(s string) (model.Share, error) {
	v := model.Share{Text: s}
	if !strings.Contains(s, "..") {
		p, err := parsePercent(s)
		if err != nil {
			return model.Share{}, err
		}
		v.Exact = p
		return v, nil
	}
	low, high, err := ends(s, parsePercent)
	switch {
	case err != nil:
		return model.Share{}, err
	case low.Cmp(high) == 0:
		v.Exact = low
	case low.Sign() == 0:
		return model.Share{}, fmt.Errorf("the range %s begins at 0%%, where the 5%% point of a share cannot be; begin above it, for example at 0.1%%", quote(s))
	case high.Cmp(one) == 0:
		return model.Share{}, fmt.Errorf("the range %s ends at 100%%, where the 95%% point of a share cannot be; end below it, for example at 99.9%%", quote(s))
	default:
		v.Kind, v.Low, v.High = model.Between, float(low), float(high)
	}
	return v, nil
}

// parsePercent reads 20% as 1/5.
func parsePercent(s string) (*big.Rat, error) {
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		return nil, fmt.Errorf("expected a share between 0%% and 100%% without a sign, found %s", quote(s))
	}
	digits, ok := strings.CutSuffix(s, "%")
	n, err := parseNumber(digits)
	switch {
	case err != nil:
		return nil, fmt.Errorf("expected a share such as 20%%, found %s", quote(s))
	case !ok && n.Cmp(one) <= 0:
		return nil, fmt.Errorf("%s has no unit; write %s", quote(s), FormatShare(n))
	case !ok:
		return nil, fmt.Errorf("%s has no unit; write %s%%", quote(s), s)
	case n.Cmp(hundred) > 0:
		return nil, fmt.Errorf("a share cannot be above 100%%, found %s", quote(s))
	}
	return n.Quo(n, hundred), nil
}

// ParseTarget reads the target of an objective: a share that is exactly known
// and lies above 0 % and below 100 %.
func ParseTarget(s string) (model.Share, error) {
	v, err := ParseShare(s)
	switch {
	case err != nil:
		return model.Share{}, err
	case strings.Contains(s, ".."):
		return model.Share{}, fmt.Errorf("a target is one share, not a range, found %s", quote(s))
	case v.Exact.Cmp(one) == 0:
		return model.Share{}, fmt.Errorf("a target of 100%% cannot be kept by anything; write one below it, such as 99.9%%")
	case v.Exact.Sign() == 0:
		return model.Share{}, fmt.Errorf("a target of 0%% promises nothing; write one above it, such as 99.9%%")
	}
	return v, nil
}

// ParseConfidence reads a share that is exactly known and lies above 0 % and
// below 100 %.
func ParseConfidence(s string) (model.Share, error) {
	v, err := ParseShare(s)
	if err != nil {
		return model.Share{}, err
	}
	if strings.Contains(s, "..") || v.Exact.Sign() == 0 || v.Exact.Cmp(one) == 0 {
		return model.Share{}, fmt.Errorf("a confidence is one share above 0%% and below 100%%, such as 90%%, found %s", quote(s))
	}
	return v, nil
}

// ParseSigned reads a relative change, which always has a sign: -50%, +30%, or
// a range -50%..-30% whose ends have the same sign. Nothing can shrink by more
// than 100 %.
func ParseSigned(s string) (model.Signed, error) {
	v, err := parseSigned(s)
	return spaced(s, v, err, parseSigned)
}

func parseSigned(s string) (model.Signed, error) {
	v := model.Signed{Text: s}
	a, b, isRange := strings.Cut(s, "..")
	if isRange && !strings.HasSuffix(a, "%") {
		a += "%"
	}
	low, err := parseChange(a)
	if err != nil {
		return model.Signed{}, err
	}
	if !isRange {
		v.Exact = low
		return v, nil
	}
	high, err := parseChange(b)
	if err != nil {
		return model.Signed{}, err
	}
	full := new(big.Rat).Neg(one)
	switch {
	case low.Cmp(high) == 0:
		v.Exact = low
		return v, nil
	case low.Sign() == 0 || high.Sign() == 0 || low.Sign() != high.Sign():
		return model.Signed{}, fmt.Errorf("both ends of %s must have the same sign and not be zero: a change makes things either smaller or larger", quote(s))
	case low.Cmp(full) == 0 || high.Cmp(full) == 0:
		return model.Signed{}, fmt.Errorf("the range %s reaches -100%%, where the 95%% point of a reduction cannot be; end before it, for example at -99.9%%", quote(s))
	case low.Sign() > 0 && low.Cmp(high) > 0:
		return model.Signed{}, fmt.Errorf("the range %s begins above its end; write %s..%s", quote(s), b, a)
	}
	// A reduction reads well either way round: -50%..-30% and -30%..-50%.
	if low.Sign() < 0 && low.Cmp(high) < 0 {
		low, high = high, low
	}
	v.Kind, v.Low, v.High = model.Between, float(low), float(high)
	return v, nil
}

// parseChange reads -50% as −1/2.
func parseChange(s string) (*big.Rat, error) {
	if s == "" || s[0] != '-' && s[0] != '+' {
		if _, err := parsePercent(s); err == nil {
			return nil, fmt.Errorf("a change needs a sign; write -%s for less or +%s for more", s, s)
		}
		return nil, fmt.Errorf("expected a change such as -50%% or +30%%, found %s", quote(s))
	}
	digits, ok := strings.CutSuffix(s[1:], "%")
	n, err := parseNumber(digits)
	if err != nil || !ok {
		return nil, fmt.Errorf("expected a change such as -50%% or +30%%, found %s", quote(s))
	}
	n.Quo(n, hundred)
	if s[0] == '+' {
		return n, nil
	}
	if n.Cmp(one) > 0 {
		return nil, fmt.Errorf("nothing can be reduced by more than 100%%, found %s", quote(s))
	}
	return n.Neg(n), nil
}
