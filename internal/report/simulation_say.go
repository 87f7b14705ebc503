package report

import (
	"fmt"
	"math"

	"tightrope/internal/model"
	"tightrope/internal/simulate"
)

// Of what was drawn at random no more digits are said than its 95 % interval
// supports: the last one is worth no more than half of the interval, and the
// interval itself is rounded outwards.

// reach is the larger half of an interval.
func reach(e simulate.Estimate) float64 { return max(e.High-e.Value, e.Value-e.Low, 0) }

// decimalsOf returns how many decimals a number has that is known to so much:
// the last one is the first that differs.
func decimalsOf(half float64) int {
	if !(half > 0) {
		return 0
	}
	return -int(math.Floor(math.Log10(half) + 1e-9))
}

// give says a number and what it may be off by: "5.21 ± 0.06",
// "1,600,000 ± 200,000". Where all draws were the same it stands alone.
func give(v, half float64, unit string) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "unknown"
	}
	if !(half > 0) {
		return numeral(v, 3-int(math.Ceil(math.Log10(math.Max(v, 1e-9)))), true) + unit
	}
	d := min(decimalsOf(half), 9)
	step := math.Pow10(-d)
	return numeral(v, d, false) + unit + " ± " + numeral(math.Ceil(half/step-1e-9)*step, d, false) + unit
}

// numeral writes v with so many decimals, or rounded to that power of ten where
// they are negative.
func numeral(v float64, decimals int, trim bool) string {
	if decimals <= 0 {
		scale := math.Pow10(-decimals)
		return grouped(math.Round(v/scale) * scale)
	}
	if trim {
		return trimZeros(v, decimals)
	}
	return fmt.Sprintf("%.*f", decimals, v)
}

// often says how often something was seen or what it came to: "5.2 ± 0.1", or
// its range where it was hardly seen at all.
func often(e simulate.Estimate) string {
	half := reach(e)
	switch {
	case e.Value == 0:
		return "none seen"
	case half > e.Value/2:
		low, down := roundedDown(e.Low)
		high, up := roundedUp(e.High)
		return numeral(low, down, true) + " to " + numeral(high, up, true)
	}
	return give(e.Value, half, "")
}

// outwards rounds the ends of an interval to so many decimals; negative ones
// are powers of ten.
func outwards(low, high float64, decimals int) (float64, float64) {
	step := math.Pow10(-decimals)
	return math.Floor(low/step+1e-6) * step, math.Ceil(high/step-1e-6) * step
}

// roundedDown and roundedUp leave one digit of a number that is hardly known, and
// say how many decimals it has.
func roundedDown(v float64) (rounded float64, decimals int) {
	if !(v > 0) {
		return 0, 0
	}
	d := min(decimalsOf(v), 9)
	rounded, _ = outwards(v, v, d)
	return rounded, d
}

func roundedUp(v float64) (rounded float64, decimals int) {
	if !(v > 0) {
		return 0, 0
	}
	d := min(decimalsOf(v), 9)
	_, rounded = outwards(v, v, d)
	return rounded, d
}

// part says a share in percent: "0.052% ± 0.001%".
func part(e simulate.Estimate) string {
	if e.Value == 0 && e.High > 0 {
		return "below " + upper(e.High)
	}
	if reach(e) > e.Value/2 {
		return interval(e)
	}
	return give(100*e.Value, 100*reach(e), "%")
}

// interval says the range of a share, with as many digits as set its ends apart,
// and rounded outwards: "17.8% to 18.3%".
func interval(e simulate.Estimate) string {
	low, high := 100*max(e.Low, 0), 100*min(e.High, 1)
	if !(high > low) {
		return percentOf(e.Value, 2)
	}
	if e.Value < 0.5 && reach(e) > e.Value/2 { // hardly seen
		low, down := roundedDown(low)
		high, up := roundedUp(high)
		return percentOf(low/100, max(down, 0)) + " to " + percentOf(min(high/100, 1), max(up, 0))
	}
	d := shareDecimals(e)
	low, high = outwards(low, high, d)
	return percentOf(low/100, d) + " to " + percentOf(min(high/100, 1), d)
}

// shareDecimals returns how many decimals a share in percent has.
func shareDecimals(e simulate.Estimate) int {
	return min(max(decimalsOf(100*(e.High-e.Low)/2), 0), 9)
}

// estimated says a share and its range: "18.1% (17.8% to 18.3%)".
func estimated(e simulate.Estimate) string {
	switch {
	case !(e.High > e.Low):
		return percentOf(e.Value, 2)
	case e.Value == 0:
		return "0% (below " + upper(e.High) + ")"
	}
	return percentOf(e.Value, shareDecimals(e)) + " (" + interval(e) + ")"
}

// percentOf says a share with so many decimals, but for 0 % and 100 %.
func percentOf(v float64, decimals int) string {
	if v == 0 || v == 1 {
		return fmt.Sprintf("%.0f%%", 100*v)
	}
	return fmt.Sprintf("%.*f%%", decimals, 100*v)
}

// upper says a bound on a share, with one digit that is rounded up.
func upper(v float64) string {
	v, d := roundedUp(100 * v)
	return percentOf(min(v/100, 1), max(d, 0))
}

// lasting says a length of time, in seconds, and what it may be off by:
// "12m58s ± 9s", "2h36m ± 3m", "3.1d ± 0.2d"; or its range where it is hardly
// known.
func lasting(e simulate.Estimate) string {
	v, half := e.Value, reach(e)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "unknown"
	case !(half > 0) && e.SE == 0:
		return precisely(v)
	case half > v/2:
		return about(max(e.Low, 0)) + " to " + about(e.High)
	case v < 59.5:
		d := min(max(decimalsOf(half), 0), 3)
		step := math.Pow10(-d)
		return fmt.Sprintf("%.*fs ± %.*fs", d, v, d, math.Ceil(half/step-1e-9)*step)
	case v < model.Hour-0.5 && half < model.Minute/2:
		return english().TwoUnits(math.Round(v), model.Minute, model.Second, "m", "s") + margins(half, model.Second, "s")
	case v < model.Hour-30:
		return fmt.Sprintf("%.0fm", v/model.Minute) + margins(half, model.Minute, "m")
	case v < model.Day-30 && half < model.Hour/2:
		return english().TwoUnits(math.Round(v/model.Minute), 60, 1, "h", "m") + margins(half, model.Minute, "m")
	case v < model.Day-model.Hour/2:
		return fmt.Sprintf("%.0fh", v/model.Hour) + margins(half, model.Hour, "h")
	}
	d := min(max(decimalsOf(half/model.Day), 0), 2)
	step := math.Pow10(-d)
	return fmt.Sprintf("%.*fd ± %.*fd", d, v/model.Day, d, math.Ceil(half/model.Day/step-1e-9)*step)
}

// margins says half an interval, in seconds, rounded up to whole units.
func margins(half, unit float64, name string) string {
	return fmt.Sprintf(" ± %s%s", grouped(math.Ceil(half/unit-1e-9)), name)
}

// scaled is an estimate of so many times what was estimated.
func scaled(e simulate.Estimate, by float64) simulate.Estimate {
	return simulate.Estimate{Value: e.Value * by, Low: e.Low * by, High: e.High * by, SE: e.SE * by}
}
