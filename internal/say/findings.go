package say

import (
	"fmt"
	"math"
	"strconv"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// Room says how many incidents fit into the budget, for the sources that spend
// most of it.
func (l Language) Room(e *forecast.Entry) []string {
	if e.Objective == nil {
		return nil
	}
	if budget, _ := e.Objective.Budget.Float64(); e.Certain > budget {
		return []string{l.Say("room.none")}
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
		lines = append(lines, l.roomFor(e, s)...)
		shown++
	}
	return lines
}

func (l Language) roomFor(e *forecast.Entry, s *forecast.Source) []string {
	n := *s.Room
	each := l.Around(s.PerIncident)
	if s.FixedLength {
		each = l.Exact(s.PerIncident)
	}
	one, some := l.SourceName(s), l.SourceName(s)
	switch s.Kind {
	case forecast.StatedSource:
		one, some = l.Say("room.outage", "service", l.Where(s.Service, s.Several)), l.Say("room.outages", "service", l.Where(s.Service, s.Several))
	case forecast.GroupSource, forecast.SwitchSource:
		one, some = l.groupNames(s)
	}
	expect := l.Say("room.expect", "count", l.Number(s.IncidentsWindow), "window", l.Window(e.WindowSay))
	if s.IncidentsWindow < 0.05 && s.IncidentsPerYear > 0 {
		expect = l.Say("room.rare", "time", l.Around(model.Year/s.IncidentsPerYear))
	}
	if n == 0 {
		return []string{l.Say("room.zero", "what", one, "each", each, "expect", expect)}
	}
	what := one
	if n > 1 {
		what = some
	}
	lines := []string{l.Say("room.fits", "n", Grouped(float64(n)), "what", what, "each", each, "expect", expect)}
	switch {
	case s.FixedLength && n == 1:
		lines = append(lines, l.Say("room.exactly1", "what", one))
	case s.FixedLength && n <= 3: // beyond, one more or less is no news
		lines = append(lines, l.Say("room.exactly", "n", strconv.Itoa(n), "what", some, "more", strconv.Itoa(n+1)))
	}
	return lines
}

// Could says the target that could be promised.
func (l Language) Could(e *forecast.Entry) string {
	if Open(e) {
		return l.Say("number.unknown")
	}
	key, usual := "could.usual", ""
	switch {
	case e.Achievable >= 1:
		key = "could.nobad"
	case e.Suggested == nil:
		key = "could.below"
	default:
		usual = e.Suggested.Text
	}
	return l.Say(key, "target", Good(e.Achievable), "window", l.Window(e.WindowSay), "confidence", Percent(e.Confidence), "usual", usual)
}

// BadTime says what a window costs.
func (l Language) BadTime(e *forecast.Entry) string {
	if Unknown(e) {
		if e.Objective == nil {
			return l.Say("number.unknown")
		}
		budget, _ := e.Objective.Budget.Float64()
		return l.Say("bad.unknown", "budget", l.Exact(budget))
	}
	said := l.Say("bad.said", "mean", l.Around(e.Mean), "window", l.Window(e.WindowSay), "p90", l.quantile(e, e.Quantiles.P90))
	if e.Objective == nil {
		return l.Say("bad.year", "said", said, "year", l.Around(e.PerYear))
	}
	budget, _ := e.Objective.Budget.Float64()
	return l.Say("bad.budget", "said", said, "budget", l.Exact(budget))
}

// quantile says a quantile of lost time: near the budget to the second, so that it
// lies on the side of it that the chance to keep it says.
func (l Language) quantile(e *forecast.Entry, q float64) string {
	if e.Objective == nil {
		return l.Around(q)
	}
	budget, _ := e.Objective.Budget.Float64()
	switch {
	case math.Abs(q-budget) > 0.1*budget:
		return l.Around(q)
	case q > budget && l.Exact(q) == l.Exact(budget):
		return l.Say("bad.over", "budget", l.Exact(budget))
	}
	return l.Exact(q)
}

// Felt says what users feel besides what counts; empty where that is the same.
func (l Language) Felt(e *forecast.Entry) string {
	if !e.Felt.Different {
		return ""
	}
	said := l.Say("felt.mean", "bad", l.Around(e.Felt.Mean), "window", l.Window(e.WindowSay))
	if e.Felt.Met == nil || e.Objective == nil {
		return said
	}
	kept := l.CadenceOf(e).Kept(math.Min(e.Felt.Met.Value, math.Nextafter(1, 0)))
	return l.Say("felt.kept", "target", e.Objective.Target.Text, "kept", kept, "mean", said)
}

// Past holds the catalogue against what really happened.
func (l Language) Past(e *forecast.Entry) []string {
	h := e.History
	if h == nil {
		return nil
	}
	over := l.Around(h.Over)
	var lines []string
	switch {
	case h.Bad == nil:
		lines = append(lines, l.Say("past.untold", "expected", l.Around(h.Expected), "over", over))
	case h.Share == nil:
		lines = append(lines, l.Say("past.nothing", "expected", l.Around(h.Expected), "over", over))
	default:
		lines = append(lines, l.explained(h, over))
	}
	if h.Incidents != nil {
		key := "past.incidents"
		if *h.Incidents == 1 {
			key = "past.incident"
		}
		lines = append(lines, l.Say(key, "n", Grouped(float64(*h.Incidents)), "over", over, "expected", l.Number(h.ExpectedIncidents)))
	}
	if h.Windows > 0 && e.Objective != nil {
		c := l.CadenceOf(e)
		unit := c.Unit(h.Windows)
		if h.Windows == 1 && l.Code == "en" {
			unit = c.One()
		}
		lines = append(lines, l.Say("past.missed", "missed", strconv.Itoa(h.Missed), "n", Grouped(float64(h.Windows)), "unit", unit, "expected", l.Number(h.ExpectedMissed)))
	}
	return lines
}

func (l Language) explained(h *forecast.Explained, over string) string {
	said := l.Say("past.explains", "share", l.Part(*h.Share), "bad", l.Around(*h.Bad), "over", over)
	if math.Abs(*h.Share-1) > 1 {
		said = l.Say("past.expects", "expected", l.Around(h.Expected), "bad", l.Around(*h.Bad), "over", over)
	}
	switch {
	case h.Counted:
		return l.Say("past.counted", "said", said, "rest", l.Around(h.Unlisted))
	case h.Unlisted > 0:
		return l.Say("past.rest", "said", said)
	}
	return said
}

// Pointer is where a warning points, ready to be followed by words.
func Pointer(p model.Pos) string {
	if !p.Known() {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", p.File, p.Line)
}
