package report

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/forecast"
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
		kept := cadenceOf(e.Window, e.WindowSay).cell(objectiveOdds(e))
		if nothingKnown(e) {
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
		{head: "bad/year", right: true}, {head: part, right: true}, {}}}
	for _, s := range ranked.shown {
		cells := append(sourceCells(s), share(ranked.share(s.PerWindow)), string(s.Rating))
		r := t.add(cells...)
		r.note = sourceNote(e, s)
		r.cells[barColumn].style = ratingStyle(s.Rating)
	}
	if n := len(ranked.rest); n > 0 {
		t.add(counted(n, "other", "others"), "", "", "", "", about(ranked.restPerYear), share(ranked.share(ranked.restWindow)), "")
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
		return "Where bad time comes from"
	}
	budget, _ := e.Objective.Budget.Float64()
	return fmt.Sprintf("What spends the budget of %s in %s", precisely(budget), e.WindowSay)
}

// sourceCells are the columns of a source that every table shows: its name,
// incidents a year, the parts of one, and bad time a year.
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

// spaced makes "Disk full" and "disk-full" the same words, but for their case.
var spaced = strings.NewReplacer("-", " ", "_", " ")

// sourceNote is what the row of a source has no column for.
func sourceNote(e *forecast.Entry, s *forecast.Source) string {
	var parts []string
	told := s.Title != "" && !strings.EqualFold(spaced.Replace(s.Title), spaced.Replace(s.Name))
	switch {
	case !told:
	case s.Kind == forecast.GroupSource || s.Kind == forecast.SwitchSource:
		parts = append(parts, strings.TrimPrefix(s.Title, groupTitle(s)+": "))
	default:
		parts = append(parts, s.Title)
	}
	switch s.Kind {
	case forecast.ChangeSource:
		parts = append(parts, "planned")
	case forecast.StatedSource:
		parts = append(parts, "as stated")
	case forecast.BackgroundSource:
		if !told {
			parts = append(parts, "errors that are always there")
		}
	case forecast.UnlistedSource:
		if !told {
			parts = append(parts, "what history had and the catalogue does not list")
		}
	}
	if s.Per != "" {
		parts = append(parts, "per "+s.Per)
	}
	if s.Service != "" && s.Service != e.Service && s.Name != s.Service {
		parts = append(parts, "on "+s.Service)
	}
	if s.Impact > 0 && s.Impact < 1-1e-9 {
		parts = append(parts, "hits "+chance(s.Impact)+" of users")
	}
	return strings.Join(parts, ", ")
}

// compareTitle is the heading of compareTable.
func compareTitle(e *forecast.Entry) string { return "What could be promised over " + e.WindowSay }

// compareTable has the chance to keep several targets.
func compareTable(e *forecast.Entry) table {
	c := cadenceOf(e.Window, e.WindowSay)
	t := table{columns: []column{{head: "target"}, {head: "budget", right: true}, {head: "chance", right: true}, {head: "kept"}, {}}}
	for _, k := range comparison(e) {
		p := oddsOf(e, k.Budget, k.Met.Value)
		likely, kept := chance(p), c.cell(p)
		switch {
		case nothingKnown(e):
			likely, kept = "–", "unknown"
		case p == 1:
			likely = "100%"
		}
		r := t.add(k.Target.Text, precisely(k.Budget), likely, kept, "")
		if is := remark(e, &k.Target); is != "" {
			r.cells[4] = cell{"← " + is, faint}
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
	t := table{columns: []column{{}, {head: "achievable", right: true}, {head: "over"}, {head: "confidence", right: true}, {head: "bad/year", right: true}}}
	for _, e := range o.compact[:min(len(o.compact), sourceRows)] {
		achievable := goodTime(e.Achievable)
		if e.Achievable >= 1 {
			achievable = "no bad time"
		}
		bad := about(e.PerYear)
		if nothingKnown(e) {
			achievable, bad = "unknown", "unknown"
		}
		t.add(label(e), achievable, e.WindowSay, percent(e.Confidence), bad)
	}
	if rest := len(o.compact) - sourceRows; rest > 0 {
		t.foot = fmt.Sprintf("and %s more with less bad time; --format json has all", grouped(float64(rest)))
	}
	return t
}
