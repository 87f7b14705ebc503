package text

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"tightrope/internal/document"
	"tightrope/internal/safetext"
	"tightrope/internal/say"
)

// A style is how a piece of text stands out. It never says anything that the
// text does not say too.
type style string

const (
	plain style = ""
	bold  style = "1"
	faint style = "2"
	red   style = "31"
	amber style = "33"
	green style = "32"
)

// A page is text that is being laid out for a terminal.
type page struct {
	bytes.Buffer
	width  int
	colour bool
	cells  *runewidth.Condition
}

func newPage(o Options) *page {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	// Widths must not depend on the environment in which the text is made:
	// ambiguous characters count as narrow, as most terminals show them.
	return &page{
		width:  min(max(o.Width, minWidth), maxWidth),
		colour: o.Colour,
		cells:  &runewidth.Condition{StrictEmojiNeutral: true},
	}
}

// styleOf is how a tone looks.
func styleOf(t document.Tone) style {
	switch t {
	case document.Strong:
		return bold
	case document.Faint:
		return faint
	case document.Good:
		return green
	case document.Warn:
		return amber
	case document.Bad:
		return red
	}
	return plain
}

// paint gives s a style, where there is colour.
func (p *page) paint(st style, s string) string {
	if !p.colour || st == plain || s == "" {
		return s
	}
	return mark(st) + s + mark(plain)
}

// styles are all that there are. Until a page is written they stand in it as
// characters that are none: what a model holds can be no escape sequence then.
var styles = []style{plain, bold, faint, red, amber, green}

// Styles are the escape sequences with which texts are coloured.
func Styles() []string {
	var all []string
	for _, st := range styles {
		all = append(all, st.sequence())
	}
	return all
}

func (st style) sequence() string { return "\x1b[" + cmp.Or(string(st), "0") + "m" }

const firstMark = 0xfdd0

// mark is where a style begins; plain ends it.
func mark(st style) string { return string(rune(firstMark + slices.Index(styles, st))) }

// to writes the page, without what would do anything but be read. It returns the
// error of w.
func (p *page) to(w io.Writer) error {
	out := make([]byte, 0, p.Len()+p.Len()/8)
	for _, r := range p.String() {
		k := int(r) - firstMark
		switch {
		case k >= 0 && k < len(styles) && p.colour:
			out = append(out, styles[k].sequence()...)
		case k >= 0 && k < len(styles), r != '\n' && safetext.Acts(r), r == unicode.ReplacementChar:
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	_, err := w.Write(out)
	return err
}

// line ends a line; spaces at its end are left out.
func (p *page) line(parts ...string) {
	p.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	p.WriteByte('\n')
}

// paragraph writes s wrapped, behind the given margin.
func (p *page) paragraph(st style, margin, s string) {
	for _, l := range p.wrap(s, p.width-p.cells.StringWidth(margin)) {
		p.line(margin, p.paint(st, l))
	}
}

// emphasised writes a paragraph whose first words are bold.
func (p *page) emphasised(first, rest string) {
	left := len(strings.Fields(safetext.Line(first)))
	for _, l := range p.wrap(first+" "+rest, p.width) {
		words := strings.Fields(l)
		n := min(left, len(words))
		left -= n
		p.line(p.paint(bold, strings.Join(words[:n], " ")), " "[:min(n, len(words)-n, 1)], strings.Join(words[n:], " "))
	}
}

// wrap breaks s at spaces into lines of at most width cells; an arrow stays with
// what it leads to. A longer word is broken behind a hyphen or the like and,
// failing that, where it must be.
func (p *page) wrap(s string, width int) []string {
	var lines []string
	line, used := "", 0
	flush := func() {
		lines = append(lines, line)
		line, used = "", 0
	}
	words := strings.Fields(safetext.Line(s))
	for i, word := range words {
		w := p.cells.StringWidth(word)
		beside := w
		if word == "→" && i+1 < len(words) {
			beside += 1 + p.cells.StringWidth(words[i+1])
		}
		if used > 0 && (used+1+w > width || used+1+beside > width && beside <= width) {
			flush()
		}
		for w > width {
			head := p.cells.Truncate(word, width, "")
			if head == "" {
				break
			}
			if seam := strings.LastIndexAny(head, "-_./"); seam > 0 {
				head = head[:seam+1]
			}
			line = head
			flush()
			word = word[len(head):]
			w = p.cells.StringWidth(word)
		}
		if used > 0 {
			line += " "
			used++
		}
		line += word
		used += w
	}
	if used > 0 || len(lines) == 0 {
		flush()
	}
	return lines
}

// facts writes what is known, keys in one column and words in another.
func (p *page) facts(margin string, facts []document.Fact) {
	width := 0
	for _, f := range facts {
		width = max(width, p.cells.StringWidth(clean(f.Key)))
	}
	gap := width + columnGap
	if width == 0 {
		gap = 0
	}
	indent := margin + strings.Repeat(" ", gap)
	for _, f := range facts {
		key := clean(f.Key)
		for i, l := range f.Lines {
			prefix := ""
			if i == 0 && f.Sign != "" {
				prefix = f.Sign + " "
			}
			for j, text := range p.wrap(prefix+unmarked(l), p.width-len(indent)) {
				lead := indent
				if i == 0 && j == 0 {
					lead = margin + p.paint(faint, key) + strings.Repeat(" ", gap-p.cells.StringWidth(key))
					text = strings.Replace(text, f.Sign, p.paint(styleOf(f.Tone), f.Sign), 1)
				}
				p.line(lead, text)
			}
		}
	}
}

// items writes a list whose items have lines of their own.
func (p *page) items(margin string, items []document.Item) {
	for _, it := range items {
		said := strings.TrimSpace(it.Sign + " " + clean(it.Text))
		beside := ""
		if it.Beside != "" {
			beside = "  " + clean(it.Beside)
		}
		if p.cells.StringWidth(margin+said+beside) > p.width {
			beside = ""
		}
		for i, l := range p.wrap(said, p.width-len(margin)) {
			if i == 0 && it.Sign != "" {
				l = p.paint(styleOf(it.Tone), it.Sign) + strings.TrimPrefix(l, it.Sign)
			}
			p.line(margin, l, p.paint(faint, strings.TrimRight(beside, " ")))
			beside = ""
		}
		for _, l := range it.Lines {
			p.paragraph(plain, margin+"    ", unmarked(l))
		}
	}
}

// heading writes the title of a table or a section, and what it is about beside
// or below it.
func (p *page) heading(margin, title, about string) {
	title, about = clean(title), clean(about)
	if about != "" {
		about = "(" + about + ")"
	}
	if p.cells.StringWidth(margin+title+gapOf(about)+about) <= p.width {
		p.line(margin, p.paint(bold, title), gapOf(about), p.paint(faint, about))
		return
	}
	p.paragraph(bold, margin, title)
	if about != "" {
		p.paragraph(faint, margin, about)
	}
}

func gapOf(s string) string {
	if s == "" {
		return ""
	}
	return strings.Repeat(" ", columnGap)
}

// unmarked is a text without the marks of another language.
func unmarked(s string) string { return say.Unmarked(s) }

// clean is one line of it that does nothing but be read.
func clean(s string) string { return safetext.Line(unmarked(s)) }
