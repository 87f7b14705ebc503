package say

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// Trillionth is the chance below which a tail is said in words: the forecast
// bounds such tails but does not resolve them.
const Trillionth = 1e-12

// A Cadence is how a person counts windows of one length: months in 12.
type Cadence struct {
	l   Language
	say string // the window as written, or in words
	// exact: the window is as long as its name says, to the second.
	exact bool
	key   string // of its words
	Of    int    // how many are counted together
	// PerYear is how many windows a year has.
	PerYear float64
	// confidence is what a chance is held against: it stays on its side of it in
	// words, too. 0: nothing.
	confidence float64
}

// cadences are the lengths of windows, in days, that people have a word for.
var cadences = []struct {
	least, most float64
	key         string
	of          int
	exact       float64 // what everybody takes it for, without being told
}{
	{1, 1, "day", 30, 1},
	{7, 7, "week", 52, 7},
	{28, 31, "month", 12, year / 12},
	{89, 93, "quarter", 20, year / 4},
	{364, 366, "year", 10, year},
}

// year has so many days on average.
const year = float64(model.Year) / model.Day

// Window says a window as it was written, or in words where that is a fraction
// that people have a word for: 91.3125d is a quarter.
func (l Language) Window(text string) string {
	if n, ok := strings.CutSuffix(text, "d"); ok && strings.Contains(n, ".") {
		days, err := strconv.ParseFloat(n, 64)
		for _, k := range cadences {
			if err == nil && days == k.exact {
				return l.Say("window.one", "one", l.Say("unit."+k.key+".one"))
			}
		}
	}
	return l.Span(text)
}

// Span says a length of time as it was written, with its unit as a word where spans
// are spaced: "30 days" where the model has 30d.
func (l Language) Span(text string) string {
	if m := writtenSpan.FindStringSubmatch(text); m != nil && l.spaced && l.Code == "en" {
		return m[1] + " " + spacedUnit(m[1], m[2])
	}
	return l.Written(text)
}

var writtenSpan = regexp.MustCompile(`^([0-9.]+)([smhdwy])$`)

// window is the key of windows without a name.
const window = "window"

// Cadence returns how windows of that many seconds are counted; say is the
// window as written.
func (l Language) Cadence(seconds float64, say string) Cadence {
	c := Cadence{l: l, say: l.Window(say), key: window, Of: 10, PerYear: model.Year / seconds}
	for _, k := range cadences {
		if days := seconds / model.Day; days >= k.least && days <= k.most {
			c.key, c.Of, c.exact = k.key, k.of, days == k.exact
		}
	}
	return c
}

// CadenceOf is the cadence of an entry, whose chances are held against its confidence.
func (l Language) CadenceOf(e *forecast.Entry) Cadence {
	return l.Cadence(e.Window, e.WindowSay).Against(e.Confidence)
}

// Against is the cadence of chances that are held against a confidence.
func (c Cadence) Against(confidence float64) Cadence {
	c.confidence = confidence
	return c
}

// Named reports whether the windows have a name, such as month.
func (c Cadence) Named() bool { return c.key != window }

// One names one window: "month", "window of 14d".
func (c Cadence) One() string { return c.l.Say("unit."+c.key+".one", "say", c.say) }

// Many names several: "months", "windows".
func (c Cadence) Many() string { return c.l.Say("unit." + c.key + ".many") }

// Unit is what is counted behind a number: "months" behind 7, "month" behind 1.
func (c Cadence) Unit(n int) string {
	if n == 1 {
		return c.l.Say("unit." + c.key + ".1")
	}
	return c.l.Say("unit." + c.key + ".n")
}

// Window says one window: "a month (30d)", "a year".
func (c Cadence) Window() string {
	switch {
	case !c.Named():
		return c.say
	case c.exact:
		return c.l.Say("window.one", "one", c.One())
	}
	return c.l.Say("window.of", "one", c.One(), "say", c.say)
}

// mostHalved is of up to how many windows halves are counted: 79% and 87% of 12 months
// are not both 10 of them. Of more a half says nothing.
const mostHalved = 20

