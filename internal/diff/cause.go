package diff

import (
	"math"
	"slices"
	"sort"
	"sync/atomic"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/work"
)

const (
	// told is from which share of the whole difference on, or of the largest
	// effect, a cause is told.
	told = 0.05
	// alone is which share of the difference a change must make by itself, or
	// else the causes are said to act together.
	alone = 0.2
)

// A candidate is what may have made a difference: one element, or one group of
// its fields.
type candidate struct {
	unit   unit
	effect *forecast.Result
	took   choice
}

// causes finds what moved the objectives, by making each change alone in the old
// model.
func (c *comparer) causes() {
	var services []string
	for _, o := range c.result.Objectives {
		if o.By != Nowhere && !slices.Contains(services, o.Service) {
			services = append(services, o.Service)
		}
	}
	if len(services) == 0 {
		return
	}
	units := c.units(func(ch *Change) bool { return ch.bears == model.BadTime && !ch.idle })
	asked := make([]trial, len(units))
	for i, u := range units {
		asked[i] = trial{u, ""}
	}
	list := slices.DeleteFunc(c.try(asked, services), func(x *candidate) bool { return x == nil })
	// Where several fields of one element changed, each is looked at by itself.
	for _, x := range slices.Clone(list) {
		groups := c.groups(x.unit)
		if len(groups) < 2 || !c.mattered(x) {
			continue
		}
		asked = asked[:0]
		for _, g := range groups {
			asked = append(asked, trial{x.unit, g})
		}
		if parts := c.try(asked, services); !slices.Contains(parts, nil) {
			at := slices.Index(list, x)
			list = slices.Replace(list, at, at+1, parts...)
		}
	}
	if c.short {
		c.result.Ended = true
		c.result.Warnings = append(c.result.Warnings, message.Uncaused())
	}
	if c.trials > c.opts.Trials {
		c.result.Warnings = append(c.result.Warnings, message.TooManyChanges(len(units)))
	}
	for _, o := range c.result.Objectives {
		if o.By != Nowhere {
			c.blame(o, list)
		}
	}
}

// units lists the elements with a change of the kind asked for, in order.
func (c *comparer) units(which func(*Change) bool) []unit {
	var out []unit
	for _, ch := range c.result.Changes {
		if which(ch) && !slices.Contains(out, ch.unit()) {
			out = append(out, ch.unit())
		}
	}
	return out
}

// groups lists the groups of fields of an element that bear on the forecast;
// none of an element that was added or removed.
func (c *comparer) groups(u unit) []string {
	var out []string
	for _, ch := range c.result.Changes {
		if ch.unit() == u && ch.bears == model.BadTime && ch.group != "" && !slices.Contains(out, ch.group) {
			out = append(out, ch.group)
		}
	}
	return out
}

func (u unit) choice(group string) choice {
	if group == "" {
		return choice{u: nil}
	}
	return choice{u: {group}}
}

// A trial is one change that is made alone.
type trial struct {
	unit  unit
	group string // empty: the whole element
}

// try makes each of some changes alone; nil stands for what makes no model, or
// one that cannot be forecast, or not in time.
func (c *comparer) try(asked []trial, services []string) []*candidate {
	out := make([]*candidate, len(asked))
	left := max(0, c.opts.Trials-c.trials)
	c.trials += len(asked)
	var late atomic.Bool
	defer func() { c.short = c.short || late.Load() }()
	work.Each(min(left, len(asked)), func() func(int) {
		return func(i int) {
			b, ok := c.mixer.blend(asked[i].unit.choice(asked[i].group))
			if !ok {
				return
			}
			r, err := c.run(b.model, services, true)
			if work.Late(c.opts.Context, err) {
				late.Store(true)
				return
			}
			work.Pass(err)
			if err == nil {
				out[i] = &candidate{unit: asked[i].unit, effect: r, took: b.took}
			}
		}
	})
	return out
}

// on says what a candidate does to an objective.
func (x *candidate) on(o *Objective) (chance, longer float64) {
	e := entry(x.effect, o.Service, o.Name)
	if e == nil || o.Old == nil {
		return 0, 0
	}
	if e.Met != nil && o.Old.Met != nil {
		chance = e.Met.Value - o.Old.Met.Value
	}
	return chance, e.PerYear - o.Old.PerYear
}

// mattered reports whether the candidate has an effect on what moved.
func (c *comparer) mattered(x *candidate) bool {
	for _, o := range c.result.Objectives {
		chance, longer := x.on(o)
		if o.By == InChance && math.Abs(chance) > told*math.Abs(o.Moved()) || o.By != Nowhere && math.Abs(longer) > told*math.Abs(o.Longer()) {
			return true
		}
	}
	return false
}

// blame ranks the candidates by what they do to an objective.
func (c *comparer) blame(o *Objective, list []*candidate) {
	type scored struct {
		*candidate
		cause *Cause
		score float64
	}
	rank := func(by Move) (out []scored, most float64) {
		whole := math.Abs(o.Moved())
		if by == InBadTime {
			whole = math.Abs(o.Longer())
		}
		most = 0
		for _, x := range list {
			s := scored{candidate: x, cause: &Cause{}}
			s.cause.Effect, s.cause.Longer = x.on(o)
			s.score = math.Abs(s.cause.Effect)
			if by == InBadTime {
				s.score = math.Abs(s.cause.Longer)
			}
			most = math.Max(most, s.score)
			out = append(out, s)
		}
		least := math.Max(told*math.Max(whole, most), 1e-9)
		out = slices.DeleteFunc(out, func(s scored) bool { return s.score < least })
		sort.SliceStable(out, func(i, j int) bool { return out[i].score > out[j].score })
		return out, most
	}
	found, most := rank(o.By)
	o.Untried = c.short
	if most < alone*math.Abs(o.Moved()) && o.By == InChance && !o.Untried {
		o.Joint = true
		found, _ = rank(InBadTime)
	}
	var kept []scored
	for _, s := range found {
		// What takes others along and does no more than they do is told with them.
		if slices.ContainsFunc(found, func(t scored) bool {
			return t.candidate != s.candidate && within(t.took, s.took) && math.Abs(t.score-s.score) < told*s.score
		}) {
			continue
		}
		kept = append(kept, s)
	}
	for _, s := range kept {
		s.cause.Changes = c.made(s.candidate.took, s.candidate.unit)
		o.Causes = append(o.Causes, s.cause)
	}
}

// within reports whether one choice takes less than another.
func within(small, large choice) bool {
	less := len(small) < len(large)
	for u, part := range small {
		all, there := large[u]
		switch {
		case !there, part == nil && all != nil:
			return false
		case part != nil && all == nil:
			less = true
		case part != nil:
			for _, g := range part {
				if !slices.Contains(all, g) {
					return false
				}
			}
			less = less || len(part) < len(all)
		}
	}
	return less
}

// made lists the changes of a choice that bear on numbers, those of the element
// that was asked for first.
func (c *comparer) made(took choice, first unit) []*Change {
	var own, others []*Change
	for _, ch := range c.result.Changes {
		groups, there := took[ch.unit()]
		if !there || ch.bears == model.Words || groups != nil && !slices.Contains(groups, ch.group) {
			continue
		}
		if ch.unit() == first {
			own = append(own, ch)
		} else {
			others = append(others, ch)
		}
	}
	return append(own, others...)
}
