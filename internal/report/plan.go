package report

import (
	"io"
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
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

// PlanText writes a plan for a terminal: what a decision needs, or all of it. It returns the error of w.
func PlanText(w io.Writer, r *plan.Result, o PlanOptions) error {
	if o.All {
		return text.Write(w, Plan(r, o), o.text())
	}
	return writeBrief(w, o.text(), func(b brief) *document.Document { return planBrief(r, o, b) })
}

// PlanMarkdown writes a plan for a wiki or a pull request. It returns the error
// of w.
func PlanMarkdown(w io.Writer, r *plan.Result, o PlanOptions) error {
	return markdown.Write(w, Plan(r, o), markdown.Options{})
}

// Plan says which safety nets to build, what that does, and what else there is to
// choose.
func Plan(r *plan.Result, o PlanOptions) *document.Document {
	p := planReportOf(r, o)
	d := &document.Document{Blocks: []document.Block{{Headline: headlineOf(p.verdict())}}}
	if facts := p.facts(); len(facts) > 0 {
		d.Blocks = append(d.Blocks, document.Block{Facts: facts})
	}
	for _, c := range p.chapters() {
		d.Sections = append(d.Sections, c.section())
	}
	if facts := p.basis(); len(facts) > 0 {
		d.Sections = append(d.Sections, basisSection(facts))
	}
	return d
}

// A planReport is a Result with what is needed to say it.
type planReport struct {
	*plan.Result
	o     PlanOptions
	b     brief // how much is said
	money currency
}

func planReportOf(r *plan.Result, o PlanOptions) *planReport {
	return &planReport{Result: r, o: o, b: whole, money: currency(o.Model.Currency.S)}
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
	table  document.Table
	after  string // below the table
	folded bool   // details, where a format can hide them
}

func (p *planReport) chapters() []chapter {
	all := []chapter{
		p.bought(), p.kept(), p.roadmap(), p.nines(), p.frontier(), p.breakEven(), p.load(),
	}
	return slices.DeleteFunc(all, func(c chapter) bool { return len(c.table.Rows) == 0 && c.after == "" })
}

func (c chapter) section() document.Section {
	s := document.Section{Title: c.title, About: c.about}
	if c.folded {
		s.Kind = document.Folded
	}
	if len(c.table.Rows) > 0 {
		s.Add(document.Block{Table: &c.table})
	}
	if c.after != "" {
		s.Add(document.Block{Text: c.after})
	}
	return s
}
