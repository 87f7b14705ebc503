package agree

import (
	"fmt"
	"math"
	"strings"
)

// diffs hold differences against forecasts and plans: a model against itself, and
// against one without one of its risks.
func (w *world) diffs(d *draft) {
	self := w.run("diff", w.paths[0], w.paths[0], "--format", "json")
	w.same("a model is the same as itself", self, self.doc.at("same"), self, value{true})
	if len(self.doc.at("changes").list()) > 0 {
		w.report("a model is the same as itself", self.from, self.from, "%s", self.doc.at("changes"))
	}
	if d == nil {
		return
	}
	risks := d.names("risks")
	gone := d.clone()
	gone.remove("risks", risks[len(risks)-1])
	// What acts on it alone goes with it.
	last := risks[len(risks)-1]
	for i := range gone.elements {
		e := &gone.elements[i]
		if e.section == "safety_nets" && strings.Contains(e.get("effects"), "risk: "+last+",") {
			e.set("effects", "["+without(e.get("effects"), "risk: "+last+",")+"]")
		}
	}
	other := w.write("other.yaml", gone.text())
	if a := w.of(other, "forecast"); a.code != 0 {
		w.report("a model without a risk is a model", a.from, a.from, "%s", a.err)
		return
	}
	if w.whole || w.turn%2 == 0 {
		w.diff("diff to a model without a risk", w.paths[0], other)
		w.removal(last, other)
	}
	if w.whole || w.turn%2 == 1 {
		w.diff("diff to a model with one more risk", other, w.paths[0])
	}
}

// removal holds what the removal of a risk is said to save against the difference to
// the model without it.
func (w *world) removal(risk, other string) {
	r := w.ask("explain risk:"+risk, "--only-listed")
	a := w.run("diff", w.paths[0], other, "--no-plan", "--only-listed", "--format", "json")
	for _, o := range a.doc.at("objectives").list() {
		for _, to := range r.doc.at("risk", "reaches").list() {
			if key(to.at("service"), to.at("objective").orNull()) != key(o.at("service"), o.at("objective").orNull()) || to.at("saved_seconds_per_year").null() || o.at("new").null() {
				continue
			}
			w.compare++
			old, saved := o.at("old", "bad_seconds_per_year").num(), to.at("saved_seconds_per_year").num()
			if by := old - o.at("new", "bad_seconds_per_year").num(); math.Abs(by-saved) > 1e-9*old {
				w.report("explain RISK: what removal saves is the difference to the model without it", r.from, a.from, "%s: %.12g against %.12g", o.at("service"), saved, by)
			}
		}
	}
}

// without leaves an effect out of a list of effects.
func without(list, sign string) string {
	var keep []string
	depth, begin := 0, 0
	inner := strings.TrimSuffix(strings.TrimPrefix(list, "["), "]")
	for i, r := range inner + "," {
		switch r {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',':
			if depth == 0 {
				if part := strings.TrimSpace(inner[begin:i]); part != "" && !strings.Contains(part, sign) {
					keep = append(keep, part)
				}
				begin = i + 1
			}
		}
	}
	return strings.Join(keep, ", ")
}

