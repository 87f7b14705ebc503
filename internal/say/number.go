package say

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tightrope/internal/model"
)

// A length is a time in at most two units: "3", "h", "10", "m".
type length struct {
	less         bool // than what is said
	n, unit      string
	rest, second string
}

// inKorean are the units of time.
var inKorean = map[string]string{"s": "초", "m": "분", "h": "시간", "d": "일", "w": "주", "y": "년"}

// spacedUnit is a unit behind a number, with a space between them.
func spacedUnit(n, unit string) string {
	one := map[string]string{"s": "s", "m": "min", "h": "h", "d": "day", "w": "week", "y": "year"}[unit]
	if (unit == "d" || unit == "w" || unit == "y") && n != "1" {
		one += "s"
	}
	return one
}

func (l Language) length(t length) string {
	if l.Code == "ko" {
		said := t.n + inKorean[t.unit]
		if t.second != "" {
			said += " " + t.rest + inKorean[t.second]
		}
		if t.less {
			said += " 미만"
		}
		return said
	}
	if l.spaced {
		said := t.n + " " + spacedUnit(t.n, t.unit)
		if t.less {
			said = "under " + said
		}
		if t.second != "" {
			said += " " + t.rest + " " + spacedUnit(t.rest, t.second)
		}
		return said
	}
	said := t.n + t.unit
	if t.less {
		said = "<" + said
	}
	if t.second != "" && t.second != "h" && len(t.rest) < 2 { // minutes and seconds have two digits
		t.rest = "0" + t.rest
	}
	return said + t.rest + t.second
}

// Around says a mean or a quantile of a length of time, in seconds, the way a
// person would: 40s, 2m17s, 34m, 2h05m, 3.1d.
func (l Language) Around(s float64) string {
	one := func(n, unit string) string { return l.length(length{n: n, unit: unit}) }
	whole := func(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
	switch {
	case math.IsNaN(s) || math.IsInf(s, 0):
		return l.Say("number.unknown")
	case s <= 0:
		return one("0", "s")
	case s < 0.05:
		return l.length(length{less: true, n: "0.1", unit: "s"})
	case s < 9.95:
		return one(Trim(s, 1), "s")
	case s < 59.5:
		return one(whole(s), "s")
	case s < 10*model.Minute-0.5:
		return l.TwoUnits(math.Round(s), model.Minute, model.Second, "m", "s")
	case s < 59.5*model.Minute:
		return one(whole(s/model.Minute), "m")
	case s < 24*model.Hour-30:
		return l.TwoUnits(math.Round(s/model.Minute), 60, 1, "h", "m")
	case s < 9.95*model.Day:
		return one(Trim(s/model.Day, 1), "d")
	case s < 2*model.Year:
		return one(whole(s/model.Day), "d")
	case s < 9.95*model.Year:
		return one(Trim(s/model.Year, 1), "y")
	}
	return one(Number(s/model.Year), "y")
}

// Exact says a length of time that is exactly known, in seconds, such as a
// budget: its two largest units, rounded down, so that a budget is never said
// to be more than it is.
func (l Language) Exact(s float64) string {
	s += 1e-9 * s // a length computed in binary may lie a hair below its decimal
	switch {
	case math.IsNaN(s) || math.IsInf(s, 0):
		return l.Say("number.unknown")
	case s <= 0:
		return l.length(length{n: "0", unit: "s"})
	case s < model.Minute:
		decimals := max(0, 2-int(math.Floor(math.Log10(s))))
		scale := math.Pow10(decimals)
		return l.length(length{n: Trim(math.Floor(s*scale)/scale, decimals), unit: "s"})
	case s < model.Hour:
		return l.TwoUnits(s, model.Minute, model.Second, "m", "s")
	case s < model.Day:
		return l.TwoUnits(s, model.Hour, model.Minute, "h", "m")
	case s >= 100*model.Year: // beyond every window, where nobody counts days
		return l.length(length{n: Grouped(math.Floor(s / model.Year)), unit: "y"})
	}
	return l.TwoUnits(s, model.Day, model.Hour, "d", "h")
}

// TwoUnits splits v, rounded down to the smaller unit, into two units, which are
// named as in a model: d, h, m, s. A smaller unit of 0 is left out.
func (l Language) TwoUnits(v, large, small float64, largeName, smallName string) string {
	n := math.Floor(v / small)
	ratio := large / small
	whole, rest := math.Floor(n/ratio), math.Mod(n, ratio)
	t := length{n: strconv.FormatFloat(whole, 'f', 0, 64), unit: largeName}
	if rest != 0 {
		t.rest, t.second = strconv.FormatFloat(rest, 'f', 0, 64), smallName
	}
	return l.length(t)
}

// Number says a number, 0 or more, with the two digits that are meant: 0.056,
// 2.1, 52, 310.
func Number(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 0.001:
		return "<0.001"
	case v >= 1e9: // nobody reads so many digits, and no column holds them
		mantissa, power, _ := strings.Cut(strconv.FormatFloat(v, 'e', 1, 64), "e+")
		return strings.TrimSuffix(mantissa, ".0") + "e" + power
	case v >= 9.95:
		scale := math.Pow10(max(0, int(math.Floor(math.Log10(v)))-1))
		return Grouped(math.Round(v/scale) * scale)
	}
	return Trim(v, max(1, 1-int(math.Floor(math.Log10(v)))))
}

