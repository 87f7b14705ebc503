package report

import (
	"fmt"
	"slices"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/tables"
)

// riskSheet says what a risk does and what stands in front of it.
func riskSheet(r *explain.Risk, o ExplainOptions) *sheet {
	s := &sheet{first: riskSentence(r), rest: joined(" ", guarded(r), seenAndEnded(r))}
	s.tell(riskFacts(r, o))
	layers := layerTable(r.Layers)
	s.show("What stands in front of it, and what could", "", &layers)
	var facts factList
	remarked(&facts, r.Remarks)
	provenance(&facts, r)
	s.tell(facts)
	return s
}

// riskSentence says what a risk does to whom.
func riskSentence(r *explain.Risk) string {
	said := fmt.Sprintf("%s breaks %s%s %s", r.Name, aCopyOf(r), r.Service, timesAYear(r.IncidentsPerYear))
	if !(r.IncidentsPerYear > 0) {
		return fmt.Sprintf("%s never breaks %s.", r.Name, r.Service)
	}
	if len(r.Reaches) == 0 || r.Reaches[0].BadPerYear <= 0 {
		return said + " and costs no service any lost time."
	}
	top := r.Reaches[0]
	whom := ""
	if top.Service != r.Service {
		whom = top.Service + " "
	}
	said += fmt.Sprintf(" and costs %s%s of lost time a year", whom, about(top.BadPerYear))
	if top.BudgetShare != nil {
		said += ", " + ofBudget(*top.BudgetShare)
	}
	return said + "."
}

// aCopyOf is said before a service of which other copies go on.
func aCopyOf(r *explain.Risk) string {
	if slices.ContainsFunc(r.Layers, func(l explain.Layer) bool { return l.Kind == explain.Copies && l.Stands }) {
		return "a copy of "
	}
	return ""
}

// guarded says at how many angles something stands.
func guarded(r *explain.Risk) string {
	switch n := len(r.Angles); n {
	case 0:
		return "No net, copies or stages stand in front of it."
	case 1:
		return fmt.Sprintf("A single angle guards it: %s.", r.Angles[0])
	default:
		return fmt.Sprintf("%s angles guard it: %s.", numberWord(n), listed(r.Angles))
	}
}

// seenAndEnded says what notices most incidents first, and what ends them.
func seenAndEnded(r *explain.Risk) string {
	var seen, ended string
	var best *explain.Layer
	for i := range r.Layers {
		l := &r.Layers[i]
		if l.Kind == explain.Detection && l.First != nil && (best == nil || *l.First > *best.First) {
			best = l
		}
		if l.Kind == explain.Attempt && l.Reached != nil && l.Stops != nil && *l.Stops > 0 && ended == "" {
			ended = endedBy(l)
		}
	}
	if best != nil {
		seen = seenBy(best)
	}
	switch {
	case seen == "" && ended == "":
		return ""
	case seen == "":
		return "It is " + ended + "."
	case ended == "":
		return "It is " + seen + "."
	}
	return "It is " + seen + ", and " + ended + "."
}

func seenBy(l *explain.Layer) string {
	said := "seen " + after(l.Time)
	if name := layerName(l); !l.Unnamed {
		said = "seen by " + name + " " + after(l.Time)
	}
	return said + inCases(*l.First)
}

func endedBy(l *explain.Layer) string {
	said := "over "
	if !l.Unnamed {
		said = "ended by " + layerName(l) + " "
	}
	return said + "in " + seconds(l.Time) + inCases(*l.Stops)
}

// inCases says in how many cases, unless it is all of them.
func inCases(p float64) string {
	if p > 1-5e-5 {
		return ""
	}
	return " in " + chance(p) + " of cases"
}

func after(t *float64) string {
	if t == nil || *t <= 0 {
		return "at once"
	}
	return "after " + about(*t)
}

func seconds(t *float64) string {
	if t == nil {
		return "unknown time"
	}
	return about(*t)
}

// listedReaches is how many objectives that a risk reaches are listed.
const listedReaches = 8