func (w *world) diff(law, old, new string) {
	args := []string{"diff", old, new, "--format", "json"}
	if w.slow {
		args = append(args, "--no-plan")
	}
	a := w.run(args...)
	if a.code != 0 {
		w.report(law+" answers", a.from, a.from, "exit code %d: %s", a.code, a.err)
		return
	}
	for side, path := range map[string]string{"old": old, "new": new} {
		f := w.of(path, "forecast")
		all := entries(f)
		for _, o := range a.doc.at("objectives").list() {
			x := o.at(side)
			e, ok := all[key(o.at("service"), o.at("objective"))]
			if !ok && o.at("objective").null() {
				e, ok = all[key(o.at("service"), value{""})]
			}
			if x.null() != !ok {
				w.report(law+": the same entries", f.from, a.from, "%s %s", side, o.at("service"))
				continue
			}
			if !ok {
				continue
			}
			w.same(law+" (chance)", f, e.at("met_probability"), a, x.at("met_probability"), 2*stated(e, "met_probability"))
			w.same(law+" (mean)", f, e.at("bad_seconds", "mean"), a, x.at("bad_seconds_mean"))
			w.same(law+" (year)", f, e.at("bad_seconds_per_year"), a, x.at("bad_seconds_per_year"))
			w.same(law+" (achievable)", f, e.at("achievable_target"), a, x.at("achievable_target"), 2*stated(e, "achievable_target"))
			w.same(law+" (verdict)", f, e.at("verdict"), a, x.at("verdict"))
			if !x.at("met_probability_band").null() {
				w.band(law+" (band)", f, e.at("met_probability_band"), a, x.at("met_probability_band"))
			}
			for _, s := range o.at("sources").list() {
				bad := 0.0
				for _, t := range e.at("sources").list() {
					if t.at("name").str() == s.at("name").str() && t.at("kind").str() == s.at("kind").str() && t.at("service").str() == s.at("service").str() {
						bad += t.at("bad_seconds_per_year").num()
					}
				}
				w.is(law+" (source)", a, s.at(side+"_bad_seconds_per_year"), f, bad, 1e-6)
			}
		}
		if w.slow {
			continue
		}
		if p := w.planOf(path); !p.doc.missing() {
			x := a.doc.at("plan", side)
			if !a.doc.at("plan").null() && !x.null() && p.doc.at("ended").str() == "done" {
				w.same(law+" (plan feasible)", p, p.doc.at("feasible"), a, x.at("feasible"))
				if p.doc.at("feasible").is() {
					w.diffPlan(law, p, p.doc, a, x)
				}
			}
			c := a.doc.at("costs", side)
			load := p.doc.at("load", "today")
			if !c.at("pages_per_week").null() && !load.null() {
				w.same(law+" (pages as plan today)", p, load.at("pages_per_week"), a, c.at("pages_per_week"))
			}
			if !c.at("hours_per_year").null() && !load.null() { // none is told where no plan was found in time
				w.is(law+" (hours as plan today)", p, value{load.at("manual_hours_per_year").num() + load.at("process_hours_per_year").num()}, a, c.at("hours_per_year").num())
			}
		}
	}
	// What is touched is what is not the same.
	for _, o := range a.doc.at("objectives").list() {
		if o.at("old").null() || o.at("new").null() {
			continue
		}
		apart, equal := 0.0, true // of all of them the most, as a share of itself
		for _, k := range []string{"met_probability", "achievable_target", "bad_seconds_mean"} {
			x, y := o.at("old", k).num(), o.at("new", k).num()
			apart, equal = math.Max(apart, math.Abs(x-y)/math.Max(math.Max(math.Abs(x), math.Abs(y)), 1e-300)), equal && x == y
		}
		for _, k := range []string{"target", "confidence", "window_seconds"} {
			equal = equal && o.at("old", k).String() == o.at("new", k).String()
		}
		w.compare++
		if touched := o.at("touched").is(); touched && equal || !touched && apart > 1e-11 {
			w.report(law+": touched is what moved", a.from, a.from, "%s: touched %v: %s and %s", o.at("service"), touched, o.at("old"), o.at("new"))
		}
	}
}

// diffPlan holds a plan of a diff against that of the command.
func (w *world) diffPlan(law string, p *answer, set value, a *answer, x value) {
	w.deep(law+" (plan nets)", p, set.at("nets"), a, x.at("nets"))
	w.same(law+" (plan cost)", p, set.at("annual_cost"), a, x.at("annual_cost"))
	w.same(law+" (plan chance)", p, set.at("met_probability"), a, x.at("met_probability"))
}

