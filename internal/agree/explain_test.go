package agree

import "strings"

// explains hold what is said of each service and risk against the forecast.
func (w *world) explains(*draft) {
	f := w.ask("forecast")
	services := map[string][]value{}
	var order []string
	for _, e := range f.doc.at("services").list() {
		s := e.at("service").str()
		if services[s] == nil {
			order = append(order, s)
		}
		services[s] = append(services[s], e)
	}
	for _, s := range turns(w, 2, order) {
		a := w.ask("explain service:" + s)
		got := a.doc.at("service", "entries").list()
		if len(got) != len(services[s]) {
			w.report("explain SERVICE: entries", f.from, a.from, "%d against %d: %s", len(services[s]), len(got), a.err)
			continue
		}
		for i, e := range services[s] {
			w.deep("explain SERVICE: entries", f, e, a, got[i], "warnings")
		}
		api := w.get("explain/service:" + s)
		w.deep("API explain SERVICE", a, a.doc.at("service"), api, api.doc.at("service"), "file")
		w.needs(a)
	}
	for _, r := range turns(w, 2, w.get("model").doc.at("risks").list()) {
		w.risk(f, r.at("name").str())
	}
}

// needs hold what lies behind each need against the sources.
func (w *world) needs(a *answer) {
	e := a.doc.at("service", "entries", 0)
	// What comes by several needs is in each of them.
	sum := a.doc.at("service", "own_bad_seconds_per_year").num() - a.doc.at("service", "in_several_needs_bad_seconds_per_year").num()
	for _, n := range a.doc.at("service", "needs").list() {
		sum += n.at("bad_seconds_per_year").num()
	}
	felt := e.at("felt", "bad_seconds_mean").num() * year / e.at("window_seconds").num()
	if !e.at("corrected").is() {
		w.is("explain SERVICE: own and behind needs is what users feel", a, value{sum}, a, felt)
	}
}

func (w *world) risk(f *answer, name string) {
	a := w.ask("explain risk:" + name)
	r := a.doc.at("risk")
	// A number and how it came about: the same from a command and from the API.
	rate := w.run(append(append([]string{"explain", "--why", "risks/" + name + "/rate"}, w.paths...), "--format", "json")...)
	got := w.get("why", "path", "risks/"+name+"/rate")
	w.deep("API explain --why", rate, rate.doc, got, got.doc, "file")
	w.is("explain --why: the rate is that of explain RISK", rate, rate.doc.at("value"), a, r.at("incidents_per_year").num())
	if a.code != 0 {
		w.report("explain RISK answers", a.from, a.from, "exit code %d: %s", a.code, a.err)
		return
	}
	api := w.get("explain/risk:" + name)
	w.deep("API explain RISK", a, r, api, api.doc.at("risk"), "file", "source")
	all := entries(f)
	reached := map[string]bool{}
	for _, to := range r.at("reaches").list() {
		e, ok := all[key(to.at("service"), to.at("objective"))]
		if !ok {
			w.report("explain RISK: reaches an entry", f.from, a.from, "no %s", to.at("service"))
			continue
		}
		reached[key(to.at("service"), to.at("objective"))] = true
		// Behind copies and groups its lost time is in lines of their own.
		bad, per, n, plain := 0.0, 0.0, 0, true
		var impact value
		for _, s := range e.at("sources").list() {
			// What groups and change-overs lose is part of the risks that caused it.
			plain = plain && s.at("kind").str() != "group" && s.at("kind").str() != "switch"
			// What strikes several at once is a source of its own.
			if of := s.at("name").str(); s.at("kind").str() == "risk" && (of == name || strings.HasSuffix(of, "/"+name)) {
				bad, per, n = bad+s.at("bad_seconds_per_year").num(), per+s.at("incidents_per_year").num(), n+1
				impact = s.at("impact")
			}
			for _, b := range s.at("behind").list() {
				if b.at("name").str() == name && b.at("kind").str() == "risk" {
					plain = false
				}
			}
		}
		if n > 0 && plain {
			w.is("explain RISK: lost time of the forecast's sources", f, value{bad}, a, to.at("bad_seconds_per_year").num(), 1e-6)
			w.is("explain RISK: incidents of the forecast's sources", f, value{per}, a, to.at("incidents_per_year").num())
			if n == 1 {
				w.same("explain RISK: impact of the forecast's source", f, impact, a, to.at("impact"))
			}
		}
		if !to.at("objective").null() {
			w.is("explain RISK: a share of the budget is mean by budget", a, to.at("budget_share"), a,
				to.at("bad_seconds_per_year").num()*e.at("window_seconds").num()/year/e.at("objective", "budget_seconds").num(), 1e-9)
		}
	}
	for k, e := range all {
		for _, s := range e.at("sources").list() {
			if s.at("kind").str() == "risk" && s.at("name").str() == name && s.at("bad_seconds_per_year").num() > 0 && !reached[k] && !e.at("objective").null() {
				w.report("explain RISK: reaches what the forecast says", f.from, a.from, "%s is not reached", k)
			}
		}
	}
	// One incident is as long as its parts, where it hits everybody at once.
	if e := all[key(r.at("service"), value{""})]; !e.null() && len(all) > 0 {
		for _, s := range e.at("sources").list() {
			if s.at("kind").str() == "risk" && s.at("name").str() == name {
				for _, part := range []string{"detect_seconds", "acknowledge_seconds", "recover_seconds"} {
					w.same("explain RISK: "+part, f, s.at(part), a, r.at(part))
				}
			}
		}
	}
}

