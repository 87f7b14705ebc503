package agree

import (
	"math"
	"slices"
	"strings"
)

// A seen set is a set of nets with its total that some table shows.
type seen struct {
	from  *answer
	where string
	nets  []string
	total float64
	error float64 // as it is stated
}

// quick asks for a plan, to know whether plans of this model are to be compared.
func (w *world) quick() {
	p := w.planOf(w.paths[0])
	w.slow = p.doc.missing() || p.doc.at("ended").str() != "done"
}

// plans hold plans against forecasts with the same nets, and against each other.
func (w *world) plans(*draft) {
	if w.slow {
		return
	}
	cheap := w.plan("cheapest")
	worth := w.plan("worth", "--worth")
	within := []*answer{cheap}
	for i, flags := range [][]string{{"--spend", "3000", "--brief"}, {"--spend", "6000", "--for", "loss", "--brief"}, {"--review"}} {
		if !w.whole && w.turn%3 != i {
			continue
		}
		if flags[0] == "--review" {
			w.totals(w.plan("review", "--review"), w.plan("worth review", "--worth", "--review"))
		} else {
			within = append(within, w.plan("spend", flags...))
		}
	}
	w.totals(append(within, worth)...)
	if !w.whole && w.turn%4 != 0 {
		return
	}
	brief := w.planOf(w.paths[0], "--brief")
	if brief.doc.at("ended").str() != "done" {
		return
	}
	for _, k := range []string{"nets", "annual_cost", "met_probability", "bad_seconds", "expected_loss_per_year", "total", "objectives", "today"} {
		w.deep("--brief is the same plan: "+k, cheap, cheap.doc.at(k), brief, brief.doc.at(k))
	}
}

// patience is how long a plan may take to be compared.
const patience = "1s"

// planOf is the plan of a model, if it is quick.
func (w *world) planOf(path string, flags ...string) *answer {
	return w.of(path, "plan", append(flags, "--time", patience)...)
}

// plan makes a plan and holds it against forecasts.
func (w *world) plan(law string, flags ...string) *answer {
	p := w.planOf(w.paths[0], flags...)
	if p.doc.missing() {
		if !strings.Contains(p.err, "no target") && !strings.Contains(p.err, "unknown") {
			w.report("a plan is made or says why not", p.from, p.from, "exit code %d: %s", p.code, p.err)
		}
		return p
	}
	law = "plan (" + law + ")"
	d := p.doc
	f := w.ask("forecast")
	w.planned(law+" today", p, d.at("today"), f)
	// Of a plan that was ended by time what hangs on it is left out.
	if today := d.at("load", "today"); !today.null() || d.at("ended").str() == "done" {
		w.loads(law+" today", p, today, w.get("load"))
	}
	if d.at("feasible").is() {
		g := w.standing(d.at("nets").names(), d.at("removed").names(), law)
		if g != nil {
			w.planned(law+" then", p, d, g)
		}
		w.sums(law, p, d)
		w.lists(law, p)
	}
	if r := d.at("reachable"); !r.null() {
		if g := w.standing(r.at("nets").names(), r.at("removed").names(), law); g != nil {
			w.planned(law+" reachable", p, r, g)
		}
	}
	return p
}

// standing is the forecast with these nets bought and those taken away.
func (w *world) standing(nets, removed []string, law string) *answer {
	stands := w.ask("forecast").doc.at("standing").names()
	var flags []string
	with := slices.DeleteFunc(slices.Clone(nets), func(n string) bool { return slices.Contains(stands, n) })
	if len(with) > 0 {
		flags = append(flags, "--with", strings.Join(with, ","))
	}
	if len(removed) > 0 {
		flags = append(flags, "--without", strings.Join(removed, ","))
	}
	a := w.ask("forecast", flags...)
	if a.code != 0 {
		w.report(law+": its nets can stand", "tightrope plan", a.from, "exit code %d: %s", a.code, a.err)
		return nil
	}
	return a
}

// planned holds a set of a plan against the forecast with it.
func (w *world) planned(law string, p *answer, set value, f *answer) {
	all := entries(f)
	least, loose := math.Inf(1), 0.0
	for _, o := range set.at("objectives").list() {
		e, ok := all[key(o.at("service"), o.at("name"))]
		if !ok {
			w.report(law+": objective of the forecast", p.from, f.from, "no %s", o.at("service"))
			continue
		}
		tol := e.at("met_probability_error").num() + o.at("met_probability_error").num()
		w.same(law+" (chance)", p, o.at("met_probability"), f, e.at("met_probability"), tol)
		w.same(law+" (mean)", p, o.at("mean_bad_seconds"), f, e.at("bad_seconds", "mean"))
		w.same(law+" (budget)", p, o.at("budget_seconds"), f, e.at("objective", "budget_seconds"))
		w.same(law+" (corrected)", p, o.at("corrected"), f, e.at("corrected"))
		w.same(law+" (model error)", p, o.at("met_probability_model_error"), f, e.at("met_probability_model_error"))
		if kept := o.at("kept").is(); e.at("verdict").str() != "unknown" && kept != (e.at("verdict").str() == "achievable") {
			w.report(law+" (kept as the verdict)", p.from, f.from, "%s: kept %v against %s; %s of %s", o.at("service"), kept, e.at("verdict"), e.at("met_probability"), e.at("confidence"))
		}
		if least > o.at("met_probability").num() {
			least, loose = o.at("met_probability").num(), tol
		}
	}
	if !math.IsInf(least, 1) {
		w.is(law+" (the chance is that of the objective met least)", p, set.at("met_probability"), p, least, loose)
	}
}

