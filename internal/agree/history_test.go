package agree

import (
	"math"
	"slices"
	"strings"
)

// histories hold what counts of the past against the model without it, and against
// itself whatever is asked.
func (w *world) histories(d *draft) {
	bare := d.clone()
	some := false
	for i := range bare.elements {
		if e := &bare.elements[i]; e.section == "services" {
			some = some || e.get("history") != ""
			e.drop("history")
		}
	}
	if !some {
		return
	}
	path := w.write("bare.yaml", bare.text())
	// What is listed is the model without its histories.
	only, g := w.ask("forecast", "--only-listed"), w.of(path, "forecast")
	w.sameForecast("--only-listed is the model without history", g, only, 0)
	w.deep("API only_listed", only, only.doc.at("services"), w.get("forecast", "only_listed", "1"), w.get("forecast", "only_listed", "1").doc.at("services"), "file")
	s, t := w.ask("simulate", "--years", "50", "--only-listed"), w.of(path, "simulate", "--years", "50")
	w.deep("simulate --only-listed is the model without history", t, t.doc.at("services"), s, s.doc.at("services"), "line", "file", "column")
	if p, q := w.ask("plan", "--brief", "--only-listed"), w.of(path, "plan", "--brief"); p.doc.at("ended").str() == "done" && q.doc.at("ended").str() == "done" {
		w.same("plan --only-listed is the model without history (feasible)", q, q.doc.at("feasible"), p, p.doc.at("feasible"))
		w.same("plan --only-listed is the model without history (cost)", q, q.doc.at("annual_cost"), p, p.doc.at("annual_cost"))
		w.deep("plan --only-listed is the model without history (nets)", q, q.doc.at("nets"), p, p.doc.at("nets"))
	}
	f := w.ask("forecast")
	w.deep("--count-unlisted is the default", f, f.doc.at("services"), w.ask("forecast", "--count-unlisted"), w.ask("forecast", "--count-unlisted").doc.at("services"))
	w.restsOf(f, only)
	rest := func(a *answer) map[string]float64 {
		out := map[string]float64{}
		for _, e := range a.doc.at("services").list() {
			for _, s := range e.at("sources").list() {
				if s.at("kind").str() == "unlisted" {
					out[key(e.at("service"), e.at("objective", "name"))] += s.at("bad_seconds_per_year").num()
				}
			}
		}
		return out
	}
	// Whatever is asked, the past stays.
	want := rest(f)
	var asked [][]string
	for _, name := range d.names("safety_nets") {
		flag := "--with"
		if d.find("safety_nets", name).get("status") == "in-place" {
			flag = "--without"
		}
		asked = append(asked, []string{flag, name})
	}
	if r := d.find("recovery", "fix"); r != nil {
		asked = append(asked, []string{"--set", "recovery/fix/takes=50m"})
	}
	for _, flags := range turns(w, 2, asked) {
		a := w.ask("forecast", flags...)
		if a.code != 0 {
			continue
		}
		got := rest(a)
		for k, v := range want {
			w.is("what is asked does not change what happened", f, value{v}, a, got[k], 1e-9*v)
		}
		if len(got) != len(want) {
			w.report("what is asked does not change what happened", f.from, a.from, "%d and %d rests", len(want), len(got))
		}
	}
}

// restsOf hold each rest against the history that it is of.
func (w *world) restsOf(f, only *answer) {
	listed := entries(only)
	first := map[string]bool{}
	for _, e := range f.doc.at("services").list() {
		service := e.at("service").str()
		k := key(e.at("service"), e.at("objective", "name"))
		var mine []value
		for _, s := range e.at("sources").list() {
			if s.at("kind").str() != "unlisted" {
				continue
			}
			mine = append(mine, s)
			if s.at("service").str() != service {
				w.report("a rest is of its own service alone", f.from, f.from, "%s has that of %s", service, s.at("service"))
			}
		}
		h := e.at("history")
		if first[service] || h.null() {
			if len(mine) > 0 {
				w.report("a rest is of the first objective of a service with a history", f.from, f.from, "%s", k)
			}
			first[service] = true
			continue
		}
		first[service] = true
		past := h.at("bad_seconds").num()
		expected := listed[k].at("bad_seconds", "sum_mean").num() * h.at("over_seconds").num() / listed[k].at("window_seconds").num()
		w.is("what is expected of the past is the forecast of what is listed", f, h.at("expected_bad_seconds"), only, expected, 1e-6*expected)
		if h.at("counted").is() != (len(mine) == 1) || h.at("counted").is() != (past > expected*(1+1e-6)) && math.Abs(past-expected) > 1e-6*expected {
			w.report("a rest is counted where the catalogue explains less than there was", f.from, f.from, "%s: %d sources of %s", k, len(mine), h)
		}
		if len(mine) == 1 {
			w.is("what is listed and the rest are what happened", f, value{(e.at("bad_seconds", "sum_mean").num()) * h.at("over_seconds").num() / e.at("window_seconds").num()}, f, past)
		}
		warned := func(a *answer) bool {
			return slices.ContainsFunc(a.doc.at("warnings").list(), func(x value) bool {
				return x.at("code").str() == "unlisted" && strings.HasPrefix(x.at("message").str(), service+":")
			})
		}
		for _, a := range []*answer{w.ask("simulate", "--years", "50"), w.ask("explain service:" + service)} {
			if warned(a) != h.at("counted").is() {
				w.report("an answer says what it counts", f.from, a.from, "%s: %s", service, a.doc.at("warnings"))
			}
		}
	}
}
