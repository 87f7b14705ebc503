package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/say"
	"tightrope/internal/simulate"
)

// TimelineText writes a simulated year as a log for a terminal, to be read aloud
// in a workshop. It returns the error of w.
func TimelineText(w io.Writer, y *simulate.Timeline, o Options) error {
	return text.Write(w, Timeline(y), o.text())
}

// TimelineMarkdown writes a simulated year as a table for a wiki. It returns the
// error of w.
func TimelineMarkdown(w io.Writer, y *simulate.Timeline) error {
	return markdown.Write(w, Timeline(y), markdown.Options{})
}

// Timeline tells a simulated year, moment by moment, and what it cost.
func Timeline(y *simulate.Timeline) *document.Document {
	d := &document.Document{Blocks: []document.Block{{Headline: headlineOf(yearHeadline(y))}}, Foot: yearAgain(y)}
	if len(y.Moments) > 0 {
		t := &document.Table{Columns: document.Columns(">day", "time", "what", "")}
		for _, l := range yearLines(y) {
			r := t.Add(l.day, l.time, l.word, l.said())
			r.Cells[1].Tone = document.Faint
			r.Cells[2].Sign, r.Cells[2].Tone = l.sign, l.tone
		}
		d.Blocks = append(d.Blocks, document.Block{Table: t})
	}
	if len(y.Totals) > 0 {
		t := yearTable(y)
		d.Sections = append(d.Sections, document.Section{Title: "What the year cost", Blocks: []document.Block{{Table: &t}}})
	}
	return d
}

// A momentKind is how a kind of moment is said and marked.
type momentKind struct {
	word, sign string
	tone       document.Tone
}

var momentKinds = map[string]momentKind{
	"begins":          {"begins", "●", document.Bad},
	"detected":        {"detected", "!", document.Warn},
	"acknowledged":    {"acknowledged", "·", document.Normal},
	"attempt-failed":  {"attempt fails", "✗", document.Warn},
	"partly-restored": {"partly restored", "◐", document.Warn},
	"over":            {"over", "✓", document.Good},
	"planned":         {"planned", "○", document.Faint},
	"switched":        {"switched", "⇄", document.Warn},
	"switch-failed":   {"switch fails", "✗", document.Bad},
	"group-down":      {"too few up", "▼", document.Bad},
	"group-up":        {"enough up", "▲", document.Good},
	"window-missed":   {"MISSED", "✗", document.Bad},
	"clause":          {"TO PAY", "§", document.Bad},
}

func kindOf(m *simulate.Moment) momentKind {
	if k, ok := momentKinds[m.Kind]; ok {
		return k
	}
	return momentKind{strings.ReplaceAll(m.Kind, "-", " "), "·", document.Normal}
}

// A yearLine is a moment in words, or several that are all planned.
type yearLine struct {
	momentKind
	day, time, words string
	hit              string // who is hit from then on; empty: as before
}

// said is a line in words.
func (l *yearLine) said() string {
	if l.hit == "" {
		return l.words
	}
	return l.words + " → " + l.hit
}

// A teller says moments one after the other.
type teller struct {
	lines []yearLine
	began map[int]float64 // of incidents that began in the year
	whole map[int]bool    // incidents that have hit all of their service so far
	named map[string]bool // sources whose title was said
	hit   string          // who was hit after the moment before
	day   int             // of the line before
}

// yearLines says the moments of a year; the day is left out where it is that of
// the moment before. Planned work with nothing between is one line.
func yearLines(y *simulate.Timeline) []yearLine {
	t := &teller{began: map[int]float64{}, whole: map[int]bool{}, named: map[string]bool{}, hit: nobody, day: -1}
	for i := 0; i < len(y.Moments); {
		n := 1
		for y.Moments[i].Kind == "planned" && i+n < len(y.Moments) && y.Moments[i+n].Kind == "planned" {
			n++
		}
		if n > fewPlanned {
			t.run(y.Moments[i : i+n])
		} else {
			for k := range n {
				t.moment(&y.Moments[i+k])
			}
		}
		i += n
	}
	return t.lines
}

