package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/safetext"
)

// Markdown writes a forecast for a wiki or a pull request: the verdict first,
// small tables, and details folded. It returns the error of w.
func Markdown(w io.Writer, r *forecast.Result, o Options) error {
	var m markdown
	m.result(r, outlineOf(r, o.Whole))
	if o.Check != nil {
		m.comparison(o.Check)
	}
	_, err := w.Write(m.Bytes())
	return err
}

type markdown struct{ bytes.Buffer }

// markdownBar is how many cells the bar of the largest source has.
const markdownBar = 8

func (m *markdown) result(r *forecast.Result, o outline) {
	if len(o.scores) > 0 {
		m.block("**" + escape(scoreline(o)) + "**")
		m.table(scoreTable(o))
	}
	if nets := taken(r); nets != "" && len(o.whole) != 1 {
		m.block(escape("This is " + nets + "."))
	}
	for _, e := range o.whole {
		if len(o.whole) > 1 {
			m.block("### " + escape(label(e)))
		}
		m.entry(r, e, o)
	}
	if len(o.compact) > 0 {
		m.folded(compactTitle(o), func() { m.table(compactTable(o)) })
	}
	if len(o.shared) > 0 {
		m.facts(warnings(o.shared))
	}
}

func (m *markdown) entry(r *forecast.Result, e *forecast.Entry, o outline) {
	verdict, more := headline(e)
	m.block(strings.TrimSpace("**" + escape(verdict) + "** " + escape(more)))
	m.facts(findings(r, e, o))
	if len(e.Sources) > 0 {
		ranked := rank(e)
		rows := sourceTable(e, ranked)
		rows.drawBars(ranked, markdownBar)
		m.block(escape(sourceTitle(e)) + " (detect, ack and recover are means per incident):")
		m.table(rows)
	}
	if rows := compareTable(e); len(rows.rows) > 0 {
		m.folded(compareTitle(e), func() { m.table(rows) })
	}
	if rows := providerTable(e); len(rows.rows) > 0 {
		m.folded(providerTitle(e), func() { m.table(rows) })
	}
	if facts := basis(e, o); len(facts) > 0 {
		m.folded("What this stands on", func() { m.facts(facts) })
	}
}

// block writes a paragraph.
func (m *markdown) block(s string) {
	if m.Len() > 0 {
		m.WriteByte('\n')
	}
	m.WriteString(s + "\n")
}

// folded hides what body writes behind a summary.
func (m *markdown) folded(summary string, body func()) {
	m.block("<details><summary>" + safetext.MarkdownHTML(summary) + "</summary>")
	body()
	m.block("</details>")
}

// facts writes a list, with a nested one where there is more than one line.
func (m *markdown) facts(facts []fact) {
	var items []string
	for _, f := range facts {
		lines := make([]string, len(f.lines))
		for i, l := range f.lines {
			lines[i] = escape(l)
		}
		key := ""
		if f.key != "" {
			key = "**" + escape(f.key) + "**: "
		}
		if f.sign != "" {
			key += escape(f.sign) + " "
		}
		if len(lines) == 1 {
			items = append(items, "- "+key+lines[0])
			continue
		}
		items = append(items, "- "+strings.TrimSpace(key)+"\n  - "+strings.Join(lines, "\n  - "))
	}
	m.block(strings.Join(items, "\n"))
}

// table writes a table; the note of a row stands under its first cell.
func (m *markdown) table(t table) {
	var head, rule strings.Builder
	for _, c := range t.columns {
		fmt.Fprintf(&head, "| %s ", escape(c.head))
		if c.right {
			rule.WriteString("|---:")
		} else {
			rule.WriteString("|---")
		}
	}
	lines := []string{head.String() + "|", rule.String() + "|"}
	for _, r := range t.rows {
		var line strings.Builder
		for i, c := range r.cells {
			text := escape(c.text)
			if i == 0 && r.note != "" {
				text += "<br><sub>" + escape(r.note) + "</sub>"
			}
			fmt.Fprintf(&line, "| %s ", text)
		}
		lines = append(lines, line.String()+"|")
	}
	m.block(strings.Join(lines, "\n"))
	if t.foot != "" {
		m.block(escape(t.foot))
	}
}

// escape makes text of what Markdown or HTML would take for more.
func escape(s string) string { return safetext.Markdown(s) }
