package explain

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
	"tightrope/internal/worth"
)

// net explains a net by two forecasts: without it, and with it.
func (x *explainer) net(n *model.Net) (*Net, error) {
	out := &Net{
		Name: n.Name, Title: scenario.Title(n.Title, n.Name), Owner: n.Owner.In("en"), Pos: n.Pos, Kind: n.Kind,
		Status: n.Status, Ready: n.Ready, Angle: angleOf(n), Cost: worth.CostOf(x.model, n), Rejects: n.Status == model.Rejected,
	}
	if n.LeadTime != nil {
		t := n.LeadTime.Seconds()
		out.LeadTime = &t
	}
	out.Requires, out.Excludes, out.Replaces = x.others(n.Requires), x.others(n.Excludes), x.others(n.Replaces)
	for _, o := range x.model.Nets {
		if o == n {
			continue
		}
		if slices.ContainsFunc(o.Requires, func(r model.Ref) bool { return r.Name == n.Name }) {
			out.RequiredBy = append(out.RequiredBy, o.Name)
		}
		if n.Angle != "" && o.Angle == n.Angle {
			out.SameAngle = append(out.SameAngle, o.Name)
		}
	}

	before, after := x.opts, x.opts
	if x.scenario.Standing[n.Name] {
		gone := x.withoutIt(n.Name)
		out.Gone = gone[1:]
		// What is asked for as standing is left out rather than taken away.
		before.With = nil
		for _, name := range x.opts.With {
			if !slices.Contains(gone, name) {
				before.With = append(before.With, name)
			}
		}
		before.Without = append(slices.Clone(x.opts.Without), gone...)
	} else {
		after.With = append(slices.Clone(x.opts.With), n.Name)
		after.Without = slices.DeleteFunc(slices.Clone(x.opts.Without), func(name string) bool { return name == n.Name })
	}
	var a, b *side
	var errA, errB error
	work.Together(func() { a, errA = x.side(before) }, func() { b, errB = x.side(after) })
	if err := cmp.Or(errA, errB); err != nil {
		work.Pass(err)
		out.Impossible = err.Error()
		return out, nil
	}
	if !x.scenario.Standing[n.Name] {
		for _, o := range x.model.Nets {
			is, will := a.scenario.Standing[o.Name], b.scenario.Standing[o.Name]
			switch {
			case o == n:
			case will && !is:
				out.With = append(out.With, o.Name)
			case is && !will:
				out.Gone = append(out.Gone, o.Name)
			}
		}
	}
	out.Objectives = objectives(a.forecast, b.forecast)
	out.Risks = risks(a.forecast, b.forecast)
	out.Load = Change{a.load.PagesPerWeek, b.load.PagesPerWeek}
	out.Manual = Change{a.load.ManualHoursPerYear, b.load.ManualHoursPerYear}
	out.Process = Change{a.load.ProcessHoursPerYear, b.load.ProcessHoursPerYear}
	if x.opts.Money {
		return out, x.money(out, a, b)
	}
	return out, nil
}

func (x *explainer) others(refs []model.Ref) []Other {
	var out []Other
	for _, r := range refs {
		o := x.model.Net(r.Name)
		out = append(out, Other{Name: o.Name, Title: scenario.Title(o.Title, o.Name), Status: o.Status, Stands: x.scenario.Standing[o.Name]})
	}
	return out
}

// withoutIt lists a net and the standing ones that require it, directly or not.
func (x *explainer) withoutIt(name string) []string {
	gone := []string{name}
	for i := 0; i < len(gone); i++ {
		for _, o := range x.model.Nets {
			if x.scenario.Standing[o.Name] && !slices.Contains(gone, o.Name) &&
				slices.ContainsFunc(o.Requires, func(r model.Ref) bool { return r.Name == gone[i] }) {
				gone = append(gone, o.Name)
			}
		}
	}
	return gone
}

// A side of a comparison.
type side struct {
	opts     Options
	scenario *scenario.Scenario
	forecast *forecast.Result
	load     worth.Load
}

func (x *explainer) side(opts Options) (*side, error) {
	y, err := newExplainer(x.model, opts)
	if err != nil {
		return nil, err
	}
	var also []string
	for _, s := range x.model.Services {
		if opts.Money && s.Worth != nil {
			also = append(also, s.Name)
		}
	}
	f, err := forecast.Run(x.model, forecast.Options{Services: x.promised(also...), With: opts.With, Without: opts.Without, Context: opts.Context, Memory: opts.Memory, Effort: opts.Effort, Plain: true, Banded: true})
	if err != nil {
		return nil, err
	}
	return &side{opts, y.scenario, f, worth.LoadOf(y.scenario, y.catalogue)}, nil
}

