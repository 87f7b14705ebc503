package plan

import (
	"context"
	"math/big"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/work"
	"tightrope/internal/worth"
)

// Beside is what is said beside a plan: whom it wakes, and what is in the way of
// promises that cannot be kept.
type Beside struct {
	// Today and Then are the load on people with the nets that stand today and
	// with the plan; nil: not told.
	Today, Then *worth.Load
	// Now is the forecast as things stand, and Short that with the nets that come
	// closest, where no plan keeps every objective: they say what is in the way.
	Now, Short []*forecast.Entry
}

// BesideOf computes what is said beside a result, which was asked for with these
// options. Errors are those of forecast.Run.
func BesideOf(ctx context.Context, m *model.Model, opts Options, r *Result) (_ Beside, err error) {
	defer work.Recover(&err)
	var out Beside
	x := r.Best
	if x == nil {
		x = r.Reachable
	}
	// What is asked of people today does not hang on a plan.
	if r.Today != nil {
		if out.Today, err = r.Today.load(m); err != nil {
			return out, err
		}
	}
	if x == nil {
		return out, nil
	}
	if out.Then, err = x.load(m); err != nil {
		return out, err
	}
	if r.Best != nil {
		return out, nil
	}
	asked := forecast.Options{Services: opts.Services, Over: opts.Over, Confidence: opts.Confidence, Context: ctx, Memory: opts.Memory}
	if opts.Target != nil {
		asked.Targets = []forecast.Target{*opts.Target}
	}
	if out.Now, err = promised(m, asked, opts.Target); err != nil {
		return out, err
	}
	for _, name := range x.Nets {
		if m.Net(name).Status != model.InPlace {
			asked.With = append(asked.With, name)
		}
	}
	asked.Without = x.Removed
	out.Short, err = promised(m, asked, opts.Target)
	return out, err
}

// load is what a plan asks of people.
func (x *Plan) load(m *model.Model) (*worth.Load, error) {
	sc, cat, err := forecast.Scenario(m, x.standing)
	if err != nil {
		return nil, err
	}
	l := worth.LoadOf(sc, cat)
	return &l, nil
}

// promised forecasts the objectives, held against another target where one was
// asked for.
func promised(m *model.Model, asked forecast.Options, t *forecast.Target) ([]*forecast.Entry, error) {
	r, err := forecast.Run(m, asked)
	if err != nil {
		return nil, err
	}
	var out []*forecast.Entry
	for _, e := range r.Entries {
		if e.Objective != nil {
			out = append(out, against(e, t))
		}
	}
	return out, nil
}

// against is a forecast held against another target.
func against(e *forecast.Entry, t *forecast.Target) *forecast.Entry {
	if t == nil {
		return e
	}
	to, objective := *e, *e.Objective
	objective.Target = *t
	for i := range e.Compare {
		if c := &e.Compare[i]; c.Target.Exact.Cmp(t.Exact) == 0 {
			objective.Budget = new(big.Rat).SetFloat64(c.Budget)
			to.Met = &c.Met
		}
	}
	to.Objective = &objective
	return &to
}
