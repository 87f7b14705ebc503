package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"tightrope/internal/model"
)

// trillionth is the chance below which a tail is said in words: the forecast
// bounds such tails but does not resolve them.
const trillionth = 1e-12

// about says a length of time, in seconds, the way a person would: 40s, 2m17s,
// 34m, 2h05m, 3.1d. It is for means and quantiles, which are rounded.
func about(s float64) string {
	switch {
	case math.IsNaN(s) || math.IsInf(s, 0):
		return "unknown"
	case s <= 0:
		return "0s"
	case s < 0.05:
		return "<0.1s"
	case s < 9.95:
		return trimZeros(s, 1) + "s"
	case s < 59.5:
		return fmt.Sprintf("%.0fs", s)
	case s < 10*model.Minute-0.5:
		return twoUnits(math.Round(s), model.Minute, model.Second, "m", "s")
	case s < 59.5*model.Minute:
		return fmt.Sprintf("%.0fm", s/model.Minute)
	case s < 24*model.Hour-30:
		return twoUnits(math.Round(s/model.Minute), 60, 1, "h", "m")
	case s < 9.95*model.Day:
		return trimZeros(s/model.Day, 1) + "d"
	case s < 2*model.Year:
		return fmt.Sprintf("%.0fd", s/model.Day)
	case s < 9.95*model.Year:
		return trimZeros(s/model.Year, 1) + "y"
	}
	return digits(s/model.Year) + "y"
}

// precisely says a length of time that is known exactly, in seconds, such as a
// budget: its two largest units, rounded down, so that a budget is never said
// to be more than it is.
func precisely(s float64) string {
	s += 1e-9 * s // a length computed in binary may lie a hair below its decimal
	switch {
	case math.IsNaN(s) || math.IsInf(s, 0):
		return "unknown"
	case s <= 0:
		return "0s"
	case s < model.Minute:
		decimals := max(0, 2-int(math.Floor(math.Log10(s))))
		scale := math.Pow10(decimals)
		return trimZeros(math.Floor(s*scale)/scale, decimals) + "s"
	case s < model.Hour:
		return twoUnits(s, model.Minute, model.Second, "m", "s")
	case s < model.Day:
		return twoUnits(s, model.Hour, model.Minute, "h", "m")
	case s >= 100*model.Year: // beyond every window, where nobody counts days
		return grouped(math.Floor(s/model.Year)) + "y"
	}
	return twoUnits(s, model.Day, model.Hour, "d", "h")
}

// twoUnits splits v, rounded down to the smaller unit, into the two units. A
// smaller unit of 0 is left out; minutes and seconds have two digits.
func twoUnits(v, large, small float64, largeName, smallName string) string {
	n := math.Floor(v / small)
	ratio := large / small
	whole, rest := math.Floor(n/ratio), math.Mod(n, ratio)
	switch {
	case rest == 0:
		return fmt.Sprintf("%.0f%s", whole, largeName)
	case smallName == "h":
		return fmt.Sprintf("%.0f%s%.0f%s", whole, largeName, rest, smallName)
	}
	return fmt.Sprintf("%.0f%s%02.0f%s", whole, largeName, rest, smallName)
}

// digits says a number, 0 or more, with the two digits that are meant: 0.056,
// 2.1, 52, 310.
func digits(v float64) string {
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
		return grouped(math.Round(v/scale) * scale)
	}
	return trimZeros(v, max(1, 1-int(math.Floor(math.Log10(v)))))
}

// grouped writes a whole number with its thousands apart: 12,300.
func grouped(v float64) string {
	s := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// chance says a probability in percent, with more digits near 0 and 1 where
// they mean something, and none beyond 0.01 %.
func chance(p float64) string {
	switch {
	case p < 5e-5:
		return "<0.01%"
	case p > 1-5e-5:
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

// chanceBeside says p with as many digits, within reason, as set it apart from
// the confidence that it is held against.
func chanceBeside(p, confidence float64) string {
	said := chance(p)
	for decimals := 1; decimals <= 4 && p != confidence && saysAsMuch(said, confidence); decimals++ {
		said = fmt.Sprintf("%.*f%%", decimals, 100*p)
	}
	return said
}

// saysAsMuch reports whether a percentage reads as the ratio v.
func saysAsMuch(said string, v float64) bool {
	read, err := strconv.ParseFloat(strings.TrimSuffix(said, "%"), 64)
	return err == nil && math.Abs(read/100-v) < 1e-9
}

// percent says a ratio that someone wrote down, in full: 90%, 99.95%.
func percent(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e12)/1e10, 'f', -1, 64) + "%"
}

// share says a part of a whole that it may well exceed: 0.4%, 41%, 210%, 26×.
func share(v float64) string {
	switch {
	case v == 0:
		return "0%"
	case v < 0.001:
		return "<0.1%"
	case v < 0.0995:
		return trimZeros(100*v, 1) + "%"
	case v < 9.995:
		return fmt.Sprintf("%.0f%%", 100*v)
	}
	return digits(v) + "×"
}

// goodTime says an achievable target: two digits of what is bad, rounded so
// that no more is promised than was found.
func goodTime(target float64) string {
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
	return trimZeros(math.Max(0, 100-worst), decimals) + "%"
}

// served says which share of time or users is served, with two digits of what
// is not, or fewer where it is not known so well.
func served(a, err float64) string {
	bad := 1 - a
	switch {
	case bad <= 0:
		return "100%"
	case bad < 1e-9:
		return "more than 99.9999999%"
	case a <= 0:
		return "0%"
	}
	decimals := max(0, -1-int(math.Floor(math.Log10(bad))))
	if decimals > 0 && 100*err > math.Pow10(-decimals) {
		decimals--
	}
	return trimZeros(100*a, decimals) + "%"
}

// demanded says an availability that is asked for: two digits of what may be
// bad, rounded so that no less is asked for than is needed.
func demanded(a float64) string {
	bad := 1 - a
	if bad < 1e-9 {
		return "100%"
	}
	decimals := max(0, -1-int(math.Floor(math.Log10(bad))))
	scale := math.Pow10(decimals)
	return trimZeros(100-math.Floor(100*bad*scale+1e-9)/scale, decimals) + "%"
}

// trimZeros writes v with at most that many decimals.
func trimZeros(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// plural makes several of a recurring thing out of one where English allows it
// without guessing; other names stay as they are, and ok is false.
func plural(name string) (several string, ok bool) {
	if name == "" {
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

// counted writes "1 risk", "3 risks".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(float64(n)) + " " + many
}

// listed joins parts as in a sentence: "a", "a and b", "a, b and c".
func listed(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// printable takes out what could move the cursor or turn the text around: names
// and titles come from files that others wrote.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}
