package agree

import (
	"fmt"
	"slices"
	"strings"
)

// edits hold a model against others that mean the same, and --set and --with
// against files that say so.
func (w *world) edits(d *draft) {
	f := w.ask("forecast")
	// Titles, owners and order are no numbers.
	c := d.clone()
	slices.Reverse(c.elements)
	for i := range c.elements {
		if e := &c.elements[i]; e.section == "services" || e.section == "risks" {
			e.drop("title")
			e.fields = append([]field{{"title", "Called " + e.name}}, e.fields...)
			e.set("owner", "somebody")
		}
	}
	order := c.clone()
	// The order of nets that act on the same thing is a meaning: it is kept.
	slices.SortStableFunc(order.elements, func(a, b element) int {
		if a.section == "safety_nets" && b.section == "safety_nets" {
			return strings.Compare(a.name, b.name)
		}
		return strings.Compare(a.section, b.section)
	})
	path := w.write("retitled.yaml", order.text())
	g := w.of(path, "forecast")
	w.sameForecast("order and titles", f, g, 1e-7)
	w.samePlan(path)

	// A net without effect changes nothing.
	c = d.clone()
	e := element{section: "safety_nets", name: "idle"}
	e.add("kind", "process")
	e.add("status", "in-place")
	c.elements = append(c.elements, e)
	w.sameForecast("a net without effect", f, w.of(w.write("idle.yaml", c.text()), "forecast"), 0)

	// --set is the file with that number. What happened is held against what a file
	// says, and what is asked does not change it: of both that is left out.
	type edit struct{ section, name, field, path, text string }
	var possible []edit
	for _, e := range []edit{
		{"changes", "release", "every", "changes/release/every", "5d"},
		{"risks", "risk-2", "rate", "risks/risk-2/rate", "3/y"},
		{"risks", "risk-1", "chance", "risks/risk-1/chance", "4%"},
		{"recovery", "fix", "takes", "recovery/fix/takes", "50m"},
		{"detection", "alarm", "catches", "detection/alarm/catches", "70%"},
		{"services", "db", "copies", "services/db/copies", "3"},
		{"services", "vendor", "availability", "services/vendor/availability", "99.8%"},
	} {
		if it := d.find(e.section, e.name); it != nil && it.get(e.field) != "" {
			possible = append(possible, e)
		}
	}
	for i, edit := range turns(w, 2, possible) {
		c = d.clone()
		c.find(edit.section, edit.name).set(edit.field, edit.text)
		path := w.write(edit.field+".yaml", c.text())
		set := w.ask("forecast", "--set", edit.path+"="+edit.text, "--only-listed")
		file := w.of(path, "forecast", "--only-listed")
		if set.code != file.code {
			w.report("--set is the file with that number", set.from, file.from, "exit codes %d and %d: %s%s", set.code, file.code, set.err, file.err)
			continue
		}
		w.sameForecast("--set is the file with that number", set, file, 0)
		if i == 0 || w.whole {
			w.diff("diff to another number", w.paths[0], path)
		}
	}
	w.standingNets(d)
}

// samePlan: order and titles are nothing to a plan.
func (w *world) samePlan(path string) {
	if w.slow {
		return
	}
	if p, q := w.planOf(w.paths[0]), w.planOf(path); p.doc.at("ended").str() == "done" && q.doc.at("ended").str() == "done" {
		for _, k := range []string{"feasible", "annual_cost"} {
			w.same("order and titles: plan "+k, p, p.doc.at(k), q, q.doc.at(k))
		}
		if !equal(p.doc.at("nets").names(), q.doc.at("nets").names()) {
			w.report("order and titles: plan nets", p.from, q.from, "%s against %s", p.doc.at("nets"), q.doc.at("nets"))
		}
	}
}

// standingNets hold --with against a file in which the net stands, where a status
// alone says so.
func (w *world) standingNets(d *draft) {
	done := 0
	for _, name := range d.names("safety_nets") {
		if done > 0 && !w.whole {
			return
		}
		n := d.find("safety_nets", name)
		if n.get("status") == "in-place" || !d.added[name] || n.get("excludes") != "" {
			continue
		}
		a := w.ask("forecast", "--with", name, "--only-listed")
		if a.code != 0 {
			continue
		}
		stands := a.doc.at("standing").names()
		c := d.clone()
		pure := true
		for i := range c.elements {
			e := &c.elements[i]
			if e.section != "safety_nets" {
				continue
			}
			was, is := e.get("status") == "in-place", slices.Contains(stands, e.name)
			if was != is {
				pure = pure && d.added[e.name]
				e.drop("ready")
				e.set("status", map[bool]string{true: "in-place", false: "proposed"}[is])
			}
		}
		if !pure {
			continue
		}
		path := w.write(fmt.Sprintf("with-%s.yaml", name), c.text())
		b := w.of(path, "forecast", "--only-listed")
		if b.code != 0 {
			continue // what it replaces may not be excluded by a file
		}
		done++
		w.sameForecast("--with is the file in which it stands", a, b, 1e-7)
		w.diff("diff to the file in which a net stands", w.paths[0], path)
	}
}
