package agree

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

const year = 365.25 * 86400

// forecasts hold a forecast against itself: asked of one service, of targets, in
// other forms, and its parts against their sum.
func (w *world) forecasts() {
	f := w.ask("forecast")
	if f.code != 0 {
		w.report("a forecast is given", f.from, f.from, "exit code %d: %s", f.code, f.err)
		return
	}
	w.alone(f)
	objectives := 0
	for i, e := range f.doc.at("services").list() {
		s := e.at("service").str()
		o := e.at("objective")
		sum := 0.0
		for _, src := range e.at("sources").list() {
			sum += src.at("bad_seconds_per_year").num()
			if !o.null() {
				w.is("a share of the budget is mean by budget", f, src.at("budget_share"), f,
					src.at("bad_seconds_per_year").num()*e.at("window_seconds").num()/year/o.at("budget_seconds").num(), 1e-12)
			}
		}
		w.is("sources add up to the year", f, value{sum}, f, e.at("bad_seconds", "sum_mean").num()*year/e.at("window_seconds").num())
		w.is("the year is the window's mean", f, e.at("bad_seconds_per_year"), f, e.at("bad_seconds", "mean").num()*year/e.at("window_seconds").num())
		w.is("1 - availability", f, e.at("expected_unavailability"), f, 1-e.at("expected_availability").num(), 1e-12)
		if o.null() {
			continue
		}
		objectives++
		w.is("misses are the windows not met", f, e.at("misses_per_year"), f, (1-e.at("met_probability").num())*year/e.at("window_seconds").num())
		tol := e.at("met_probability_error").num() + 1e-9
		if !w.whole && (w.slow || objectives > 2) {
			continue // of many, each takes as long as all
		}
		only := w.ask("forecast", "--service", s, "--targets", percent(o.at("target").num()))
		for _, x := range only.doc.at("services").list() {
			if x.at("objective", "name").str() == o.at("name").str() {
				w.same("--targets with the objective's own", f, e.at("met_probability"), only, x.at("compare", 0, "met_probability"), tol)
				w.band("--targets with the objective's own: band", f, e.at("met_probability_band"), only, x.at("compare", 0, "met_probability_band"))
				w.deep("--service is the same entry", f, e, only, x, "compare", "warnings", "usual_targets")
			}
		}
		for _, u := range e.at("usual_targets").list() {
			if near(u.at("target").num(), o.at("target").num(), 1e-12) {
				w.same("the table of targets has the objective", f, e.at("met_probability"), f, u.at("met_probability"), tol, u.at("met_probability_error").num())
			}
		}
		if e.at("contradicts").is() {
			w.report("a forecast does not contradict itself", f.from, f.from, "%s", s)
		}
		// What is achievable is met with the confidence.
		if t := e.at("achievable_target").num(); t > 0.5 && t < 1 && (w.whole || i == 0) {
			a := w.ask("forecast", "--service", s, "--targets", percent(t-2*e.at("achievable_target_error").num()-1e-9))
			for _, x := range a.doc.at("services").list() {
				c := x.at("compare", 0)
				if x.at("objective", "name").str() == o.at("name").str() && !e.at("contradicts").is() &&
					c.at("met_probability").num() < e.at("confidence").num()-c.at("met_probability_error").num()-c.at("met_probability_model_error").num()-1e-6 {
					w.report("the achievable target is met with the confidence", f.from, a.from, "%s is met with %s, %s is asked for", c.at("target"), c.at("met_probability"), e.at("confidence"))
				}
			}
		}
	}
	post := w.get("forecast")
	w.deep("API forecast", f, f.doc.at("services"), post, post.doc.at("services"), "file")
	w.promises("API overview", f, w.get("overview"), w.get("overview").doc.at("promises"))
}

