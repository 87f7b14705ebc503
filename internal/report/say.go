package report

import (
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/say"
)

// Texts are in English. How numbers are said, and the sentences in which they
// stand, are those of package say, so that a page says the same.

// english is the language of texts.
func english() say.Language { return say.English() }

// about says a mean length of time, in seconds: 40s, 2m17s, 34m, 2h05m, 3.1d.
func about(s float64) string { return english().Around(s) }

// precisely says a length of time that is known exactly, in seconds.
func precisely(s float64) string { return english().Exact(s) }

// digits says a number, 0 or more, with the two digits that are meant.
func digits(v float64) string { return say.Number(v) }

// grouped writes a whole number with its thousands apart: 12,300.
func grouped(v float64) string { return say.Grouped(v) }

// chance says a probability in percent.
func chance(p float64) string { return english().Likely(p) }

// chanceBeside says p apart from the confidence that it is held against.
func chanceBeside(p, confidence float64) string { return english().Beside(p, confidence) }

// percent says a ratio that someone wrote down, in full: 90%, 99.95%.
func percent(v float64) string { return say.Percent(v) }

// share says a part of a whole that it may well exceed: 0.4%, 41%, 210%, 26×.
func share(v float64) string { return english().Part(v) }

// goodTime says an achievable target, no better than it was found.
func goodTime(target float64) string { return say.Good(target) }

// trimZeros writes v with at most that many decimals.
func trimZeros(v float64, decimals int) string { return say.Trim(v, decimals) }

// plural makes several of a recurring thing out of one, where that is sure.
func plural(name string) (several string, ok bool) { return english().Plural(name) }

// listed joins parts as in a sentence: "a", "a and b", "a, b and c".
func listed(parts []string) string { return english().Listed(parts) }

// cadenceOf returns how windows of that many seconds are counted.
func cadenceOf(window float64, written string) say.Cadence { return english().Cadence(window, written) }

// windowText says a window as it was written, or in words where people have one.
func windowText(text string) string { return english().Window(text) }

// saidIn says messages in English, the language of texts.
func saidIn(list []message.Message) []string { return english().Messages(list) }

// nothingKnown reports whether nothing is known of how a service fails.
func nothingKnown(e *forecast.Entry) bool { return say.Unknown(e) }

// label is what an entry is called.
func label(e *forecast.Entry) string { return say.Label(e) }

// promise is the target and the window: "99.95% over 30d".
func promise(e *forecast.Entry, target string) string { return english().Promise(e, target) }

// headline is the verdict with the name of the service, and what follows it.
func headline(e *forecast.Entry) (verdict, more string) {
	verdict, more = english().Headline(e)
	return label(e) + ": " + verdict, more
}

// scoreline is the verdict on several objectives.
func scoreline(o outline) string { return english().Scoreline(o.promised) }

// subject is a source as the subject of a sentence, with the verb "spend".
func subject(e *forecast.Entry, s *forecast.Source) (subject, verb string) {
	subject, many := english().Subject(e, s)
	if many {
		return subject, "spend"
	}
	return subject, "spends"
}

// counted writes "1 risk", "3 risks".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return grouped(float64(n)) + " " + many
}
