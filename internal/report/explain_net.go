package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
)

// netSheet says what a net does to risks and promises, and what it takes.
func netSheet(n *explain.Net, o ExplainOptions) *sheet {
	s := &sheet{first: netSentence(n, o)}
	if n.Impossible == "" {
		s.rest = netPromise(n)
	}
	s.tell(netFacts(n, o))
	if n.Impossible != "" {
		return s
	}
	promises := promiseTable(n.Objectives)
	s.show("What it does to each promise", "without it → with it", &promises)
	about := "without it → with it"
	to := soleUsers(n.Risks)
	if to != "" {
		about += ", for users of " + to
	}
	risks := riskChangeTable(n.Risks, to)
	s.show("What it does to each risk", about, &risks)
	return s
}

// standsNow reports whether a net is in place; of one that is not, what it does
// is said as what it would do.
func standsNow(n *explain.Net) bool { return n.Status == model.InPlace }

// standsHere reports whether a net stands in what it is explained with, so that
// what is compared with that is to be without it.
func standsHere(n *explain.Net, o ExplainOptions) bool {
	switch {
	case slices.Contains(o.With, n.Name):
		return true
	case slices.Contains(o.Without, n.Name):
		return false
	}
	requires := func(name string) bool { return slices.Contains(n.RequiredBy, name) }
	return standsNow(n) || slices.ContainsFunc(n.Gone, requires)
}

// netSentence says what a net gives and takes.
func netSentence(n *explain.Net, o ExplainOptions) string {
	if n.Impossible != "" {
		return fmt.Sprintf("%s (%s) cannot be weighed: %s.", n.Name, netStatus(n.Status), strings.TrimSuffix(n.Impossible, "."))
	}
	verb := map[bool][3]string{true: {"takes", "adds", "changes"}, false: {"would take", "would add", "would change"}}[standsNow(n)]
	cost := netCost(n, o)
	if top := largestChange(n.Objectives); top != nil {
		by := top.BadPerYear.By()
		switch before, after := about(top.BadPerYear.Before), about(top.BadPerYear.After); {
		case before == after:
			return fmt.Sprintf("%s (%s) %s nothing that counts for %s, %s.", n.Name, netStatus(n.Status), verb[2], top.Service, cost)
		case by < 0:
			return fmt.Sprintf("%s (%s) %s %s of lost time a year off %s, %s.", n.Name, netStatus(n.Status), verb[0], about(-by), top.Service, cost)
		default:
			return fmt.Sprintf("%s (%s) %s %s of lost time a year to %s, %s.", n.Name, netStatus(n.Status), verb[1], about(by), top.Service, cost)
		}
	}
	return fmt.Sprintf("%s (%s) costs %s; no service has an objective to weigh it by.", n.Name, netStatus(n.Status), netPrice(n, o))
}

// largestChange is the objective whose lost time changes most.
func largestChange(list []explain.ObjectiveChange) *explain.ObjectiveChange {
	var top *explain.ObjectiveChange
	for i := range list {
		if top == nil || math.Abs(list[i].BadPerYear.By()) > math.Abs(top.BadPerYear.By()) {
			top = &list[i]
		}
	}
	return top
}

// netPromise says what becomes of the promise that changes most.
func netPromise(n *explain.Net) string {
	top := largestChange(n.Objectives)
	if top == nil {
		return ""
	}
	said := fmt.Sprintf("%s over %s", top.Target.Text, windowText(top.WindowSay))
	before, after := chanceOr(top.Met.Before), chanceOr(top.Met.After)
	would := "would be"
	if standsNow(n) {
		would = "is"
	}
	switch {
	case top.Met.Before < 5e-5 && top.Met.After < 5e-5:
		stays := "stays"
		if !standsNow(n) {
			stays = "would stay"
		}
		said += fmt.Sprintf(" %s out of reach; what could be promised %s %s instead of %s.", stays,
			would, goodTime(top.Achievable.After), goodTime(top.Achievable.Before))
		if goodTime(top.Achievable.After) == goodTime(top.Achievable.Before) {
			said = fmt.Sprintf("%s over %s %s out of reach.", top.Target.Text, windowText(top.WindowSay), stays)
		}
		return said
	case before == after:
		return said + fmt.Sprintf(" %s met with a chance of %s either way.", would, after)
	}
	return said + fmt.Sprintf(" %s met with a chance of %s instead of %s.", would, after, before)
}

// chanceOr says a chance that may be nothing or certain.
func chanceOr(p float64) string {
	switch {
	case p < say.Trillionth:
		return "0%"
	case p > 1-say.Trillionth:
		return "100%"
	}
	return chance(p)
}

func netStatus(s model.NetStatus) string {
	switch s {
	case model.InPlace:
		return "stands"
	case model.Building:
		return "building"
	}
	return string(s)
}

