package page

import (
	"fmt"
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// basis is what the page stands on: every input with its source, what is known
// as a range only, what was assumed, and what is to be known besides.
func (b *builder) basis() *document.Section {
	s := &document.Section{ID: "basis", Title: b.Say("basis.title"), Lead: b.Say("basis.lead")}
	t := &document.Table{
		Title:   b.Say("basis.inputs"),
		Columns: columns([]string{b.Say("basis.what"), b.Say("basis.often"), b.Say("basis.source"), b.Say("basis.asof"), b.Say("basis.review"), b.Say("basis.owner")}, nil),
	}
	risks, changes, more := b.inputs()
	for _, r := range risks {
		often := ""
		switch {
		case r.Per != nil && r.Chance != nil:
			often = b.Say("basis.per", "chance", b.Written(r.Chance.Text), "change", b.ChangeName(r.Per.Name))
		case r.Rate != nil && r.Units != nil:
			often = b.Say("basis.units", "rate", b.Written(r.Rate.Text), "units", fmt.Sprint(r.Units.N))
		case r.Rate != nil:
			often = b.Written(r.Rate.Text)
		}
		source, asof, review := r.Source.In(b.Code), b.Date(r.AsOf), ""
		if source == "" {
			source = b.Say("basis.nosource")
		}
		if r.Review != nil {
			review = b.Written(r.Review.Text)
		}
		title := titled(b.Language, r.Title, r.Name)
		t.Add(title, often, source, asof, review, r.Owner.In(b.Code)).Note = b.ByName(r.Title, r.Name)
	}
	at := scenario.At(b.Model, b.Forecast.Standing)
	for _, c := range changes {
		every := at.Change(c).Every.Is
		title := titled(b.Language, c.Title, c.Name)
		t.Add(title, b.Say("basis.every", "rate", b.Written(every.Text)), b.Say("basis.planned"), "", "", c.Owner.In(b.Code)).Note = b.ByName(c.Title, c.Name)
	}
	if more > 0 {
		t.Foot = b.Say("basis.more", "n", fmt.Sprint(more))
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, document.Block{Table: t})
	}
	stated := &document.Table{Title: b.Say("basis.stated"), Columns: columns([]string{b.Say("basis.service"), b.Say("basis.states"), b.Say("basis.each")}, nil)}
	for _, x := range b.Model.Services {
		if x.Stated == nil {
			continue
		}
		how := ""
		if x.Stated.Availability != nil {
			how = b.Say("basis.avail", "share", b.Written(x.Stated.Availability.Text))
		} else if x.Stated.Every != nil {
			how = b.Say("basis.every", "rate", b.Written(x.Stated.Every.Text))
		}
		stated.Add(b.title(x.Name), how, b.Written(x.Stated.Outage.Text)).Note = b.ByName(x.Title, x.Name)
	}
	if len(stated.Rows) > 0 {
		s.Blocks = append(s.Blocks, document.Block{Table: stated})
	}
	var unsure, assumed []string
	each := func(do func(e *forecast.Entry)) {
		for _, e := range b.Forecast.Entries {
			if e.Objective != nil {
				do(e)
			}
		}
	}
	add := func(list *[]string, said ...string) {
		for _, x := range said {
			if !slices.Contains(*list, x) {
				*list = append(*list, x)
			}
		}
	}
	each(func(e *forecast.Entry) {
		for _, u := range e.Unsure {
			add(&unsure, b.Message(u.What)+" "+b.Written(u.Text))
		}
		add(&assumed, b.Messages(e.Assumed)...)
		if l := b.Losses[e.Service]; l != nil {
			add(&assumed, b.Messages(l.Assumed)...)
		}
	})
	if b.Load != nil {
		add(&assumed, b.Messages(b.Load.Assumed)...)
	}
	list := func(key string, lines []string) {
		if len(lines) > 0 {
			s.Sections = append(s.Sections, document.Section{Title: b.Say(key), Blocks: []document.Block{{List: lines}}})
		}
	}
	list("basis.unsure", unsure)
	if len(unsure) > 0 {
		last := &s.Sections[len(s.Sections)-1]
		last.Add(document.Block{Text: b.Say("basis.next")})
	}
	list("basis.defaults", assumed)
	list("basis.warnings", b.warnings())
	return s
}

// warnings are those of the forecast. That it has no money in it is none here:
// the page has.
func (b *builder) warnings() []string {
	return b.Warnings(b.Forecast, unpriced)
}

// unpriced is the code of a remark that is about money alone.
const unpriced = "not-priced"

// mostInputs is how many inputs are listed one by one.
const mostInputs = 200

// inputs are the risks and changes that are listed: all, or of very many those
// that reach what is forecast, and no more than so many. more is how many there
// are besides.
func (b *builder) inputs() (risks []*model.Risk, changes []*model.Change, more int) {
	all := len(b.Model.Risks) + len(b.Model.Changes)
	if all <= mostInputs {
		return b.Model.Risks, b.Model.Changes, 0
	}
	reach := map[scenario.ID]bool{}
	for _, e := range b.Forecast.Entries {
		for _, s := range e.Sources {
			reach[s.Of] = true
		}
	}
	for _, r := range b.Model.Risks {
		if reach[scenario.RiskID(r.Name)] && len(risks) < mostInputs {
			risks = append(risks, r)
		}
	}
	for _, c := range b.Model.Changes {
		if reach[scenario.ChangeID(c.Name)] && len(changes) < mostInputs {
			changes = append(changes, c)
		}
	}
	return risks, changes, all - len(risks) - len(changes)
}

// titled is the title of something, or its name where it has none.
func titled(l Language, title model.Texts, name string) string {
	if title.Is() {
		return title.In(l.Code)
	}
	return name
}
