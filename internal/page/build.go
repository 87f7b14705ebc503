package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tightrope/internal/chart"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/worth"
)

// Build makes a page of results, in a language: the decision first, then the
// reasons for it, then everything else.
func Build(r *Results, l Language) *document.Document {
	b := newBuilder(r, l)
	d := &document.Document{
		Lang:  l.Code,
		Title: b.Say("page.title", "name", b.name()),
		About: b.about(),
		Foot:  b.Say("page.foot", "version", r.Version, "name", r.Name),
	}
	services := r.promised()
	switch len(services) {
	case 0:
		d.About += " " + b.Say("page.nothing")
	case 1:
		d.Blocks, d.Sections = b.whole(services[0])
	default:
		d.About += " " + b.Say("decide.lost")
		d.Blocks, d.Sections = b.several(services)
	}
	label("", d.Sections)
	return d
}

// Brief is the decision alone, on one sheet of paper. What its table would lead to
// is not there.
func Brief(r *Results, l Language) *document.Document {
	d := Build(r, l)
	d.Sections = slices.DeleteFunc(d.Sections, func(s document.Section) bool { return s.ID != "promises" })
	for k := range d.Sections {
		s := &d.Sections[k]
		if r.Decision != nil && len(r.Decision.Nets)+len(r.Decision.Removed) < 2 {
			s.Sections = nil // of one net the decision says all that a table would
		}
		for _, b := range s.Blocks {
			if b.Table != nil {
				for i := range b.Table.Rows {
					b.Table.Rows[i].Link = ""
				}
			}
		}
	}
	return d
}

// A builder makes a page.
type builder struct {
	*Results
	Language
}

// newBuilder calls what is in the model as the language does.
func newBuilder(r *Results, l Language) *builder {
	return &builder{Results: r, Language: l.About(r.Model)}
}

func (b *builder) name() string {
	if services := b.promised(); len(services) == 1 {
		return b.title(services[0])
	}
	return b.Name
}

func (b *builder) about() string {
	parts := []string{b.Say("page.about"), b.Say("page.net")}
	if with := b.Forecast.With; len(with) > 0 {
		parts = append(parts, b.Say("page.with", "nets", b.Listed(b.netTitles(with))))
	}
	if without := b.Forecast.Without; len(without) > 0 {
		parts = append(parts, b.Say("page.without", "nets", b.Listed(b.netTitles(without))))
	}
	return strings.Join(parts, " ")
}

// title is what people call a service.
func (b *builder) title(name string) string {
	if s := b.Model.Service(name); s != nil && s.Title.Is() {
		return s.Title.In(b.Code)
	}
	return name
}

// label is what people call a promise.
func (b *builder) label(e *forecast.Entry) string {
	if e.Objective == nil || e.Objective.Name == "available" {
		return b.title(e.Service)
	}
	return b.title(e.Service) + ", " + b.ObjectiveName(e.Service, e.Objective.Name)
}

// money says an amount as people do: "39 million KRW".
func (b *builder) money(v float64) string { return b.Money(b.Model.Currency.S, v) }

// window says one window: "a month (30d)".
func (b *builder) window(e *forecast.Entry) string { return b.CadenceOf(e).Window() }

// entries of a service with an objective; first is the one that its worth goes
// by.
func (b *builder) entries(service string) (first *forecast.Entry, others []*forecast.Entry) {
	first = worth.Entry(b.Forecast, service)
	for _, e := range b.Forecast.Entries {
		if e.Service == service && e.Objective != nil && e != first {
			others = append(others, e)
		}
	}
	return first, others
}

// strained lists the promises, the ones that are hardest to keep first.
func (b *builder) strained() []*forecast.Entry {
	var list []*forecast.Entry
	for _, e := range b.Forecast.Entries {
		if e.Objective != nil {
			list = append(list, e)
		}
	}
	strain := func(e *forecast.Entry) float64 {
		switch {
		case e.Contradicts: // before all others
			return math.Inf(1)
		case say.Unknown(e):
			return 1
		}
		return (1 - e.Met.Value) / (1 - e.Confidence)
	}
	slices.SortStableFunc(list, func(x, y *forecast.Entry) int {
		switch a, c := strain(x), strain(y); {
		case a > c:
			return -1
		case a < c:
			return 1
		}
		return 0
	})
	return list
}

// partID names the part about a service by its place in the model, so that its
// pictures are the same whichever services were asked for.
func (b *builder) partID(service string) string {
	return fmt.Sprintf("p%d", 1+slices.IndexFunc(b.Model.Services, func(s *model.Service) bool { return s.Name == service }))
}

// toneOf is how the answer about a promise stands out.
func toneOf(e *forecast.Entry) document.Tone {
	switch {
	case say.Open(e):
		return document.Warn
	case e.Verdict == forecast.Achievable:
		return document.Good
	}
	return document.Bad
}

