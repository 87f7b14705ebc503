package records

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"tightrope/internal/model"
)

// mostYears bounds how long all incidents of a record may last together. It is
// far beyond any record, and within what the model language can write.
const mostYears = 1000

// closeRecord puts the incidents in order of time, finds the span of
// observation, and notes what is left out of it or taken by default.
func (t *table) closeRecord(rec *Record) {
	sort.SliceStable(rec.Incidents, func(i, j int) bool {
		return rec.Incidents[i].Started.Before(rec.Incidents[j].Started)
	})
	rec.From = rec.Incidents[0].Started
	rec.End = rec.opts.Until
	if rec.End.IsZero() {
		rec.End = lastMoment(rec.Incidents)
	}
	if rec.Span() <= 0 {
		t.problem(1, 1, codeSpan, "the record has no length: it starts at %s and ends at %s; expected --until with a later date",
			stamp(rec.From), stamp(rec.End))
		return
	}

	var total float64
	for i := range rec.Incidents {
		s, _ := rec.Incidents[i].length()
		total += s
	}
	if total > mostYears*model.Year {
		t.problem(1, 1, codeSpan, "the incidents together last more than %d years; expected the record of one service", mostYears)
		return
	}

	if !rec.opts.Until.IsZero() {
		inside := sort.Search(len(rec.Incidents), func(i int) bool {
			return !rec.Incidents[i].Started.Before(rec.End)
		})
		if after := rec.Incidents[inside:]; len(after) > 0 {
			t.note(0, "left out: %s that started at or after %s (%s)", count(len(after), "incident"), stamp(rec.End), lines(after))
		}
		rec.Incidents = rec.Incidents[:inside]
	}

	var open, untold []Incident
	for _, i := range rec.Incidents {
		if i.Resolved.IsZero() {
			open = append(open, i)
		}
		if i.ImpactTold {
			rec.ImpactTold = true
		} else {
			untold = append(untold, i)
		}
	}
	if len(open) == len(rec.Incidents) {
		t.problem(1, t.cols.at[t.cols.resolved], codeRow, "no incident has an end; expected a time in the column %s", t.cols.name(t.cols.resolved))
		return
	}
	if len(open) > 0 {
		t.note(0, "counted with the mean length of its cause: %s without an end (%s)", count(len(open), "incident"), lines(open))
	}
	switch {
	case !rec.ImpactTold:
		t.note(0, "the record does not tell how many users were hit; 100%% is assumed for every incident")
	case len(untold) > 0:
		t.note(0, "taken to hit 100%% of the users: %s without an impact (%s)", count(len(untold), "incident"), lines(untold))
	}
	if t.sawNone > 0 {
		t.note(0, "taken to hit nobody: %s of severity none; say otherwise with --impact none=10%%", count(t.sawNone, "incident"))
	}
	if rec.Span() < 30*86400 {
		t.note(0, "the record spans only %s, from its first incident to its end; rates from so short a time say little, see --until", roughly(rec.Span()))
	}
	if now, before, ok := rec.drift(); ok && (now > 1.5*before || before > 1.5*now) {
		t.note(0, "%s", driftText(now, before))
	}
	rec.Notes = t.notes
}

// lastMoment is the end of a record that does not say its own: the last end of
// an incident, or the last start where that is later.
func lastMoment(all []Incident) time.Time {
	var last time.Time
	for _, i := range all {
		for _, at := range []time.Time{i.Started, i.Resolved} {
			if at.After(last) {
				last = at
			}
		}
	}
	return last
}

// drift returns the lost seconds of the last 365 days of the record, and the
// mean of those before, for as long. ok is false where the record is shorter
// than two such years or told nothing bad.
func (r *Record) drift() (now, before float64, ok bool) {
	const year = 365 * 86400
	earlier := r.Span() - year
	if earlier < year {
		return 0, 0, false
	}
	for _, i := range r.Incidents {
		length, _ := i.length()
		if seconds(i.Started, r.End) <= year {
			now += length * i.Impact
		} else {
			before += length * i.Impact
		}
	}
	before *= year / earlier
	return now, before, now > 0 && before > 0
}

func driftText(now, before float64) string {
	return fmt.Sprintf("the last 365d of the record had %s of lost time, and %s in 365d before that; the model is of the record as a whole: leave out old rows that no longer tell what is to come",
		sayHours(now), sayHours(before))
}

// lines says where incidents stand in the file.
func lines(of []Incident) string {
	at := make([]int, len(of))
	for k, i := range of {
		at[k] = i.Line
	}
	sort.Ints(at)
	words := make([]string, len(at))
	for k, n := range at {
		words[k] = fmt.Sprint(n)
	}
	if len(words) == 1 {
		return "line " + words[0]
	}
	return "lines " + strings.TrimSpace(list(words, 8))
}
