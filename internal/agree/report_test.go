package agree

import (
	"regexp"
	"slices"
	"strings"

	"tightrope/internal/model"
	"tightrope/internal/page"
	"tightrope/internal/say"
)

// A page is written for people: what it says of a service must be what the
// forecast says to them, word by word, where both say it.

// rowsBelow returns the rows of the tables below a heading that begins so.
func rowsBelow(text, heading string) (rows []string) {
	_, after, ok := strings.Cut(text, heading)
	if !ok {
		return nil
	}
	begun := false
	for line := range strings.SplitSeq(after, "\n") {
		switch {
		case strings.HasPrefix(line, "|"):
			begun = true
			if !strings.HasPrefix(line, "| target") && !strings.HasPrefix(line, "| provider") && !strings.HasPrefix(line, "| source") && !strings.HasPrefix(line, "| cause") && !strings.HasPrefix(line, "| --") && !strings.HasPrefix(line, "|--") {
				rows = append(rows, line)
			}
		case begun:
			return rows
		}
	}
	return rows
}

// said returns what follows a word in bold in a list.
func said(text, word string) string {
	_, after, ok := strings.Cut(text, "- **"+word+"**")
	if !ok {
		return ""
	}
	line, rest, _ := strings.Cut(after, "\n")
	for next := range strings.SplitSeq(rest, "\n") { // of several lines each stands below it
		below, ok := strings.CutPrefix(next, "  - ")
		if !ok {
			break
		}
		line += "<br>" + below
	}
	return strings.TrimPrefix(strings.TrimSpace(strings.TrimPrefix(line, ":")), "<br>")
}

// tight writes spans of time as a text does: a page has "5 min 15 s" and "30 days"
// where a text has 5m15s and 30d.
func tight(text string) string {
	return spacedSpan.ReplaceAllStringFunc(text, func(m string) string {
		var b strings.Builder
		if strings.HasPrefix(m, "under ") {
			b.WriteString("&lt;")
		}
		for i, p := range spacedPart.FindAllStringSubmatch(m, -1) {
			if i > 0 && len(p[1]) < 2 && (p[2] == "min" || p[2] == "s") { // minutes and seconds have two digits
				b.WriteByte('0')
			}
			b.WriteString(p[1] + p[2][:1])
		}
		return b.String()
	})
}

var (
	spacedSpan = regexp.MustCompile(`\b(?:under )?[0-9.,]+ (?:days?|weeks?|years?|h|min|s)\b(?: \d+ (?:h|min|s)\b)*`)
	spacedPart = regexp.MustCompile(`([0-9.,]+) (days?|weeks?|years?|h|min|s)\b`)
)

// reports hold the page about each service against its forecast in words.
func (w *world) reports(*draft) {
	f := w.ask("forecast")
	seen := map[string]bool{}
	for _, e := range f.doc.at("services").list() {
		s := e.at("service").str()
		if e.at("objective").null() || seen[s] || e.at("verdict").str() == "unknown" {
			continue
		}
		if seen[s] = true; !w.whole && len(seen) > 2 {
			return
		}
		a := w.run(append(append([]string{"report"}, w.paths...), "--service", s, "--plan=false", "--years", "20", "--format", "markdown")...)
		b := w.run(append(append([]string{"forecast"}, w.paths...), "--service", s, "--format", "markdown")...)
		if a.code != 0 || b.code != 0 {
			w.report("a page can be written", a.from, b.from, "exit codes %d and %d: %s%s", a.code, b.code, a.err, b.err)
			continue
		}
		// Copies: others ask for the same and read it as it is.
		x, y := *a, *b
		x.text, y.text = tight(a.text), tight(b.text)
		a, b = &x, &y
		if len(w.objectives(f, s)) > 1 {
			continue // a page has one part for each, and a forecast too, in their own order
		}
		for _, table := range []string{"What could be promised over", "What providers must offer"} {
			x, y := rowsBelow(a.text, table), rowsBelow(b.text, table)
			w.compare += len(x)
			if strings.Join(x, "\n") != strings.Join(y, "\n") {
				w.report("report: the rows of "+table, a.from, b.from, "\n%s\nagainst\n%s", strings.Join(x, "\n"), strings.Join(y, "\n"))
			}
		}
		for _, words := range [][2]string{{"Lost time", "lost time"}, {"On average", "on average"}, {"What broke", "what broke"}, {"What users feel", "users feel"}, {"Whose hands it is in", "hands"}, {"Could be promised", "achievable"}} {
			w.compare++
			if x, y := said(a.text, words[0]), said(b.text, words[1]); x != y {
				w.report("report: "+words[0], a.from, b.from, "%q against %q", x, y)
			}
		}
		w.reportedDecision(a, e)
		w.reportedShares(a, e)
		w.reportedRemovals(a, s)
	}
}

