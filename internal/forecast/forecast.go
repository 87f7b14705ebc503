package forecast

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"sync"

	"tightrope/internal/availability"
	"tightrope/internal/distribution"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// Run forecasts a model. It returns an *OptionError for options that do not
// fit the model, a *model.ProblemError where the nets of the forecast leave
// a risk without detection or recovery, and the error of the context if it was
// ended early.
func Run(m *model.Model, opts Options) (_ *Result, err error) {
	defer work.Recover(&err)
	sc, err := scenario.New(m, opts.With, opts.Without)
	if err != nil {
		return nil, err
	}
	memory := opts.Memory
	if memory == nil {
		memory = NewMemory(ownMemory)
	}
	if m, err = Reconcile(opts.Context, m, memory); err != nil {
		return nil, err
	}
	sc.Model = m
	sc.Laws = memory.Laws()
	for _, name := range opts.Services {
		if m.Service(name) == nil {
			return nil, &OptionError{Option: "service", Message: fmt.Sprintf("there is no service %q; the model has %s", name, serviceNames(m))}
		}
	}
	cat, err := sc.Catalogue()
	if err != nil {
		return nil, err
	}
	y := sc.System(cat)
	w, engine := newGraph(y, memory), availability.New(sc, cat, y)
	engine.Laws, engine.Context = w, opts.Context
	res := &Result{With: sc.With, Without: sc.Without}
	for _, n := range m.Nets {
		if sc.Standing[n.Name] {
			res.Standing = append(res.Standing, n.Name)
		}
	}
	res.Warnings = append(res.Warnings, sc.Warnings...)
	res.Warnings = append(res.Warnings, cat.Warnings...)
	res.Warnings = append(res.Warnings, unpriced(sc)...)

	var jobs []*job
	services, left := scenario.Asked(m, opts.Services)
	if left > 0 {
		res.Warnings = append(res.Warnings, Warning{Code: "left-out", Message: message.LeftOut(left)})
	}
	for _, s := range services {
		if opts.ended() {
			return nil, opts.Context.Err()
		}
		parts := newParts(cat, w, s, opts.singles)
		objectives := s.Objectives
		if len(objectives) == 0 {
			objectives = []*model.Objective{nil}
		}
		for i, o := range objectives {
			j := &job{scenario: sc, catalogue: cat, graph: w, engine: engine, parts: parts, service: s, objective: o, first: i == 0, opts: &opts}
			j.entry = j.begin()
			// Unsure inputs are found before the work is shared out.
			if opts.Promises == nil || o != nil {
				j.uses = j.suffers(parts.counts, false)
			}
			if parts.different && opts.Promises == nil && !opts.Only {
				j.feels = j.suffers(parts.felt, true)
			}
			jobs = append(jobs, j)
			res.Entries = append(res.Entries, j.entry)
		}
	}
	// Entries with budgets alike have lattices in common: one after the other
	// they find them still warm.
	order := slices.Clone(jobs)
	slices.SortStableFunc(order, func(a, b *job) int {
		return cmp.Or(cmp.Compare(a.entry.Window, b.entry.Window), cmp.Compare(a.seconds(), b.seconds()))
	})
	part := divisionOfWork(m)
	for _, j := range jobs {
		j.work = part.of(j.objective)
	}
	entries := part.entries
	if opts.Promises != nil {
		n := 0
		for _, j := range jobs {
			if j.objective != nil && n < len(opts.Promises) {
				j.promise = &opts.Promises[n]
				n++
			}
		}
		order = slices.DeleteFunc(order, func(j *job) bool { return j.promise == nil })
	}
	var done sync.Mutex
	planners := make(chan *distribution.Planner, len(order))
	work.Each(len(order), func() func(int) {
		w := newWorker(opts.Context, sc.Params.List, memory)
		w.planner = memory.planner()
		planners <- w.planner
		return func(i int) {
			order[i].run(w, entries)
			order[i].uses, order[i].feels, order[i].parts = nil, nil, nil
			w.tidy()
			if opts.Done != nil && !opts.ended() {
				done.Lock()
				defer done.Unlock()
				opts.Done(order[i].entry)
			}
		}
	})
	close(planners)
	for p := range planners {
		memory.giveBack(p)
	}
	if opts.ended() {
		return nil, opts.Context.Err()
	}
	return res, nil
}

// ended reports whether the forecast is no longer wanted. What is computed after
// that is thrown away, so loops end wherever they are.
func (o *Options) ended() bool { return o.Context != nil && o.Context.Err() != nil }

