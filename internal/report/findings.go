package report

import (
	"fmt"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
	"tightrope/internal/scenario"
)

// verdictSign says the verdict in one character.
func verdictSign(e *forecast.Entry) (string, document.Tone) {
	sign := say.Sign(e)
	return sign, map[string]document.Tone{"?": document.Warn, "✓": document.Good, "✗": document.Bad, "·": document.Faint}[sign]
}

// findings are what follows from the distribution, in a few words each: all of it,
// or what a decision needs.
func findings(r *forecast.Result, e *forecast.Entry, o outline, b brief) []document.Fact {
	var facts []document.Fact
	l := english()
	add := func(key string, lines ...string) {
		if len(lines) > 0 && lines[0] != "" {
			if !b.all {
				lines = lines[:1]
			}
			facts = append(facts, document.Fact{Key: key, Lines: lines})
		}
	}
	rest := func(key string, lines ...string) { // what a brief leaves out
		if b.all {
			add(key, lines...)
		}
	}
	if e.Contradicts {
		facts = append(facts, document.Fact{Key: "beware", Lines: []string{l.Contradiction(e)}, Sign: "!", Tone: document.Bad})
	}
	if b.beside {
		add("service", who(e))
	}
	if len(o.whole) == 1 {
		add("nets", taken(r))
	}
	if e.Objective != nil {
		sign, st := verdictSign(e)
		facts = append(facts, document.Fact{Key: "verdict", Lines: []string{standing(e)}, Sign: sign, Tone: st})
	}
	add("error", l.Precision(e)...)
	add("corrected", l.Corrected(e))
	add("users feel", l.Felt(e))
	rest("hands", l.Hands(r, e))
	add("achievable", l.Could(e))
	add("lost time", l.BadTime(e))
	rest("on average", l.OnAverage(e))
	rest("what broke", l.WhatBroke(e))
	add("incidents", l.Room(e)...)
	if e.Objective != nil {
		rest("providers", l.NoneEnough(e))
	}
	return facts
}

// who is the title and the owner, where there are any.
func who(e *forecast.Entry) string {
	var parts []string
	if title := e.Title.In("en"); title != e.Service && title != "" {
		parts = append(parts, title)
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
func basis(e *forecast.Entry, o outline) []document.Fact {
	var facts []document.Fact
	if lines := english().Past(e); len(lines) > 0 {
		if e.History.Counted {
			lines[0] += leavesOut
		}
		facts = append(facts, document.Fact{Key: "history", Lines: lines})
	}
	if len(e.Assumed) > 0 {
		facts = append(facts, document.Fact{Key: "assumed", Lines: saidIn(e.Assumed)})
	}
	if inputs := unsureInputs(e); inputs != "" {
		facts = append(facts, document.Fact{Key: "unsure", Lines: []string{inputs}})
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
		parts = append(parts, english().Message(u.What)+" "+u.Text)
	}
	return strings.Join(parts, ", ")
}

// leavesOut says how what is counted that no risk explains is not.
const leavesOut = "; --only-listed leaves it out"

// warnings are facts with a sign before each, but for what histories add.
func warnings(ws []forecast.Warning) []document.Fact {
	var facts []document.Fact
	ws, lines := countedRests(ws)
	if len(lines) > 0 {
		facts = append(facts, document.Fact{Key: "history", Lines: lines})
	}
	key := "warning"
	for i, w := range ws {
		if i == listedWarnings && len(ws) > listedWarnings+1 {
			rest := fmt.Sprintf("and %s more; --format json has all", grouped(float64(len(ws)-i)))
			return append(facts, document.Fact{Lines: []string{rest}})
		}
		facts = append(facts, document.Fact{Key: key, Lines: []string{say.Pointer(w.Pos) + english().Message(w.Message)}, Sign: "!", Tone: document.Warn})
		key = ""
	}
	return facts
}

// countedRests takes what is said of rests that are counted out of warnings.
func countedRests(ws []forecast.Warning) (others []forecast.Warning, lines []string) {
	for _, w := range ws {
		if w.Code != scenario.UnlistedCode {
			others = append(others, w)
			continue
		}
		lines = append(lines, english().Message(w.Message))
	}
	if n := len(lines); n > listedWarnings {
		lines = append(lines[:listedWarnings-1], fmt.Sprintf("and of %s more services", grouped(float64(n-listedWarnings+1))))
	}
	if n := len(lines); n > 0 {
		lines[n-1] += leavesOut
	}
	return others, lines
}

// standing says whether the promise would be kept with its confidence.
func standing(e *forecast.Entry) string {
	switch {
	case e.Contradicts:
		return fmt.Sprintf("unknown: parts of the answer contradict each other; %s is asked for", percent(e.Confidence))
	case e.Unsolved:
		return fmt.Sprintf("unknown: the groups are too large to be solved, and what is lost to them is left out; %s is asked for", percent(e.Confidence))
	case nothingKnown(e):
		return fmt.Sprintf("unknown: nothing is listed that could go wrong; %s is asked for", percent(e.Confidence))
	}
	p := e.Met
	kept := "met with a chance of " + chanceBeside(p.Value, e.Confidence)
	switch {
	case p.Value < say.Trillionth:
		kept = "never met"
	case say.Odds(e) == 1:
		kept = "always met"
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

// warned are warnings that are in words already.
func warned(said []string) []document.Fact {
	var facts []document.Fact
	for i, line := range said {
		f := document.Fact{Lines: []string{line}, Sign: "!", Tone: document.Warn}
		if i == 0 {
			f.Key = "warning"
		}
		facts = append(facts, f)
	}
	return facts
}
