package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	rhythm "tightrope/internal/cadence"
	"tightrope/internal/document"
	"tightrope/internal/document/markdown"
	"tightrope/internal/document/text"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/say"
)

// tableWidth is how many characters a table may need without being divided.
const tableWidth = 78

// CadenceOptions are the Options of a report on rhythms.
type CadenceOptions struct {
	Options
	With, Without []string // nets, as they were asked for
}

// CadenceText writes what becomes of promises and people at each rhythm of a
// change, for a terminal. It returns the error of w.
func CadenceText(w io.Writer, r *rhythm.Result, o CadenceOptions) error {
	return text.Write(w, Cadence(r, o), o.text())
}

// CadenceMarkdown writes the same for a wiki or a pull request. It returns the
// error of w.
func CadenceMarkdown(w io.Writer, r *rhythm.Result, o CadenceOptions) error {
	return markdown.Write(w, Cadence(r, o), markdown.Options{})
}

// rhythms is a Result as it is told.
type rhythms struct {
	*rhythm.Result
	asked   CadenceOptions
	nets    bool     // each row has a second case
	entries []int    // which of the objectives are shown
	same    []string // objectives that are not, as no rhythm makes a difference to them
}

// A pledge is a target whose chance is told: that of an objective, or one that
// was asked for.
type pledge struct {
	entry  int // of the objectives of a case
	target int // of those asked for; -1: the objective's own
}

// Cadence says what another rhythm of a change does to promises and people.
func Cadence(c *rhythm.Result, o CadenceOptions) *document.Document {
	return rhythmSheet(c, o).document()
}

func rhythmSheet(c *rhythm.Result, o CadenceOptions) *sheet {
	r := &rhythms{Result: c, asked: o}
	if len(c.Rows) == 0 {
		return &sheet{first: c.Change + ": there is no rhythm to compare."}
	}
	r.nets = c.Rows[0].Nets != nil
	r.entries = r.moved(r.shown())
	s := &sheet{}
	s.first, s.rest = r.sentence()
	s.tell(r.facts())
	beside := ""
	if r.nets {
		beside = "as it stands → with the nets"
	}
	together := false
	if len(r.entries) == 1 {
		all := r.table(r.entries[0], true)
		together = takes(all) <= tableWidth
	}
	if r.crowded() {
		s.show("Chance to meet each objective, by how often "+c.Change+" happens", "", r.matrix(func(o *rhythm.Objective) string {
			if o.Met == nil {
				return "–"
			}
			return chanceOr(o.Met.Value)
		}))
		s.show("Lost time a year", "", r.matrix(func(o *rhythm.Objective) string { return about(o.PerYear) }))
	} else {
		for _, i := range r.entries {
			s.show(r.title(i), beside, r.table(i, together))
		}
	}
	if !together {
		s.show("What it asks of people", beside, r.loadTable())
	}
	var basis factList
	basis.say("assumed", saidIn(c.Assumed)...)
	basis.say("written", written(c.Pos))
	s.tell(append(basis, warnings(besides(c.Warnings))...))
	return s
}

// besides are the warnings that say more than the list of nets does.
func besides(ws []forecast.Warning) []forecast.Warning {
	return slices.DeleteFunc(slices.Clone(ws), func(w forecast.Warning) bool { return w.Code == "requires" || w.Code == "replaces" })
}

func (r *rhythms) now() *rhythm.Row { return &r.Rows[r.Now] }

// of is the objective with that number as things stand today.
func (r *rhythms) of(i int) *rhythm.Objective { return &r.now().Plain.Objectives[i] }

// shown lists which of the objectives are told: those that are one, or else the
// service of the change.
func (r *rhythms) shown() []int {
	var promised, own, all []int
	for i, o := range r.now().Plain.Objectives {
		all = append(all, i)
		if o.Met != nil {
			promised = append(promised, i)
		}
		if o.Service == r.Service {
			own = append(own, i)
		}
	}
	switch {
	case len(promised) > 0:
		return promised
	case len(own) > 0:
		return own
	}
	return all
}

