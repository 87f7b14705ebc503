package report

import (
	"fmt"

	"tightrope/internal/forecast"
)

// label is what an entry is called: the service, and the objective where it is
// not the usual one.
func label(e *forecast.Entry) string {
	if e.Objective == nil || e.Objective.Name == "" || e.Objective.Name == "available" {
		return e.Service
	}
	return fmt.Sprintf("%s (%s)", e.Service, e.Objective.Name)
}

// promise is the target and the window: "99.95% over 30d".
func promise(e *forecast.Entry, target string) string {
	return target + " over " + e.WindowSay
}

// headline is the verdict as a product owner would repeat it, and what follows
// it: another target, and where the budget goes.
func headline(e *forecast.Entry) (verdict, more string) {
	if nothingKnown(e) {
		return label(e) + ": nothing is listed that could go wrong, so " + unknownSentence(e), ""
	}
	more = spent(e)
	if second := secondTarget(e); second != "" {
		more = second + " " + more
	}
	return label(e) + ": " + verdictSentence(e), more
}

// unknownSentence says what cannot be said of a service of which nothing is known.
func unknownSentence(e *forecast.Entry) string {
	if e.Objective == nil {
		return "what could be promised is unknown."
	}
	return fmt.Sprintf("whether %s can be kept is unknown.", promise(e, e.Objective.Target.Text))
}

// verdictSentence is the first sentence, after the name.
func verdictSentence(e *forecast.Entry) string {
	if e.Objective == nil {
		if e.Suggested == nil {
			return fmt.Sprintf("no objective, and no usual target over %s would be kept with %s confidence.", e.WindowSay, percent(e.Confidence))
		}
		return "no objective. " + keeping(e, e.Suggested)
	}
	said := promise(e, e.Objective.Target.Text)
	why := reason(e)
	if why != "" && e.Met.Value < trillionth {
		return fmt.Sprintf("%s cannot be kept: %s.", said, why)
	}
	c := cadenceOf(e.Window, e.WindowSay)
	said += " would " + c.kept(objectiveOdds(e))
	if e.Met.Value > 0 && e.Met.Value < trillionth {
		said += " (less than 1 chance in a trillion)"
	}
	if band := c.band(e.Met); band != "" {
		said += " (" + band + ")"
	}
	if why != "" {
		said += ", as " + why
	}
	return said + "."
}

// keeping says how often a usual target would be kept.
func keeping(e *forecast.Entry, t *forecast.Target) string {
	said := promise(e, t.Text)
	if p := usual(e, t); p != nil {
		return fmt.Sprintf("%s would %s.", said, cadenceOf(e.Window, e.WindowSay).kept(oddsOf(e, p.Budget, p.Met.Value)))
	}
	return fmt.Sprintf("%s would be kept with %s confidence.", said, percent(e.Confidence))
}

// reason says what certainly spends more than the budget, or spends more on
// average where the promise is hardly ever kept; empty where nothing does alone.
func reason(e *forecast.Entry) string {
	budget, _ := e.Objective.Budget.Float64()
	tooMuch := func(s *forecast.Source) bool { return s.Certain > budget }
	for _, s := range e.Sources {
		if tooMuch(s) {
			subject, verb := subject(e, s)
			return fmt.Sprintf("%s alone %s %s of a budget of %s", subject, verb, precisely(s.Certain), precisely(budget))
		}
	}
	if e.Certain > budget {
		var parts []string
		for _, s := range e.Sources {
			if s.Certain > 0 {
				subject, _ := subject(e, s)
				parts = append(parts, fmt.Sprintf("%s (%s)", subject, precisely(s.Certain)))
			}
		}
		return fmt.Sprintf("%s together spend %s of a budget of %s", listed(parts), precisely(e.Certain), precisely(budget))
	}
	if !cadenceOf(e.Window, e.WindowSay).rare(e.Met.Value) {
		return ""
	}
	for _, s := range e.Sources {
		if s.PerWindow > budget {
			subject, verb := subject(e, s)
			return fmt.Sprintf("%s alone %s %s on average, of a budget of %s", subject, verb, about(s.PerWindow), precisely(budget))
		}
	}
	return ""
}

// secondTarget says how often another target would be kept: the usual one that
// can be promised or, where that is the objective, the next one above it.
func secondTarget(e *forecast.Entry) string {
	if e.Objective == nil {
		return ""
	}
	if e.Suggested == nil {
		return fmt.Sprintf("No usual target would be kept with %s confidence.", percent(e.Confidence))
	}
	pick := e.Suggested
	if pick.Exact.Cmp(e.Objective.Target.Exact) == 0 {
		pick = nil
		for i := range e.Usual {
			if e.Usual[i].Target.Exact.Cmp(e.Objective.Target.Exact) > 0 {
				pick = &e.Usual[i].Target
				break
			}
		}
	}
	if pick == nil {
		return ""
	}
	if p := usual(e, pick); p != nil {
		return fmt.Sprintf("%s %s.", pick.Text, cadenceOf(e.Window, e.WindowSay).briefly(oddsOf(e, p.Budget, p.Met.Value)))
	}
	return fmt.Sprintf("%s with %s confidence.", pick.Text, percent(e.Confidence))
}

// usual returns the chance to keep one of the entry's usual targets, or nil.
func usual(e *forecast.Entry, t *forecast.Target) *forecast.Chance {
	for i := range e.Usual {
		if e.Usual[i].Target.Exact.Cmp(t.Exact) == 0 {
			return &e.Usual[i]
		}
	}
	return nil
}

// scoreline is the verdict on several objectives.
func scoreline(o outline) string {
	kept, unknown, all := 0, 0, len(o.promised)
	for _, e := range o.promised {
		if nothingKnown(e) {
			unknown++
		} else if e.Verdict == forecast.Achievable {
			kept++
		}
	}
	of, end := grouped(float64(all)), " objectives would be kept with the confidence asked for"
	switch {
	case unknown == all:
		return "Whether any of " + of + " objectives would be kept is unknown."
	case unknown > 0:
		not := grouped(float64(all - kept - unknown))
		return fmt.Sprintf("%s of %s%s, %s would not, and of %s it is unknown.", grouped(float64(kept)), of, end, not, grouped(float64(unknown)))
	case kept == all:
		return "All " + of + end + "."
	case kept == 0:
		return "None of " + of + end + "."
	}
	return grouped(float64(kept)) + " of " + of + end + "."
}
