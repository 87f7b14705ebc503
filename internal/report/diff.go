package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"strings"

	"tightrope/internal/diff"
	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
)

// DiffOptions are the options of a comparison for people.
type DiffOptions struct {
	Width    int
	Colour   bool
	Old, New string // what was compared, as it was asked for
}

// Unchanged is all that there is to say of two models that are the same.
const Unchanged = "nothing changed"

const (
	// listedChanges is how many changes of a model are listed one by one.
	listedChanges = 100
	// listedCauses is how many causes of one move are listed.
	listedCauses = 6
	// saidText is how many characters of a text of the model are said in a
	// sentence.
	saidText = 60
)

// DiffText writes a comparison for a terminal. It returns the error of w.
func DiffText(w io.Writer, r *diff.Result, o DiffOptions) error {
	d := Diff(r, o)
	d.Foot = "" // who reads it has just asked for it
	return text.Write(w, d, text.Options{Width: o.Width, Colour: o.Colour})
}

// diffBasis is what a reader of a comparison must know.
func diffBasis(r *diff.Result) []document.Fact {
	var counted []forecast.Warning
	for _, o := range r.Objectives {
		if e := o.New; e != nil && e.History != nil && e.History.Counted {
			h := e.History
			counted = append(counted, forecast.Warning{Code: scenario.UnlistedCode, Message: message.CountedRest(e.Service, *h.Bad, h.OverSay, *h.Share)})
		}
	}
	facts := warnings(counted)
	if len(r.Warnings) > 0 {
		facts = append(facts, warned(saidIn(r.Warnings))...)
	}
	return facts
}

// DiffMarkdown writes a comparison as one comment of a pull request. It returns
// the error of w.
func DiffMarkdown(w io.Writer, r *diff.Result, o DiffOptions) error {
	return markdown.Write(w, Diff(r, o), markdown.Options{})
}

// Diff says what changed between two models, and what that changed.
func Diff(r *diff.Result, o DiffOptions) *document.Document {
	if r.Same {
		return &document.Document{Blocks: []document.Block{{Headline: headlineOf(Unchanged, "")}}}
	}
	s := &sheet{}
	s.first, s.rest = diffHeadline(r)
	rows := diffTable(r)
	s.show("", "", &rows)
	facts := func(title string, facts []document.Fact) {
		if len(facts) > 0 {
			s.parts = append(s.parts, document.Section{Title: title, Kind: document.Folded, Blocks: []document.Block{{Facts: facts}}})
		}
	}
	for _, x := range movedMost(r) {
		facts(causesTitle(x), causeFacts(x))
	}
	if r.Plan != nil {
		facts("The plan", planFacts(r))
	}
	facts("Costs and people, as things stand", costFacts(r))
	s.parts = append(s.parts, document.Section{Title: changesTitle(r), Kind: document.Folded, Blocks: []document.Block{{Items: changeItems(r)}}})
	s.tell(diffBasis(r))
	d := s.document()
	if o.Old != "" && o.New != "" {
		d.Foot = "tightrope diff " + o.Old + " " + o.New
	}
	return d
}

// now is the entry of an objective that there is, the new one if both are.
func now(o *diff.Objective) *forecast.Entry {
	if o.New != nil {
		return o.New
	}
	return o.Old
}

// diffRows are the objectives that have a row: those that the change touches. Of
// services without an objective only where nothing is promised at all.
func diffRows(r *diff.Result) (rows, still []*diff.Objective) {
	promised := slices.ContainsFunc(r.Objectives, func(o *diff.Objective) bool { return o.Name != "" })
	for _, o := range r.Objectives {
		switch {
		case promised && o.Name == "":
		case o.Touched:
			rows = append(rows, o)
		default:
			still = append(still, o)
		}
	}
	sort.SliceStable(rows, func(i, j int) bool {
		a, b := rows[i], rows[j]
		if x, y := math.Abs(a.Moved()), math.Abs(b.Moved()); x != y {
			return x > y
		}
		return math.Abs(a.Longer()) > math.Abs(b.Longer())
	})
	return rows, still
}

// movedMost are the objectives whose causes are told.
func movedMost(r *diff.Result) []*diff.Objective {
	rows, _ := diffRows(r)
	return slices.DeleteFunc(rows, func(o *diff.Objective) bool { return o.By == diff.Nowhere })
}

