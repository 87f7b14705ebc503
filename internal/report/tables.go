package report

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
)

// scoreTable has one row for each objective, worst first, up to a limit.
func scoreTable(o outline) table {
	t := table{columns: []column{{head: "service"}, {head: "objective"}, {head: "kept"}, {head: "could be"}}}
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
		t.add(sign+" "+label(e), promise(e, e.Objective.Target.Text), kept, could).cells[0].style = st
	}
	if rest := len(o.scores) - scoreLines; rest > 0 {
		t.foot = fmt.Sprintf("and %s more that are kept more easily; --format json has all", grouped(float64(rest)))
	}
	return t
}

// barColumn is the column of sourceTable that has room for a bar.
const barColumn = 7

// sourceTable ranks what spends the budget. Its last column holds the rating;
// bars, which depend on the room there is, are drawn in by drawBars.
func sourceTable(e *forecast.Entry, ranked ranking) table {
	part := "share"
	if e.Objective != nil {
		part = "budget"
	}
	t := table{columns: []column{{},
		{head: "a year", right: true},
		{head: "detect", right: true}, {head: "ack", right: true, tight: true}, {head: "recover", right: true, tight: true},
		{head: "lost/year", right: true}, {head: part, right: true}, {}}}
	for _, s := range ranked.shown {
		cells := append(sourceCells(s), share(ranked.share(s.PerWindow)), string(s.Rating))
		r := t.add(cells...)
		r.note = sourceNote(e, s)
		r.cells[barColumn].style = ratingStyle(s.Rating)
	}
	if n := len(ranked.rest); n > 0 {
		t.add(counted(n, "other", "others"), "", "", "", "", about(ranked.restPerYear), share(ranked.share(ranked.restWindow)), "")
	}
	if note := english().AddedUp(e); note != "" {
		sum := t.add("added up", "", "", "", "", about(e.SumMean*model.Year/e.Window), share(ranked.share(e.SumMean)), "")
		sum.note = note
		return t
	}
	t.add("all", "", "", "", "", about(e.PerYear), share(ranked.share(e.Mean)), "")
	return t
}

// drawBars puts a bar of at most so many cells before each rating.
func (t *table) drawBars(ranked ranking, cells int) {
	if ranked.largest <= 0 {
		return // nothing is spent that a bar could show a part of
	}
	for i, s := range ranked.shown {
		c := &t.rows[i].cells[barColumn]
		c.text = strings.TrimSpace(bar(s.PerWindow/ranked.largest, cells) + " " + c.text)
	}
}

// bar draws part of a bar of so many cells, in eighths of a cell; of a part that
// is not a number it draws nothing.
func bar(part float64, cells int) string {
	if math.IsNaN(part) {
		return ""
	}
	eighths := int(min(max(part, 0), 1)*float64(cells)*8 + 0.5)
	if eighths == 0 && part > 0 {
		eighths = 1
	}
	out := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		out += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return out
}

func ratingStyle(r forecast.Rating) style {
	switch r {
	case forecast.Red:
		return red
	case forecast.Amber:
		return amber
	case forecast.Green:
		return green
	}
	return plain
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

// compareTitle is the heading of compareTable.
func compareTitle(e *forecast.Entry) string { return english().Compare(e).Title }

// compareTable has the chance to keep several targets.
func compareTable(e *forecast.Entry) table {
	t := tableOf(english().Compare(e))
	for i := range t.rows {
		t.rows[i].cells[len(t.columns)-1].style = faint
	}
	return t
}

// tableOf lays a grid out.
func tableOf(g say.Grid) table {
	t := table{foot: g.Foot}
	for i, head := range g.Heads {
		t.columns = append(t.columns, column{head: head, right: g.Right[i]})
	}
	for _, r := range g.Rows {
		t.add(r...)
	}
	return t
}

// providerTitle is the heading of providerTable.
func providerTitle(e *forecast.Entry) string { return english().Providers(e).Title }

// providerTable has what each provider must offer and what it does.
func providerTable(e *forecast.Entry) table {
	g := english().Providers(e)
	t := tableOf(g)
	for i, r := range t.rows {
		r.cells[0].style = red
		if g.Good[i] {
			r.cells[0].style = green
		}
	}
	return t
}

// compactTitle is the heading of compactTable.
func compactTitle(o outline) string {
	if len(o.promised) == 0 {
		return "No service has an objective"
	}
	return "Services without an objective"
}

// compactTable has one row for each service without an objective, up to a limit.
func compactTable(o outline) table {
	t := table{columns: []column{{}, {head: "achievable", right: true}, {head: "over"}, {head: "confidence", right: true}, {head: "lost/year", right: true}}}
	for _, e := range o.compact[:min(len(o.compact), sourceRows)] {
		achievable := goodTime(e.Achievable)
		if e.Achievable >= 1 {
			achievable = "no lost time"
		}
		bad := about(e.PerYear)
		if say.Open(e) {
			achievable, bad = "unknown", "unknown"
		}
		t.add(label(e), achievable, windowText(e.WindowSay), percent(e.Confidence), bad)
	}
	if rest := len(o.compact) - sourceRows; rest > 0 {
		t.foot = fmt.Sprintf("and %s more with less lost time; --format json has all", grouped(float64(rest)))
	}
	return t
}
