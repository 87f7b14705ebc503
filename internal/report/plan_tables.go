package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/say"
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
	c.table = document.Table{Columns: []document.Column{{}, {Head: p.money.yearly(), Right: true}, {Head: "person-days", Right: true}, {Head: "ready in"}}}
	row := func(name, sign string, st document.Tone, cost, effort, ready string) {
		marked(c.table.Add(name, cost, effort, ready), sign, st).Note = p.title(name)
	}
	var parts []float64
	for _, name := range news {
		parts = append(parts, worth.CostOf(p.o.Model, p.net(name)).Annual)
	}
	for _, name := range stays {
		parts = append(parts, worth.CostOf(p.o.Model, p.net(name)).RunPerYear)
	}
	sum := say.AddUp(parts...)
	for i, name := range news {
		n := p.net(name)
		row(name, "+", document.Normal, sum.Part(i), daysOr(worth.CostOf(p.o.Model, n).BuildDays), readyIn(n))
	}
	for i, name := range stays {
		row(name, "=", document.Faint, sum.Part(len(news)+i), "–", "stands")
	}
	for _, name := range x.Removed {
		row(name, "−", document.Faint, "–", "–", "taken away")
	}
	if len(news)+len(stays) > 1 {
		c.table.Add("together", sum.Total(), daysOr(x.Effort), "")
		c.sum = true
	}
	if len(x.Removed) > 0 {
		c.about = "+ built, − taken away"
	}
	if len(stays) > 0 {
		c.title = "What stands then"
		c.about = "+ built, = kept, − taken away"
	}
	return c
}

// title is what a net is titled, where that is more than its name.
func (p *planReport) title(name string) string {
	t := p.net(name).Title.In("en")
	if strings.EqualFold(say.Spaced.Replace(t), say.Spaced.Replace(name)) {
		return ""
	}
	return t
}

func daysOr(v float64) string {
	if v == 0 {
		return "–"
	}
	return personDays(v)
}

