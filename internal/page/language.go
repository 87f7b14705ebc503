package page

import "strings"

// A Language says things: by a key, text with {names} in it.
type Language struct {
	Code  string // as in HTML: "en"
	words map[string]string
}

// Say returns the text of a key, with the values of its names put in, which are
// given in pairs. A key that is missing is said as it is; a test holds that none
// is.
func (l Language) Say(key string, pairs ...string) string {
	text, ok := l.words[key]
	if !ok {
		return "⟨" + key + "⟩"
	}
	if len(pairs) == 0 {
		return text
	}
	replace := make([]string, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		replace[i], replace[i+1] = "{"+pairs[i]+"}", pairs[i+1]
	}
	return strings.NewReplacer(replace...).Replace(text)
}

// Has reports whether there is such a key.
func (l Language) Has(key string) bool { _, ok := l.words[key]; return ok }

// LanguageOf returns the language of a code, such as "en"; ok is false where
// there is none.
func LanguageOf(code string) (l Language, ok bool) {
	if code == "en" {
		return English(), true
	}
	return Language{}, false
}

// English is the language that all words are there in.
func English() Language { return Language{Code: "en", words: english()} }

// glossary is what the page explains. Its order on the page is that of the words
// in its language.
func glossary() []string {
	return []string{
		"acknowledge", "badtime", "budget", "chance", "change", "confidence", "detect", "incident", "layer", "objective", "outside",
		"page", "persondays", "prevent", "recover", "risk", "safetynet", "service", "target", "window",
	}
}
