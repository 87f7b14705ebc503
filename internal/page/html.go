package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strings"

	"tightrope/internal/chart"
)

//go:embed page.tmpl
var pageTemplate string

//go:embed page.css
var pageStyle string

// stylesheet is the one that a page has: that of its pictures, and its own.
func stylesheet() string { return chart.Stylesheet + pageStyle }

// policy allows nothing but the one stylesheet: no script, no picture, font or
// request of any kind, and no frame.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// HTML writes a page as one file that needs nothing else. It returns the error
// of w.
func HTML(w io.Writer, d *Document, l Language) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"say": func(key string) string { return l.Say(key) },
		// Pictures escape what they write themselves.
		"svg":   func(p any) template.HTML { return drawn(p) },
		"sign":  signOf,
		"short": func(s string) bool { return len(s) <= 12 },
	}).Parse(pageTemplate)
	if err != nil {
		return err
	}
	style := stylesheet()
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
