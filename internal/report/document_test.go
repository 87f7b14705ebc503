package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
)

// tablesIn are all that a document holds.
func tablesIn(blocks []document.Block, sections []document.Section) (all []*document.Table) {
	for _, b := range blocks {
		if b.Table != nil {
			all = append(all, b.Table)
		}
	}
	for _, s := range sections {
		all = append(all, tablesIn(s.Blocks, s.Sections)...)
	}
	return all
}

// What a builder puts into a table stands in each format, without another line of
// code anywhere.
func TestAColumnThatABuilderAddsStandsInEveryFormat(t *testing.T) {
	for _, c := range plans {
		r, o := c.plan()
		d := Plan(r, o)
		for i, x := range tablesIn(d.Blocks, d.Sections) {
			x.Columns = append(x.Columns, document.Column{Head: fmt.Sprintf("owner%d", i)})
			for k := range x.Rows {
				x.Rows[k].Cells = append(x.Rows[k].Cells, document.Cell{Text: fmt.Sprintf("team%d-%d", i, k)})
			}
		}
		var asText, asMarkdown bytes.Buffer
		if err := text.Write(&asText, d, text.Options{Width: 100}); err != nil {
			t.Fatal(err)
		}
		if err := markdown.Write(&asMarkdown, d, markdown.Options{}); err != nil {
			t.Fatal(err)
		}
		for i, x := range tablesIn(d.Blocks, d.Sections) {
			want := []string{fmt.Sprintf("owner%d", i)}
			for k := range x.Rows {
				want = append(want, fmt.Sprintf("team%d-%d", i, k))
			}
			for _, w := range want {
				if !strings.Contains(asText.String(), w) {
					t.Errorf("%s: no %s in the text\n%s", c.name, w, asText.String())
				}
				if !strings.Contains(asMarkdown.String(), strings.ReplaceAll(w, "_", `\_`)) {
					t.Errorf("%s: no %s in Markdown\n%s", c.name, w, asMarkdown.String())
				}
			}
		}
	}
}
