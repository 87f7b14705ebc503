package text

import (
	"bytes"
	"strings"
	"testing"

	"tightrope/internal/chart"
	"tightrope/internal/document"
)

func written(t *testing.T, d *document.Document, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEverythingThatADocumentMayHold(t *testing.T) {
	rows := &document.Table{Title: "A table", About: "in words", Columns: document.Columns("net", ">cost", ""), Foot: "and one more"}
	rows.Columns[2].Bars = true
	r := rows.Add("canary", "12")
	r.Cells[0].Sign, r.Note = "+", "at 5% first"
	r.Cells = append(r.Cells, document.Cell{Bar: &document.Bar{Parts: []float64{0.5}}})
	rows.Add("review", "3")
	d := &document.Document{
		Blocks: []document.Block{
			{Headline: &document.Headline{Text: "booking: it holds.", More: "Mostly.", Facts: []document.Fact{{Key: "chance", Sign: "✓", Lines: []string{"95%", "of years"}}}}},
			{Table: rows},
			{Text: "Words below a table."},
		},
		Sections: []document.Section{
			{Title: "A section", About: "beside", Lead: "What to see.", Blocks: []document.Block{
				{List: []string{"one", "two"}},
				{Items: []document.Item{{Sign: "~", Text: "risk disk", Beside: "model.yaml:3", Lines: []string{"rate: 1 → 2"}}}},
				{Figure: &document.Figure{Picture: chart.Picture{Title: "A picture", Desc: "It falls.", Table: chart.Table{Heads: []string{"x", "y"}, Rows: [][]string{{"1", "2"}}}}}},
			}, Sections: []document.Section{{Title: "Within", Kind: document.Folded, Blocks: []document.Block{{Note: "said beside"}}}}},
			{Title: "booking", Said: true, Blocks: []document.Block{{Headline: &document.Headline{Text: "booking: its headline says its title."}}}},
			{Title: "Says nothing, and is left out"},
		},
		Foot: "The end.",
	}
	want := `booking: it holds. Mostly.

  chance  ✓ 95%
          of years

  A table  (in words)
  net       cost
  + canary    12  ████████
    at 5% first
  review       3
  and one more
  Words below a table.

A section  (beside)
  What to see.

  - one
  - two

  ~ risk disk  model.yaml:3
      rate: 1 → 2

  A picture
  It falls.
  x  y
  1  2

  Within
  said beside

booking: its headline says its title.

The end.
`
	if got := written(t, d, Options{}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTheLastColumnIsBrokenWhereItIsTooWide(t *testing.T) {
	x := &document.Table{Columns: document.Columns(">day", "what")}
	x.Add("3", strings.Repeat("word ", 30)+"→ all of it")
	got := written(t, &document.Document{Blocks: []document.Block{{Table: x}}}, Options{Width: 60})
	for _, line := range strings.Split(got, "\n") {
		if len([]rune(line)) > 60 || strings.HasSuffix(line, "→") {
			t.Errorf("%q is too wide, or parts an arrow from what it leads to", line)
		}
	}
	if n := strings.Count(got, "\n     word"); n < 2 {
		t.Errorf("%d lines go on below the column:\n%s", n, got)
	}
}

func TestOnlyTheSignOfACellIsColoured(t *testing.T) {
	x := &document.Table{Columns: document.Columns("", "")}
	r := x.Add("booking", "late")
	r.Cells[0].Sign, r.Cells[0].Tone, r.Cells[1].Tone = "✗", document.Bad, document.Warn
	got := written(t, &document.Document{Blocks: []document.Block{{Table: x}}}, Options{Colour: true})
	if want := "\x1b[31m✗\x1b[0m booking  \x1b[33mlate\x1b[0m\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheLongestThatFitsIsWritten(t *testing.T) {
	of := func(n int) func() *document.Document {
		return func() *document.Document {
			x := &document.Table{Columns: document.Columns("")}
			for range n {
				x.Add("line")
			}
			return &document.Document{Blocks: []document.Block{{Table: x}}}
		}
	}
	for _, c := range []struct{ lines, want int }{{9, 7}, {7, 7}, {6, 4}, {1, 2}} {
		var b bytes.Buffer
		if err := WriteFitting(&b, c.lines, Options{}, of(7), of(4), of(2)); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(b.String(), "line\n"); got != c.want {
			t.Errorf("of %d lines: %d were written, want %d", c.lines, got, c.want)
		}
	}
}
