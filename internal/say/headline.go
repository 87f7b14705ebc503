package say

import (
	"fmt"

	"tightrope/internal/forecast"
)

// Label is what an entry is called: the service, and the objective where it is
// not the usual one.
func Label(e *forecast.Entry) string {
	if e.Objective == nil || e.Objective.Name == "" || e.Objective.Name == "available" {
		return e.Service
	}
	return fmt.Sprintf("%s (%s)", e.Service, e.Objective.Name)
}

// Sign says the verdict in one character: ✓, ✗, ? or ·.
func Sign(e *forecast.Entry) string {
	switch {
	case Open(e):
		return "?"
	case e.Verdict == forecast.Achievable:
		return "✓"
	case e.Verdict == forecast.NotAchievable:
		return "✗"
	}
	return "·"
}

// Over is a target and its window: "99.95% over 30d".
func (l Language) Over(target, window string) string {
	return l.Say("promise.over", "target", target, "window", l.Window(window))
}

// Promise is a target of an entry: "99.95% over 30d".
func (l Language) Promise(e *forecast.Entry, target string) string {
	return l.Over(target, e.WindowSay)
}

// Headline is the verdict as a product owner would repeat it, without the name
// of the service, and what follows it: another target, and where the budget
// goes.
func (l Language) Headline(e *forecast.Entry) (verdict, more string) {
	switch {
	case e.Contradicts:
		return l.Say("verdict.contradicts", "unknown", l.NotKnown(e)), ""
	case e.Unsolved:
		return l.Say("verdict.unsolved", "unknown", l.NotKnown(e)), ""
	case Unknown(e):
		return l.Say("verdict.unlisted", "unknown", l.NotKnown(e)), ""
	}
	more = l.Spending(e)
	if second := l.second(e); second != "" {
		more = second + " " + more
	}
	return l.Verdict(e), more
}

// NotKnown says what cannot be said of a service of which nothing is known.
func (l Language) NotKnown(e *forecast.Entry) string {
	if e.Objective == nil {
		return l.Say("unknown.could")
	}
	return l.Say("unknown.kept", "promise", l.Promise(e, e.Objective.Target.Text))
}

// Verdict is the first sentence, after the name.
func (l Language) Verdict(e *forecast.Entry) string {
	if e.Objective == nil {
		if e.Suggested == nil {
			return l.Say("verdict.none", "window", l.Window(e.WindowSay), "confidence", Percent(e.Confidence))
		}
		return l.Say("verdict.could", "keeping", l.keeping(e, e.Suggested))
	}
	said := l.Promise(e, e.Objective.Target.Text)
	why := l.Reason(e)
	if why != "" && e.Met.Value < Trillionth {
		return l.Say("verdict.cannot", "promise", said, "why", why)
	}
	c := l.CadenceOf(e)
	band := ""
	if e.Met.Value > 0 && e.Met.Value < Trillionth {
		band += l.Say("verdict.trillion")
	}
	if b := c.Band(e.Met); b != "" {
		band += l.Say("verdict.band", "band", b)
	}
	key := "verdict.kept"
	switch {
	case why != "":
		key = "verdict.as"
	case e.Verdict == forecast.NotAchievable && c.Close(Odds(e)):
		key = "verdict.short" // next to what is asked for
	case e.Verdict == forecast.NotAchievable && Odds(e) > 0.5 && !c.Countable(Odds(e)):
		key = "verdict.nearly"
	}
	return l.Say(key, "promise", said, "kept", c.Kept(Odds(e)), "band", band, "why", why,
		"chance", l.Beside(e.Met.Value, e.Confidence), "confidence", Percent(e.Confidence))
}

// keeping says how often a usual target would be kept.
func (l Language) keeping(e *forecast.Entry, t *forecast.Target) string {
	said := l.Promise(e, t.Text)
	if p := Usual(e, t); p != nil {
		return l.Say("keeping.kept", "promise", said, "kept", l.CadenceOf(e).Kept(OddsOf(e, p.Budget, p.Met.Value)))
	}
	return l.Say("keeping.confident", "promise", said, "confidence", Percent(e.Confidence))
}

// Reason says what certainly spends more than the budget, or spends more on
// average where the promise is hardly ever kept; empty where nothing does alone.
func (l Language) Reason(e *forecast.Entry) string {
	budget, _ := e.Objective.Budget.Float64()
	says := func(key string, s *forecast.Source, spends string) string {
		name, many := l.Subject(e, s)
		if many {
			key += ".many"
		} else {
			key += ".one"
		}
		return l.Say(key, "name", name, "spends", spends, "budget", l.Exact(budget))
	}
	for _, s := range e.Sources {
		if s.Certain > budget {
			return says("reason.certain", s, l.AtLeast(s))
		}
	}
	if e.Certain > budget {
		var parts []string
		for _, s := range e.Sources {
			if s.Certain > 0 {
				name, _ := l.Subject(e, s)
				parts = append(parts, l.Say("spent.item", "name", name, "share", l.Exact(s.Certain)))
			}
		}
		return l.Say("reason.together", "list", l.Listed(parts), "spends", l.Exact(e.Certain), "budget", l.Exact(budget))
	}
	if !l.CadenceOf(e).Rare(e.Met.Value) {
		return ""
	}
	for _, s := range e.Sources {
		if s.PerWindow > budget {
			return says("reason.mean", s, l.Around(s.PerWindow))
		}
	}
	return ""
}

// AtLeast says what a source spends for certain in every window: "at least" that,
// where its mean reads as more.
func (l Language) AtLeast(s *forecast.Source) string {
	said := l.Exact(s.Certain)
	if said != l.Around(s.PerWindow) && s.PerWindow > s.Certain {
		return l.Say("reason.least", "time", said)
	}
	return said
}

// second says how often another target would be kept: the usual one that can be
// promised or, where that is the objective, the next one above it.
func (l Language) second(e *forecast.Entry) string {
	if e.Objective == nil {
		return ""
	}
	if e.Suggested == nil {
		return l.Say("second.none", "confidence", Percent(e.Confidence))
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
	if p := Usual(e, pick); p != nil {
		return l.Say("second.brief", "target", pick.Text, "brief", l.CadenceOf(e).Briefly(OddsOf(e, p.Budget, p.Met.Value)))
	}
	return l.Say("second.confident", "target", pick.Text, "confidence", Percent(e.Confidence))
}

// Usual returns the chance to keep one of the entry's usual targets, or nil.
func Usual(e *forecast.Entry, t *forecast.Target) *forecast.Chance {
	for i := range e.Usual {
		if e.Usual[i].Target.Exact.Cmp(t.Exact) == 0 {
			return &e.Usual[i]
		}
	}
	return nil
}

// Scoreline is the verdict on several objectives.
func (l Language) Scoreline(promised []*forecast.Entry) string {
	kept, unknown, all := 0, 0, len(promised)
	for _, e := range promised {
		if Open(e) {
			unknown++
		} else if e.Verdict == forecast.Achievable {
			kept++
		}
	}
	key := "score.some"
	switch {
	case unknown == all:
		key = "score.unknown"
	case unknown > 0:
		key = "score.part"
	case kept == all:
		key = "score.all"
	case kept == 0:
		key = "score.none"
	}
	if all == 1 {
		key = map[string]string{"score.unknown": "score.unknown.1", "score.all": "score.all.1", "score.none": "score.none.1"}[key]
	}
	n := func(v int) string { return Grouped(float64(v)) }
	return l.Say(key, "all", n(all), "kept", n(kept), "not", n(all-kept-unknown), "unknown", n(unknown))
}