// Count returns how many of c.Of windows pass that each pass with probability p: in
// whole ones, or in halves where few are counted. It stays on p's side of the
// confidence, so that what is enough never reads like what is not.
func (c Cadence) Count(p float64) float64 {
	step, of := 1.0, float64(c.Of)
	if c.Of <= mostHalved {
		step = 0.5
	}
	n := step * math.Round(p*of/step)
	if enough := c.confidence * of; c.confidence > 0 {
		const rounding = 1e-9
		switch {
		case p < c.confidence && n >= enough-rounding:
			n = step * (math.Ceil((enough-rounding)/step) - 1)
		case p >= c.confidence && n < enough-rounding:
			n = step * math.Ceil((enough-rounding)/step)
		}
	}
	return n
}

// Close reports whether a chance that is counted and falls short of the confidence is
// within one step of it, so that its count alone says little.
func (c Cadence) Close(p float64) bool {
	return c.Countable(p) && p < c.confidence && c.Against(0).Count(p) >= c.confidence*float64(c.Of)-1e-9
}

// Counted says a count: "10", "10½".
func (c Cadence) Counted(n float64) string {
	whole := math.Floor(n)
	switch {
	case n == whole:
		return strconv.Itoa(int(n))
	case c.l.Code != "en":
		return strconv.FormatFloat(n, 'f', 1, 64)
	case whole == 0:
		return "½"
	}
	return strconv.Itoa(int(whole)) + "½"
}

// Rare reports whether p is less than one of c.Of, which rounding would make
// more of than there is.
func (c Cadence) Rare(p float64) bool { return p*float64(c.Of) < 0.95 }

// Countable reports whether p is said as so many of so many, rather than as an
// exception to always or never.
func (c Cadence) Countable(p float64) bool {
	return !c.Rare(p) && math.Round(p*float64(c.Of)) < float64(c.Of)
}

// counted says a count of windows by the key of windows that have a name; that
// of others goes on with ".window".
func (c Cadence) counted(key string, n float64) string {
	if !c.Named() {
		return c.l.Say(key+".window", "n", c.Counted(n), "of", strconv.Itoa(c.Of), "say", c.say)
	}
	return c.l.Say(key, "n", c.Counted(n), "unit", c.Unit(int(math.Ceil(n))), "of", strconv.Itoa(c.Of))
}

// OutOf says "7 months in 12", or "7 in 10 windows of 14d".
func (c Cadence) OutOf(n float64) string { return c.counted("often.count", n) }

// about says "about 7 months in 12".
func (c Cadence) about(n float64) string { return c.counted("often.about", n) }

// Kept ends the sentence "99.95% over 30d would …" for a target that each window
// keeps with probability p; 1 is a certainty.
func (c Cadence) Kept(p float64) string {
	switch {
	case p == 1:
		return c.l.Say("kept.always")
	case p < Trillionth:
		return c.l.Say("kept.never")
	case c.Countable(p):
		return c.l.Say("kept.about", "about", c.about(c.Count(p)))
	case p < 0.5:
		return c.l.Say("kept.hardly", "once", c.Once(p))
	}
	return c.l.Say("kept.nearly", "once", c.Once(1-p))
}

// Briefly says Kept for a second target, after a first one in full.
func (c Cadence) Briefly(p float64) string {
	switch {
	case p == 1:
		return c.l.Say("brief.always")
	case p < Trillionth:
		return c.l.Say("brief.never")
	case c.Countable(p):
		return c.l.Say("brief.about", "n", c.Counted(c.Count(p)), "of", strconv.Itoa(c.Of))
	case p < 0.5:
		return c.l.Say("brief.hardly", "once", c.Once(p))
	}
	return c.l.Say("brief.nearly", "once", c.Once(1-p))
}

// Cell says Kept in a table, which says the window elsewhere.
func (c Cadence) Cell(p float64) string {
	switch {
	case p == 1:
		return c.l.Say("cell.always")
	case p < Trillionth:
		return c.l.Say("cell.never")
	case c.Countable(p) && !c.Named():
		return c.l.Say("cell.about", "n", c.Counted(c.Count(p)), "of", strconv.Itoa(c.Of))
	case c.Countable(p):
		return c.about(c.Count(p))
	case p < 0.5 && p*c.PerYear*1000 < 1:
		return c.l.Say("cell.hardly")
	case p < 0.5:
		return c.l.Say("cell.once", "once", c.Seldom(p))
	case (1-p)*c.PerYear*1000 < 1:
		return c.l.Say("cell.nearly")
	}
	return c.l.Say("cell.missed", "once", c.Seldom(1-p))
}