// money adds what services lose.
func (x *explainer) money(out *Net, a, b *side) error {
	var sums [2]worth.Expectation
	for i, s := range []*side{a, b} {
		var list []*worth.Loss
		for _, svc := range x.model.Services {
			if svc.Worth == nil {
				continue
			}
			l, err := worth.LossFrom(x.model, svc, forecast.Options{With: s.opts.With, Without: s.opts.Without, Context: s.opts.Context, Memory: s.opts.Memory, Effort: s.opts.Effort}, s.forecast)
			if err != nil {
				return err
			}
			list = append(list, l)
		}
		sums[i] = worth.Expected(list, &s.load)
		out.LossOpen = sums[i].Unknown
	}
	if sums[0].Total != nil && sums[1].Total != nil {
		out.Loss, out.LossError = &Change{*sums[0].Total, *sums[1].Total}, Change{sums[0].Error, sums[1].Error}
	}
	return nil
}

// objectives compares two forecasts of the same entries.
func objectives(a, b *forecast.Result) []ObjectiveChange {
	var out []ObjectiveChange
	for i, e := range a.Entries {
		f := b.Entries[i]
		if e.Objective == nil {
			continue
		}
		out = append(out, ObjectiveChange{
			Service: e.Service, Objective: e.Objective.Name, Target: e.Objective.Target, Window: e.Window, WindowSay: e.WindowSay,
			Met:        Change{e.Met.Value, f.Met.Value},
			BandBefore: [2]float64{e.Met.Low, e.Met.High}, BandAfter: [2]float64{f.Met.Low, f.Met.High},
			BadPerYear: Change{e.PerYear, f.PerYear},
			Achievable: Change{e.Achievable, f.Achievable},
			Verdict:    [2]forecast.Verdict{e.Verdict, f.Verdict},
		})
	}
	return out
}

// risks lists the sources that differ between two forecasts.
func risks(a, b *forecast.Result) []RiskChange {
	type key struct {
		kind          forecast.SourceKind
		name, service string
	}
	var order []key
	best := map[key]RiskChange{}
	for i, e := range a.Entries {
		f := b.Entries[i]
		now := map[key]*RiskChange{}
		var here []key
		visit := func(list []*forecast.Source, set func(*Change, float64)) {
			for _, s := range list {
				k := key{s.Kind, s.Name, s.Service}
				c := now[k]
				if c == nil {
					c = &RiskChange{Name: s.Name, Title: s.Title, Made: s.Made, Several: s.Several, Group: s.Group, Kind: s.Kind, Service: s.Service, To: e.Service}
					if e.Objective != nil {
						c.Objective = e.Objective.Name
					}
					now[k] = c
					here = append(here, k)
				}
				set(&c.IncidentsPerYear, s.IncidentsPerYear)
				set(&c.BadPerIncident, s.PerIncident)
				set(&c.BadPerYear, s.PerYear)
			}
		}
		visit(e.Sources, func(c *Change, v float64) { c.Before = v })
		visit(f.Sources, func(c *Change, v float64) { c.After = v })
		for _, k := range here {
			c := *now[k]
			if !c.BadPerYear.differs() && !c.IncidentsPerYear.differs() {
				continue
			}
			old, there := best[k]
			if !there {
				order = append(order, k)
			}
			if !there || most(c) > most(old) {
				best[k] = c
			}
		}
	}
	var out []RiskChange
	for _, k := range order {
		out = append(out, best[k])
	}
	slices.SortStableFunc(out, func(x, y RiskChange) int { return cmp.Compare(x.BadPerYear.By(), y.BadPerYear.By()) })
	return out
}

func most(c RiskChange) float64 { return math.Max(c.BadPerYear.Before, c.BadPerYear.After) }

// matters is by how much of itself a number changes at least to be told: groups
// count while nothing else is down, so that every net moves them a little.
const matters = 1e-3

// differs reports whether the two are not nearly the same.
func (c Change) differs() bool {
	return math.Abs(c.By()) > matters*math.Max(math.Abs(c.Before), math.Abs(c.After))
}
