package diff

import (
	"errors"
	"math"
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/model"
)

// Planned is the plan that is recommended for a model.
type Planned struct {
	Nets       []string // that would stand, or be built; any order
	AnnualCost float64  // in the currency of the model
	Met        float64  // the least chance that an objective is kept
	Feasible   bool     // every objective is met with its confidence
	Unknown    bool     // nothing is listed that could go wrong: there is none
	// Recommended is the target that is recommended, as written; may be empty.
	Recommended string
}

// A Plan is the recommended plan before and after.
type Plan struct {
	Old, New       *Planned
	Added, Dropped []string // nets of the new plan only, and of the old one only
	// Causes are what made the plan another one. If there is one, without nets of
	// its own, it explains the whole difference.
	Causes []*PlanCause
}

// Changed reports whether another plan is recommended.
func (p *Plan) Changed() bool {
	return len(p.Added)+len(p.Dropped) > 0 || p.Old.Feasible != p.New.Feasible || p.Old.Recommended != p.New.Recommended
}

// A PlanCause is the smallest set of changes that was found to turn the old
// plan, or some nets of it, into the new one.
type PlanCause struct {
	// Added and Dropped are the nets that it explains.
	Added, Dropped []string
	Changes        []*Change
	// All: nothing less than all changes together was found to do it.
	All bool
}

// ErrTime is the error of a planner whose time is up.
var ErrTime = errors.New("the time was up")

func (c *comparer) plan() error {
	old, err := c.opts.Planner(c.mixer.before)
	var now *Planned
	if err == nil {
		now, err = c.opts.Planner(c.mixer.after)
	}
	if ctx := c.opts.Context; errors.Is(err, ErrTime) && ctx != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, ErrTime) {
		c.result.Warnings = append(c.result.Warnings, message.TimePlan())
		return nil
	}
	if err != nil {
		return err
	}
	p := &Plan{Old: old, New: now}
	for _, n := range now.Nets {
		if !slices.Contains(old.Nets, n) {
			p.Added = append(p.Added, n)
		}
	}
	for _, n := range old.Nets {
		if !slices.Contains(now.Nets, n) {
			p.Dropped = append(p.Dropped, n)
		}
	}
	c.result.Plan = p
	if p.Changed() {
		s := &planSearch{comparer: c, plan: p}
		s.search()
		if s.tries > c.opts.Plans {
			c.result.Warnings = append(c.result.Warnings, message.FirstPlans(c.opts.Plans))
		}
	}
	return nil
}

// planSearch looks for what changed a plan.
type planSearch struct {
	*comparer
	plan  *Plan
	tries int
}

// try plans the old model with some changes made; nil where that is none.
func (s *planSearch) try(take choice) (*Planned, choice) {
	if s.tries++; s.tries > s.opts.Plans {
		return nil, nil
	}
	b, ok := s.mixer.blend(take)
	if !ok {
		return nil, nil
	}
	p, err := s.opts.Planner(b.model)
	if errors.Is(err, ErrTime) && s.tries <= s.opts.Plans {
		s.tries = s.opts.Plans + 1 // no more of them
	}
	if err != nil {
		return nil, nil
	}
	return p, b.took
}

// reached reports whether a plan is the new one.
func (s *planSearch) reached(p *Planned) bool {
	return p != nil && sameNets(p.Nets, s.plan.New.Nets) && p.Feasible == s.plan.New.Feasible && p.Recommended == s.plan.New.Recommended
}

func sameNets(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// search finds one element, else two, that change the whole plan, else for each
// net one that changes that.
func (s *planSearch) search() {
	units := s.ranked(s.units(func(ch *Change) bool { return ch.bears != model.Words }))
	type single struct {
		unit    unit
		planned *Planned
		took    choice
	}
	var singles []single
	for _, u := range units {
		p, took := s.try(u.choice(""))
		if s.reached(p) {
			s.found(u, took)
			return
		}
		if p != nil {
			singles = append(singles, single{u, p, took})
		}
	}
	for i, a := range singles {
		for _, b := range singles[i+1:] {
			if s.tries >= s.opts.Plans {
				break
			}
			if p, took := s.try(choice{a.unit: nil, b.unit: nil}); s.reached(p) {
				changes := append(s.made(only(took, a.unit), a.unit), s.made(rest(took, a.unit), b.unit)...)
				s.plan.Causes = []*PlanCause{{Added: s.plan.Added, Dropped: s.plan.Dropped, Changes: changes}}
				return
			}
		}
	}
	// What is left of the nets whose place no single change explains.
	together := &PlanCause{All: true}
	explain := func(net string, added bool) {
		for _, x := range singles {
			if slices.Contains(x.planned.Nets, net) != added {
				continue
			}
			changes := s.made(x.took, x.unit)
			for _, c := range s.plan.Causes {
				if len(c.Changes) > 0 && c.Changes[0].unit() == x.unit {
					c.put(net, added)
					return
				}
			}
			c := &PlanCause{Changes: changes}
			c.put(net, added)
			s.plan.Causes = append(s.plan.Causes, c)
			return
		}
		together.put(net, added)
	}
	for _, n := range s.plan.Dropped {
		explain(n, false)
	}
	for _, n := range s.plan.Added {
		explain(n, true)
	}
	if len(together.Added)+len(together.Dropped) > 0 || len(s.plan.Causes) == 0 {
		for _, ch := range s.result.Changes {
			if ch.bears != model.Words {
				together.Changes = append(together.Changes, ch)
			}
		}
		s.plan.Causes = append(s.plan.Causes, together)
	}
}

func (c *PlanCause) put(net string, added bool) {
	if added {
		c.Added = append(c.Added, net)
	} else {
		c.Dropped = append(c.Dropped, net)
	}
}

// found keeps one element as the cause or, where several of its fields changed,
// the first that is enough.
func (s *planSearch) found(u unit, took choice) {
	cause := &PlanCause{Added: s.plan.Added, Dropped: s.plan.Dropped, Changes: s.made(took, u)}
	s.plan.Causes = []*PlanCause{cause}
	var groups []string
	for _, ch := range s.result.Changes {
		if ch.unit() == u && ch.bears != model.Words && ch.group != "" && !slices.Contains(groups, ch.group) {
			groups = append(groups, ch.group)
		}
	}
	if len(groups) < 2 {
		return
	}
	for _, g := range groups {
		if p, part := s.try(u.choice(g)); s.reached(p) {
			cause.Changes = s.made(part, u)
			return
		}
	}
}

// ranked puts the elements that moved the objectives first, those that moved
// them the most before others.
func (s *planSearch) ranked(units []unit) []unit {
	weight := map[unit]float64{}
	for _, o := range s.result.Objectives {
		for _, c := range o.Causes {
			if len(c.Changes) > 0 {
				u := c.Changes[0].unit()
				weight[u] = math.Max(weight[u], math.Abs(c.Effect))
			}
		}
	}
	slices.SortStableFunc(units, func(a, b unit) int {
		switch {
		case weight[a] > weight[b]:
			return -1
		case weight[a] < weight[b]:
			return 1
		}
		return 0
	})
	return units
}

func only(take choice, u unit) choice { return choice{u: take[u]} }

func rest(take choice, u unit) choice {
	out := choice{}
	for k, v := range take {
		if k != u {
			out[k] = v
		}
	}
	return out
}
