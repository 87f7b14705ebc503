package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/explain"
)

// WhyFormat is the name and version of the JSON document.
const WhyFormat = "tightrope.why/1"

// WhyText writes how a number came about, for a terminal. It returns the error of w.
func WhyText(w io.Writer, y *explain.Why, o ExplainOptions) error {
	return text.Write(w, Why(y), o.text())
}

// WhyMarkdown is WhyText for a wiki or a pull request.
func WhyMarkdown(w io.Writer, y *explain.Why) error {
	return markdown.Write(w, Why(y), markdown.Options{})
}

// WhyJSON is WhyText for machines, with numbers in full. It returns the error of w.
func WhyJSON(w io.Writer, y *explain.Why) error {
	return encode(w, "explanation", whyDocument{WhyFormat, y.Path, y.Value, y.Unit, whySteps(y.Steps), jsonWarnings(y.Warnings)})
}

type whyDocument struct {
	Format   string        `json:"format"`
	Path     string        `json:"path"`
	Value    float64       `json:"value"`
	Unit     explain.Unit  `json:"unit"`
	Steps    []jsonWhyStep `json:"steps"`
	Warnings []jsonWarning `json:"warnings"`
}

// jsonWhyStep is a step on the way to a number.
type jsonWhyStep struct {
	Code    explain.WhyCode `json:"code"`
	Says    string          `json:"says"`
	Value   float64         `json:"value"`
	Unit    explain.Unit    `json:"unit"`
	By      *float64        `json:"by"`
	Names   []string        `json:"names"`
	Written *string         `json:"written"`
	jsonPlace
}

func whySteps(steps []explain.WhyStep) []jsonWhyStep {
	out := make([]jsonWhyStep, 0, len(steps))
	for i := range steps {
		s := &steps[i]
		j := jsonWhyStep{s.Code, whySaid(s), s.Value, s.Unit, nil, list(s.Names), known(s.Text), placeJSON(s.Pos)}
		if s.By != 0 {
			j.By = &s.By
		}
		out = append(out, j)
	}
	return out
}

// Why says how a number came about, step by step.
func Why(y *explain.Why) *document.Document {
	out := &sheet{first: y.Path + " is nothing: no step leads to it."}
	if n := len(y.Steps); n > 0 {
		out.first = fmt.Sprintf("%s is %s.", y.Path, whyValue(&y.Steps[n-1]))
	}
	t := document.Table{Columns: []document.Column{{Head: "step"}, {Head: "comes to", Right: true}, {Head: "written"}}}
	for i := range y.Steps {
		s := &y.Steps[i]
		t.Add(whySaid(s), whyValue(s), written(s.Pos))
	}
	out.show("How it came about", "", &t)
	return out.document()
}

// whyValue says what a step comes to, with more digits than elsewhere, as it is to be
// followed.
func whyValue(s *explain.WhyStep) string {
	switch {
	case s.Unit == explain.PerYear:
		return factor(s.Value) + " a year"
	case s.Unit == explain.SecondsPerYear:
		return shareOf(s.Value) + " a year"
	case s.Unit == explain.Ratio && (s.Code == explain.Target || s.Code == explain.Confident):
		return percent(s.Value)
	case s.Unit == explain.Ratio:
		return factor(100*s.Value) + "%"
	case s.Code == explain.Allowed || s.Code == explain.Window:
		return precisely(s.Value)
	}
	return shareOf(s.Value)
}