func riskFacts(r *explain.Risk, o ExplainOptions) []document.Fact {
	var l factList
	owner := ""
	if r.Owner != "" {
		owner = "owned by " + r.Owner
	}
	l.say("risk", joined("; ", ownTitle(r.Title.In("en"), r.Name), joined(", ", "on "+r.Service, owner)))
	l.say("nets", o.withNets())
	l.say("how often", append([]string{oftenOf(r)}, stepsSaid(r.Steps)...)...)
	if r.Bad > 0 || r.Detect+r.Acknowledge+r.Recover > 0 {
		alone := ""
		if aCopyOf(r) != "" {
			alone = " where no other copy goes on"
		}
		answered := ""
		if r.Acknowledge > 0 {
			answered = ", answered after " + about(r.Detect+r.Acknowledge)
		}
		l.say("one costs", fmt.Sprintf("%s of lost time for users of %s%s: detected after %s%s, over after %s",
			about(r.Bad), r.Service, alone, about(r.Detect), answered, about(r.Detect+r.Acknowledge+r.Recover)))
	}
	if r.LosesEach != nil {
		l.say("loses", amount(*r.LosesEach, o.Currency)+" each time, besides what lost time costs")
	}
	key := "reaches"
	for i, reach := range r.Reaches {
		if i == listedReaches && len(r.Reaches) > listedReaches+1 {
			l.say(" ", fmt.Sprintf("and %s more; --format json has all", grouped(float64(len(r.Reaches)-i))))
			break
		}
		l = append(l, reachFact(key, &reach))
		key = ""
	}
	if r.Further > 0 {
		l.say(key, fmt.Sprintf("and %s without an objective that need it too, further off, which were not asked", counted(r.Further, "service", "services")))
	}
	return l
}

// oftenOf says how often a risk happens, and where that comes from.
func oftenOf(r *explain.Risk) string {
	often := timesAYear(r.IncidentsPerYear)
	switch {
	case r.Per != "":
		several, _ := plural(r.Per)
		return fmt.Sprintf("%s: %s of %s %s a year", often, chance(r.Chance), digits(r.ChangesPerYear), several) + asWritten(r.Often, chance(r.Chance))
	case r.Units > 1:
		return fmt.Sprintf("%s: written %s, for each of %d", often, r.Often, r.Units)
	case r.Often != "":
		return often + ": written " + r.Often
	}
	return often
}

// asWritten adds what is written where it reads otherwise.
func asWritten(text, said string) string {
	if text == "" || text == said {
		return ""
	}
	return " (written " + text + ")"
}

func reachFact(key string, r *explain.Reach) document.Fact {
	whom := r.Service
	if r.Objective != "" && r.Objective != "available" {
		whom += " (" + r.Objective + ")"
	}
	said := fmt.Sprintf("%s: %s of lost time a year", whom, about(r.BadPerYear))
	sign, st := "·", document.Faint
	if r.BudgetShare != nil {
		spent := *r.BudgetShare
		said += ", " + ofBudget(spent)
		if spent > 0 && r.Window > 0 {
			said += fmt.Sprintf(" of %s in %s", precisely(r.BadPerYear*r.Window/model.Year/spent), windowSaid(r.Window))
		}
		sign, st = ratingSign(r.Rating), tables.Rated(r.Rating)
		said += " (" + string(r.Rating) + ")"
	}
	if r.Saves != nil {
		said += "; removing it saves " + shareOf(*r.Saves)
		if r.Redundant && *r.Saves > 1.005*r.BadPerYear {
			said += ", with what is lost only while others are down too"
		}
	}
	if r.Impact > 0 && r.Impact < 1-1e-9 {
		said += ", hits " + chance(r.Impact) + " of users"
	}
	return document.Fact{Key: key, Lines: []string{said}, Sign: sign, Tone: st}
}

func ratingSign(r forecast.Rating) string {
	switch r {
	case forecast.Red:
		return "✗"
	case forecast.Amber:
		return "!"
	case forecast.Green:
		return "✓"
	}
	return "·"
}

// remarked adds what is to be said of one risk.
func remarked(l *factList, remarks []explain.Remark) {
	key := "remarks"
	for _, m := range remarks {
		l.mark(key, "!", document.Warn, remarkSaid(&m))
		key = ""
	}
}

func remarkSaid(m *explain.Remark) string {
	names := listed(m.Names)
	switch m.Code {
	case explain.NoAngle:
		return "no angle guards it: no net that stands prevents it, and no copies or stages contain it"
	case explain.SingleAngle:
		return fmt.Sprintf("a single angle guards it, %s: what that misses reaches users", names)
	case explain.LastResort:
		return fmt.Sprintf("known from %s only: no alarm or probe sees it sooner", names)
	case explain.SameAngle:
		return fmt.Sprintf("%s look from the same angle, of which only the best one counts", names)
	case explain.UnnamedDetection:
		return "nothing says by what it is detected"
	case explain.UnnamedRecovery:
		return "nothing says who ends it, and how"
	case explain.NoSource:
		return "nothing says where its numbers come from"
	case explain.ReviewOverdue:
		return "review overdue since " + dayAgo(m)
	case explain.AcceptedTooLong:
		return "accepted until " + dayAgo(m) + ": accept it again, or end it"
	}
	return strings.TrimSpace(strings.ReplaceAll(string(m.Code), "-", " ") + " " + names)
}

