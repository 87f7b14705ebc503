// Package markdown writes documents for a wiki or a pull request: the verdict
// first, small tables, and details folded. It knows no question.
//
// What a model holds is nothing but text there: no markup, no mention, no link.
package markdown

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/document/text"
	"tightrope/internal/safetext"
	"tightrope/internal/say"
)

// Options of a text in Markdown.
type Options struct {
	Level   int    // of the headings of its sections; 0 is 3. Its title is one above
	Numbers string // folds the numbers behind a picture; empty: in English
}

const (
	defaultLevel = 3
	lowestLevel  = 6
	// barCells is how many cells the longest bar has.
	barCells = 8
)

// Write writes a document. It returns the error of w.
func Write(w io.Writer, d *document.Document, o Options) error {
	if o.Level == 0 {
		o.Level = defaultLevel
	}
	if o.Numbers == "" {
		o.Numbers = "The numbers behind the picture"
	}
	m := &markdown{numbers: o.Numbers}
	if d.Title != "" {
		m.title(o.Level-1, d.Title, "")
	}
	m.block(escape(d.About))
	m.blocks(d.Blocks)
	for i := range d.Sections {
		m.section(o.Level, &d.Sections[i])
	}
	m.block(lighter(d.Foot))
	_, err := w.Write(m.Bytes())
	return err
}

type markdown struct {
	bytes.Buffer
	numbers string
}

// block writes a paragraph, unless it is empty.
func (m *markdown) block(s string) {
	if s == "" {
		return
	}
	if m.Len() > 0 {
		m.WriteByte('\n')
	}
	m.WriteString(s + "\n")
}

func (m *markdown) title(level int, title, about string) {
	m.block(strings.Repeat("#", min(max(level, 1), lowestLevel)) + " " + escape(titled(title, about)))
}

// titled is a title with what it is about.
func titled(title, about string) string {
	if about == "" {
		return title
	}
	return title + " (" + about + ")"
}

func (m *markdown) section(level int, s *document.Section) {
	if s.Empty() {
		return
	}
	folded := s.Kind == document.Folded && s.Title != ""
	switch {
	case folded:
		m.fold(titled(s.Title, s.About))
	case s.Title != "":
		m.title(level, s.Title, s.About)
	default:
		level-- // what is within stands as high as if it were not
	}
	m.block(escape(s.Lead))
	m.blocks(s.Blocks)
	for i := range s.Sections {
		m.section(level+1, &s.Sections[i])
	}
	if folded {
		m.block("</details>")
	}
}

// fold hides what follows, to the end of it, behind a summary.
func (m *markdown) fold(summary string) {
	m.block("<details><summary>" + safetext.MarkdownHTML(say.Unmarked(summary)) + "</summary>")
}

func (m *markdown) blocks(list []document.Block) {
	for i := range list {
		b := &list[i]
		switch {
		case b.Headline != nil:
			m.headline(b.Headline)
		case b.Text != "":
			m.block(escape(b.Text))
		case b.Note != "":
			m.block(lighter(b.Note))
		case len(b.List) > 0:
			var items []string
			for _, l := range b.List {
				items = append(items, "- "+escape(l))
			}
			m.block(strings.Join(items, "\n"))
		case len(b.Items) > 0:
			m.items(b.Items)
		case len(b.Facts) > 0:
			m.facts(b.Facts)
		case b.Table != nil:
			m.table(b.Table)
		case b.Figure != nil:
			m.figure(b.Figure)
		}
	}
}

func (m *markdown) headline(h *document.Headline) {
	var first []string
	for _, s := range []string{h.Sign, h.Short, h.Text} {
		if s != "" {
			first = append(first, s)
		}
	}
	m.block(strings.TrimSpace("**" + escape(strings.Join(first, " ")) + "** " + escape(h.More)))
	m.block(escape(h.Counts))
	if h.Figure != nil && h.Counts == "" {
		m.figure(h.Figure)
	}
	m.facts(h.Facts)
}

// facts writes a list, with a nested one where there is more than one line.
func (m *markdown) facts(facts []document.Fact) {
	var items []string
	for _, f := range facts {
		key := ""
		if f.Key != "" {
			key = "**" + escape(f.Key) + "**: "
		}
		items = append(items, item(key, f.Sign, f.Lines))
	}
	m.block(strings.Join(items, "\n"))
}

func (m *markdown) items(list []document.Item) {
	var items []string
	for _, it := range list {
		said := "- " + signed(it.Sign) + escape(it.Text)
		if it.Beside != "" {
			said += " " + lighter(it.Beside)
		}
		items = append(items, said+nested(it.Lines))
	}
	m.block(strings.Join(items, "\n"))
}

// item is one of a list: a line, or lines of their own below their key.
func item(key, sign string, lines []string) string {
	if len(lines) == 1 {
		return "- " + key + signed(sign) + escape(lines[0])
	}
	return "- " + strings.TrimSpace(key+signed(sign)) + nested(lines)
}

func nested(lines []string) string {
	out := ""
	for _, l := range lines {
		out += "\n  - " + escape(l)
	}
	return out
}

// signed is a sign before a text: one that would begin a list is escaped.
func signed(sign string) string {
	switch sign {
	case "":
		return ""
	case "+", "-":
		return `\` + sign + " "
	}
	return escape(sign) + " "
}

// table writes a table; the note of a row stands under its first cell.
func (m *markdown) table(t *document.Table) {
	if len(t.Rows) == 0 {
		return
	}
	if t.Title != "" {
		m.block("**" + escape(titled(t.Title, t.About)) + "**")
	}
	var head, rule strings.Builder
	for _, c := range t.Columns {
		fmt.Fprintf(&head, "| %s ", escape(c.Head))
		if c.Right {
			rule.WriteString("|---:")
		} else {
			rule.WriteString("|---")
		}
	}
	lines := []string{head.String() + "|", rule.String() + "|"}
	for _, r := range t.Rows {
		var line strings.Builder
		for i, c := range t.Columns {
			said := ""
			if i < len(r.Cells) {
				said = signed(r.Cells[i].Sign) + escape(r.Cells[i].Text)
				if c.Bars {
					said = text.Bar(r.Cells[i].Bar, barCells)
				}
			}
			if i == 0 && r.Note != "" {
				said += "<br>" + lighter(r.Note)
			}
			fmt.Fprintf(&line, "| %s ", strings.TrimSpace(said))
		}
		lines = append(lines, line.String()+"|")
	}
	m.block(strings.Join(lines, "\n"))
	m.block(escape(t.Foot))
}

// figure writes what a picture shows, and folds its numbers.
func (m *markdown) figure(f *document.Figure) {
	m.block(strings.TrimSpace("*" + escape(f.Picture.Title) + ".* " + escape(f.Picture.Desc)))
	if t := document.Numbers(f); len(t.Rows) > 0 {
		m.fold(m.numbers)
		m.table(t)
		m.block("</details>")
	}
}

// escape makes text of what Markdown or HTML would take for more. Marks of another
// language have been read by then.
func escape(s string) string { return safetext.Markdown(say.Unmarked(s)) }

// lighter is a text in less weight.
func lighter(s string) string {
	if s == "" {
		return ""
	}
	return "<sub>" + escape(s) + "</sub>"
}