func (w *world) loads(law string, p *answer, x value, l *answer) {
	for _, k := range []string{"pages_per_week", "manual_hours_per_year", "process_hours_per_year", "run_person_days_per_year", "people_cost_per_year"} {
		w.same(law+" load ("+k+")", p, x.at(k), l, l.doc.at(k))
	}
}

// sums: what is shown adds up.
func (w *world) sums(law string, p *answer, d value) {
	if !d.at("expected_loss_per_year").null() && !d.at("total").null() {
		w.is(law+": total is cost and loss", p, d.at("total"), p, d.at("annual_cost").num()+d.at("expected_loss_per_year").num())
	}
	m := w.get("model")
	cost, priced := 0.0, true
	for _, n := range m.doc.at("nets").list() {
		if slices.Contains(d.at("nets").names(), n.at("name").str()) {
			cost += n.at("annual_cost").num()
			priced = priced && !n.at("annual_cost").null()
		}
	}
	// What it took to build what stands is spent: a review does not count it.
	if priced && !d.at("limits", "review").is() {
		w.is(law+": cost is that of its nets", p, d.at("annual_cost"), m, cost)
	}
}

// lists: frontier and table of targets know the plan.
func (w *world) lists(law string, p *answer) {
	d := p.doc
	if d.at("ended").str() != "done" {
		return
	}
	frontier := d.at("frontier").list()
	apart := d.at("frontier_apart").num() + 1e-9
	if d.at("frontier_complete").is() && len(frontier) > 0 {
		in := false
		for _, x := range frontier {
			if x.at("annual_cost").num() <= d.at("annual_cost").num()*(1+1e-9)+1e-9 && x.at("met_probability").num() >= d.at("met_probability").num()-apart {
				in = true
			}
		}
		if !in {
			w.report(law+": nothing of the frontier is as good as the plan", p.from, p.from, "%s at %s met with %s", d.at("nets"), d.at("annual_cost"), d.at("met_probability"))
		}
		same := false
		for _, x := range frontier {
			same = same || equal(x.at("nets").names(), d.at("nets").names())
		}
		if !same && (d.at("objective").str() != "worth") {
			w.report(law+": the frontier holds the plan", p.from, p.from, "%s is not there: %s", d.at("nets"), d.at("frontier"))
		}
	}
	for i, x := range frontier {
		if i > 0 && (x.at("annual_cost").num() < frontier[i-1].at("annual_cost").num() || x.at("met_probability").num() < frontier[i-1].at("met_probability").num()) {
			w.report(law+": the frontier rises", p.from, p.from, "%s after %s", x, frontier[i-1])
		}
	}
	stands := w.ask("forecast").doc.at("standing").names()
	one := len(d.at("objectives").list()) == 1
	for i, x := range frontier {
		if !w.whole && i != w.turn%len(frontier) {
			continue
		}
		f := w.set(x.at("nets").names(), stands, d.at("limits", "review").is(), law)
		if f == nil {
			continue
		}
		least, mean := leastKept(f)
		w.is(law+": the frontier's chance is the forecast's", p, x.at("met_probability"), f, least, 2*apart)
		if one {
			w.is(law+": the frontier's lost time is the forecast's", p, x.at("mean_bad_seconds"), f, mean, apart)
		}
		if equal(x.at("nets").names(), d.at("nets").names()) {
			w.same(law+": the frontier's chance is the plan's", p, x.at("met_probability"), p, d.at("met_probability"))
			w.same(law+": the frontier's cost is the plan's", p, x.at("annual_cost"), p, d.at("annual_cost"))
			w.same(law+": the frontier's loss is the plan's", p, x.at("expected_loss_per_year"), p, d.at("expected_loss_per_year"))
		}
	}
	own := d.at("nines").list()
	for i, n := range own {
		if n.at("feasible").is() && !n.at("total").null() {
			w.is(law+": a row's total is cost and loss", p, n.at("total"), p, n.at("annual_cost").num()+n.at("expected_loss_per_year").num())
		}
		if n.at("own").is() && d.at("objective").str() == "cheapest" && one && n.at("optimal").is() && d.at("optimal").is() {
			w.same(law+": the row of the objective costs what the plan does", p, n.at("annual_cost"), p, d.at("annual_cost"))
			if equal(n.at("nets").names(), d.at("nets").names()) {
				w.same(law+": the row of the objective is met as the plan", p, n.at("met_probability"), p, d.at("met_probability"))
				w.same(law+": the row of the objective loses what the plan does", p, n.at("expected_loss_per_year"), p, d.at("expected_loss_per_year"))
			}
		}
		if n.at("feasible").is() && one && (w.whole || i == w.turn%len(own)) {
			if f := w.set(n.at("nets").names(), stands, d.at("limits", "review").is(), law, "--targets", n.at("target").str(), "--service", d.at("objectives", 0, "service").str()); f != nil {
				for _, e := range f.doc.at("services").list() {
					if e.at("objective", "name").str() == d.at("objectives", 0, "name").str() {
						c := e.at("compare", 0)
						w.same(law+": a row's chance is the forecast's", p, n.at("met_probability"), f, c.at("met_probability"), 2*c.at("met_probability_error").num()+1e-6)
					}
				}
			}
		}
	}
	// To take something away is no step of it.
	if r := d.at("roadmap").list(); len(r) > 0 && len(d.at("removed").list()) == 0 {
		last := r[len(r)-1]
		w.same(law+": the last step of the roadmap is the plan", p, last.at("met_probability"), p, d.at("met_probability"))
		gain, lossAvoided := 0.0, 0.0
		for _, s := range r {
			gain += s.at("met_probability_gain").num()
			lossAvoided += s.at("loss_avoided_per_year").num()
		}
		w.is(law+": gains of the roadmap add up", p, value{gain}, p, d.at("met_probability").num()-d.at("today", "met_probability").num(), 1e-9)
		if !last.at("loss_avoided_per_year").null() {
			w.is(law+": losses avoided add up", p, value{lossAvoided}, p, d.at("today", "expected_loss_per_year").num()-d.at("expected_loss_per_year").num(), 1e-6)
		}
	}
}

