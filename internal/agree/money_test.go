package agree

import (
	"fmt"
	"math"
	"strings"
)

// limits hold plans with limits against tables of plans without.
func (w *world) limits(d *draft) {
	if w.slow {
		return
	}
	p := w.planOf(w.paths[0])
	one := len(p.doc.at("objectives").list()) == 1 || len(p.doc.at("today", "objectives").list()) == 1
	nines := p.doc.at("nines").list()
	if one {
		// The row of a target is what that target costs.
		for i, n := range nines {
			if !w.whole && i != w.turn%len(nines) || !n.at("optimal").is() {
				continue
			}
			q := w.planOf(w.paths[0], "--target", n.at("target").str(), "--brief")
			if q.doc.at("ended").str() != "done" || !q.doc.at("optimal").is() {
				continue
			}
			w.same("plan: a row of targets is possible as --target is", p, n.at("feasible"), q, q.doc.at("feasible"))
			if n.at("feasible").is() && q.doc.at("feasible").is() {
				w.same("plan: a row of targets costs what --target does", p, n.at("annual_cost"), q, q.doc.at("annual_cost"))
			}
		}
	}
	// The frontier is what --spend buys.
	apart := p.doc.at("frontier_apart").num()
	front := p.doc.at("frontier").list()
	for i, x := range front {
		if !w.whole && i != w.turn%len(front) || !p.doc.at("frontier_complete").is() {
			continue
		}
		q := w.planOf(w.paths[0], "--spend", fmt.Sprintf("%.6f", x.at("annual_cost").num()+1e-6), "--brief")
		if q.doc.at("ended").str() == "done" && q.doc.at("optimal").is() {
			w.same("plan: the frontier is what --spend buys", p, x.at("met_probability"), q, q.doc.at("met_probability"), 2*apart+1e-9)
		}
	}
	// What must be in it is in it, and what must not be is not.
	if nets := p.doc.at("nets").names(); len(nets) > 0 {
		q := w.planOf(w.paths[0], "--forbid", nets[0], "--brief")
		for _, n := range q.doc.at("nets").names() {
			if n == nets[0] {
				w.report("plan: what is forbidden is not in it", q.from, q.from, "%s", n)
			}
		}
		k := w.planOf(w.paths[0], "--keep", strings.Join(nets, ","), "--brief")
		if k.doc.at("ended").str() == "done" && k.doc.at("optimal").is() && p.doc.at("feasible").is() {
			w.same("plan: to keep what is chosen anyway changes nothing", p, p.doc.at("annual_cost"), k, k.doc.at("annual_cost"))
		}
		if q.doc.at("optimal").is() && q.doc.at("feasible").is() && p.doc.at("feasible").is() {
			w.most("plan: to forbid a net makes nothing cheaper", p, p.doc.at("annual_cost").num(), q, q.doc.at("annual_cost").num())
		}
	}
	// The API makes the plan of a service.
	for _, o := range p.doc.at("today", "objectives").list()[:1] {
		s := o.at("service").str()
		c, api := w.planOf(w.paths[0], "--service", s), w.get("plan", "service", s)
		if c.doc.at("ended").str() == "done" && api.doc.at("ended").str() == "done" {
			w.deep("API plan", c, c.doc, api, api.doc, "file", "explored", "warnings", "assumed")
		}
	}
}

// contracts hold what a simulation pays for the one thing that is to be paid
// against what is expected to be lost.
func (w *world) contracts(d *draft) {
	if d == nil {
		return
	}
	paid, clauses := 0, ""
	for _, e := range d.elements {
		if e.section == "services" && e.get("worth") != "" {
			paid++
			clauses = e.get("worth")
		}
		if e.get("loses") != "" {
			return
		}
	}
	nets := d.names("safety_nets")
	if paid != 1 || strings.Contains(clauses, "revenue") || !strings.Contains(clauses, "sla") || len(nets) == 0 {
		return
	}
	var a *answer
	for _, n := range nets {
		if x := w.ask("explain net:" + n); !x.doc.at("net", "expected_loss_per_year").null() {
			a = x
			break
		}
	}
	if a == nil {
		return
	}
	when := "before"
	if a.doc.at("net", "status").str() == "in-place" {
		when = "after"
	}
	s, people := w.ask("simulate", "--years", "2000"), w.get("load").doc.at("people_cost_per_year").num()
	for _, e := range s.doc.at("services").list() {
		for _, c := range e.at("clauses").list() {
			ci := c.at("expected_pay_per_year_ci95")
			pay := c.at("expected_pay_per_year").num()
			loss := a.doc.at("net", "expected_loss_per_year", when).num() - people // all that is lost besides
			each := 20_000.0
			rare := each * math.Sqrt(math.Max(loss/each, 1.0/2000)/2000)
			w.is("simulate: what the contract costs", s, value{pay}, a, loss, 4.5*math.Max((ci.at(1).num()-ci.at(0).num())/2/1.96, rare), 0.02*loss, 3*each/2000)
		}
	}
}