// netCost says what a net costs, behind what it does.
func netCost(n *explain.Net, o ExplainOptions) string { return "for " + netPrice(n, o) }

// netPrice is the same as the object of a sentence.
func netPrice(n *explain.Net, o ExplainOptions) string {
	c := n.Cost
	switch {
	case c.Free:
		return "a cost that is not told"
	case c.Unpriced && c.Annual == 0:
		return fmt.Sprintf("%s person-days a year", digits(c.EffortPerYear()))
	case c.Unpriced:
		return fmt.Sprintf("%s and %s person-days a year", amount(c.Annual, o.Currency), digits(c.EffortPerYear()))
	}
	return amount(c.Annual, o.Currency) + " a year"
}

func netFacts(n *explain.Net, o ExplainOptions) []document.Fact {
	var l factList
	owner := ""
	if n.Owner != "" {
		owner = "owned by " + n.Owner
	}
	l.say("net", joined("; ", ownTitle(n.Title.In("en"), n.Name), joined(", ", string(n.Kind), owner)))
	sign, st, status := "○", document.Faint, netStatus(n.Status)
	switch {
	case standsNow(n):
		sign, st = "✓", document.Good
	case n.Rejects:
		sign, status = "✗", "rejected: what follows is for the record"
	}
	if n.Ready != nil {
		status += ", ready " + n.Ready.Text
	}
	if n.LeadTime != nil && !standsNow(n) {
		status += ", takes " + windowSaid(*n.LeadTime) + " to stand"
	}
	l.mark("status", sign, st, status)
	l.say("nets", o.withNets())
	l.say("cost", costLines(n, o)...)
	l.say("angle", angleOf(n))
	boundTo(&l, "requires", n.Requires)
	l.say("required by", listed(n.RequiredBy))
	boundTo(&l, "excludes", n.Excludes)
	boundTo(&l, "replaces", n.Replaces)
	l.say("compared", comparedWith(n, o))
	if n.Impossible != "" {
		l.say("written", written(n.Pos))
		return l
	}
	l.say("people", peopleLines(n)...)
	l.say("loss", lossLines(n, o)...)
	l.say("written", written(n.Pos))
	return l
}

// costLines say what a net takes to build and to run.
func costLines(n *explain.Net, o ExplainOptions) []string {
	c := n.Cost
	if c.Free {
		return []string{"not told"}
	}
	if c.Unpriced {
		return []string{netPrice(n, o), english().Message(c.Why)}
	}
	said := amount(c.Annual, o.Currency) + " a year"
	if c.AnnualLow < c.AnnualHigh {
		said += fmt.Sprintf(" (%s to %s)", amount(c.AnnualLow, ""), amount(c.AnnualHigh, ""))
	}
	run := ""
	if c.RunPerYear > 0 {
		run = amount(c.RunPerYear, "") + " a year to run" + inDays(c.RunDaysPerYear, " a year")
	}
	if c.Build <= 0 && c.RunPerYear > 0 {
		return []string{said + " to run" + inDays(c.RunDaysPerYear, " a year")}
	}
	build := fmt.Sprintf("%s to build%s, spread over %s", amount(c.Build, ""), inDays(c.BuildDays, ""), windowSaid(c.LastsYears*model.Year))
	return []string{said + ": " + joined("; ", build, run)}
}

func inDays(days float64, per string) string {
	if days == 0 {
		return ""
	}
	return fmt.Sprintf(" (with %s person-days%s)", digits(days), per)
}

func angleOf(n *explain.Net) string {
	if n.Angle == "" || n.Angle == n.Name {
		return ""
	}
	if len(n.SameAngle) > 0 {
		return fmt.Sprintf("%s, as %s", n.Angle, listed(n.SameAngle))
	}
	return n.Angle
}

