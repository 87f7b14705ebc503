package report

import (
	"cmp"
	"fmt"
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/plan"
)

// planBrief is a plan on one page: what to build and what that does, what is
// recommended by money, and the warnings that belong to it.
func planBrief(r *plan.Result, o PlanOptions, b brief) *document.Document {
	p := planReportOf(r, o)
	p.b = b
	d := &document.Document{Blocks: []document.Block{{Headline: headlineOf(p.verdict())}}, Foot: restSaid}
	add := func(blocks ...document.Block) { d.Blocks = append(d.Blocks, blocks...) }
	if facts := p.facts(); len(facts) > 0 {
		add(document.Block{Facts: facts})
	}
	bought, kept, even := p.bought(), p.kept(), p.breakEven()
	unnoted(&bought.table)
	if !b.beside {
		unnoted(&even.table)
	}
	for _, c := range []chapter{bought, kept, even} {
		if len(c.table.Rows) > 0 {
			s := c.section()
			cut(s.Blocks[0].Table, b.rows)
			d.Sections = append(d.Sections, s)
		}
	}
	if said := p.recommendation(); said != "" {
		d.Sections = append(d.Sections, document.Section{Title: "What is worth it", Blocks: []document.Block{{Text: said}}})
	}
	var facts []document.Fact
	if o.Ended == Stopped {
		facts = append(facts, document.Fact{Key: "stopped", Lines: []string{stoppedSaid}})
	}
	if facts = append(facts, pressing(p.Warnings, b.warnings)...); len(facts) > 0 {
		d.Sections = append(d.Sections, document.Section{Blocks: []document.Block{{Facts: facts}}})
	}
	return d
}

// unnoted leaves out what stands below the rows of a table.
func unnoted(t *document.Table) {
	for i := range t.Rows {
		t.Rows[i].Note = ""
	}
}

// cut leaves so many rows of a table, and its last one where that is the sum.
func cut(t *document.Table, most int) {
	keep := t.Rows
	sum := len(keep) > 0 && keep[len(keep)-1].Sum
	if sum {
		keep = keep[:len(keep)-1]
	}
	left := len(keep) - most
	if left <= 1 {
		return
	}
	rows := append(slices.Clone(keep[:most]), document.Row{Cells: []document.Cell{{Text: fmt.Sprintf("%s more", grouped(float64(left)))}}})
	if sum {
		rows = append(rows, t.Rows[len(t.Rows)-1])
	}
	t.Rows, t.Foot = rows, ""
}

// tightestFirst orders objectives: those that are not kept, and then those with
// the least room, first.
func tightestFirst(x *plan.Plan) []int {
	order := make([]int, len(x.Objectives))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &x.Objectives[i], &x.Objectives[j]
		return cmp.Compare((1-b.Met)/(1-b.Confidence), (1-a.Met)/(1-a.Confidence))
	})
	return order
}
