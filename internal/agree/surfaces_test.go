package agree

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// surfaces hold against each other what two answers both say that are asked for in
// different ways: a rhythm tried and a model changed to it, a plan and the workshop in
// that state, a page of all services and of each, a page as HTML and as text.
func (w *world) surfaces(d *draft) {
	laws := []func(*draft){w.changedRhythm, w.plannedState, w.pages, w.written}
	for _, law := range turns(w, 1, laws) {
		law(d)
	}
}

// changedRhythm holds a rhythm that cadence tries against the difference to the model
// in which it is written, of what is listed: the past is what it was with the old one.
func (w *world) changedRhythm(d *draft) {
	for _, name := range d.names("changes") {
		c := d.clone()
		c.find("changes", name).set("every", "10d")
		path := w.write("rhythm-"+name+".yaml", c.text())
		a := w.ask("cadence "+name, "--every", "10d", "--only-listed")
		b := w.run("diff", w.paths[0], path, "--no-plan", "--only-listed", "--format", "json")
		if a.code != 0 || b.code != 0 {
			w.report("cadence and diff answer", a.from, b.from, "exit codes %d and %d: %s%s", a.code, b.code, a.err, b.err)
			continue
		}
		if len(a.doc.at("ignored").list()) > 0 || b.doc.at("same").is() {
			continue
		}
		for _, r := range a.doc.at("rhythms").list() {
			side := "old"
			if !r.at("present").is() {
				side = "new"
			}
			for _, o := range r.at("as_it_stands", "objectives").list() {
				for _, x := range b.doc.at("objectives").list() {
					if key(x.at("service"), x.at("objective")) != key(o.at("service"), o.at("objective", "name")) {
						continue
					}
					law := "cadence and diff of that rhythm"
					e := entries(w.ask("forecast", "--only-listed"))[key(o.at("service"), o.at("objective", "name"))]
					w.same(law+" (chance)", a, o.at("met_probability"), b, x.at(side, "met_probability"), 4*stated(e, "met_probability"))
					w.same(law+" (mean)", a, o.at("bad_seconds_mean"), b, x.at(side, "bad_seconds_mean"))
					w.same(law+" (achievable)", a, o.at("achievable_target"), b, x.at(side, "achievable_target"), 4*stated(e, "achievable_target"))
					w.same(law+" (verdict)", a, o.at("verdict"), b, x.at(side, "verdict"))
				}
			}
		}
	}
}

// plannedState holds what a plan says is lost before and after against the workshop in
// that state.
func (w *world) plannedState(*draft) {
	if w.slow || w.priced() != 1 {
		return
	}
	for _, flags := range [][]string{nil, {"--worth"}} {
		p := w.planOf(w.paths[0], flags...)
		if p.doc.at("ended").str() != "done" || !p.doc.at("feasible").is() {
			continue
		}
		stands := w.ask("forecast").doc.at("standing").names()
		var query []string
		for _, n := range p.doc.at("nets").names() {
			if !slices.Contains(stands, n) {
				query = append(query, "with", n)
			}
		}
		for _, n := range p.doc.at("removed").names() {
			query = append(query, "without", n)
		}
		ws := w.get("workshop", query...)
		if ws.code != 200 {
			w.report("a plan can be tried in the workshop", p.from, ws.from, "%s", ws.err)
			continue
		}
		for side, set := range map[string]value{"before": p.doc.at("today"), "after": p.doc} {
			w.same("loss of plan and workshop", p, set.at("expected_loss_per_year").orNull(), ws, ws.doc.at(side, "expected_loss_per_year"), lossError(set), lossError(ws.doc.at(side)))
		}
		for side, load := range map[string]value{"before": p.doc.at("load", "today"), "after": p.doc.at("load", "planned")} {
			if !load.null() {
				w.same("pages of plan and workshop", p, load.at("pages_per_week"), ws, ws.doc.at(side, "pages_per_week"))
			}
		}
	}
}

// pages hold the part of a service in the page of all against its page alone.
func (w *world) pages(*draft) {
	all := w.run(append(append([]string{"report"}, w.paths...), "--plan=false", "--years", "20", "--format", "markdown")...)
	for _, e := range w.ask("forecast").doc.at("services").list() {
		s := e.at("service").str()
		_, part, ok := strings.Cut(all.text, "\n## "+s+"\n")
		if !ok || e.at("objective").null() {
			continue
		}
		part, _, _ = strings.Cut(part, "\n## ")
		alone := w.run(append(append([]string{"report"}, w.paths...), "--service", s, "--plan=false", "--years", "20", "--format", "markdown")...)
		for _, word := range []string{"The promise", "Largest cause", "If nothing is done", "Lost time", "On average", "What broke"} {
			x, y := once(said(part, word)), once(said(alone.text, word))
			if x == "" || y == "" {
				continue
			}
			w.compare++
			if !saysTheSame(x, y) {
				w.report("a page of all says of each what its own does: "+word, all.from, alone.from, "%s: %q against %q", s, x, y)
			}
		}
	}
}

// once leaves out the explanation of a word, which a page gives where it is first used.
func once(text string) string {
	before, _, _ := strings.Cut(text, "<br>Lost time is downtime weighted")
	return before
}

var (
	unsaid  = regexp.MustCompile(`(?s)<script\b.*?</script>|<style\b.*?</style>`)
	tags    = regexp.MustCompile(`(?s)<[^>]*>`)
	numbers = regexp.MustCompile(`[0-9]+(?:[.,][0-9]+)*`)
)

// written holds the numbers of a page as text against those of the page that is shown.
func (w *world) written(*draft) {
	for _, e := range w.ask("forecast").doc.at("services").list() {
		if e.at("objective").null() {
			continue
		}
		args := append(append([]string{"report"}, w.paths...), "--service", e.at("service").str(), "--plan=false", "--years", "20", "--format")
		text, shown := w.run(append(slices.Clone(args), "markdown")...), w.run(append(slices.Clone(args), "html")...)
		there := map[string]bool{}
		for _, n := range numbers.FindAllString(tags.ReplaceAllString(unsaid.ReplaceAllString(shown.text, " "), " "), -1) {
			there[n] = true
		}
		for _, n := range numbers.FindAllString(tags.ReplaceAllString(text.text, " "), -1) {
			w.compare++
			if !there[n] {
				w.report("a page shows the numbers that it has as text", text.from, shown.from, "%s is missing", n)
				break
			}
		}
		return // one builder makes all of them
	}
}

var amount = regexp.MustCompile(`[0-9][0-9,]* EUR`)

// saysTheSame compares two texts. An amount among those of others is rounded so that
// they add up, and alone by itself: to two digits they are the same.
func saysTheSame(x, y string) bool {
	if amount.ReplaceAllString(x, "") != amount.ReplaceAllString(y, "") {
		return false
	}
	a, b := amount.FindAllString(x, -1), amount.FindAllString(y, -1)
	for i := range a {
		p, q := amountOf(a[i]), amountOf(b[i])
		if math.Abs(p-q) > 0.055*math.Max(p, q) {
			return false
		}
	}
	return true
}

func amountOf(text string) float64 {
	x, err := strconv.ParseFloat(strings.NewReplacer(",", "", " EUR", "").Replace(text), 64)
	if err != nil {
		panic(err)
	}
	return x
}
