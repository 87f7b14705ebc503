package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tightrope/internal/diff"
	"tightrope/internal/forecast"
	"tightrope/internal/safetext"
)

// diffHeadline says what moved and why: of the objective that moved the most,
// and then what else there is.
func diffHeadline(r *diff.Result) (first, rest string) {
	rows, still := diffRows(r)
	switch {
	case r.Ended && len(r.Objectives) == 0:
		first = "It ended before the models were forecast: only what was changed is known."
	case len(rows) == 0 && len(still) == 0:
		first = "No service that was compared has an objective."
	case len(rows) == 0:
		first = "No promise is touched: " + untouched(r) + "."
	default:
		rows = foremost(rows)
		first = moveSentence(rows[0])
		if len(rows) > 1 {
			first += " " + others(rows[1:])
		}
	}
	return first, planSentence(r)
}

// foremost puts first what a reader must hear first: a chance that moved, then
// promises that are gone or new, then lost time, then what nothing is known of any more.
func foremost(rows []*diff.Objective) []*diff.Objective {
	rank := func(o *diff.Objective) int {
		switch {
		case o.By == diff.InChance && !nothingKnown(o.New):
			return 0
		case o.New == nil:
			return 1
		case o.Old == nil:
			return 2
		case o.By == diff.InBadTime:
			return 3
		case o.By == diff.InChance: // nothing is known of it any more
			return 4
		}
		return 5
	}
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b *diff.Objective) int { return rank(a) - rank(b) })
	return rows
}

// untouched says what a change without effect consists of.
func untouched(r *diff.Result) string {
	words := true
	for _, c := range r.Changes {
		words = words && c.Words()
	}
	if words {
		return counted(len(r.Changes), "change", "changes") + ", to words only"
	}
	return counted(len(r.Changes), "change that does not bear on lost time", "changes that do not bear on lost time")
}

// moveSentence says how one objective moved, and why.
func moveSentence(o *diff.Objective) string {
	name := label(now(o)) + ": "
	switch {
	case o.Old == nil:
		return name + "new, " + newSentence(o.New)
	case o.New == nil && o.Old.Objective == nil:
		return name + "no longer there."
	case o.New == nil:
		return fmt.Sprintf("%s%s is no longer promised.", name, promise(o.Old, o.Old.Objective.Target.Text))
	case o.New.Objective == nil:
		return fmt.Sprintf("%slost time goes %s a year%s.", name, arrow(o, yearly), becauseOf(o))
	case nothingKnown(o.New):
		return name + "nothing is listed any more that could go wrong, so " + english().NotKnown(o.New)
	case nothingKnown(o.Old):
		return name + "so far nothing was listed that could go wrong; now " + newSentence(o.New)
	}
	said := promise(o.New, o.New.Objective.Target.Text)
	if t := o.Old.Objective.Target; t.Exact.Cmp(o.New.Objective.Target.Exact) != 0 && o.By != diff.InChance {
		said += " instead of " + t.Text
	}
	if o.By != diff.InChance {
		a, b := twoChances(o)
		chances := "is met with " + b + ", as before"
		switch {
		case b == "never":
			chances = "is never met, as before"
		case a != b:
			chances = fmt.Sprintf("is met with %s, nearly as before (%s)", b, a)
		}
		if o.By == diff.Nowhere {
			if was, is := yearly(o.Old), yearly(o.New); was != is {
				return fmt.Sprintf("%s%s %s; lost time goes %s → %s a year.", name, said, chances, was, is)
			}
			return fmt.Sprintf("%s%s %s.", name, said, chances)
		}
		return fmt.Sprintf("%s%s %s, but lost time goes %s a year%s.", name, said, chances, arrow(o, yearly), becauseOf(o))
	}
	a, b := twoChances(o)
	c := cadenceOf(o.New.Window, o.New.WindowSay)
	of := " of " + c.Many()
	if !c.Named() {
		of = " of windows of " + windowText(o.New.WindowSay)
	}
	said += " is met " + b
	switch {
	case a == "never" && b != "never":
		said += of + " instead of never"
	case b == "never":
		said += " instead of " + a + of
	case a == b:
		said += of
	default:
		said += " instead of " + a + of
	}
	if o.Old.Verdict != o.New.Verdict {
		asked := percent(o.New.Confidence)
		if o.New.Verdict == forecast.Achievable {
			said += " (enough: " + asked + " is asked for)"
		} else {
			said += " (no longer enough: " + asked + " is asked for)"
		}
	}
	return name + said + becauseOf(o) + "."
}

func yearly(e *forecast.Entry) string { return about(e.PerYear) }

func newSentence(e *forecast.Entry) string {
	switch {
	case nothingKnown(e):
		return english().NotKnown(e)
	case e.Objective == nil:
		return about(e.PerYear) + " of lost time a year."
	}
	return fmt.Sprintf("%s is met with a chance of %s; %s is asked for.", promise(e, e.Objective.Target.Text), chanceBeside(e.Met.Value, e.Confidence), percent(e.Confidence))
}

