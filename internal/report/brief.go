package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"tightrope/internal/document"
	"tightrope/internal/document/text"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
)

// A text says first what has to be known to decide: it has at most so many lines,
// whatever the model holds. Options.All has the rest.
const briefLines = 40

// restSaid ends a brief.
const restSaid = "--all shows the rest"

// A brief is how much is shown of each kind of thing.
type brief struct {
	rows     int // of services, sources and nets
	targets  int // that could be promised
	warnings int
	beside   bool // also what is good to know
	all      bool // it is no brief: everything is shown
}

// whole is all that there is.
var whole = brief{beside: true, all: true}

// briefs are tried one after the other until one fits.
var briefs = []brief{
	{rows: 24, targets: 5, warnings: 6, beside: true},
	{rows: 16, targets: 5, warnings: 5, beside: true},
	{rows: 8, targets: 5, warnings: 4, beside: true},
	{rows: 8, targets: 4, warnings: 3, beside: true},
	{rows: 8, targets: 4, warnings: 3},
	{rows: 6, targets: 4, warnings: 2},
	{rows: 5, targets: 3, warnings: 1},
	{rows: 3, targets: 2, warnings: 1},
	{rows: 2, targets: 2, warnings: 1},
}

// writeBrief writes the longest brief that fits. It returns the error of w.
func writeBrief(w io.Writer, o text.Options, build func(b brief) *document.Document) error {
	var all []func() *document.Document
	for _, b := range briefs {
		all = append(all, func() *document.Document { return build(b) })
	}
	return text.WriteFitting(w, briefLines, o, all...)
}

// forecastBrief is a forecast on one page: one service whole, or a line for each of
// several and what to decide.
func forecastBrief(r *forecast.Result, o Options, b brief) *document.Document {
	l := outlineOf(r, false)
	d := &document.Document{}
	add := func(blocks ...document.Block) {
		d.Sections = append(d.Sections, document.Section{Blocks: blocks})
	}
	several := len(l.promised) > 1
	if several {
		d.Blocks = scoresBrief(l, b)
	}
	switch nets := taken(r); {
	case several && oneService(l.promised):
		add(entryBrief(r, l.scores[0], b)...)
	case several && nets != "":
		add(document.Block{Text: "This is " + nets + "."})
	case several:
	case len(l.promised) == 1:
		add(entryBrief(r, l.promised[0], b)...)
	case len(l.others) == 1:
		add(entryBrief(r, l.others[0], b)...)
		l.others = nil
	case len(l.others) > 1:
		d.Blocks = append(d.Blocks, document.Block{Headline: headlineOf(compactTitle(l)+".", "")},
			document.Block{Table: unpromisedBrief(l, b)}, document.Block{Facts: []document.Fact{
				{Key: "to decide", Lines: []string{"which of them promises what: none has an objective"}},
				inFull(sorest(l.others)),
			}})
		if nets != "" {
			add(document.Block{Text: "This is " + nets + "."})
		}
		l.others = nil
	}
	if o.Whole && len(l.others) > 0 { // they were asked for
		d.Sections = append(d.Sections, document.Section{Title: compactTitle(l), Blocks: []document.Block{{Table: unpromisedBrief(l, b)}}})
	}
	if o.Check != nil {
		d.Sections = append(d.Sections, comparisonBrief(o.Check, b))
	}
	if facts := pressing(sharedWarnings(r, nil), b.warnings); len(facts) > 0 {
		add(document.Block{Facts: facts})
	}
	if len(r.Entries) > 0 {
		d.Foot = restSaid
	}
	return d
}

// sorest is the entry with the most lost time.
func sorest(list []*forecast.Entry) *forecast.Entry {
	return slices.MaxFunc(list, func(a, b *forecast.Entry) int { return cmp.Compare(a.PerYear, b.PerYear) })
}