// nets hold what is said of each net against forecasts with and without it, the
// workshop, and the load on people.
func (w *world) nets(*draft) {
	f := w.ask("forecast")
	compared := false
	for _, n := range turns(w, 1, w.get("model").doc.at("nets").list()) {
		name := n.at("name").str()
		a := w.ask("explain net:" + name)
		net := a.doc.at("net")
		if a.code != 0 {
			w.report("explain NET answers", a.from, a.from, "exit code %d: %s", a.code, a.err)
			continue
		}
		api := w.get("explain/net:" + name)
		w.deep("API explain NET", a, net, api, api.doc.at("net"), "file", "impossible")
		w.same("the cost of a net", a, net.at("cost", "annual"), w.get("model"), n.at("annual_cost"))
		if !net.at("impossible").null() {
			continue
		}
		flag, param := "--with", "with"
		if n.at("status").str() == "in-place" {
			flag, param = "--without", "without"
		}
		// What a net that stands does is told as without it and with it, too.
		today, other := "before", "after"
		if flag == "--without" {
			today, other = "after", "before"
		}
		// What requires it does not stand without it.
		also := []string{name}
		if flag == "--without" {
			also = append(also, net.at("gone").names()...)
		}
		g := w.ask("forecast", flag, strings.Join(also, ","))
		if g.code != 0 {
			w.report("a net that can be explained can be forecast", a.from, g.from, "exit code %d: %s", g.code, g.err)
			continue
		}
		w.netObjectives("explain NET: as things stand", a, net, today, f)
		w.netObjectives("explain NET: the other way", a, net, other, g)
		var query []string
		for _, n := range also {
			query = append(query, param, n)
		}
		ws := w.get("workshop", query...)
		if ws.code != 200 {
			w.report("a net that can be explained can be tried in the workshop", a.from, ws.from, "%s", ws.err)
			continue
		}
		w.promises("workshop before", f, ws, ws.doc.at("before", "promises"))
		w.promises("workshop after", g, ws, ws.doc.at("after", "promises"))
		w.deep("workshop: what stands", g, g.doc.at("standing"), ws, ws.doc.at("after", "standing"))
		for side, when := range map[string]string{"before": today, "after": other} {
			w.same("pages of explain NET and workshop", a, net.at("pages_per_week", when), ws, ws.doc.at(side, "pages_per_week"))
			w.is("hours of explain NET and workshop", a, value{net.at("manual_hours_per_year", when).num() + net.at("process_hours_per_year", when).num()}, ws, ws.doc.at(side, "hours_per_year").num())
			if w.priced() == 1 { // of the one service that the workshop is about
				w.same("expected loss of explain NET and workshop", a, net.at("expected_loss_per_year", when).orNull(), ws, ws.doc.at(side, "expected_loss_per_year"))
			}
		}
		if !compared {
			compared = true
			c := w.get("compare", "a", "", "b", param+"="+strings.Join(also, "&"+param+"="))
			if c.code != 200 {
				w.report("what the workshop tries can be compared", ws.from, c.from, "%s", c.err)
			} else {
				w.deep("compare: a is before", ws, ws.doc.at("before"), c, c.doc.at("a"), "notes")
				w.deep("compare: b is after", ws, ws.doc.at("after"), c, c.doc.at("b"), "notes")
			}
			l := w.get("load", query...)
			w.same("load and workshop: pages", l, l.doc.at("pages_per_week"), ws, ws.doc.at("after", "pages_per_week"))
			w.is("load and workshop: hours", l, value{l.doc.at("manual_hours_per_year").num() + l.doc.at("process_hours_per_year").num()}, ws, ws.doc.at("after", "hours_per_year").num())
			w.same("load and workshop: people", l, l.doc.at("people_cost_per_year"), ws, ws.doc.at("after", "people_cost_per_year"))
			p := w.get("forecast", query...)
			w.deep("API forecast of a state", g, g.doc.at("services"), p, p.doc.at("services"), "file")
		}
	}
}

// priced counts the services that say what they are worth, if the first of those
// with an objective is one.
func (w *world) priced() (n int) {
	f := w.ask("forecast")
	about := ""
	for _, e := range f.doc.at("services").list() {
		s := e.at("service").str()
		if about == "" && !e.at("objective").null() {
			about = s
		}
		if !w.ask("explain service:"+s).doc.at("service", "worth").null() {
			if n++; s != about {
				n++
			}
		}
	}
	return n
}

func (w *world) netObjectives(law string, a *answer, net value, when string, f *answer) {
	all := entries(f)
	for _, o := range net.at("objectives").list() {
		e, ok := all[key(o.at("service"), o.at("objective"))]
		if !ok {
			w.report(law+": an entry", a.from, f.from, "no %s", o.at("service"))
			continue
		}
		w.same(law+" (chance)", a, o.at("met_probability", when), f, e.at("met_probability"), 2*stated(e, "met_probability"))
		w.same(law+" (mean)", a, o.at("bad_seconds_per_year", when), f, e.at("bad_seconds_per_year"))
		w.same(law+" (achievable)", a, o.at("achievable_target", when), f, e.at("achievable_target"), 2*stated(e, "achievable_target"))
		w.same(law+" (verdict)", a, o.at("verdict_"+when), f, e.at("verdict"))
	}
	for _, r := range net.at("risks").list() {
		e := all[key(r.at("to"), r.at("objective"))]
		bad, per := 0.0, 0.0
		for _, s := range e.at("sources").list() {
			if s.at("name").str() == r.at("name").str() && s.at("kind").str() == r.at("kind").str() && s.at("service").str() == r.at("service").str() {
				bad += s.at("bad_seconds_per_year").num()
				per += s.at("incidents_per_year").num()
			}
		}
		w.is(law+" (source)", a, r.at("bad_seconds_per_year", when), f, bad, 1e-6)
		w.is(law+" (incidents)", a, r.at("incidents_per_year", when), f, per, 1e-9)
	}
}
