package web

import (
	"fmt"
	"strings"
)

// A diffLine is a line of a unified diff.
type diffLine struct {
	Kind   string // add, del, head or same
	Text   string
	number int // of the line in the new file; 0: it is in none
}

// diffLines reads a unified diff.
func diffLines(diff string) []diffLine {
	var out []diffLine
	at := 0
	for text := range strings.SplitSeq(strings.TrimSuffix(diff, "\n"), "\n") {
		l := diffLine{Kind: "same", Text: text}
		switch {
		case text == "":
			continue
		case strings.HasPrefix(text, "diff "), strings.HasPrefix(text, "--- "), strings.HasPrefix(text, "+++ "):
			l.Kind = "head"
		case strings.HasPrefix(text, "@@"):
			l.Kind = "head"
			var a, b, c int
			if _, err := fmt.Sscanf(text, "@@ -%d,%d +%d", &a, &b, &c); err == nil {
				at = c
			}
		case text[0] == '+':
			l.Kind, l.number = "add", at
			at++
		case text[0] == '-':
			l.Kind = "del"
		default:
			l.number = at
			at++
		}
		out = append(out, l)
	}
	return out
}
