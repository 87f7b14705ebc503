package tables

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

// Nets lists the nets of a plan, with what they cost, when they stand and whose they
// are: first those that are to be built, then those that stand and are kept, and then
// are taken away. The costs add up. About says what the signs mean, where there are
// several. It is nil where there are no nets.
func (b Builder) Nets(x *plan.Plan) *document.Table {
	if x == nil || len(x.Nets)+len(x.Removed) == 0 {
		return nil
	}
	t := &document.Table{Columns: []document.Column{
		head(b.Say("table.net"), false), head(b.yearly(), true), head(b.Say("table.effort"), true), head(b.Say("table.ready"), false), head(b.Say("table.owner"), false),
	}}
	costs := b.CostsOf(x)
	news, stays, sum := costs.news, costs.stays, costs.Nets
	row := func(n *model.Net, sign string, tone document.Tone, cost, effort, ready string) {
		said, note := b.named(n.Title, n.Name)
		marked(t.Add(said, cost, effort, ready, n.Owner.In(b.Code)), sign, tone).Note = note
	}
	for i, n := range news {
		cost, effort := sum.Part(i), "–"
		c := worth.CostOf(b.Model, n)
		if c.Free {
			cost = b.Say("price.free")
		}
		if c.BuildDays > 0 {
			effort = Days(c.BuildDays)
		}
		row(n, "+", document.Normal, cost, effort, b.ready(n))
	}
	for i, n := range stays {
		row(n, "=", document.Faint, sum.Part(len(news)+i), "–", b.Say("net.in-place"))
	}
	for _, name := range x.Removed {
		row(b.net(name), "−", document.Faint, "–", "–", b.Say("table.removed"))
	}
	if len(sum.Parts) > 1 {
		effort := "–"
		if x.Effort > 0 {
			effort = Days(x.Effort)
		}
		t.Add(b.Say("table.sum"), sum.Total(), effort, "", "").Sum = true
	}
	var signs []string
	for _, k := range []struct {
		key string
		n   int
	}{{"table.sign.new", len(news)}, {"table.sign.stays", len(stays)}, {"table.sign.removed", len(x.Removed)}} {
		if k.n > 0 {
			signs = append(signs, b.Say(k.key))
		}
	}
	if len(signs) > 1 {
		t.About = strings.Join(signs, ", ")
	}
	if !slices.ContainsFunc(t.Rows, func(r document.Row) bool { return r.Cells[4].Text != "" }) {
		t.Drop(4)
	}
	return t
}

// Costs are what the nets of a plan cost in a year, and what is still lost with them,
// rounded once: whatever says one of these amounts, in a table or in a sentence, says
// it with the same digits.
type Costs struct {
	Nets say.Rounded // of each net: those that are to be built, then those that stand
	// All is the cost of all nets, the loss that is left, and both together; nil where
	// the loss is unknown.
	All         *say.Rounded
	news, stays []*model.Net
}

// CostsOf rounds what a plan costs.
func (b Builder) CostsOf(x *plan.Plan) Costs {
	var c Costs
	for _, name := range x.Nets {
		if n := b.net(name); n.Status == model.InPlace {
			c.stays = append(c.stays, n)
		} else {
			c.news = append(c.news, n)
		}
	}
	var parts []float64
	sum := 0.0
	for _, n := range c.news {
		parts = append(parts, worth.CostOf(b.Model, n).Annual)
	}
	for _, n := range c.stays {
		parts = append(parts, worth.CostOf(b.Model, n).RunPerYear)
	}
	for _, v := range parts {
		sum += v
	}
	c.Nets = say.AddUp(parts...)
	if x.Loss == nil || x.Total == nil {
		return c
	}
	all := say.AddUp(x.AnnualCost, *x.Loss)
	// To one step with the loss, where that leaves digits of each.
	if whole := say.AddUp(append(slices.Clone(parts), *x.Loss)...); len(parts) > 0 && whole.Fine(len(parts)) && math.Abs(sum-x.AnnualCost) <= 1e-9*sum {
		c.Nets = whole.First(len(parts))
		all = whole.Over(len(parts))
	}
	c.All = &all
	return c
}

// Of is which part of Nets a net is; -1: none.
func (c Costs) Of(name string) int {
	return slices.IndexFunc(append(slices.Clone(c.news), c.stays...), func(n *model.Net) bool { return n.Name == name })
}

// Days says person-days.
func Days(v float64) string {
	if v >= 100 {
		return say.Grouped(math.Round(v))
	}
	return say.Trim(v, 1)
}

// ready says when a net that does not stand yet can stand.
func (b Builder) ready(n *model.Net) string {
	switch {
	case n.Ready != nil:
		return b.Date(n.Ready)
	case n.LeadTime != nil:
		return b.Say("price.in", "time", b.Span(n.LeadTime.Text))
	case n.Status == model.Building:
		return b.Say("net." + string(n.Status))
	}
	return "–"
}

