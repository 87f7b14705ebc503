package forecast

import (
	"math"
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// finish adds what a reader of the numbers must know.
func (j *job) finish(s *sum) {
	e := j.entry
	e.Warnings = append(e.Warnings, j.parts.warnings...)
	warn := func(code string, pos model.Pos, what message.Message) {
		e.Warnings = append(e.Warnings, Warning{Code: code, Message: what, Pos: pos})
	}
	if len(e.Sources) == 0 && !j.unsolved {
		e.Warnings = append(e.Warnings, scenario.SilentWarning(e.Service, e.Pos))
	}
	// Down for the share ρ of all time if outages were never at once; random
	// outages cover 1 − exp(−ρ).
	rho := 0.0
	for _, x := range e.Sources {
		if x.IncidentsPerYear > 0 {
			rho += x.PerYear / model.Year
		}
	}
	twice := 1 + math.Expm1(-rho)/rho
	if union, ok := j.exactly(s); ok && e.SumMean > 0 {
		twice = 1 - union*e.Window/e.SumMean
	}
	switch {
	case rho <= 0 || twice <= 0.01:
	case e.Corrected:
		if once := 1 - e.Mean/e.SumMean; once > 0.01 {
			warn("overlap", e.Pos, message.OverlapOnce(once))
		}
	default:
		warn("overlap", e.Pos, message.Overlap(twice))
	}
	if j.fitted {
		warn("window", e.Pos, message.WindowTooShort(e.WindowSay))
	}
	if e.Met != nil && e.Met.Error > 1e-6 {
		warn("precision", e.Pos, message.Precision(e.Objective.Target.Text, e.Met.Error, math.Abs(e.Met.Value-e.Confidence) <= e.Met.Error+e.Met.Model))
	}
	if e.Met != nil && e.Met.Short {
		warn("work", e.Pos, message.BoundOnWork(e.Objective.Target.Text))
	}
	for _, u := range s.uses {
		if u.Change == nil || u.Kind != RiskSource {
			continue
		}
		if top := u.Chance.Value(s.means); u.Chance.Sure() && top > 1 {
			warn("chance-over-100", u.Pos, message.ChanceOver100(u.Name, top))
		}
	}
	if h := e.History; h != nil {
		j.explained(h, warn)
	}
	e.Assumed = append(e.Assumed, j.assumed()...)
	var inputs []int
	add := func(p int) { inputs = append(inputs, p) }
	for _, u := range s.uses {
		for _, p := range u.all() {
			add(p)
		}
		if u.Change != nil {
			u.Change.Every.Visit(add)
		}
	}
	slices.Sort(inputs)
	for _, p := range slices.Compact(inputs) {
		e.Unsure = append(e.Unsure, s.params[p].Unsure)
	}
}

// exactly is the exact share of time that a random user is hit, where groups are a
// part of it: what is down at once is no accident in them.
func (j *job) exactly(s *sum) (float64, bool) {
	if !slices.ContainsFunc(s.told, func(u *use) bool { return u.hangs != nil }) {
		return 0, false
	}
	return j.union()
}

func (j *job) explained(h *Explained, warn func(string, model.Pos, message.Message)) {
	e := j.entry
	if h.Windows > 0 && e.Met != nil {
		h.ExpectedMissed = (1 - e.Met.Value) * float64(h.Windows)
	}
	if h.Share != nil && *h.Share > 1.5 {
		warn("history", j.service.History.Pos, message.HistoryOver(*h.Share))
	}
	if h.Share != nil && *h.Share < 0.5 && !h.Counted {
		warn("history", j.service.History.Pos, message.HistoryUnder(*h.Share))
	}
}

// assumed lists the defaults that the numbers rest on.
func (j *job) assumed() []message.Message {
	var out []message.Message
	e := j.entry
	_, _, over := scenario.Window(j.objective)
	_, confidence := scenario.Confidence(j.objective)
	switch o := j.objective; {
	case o == nil && j.opts.Over == nil:
		out = append(out, message.NoObjective())
	case o != nil && !over && j.opts.Over == nil:
		out = append(out, message.NoOver())
	}
	if j.objective != nil && !confidence && j.opts.Confidence == nil {
		out = append(out, message.NoConfidence())
	}
	out = append(out, j.parts.assumed...)
	if h := e.History; h != nil && h.Counted {
		how := message.RestEven()
		for _, x := range e.Sources {
			if x.Kind == UnlistedSource && x.IncidentsPerYear > 0 {
				how = message.RestIncidents()
			}
		}
		out = append(out, how)
	}
	return out
}

// unpriced warns of what is about money and work, which this forecast does not
// compute.
func unpriced(sc *scenario.Scenario) []Warning {
	var what []message.Message
	var pos model.Pos
	add := func(p model.Pos, priced message.Message) {
		if len(what) == 0 {
			pos = p
		}
		what = append(what, priced)
	}
	for _, s := range sc.Model.Services {
		if s.Worth != nil {
			add(s.Worth.Pos, message.PricedWorth())
			break
		}
	}
	for _, s := range sc.Model.Services {
		if s.Worth != nil && len(s.Worth.SLA) > 0 {
			add(s.Worth.SLA[0].Pos, message.PricedClauses())
			break
		}
	}
	for _, r := range sc.Model.Risks {
		if r.Loses != nil {
			add(r.Loses.Pos, message.PricedLosses())
			break
		}
	}
	for _, n := range sc.Model.Nets {
		c := n.Cost
		if len(c.BuildMoney)+len(c.BuildEffort)+len(c.RunMoney)+len(c.RunEffort) > 0 {
			add(n.Pos, message.PricedCosts())
			break
		}
	}
	slow := false
	for _, n := range sc.Model.Nets {
		for _, e := range n.Effects {
			slow = slow || scenario.Busies(e)
		}
	}
	for _, d := range sc.Model.Detections {
		slow = slow || d.FalseAlarms != nil
	}
	if slow {
		what = append(what, message.PricedLoad())
	}
	if len(what) == 0 {
		return nil
	}
	return []Warning{{Code: "not-priced", Pos: pos, Message: message.NotPriced(message.And(what...))}}
}
