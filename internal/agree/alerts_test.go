package agree

import "math"

// alerts hold what alerts see of risks against thresholds and times, and against
// what is explained of the same risks.
func (w *world) alerts(*draft) {
	a := w.ask("alerts")
	if a.code != 0 {
		w.report("alerts answers", a.from, a.from, "exit code %d: %s", a.code, a.err)
		return
	}
	ratios := map[string]map[string]value{} // by risk and objective
	for _, o := range a.doc.at("services").list() {
		of := map[string]value{}
		for _, x := range o.at("alerts").list() {
			of[x.at("name").str()] = x
			w.noise(a, o, x)
		}
		for _, r := range o.at("risks").list() {
			w.seen(a, o, of[r.at("alert").str()], r)
			name := r.at("risk").str()
			if ratios[name] == nil {
				ratios[name] = map[string]value{}
			}
			ratios[name][key(o.at("service"), o.at("objective"))] = r
		}
	}
	f := w.ask("forecast")
	all := entries(f)
	var names []string
	for _, r := range w.get("model").doc.at("risks").list() {
		names = append(names, r.at("name").str())
	}
	for _, name := range turns(w, 2, names) {
		e := w.ask("explain risk:" + name)
		for _, to := range e.doc.at("risk", "reaches").list() {
			if to.at("objective").null() {
				continue
			}
			k := key(to.at("service"), to.at("objective"))
			r, is := ratios[name][k]
			if !is {
				w.report("alerts: a risk that reaches an objective is looked at", a.from, e.from, "%s of %s is not", name, k)
				continue
			}
			// Redundancy may make more of it: several at once, and waits.
			w.most("alerts: no more users are hit than explain RISK says", a, r.at("error_ratio").num(), e, to.at("impact").num())
			if r.at("felt_by_itself").is() && byItself(all[k], name) {
				w.is("alerts: the ratio of errors is the share of users of explain RISK", a, r.at("error_ratio"), e, to.at("impact").num())
			}
		}
	}
}

// byItself reports whether users lose time to a risk in one way only, without
// redundancy.
func byItself(e value, risk string) bool {
	n := 0
	for _, s := range e.at("sources").list() {
		if s.at("kind").str() == "group" || s.at("kind").str() == "switch" || len(s.at("behind").list()) > 0 {
			return false
		}
		if s.at("kind").str() == "risk" && s.at("name").str() == risk {
			n++
		}
	}
	return n == 1
}

// seen holds what one alert sees of one risk.
func (w *world) seen(a *answer, o, alert, r value) {
	fires, ratio := r.at("fires_after_seconds"), r.at("error_ratio").num()
	above := ratio + o.at("background").num() - alert.at("threshold").num()
	switch {
	case !alert.at("refused").null():
		w.compare++
		if !fires.null() && above <= 0 {
			w.report("alerts: what is refused does not fire below its threshold", a.from, a.from, "%s", r)
		}
	case math.Abs(above) > 1e-12 && fires.null() != (above <= 0):
		w.report("alerts: it fires if the ratio of errors is above the threshold", a.from, a.from, "%s: %s against %s", o.at("service"), r, alert)
	default:
		w.compare++
	}
	d := r.at("detect_seconds")
	last, known := 0.0, true
	for _, q := range []string{"p5", "p50", "p95"} {
		v := d.at(q)
		if w.compare++; !v.null() && (!known || v.num() < last) {
			w.report("alerts: times to detect rise", a.from, a.from, "%s", r)
		}
		if known = !v.null(); known {
			last = v.num()
		}
	}
	spent := r.at("budget_spent")
	if spent.null() != d.at("p50").null() {
		w.report("alerts: budget is spent by the time it is known", a.from, a.from, "%s", r)
	} else if !spent.null() {
		w.most("alerts: it spends at most all that it hits", a, spent.num(), a, ratio*d.at("p50").num()/o.at("budget_seconds").num())
	}
}

// noise holds that false pages are a number with its error, or a reason.
func (w *world) noise(a *answer, o, x value) {
	v, err, why := x.at("false_pages_per_week"), x.at("false_pages_per_week_error"), x.at("false_pages_unknown")
	w.compare++
	if v.null() == why.null() || v.null() != err.null() || v.null() != x.at("false_pages_found").null() || v.num() < 0 || err.num() < 0 {
		w.report("alerts: false pages are a number with its error, or a reason", a.from, a.from, "%s", x)
	}
	if (o.at("traffic_per_second").null() || !x.at("refused").null()) && !v.null() {
		w.report("alerts: false pages are of traffic", a.from, a.from, "%s", x)
	}
	if x.at("false_pages_too_often").is() && v.num() <= a.doc.at("most_false_pages_per_week").num() {
		w.report("alerts: too often is more than asked for", a.from, a.from, "%s", x)
	}
	for _, c := range x.at("instead").list() {
		w.most("alerts: what is proposed rings no more than asked for", a, c.at("false_pages_per_week").num()+c.at("false_pages_per_week_error").num(), a, a.doc.at("most_false_pages_per_week").num())
	}
}