// BeKept ends the sentence "it would be …": "kept about 10 months in 12",
// "missed about once in 25 years".
func (c Cadence) BeKept(p float64) string {
	if p < 1 && p >= 0.5 && !c.Countable(p) && (1-p)*c.PerYear*1000 >= 1 {
		return c.l.Say("be.missed", "once", c.Seldom(1-p))
	}
	return c.l.Say("be.kept", "often", c.Cell(p))
}

// era is how many years pass before something is said to never happen in any
// that count.
const era = 1000

// ByYears reports whether Once says how many years lie between two of what
// happens with probability q in a window.
func (c Cadence) ByYears(q float64) bool { return 1/q/c.PerYear >= 10 || c.key == "year" }

// Once says how seldom something is that happens with probability q in a window:
// "about 1 month in 40", "about once in 25 years".
func (c Cadence) Once(q float64) string { return c.once(q, c.One()) }

// Seldom is Once where the window is said elsewhere.
func (c Cadence) Seldom(q float64) string { return c.once(q, c.Unit(1)) }

func (c Cadence) once(q float64, one string) string {
	switch years := c.apart(1/q) / c.PerYear; {
	case q < Trillionth:
		return c.l.Say("once.trillion")
	case years >= era:
		return c.l.Say("once.era", "n", Grouped(era))
	case c.ByYears(q):
		return c.l.Say("once.years", "n", Number(years))
	}
	return c.l.Say("once.windows", "one", one, "unit", c.Unit(2), "n", Number(c.apart(1/q)))
}

// apart keeps one in so many windows on its side of what the confidence asks for,
// where its rounding would read like the other.
func (c Cadence) apart(v float64) float64 {
	if c.confidence <= 0 || c.confidence >= 1 {
		return v
	}
	enough, unit := 1/(1-c.confidence), 1.0
	if c.ByYears(1 / v) {
		unit = c.PerYear
	}
	const rounding = 1e-9
	if v = math.Max(v, 1); math.Abs(v/enough-1) > 0.1 {
		return v
	}
	step := math.Pow10(int(math.Floor(math.Log10(v/unit))) - 1)
	n, least := math.Round(v/unit/step), math.Ceil(enough/unit/step-rounding)
	if v < enough {
		return math.Min(n, least-1) * step * unit
	}
	return math.Max(n, least) * step * unit
}

// End says one end of the range of what Once says with probability q, in the
// same unit: "1 in 25", "once in 30 years".
func (c Cadence) End(q float64, byYears bool) string {
	switch years := 1 / q / c.PerYear; {
	case byYears && years >= era:
		return c.l.Say("once.era", "n", Grouped(era))
	case byYears && years >= 2:
		return c.l.Say("end.years", "n", Number(years))
	case 1/q >= era*c.PerYear:
		return c.l.Say("end.less", "n", Number(era*c.PerYear), "unit", c.Unit(2))
	}
	k, n := 1, Number(1/q)
	if some := int(math.Round(q * float64(c.Of))); some > 1 {
		k, n = some, strconv.Itoa(c.Of)
	}
	if byYears { // beside years the unit must be named
		return c.l.Say("end.unit", "k", strconv.Itoa(k), "n", n, "one", c.One(), "unit", c.Unit(2))
	}
	return c.l.Say("end.some", "k", strconv.Itoa(k), "n", n, "unit", c.Unit(2))
}

// Band says in which range the chance lies given what is unsure, in the unit in
// which Kept says the chance itself; it is empty where that makes no difference
// that can be counted.
func (c Cadence) Band(p *forecast.Probability) string {
	if !c.Countable(p.Value) {
		q, from, to := 1-p.Value, 1-p.Low, 1-p.High
		if p.Value < 0.5 {
			q, from, to = p.Value, p.Low, p.High
		}
		if q < Trillionth || p.Low == p.High {
			return ""
		}
		low, high := c.End(from, c.ByYears(q)), c.End(to, c.ByYears(q))
		if low == high {
			return ""
		}
		return c.l.Say("band.ends", "low", low, "high", high)
	}
	low, high := c.Count(p.Low), c.Count(p.High)
	if c.Rare(p.Low) {
		low = 0
	}
	if low == high {
		return ""
	}
	if !c.Named() {
		return c.l.Say("band.count.window", "low", c.Counted(low), "high", c.Counted(high), "of", fmt.Sprint(c.Of), "say", c.say)
	}
	return c.l.Say("band.count", "low", c.Counted(low), "high", c.Counted(high), "unit", c.Unit(int(math.Ceil(high))), "of", fmt.Sprint(c.Of))
}
