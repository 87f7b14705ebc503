package page

import (
	"io"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/safetext"
	"tightrope/internal/say"
)

// Markdown writes a page for a wiki: the same words and tables, and for each
// picture what it shows, with its numbers folded away. It returns the error of
// w.
func Markdown(w io.Writer, d *document.Document, l Language) error {
	m := &markdown{lang: l}
	m.block("# " + escape(d.Title))
	m.block(escape(d.About))
	m.blocks(d.Blocks)
	for _, s := range d.Sections {
		m.section(2, s)
	}
	m.block(escape(d.Foot))
	_, err := io.WriteString(w, m.String())
	return err
}

type markdown struct {
	strings.Builder
	lang Language
}

func (m *markdown) block(s string) {
	if s == "" {
		return
	}
	if m.Len() > 0 {
		m.WriteByte('\n')
	}
	m.WriteString(s + "\n")
}

func (m *markdown) headline(h *document.Headline) {
	m.block("**" + escape(strings.TrimSpace(strings.Join([]string{h.Sign, h.Short, h.Text}, " "))) + "**")
	if f := h.Figure; f != nil {
		m.block(escape(f.Picture.Desc))
	}
	m.facts(h.Facts)
}

func (m *markdown) facts(facts []document.Fact) {
	var lines []string
	for _, f := range facts {
		var said []string
		for _, l := range f.Lines {
			said = append(said, escape(l))
		}
		lines = append(lines, "- **"+escape(f.Key)+"** "+strings.Join(said, "<br>"))
	}
	m.block(strings.Join(lines, "\n"))
}

func (m *markdown) section(level int, s document.Section) {
	if s.Title != "" {
		m.block(strings.Repeat("#", min(level, 6)) + " " + escape(s.Title))
	}
	m.block(escape(s.Lead))
	m.blocks(s.Blocks)
	for _, x := range s.Sections {
		m.section(level+1, x)
	}
}

func (m *markdown) blocks(list []document.Block) {
	for _, b := range list {
		if b.Headline != nil {
			m.headline(b.Headline)
		}
		m.block(escape(b.Text))
		m.block(escape(b.Note))
		var list []string
		for _, l := range b.List {
			list = append(list, "- "+escape(l))
		}
		m.block(strings.Join(list, "\n"))
		if len(b.Facts) > 0 {
			m.facts(b.Facts)
		}
		if f := b.Figure; f != nil {
			m.block("*" + escape(f.Picture.Title) + ".* " + escape(f.Picture.Desc))
			if len(f.Picture.Table.Rows) > 0 {
				m.block("<details><summary>" + escape(m.lang.Say("page.data")) + "</summary>")
				t := document.Table{}
				for _, h := range f.Picture.Table.Heads {
					t.Columns = append(t.Columns, document.Column{Head: h})
				}
				for _, r := range f.Picture.Table.Rows {
					t.Add(r...)
				}
				m.table(t)
				m.block("</details>")
			}
		}
		if b.Table != nil {
			m.table(*b.Table)
		}
	}
}

func (m *markdown) table(t document.Table) {
	if len(t.Rows) == 0 {
		return
	}
	if t.Title != "" {
		m.block("**" + escape(t.Title) + "**")
	}
	var lines []string
	cells := func(list []string) string { return "| " + strings.Join(list, " | ") + " |" }
	var heads, rule []string
	for _, c := range t.Columns {
		heads = append(heads, escape(c.Head))
		if c.Right {
			rule = append(rule, "---:")
		} else {
			rule = append(rule, "---")
		}
	}
	lines = append(lines, cells(heads), cells(rule))
	for _, r := range t.Rows {
		var row []string
		for i, c := range r.Cells {
			said := escape(c.Text)
			if c.Sign != "" {
				said = escape(c.Sign) + " " + said
			}
			if i == 0 && r.Note != "" {
				said += "<br>" + escape(r.Note)
			}
			row = append(row, said)
		}
		lines = append(lines, cells(row))
	}
	m.block(strings.Join(lines, "\n"))
	m.block(escape(t.Foot))
}

// escape makes text of what Markdown or HTML would take for more. Marks of another
// language have been read by then.
func escape(s string) string { return safetext.Markdown(say.Unmarked(s)) }
