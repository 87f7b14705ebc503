package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/explain"
	"tightrope/internal/model"
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
	return text.Write(w, Explain(r, o), o.text())
}

// ExplainMarkdown writes an explanation for a wiki or a pull request. It returns
// the error of w.
func ExplainMarkdown(w io.Writer, r *explain.Result, o ExplainOptions) error {
	return markdown.Write(w, Explain(r, o), markdown.Options{})
}

// Explain says what a risk, a net or a service does, and what stands in front of it.
func Explain(r *explain.Result, o ExplainOptions) *document.Document {
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
	return s.document()
}

// A sheet is a document that is made of a sentence, and of facts and tables below it.
type sheet struct {
	first, rest string // of the sentence; first stands out
	parts       []document.Section
}

// tell adds facts, if there are any.
func (s *sheet) tell(facts []document.Fact) {
	if len(facts) > 0 {
		s.parts = append(s.parts, document.Section{Blocks: []document.Block{{Facts: facts}}})
	}
}

// show adds a table, if it has rows.
func (s *sheet) show(title, about string, t *document.Table) {
	t.Title, t.About = title, about
	if len(t.Rows) > 0 {
		s.parts = append(s.parts, document.Section{Blocks: []document.Block{{Table: t}}})
	}
}

// fold adds a table that stands behind its title, if there is one.
func (s *sheet) fold(t *document.Table) {
	if t != nil {
		s.parts = append(s.parts, folded(t))
	}
}

// document is the sheet as one section, so that all stands below its sentence.
func (s *sheet) document() *document.Document {
	return &document.Document{Sections: []document.Section{{
		Blocks: []document.Block{{Headline: headlineOf(s.first, s.rest)}}, Sections: s.parts,
	}}}
}

// factList collects facts.
type factList []document.Fact

// say adds what is not empty.
func (l *factList) say(key string, lines ...string) {
	var said []string
	for _, line := range lines {
		if line != "" {
			said = append(said, line)
		}
	}
	if len(said) > 0 {
		*l = append(*l, document.Fact{Key: key, Lines: said})
	}
}

// mark adds a line that begins with a sign.
func (l *factList) mark(key, sign string, st document.Tone, line string) {
	*l = append(*l, document.Fact{Key: key, Lines: []string{line}, Sign: sign, Tone: st})
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
