package report

import (
	"fmt"
	"math"

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

// countable reports whether p is said as so many of so many, rather than as an
// exception to always or never.
func (c cadence) countable(p float64) bool {
	n := c.count(p)
	return n > 0 && n < c.of
}

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
// keeps with probability p.
func (c cadence) kept(p float64) string {
	switch {
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

// once says how seldom something is that happens with probability q in a window:
// "about 1 month in 40", "about once in 25 years".
func (c cadence) once(q float64) string {
	if q < trillionth {
		return "less than 1 time in a trillion"
	}
	windows := 1 / q
	years := windows / c.perYear
	switch {
	case years >= 1000:
		return "less than once in 1,000 years"
	case years >= 10 || c.one == "year":
		return "about once in " + digits(years) + " years"
	}
	return fmt.Sprintf("about 1 %s in %s", c.one, digits(windows))
}

// band says in which range the chance lies given what is unsure; it is empty
// where that makes no difference that can be counted.
func (c cadence) band(p *forecast.Probability) string {
	low, high := c.count(p.Low), c.count(p.High)
	if !c.countable(p.Value) {
		if l, h := chance(p.Low), chance(p.High); l != h {
			return fmt.Sprintf("between %s and %s, given what is unsure", l, h)
		}
		return ""
	}
	if low == high {
		return ""
	}
	return fmt.Sprintf("between %d and %s, given what is unsure", low, c.outOf(high))
}
