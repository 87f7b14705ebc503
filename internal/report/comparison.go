package report

import (
	"fmt"
	"math"

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
func comparisonTable(c *simulate.Comparison) table {
	t := table{columns: []column{{head: ""}, {head: "forecast", right: true}, {head: "simulation", right: true}, {head: "apart", right: true}}}
	for _, e := range c.Entries {
		if len(c.Entries) <= comparedWhole {
			for _, l := range e.Lines {
				addCompared(&t, e, l, l.Off).note = comparedWhat(e, l)
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
				addCompared(&t, e, l, l.Off).note = comparedWhat(e, l)
			case i == 0:
				addCompared(&t, e, l, most)
			}
		}
	}
	if len(c.Entries) > comparedWhole {
		t.foot = "lost time in each one's window, each incident counted by itself; apart is that of the number of each that is furthest apart; --format json has all"
	}
	return t
}

func addCompared(t *table, e *simulate.Compared, l simulate.Line, off float64) *row {
	sign, st := "✓ ", green
	if !l.Agrees {
		sign, st = "✗ ", red
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
	r := t.add(sign+whose(e), value, seen, apart)
	r.cells[0].style = st
	return r
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
func knownTable(c *simulate.Comparison) table {
	t := table{columns: []column{{head: ""}, {head: "forecast", right: true}, {head: "simulation", right: true}}}
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
			r := t.add(whose(e), value, seen)
			r.note = what
		}
	}
	return t
}

// nothingUnseen stands in place of a knownTable without rows.
const nothingUnseen = "overlapping incidents and the borders of calendar windows make no difference here"

const knownTitle = "What a sum of incidents cannot see"

func (t *text) comparison(c *simulate.Comparison) {
	title, verdict, agrees := comparisonTitle(c)
	st := green
	if !agrees {
		st = red
	}
	t.line(t.paint(bold, title))
	t.paragraph(st, margin, verdict)
	if len(c.Entries) == 0 {
		return
	}
	t.line()
	rows := comparisonTable(c)
	rows.write(t.page, margin)
	t.line()
	t.line(t.paint(bold, knownTitle))
	rows = knownTable(c)
	if len(rows.rows) == 0 {
		t.paragraph(plain, margin, nothingUnseen)
		return
	}
	rows.write(t.page, margin)
}

func (m *markdown) comparison(c *simulate.Comparison) {
	title, verdict, _ := comparisonTitle(c)
	m.block("**" + escape(title) + "**: " + escape(verdict) + ".")
	if len(c.Entries) == 0 {
		return
	}
	m.table(comparisonTable(c))
	if rows := knownTable(c); len(rows.rows) > 0 {
		m.folded(knownTitle, func() { m.table(rows) })
		return
	}
	m.block(knownTitle + ": " + nothingUnseen + ".")
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