// readyIn says when a net can stand.
func readyIn(n *model.Net) string {
	switch {
	case n.Ready != nil:
		return n.Ready.Text
	case n.LeadTime != nil:
		return n.LeadTime.Text
	}
	return "–"
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

// nineCut is how many times longer than the shortest the longest bar of a target
// may be before it is cut.
const nineCut = 3

// nines is the price of each target.
func (p *planReport) nines() chapter {
	if len(p.Nines) == 0 {
		return chapter{}
	}
	c := chapter{title: "What each target costs"}
	if list := p.objectives(); len(list) > 1 {
		c.title += " of " + keptLabel(&list[p.Main])
	}
	c.table = document.Table{Columns: []document.Column{{Head: "target"}, {Head: "nets", Right: true}, {Head: p.money.yearly(), Right: true},
		{Head: "loss/year", Right: true}, {Head: "together", Right: true}, {Bars: true}, {}}}
	least, most := math.Inf(1), 0.0
	for _, n := range p.Nines {
		for _, x := range []*plan.Plan{n.Plan, n.Least} {
			if x != nil && x.Total != nil {
				least, most = math.Min(least, *x.Total), math.Max(most, *x.Total)
			}
		}
	}
	longest := math.Min(most, nineCut*least)
	if most > 0 {
		c.about = "█ nets, ░ expected loss"
	}
	for i := 0; i < len(p.Nines); i++ {
		n := &p.Nines[i]
		if !n.Feasible || n.Plan == nil {
			not := "not possible"
			if n.Gap != 0 {
				not = "not found"
			}
			r := c.table.Add(n.Target.Text, "–", not, "–", "–", "", p.nineMark(n, true))
			r.Cells[2].Tone = document.Bad
			var above []string
			for i+1 < len(p.Nines) && !p.Nines[i+1].Own && p.Nines[i+1].Gap == n.Gap {
				i++
				above = append(above, p.Nines[i].Target.Text)
			}
			switch len(above) {
			case 0:
			case 1:
				r.Note = "nor is " + above[0]
			default:
				r.Note = "nor is any higher target up to " + above[len(above)-1]
			}
			continue
		}
		if i+1 < len(p.Nines) && p.same(n, &p.Nines[i+1]) {
			continue // the higher one takes no more
		}
		below := i > 0 && p.same(&p.Nines[i-1], n)
		row := func(target string, x *plan.Plan, mark string, notes ...string) {
			cost, loss, total := costAndLoss(x)
			r := c.table.Add(target, fmt.Sprint(len(x.Nets)), cost, loss, total, "", mark)
			if x.Total != nil && longest > 0 {
				r.Cells[5].Bar = twoBars(x.AnnualCost/longest, *x.Total/longest)
			}
			r.Cells[6].Tone = document.Faint
			r.Note = strings.Join(slices.DeleteFunc(notes, func(s string) bool { return s == "" }), "; ")
		}
		also := func(yes bool, what string) string {
			if yes {
				return what
			}
			return ""
		}
		best := n.Least != nil && slices.Equal(n.Least.Nets, n.Plan.Nets) && slices.Equal(n.Least.Removed, n.Plan.Removed)
		what := "cheapest"
		if best {
			what = "cheapest, and least together"
		}
		row(n.Target.Text, n.Plan, p.nineMark(n, best || n.Least == nil), what+": "+p.netsOf(n.Plan),
			also(below, "lower targets take the same"),
			also(!n.Visible, "users would not see the difference"),
			also(!n.Optimal, "not proven to be the cheapest"))
		if n.Least != nil && !best {
			mark := ""
			if p.recommends(n) {
				mark = "← best"
			}
			row("", n.Least, mark, "least together: "+p.netsOf(n.Least), also(!n.LeastOptimal, "not proven to be the least"))
		}
	}
	if most == 0 {
		c.table.Drop(3, 4, 5) // nothing is known of losses
	}
	c.after = p.recommendation()
	return c
}

// costAndLoss says cost, loss and total of a plan so that they add up.
func costAndLoss(x *plan.Plan) (cost, loss, total string) {
	if x.Loss == nil || x.Total == nil {
		return figure(x.AnnualCost), figureOr(x.Loss), figureOr(x.Total)
	}
	sum := say.AddUp(x.AnnualCost, *x.Loss)
	return sum.Part(0), sum.Part(1), sum.Total()
}

// netsOf names the nets of a plan.
func (p *planReport) netsOf(x *plan.Plan) string {
	said := "none"
	if len(x.Nets) > 0 {
		said = p.listed(x.Nets)
	}
	if len(x.Removed) > 0 {
		said += ", without " + p.listed(x.Removed)
	}
	return said
}

// same reports whether two targets take the same nets, so that nobody would
// promise the lower one: it is not shown, unless it is asked for.
func (p *planReport) same(low, high *plan.Nine) bool {
	return !low.Own && low.Feasible && high.Feasible && low.Plan != nil && high.Plan != nil &&
		slices.Equal(low.Plan.Nets, high.Plan.Nets) && low.Visible == high.Visible && low.Optimal == high.Optimal &&
		(low.Least == nil) == (high.Least == nil) && (low.Least == nil || slices.Equal(low.Least.Nets, high.Least.Nets) && low.LeastOptimal == high.LeastOptimal)
}

// twoBars is what is paid for nets, and on it what is lost; what is longer than
// the bar may be is cut.
func twoBars(paid, both float64) *document.Bar {
	paid = max(0, min(paid, 1))
	return &document.Bar{Parts: []float64{paid, max(0, min(both, 1)-paid)}, Cut: both > 1+1e-9}
}

// nineMark says what a target is to the plan.
func (p *planReport) nineMark(n *plan.Nine, best bool) string {
	var parts []string
	if n.Own {
		parts = append(parts, "asked")
	}
	if best && p.recommends(n) {
		parts = append(parts, "best")
	}
	if len(parts) == 0 {
		return ""
	}
	return "← " + strings.Join(parts, ", ")
}

// recommends reports whether a target is the one that is recommended, with the nets
// that have the least total with it.
func (p *planReport) recommends(n *plan.Nine) bool {
	r := p.Recommended
	return r != nil && (r.Target.Exact.Cmp(n.Target.Exact) == 0 || p.same(r, n))
}

const (
	// frontierRows is how many sets of the frontier are shown.
	frontierRows = 12
	// listedNets is how many characters a list of nets in a table has at most.
	listedNets = 36
)

// frontier is what each amount buys.
func (p *planReport) frontier() chapter {
	if len(p.Frontier) == 0 {
		return chapter{}
	}
	chosen := -1
	for i, x := range p.Frontier {
		if p.Best != nil && slices.Equal(x.Nets, p.Best.Nets) {
			chosen = i
		}
	}
	c := chapter{title: "What each amount buys at best", folded: true}
	if chosen >= 0 {
		c.about = "→ is the plan"
	}
	c.table = document.Table{Columns: []document.Column{{}, {Head: p.money.yearly(), Right: true}, {Head: "chance", Right: true}, {Bars: true}, {Head: "lost time", Right: true}, {Head: "nets"}}}
	shown := sampled(p.Frontier, chosen, frontierRows)
	amounts := make([]float64, len(shown))
	for k, i := range shown {
		amounts[k] = p.Frontier[i].AnnualCost
	}
	costs := say.FiguresApart(amounts)
	for k, i := range shown {
		x := p.Frontier[i]
		mark := ""
		if i == chosen {
			mark = "→"
		}
		r := c.table.Add(mark, costs[k], chance(x.Met), "", about(x.BadMean), netList(x.Nets, listedNets))
		r.Cells[3].Bar = &document.Bar{Parts: []float64{x.Met}}
		if i == chosen {
			r.Cells[0].Tone, r.Cells[1].Tone, r.Cells[2].Tone = document.Strong, document.Strong, document.Strong
		}
	}
	var rest []string
	if n := len(p.Frontier) - len(shown); n > 0 {
		rest = append(rest, fmt.Sprintf("and %s between them; --format json has all", grouped(float64(n))))
	}
	if !p.FrontierComplete {
		rest = append(rest, "there may be others: "+p.ended()+" before all were looked for")
	}
	if slices.ContainsFunc(p.Frontier, func(x *plan.Plan) bool { return x.Corrected }) {
		rest = append(rest, "found by the sum of all sources, and then corrected")
	}
	c.table.Foot = strings.Join(rest, "; ")
	return c
}

// sampled picks at most so many of a frontier: its ends, the chosen one, and
// others evenly over the chances.
func sampled(list []*plan.Plan, chosen, most int) []int {
	if len(list) <= most {
		var all []int
		for i := range list {
			all = append(all, i)
		}
		return all
	}
	pick := map[int]bool{0: true, len(list) - 1: true}
	if chosen >= 0 {
		pick[chosen] = true
	}
	low, high := list[0].Met, list[len(list)-1].Met
	for k := 1; len(pick) < most && k < 8*most; k++ {
		// The step gets smaller until there are enough.
		steps := float64(most - 1 + k/2)
		for j := 1.0; j < steps && len(pick) < most; j++ {
			want := low + (high-low)*j/steps
			pick[nearest(list, want)] = true
		}
	}
	var out []int
	for i := range list {
		if pick[i] {
			out = append(out, i)
		}
	}
	return out
}

func nearest(list []*plan.Plan, met float64) int {
	best := 0
	for i, x := range list {
		if math.Abs(x.Met-met) < math.Abs(list[best].Met-met) {
			best = i
		}
	}
	return best
}

// netList names nets in so many characters at most: "canary, review and 3 more".
func netList(names []string, cells int) string {
	if len(names) == 0 {
		return "none"
	}
	all := strings.Join(names, ", ")
	if len([]rune(all)) <= cells {
		return all
	}
	for n := len(names) - 1; n > 0; n-- {
		said := fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
		if len([]rune(said)) <= cells {
			return said
		}
	}
	return fmt.Sprintf("%d nets", len(names))
}

// roadmap is the order in which to build.
func (p *planReport) roadmap() chapter {
	if len(p.Roadmap) == 0 {
		return chapter{}
	}
	c := chapter{title: "In which order to build", about: "first what buys most per month of lead time"}
	c.table = document.Table{Columns: []document.Column{{}, {Head: "takes", Right: true}, {Head: "done after", Right: true}, {Head: "chance", Right: true}, {Head: "loss/year", Right: true}}}
	c.table.Add("today", "", "", chance(p.Today.Met), figureOr(p.Today.Loss))
	after, assumed := 0.0, false
	for i, s := range p.Roadmap {
		after += s.Months
		takes := months(s.Months)
		if s.Assumed {
			takes, assumed = "~ "+takes, true
		}
		c.table.Add(fmt.Sprintf("%d. %s", i+1, s.Net), takes, months(after), chance(s.Plan.Met), figureOr(s.Plan.Loss))
	}
	if p.Today.Loss == nil {
		c.table.Drop(4)
	}
	if len(p.Roadmap) > 1 {
		c.table.Foot = "built one after the other"
	}
	if assumed {
		c.table.Foot = strings.TrimPrefix(c.table.Foot+"; ~ no lead time is written", "; ")
	}
	return c
}

// months says a time to build: 6 weeks are 1.4 months.
func months(v float64) string {
	switch {
	case v < 0.25:
		return counted(max(1, int(math.Round(v*model.Month/model.Week))), "week", "weeks")
	case v >= 9.95:
		return fmt.Sprintf("%.0f months", v)
	case math.Abs(v-1) < 0.05:
		return "1 month"
	}
	return trimZeros(v, 1) + " months"
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