// cadences hold each change at its present rhythm against the forecast, and at
// another against a model that says so.
func (w *world) cadences(*draft) {
	f := w.ask("forecast")
	l := w.get("load")
	for _, c := range turns(w, 1, w.get("model").doc.at("changes").list()) {
		name := c.at("name").str()
		a := w.ask("cadence "+name, "--every", "7d,10d")
		if a.code != 0 {
			w.report("cadence answers", a.from, a.from, "exit code %d: %s", a.code, a.err)
			continue
		}
		for _, r := range a.doc.at("rhythms").list() {
			law, g, load := "cadence at the present rhythm", f, l
			if !r.at("present").is() {
				set := "changes/" + name + "/every=" + r.at("every").str()
				if len(a.doc.at("ignored").list()) > 0 {
					continue // a net sets the rhythm, and --set is what it sets it from
				}
				law, g, load = "cadence at another rhythm", w.ask("forecast", "--set", set), w.get("load", "set", set)
			}
			all := entries(g)
			for _, o := range r.at("as_it_stands", "objectives").list() {
				e := all[key(o.at("service"), o.at("objective", "name"))]
				w.same(law+" (chance)", g, e.at("met_probability"), a, o.at("met_probability"), 2*stated(e, "met_probability"))
				w.same(law+" (mean)", g, e.at("bad_seconds", "mean"), a, o.at("bad_seconds_mean"))
				w.same(law+" (achievable)", g, e.at("achievable_target"), a, o.at("achievable_target"), 2*stated(e, "achievable_target"))
				w.same(law+" (verdict)", g, e.at("verdict"), a, o.at("verdict"))
				w.band(law+" (band)", g, e.at("met_probability_band"), a, o.at("met_probability_band"))
			}
			for _, k := range []string{"pages_per_week", "manual_hours_per_year", "process_hours_per_year", "people_cost_per_year"} {
				w.same(law+" load ("+k+")", load, load.doc.at(k), a, r.at("as_it_stands", k))
			}
		}
	}
}

// sensitivities hold the base against the forecast, and each end against a
// forecast with that number written.
func (w *world) sensitivities(*draft) {
	f := w.ask("forecast")
	a := w.ask("sensitivity", "--time", "5s")
	if a.code != 0 {
		w.report("sensitivity answers", a.from, a.from, "exit code %d: %s", a.code, a.err)
		return
	}
	if !a.doc.at("complete").is() {
		return
	}
	all := entries(f)
	own := []bool{}
	for _, o := range a.doc.at("objectives").list() {
		e := all[key(o.at("service"), o.at("name"))]
		tol := e.at("met_probability_error").num() + o.at("met_probability_error").num()
		is := o.at("target").str() == percent(e.at("objective", "target").num())
		own = append(own, is)
		if is {
			w.same("sensitivity: the chance today", f, e.at("met_probability"), a, o.at("met_probability"), tol)
			continue
		}
		g := w.ask("forecast", "--service", o.at("service").str(), "--targets", o.at("target").str())
		for _, x := range g.doc.at("services").list() {
			if x.at("objective", "name").str() == o.at("name").str() {
				w.same("sensitivity: the chance today of another target", g, x.at("compare", 0, "met_probability"), a, o.at("met_probability"), x.at("compare", 0, "met_probability_error").num(), o.at("met_probability_error").num())
			}
		}
	}
	ids := map[string]bool{}
	for _, in := range a.doc.at("inputs").list() {
		id := fmt.Sprint(in.at("kind"), in.at("owner"), in.at("name"), in.at("key"))
		w.compare++
		if ids[id] || in.at("kind").str() == "" || in.at("key").str() == "" {
			w.report("sensitivity: an input is known by what it is", a.from, a.from, "%s is there twice, or is nothing", id)
		}
		ids[id] = true
	}
	// Where something is written joins an input with its path.
	paths := map[string]string{}
	for _, s := range w.get("settings").doc.at("settings").list() {
		paths[fmt.Sprint(s.at("file"), s.at("line"), s.at("column"))] = s.at("path").str()
	}
	for i, in := range a.doc.at("inputs").list() {
		path := paths[fmt.Sprint(in.at("file"), in.at("line"), in.at("column"))]
		if path == "" || !w.whole && i != w.turn%2 {
			continue
		}
		for _, end := range []string{"low", "high"} {
			x := in.at(end).num()
			text := ""
			switch last := path[strings.LastIndex(path, "/")+1:]; {
			case last == "rate":
				text = fmt.Sprintf("%.14f/y", x*year)
			case last == "every": // its rate
				text = fmt.Sprintf("%.9fs", 1/x)
			case strings.Contains(in.at("text").str(), "%"):
				text = fmt.Sprintf("%.12f%%", x*100)
			default:
				continue
			}
			g := w.ask("forecast", "--set", path+"="+text)
			if g.code != 0 {
				w.report("sensitivity: an end can be set", a.from, g.from, "%s", g.err)
				continue
			}
			there := entries(g)
			for k, o := range a.doc.at("objectives").list() {
				if own[k] {
					e := there[key(o.at("service"), o.at("name"))]
					w.same("sensitivity: the chance at the "+end+" end", g, e.at("met_probability"), a, in.at("met_probability", k, "at_"+end), e.at("met_probability_error").num(), in.at("met_probability", k, "at_"+end+"_error").num())
				}
			}
		}
	}
}

