package page

import (
	"io"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
)

// Markdown writes a page for a wiki: the same words and tables, and for each
// picture what it shows, with its numbers folded away. It returns the error of
// w.
func Markdown(w io.Writer, d *document.Document, l Language) error {
	return markdown.Write(w, d, markdown.Options{Level: 2, Numbers: l.Say("page.data")})
}
