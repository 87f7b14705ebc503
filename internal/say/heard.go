package say

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tightrope/internal/forecast"
)

// The engines say some things themselves, in English: what is to be known before
// a number is used, what was assumed, what an input is called. Another language
// recognises them by their texts, which the English catalogue repeats; what it
// does not recognise it marks as foreign.

// A pattern is a text of the catalogue to be recognised.
type pattern struct {
	key   string
	names []string
	re    *regexp.Regexp
}

// patterns are those of englishEngines, the longest texts first, as they leave
// the least to names.
var patterns = func() []pattern {
	slot := regexp.MustCompile(`\{([a-z]+)\}`)
	type sized struct {
		pattern
		size int
	}
	var all []sized
	for key, text := range englishEngines() {
		if key == "heard.other" {
			continue
		}
		p := sized{pattern: pattern{key: key}, size: len(slot.ReplaceAllString(text, ""))}
		expr, at := "^", 0
		for _, m := range slot.FindAllStringSubmatchIndex(text, -1) {
			expr += regexp.QuoteMeta(text[at:m[0]]) + "(.+?)"
			p.names = append(p.names, text[m[2]:m[3]])
			at = m[1]
		}
		p.re = regexp.MustCompile(expr + regexp.QuoteMeta(text[at:]) + "$")
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b sized) int {
		if a.size != b.size {
			return b.size - a.size
		}
		return strings.Compare(a.key, b.key)
	})
	var out []pattern
	for _, p := range all {
		out = append(out, p.pattern)
	}
	return out
}()

// recognised finds the key of what an engine said, and what stands for its
// names.
func recognised(text string) (key string, pairs []string, ok bool) {
	for _, p := range patterns {
		m := p.re.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		for i, name := range p.names {
			pairs = append(pairs, name, m[i+1])
		}
		return p.key, pairs, true
	}
	return "", nil, false
}

// Heard says what an engine said. What is not recognised is said to be so, and
// stays in English, marked as Foreign.
func (l Language) Heard(text string) string {
	if l.Code == "en" {
		return text
	}
	key, pairs, ok := recognised(text)
	if !ok {
		return l.Say("heard.other", "text", Foreign(text))
	}
	for i := 0; i < len(pairs); i += 2 {
		v := &pairs[i+1]
		switch pairs[i] {
		case "time", "window":
			*v = l.Written(*v)
		case "error":
			if e, err := strconv.ParseFloat(*v, 64); err == nil {
				*v = strconv.FormatFloat(e, 'f', -1, 64)
			}
		case "status":
			*v = l.Say("net." + *v)
		case "clause", "what":
			*v = l.Heard(*v)
		case "group":
			*v = l.Members(*v)
		}
	}
	return l.Say(key, pairs...)
}

// Title is the title of a source: that of the model, which the engines may have
// added to.
func (l Language) Title(title string) string {
	if _, _, ok := recognised(title); l.Code == "en" || !ok || !strings.HasSuffix(title, " at once)") {
		return title
	}
	return l.Heard(title)
}

// Warnings are the warnings of a forecast, each once, with their places, but for
// those with one of the codes.
func (l Language) Warnings(r *forecast.Result, but ...string) []string {
	var lines []string
	said := map[forecast.Warning]bool{}
	take := func(list []forecast.Warning) {
		for _, w := range list {
			if !said[w] && !slices.Contains(but, w.Code) {
				said[w] = true
				lines = append(lines, Pointer(w.Pos)+l.Heard(w.Message))
			}
		}
	}
	take(r.Warnings)
	for _, e := range r.Entries {
		take(Told(e))
	}
	return lines
}

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