// simulations hold what was played against what was worked out, within 4.5
// standard errors and the errors that are stated.
func (w *world) simulations(*draft) {
	f := w.ask("forecast")
	a := w.ask("simulate", "--years", "1000")
	all := entries(f)
	sigma := func(ci value) float64 { return (ci.at(1).num() - ci.at(0).num()) / 2 / 1.96 }
	for _, s := range a.doc.at("services").list() {
		e := all[key(s.at("service"), s.at("objective", "name"))]
		if e.missing() {
			w.report("simulate: the same entries", f.from, a.from, "no %s", s.at("service"))
			continue
		}
		mean := e.at("bad_seconds", "mean").num()
		rare := 1 / (s.at("windows").num() + 1) // what is seen never or once says no more
		w.is("simulate: mean of the sum", a, s.at("sum", "bad_seconds", "mean"), f, e.at("bad_seconds", "sum_mean").num(), 4.5*sigma(s.at("sum", "bad_seconds", "mean_ci95")), 2e-3*mean, 20*rare*7200)
		w.is("simulate: mean", a, s.at("bad_seconds", "mean"), f, mean, 4.5*sigma(s.at("bad_seconds", "mean_ci95")), 5e-3*mean, 20*rare*7200)
		w.is("simulate: time hit", a, s.at("bad_fraction"), f, e.at("expected_unavailability").num(), 4.5*sigma(s.at("bad_fraction_ci95")), 2e-3*e.at("expected_unavailability").num(), 20*rare*7200/e.at("window_seconds").num())
		w.is("simulate: felt", a, s.at("felt_seconds", "mean"), f, e.at("felt", "bad_seconds_mean").num(), 4.5*sigma(s.at("felt_seconds", "mean_ci95")), 5e-3*e.at("felt", "bad_seconds_mean").num(), 20*rare*7200)
		if s.at("objective").null() {
			continue
		}
		miss := 1 - e.at("met_probability").num()
		loose := 4.5*math.Max(sigma(s.at("miss_probability_ci95")), math.Sqrt(miss*rare)) + e.at("met_probability_error").num() + e.at("met_probability_model_error").num() + 3*rare
		w.is("simulate: windows missed", a, s.at("miss_probability"), f, miss, loose)
		bySum := miss
		if !e.at("met_probability_sum").null() {
			bySum = 1 - e.at("met_probability_sum").num()
		}
		w.is("simulate: windows missed by the sum", a, s.at("sum", "miss_probability"), f, bySum, 4.5*math.Max(sigma(s.at("sum", "miss_probability_ci95")), math.Sqrt(bySum*rare)), e.at("met_probability_error").num(), e.at("met_probability_model_error").num(), 3*rare)
	}
}
