package modelfile

import (
	"fmt"
	"math/big"
	"strings"
	"unicode/utf8"
)

// maxDigits bounds a number as written, so that exact arithmetic stays cheap
// and every value fits a float64.
const maxDigits = 40

// quote puts what was found between quotation marks, shortened where it is
// too long to read.
func quote(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// parseNumber reads digits, with single underscores between them, and a
// decimal point followed by more: 7, 40_000_000, 99.95. It takes no sign and
// no exponent.
func parseNumber(s string) (*big.Rat, error) {
	if !isNumber(s) {
		return nil, fmt.Errorf("expected a number such as 1_500 or 0.5, found %s", quote(s))
	}
	if len(s) > maxDigits {
		return nil, fmt.Errorf("expected a number of at most %d digits, found %s", maxDigits, quote(s))
	}
	r, ok := new(big.Rat).SetString(strings.ReplaceAll(s, "_", ""))
	if !ok {
		return nil, fmt.Errorf("expected a number such as 1_500 or 0.5, found %s", quote(s))
	}
	return r, nil
}

// isNumber reports whether s has the form that parseNumber reads.
func isNumber(s string) bool {
	whole, decimals, point := strings.Cut(s, ".")
	return isDigits(whole) && (!point || isDigits(decimals))
}

func isDigits(s string) bool {
	under := true // an underscore may not come first or twice
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] >= '0' && s[i] <= '9':
			under = false
		case s[i] == '_' && !under:
			under = true
		default:
			return false
		}
	}
	return len(s) > 0 && !under
}

// cutNumber splits s after its leading digits, underscores and points.
func cutNumber(s string) (number, rest string) {
	i := 0
	for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '_' || s[i] == '.') {
		i++
	}
	return s[:i], s[i:]
}

// cutRange splits "a..b". A first end that is a plain number, or that lacks
// the period of the second, takes what it lacks from the second where that
// leaves no doubt: 2..15m is 2m..15m, 1..3/y is 1/y..3/y.
func cutRange(s string) (low, high string, ok bool) {
	low, high, ok = strings.Cut(s, "..")
	if !ok {
		return s, s, false
	}
	_, unit := cutNumber(high)
	switch {
	case isNumber(low) && !strings.ContainsAny(unit, "0123456789"):
		low += unit
	case strings.HasSuffix(low, "%") && strings.HasPrefix(unit, "%/"):
		low += unit[1:]
	}
	return low, high, true
}

// ends parses both ends of a range with one parser and holds them in order.
func ends(s string, parse func(string) (*big.Rat, error)) (low, high *big.Rat, err error) {
	a, b, _ := cutRange(s)
	if low, err = parse(a); err != nil {
		return nil, nil, err
	}
	if high, err = parse(b); err != nil {
		return nil, nil, err
	}
	if low.Cmp(high) > 0 {
		return nil, nil, fmt.Errorf("the range %s begins above its end; write %s..%s", quote(s), b, a)
	}
	return low, high, nil
}

// spaced adds to an error that the text would be understood without its
// spaces, where that is so.
func spaced[V any](s string, v V, err error, parse func(string) (V, error)) (V, error) {
	if err == nil || !strings.Contains(s, " ") {
		return v, err
	}
	tight := strings.ReplaceAll(s, " ", "")
	if _, e := parse(tight); e != nil {
		return v, err
	}
	return v, fmt.Errorf("%s has spaces in it; write %s", quote(s), tight)
}

func float(r *big.Rat) float64 {
	f, _ := r.Float64()
	return f
}
