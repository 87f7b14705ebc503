package page

import (
	"fmt"

	"tightrope/internal/document"
)

// people is who is called how often, and what repairs take.
func (b *builder) people() *document.Section {
	l := b.Load
	if l == nil {
		return nil
	}
	s := &document.Section{ID: "people", Title: b.Say("people.title"), Lead: b.Say("people.lead")}
	t := &document.Table{
		Columns: columns([]string{b.Say("people.who"), b.Say("people.people"), b.Say("people.pages"), b.Say("people.false"), b.Say("people.each"), b.Say("people.night"), b.Say("people.hours")}, []bool{false, true, true, true, true, true, true}),
	}
	for _, r := range l.Responders {
		title := r.Title.In(b.Code)
		people, each := b.Say("people.untold"), b.Say("people.untold")
		if r.People != nil {
			people = fmt.Sprint(*r.People)
		}
		if r.PagesPerPersonWeek != nil {
			each = b.Number(*r.PagesPerPersonWeek)
		}
		t.Add(title, people, b.Number(r.PagesPerWeek), b.Number(r.FalsePagesPerWeek), each, b.Number(r.NightPagesPerWeek), b.Number(r.HoursPerYear)).Note = b.ByName(r.Title, r.Name)
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, document.Block{Table: t})
	} else {
		s.Blocks = append(s.Blocks, document.Block{Text: b.Say("people.nobody")})
	}
	var list []string
	if l.ManualHoursPerYear > 0 {
		list = append(list, b.Say("people.manual", "hours", b.Number(l.ManualHoursPerYear)))
	}
	if l.UnnamedHoursPerYear > 0 && l.UnnamedHoursPerYear < l.ManualHoursPerYear {
		list = append(list, b.Say("people.unnamed", "hours", b.Number(l.UnnamedHoursPerYear)))
	}
	if l.ProcessHoursPerYear > 0 {
		list = append(list, b.Say("people.process", "hours", b.Number(l.ProcessHoursPerYear)))
	}
	if l.PeopleCostPerYear != nil && *l.PeopleCostPerYear > 0 {
		list = append(list, b.Say("people.cost", "cost", b.money(*l.PeopleCostPerYear)))
	}
	if l.RunDaysPerYear > 0 {
		list = append(list, b.Say("people.rundays", "days", b.Number(l.RunDaysPerYear)))
	}
	if len(list) > 0 {
		s.Blocks = append(s.Blocks, document.Block{List: list})
	}
	return s
}