// oneService reports whether all entries are objectives of one service.
func oneService(list []*forecast.Entry) bool {
	return !slices.ContainsFunc(list, func(e *forecast.Entry) bool { return e.Service != list[0].Service })
}

// inFull is the command that shows the service of an entry by itself.
func inFull(e *forecast.Entry) document.Fact {
	return document.Fact{Key: "in full", Lines: []string{"tightrope forecast --service " + e.Service}}
}

// entryBrief is one entry: the verdict, the facts that matter, what spends the
// most, and what could be promised.
func entryBrief(r *forecast.Result, e *forecast.Entry, b brief) []document.Block {
	blocks := []document.Block{{Headline: headlineOf(headline(e))}}
	facts := findings(r, e, outline{whole: []*forecast.Entry{e}}, b)
	if b.beside {
		facts = append(facts, foundations(e)...)
	}
	if len(facts) > 0 {
		blocks = append(blocks, document.Block{Facts: facts})
	}
	if len(e.Sources) > 0 {
		t := causes(e, min(b.rows, briefSources))
		t.About = "" // means per incident stand in the whole
		t.Drop(2, 3, 4)
		unnoted(t)
		blocks = append(blocks, document.Block{Table: t})
	}
	if t := forecastTables().Compare(e); t != nil {
		t.Rows = near(e, t.Rows, b)
		blocks = append(blocks, document.Block{Table: t})
	}
	return blocks
}

// briefSources is how many sources a brief shows one by one.
const briefSources = 8

// foundations are the one line of the past and of what is assumed that a brief has.
func foundations(e *forecast.Entry) []document.Fact {
	var facts []document.Fact
	if lines := english().Past(e); len(lines) > 0 {
		first := lines[0]
		if e.History.Counted {
			first += leavesOut
		}
		facts = append(facts, document.Fact{Key: "history", Lines: []string{first}})
	}
	if said := saidIn(e.Assumed); len(said) > 0 {
		if len(said) > 2 {
			said = []string{said[0], fmt.Sprintf("and %d more", len(said)-1)}
		}
		facts = append(facts, document.Fact{Key: "assumed", Lines: said})
	}
	return facts
}

// near leaves, of the rows of what could be promised, those beside the objective
// and beside the suggestion. What was asked for stays as long as there is room.
func near(e *forecast.Entry, rows []document.Row, b brief) []document.Row {
	list := say.Comparison(e)
	if len(e.Compare) > 0 || len(rows) != len(list) {
		return rows[:min(len(rows), max(2*b.targets, b.rows))]
	}
	at := func(t *forecast.Target) int {
		return slices.IndexFunc(list, func(c forecast.Chance) bool { return c.Target.Exact.Cmp(t.Exact) == 0 })
	}
	var want []int // the most wanted first
	add := func(list ...int) { want = append(want, list...) }
	if e.Objective != nil {
		add(at(&e.Objective.Target))
	}
	if e.Suggested != nil {
		add(at(e.Suggested), at(e.Suggested)+1)
	}
	if e.Objective != nil {
		add(at(&e.Objective.Target)-1, at(&e.Objective.Target)+1)
	}
	if len(want) == 0 {
		for i := range rows {
			add(i)
		}
	}
	taken := map[int]bool{}
	for _, i := range want {
		if i >= 0 && i < len(rows) && len(taken) < b.targets {
			taken[i] = true
		}
	}
	var out []document.Row
	for i := range rows {
		if taken[i] {
			out = append(out, rows[i])
		}
	}
	return out
}

// scoresBrief is a line for each of several objectives, worst first, and what to
// decide.
func scoresBrief(l outline, b brief) []document.Block {
	t := scoreTable(l)
	t.Rows, t.Foot = t.Rows[:min(len(t.Rows), b.rows)], ""
	if rest := len(l.scores) - len(t.Rows); rest > 0 {
		t.Foot = fmt.Sprintf("and %s more that are met more easily", grouped(float64(rest)))
	}
	blocks := []document.Block{{Headline: &document.Headline{Text: scoreline(l)}}, {Table: &t}}
	if oneService(l.promised) { // it is shown whole
		return blocks
	}
	return append(blocks, document.Block{Facts: []document.Fact{
		{Key: "to decide", Lines: []string{decision(l.scores[0])}}, inFull(l.scores[0]),
	}})
}