// sections are those that say something.
func sections(list ...*document.Section) []document.Section {
	var out []document.Section
	for _, s := range list {
		if s != nil && !s.Empty() {
			out = append(out, *s)
		}
	}
	return out
}

// whole is the page of one service.
func (b *builder) whole(service string) (blocks []document.Block, parts []document.Section) {
	e, others := b.entries(service)
	id := b.partID(service)
	reasons := document.Section{ID: "reasons", Title: b.Say("page.reasons"), Sections: sections(
		b.why(id, e), b.price(id, e), b.people(), b.unsure(e), b.past(id, e),
	)}
	appendix := document.Section{ID: "appendix", Title: b.Say("page.appendix"), Lead: b.Say("page.appendix.lead")}
	for _, o := range others {
		appendix.Sections = append(appendix.Sections, b.other(id, o))
	}
	appendix.Sections = append(appendix.Sections, sections(
		b.much(id, e), b.shared(id, e), b.needs(id, e, true), b.risks(id, b.title(service), e), b.year(id, e), b.basis(), b.reading(), b.glossary(),
	)...)
	blocks = []document.Block{{Headline: b.decision(id, e, true)}}
	return blocks, sections(&reasons, &appendix)
}

// other is another promise of a service, in a sentence.
func (b *builder) other(id string, o *forecast.Entry) document.Section {
	verdict, more := b.Headline(o)
	return document.Section{ID: id + "-" + slug(o.Objective.Name), Title: b.label(o), Lead: say.Sign(o) + " " + strings.TrimSpace(verdict+" "+more)}
}

// label names tables and figures by what the section is part of, where there
// are several parts, and tables without a title by their section too: who hears
// only the names can tell them apart.
func label(part string, list []document.Section) {
	times := map[string]int{}
	name := func(own, part string) string {
		if !strings.Contains(own, part) {
			own = part + ": " + own
		}
		if times[own]++; times[own] > 1 {
			own += fmt.Sprintf(" (%d)", times[own])
		}
		return own
	}
	var within func(part string, list []document.Section)
	within = func(part string, list []document.Section) {
		for i := range list {
			s := &list[i]
			for _, x := range s.Blocks {
				switch t := x.Table; {
				case t == nil:
				case t.Title == "":
					t.Label = name(s.Title+": "+t.Columns[0].Head, part)
				default:
					t.Label = name(t.Title, part)
				}
				if f := x.Figure; f != nil {
					f.Label = name(f.Picture.Title, part)
				}
			}
			of := part
			if s.Kind == document.Part {
				of = s.Title
			}
			within(of, s.Sections)
		}
	}
	within(part, list)
}

// slug makes a part of an id of a name.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(s))
}

func (b *builder) reading() *document.Section {
	s := &document.Section{ID: "read", Title: b.Say("read.title")}
	s.Add(document.Block{List: []string{b.Say("read.counts"), b.Say("read.mean"), b.Say("read.share"), b.Say("read.bad"), b.Say("read.sum"), b.Say("read.more")}})
	return s
}

func (b *builder) glossary() *document.Section {
	s := &document.Section{ID: "glossary", Title: b.Say("glossary.title")}
	var facts []document.Fact
	for _, key := range say.Glossary() {
		facts = append(facts, document.Fact{Key: b.Say("glossary.term." + key), Lines: []string{b.Say("glossary." + key)}})
	}
	slices.SortStableFunc(facts, func(a, b document.Fact) int {
		return strings.Compare(strings.ToLower(a.Key), strings.ToLower(b.Key))
	})
	s.Add(document.Block{Facts: facts})
	return s
}

// past holds the model against what happened.
func (b *builder) past(id string, e *forecast.Entry) *document.Section {
	s := &document.Section{ID: id + "-past", Title: b.Say("past.title")}
	lines := b.Past(e)
	if len(lines) == 0 {
		s.Lead = b.Say("past.none")
		return s
	}
	s.Add(document.Block{List: lines})
	return s
}

// frame is what every picture of the page has.
func (b *builder) frame(id, title, desc string) chart.Frame {
	return chart.Frame{ID: id, Title: title, Desc: desc, None: b.Say("page.none")}
}

// slim is the width of a picture for a narrow screen.
const slim = 340

// mostTwice is up to how many services pictures are drawn in two widths; of more
// they are scrolled on narrow screens, so that the page does not grow too long.
const mostTwice = 3

// both draws a picture in two widths.
func (b *builder) both(f chart.Frame, draw func(chart.Frame) chart.Picture) *document.Figure {
	wide := draw(f)
	if len(b.promised()) > mostTwice {
		return &document.Figure{Picture: wide}
	}
	return b.always(f, draw)
}

// always draws a picture in two widths, however many there are.
func (b *builder) always(f chart.Frame, draw func(chart.Frame) chart.Picture) *document.Figure {
	wide := draw(f)
	f.ID, f.Width = f.ID+"s", slim
	thin := draw(f)
	return &document.Figure{Picture: wide, Slim: &thin}
}