// fewPlanned is how many planned moments in a row are told one by one.
const fewPlanned = 2

// add adds a line about what happened at a time.
func (t *teller) add(at float64, k momentKind, words, hit string) {
	at = math.Floor(at)
	day := int(at / model.Day)
	l := yearLine{momentKind: k, time: clock(at - float64(day)*model.Day), words: words, hit: hit}
	if day != t.day {
		l.day = grouped(float64(day + 1))
		t.day = day
	}
	t.lines = append(t.lines, l)
}

// run tells planned work in a row: "8 × release, 2 × migration, until day 58".
func (t *teller) run(planned []simulate.Moment) {
	times := map[string]int{}
	var names []string
	for _, m := range planned {
		if times[m.Source] == 0 {
			names = append(names, m.Source)
		}
		times[m.Source]++
	}
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%d × %s", times[name], name))
	}
	last := planned[len(planned)-1]
	until := "until day " + grouped(math.Floor(last.At/model.Day)+1)
	t.add(planned[0].At, kindOf(&planned[0]), strings.Join(append(parts, until), ", "), "")
}

// moment tells what happened: "bad-release #3, after 4m38s: by error-alarm".
func (t *teller) moment(m *simulate.Moment) {
	k := kindOf(m)
	_, known := t.began[m.Incident]
	known = known && m.Incident > 0
	first := m.Kind == "begins" && !known
	switch {
	case first && m.At > 0: // at the very begin of the year it may have begun before
		t.began[m.Incident] = m.At
	case m.Kind == "begins" && known:
		k.word = "spreads"
	}
	said := momentName(m)
	if known {
		said += ", after " + about(m.At-t.began[m.Incident])
	}
	hit := hitWords(m)
	// Planned work is over before anybody reads of it.
	turned := hit != t.hit && m.Kind != "planned"
	if notes := t.notes(m, first, turned); len(notes) > 0 {
		said += ": " + strings.Join(notes, "; ")
	}
	if turned {
		t.hit = hit
	} else {
		hit = ""
	}
	t.add(m.At, k, said, hit)
}

// momentName is what a moment is about.
func momentName(m *simulate.Moment) string {
	switch {
	case m.Kind == "window-missed" && m.Source != "" && m.Source != "available" && m.Source != m.Service:
		return fmt.Sprintf("%s (%s)", m.Service, m.Source)
	case m.Kind == "window-missed":
		return m.Service
	case m.Incident > 0:
		return fmt.Sprintf("%s #%d", m.Source, m.Incident)
	}
	return m.Source
}

// notes are what there is to say of a moment. A title is said once. That an
// incident hits all of its own service, for as long as it lasts, goes without
// saying; turned is true where what is hit is said of the moment anyway.
func (t *teller) notes(m *simulate.Moment, first, turned bool) []string {
	var notes []string
	title := ownTitle(english().Titled(m.Title, m.Made), m.Source)
	switch {
	case title == "" || m.Kind == "window-missed":
	case m.Kind == "clause":
		notes = append(notes, title)
	case (first || m.Incident == 0) && !t.named[m.Source]:
		notes = append(notes, title)
		t.named[m.Source] = true
	}
	if first {
		t.whole[m.Incident] = false
	}
	for _, note := range m.Notes {
		own := note.Value("name") == message.Name(m.Service)
		all := note.Key() == message.KeyHits && own && hitShare(note) == "100%"
		hits := note.Key() == message.KeyHits || note.Key() == message.KeyHitsNow
		switch {
		case first:
			t.whole[m.Incident] = all
		case hits:
			t.whole[m.Incident] = false
		}
		switch {
		case all, turned && hits && said(m, note), t.whole[m.Incident] && m.Kind == "over" && own && note.Key() == message.KeyBadTimeFor:
			continue
		}
		notes = append(notes, english().Message(note))
	}
	return notes
}

