package plan

import (
	"cmp"
	"context"
	"math"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// A Recommendation is what is worth building and promising: the set of nets with
// the least total of annual cost and expected loss within the limits, whatever the
// objectives, and the highest usual target that this set keeps.
type Recommendation struct {
	Plan    *Plan
	Optimal bool    // no other set within the limits has a smaller total
	Gap     float64 // by how much a total may be smaller where that is not proven
	Moved   bool    // see Result
	// Roadmap is the order in which its nets are best built; nil: it was not asked
	// for, or the time was up.
	Roadmap []Step

	// Of the main objective, with its confidence and in its window: Target is the
	// highest usual target that the set keeps and that users would notice, and Kept
	// the highest one whether they notice it or not. nil: none.
	Target, Kept *forecast.Target
	// Achievable is what is kept with the confidence, where no usual target is; nil
	// elsewhere.
	Achievable *float64

	// Keeps reports whether the set keeps every objective as written. Where it does
	// not, Beyond is the set with the least total of those that do, and More by how
	// much its total is above that of Plan. nil: none is known.
	Keeps         bool
	Beyond        *Plan
	BeyondOptimal bool
	More          float64
}

// unpriced lists the keys of the model that are missing for a recommendation by
// money: what outages lose is not known without them. Where the worth of some
// services with an objective is told, untold are the others: what their outages
// lose by themselves is not counted.
func (p *problem) unpriced() (keys, untold []string) {
	seen := map[*model.Service]bool{}
	told := false
	var none []string
	for _, g := range p.goals {
		s := g.service
		if seen[s] {
			continue
		}
		seen[s] = true
		v := worth.ValueOf(p.m, s)
		at := "services/" + s.Name + "/worth"
		switch {
		case !v.Known:
			none, untold = append(none, at), append(untold, s.Name)
		case v.PerBadSecond == nil:
			keys = append(keys, at+"/revenue")
		default:
			told = true
		}
	}
	if !told && keys == nil {
		return none, nil
	}
	return keys, untold
}

// recommendFirst searches for the set that is worth building, in a part of the
// time. Where the plan itself is asked for the least total, that is its answer.
func (p *problem) recommendFirst(ctx context.Context, r *Result) error {
	keys, untold := p.unpriced()
	if keys != nil {
		r.Missing = keys
		r.NotRecommended = message.LossUnknown(keys)
		return nil
	}
	if untold != nil {
		p.assumed = append(p.assumed, message.LossUntold(untold))
	}
	r.Recommendation = &Recommendation{}
	if p.opts.Mode == Worth {
		return nil
	}
	q, err := p.totals(nil)
	if err != nil {
		return err
	}
	mine, done := p.some(ctx, 0.4)
	defer done()
	x := r.Recommendation
	x.Plan, x.Optimal, x.Gap, x.Moved, err = q.leastTotal(mine, false)
	return err
}

// recommended fills in what comes with the set that is worth building: what to
// promise with it, and for each target the least total with which it is kept.
func (p *problem) recommended(ctx context.Context, r *Result) error {
	x := r.Recommendation
	if x == nil {
		return nil
	}
	if p.opts.Mode == Worth {
		x.Plan, x.Optimal, x.Gap, x.Moved = r.Best, r.Optimal, r.Gap, r.Moved
	}
	if x.Plan == nil && p.opts.Mode != Worth && ctx.Err() == nil {
		// Its part of the time was too short to begin.
		q, err := p.totals(nil)
		if err != nil {
			return err
		}
		if x.Plan, x.Optimal, x.Gap, x.Moved, err = q.leastTotal(ctx, false); err != nil {
			return err
		}
	}
	if x.Plan == nil && ctx.Err() != nil {
		// The time was up before the search began: the best of what is known.
		x.Plan, x.Gap = leastKnown(r.Today, r.Best, r.RunnerUp, r.Reachable), math.Inf(1)
	}
	if x.Plan == nil {
		r.Recommendation, r.NotRecommended = nil, message.NoSetAllowed()
		return nil
	}
	if x.Keeps = x.Plan.kept(); !x.Keeps && ctx.Err() == nil && !p.impossible(ctx, r) {
		q, err := p.totals(nil)
		if err != nil {
			return err
		}
		if x.Beyond, x.BeyondOptimal, _, _, err = q.leastTotal(ctx, true); err != nil {
			return err
		}
		if x.Beyond != nil && x.Beyond.Total != nil && x.Plan.Total != nil {
			x.More = math.Max(0, *x.Beyond.Total-*x.Plan.Total)
		}
	}
	if err := p.promised(r, x); err != nil {
		return err
	}
	return p.totalsOfNines(ctx, r, x)
}

// impossible reports whether it is proven that no set within the limits keeps every
// objective: the search for the cheapest that does knows that soon, one for the least
// total does not.
func (p *problem) impossible(ctx context.Context, r *Result) bool {
	if p.opts.Mode == Cheapest {
		return r.Best == nil && r.Gap == 0
	}
	opts := p.opts
	opts.Mode, opts.ForLoss = Cheapest, false
	q, err := newProblem(p.m, opts)
	if err != nil {
		return false
	}
	s := q.searched(ctx, Cheapest, false, "impossible", 1)
	if s == nil || s.left != nil {
		return false
	}
	best, _ := s.best()
	return best == nil && s.gap(best) == 0
}

// leastKnown is the plan with the least total of some, of which any may be nil.
func leastKnown(list ...*Plan) (best *Plan) {
	for _, x := range list {
		if x != nil && x.Total != nil && (best == nil || byMoney(*x.Total, *best.Total) < 0) {
			best = x
		}
	}
	return best
}

// promised fills in which targets the recommended set keeps.
func (p *problem) promised(r *Result, x *Recommendation) error {
	targets := forecast.UsualTargets()
	at, err := p.against(targets, x.Plan.set)
	if err != nil {
		return err
	}
	for i := range targets {
		if t := &targets[i]; at.Objectives[i].OK {
			x.Kept = t
			if p.opts.Visible == nil || p.opts.Visible(*t) {
				x.Target = t
			}
		}
	}
	if x.Kept == nil {
		with, without := p.split(x.Plan.standing)
		main := p.goals[p.main]
		f, err := forecast.Run(p.m, forecast.Options{
			Services: []string{main.service.Name}, With: with, Without: without, Over: p.opts.Over, Confidence: p.opts.Confidence, Memory: p.opts.Memory, Plain: true,
		})
		if err != nil {
			return err
		}
		for _, e := range f.Entries {
			if e.Service == main.service.Name && e.Objective != nil && e.Objective.Name == main.objective.Name {
				x.Achievable = &e.Achievable
			}
		}
	}
	for i := range r.Nines {
		if n := &r.Nines[i]; x.Target != nil && n.Target.Exact.Cmp(x.Target.Exact) == 0 {
			r.Recommended = n
		}
	}
	return nil
}

// mainGoal is the objective whose targets are told: of the service that earns most,
// and there the one that its worth goes by. Where none earns anything it is the first
// by name, so that the order of the files does not matter.
func (p *problem) mainGoal() int {
	earns := func(g goal) float64 {
		if v := worth.ValueOf(p.m, g.service); v.RevenuePerYear != nil {
			return *v.RevenuePerYear
		}
		return -1
	}
	best := 0
	for i, g := range p.goals {
		b := p.goals[best]
		more := cmp.Or(-cmp.Compare(earns(g), earns(b)), cmp.Compare(g.service.Name, b.service.Name))
		if more < 0 || more == 0 && g.objective == scenario.WorthGoesBy(g.service) {
			best = i
		}
	}
	return best
}

// settleTotals has one set of nets state one loss, whichever target it was found
// for: that of the plan's own objectives. Chances of clauses that were computed
// beside another target differ from it within their error.
func (p *problem) settleTotals(ctx context.Context, r *Result) error {
	settle := func(x *Plan) (*Plan, error) {
		if x == nil || x.Total == nil {
			return x, nil
		}
		if !p.sure[x.set] && ctx.Err() != nil {
			return x, nil
		}
		own, err := p.guarded(x.set)
		if err != nil || own == x {
			return x, err
		}
		y := *x
		y.Loss, y.Total, y.LossError = own.Loss, own.Total, own.LossError
		return &y, nil
	}
	var err error
	for i := range r.Nines {
		n := &r.Nines[i]
		if n.Plan, err = settle(n.Plan); err != nil {
			return err
		}
		if n.Least, err = settle(n.Least); err != nil {
			return err
		}
	}
	return nil
}

// totals is the problem of the least total, as --worth asks it, of the objective
// with some other targets; nil: of all objectives as they are.
func (p *problem) totals(targets []forecast.Target) (*problem, error) {
	opts := p.opts
	opts.Mode, opts.ForLoss = Worth, false
	if targets != nil {
		main := p.goals[p.main]
		opts.targets = targets
		opts.only = func(service, objective string) bool {
			return service == main.service.Name && objective == main.objective.Name
		}
	}
	return newProblem(p.m, opts)
}

// leastTotal finds the set of nets with the least total within the limits; with
// keeps of those that keep every objective.
func (p *problem) leastTotal(ctx context.Context, keeps bool) (x *Plan, optimal bool, gap float64, moved bool, err error) {
	s := p.searchedFor(ctx, Worth, true, "least total", 1, keeps)
	if s == nil {
		return nil, false, math.Inf(1), false, p.err
	}
	best, _ := s.best()
	gap = s.gap(best)
	f, err := s.nearby(ctx, best, nil, nil)
	if err != nil {
		return nil, false, gap, false, err
	}
	return f.best, f.best != nil && s.left == nil && !f.moved, gap, f.moved && f.best != nil, p.err
}

// against is what a set of nets makes of the main objective at some targets: its
// Objectives are in their order.
func (p *problem) against(targets []forecast.Target, in forecast.NetSet) (*Plan, error) {
	q, err := p.totals(targets)
	if err != nil {
		return nil, err
	}
	return q.guarded(in)
}

// totalsOfNines fills in for each target that is possible the set with the least
// total that keeps it: the recommended one where that does, else that of a lower
// target where that does, else what a search finds.
func (p *problem) totalsOfNines(ctx context.Context, r *Result, x *Recommendation) error {
	var targets []forecast.Target
	for _, n := range r.Nines {
		targets = append(targets, n.Target)
	}
	if len(targets) == 0 {
		return nil
	}
	last, optimal := x.Plan, x.Optimal
	at, err := p.against(targets, last.set)
	if err != nil {
		return err
	}
	for i := range r.Nines {
		n := &r.Nines[i]
		if !n.Feasible || ctx.Err() != nil {
			continue
		}
		if !at.Objectives[i].OK {
			q, err := p.totals(targets[i : i+1])
			if err != nil {
				return err
			}
			found, proven, _, _, err := q.leastTotal(ctx, true)
			if err != nil {
				return err
			}
			if found == nil {
				continue
			}
			last, optimal = found, proven
			if at, err = p.against(targets, last.set); err != nil {
				return err
			}
		}
		n.Least, n.LeastOptimal = last, optimal
	}
	return nil
}