// boundTo adds the nets that one is bound to.
func boundTo(l *factList, key string, list []explain.Other) {
	var parts []string
	for _, x := range list {
		status := netStatus(x.Status)
		switch {
		case x.Stands && x.Status != model.InPlace:
			status = "added"
		case !x.Stands && x.Status == model.InPlace:
			status = "taken away"
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", x.Name, status))
	}
	l.say(key, listed(parts))
}

// comparedWith says what else changes between the two forecasts.
func comparedWith(n *explain.Net, o ExplainOptions) string {
	var parts []string
	if len(n.With) > 0 {
		parts = append(parts, fmt.Sprintf("%s %s too (not in its price)", listed(n.With), agreeing(n.With, "stands", "stand")))
	}
	if len(n.Gone) > 0 {
		parts = append(parts, fmt.Sprintf("%s %s gone", listed(n.Gone), agreeing(n.Gone, "is", "are")))
	}
	if len(parts) == 0 {
		return ""
	}
	if standsHere(n, o) {
		return "without it, " + strings.Join(parts, ", and ")
	}
	return "with it, " + strings.Join(parts, ", and ")
}

func agreeing(names []string, one, many string) string {
	if len(names) == 1 {
		return one
	}
	return many
}

// peopleLines say what it asks of people, where that changes.
func peopleLines(n *explain.Net) []string {
	var lines []string
	add := func(c explain.Change, say func(float64) string, unit string) {
		if before, after := say(c.Before), say(c.After); before != after {
			lines = append(lines, before+" → "+after+unit)
		}
	}
	add(n.Load, pagesSaid, " pages a week")
	add(n.Manual, digits, " hours a year of recovery by hand")
	add(n.Process, digits, " hours a year of process")
	if len(lines) == 0 {
		return nil
	}
	return []string{strings.Join(lines, "; ")}
}

// lossLines hold a net's price against what it saves.
func lossLines(n *explain.Net, o ExplainOptions) []string {
	if n.Loss == nil {
		return nil
	}
	before, after := amount(n.Loss.Before, ""), amount(n.Loss.After, "")
	lines := []string{fmt.Sprintf("%s a year expected", joined(" ", fromTo(before, after), o.Currency))}
	if before == after {
		lines[0] += " either way"
	}
	if len(n.LossOpen) > 0 {
		lines[0] += fmt.Sprintf("; of %s something is unknown", listed(n.LossOpen))
	}
	saved := -n.Loss.By()
	word := "saves"
	if !standsNow(n) {
		word = "would save"
	}
	switch {
	case n.Cost.Free || n.Cost.Unpriced || before == after:
	case saved > n.Cost.Annual:
		lines = append(lines, fmt.Sprintf("it %s %s a year, more than its price of %s", word, amount(saved, ""), amount(n.Cost.Annual, "")))
	case saved > 0:
		lines = append(lines, fmt.Sprintf("it %s %s a year, less than its price of %s", word, amount(saved, ""), amount(n.Cost.Annual, "")))
	}
	return lines
}

// promiseTable is what a net does to each objective.
func promiseTable(list []explain.ObjectiveChange) document.Table {
	t := document.Table{Columns: []document.Column{{Head: "promise"}, {Head: "chance to meet it"}, {Head: "could be promised"}, {Head: "lost/year"}}}
	for i := range list {
		c := &list[i]
		name := c.Service
		if c.Objective != "" && c.Objective != "available" {
			name += " (" + c.Objective + ")"
		}
		sign, st := "✗", document.Bad
		switch c.Verdict[1] {
		case forecast.Achievable:
			sign, st = "✓", document.Good
		case forecast.Undecided:
			sign, st = "?", document.Faint
		}
		r := t.Add(fmt.Sprintf("%s %s over %s", name, c.Target.Text, windowText(c.WindowSay)), fromTo(chanceOr(c.Met.Before), chanceOr(c.Met.After)),
			fromTo(goodTime(c.Achievable.Before), goodTime(c.Achievable.After)), fromTo(about(c.BadPerYear.Before), about(c.BadPerYear.After)))
		marked(r, sign, st)
	}
	return t
}

// soleUsers is the service whose users all numbers are about; empty where there
// are several.
func soleUsers(list []explain.RiskChange) string {
	to := ""
	for i, c := range list {
		if i > 0 && c.To != to {
			return ""
		}
		to = c.To
	}
	return to
}

// riskChangeTable is what a net does to each risk that it changes.
func riskChangeTable(list []explain.RiskChange, sole string) document.Table {
	t := document.Table{Columns: []document.Column{{}, {Head: "a year"}, {Head: "each"}, {Head: "lost/year"}, {Right: true}}}
	for i := range list {
		if i == sourceRows {
			t.Foot = fmt.Sprintf("and %s more; --format json has all", grouped(float64(len(list)-i)))
			break
		}
		c := &list[i]
		by := ""
		if c.BadPerYear.Before > 0 {
			by = signedShare(c.BadPerYear.By() / c.BadPerYear.Before)
		}
		r := t.Add(c.Name, fromTo(digits(c.IncidentsPerYear.Before), digits(c.IncidentsPerYear.After)),
			fromTo(about(c.BadPerIncident.Before), about(c.BadPerIncident.After)),
			fromTo(about(c.BadPerYear.Before), about(c.BadPerYear.After)), by)
		title := ownTitle(english().BesideName(c.Title, c.Made), c.Name)
		where, to := "", ""
		if c.Service != c.To && !strings.Contains(c.Name, c.Service) {
			where = "on " + c.Service
		}
		if sole == "" && c.To != "" {
			to = "for users of " + c.To
		}
		r.Note = joined(", ", title, where, to)
	}
	return t
}

// signedShare says a relative change: −98%, +30%.
func signedShare(v float64) string {
	switch said := share(math.Abs(v)); {
	case said == "0%":
		return said
	case v < 0:
		return "−" + said
	default:
		return "+" + said
	}
}
