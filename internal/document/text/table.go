package text

import (
	"math"
	"strings"

	"tightrope/internal/document"
)

const (
	// columnGap is how many cells lie between two columns.
	columnGap = 2
	// leastBar and mostBar are how many cells the longest bar has: it takes the
	// room that the other columns leave.
	leastBar, mostBar = 6, 16
	// leastWords is how many cells the last column has at least, where it is
	// broken because it is too wide.
	leastWords = 20
)

// A grid is a table that is being laid out. The first cell of a row stands on a
// line of its own where there is no room for it; the last column is broken where
// it is too wide even then.
type grid struct {
	*page
	columns []document.Column
	rows    []gridRow
	foot    string
	broken  bool // the last column is
}

type gridRow struct {
	cells []gridCell
	note  string
}

type gridCell struct {
	text  string
	sign  string // that the text begins with
	style style
}

// paintCell paints the sign of a cell, or all of it where it has none.
func (g *grid) paintCell(c gridCell, text string) string {
	if c.sign == "" {
		return g.paint(c.style, text)
	}
	if rest, ok := strings.CutPrefix(text, c.sign); ok {
		return g.paint(c.style, c.sign) + rest
	}
	return text
}

func newGrid(p *page, t *document.Table) *grid {
	g := &grid{page: p, foot: unmarked(t.Foot)}
	for _, c := range t.Columns {
		c.Head = clean(c.Head)
		g.columns = append(g.columns, c)
	}
	for _, r := range t.Rows {
		row := gridRow{note: clean(r.Note)}
		for i := range g.columns {
			cell := gridCell{}
			if i < len(r.Cells) {
				c := r.Cells[i]
				cell = gridCell{text: clean(c.Text), style: styleOf(c.Tone)}
				if c.Sign != "" {
					cell.sign, cell.text = c.Sign, strings.TrimSpace(c.Sign+" "+cell.text)
				}
			}
			row.cells = append(row.cells, cell)
		}
		g.rows = append(g.rows, row)
	}
	g.draw(t)
	return g
}

// draw puts bars into their columns, as long as there is room for.
func (g *grid) draw(t *document.Table) {
	bars, cut := 0, 0
	for i, c := range t.Columns {
		if !c.Bars {
			continue
		}
		bars++
		for _, r := range t.Rows {
			if i < len(r.Cells) && r.Cells[i].Bar != nil && r.Cells[i].Bar.Cut {
				cut = 1
			}
		}
	}
	if bars == 0 {
		return
	}
	cells := min(max(g.spare()/bars-cut, leastBar), mostBar)
	for i, c := range t.Columns {
		for r := range t.Rows {
			if c.Bars && i < len(t.Rows[r].Cells) {
				g.rows[r].cells[i].text = Bar(t.Rows[r].Cells[i].Bar, cells)
			}
		}
	}
}

// Bar draws a bar, of which 1 is so many cells: one part in eighths of a cell;
// of two the second in another shade, both in whole cells. What is not a number
// is not drawn.
func Bar(b *document.Bar, cells int) string {
	if b == nil || len(b.Parts) == 0 {
		return ""
	}
	out := ""
	if len(b.Parts) == 1 {
		out = eighths(b.Parts[0], cells)
	} else {
		first, both := whole(b.Parts[0], cells), whole(b.Parts[0]+b.Parts[1], cells)
		if b.Parts[0] > 0 {
			first = max(1, first)
		}
		out = strings.Repeat("█", first) + strings.Repeat("░", max(0, both-first))
	}
	if b.Cut {
		out += "»"
	}
	return out
}

func whole(part float64, cells int) int {
	if math.IsNaN(part) {
		return 0
	}
	return int(math.Round(min(max(part, 0), 1) * float64(cells)))
}

