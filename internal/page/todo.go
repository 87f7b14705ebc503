package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tightrope/internal/decision"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// What is to be done: against the largest cause, first, and what comes to be decided.

// mostAgainst is how many nets against a cause are named.
const mostAgainst = 2

// opposed says what is done about the largest cause, and of what could be done why
// it is not.
func (b *builder) opposed(e *forecast.Entry) string {
	shown, _ := say.Ranked(e, 1)
	if len(shown) == 0 || e.PerYear <= 0 || b.Decision == nil {
		return ""
	}
	s := shown[0]
	d := b.Decision
	chosen, left, told := d.Against(b.Model, s)
	named := func(nets []string) string {
		list := b.quoted(nets)
		if more := len(list) - mostAgainst; more > 1 {
			return b.Say("number.more", "list", strings.Join(list[:mostAgainst], ", "), "n", fmt.Sprint(more))
		}
		return b.Listed(list)
	}
	switch {
	case s.Kind == forecast.UnlistedSource:
		return b.Say("decide.against.unlisted")
	case !told:
		return ""
	case len(chosen) > 0:
		return b.Say("decide.against.chosen", "nets", named(chosen))
	case len(left) == 0:
		return b.Say("decide.against.none")
	case d.By == decision.Money && d.Proven:
		return b.Say("decide.against.dear", "nets", named(left))
	case d.By == decision.Objective:
		return b.Say("decide.against.needless", "nets", named(left))
	case d.By == decision.Money:
		return b.Say("decide.against.open", "nets", named(left))
	}
	return ""
}

// mostBuilt is how many nets that are to be built are told one by one.
const mostBuilt = 4

// toBuild is what is to be built: a line for each net, in the order in which to build
// them, then what they cost and save together, and why they save that.
func (b *builder) toBuild(e *forecast.Entry) []string {
	d := b.Decision
	first, step := d.First()
	if first == "" {
		switch {
		case !b.proposes():
			return []string{b.Say("decide.noproposal")}
		case b.planOf(e.Service) == nil:
			return []string{b.Say("answer.noplan")}
		case d.Cut && d.Set != nil:
			return []string{b.Say("decide.notfound")}
		case d.By == decision.Money:
			return []string{b.Say("decide.notworth")}
		case d.By == decision.Objective:
			return []string{b.Say("decide.enough")}
		}
		return []string{b.Say("decide.nohelp")}
	}
	lines := []string{b.firstNet(first, step)}
	var rest []string
	for _, x := range d.Steps {
		if x.Net != first {
			rest = append(rest, x.Net)
		}
	}
	for _, x := range d.Nets {
		if x != first && !slices.Contains(rest, x) {
			rest = append(rest, x)
		}
	}
	told := rest
	if len(told) > mostBuilt-1 {
		told = told[:mostBuilt-1]
	}
	for _, name := range told {
		n := b.Model.Net(name)
		lines = append(lines, b.netLine(name, b.costSaid(name, worth.CostOf(b.Model, n)), b.ready(n), b.owner(n)))
	}
	if more := rest[len(told):]; len(more) > 0 {
		lines = append(lines, b.Say("decide.then", "nets", b.Listed(b.quoted(more))))
	}
	var all []string
	if x := d.Set; x != nil && len(rest) > 0 {
		all = append(all, b.Say("decide.together", "cost", b.AmountTotal(b.Model.Currency.S, b.tables().CostsOf(x).Nets)))
		if v := d.Saves(); v != nil && *v > 0 {
			all = append(all, b.Say("decide.sum", "saved", b.money(*v)))
		} else if v != nil && *v < 0 {
			all = append(all, b.Say("decide.sum.more", "more", b.money(-*v)))
		}
	}
	if said := b.whySaves(e); said != "" {
		all = append(all, said)
	}
	if len(all) > 0 {
		lines = append(lines, strings.Join(all, " "))
	}
	if d.Cut {
		lines = append(lines, b.Say("answer.unproven"))
	}
	return lines
}

// netLine is a net with what there is to know of it.
func (b *builder) netLine(name string, facts ...string) string {
	return b.Say("decide.first", "net", b.quoted([]string{name})[0], "facts", strings.Join(facts, b.Say("decide.comma")))
}

