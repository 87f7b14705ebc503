package report

import "tightrope/internal/forecast"

// A ranking is which sources of an entry are shown one by one, and what the
// others come to together.
type ranking struct {
	shown, rest []*forecast.Source
	largest     float64 // lost seconds a window of the largest source
	incidents   float64 // a year, of all sources
	whole       float64 // lost seconds a window that are 100 %: the budget, or all lost time
	restPerYear float64 // lost seconds a year of the rest
	restWindow  float64 // and a window
}

func rank(e *forecast.Entry) ranking {
	r := ranking{shown: e.Sources, whole: e.Mean}
	if len(e.Sources) > sourceRows+1 {
		r.shown, r.rest = e.Sources[:sourceRows], e.Sources[sourceRows:]
	}
	for _, s := range r.rest {
		r.restPerYear += s.PerYear
		r.restWindow += s.PerWindow
	}
	for _, s := range e.Sources {
		r.incidents += s.IncidentsPerYear
		r.largest = max(r.largest, s.PerWindow)
	}
	if e.Objective != nil {
		r.whole, _ = e.Objective.Budget.Float64()
	}
	return r
}

// share returns which part of the whole that many lost seconds a window are.
func (r ranking) share(bad float64) float64 {
	if r.whole <= 0 {
		return 0
	}
	return bad / r.whole
}
