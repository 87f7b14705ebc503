package records

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Widths of what is written, in columns.
const (
	pageWidth     = 80
	commentColumn = 44 // beyond it, comments at the end of a line are not aligned
)

// A page is YAML that is being written: lines with comments at their end,
// which are aligned within a block.
type page struct {
	done  strings.Builder
	block []entry
}

type entry struct{ text, comment string }

// line adds a line with a comment at its end, if that is not empty.
func (p *page) line(indent int, text, comment string) {
	p.block = append(p.block, entry{strings.Repeat(" ", indent) + text, comment})
}

// say adds a comment of its own after lead, broken into lines of the width of
// the page that begin below the first word.
func (p *page) say(indent int, lead, text string) {
	p.flush()
	margin := strings.Repeat(" ", indent) + "#"
	hang := strings.Repeat(" ", utf8.RuneCountInString(lead))
	line, width, empty := lead, indent+1+len(hang), true
	put := func() {
		p.done.WriteString(strings.TrimRight(margin+line, " ") + "\n")
		line, width, empty = hang, indent+1+len(hang), true
	}
	for word := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(word) + 1
		if !empty && width+n > pageWidth {
			put()
		}
		line += " " + word
		width += n
		empty = false
	}
	put()
}

// gap adds an empty line.
func (p *page) gap() {
	p.flush()
	p.done.WriteByte('\n')
}

// flush writes the block, with its comments under each other.
func (p *page) flush() {
	at := 0
	for _, e := range p.block {
		if n := utf8.RuneCountInString(e.text); e.comment != "" && n < commentColumn {
			at = max(at, n)
		}
	}
	for _, e := range p.block {
		p.done.WriteString(e.text)
		if e.comment != "" {
			fmt.Fprintf(&p.done, "%*s# %s", max(0, at-utf8.RuneCountInString(e.text))+2, "", e.comment)
		}
		p.done.WriteByte('\n')
	}
	p.block = nil
}

func (p *page) bytes() []byte {
	p.flush()
	return []byte(p.done.String())
}
