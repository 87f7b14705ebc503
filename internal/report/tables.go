package report

import (
	"fmt"

	"tightrope/internal/document"
	"tightrope/internal/forecast"
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

// causes ranks what spends the budget, so many one by one.
func causes(e *forecast.Entry, most int) *document.Table {
	t := forecastTables()
	return t.CausesTable(e, t.Causes(e, most))
}

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
