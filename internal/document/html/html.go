// Package html writes a document as one page that needs nothing else, and its
// parts for pages of another kind.
package html

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"unicode"

	"tightrope/internal/chart"
	"tightrope/internal/document"
	"tightrope/internal/safetext"
	"tightrope/internal/say"
)

//go:embed document.tmpl
var whole string

// Templates is the text of what a page is laid out with, for a page of another
// kind that holds some of it: "headline" takes a Headline, "section" what At
// gives, "table" a Table, "figure" a Figure, "facts" a list of Fact and "text" a
// string. They need Funcs.
//
//go:embed parts.tmpl
var Templates string

//go:embed style.css
var style string

// Stylesheet is the one that a page has: that of its pictures, and its own.
func Stylesheet() string { return chart.Stylesheet + style }

// A placed section knows how large its title is.
type placed struct {
	*document.Section
	Level int // of its title: 2 below that of the page
}

// At places a section below a title of the level before.
func At(level int, s document.Section) any { return placed{&s, min(level, deepest)} }

// deepest is the smallest title that there is.
const deepest = 6

// Below places a section within another one.
func (p placed) Below(s document.Section) any { return At(p.Level+1, s) }

// Open and Close are the tags of the title. The text between them is escaped by
// the template.
func (p placed) Open() template.HTML {
	class := map[bool]string{true: ` class="within"`, false: ` class="about"`}[p.ID == ""]
	if p.Kind == document.Part {
		class = ""
	}
	return template.HTML(fmt.Sprintf("<h%d%s>", p.Level, class))
}

func (p placed) Close() template.HTML { return template.HTML(fmt.Sprintf("</h%d>", p.Level)) }

// Funcs is what Templates call, in a language.
func Funcs(l say.Language) template.FuncMap {
	return template.FuncMap{
		"say": func(key string) string { return l.Say(key) },
		"at":  At,
		// Pictures escape what they write themselves.
		"svg":   drawn,
		"short": func(s string) bool { return columns(s) <= short[l.Code] },
		"bar":   bar,
		"numbers": func(f *document.Figure) *document.Table {
			t := document.Numbers(f)
			if len(t.Rows) == 0 {
				return nil
			}
			t.Label += ": " + l.Say("page.data")
			return t
		},
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

// Write writes a document as one file that needs nothing else. It returns the
// error of w.
func Write(w io.Writer, d *document.Document, l say.Language) error {
	t, err := template.New("page").Funcs(Funcs(l)).Parse(whole + Templates)
	if err != nil {
		return err
	}
	style := Stylesheet()
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		*document.Document
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

// barWidth is how wide the column of bars is.
const barWidth = 120

// bar draws the parts of a bar, one behind the other. It says nothing that its
// row does not say too.
func bar(b *document.Bar) template.HTML {
	if b == nil {
		return ""
	}
	var out strings.Builder
	fmt.Fprintf(&out, `<svg class="bar" width="%d" height="12" viewBox="0 0 %d 12" aria-hidden="true">`, barWidth, barWidth)
	at := 0.0
	for i, p := range b.Parts {
		if math.IsNaN(p) || p <= 0 {
			continue
		}
		wide := math.Max(math.Min(p, 1-at)*barWidth, 1)
		fmt.Fprintf(&out, `<rect class="s%d" x="%.1f" width="%.1f" height="12"/>`, i+1, at*barWidth, wide)
		at = math.Min(1, at+p)
	}
	if b.Cut {
		fmt.Fprintf(&out, `<path class="cut" d="M%d 0l4 6l-4 6"/>`, barWidth-6)
	}
	out.WriteString("</svg>")
	return template.HTML(out.String())
}

// clean takes out what could turn a text around or ring a bell: names and titles
// come from files that others wrote. Marks of another language have been read by
// then.
func clean(s string) string {
	s = say.Unmarked(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case safetext.Acts(r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}
