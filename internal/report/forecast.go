package report

import (
	"io"
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/forecast"
)

// Text writes a forecast for a terminal: what a decision needs, or all of it. It returns the error of w.
func Text(w io.Writer, r *forecast.Result, o Options) error {
	if o.All {
		return text.Write(w, Forecast(r, o), o.text())
	}
	return writeBrief(w, o.text(), func(b brief) *document.Document { return forecastBrief(r, o, b) })
}

// Markdown writes a forecast for a wiki or a pull request. It returns the error
// of w.
func Markdown(w io.Writer, r *forecast.Result, o Options) error {
	return markdown.Write(w, Forecast(r, o), markdown.Options{})
}

// Forecast says which objectives can be kept, what could be promised and what
// spends the budgets.
func Forecast(r *forecast.Result, o Options) *document.Document {
	d := forecastWhole(r, outlineOf(r, o.Whole))
	if o.Check != nil {
		d.Sections = append(d.Sections, comparison(o.Check)...)
	}
	return d
}

// forecastWhole says all that there is to say.
func forecastWhole(r *forecast.Result, o outline) *document.Document {
	d := &document.Document{}
	add := func(s document.Section) { d.Sections = append(d.Sections, s) }
	if len(o.scores) > 0 {
		rows := scoreTable(o)
		d.Blocks = append(d.Blocks, document.Block{Headline: &document.Headline{Text: scoreline(o)}}, document.Block{Table: &rows})
	}
	if nets := taken(r); nets != "" && len(o.whole) != 1 {
		add(document.Section{Blocks: []document.Block{{Text: "This is " + nets + "."}}})
	}
	for _, e := range o.whole {
		add(entrySection(r, e, o))
	}
	if len(o.compact) > 0 {
		rows := compactTable(o)
		add(document.Section{Title: compactTitle(o), Kind: document.Folded, Blocks: []document.Block{{Table: &rows}}})
	}
	if len(o.whole) == 0 && len(r.Entries) > 0 {
		one := slices.Concat(o.scores, o.compact)[0].Service
		add(document.Section{Blocks: []document.Block{{Text: "To see one whole: tightrope forecast --service " + one}}})
	}
	if len(o.shared) > 0 {
		add(document.Section{Blocks: []document.Block{{Facts: warnings(o.shared)}}})
	}
	return d
}

// entrySection shows one entry in full. Where there are several it has a title.
func entrySection(r *forecast.Result, e *forecast.Entry, o outline) document.Section {
	s := document.Section{}
	if len(o.whole) > 1 {
		s.Title, s.Said = label(e), true
	}
	s.Add(document.Block{Headline: headlineOf(headline(e))}, document.Block{Facts: findings(r, e, o, whole)})
	if len(e.Sources) > 0 {
		s.Add(document.Block{Table: causes(e, sourceRows)})
	}
	for _, t := range []*document.Table{forecastTables().Compare(e), forecastTables().Providers(e)} {
		if t != nil {
			s.Sections = append(s.Sections, folded(t))
		}
	}
	if facts := basis(e, o); len(facts) > 0 {
		s.Sections = append(s.Sections, basisSection(facts))
	}
	return s
}

// headlineOf is a sentence and what follows it.
func headlineOf(first, more string) *document.Headline {
	return &document.Headline{Text: first, More: more}
}

// folded is a table that stands behind its title, where a format can do that.
func folded(t *document.Table) document.Section {
	title := t.Title
	t.Title = ""
	return document.Section{Title: title, Kind: document.Folded, Blocks: []document.Block{{Table: t}}}
}

// basisSection is what an answer stands on.
func basisSection(facts []document.Fact) document.Section {
	return document.Section{Title: "What this stands on", Kind: document.Folded, Blocks: []document.Block{{Facts: facts}}}
}
