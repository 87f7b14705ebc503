package report

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/diff"
	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// causesTitle begins the causes of one objective.
func causesTitle(o *diff.Objective) string {
	if o.By == diff.InBadTime {
		return fmt.Sprintf("What moved the lost time of %s, each change alone", label(now(o)))
	}
	a, b := twoChances(o)
	if o.Joint {
		return fmt.Sprintf("What moved %s from %s to %s together, and the lost time of each alone", label(now(o)), a, b)
	}
	return fmt.Sprintf("What moved %s from %s to %s, each change alone", label(now(o)), a, b)
}

// causeFacts are the causes of one move, with what each does alone, and the
// sources whose lost time moved.
func causeFacts(o *diff.Objective) []document.Fact {
	var facts []document.Fact
	for i, c := range o.Causes {
		if i == listedCauses {
			facts = append(facts, document.Fact{Lines: []string{counted(len(o.Causes)-i, "smaller cause", "smaller causes")}})
			break
		}
		key := signedTime(c.Longer) + " a year"
		if o.By == diff.InChance && !o.Joint {
			key = points(c.Effect)
		}
		facts = append(facts, document.Fact{Key: key, Lines: causeLines(c)})
	}
	switch {
	case len(o.Causes) == 0 && o.Untried:
		facts = append(facts, document.Fact{Key: "unknown", Lines: []string{"not all changes were tried before it ended"}})
	case len(o.Causes) == 0:
		facts = append(facts, document.Fact{Key: "unknown", Lines: []string{"no change that could be made alone moves it"}})
	}
	if band := bandsMoved(o); band != "" {
		facts = append(facts, document.Fact{Key: "unsure", Lines: []string{band}})
	}
	if len(o.Sources) > 0 {
		var parts []string
		for _, s := range o.Sources {
			parts = append(parts, fmt.Sprintf("%s %s → %s", s.Name, about(s.Old), about(s.New)))
		}
		facts = append(facts, document.Fact{Key: "lost time", Lines: []string{"a year: " + strings.Join(parts, ", ")}})
	}
	return facts
}

// bandsMoved says in which range the two chances lie, given what is unsure.
func bandsMoved(o *diff.Objective) string {
	band := func(e *forecast.Entry) string {
		if e.Met == nil || chance(e.Met.Low) == chance(e.Met.High) {
			return ""
		}
		return chance(e.Met.Low) + " to " + chance(e.Met.High)
	}
	if o.Old == nil || o.New == nil || o.By != diff.InChance {
		return ""
	}
	a, b := band(o.Old), band(o.New)
	if a == "" && b == "" {
		return ""
	}
	known := func(s string, e *forecast.Entry) string {
		if s == "" {
			return chance(e.Met.Value)
		}
		return s
	}
	return fmt.Sprintf("given what is unsure, %s before and %s now", known(a, o.Old), known(b, o.New))
}

// causeLines lists the changes of a cause.
func causeLines(c *diff.Cause) []string {
	var lines []string
	for i, ch := range c.Changes {
		said := named(ch)
		if i == 0 || named(c.Changes[i-1]) != said {
			if i > 0 {
				said = "with " + said
			}
			if ch.Field != "" {
				said += ","
			}
			said += " " + changeLine(ch)
		} else {
			said = changeLine(ch)
		}
		if i == 5 {
			return append(lines, fmt.Sprintf("and %d more changes that go with it", len(c.Changes)-i))
		}
		lines = append(lines, said)
	}
	return lines
}

// changeLine is a change without its element.
func changeLine(c *diff.Change) string {
	what := c.Field
	value := c.New
	switch {
	case c.Kind == diff.Added:
		what += " added"
	case c.Kind == diff.Removed:
		what, value = what+" removed", c.Old
	case c.Reordered:
		what, value = what+" in another order", c.Old+" → "+c.New
	case c.Old == "":
		value = "not said → " + c.New
	case c.New == "":
		value = c.Old + " → not said"
	default:
		value = c.Old + " → " + c.New
	}
	if value == "" || value == "there" {
		return strings.TrimSpace(what)
	}
	return strings.TrimSpace(what) + ": " + value
}

// points is a difference of two chances.
func points(d float64) string {
	return signed(d, strings.TrimSuffix(tenth(100*math.Abs(d)), "%")+" points")
}

func tenth(v float64) string {
	if v >= 9.95 {
		return fmt.Sprintf("%.0f", v)
	}
	if v < 0.05 {
		return "<0.1"
	}
	return fmt.Sprintf("%.1f", v)
}

