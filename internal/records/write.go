package records

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Model writes the record as a model file in the model language, with comments
// that say where each number comes from and what is left to fill in. The notes
// are those of the record. The same record gives the same bytes.
func (r *Record) Model() (yaml []byte, notes []Note) {
	w := &writer{Record: r, fits: r.fits(), source: clean(baseName(r.File), maxTitle)}
	w.span = spanText(r.Span())
	for _, f := range w.fits {
		w.bad += f.bad
	}
	w.header()
	w.service()
	w.risks()
	w.people()
	w.rest()
	return w.bytes(), r.Notes
}

type writer struct {
	page
	*Record
	fits   []*fit
	source string // name of the file, without its folder
	span   string
	bad    float64 // seconds, of all incidents
}

func (w *writer) header() {
	w.say(0, "", fmt.Sprintf("Made of %s, from %s to %s, by", count(len(w.Incidents), "incident"), day(w.From), day(w.End.Add(-1))))
	w.say(0, "  ", w.command())
	w.say(0, "", "")
	w.say(0, "", "Where the numbers come from")
	w.say(0, "   rate    ", "how often incidents of this cause were seen, in the time from the first start in the record to its end; as unsure as such a count is")
	w.say(0, "   impact  ", "the share of users that was hit, averaged over the time that incidents lasted")
	if w.any(func(f *fit) bool { return !f.divided.detected }) {
		w.say(0, "   detect  ", "0s where the record does not tell: recovery then runs from the start, and includes the time until somebody knew")
	}
	w.say(0, "   recover ", "90% of incidents take a time within the range; its mean is that of the record, and its spread that of the record too, so that long incidents stay possible; a cause seen seldom leans on the spread of the others")
	if len(w.Notes) > 0 {
		w.say(0, "", "")
		w.say(0, "", "What to know about the record")
		for _, n := range w.Notes {
			w.say(0, "   -", n.Message)
		}
	}
	w.say(0, "", "")
	w.say(0, "", "What to do next")
	for _, s := range []string{
		"see what it says: `tightrope check` and `tightrope forecast`",
		"name the objective you want to promise, below",
		"say for each risk how you know and how it ends: detection, recovery, responders",
		"add the risks that have not struck yet, and the safety nets that stand or could",
	} {
		w.say(0, "   -", s)
	}
	w.line(0, "version: 1", "")
	w.gap()
}

// command is how the file was made, as it would be typed.
func (w *writer) command() string {
	words := []string{"tightrope", "init", "--from", w.source}
	add := func(flag, value string) {
		if value != "" {
			words = append(words, flag, value)
		}
	}
	add("--cause", w.opts.CauseColumn)
	add("--severity", w.opts.SeverityColumn)
	add("--impact", w.opts.Impacts.String())
	if u := w.opts.Until; !u.IsZero() {
		if last := u.AddDate(0, 0, -1); last.Equal(last.Truncate(24 * time.Hour)) {
			add("--until", last.Format(time.DateOnly))
		} else {
			add("--until", stamp(u))
		}
	}
	add("--service", w.opts.Service)
	add("--title", w.opts.Title)
	for i, word := range words {
		words[i] = shellWord(clean(word, 2000))
	}
	return strings.Join(words, " ")
}

