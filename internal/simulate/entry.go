package simulate

import (
	"fmt"
	"math/big"
	"strings"

	"tightrope/internal/distribution"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// check returns a *scenario.OptionError for a service that there is not.
func check(m *model.Model, opts *Options) error {
	if opts.Years < 1 {
		return &scenario.OptionError{Option: "years", Message: fmt.Sprintf("%d years are to be simulated, expected at least 1", opts.Years)}
	}
	for _, name := range opts.Services {
		if m.Service(name) != nil {
			continue
		}
		var names []string
		for i, s := range m.Services {
			if i == 12 {
				names = append(names, "…")
				break
			}
			names = append(names, s.Name)
		}
		return &scenario.OptionError{Option: "service", Message: fmt.Sprintf("there is no service %q; the model has %s", name, strings.Join(names, ", "))}
	}
	return nil
}

// addEntries lists what is asked for, in the order of the files.
func (w *world) addEntries(opts *Options) {
	services, left := scenario.Asked(w.scenario.Model, opts.Services)
	w.left = left
	for _, s := range services {
		objectives := s.Objectives
		if len(objectives) == 0 {
			objectives = []*model.Objective{nil}
		}
		for _, o := range objectives {
			if opts.sampled && (len(w.entries) > 0 || opts.objective != "" && (o == nil || o.Name != opts.objective)) {
				continue
			}
			w.entries = append(w.entries, newEntry(s, o, opts))
		}
	}
}

func newEntry(s *model.Service, o *model.Objective, opts *Options) *entry {
	r := &Entry{
		Service: s.Name, Title: scenario.Title(s.Title, s.Name), Owner: s.Owner.In("en"), Pos: s.Pos, Outside: s.Outside,
	}
	var window *big.Rat
	if window, r.WindowSay, _ = scenario.Window(o); opts.Over != nil {
		window, r.WindowSay = opts.Over.Rat(), opts.Over.Text
	}
	r.Window, _ = window.Float64()
	e := &entry{model: s, objective: o, result: r}
	if o != nil {
		r.Pos = o.Pos
		confidence, _ := scenario.Confidence(o)
		// The budget is computed from the decimals as written.
		budget := new(big.Rat).Sub(scenario.RatOne, scenario.RatOr0(o.Target.Exact))
		e.budget, _ = budget.Mul(budget, window).Float64()
		r.Objective = &Objective{Name: o.Name, Target: o.Target.Float(), TargetText: o.Target.Text, Budget: e.budget}
		r.Objective.Confidence, _ = confidence.Float64()
	}
	// The contract is one, and pays for the lost time of one objective.
	if s.Worth != nil && !opts.sampled && o == scenario.WorthGoesBy(s) {
		for _, c := range s.Worth.SLA {
			e.clauses = append(e.clauses, newClause(c, s.Worth))
		}
	}
	return e
}

// newClause says when a clause is due and what is paid then.
func newClause(c *model.Clause, worth *model.Worth) clause {
	out := clause{Clause: c}
	over := periodOf(c)
	switch c.Kind {
	case model.ClauseDowntime:
		out.most = c.Length.Seconds()
	case model.ClauseAvailability:
		most := new(big.Rat).Sub(scenario.RatOne, scenario.RatOr0(c.Below.Exact))
		x, _ := most.Float64()
		out.most = x * over
	}
	switch {
	case c.Pay != nil:
		out.pay, out.known = amount(c.Pay), true
	case c.PayOfRevenue != nil && worth.Revenue != nil && worth.Revenue.Per > 0:
		out.pay, out.known = share(c.PayOfRevenue)*amount(worth.Revenue)/worth.Revenue.Per*over, true
	}
	return out
}

// periodOf is the period of a clause in seconds; for one about an outage in a
// row, that whose revenue counts.
func periodOf(c *model.Clause) float64 {
	p := scenario.Period(c)
	return p.Seconds()
}

// amount is the mean of what an amount may be.
func amount(a *model.Amount) float64 {
	if a.Kind == model.Exactly {
		x, _ := scenario.RatOr0(a.Exact).Float64()
		return x
	}
	return distribution.LogNormalBetween(a.Low, a.High).Mean()
}

// share is the mean of what a share may be.
func share(s *model.Share) float64 {
	if s.Kind == model.Exactly {
		x, _ := scenario.RatOr0(s.Exact).Float64()
		return x
	}
	return distribution.BetaBetween(s.Low, s.High).Mean()
}
