package page

import (
	"fmt"

	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
)

// sharedRows is how many causes of lost time are shown one by one, and of how many
// risks of a service it is worked out what their removal saves.
const sharedRows = 8

// shares says whose lost time it is, and what the removal of each risk saves; nil
// where that was not asked for or nothing is lost.
func (b *builder) shares(e *forecast.Entry) *document.Table {
	x := b.Shares[e.Service]
	if x == nil || len(x.Rows) == 0 || x.PerYear <= 0 || say.Open(e) {
		return nil
	}
	t := &document.Table{
		Title:   b.Say("shares.title"),
		Columns: columns([]string{b.Say("shares.cause"), b.Say("shares.bad"), b.Say("shares.part"), b.Say("shares.saves")}, []bool{false, true, true, true}),
	}
	shown := x.Rows
	if len(shown) > sharedRows+1 {
		shown = shown[:sharedRows]
	}
	unknown := false
	lengths := b.AddUpLengths(x.Lengths()...)
	for i := range shown {
		r := &shown[i]
		name, saves := b.Named(r.Title, r.Name, r.Made), "–"
		switch {
		case r.SavesAll():
			saves = lengths.Part(i)
		case r.Saves != nil:
			saves = b.signed(*r.Saves)
		case r.Kind == forecast.RiskSource:
			saves, unknown = "?", true
		}
		row := t.Add(name, lengths.Part(i), b.Part(r.PerYear/x.PerYear), saves)
		row.Note = b.shareNote(r, e.Service)
		if r.Kind == forecast.RiskSource && b.Why != nil {
			row.Link, row.Outer = b.Why("risks/"+r.Name+"/share/"+e.Service), true
		}
	}
	if rest := x.Rows[len(shown):]; len(rest) > 0 {
		sum := 0.0
		for _, r := range rest {
			sum += r.PerYear
		}
		t.Add(b.Say("shares.more", "count", fmt.Sprint(len(rest))), lengths.Between(len(shown), len(x.Rows)), b.Part(sum/x.PerYear), "")
	}
	if x.Twice != 0 {
		t.Add(b.Say("shares.once"), lengths.Part(len(x.Rows)), "", "–")
	}
	all := t.Add(b.Say("shares.all"), lengths.Total(), "", "")
	if b.Why != nil {
		all.Link, all.Outer = b.Why("services/"+e.Service+"/mean"), true
	}
	t.Foot = b.Say("shares.foot")
	if unknown {
		t.Foot += " " + b.Say("shares.left")
	}
	if x.Redundant && !x.AddsUp() {
		t.Foot += " " + b.Say("shares.notsum")
	}
	return t
}

// signed says lost time, which what is counted once takes away.
func (b *builder) signed(s float64) string {
	if s < 0 {
		return "−" + b.Around(-s)
	}
	return b.Around(s)
}

// shareNote says what a cause is, and where it happens.
func (b *builder) shareNote(r *explain.Share, service string) string {
	title := r.Title.In(b.Code)
	if title == r.Name || title == b.Named(r.Title, r.Name, r.Made) {
		title = ""
	}
	switch {
	case r.Service == "" || r.Service == service || r.Service == r.Name:
		return title
	case title == "":
		return b.Say("shares.on", "service", b.Where(r.Service, r.Several))
	}
	return title + ", " + b.Say("shares.on", "service", b.Where(r.Service, r.Several))
}
