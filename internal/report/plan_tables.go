package report

import (
	"fmt"
	"slices"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/plan"
	"tightrope/internal/tables"
	"tightrope/internal/worth"
)

// hopeless is the chance below which the nets that come closest are not shown
// one by one: nobody would build them.
const hopeless = 0.1

// bought lists the nets of the plan.
func (p *planReport) bought() chapter {
	x := p.closest()
	if x == nil || p.idle(x) || p.Best == nil && x.Met < hopeless {
		return chapter{}
	}
	news, stays := p.news(x)
	c := chapter{title: "What is built"}
	if p.Best == nil {
		c.title = "What comes closest"
	}
	if len(news) == 0 {
		c.title = "What changes"
	}
	c.table = shown(p.tables().Nets(x))
	if len(stays) > 0 {
		c.title = "What stands then"
	}
	c.about, c.table.About = c.table.About, ""
	return c
}

// tables builds the tables that pages have too.
func (p *planReport) tables() tables.Builder {
	return tables.Builder{Language: english(), Model: p.o.Model}
}

// shown is a table, empty where there is none.
func shown(t *document.Table) document.Table {
	if t == nil {
		return document.Table{}
	}
	return *t
}

// kept lists the objectives, where there are several.
func (p *planReport) kept() chapter {
	x := p.closest()
	if x == nil || len(x.Objectives)+len(p.Unknown) < 2 {
		return chapter{}
	}
	c := chapter{title: "What is met"}
	c.table = document.Table{Columns: []document.Column{{}, {Head: "objective"}, {Head: "today", Right: true}, {Head: "then", Right: true}, {Head: "asked", Right: true}, {Head: "lost time"}}}
	for _, i := range tightestFirst(x)[:min(len(x.Objectives), scoreLines)] {
		now, then := &p.Today.Objectives[i], &x.Objectives[i]
		sign, st := "✓", document.Good
		if !then.OK {
			sign, st = "✗", document.Bad
		}
		marked(c.table.Add(keptLabel(then), then.Target.Text+" over "+p.window(then),
			chanceBeside(now.Met, now.Confidence), chanceBeside(then.Met, then.Confidence), percent(then.Confidence), nowThen(about(now.BadMean), about(then.BadMean))), sign, st)
	}
	for i := range p.Unknown[:min(len(p.Unknown), scoreLines)] {
		u := &p.Unknown[i]
		k := plan.Kept{Service: u.Service, Objective: u.Objective, Window: u.Window}
		marked(c.table.Add(keptLabel(&k), u.Target.Text+" over "+p.window(&k), "unknown", "unknown", percent(u.Confidence), ""), "?", document.Warn)
	}
	if rest := len(x.Objectives) - scoreLines; rest > 0 {
		c.table.Foot = fmt.Sprintf("and %s more; --format json has all", grouped(float64(rest)))
	}
	return c
}

// nines is the price of each target.
func (p *planReport) nines() chapter {
	t := p.tables().Targets(p.Result)
	if t == nil {
		return chapter{}
	}
	c := chapter{title: "What each target costs", table: *t, after: p.recommendation()}
	if list := p.objectives(); len(list) > 1 {
		c.title += " of " + keptLabel(&list[p.Main])
	}
	if slices.ContainsFunc(t.Columns, func(c document.Column) bool { return c.Bars }) {
		c.about = "█ nets, ░ expected loss"
	}
	return c
}

// frontier is what each amount buys.
func (p *planReport) frontier() chapter {
	return chapter{title: "What each amount buys at best", folded: true, table: shown(p.tables().Frontier(p.Result))}
}

// roadmap is the order in which to build.
func (p *planReport) roadmap() chapter {
	return chapter{title: "In which order to build", about: "first what buys most per month of lead time", table: shown(p.tables().Roadmap(p.Result))}
}

// breakEven is the effect from which nets pay.
func (p *planReport) breakEven() chapter {
	if len(p.BreakEven) == 0 {
		return chapter{}
	}
	c := chapter{title: "From which effect a net pays", about: "of the effect that is written"}
	c.table = document.Table{Columns: []document.Column{{}, {Head: "pays from", Right: true}, {}}}
	byPlan := false
	for _, b := range p.BreakEven {
		byPlan = byPlan || b.By == "plan" && b.Pays == plan.PaysFrom
		switch b.Pays {
		case plan.PaysNever:
			c.table.Add(b.Net, "never", "however strong")
		case plan.PaysAlways:
			c.table.Add(b.Net, "0%", "always, whatever it does")
		case plan.PaysFrom:
			said := "pays as written"
			if *b.Scale > 1 {
				said = "too weak as written"
			}
			c.table.Add(b.Net, share(*b.Scale), said).Note = "if it " + strings.Join(saidIn(b.Effects), ", and ")
		default: // plan.Unscalable
			c.table.Add(b.Net, "–", "is there or not; nothing to scale")
		}
	}
	if byPlan {
		c.table.Foot = "what it is worth is not known; a net pays here from where the cheapest plan holds it"
	}
	return c
}

// leastPages a week are worth a line.
const leastPages = 0.005

func nightly(l *worth.Load) float64 {
	sum := 0.0
	for _, r := range l.Responders {
		sum += r.NightPagesPerWeek
	}
	return sum
}

// load is what the plan asks of people.
func (p *planReport) load() chapter {
	now, then := p.o.Today, p.o.Then
	if p.Best == nil || now == nil || then == nil {
		return chapter{}
	}
	c := chapter{title: "What it asks of people", folded: true}
	c.table = document.Table{Columns: []document.Column{{}, {Head: "today", Right: true}, {Head: "then", Right: true}, {}}}
	row := func(what string, a, b float64, unit string) {
		if a > 0 || b > 0 {
			c.table.Add(what, digits(a), digits(b), unit)
		}
	}
	row("pages", now.PagesPerWeek, then.PagesPerWeek, "a week")
	row("  of them at night", nightly(now), nightly(then), "a week")
	for i, a := range now.Responders {
		b := then.Responders[i]
		switch x, y := a.PagesPerPersonWeek, b.PagesPerPersonWeek; {
		case max(a.PagesPerWeek, b.PagesPerWeek) < leastPages:
		case x == nil || y == nil:
			c.table.Add("  for each of "+a.Name, "unknown", "unknown", "a week")
		default:
			c.table.Add("  for each of "+a.Name, digits(*x), digits(*y), "a week")
		}
	}
	row("recovery by hand", now.ManualHoursPerYear, then.ManualHoursPerYear, "hours a year")
	row("process", now.ProcessHoursPerYear, then.ProcessHoursPerYear, "hours a year")
	row("running the nets", now.RunDaysPerYear, then.RunDaysPerYear, "person-days a year")
	if m := p.o.Asked.MaxPages; m != nil {
		c.about = fmt.Sprintf("at most %s pages a week for one person", digits(*m))
	}
	return c
}