func serviceNames(m *model.Model) string {
	var names []string
	for i, s := range m.Services {
		if i == 12 {
			names = append(names, "…")
			break
		}
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// parts is what an entry is made of: the parts at or below its service, with
// the share of users that each hits.
type parts struct {
	counts, felt *impactSources
	different    bool // something is felt that does not count
	warnings     []Warning
	assumed      []message.Message
}

// impactSources are what hits users of a service: parts by themselves and, where some can
// be spared, several together.
type impactSources struct {
	// root is the service itself, behind what its history has besides: that is lost on
	// top of what is listed, and takes nothing away from it.
	root    int
	singles singles
	spare   bool // there are groups some of whose members can be spared
	size    int  // how many parts are below the service
}

// An impactSource is a part whose sources hit users of a service.
type impactSource struct {
	part  int
	reach *reach
}

func newParts(cat *scenario.Catalogue, w *graph, s *model.Service, singles bool) *parts {
	p := &parts{}
	root := w.system.Number(s.Name)
	counts, felt := w.look(root, false), w.look(root, true)
	p.counts, p.felt = counts.impactSources(singles), felt.impactSources(singles)
	p.different = p.counts.differ(p.felt)
	for _, k := range felt.Order {
		part := &w.system.Parts[k]
		for _, src := range part.Sources {
			p.different = p.different || src.Excluded
		}
	}
	for _, h := range p.felt.singles.list {
		if part := &w.system.Parts[h.part]; part.Service >= 0 {
			p.assumed = append(p.assumed, cat.AssumedBy[w.system.Services[part.Service].Name]...)
		}
	}
	p.warnings = felt.Unknown()
	return p
}

// differ reports whether other things hit, or other users.
func (h *impactSources) differ(o *impactSources) bool {
	same := func(x, y *reach) bool { return x.node == y.node }
	return !slices.EqualFunc(h.singles.list, o.singles.list, func(x, y *impactSource) bool { return x.part == y.part && same(x.reach, y.reach) }) ||
		(h.spare || o.spare) && h.size != o.size
}

// impactSources lists what hits users of the root. Copies are left out of the singles:
// what a sum counts of them is with their service.
func (v *serviceView) impactSources(singles bool) *impactSources {
	out := &impactSources{root: v.System.Behind(v.Nodes[0].Part), spare: !singles && !v.Plain(), size: len(v.Order)}
	for _, k := range v.Order {
		if v.System.Parts[k].Copy > 0 {
			continue
		}
		if r := v.part(k); r != nil {
			out.singles.list = append(out.singles.list, &impactSource{k, r})
		}
	}
	return out
}

// job makes one entry.
type job struct {
	scenario  *scenario.Scenario
	catalogue *scenario.Catalogue
	graph     *graph
	engine    *availability.Engine
	parts     *parts
	divided   map[lostKey]*losses // nil: nothing is kept for jobs that follow
	service   *model.Service
	objective *model.Objective
	promise   *Target // all that is asked for; nil: all is
	first     bool    // the service's first objective
	opts      *Options
	entry     *Entry
	window    *big.Rat
	work      float64
	doubt     float64 // what averaging may put the union off
	unsolved  bool    // the structure of its groups is too large
	tooBig    bool    // or that of what else is asked
	fitted    bool    // its answer is fit into the window
	uses      []*use  // what counts
	feels     []*use  // what users feel, where that differs
}

func (j *job) begin() *Entry {
	s := j.service
	e := &Entry{
		Service: s.Name, Title: scenario.Title(s.Title, s.Name), Owner: s.Owner.In("en"), Pos: s.Pos, Outside: s.Outside,
		Verdict: NoObjective,
	}
	var overWritten, confidenceWritten bool
	if j.window, e.WindowSay, overWritten = scenario.Window(j.objective); j.opts.Over != nil {
		j.window, e.WindowSay, overWritten = j.opts.Over.Rat(), j.opts.Over.Text, true
	}
	confidence := j.opts.Confidence
	if confidence == nil {
		confidence, confidenceWritten = scenario.Confidence(j.objective)
	} else {
		confidenceWritten = true
	}
	e.Window, _ = j.window.Float64()
	e.Confidence, _ = confidence.Float64()
	if o := j.objective; o != nil {
		e.Pos = o.Pos
		e.Objective = &Objective{
			Name: o.Name, Target: Target{Exact: scenario.RatOr0(o.Target.Exact), Text: o.Target.Text},
			Confidence: e.Confidence, Assumed: !overWritten || !confidenceWritten,
		}
		e.Objective.Budget = j.budget(e.Objective.Target)
	}
	return e
}

// seconds is the budget in seconds, 0 without an objective.
func (j *job) seconds() float64 {
	if j.entry.Objective == nil {
		return 0
	}
	f, _ := j.entry.Objective.Budget.Float64()
	return f
}

// budget is (1 − target) × window, exactly.
func (j *job) budget(t Target) *big.Rat {
	b := new(big.Rat).Sub(scenario.RatOne, t.Exact)
	return b.Mul(b, j.window)
}

// objectiveName is the name under which risks say their impact.
func (j *job) objectiveName() string {
	return scenario.ObjectiveName(j.objective)
}

// suffers lists the sources of what hurts.
func (j *job) suffers(list *impactSources, felt bool) []*use {
	name := j.objectiveName()
	var out []*use
	for _, h := range list.singles.list {
		for _, src := range j.graph.system.Parts[h.part].Summed {
			hit, ok := src.Impact.For(name)
			if !ok || src.Excluded && !felt {
				continue
			}
			u := &use{Source: src, cause: src, part: h.part, reach: h.reach.toldApart()}
			u.share = j.scenario.Params.Share(hit, true, message.ImpactOf(src.Name)).Times(src.ImpactBy)
			if u.share.IsZero() || !u.rideOut() {
				continue
			}
			u.prepare(j.scenario.Params)
			out = append(out, u)
		}
	}
	if list.spare {
		out = append(out, j.redundancy(list.root, felt, out)...)
	}
	return out
}

func (j *job) run(w *worker, entries int) {
	if j.opts.ended() {
		return
	}
	if j.first && j.promise == nil {
		j.entry.History = j.history()
	}
	s := newSum(w, j.window, j.objectiveName(), j.uses)
	v := newSolver(s, entries)
	v.plain, v.ended = j.opts.Plain && !j.opts.Banded, j.opts.ended
	v.allowed = j.work
	if j.opts.Effort > 0 {
		v.allowed *= j.opts.Effort
	}
	v.cover = math.Max(v.cover, math.Min(mostCover, 1-(1-j.entry.Confidence)/5))
	l := j.lead(v, entries, j.union)
	j.entry.Unsolved = j.unsolved
	if j.opts.Means {
		j.means(l)
		return
	}
	if j.promise != nil {
		j.entry.Compare = []Chance{j.chance(l, *j.promise)}
		return
	}
	j.chances(l)
	if j.opts.Only {
		return
	}
	j.answer(l)
	j.sources(s)
	j.felt(l, entries)
	j.bands(l, entries)
	j.guard(l)
	if e := j.entry; (e.Unsolved || len(e.Sources) == 0) && e.Verdict == Achievable {
		e.Verdict = Undecided
	}
	if !j.opts.Plain {
		j.steady()
	}
	j.entry.Work = v.work / v.allowed
	j.finish(s)
}

// chances fills in how likely the objective and the targets are kept.
func (j *job) chances(l *leading) {
	e := j.entry
	if o := e.Objective; o != nil {
		p := l.chance(o.Budget, func(v *solver, b *big.Rat) Probability { return v.chanceBy(b, wantedError, 0.7*v.allowed) })
		e.Met = &p
		e.Verdict = NotAchievable
		if e.Met.Value >= o.Confidence-1e-12 {
			e.Verdict = Achievable
		}
	}
	// From the lowest target on, so that the order in which they were asked for moves
	// no number: what is solved for one helps the next.
	if n := len(j.opts.Targets); n > 0 {
		e.Compare = make([]Chance, n)
	}
	for _, i := range rising(j.opts.Targets) {
		e.Compare[i] = j.chance(l, j.opts.Targets[i])
	}
}

// rising are the places of targets in the order of how much they promise.
func rising(targets []Target) []int {
	order := make([]int, len(targets))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return targets[a].Exact.Cmp(targets[b].Exact) })
	return order
}