// Number says a number as Number does, where less than what is worth a digit is
// said in words.
func (l Language) Number(v float64) string {
	if v > 0 && v < 0.001 {
		return l.less("0.001")
	}
	return Number(v)
}

// less says less than a number as the language does: "<0.01%".
func (l Language) less(than string) string {
	if l.Code == "ko" {
		return than + " 미만"
	}
	return "<" + than
}

// more says more than a number: ">99.99%".
func (l Language) more(than string) string {
	if l.Code == "ko" {
		return than + " 초과"
	}
	return ">" + than
}

// Grouped writes a whole number with its thousands apart: 12,300.
func Grouped(v float64) string {
	s := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Trim writes v with at most that many decimals.
func Trim(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Likely says a probability in percent, with more digits near 0 and 1 where they
// mean something, and none beyond 0.01 %.
func (l Language) Likely(p float64) string {
	switch {
	case p < leastLikely:
		return l.less("0.01%")
	case p > 1-leastLikely:
		return l.more("99.99%")
	}
	return likely(p)
}

// leastLikely is what is still said as a number of percent, and how far from 1.
const leastLikely = 5e-5

func likely(p float64) string {
	switch {
	case p < leastLikely:
		return "<0.01%"
	case p > 1-leastLikely:
		return ">99.99%"
	}
	edge := math.Min(p, 1-p)
	switch {
	case edge < 1e-3:
		return fmt.Sprintf("%.2f%%", 100*p)
	case edge < 1e-2:
		return fmt.Sprintf("%.1f%%", 100*p)
	}
	return fmt.Sprintf("%.0f%%", 100*p)
}

// Beside says a probability with as many digits, within reason, as set it apart
// from the confidence that it is held against.
func (l Language) Beside(p, confidence float64) string {
	if p < leastLikely || p > 1-leastLikely {
		return l.Likely(p)
	}
	said := likely(p)
	for decimals := 1; decimals <= 4 && p != confidence && saysAsMuch(said, confidence); decimals++ {
		said = fmt.Sprintf("%.*f%%", decimals, 100*p)
	}
	return said
}

// Apart says two probabilities that are held against a confidence with as many
// digits, within reason, as set them apart.
func (l Language) Apart(a, b, confidence float64) (string, string) {
	x, y := l.Beside(a, confidence), l.Beside(b, confidence)
	for decimals := 1; decimals <= 4 && x == y && a != b; decimals++ {
		x, y = fmt.Sprintf("%.*f%%", decimals, 100*a), fmt.Sprintf("%.*f%%", decimals, 100*b)
	}
	return x, y
}

// saysAsMuch reports whether a percentage reads as the ratio v.
func saysAsMuch(said string, v float64) bool {
	read, err := strconv.ParseFloat(strings.TrimSuffix(said, "%"), 64)
	return err == nil && math.Abs(read/100-v) < 1e-9
}

// Percent says a ratio that someone wrote down, in full: 90%, 99.95%.
func Percent(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e12)/1e10, 'f', -1, 64) + "%"
}

