package page

import "tightrope/internal/say"

// A Language says the words of a page.
type Language = say.Language

// English is the language that all words are there in. Spans of time have spaces
// in them: who reads a page does not know that m is a minute.
func English() Language { return say.English().Spaced() }

// Korean has them too.
func Korean() Language { return say.Korean() }

// LanguageOf returns the language of a code, such as "en" or "ko"; ok is false
// where there is none.
func LanguageOf(code string) (l Language, ok bool) {
	l, ok = say.Of(code)
	return l.Spaced(), ok
}
