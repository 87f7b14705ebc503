package report

import (
	"strings"

	"tightrope/internal/safetext"
)

// columnGap is how many cells lie between two columns.
const columnGap = 2

// A column of a table.
type column struct {
	head  string
	right bool // numbers
	tight bool // belongs to the column before it
}

// gap is how many cells lie between a column and the one before it.
func (c column) gap() int {
	if c.tight {
		return 1
	}
	return columnGap
}

// A cell of a table.
type cell struct {
	text  string
	style style
}

// A row of a table, with words about it on lines of their own below.
type row struct {
	cells []cell
	note  string
}

// A table lines up cells. The first one of a row stands on a line of its own
// where there is no room for it.
type table struct {
	columns []column
	rows    []row
	foot    string // what was left out
}

// add appends a row of plain cells.
func (t *table) add(cells ...string) *row {
	r := row{}
	for _, c := range cells {
		r.cells = append(r.cells, cell{text: safetext.Line(c)})
	}
	t.rows = append(t.rows, r)
	return &t.rows[len(t.rows)-1]
}

// write lays the table out behind the given margin.
func (t *table) write(p *page, margin string) {
	widths := t.widths(p, p.width-len(margin))
	headed := false
	for _, c := range t.columns {
		headed = headed || c.head != ""
	}
	if headed {
		head := row{}
		for _, c := range t.columns {
			head.cells = append(head.cells, cell{c.head, faint})
		}
		t.writeRow(p, margin, widths, head)
	}
	for _, r := range t.rows {
		name := r.cells[0]
		if w := p.cells.StringWidth(name.text); w > widths[0] {
			beside := strings.Repeat(" ", columnGap) + r.note
			if r.note == "" || len(margin)+w+p.cells.StringWidth(beside) > p.width {
				beside = ""
			} else {
				r.note = ""
			}
			lines := p.wrap(name.text, p.width-len(margin))
			for _, l := range lines[:len(lines)-1] {
				p.line(margin, p.paint(name.style, l))
			}
			p.line(margin, p.paint(name.style, lines[len(lines)-1]), p.paint(faint, beside))
			r.cells[0].text = ""
		}
		t.writeRow(p, margin, widths, r)
		if r.note != "" {
			p.paragraph(faint, margin+"  ", r.note)
		}
	}
	if t.foot != "" {
		p.paragraph(faint, margin, t.foot)
	}
}

// spare returns how many cells a line has left.
func (t *table) spare(p *page, margin string) int {
	spare := p.width - len(margin)
	for i, w := range t.widths(p, p.width) {
		if i > 0 {
			spare -= t.columns[i].gap()
		}
		spare -= w
	}
	return spare
}

// widths returns the cells of each column. The first one takes what the others
// leave; names that are longer stand on a line of their own.
func (t *table) widths(p *page, room int) []int {
	widths := make([]int, len(t.columns))
	for i, c := range t.columns {
		widths[i] = p.cells.StringWidth(c.head)
		for _, r := range t.rows {
			if i < len(r.cells) {
				widths[i] = max(widths[i], p.cells.StringWidth(r.cells[i].text))
			}
		}
		if i > 0 {
			room -= widths[i] + c.gap()
		}
	}
	widths[0] = p.cells.StringWidth(t.columns[0].head)
	for _, r := range t.rows {
		if w := p.cells.StringWidth(r.cells[0].text); w <= room {
			widths[0] = max(widths[0], w)
		}
	}
	return widths
}

// writeRow lays one row out.
func (t *table) writeRow(p *page, margin string, widths []int, r row) {
	name := r.cells[0]
	parts := []string{margin, p.paint(name.style, name.text), p.pad("", widths[0]-p.cells.StringWidth(name.text), false)}
	for i, c := range r.cells[1:] {
		padded := p.pad(c.text, widths[i+1], t.columns[i+1].right)
		parts = append(parts, strings.Repeat(" ", t.columns[i+1].gap()), strings.Replace(padded, c.text, p.paint(c.style, c.text), 1))
	}
	p.line(parts...)
}