// Part says a part of a whole that it may well exceed: 0.4%, 41%, 210%, 26×.
func (l Language) Part(v float64) string {
	switch {
	case v == 0:
		return "0%"
	case v < 0.001:
		return l.less("0.1%")
	case v < 0.0995:
		return Trim(100*v, 1) + "%"
	case v < 9.995:
		return fmt.Sprintf("%.0f%%", 100*v)
	}
	return l.Say("number.times", "n", Number(v))
}

// Good says an achievable target: two digits of what is bad, rounded so that no
// more is promised than was found.
func Good(target float64) string {
	bad := 1 - target
	switch {
	case bad <= 0:
		return "100%"
	case target <= 0:
		return "0%"
	}
	decimals := max(0, -1-int(math.Floor(math.Log10(bad))))
	scale := math.Pow10(decimals)
	worst := math.Ceil(100*bad*scale-1e-9) / scale
	return Trim(math.Max(0, 100-worst), decimals) + "%"
}

// Served says which share of time or users is served, with two digits of what is
// not, or fewer where it is not known so well.
func (l Language) Served(a, err float64) string {
	bad := 1 - a
	switch {
	case bad <= 0:
		return "100%"
	case bad < 1e-9:
		return l.Say("number.served")
	case a <= 0:
		return "0%"
	}
	decimals := max(0, -1-int(math.Floor(math.Log10(bad))))
	if decimals > 0 && 100*err > math.Pow10(-decimals) {
		decimals--
	}
	return Trim(100*a, decimals) + "%"
}

// Demanded says an availability that is asked for: two digits of what may be
// bad, rounded so that no less is asked for than is needed.
func Demanded(a float64) string {
	bad := 1 - a
	if bad < 1e-9 {
		return "100%"
	}
	decimals := max(0, -1-int(math.Floor(math.Log10(bad))))
	scale := math.Pow10(decimals)
	return Trim(100-math.Floor(100*bad*scale+1e-9)/scale, decimals) + "%"
}

// Listed joins parts as in a sentence: "a", "a and b", "a, b and c".
func (l Language) Listed(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return l.Say("number.and", "list", strings.Join(parts[:len(parts)-1], ", "), "last", parts[len(parts)-1])
}

// someNames is how many names are listed before the others are counted.
const someNames = 3

// Enumerated lists the first few names, divided by commas.
func (l Language) Enumerated(names []string) string {
	if len(names) <= someNames+1 {
		return strings.Join(names, ", ")
	}
	return l.Say("number.more", "list", strings.Join(names[:someNames], ", "), "n", strconv.Itoa(len(names)-someNames))
}

// Plural makes several of a recurring thing out of one where English allows it
// without guessing; other names stay as they are, and ok is false.
func (l Language) Plural(name string) (several string, ok bool) {
	if name == "" || l.Code != "en" {
		return name, false
	}
	last := rune(name[len(name)-1])
	if last < 'a' || last > 'z' || strings.ContainsRune("shxz", last) {
		return name, false
	}
	if last == 'y' && (len(name) < 2 || !strings.ContainsRune("aeou", rune(name[len(name)-2]))) {
		return name, false
	}
	return name + "s", true
}

// Date says a day.
func (l Language) Date(d *model.Date) string {
	switch {
	case d == nil:
		return ""
	case l.Code != "ko" && d.Text != "":
		return d.Text
	}
	return l.Say("number.date", "y", fmt.Sprintf("%04d", d.Year), "m", l.twoDigits(int(d.Month)), "d", l.twoDigits(d.Day))
}

func (l Language) twoDigits(n int) string {
	if l.Code == "ko" {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%02d", n)
}
