package report

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/safetext"
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
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	t := &text{newPage(o.Options)}
	t.simulation(simulationOf(r, o))
	return t.to(w)
}

// SimulationMarkdown writes what a simulation saw for a wiki or a pull request.
// It returns the error of w.
func SimulationMarkdown(w io.Writer, r *simulate.Result, o SimulationOptions) error {
	var m markdown
	m.simulation(simulationOf(r, o))
	_, err := w.Write(m.Bytes())
	return err
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

func (t *text) simulation(s *simulation) {
	var blocks []func()
	block := func(there bool, write func()) {
		if there {
			blocks = append(blocks, write)
		}
	}
	block(s.stopped() != "", func() { t.paragraph(amber, "", s.stopped()) })
	some := s.Years > 0
	block(some && len(s.scores) > 0, func() {
		t.paragraph(bold, "", s.scoreline())
		t.line()
		rows := s.scoreTable()
		rows.write(t.page, margin)
	})
	block(s.nets() != "" && len(s.whole) != 1, func() { t.paragraph(plain, "", "This is "+s.nets()+".") })
	for _, e := range s.whole {
		block(some, func() { t.simulated(s, e) })
	}
	block(some && len(s.compact) > 0, func() {
		rows := s.compactTable()
		t.line(t.paint(bold, s.compactTitle()))
		rows.write(t.page, margin)
	})
	block(some && len(s.whole) == 0 && len(s.Entries) > 0, func() {
		one := slices.Concat(s.scores, s.compact)[0].Service
		t.paragraph(plain, "", "To see one whole: tightrope simulate --service "+one)
	})
	block(some, func() { t.facts("", s.basis()) })
	for i, write := range blocks {
		if i > 0 {
			t.line()
		}
		write()
	}
}

// simulated shows one entry in full.
func (t *text) simulated(s *simulation, e *simulate.Entry) {
	t.emphasised(s.headline(e))
	if facts := s.findings(e); len(facts) > 0 {
		t.line()
		t.facts(margin, facts)
	}
	for _, part := range s.tables(e) {
		t.line()
		t.line(margin, t.paint(bold, safetext.Line(part.title)), t.paint(faint, "  ("+part.about+")"))
		part.table.write(t.page, margin)
	}
}

func (m *markdown) simulation(s *simulation) {
	if stopped := s.stopped(); stopped != "" {
		m.block("**" + escape(stopped) + "**")
	}
	if s.Years == 0 {
		return
	}
	if len(s.scores) > 0 {
		m.block("**" + escape(s.scoreline()) + "**")
		m.table(s.scoreTable())
	}
	if nets := s.nets(); nets != "" && len(s.whole) != 1 {
		m.block(escape("This is " + nets + "."))
	}
	for _, e := range s.whole {
		if len(s.whole) > 1 {
			m.block("### " + escape(simulatedLabel(e)))
		}
		verdict, more := s.headline(e)
		m.block(strings.TrimSpace("**" + escape(verdict) + "** " + escape(more)))
		if facts := s.findings(e); len(facts) > 0 {
			m.facts(facts)
		}
		for _, part := range s.tables(e) {
			m.block(escape(part.title) + " (" + escape(part.about) + "):")
			m.table(part.table)
		}
	}
	if len(s.compact) > 0 {
		m.folded(s.compactTitle(), func() { m.table(s.compactTable()) })
	}
	m.folded("What this stands on", func() { m.facts(s.basis()) })
}
