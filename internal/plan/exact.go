package plan

import (
	"context"
	"fmt"
	"math"
	"math/big"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
	"tightrope/internal/worth"
)

// goal is one objective that is to be kept.
type goal struct {
	service    *model.Service
	objective  *model.Objective
	target     forecast.Target
	window     *big.Rat
	budget     *big.Rat
	confidence float64
	question   int
}

// A stake is what one service may lose.
type stake struct {
	service  *model.Service
	value    worth.Value
	mean     int     // question: what users feel in the window of its promise, as worth.LossOf asks
	perYear  float64 // such windows
	longer   []int   // questions about outages in a row
	each     []float64
	periodic []periodic
	unknown  bool
}

// periodic is a clause about all lost time in a period.
type periodic struct {
	clause   *model.Clause
	question int
	pay      float64 // times periods in a year
}

// A problem is a model with what is asked of it.
type problem struct {
	*netRules
	opts     Options
	goals    []goal
	main     int // of them the one whose targets are told
	stakes   []*stake
	people   bool // their time has a price
	choice   *forecast.Choice
	ask      []forecast.Question
	known    map[forecast.NetSet]*Plan
	asked    map[forecast.NetSet]*promise
	leads    map[forecast.NetSet]*Plan    // as known, corrected: see led
	sure     map[forecast.NetSet]bool     // of leads what is guarded
	lead     map[forecast.NetSet]*promise // as asked, corrected
	pages    map[forecast.NetSet]float64
	searches *search // for the plan itself; nil: there was none
	unknown  []Unknown
	warnings []scenario.Warning
	assumed  []message.Message
	err      error
}

var (
	one = big.NewRat(1, 1)
)

func newProblem(m *model.Model, opts Options) (*problem, error) {
	p := &problem{opts: opts, known: map[forecast.NetSet]*Plan{}, asked: map[forecast.NetSet]*promise{},
		leads: map[forecast.NetSet]*Plan{}, sure: map[forecast.NetSet]bool{}, lead: map[forecast.NetSet]*promise{}, pages: map[forecast.NetSet]float64{}}
	var err error
	if p.netRules, p.warnings, err = newNetRules(m, opts); err != nil {
		return nil, err
	}
	for _, name := range opts.Services {
		if m.Service(name) == nil {
			return nil, &forecast.OptionError{Option: "service", Message: fmt.Sprintf("there is no service %q", name)}
		}
	}
	for _, s := range m.Services {
		if len(opts.Services) > 0 && !contains(opts.Services, s.Name) {
			continue
		}
		for _, o := range s.Objectives {
			if opts.only != nil && !opts.only(s.Name, o.Name) {
				continue
			}
			if opts.targets == nil {
				p.goals = append(p.goals, p.goal(s, o))
			}
			for i := range opts.targets {
				p.opts.Target = &opts.targets[i]
				p.goals = append(p.goals, p.goal(s, o))
			}
		}
		if v := worth.ValueOf(m, s); v.Known {
			p.stakes = append(p.stakes, p.stake(s, v))
		}
	}
	if len(p.goals) == 0 {
		return nil, &forecast.OptionError{Option: "service", Message: "no service has an objective; a plan needs one to meet"}
	}
	p.people = m.PersonDay != nil
	if (opts.Mode == Worth || opts.ForLoss) && len(p.stakes) == 0 {
		return nil, &forecast.OptionError{Option: "worth", Message: "what the services are worth is unknown; write worth: {revenue: AMOUNT/d} or clauses of an sla"}
	}
	// Where the time is up there is an answer all the same, of what stands: it is
	// prepared as long as somebody waits.
	var wanted context.Context
	if opts.ctx != nil {
		wanted = work.WhileWanted(opts.ctx)
	}
	if p.choice, err = forecast.NewChoice(wanted, m, p.are.Or(p.loose), p.ask, opts.Memory); err != nil {
		return nil, err
	}
	if opts.ctx != nil {
		p.choice.Until(opts.ctx)
	}
	if err := p.putAside(); err != nil {
		return nil, err
	}
	p.main = p.mainGoal()
	return p, nil
}

// putAside takes out the objectives of which nothing is known as things stand: what
// nobody said how it fails is neither kept nor missed.
func (p *problem) putAside() error {
	silent := p.choice.Silent(p.standing(p.unchanged()))
	var known []goal
	for _, g := range p.goals {
		if !silent[g.question] {
			known = append(known, g)
			continue
		}
		if len(p.unknown) == 0 || p.unknown[len(p.unknown)-1].Service != g.service.Name {
			p.warnings = append(p.warnings, scenario.SilentWarning(g.service.Name, g.service.Pos))
		}
		u := Unknown{Service: g.service.Name, Objective: g.objective.Name, Target: g.target, Confidence: g.confidence}
		u.Window, _ = g.window.Float64()
		p.unknown = append(p.unknown, u)
	}
	if len(known) == 0 {
		return scenario.SilentError(p.goals[0].service.Name, p.goals[0].service.Pos)
	}
	p.goals = known
	return nil
}

