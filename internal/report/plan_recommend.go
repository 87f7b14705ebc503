package report

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/message"
	"tightrope/internal/plan"
	"tightrope/internal/safetext"
)

// recommendation says which nets are worth building and what may be promised with
// them, or why nothing is recommended by money.
func (p *planReport) recommendation() string {
	x := p.Recommendation
	if x == nil {
		if !p.NotRecommended.Is() {
			return ""
		}
		why := english().Message(p.NotRecommended)
		if left := len(p.Missing) - namedNets; !p.b.all && left > 1 {
			why = english().Message(message.LossUnknown(p.Missing[:namedNets])) + fmt.Sprintf(" and %d more", left)
		}
		return "Nothing is recommended by money: " + why + "."
	}
	said := []string{p.worthBuilding(x), p.worthPromising(x)}
	if beyond := p.beyond(x); beyond != "" {
		said = append(said, beyond)
	}
	if p.Mode != plan.Worth {
		said = append(said, p.asked()+" shows that plan.")
	}
	return strings.Join(said, " ")
}

// worthBuilding names the nets with the least total.
func (p *planReport) worthBuilding(x *plan.Recommendation) string {
	what := "nothing is worth building"
	if !p.idle(x.Plan) {
		what = p.naming(x.Plan)
	}
	cost, loss, total := p.tables().CostAndLoss(x.Plan)
	said := "Recommended: " + what
	if x.Plan.AnnualCost > 0 {
		said += fmt.Sprintf(", for %s%s; with an expected loss of %s that is %s a year together", p.money.said(cost)+" a year", work(x.Plan), p.money.said(loss), p.money.said(total))
	} else {
		said += fmt.Sprintf("; the expected loss is %s a year", p.money.said(loss))
	}
	switch {
	case x.Moved:
		return said + ", the least of the sets compared."
	case x.Optimal:
		return said + ", the least of all sets of nets."
	case math.IsInf(x.Gap, 0) || math.IsNaN(x.Gap):
		return said + ", the best that is known: " + p.ended() + "."
	}
	return said + fmt.Sprintf(", the best that is known: %s, and up to %s less may be possible.", p.ended(), p.money.aYear(x.Gap))
}

// listed names nets; a brief names some, and says how many others there are.
func (p *planReport) listed(nets []string) string {
	if p.b.all || len(nets) <= namedNets+1 {
		return listed(nets)
	}
	return listed(append(nets[:namedNets:namedNets], fmt.Sprintf("%d more", len(nets)-namedNets)))
}

// naming says what a plan does, with all of its nets by name.
func (p *planReport) naming(x *plan.Plan) string {
	news, _ := p.news(x)
	var parts []string
	if len(news) > 0 {
		parts = append(parts, "build "+p.listed(news))
	}
	if len(x.Removed) > 0 {
		parts = append(parts, "take "+p.listed(x.Removed)+" away")
	}
	return strings.Join(parts, ", and ")
}

// work says what it takes to build, after a comma.
func work(x *plan.Plan) string {
	if w := buildWork(x); w != "" {
		return " (" + w + ")"
	}
	return ""
}

// said is an amount that is in words already, with the currency.
func (c currency) said(amount string) string {
	if c == "" {
		return amount
	}
	return amount + " " + safetext.Line(string(c))
}

// worthPromising says which target the recommended nets keep.
func (p *planReport) worthPromising(x *plan.Recommendation) string {
	with := "With them"
	if p.idle(x.Plan) {
		with = "As things stand"
	}
	of := ""
	if list := p.objectives(); len(list) > 1 {
		of = " of " + keptLabel(&list[p.Main])
	}
	switch {
	case x.Kept == nil && x.Achievable != nil:
		return fmt.Sprintf("%s no usual target%s is met %s: what is met is %s.", with, of, p.demand(), goodTime(*x.Achievable))
	case x.Kept == nil:
		return fmt.Sprintf("%s no usual target%s is met %s.", with, of, p.demand())
	case x.Target == nil:
		return fmt.Sprintf("%s %s%s is the highest usual target that is met %s; users would notice neither it nor any lower one.", with, x.Kept.Text, of, p.demand())
	case x.Target.Exact.Cmp(x.Kept.Exact) != 0:
		return fmt.Sprintf("%s promise %s%s: it is met %s, as %s would be, which users would not tell from it.", with, x.Target.Text, of, p.demand(), x.Kept.Text)
	}
	return fmt.Sprintf("%s promise %s%s, the highest usual target that is met %s.", with, x.Target.Text, of, p.demand())
}

// beyond says what the objective costs beyond the recommended nets.
func (p *planReport) beyond(x *plan.Recommendation) string {
	if x.Keeps || x.Beyond == nil {
		return ""
	}
	own := p.target()
	if list := p.objectives(); len(list) == 1 {
		own = list[0].Target.Text
	}
	if x.More <= 0 {
		return ""
	}
	least := "the least total"
	if !x.BeyondOptimal {
		least = "the least total known"
	}
	return fmt.Sprintf("%s %s more than it brings: %s that meets it is %s, with %s.",
		capitalised("", own), verbFor(p.objectives(), "costs", "cost")+" "+p.money.aYear(x.More), least, p.money.aYear(*x.Beyond.Total), p.tables().Names(x.Beyond))
}

func verbFor(list []plan.Kept, one, many string) string {
	if len(list) > 1 {
		return many
	}
	return one
}

// asked is the command that shows the recommended plan.
func (p *planReport) asked() string {
	said := "tightrope plan"
	for _, path := range p.o.Paths {
		said += " " + safetext.Line(path)
	}
	said += " --worth"
	a := p.o.Asked
	if a.Review {
		said += " --review"
	}
	if len(a.Keep) > 0 {
		said += " --keep " + strings.Join(a.Keep, ",")
	}
	if len(a.Forbid) > 0 {
		said += " --forbid " + strings.Join(a.Forbid, ",")
	}
	return said
}
