// Package text writes documents for a terminal. It knows no question: what is
// said, and in which order, is the document's.
//
// The same document and Options give the same bytes. What a model holds moves no
// cursor and sets no colour, whatever it holds.
package text

import (
	"bytes"
	"io"

	"tightrope/internal/document"
)

// Options of a text.
type Options struct {
	Width  int  // columns; held between 60 and 100, 0 is 80
	Colour bool // it may use terminal colours
}

const (
	defaultWidth = 80
	minWidth     = 60
	maxWidth     = 100

	// margin is where everything below a title or a headline begins.
	margin = "  "
)

// Write writes a document. It returns the error of w.
func Write(w io.Writer, d *document.Document, o Options) error {
	t := &text{page: newPage(o)}
	if d.Title != "" {
		t.heading("", d.Title, "")
		t.inner, t.close = margin, true
	}
	if d.About != "" {
		t.apart()
		t.paragraph(plain, t.inner, unmarked(d.About))
	}
	t.blocks(d.Blocks)
	for i := range d.Sections {
		t.section("", &d.Sections[i])
	}
	if d.Foot != "" {
		t.inner, t.close = "", false
		t.apart()
		t.paragraph(faint, "", unmarked(d.Foot))
	}
	return t.to(w)
}

// A text is a page with the place at which it goes on.
type text struct {
	*page
	inner string // where blocks begin
	close bool   // the next block follows its title without an empty line
}

// apart sets what comes apart from what stands above.
func (t *text) apart() {
	if t.Len() > 0 && !t.close {
		t.line()
	}
	t.close = false
}

// section writes a section whose title begins behind a margin.
func (t *text) section(outer string, s *document.Section) {
	if s.Empty() {
		return
	}
	before := t.inner
	t.inner = outer
	if s.Title != "" && !s.Said {
		t.apart()
		t.heading(outer, s.Title, s.About)
		t.inner, t.close = margin, true
	}
	if s.Lead != "" {
		t.apart()
		t.paragraph(plain, t.inner, unmarked(s.Lead))
	}
	t.blocks(s.Blocks)
	within := t.inner
	t.close = t.close && len(s.Blocks) == 0 && s.Lead == ""
	for i := range s.Sections {
		t.section(within, &s.Sections[i])
	}
	t.inner, t.close = before, false
}

func (t *text) blocks(list []document.Block) {
	for i := range list {
		// Words about a table stand right below it.
		t.close = t.close || i > 0 && list[i-1].Table != nil && (list[i].Text != "" || list[i].Note != "")
		t.block(&list[i])
	}
}

func (t *text) block(b *document.Block) {
	switch {
	case b.Headline != nil:
		t.apart()
		t.headline(b.Headline)
	case b.Text != "":
		t.apart()
		t.paragraph(plain, t.inner, unmarked(b.Text))
	case b.Note != "":
		t.apart()
		t.paragraph(faint, t.inner, unmarked(b.Note))
	case len(b.List) > 0:
		t.apart()
		for _, l := range b.List {
			t.items(t.inner, []document.Item{{Sign: "-", Text: l}})
		}
	case len(b.Items) > 0:
		t.apart()
		t.items(t.inner, b.Items)
	case len(b.Facts) > 0:
		t.apart()
		t.facts(t.inner, b.Facts)
	case b.Table != nil && len(b.Table.Rows) > 0:
		t.apart()
		t.table(b.Table)
	case b.Figure != nil:
		t.apart()
		t.figure(b.Figure)
	}
}

// headline writes the sentence to repeat; what follows it stands below.
func (t *text) headline(h *document.Headline) {
	first := h.Text
	if h.Short != "" {
		first = h.Short + " " + first
	}
	if h.Sign != "" {
		first = h.Sign + " " + first
	}
	t.emphasised(unmarked(first), unmarked(h.More))
	t.inner = margin
	if h.Counts != "" {
		t.paragraph(faint, margin, unmarked(h.Counts))
	}
	if len(h.Facts) > 0 {
		t.apart()
		t.facts(t.inner, h.Facts)
	}
}

func (t *text) table(x *document.Table) {
	if x.Title != "" {
		t.heading(t.inner, x.Title, x.About)
	}
	newGrid(t.page, x).write(t.inner)
}

// figure says what a picture shows, and its numbers.
func (t *text) figure(f *document.Figure) {
	t.heading(t.inner, f.Picture.Title, "")
	if f.Picture.Desc != "" {
		t.paragraph(plain, t.inner, unmarked(f.Picture.Desc))
	}
	if x := document.Numbers(f); len(x.Rows) > 0 {
		newGrid(t.page, x).write(t.inner)
	}
}

// WriteFitting writes the first of several documents, from the longest to the
// shortest, that has at most so many lines; if none has, the shortest. It returns
// the error of w.
func WriteFitting(w io.Writer, lines int, o Options, documents ...func() *document.Document) error {
	var b bytes.Buffer
	for _, make := range documents {
		b.Reset()
		if err := Write(&b, make(), o); err != nil {
			return err
		}
		if bytes.Count(b.Bytes(), []byte("\n")) <= lines {
			break
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}
