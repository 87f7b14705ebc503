package say

import (
	"math"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// CodeContradiction is the code of the warning that parts of an answer contradict
// each other, CodePrecision and CodeWork those of what the error figure says too.
const (
	CodeContradiction = "contradiction"
	CodePrecision     = "precision"
	CodeWork          = "work"
)

// Open reports whether nothing is to be concluded from the numbers of an entry:
// nothing is known of how the service fails, or they contradict each other.
func Open(e *forecast.Entry) bool { return e.Contradicts || Unknown(e) }

// Contradiction says that the parts of an answer contradict each other; empty
// where they do not.
func (l Language) Contradiction(e *forecast.Entry) string {
	if !e.Contradicts {
		return ""
	}
	return l.Say("contradicts.said")
}

// worthSaying is the error of a chance that is told to people: less changes
// nothing that they would do.
const worthSaying = 1e-3

// Near reports whether the confidence that is asked for is as near to the chance
// of an entry as that may be off.
func Near(e *forecast.Entry) bool {
	return e.Met != nil && math.Abs(e.Met.Value-e.Confidence) <= e.Met.Error+e.Met.Model
}

// Precision says how far the chance of an entry and what is not exceeded 9 times
// in 10 may be off, where that changes what is said of them; else it is empty.
func (l Language) Precision(e *forecast.Entry) []string {
	lines := l.ChanceOff(e)
	q, err := e.Quantiles.P90, e.Quantiles.Error.P90
	if !Open(e) && err > 0.02*q && l.Around(q+err) != l.Around(q) {
		lines = append(lines, l.Say("error.quantile", "error", l.Around(err)))
	}
	return lines
}

// ChanceOff says how far the chance of an entry may be off, by its two figures.
func (l Language) ChanceOff(e *forecast.Entry) []string {
	p := e.Met
	if p == nil || Open(e) {
		return nil
	}
	var lines []string
	off := p.Error + p.Model
	near := Near(e)
	moves := likely(math.Max(0, p.Value-off)) != likely(p.Value) || likely(math.Min(1, p.Value+off)) != likely(p.Value)
	if off >= worthSaying && (near || moves) {
		numerical := ""
		if p.Error >= worthSaying {
			key := "error.estimate"
			if p.Bound {
				key = "error.bound"
			}
			numerical = l.Say(key, "error", Points(p.Error))
		}
		model := ""
		if p.Model >= worthSaying {
			key := "error.model"
			if e.Corrected {
				key = "error.corrected"
			}
			model = l.Say(key, "error", Points(p.Model))
		}
		switch {
		case numerical == "" && model == "": // neither alone
			lines = append(lines, l.Say("error.together", "error", Points(off)))
		case numerical == "":
			lines = append(lines, model)
		case model == "":
			lines = append(lines, numerical)
		default:
			lines = append(lines, l.Say("error.both", "numerical", numerical, "model", model))
		}
		if near {
			lines = append(lines, l.Say("error.near", "confidence", Percent(e.Confidence)))
		}
	}
	if below, above := l.Likely(p.Below), l.Likely(p.Above); (p.Below != 0 || p.Above != 0) && below != above {
		lines = append(lines, l.Say("error.jump", "below", below, "above", above))
	}
	return lines
}

// Points says an error of a chance in points of percent, with one digit, or two
// where that is little.
func Points(v float64) string {
	v *= 100
	if v >= 9.5 {
		return Trim(math.Ceil(v), 0) + "%"
	}
	scale := math.Pow10(int(math.Max(1, -math.Floor(math.Log10(v)))))
	return Trim(math.Ceil(v*scale-1e-9)/scale, 3) + "%"
}

// Corrected says what the sum of the sources by itself would say; empty where it
// is the answer, or reads the same.
func (l Language) Corrected(e *forecast.Entry) string {
	if !e.Corrected || Open(e) {
		return ""
	}
	mean := l.Around(e.SumMean)
	differs := mean != l.Around(e.Mean)
	key, chance := "corrected.mean", ""
	switch {
	case e.Met != nil && e.Met.Sum != nil && likely(*e.Met.Sum) != likely(e.Met.Value):
		key, chance = "corrected.chance", l.Beside(*e.Met.Sum, e.Confidence)
	case !differs:
		return ""
	}
	return l.Say(key, "chance", chance, "mean", mean, "window", l.Window(e.WindowSay))
}

// AddedUp says below a table of sources what of their sum is the answer; empty
// where they add up to it.
func (l Language) AddedUp(e *forecast.Entry) string {
	if !e.Corrected || l.Around(e.SumMean*model.Year/e.Window) == l.Around(e.PerYear) {
		return ""
	}
	return l.Say("corrected.row", "mean", l.Around(e.PerYear))
}

// Told are the warnings that are told to people: the contradiction before all
// others, and what is known to better than matters not at all.
func Told(e *forecast.Entry) []forecast.Warning {
	var first, rest []forecast.Warning
	for _, w := range e.Warnings {
		switch {
		case w.Code == CodeContradiction:
			first = append(first, w)
		case (w.Code == CodePrecision || w.Code == CodeWork) && e.Met != nil && e.Met.Error < worthSaying:
		default:
			rest = append(rest, w)
		}
	}
	return append(first, rest...)
}