// moved leaves out, of several objectives, those whose lost time is the same at
// every rhythm.
func (r *rhythms) moved(all []int) []int {
	var out []int
	for _, i := range all {
		said := map[string]bool{}
		for k := range r.Rows {
			said[about(r.Rows[k].Plain.Objectives[i].PerYear)] = true
		}
		if len(said) > 1 {
			out = append(out, i)
		} else {
			r.same = append(r.same, serviceOf(r.of(i)))
		}
	}
	if len(out) == 0 {
		r.same = nil
		return all
	}
	return out
}

// pledges lists the targets of an objective whose chances are told: those asked
// for and, unless it is as good as never kept, its own.
func (r *rhythms) pledges(i int) []pledge {
	var out []pledge
	o := r.of(i)
	if own := (pledge{i, -1}); o.Met != nil && !r.hopeless(own) {
		out = append(out, own)
	}
	for k := range o.Compare {
		out = append(out, pledge{i, k})
	}
	return out
}

// met is the chance to keep a target in one case.
func (p pledge) met(c *rhythm.Case) float64 {
	if p.target < 0 {
		return c.Objectives[p.entry].Met.Value
	}
	return c.Objectives[p.entry].Compare[p.target].Met.Value
}

// text is the target as it is written.
func (r *rhythms) text(p pledge) string {
	if p.target < 0 {
		return r.of(p.entry).Target.Text
	}
	return r.of(p.entry).Compare[p.target].Target.Text
}

// casesOf are those of a row.
func casesOf(row *rhythm.Row) []*rhythm.Case {
	if row.Nets == nil {
		return []*rhythm.Case{row.Plain}
	}
	return []*rhythm.Case{row.Plain, row.Nets}
}

// hopeless reports whether a target is as good as never kept at any rhythm.
func (r *rhythms) hopeless(p pledge) bool {
	for i := range r.Rows {
		for _, c := range casesOf(&r.Rows[i]) {
			if p.met(c) >= 5e-5 {
				return false
			}
		}
	}
	return true
}

// every says a rhythm: "every day", "every 2 weeks", "every 5d..9d".
func every(row *rhythm.Row) string {
	if strings.Contains(row.Text, "..") {
		return "every " + row.Text
	}
	for _, unit := range []struct {
		length    float64
		one, many string
	}{{model.Week, "week", "weeks"}, {model.Day, "day", "days"}} {
		n := row.Every / unit.length
		whole := math.Round(n)
		switch {
		case whole < 1 || math.Abs(n-whole) > 1e-9:
			continue
		case unit.length == model.Week && whole == 13:
			return "every quarter"
		case whole == 1:
			return "every " + unit.one
		}
		return fmt.Sprintf("every %.0f %s", whole, unit.many)
	}
	return "every " + row.Text
}

// serviceOf is what an objective is called.
func serviceOf(o *rhythm.Objective) string {
	if o.Name == "" || o.Name == "available" {
		return o.Service
	}
	return fmt.Sprintf("%s (%s)", o.Service, o.Name)
}

// title is the heading of the table of an objective.
func (r *rhythms) title(i int) string {
	o := r.of(i)
	if o.Budget == nil {
		return fmt.Sprintf("%s over %s, without an objective", serviceOf(o), windowText(o.WindowSay))
	}
	return fmt.Sprintf("%s: %s over %s", serviceOf(o), o.Target.Text, windowText(o.WindowSay))
}

func (r *rhythms) facts() []document.Fact {
	var l factList
	l.say("change", joined("; ", ownTitle(r.Title.In("en"), r.Change), "on "+r.Service))
	l.say("today", fmt.Sprintf("%s, %s times a year", every(r.now()), digits(r.now().PerYear)))
	if len(r.Risks) > 0 {
		l.say("may cause", listed(r.Risks))
	} else {
		l.say("may cause", "nothing that the model knows of")
	}
	l.say("room", r.room())
	if len(r.same) > 0 {
		l.say("unmoved", "no rhythm makes a difference to "+listed(r.same))
	}
	if r.nets {
		l.say("nets", taken(&forecast.Result{With: r.With, Without: r.Without}))
	}
	return l
}