// Roadmap is the order in which to build, with what is reached after each step. It is
// nil where there is none.
func (b Builder) Roadmap(r *plan.Result) *document.Table {
	if len(r.Roadmap) == 0 {
		return nil
	}
	t := &document.Table{Columns: []document.Column{
		head(b.Say("table.net"), false), head(b.Say("road.takes"), true), head(b.Say("road.after"), true), head(b.Say("table.chance"), true), head(b.Say("table.loss"), true),
	}}
	t.Add(b.Say("road.today"), "", "", b.Likely(r.Today.Met), b.amount(r.Today.Loss))
	after, assumed := 0.0, false
	for i, s := range r.Roadmap {
		after += s.Months
		takes := b.months(s.Months)
		if s.Assumed {
			takes, assumed = "~ "+takes, true
		}
		said, _ := b.named(b.net(s.Net).Title, s.Net)
		t.Add(fmt.Sprintf("%d. %s", i+1, said), takes, b.months(after), b.Likely(s.Plan.Met), b.amount(s.Plan.Loss))
	}
	if r.Today.Loss == nil {
		t.Drop(4)
	}
	var foot []string
	if len(r.Roadmap) > 1 {
		foot = append(foot, b.Say("road.foot"))
	}
	if assumed {
		foot = append(foot, b.Say("road.assumed"))
	}
	t.Foot = strings.Join(foot, "; ")
	return t
}

// months says a time to build: 6 weeks are 1.4 months.
func (b Builder) months(v float64) string {
	switch {
	case v < 0.25:
		return b.Say("road.weeks", "n", fmt.Sprint(max(1, int(math.Round(v*model.Month/model.Week)))))
	case v >= 9.95:
		return b.Say("road.months", "n", fmt.Sprintf("%.0f", v))
	case math.Abs(v-1) < 0.05:
		return b.Say("road.months", "n", "1")
	}
	return b.Say("road.months", "n", say.Trim(v, 1))
}

// longestBar is how many times longer than the shortest the longest bar of a target
// may be before it is cut.
const longestBar = 3

// Targets is what each target costs: the cheapest nets with which it is met, what is
// still lost with them and, where that is another set, the one with the least of both
// together. It is nil where that was not asked.
func (b Builder) Targets(r *plan.Result) *document.Table {
	if len(r.Nines) == 0 {
		return nil
	}
	t := &document.Table{Columns: []document.Column{
		head(b.Say("table.target"), false), head(b.Say("table.nets"), true), head(b.yearly(), true), head(b.Say("table.loss"), true), head(b.Say("table.both"), true),
		{Bars: true}, {},
	}}
	least, most := math.Inf(1), 0.0
	for _, n := range r.Nines {
		for _, x := range []*plan.Plan{n.Plan, n.Least} {
			if x != nil && x.Total != nil {
				least, most = math.Min(least, *x.Total), math.Max(most, *x.Total)
			}
		}
	}
	longest := math.Min(most, longestBar*least)
	for i := 0; i < len(r.Nines); i++ {
		n := &r.Nines[i]
		if !n.Feasible || n.Plan == nil {
			not := b.Say("price.u.not")
			if n.Gap != 0 {
				not = b.Say("target.notfound")
			}
			row := t.Add(n.Target.Text, "–", not, "–", "–", "", b.targetMark(r, n, true))
			row.Cells[2].Tone = document.Bad
			var above []string
			for i+1 < len(r.Nines) && !r.Nines[i+1].Own && r.Nines[i+1].Gap == n.Gap {
				i++
				above = append(above, r.Nines[i].Target.Text)
			}
			switch len(above) {
			case 0:
			case 1:
				row.Note = b.Say("target.nor", "target", above[0])
			default:
				row.Note = b.Say("target.nor.more", "target", above[len(above)-1])
			}
			continue
		}
		if i+1 < len(r.Nines) && SameNets(n, &r.Nines[i+1]) {
			continue // the higher one takes no more
		}
		below := i > 0 && SameNets(&r.Nines[i-1], n)
		row := func(target string, x *plan.Plan, mark string, notes ...string) {
			cost, loss, total := b.CostAndLoss(x)
			row := t.Add(target, fmt.Sprint(len(x.Nets)), cost, loss, total, "", mark)
			if x.Total != nil && longest > 0 {
				row.Cells[5].Bar = twoBars(x.AnnualCost/longest, *x.Total/longest)
			}
			row.Cells[6].Tone = document.Faint
			row.Note = strings.Join(slices.DeleteFunc(notes, func(s string) bool { return s == "" }), "; ")
		}
		also := func(yes bool, key string) string {
			if yes {
				return b.Say(key)
			}
			return ""
		}
		best := n.Least != nil && slices.Equal(n.Least.Nets, n.Plan.Nets) && slices.Equal(n.Least.Removed, n.Plan.Removed)
		what := "target.cheapest"
		if best {
			what = "target.both"
		}
		row(n.Target.Text, n.Plan, b.targetMark(r, n, best || n.Least == nil), b.Say(what, "nets", b.Names(n.Plan)),
			also(below, "target.same"), also(!n.Visible, "price.u.unseen"), also(!n.Optimal, "target.open"))
		if n.Least != nil && !best {
			mark := ""
			if recommends(r, n) {
				mark = "← " + b.Say("target.best")
			}
			row(n.Target.Text, n.Least, mark, b.Say("target.least", "nets", b.Names(n.Least)), also(!n.LeastOptimal, "target.open.least"))
		}
	}
	if most == 0 {
		t.Drop(3, 4, 5) // nothing is known of losses
	}
	return t
}

