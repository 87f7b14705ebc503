// Package tables builds the tables of results, each in one place: what a text, a
// wiki, a page and a server show of it is the same table, with the same columns.
package tables

import (
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/model"
	"tightrope/internal/say"
)

// A Builder builds tables about a model, in a language that speaks of it.
type Builder struct {
	say.Language
	Model *model.Model
	// Titles: things are called by their titles, as in what managers read. Else they are
	// called by their names, by which commands ask for them, with the title below.
	Titles bool
	// Why makes a link to how the number at a path came about, as explain.WhyOf takes
	// it; optional: there is no such page.
	Why func(path string) string
}

// named is what something is called in the first cell of a row, and what stands below.
func (b Builder) named(title model.Texts, name string) (said, note string) {
	said = title.In(b.Code)
	switch {
	case b.Titles && said != "":
		return said, b.ByName(title, name)
	case strings.EqualFold(say.Spaced.Replace(said), say.Spaced.Replace(name)):
		return name, ""
	}
	return name, said
}

// net returns a net of the model; one that is not there has only a name.
func (b Builder) net(name string) *model.Net {
	if n := b.Model.Net(name); n != nil {
		return n
	}
	return &model.Net{Name: name}
}

// nets are what nets are called.
func (b Builder) nets(names []string) []string {
	var out []string
	for _, name := range names {
		said, _ := b.named(b.net(name).Title, name)
		out = append(out, said)
	}
	return out
}

// head is a column; right says that it holds numbers.
func head(text string, right bool) document.Column {
	return document.Column{Head: text, Right: right}
}

// yearly heads a column of amounts a year.
func (b Builder) yearly() string {
	c := b.Model.Currency.S
	switch {
	case c == "":
		return b.Say("table.yearly.none")
	case c == "KRW" && b.Code == "ko":
		c = "원"
	}
	return b.Say("table.yearly", "currency", c)
}

// amount says money without its currency, which the head of the column has.
func (b Builder) amount(v *float64) string {
	if v == nil {
		return b.Say("number.unknown")
	}
	return say.Figure(*v)
}

// marked sets a sign before a row.
func marked(r *document.Row, sign string, tone document.Tone) *document.Row {
	r.Cells[0].Sign, r.Cells[0].Tone = sign, tone
	return r
}
