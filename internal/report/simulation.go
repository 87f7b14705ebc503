package report

import (
	"fmt"
	"io"
	"slices"
	"sort"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
	"tightrope/internal/simulate"
)

// SimulationOptions are the Options of a report on a simulation.
type SimulationOptions struct {
	Options
	Currency string // of the model; empty: none is written
}

// SimulationText writes what a simulation saw for a terminal. It returns the
// error of w.
func SimulationText(w io.Writer, r *simulate.Result, o SimulationOptions) error {
	return text.Write(w, Simulation(r, o), o.text())
}

// SimulationMarkdown writes what a simulation saw for a wiki or a pull request.
// It returns the error of w.
func SimulationMarkdown(w io.Writer, r *simulate.Result, o SimulationOptions) error {
	return markdown.Write(w, Simulation(r, o), markdown.Options{})
}

// A simulation is a Result and which of its entries are shown, and how.
type simulation struct {
	*simulate.Result
	currency string
	promised []*simulate.Entry // with an objective, in file order
	whole    []*simulate.Entry // shown in full
	scores   []*simulate.Entry // one line each, worst first
	compact  []*simulate.Entry // one row each without an objective, worst first
}

func simulationOf(r *simulate.Result, o SimulationOptions) *simulation {
	s := &simulation{Result: r, currency: o.Currency}
	var others []*simulate.Entry
	for _, e := range r.Entries {
		if e.Objective != nil {
			s.promised = append(s.promised, e)
		} else {
			others = append(others, e)
		}
	}
	switch {
	case o.Whole:
		s.whole = r.Entries
	case len(s.promised) == 0 && len(others) <= wholeEntries:
		s.whole = others
	case len(s.promised) <= wholeEntries:
		s.whole, s.compact = s.promised, others
	default:
		s.compact = others
	}
	if len(s.promised) > 1 {
		s.scores = slices.Clone(s.promised)
		sort.SliceStable(s.scores, func(i, j int) bool { return s.strain(s.scores[i]) > s.strain(s.scores[j]) })
	}
	s.compact = slices.Clone(s.compact)
	sort.SliceStable(s.compact, func(i, j int) bool {
		return s.compact[i].BadShare.Value > s.compact[j].BadShare.Value
	})
	return s
}

// A standard is how a promise stands after what was seen.
type standard int

const (
	isUnknown   standard = iota // nothing is known of how the service fails
	isKept                      // missed no more often than it may be
	isBroken                    // missed more often
	isUndecided                 // the interval holds both
)

// standard holds an entry with an objective against what was seen.
func (s *simulation) standard(e *simulate.Entry) standard {
	may := 1 - e.Objective.Confidence
	switch {
	case s.unknown(e) || e.Miss == nil || e.Windows == 0:
		return isUnknown
	case e.Miss.High <= may || e.Miss.Low == e.Miss.High && e.Miss.Value <= may:
		return isKept
	case e.Miss.Low > may:
		return isBroken
	}
	return isUndecided
}

// strain is how many times more often a promise is missed than it may be.
func (s *simulation) strain(e *simulate.Entry) float64 {
	if s.standard(e) == isUnknown {
		return 1
	}
	return e.Miss.Value / (1 - e.Objective.Confidence)
}

// unknown reports whether the model says nothing of how the service of an entry
// fails, so that a quiet simulation is no praise.
func (s *simulation) unknown(e *simulate.Entry) bool {
	return e.Worst == 0 && slices.ContainsFunc(s.Warnings, func(w scenario.Warning) bool {
		return w.Code == say.CodeUnknown && w.Of == scenario.ServiceID(e.Service)
	})
}

// stopped is what comes first where fewer years were simulated than asked for.
func (s *simulation) stopped() string {
	switch {
	case s.Years >= s.Asked:
		return ""
	case s.Years == 0:
		return fmt.Sprintf("Stopped before the first of %s years was over: nothing is known yet.", grouped(float64(s.Asked)))
	}
	return fmt.Sprintf("Stopped after %s of %s years; what was seen so far:", grouped(float64(s.Years)), grouped(float64(s.Asked)))
}

// years says how many were simulated: "over 10,000 simulated years".
func (s *simulation) years() string {
	return "over " + counted(s.Years, "simulated year", "simulated years")
}

// nets says which safety nets were added and taken away.
func (s *simulation) nets() string { return taken(&forecast.Result{With: s.With, Without: s.Without}) }

// Simulation says how often promises were kept in simulated years, and how bad it
// got.
func Simulation(r *simulate.Result, o SimulationOptions) *document.Document {
	s := simulationOf(r, o)
	d := &document.Document{}
	add := func(x document.Section) { d.Sections = append(d.Sections, x) }
	if stopped := s.stopped(); stopped != "" {
		add(document.Section{Blocks: []document.Block{{Headline: &document.Headline{Tone: document.Warn, Text: stopped}}}})
	}
	if s.Years == 0 {
		return d
	}
	if len(s.scores) > 0 {
		rows := s.scoreTable()
		add(document.Section{Blocks: []document.Block{{Headline: &document.Headline{Text: s.scoreline()}}, {Table: &rows}}})
	}
	if nets := s.nets(); nets != "" && len(s.whole) != 1 {
		add(document.Section{Blocks: []document.Block{{Text: "This is " + nets + "."}}})
	}
	for _, e := range s.whole {
		add(s.entry(e))
	}
	if len(s.compact) > 0 {
		rows := s.compactTable()
		rows.Title = s.compactTitle()
		add(folded(&rows))
	}
	if len(s.whole) == 0 && len(s.Entries) > 0 {
		one := slices.Concat(s.scores, s.compact)[0].Service
		add(document.Section{Blocks: []document.Block{{Text: "To see one whole: tightrope simulate --service " + one}}})
	}
	add(basisSection(s.basis()))
	return d
}

// entry shows one entry in full.
func (s *simulation) entry(e *simulate.Entry) document.Section {
	out := document.Section{}
	if len(s.whole) > 1 {
		out.Title, out.Said = simulatedLabel(e), true
	}
	out.Add(document.Block{Headline: headlineOf(s.headline(e))})
	if facts := s.findings(e); len(facts) > 0 {
		out.Add(document.Block{Facts: facts})
	}
	for _, t := range s.tables(e) {
		out.Add(document.Block{Table: &t})
	}
	return out
}