// alone holds what is said of a service that is asked for alone, or with some others,
// against what is said of it with all: it is the same to the last digits.
func (w *world) alone(f *answer) {
	var services []string
	for _, e := range f.doc.at("services").list() {
		if s := e.at("service").str(); !slices.Contains(services, s) {
			services = append(services, s)
		}
	}
	for _, s := range turns(w, 1, services) {
		a := w.ask("forecast", "--service", s)
		var mine []any
		for _, e := range f.doc.at("services").list() {
			if e.at("service").str() == s {
				mine = append(mine, e.v)
			}
		}
		w.compare++
		if at, x, y := moved("", mine, a.doc.at("services").v); at != "" {
			w.report("a service says the same alone as with all ("+generic(at)+")", f.from, a.from, "%s%s: %v against %v", s, at, x, y)
		}
	}
}

// percent writes a share so that it is read as the same number.
func percent(share float64) string {
	t := strings.TrimRight(fmt.Sprintf("%.10f", share*100), "0")
	return strings.TrimSuffix(t, ".") + "%"
}

// promises hold the lines of an overview, or of a side of a comparison, against a
// forecast.
func (w *world) promises(law string, f *answer, b *answer, list value) {
	all := entries(f)
	n := 0
	for _, p := range list.list() {
		e, ok := all[key(p.at("service"), p.at("objective"))]
		if !ok {
			w.report(law+": promise of a forecast", f.from, b.from, "no %s", p.at("service"))
			continue
		}
		n++
		for _, k := range []string{"verdict", "met_probability", "achievable_target", "suggested_target", "bad_seconds_per_year", "misses_per_year",
			"met_probability_sum", "corrected", "contradicts", "unsolved"} {
			w.same(law+" ("+k+")", f, e.at(k), b, p.at(k), 2*stated(e, k))
		}
		w.same(law+" (mean)", f, e.at("bad_seconds", "mean"), b, p.at("bad_seconds_mean"))
		w.same(law+" (budget)", f, e.at("objective", "budget_seconds"), b, p.at("budget_seconds"))
	}
}

// compared are the numbers by which two forecasts are said to be the same.
func (w *world) sameForecast(law string, a, b *answer, tol float64) {
	x, y := entries(a), entries(b)
	for _, e := range a.doc.at("services").list() {
		k := key(e.at("service"), e.at("objective", "name"))
		o, ok := y[k]
		if !ok {
			w.report(law+": the same entries", a.from, b.from, "no %s", k)
			continue
		}
		for _, n := range []string{"met_probability", "achievable_target", "bad_seconds_per_year", "expected_availability", "none_probability"} {
			w.same(law+" ("+n+")", a, e.at(n), b, o.at(n), tol, stated(e, n), stated(o, n))
		}
		w.same(law+" (verdict)", a, e.at("verdict"), b, o.at("verdict"))
		w.same(law+" (p90)", a, e.at("bad_seconds", "p90"), b, o.at("bad_seconds", "p90"), e.at("bad_seconds", "p90_error").num(), tol)
		w.sameSources(law, a, e, b, o)
	}
	if len(x) != len(y) {
		w.report(law+": as many entries", a.from, b.from, "%d against %d", len(x), len(y))
	}
}

// sameSources holds sources against each other by what they are and where.
func (w *world) sameSources(law string, a *answer, e value, b *answer, o value) {
	sum := func(e value) (m map[string]float64, order []string) {
		m = map[string]float64{}
		for _, s := range e.at("sources").list() {
			k := s.at("kind").str() + " " + s.at("name").str() + " on " + s.at("service").str()
			if _, ok := m[k]; !ok {
				order = append(order, k)
			}
			m[k] += s.at("bad_seconds_per_year").num()
		}
		return m, order
	}
	p, order := sum(e)
	q, _ := sum(o)
	for _, k := range order {
		w.compare++
		if !near(p[k], q[k], 1e-9*math.Max(1, e.at("bad_seconds_per_year").num())) {
			w.report(law+" (source)", a.from, b.from, "%s: %s: %.12g against %.12g lost seconds a year", e.at("service"), k, p[k], q[k])
		}
	}
	if len(p) != len(q) {
		w.report(law+" (as many sources)", a.from, b.from, "%s: %d against %d", e.at("service"), len(p), len(q))
	}
}