// told is what a reader of the plan must know.
func (p *problem) told() []scenario.Warning {
	return append(p.warnings[:len(p.warnings):len(p.warnings)], scenario.Counted(p.m, p.promising())...)
}

// promising are the services whose objectives the plan is to keep, or whose loss
// it weighs.
func (p *problem) promising() []string {
	out := []string{}
	for _, g := range p.goals {
		out = append(out, g.service.Name)
	}
	if p.opts.Mode == Worth || p.opts.ForLoss {
		for _, s := range p.stakes {
			out = append(out, s.service.Name)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func (p *problem) question(q forecast.Question) int {
	p.ask = append(p.ask, q)
	return len(p.ask) - 1
}

func (p *problem) goal(s *model.Service, o *model.Objective) goal {
	g := goal{service: s, objective: o}
	g.window, _, _ = scenario.Window(o)
	g.target = forecast.Target{Exact: scenario.RatOr0(o.Target.Exact), Text: o.Target.Text}
	if t := p.opts.Target; t != nil {
		g.target = *t
	}
	if p.opts.Over != nil {
		g.window = p.opts.Over.Rat()
	}
	c, _ := scenario.Confidence(o)
	if p.opts.Confidence != nil {
		c = p.opts.Confidence
	}
	g.confidence, _ = c.Float64()
	g.aim(g.target)
	g.question = p.question(forecast.Question{Service: s.Name, Objective: o.Name, Window: g.window, Budget: g.budget})
	return g
}

// aim sets the budget of a target.
func (g *goal) aim(t forecast.Target) {
	g.target = t
	b := new(big.Rat).Sub(one, t.Exact)
	g.budget = b.Mul(b, g.window)
}

// stake prepares what a service may lose: see worth.Loss.
func (p *problem) stake(s *model.Service, v worth.Value) *stake {
	x := &stake{service: s, value: v}
	followed := scenario.WorthGoesBy(s)
	objective := scenario.ObjectiveName(followed)
	window, _, _ := scenario.Window(followed)
	x.mean = p.question(forecast.Question{Service: s.Name, Objective: objective, Felt: true, Window: window})
	seconds, _ := window.Float64()
	x.perYear = model.Year / seconds
	for _, c := range v.Clauses {
		pay, known := worth.ClausePay(v, c)
		if !known {
			x.unknown = true
		}
		if c.Kind == model.ClauseOutage {
			if known {
				x.longer = append(x.longer, p.question(forecast.Question{
					Service: s.Name, Objective: objective, Window: big.NewRat(model.Year, 1), Longer: c.Length.Rat(),
				}))
				x.each = append(x.each, pay)
			}
			continue
		}
		if !known {
			continue
		}
		period, budget := worth.Asks(c)
		x.periodic = append(x.periodic, periodic{
			clause:   c,
			question: p.question(forecast.Question{Service: s.Name, Objective: objective, Window: period, Budget: budget}),
			pay:      pay * model.Year / worth.Period(c),
		})
	}
	return x
}

// split tells nets that are added from nets that are taken away.
func (p *problem) split(standing forecast.NetSet) (with, without []string) {
	for i, n := range p.m.Nets {
		switch {
		case standing.Has(i) && n.Status != model.InPlace:
			with = append(with, n.Name)
		case !standing.Has(i) && n.Status == model.InPlace:
			without = append(without, n.Name)
		}
	}
	return with, without
}

// A promise is an exact answer that is being computed.
type promise struct {
	wait func() ([]forecast.Exact, error)
}

// known is the answer, nothing where it has an error.
func (x *promise) known() []forecast.Exact {
	answers, _ := x.wait()
	return answers
}

// ahead begins to compute what will be asked for, while other things are done.
func (p *problem) ahead(sets ...forecast.NetSet) {
	for _, in := range sets {
		p.promise(p.asked, in, p.nearly)
	}
}

// nearly are the answers by the sum, as well as a search needs them: whether an
// objective is kept is known, or all of it as well as a forecast knows it.
func (p *problem) nearly(standing forecast.NetSet) ([]forecast.Exact, error) {
	answers, err := p.choice.Nearly(standing)
	if err != nil {
		return nil, err
	}
	for _, g := range p.goals {
		if a := answers[g.question]; math.Abs(a.Met-g.confidence) <= 4*a.Error || p.opts.Mode != Cheapest && a.Error > sharp {
			return p.choice.Exact(standing)
		}
	}
	return answers, nil
}

// promise begins to compute an answer, unless that has begun.
func (p *problem) promise(of map[forecast.NetSet]*promise, in forecast.NetSet, answer func(forecast.NetSet) ([]forecast.Exact, error)) {
	if of[in] != nil {
		return
	}
	standing := p.standing(in)
	of[in] = &promise{work.Later(func() ([]forecast.Exact, error) { return answer(standing) })}
}

// plan answers everything about one set of nets, as the forecast does by the sum:
// what a search goes by. What is stated is led.
func (p *problem) plan(in forecast.NetSet) (*Plan, error) {
	if x := p.known[in]; x != nil {
		return x, nil
	}
	p.ahead(in)
	answers, err := p.asked[in].wait()
	if err != nil {
		return nil, err
	}
	x, err := p.made(in, answers)
	if err == nil {
		p.known[in] = x
	}
	return x, err
}

// made is a plan of these answers.
func (p *problem) made(in forecast.NetSet, answers []forecast.Exact) (*Plan, error) {
	x := &Plan{Nets: p.names(in), set: in, standing: p.standing(in)}
	x.AnnualCost, x.Effort = p.costOf(in)
	for i, n := range p.m.Nets {
		if n.Status == model.InPlace && !x.standing.Has(i) {
			x.Removed = append(x.Removed, n.Name)
			x.SavedPerYear += p.saved[i]
		}
	}
	x.Met = math.Inf(1)
	for _, a := range answers {
		x.Corrected = x.Corrected || a.Corrected
		x.Contradicts = x.Contradicts || a.Contradicts
	}
	for _, g := range p.goals {
		a := answers[g.question]
		k := Kept{
			Service: g.service.Name, Objective: g.objective.Name, Target: g.target, Confidence: g.confidence,
			Met: a.Met, Error: a.Error, Model: a.Model, Corrected: a.Corrected, Contradicts: a.Contradicts,
			BadMean: a.Mean, OK: a.Met >= g.confidence-1e-12 && !a.Contradicts,
		}
		k.Window, _ = g.window.Float64()
		k.Budget, _ = g.budget.Float64()
		x.Objectives = append(x.Objectives, k)
		if a.Met < x.Met {
			x.Met, x.MetError, x.MetModel, x.BadMean = a.Met, a.Error, a.Model, a.Mean
		}
	}
	return x, p.lose(x, answers)
}

// lose fills in the expected loss.
func (p *problem) lose(x *Plan, answers []forecast.Exact) error {
	if len(p.stakes) == 0 {
		return nil
	}
	with, without := p.split(x.standing)
	var list []*worth.Loss
	for _, s := range p.stakes {
		e := &forecast.Entry{Service: s.service.Name, Window: model.Year}
		e.Felt.Mean = answers[s.mean].Mean * s.perYear
		name := p.ask[s.mean].Objective
		e.Objective = &forecast.Objective{Name: name}
		if len(s.longer) > 0 {
			var err error
			if e.Sources, err = p.choice.Together(s.longer[0], x.standing); err != nil {
				return err
			}
		}
		below := map[*model.Clause]forecast.Probability{}
		for _, c := range s.periodic {
			below[c.clause] = forecast.Probability{Value: answers[c.question].Met, Error: answers[c.question].Error}
		}
		l, err := worth.LossKnowing(p.m, s.service, forecast.Options{With: with, Without: without, Memory: p.choice.Memory()}, &forecast.Result{Entries: []*forecast.Entry{e}}, below)
		if err != nil {
			return err
		}
		list = append(list, l)
	}
	var load *worth.Load
	if p.people {
		sc, cat, err := p.choice.Scenario(x.standing)
		if err != nil {
			return err
		}
		of := worth.LoadOf(sc, cat)
		load = &of
	}
	loss := worth.Expected(list, load)
	if loss.Total == nil {
		return nil
	}
	all := *loss.Total + x.AnnualCost
	x.Loss, x.LossError, x.Total, x.Losses = loss.Total, loss.Error, &all, list
	if load != nil && load.PeopleCostPerYear != nil {
		x.People = *load.PeopleCostPerYear
	}
	return nil
}

// pagesOf is how often in a week the most loaded person is called.
func (p *problem) pagesOf(in forecast.NetSet) (float64, error) {
	if x, ok := p.pages[in]; ok {
		return x, nil
	}
	sc, cat, err := p.choice.Scenario(p.standing(in))
	if err != nil {
		return 0, err
	}
	most := 0.0
	for _, r := range worth.LoadOf(sc, cat).Responders {
		switch {
		case r.PagesPerPersonWeek != nil:
			most = math.Max(most, *r.PagesPerPersonWeek)
		case r.People == nil:
			// Nobody says how many share them: one person.
			most = math.Max(most, r.PagesPerWeek)
		case r.PagesPerWeek > 0:
			most = math.Inf(1)
		}
	}
	p.pages[in] = most
	return most, nil
}

// bearable reports whether nobody is called too often.
func (p *problem) bearable(in forecast.NetSet) bool {
	if p.opts.MaxPages == nil {
		return true
	}
	x, err := p.pagesOf(in)
	return err == nil && x <= *p.opts.MaxPages*(1+1e-9)
}

// today is the plan with no net bought: under review all nets that stand are
// kept.
func (p *problem) today() (*Plan, error) { return p.guarded(p.unchanged()) }

// unchanged is the set of nets with which nothing is bought or taken away.
func (p *problem) unchanged() forecast.NetSet {
	var in forecast.NetSet
	for _, i := range p.vars {
		if p.m.Nets[i].Status == model.InPlace {
			in = in.With(i)
		}
	}
	return in
}
