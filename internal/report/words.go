package report

import (
	"slices"
	"sort"

	"tightrope/internal/forecast"
)

// What follows are the words of a report for those that lay them out in another
// way, such as a page: a number is said the same wherever it is said.

// A Fact is a line or more of words behind a key; Sign is one character before
// the first line, or empty.
type Fact struct {
	Key, Sign string
	Lines     []string
}

// A Grid is a table in words.
type Grid struct {
	Title string
	Heads []string
	Right []bool // the column holds numbers
	Rows  [][]string
	Notes []string // of each row; empty where there is none
	Foot  string   // what was left out
}

// Label is what an entry is called.
func Label(e *forecast.Entry) string { return label(e) }

// Promise is a target and its window: "99.95% over 30d".
func Promise(e *forecast.Entry, target string) string { return promise(e, target) }

// Headline is the verdict as it would be repeated, without the name of the
// service, and what follows it.
func Headline(e *forecast.Entry) (verdict, more string) {
	if nothingKnown(e) {
		return "nothing is listed that could go wrong, so " + unknownSentence(e), ""
	}
	_, more = headline(e)
	return verdictSentence(e), more
}

// Spending says where the budget goes.
func Spending(e *forecast.Entry) string { return spent(e) }

// Sign says the verdict in one character: ✓, ✗, ? or ·.
func Sign(e *forecast.Entry) string {
	s, _ := verdictSign(e)
	return s
}

// Unknown reports whether nothing is known of how a service fails.
func Unknown(e *forecast.Entry) bool { return nothingKnown(e) }

// Scoreline is the verdict on all objectives of a forecast.
func Scoreline(r *forecast.Result) string { return scoreline(outlineOf(r, false)) }

// Kept says how often a target of that chance is kept, as in a table.
func Kept(e *forecast.Entry, p float64) string { return cadenceOf(e.Window, e.WindowSay).cell(p) }

// Counted is how many of a number of windows are kept, and what the windows are
// called. Close is true where the count says all of it: where a rounded "12 of
// 12" is no "always", it is false.
func Counted(e *forecast.Entry, p float64) (kept, of int, one, many string, close bool) {
	c := cadenceOf(e.Window, e.WindowSay)
	return c.count(p), c.of, c.one, c.many, c.countable(p)
}

// Odds is the chance to keep the objective of an entry as it is said: 1 only
// where no window can spend more.
func Odds(e *forecast.Entry) float64 { return objectiveOdds(e) }

// Facts are what follows from the distribution of an entry, in a few words each.
func Facts(r *forecast.Result, e *forecast.Entry) []Fact {
	return facts(findings(r, e, outline{whole: []*forecast.Entry{e}}))
}

// Basis is what the numbers of an entry stand on.
func Basis(e *forecast.Entry) []Fact { return facts(basis(e, outline{})) }

// Past holds the catalogue of an entry against what happened.
func Past(e *forecast.Entry) []string { return past(e) }

// SharedWarnings are the warnings of a forecast, each once, with their places,
// but for those with one of the codes.
func SharedWarnings(r *forecast.Result, but ...string) []string {
	var lines []string
	for _, w := range sharedWarnings(r, nil) {
		if slices.Contains(but, w.Code) {
			continue
		}
		lines = append(lines, pointer(w)+w.Message)
	}
	return lines
}

func facts(list []fact) []Fact {
	var out []Fact
	for _, f := range list {
		out = append(out, Fact{Key: f.key, Sign: f.sign, Lines: f.lines})
	}
	return out
}

// Scores has a row for each objective, worst first.
func Scores(r *forecast.Result) Grid {
	o := outlineOf(r, false)
	if len(o.scores) == 0 {
		o.scores = o.promised
	}
	return gridOf("", scoreTable(o))
}

// Compare has the chance to keep several targets.
func Compare(e *forecast.Entry) Grid { return gridOf(compareTitle(e), compareTable(e)) }

// Providers has what each provider must offer.
func Providers(e *forecast.Entry) Grid {
	if e.Objective == nil {
		return Grid{}
	}
	return gridOf(providerTitle(e), providerTable(e))
}

func gridOf(title string, t table) Grid {
	g := Grid{Title: title, Foot: t.foot}
	for _, c := range t.columns {
		g.Heads = append(g.Heads, c.head)
		g.Right = append(g.Right, c.right)
	}
	for _, r := range t.rows {
		var cells []string
		for _, c := range r.cells {
			cells = append(cells, c.text)
		}
		g.Rows = append(g.Rows, cells)
		g.Notes = append(g.Notes, r.note)
	}
	return g
}

// Named returns the words under which a source is told apart, and a note on it.
func Named(e *forecast.Entry, s *forecast.Source) (name, note string) {
	return s.Name, sourceNote(e, s)
}

// Ranked returns the sources of an entry, most bad time first: at most so many,
// and what the others are together.
func Ranked(e *forecast.Entry, most int) (shown, rest []*forecast.Source) {
	all := slices.Clone(e.Sources)
	sort.SliceStable(all, func(i, j int) bool { return all[i].PerWindow > all[j].PerWindow })
	if len(all) <= most+1 {
		return all, nil
	}
	return all[:most], all[most:]
}

// How numbers are said.

// Around says a mean length of time, in seconds.
func Around(seconds float64) string { return about(seconds) }

// Exact says a length of time that is exactly known, in seconds.
func Exact(seconds float64) string { return precisely(seconds) }

// Number says a number, 0 or more, with two digits.
func Number(v float64) string { return digits(v) }

// Likely says a probability.
func Likely(p float64) string { return chance(p) }

// AsWritten says a ratio that somebody wrote down.
func AsWritten(v float64) string { return percent(v) }

// Part says a part of a whole that it may exceed.
func Part(v float64) string { return share(v) }

// Good says an achievable target, no better than it was found.
func Good(target float64) string { return goodTime(target) }

// Listed joins words as in a sentence.
func Listed(parts []string) string { return listed(parts) }
