package agree

import (
	"slices"
	"strings"
)

// stricter holds what is to be one answer for all: bands and losses of
// explanations, plans and losses of differences, totals of tables, and what the
// order of a file says.
func (w *world) stricter(d *draft) {
	f := w.ask("forecast")
	for _, n := range turns(w, 1, w.get("model").doc.at("nets").list()) {
		w.stricterNet(f, n.at("name").str(), n.at("status").str())
	}
	for _, e := range f.doc.at("services").list() {
		w.needs(w.ask("explain service:" + e.at("service").str()))
	}
	if w.slow || d == nil {
		return
	}
	p := w.planOf(w.paths[0])
	for _, x := range []value{p.doc, w.planOf(w.paths[0], "--worth").doc} {
		for _, n := range x.at("nines").list() {
			for _, s := range append(x.at("frontier").list(), x.at("today")) {
				if n.at("feasible").is() && equal(n.at("nets").names(), s.at("nets").names()) {
					w.same("strict: a set of nets has one loss", p, n.at("expected_loss_per_year"), p, s.at("expected_loss_per_year"))
				}
			}
		}
	}
	r := w.planOf(w.paths[0], "--review")
	m, cost := w.get("model"), 0.0
	for _, n := range m.doc.at("nets").list() {
		if slices.Contains(r.doc.at("nets").names(), n.at("name").str()) {
			cost += n.at("annual_cost").num()
		}
	}
	// What a net took to build that stands is spent.
	if standing := slices.ContainsFunc(m.doc.at("nets").list(), func(n value) bool {
		return n.at("status").str() == "in-place" && slices.Contains(r.doc.at("nets").names(), n.at("name").str())
	}); r.doc.at("feasible").is() && !standing {
		w.is("strict: cost with --review is that of its nets", r, r.doc.at("annual_cost"), m, cost)
	}
	if p.doc.at("ended").str() == "done" { // what the time ended does not know its load
		w.stricterDiff(d, p)
		w.stricterOrder(d, p)
	}
}

func (w *world) stricterNet(f *answer, name, status string) {
	a := w.ask("explain net:" + name)
	net := a.doc.at("net")
	if a.code != 0 || !net.at("impossible").null() {
		return
	}
	when, param := "before", "with"
	if status == "in-place" {
		when, param = "after", "without"
	}
	all := entries(f)
	for _, o := range net.at("objectives").list() {
		e := all[key(o.at("service"), o.at("objective"))]
		w.band("strict: explain NET band", a, o.at("met_probability_band_"+when), f, e.at("met_probability_band"))
	}
	ws := w.get("workshop", param, name)
	w.same("strict: expected loss of explain NET and workshop", a, net.at("expected_loss_per_year", when).orNull(), ws, ws.doc.at("before", "expected_loss_per_year"))
	if p := w.planOf(w.paths[0]); !w.slow {
		w.same("strict: expected loss of explain NET and plan", a, net.at("expected_loss_per_year", when).orNull(), p, p.doc.at("today", "expected_loss_per_year"),
			net.at("expected_loss_per_year_error", when).num(), lossError(p.doc.at("today")))
	}
}

// stricterDiff: the plan of a difference is that of the command, also where no
// plan meets the objective, and so are loss and load.
func (w *world) stricterDiff(d *draft, p *answer) {
	c := d.clone()
	if r := c.find("recovery", "fix"); r != nil {
		r.set("takes", "50m")
	}
	path := w.write("strict.yaml", c.text())
	a := w.run("diff", w.paths[0], path, "--format", "json")
	costs, load := a.doc.at("costs", "old"), p.doc.at("load", "today")
	w.same("strict: loss of diff and plan", p, p.doc.at("today", "expected_loss_per_year"), a, costs.at("expected_loss_per_year"), lossError(p.doc.at("today")), lossError(costs))
	w.same("strict: pages of diff and plan", p, load.at("pages_per_week"), a, costs.at("pages_per_week"))
	w.is("strict: hours of diff and plan", p, value{load.at("manual_hours_per_year").num() + load.at("process_hours_per_year").num()}, a, costs.at("hours_per_year").num())
	if !a.doc.at("plan").null() && !p.doc.at("feasible").is() && !p.doc.at("reachable").null() {
		w.diffPlan("strict: diff", p, p.doc.at("reachable"), a, a.doc.at("plan", "old"))
	}
}

// stricterOrder: the order of services recommends nothing.
func (w *world) stricterOrder(d *draft, p *answer) {
	c := d.clone()
	slices.SortStableFunc(c.elements, func(a, b element) int {
		if a.section == "services" && b.section == "services" {
			return strings.Compare(b.name, a.name)
		}
		return strings.Compare(a.section, b.section)
	})
	q := w.planOf(w.write("order.yaml", c.text()))
	if q.doc.at("ended").str() == "done" {
		w.same("strict: the recommended target whatever the order", p, p.doc.at("recommended_target"), q, q.doc.at("recommended_target"))
	}
}
