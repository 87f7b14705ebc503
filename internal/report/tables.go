package report

import (
	"fmt"

	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/tables"
)

// scoreTable has one row for each objective, worst first, up to a limit.
func scoreTable(o outline) document.Table {
	t := document.Table{Columns: []document.Column{{Head: "service"}, {Head: "objective"}, {Head: "met"}, {Head: "could be"}}}
	for _, e := range o.scores[:min(len(o.scores), scoreLines)] {
		sign, st := verdictSign(e)
		could := "–"
		if e.Suggested != nil {
			could = e.Suggested.Text
		}
		kept := english().CadenceOf(e).Cell(say.Odds(e))
		switch {
		case e.Contradicts:
			kept, could = "contradicts itself", "unknown"
		case nothingKnown(e):
			kept, could = "unknown", "unknown"
		}
		marked(t.Add(label(e), promise(e, e.Objective.Target.Text), kept, could), sign, st)
	}
	if rest := len(o.scores) - scoreLines; rest > 0 {
		t.Foot = fmt.Sprintf("and %s more that are met more easily; --format json has all", grouped(float64(rest)))
	}
	return t
}

// marked sets a sign before a row.
func marked(r *document.Row, sign string, tone document.Tone) *document.Row {
	r.Cells[0].Sign, r.Cells[0].Tone = sign, tone
	return r
}

// sourceTable ranks what spends the budget, with a bar and the rating of each.
func sourceTable(e *forecast.Entry, ranked ranking) *document.Table {
	part := "share"
	if e.Objective != nil {
		part = "budget"
	}
	t := document.Table{Title: sourceTitle(e), About: "means per incident", Columns: []document.Column{{},
		{Head: "a year", Right: true},
		{Head: "detect", Right: true}, {Head: "ack", Right: true, Tight: true}, {Head: "recover", Right: true, Tight: true},
		{Head: "lost/year", Right: true}, {Head: part, Right: true}, {Bars: true}, {Tight: true}}}
	for _, s := range ranked.shown {
		cells := append(sourceCells(s), share(ranked.share(s.PerWindow)), "", string(s.Rating))
		r := t.Add(cells...)
		r.Note = sourceNote(e, s)
		if ranked.largest > 0 { // else nothing is spent that a bar could show a part of
			r.Cells[7].Bar = &document.Bar{Parts: []float64{s.PerWindow / ranked.largest}}
		}
		r.Cells[8].Tone = ratingStyle(s.Rating)
	}
	if n := len(ranked.rest); n > 0 {
		t.Add(counted(n, "other", "others"), "", "", "", "", about(ranked.restPerYear), share(ranked.share(ranked.restWindow)))
	}
	if note := english().AddedUp(e); note != "" {
		t.Add("added up", "", "", "", "", about(e.SumMean*model.Year/e.Window), share(ranked.share(e.SumMean))).Note = note
		return &t
	}
	t.Add("all", "", "", "", "", about(e.PerYear), share(ranked.share(e.Mean)))
	return &t
}

func ratingStyle(r forecast.Rating) document.Tone {
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

// sourceTitle is the heading of sourceTable.
func sourceTitle(e *forecast.Entry) string {
	if e.Objective == nil {
		return "Where lost time comes from"
	}
	budget, _ := e.Objective.Budget.Float64()
	return fmt.Sprintf("What spends the budget of %s in %s", precisely(budget), windowText(e.WindowSay))
}

// sourceCells are the columns of a source that every table shows: its name,
// incidents a year, the parts of one, and lost time a year.
func sourceCells(s *forecast.Source) []string {
	often := digits(s.IncidentsPerYear)
	if s.IncidentsPerYear == 0 {
		often = "–"
	}
	parts := []string{"–", "–", "–"}
	if s.Kind == forecast.RiskSource || s.Detect > 0 || s.Acknowledge > 0 {
		parts[0], parts[1] = about(s.Detect), about(s.Acknowledge)
	}
	switch {
	case s.Kind == forecast.RiskSource || s.Recover > 0:
		parts[2] = about(s.Recover)
	case s.Kind == forecast.GroupSource && s.Impact > 0:
		parts[2] = about(s.PerIncident / s.Impact) // it ends as its members recover
	}
	return append([]string{s.Name, often}, append(parts, about(s.PerYear))...)
}

// sourceNote is what the row of a source has no column for.
func sourceNote(e *forecast.Entry, s *forecast.Source) string { return english().SourceNote(e, s) }

// forecastTables builds the tables that pages have too.
func forecastTables() tables.Builder { return tables.Builder{Language: english()} }

// compactTitle is the heading of compactTable.
func compactTitle(o outline) string {
	if len(o.promised) == 0 {
		return "No service has an objective"
	}
	return "Services without an objective"
}

// compactTable has one row for each service without an objective, up to a limit.
func compactTable(o outline) document.Table {
	t := document.Table{Columns: []document.Column{{}, {Head: "achievable", Right: true}, {Head: "over"}, {Head: "confidence", Right: true}, {Head: "lost/year", Right: true}}}
	for _, e := range o.compact[:min(len(o.compact), sourceRows)] {
		achievable := goodTime(e.Achievable)
		if e.Achievable >= 1 {
			achievable = "no lost time"
		}
		bad := about(e.PerYear)
		if say.Open(e) {
			achievable, bad = "unknown", "unknown"
		}
		t.Add(label(e), achievable, windowText(e.WindowSay), percent(e.Confidence), bad)
	}
	if rest := len(o.compact) - sourceRows; rest > 0 {
		t.Foot = fmt.Sprintf("and %s more with less lost time; --format json has all", grouped(float64(rest)))
	}
	return t
}
