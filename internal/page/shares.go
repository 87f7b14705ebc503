package page

import (
	"fmt"

	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
)

// sharedRows is how many causes of bad time are shown one by one, and of how many
// risks of a service it is worked out what their removal saves.
const sharedRows = 8

// shares says whose bad time it is, and what the removal of each risk saves; nil
// where that was not asked for or nothing is lost.
func (b *builder) shares(e *forecast.Entry) *Table {
	x := b.Shares[e.Service]
	if x == nil || len(x.Rows) == 0 || x.PerYear <= 0 || say.Open(e) {
		return nil
	}
	t := &Table{
		Title: b.Say("shares.title"),
		Heads: []string{b.Say("shares.cause"), b.Say("shares.bad"), b.Say("shares.part"), b.Say("shares.saves")},
		Right: []bool{false, true, true, true},
	}
	shown := x.Rows
	if len(shown) > sharedRows+1 {
		shown = shown[:sharedRows]
	}
	unknown := false
	lengths := b.AddUpLengths(x.Lengths()...)
	for i := range shown {
		r := &shown[i]
		name, saves := b.SourceName(&forecast.Source{Name: r.Name, Made: r.Made}), "–"
		switch {
		case r.SavesAll():
			saves = lengths.Part(i)
		case r.Saves != nil:
			saves = b.signed(*r.Saves)
		case r.Kind == forecast.RiskSource:
			saves, unknown = "?", true
		}
		t.Rows = append(t.Rows, Row{Cells: []string{name, lengths.Part(i), b.Part(r.PerYear / x.PerYear), saves}, Note: b.shareNote(r, e.Service)})
	}
	if rest := x.Rows[len(shown):]; len(rest) > 0 {
		sum := 0.0
		for _, r := range rest {
			sum += r.PerYear
		}
		t.Rows = append(t.Rows, Row{Cells: []string{b.Say("shares.more", "count", fmt.Sprint(len(rest))), lengths.Between(len(shown), len(x.Rows)), b.Part(sum / x.PerYear), ""}})
	}
	if x.Twice != 0 {
		t.Rows = append(t.Rows, Row{Cells: []string{b.Say("shares.once"), lengths.Part(len(x.Rows)), "", "–"}})
	}
	t.Rows = append(t.Rows, Row{Cells: []string{b.Say("shares.all"), lengths.Total(), "", ""}})
	t.Foot = b.Say("shares.foot")
	if unknown {
		t.Foot += " " + b.Say("shares.left")
	}
	if x.Redundant && !x.AddsUp() {
		t.Foot += " " + b.Say("shares.notsum")
	}
	return t
}

// signed says bad time, which what is counted once takes away.
func (b *builder) signed(s float64) string {
	if s < 0 {
		return "−" + b.Around(-s)
	}
	return b.Around(s)
}

// shareNote says what a cause is, and where it happens.
func (b *builder) shareNote(r *explain.Share, service string) string {
	title := ""
	if r.Title != r.Name {
		title = r.Title
	}
	switch {
	case r.Service == "" || r.Service == service || r.Service == r.Name:
		return title
	case title == "":
		return b.Say("shares.on", "service", r.Service)
	}
	return title + ", " + b.Say("shares.on", "service", r.Service)
}