// becauseOf names the changes that moved an objective: those that pushed it
// where it went and, if they are large, those that held against it.
func becauseOf(o *diff.Objective) string {
	if len(o.Causes) == 0 {
		return ""
	}
	size := func(c *diff.Cause) float64 {
		if o.By == diff.InChance && !o.Joint {
			return c.Effect
		}
		return -c.Longer
	}
	went := o.Moved()
	if o.By != diff.InChance || went == 0 {
		went = -o.Longer()
	}
	var with, against []string
	most := 0.0
	for _, c := range o.Causes {
		most = math.Max(most, math.Abs(size(c)))
	}
	left := 0
	for _, c := range o.Causes {
		large := math.Abs(size(c)) >= 0.3*most
		switch {
		case size(c)*went < 0 && large && len(against) < 1:
			against = append(against, causePhrase(c))
		case size(c)*went < 0:
		case len(with) == 0, large && len(with) < 2:
			with = append(with, causePhrase(c))
		default:
			left++
		}
	}
	said := ""
	if len(with) > 0 {
		said = ", because "
		if o.Joint {
			said = ", by several changes together, most of them: "
		}
		said += listed(with)
		if left > 0 {
			said += " (and " + counted(left, "smaller cause", "smaller causes") + ")"
		}
	}
	if len(with) == 0 && len(against) > 0 {
		said = ", by changes that only act together"
	}
	if len(against) > 0 {
		said += ", although " + against[0]
	}
	return said
}

// causePhrase is a cause within a sentence.
func causePhrase(c *diff.Cause) string { return changesPhrase(c.Changes) }

// changesPhrase names the changes of one element, and what goes with them.
func changesPhrase(changes []*diff.Change) string {
	if len(changes) == 0 {
		return "of what changed"
	}
	var own, other []string
	first := changes[0]
	for _, c := range changes {
		switch {
		case c.Element == first.Element && c.Name == first.Name:
			own = append(own, changePhrase(c))
		case c.Field == "":
			other = append(other, named(c))
		default:
			other = append(other, c.Field+" of "+named(c))
		}
	}
	if len(own) > 2 {
		own = append(own[:1], counted(len(own)-1, "other field", "other fields")+" of it")
	}
	said := listed(own)
	if len(other) > 3 {
		other = append(other[:2], counted(len(other)-2, "more", "more"))
	}
	if len(other) > 0 {
		said += " (with " + listed(other) + ")"
	}
	return said
}

// named is the element of a change: "risk disk".
func named(c *diff.Change) string { return strings.TrimSpace(c.Element + " " + c.Name) }

// verbs are how people say some fields.
var verbs = map[string]string{
	"every": "comes every", "takes": "takes", "works": "works", "restores": "restores", "catches": "catches",
	"acknowledges": "acknowledges in", "after": "fires after", "status": "is", "by": "is done by", "outage": "is out for",
}

// changePhrase is one change within a sentence: "chance of bad-release went
// 4% → 1%".
func changePhrase(c *diff.Change) string {
	of := c.Name
	if of == "" {
		of = "the " + c.Element
	}
	field := c.Field + " of " + of
	was, is := shortened(c.Old), shortened(c.New)
	switch {
	case c.Field == "" && c.Kind == diff.Added:
		return named(c) + " was added"
	case c.Field == "":
		return named(c) + " was removed"
	case c.Element == "model":
		field = c.Field
	case c.Field == "objective target":
		field = "the target of " + of
	}
	verb := verbs[c.Field]
	switch {
	case c.Kind == diff.Added:
		return field + " was added"
	case c.Kind == diff.Removed:
		return field + " was removed"
	case verb != "" && was != "" && is != "":
		return of + " " + verb + " " + is + " instead of " + was
	case c.Reordered:
		return "the order in " + field + " went " + was + " → " + is
	case was == "":
		return field + " is now " + is
	case is == "":
		return field + " (" + was + ") is gone"
	}
	return field + " went " + was + " → " + is
}

// shortened holds a text of the model to what fits into a sentence.
func shortened(s string) string {
	runes := []rune(safetext.Line(s))
	if len(runes) <= saidText {
		return string(runes)
	}
	return strings.TrimRight(string(runes[:saidText-1]), " ,;") + "…"
}

// others says what became of the rest of the touched objectives.
func others(rows []*diff.Objective) string {
	var better, worse, fresh, gone, rest int
	for _, o := range rows {
		switch {
		case o.Old == nil:
			fresh++
		case o.New == nil:
			gone++
		case o.By == diff.Nowhere:
			rest++
		case o.Moved() > 0, o.By == diff.InBadTime && o.Longer() < 0:
			better++
		default:
			worse++
		}
	}
	var parts []string
	say := func(n int, what string) {
		if n > 0 {
			parts = append(parts, counted(n, "other objective is ", "other objectives are ")+what)
		}
	}
	say(better, "better off")
	say(worse, "worse off")
	say(fresh, "new")
	say(gone, "no longer promised")
	if len(parts) == 0 {
		return counted(rest, "other objective", "other objectives") + " hardly moved."
	}
	return "Besides, " + listed(parts) + "."
}

// planSentence says what became of the plan, and why.
func planSentence(r *diff.Result) string {
	p := r.Plan
	if p == nil || !p.Changed() {
		return ""
	}
	var said []string
	for _, c := range p.Causes {
		what := planMove(c)
		if what == "" {
			continue
		}
		why := "because " + changesPhrase(c.Changes)
		if c.All {
			why = "by several changes together"
		}
		said = append(said, "plan "+what+" "+why)
	}
	if len(said) == 0 {
		switch {
		case p.Old.Feasible && !p.New.Feasible:
			return "No plan meets every objective any more."
		case !p.Old.Feasible && p.New.Feasible:
			return "There is now a plan that meets every objective."
		}
		return fmt.Sprintf("The recommended target goes %s → %s.", orNone(p.Old.Recommended), orNone(p.New.Recommended))
	}
	said[0] = "The " + said[0]
	return strings.Join(said, "; ") + "."
}

func planMove(c *diff.PlanCause) string {
	var parts []string
	if len(c.Dropped) > 0 {
		parts = append(parts, "drops "+listed(c.Dropped))
	}
	if len(c.Added) > 0 {
		parts = append(parts, "takes in "+listed(c.Added))
	}
	return listed(parts)
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
