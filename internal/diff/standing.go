package diff

import (
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// standing warns of nets that have begun or ceased to stand while the numbers of
// the risks that they act on were left as they are. A model's numbers are those
// of today, with the nets that stand: a status alone moves none of them, and a
// reader would take that for a net without effect.
func standing(before, after *model.Model, changes []*Change) []message.Message {
	touched := map[unit]bool{}
	for _, c := range changes {
		if c.bears == model.BadTime {
			touched[c.unit()] = true
		}
	}
	var out []message.Message
	warn := func(n *model.Net, in *model.Model, now bool) {
		var left []string
		for _, u := range inNumbers(n, in) {
			if !touched[u] {
				left = append(left, u.name)
			}
		}
		if len(left) == 0 {
			return
		}
		if now {
			out = append(out, message.StandsNow(n.Name, left))
		} else {
			out = append(out, message.StandsNoMore(n.Name, left))
		}
	}
	for _, n := range after.Nets {
		if old := before.Net(n.Name); stands(n) && !stands(old) {
			warn(n, after, true)
		}
	}
	for _, n := range before.Nets {
		if now := after.Net(n.Name); stands(n) && !stands(now) {
			warn(n, before, false)
		}
	}
	return out
}

// inNumbers lists what has numbers that are with the net where it stands.
func inNumbers(n *model.Net, m *model.Model) []unit {
	var out []unit
	add := func(element, name string) {
		if u := (unit{element, name}); !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	for _, e := range n.Effects {
		if !scenario.Scales(e) {
			continue
		}
		t := scenario.TargetOf(m, e)
		if t.Responder != nil {
			add("responder", t.Responder.Name)
		}
		if t.Service != nil {
			add("service", t.Service.Name)
		}
		if t.From != nil {
			add("service", t.From.Name)
		}
		for _, r := range t.Risks {
			if !r.BeforeNets {
				add("risk", r.Name)
			}
		}
	}
	return out
}
