package report

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// A cadence is how a person counts windows of one length: months in 12.
type cadence struct {
	one, many string
	suffix    string  // said after "7 in 10" where the unit has no name of its own
	of        int     // how many are counted together
	perYear   float64 // windows in a year
}

// cadences are the lengths of windows, in days, that people have a word for.
var cadences = []struct {
	least, most float64
	one, many   string
	of          int
}{
	{1, 1, "day", "days", 30},
	{7, 7, "week", "weeks", 52},
	{28, 31, "month", "months", 12},
	{89, 93, "quarter", "quarters", 20},
	{364, 366, "year", "years", 10},
}

// cadenceOf returns how windows of that many seconds are counted; say is the
// window as written.
func cadenceOf(window float64, say string) cadence {
	c := cadence{one: "window of " + say, many: "windows", suffix: " windows of " + say, of: 10, perYear: model.Year / window}
	for _, k := range cadences {
		if days := window / model.Day; days >= k.least && days <= k.most {
			c.one, c.many, c.suffix, c.of = k.one, k.many, "", k.of
		}
	}
	return c
}

// count returns how many of c.of windows pass that each pass with probability p.
func (c cadence) count(p float64) int { return int(math.Round(p * float64(c.of))) }

// rare reports whether p is less than one of c.of, which rounding would make
// more of than there is.
func (c cadence) rare(p float64) bool { return p*float64(c.of) < 0.95 }

// countable reports whether p is said as so many of so many, rather than as an
// exception to always or never.
func (c cadence) countable(p float64) bool { return !c.rare(p) && c.count(p) < c.of }

// outOf says "7 months in 12", or "7 in 10 windows of 14d".
func (c cadence) outOf(n int) string {
	switch {
	case c.suffix != "":
		return fmt.Sprintf("%d in %d%s", n, c.of, c.suffix)
	case n == 1:
		return fmt.Sprintf("1 %s in %d", c.one, c.of)
	}
	return fmt.Sprintf("%d %s in %d", n, c.many, c.of)
}

// kept ends the sentence "99.95% over 30d would …" for a target that each window
// keeps with probability p; 1 is a certainty.
func (c cadence) kept(p float64) string {
	switch {
	case p == 1:
		return "always be kept"
	case p < trillionth:
		return "never be kept"
	case c.countable(p):
		return "be kept about " + c.outOf(c.count(p))
	case p < 0.5:
		return "hardly ever be kept: " + c.once(p)
	}
	return "be kept nearly always: missed " + c.once(1-p)
}

// briefly says kept for a second target, after a first one in full.
func (c cadence) briefly(p float64) string {
	switch {
	case p == 1:
		return "always"
	case p < trillionth:
		return "never"
	case c.countable(p):
		return fmt.Sprintf("about %d in %d", c.count(p), c.of)
	case p < 0.5:
		return "hardly ever: " + c.once(p)
	}
	return "nearly always: missed " + c.once(1-p)
}

// cell says kept in a table, which says the window elsewhere.
func (c cadence) cell(p float64) string {
	many, one := c.many, c.one
	if c.suffix != "" {
		one = "window"
	}
	seldom := cadence{one: one, many: many, perYear: c.perYear}
	switch {
	case p == 1:
		return "always"
	case p < trillionth:
		return "never"
	case c.countable(p) && c.suffix != "":
		return fmt.Sprintf("about %d in %d windows", c.count(p), c.of)
	case c.countable(p):
		return "about " + c.outOf(c.count(p))
	case p < 0.5 && p*c.perYear*1000 < 1:
		return "practically never"
	case p < 0.5:
		return seldom.once(p)
	case (1-p)*c.perYear*1000 < 1:
		return "practically always"
	}
	return "missed " + seldom.once(1-p)
}

// era is how many years pass before something is said to never happen in any
// that count.
const era = 1000

// byYears reports whether once says how many years lie between two of what
// happens with probability q in a window.
func (c cadence) byYears(q float64) bool { return 1/q/c.perYear >= 10 || c.one == "year" }

// once says how seldom something is that happens with probability q in a window:
// "about 1 month in 40", "about once in 25 years".
func (c cadence) once(q float64) string {
	switch years := 1 / q / c.perYear; {
	case q < trillionth:
		return "less than 1 time in a trillion"
	case years >= era:
		return "less than once in " + grouped(era) + " years"
	case c.byYears(q):
		return "about once in " + digits(years) + " years"
	}
	return fmt.Sprintf("about 1 %s in %s", c.one, digits(1/q))
}

// end says one end of the range of what once says with probability q, in the
// same unit: "1 in 25", "once in 30 years".
func (c cadence) end(q float64, byYears bool) string {
	switch years := 1 / q / c.perYear; {
	case byYears && years >= era:
		return "less than once in " + grouped(era) + " years"
	case byYears && years >= 2:
		return "once in " + digits(years) + " years"
	case 1/q >= era*c.perYear:
		return "less than 1 in " + digits(era*c.perYear)
	}
	said := "1 in " + digits(1/q)
	if n := c.count(q); n > 1 {
		said = fmt.Sprintf("%d in %d", n, c.of)
	}
	if byYears {
		said = strings.Replace(said, " ", " "+c.one+" ", 1) // beside years the unit must be named
	}
	return said
}

// band says in which range the chance lies given what is unsure, in the unit in
// which kept says the chance itself; it is empty where that makes no difference
// that can be counted.
func (c cadence) band(p *forecast.Probability) string {
	if !c.countable(p.Value) {
		q, from, to := 1-p.Value, 1-p.Low, 1-p.High
		if p.Value < 0.5 {
			q, from, to = p.Value, p.Low, p.High
		}
		if q < trillionth || p.Low == p.High {
			return ""
		}
		low, high := c.end(from, c.byYears(q)), c.end(to, c.byYears(q))
		if low == high {
			return ""
		}
		return fmt.Sprintf("between %s and %s, given what is unsure", low, high)
	}
	low, high := c.count(p.Low), c.count(p.High)
	if c.rare(p.Low) {
		low = 0
	}
	if low == high {
		return ""
	}
	return fmt.Sprintf("between %d and %s, given what is unsure", low, c.outOf(high))
}