// diffTable has a row for each objective that the change touches.
func diffTable(r *diff.Result) document.Table {
	t := document.Table{Columns: []document.Column{{Head: "objective"}, {Head: "before", Right: true}, {Head: "now", Right: true}, {Head: "achievable"}, {Head: "lost/year"}}}
	rows, still := diffRows(r)
	over := oneWindow(rows)
	if over != "" {
		t.Columns[0].Head = "objective" + over
	}
	for i, o := range rows {
		if i == scoreLines {
			t.Foot = counted(len(rows)-i, "more objective", "more objectives") + ", each moved less; JSON has all"
			break
		}
		before, after := chancesSaid(o)
		row := t.Add(label(now(o))+" "+promises(o, over != ""), before, after, strings.Replace(arrow(o, achievable), "% → ", " → ", 1), arrow(o, func(e *forecast.Entry) string { return about(e.PerYear) }))
		if o.New != nil {
			_, row.Cells[2].Tone = verdictSign(o.New)
		}
		if o.Old != nil {
			_, row.Cells[1].Tone = verdictSign(o.Old)
		}
	}
	if len(still) > 0 && len(rows) > 0 {
		names := make([]string, 0, len(still))
		for i, o := range still {
			if i == 3 && len(still) > 4 {
				names = append(names, fmt.Sprintf("%d more", len(still)-i))
				break
			}
			names = append(names, label(now(o)))
		}
		t.Foot = strings.TrimSpace(t.Foot + " As before: " + listed(names) + ".")
	}
	return t
}

// oneWindow is " over 30d" where several objectives all have the one window.
func oneWindow(rows []*diff.Objective) string {
	over := ""
	for _, o := range rows {
		for _, e := range []*forecast.Entry{o.Old, o.New} {
			switch {
			case e == nil:
			case over == "":
				over = " over " + windowText(e.WindowSay)
			case over != " over "+windowText(e.WindowSay):
				return ""
			}
		}
	}
	if len(rows) < 2 {
		return ""
	}
	return over
}

// promises is what is promised, and what was where that is something else; the
// window is left out where all have the one.
func promises(o *diff.Objective, oneWindow bool) string {
	of := func(e *forecast.Entry) string {
		if e.Objective == nil {
			return "over " + windowText(e.WindowSay)
		}
		if oneWindow {
			return e.Objective.Target.Text
		}
		return promise(e, e.Objective.Target.Text)
	}
	switch {
	case o.Old == nil:
		return of(o.New)
	case o.New == nil:
		return of(o.Old)
	}
	was, is := of(o.Old), of(o.New)
	switch {
	case o.Old.Window == o.New.Window && (o.Old.Objective == nil || o.Old.Objective.Target.Exact.Cmp(o.New.Objective.Target.Exact) == 0):
		return is
	case o.Old.Window == o.New.Window:
		return o.Old.Objective.Target.Text + " → " + is
	}
	return was + " → " + is
}

// chancesSaid are the chances to keep an objective, with signs.
func chancesSaid(o *diff.Objective) (before, after string) {
	said := func(e *forecast.Entry, p string) string {
		switch {
		case e == nil:
			return "–"
		case e.Objective == nil:
			return "–"
		case say.Open(e):
			return "? unknown"
		}
		sign, _ := verdictSign(e)
		return sign + " " + p
	}
	a, b := twoChances(o)
	return said(o.Old, a), said(o.New, b)
}

// twoChances says both chances with as many digits, within reason, as tell them
// apart.
func twoChances(o *diff.Objective) (before, after string) {
	say := func(e *forecast.Entry, decimals int) string {
		switch {
		case e == nil || e.Met == nil:
			return ""
		case nothingKnown(e):
			return "unknown"
		case e.Met.Value < say.Trillionth:
			return "never"
		case decimals > 0:
			return fmt.Sprintf("%.*f%%", decimals, 100*e.Met.Value)
		}
		return chanceBeside(e.Met.Value, e.Confidence)
	}
	before, after = say(o.Old, 0), say(o.New, 0)
	for decimals := 1; decimals <= 2 && before == after && math.Abs(o.Moved()) >= 1e-4; decimals++ {
		before, after = say(o.Old, decimals), say(o.New, decimals)
	}
	// Side by side both have the same digits, where they are no bounds.
	if a, b := writtenDecimals(before), writtenDecimals(after); before != "" && after != "" && a != b && max(a, b) <= 2 {
		even := func(e *forecast.Entry, said string) string {
			if writtenDecimals(said) < max(a, b) && said != "never" && said != "unknown" && !strings.ContainsAny(said, "<>") {
				return say(e, max(a, b))
			}
			return said
		}
		before, after = even(o.Old, before), even(o.New, after)
	}
	return before, after
}

func writtenDecimals(percentage string) int {
	_, decimals, _ := strings.Cut(strings.TrimSuffix(percentage, "%"), ".")
	return len(decimals)
}

// arrow says something before and after, once where it is the same.
func arrow(o *diff.Objective, say func(*forecast.Entry) string) string {
	switch {
	case o.Old == nil:
		return say(o.New)
	case o.New == nil:
		return say(o.Old)
	}
	was, is := say(o.Old), say(o.New)
	if was == is {
		return is
	}
	return was + " → " + is
}

func achievable(e *forecast.Entry) string {
	if say.Open(e) {
		return "unknown"
	}
	if e.Achievable >= 1 {
		return "no lost time"
	}
	return goodTime(e.Achievable)
}

// Chance says a probability with as many digits, within reason, as set it apart
// from what it is held against.
func Chance(p, against float64) string { return chanceBeside(p, against) }
