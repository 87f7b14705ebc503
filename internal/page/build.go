package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tightrope/internal/chart"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/worth"
)

// Build makes a page of results, in a language.
func Build(r *Results, l Language) *Document {
	b := newBuilder(r, l)
	d := &Document{
		Lang:  l.Code,
		Title: b.Say("page.title", "name", b.name()),
		About: b.about(),
		Foot:  b.Say("page.foot", "version", r.Version, "name", r.Name),
	}
	services := r.promised()
	if len(services) == 0 {
		d.About += " " + b.Say("page.nothing")
	}
	if len(services) > 1 {
		d.Overview = b.overview()
	}
	for _, name := range services {
		p := b.part(name, len(services) == 1)
		if len(services) > 1 {
			label(p.Title, p.Sections)
		}
		d.Parts = append(d.Parts, p)
	}
	d.Common = b.common()
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
	parts := []string{b.Say("page.about")}
	if with := b.Forecast.With; len(with) > 0 {
		parts = append(parts, b.Say("page.with", "nets", b.Listed(b.NetNames(with))))
	}
	if without := b.Forecast.Without; len(without) > 0 {
		parts = append(parts, b.Say("page.without", "nets", b.Listed(b.NetNames(without))))
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

func (b *builder) overview() *Overview {
	o := &Overview{Title: b.Say("overview.title")}
	list := b.strained()
	o.Table = Table{Heads: []string{b.Say("overview.service"), b.Say("overview.promise"), b.Say("overview.kept"), b.Say("overview.could")}}
	o.Lead = b.Scoreline(list) + " " + b.Say("overview.lead")
	for _, e := range list {
		kept, could := b.CadenceOf(e).Cell(say.Odds(e)), "–"
		if e.Suggested != nil {
			could = e.Suggested.Text
		}
		switch {
		case e.Contradicts:
			kept, could = b.Say("contradicts.cell"), "–"
		case say.Unknown(e):
			kept, could = b.Say("answer.unknown"), "–"
		}
		o.Table.Rows = append(o.Table.Rows, Row{
			Cells: []string{b.label(e), b.Say("overview.cell", "target", e.Objective.Target.Text, "window", b.Window(e.WindowSay)), kept, could},
			Link:  b.partID(e.Service), Sign: stateOf(e),
		})
	}
	if s := b.together(); s != nil {
		o.Sections = append(o.Sections, *s)
	}
	if s := b.allNeeds(); s != nil {
		o.Sections = append(o.Sections, *s)
	}
	return o
}

// partID names the part about a service by its place in the model, so that its
// pictures are the same whichever services were asked for.
func (b *builder) partID(service string) string {
	return fmt.Sprintf("p%d", 1+slices.IndexFunc(b.Model.Services, func(s *model.Service) bool { return s.Name == service }))
}

func stateOf(e *forecast.Entry) State {
	switch {
	case say.Open(e):
		return Unsure
	case e.Verdict == forecast.Achievable:
		return Kept
	}
	return Missed
}

// part is all about one service.
func (b *builder) part(service string, alone bool) Part {
	e, others := b.entries(service)
	p := Part{ID: b.partID(service), Title: b.title(service)}
	p.Answer = b.answer(p.ID, e)
	add := func(s *Section) {
		if s != nil && (len(s.Blocks) > 0 || s.Lead != "") {
			p.Sections = append(p.Sections, *s)
		}
	}
	add(b.why(p.ID, e))
	add(b.much(p.ID, e))
	for _, o := range others {
		verdict, more := b.Headline(o)
		add(&Section{ID: p.ID + "-" + slug(o.Objective.Name), Title: b.label(o), Lead: say.Sign(o) + " " + strings.TrimSpace(verdict+" "+more)})
	}
	if alone {
		add(b.anatomy(p.ID, e))
	}
	add(b.needs(p.ID, e, alone))
	add(b.price(p.ID, e))
	if alone {
		add(b.risks(p.ID, b.title(service), e))
	}
	add(b.year(p.ID, e))
	add(b.past(p.ID, e))
	if alone {
		atop(p.Sections)
	}
	label("", p.Sections)
	return p
}

// atop makes sections those of the page, which belong to no part of it.
func atop(sections []Section) {
	for i := range sections {
		sections[i].Top = true
	}
}

// label names tables and figures by what the section is part of, where there
// are several parts, and tables without a title by their section too: who hears
// only the names can tell them apart.
func label(part string, sections []Section) {
	times := map[string]int{}
	name := func(own string) string {
		if !strings.Contains(own, part) {
			own = part + ": " + own
		}
		if times[own]++; times[own] > 1 {
			own += fmt.Sprintf(" (%d)", times[own])
		}
		return own
	}
	for _, s := range sections {
		for _, x := range s.Blocks {
			switch t := x.Table; {
			case t == nil:
			case t.Title == "":
				t.Label = name(s.Title + ": " + t.Heads[0])
			default:
				t.Label = name(t.Title)
			}
			if f := x.Figure; f != nil {
				f.Label = name(f.Picture.Title)
			}
		}
	}
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

// common is what is of all services.
func (b *builder) common() []Section {
	var out []Section
	var entries []*forecast.Entry
	for _, name := range b.promised() {
		e, _ := b.entries(name)
		entries = append(entries, e)
	}
	if len(entries) > 1 { // a risk may reach several of them
		for _, s := range []*Section{b.anatomy("all", entries...), b.risks("all", b.Name, entries...)} {
			if s != nil {
				out = append(out, *s)
			}
		}
	}
	for _, s := range []*Section{b.people(), b.basis(), b.reading(), b.glossary()} {
		if s != nil {
			out = append(out, *s)
		}
	}
	atop(out)
	label("", out)
	return out
}

func (b *builder) reading() *Section {
	s := &Section{ID: "read", Title: b.Say("read.title")}
	s.Blocks = append(s.Blocks, Block{List: []string{b.Say("read.counts"), b.Say("read.mean"), b.Say("read.share"), b.Say("read.bad"), b.Say("read.sum"), b.Say("read.more")}})
	return s
}

func (b *builder) glossary() *Section {
	s := &Section{ID: "glossary", Title: b.Say("glossary.title")}
	var facts []Fact
	for _, key := range say.Glossary() {
		facts = append(facts, Fact{Key: b.Say("glossary.term." + key), Lines: []string{b.Say("glossary." + key)}})
	}
	slices.SortStableFunc(facts, func(a, b Fact) int { return strings.Compare(strings.ToLower(a.Key), strings.ToLower(b.Key)) })
	s.Blocks = append(s.Blocks, Block{Facts: facts})
	return s
}

// past holds the model against what happened.
func (b *builder) past(id string, e *forecast.Entry) *Section {
	s := &Section{ID: id + "-past", Title: b.Say("past.title")}
	lines := b.Past(e)
	if len(lines) == 0 {
		s.Lead = b.Say("past.none")
		return s
	}
	s.Blocks = append(s.Blocks, Block{List: lines})
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
func (b *builder) both(f chart.Frame, draw func(chart.Frame) chart.Picture) *Figure {
	wide := draw(f)
	if len(b.promised()) > mostTwice {
		return &Figure{Picture: wide}
	}
	return b.always(f, draw)
}

// always draws a picture in two widths, however many there are.
func (b *builder) always(f chart.Frame, draw func(chart.Frame) chart.Picture) *Figure {
	wide := draw(f)
	f.ID, f.Width = f.ID+"s", slim
	thin := draw(f)
	return &Figure{Picture: wide, Slim: &thin}
}
