package simulate

import (
	"math"

	"tightrope/internal/forecast"
)

// Allowed is how many standard errors two engines may be apart: by chance more
// happens once in 150,000 comparisons.
const Allowed = 4.5

// A Comparison holds a forecast against a simulation of the same model.
type Comparison struct {
	Years   int
	Seed    uint64
	Entries []*Compared // in the order of the forecast
}

// Agrees reports whether everything does that must.
func (c *Comparison) Agrees() bool {
	for _, e := range c.Entries {
		for _, l := range e.Lines {
			if !l.Agrees {
				return false
			}
		}
	}
	return true
}

// A Compared is one objective as both engines see it.
type Compared struct {
	Service   string
	Objective *forecast.Objective
	WindowSay string
	Lines     []Line
	// Known differences: what a sum cannot see.
	Differences []Difference
}

// LineKind says what is compared.
type LineKind string

// What both engines answer.
const (
	// MeanLine is mean lost time in a window, in seconds, each incident counted
	// whole, by itself, in the window in which it begins.
	MeanLine LineKind = "mean"
	// MissLine is the chance that so counted it exceeds the budget.
	MissLine LineKind = "miss"
	// SeenMeanLine and SeenMissLine are the same of a forecast that is corrected for
	// what a sum leaves out: against what is seen, who is hit twice counted once.
	SeenMeanLine LineKind = "seen-mean"
	SeenMissLine LineKind = "seen-miss"
	// HitLine is the share of time in which a random user is hit: the exact
	// structure against the simulation, who is hit twice counted once.
	HitLine LineKind = "hit"
)

// A Line holds one number of a forecast against the simulation.
type Line struct {
	Kind      LineKind
	Forecast  float64
	Error     float64 // of the forecast
	Simulated Estimate
	// SE is the standard error that the difference is measured in: the
	// simulation's, or what the forecast expects it to be where that is more.
	// A quiet simulation does not know how much it has not seen.
	SE     float64
	Off    float64 // the difference beyond the error, in standard errors
	Agrees bool    // Off ≤ Allowed
}

// DifferenceKind says what a sum cannot see.
type DifferenceKind string

// Known differences.
const (
	// Overlap is the lost time in a window, in seconds, of users who are hit by
	// two things at once: the sum counts it twice.
	Overlap DifferenceKind = "overlap"
	// CalendarMiss is the chance to miss a calendar window, in which users are hit
	// once and incidents across a border are split.
	CalendarMiss DifferenceKind = "calendar-miss"
)

// A Difference is a number of the forecast and what it truly is.
type Difference struct {
	Kind      DifferenceKind
	Forecast  float64
	Simulated Estimate
}

// Compare holds a forecast against a simulation of the same model with the same
// nets.
func Compare(f *forecast.Result, s *Result) *Comparison {
	c := &Comparison{Years: s.Years, Seed: s.Seed}
	type key struct{ service, objective string }
	played := map[key]*Entry{}
	for _, e := range s.Entries {
		k := key{service: e.Service}
		if e.Objective != nil {
			k.objective = e.Objective.Name
		}
		played[k] = e
	}
	for _, e := range f.Entries {
		k := key{service: e.Service}
		if e.Objective != nil {
			k.objective = e.Objective.Name
		}
		if p := played[k]; p != nil && p.Windows > 0 {
			c.Entries = append(c.Entries, compareEntry(e, p))
		}
	}
	return c
}

func compareEntry(f *forecast.Entry, s *Entry) *Compared {
	c := &Compared{Service: f.Service, Objective: f.Objective, WindowSay: f.WindowSay}
	line := func(kind LineKind, value, err float64, seen Estimate, expected float64) {
		l := Line{Kind: kind, Forecast: value, Error: err, Simulated: seen, SE: math.Max(seen.SE, expected)}
		switch off := math.Max(0, math.Abs(value-seen.Value)-err); {
		case off <= rounding*math.Max(math.Abs(value), math.Abs(seen.Value)):
			l.Agrees = true
		case l.SE > 0:
			l.Off = off / l.SE
			l.Agrees = l.Off <= Allowed
		default:
			l.Off = math.Inf(1)
		}
		c.Lines = append(c.Lines, l)
	}
	windows := math.Max(1, float64(s.Sum.Windows))
	if f.Corrected {
		seen := math.Max(1, float64(s.Windows))
		line(SeenMeanLine, f.Mean, meanError*f.Mean, s.Bad, f.SD/math.Sqrt(seen))
		if f.Met != nil && s.Miss != nil {
			p := 1 - f.Met.Value
			line(SeenMissLine, p, f.Met.Error+f.Met.Model, *s.Miss, math.Sqrt(math.Max(0, p*(1-p))/seen))
		}
		c.hit(f, s, line)
		return c
	}
	if s.Sum.Windows > 0 {
		line(MeanLine, f.Mean, meanError*f.Mean, s.Sum.Bad, f.SD/math.Sqrt(windows))
	}
	if f.Met != nil && s.Sum.Miss != nil && s.Sum.Windows > 0 {
		p := 1 - f.Met.Value
		line(MissLine, p, f.Met.Error+f.Met.Model, *s.Sum.Miss, math.Sqrt(math.Max(0, p*(1-p))/windows))
	}
	c.hit(f, s, line)
	c.Differences = append(c.Differences, Difference{Overlap, f.Mean, s.Bad})
	if f.Met != nil && s.Miss != nil {
		c.Differences = append(c.Differences, Difference{CalendarMiss, 1 - f.Met.Value, *s.Miss})
	}
	return c
}

// hit holds the exact structure against the simulation.
func (c *Compared) hit(f *forecast.Entry, s *Entry, line func(kind LineKind, value, err float64, seen Estimate, expected float64)) {
	if a := f.Availability; a != nil {
		line(HitLine, a.Unavailable, a.Error, s.BadShare, f.SD/f.Window/math.Sqrt(math.Max(1, float64(s.Windows))))
	}
}

// The mean of a forecast is exact but for averaging over many unsure inputs of a
// group; both engines add up many small numbers.
const (
	meanError = 1e-3
	rounding  = 1e-9
)