// reportedShares hold the shares of the lost time on a page against those of the
// forecast, by the title of the source or its name.
func (w *world) reportedShares(a *answer, e value) {
	cells := func(row string) []string { return strings.Split(strings.Trim(row, "| "), " | ") }
	l := page.English()
	shares := map[string]string{}
	for _, s := range e.at("sources").list() {
		per := s.at("bad_seconds_per_year").num() * e.at("window_seconds").num() / model.Year / e.at("bad_seconds", "sum_mean").num()
		name := s.at("title").str()
		if name == "" || !slices.Contains([]string{"risk", "change", "stated", "background"}, s.at("kind").str()) || strings.EqualFold(name, s.at("name").str()) {
			name = s.at("name").str()
		}
		shares[name] += " " + tight(l.Part(per))
	}
	mine := map[string]string{}
	var names []string
	for _, row := range rowsBelow(a.text, "*Causes of the lost time of") {
		c := cells(row)
		if mine[c[0]] == "" {
			names = append(names, c[0])
		}
		mine[c[0]] += " " + c[len(c)-1]
	}
	for _, n := range names {
		w.compare++
		if y, ok := shares[n]; ok && y != strings.ReplaceAll(mine[n], "&lt;", "<") {
			w.report("report: share of the lost time", a.from, a.from, "%s: %q against %q", n, mine[n], y)
		}
	}
	if len(names) == 0 {
		w.report("report: a page says where the lost time comes from", a.from, a.from, "no row")
	}
}

// reportedRemovals hold whose lost time it is on a page, and what the removal of each
// risk saves, against the explanation of the service.
func (w *world) reportedRemovals(a *answer, service string) {
	b := w.run(append(append([]string{"explain", "service:" + service}, w.paths...), "--format", "markdown")...)
	// One builder makes both, so that they have the same rows in the same order; a page
	// calls causes by their titles, a text by their names.
	rows := func(text, heading string) (names, cells []string) {
		for _, row := range rowsBelow(text, heading) {
			c := strings.Split(strings.Trim(row, "| "), " | ")
			names = append(names, c[0])
			cells = append(cells, strings.NewReplacer("h00m", "h", "d0h", "d").Replace(strings.Join(c[1:], " | ")))
		}
		return names, cells
	}
	names, mine := rows(a.text, "# Whose lost time it is")
	_, theirs := rows(b.text, "Whose lost time it is")
	if len(mine) != len(theirs) {
		w.report("report: what removal saves", a.from, b.from, "%d rows against %d", len(mine), len(theirs))
		return
	}
	for i, x := range mine {
		w.compare++
		if y := theirs[i]; x != y && !strings.Contains(x+y, "?") {
			w.report("report: what removal saves", a.from, b.from, "%s: %q against %q", names[i], x, y)
		}
	}
}

// objectives are the entries of a service that have one.
func (w *world) objectives(f *answer, service string) (all []value) {
	for _, e := range f.doc.at("services").list() {
		if e.at("service").str() == service && !e.at("objective").null() {
			all = append(all, e)
		}
	}
	return all
}

// reportedDecision holds the first screen of a page without a plan against the
// forecast: what to promise is what can be promised, the largest cause is the first of
// the sources, and users meet what they add up to.
func (w *world) reportedDecision(a *answer, e value) {
	law := func(name, got, want string) {
		w.compare++
		if !strings.Contains(got, want) {
			w.report("report: "+name, a.from, a.from, "%q does not say %q", got, want)
		}
	}
	if e.at("contradicts").is() || e.at("unsolved").is() {
		return
	}
	if t := e.at("suggested_target"); !t.null() {
		law("what to promise", said(a.text, "The promise"), say.Percent(t.num())+" allows")
	}
	all, year := 0.0, e.at("bad_seconds_per_year").num()
	for _, s := range e.at("sources").list() {
		if s.at("kind").str() != "change" {
			all += s.at("incidents_per_year").num() * s.at("impact").num()
		}
	}
	l := page.English()
	if list := e.at("sources").list(); len(list) > 0 && year > 0 {
		law("the largest cause", said(a.text, "Largest cause"), tight(l.Around(list[0].at("bad_seconds_per_year").num())+" a year, "+l.Part(list[0].at("bad_seconds_per_year").num()*e.at("window_seconds").num()/model.Year/e.at("bad_seconds", "sum_mean").num())))
	}
	if all > 0 {
		law("how often users are hit", said(a.text, "If nothing is done"), "about "+l.Number(all)+" times")
	}
}