func factor(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// whySaid says what a step does.
func whySaid(s *explain.WhyStep) string {
	name := listed(s.Names)
	switch s.Code {
	case explain.Written:
		if s.By > 0 {
			return fmt.Sprintf("× %s, as written: %s", factor(s.By), s.Text)
		}
		return "as written: " + s.Text
	case explain.Seen:
		return seenSaid(s)
	case explain.Range:
		if s.By > 0 {
			return fmt.Sprintf("× %s, the mean of what %s may be", factor(s.By), s.Text)
		}
		return fmt.Sprintf("the mean of what %s may be", s.Text)
	case explain.Changes:
		return fmt.Sprintf("%s happens so often: every %s", name, strings.TrimPrefix(s.Text, "every "))
	case explain.TimesUnit:
		return fmt.Sprintf("× %s: the rate is for one of %s units", s.Text, s.Text)
	case explain.TimesNets:
		if name == "" {
			return "× " + factor(s.By) + ", by the nets"
		}
		return fmt.Sprintf("× %s, by %s", factor(s.By), name)
	case explain.TimesCopy:
		return fmt.Sprintf("on each of %s copies of %s; what strikes all of them counts once", factor(s.By), name)
	case explain.Way:
		if name == "" {
			return "as written: " + s.Text
		}
		said := name + " takes " + s.Text
		if s.By < 1 {
			said += ", and does it in " + chance(s.By) + " of cases"
		}
		return said
	case explain.Answered:
		return name + " acknowledges after " + s.Text
	case explain.Stretched:
		return fmt.Sprintf("× %s, by the nets", factor(s.By))
	case explain.Combined:
		return "on average, all ways together"
	case explain.Sum:
		return "together"
	case explain.Fewer:
		return fmt.Sprintf("× %s: some users are reached later, or are back earlier", factor(s.By))
	case explain.TimesHit:
		return fmt.Sprintf("× %s of users whom it hits", share(s.By))
	case explain.Incidents:
		return fmt.Sprintf("incidents of %s (--why risks/%s/rate)", name, name)
	case explain.Each:
		return fmt.Sprintf("lost time of one, for all whom it hits by itself (--why risks/%s/bad-time)", name)
	case explain.Alone:
		return "what it does by itself, as far as users of the service feel it"
	case explain.Together:
		return "its part of what is lost while others are down too, each an equal one"
	case explain.NotOver:
		return "change-overs that it caused and that did not work"
	case explain.Over:
		return "waits for change-overs that it caused"
	case explain.Cause:
		return s.Names[0]
	case explain.Twice:
		return onceSaid
	case explain.Whole:
		return "mean lost time of " + name
	case explain.PartOf:
		return "the one in the other"
	case explain.Without:
		return "the same for the model without " + name
	case explain.Less:
		return "the difference"
	case explain.Target:
		return "target of " + name + ": " + s.Text
	case explain.Window:
		if !s.Pos.Known() {
			return "window: " + s.Text + ", where none is written"
		}
		return "window: " + s.Text
	case explain.Allowed:
		return "(1 − target) × window: the budget"
	case explain.Confident:
		if !s.Pos.Known() {
			return "confidence that is asked for, where none is written"
		}
		return "confidence that is asked for"
	case explain.Read:
		return "chance that lost time in a window stays within " + precisely(s.By) + ", read off its distribution"
	}
	return strings.ReplaceAll(string(s.Code), "-", " ")
}

// seenSaid says why incidents that were seen count as half an incident more.
func seenSaid(s *explain.WhyStep) string {
	span := s.Text
	if _, after, ok := strings.Cut(s.Text, " in "); ok {
		span = after
	}
	return fmt.Sprintf("%s, as it was seen, counts as %s in %s: half an incident more, as few incidents may be luck (Jeffreys)",
		s.Text, strconv.FormatFloat(s.By+0.5, 'g', -1, 64), span)
}

// stepsSaid are the steps from what is written to how often a risk happens that need
// a word: where one number becomes another.
func stepsSaid(steps []explain.WhyStep) (lines []string) {
	for i := range steps {
		switch s := &steps[i]; s.Code {
		case explain.Seen, explain.TimesNets, explain.TimesCopy:
			lines = append(lines, whySaid(s)+": "+whyValue(s))
		case explain.Range:
			if s.By == 0 {
				lines = append(lines, whySaid(s)+": "+whyValue(s))
			}
		}
	}
	return lines
}
