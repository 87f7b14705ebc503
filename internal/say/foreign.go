package say

import "strings"

// Marks around what is said in English within another language. They are of no
// script, so that nobody reads them where they are not looked for.
const (
	foreign = "\ue0e0"
	native  = "\ue0e1"
)

// Foreign marks a text as English within another language.
func Foreign(text string) string { return foreign + text + native }

// A Piece of a text, which may be foreign.
type Piece struct {
	Text    string
	Foreign bool
}

// Pieces divides a text by its marks, which are left out.
func Pieces(text string) []Piece {
	var out []Piece
	add := func(s string, is bool) {
		if s = Unmarked(s); s != "" {
			out = append(out, Piece{s, is})
		}
	}
	for {
		before, rest, ok := strings.Cut(text, foreign)
		add(before, false)
		if !ok {
			return out
		}
		said, after, _ := strings.Cut(rest, native)
		add(said, true)
		text = after
	}
}

// Unmarked is a text without its marks.
func Unmarked(text string) string { return strings.NewReplacer(foreign, "", native, "").Replace(text) }