func dayAgo(m *explain.Remark) string {
	if m.Date == nil {
		return "a day that has passed"
	}
	return fmt.Sprintf("%s, %s ago", m.Date.Text, counted(m.Days, "day", "days"))
}

// provenance adds where the numbers of a risk come from, and who accepted it.
func provenance(l *factList, r *explain.Risk) {
	var dates []string
	if d := r.From.AsOf; d != nil {
		dates = append(dates, "as of "+d.Text)
	}
	switch {
	case r.From.Due != nil && r.From.Overdue != nil && *r.From.Overdue:
		dates = append(dates, "review overdue since "+r.From.Due.Text)
	case r.From.Due != nil:
		dates = append(dates, "to be looked at again by "+r.From.Due.Text)
	case r.From.Review != nil:
		dates = append(dates, "to be looked at again every "+windowSaid(*r.From.Review)+", but nothing says of when it is")
	}
	if said := joined("; ", r.From.Source.In("en"), joined(", ", dates...)); said != "" {
		l.say("source", said)
	}
	if a := r.Accepted; a != nil {
		said := "by " + a.By.In("en")
		if a.Since != nil {
			said += " since " + a.Since.Text
		}
		if a.Until != nil {
			said += " until " + a.Until.Text
		}
		if a.RunOut != nil && *a.RunOut {
			said += ", which has passed"
		}
		l.say("accepted", joined(": ", said, a.Because.In("en")))
	}
	l.say("written", written(r.Pos))
}

// A gathering is the risks about which the same is to be said.
type gathering struct {
	code  explain.RemarkCode
	by    string // that they are known from
	risks []string
}

// gathered puts the remarks about several risks together by what they say.
func gathered(remarks []explain.Remark) []gathering {
	var out []gathering
	for _, m := range remarks {
		g := gathering{code: m.Code}
		risk := m.Risk
		switch {
		case m.Code == explain.LastResort:
			g.by = listed(m.Names)
		case m.Date != nil:
			risk += " (" + m.Date.Text + ")"
		case len(m.Names) > 0:
			risk += " (" + listed(m.Names) + ")"
		}
		i := slices.IndexFunc(out, func(k gathering) bool { return k.code == g.code && k.by == g.by })
		if i < 0 {
			i = len(out)
			out = append(out, g)
		}
		out[i].risks = append(out[i].risks, risk)
	}
	place := func(g gathering) int {
		if i := slices.Index(remarkOrder, g.code); i >= 0 {
			return i
		}
		return len(remarkOrder)
	}
	slices.SortStableFunc(out, func(a, b gathering) int { return place(a) - place(b) })
	return out
}

// remarkOrder is the order in which remarks about several risks are told.
var remarkOrder = []explain.RemarkCode{
	explain.NoAngle, explain.SingleAngle, explain.LastResort, explain.ReviewOverdue, explain.AcceptedTooLong,
	explain.SameAngle, explain.UnnamedDetection, explain.UnnamedRecovery, explain.NoSource,
}

func (g gathering) said() string {
	risks := listed(g.risks)
	switch g.code {
	case explain.NoAngle:
		return "no angle guards " + listed(g.risks)
	case explain.SingleAngle:
		return "a single angle guards " + listed(g.risks)
	case explain.LastResort:
		return fmt.Sprintf("known from %s only: %s", g.by, listed(g.risks))
	case explain.ReviewOverdue:
		return "review overdue: " + listed(g.risks)
	case explain.AcceptedTooLong:
		return "accepted until a day that has passed: " + listed(g.risks)
	case explain.SameAngle:
		return "nets look from the same angle at " + listed(g.risks)
	case explain.UnnamedDetection:
		return "nothing says what detects " + risks
	case explain.UnnamedRecovery:
		return "nothing says who ends " + risks
	case explain.NoSource:
		return "nothing says where the numbers come from of " + risks
	}
	return strings.ReplaceAll(string(g.code), "-", " ") + " " + risks
}
