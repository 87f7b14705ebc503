package modelfile

import (
	"math/big"
	"strings"

	"tightrope/internal/model"
)

// maxDecimals bounds the decimals of a number that has no finite decimal form.
const maxDecimals = 12

// FormatDecimal writes a number in full where it has a finite decimal form,
// and otherwise rounded to 12 decimals.
func FormatDecimal(r *big.Rat) string {
	digits, exact := r.FloatPrec()
	if !exact {
		digits = maxDecimals
	}
	s := r.FloatString(digits)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// FormatNumber is FormatDecimal with underscores between groups of three
// digits, as the language writes amounts and counts: 40_000_000.
func FormatNumber(r *big.Rat) string {
	whole, decimals, point := strings.Cut(FormatDecimal(r), ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	var groups []string
	for len(whole) > 3 {
		groups = append([]string{whole[len(whole)-3:]}, groups...)
		whole = whole[:len(whole)-3]
	}
	s := sign + strings.Join(append([]string{whole}, groups...), "_")
	if point {
		s += "." + decimals
	}
	return s
}

// FormatDuration writes seconds, 0 or more, as the language writes a duration:
// 5400 is 1h30m. It uses days and shorter units, and years only for a whole
// number of them, so that 365d stays 365d.
func FormatDuration(seconds *big.Rat) string {
	if seconds.Sign() == 0 {
		return "0s"
	}
	if years := new(big.Rat).Quo(seconds, big.NewRat(model.Year, 1)); years.IsInt() {
		return years.Num().String() + "y"
	}
	var b strings.Builder
	rest := new(big.Rat).Set(seconds)
	for _, u := range units {
		if u.seconds > model.Day || u.seconds == model.Second {
			continue
		}
		n := new(big.Int).Quo(rest.Num(), new(big.Int).Mul(rest.Denom(), big.NewInt(u.seconds)))
		if n.Sign() == 0 {
			continue
		}
		b.WriteString(n.String() + u.name)
		rest.Sub(rest, new(big.Rat).SetInt(n.Mul(n, big.NewInt(u.seconds))))
	}
	if rest.Sign() > 0 {
		b.WriteString(FormatDecimal(rest) + "s")
	}
	return b.String()
}
