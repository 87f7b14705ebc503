package records

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest texts that are carried over from a record, in runes.
const (
	maxTitle = 120
	maxName  = 60
)

// clean makes text from a record fit to be shown: on one line, without control
// or format characters (which could move a terminal's cursor or turn the
// direction of writing), and not longer than limit runes.
func clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsGraphic(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)
	return strings.TrimSpace(string(runes[:limit-1])) + "…"
}

// quoted writes text from outside for a message.
func quoted(s string) string { return strconv.Quote(clean(s, 60)) }

// slug makes a name that the model language allows: letters of any script in
// lower case and digits, and `-`, `_` and `.` between them. It is empty where
// nothing of s is left.
func slug(s string) string {
	var b strings.Builder
	gap := false
	n := 0
	for _, r := range strings.ToLower(s) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), n > 0 && (unicode.IsMark(r) || r == '_' || r == '.'):
			if gap {
				b.WriteByte('-')
				n++
			}
			gap = false
			b.WriteRune(r)
			n++
		default:
			gap = n > 0
		}
		if n >= maxName {
			break
		}
	}
	return strings.TrimRight(b.String(), "-_.")
}

// key returns what is the same for two spellings of one cause.
func key(s string) string { return strings.ToLower(clean(s, maxCell)) }

// scalar writes text as a YAML scalar on one line, plain where nothing in it
// could be read as anything but text.
func scalar(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r == '"' || r == '\\' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}

// plain reports whether s may stand in YAML without quotes: it starts with a
// letter and ends with something visible, holds only letters, digits, spaces
// and a few harmless signs, and is none of the words that mean something else.
func plain(s string) bool {
	switch strings.ToLower(s) {
	case "", "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return false
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r):
		case i == 0:
			return false
		case r >= '0' && r <= '9', strings.ContainsRune(" -_./()+'", r), unicode.IsMark(r):
		default:
			return false
		}
	}
	return !strings.HasSuffix(s, " ")
}

// percent writes a share with at most digits significant digits.
func percent(share float64, digits int) string {
	if share <= 0 {
		return "0%"
	}
	x := share * 100
	scale := math.Pow(10, float64(digits)-1-math.Floor(math.Log10(x)))
	return strconv.FormatFloat(math.Round(x*scale)/scale, 'f', -1, 64) + "%"
}

// count writes a number of things: `1 incident`, `3 incidents`.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// list joins at most limit of the words.
func list(words []string, limit int) string {
	if len(words) <= limit {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:limit], ", "), len(words)-limit)
}

func itoa(n int) string { return strconv.Itoa(n) }
