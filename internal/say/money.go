package say

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Money says an amount with the two digits that are meant, as people do:
// "39 million KRW", "3,900만 원".
func (l Language) Money(currency string, v float64) string { return l.money(currency, v, 2) }

// MoneyApart says two amounts with as many digits, within reason, as set them
// apart: two that are not the same never read the same where five digits tell them
// apart.
func (l Language) MoneyApart(currency string, a, b float64) (string, string) {
	for digits := 2; ; digits++ {
		x, y := l.money(currency, a, digits), l.money(currency, b, digits)
		if x != y || a == b || digits == 5 {
			return x, y
		}
	}
}

// money says an amount with so many digits.
func (l Language) money(currency string, v float64, digits int) string {
	sign := ""
	if v < 0 {
		sign, v = "−", -v
	}
	said := ""
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		said = "?"
	case l.Code == "ko" && v >= 9950:
		said = myriads(v, digits)
	case v >= 0.995e9:
		said = l.Say("number.larger", "n", figures(v/1e9, digits))
	case v >= 0.995e6:
		said = l.Say("number.large", "n", figures(v/1e6, digits))
	case v > 0 && v < 1:
		said = strconv.FormatFloat(v, 'g', digits, 64)
	default:
		said = figures(v, digits)
	}
	return l.priced(currency, sign+said)
}

func endsIn(r []rune, of string) bool { return len(r) > 0 && strings.ContainsRune(of, r[len(r)-1]) }

// AmountOf says a part of amounts that add up, as Money does, with the digits that
// they have there: "17.8 million KRW", "1,780만 원".
func (l Language) AmountOf(currency string, r Rounded, i int) string {
	if r.Parts[i] == 0 && r.of[i] != 0 {
		return l.less(l.amount(currency, r.Step, r))
	}
	return l.amount(currency, r.Parts[i], r)
}

// AmountTotal is AmountOf of their sum.
func (l Language) AmountTotal(currency string, r Rounded) string {
	return l.amount(currency, r.Sum, r)
}

// amount says a whole number of steps, by the unit that it has by itself: nobody reads
// 0.0996 million as 99,600.
func (l Language) amount(currency string, v float64, r Rounded) string {
	if v < 0 {
		return "−" + l.amount(currency, -v, r)
	}
	unit := func(key string, by float64) string {
		return l.Say(key, "n", Rounded{Step: r.Step / by}.figure(v/by))
	}
	said := r.figure(v)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0) || v == 0:
	case l.Code == "ko" && v >= 1e4:
		said = myriads(v, 16)
	case l.Code == "ko":
	case v >= 0.995e9:
		said = unit("number.larger", 1e9)
	case v >= 0.995e6:
		said = unit("number.large", 1e6)
	}
	return l.priced(currency, said)
}

// priced sets a currency behind an amount.
func (l Language) priced(currency, said string) string {
	switch {
	case currency == "":
		return said
	case l.Code == "ko" && currency == "KRW" && endsIn([]rune(said), "만억조"):
		return said + " 원"
	case l.Code == "ko" && currency == "KRW":
		return said + "원"
	}
	return l.Say("number.money", "n", said, "currency", currency)
}

// amountDigits are how many digits of an amount that stands by itself are meant: what
// nets cost is known better than what outages lose, but neither to the last coin.
const amountDigits = 3

// Figure says money without its currency, with no more digits than are meant:
// 31,200,000, 47, 0.35. Whatever says one amount in full says it so.
func Figure(v float64) string { return figure(v, amountDigits) }

// FiguresApart says amounts that stand below one another as Figure does, those that
// are not the same with as many digits more as set them apart.
func FiguresApart(amounts []float64) []string {
	said := make([]string, len(amounts))
	for i, v := range amounts {
		said[i] = Figure(v)
	}
	for digits := amountDigits + 1; digits <= 15; digits++ {
		alike := map[string][]int{}
		for i := range amounts {
			alike[said[i]] = append(alike[said[i]], i)
		}
		for _, list := range alike {
			first := amounts[list[0]]
			if slices.ContainsFunc(list, func(i int) bool { return math.Abs(amounts[i]-first) > 1e-9*math.Abs(first) }) {
				for _, i := range list {
					said[i] = figure(amounts[i], digits)
				}
			}
		}
	}
	return said
}

// figure writes an amount with so many digits.
func figure(v float64, digits int) string {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "unknown"
	case v == 0:
		return "0"
	case v < 0:
		return "−" + figure(-v, digits)
	}
	before := int(math.Floor(math.Log10(v)*(1+1e-15))) + 1
	switch {
	case before >= digits:
		scale := math.Pow10(before - digits)
		return Grouped(math.Round(v/scale) * scale)
	case v < 1e-6:
		return "<0.000001"
	}
	return Trim(v, digits-before)
}

// figures says a number with so many digits; with two as Number does.
func figures(v float64, digits int) string {
	if digits <= 2 || v == 0 || v >= 1e9 {
		return Number(v)
	}
	magnitude := int(math.Floor(math.Log10(v) * (1 + 1e-15)))
	if magnitude >= digits-1 {
		scale := math.Pow10(magnitude + 1 - digits)
		return Grouped(math.Round(v/scale) * scale)
	}
	return Trim(v, digits-1-magnitude)
}

// myriads counts by ten thousands, with so many digits; with two: "3,900만", "4억 2,000만",
// "1조 3,000억".
func myriads(v float64, digits int) string {
	scale := math.Pow10(max(0, int(math.Floor(math.Log10(v)))+1-digits))
	v = math.Round(v/scale) * scale
	if v >= 1e18 {
		return Number(v/1e12) + "조"
	}
	var parts []string
	for _, u := range []struct {
		by   float64
		name string
	}{{1e12, "조"}, {1e8, "억"}, {1e4, "만"}, {1, ""}} {
		n := math.Floor(v / u.by * (1 + 1e-12))
		v -= n * u.by
		if n > 0 {
			parts = append(parts, Grouped(n)+u.name)
		}
		if v < 0.5 {
			break
		}
	}
	return strings.Join(parts, " ")
}

// A Scale is what amounts along an axis are divided by, and what they then
// count: "million KRW". Unit is empty without a currency or a scale.
type Scale struct {
	By   float64
	Unit string
}

// ScaleOf is the scale of an axis that reaches up to top.
func (l Language) ScaleOf(currency string, top float64) Scale {
	unit := func(key string) string {
		if l.Code == "ko" && currency == "KRW" {
			currency = "원"
		}
		return strings.TrimSpace(l.Say(key, "n", "") + " " + currency)
	}
	switch {
	case l.Code == "ko" && top >= 2e8:
		return Scale{1e8, unit("number.larger")}
	case l.Code == "ko" && top >= 2e5:
		return Scale{1e4, unit("number.large")}
	case l.Code == "ko" && currency == "KRW":
		return Scale{1, "원"}
	case l.Code == "ko":
		return Scale{1, currency}
	case top >= 2e9:
		return Scale{1e9, unit("number.larger")}
	case top >= 2e6:
		return Scale{1e6, unit("number.large")}
	}
	return Scale{1, currency}
}
