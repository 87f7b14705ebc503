package alerting

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"tightrope/internal/safetext"
)

// A writer writes YAML as it goes, so that no run is in the memory as a whole. Its
// own words are written as they are; what comes from a model, as quote does.
type writer struct {
	to  io.Writer
	buf []byte
	err error
}

// chunk is how much is written at once.
const chunk = 1 << 16

func (w *writer) raw(parts ...string) {
	for _, s := range parts {
		w.buf = append(w.buf, s...)
	}
	if len(w.buf) >= chunk {
		w.flush()
	}
}

// line writes a key, after what is in front of it, and its value, quoted.
func (w *writer) line(key, value string) {
	w.raw(key, ": ")
	w.buf = quote(w.buf, value)
	w.raw("\n")
}

func (w *writer) flush() {
	if w.err == nil {
		_, w.err = w.to.Write(w.buf)
	}
	w.buf = w.buf[:0]
}

// quote appends a string as YAML reads it back: in single quotes, in which nothing
// but the quote itself means anything, or, where characters do not stand for
// themselves there, in double ones.
func quote(to []byte, s string) []byte {
	if plain(s) {
		to = append(to, '\'')
		for {
			before, after, found := strings.Cut(s, "'")
			to = append(to, before...)
			if !found {
				return append(to, '\'')
			}
			to, s = append(to, "''"...), after
		}
	}
	to = append(to, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			to = append(to, '\\', byte(r))
		case r == '\n':
			to = append(to, `\n`...)
		case r == '\t':
			to = append(to, `\t`...)
		case !hidden(r):
			to = utf8.AppendRune(to, r)
		case r > 0xffff:
			to = fmt.Appendf(to, `\U%08x`, r)
		default:
			to = fmt.Appendf(to, `\u%04x`, r)
		}
	}
	return append(to, '"')
}

// plain reports whether all of a string stands for itself in single quotes.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return !strings.ContainsFunc(s[i:], hidden) && utf8.ValidString(s[i:])
		}
	}
	return true
}

// hidden are the characters that act or cannot be seen.
func hidden(r rune) bool {
	return r < ' ' || r > '~' && (safetext.Acts(r) || !unicode.IsPrint(r))
}

// comment writes lines of their own, that mean nothing.
func (w *writer) comment(s string) { w.raw("# ", safetext.Line(s), "\n") }
