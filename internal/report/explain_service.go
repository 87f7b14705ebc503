package report

import (
	"fmt"
	"slices"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// explainedSources is how many sources of a service are shown one by one.
const explainedSources = 8

// serviceSheet says what a service suffers from.
func serviceSheet(s *explain.Service, o ExplainOptions) *sheet {
	out := &sheet{first: s.Name + ": nothing is known of it.", rest: ""}
	if len(s.Entries) > 0 {
		out.first, out.rest = headline(s.Entries[0])
	}
	out.tell(serviceFacts(s, o))
	for i, e := range s.Entries {
		if len(e.Sources) == 0 || nothingKnown(e) {
			continue
		}
		title := forecastTables().CausesTitle(e)
		if i > 0 {
			title = label(e) + ": " + title
		}
		t := causes(e, explainedSources)
		out.show(title, t.About, t)
	}
	for i, x := range s.Shares {
		t := forecastTables().Shares(x)
		if t == nil || i < len(s.Entries) && nothingKnown(s.Entries[i]) {
			continue
		}
		title := "Whose lost time it is"
		if i > 0 {
			title = label(s.Entries[i]) + ": " + title
		}
		out.show(title, "", t)
	}
	needs := needTable(s)
	out.show("What it needs", "lost time a year that its users feel from there", &needs)
	if len(s.Entries) > 0 {
		out.fold(forecastTables().Providers(s.Entries[0]))
	}
	var facts factList
	key := "remarks"
	for _, m := range gathered(s.Remarks) {
		facts.mark(key, "!", document.Warn, m.said())
		key = ""
	}
	facts.say("written", written(s.Pos))
	out.tell(facts)
	return out
}

func serviceFacts(s *explain.Service, o ExplainOptions) []document.Fact {
	var l factList
	owner, hands := "", ""
	if s.Owner != "" {
		owner = "owned by " + s.Owner
	}
	if s.Outside {
		hands = "not in our hands"
	}
	l.say("service", joined("; ", ownTitle(s.Title.In("en"), s.Name), joined(", ", owner, hands)))
	l.say("nets", o.withNets())
	for _, e := range s.Entries {
		if e.Objective == nil {
			continue
		}
		sign, st := verdictSign(e)
		said := standing(e)
		if len(s.Entries) > 1 {
			said = label(e) + " " + promise(e, e.Objective.Target.Text) + ": " + said
		}
		key := "verdict"
		if len(l) > 0 && slices.ContainsFunc(l, func(f document.Fact) bool { return f.Key == key }) {
			key = ""
		}
		l.mark(key, sign, st, said)
	}
	l.say("its own", ownPart(s))
	l.say("single points", singlePoints(s)...)
	if len(s.Entries) > 0 {
		l.say("providers", noneEnoughFor(s.Entries[0]))
	}
	l.say("needed by", listed(s.NeededBy))
	l.say("worth", worthLines(s, o)...)
	return l
}

func noneEnoughFor(e *forecast.Entry) string {
	if e.Objective == nil {
		return ""
	}
	return english().NoneEnough(e)
}

// ownPart says how much of the lost time that users feel is the service's own.
func ownPart(s *explain.Service) string {
	if len(s.Needs) == 0 || len(s.Entries) == 0 {
		return ""
	}
	felt := s.Entries[0].Felt.Mean * model.Year / s.Entries[0].Window
	if felt <= 0 {
		return ""
	}
	return fmt.Sprintf("%s of the %s of lost time a year that its users feel, %s; the rest comes from what it needs", about(s.Own), about(felt), share(s.Own/felt))
}

// singlePoints names what takes every user down, by whose hands it is in.
func singlePoints(s *explain.Service) []string {
	if len(s.Needs) == 0 {
		return nil
	}
	if len(s.SinglePoints) == 0 {
		return []string{"none: no single service below takes every user down"}
	}
	var parts []string
	for _, p := range s.SinglePoints {
		var notes []string
		if p.Copies > 1 {
			notes = append(notes, fmt.Sprintf("what strikes all %d copies", p.Copies))
		}
		if p.Outside {
			notes = append(notes, "not in our hands")
		}
		if p.Indirect {
			notes = append(notes, "indirectly")
		}
		notes = append(notes, about(p.BadPerYear)+" a year")
		parts = append(parts, fmt.Sprintf("%s (%s)", p.Service, strings.Join(notes, ", ")))
	}
	return []string{agreeing(parts, "takes", "take") + " every user down: " + listed(parts)}
}

// worthLines say what a service earns, and what a lost minute costs.
func worthLines(s *explain.Service, o ExplainOptions) []string {
	v := s.Value
	if !v.Known {
		return nil
	}
	var parts, lines []string
	if v.RevenuePerYear != nil {
		parts = append(parts, amount(*v.RevenuePerYear, o.Currency)+" of revenue a year")
	}
	if v.Users != nil {
		parts = append(parts, grouped(float64(*v.Users))+" users")
	}
	if v.RevenuePerUserYear != nil {
		parts = append(parts, amount(*v.RevenuePerUserYear, "")+" a year each")
	}
	lines = append(lines, strings.Join(parts, ", "))
	if v.PerBadMinute != nil {
		said := "a lost minute loses " + amount(*v.PerBadMinute, o.Currency)
		if v.PerBadMinuteLow != nil && v.PerBadMinuteHigh != nil && *v.PerBadMinuteLow < *v.PerBadMinuteHigh {
			said += fmt.Sprintf(" (%s to %s)", amount(*v.PerBadMinuteLow, ""), amount(*v.PerBadMinuteHigh, ""))
		}
		lines = append(lines, said)
	}
	var clauses []string
	for _, c := range v.Clauses {
		pay := ""
		switch {
		case c.Pay != nil:
			pay = c.Pay.Text
		case c.PayOfRevenue != nil:
			pay = c.PayOfRevenue.Text
		}
		clauses = append(clauses, fmt.Sprintf("%s: pay %s", c.If.S, strings.ReplaceAll(pay, "_", ",")))
	}
	return append(lines, clauses...)
}

// needTable is what a service needs, by the lost time that comes from there.
func needTable(s *explain.Service) document.Table {
	t := document.Table{Columns: []document.Column{{Head: "need"}, {Head: "users", Right: true}, {Head: "lost/year", Right: true}, {}}}
	for _, n := range s.Needs {
		var notes []string
		if !n.Counts {
			notes = append(notes, "not part of the promise")
		}
		rides := ""
		if n.Rides != nil {
			rides = "rides out " + about(*n.Rides)
		}
		for _, c := range n.Changed {
			by := " by " + listed(c.By)
			switch c.What {
			case explain.NeedRidesOut:
				rides = fmt.Sprintf("rides out %s%s", about(c.After), by)
				if c.Before > 0 {
					rides = fmt.Sprintf("rides out %s → %s%s", about(c.Before), about(c.After), by)
				}
			case explain.NeedImpact:
				notes = append(notes, fmt.Sprintf("%s → %s of users%s", share(c.Before), share(c.After), by))
			}
		}
		if rides != "" {
			notes = append(notes, rides)
		}
		row := t.Add(needName(&n), share(n.Impact), about(n.BadPerYear), strings.Join(notes, ", "))
		if len(n.Shared) > 0 {
			row.Note = "shares " + english().Enumerated(n.Shared) + " with another need"
		}
	}
	return t
}

func needName(n *explain.Need) string {
	names := strings.Join(n.Members, ", ")
	switch n.Kind {
	case model.NeedAny:
		return "any of " + names
	case model.NeedAtLeast:
		return fmt.Sprintf("%d of %s", n.AtLeast, names)
	case model.NeedSplit:
		return "each user one of " + names
	}
	return names
}
