package tables

import (
	"math"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/say"
)

// SharedCauses is how many causes of lost time are shown one by one, and of how many
// risks of a service it is worked out what their removal saves.
const SharedCauses = 8

// Shares divides the lost time of a service among what caused it, with what the removal
// of each risk saves beside it. It is nil where nothing is lost.
func (b Builder) Shares(x *explain.Shares) *document.Table {
	if x == nil || len(x.Rows) == 0 || x.PerYear <= 0 {
		return nil
	}
	t := &document.Table{Columns: []document.Column{
		head(b.Say("shares.cause"), false), head(b.Say("shares.bad"), true), {Head: b.Say("shares.part"), Right: true, Tight: true}, head(b.Say("shares.saves"), true),
	}}
	shown := x.Rows
	if len(shown) > SharedCauses+1 {
		shown = shown[:SharedCauses]
	}
	unknown := false
	lengths := b.AddUpLengths(x.Lengths()...)
	for i := range shown {
		r := &shown[i]
		saves := "–"
		switch {
		case r.SavesAll():
			saves = lengths.Part(i)
		case r.Saves != nil:
			saves = b.signed(*r.Saves)
		case r.Kind == forecast.RiskSource:
			saves, unknown = "?", true
		}
		said, notes := b.cause(r, x.Service)
		if ways := b.ways(r, lengths.Within(i, r.Alone, r.Together, r.Failed, r.Waiting)); ways != "" {
			notes = append(notes, ways)
		}
		row := t.Add(said, lengths.Part(i), b.partOf(r.PerYear, x.PerYear), saves)
		row.Note = strings.Join(notes, "; ")
		if r.Kind == forecast.RiskSource && b.Why != nil {
			row.Link, row.Outer = b.Why("risks/"+r.Name+"/share/"+x.Service), true
		}
	}
	if rest := x.Rows[len(shown):]; len(rest) > 0 {
		sum := 0.0
		for _, r := range rest {
			sum += r.PerYear
		}
		t.Add(b.Say("shares.more", "count", say.Grouped(float64(len(rest)))), lengths.Between(len(shown), len(x.Rows)), b.partOf(sum, x.PerYear), "")
	}
	if x.Twice != 0 {
		t.Add(b.Say("shares.once"), lengths.Part(len(x.Rows)), "", "–")
	}
	all := t.Add(b.Say("shares.all"), lengths.Total(), "", "")
	if all.Sum = true; b.Why != nil {
		all.Link, all.Outer = b.Why("services/"+x.Service+"/mean"), true
	}
	foot := []string{b.Say("shares.foot")}
	if unknown || x.Left > 0 {
		foot = append(foot, b.Say("shares.left"))
	}
	if x.Redundant && !x.AddsUp() {
		foot = append(foot, b.Say("shares.notsum"))
	}
	t.Foot = strings.Join(foot, " ")
	return t
}

func (b Builder) partOf(bad, whole float64) string {
	if bad <= 0 {
		return ""
	}
	return b.Part(bad / math.Max(whole, math.SmallestNonzeroFloat64))
}

// signed says lost time, which what is counted once takes away.
func (b Builder) signed(s float64) string {
	if s < 0 {
		return "−" + b.Around(-s)
	}
	return b.Around(s)
}

// Cause is what a cause of lost time is called in a table, in a picture of it and in
// the sentence about it.
func (b Builder) Cause(kind forecast.SourceKind, title model.Texts, name string, made message.Message) string {
	l := b.Language
	if b.Titles {
		l = l.ByTitle()
	}
	said := l.Titled(title, made)
	switch {
	case b.Titles && kind == forecast.UnlistedSource:
		return b.Say("decide.unlisted")
	case b.Titles && said != "" && !strings.EqualFold(said, name):
		switch kind {
		case forecast.RiskSource, forecast.ChangeSource, forecast.StatedSource, forecast.BackgroundSource:
			return said
		}
	}
	return l.Named(title, name, made)
}

// cause is what a cause is called, and what it is and where it happens.
func (b Builder) cause(r *explain.Share, service string) (said string, notes []string) {
	said = b.Cause(r.Kind, r.Title, r.Name, r.Made)
	title := r.Title.In(b.Code)
	switch {
	case title == r.Name, said == b.Say("decide.unlisted"):
		title = ""
	case title == said:
		title = b.ByName(r.Title, r.Name)
	}
	var parts []string
	if title != "" {
		parts = append(parts, title)
	}
	if r.Service != "" && r.Service != service && r.Service != r.Name {
		parts = append(parts, b.Say("shares.on", "service", b.Where(r.Service, r.Several)))
	}
	if len(parts) > 0 {
		notes = append(notes, strings.Join(parts, ", "))
	}
	return said, notes
}

// ways says how a share was lost, where not all of it is lost by the incidents
// themselves.
func (b Builder) ways(r *explain.Share, lengths say.Lengths) string {
	if r.Together+r.Failed+r.Waiting <= 0.005*r.PerYear {
		return ""
	}
	var ways []string
	for i, key := range []string{"shares.alone", "shares.together", "shares.failed", "shares.waiting"} {
		if lengths.Parts[i] > 0 {
			ways = append(ways, b.Say(key, "time", lengths.Part(i)))
		}
	}
	return strings.Join(ways, ", ")
}
