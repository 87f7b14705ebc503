package model

import (
	"strings"
	"unicode"
)

// Texts are a text for people: one that stands for all languages, or one for
// each. The zero Texts are not there.
type Texts struct {
	Pos     Pos
	Both    string // one text for all languages
	English Text   // else one for each, of which some may be missing
	Korean  Text
}

// One makes a text that stands for all languages.
func One(text string) Texts { return Texts{Both: text} }

// Each makes a text for each language.
func Each(english, korean string) Texts {
	return Texts{English: Text{S: english}, Korean: Text{S: korean}}
}

// In returns the text in the language of a code, such as "ko": else that in the
// other language, else nothing.
func (t Texts) In(lang string) string {
	switch {
	case t.Both != "":
		return t.Both
	case t.English.S == "" || lang == "ko" && t.Korean.S != "":
		return t.Korean.S
	}
	return t.English.S
}

// Has reports whether there is a text in a language: one that is written for it,
// or one for all of them in its script.
func (t Texts) Has(lang string) bool {
	switch {
	case lang == "ko":
		return t.Korean.S != "" || strings.ContainsFunc(t.Both, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
	case t.Both != "":
		return true
	}
	return t.English.S != ""
}

// Is reports whether there is a text.
func (t Texts) Is() bool { return t.Both != "" || t.English.S != "" || t.Korean.S != "" }

// Translated reports whether there is a text for each language.
func (t Texts) Translated() bool { return t.Both == "" && t.English.S != "" && t.Korean.S != "" }

// TextsKeys lists the languages of a text that is written in each.
func TextsKeys() []Key[Texts] { return textsKeys[:] }

var textsKeys = [...]Key[Texts]{
	{
		Name: "en", Doc: "the text in English",
		At: func(t *Texts) any { return &t.English }, Bears: Words,
		English: "in English", Korean: "영어",
	},
	{
		Name: "ko", Doc: "the text in Korean",
		At: func(t *Texts) any { return &t.Korean }, Bears: Words,
		English: "in Korean", Korean: "한국어",
	},
}
