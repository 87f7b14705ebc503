package modelfile

import (
	"fmt"
	"math/big"
	"strings"
	"unicode"

	"tightrope/internal/model"
)

// ParseAmount reads money: 40_000_000, with a period 40_000_000/d, or a range
// 1_000..2_000/d of what it may be. The currency is the model's.
func ParseAmount(s string) (model.Amount, error) {
	v, err := parseAmount(s)
	return spaced(s, v, err, parseAmount)
}

func parseAmount(s string) (model.Amount, error) {
	q, err := parseQuantity(s, s, "an amount such as 40_000_000 or 40_000_000/d")
	if err != nil {
		return model.Amount{}, err
	}
	return model.Amount{Kind: q.kind, Exact: q.exact, Low: q.low, High: q.high, Per: q.per, Text: s}, nil
}

// ParseCurrency reads in what money is counted: letters or a currency sign.
func ParseCurrency(s string) (model.Text, error) {
	other := func(c rune) bool { return !unicode.In(c, unicode.L, unicode.M, unicode.Sc) }
	// YAML reads these as truth values where they stand without quotes.
	if truth := strings.EqualFold(s, "true") || strings.EqualFold(s, "false"); s == "" || truth || strings.ContainsFunc(s, other) {
		return model.Text{}, fmt.Errorf("expected a currency such as KRW, found %s", quote(s))
	}
	return model.Text{S: s}, nil
}

// ParseEffort reads work by people: `15 person-days`, `8 person-days/month`, or
// a range `10..15 person-days` of what it may be.
func ParseEffort(s string) (model.Effort, error) {
	const want = "an effort such as 15 person-days or 8 person-days/month"
	digits, period, ok := cutPersonDays(s)
	if !ok {
		return model.Effort{}, fmt.Errorf("expected %s, found %s", want, quote(s))
	}
	q, err := parseQuantity(digits+period, s, want)
	if err != nil {
		return model.Effort{}, err
	}
	return model.Effort{Kind: q.kind, Exact: q.exact, Low: q.low, High: q.high, Per: q.per, Text: s}, nil
}

// cutPersonDays takes the unit out of an effort; the period keeps its slash.
func cutPersonDays(s string) (digits, period string, ok bool) {
	digits, rest, ok := strings.Cut(s, " person-day")
	if !ok {
		return "", "", false
	}
	rest = strings.TrimPrefix(rest, "s")
	if rest != "" && rest[0] != '/' {
		return "", "", false
	}
	return digits, rest, true
}

// isEffort reports whether s speaks of work rather than money.
func isEffort(s string) bool { return strings.Contains(s, "person") }

// quantity is what money and effort have in common.
type quantity struct {
	kind      model.KnowledgeKind
	exact     *big.Rat
	low, high float64
	per       float64
}

// parseQuantity reads NUMBER[..NUMBER][/PERIOD], where the first end of a range
// may repeat the period; in is what was written.
func parseQuantity(s, in, want string) (quantity, error) {
	var q quantity
	a, b, isRange := strings.Cut(s, "..")
	last := &a
	if isRange {
		last = &b
	}
	digits, period, flow := strings.Cut(*last, "/")
	*last = digits
	if flow {
		seconds, err := periodOf(period, in)
		if err != nil {
			return quantity{}, err
		}
		q.per = float64(seconds)
		a = strings.TrimSuffix(a, "/"+period)
	}
	if isRange {
		a += ".." + b
	}
	low, high, err := ends(a, func(n string) (*big.Rat, error) { return parseMoney(n, in, want) })
	switch {
	case err != nil:
		return quantity{}, err
	case low.Cmp(high) == 0:
		q.exact = low
	case low.Sign() == 0:
		return quantity{}, fmt.Errorf("the range %s begins at zero, which a lognormal never reaches; begin above it", quote(in))
	default:
		q.kind, q.low, q.high = model.Between, float(low), float(high)
	}
	return q, nil
}

// parseMoney reads one number, and says how the usual short forms are written.
func parseMoney(s, in, want string) (*big.Rat, error) {
	if n, err := parseNumber(s); err == nil {
		return n, nil
	} else if isNumber(s) {
		return nil, err
	}
	if strings.HasPrefix(s, "-") {
		return nil, fmt.Errorf("expected %s, which cannot be negative, found %s", want, quote(in))
	}
	if plain := strings.ReplaceAll(s, ",", ""); plain != s && isNumber(plain) {
		return nil, fmt.Errorf("%s has commas in it; write %s", quote(in), strings.ReplaceAll(s, ",", "_"))
	}
	digits, suffix := cutNumber(s)
	if n, err := parseNumber(digits); err == nil {
		if zeros, ok := shortForms[suffix]; ok {
			n.Mul(n, new(big.Rat).SetInt64(zeros))
			return nil, fmt.Errorf("%s has a short form; write %s", quote(in), FormatNumber(n))
		}
	}
	return nil, fmt.Errorf("expected %s, found %s", want, quote(in))
}

// shortForms are suffixes of numbers that mean different things to different
// people, with what they most often stand for.
var shortForms = map[string]int64{
	"k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "mio": 1e6, "B": 1e9, "bn": 1e9, "G": 1e9, "만": 1e4, "억": 1e8,
}

// parseWhole reads a whole number that fits an int on every machine.
func parseWhole(s string) (int, error) {
	const most = 2_000_000_000
	n, err := parseNumber(s)
	if err != nil || !n.IsInt() || strings.Contains(s, ".") {
		return 0, fmt.Errorf("expected a whole number such as 3 or 300_000, found %s", quote(s))
	}
	if n.Cmp(big.NewRat(most, 1)) > 0 {
		return 0, fmt.Errorf("expected a whole number up to 2_000_000_000, found %s", quote(s))
	}
	return int(n.Num().Int64()), nil
}

// ParseCount reads a whole number, 0 or more.
func ParseCount(s string) (model.Count, error) {
	if strings.HasPrefix(s, "-") {
		return model.Count{}, fmt.Errorf("a count cannot be negative, found %s", quote(s))
	}
	n, err := parseWhole(s)
	return model.Count{N: n}, err
}

// ParseMore reads a signed whole number: how many more or fewer.
func ParseMore(s string) (model.Count, error) {
	if s == "" || s[0] != '+' && s[0] != '-' {
		if _, err := parseWhole(s); err == nil {
			return model.Count{}, fmt.Errorf("a change needs a sign; write +%s for more or -%s for fewer", s, s)
		}
		return model.Count{}, fmt.Errorf("expected how many more or fewer, such as +2, found %s", quote(s))
	}
	n, err := parseWhole(s[1:])
	if err != nil {
		return model.Count{}, fmt.Errorf("expected how many more or fewer, such as +2, found %s", quote(s))
	}
	if s[0] == '-' {
		n = -n
	}
	return model.Count{N: n}, nil
}
