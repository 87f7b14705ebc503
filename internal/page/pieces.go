package page

import (
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/model"
)

// Pieces of a page, for whoever makes several pages of the same results. A piece
// is the same, to the byte, as in the whole page.

// A Piece is an answer and what stands below it.
type Piece struct {
	ID, Title string
	Answer    *document.Headline
	Sections  []document.Section
}

// PromisesOf has a line for each promise, with what to do about it. Rows are
// linked by PartID.
func PromisesOf(r *Results, l Language) Piece {
	b := newBuilder(r, l)
	list := b.strained()
	t := b.promisesTable(list)
	for i, e := range list {
		t.Rows[i].Link = b.partID(e.Service)
	}
	s := document.Section{ID: "promises", Title: b.overviewTitle(list), Blocks: []document.Block{{Table: t}}}
	return Piece{Answer: b.decisions(list), Sections: []document.Section{s}}
}

// NeedsOf is a picture of what all services need.
func NeedsOf(r *Results, l Language) *document.Section {
	return (newBuilder(r, l)).allNeeds()
}

// PartOf is all about one service.
func PartOf(r *Results, l Language, service string) Piece {
	b := newBuilder(r, l)
	e, _ := b.entries(service)
	p := Piece{ID: b.partID(service), Title: b.title(service), Answer: b.decision(b.partID(service), e, true)}
	_, p.Sections = b.whole(service)
	label("", p.Sections)
	return p
}

// AnswerOf is the verdict on one service with what spends its budget and how
// much lost time to expect: what is needed to follow a decision. With an id and a
// name of its own it can stand beside another of the same service.
func AnswerOf(r *Results, l Language, service, id, name string) Piece {
	b := newBuilder(r, l)
	e, _ := b.entries(service)
	if id == "" {
		id = b.partID(service)
	}
	answer := b.answer(id, e)
	p := Piece{ID: id, Title: b.title(service), Answer: &answer, Sections: sections(b.why(id, e), b.much(id, e))}
	label(name, p.Sections)
	return p
}

// DecisionOf is the first screen of one service.
func DecisionOf(r *Results, l Language, service string) *document.Headline {
	b := newBuilder(r, l)
	e, _ := b.entries(service)
	return b.decision(b.partID(service), e, true)
}

// RisksOf is what to act on first, whose lost time it is that a service has, what stands in front of each
// risk that reaches it, and how the time of one incident passes.
func RisksOf(r *Results, l Language, service string) Piece {
	b := newBuilder(r, l)
	e, _ := b.entries(service)
	id := b.partID(service)
	out := sections(b.shared(id, e), b.risks(id, b.title(service), e), b.anatomy(id, e))
	label("", out)
	return Piece{ID: id, Title: b.title(service), Answer: b.actOn(e), Sections: out}
}

// PlanOf is what to promise and what to build for it.
func PlanOf(r *Results, l Language, service string) *document.Headline {
	b := newBuilder(r, l)
	e, _ := b.entries(service)
	h := b.decision(b.partID(service), e, true)
	h.Figure = nil
	h.Facts = slices.DeleteFunc(h.Facts, func(f document.Fact) bool {
		return f.Key != b.Say("decide.k.first") && f.Key != b.Say("decide.k.next") && f.Key != b.Say("decide.k.not", "wanted", e.Objective.Target.Text)
	})
	return h
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
func PriceOf(r *Results, l Language, service string) *document.Section {
	b := newBuilder(r, l)
	e, _ := b.entries(service)
	out := sections(b.price(b.partID(service), e))
	if len(out) == 0 {
		return nil
	}
	label("", out)
	return &out[0]
}

// CommonOf is what is of all services: people, assumptions, how to read it.
func CommonOf(r *Results, l Language) []document.Section {
	b := newBuilder(r, l)
	out := sections(b.people(), b.basis(), b.reading(), b.glossary())
	label("", out)
	return out
}

// PeopleOf is who is called how often.
func PeopleOf(r *Results, l Language) *document.Section {
	b := newBuilder(r, l)
	return b.people()
}
