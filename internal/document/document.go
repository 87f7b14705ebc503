// Package document is what is said to people, in which order. It knows no
// format: the packages below it write a document as text for a terminal, as
// Markdown, and as HTML. A builder makes one for each question, so that a
// sentence is written once and a table is the same on every surface.
//
// Strings are in one language already. What is in another one within them is
// marked (see say.Marked); what a model holds may be anything, and renderers
// make it harmless.
package document

import "tightrope/internal/chart"

// A Document is a whole answer.
type Document struct {
	Lang     string // code of the language
	Title    string // empty: it begins with its first block
	About    string // what this is, in a sentence
	Blocks   []Block
	Sections []Section
	Foot     string
}

// A Section is about one thing. How deep it stands says how large its title is.
type Section struct {
	ID    string // within the document; empty: nothing leads to it
	Title string
	// Said is whether its first block, a headline, says the title too: only what
	// has links or a table of contents needs it then.
	Said  bool
	About string // beside the title, in a few words
	Lead  string // a sentence that says what to see
	Kind  Kind
	// Nav lists the titles of the sections within it, where that can be.
	Nav      bool
	Blocks   []Block
	Sections []Section
}

// Kind of a section.
type Kind string

// The kinds.
const (
	Plain  Kind = ""
	Part   Kind = "part" // one of several about the same, on a page of its own where it is printed
	Folded Kind = "fold" // details, hidden until they are asked for where a format can do that
)

// A Block is one of what is set in a section: exactly one field is not empty.
type Block struct {
	Headline *Headline
	Text     string
	Note     string // said beside, in less weight
	List     []string
	Items    []Item
	Facts    []Fact
	Table    *Table
	Figure   *Figure
}

// A Headline is the sentence to repeat, with what follows it.
type Headline struct {
	Tone  Tone
	Sign  string // in one character; empty: none
	Short string // "No."; empty: none
	Text  string
	More  string // in less weight
	// Facts belong to it: the lines of an answer, one for each question.
	Facts  []Fact
	Figure *Figure // that carries it; nil: none
	Counts string  // what the figure counts
}

// Tone is how a piece stands out. It never says anything that the words do not
// say too.
type Tone string

// The tones.
const (
	Normal Tone = ""
	Strong Tone = "strong"
	Faint  Tone = "faint"
	Good   Tone = "good"
	Warn   Tone = "warn"
	Bad    Tone = "bad"
)

// A Fact is a line or more behind a key.
type Fact struct {
	Key   string
	Sign  string // before the first line
	Tone  Tone   // of the sign
	Lines []string
	Why   string // leads to how its figures came about; empty: nothing does
}

// An Item of a list that says more than a line.
type Item struct {
	Sign   string // before the text
	Tone   Tone   // of the sign
	Text   string
	Beside string // in less weight, where there is room for it
	Lines  []string
}

// A Table in words.
type Table struct {
	Title   string
	About   string // beside the title
	Columns []Column
	Rows    []Row
	Foot    string // what was left out, and what the columns mean
	// Label names the table among those of its page; empty: Title does, or the
	// first head.
	Label string
}

// A Column of a table.
type Column struct {
	Head  string
	Right bool // numbers
	Tight bool // belongs to the column before it
	Bars  bool // holds bars, whose cells have no text
}

// A Row of a table, with words below its first cell.
type Row struct {
	Cells []Cell
	Note  string
	Link  string // of the first cell, to a section of the document
	Outer bool   // the link leads elsewhere
	Sum   bool   // of the rows above
}

// A Cell of a table.
type Cell struct {
	Text string
	Sign string // before the text
	Tone Tone   // of the sign where there is one, else of the text
	Bar  *Bar
}

// A Bar is drawn as wide as its parts, of which 1 is the width of the column.
type Bar struct {
	Parts []float64 // at most two, 0 or more: the second is set on the first
	Cut   bool      // it is longer than it is drawn
}

// A Figure is a picture, also for narrow screens where that is another one.
type Figure struct {
	Picture chart.Picture
	Slim    *chart.Picture
	// Data is the table that is drawn; nil: the one that the picture makes of it.
	Data  *Table
	Label string // as that of a table; empty: the title of the picture
}

// Name is what the table is called by who hears of it.
func (t *Table) Name() string {
	switch {
	case t.Label != "":
		return t.Label
	case t.Title != "":
		return t.Title
	case len(t.Columns) > 0:
		return t.Columns[0].Head
	}
	return ""
}

// Name is what the figure is called by who hears of it.
func (f *Figure) Name() string {
	if f.Label != "" {
		return f.Label
	}
	return f.Picture.Title
}

// Columns makes columns of their heads. One that begins with > holds numbers.
func Columns(heads ...string) []Column {
	var out []Column
	for _, h := range heads {
		c := Column{Head: h}
		if len(h) > 0 && h[0] == '>' {
			c = Column{Head: h[1:], Right: true}
		}
		out = append(out, c)
	}
	return out
}

// Add appends a row of plain cells, and returns it to be filled in. The pointer
// holds until the next row.
func (t *Table) Add(cells ...string) *Row {
	r := Row{}
	for _, c := range cells {
		r.Cells = append(r.Cells, Cell{Text: c})
	}
	t.Rows = append(t.Rows, r)
	return &t.Rows[len(t.Rows)-1]
}

// Drop takes columns out, by their places.
func (t *Table) Drop(columns ...int) {
	keep := func(i int) bool {
		for _, c := range columns {
			if c == i {
				return false
			}
		}
		return true
	}
	var heads []Column
	for i, c := range t.Columns {
		if keep(i) {
			heads = append(heads, c)
		}
	}
	t.Columns = heads
	for r := range t.Rows {
		var cells []Cell
		for i, c := range t.Rows[r].Cells {
			if keep(i) {
				cells = append(cells, c)
			}
		}
		t.Rows[r].Cells = cells
	}
}

// Add appends a block.
func (s *Section) Add(b ...Block) { s.Blocks = append(s.Blocks, b...) }

// Empty reports whether the section says nothing.
func (s *Section) Empty() bool { return len(s.Blocks) == 0 && len(s.Sections) == 0 && s.Lead == "" }

// Numbers is what a figure shows, as a table.
func Numbers(f *Figure) *Table {
	if f.Data != nil {
		t := *f.Data
		t.Label = f.Name()
		return &t
	}
	t := &Table{Label: f.Name()}
	for _, h := range f.Picture.Table.Heads {
		t.Columns = append(t.Columns, Column{Head: h})
	}
	for _, r := range f.Picture.Table.Rows {
		t.Add(r...)
	}
	return t
}