func eighths(part float64, cells int) string {
	if math.IsNaN(part) {
		return ""
	}
	n := int(min(max(part, 0), 1)*float64(cells)*8 + 0.5)
	if n == 0 && part > 0 {
		n = 1
	}
	out := strings.Repeat("█", n/8)
	if rest := n % 8; rest > 0 {
		out += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return out
}

// gap is how many cells lie between a column and the one before it.
func (g *grid) gap(i int) int {
	switch {
	case i == 0:
		return 0
	case g.columns[i].Tight:
		return 1
	}
	return columnGap
}

// write lays the table out behind the given margin.
func (g *grid) write(margin string) {
	if len(g.columns) == 0 {
		return
	}
	widths := g.fitted(margin)
	headed := false
	for _, c := range g.columns {
		headed = headed || c.Head != ""
	}
	if headed {
		head := gridRow{}
		for _, c := range g.columns {
			head.cells = append(head.cells, gridCell{text: c.Head, style: faint})
		}
		g.writeRow(margin, widths, head)
	}
	for _, r := range g.rows {
		name := r.cells[0]
		if w := g.cells.StringWidth(name.text); w > widths[0] {
			beside := strings.Repeat(" ", columnGap) + r.note
			if r.note == "" || len(margin)+w+g.cells.StringWidth(beside) > g.width {
				beside = ""
			} else {
				r.note = ""
			}
			lines := g.wrap(name.text, g.width-len(margin))
			for i, l := range lines {
				if i < len(lines)-1 {
					g.line(margin, g.paintCell(name, l))
				} else {
					g.line(margin, g.paintCell(name, l), g.paint(faint, beside))
				}
			}
			rest := r.cells[1:]
			r.cells = append([]gridCell{{}}, rest...)
		}
		g.writeRow(margin, widths, r)
		if r.note != "" {
			g.paragraph(faint, margin+"  ", r.note)
		}
	}
	if g.foot != "" {
		g.paragraph(faint, margin, g.foot)
	}
}

// spare returns how many cells a line has left.
func (g *grid) spare() int {
	spare := g.width - len(margin)
	for i, w := range g.natural(g.width) {
		spare -= g.gap(i) + w
	}
	return spare
}

// fitted returns the cells of each column, the last one narrower where it must be
// broken.
func (g *grid) fitted(margin string) []int {
	room := g.width - len(margin)
	widths := g.natural(room)
	last := len(widths) - 1
	if last == 0 || g.columns[last].Right || g.columns[last].Bars {
		return widths
	}
	fixed := 0
	for i := 1; i <= last; i++ {
		fixed += g.gap(i)
		if i < last {
			fixed += widths[i]
		}
	}
	head := g.cells.StringWidth(g.columns[0].Head)
	if head+fixed+widths[last] <= room {
		return widths
	}
	g.broken = true
	name := head
	for _, r := range g.rows {
		name = max(name, g.cells.StringWidth(r.cells[0].text))
	}
	if room-fixed-name < leastWords { // names stand on lines of their own
		name = head
	}
	widths[0], widths[last] = name, max(room-fixed-name, leastWords)
	return widths
}

// natural returns the cells of each column. The first one takes what the others
// leave; names that are longer stand on a line of their own.
func (g *grid) natural(room int) []int {
	widths := make([]int, len(g.columns))
	for i, c := range g.columns {
		widths[i] = g.cells.StringWidth(c.Head)
		for _, r := range g.rows {
			widths[i] = max(widths[i], g.cells.StringWidth(r.cells[i].text))
		}
		if i > 0 {
			room -= widths[i] + g.gap(i)
		}
	}
	widths[0] = g.cells.StringWidth(g.columns[0].Head)
	for _, r := range g.rows {
		if w := g.cells.StringWidth(r.cells[0].text); w <= room {
			widths[0] = max(widths[0], w)
		}
	}
	return widths
}

// writeRow lays one row out.
func (g *grid) writeRow(margin string, widths []int, r gridRow) {
	parts, indent := []string{margin}, len(margin)
	last := len(r.cells) - 1
	for i, c := range r.cells {
		parts = append(parts, strings.Repeat(" ", g.gap(i)))
		indent += g.gap(i)
		if i == last && g.broken {
			lines := g.wrap(c.text, widths[i])
			g.line(append(parts, g.paintCell(c, lines[0]))...)
			for _, l := range lines[1:] {
				g.line(strings.Repeat(" ", indent), l)
			}
			return
		}
		fill := strings.Repeat(" ", max(0, widths[i]-g.cells.StringWidth(c.text)))
		if g.columns[i].Right {
			parts = append(parts, fill, g.paintCell(c, c.text))
		} else {
			parts = append(parts, g.paintCell(c, c.text), fill)
		}
		indent += widths[i]
	}
	g.line(parts...)
}