func signedTime(s float64) string { return signed(s, about(math.Abs(s))) }

func signed(v float64, said string) string {
	switch {
	case v < 0:
		return "−" + said
	case v > 0:
		return "+" + said
	}
	return "±" + said
}

// planFacts are the two plans, and what made them differ.
func planFacts(r *diff.Result) []document.Fact {
	p := r.Plan
	currency := ""
	if r.Costs != nil && r.Costs.New != nil {
		currency = r.Costs.New.Currency
	}
	of := func(x *diff.Planned) string {
		if x.Unknown {
			return "unknown: nothing is listed that could go wrong"
		}
		nets := "no net"
		if len(x.Nets) > 0 {
			nets = listed(x.Nets)
		}
		said := fmt.Sprintf("%s; %s a year, met with %s", nets, amount(x.AnnualCost, currency), chance(x.Met))
		if !x.Feasible {
			said += ", which is not enough"
		}
		if x.Recommended != "" {
			said += "; recommended target " + x.Recommended
		}
		return said
	}
	facts := []document.Fact{{Key: "before", Lines: []string{of(p.Old)}}, {Key: "now", Lines: []string{of(p.New)}}}
	for _, c := range p.Causes {
		lines := causeLines(&diff.Cause{Changes: c.Changes})
		if c.All {
			lines = []string{"several changes together: no one or two of them do it alone"}
		}
		if what := planMove(c); what != "" {
			lines[0] = what + ": " + lines[0]
		}
		facts = append(facts, document.Fact{Key: "because", Lines: lines})
	}
	return facts
}

// costFacts are what the model costs as it stands, before and after.
func costFacts(r *diff.Result) []document.Fact {
	if r.Costs == nil || r.Costs.Old == nil || r.Costs.New == nil {
		return nil
	}
	a, b := r.Costs.Old, r.Costs.New
	var facts []document.Fact
	say := func(key string, old, new *float64, words func(c *diff.Costs, v float64) string) {
		if old == nil && new == nil {
			return
		}
		was, is := "unknown", "unknown"
		if old != nil {
			was = words(a, *old)
		}
		if new != nil {
			is = words(b, *new)
		}
		line := was + " → " + is
		switch {
		case was == is && old != nil && new != nil && math.Abs(*new-*old) > 1e-9*math.Abs(*old):
			// Too little for the digits that are meant of the whole.
			line = is + ", " + signed(*new-*old, digits(math.Abs(*new-*old)))
		case was == is:
			line = is + ", as before"
		}
		facts = append(facts, document.Fact{Key: key, Lines: []string{line}})
	}
	money := func(c *diff.Costs, v float64) string { return amount(v, c.Currency) + " a year" }
	say("nets", a.NetsPerYear, b.NetsPerYear, money)
	say("losses", a.LossPerYear, b.LossPerYear, money)
	say("pages", a.PagesPerWeek, b.PagesPerWeek, func(_ *diff.Costs, v float64) string { return digits(v) + " a week" })
	say("hours", a.HoursPerYear, b.HoursPerYear, func(_ *diff.Costs, v float64) string { return digits(v) + " a year" })
	return facts
}

func changesTitle(r *diff.Result) string {
	return counted(len(r.Changes), "change", "changes") + " to the model"
}

// changeItems lists the changes element by element.
func changeItems(r *diff.Result) []document.Item {
	var out []document.Item
	for i, c := range r.Changes {
		if i == listedChanges {
			out = append(out, document.Item{Text: fmt.Sprintf("and %d more; JSON has all", len(r.Changes)-i)})
			break
		}
		if c.Field == "" {
			it := document.Item{Sign: "+", Tone: document.Good, Text: named(c), Beside: placeSaid(c.Pos())}
			if c.Kind == diff.Removed {
				it.Sign, it.Tone = "−", document.Bad
			}
			if text := c.Old + c.New; text != "" {
				it.Lines = []string{text}
			}
			out = append(out, it)
			continue
		}
		if n := len(out) - 1; i == 0 || r.Changes[i-1].Field == "" || named(r.Changes[i-1]) != named(c) || n < 0 {
			out = append(out, document.Item{Sign: "~", Tone: document.Warn, Text: named(c), Beside: placeSaid(c.Pos())})
		}
		it := &out[len(out)-1]
		it.Lines = append(it.Lines, changeLine(c))
	}
	return out
}

func placeSaid(p model.Pos) string {
	if !p.Known() {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}
