package page

import (
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/say"
)

// Pieces of a page, for whoever makes several pages of the same results. A piece
// is the same, to the byte, as in the whole page.

// PromisesOf has a line for each promise, with what spends most of its budget.
// Rows are linked by PartID.
func PromisesOf(r *Results, l Language) *Overview {
	b := newBuilder(r, l)
	o := &Overview{Title: b.Say("overview.title")}
	list := b.strained()
	o.Lead = b.Scoreline(list) + " " + b.Say("overview.lead")
	o.Table = Table{
		Heads: []string{b.Say("overview.service"), b.Say("overview.promise"), b.Say("overview.kept"), b.Say("overview.chance"), b.Say("overview.could"), b.Say("overview.spends")},
		Right: []bool{false, false, false, true, true, false},
	}
	for _, e := range list {
		kept, chance, could, spends := b.Say("answer.unknown"), "–", "–", "–"
		if e.Contradicts {
			kept = b.Say("contradicts.cell")
		}
		if !say.Open(e) {
			kept, chance = b.CadenceOf(e).Cell(say.Odds(e)), b.Beside(e.Met.Value, e.Confidence)
			if e.Suggested != nil {
				could = e.Suggested.Text
			}
			budget, _ := e.Objective.Budget.Float64()
			var most []string
			shown, _ := say.Ranked(e, mostSpenders)
			for _, s := range shown {
				most = append(most, b.SourceName(s)+" "+b.Part(s.PerWindow/budget))
			}
			spends = strings.Join(most, ", ")
		}
		o.Table.Rows = append(o.Table.Rows, Row{
			Cells: []string{b.label(e), b.Say("overview.cell", "target", e.Objective.Target.Text, "window", b.Window(e.WindowSay)), kept, chance, could, spends},
			Link:  b.partID(e.Service), Sign: stateOf(e),
		})
	}
	return o
}

// mostSpenders is how many of what spends a budget a line names.
const mostSpenders = 2

// NeedsOf is a picture of what all services need.
func NeedsOf(r *Results, l Language) *Section {
	s := newBuilder(r, l).allNeeds()
	if s != nil {
		s.Top = true
	}
	return s
}

// PartOf is all about one service.
func PartOf(r *Results, l Language, service string) Part {
	b := newBuilder(r, l)
	return b.part(service, true)
}

// AnswerOf is the answer for one service with what spends its budget and how
// much lost time to expect: what is needed to follow a decision. With an id and a
// name of its own it can stand beside another of the same service; its sections
// then stand below its title.
func AnswerOf(r *Results, l Language, service, id, name string) Part {
	b := newBuilder(r, l)
	e, _ := b.entries(service)
	if id == "" {
		id = b.partID(service)
	}
	p := Part{ID: id, Title: b.title(service)}
	p.Answer = b.answer(p.ID, e)
	for _, s := range []*Section{b.why(p.ID, e), b.much(p.ID, e)} {
		if s != nil {
			p.Sections = append(p.Sections, *s)
		}
	}
	if name == "" {
		atop(p.Sections)
	}
	label(name, p.Sections)
	return p
}

// RisksOf is whose lost time it is that a service has, what stands in front of each
// risk that reaches it, and how the time of one incident passes.
func RisksOf(r *Results, l Language, service string) []Section {
	b := newBuilder(r, l)
	e, _ := b.entries(service)
	id := b.partID(service)
	var out []Section
	if t := b.shares(e); t != nil {
		out = append(out, Section{ID: id + "-shares", Title: t.Title, Blocks: []Block{{Table: t}}})
		t.Title = ""
	}
	for _, s := range []*Section{b.risks(id, b.title(service), e), b.anatomy(id, e)} {
		if s != nil {
			out = append(out, *s)
		}
	}
	atop(out)
	label("", out)
	return out
}

// PartID is the name of the part of a service on a page.
func PartID(m *model.Model, service string) string {
	return (&builder{Results: &Results{Model: m}}).partID(service)
}

// Proposes reports whether a model has nets that could be built.
func Proposes(m *model.Model) bool {
	return (&builder{Results: &Results{Model: m}}).proposes()
}

// PriceOf is what a better promise of a service would cost; nil without a plan.
func PriceOf(r *Results, l Language, service string) *Section {
	b := newBuilder(r, l)
	e, _ := b.entries(service)
	s := b.price(b.partID(service), e)
	if s != nil {
		list := []Section{*s}
		atop(list)
		label("", list)
		s = &list[0]
	}
	return s
}

// CommonOf is what is of all services: people, assumptions, how to read it.
func CommonOf(r *Results, l Language) []Section {
	b := newBuilder(r, l)
	return b.common()
}

// PeopleOf is who is called how often.
func PeopleOf(r *Results, l Language) *Section {
	b := newBuilder(r, l)
	return b.people()
}
