// Package report says what the engines found. For each question a builder makes a
// document, which is written as text for a terminal and as Markdown for a wiki or
// a pull request; machines get JSON.
//
// Reports are pure: the same forecast and Options give the same bytes. People
// are told numbers as they count them ("about 7 months in 12") and with no more
// digits than are meant; machines get them in full.
package report

import (
	"math"
	"sort"

	"tightrope/internal/document/text"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
	"tightrope/internal/simulate"
)

// Options of a report for people.
type Options struct {
	Width  int  // columns of a text; held between 60 and 100, 0 is 80
	Colour bool // a text may use terminal colours
	All    bool // a text of a forecast or a plan has everything, however long
	Whole  bool // every entry was asked for by name: show each in full
	// Check is the comparison with a simulation; nil: there is none.
	Check *simulate.Comparison
}

// text are the options of whoever writes it.
func (o Options) text() text.Options { return text.Options{Width: o.Width, Colour: o.Colour} }

const (
	// wholeEntries is how many objectives are shown in full without being
	// asked for; of more, each has one line.
	wholeEntries = 12
	// scoreLines is how many of those lines are shown.
	scoreLines = 50
	// sourceRows is how many sources a table shows one by one.
	sourceRows = 20
	// listedInputs is how many unsure inputs are listed one by one.
	listedInputs = 8
	// listedWarnings is how many warnings are shown in one place.
	listedWarnings = 20
)

// An outline says which entries of a forecast are shown, and how.
type outline struct {
	promised []*forecast.Entry // with an objective, in file order
	others   []*forecast.Entry // without one, in file order
	whole    []*forecast.Entry // shown in full
	scores   []*forecast.Entry // one line each, worst first
	compact  []*forecast.Entry // one row each without an objective, worst first
	shared   []forecast.Warning
}

func outlineOf(r *forecast.Result, all bool) outline {
	var o outline
	for _, e := range r.Entries {
		if e.Objective != nil {
			o.promised = append(o.promised, e)
		} else {
			o.others = append(o.others, e)
		}
	}
	switch {
	case all:
		o.whole = r.Entries
	case len(o.promised) == 0 && len(o.others) <= wholeEntries:
		o.whole = o.others
	case len(o.promised) <= wholeEntries:
		o.whole, o.compact = o.promised, o.others
	default:
		o.compact = o.others
	}
	if len(o.promised) > 1 {
		o.scores = append(o.scores, o.promised...)
		sort.SliceStable(o.scores, func(i, j int) bool { return strain(o.scores[i]) > strain(o.scores[j]) })
	}
	o.compact = append([]*forecast.Entry(nil), o.compact...)
	sort.SliceStable(o.compact, func(i, j int) bool { return o.compact[i].PerYear > o.compact[j].PerYear })
	o.shared = sharedWarnings(r, o.whole)
	return o
}

// strain is how many times more often a promise is missed than it may be. What is
// unknown stands between what is kept and what is not.
func strain(e *forecast.Entry) float64 {
	switch {
	case e.Contradicts: // before all others
		return math.Inf(1)
	case nothingKnown(e):
		return 1
	}
	return (1 - e.Met.Value) / (1 - e.Confidence)
}

// sharedWarnings returns the warnings that do not belong to one shown entry
// alone, each once.
func sharedWarnings(r *forecast.Result, shown []*forecast.Entry) []forecast.Warning {
	in := map[forecast.Warning]int{}
	for _, e := range r.Entries {
		for w := range distinct(say.Told(e)) {
			in[w]++
		}
	}
	own := map[forecast.Warning]bool{}
	for _, e := range shown {
		for _, w := range say.Told(e) {
			own[w] = in[w] == 1
		}
	}
	var shared []forecast.Warning
	said := map[forecast.Warning]bool{}
	take := func(ws []forecast.Warning) {
		for _, w := range ws {
			if !said[w] && !own[w] {
				said[w] = true
				shared = append(shared, w)
			}
		}
	}
	take(r.Warnings)
	for _, e := range r.Entries {
		take(say.Told(e))
	}
	return shared
}

// ownWarnings returns the warnings of an entry that are not in shared.
func ownWarnings(e *forecast.Entry, shared []forecast.Warning) []forecast.Warning {
	elsewhere := distinct(shared)
	var own []forecast.Warning
	for _, w := range say.Told(e) {
		if !elsewhere[w] {
			elsewhere[w] = true
			own = append(own, w)
		}
	}
	return own
}

func distinct(ws []forecast.Warning) map[forecast.Warning]bool {
	set := map[forecast.Warning]bool{}
	for _, w := range ws {
		set[w] = true
	}
	return set
}