// room says how many of the changes fit into the budget.
func (r *rhythms) room() string {
	var o *rhythm.Objective
	for _, i := range r.entries {
		if k := r.of(i); k.Room != nil && k.Budget != nil && (o == nil || *k.Room < *o.Room) {
			o = k
		}
	}
	if o == nil {
		return ""
	}
	several, _ := plural(r.Change)
	switch *o.Room {
	case 0:
		return fmt.Sprintf("the budget of %s in %s has no room for the downtime of even one %s", precisely(*o.Budget), windowText(o.WindowSay), r.Change)
	case 1:
		several = r.Change
	}
	return fmt.Sprintf("the budget of %s in %s has room for the downtime of %s %s, if nothing else happens; there are %s now",
		precisely(*o.Budget), windowText(o.WindowSay), grouped(float64(*o.Room)), several, digits(r.now().PerYear*o.Window/model.Year))
}

// pair says what is as it stands and with the nets.
func pair(row *rhythm.Row, say func(*rhythm.Case) string) string {
	if row.Nets == nil {
		return say(row.Plain)
	}
	return fromTo(say(row.Plain), say(row.Nets))
}

// table is one objective at each rhythm.
func (r *rhythms) table(i int, load bool) *document.Table {
	t := &document.Table{Columns: []document.Column{{Head: "how often"}}}
	head := func(s string) { t.Columns = append(t.Columns, document.Column{Head: s, Right: !r.nets}) }
	pledges := r.pledges(i)
	for _, p := range pledges {
		switch {
		case len(pledges) == 1 && p.target < 0:
			head("met")
		default:
			head(r.text(p))
		}
	}
	if len(pledges) == 0 {
		head("could promise")
	}
	head("lost/year")
	if load {
		head("pages/wk")
		head("process/y")
	}
	t.Columns = append(t.Columns, document.Column{})
	for k := range r.Rows {
		row := &r.Rows[k]
		sign, st := r.rowSign(row, i, pledges)
		cells := []string{every(row)}
		for _, p := range pledges {
			cells = append(cells, pair(row, func(c *rhythm.Case) string { return r.chanceSaid(p, c) }))
		}
		if len(pledges) == 0 {
			cells = append(cells, pair(row, func(c *rhythm.Case) string { return goodTime(c.Objectives[i].Achievable) }))
		}
		cells = append(cells, pair(row, func(c *rhythm.Case) string { return about(c.Objectives[i].PerYear) }))
		if load {
			pages, _, process := loadCells(row)
			cells = append(cells, pages, process)
		}
		addRhythm(t, row, sign, st, cells)
	}
	return t
}

// crowded reports whether there are so many objectives that each has one row
// rather than a table.
func (r *rhythms) crowded() bool {
	return len(r.entries) > 2 && !r.nets && len(r.of(r.entries[0]).Compare) == 0
}

// matrix has a row for each objective and a column for each rhythm.
func (r *rhythms) matrix(say func(*rhythm.Objective) string) *document.Table {
	t := &document.Table{Columns: []document.Column{{Head: "objective"}}}
	for k := range r.Rows {
		head := r.Rows[k].Text
		if r.Rows[k].Present {
			head = "now " + head
		}
		t.Columns = append(t.Columns, document.Column{Head: head, Right: true})
	}
	for _, i := range r.entries {
		o := r.of(i)
		sign, st := "·", document.Faint
		if o.Met != nil {
			sign, st = "✓", document.Good
			switch o.Verdict {
			case forecast.NotAchievable:
				sign, st = "✗", document.Bad
			case forecast.Undecided:
				sign, st = "?", document.Faint
			}
		}
		cells := []string{joined(" ", serviceOf(o), o.Target.Text)}
		for k := range r.Rows {
			cells = append(cells, say(&r.Rows[k].Plain.Objectives[i]))
		}
		marked(t.Add(cells...), sign, st)
	}
	return t
}