// unpromisedBrief is a line for each of several services without an objective,
// those with the most lost time first.
func unpromisedBrief(l outline, b brief) *document.Table {
	l.compact = slices.Clone(l.others)
	slices.SortStableFunc(l.compact, func(a, b *forecast.Entry) int { return cmp.Compare(b.PerYear, a.PerYear) })
	t := compactTable(l)
	t.Rows, t.Foot = t.Rows[:min(len(t.Rows), b.rows)], ""
	if rest := len(l.compact) - len(t.Rows); rest > 0 {
		t.Foot = fmt.Sprintf("and %s more with less lost time", grouped(float64(rest)))
	}
	return &t
}

// decision is what is to be decided about the objective that is kept least.
func decision(e *forecast.Entry) string {
	switch {
	case e.Contradicts:
		return label(e) + ": " + english().Contradiction(e)
	case e.Unsolved:
		return "how to make the groups of " + label(e) + " smaller: they are too large to be solved"
	case nothingKnown(e):
		return "what can go wrong with " + label(e) + ": as it is, nothing is known of it"
	case e.Verdict == forecast.Achievable:
		return "nothing: " + label(e) + ", which is met least, is met as surely as asked for"
	}
	said := fmt.Sprintf("%s: whether %s stays the promise", label(e), promise(e, e.Objective.Target.Text))
	if e.Suggested != nil {
		said = fmt.Sprintf("%s: whether to promise %s instead of %s", label(e), e.Suggested.Text, promise(e, e.Objective.Target.Text))
	}
	if shown, _ := say.Ranked(e, 1); len(shown) > 0 {
		budget, _ := e.Objective.Budget.Float64()
		said += fmt.Sprintf(", or what to do about %s, which spends %s", shown[0].Name, ofBudget(shown[0].PerWindow/budget))
	}
	return said + "; tightrope plan says what it takes"
}

// briefWarning is how many characters a warning has at most in a brief.
const briefWarning = 300

// elsewhere are the codes of warnings about what another command answers, or
// another option of this one.
var elsewhere = []string{"not-priced", "left-out"}

// pressing are the warnings that a brief must have: of so many the most serious,
// and one of each kind before others of the same.
func pressing(all []forecast.Warning, most int) []document.Fact {
	all = slices.DeleteFunc(slices.Clone(all), func(w forecast.Warning) bool { return slices.Contains(elsewhere, w.Code) })
	facts := warnings(mostPressing(all, most))
	for i := range facts { // a list of all that it is about is in the whole
		if said := []rune(facts[i].Lines[0]); len(said) > briefWarning {
			facts[i].Lines = []string{string(said[:briefWarning]) + "…"}
		}
	}
	if left := len(all) - most; left > 0 {
		facts = append(facts, document.Fact{Lines: []string{"and " + counted(left, "more warning", "more warnings")}})
	}
	return facts
}

func mostPressing(all []forecast.Warning, most int) []forecast.Warning {
	rank := func(code string) int {
		switch code {
		case say.CodeContradiction:
			return 0
		case "time":
			return 1
		case "too-large":
			return 2
		case say.CodeUnknown:
			return 3
		}
		return 4
	}
	nth, seen := make([]int, len(all)), map[string]int{}
	for i, w := range all {
		nth[i] = seen[w.Code]
		seen[w.Code]++
	}
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(nth[a], nth[b]), cmp.Compare(rank(all[a].Code), rank(all[b].Code)))
	})
	order = order[:min(most, len(order))]
	slices.Sort(order)
	var out []forecast.Warning
	for _, i := range order {
		out = append(out, all[i])
	}
	return out
}
