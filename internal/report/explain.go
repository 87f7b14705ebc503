package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"tightrope/internal/explain"
	"tightrope/internal/model"
	"tightrope/internal/safetext"
	"tightrope/internal/say"
)

// ExplainOptions are the Options of an explanation.
type ExplainOptions struct {
	Options
	Currency      string      // of the model; empty: none is written
	Today         *model.Date // what reviews and terms were held against; nil: they were not
	With, Without []string    // nets that were added and taken away for it
}

// ExplainText writes an explanation for a terminal. It returns the error of w.
func ExplainText(w io.Writer, r *explain.Result, o ExplainOptions) error {
	return sheetOf(r, o).text(w, o.Options)
}

// ExplainMarkdown writes an explanation for a wiki or a pull request. It returns
// the error of w.
func ExplainMarkdown(w io.Writer, r *explain.Result, o ExplainOptions) error {
	return sheetOf(r, o).markdown(w)
}

// A sheet is a report that is the same in every format for people: a sentence,
// and parts below it.
type sheet struct {
	first, rest string // of the sentence; first stands out
	parts       []sheetPart
}

// A sheetPart is facts or a table.
type sheetPart struct {
	title, about string // of a table; about says what its numbers are
	facts        []fact
	table        *table
	draw         func(t *table, spare int) // draws bars into the room that is left; nil: there are none
	folded       bool                      // in Markdown
}

// tell adds facts, if there are any.
func (s *sheet) tell(facts []fact) {
	if len(facts) > 0 {
		s.parts = append(s.parts, sheetPart{facts: facts})
	}
}

// show adds a table, if it has rows.
func (s *sheet) show(title, about string, t table) *sheetPart {
	if len(t.rows) == 0 {
		return &sheetPart{}
	}
	s.parts = append(s.parts, sheetPart{title: title, about: about, table: &t})
	return &s.parts[len(s.parts)-1]
}

func (s *sheet) text(w io.Writer, o Options) error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	p := newPage(o)
	p.emphasised(s.first, s.rest)
	for _, part := range s.parts {
		p.line()
		if part.table == nil {
			p.facts(margin, part.facts)
			continue
		}
		p.heading(part.title, part.about)
		if part.draw != nil {
			part.draw(part.table, min(max(part.table.spare(p, margin)-1, leastBar), mostBar))
		}
		part.table.write(p, margin)
	}
	return p.to(w)
}

// heading writes the title of a table, and what its numbers are beside or below
// it.
func (p *page) heading(title, about string) {
	title = safetext.Line(title)
	if about != "" {
		about = "(" + about + ")"
	}
	if p.cells.StringWidth(margin+title+margin+about) <= p.width {
		if about != "" {
			about = margin + p.paint(faint, about)
		}
		p.line(margin, p.paint(bold, title), about)
		return
	}
	p.paragraph(bold, margin, title)
	if about != "" {
		p.paragraph(faint, margin, about)
	}
}

func (s *sheet) markdown(w io.Writer) error {
	var m markdown
	m.block(strings.TrimSpace("**" + escape(s.first) + "** " + escape(s.rest)))
	for _, part := range s.parts {
		title := part.title
		if part.about != "" {
			title += " (" + part.about + ")"
		}
		switch {
		case part.table == nil:
			m.facts(part.facts)
			continue
		case part.draw != nil:
			part.draw(part.table, markdownBar)
		}
		if part.folded {
			m.folded(title, func() { m.table(*part.table) })
			continue
		}
		m.block(escape(title) + ":")
		m.table(*part.table)
	}
	_, err := w.Write(m.Bytes())
	return err
}

func sheetOf(r *explain.Result, o ExplainOptions) *sheet {
	var s *sheet
	switch {
	case r.Risk != nil:
		s = riskSheet(r.Risk, o)
	case r.Net != nil:
		s = netSheet(r.Net, o)
	default:
		s = serviceSheet(r.Service, o)
	}
	s.tell(warnings(r.Warnings))
	return s
}

// factList collects facts.
type factList []fact

// say adds what is not empty.
func (l *factList) say(key string, lines ...string) {
	var said []string
	for _, line := range lines {
		if line != "" {
			said = append(said, line)
		}
	}
	if len(said) > 0 {
		*l = append(*l, fact{key: key, lines: said})
	}
}

// mark adds a line that begins with a sign.
func (l *factList) mark(key, sign string, st style, line string) {
	*l = append(*l, fact{key: key, lines: []string{line}, sign: sign, style: st})
}

// withNets says which nets were added and taken away.
func (o ExplainOptions) withNets() string {
	var parts []string
	if len(o.With) > 0 {
		parts = append(parts, "as if these safety nets stood: "+listed(o.With))
	}
	if len(o.Without) > 0 {
		parts = append(parts, "as if these did not stand: "+listed(o.Without))
	}
	return strings.Join(parts, "; ")
}

// ownTitle is a title that says more than the name, or nothing.
func ownTitle(title, name string) string {
	if strings.EqualFold(say.Spaced.Replace(title), say.Spaced.Replace(name)) {
		return ""
	}
	return title
}

// joined joins what is not empty.
func joined(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

// written is where something stands in the model.
func written(p model.Pos) string {
	if !p.Known() {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// timesAYear says how often something happens: "2 times a year", "once in 9.2
// years".
func timesAYear(n float64) string {
	switch {
	case !(n > 0):
		return "never"
	case n >= 0.95 && n < 1.05:
		return "once a year"
	case n >= 0.95:
		return digits(n) + " times a year"
	case 1/n >= 2:
		return "once in " + digits(1/n) + " years"
	}
	return "once in " + about(model.Year/n)
}

// ofBudget says which part of a budget is spent: "388% of the budget", "34× the
// budget".
func ofBudget(v float64) string {
	if said := share(v); strings.HasSuffix(said, "×") {
		return said + " the budget"
	}
	return share(v) + " of the budget"
}

// fromTo says a number before and after, or once where both read the same.
func fromTo(before, after string) string {
	if before == after {
		return before
	}
	return before + " → " + after
}

// numberWord says a small number as a word at the beginning of a sentence.
func numberWord(n int) string {
	words := []string{"None", "One", "Two", "Three", "Four", "Five", "Six"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

// windowSaid says a length of time that somebody wrote down, in seconds: whole
// years or weeks where it is some.
func windowSaid(s float64) string {
	for _, unit := range []struct {
		length float64
		name   string
	}{{model.Year, "y"}, {model.Week, "w"}} {
		if n := s / unit.length; n >= 1 && math.Abs(n-math.Round(n)) < 1e-9 {
			return fmt.Sprintf("%.0f%s", n, unit.name)
		}
	}
	return precisely(s)
}