// answer fills in the numbers of the whole distribution.
func (j *job) answer(l *leading) {
	e := j.entry
	e.Corrected, j.fitted = l.moved(), l.fit != nil && l.fit.beyond
	j.means(l)
	e.SD = l.sd()
	e.None = l.nothing()
	if e.Met != nil {
		e.None = math.Min(e.None, e.Met.Value) // such windows keep any budget
	}
	for _, q := range []struct {
		p       float64
		to, err *float64
	}{
		{.5, &e.Quantiles.P50, &e.Quantiles.Error.P50}, {.8, &e.Quantiles.P80, &e.Quantiles.Error.P80},
		{.9, &e.Quantiles.P90, &e.Quantiles.Error.P90}, {.95, &e.Quantiles.P95, &e.Quantiles.Error.P95},
		{.99, &e.Quantiles.P99, &e.Quantiles.Error.P99},
	} {
		*q.to, *q.err = l.quantile(q.p)
	}
	e.Quantiles.rise()
	q, err := l.quantile(e.Confidence)
	e.Achievable, e.AchievableError = math.Max(0, 1-q/e.Window), math.Min(1, err/e.Window)
	if e.Met != nil {
		misses := (1 - e.Met.Value) * model.Year / e.Window
		e.MissesPerYear = &misses
	}
	j.usual(l)
}

