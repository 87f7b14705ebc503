package report

import (
	"fmt"
	"math"

	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
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
	lengths := english().AddUpLengths(x.Lengths()...)
	for i := range shown {
		r := &shown[i]
		row := t.Add(r.Name, lengths.Part(i), partOf(r.PerYear, whole), savesSaid(r, lengths.Part(i)))
		row.Note = joined("; ", shareNote(r, x.Service), waysSaid(r, lengths.Within(i, r.Alone, r.Together, r.Failed, r.Waiting)))
	}
	if rest := x.Rows[len(shown):]; len(rest) > 0 {
		sum := 0.0
		for _, r := range rest {
			sum += r.PerYear
		}
		t.Add(fmt.Sprintf("%s more", grouped(float64(len(rest)))), lengths.Between(len(shown), len(x.Rows)), partOf(sum, whole), "")
	}
	if x.Twice != 0 {
		t.Add(onceSaid, lengths.Part(len(x.Rows)), "", "–")
	}
	t.Add("all", lengths.Total(), "", "")
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

// savesSaid is the second column of a row, the first of which is said so.
func savesSaid(r *explain.Share, said string) string {
	switch {
	case r.SavesAll():
		return said
	case r.Saves != nil:
		return shareOf(*r.Saves)
	case r.Kind == forecast.RiskSource:
		return "?"
	}
	return "–"
}

// waysSaid says how a share was lost, where not all of it is lost by the incidents
// themselves.
func waysSaid(r *explain.Share, lengths say.Lengths) string {
	var ways []string
	if r.Together+r.Failed+r.Waiting <= 0.005*r.PerYear {
		return ""
	}
	for i, what := range []string{"by itself", "with others down", "not changed over", "changing over"} {
		if lengths.Parts[i] > 0 {
			ways = append(ways, lengths.Part(i)+" "+what)
		}
	}
	return joined(", ", ways...)
}

// shareNote says what a row is and where it happens, where its name does not.
func shareNote(r *explain.Share, service string) string {
	title := r.Title.In("en")
	if title == r.Name {
		title = ""
	}
	where := ""
	if r.Service != service && r.Service != r.Name {
		where = "on " + r.Service
	}
	return joined(", ", title, where)
}
