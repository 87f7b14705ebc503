// Package say puts results into words, in a language: numbers as people count
// them ("about 7 months in 12", "3h10m", "39 million KRW") and the sentences in
// which they stand. Everything that people read is said here once, so that a
// text, a page and a server say the same of the same numbers.
//
// A language is a catalogue of texts with {names} in them, and a few rules of
// how it writes numbers. {name|one|many} is the first word where the value of the
// name is 1, and else the second. A sentence that is made in several ways has a key for
// each; the code chooses the key, and the catalogue the words. Names and titles
// of a model are as they were written.
package say

import (
	"maps"
	"slices"
	"strings"

	"tightrope/internal/model"
)

// A Language says things.
type Language struct {
	Code  string // as in HTML: "en"
	words map[string]string
	// spaced spans of time are written for who does not know units of one letter:
	// "5 min 15 s".
	spaced  bool
	byTitle bool         // things are called by their titles in English too
	model   *model.Model // of which it speaks; nil is none that is known
}

// ByTitle is the language for who does not know the names of the model: it calls things
// by their titles, in English too.
func (l Language) ByTitle() Language {
	l.byTitle = true
	return l
}

// byName reports whether things are called by the names that they have in the model.
func (l Language) byName() bool { return l.Code == "en" && !l.byTitle }

// Spaced is the language with spans of time written for people outside the trade:
// "5 min 15 s" where it else says "5m15s".
func (l Language) Spaced() Language {
	l.spaced = true
	return l
}

// English is the language that all words are there in.
func English() Language { return Language{Code: "en", words: english} }

// Korean has them too.
func Korean() Language { return Language{Code: "ko", words: korean} }

// Codes lists the codes of all languages.
func Codes() []string { return []string{"en", "ko"} }

// Of returns the language of a code; ok is false where there is none.
func Of(code string) (l Language, ok bool) {
	switch code {
	case "en":
		return English(), true
	case "ko":
		return Korean(), true
	}
	return Language{}, false
}

// Say returns the text of a key, with the values of its names put in, which are
// given in pairs. A key that is missing is said as it is; a test holds that none
// is.
func (l Language) Say(key string, pairs ...string) string {
	text, ok := l.words[key]
	if !ok {
		return "⟨" + key + "⟩"
	}
	if !strings.ContainsAny(text, "{(") {
		return text
	}
	return l.fill(text, pairs)
}

// fill puts values in the place of names. What a value has in braces is only
// text.
func (l Language) fill(text string, pairs []string) string {
	var b strings.Builder
	for text != "" {
		i := strings.IndexByte(text, '{')
		if i < 0 {
			i = len(text)
		}
		l.write(&b, text[:i])
		text = text[i:]
		j := strings.IndexByte(text, '}')
		if j < 0 {
			break
		}
		// {n|month|months} is a word that depends on n, and not n itself.
		name, words, chosen := strings.Cut(text[1:j], "|")
		value, ok := text[:j+1], false
		for k := 0; k+1 < len(pairs) && !ok; k += 2 {
			if pairs[k] == name {
				value, ok = pairs[k+1], true
			}
		}
		if chosen {
			one, many, _ := strings.Cut(words, "|")
			if value != "1" {
				one = many
			}
			value = one
		}
		b.WriteString(value)
		text = text[j+1:]
	}
	b.WriteString(text)
	return b.String()
}

// write adds a piece of the catalogue: in Korean its particles depend on what
// stands before them.
func (l Language) write(b *strings.Builder, text string) {
	if l.Code != "ko" || !strings.Contains(text, "(") {
		b.WriteString(text)
		return
	}
	particles(b, text)
}

// Has reports whether there is such a key.
func (l Language) Has(key string) bool { _, ok := l.words[key]; return ok }

// Glossary is what is explained. Its order is that of the words in its language.
func Glossary() []string {
	return []string{
		"acknowledge", "badtime", "budget", "chance", "change", "confidence", "detect", "incident", "layer", "objective", "outside",
		"page", "persondays", "prevent", "recover", "risk", "safetynet", "service", "target", "window",
	}
}

func merged(list ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range list {
		maps.Copy(all, m)
	}
	return all
}

// Keys lists the keys of all texts, in order.
func (l Language) Keys() []string { return slices.Sorted(maps.Keys(l.words)) }