// rowSign says with a sign whether the objective, or the first target asked for,
// is kept at a rhythm, with the nets where there are any.
func (r *rhythms) rowSign(row *rhythm.Row, i int, pledges []pledge) (string, document.Tone) {
	list := casesOf(row)
	c := list[len(list)-1]
	o := &c.Objectives[i]
	kept, known := o.Verdict != forecast.NotAchievable, o.Met != nil && o.Verdict != forecast.Undecided
	if len(pledges) > 0 && pledges[0].target >= 0 {
		kept, known = pledges[0].met(c) >= c.Objectives[i].Confidence, true
	}
	switch {
	case !known:
		return "·", document.Faint
	case kept:
		return "✓", document.Good
	}
	return "✗", document.Bad
}

// takes is how many cells the rows of a table need, if each character is one.
func takes(t *document.Table) int {
	sum := 0
	for i, c := range t.Columns {
		widest := utf8.RuneCountInString(c.Head)
		for _, r := range t.Rows {
			widest = max(widest, utf8.RuneCountInString(strings.TrimSpace(r.Cells[i].Sign+" "+r.Cells[i].Text)))
		}
		if sum += widest; i > 0 {
			sum += 2
		}
	}
	return sum
}

// chanceSaid says the chance to keep a target, told apart from its confidence.
func (r *rhythms) chanceSaid(p pledge, c *rhythm.Case) string {
	if v := p.met(c); v >= say.Trillionth && v < 1-say.Trillionth {
		return chanceBeside(v, c.Objectives[p.entry].Confidence)
	}
	return chanceOr(p.met(c))
}

// loadCells say what a rhythm asks of people: pages a week, hours a year by hand
// and of process.
func loadCells(row *rhythm.Row) (pages, manual, process string) {
	return pair(row, func(c *rhythm.Case) string { return pagesSaid(c.PagesPerWeek) }),
		pair(row, func(c *rhythm.Case) string { return hoursSaid(c.ManualHoursPerYear) }),
		pair(row, func(c *rhythm.Case) string { return hoursSaid(c.ProcessHoursPerYear) })
}

// pagesSaid says how many pages there are in a week: of fewer than one in two
// years nobody counts how many.
func pagesSaid(v float64) string {
	switch {
	case v > 0 && v < 0.01:
		return "<0.01"
	case v < 1:
		return trimZeros(v, 2)
	}
	return digits(v)
}

// hoursSaid says how many hours of work there are in a year.
func hoursSaid(v float64) string {
	switch {
	case v > 0 && v < 0.1:
		return "<0.1h"
	case v < 1:
		return trimZeros(v, 1) + "h"
	}
	return digits(v) + "h"
}

func addRhythm(t *document.Table, row *rhythm.Row, sign string, st document.Tone, cells []string) {
	mark := ""
	if row.Present {
		mark = "← now"
	}
	added := t.Add(append(cells, mark)...)
	marked(added, sign, st).Cells[len(cells)].Tone = document.Faint
}

// loadTable is what each rhythm asks of people, whatever it comes from.
func (r *rhythms) loadTable() *document.Table {
	t := &document.Table{Columns: []document.Column{
		{Head: "how often"}, {Head: "pages/wk", Right: !r.nets}, {Head: "by hand/y", Right: !r.nets}, {Head: "process/y", Right: !r.nets}, {},
	}}
	for k := range r.Rows {
		row := &r.Rows[k]
		pages, manual, process := loadCells(row)
		addRhythm(t, row, "·", document.Faint, []string{every(row), pages, manual, process})
	}
	return t
}