// means fills in the means of the whole distribution.
func (j *job) means(l *leading) {
	e, v := j.entry, l.base
	e.Certain = math.Min(v.certain, e.Window)
	e.Mean, e.SumMean = l.mean(), v.certain+v.mean
	e.PerYear = e.Mean * model.Year / e.Window
}

func (j *job) chance(l *leading, t Target) Chance {
	budget := j.budget(t)
	c := Chance{Target: t}
	c.Budget, _ = budget.Float64()
	c.Met = l.chance(budget, (*solver).chance)
	c.Met.Low, c.Met.High = c.Met.Value, c.Met.Value
	return c
}

// usualTargets are the targets that people promise, rising.
var usualTargets = []string{
	"50%", "60%", "70%", "80%", "90%", "95%", "98%", "99%", "99.5%", "99.8%", "99.9%", "99.95%", "99.98%", "99.99%",
	"99.995%", "99.999%", "99.9995%", "99.9999%",
}

// usual finds the highest usual target that is kept with the confidence, and
// the chances around it and around the objective.
func (j *job) usual(l *leading) {
	e, v := j.entry, l.base
	quick := func(v *solver, budget *big.Rat) (p Probability) {
		if !v.many {
			return v.chance(budget) // as where it is asked for by name
		}
		whole := v.whole()
		x := new(big.Rat).Sub(budget, v.sum.certain)
		if x.Sign() < 0 {
			return Probability{Bound: true}
		}
		p.Value, p.Error = whole.atMost(x)
		if p.Error > 1e-3 {
			if better := v.chanceBy(budget, quantileError, 0.8*v.allowed); better.Error < p.Error {
				return better
			}
		}
		p.Bound = !v.averaged && (whole.alone || whole.final())
		return p
	}
	best := -1
	var list []Target
	for _, text := range usualTargets {
		t := Target{Text: text, Exact: percent(text)}
		list = append(list, t)
		// Kept with the confidence, just as the achievable target says.
		if b, _ := j.budget(t).Float64(); b >= (1-e.Achievable)*e.Window*(1-1e-12) && e.Achievable > 0 {
			best = len(list) - 1
		}
	}
	if best >= 0 {
		e.Suggested = &list[best]
	}
	lo, hi := max(0, best-1), min(len(list)-1, best+2)
	if e.Objective != nil {
		for i, t := range list {
			if t.Exact.Cmp(e.Objective.Target.Exact) <= 0 {
				hi = max(hi, i)
			}
		}
		hi = min(hi, max(0, best)+5)
	}
	for _, t := range list[lo : hi+1] {
		c := Chance{Target: t}
		c.Budget, _ = j.budget(t).Float64()
		c.Met = l.chance(j.budget(t), quick)
		c.Met.Low, c.Met.High = c.Met.Value, c.Met.Value
		e.Usual = append(e.Usual, c)
	}
	// The distribution for charts.
	top := e.Quantiles.P99
	if l.fit == nil {
		top = math.Min(top, v.certain+v.whole().top)
	}
	last := 0.0
	for i := range 201 {
		x := top * float64(i) / 200
		p := l.read(x - v.certain)
		e.CDF = append(e.CDF, Point{Bad: x, P: math.Max(p, last)})
		last = math.Max(p, last)
	}
}

// percent reads one of the usual targets.
func percent(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(strings.TrimSuffix(text, "%"))
	if !ok {
		panic("forecast: bad usual target " + text)
	}
	return r.Quo(r, big.NewRat(100, 1))
}
