package page

import (
	"fmt"
	"strings"

	"tightrope/internal/decision"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
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

// firstThing is what to do first, and what comes after it.
func (b *builder) firstThing(service string) []string {
	d := b.Decision
	name, step := d.First()
	if name == "" {
		switch {
		case !b.proposes():
			return []string{b.Say("decide.noproposal")}
		case b.planOf(service) == nil:
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
		saved := say.Alone(avoided)
		said := b.AmountTotal(b.Model.Currency.S, saved)
		// What is left is the difference of what is said.
		if after := saved.Sum - b.costOf(name, c).Sum; after > 0 && alone && !c.Unpriced {
			parts = append(parts, b.Say("decide.saves.both", "saved", said, "after", b.AmountTotal(b.Model.Currency.S, say.Alone(after))))
		} else {
			parts = append(parts, b.Say("decide.saves", "saved", said))
		}
	} else if step != nil && step.Gain > 0 && step.Plan != nil {
		parts = append(parts, b.Say("decide.gains", "chance", b.Likely(step.Plan.Met)))
	}
	parts = append(parts, b.ready(n))
	owner := n.Owner.In(b.Code)
	if owner != "" {
		parts = append(parts, b.Say("decide.owner", "owner", owner))
	} else {
		parts = append(parts, b.Say("decide.noowner"))
	}
	lines := []string{b.Say("decide.first", "net", b.quoted([]string{name})[0], "facts", strings.Join(parts, b.Say("decide.comma")))}
	var rest []string
	for _, x := range d.Nets {
		if x != name {
			rest = append(rest, b.quoted([]string{x})[0])
		}
	}
	if x := d.Set; len(rest) > 0 && x != nil {
		cost := b.AmountTotal(b.Model.Currency.S, b.tables().CostsOf(x).Nets)
		said := b.Say("decide.then", "nets", b.Listed(rest), "cost", cost)
		if v := d.Saves(); v != nil && *v > 0 {
			said += " " + b.Say("decide.sum", "saved", b.money(*v))
		} else if v != nil && *v < 0 {
			said += " " + b.Say("decide.sum.more", "more", b.money(-*v))
		}
		lines = append(lines, said)
	}
	if d.Cut {
		lines = append(lines, b.Say("answer.unproven"))
	}
	return lines
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

// next is what has to be decided next, by whom and by when.
func (b *builder) next(service string) []string {
	var lines []string
	nobody := b.Say("decide.somebody")
	owner, several := nobody, len(b.promised()) > 1
	if s := b.Model.Service(service); s != nil && s.Owner.In(b.Code) != "" {
		owner = s.Owner.In(b.Code)
	}
	p := b.promise(service)
	lower := p != nil && p.Target != nil && !p.Wanted
	by, dated := b.decideBy(service)
	add := func(key, who string, nets []string) {
		target := ""
		if lower {
			target = p.Target.Text
		}
		list := b.Listed(b.quoted(nets))
		if len(nets) > mostNamed && len(nets) == len(b.Decision.Nets) {
			list = b.Say("decide.next.all", "count", fmt.Sprint(len(nets))) // they are named above
		}
		said := b.Say(key, "who", who, "target", target, "nets", list, "by", by)
		if who == nobody {
			said = capitalised(said) // a name is not changed
		}
		if several && len(nets) == 0 {
			said = b.Say("decide.of", "name", b.title(service), "said", said)
		}
		lines = append(lines, said)
	}
	// Nets that somebody else owns are decided by them.
	var mine []string
	theirs := map[string][]string{}
	var others []string
	for _, name := range b.Decision.Nets {
		of := b.Model.Net(name).Owner.In(b.Code)
		switch {
		case of == "" || of == owner || !several:
			mine = append(mine, name)
		case theirs[of] == nil:
			others = append(others, of)
			fallthrough
		default:
			theirs[of] = append(theirs[of], name)
		}
	}
	switch {
	case len(mine) > 0 && lower:
		add("decide.next.both", owner, mine)
	case len(mine) > 0:
		add("decide.next.net", owner, mine)
	case lower:
		add("decide.next.promise", owner, nil)
	case dated:
		add("decide.next.again", owner, nil)
	}
	for _, of := range others {
		add("decide.next.net", of, theirs[of])
	}
	shown := 0
	for _, x := range b.Decision.Next {
		if shown == mostDates {
			break
		}
		name := x.Of.Name
		switch x.Of.Kind {
		case scenario.ServiceThing:
			if name == service {
				continue // that is the first line
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
	if shown == 0 {
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