// CostAndLoss says cost, loss and total of a plan so that they add up, without the
// currency.
func (b Builder) CostAndLoss(x *plan.Plan) (cost, loss, total string) {
	c := b.CostsOf(x)
	if c.All == nil {
		return b.amount(&x.AnnualCost), b.amount(x.Loss), b.amount(x.Total)
	}
	return c.All.Part(0), c.All.Part(1), c.All.Total()
}

// Names says the nets of a plan.
func (b Builder) Names(x *plan.Plan) string {
	said := b.Say("target.none")
	if len(x.Nets) > 0 {
		said = b.Listed(b.nets(x.Nets))
	}
	if len(x.Removed) > 0 {
		said = b.Say("target.without", "nets", said, "removed", b.Listed(b.nets(x.Removed)))
	}
	return said
}

// SameNets reports whether two targets take the same nets, so that nobody would
// promise the lower one: it is not shown, unless it is asked for.
func SameNets(low, high *plan.Nine) bool {
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

// targetMark says what a target is to the plan.
func (b Builder) targetMark(r *plan.Result, n *plan.Nine, best bool) string {
	var parts []string
	if n.Own {
		parts = append(parts, b.Say("target.asked"))
	}
	if best && recommends(r, n) {
		parts = append(parts, b.Say("target.best"))
	}
	if len(parts) == 0 {
		return ""
	}
	return "← " + strings.Join(parts, ", ")
}

// recommends reports whether a target is the one that is recommended, with the nets
// that have the least total with it.
func recommends(r *plan.Result, n *plan.Nine) bool {
	x := r.Recommended
	return x != nil && (x.Target.Exact.Cmp(n.Target.Exact) == 0 || SameNets(x, n))
}

// frontierRows is how many sets of a frontier are shown.
const frontierRows = 12

// Shown picks the sets of a frontier that are shown: its ends, the plan, and others
// evenly over the chances. best is the place of the plan among them, -1 without one.
func Shown(r *plan.Result) (sets []*plan.Plan, best int) {
	list, chosen := r.Frontier, -1
	if x := r.Best; x != nil && len(list) > 0 {
		chosen = slices.IndexFunc(list, func(y *plan.Plan) bool { return slices.Equal(x.Nets, y.Nets) })
		if chosen < 0 { // other nets are as good
			chosen = slices.IndexFunc(list, func(y *plan.Plan) bool { return y.AnnualCost > x.AnnualCost })
			if chosen < 0 {
				chosen = len(list)
			}
			list = slices.Insert(slices.Clone(list), chosen, x)
		}
	}
	best = -1
	for _, i := range sampled(list, chosen, frontierRows) {
		if i == chosen {
			best = len(sets)
		}
		sets = append(sets, list[i])
	}
	return sets, best
}

// Frontier is what each amount buys at best. It is nil where that was not asked.
func (b Builder) Frontier(r *plan.Result) *document.Table {
	shown, best := Shown(r)
	if len(shown) == 0 {
		return nil
	}
	t := &document.Table{Columns: []document.Column{
		head(b.yearly(), true), head(b.Say("table.chance"), true), {Bars: true}, head(b.Say("table.lost"), true), head(b.Say("table.netlist"), false),
	}}
	amounts := make([]float64, len(shown))
	for i, x := range shown {
		amounts[i] = x.AnnualCost
	}
	costs := say.FiguresApart(amounts)
	for i, x := range shown {
		row := t.Add(costs[i], b.Likely(x.Met), "", b.Around(x.BadMean), b.Names(x))
		row.Cells[2].Bar = &document.Bar{Parts: []float64{x.Met}}
		if i == best {
			marked(row, "→", document.Strong).Cells[1].Tone = document.Strong
		}
	}
	var rest []string
	if best >= 0 {
		rest = append(rest, b.Say("front.plan"))
	}
	if n := len(r.Frontier) - len(shown); n > 0 {
		rest = append(rest, b.Say("front.more", "n", say.Grouped(float64(n))))
	}
	if !r.FrontierComplete {
		rest = append(rest, b.Say("front.open"))
	}
	if slices.ContainsFunc(r.Frontier, func(x *plan.Plan) bool { return x.Corrected }) {
		rest = append(rest, b.Say("front.corrected"))
	}
	t.Foot = strings.Join(rest, "; ")
	return t
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
