package page

import "tightrope/internal/model"

// Pieces of a page, for whoever makes several pages of the same results. A piece
// is the same, to the byte, as in the whole page.

// OverviewOf has a line for each promise.
func OverviewOf(r *Results, l Language) *Overview {
	b := &builder{Results: r, Language: l}
	return b.overview()
}

// PartOf is all about one service.
func PartOf(r *Results, l Language, service string) Part {
	b := &builder{Results: r, Language: l}
	return b.part(service, true)
}

// AnswerOf is the answer for one service with what spends its budget and how
// much bad time to expect: what is needed to follow a decision. With an id of its
// own it can stand beside another of the same service.
func AnswerOf(r *Results, l Language, service, id string) Part {
	b := &builder{Results: r, Language: l}
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
	return p
}

// RisksOf is what stands in front of each risk that reaches a service, and how
// the time of one incident passes.
func RisksOf(r *Results, l Language, service string) []Section {
	b := &builder{Results: r, Language: l}
	e, _ := b.entries(service)
	id := b.partID(service)
	var out []Section
	for _, s := range []*Section{b.risks(id, b.title(service), e), b.anatomy(id, e)} {
		if s != nil {
			out = append(out, *s)
		}
	}
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
	b := &builder{Results: r, Language: l}
	e, _ := b.entries(service)
	return b.price(b.partID(service), e)
}

// CommonOf is what is of all services: people, assumptions, how to read it.
func CommonOf(r *Results, l Language) []Section {
	b := &builder{Results: r, Language: l}
	return b.common()
}

// PeopleOf is who is called how often.
func PeopleOf(r *Results, l Language) *Section {
	b := &builder{Results: r, Language: l}
	return b.people()
}
