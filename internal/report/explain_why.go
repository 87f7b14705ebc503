package report

import (
	"io"
	"math"
	"strconv"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/explain"
	"tightrope/internal/say"
)

// WhyFormat is the name and version of the JSON document.
const WhyFormat = "tightrope.why/1"

// WhyText writes how a number came about, for a terminal. It returns the error of w.
func WhyText(w io.Writer, y *explain.Why, o ExplainOptions) error {
	return text.Write(w, Why(y, english(), nil), o.text())
}

// WhyMarkdown is WhyText for a wiki or a pull request.
func WhyMarkdown(w io.Writer, y *explain.Why) error {
	return markdown.Write(w, Why(y, english(), nil), markdown.Options{})
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
		j := jsonWhyStep{s.Code, whySaid(english(), s), s.Value, s.Unit, nil, list(s.Names), known(s.Text), placeJSON(s.Pos)}
		if s.By != 0 {
			j.By = &s.By
		}
		out = append(out, j)
	}
	return out
}

// Why says how a number came about, step by step, in a language. Where a step is a
// number that came about itself, to makes a link of its path; nil: the step says
// with which option of the command it is asked for.
func Why(y *explain.Why, l say.Language, to func(path string) string) *document.Document {
	out := &sheet{first: l.Say("how.none", "path", y.Path)}
	if n := len(y.Steps); n > 0 {
		out.first = l.Say("how.is", "path", y.Path, "value", whyValue(l, &y.Steps[n-1]))
	}
	t := document.Table{Columns: []document.Column{{Head: l.Say("how.step")}, {Head: l.Say("how.value"), Right: true}, {Head: l.Say("how.place")}}}
	for i := range y.Steps {
		s := &y.Steps[i]
		path := whyPath(s)
		if path == "" || to == nil {
			t.Add(whySaid(l, s), whyValue(l, s), written(s.Pos))
			continue
		}
		row := t.Add(whyStep(l, s), whyValue(l, s), written(s.Pos))
		row.Link, row.Outer = to(path), true
	}
	out.show(l.Say("how.title"), "", &t)
	return out.document()
}

// whyValue says what a step comes to, with more digits than elsewhere, as it is to be
// followed.
func whyValue(l say.Language, s *explain.WhyStep) string {
	length := l.Around(math.Abs(s.Value))
	if s.Value < 0 {
		length = "−" + length
	}
	switch {
	case s.Unit == explain.PerYear:
		return l.Say("how.timesayear", "n", factor(s.Value))
	case s.Unit == explain.SecondsPerYear:
		return l.Say("how.ayear", "n", length)
	case s.Unit == explain.Ratio && (s.Code == explain.Target || s.Code == explain.Confident):
		return percent(s.Value)
	case s.Unit == explain.Ratio:
		return factor(100*s.Value) + "%"
	case s.Code == explain.Allowed || s.Code == explain.Window:
		return l.Exact(s.Value)
	}
	return length
}

func factor(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// whyPath is the path of a step that is a number which came about itself.
func whyPath(s *explain.WhyStep) string {
	switch s.Code {
	case explain.Incidents:
		return "risks/" + s.Names[0] + "/rate"
	case explain.Each:
		return "risks/" + s.Names[0] + "/bad-time"
	}
	return ""
}

// whySaid says what a step does, and how to ask for what is a number of its own.
func whySaid(l say.Language, s *explain.WhyStep) string {
	said := whyStep(l, s)
	if path := whyPath(s); path != "" {
		said += " (--why " + path + ")"
	}
	return said
}

// whyStep says what a step does.
func whyStep(l say.Language, s *explain.WhyStep) string {
	var names []string
	for _, n := range s.Names {
		names = append(names, l.AnyName(n))
	}
	key, by, name := "how."+string(s.Code), factor(s.By), l.Listed(names)
	pairs := []string{"text", s.Text, "by", by, "name", name}
	with := func(more ...string) { pairs = append(pairs, more...) }
	switch s.Code {
	case explain.Written, explain.Range:
		if s.By > 0 {
			key += ".by"
		}
	case explain.Seen:
		with("count", strconv.FormatFloat(s.By+0.5, 'g', -1, 64), "span", seenSpan(s))
	case explain.Changes:
		with("every", strings.TrimPrefix(s.Text, "every "))
	case explain.TimesUnit:
		with("n", s.Text)
	case explain.TimesNets:
		if name != "" {
			key += ".by"
		}
	case explain.TimesCopy:
		with("n", by)
	case explain.Way:
		if name == "" {
			key = "how.written"
		} else if s.By < 1 {
			key += ".some"
			with("chance", l.Likely(s.By))
		}
	case explain.Stretched:
		key = "how.nets"
	case explain.TimesHit:
		with("share", l.Part(s.By))
	case explain.Cause:
		return names[0]
	case explain.Twice:
		key = "shares.once"
	case explain.Window, explain.Confident:
		if !s.Pos.Known() {
			key += ".none"
		}
	case explain.Read:
		with("allowed", l.Exact(s.By))
	}
	return l.Say(key, pairs...)
}

// seenSpan is in how long incidents were seen.
func seenSpan(s *explain.WhyStep) string {
	if _, after, ok := strings.Cut(s.Text, " in "); ok {
		return after
	}
	return s.Text
}

// stepsSaid are the steps from what is written to how often a risk happens that need
// a word: where one number becomes another.
func stepsSaid(steps []explain.WhyStep) (lines []string) {
	for i := range steps {
		switch s := &steps[i]; s.Code {
		case explain.Seen, explain.TimesNets, explain.TimesCopy:
			lines = append(lines, whySaid(english(), s)+": "+whyValue(english(), s))
		case explain.Range:
			if s.By == 0 {
				lines = append(lines, whySaid(english(), s)+": "+whyValue(english(), s))
			}
		}
	}
	return lines
}
