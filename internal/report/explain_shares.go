package report

import (
	"fmt"
	"math"

	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
)

// shareTable is how the lost time of an entry is divided among what caused it, with
// what the removal of each risk saves beside it.
func shareTable(x *explain.Shares) document.Table {
	t := document.Table{Columns: []document.Column{{Head: ""}, {Head: "share", Right: true}, {Right: true, Tight: true}, {Head: "saves if removed", Right: true}}}
	shown := x.Rows
	if len(shown) > explainedSources+1 {
		shown = shown[:explainedSources]
	}
	whole := math.Max(x.PerYear, 0)
	for i := range shown {
		r := &shown[i]
		row := t.Add(r.Name, shareOf(r.PerYear), partOf(r.PerYear, whole), savesSaid(r))
		row.Note = joined("; ", shareNote(r, x.Service), waysSaid(r))
	}
	if rest := x.Rows[len(shown):]; len(rest) > 0 {
		sum := 0.0
		for _, r := range rest {
			sum += r.PerYear
		}
		t.Add(fmt.Sprintf("%s more", grouped(float64(len(rest)))), shareOf(sum), partOf(sum, whole), "")
	}
	if x.Twice != 0 {
		t.Add(onceSaid, shareOf(-x.Twice), "", "–")
	}
	t.Add("all", about(whole), "", "")
	if x.Left > 0 {
		t.Foot = fmt.Sprintf("What removal saves is worked out for the largest risks; of %s more it is not.", grouped(float64(x.Left)))
	}
	if x.Redundant && !x.AddsUp() {
		if t.Foot != "" {
			t.Foot += " "
		}
		t.Foot += "The second column does not add up: what is lost only while several are down at once is shared equally among them, and removing any one of them saves all of it."
	}
	return t
}

// onceSaid names what is taken away from the sum of all causes.
const onceSaid = "at once, counted once"

// shareOf says lost time of a year, which an overlap takes away.
func shareOf(s float64) string {
	if s < 0 {
		return "−" + about(-s)
	}
	return about(s)
}

func partOf(s, whole float64) string {
	if whole <= 0 || s <= 0 {
		return ""
	}
	return share(s / whole)
}

// savesSaid is the second column of a row.
func savesSaid(r *explain.Share) string {
	switch {
	case r.Saves != nil:
		return shareOf(*r.Saves)
	case r.Kind == forecast.RiskSource:
		return "?"
	}
	return "–"
}

// waysSaid says how a share was lost, where not all of it is lost by the incidents
// themselves.
func waysSaid(r *explain.Share) string {
	var ways []string
	say := func(s float64, what string) {
		if s > 0.005*r.PerYear && r.PerYear > 0 {
			ways = append(ways, about(s)+" "+what)
		}
	}
	if r.Together+r.Failed+r.Waiting > 0.005*r.PerYear {
		say(r.Alone, "by itself")
	}
	say(r.Together, "with others down")
	say(r.Failed, "not changed over")
	say(r.Waiting, "changing over")
	return joined(", ", ways...)
}

// shareNote says what a row is and where it happens, where its name does not.
func shareNote(r *explain.Share, service string) string {
	title := ""
	if r.Title != r.Name {
		title = r.Title
	}
	where := ""
	if r.Service != service && r.Service != r.Name {
		where = "on " + r.Service
	}
	return joined(", ", title, where)
}
