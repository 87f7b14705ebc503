package report

import (
	"io"
	"slices"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/safetext"
	"tightrope/internal/scenario"
)

// PlanOptions are the Options of a report on a plan.
type PlanOptions struct {
	Options
	Model *model.Model // whose plan it is
	Asked plan.Options // what was asked for
	Paths []string     // of the model, for the commands that are suggested; nil: not known
	plan.Beside
	Ended Ending
}

// An Ending is why a search ended before it was done.
type Ending int

// The endings.
const (
	Done     Ending = iota // it was done
	TimeIsUp               // its time was up
	Stopped                // it was interrupted
)

// PlanText writes a plan for a terminal. It returns the error of w.
func PlanText(w io.Writer, r *plan.Result, o PlanOptions) error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	t := &text{newPage(o.Options)}
	t.planSaid(planReportOf(r, o))
	return t.to(w)
}

// PlanMarkdown writes a plan for a wiki or a pull request. It returns the error
// of w.
func PlanMarkdown(w io.Writer, r *plan.Result, o PlanOptions) error {
	var m markdown
	m.planSaid(planReportOf(r, o))
	_, err := w.Write(m.Bytes())
	return err
}

// A planReport is a Result with what is needed to say it.
type planReport struct {
	*plan.Result
	o     PlanOptions
	money currency
}

func planReportOf(r *plan.Result, o PlanOptions) *planReport {
	return &planReport{Result: r, o: o, money: currency(o.Model.Currency.S)}
}

// closest is the plan that is shown: the best one or, where no set of nets does
// what is asked for, the one that comes closest. It may be nil.
func (p *planReport) closest() *plan.Plan {
	if p.Best != nil {
		return p.Best
	}
	return p.Reachable
}

// net returns a net of the model; one that is not there has only a name.
func (p *planReport) net(name string) *model.Net {
	if n := p.o.Model.Net(name); n != nil {
		return n
	}
	return &model.Net{Name: name}
}

// news are the nets of a plan that are to be built, and stays those that stand.
func (p *planReport) news(x *plan.Plan) (news, stays []string) {
	for _, name := range x.Nets {
		if p.net(name).Status == model.InPlace {
			stays = append(stays, name)
		} else {
			news = append(news, name)
		}
	}
	return news, stays
}

// window is the window of an objective as it was written, or in words.
func (p *planReport) window(k *plan.Kept) string {
	if p.o.Asked.Over != nil {
		return windowText(p.o.Asked.Over.Text)
	}
	if s := p.o.Model.Service(k.Service); s != nil {
		for _, o := range s.Objectives {
			if _, text, written := scenario.Window(o); o.Name == k.Objective && written {
				return windowText(text)
			}
		}
	}
	return "30d"
}

// keptLabel is what an objective is called.
func keptLabel(k *plan.Kept) string {
	return label(&forecast.Entry{Service: k.Service, Objective: &forecast.Objective{Name: k.Objective}})
}

// tightest is the objective of a plan that is kept least.
func tightest(x *plan.Plan) *plan.Kept {
	var least *plan.Kept
	for i := range x.Objectives {
		if k := &x.Objectives[i]; least == nil || k.Met < least.Met {
			least = k
		}
	}
	return least
}

// A chapter of a report on a plan: a heading, a table and words below it.
type chapter struct {
	title  string
	about  string // beside the heading
	table  table
	after  string // below the table
	folded bool   // details, where a format can hide them
}

func (p *planReport) chapters(o shape) []chapter {
	all := []chapter{
		p.bought(), p.kept(), p.roadmap(), p.nines(), p.frontier(o), p.breakEven(), p.load(),
	}
	return slices.DeleteFunc(all, func(c chapter) bool { return len(c.table.rows) == 0 && c.after == "" })
}

// A shape is how much room there is.
type shape struct {
	width int // cells of a line
	bar   int // cells of a bar
}

func (t *text) planSaid(p *planReport) {
	verdict, more := p.verdict()
	t.emphasised(verdict, more)
	if facts := p.facts(); len(facts) > 0 {
		t.line()
		t.facts(margin, facts)
	}
	for _, c := range p.chapters(shape{width: t.width, bar: 6}) {
		t.line()
		t.chapter(c)
	}
	if facts := p.basis(); len(facts) > 0 {
		t.line()
		t.facts("", facts)
	}
}

func (t *text) chapter(c chapter) {
	about := ""
	if c.about != "" {
		about = "  (" + c.about + ")"
	}
	if t.cells.StringWidth(c.title+about) > t.width {
		t.paragraph(bold, "", c.title)
		t.paragraph(faint, margin, c.about)
	} else {
		t.line(t.paint(bold, safetext.Line(c.title)), t.paint(faint, safetext.Line(about)))
	}
	if len(c.table.rows) > 0 {
		c.table.write(t.page, margin)
	}
	if c.after != "" {
		t.paragraph(plain, margin, c.after)
	}
}

func (m *markdown) planSaid(p *planReport) {
	verdict, more := p.verdict()
	m.block(strings.TrimSpace("**" + escape(verdict) + "** " + escape(more)))
	if facts := p.facts(); len(facts) > 0 {
		m.facts(facts)
	}
	for _, c := range p.chapters(shape{width: 120, bar: markdownBar}) {
		title := c.title
		if c.about != "" {
			title += " (" + c.about + ")"
		}
		body := func() {
			if len(c.table.rows) > 0 {
				m.table(c.table)
			}
			if c.after != "" {
				m.block(escape(c.after))
			}
		}
		if c.folded {
			m.folded(title, body)
			continue
		}
		m.block("### " + escape(title))
		body()
	}
	if facts := p.basis(); len(facts) > 0 {
		m.folded("What this stands on", func() { m.facts(facts) })
	}
}