// firstNet is the first net to build, with what it saves.
func (b *builder) firstNet(name string, step *plan.Step) string {
	d := b.Decision
	n := b.Model.Net(name)
	c := worth.CostOf(b.Model, n)
	parts := []string{b.costSaid(name, c)}
	alone := len(d.Nets) == 1 && len(d.Removed) == 0
	avoided := 0.0
	switch {
	case alone && d.Today != nil && d.Today.Loss != nil && d.Set != nil && d.Set.Loss != nil: // whether or not an order was found
		avoided = *d.Today.Loss - *d.Set.Loss
	case step != nil && step.Avoided != nil:
		avoided = *step.Avoided
	}
	if avoided > 0 {
		saved, cost := say.Alone(avoided), b.costOf(name, c)
		if x, ok := b.avoided(); alone && ok {
			saved = x
		}
		said := b.AmountTotal(b.Model.Currency.S, saved)
		// What is left is the difference of what is said.
		if after := saved.Sum - cost.Sum; after > 0 && alone && !c.Unpriced {
			parts = append(parts, b.Say("decide.saves.both", "saved", said, "after", b.AmountTotal(b.Model.Currency.S, say.To(math.Min(saved.Step, cost.Step), after))))
		} else {
			parts = append(parts, b.Say("decide.saves", "saved", said))
		}
	} else if step != nil && step.Gain > 0 && step.Plan != nil {
		parts = append(parts, b.Say("decide.gains", "chance", b.Likely(step.Plan.Met)))
	}
	return b.netLine(name, append(parts, b.ready(n), b.owner(n))...)
}

// avoided is what the nets of the decision avoid of the loss of all services: the
// difference of what is said to be lost without them and with them. It is not ok where
// these two do not stand on the page.
func (b *builder) avoided() (saved say.Rounded, ok bool) {
	d := b.Decision
	if b.lossLines() == nil || d.Set == nil || d.Today == nil || d.Today.Loss == nil || math.Abs(*d.Today.Loss-*b.Expected.Total) > b.lossStep() {
		return saved, false
	}
	c := b.tables().CostsOf(d.Set)
	if c.All == nil {
		return saved, false
	}
	step := b.lossStep()
	saved = say.To(step, say.To(step, *b.Expected.Total).Sum-c.All.Parts[1])
	return saved, saved.Sum > 0
}

// owner says who owns a net, or that nobody is named.
func (b *builder) owner(n *model.Net) string {
	if owner := n.Owner.In(b.Code); owner != "" {
		return b.Say("decide.owner", "owner", owner)
	}
	return b.Say("decide.noowner")
}

// outOfStep is how many times as large the share of the loss that is avoided is as that
// of the lost time before it is said why.
const outOfStep = 1.5

// whySaves says why what is to be built avoids a larger part of the loss than of the lost
// time: which part of what is avoided is not paid by the minute. It is empty where that
// is not so, or not known.
func (b *builder) whySaves(e *forecast.Entry) string {
	d := b.Decision
	p := b.promise(e.Service)
	if len(b.promised()) > 1 || p == nil || p.Then == nil || d.Today == nil || d.Set == nil || d.Today.Loss == nil || d.Set.Loss == nil || *d.Today.Loss <= 0 || p.Today.PerYear <= 0 {
		return ""
	}
	avoided := *d.Today.Loss - *d.Set.Loss
	loss, time := avoided / *d.Today.Loss, 1-p.Then.PerYear/p.Today.PerYear
	if time < 0 || loss < outOfStep*time || b.Part(loss) == b.Part(time) {
		return ""
	}
	// By parts, of all services that lose.
	sum := map[string]float64{}
	add := func(x *plan.Plan, sign float64) {
		for i, l := range x.Losses {
			people := 0.0
			if i == 0 {
				people = x.People
			}
			for _, part := range lossParts(l, people) {
				sum[part.key] += sign * part.amount
			}
		}
	}
	add(d.Today, 1)
	add(d.Set, -1)
	most := ""
	for _, key := range []string{"answer.clauses", "answer.incidents", "answer.people"} {
		if most == "" || sum[key] > sum[most] {
			most = key
		}
	}
	part := sum[most] / avoided
	key := map[string]string{"answer.clauses": "decide.why.clauses", "answer.incidents": "decide.why.incidents", "answer.people": "decide.why.people"}[most]
	if part < 0.2 {
		return ""
	}
	return b.Say(key, "loss", b.Part(loss), "time", b.Part(time), "part", b.Part(min(part, 1)))
}

// costOf rounds what a net costs as the table of the nets of the decision does.
func (b *builder) costOf(name string, c worth.Cost) say.Rounded {
	if d := b.Decision; d != nil && d.Set != nil {
		costs := b.tables().CostsOf(d.Set)
		if i := costs.Of(name); i >= 0 {
			return costs.Nets.Only(i)
		}
	}
	return say.Alone(c.Annual)
}

// costSaid says what a net of the decision costs, with the digits that it has in the
// table of them.
func (b *builder) costSaid(name string, c worth.Cost) string {
	cost := b.AmountTotal(b.Model.Currency.S, b.costOf(name, c))
	switch {
	case c.Free:
		return b.Say("price.free")
	case c.Unpriced:
		return b.Say("contrast.unknown")
	case c.BuildDays > 0:
		return b.Say("contrast.costs", "cost", cost, "days", b.Number(c.BuildDays))
	}
	return b.Say("contrast.ayear", "cost", cost)
}

