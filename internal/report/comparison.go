package report

import (
	"fmt"
	"math"
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/simulate"
)

// comparisonTitle heads the comparison of a forecast with a simulation, and
// says in a sentence what came out.
func comparisonTitle(c *simulate.Comparison) (title, verdict string, agrees bool) {
	title = fmt.Sprintf("Held against %s (seed %d)", counted(c.Years, "simulated year", "simulated years"), c.Seed)
	apart := 0
	for _, e := range c.Entries {
		for _, l := range e.Lines {
			if !l.Agrees {
				apart++
			}
		}
	}
	switch {
	case len(c.Entries) == 0:
		return title, "nothing was compared: no window was simulated whole", false
	case apart > 0:
		return title, fmt.Sprintf("the two engines differ in %s by more than %.1f standard errors", counted(apart, "number", "numbers"), simulate.Allowed), false
	}
	return title, fmt.Sprintf("the two engines agree within %.1f standard errors in all that both answer", simulate.Allowed), true
}

func whose(e *simulate.Compared) string {
	if e.Objective == nil {
		return e.Service
	}
	return label(&forecast.Entry{Service: e.Service, Objective: e.Objective})
}

// comparedWhole is of how many objectives each number is shown; of more, each
// has one line, and those numbers that differ one each.
const comparedWhole = 3

// comparisonTable has a line for each number that both engines answer.
func comparisonTable(c *simulate.Comparison) document.Table {
	t := document.Table{Columns: []document.Column{{Head: ""}, {Head: "forecast", Right: true}, {Head: "simulation", Right: true}, {Head: "apart", Right: true}}}
	for _, e := range c.Entries {
		if len(c.Entries) <= comparedWhole {
			for _, l := range e.Lines {
				addCompared(&t, e, l, l.Off).Note = comparedWhat(e, l)
			}
			continue
		}
		most := 0.0
		for _, l := range e.Lines {
			if l.Agrees {
				most = max(most, l.Off)
			}
		}
		for i, l := range e.Lines {
			switch {
			case !l.Agrees:
				addCompared(&t, e, l, l.Off).Note = comparedWhat(e, l)
			case i == 0:
				addCompared(&t, e, l, most)
			}
		}
	}
	if len(c.Entries) > comparedWhole {
		t.Foot = "lost time in each one's window, each incident counted by itself; apart is that of the number of each that is furthest apart; --format json has all"
	}
	return t
}

func addCompared(t *document.Table, e *simulate.Compared, l simulate.Line, off float64) *document.Row {
	sign, st := "✓", document.Good
	if !l.Agrees {
		sign, st = "✗", document.Bad
	}
	value, seen := "", ""
	switch l.Kind {
	case simulate.MeanLine, simulate.SeenMeanLine:
		value, seen = about(l.Forecast), lasting(l.Simulated)
	case simulate.MissLine, simulate.SeenMissLine:
		value, seen = chance(l.Forecast), part(l.Simulated)
	case simulate.HitLine:
		value, seen = percentOf(l.Forecast, 4), part(l.Simulated)
	}
	apart := fmt.Sprintf("%.1f se", off)
	if math.IsInf(off, 1) {
		apart = "–"
	}
	return marked(t.Add(whose(e), value, seen, apart), sign, st)
}

func comparedWhat(e *simulate.Compared, l simulate.Line) string {
	switch l.Kind {
	case simulate.MeanLine:
		return "lost time in " + windowText(e.WindowSay) + ", each incident counted by itself"
	case simulate.SeenMeanLine:
		return "lost time in " + windowText(e.WindowSay) + ", who is hit twice counted once"
	case simulate.SeenMissLine:
		return "calendar windows missed; the forecast is corrected for what a sum leaves out"
	case simulate.MissLine:
		return "windows missed, so counted"
	}
	return "a random user is hit at a random moment"
}

// material is the part of itself by which a number must differ to be told.
const material = 0.01

// knownTable has what a sum cannot see, where that is material and no chance.
func knownTable(c *simulate.Comparison) document.Table {
	t := document.Table{Columns: []document.Column{{Head: ""}, {Head: "forecast", Right: true}, {Head: "simulation", Right: true}}}
	for _, e := range c.Entries {
		for _, d := range e.Differences {
			off := math.Abs(d.Forecast - d.Simulated.Value)
			if off <= material*math.Max(d.Forecast, d.Simulated.Value) || d.Simulated.Low <= d.Forecast && d.Forecast <= d.Simulated.High {
				continue
			}
			what, value, seen := "", "", ""
			switch d.Kind {
			case simulate.Overlap:
				what, value, seen = "lost time in "+windowText(e.WindowSay)+", who is hit twice counted once", about(d.Forecast), lasting(d.Simulated)
			case simulate.CalendarMiss:
				what, value, seen = "calendar windows missed", chance(d.Forecast), part(d.Simulated)
			}
			r := t.Add(whose(e), value, seen)
			r.Note = what
		}
	}
	return t
}

