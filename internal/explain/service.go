package explain

import (
	"cmp"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// service explains a service.
func (x *explainer) service(s *model.Service) (*Service, error) {
	run := func(m *model.Model) (*forecast.Result, error) {
		return forecast.Run(m, forecast.Options{Services: []string{s.Name}, With: x.opts.With, Without: x.opts.Without, Context: x.opts.Context, Memory: x.opts.Memory, Effort: x.opts.Effort, Causes: true})
	}
	f, err := run(x.model)
	if err != nil {
		return nil, err
	}
	out := &Service{
		Name: s.Name, Title: scenario.Title(s.Title, s.Name), Owner: s.Owner.In("en"), Pos: s.Pos, Outside: s.Outside,
		Entries: f.Entries, Value: worth.ValueOf(x.model, s),
	}
	for _, e := range f.Entries {
		out.Shares = append(out.Shares, sharesOf(e))
	}
	if err := x.saves(x.model, out.Shares, []string{s.Name}, func(*model.Risk) bool { return true }); err != nil {
		return nil, err
	}
	counted := worth.Entry(f, s.Name)
	felt := counted
	if counted.Felt.Different {
		// What is felt is what would count if everything did.
		g, err := run(allCounts(x.model))
		if err != nil {
			return nil, err
		}
		felt = worth.Entry(g, s.Name)
	}
	x.needs(out, s, felt)
	x.singlePoints(out, s, felt)
	for _, src := range felt.Sources {
		if src.Kind != forecast.RiskSource {
			continue
		}
		for _, r := range x.model.Risks {
			if src.Of != scenario.RiskID(r.Name) || slices.Contains(out.Reached, r.Name) {
				continue
			}
			out.Reached = append(out.Reached, r.Name)
			out.Remarks = append(out.Remarks, x.remarks(r, x.layers(r))...)
			if r.Service.Name == s.Name {
				out.Risks = append(out.Risks, r.Name)
			}
		}
	}
	for _, o := range x.model.Services {
		for _, n := range o.Needs {
			if scenario.Names(n, s.Name) && !slices.Contains(out.NeededBy, o.Name) {
				out.NeededBy = append(out.NeededBy, o.Name)
			}
		}
	}
	return out, nil
}

// allCounts is the model where all that users feel is part of the promise.
func allCounts(m *model.Model) *model.Model {
	out := *m
	out.Services, out.Changes = nil, nil
	for _, s := range m.Services {
		c := *s
		c.Needs = nil
		for _, n := range s.Needs {
			k := *n
			k.Counts = true
			c.Needs = append(c.Needs, &k)
		}
		out.Services = append(out.Services, &c)
	}
	for _, ch := range m.Changes {
		c := *ch
		c.Excluded = false
		out.Changes = append(out.Changes, &c)
	}
	out.Index()
	return &out
}

// needs tells the lost time of a service apart by what it comes from.
func (x *explainer) needs(out *Service, s *model.Service, felt *forecast.Entry) {
	below, ids := make([]map[string]bool, len(s.Needs)), scenario.NeedIDs(s)
	for i, n := range s.Needs {
		below[i] = x.below(n)
	}
	out.Own = 0
	list := make([]Need, len(s.Needs))
	for i, n := range s.Needs {
		y := Need{Kind: n.Kind, AtLeast: n.AtLeast, Pos: n.Pos, Counts: n.Counts}
		x.asItIs(&y, s, n)
		for _, m := range n.Members {
			y.Members = append(y.Members, m.Name)
		}
		for _, o := range x.model.Services {
			for k := range below {
				if k != i && below[i][o.Name] && below[k][o.Name] && !slices.Contains(y.Shared, o.Name) {
					y.Shared = append(y.Shared, o.Name)
				}
			}
		}
		list[i] = y
	}
	for _, src := range felt.Sources {
		met := 0
		for i := range s.Needs {
			if comesBy(src, ids[i], s.Name, below[i]) {
				list[i].BadPerYear += src.PerYear
				met++
			}
		}
		// What does not come by a need is its own, also where it strikes others with it.
		if met == 0 {
			out.Own += src.PerYear
		} else {
			out.Several += float64(met-1) * src.PerYear
		}
	}
	slices.SortStableFunc(list, func(a, b Need) int { return cmp.Compare(b.BadPerYear, a.BadPerYear) })
	out.Needs = list
}

// comesBy reports whether a source reaches the users of a service by one of its
// needs: it is of a service behind it, or it is the need's own group or switch.
func comesBy(src *forecast.Source, need scenario.ID, service string, below map[string]bool) bool {
	if src.Service == service {
		return src.Of == need
	}
	// A common cause is of several services.
	return below[src.Service] || slices.ContainsFunc(src.Several, func(name string) bool { return below[name] })
}

// below is the set of the services behind a need.
func (x *explainer) below(n *model.Need) map[string]bool {
	out := map[string]bool{}
	var visit func(*model.Need)
	visit = func(n *model.Need) {
		for _, m := range n.Members {
			if out[m.Name] {
				continue
			}
			out[m.Name] = true
			for _, next := range x.model.Service(m.Name).Needs {
				visit(next)
			}
		}
	}
	visit(n)
	return out
}

// singlePoints lists the services below that take everybody down at once.
func (x *explainer) singlePoints(out *Service, s *model.Service, felt *forecast.Entry) {
	y := x.scenario.System(x.catalogue)
	v := y.View(y.Number(s.Name), true)
	for i, node := range v.Nodes {
		p := y.Parts[node.Part]
		if i == 0 || p.Service == y.Parts[v.Nodes[0].Part].Service || !node.Certain || len(node.Rides) > 0 || p.Service < 0 || p.Copy > 0 {
			continue
		}
		o := y.Services[p.Service]
		point := SinglePoint{Service: o.Name, Title: scenario.Title(o.Title, o.Name), Outside: o.Outside, Copies: 1, Indirect: true}
		if have, need, _ := x.scenario.Copies(o); have > need {
			point.Copies = have
		}
		for _, n := range s.Needs {
			if scenario.Names(n, o.Name) {
				point.Indirect = false
			}
		}
		for _, src := range felt.Sources {
			if src.Service == o.Name {
				point.BadPerYear += src.PerYear
			}
		}
		out.SinglePoints = append(out.SinglePoints, point)
	}
	slices.SortStableFunc(out.SinglePoints, func(a, b SinglePoint) int { return cmp.Compare(b.BadPerYear, a.BadPerYear) })
}
