package say

import (
	"math"

	"tightrope/internal/forecast"
	"tightrope/internal/scenario"
)

// CodeUnknown is the code of the warning that nothing is known of how a service
// fails.
const CodeUnknown = "nothing-known"

// Unknown reports whether the model says nothing of how the service of an
// entry fails, or more than can be solved. Its distribution then says that nothing
// was listed or counted, and must not be read as praise.
func Unknown(e *forecast.Entry) bool {
	if e.Unsolved {
		return true
	}
	if len(e.Sources) > 0 {
		return false
	}
	for _, w := range e.Warnings {
		if w.Code == CodeUnknown && w.Of == scenario.ServiceID(e.Service) {
			return true
		}
	}
	return false
}

// OddsOf returns the chance of a target with that budget, in seconds, as it is
// said: 1 only where no window can spend more. Of a chance that was found so
// near to 1 that it reads as 1, something less.
func OddsOf(e *forecast.Entry, budget, p float64) float64 {
	if p >= 1-Trillionth && worst(e) <= budget*(1+1e-12) {
		return 1
	}
	return math.Min(p, math.Nextafter(1, 0))
}

// Odds is OddsOf for the entry's own objective.
func Odds(e *forecast.Entry) float64 {
	budget, _ := e.Objective.Budget.Float64()
	return OddsOf(e, budget, e.Met.Value)
}

// worst returns the lost seconds that no window exceeds, +Inf where chance has a
// say. Planned work of known rhythm and length happens at most once more in one
// window than in another.
func worst(e *forecast.Entry) float64 {
	bad := 0.0
	for _, s := range e.Sources {
		rest := s.PerWindow - s.Certain
		switch {
		case rest <= 1e-12*s.PerWindow:
			bad += s.PerWindow
		case s.Kind == forecast.ChangeSource && s.FixedLength && rest < s.PerIncident && len(e.Unsure) == 0:
			bad += s.Certain + s.PerIncident
		default:
			return math.Inf(1)
		}
	}
	return bad
}
