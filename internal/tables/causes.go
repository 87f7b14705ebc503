package tables

import (
	"math"
	"strings"

	"tightrope/internal/chart"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
)

// Causes are what loses the time of an entry, the largest first, as a table and a picture
// of it show them: so many one by one, and the others together.
type Causes struct {
	Shown []Cause
	Rest  []*forecast.Source
	// RestWindow and RestYear are lost seconds of the rest.
	RestWindow, RestYear float64
}

// A Cause is one of them.
type Cause struct {
	Source *forecast.Source
	Name   string // what people call it
	Note   string // what its row has no column for
	// Parts divide what it loses in a window as the mean times of one incident are: until
	// it is known, until somebody answers, until it is over, and what is not told apart.
	Parts [4]float64
}

// Causes ranks what loses the time of an entry.
func (b Builder) Causes(e *forecast.Entry, most int) Causes {
	var c Causes
	shown, rest := say.Ranked(e, most)
	for _, s := range shown {
		c.Shown = append(c.Shown, Cause{Source: s, Name: b.Cause(s.Kind, s.Title, s.Name, s.Made), Note: b.noteOf(e, s), Parts: phases(s)})
	}
	c.Rest = rest
	for _, s := range rest {
		c.RestWindow += s.PerWindow
		c.RestYear += s.PerYear
	}
	return c
}

// noteOf is what the row of a source has no column for. Where things are called by
// their titles it is where a risk happens, and what the others are.
func (b Builder) noteOf(e *forecast.Entry, s *forecast.Source) string {
	if !b.Titles {
		return b.SourceNote(e, s)
	}
	l := b.ByTitle()
	var parts []string
	add := func(yes bool, key string, pairs ...string) {
		if yes {
			parts = append(parts, l.Say(key, pairs...))
		}
	}
	add(s.Kind == forecast.ChangeSource, "note.planned")
	add(s.Kind == forecast.StatedSource, "cause.stated")
	elsewhere := s.Kind == forecast.RiskSource && s.Service != "" && s.Service != e.Service
	add(elsewhere, "shares.on", "service", l.Where(s.Service, s.Several))
	add(s.Kind != forecast.RiskSource && s.Impact > 0 && s.Impact < 1-1e-9, "note.hits", "share", l.Likely(s.Impact))
	return strings.Join(parts, ", ")
}

// phases divide the lost time of a source.
func phases(s *forecast.Source) [4]float64 {
	all := s.Detect + s.Acknowledge + s.Recover
	if all <= 0 || s.Kind != forecast.RiskSource && s.Detect == 0 && s.Acknowledge == 0 {
		return [4]float64{0, 0, 0, s.PerWindow}
	}
	k := s.PerWindow / all
	return [4]float64{k * s.Detect, k * s.Acknowledge, k * s.Recover, 0}
}

// CausesPicture draws them, as shares of all lost time.
func (b Builder) CausesPicture(e *forecast.Entry, c Causes, f chart.Frame, window string) chart.Picture {
	whole := math.Max(e.SumMean, math.SmallestNonzeroFloat64)
	var rows []chart.Bar
	for _, x := range c.Shown {
		rows = append(rows, chart.Bar{Name: x.Name, Note: x.Note, Parts: x.Parts[:], Value: b.Part(x.Source.PerWindow / whole)})
	}
	if n := len(c.Rest); n > 0 {
		rows = append(rows, chart.Bar{Name: b.Say("why.rest", "count", say.Grouped(float64(n))), Parts: []float64{0, 0, 0, c.RestWindow}, Value: b.Part(c.RestWindow / whole)})
	}
	return chart.Bars{
		Frame: f, X: chart.Axis{Label: b.Say("why.axis", "window", window), Say: b.Around, Time: true}, Rows: rows,
		Parts: []string{b.Say("why.detect"), b.Say("why.acknowledge"), b.Say("why.recover"), b.Say("why.other")},
		Name:  b.Say("why.source"), Value: b.Say("why.share"),
	}.Draw()
}

// CausesTitle heads CausesTable.
func (b Builder) CausesTitle(e *forecast.Entry) string {
	if e.Objective == nil {
		return b.Say("causes.title")
	}
	budget, _ := e.Objective.Budget.Float64()
	return b.Say("causes.title.budget", "budget", b.Exact(budget), "window", b.Window(e.WindowSay))
}

// CausesTable lists them with how often they come, the parts of one, and a bar and the
// rating of each: as shares of the budget or, without an objective, of all lost time.
func (b Builder) CausesTable(e *forecast.Entry, c Causes) *document.Table {
	part, whole, largest := "causes.share", e.Mean, 0.0
	if e.Objective != nil {
		part = "causes.budget"
		whole, _ = e.Objective.Budget.Float64()
	}
	for _, s := range e.Sources {
		largest = math.Max(largest, s.PerWindow)
	}
	share := func(bad float64) string {
		if whole <= 0 {
			bad = 0
		}
		return b.Part(bad / math.Max(whole, math.SmallestNonzeroFloat64))
	}
	t := &document.Table{Title: b.CausesTitle(e), About: b.Say("causes.about"), Columns: []document.Column{{},
		head(b.Say("causes.often"), true), head(b.Say("causes.detect"), true),
		{Head: b.Say("causes.acknowledge"), Right: true, Tight: true}, {Head: b.Say("causes.recover"), Right: true, Tight: true},
		head(b.Say("causes.lost"), true), head(b.Say(part), true), {Bars: true}, {Tight: true}}}
	for _, x := range c.Shown {
		s := x.Source
		often := say.Number(s.IncidentsPerYear)
		if s.IncidentsPerYear == 0 {
			often = "–"
		}
		times := b.times(s)
		r := t.Add(x.Name, often, times[0], times[1], times[2], b.Around(s.PerYear), share(s.PerWindow), "", string(s.Rating))
		r.Note = x.Note
		if largest > 0 { // else nothing is spent that a bar could show a part of
			r.Cells[7].Bar = &document.Bar{Parts: []float64{s.PerWindow / largest}}
		}
		r.Cells[8].Tone = Rated(s.Rating)
	}
	if n := len(c.Rest); n > 0 {
		t.Add(b.Say("why.rest", "count", say.Grouped(float64(n))), "", "", "", "", b.Around(c.RestYear), share(c.RestWindow))
	}
	if note := b.AddedUp(e); note != "" {
		t.Add(b.Say("causes.sum"), "", "", "", "", b.Around(e.SumMean*model.Year/e.Window), share(e.SumMean)).Note = note
		return t
	}
	t.Add(b.Say("causes.all"), "", "", "", "", b.Around(e.PerYear), share(e.Mean))
	return t
}

// times are the mean parts of one incident.
func (b Builder) times(s *forecast.Source) [3]string {
	parts := [3]string{"–", "–", "–"}
	if s.Kind == forecast.RiskSource || s.Detect > 0 || s.Acknowledge > 0 {
		parts[0], parts[1] = b.Around(s.Detect), b.Around(s.Acknowledge)
	}
	switch {
	case s.Kind == forecast.RiskSource || s.Recover > 0:
		parts[2] = b.Around(s.Recover)
	case s.Kind == forecast.GroupSource && s.Impact > 0:
		parts[2] = b.Around(s.PerIncident / s.Impact) // it ends as its members recover
	}
	return parts
}

// Rated is how a rating stands out.
func Rated(r forecast.Rating) document.Tone {
	switch r {
	case forecast.Red:
		return document.Bad
	case forecast.Amber:
		return document.Warn
	case forecast.Green:
		return document.Good
	}
	return document.Normal
}