// ready says when a net can stand.
func (b *builder) ready(n *model.Net) string {
	switch {
	case n.Ready != nil:
		return b.Say("decide.ready", "date", b.Date(n.Ready))
	case n.LeadTime != nil:
		return b.Say("decide.lead", "time", b.Span(n.LeadTime.Text))
	}
	return b.Say("decide.noready")
}

// mostDates is how many dates are told.
const mostDates = 2

// mostNamed is how many nets are named once more where they are decided on.
const mostNamed = 2

// mostPromises is of how many services it is told, one by one, who decides what they promise.
const mostPromises = 4

// next is what has to be decided next, by whom and by when: what each of some services
// promises where that is not to stay as it is, what is to be built, and dates.
func (b *builder) next(list ...*forecast.Entry) []string {
	var lines []string
	nobody := b.Say("decide.somebody")
	several := len(b.promised()) > 1
	ownerOf := func(service string) string {
		if s := b.Model.Service(service); s != nil && s.Owner.In(b.Code) != "" {
			return s.Owner.In(b.Code)
		}
		return nobody
	}
	first := list[0].Service
	owner := ownerOf(first)
	add := func(key, service, who string, nets []string) {
		target := ""
		if p := b.promise(service); p != nil && p.Target != nil {
			target = p.Target.Text
		}
		names := b.Listed(b.quoted(nets))
		if len(nets) > mostNamed && len(nets) == len(b.Decision.Nets) {
			names = b.Say("decide.next.all", "count", fmt.Sprint(len(nets))) // they are named above
		}
		by, _ := b.decideBy(service)
		said := b.Say(key, "who", who, "target", target, "nets", names, "by", by)
		if who == nobody {
			said = capitalised(said) // a name is not changed
		}
		if several && key != "decide.next.net" {
			said = b.Say("decide.of", "name", b.title(service), "said", said)
		}
		lines = append(lines, said)
	}
	lower := func(service string) bool {
		p := b.promise(service)
		return p != nil && p.Target != nil && !p.Wanted
	}
	// Who owns a net decides on it: with what their service promises or, where they have
	// none, by the date of the first.
	mine, theirs := map[string][]string{}, map[string][]string{}
	var others []string
	for _, name := range b.Decision.Nets {
		of := b.Model.Net(name).Owner.In(b.Code)
		at := slices.IndexFunc(list, func(e *forecast.Entry) bool { return ownerOf(e.Service) == of })
		if of == "" || !several {
			at = 0
		}
		switch {
		case at >= 0:
			mine[list[at].Service] = append(mine[list[at].Service], name)
		case theirs[of] == nil:
			others = append(others, of)
			fallthrough
		default:
			theirs[of] = append(theirs[of], name)
		}
	}
	told := map[string]bool{}
	for _, e := range list {
		service := e.Service
		if p := b.promise(service); p == nil || p.Today != e || told[service] || len(told) == mostPromises {
			continue
		}
		_, dated := b.decideBy(service)
		switch nets := mine[service]; {
		case len(nets) > 0 && lower(service):
			add("decide.next.both", service, ownerOf(service), nets)
		case len(nets) > 0:
			add("decide.next.net", service, ownerOf(service), nets)
		case lower(service):
			add("decide.next.promise", service, ownerOf(service), nil)
		case dated:
			add("decide.next.again", service, ownerOf(service), nil)
		default:
			continue
		}
		told[service] = true
	}
	for _, of := range others {
		add("decide.next.net", first, of, theirs[of])
	}
	shown := 0
	for _, x := range b.Decision.Next {
		if shown == mostDates {
			break
		}
		name := x.Of.Name
		switch x.Of.Kind {
		case scenario.ServiceThing:
			if told[name] {
				continue // that is one of the lines above
			}
			name = b.title(name)
		case scenario.RiskThing:
			if r := b.Model.Risk(name); r != nil && r.Title.Is() {
				name = r.Title.In(b.Code)
			}
		case scenario.NetThing:
			name = b.netTitle(name)
		}
		who := x.Who.In(b.Code)
		if who == "" {
			who = owner
		}
		key := "decide.next." + string(x.What)
		if x.Late {
			key += ".late"
		}
		lines = append(lines, b.Say(key, "who", who, "name", name, "date", b.Date(x.By)))
		shown++
	}
	if shown == 0 && !several {
		lines = append(lines, b.Say("decide.nodate"))
	}
	return lines
}

// decideBy is by when it is to be decided what a service promises.
func (b *builder) decideBy(service string) (said string, dated bool) {
	for _, x := range b.Decision.Next {
		if x.What == decision.Promised && x.Of.Name == service {
			return b.Say(map[bool]string{false: "decide.by", true: "decide.by.late"}[x.Late], "date", b.Date(x.By)), true
		}
	}
	return b.Say("decide.by.none"), false
}