// set is the forecast with exactly these nets of a plan: those that stand stay,
// unless a review asked of them too.
func (w *world) set(nets, stands []string, review bool, law string, flags ...string) *answer {
	var with, without []string
	for _, n := range nets {
		if !slices.Contains(stands, n) {
			with = append(with, n)
		}
	}
	if review {
		for _, n := range stands {
			if !slices.Contains(nets, n) {
				without = append(without, n)
			}
		}
	}
	if len(with) > 0 {
		flags = append([]string{"--with", strings.Join(with, ",")}, flags...)
	}
	if len(without) > 0 {
		flags = append([]string{"--without", strings.Join(without, ",")}, flags...)
	}
	a := w.ask("forecast", flags...)
	if a.code != 0 {
		w.report(law+": nets of a table can stand", "tightrope plan", a.from, "exit code %d: %s", a.code, a.err)
		return nil
	}
	return a
}

// leastKept is the chance of the objective that is met least, and its mean.
func leastKept(f *answer) (chance, mean float64) {
	chance = math.Inf(1)
	for _, e := range f.doc.at("services").list() {
		if !e.at("objective").null() && e.at("met_probability").num() < chance {
			chance, mean = e.at("met_probability").num(), e.at("bad_seconds", "mean").num()
		}
	}
	return chance, mean
}

func equal(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// totals: the total of --worth, the last of the answers, is no more than any
// other total within the same permissions, wherever it is shown.
func (w *world) totals(answers ...*answer) {
	var all []seen
	var best *answer
	for _, a := range answers {
		d := a.doc
		if d.missing() {
			continue
		}
		if d.at("objective").str() == "worth" {
			best = a
		}
		add := func(where string, x value) {
			if x.null() || x.at("nets").v == nil || x.at("annual_cost").null() || x.at("expected_loss_per_year").null() || x.at("feasible").v == false {
				return
			}
			all = append(all, seen{a, where, x.at("nets").names(), x.at("annual_cost").num() + x.at("expected_loss_per_year").num(), lossError(x)})
		}
		add("the plan", d)
		add("today", d.at("today"))
		add("the runner-up", d.at("runner_up"))
		add("what is reachable", d.at("reachable"))
		for _, x := range d.at("frontier").list() {
			add("the frontier", x)
		}
	}
	if best == nil || best.doc.at("total").null() || !best.doc.at("optimal").is() {
		return
	}
	total, off := best.doc.at("total").num(), lossError(best.doc)
	names := map[string]seen{}
	for _, s := range all {
		w.compare++
		if total > s.total && !near(total, s.total, off+s.error) {
			w.report("no total is below that of --worth", best.from, s.from.from, "%.12g of %s is more than %.12g of %q in %s", total, best.doc.at("nets"), s.total, s.nets, s.where)
		}
		k := strings.Join(slices.Sorted(slices.Values(s.nets)), " ")
		if o, ok := names[k]; ok && !near(o.total, s.total, o.error+s.error) {
			w.report("a set of nets has one total", o.from.from, s.from.from, "%q: %.12g in %s, %.12g in %s", s.nets, o.total, o.where, s.total, s.where)
		}
		names[k] = s
	}
}