// nothingUnseen stands in place of a knownTable without rows.
const nothingUnseen = "overlapping incidents and the borders of calendar windows make no difference here"

const knownTitle = "What a sum of incidents cannot see"

// comparisonBrief says whether they agree, and where they do not.
func comparisonBrief(c *simulate.Comparison, b brief) document.Section {
	s := comparison(c)[0]
	if len(s.Blocks) < 2 {
		return s
	}
	t := s.Blocks[1].Table
	t.Rows = slices.DeleteFunc(t.Rows, func(r document.Row) bool { return r.Cells[0].Tone == document.Good })
	t.Rows, t.Foot = t.Rows[:min(len(t.Rows), b.rows)], ""
	return s
}

// comparison says how far a forecast and a simulation of the same are apart.
func comparison(c *simulate.Comparison) []document.Section {
	title, verdict, agrees := comparisonTitle(c)
	said := document.Fact{Sign: "✓", Tone: document.Good, Lines: []string{verdict}}
	if !agrees {
		said.Sign, said.Tone = "✗", document.Bad
	}
	s := document.Section{Title: title, Blocks: []document.Block{{Facts: []document.Fact{said}}}}
	if len(c.Entries) == 0 {
		return []document.Section{s}
	}
	t := comparisonTable(c)
	s.Add(document.Block{Table: &t})
	known := document.Section{Title: knownTitle, Kind: document.Folded}
	if t := knownTable(c); len(t.Rows) > 0 {
		known.Add(document.Block{Table: &t})
	} else {
		known.Add(document.Block{Text: nothingUnseen})
	}
	return []document.Section{s, known}
}

type (
	jsonCheck struct {
		Years   int               `json:"years"`
		Seed    uint64            `json:"seed"`
		Allowed float64           `json:"allowed_standard_errors"`
		Agrees  bool              `json:"agrees"`
		Entries []jsonCheckedPart `json:"services"`
	}
	jsonCheckedPart struct {
		Service     string           `json:"service"`
		Objective   *string          `json:"objective"`
		Compared    []jsonCompared   `json:"compared"`
		Differences []jsonDifference `json:"known_differences"`
	}
	jsonCompared struct {
		What     simulate.LineKind `json:"what"`
		Forecast float64           `json:"forecast"`
		Error    float64           `json:"forecast_error"`
		Seen     float64           `json:"simulated"`
		CI       [2]float64        `json:"simulated_ci95"`
		SE       float64           `json:"standard_error"`
		Apart    *float64          `json:"standard_errors_apart"`
		Agrees   bool              `json:"agrees"`
	}
	jsonDifference struct {
		What     simulate.DifferenceKind `json:"what"`
		Forecast float64                 `json:"forecast"`
		Seen     float64                 `json:"simulated"`
		CI       [2]float64              `json:"simulated_ci95"`
	}
)

func checkJSON(c *simulate.Comparison) *jsonCheck {
	if c == nil {
		return nil
	}
	out := &jsonCheck{Years: c.Years, Seed: c.Seed, Allowed: simulate.Allowed, Agrees: c.Agrees(), Entries: make([]jsonCheckedPart, 0, len(c.Entries))}
	for _, e := range c.Entries {
		p := jsonCheckedPart{Service: e.Service, Compared: make([]jsonCompared, 0, len(e.Lines)), Differences: make([]jsonDifference, 0, len(e.Differences))}
		if e.Objective != nil {
			p.Objective = &e.Objective.Name
		}
		for _, l := range e.Lines {
			j := jsonCompared{l.Kind, l.Forecast, l.Error, l.Simulated.Value, [2]float64{l.Simulated.Low, l.Simulated.High}, l.SE, &l.Off, l.Agrees}
			if math.IsInf(l.Off, 1) {
				j.Apart = nil
			}
			p.Compared = append(p.Compared, j)
		}
		for _, d := range e.Differences {
			p.Differences = append(p.Differences, jsonDifference{d.Kind, d.Forecast, d.Simulated.Value, [2]float64{d.Simulated.Low, d.Simulated.High}})
		}
		out.Entries = append(out.Entries, p)
	}
	return out
}
