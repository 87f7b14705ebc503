package plan

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"tightrope/internal/forecast"
	"tightrope/internal/work"
)

// A Nine is what one of the usual targets costs.
type Nine struct {
	Target   forecast.Target
	Own      bool // it is the objective's own
	Feasible bool
	Optimal  bool
	Moved    bool // see Result
	Gap      float64
	Plan     *Plan // the cheapest that keeps it with the objective's confidence
	// Least is the set with the least total of annual cost and expected loss that
	// keeps it, within the limits; nil: not known.
	Least        *Plan
	LeastOptimal bool
	Chance       float64
	Visible      bool
}

// nines fills in what each of the usual targets costs, of the main objective
// alone, in its window and with its confidence.
func (p *problem) nines(ctx context.Context, r *Result) error {
	main := p.goals[p.main]
	var targets []forecast.Target
	own := false
	for _, t := range forecast.UsualTargets() {
		c := t.Exact.Cmp(main.target.Exact)
		if c > 0 && !own {
			targets = append(targets, main.target)
		}
		own = own || c >= 0
		if f := t.Float(); f >= 0.99 || math.Abs(math.Log10(1-f)-math.Log10(1-main.target.Float())) < 1.01 {
			targets = append(targets, t)
		}
	}
	if !own {
		targets = append(targets, main.target)
	}
	for _, t := range targets {
		r.Nines = append(r.Nines, Nine{Target: t, Own: t.Exact.Cmp(main.target.Exact) == 0, Visible: p.opts.Visible == nil || p.opts.Visible(t)})
	}
	// Several at once. Above a target that is impossible none is looked at, or
	// counts.
	var impossible atomic.Int64
	impossible.Store(int64(len(targets)))
	var next atomic.Int64
	var group work.Group
	errs := make([]error, len(targets))
	for range min(len(targets), runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < impossible.Load(); i = next.Add(1) - 1 {
				n := &r.Nines[i]
				if n.Own && r.Best != nil && p.opts.Mode == Cheapest && len(p.goals) == 1 && p.opts.Money == nil && p.opts.Effort == nil {
					// That is the plan itself.
					n.Plan, n.Chance, n.Feasible, n.Optimal, n.Gap, n.Moved = r.Best, r.Best.Met, true, r.Optimal, r.Gap, r.Moved
					continue
				}
				var proven bool
				if proven, errs[i] = p.nine(ctx, main, r, n); proven {
					for {
						now := impossible.Load()
						if i >= now || impossible.CompareAndSwap(now, i) {
							break
						}
					}
				}
			}
		})
	}
	group.Wait()
	for i := range r.Nines {
		if int64(i) <= impossible.Load() {
			if errs[i] != nil {
				return errs[i]
			}
			continue
		}
		n := &r.Nines[i]
		*n = Nine{Target: n.Target, Own: n.Own, Visible: n.Visible}
	}
	return p.recommended(ctx, r)
}

// nine fills in what one target costs; it returns whether it is proven to be
// impossible.
func (p *problem) nine(ctx context.Context, main goal, r *Result, n *Nine) (impossible bool, err error) {
	if ctx.Err() != nil {
		n.Gap = math.Inf(1)
		return false, nil
	}
	q, err := p.aimed(main, n.Target)
	if err != nil {
		return false, err
	}
	if x, err := q.nothing(); x != nil || err != nil {
		if err == nil {
			n.Plan, n.Chance, n.Feasible, n.Optimal = x, x.Met, true, true
		}
		return false, err
	}
	s := q.searched(ctx, Cheapest, false, n.Target.Text, 1)
	if s != nil {
		best, _ := s.best()
		n.Optimal = best != nil && s.left == nil
		n.Gap = s.gap(best)
		// Where corrections matter and the sum knows nothing, perhaps there is
		// something beside the plan.
		var from *Plan
		if best == nil && r.Corrected {
			if from = r.Best; from == nil {
				from = r.Reachable
			}
		}
		f, err := s.nearby(ctx, best, nil, from)
		if err != nil {
			return false, err
		}
		n.Plan, n.Moved = f.best, f.moved && f.best != nil
		n.Optimal = n.Optimal && !f.moved
	} else if ctx.Err() != nil {
		n.Gap = math.Inf(1)
	}
	if n.Feasible = n.Plan != nil; n.Feasible {
		n.Chance = n.Plan.Met
	}
	return !n.Feasible && s != nil && s.left == nil && n.Gap == 0, q.err
}

// nothing returns the plan that buys nothing, where that keeps every objective and
// all else costs something.
func (p *problem) nothing() (*Plan, error) {
	in := p.unchanged()
	if !in.Empty() || !p.allowed(in) || slices.ContainsFunc(p.vars, func(i int) bool { return !(p.cost[i] > 0) }) || !p.bearable(in) {
		return nil, nil
	}
	x, err := p.led(in)
	if err != nil || !x.kept() {
		return nil, err
	}
	return x, nil
}

// aimed is the problem with another target of one objective alone.
func (p *problem) aimed(g goal, t forecast.Target) (*problem, error) {
	opts := p.opts
	opts.Mode, opts.ForLoss, opts.Target = Cheapest, false, &t
	opts.Money, opts.Effort = nil, nil
	opts.only = func(service, objective string) bool {
		return service == g.service.Name && objective == g.objective.Name
	}
	return newProblem(p.m, opts)
}
