package page

import (
	"io"
	"strings"
	"unicode"

	"tightrope/internal/safetext"
	"tightrope/internal/say"
)

// Markdown writes a page for a wiki: the same words and tables, and for each
// picture what it shows, with its numbers folded away. It returns the error of
// w.
func Markdown(w io.Writer, d *Document, l Language) error {
	m := &markdown{lang: l}
	m.block("# " + escape(d.Title))
	m.block(escape(d.About))
	if o := d.Overview; o != nil {
		m.block("## " + escape(o.Title))
		m.block(escape(o.Lead))
		m.table(o.Table)
		for _, s := range o.Sections {
			m.section(3, s)
		}
	}
	for _, p := range d.Parts {
		m.block("## " + escape(p.Title))
		m.answer(p.Answer)
		for _, s := range p.Sections { // below the title of the part, which stands even where it is the only one
			m.section(3, s)
		}
	}
	for _, s := range d.Common {
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

func (m *markdown) answer(a Answer) {
	m.block("**" + escape(a.Sign+" "+a.Short+" "+a.Verdict) + "**")
	if a.Tally != nil {
		m.block(escape(a.Counts))
	}
	m.facts(a.Facts)
}

func (m *markdown) facts(facts []Fact) {
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

func (m *markdown) section(level int, s Section) {
	m.block(strings.Repeat("#", level) + " " + escape(s.Title))
	m.block(escape(s.Lead))
	for _, b := range s.Blocks {
		if b.Head != "" {
			m.block(strings.Repeat("#", level+1) + " " + escape(b.Head))
		}
		m.block(escape(b.Text))
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
				t := Table{Heads: f.Picture.Table.Heads}
				for _, r := range f.Picture.Table.Rows {
					t.Rows = append(t.Rows, Row{Cells: r})
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

func (m *markdown) table(t Table) {
	if len(t.Rows) == 0 {
		return
	}
	if t.Title != "" {
		m.block("**" + escape(t.Title) + "**")
	}
	var lines []string
	cells := func(list []string) string { return "| " + strings.Join(list, " | ") + " |" }
	var heads, rule []string
	for i, h := range t.Heads {
		heads = append(heads, escape(h))
		if t.IsRight(i) {
			rule = append(rule, "---:")
		} else {
			rule = append(rule, "---")
		}
	}
	lines = append(lines, cells(heads), cells(rule))
	for _, r := range t.Rows {
		var row []string
		for i, c := range r.Cells {
			said := escape(c)
			if i == 0 && r.Sign != "" {
				said = signOf(r.Sign) + " " + said
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

// clean takes out what could turn a text around or ring a bell: names and titles
// come from files that others wrote. Marks of another language have been read by
// then.
func clean(s string) string {
	s = say.Unmarked(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case safetext.Acts(r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}
