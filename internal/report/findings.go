package report

import (
	"fmt"
	"math"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// A fact is a line or more of words behind a key.
type fact struct {
	key   string
	lines []string
	style style // of the sign that begins the first line
	sign  string
}

// verdictSign says the verdict in one character.
func verdictSign(e *forecast.Entry) (string, style) {
	switch {
	case nothingKnown(e):
		return "?", amber
	case e.Verdict == forecast.Achievable:
		return "✓", green
	case e.Verdict == forecast.NotAchievable:
		return "✗", red
	}
	return "·", faint
}

// findings are what follows from the distribution, in a few words each.
func findings(r *forecast.Result, e *forecast.Entry, o outline) []fact {
	var facts []fact
	say := func(key string, lines ...string) {
		if len(lines) > 0 && lines[0] != "" {
			facts = append(facts, fact{key: key, lines: lines})
		}
	}
	say("service", who(e))
	if len(o.whole) == 1 {
		say("nets", taken(r))
	}
	if e.Objective != nil {
		sign, st := verdictSign(e)
		facts = append(facts, fact{key: "verdict", lines: []string{standing(e)}, sign: sign, style: st})
	}
	if e.Felt.Different {
		say("users feel", felt(e))
	}
	say("hands", hands(r, e))
	say("achievable", keepable(e))
	say("bad time", badTime(e))
	say("on average", onAverage(e))
	say("what broke", whatBroke(e))
	say("incidents", room(e)...)
	if e.Objective != nil {
		say("providers", noneEnough(e))
	}
	return facts
}

// who is the title and the owner, where there are any.
func who(e *forecast.Entry) string {
	var parts []string
	if e.Title != e.Service && e.Title != "" {
		parts = append(parts, e.Title)
	}
	if e.Owner != "" {
		parts = append(parts, "owned by "+e.Owner)
	}
	if e.Outside {
		parts = append(parts, "not in our hands")
	}
	return strings.Join(parts, ", ")
}

// basis is what the numbers stand on: the past, assumptions, what is unsure,
// and warnings.
func basis(e *forecast.Entry, o outline) []fact {
	var facts []fact
	if lines := past(e); len(lines) > 0 {
		facts = append(facts, fact{key: "history", lines: lines})
	}
	if len(e.Assumed) > 0 {
		facts = append(facts, fact{key: "assumed", lines: e.Assumed})
	}
	if inputs := unsureInputs(e); inputs != "" {
		facts = append(facts, fact{key: "unsure", lines: []string{inputs}})
	}
	return append(facts, warnings(ownWarnings(e, o.shared))...)
}

// unsureInputs lists the inputs that are not exactly known.
func unsureInputs(e *forecast.Entry) string {
	var parts []string
	for i, u := range e.Unsure {
		if i == listedInputs && len(e.Unsure) > listedInputs+1 {
			parts = append(parts, fmt.Sprintf("and %s more", grouped(float64(len(e.Unsure)-i))))
			break
		}
		parts = append(parts, u.What+" "+u.Text)
	}
	return strings.Join(parts, ", ")
}

// warnings are facts with a sign before each.
func warnings(ws []forecast.Warning) []fact {
	var facts []fact
	key := "warning"
	for i, w := range ws {
		if i == listedWarnings && len(ws) > listedWarnings+1 {
			rest := fmt.Sprintf("and %s more; --format json has all", grouped(float64(len(ws)-i)))
			return append(facts, fact{lines: []string{rest}})
		}
		facts = append(facts, fact{key: key, lines: []string{pointer(w) + w.Message}, sign: "!", style: amber})
		key = ""
	}
	return facts
}

// pointer is where a warning points, ready to be followed by words.
func pointer(w forecast.Warning) string {
	if !w.Pos.Known() {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", w.Pos.File, w.Pos.Line)
}

// room says how many incidents fit into the budget, for the sources that spend
// most of it.
func room(e *forecast.Entry) []string {
	if e.Objective == nil {
		return nil
	}
	if budget, _ := e.Objective.Budget.Float64(); e.Certain > budget {
		return []string{"no room for any incident: what every window spends is more than the budget"}
	}
	var lines []string
	shown := 0
	for _, s := range e.Sources {
		// A change happens as planned, and what is not listed is nothing that
		// anybody could wait for; what fits are the incidents beside them.
		if s.Room == nil || s.Kind == forecast.ChangeSource || s.Kind == forecast.UnlistedSource || shown == 3 {
			continue
		}
		// That a hundred would fit is worth a line only for the largest source.
		if shown > 0 && *s.Room > 20 {
			continue
		}
		lines = append(lines, roomFor(e, s)...)
		shown++
	}
	return lines
}

func roomFor(e *forecast.Entry, s *forecast.Source) []string {
	n := *s.Room
	each := about(s.PerIncident)
	if s.FixedLength {
		each = precisely(s.PerIncident)
	}
	one, some := s.Name, s.Name
	switch s.Kind {
	case forecast.StatedSource:
		one, some = "outage of "+s.Service, "outages of "+s.Service
	case forecast.GroupSource, forecast.SwitchSource:
		one, some = groupNames(s)
	}
	expect := fmt.Sprintf("expect %s in %s", digits(s.IncidentsWindow), e.WindowSay)
	if s.IncidentsWindow < 0.05 && s.IncidentsPerYear > 0 {
		expect = "expect 1 in " + about(model.Year/s.IncidentsPerYear)
	}
	if n == 0 {
		return []string{fmt.Sprintf("no room for even one %s (%s each), %s", one, each, expect)}
	}
	what := one
	if n > 1 {
		what = some
	}
	lines := []string{fmt.Sprintf("room for %s %s (%s each), %s", grouped(float64(n)), what, each, expect)}
	switch {
	case s.FixedLength && n == 1:
		lines = append(lines, fmt.Sprintf("exactly 1 %s fits, 2 do not", one))
	case s.FixedLength && n <= 3: // beyond, one more or less is no news
		lines = append(lines, fmt.Sprintf("exactly %d %s fit, %d do not", n, some, n+1))
	}
	return lines
}

// keepable says the target that could be promised.
func keepable(e *forecast.Entry) string {
	if nothingKnown(e) {
		return "unknown"
	}
	with := fmt.Sprintf("over %s with %s confidence", e.WindowSay, percent(e.Confidence))
	switch {
	case e.Achievable >= 1:
		return "no bad time at all " + with
	case e.Suggested == nil:
		return fmt.Sprintf("%s %s, which is below every usual target", goodTime(e.Achievable), with)
	}
	return fmt.Sprintf("%s %s; as a usual target %s", goodTime(e.Achievable), with, e.Suggested.Text)
}

// badTime says what a window costs.
func badTime(e *forecast.Entry) string {
	if nothingKnown(e) {
		if e.Objective == nil {
			return "unknown"
		}
		budget, _ := e.Objective.Budget.Float64()
		return "unknown; the budget is " + precisely(budget)
	}
	said := fmt.Sprintf("%s in %s on average, %s or less 9 times in 10", about(e.Mean), e.WindowSay, about(e.Quantiles.P90))
	if e.Objective == nil {
		return said + fmt.Sprintf("; %s a year", about(e.PerYear))
	}
	budget, _ := e.Objective.Budget.Float64()
	return said + "; the budget is " + precisely(budget)
}

// standing says whether the promise would be kept with its confidence.
func standing(e *forecast.Entry) string {
	if nothingKnown(e) {
		return fmt.Sprintf("unknown: nothing is listed that could go wrong; %s is asked for", percent(e.Confidence))
	}
	p := e.Met
	kept := "kept with a chance of " + chanceBeside(p.Value, e.Confidence)
	switch {
	case p.Value < trillionth:
		kept = "never kept"
	case objectiveOdds(e) == 1:
		kept = "always kept"
	}
	if low, high := chance(p.Low), chance(p.High); low != high {
		kept += fmt.Sprintf(" (%s to %s given what is unsure)", low, high)
	}
	word := "achievable"
	if e.Verdict == forecast.NotAchievable {
		word = "not achievable"
	}
	return fmt.Sprintf("%s: %s; %s is asked for", word, kept, percent(e.Confidence))
}

// felt says what users feel besides what counts.
func felt(e *forecast.Entry) string {
	said := fmt.Sprintf("%s of bad time in %s on average", about(e.Felt.Mean), e.WindowSay)
	if e.Felt.Met == nil || e.Objective == nil {
		return said
	}
	c := cadenceOf(e.Window, e.WindowSay)
	return fmt.Sprintf("%s would %s; %s", e.Objective.Target.Text, c.kept(math.Min(e.Felt.Met.Value, math.Nextafter(1, 0))), said)
}

// past holds the catalogue against what really happened.
func past(e *forecast.Entry) []string {
	h := e.History
	if h == nil {
		return nil
	}
	over := about(h.Over)
	var lines []string
	switch {
	case h.Bad == nil:
		lines = append(lines, fmt.Sprintf("the catalogue expects %s of bad time in %s; how much there was is not told", about(h.Expected), over))
	case h.Share == nil:
		lines = append(lines, fmt.Sprintf("there was no bad time in %s; the catalogue expects %s", over, about(h.Expected)))
	default:
		lines = append(lines, explained(h, over))
	}
	if h.Incidents != nil {
		lines = append(lines, fmt.Sprintf("%s in %s; the catalogue expects %s", counted(*h.Incidents, "incident", "incidents"), over, digits(h.ExpectedIncidents)))
	}
	if h.Windows > 0 && e.Objective != nil {
		c := cadenceOf(e.Window, e.WindowSay)
		lines = append(lines, fmt.Sprintf("missed in %d of %s; the forecast expects %s", h.Missed, counted(h.Windows, c.one, c.many), digits(h.ExpectedMissed)))
	}
	return lines
}

func explained(h *forecast.Explained, over string) string {
	said := fmt.Sprintf("the catalogue explains %s of the %s of bad time in %s", share(*h.Share), about(*h.Bad), over)
	if math.Abs(*h.Share-1) > 1 {
		said = fmt.Sprintf("the catalogue expects %s of bad time in %s, where there was %s", about(h.Expected), over, about(*h.Bad))
	}
	switch {
	case h.Counted:
		said += fmt.Sprintf("; the rest, %s a year, is counted", about(h.Unlisted))
	case h.Unlisted > 0:
		said += "; --count-unlisted adds the rest"
	}
	return said
}

// taken says which safety nets the forecast was told to add and take away.
func taken(r *forecast.Result) string {
	var parts []string
	if len(r.With) > 0 {
		parts = append(parts, "as if these safety nets stood: "+listed(r.With))
	}
	if len(r.Without) > 0 {
		parts = append(parts, "as if these did not stand: "+listed(r.Without))
	}
	return strings.Join(parts, "; ")
}