// shellWord quotes a word for a shell where it holds more than harmless signs.
func shellWord(s string) string {
	harmless := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=%,:+", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !harmless(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func (w *writer) any(is func(*fit) bool) bool { return slices.ContainsFunc(w.fits, is) }

func (w *writer) service() {
	w.line(0, "services:", "")
	w.line(2, scalar(w.Service)+":", "")
	if w.Title != "" {
		w.line(4, "title: "+scalar(w.Title), "")
	}
	w.line(4, fmt.Sprintf("history: {over: %s, bad: %s, incidents: %d}", w.span, sayHours(w.bad), len(w.Incidents)), "")
	w.years()
	w.verbatim(4,
		"To fill in, for example:",
		"objective: {target: 99.9%, over: 30d, confidence: 90%}",
		"owner: platform-team",
		"worth: {revenue: 40_000_000/d, lost: 60%, users: 300_000}",
		"needs: [database]")
	w.gap()
}

// mostYearsShown bounds the table of years; a longer record has its oldest
// years in one line.
const mostYearsShown = 12

// years shows the record in steps of 365 days back from its end, so that a
// reader sees whether it is steady.
func (w *writer) years() {
	const year = 365 * 86400
	n := int(w.Span() / year)
	if n < 1 {
		return
	}
	n = min(n, mostYearsShown-1)
	type sum struct {
		incidents int
		bad       float64
	}
	sums := make([]sum, n+1)
	for i := range w.Incidents {
		inc := &w.Incidents[i]
		k := min(n, int(seconds(inc.Started, w.End)/year))
		length, _ := inc.length()
		sums[k].incidents++
		sums[k].bad += length * inc.Impact
	}
	for k, s := range sums {
		over := "365d"
		if k == n {
			rest := w.Span() - float64(n)*year
			if rest < 86400 && s.incidents == 0 {
				break
			}
			over = spanText(rest)
		}
		end := w.End.AddDate(0, 0, -365*k).Add(-1)
		w.say(4, "", fmt.Sprintf("%s to %s: %s, %s bad", over, day(end), count(s.incidents, "incident"), sayHours(s.bad)))
	}
}

// titleOf writes the title of a group: ours in each language, that of a cause as the
// record has it.
func titleOf(g *group) string {
	if korean := inKorean[g.key]; korean != "" && g.title == gatherings[g.key] {
		return "{en: " + scalar(g.title) + ", ko: " + scalar(korean) + "}"
	}
	return scalar(g.title)
}

func (w *writer) risks() {
	w.line(0, "risks:", "")
	for k, f := range w.fits {
		if k > 0 {
			w.gap()
		}
		w.about(f)
		w.line(2, scalar(f.name)+":", "")
		w.line(4, "service: "+scalar(w.Service), "")
		w.line(4, "title: "+titleOf(f.group), "")
		w.line(4, fmt.Sprintf("rate: %d in %s", len(f.incidents), w.span), "")
		w.line(4, "impact: "+percent(f.share, 3), w.impactComment(f))
		detect := ""
		if !f.divided.detected {
			detect = "not in the record; recover runs from the start"
		}
		w.line(4, "detect: "+f.text(detecting), detect)
		recover := f.text(recovering)
		comment := ""
		if f.divided.acknowledged {
			recover = "[" + fixing(f) + "]"
		} else if f.whole.n == 0 {
			comment = "no end was written down; as all others"
		}
		w.line(4, "recover: "+recover, comment)
		w.line(4, "source: "+scalar(w.source), "")
		w.line(4, "asof: "+day(w.End.Add(-1)), "")
		w.changes(f)
	}
	w.gap()
}

// about says in words what was seen of a cause.
func (w *writer) about(f *fit) {
	n := len(f.incidents)
	text := count(n, "incident")
	if w.bad > 0 {
		text = percent(f.bad/w.bad, 2) + " of all lost time: " + text
	}
	if f.whole.n > 0 {
		x := slices.Sorted(slices.Values(f.whole.x))
		longest := x[len(x)-1]
		if len(x) == 1 {
			text += " of " + roughly(longest)
		} else {
			text += fmt.Sprintf(", half of them within %s, mean %s, longest %s",
				roughly(x[(len(x)-1)/2]), roughly(f.mean), roughly(longest))
			if share := longest / (f.mean * float64(len(x))); share > 0.3 && len(x) > 3 {
				text += fmt.Sprintf(" (%s of the time of all)", percent(share, 2))
			}
		}
	}
	w.say(2, "", text)
	if len(f.gathered) > 0 {
		shown := make([]string, len(f.gathered))
		for i, g := range f.gathered {
			shown[i] = clean(g, 40)
		}
		w.say(2, "", "among them: "+list(shown, 4))
	}
}

// impactComment says what the impact was read from.
func (w *writer) impactComment(f *fit) string {
	untold := 0
	var of []string
	seen := map[string]int{}
	for _, i := range f.incidents {
		switch {
		case !i.ImpactTold:
			untold++
		case i.Severity != "":
			seen[i.Severity]++
		}
	}
	switch {
	case untold == len(f.incidents):
		return "assumed; the record does not tell"
	case untold > 0:
		of = append(of, fmt.Sprintf("100%% assumed for %d of %d", untold, len(f.incidents)))
	}
	for _, s := range byCount(seen) {
		of = append(of, fmt.Sprintf("%d %s", seen[s], s))
	}
	return list(of, 5)
}

// changes says which changes came before the incidents, for somebody who knows
// how often those are made.
func (w *writer) changes(f *fit) {
	seen := map[string]int{}
	n := 0
	for _, i := range f.incidents {
		for _, c := range i.Changes {
			seen[clean(c, maxName)]++
		}
		if len(i.Changes) > 0 {
			n++
		}
	}
	if n == 0 {
		return
	}
	names := byCount(seen)
	of := make([]string, len(names))
	for k, c := range names {
		of[k] = fmt.Sprintf("%s %d", c, seen[c])
	}
	change := slug(names[0])
	if change == "" {
		change = "change"
	}
	w.say(4, "", fmt.Sprintf("%d of %d came with a change (%s). How often it is made is not in the record; once it is under changes, write instead of rate:",
		n, len(f.incidents), list(of, 6)))
	w.verbatim(4,
		"per: "+change,
		fmt.Sprintf("chance: 1%%..5%%  # %s in %s, divided by how often it was made", count(n, "incident"), w.span))
}

// text writes the time that a part takes.
func (f *fit) text(p part) string { return timeText(f.means[p], f.sigma[p]) }

// fixing is the name of the recovery of a risk.
func fixing(f *fit) string { return "fix-" + f.name }

// people writes the named recoveries and responders of the risks whose
// incidents tell when somebody answered.
func (w *writer) people() {
	if !w.any(func(f *fit) bool { return f.responder != "" }) {
		return
	}
	w.line(0, "recovery:", "")
	for _, f := range w.fits {
		if f.responder != "" {
			w.line(2, fmt.Sprintf("%s: {takes: %s, by: %s}", fixing(f), f.text(recovering), f.responder), "")
		}
	}
	w.gap()
	w.line(0, "responders:", "")
	written := map[string]bool{}
	for _, f := range w.fits {
		if f.responder != "" && !written[f.responder] {
			written[f.responder] = true
			w.line(2, fmt.Sprintf("%s: {acknowledges: %s}", f.responder, f.text(acknowledging)), "")
		}
	}
	w.gap()
}

// rest is what no record tells.
func (w *writer) rest() {
	w.verbatim(0,
		"To fill in: how you would know, and what stands in between. For example:",
		"detection:",
		"  alarm: {after: 1m, catches: 90%}",
		"  customers: {after: 10m..1h}",
		"safety_nets:",
		"  canary:",
		"    kind: automation",
		"    status: proposed",
		"    cost: {build: 15 person-days, run: 200_000/month}",
		"    effects: [{risk: "+scalar(w.fits[0].name)+", prevents: 30%..60%}]")
}

// verbatim adds comments that are not broken into lines.
func (w *writer) verbatim(indent int, lines ...string) {
	for _, s := range lines {
		w.line(indent, "# "+s, "")
	}
}
