package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"
	"unicode"

	"tightrope/internal/chart"
	"tightrope/internal/say"
)

//go:embed page.tmpl
var pageTemplate string

// Templates is the text of what a page is laid out with, for a page of another
// kind that holds some of it: "answer" takes an Answer, "section" a Section,
// "table" a Table, "figure" a Figure, "facts" a list of Fact and "text" a string. They need Funcs.
//
//go:embed parts.tmpl
var Templates string

//go:embed page.css
var pageStyle string

// Stylesheet is the one that a page has: that of its pictures, and its own.
func Stylesheet() string { return chart.Stylesheet + pageStyle }

// Funcs is what Templates call, in a language.
func Funcs(l Language) template.FuncMap {
	return template.FuncMap{
		"say": func(key string) string { return l.Say(key) },
		// Pictures escape what they write themselves.
		"svg":   drawn,
		"sign":  signOf,
		"short": func(s string) bool { return columns(s) <= short[l.Code] },
		// What is said in another language within a text.
		"pieces": func(s string) []say.Piece { return say.Pieces(l.Joined(s)) },
	}
}

// policy allows nothing but the one stylesheet: no script, no picture, font or
// request of any kind, and no frame.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// HTML writes a page as one file that needs nothing else. It returns the error
// of w.
func HTML(w io.Writer, d *Document, l Language) error {
	t, err := template.New("page").Funcs(Funcs(l)).Parse(pageTemplate + Templates)
	if err != nil {
		return err
	}
	style := Stylesheet()
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		*Document
		Policy string
		Style  template.CSS
	}{d, policy(style), template.CSS(style)})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, clean(strings.TrimSpace(b.String()))+"\n")
	return err
}

// short is up to how many columns a cell of a table is not broken: a date is
// longer in Korean.
var short = map[string]int{"en": 12, "ko": 16}

// columns is about how wide a text is: letters of the East take two.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 && unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

func drawn(p any) template.HTML {
	switch p := p.(type) {
	case chart.Picture:
		return template.HTML(p.SVG)
	case *chart.Picture:
		return template.HTML(p.SVG)
	}
	return ""
}

func signOf(s State) string {
	switch s {
	case Kept:
		return "✓"
	case Missed:
		return "✗"
	}
	return "?"
}