// hitShare is the share of users that a note says are hit.
func hitShare(note message.Message) string {
	share, _ := note.Value("share").(message.Share)
	return say.SharePercent(float64(share))
}

// said reports whether who is hit after a moment says what a note of it says.
func said(m *simulate.Moment, note message.Message) bool {
	return note.Key() == message.KeyHitsNow || slices.ContainsFunc(m.Services, func(h simulate.Hit) bool {
		return note.Value("name") == message.Name(h.Service) && h.Share < 1-1e-9 && share(h.Share) == hitShare(note)
	})
}

const nobody = "nobody"

// hitWords says whose users are hit after a moment: "15% of booking".
func hitWords(m *simulate.Moment) string {
	var parts []string
	for _, h := range m.Services {
		if h.Share >= 1-1e-9 {
			parts = append(parts, "all of "+h.Service)
		} else {
			parts = append(parts, share(h.Share)+" of "+h.Service)
		}
	}
	if len(parts) == 0 {
		return nobody
	}
	return strings.Join(parts, ", ")
}

// clock says a time of the day: 09:12:40.
func clock(s float64) string {
	n := int(s)
	return fmt.Sprintf("%02d:%02d:%02d", n/3600, n/60%60, n%60)
}

// namedMissed is how many services that missed a window are named one by one.
const namedMissed = 4

func yearHeadline(y *simulate.Timeline) (first, rest string) {
	incidents := map[int]bool{}
	for _, m := range y.Moments {
		if m.Incident > 0 {
			incidents[m.Incident] = true
		}
	}
	first = fmt.Sprintf("Simulated year %s: %s", grouped(float64(y.Year)), counted(len(incidents), "incident", "incidents"))
	if len(incidents) == 0 {
		first = fmt.Sprintf("Simulated year %s: no incident", grouped(float64(y.Year)))
	}
	var missed []string
	windows := 0
	for _, t := range y.Totals {
		windows += t.Windows
		if t.Missed > 0 {
			said := fmt.Sprintf("%s %d of %d", totalLabel(&t), t.Missed, t.Windows)
			if len(missed) == 0 {
				said = fmt.Sprintf("%s missed %d of %d windows", totalLabel(&t), t.Missed, t.Windows)
			}
			missed = append(missed, said)
		}
	}
	switch {
	case len(missed) > namedMissed+1:
		rest := fmt.Sprintf("%d others some", len(missed)-namedMissed)
		first += "; " + listed(append(missed[:namedMissed], rest))
	case len(missed) > 0:
		first += "; " + listed(missed)
	case windows > 0:
		first += "; no objective was missed"
	}
	if len(y.Moments) > 0 {
		rest = "Days are counted from the first of the year; an arrow says who is hit from then on."
	}
	return first + ".", rest
}

func totalLabel(t *simulate.YearTotal) string {
	if t.Objective != "" && t.Objective != "available" {
		return t.Service + " (" + t.Objective + ")"
	}
	return t.Service
}

func yearAgain(y *simulate.Timeline) string {
	return fmt.Sprintf("Seed %d always plays this year; --timeline=%d is the next.", y.Seed, y.Year+1)
}

// yearTable is what the year cost each service.
func yearTable(y *simulate.Timeline) document.Table {
	t := document.Table{Columns: []document.Column{{Head: "service"}, {Head: "lost time", Right: true}, {Head: "outages", Right: true}, {Head: "windows missed", Right: true}}}
	for _, s := range y.Totals {
		missed, st := "–", document.Normal
		if s.Windows > 0 {
			missed = fmt.Sprintf("%d of %d", s.Missed, s.Windows)
		}
		if s.Missed > 0 {
			st = document.Bad
		}
		t.Add(totalLabel(&s), about(s.Bad), grouped(float64(s.Outages)), missed).Cells[3].Tone = st
	}
	return t
}
