// Package safetext keeps text that others wrote (names, titles, sources, names of
// files) from doing anything but being read: it moves no cursor, rings no bell,
// sets no colour and does not turn the words around it.
package safetext

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Acts reports whether a character does something rather than being read: the
// controls C0, DEL and C1, and what sets the direction of writing.
func Acts(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// Line makes one line of s, without what acts; every space is a plain one.
func Line(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case Acts(r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// Visible writes out what acts (\x1b, \u202e), ends of lines too, and bytes that
// are no UTF-8 (\x9b): of a name of a file nothing may be lost.
func Visible(s string) string {
	return string(appendVisible(nil, []byte(s), func(r rune) bool { return Acts(r) }))
}

func appendVisible(to, from []byte, acts func(rune) bool) []byte {
	for len(from) > 0 {
		plain := 0 // characters that never act, of which most texts are
		for plain < len(from) && from[plain] >= ' ' && from[plain] < 0x7f {
			plain++
		}
		if plain > 0 {
			to, from = append(to, from[:plain]...), from[plain:]
			continue
		}
		r, size := utf8.DecodeRune(from)
		switch {
		case r == utf8.RuneError && size == 1:
			to = fmt.Appendf(to, `\x%02x`, from[0])
		case !acts(r):
			to = append(to, from[:size]...)
		case r < utf8.RuneSelf:
			to = fmt.Appendf(to, `\x%02x`, r)
		default:
			to = fmt.Appendf(to, `\u%04x`, r)
		}
		from = from[size:]
	}
	return to
}
