package say

import (
	"math"
	"strconv"
	"strings"

	"tightrope/internal/model"
)

// Lengths are lengths of time, in seconds, that are shown with their sum: all of
// them rounded to one step, so that they add up as shown. The step is the one with
// which the smallest part is said alone, as far as the sum then has no more than
// about five digits: a second below ten hours, a minute below ten days, an hour
// below a hundred.
type Lengths struct {
	language Language
	Rounded
}

// tenth is the least step, in seconds.
const tenth = 0.1

// AddUpLengths rounds lengths of time so that they add up, as AddUp does amounts.
// What is counted twice is a length below 0.
func (l Language) AddUpLengths(parts ...float64) Lengths {
	out := Lengths{l, Rounded{Parts: make([]float64, len(parts)), of: parts}}
	sum, largest, least := 0.0, 0.0, math.Inf(1)
	for _, v := range parts {
		sum += v
		if largest = math.Max(largest, math.Abs(v)); v != 0 {
			least = math.Min(least, math.Abs(v))
		}
	}
	largest = math.Max(largest, math.Abs(sum))
	if !(largest > 0) || math.IsInf(largest, 0) {
		copy(out.Parts, parts)
		out.Sum = sum
		return out
	}
	out.Step = math.Max(
		stepBelow(least, 9.95, 10*model.Minute-0.5, model.Day-30, 100*model.Day),
		stepBelow(largest, model.Minute, 10*model.Hour, 10*model.Day, 100*model.Day))
	out.Rounded = out.round(math.Round(sum / out.Step))
	return out
}

// stepBelow is the step of a length: a tenth of a second, a second, a minute or an hour
// where it is below these bounds, else a day.
func stepBelow(v, tenths, seconds, minutes, hours float64) float64 {
	switch {
	case v < tenths:
		return tenth
	case v < seconds:
		return model.Second
	case v < minutes:
		return model.Minute
	case v < hours:
		return model.Hour
	}
	return model.Day
}

// Within rounds what a part consists of so that it adds up to the part as shown.
func (x Lengths) Within(part int, parts ...float64) Lengths {
	out := Lengths{x.language, Rounded{Parts: make([]float64, len(parts)), of: parts, Step: x.Step}}
	if x.Step == 0 {
		copy(out.Parts, parts)
		out.Sum = x.Parts[part]
		return out
	}
	out.Rounded = out.round(math.Round(x.Parts[part] / x.Step))
	return out
}

// Part says a part: "8h20m", "<1m" for what is less than a step.
func (x Lengths) Part(i int) string { return x.say(x.Parts[i], x.of[i]) }

// Between says the parts from one on up to another together.
func (x Lengths) Between(from, to int) string {
	shown, is := 0.0, 0.0
	for i := from; i < to; i++ {
		shown, is = shown+x.Parts[i], is+x.of[i]
	}
	return x.say(shown, is)
}

// Total says the sum.
func (x Lengths) Total() string { return x.say(x.Sum, x.Sum) }

// say says a whole number of steps, of what was not rounded.
func (x Lengths) say(v, is float64) string {
	switch {
	case x.Step == 0:
		return x.language.Around(v)
	case v < -x.Step/2:
		return "−" + x.say(-v, -is)
	case v >= x.Step/2:
		return x.language.units(v, x.Step)
	case is == 0:
		return x.language.length(length{n: "0", unit: "s"})
	}
	for _, u := range units {
		if x.Step >= u.of {
			return x.language.length(length{less: true, n: "1", unit: u.name})
		}
	}
	return x.language.length(length{less: true, n: "0.1", unit: "s"})
}

// units are those in which lengths are said.
var units = []struct {
	of   float64
	name string
}{{model.Day, "d"}, {model.Hour, "h"}, {model.Minute, "m"}, {model.Second, "s"}}

// units says a whole number of steps in as many units as it takes: "1h09m54s".
func (l Language) units(v, step float64) string {
	if step < model.Second {
		return l.length(length{n: Trim(v, 1), unit: "s"})
	}
	v = math.Round(v/step) * step
	apart := l.Code == "ko" || l.spaced
	var parts []string
	for _, u := range units {
		n := math.Floor(v/u.of + 1e-9)
		v -= n * u.of
		if n == 0 && (len(parts) == 0 || v < step/2 || apart) {
			continue
		}
		said := strconv.FormatFloat(n, 'f', 0, 64)
		if len(parts) > 0 && u.of < model.Hour && n < 10 && !apart {
			said = "0" + said
		}
		if parts = append(parts, l.length(length{n: said, unit: u.name})); v < step/2 {
			break
		}
	}
	if apart {
		return strings.Join(parts, " ")
	}
	return strings.Join(parts, "")
}
