package markdown

import (
	"bytes"
	"testing"

	"tightrope/internal/chart"
	"tightrope/internal/document"
)

func TestEverythingThatADocumentMayHold(t *testing.T) {
	rows := &document.Table{Title: "A table", About: "in words", Columns: document.Columns("net", ">cost", ""), Foot: "and one more"}
	rows.Columns[2].Bars = true
	r := rows.Add("canary|2", "12")
	r.Cells[0].Sign, r.Note = "+", "at 5% first"
	r.Cells = append(r.Cells, document.Cell{Bar: &document.Bar{Parts: []float64{0.25, 0.5}, Cut: true}})
	d := &document.Document{
		Title: "A report", About: "What it is.",
		Blocks: []document.Block{
			{Headline: &document.Headline{Sign: "✗", Short: "No.", Text: "It does not hold.", More: "Mostly.", Counts: "of 12 months",
				Facts: []document.Fact{{Key: "chance", Sign: "✗", Lines: []string{"5%"}}, {Key: "why", Lines: []string{"one", "two"}}}}},
			{Table: rows},
		},
		Sections: []document.Section{
			{Title: "A section", About: "beside", Lead: "What to see.", Blocks: []document.Block{
				{List: []string{"one", "<two>"}},
				{Items: []document.Item{{Sign: "+", Text: "risk disk", Beside: "model.yaml:3", Lines: []string{"rate: 1"}}, {Text: "and more"}}},
				{Figure: &document.Figure{Picture: chart.Picture{Title: "A picture", Desc: "It falls.", Table: chart.Table{Heads: []string{"x", "y"}, Rows: [][]string{{"1", "2"}}}}}},
			}, Sections: []document.Section{{Title: "Within", Kind: document.Folded, Blocks: []document.Block{{Note: "said beside"}}}}},
			{Title: "Says nothing, and is left out"},
			{Sections: []document.Section{{Title: "As high as a section", Blocks: []document.Block{{Text: "Words."}}}}},
		},
		Foot: "The end.",
	}
	want := `# A report

What it is.

**✗ No. It does not hold.** Mostly.

of 12 months

- **chance**: ✗ 5%
- **why**:
  - one
  - two

**A table (in words)**

| net | cost |  |
|---|---:|---|
| \+ canary\|2<br><sub>at 5% first</sub> | 12 | ██░░░░» |

and one more

## A section (beside)

What to see.

- one
- &lt;two&gt;

- \+ risk disk <sub>model.yaml:3</sub>
  - rate: 1
- and more

*A picture.* It falls.

<details><summary>Die Zahlen</summary>

| x | y |
|---|---|
| 1 | 2 |

</details>

<details><summary>Within</summary>

<sub>said beside</sub>

</details>

## As high as a section

Words.

<sub>The end.</sub>
`
	var b bytes.Buffer
	if err := Write(&b, d, Options{Level: 2, Numbers: "Die Zahlen"}); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
