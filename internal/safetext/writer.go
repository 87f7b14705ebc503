package safetext

import (
	"bytes"
	"io"
	"sync"
	"unicode/utf8"
)

// A Writer passes text on to another one with everything written out that acts,
// but for ends of lines, tabs and the styles that it is made for. What of a
// character or a style has not come yet is kept until it has, or until Flush. It
// may be used by several goroutines at once.
type Writer struct {
	mu     sync.Mutex
	to     io.Writer
	styles []string
	held   []byte
}

// NewWriter returns a Writer to another one, that lets these escape sequences
// through.
func NewWriter(to io.Writer, styles ...string) *Writer { return &Writer{to: to, styles: styles} }

// Write takes all of b, unless the other writer fails.
func (w *Writer) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := append(w.held, b...)
	kept := w.unfinished(all)
	w.held = bytes.Clone(all[len(all)-kept:])
	if _, err := w.to.Write(w.visible(all[:len(all)-kept])); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Flush writes what was kept.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.held) == 0 {
		return nil
	}
	_, err := w.to.Write(w.visible(w.held))
	w.held = nil
	return err
}

func (w *Writer) visible(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/16)
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\x1b')
		if i < 0 {
			i = len(b)
		}
		out = appendVisible(out, b[:i], func(r rune) bool { return r != '\n' && r != '\t' && Acts(r) })
		if b = b[i:]; len(b) == 0 {
			break
		}
		n := w.styled(b)
		if n == 0 {
			out, n = append(out, `\x1b`...), 1
		} else {
			out = append(out, b[:n]...)
		}
		b = b[n:]
	}
	return out
}

// styled is how long the style is that b begins with; 0: there is none.
func (w *Writer) styled(b []byte) int {
	for _, s := range w.styles {
		if bytes.HasPrefix(b, []byte(s)) {
			return len(s)
		}
	}
	return 0
}

// unfinished is how many bytes at the end of b may be the beginning of a
// character or of a style.
func (w *Writer) unfinished(b []byte) int {
	if i := bytes.LastIndexByte(b, '\x1b'); i >= 0 && w.styled(b[i:]) == 0 {
		for _, s := range w.styles {
			if bytes.HasPrefix([]byte(s), b[i:]) {
				return len(b) - i
			}
		}
	}
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if tail := b[len(b)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return n
			}
			break
		}
	}
	return 0
}

// JSON returns a writer for a JSON document: in it, what acts is written as
// \u009b, which means the same.
func JSON(to io.Writer) io.Writer { return jsonWriter{to} }

type jsonWriter struct{ to io.Writer }

// Write takes whole characters, as encoding/json writes them. Controls below
// U+0020 are escaped by then; what is left of them are ends of lines.
func (w jsonWriter) Write(b []byte) (int, error) {
	out := make([]byte, 0, len(b))
	for rest := b; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		if r >= 0x7f && Acts(r) {
			const hex = "0123456789abcdef"
			out = append(out, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		} else {
			out = append(out, rest[:size]...)
		}
		rest = rest[size:]
	}
	if _, err := w.to.Write(out); err != nil {
		return 0, err
	}
	return len(b), nil
}
