package diff

import (
	"slices"

	"tightrope/internal/model"
)

// A choice says what is taken over from the new model into the old one: whole
// elements (nil), or groups of their fields.
type choice map[unit][]string

// A blend is the old model with some changes made.
type blend struct {
	model *model.Model
	took  choice
}

// mixer makes the models that lie between two versions.
type mixer struct {
	before, after *model.Model
	changed       map[unit]bool
}

func newMixer(before, after *model.Model, changes []*Change) *mixer {
	x := &mixer{before: before, after: after, changed: map[unit]bool{}}
	for _, c := range changes {
		x.changed[c.unit()] = true
	}
	return x
}

// blend makes the changes that were asked for, those without which the model
// would name what it does not have and, where it would still break a rule, those
// of what it refers to. ok is false where that makes no model.
func (x *mixer) blend(take choice) (b blend, ok bool) {
	took := choice{}
	for u, g := range take {
		took[u] = g
	}
	// Each round takes at least one element more.
	for range len(x.changed) + 1 {
		m := x.mix(took)
		more := x.missing(m, took)
		if more == nil {
			return blend{m, took}, false
		}
		if len(more) == 0 {
			if len(model.Check(m)) == 0 {
				return blend{m, took}, true
			}
			if more = x.referred(took); len(more) == 0 {
				return blend{m, took}, false
			}
		}
		for _, one := range more {
			if one.group == "" {
				took[one.unit] = nil
			} else {
				took[one.unit] = append(slices.Clone(took[one.unit]), one.group)
			}
		}
	}
	return blend{}, false
}

func (x *mixer) mix(take choice) *model.Model {
	m := &model.Model{
		Currency: x.before.Currency, PersonDay: x.before.PersonDay,
		Services: x.before.Services, Changes: x.before.Changes, Risks: x.before.Risks, Detections: x.before.Detections,
		Recoveries: x.before.Recoveries, Responders: x.before.Responders, Nets: x.before.Nets,
	}
	if groups, asked := take[unit{element: theModel}]; asked {
		for _, keys := range [][]model.Key[model.Model]{model.ModelKeys(), model.RateKeys()} {
			for i := range keys {
				if k := &keys[i]; groups == nil || slices.Contains(groups, k.Together()) {
					model.Take(k, m, x.after)
				}
			}
		}
	}
	for _, k := range kinds {
		k.mix(m, x.after, take)
	}
	if _, asked := take[unit{element: theNets}]; asked {
		m.Nets = reordered(m.Nets, x.after.Nets)
	}
	m.Index()
	if x.before.IsOnlyListed() {
		m = m.OnlyListed()
	}
	return m
}

// reordered puts nets into the order in which others of the same names are;
// those of no such name stay where they are.
func reordered(nets, like []*model.Net) []*model.Net {
	rank := map[string]int{}
	for i, n := range like {
		rank[n.Name] = i
	}
	var places []int
	var move []*model.Net
	for i, n := range nets {
		if _, there := rank[n.Name]; there {
			places, move = append(places, i), append(move, n)
		}
	}
	slices.SortStableFunc(move, func(a, b *model.Net) int { return rank[a.Name] - rank[b.Name] })
	out := slices.Clone(nets)
	for i, at := range places {
		out[at] = move[i]
	}
	return out
}

// A lack is what must be exchanged too: an element, or a group of its fields.
type lack struct {
	unit  unit
	group string
}

// missing lists what must be exchanged too, as m names what it does not have; nil
// where that does not help.
func (x *mixer) missing(m *model.Model, took choice) []lack {
	more := []lack{}
	for _, r := range references(m) {
		if kindNamed(r.to.element).has(m, r.to.name) {
			continue
		}
		need := lack{r.to, ""}
		if !kindNamed(r.to.element).has(x.after, r.to.name) {
			// What is named is gone: who names it must change too.
			need = lack{r.from, r.group}
			if !kindNamed(r.from.element).has(x.after, r.from.name) {
				need.group = ""
			}
		}
		if groups, there := took[need.unit]; !x.changed[need.unit] || there && (groups == nil || slices.Contains(groups, need.group)) {
			return nil
		}
		if !slices.Contains(more, need) {
			more = append(more, need)
		}
	}
	return more
}

// referred lists what else was changed of what the elements taken refer to.
func (x *mixer) referred(took choice) []lack {
	var more []lack
	for _, r := range references(x.after) {
		groups, there := took[r.from]
		if !there || groups != nil && !slices.Contains(groups, r.group) || !x.changed[r.to] {
			continue
		}
		if part, taken := took[r.to]; taken && part == nil {
			continue
		}
		if l := (lack{r.to, ""}); !slices.Contains(more, l) {
			more = append(more, l)
		}
	}
	return more
}

func kindNamed(element string) kind {
	for _, k := range kinds {
		if k.element() == element {
			return k
		}
	}
	panic("diff: no kind of element " + element)
}

// A reference from one element to another, in a group of its fields.
type reference struct {
	from  unit
	group string
	to    unit
}

func references(m *model.Model) []reference {
	var out []reference
	var from unit
	to := func(group, element string, refs ...model.Ref) {
		for _, r := range refs {
			if r.Name != "" {
				out = append(out, reference{from, group, unit{element, r.Name}})
			}
		}
	}
	maybe := func(group, element string, r *model.Ref) {
		if r != nil {
			to(group, element, *r)
		}
	}
	for _, s := range m.Services {
		from = unit{"service", s.Name}
		for _, n := range s.Needs {
			_, key := needName(n)
			for _, x := range n.Members {
				to(key, "service", x.Ref)
			}
		}
	}
	for _, c := range m.Changes {
		from = unit{"change", c.Name}
		to("service", "service", c.Service)
	}
	for _, r := range m.Risks {
		from = unit{"risk", r.Name}
		to("service", "service", r.Service)
		maybe("frequency", "change", r.Per)
		to("detect", "detection", r.Detect...)
		to("recover", "recovery", r.Recover...)
	}
	by := func(group string, r *model.Recovery) {
		if r != nil && !r.Automatic() {
			to(group, "responder", r.By)
		}
	}
	for _, r := range m.Recoveries {
		from = unit{"recovery", r.Name}
		by("by", r)
	}
	for _, n := range m.Nets {
		from = unit{safetyNet, n.Name}
		to("requires", safetyNet, n.Requires...)
		to("excludes", safetyNet, n.Excludes...)
		to("replaces", safetyNet, n.Replaces...)
		for _, e := range n.Effects {
			to(effects, "risk", e.Risks...)
			maybe(effects, "change", e.RisksPer)
			maybe(effects, "change", e.Change)
			maybe(effects, "responder", e.Responder)
			maybe(effects, "service", e.Service)
			maybe(effects, "service", e.NeedFrom)
			maybe(effects, "service", e.NeedTo)
			by(effects, e.RecoversBy)
		}
	}
	return out
}
