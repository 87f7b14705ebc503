package diff

import (
	"fmt"
	"slices"
	"strings"

	"tightrope/internal/model"
)

// needName is what a need is called, and the key by which it is known: one of
// several is the same as at least one of them.
func needName(n *model.Need) (name, key string) {
	members := make([]string, len(n.Members))
	for i, m := range n.Members {
		members[i] = m.Name
	}
	list := strings.Join(members, ", ")
	switch n.Kind {
	case model.NeedAny:
		name = "any of " + list
	case model.NeedAtLeast:
		name = fmt.Sprintf("%d of %s", n.AtLeast, list)
	case model.NeedSplit:
		name = "split " + list
	default:
		name = list
	}
	slices.Sort(members)
	key = strings.Join(members, ", ")
	switch n.Kind {
	case model.NeedOne:
		return name, "need " + key
	case model.NeedSplit:
		return name, "split " + key
	}
	return name, "some of " + key
}

func needSheet(n *model.Need) *sheet {
	name, key := needName(n)
	out := &sheet{key: key, label: "needs " + name, pos: n.Pos, group: key, bears: model.BadTime}
	switch n.Kind {
	case model.NeedAny:
		out.add(model.BadTime, "", "at_least", value{"1 (any)", whole, n.Pos})
	case model.NeedAtLeast:
		out.add(model.BadTime, "", "at_least", countOf(&model.Count{N: n.AtLeast, Pos: n.Pos}))
	case model.NeedSplit:
		var shares []value
		for i := range n.Members {
			m := &n.Members[i]
			v := shareOf(&m.Share)
			shares = append(shares, value{m.Name + " " + v.text, m.Name + " " + v.meaning, m.Pos})
		}
		out.add(model.BadTime, "", "split", shares...)
		out.summary = texts(shares)
	}
	own := special[model.Need]{"service": nil, "any": nil, "at_least": nil, "of": nil, "split": nil}
	if n.Kind == model.NeedSplit {
		own["impact"] = nil // its shares say it
	}
	describe(out, model.NeedKeys(), n, own)
	if n.Impact != nil {
		out.summary = "impact " + shareOf(n.Impact).text
	}
	return out
}

func netSheet(n *model.Net) *sheet {
	out := &sheet{pos: n.Pos, summary: strings.TrimSpace(string(n.Status) + " " + string(n.Kind))}
	describe(out, model.NetKeys(), n, special[model.Net]{"effects": nil})
	out.parts = effectSheets(n.Effects)
	return out
}

// effects is the group of all effects of a net.
const effects = "effects"

// effectSheets gathers effects by what they are on: how they are spread over
// entries of the list is no difference.
func effectSheets(list []*model.Effect) []*sheet {
	var out []*sheet
	on := func(target string, pos model.Pos) *sheet {
		for _, s := range out {
			if s.key == target {
				return s
			}
		}
		s := &sheet{key: target, label: "effects " + target, pos: pos, group: effects, bears: model.BadTime}
		out = append(out, s)
		return s
	}
	put := func(s *sheet, bears model.Bearing, key string, ordered bool, vs ...value) {
		for _, v := range vs {
			if !v.there() {
				continue
			}
			i := slices.IndexFunc(s.fields, func(f field) bool { return f.key == key })
			if i < 0 {
				s.add(bears, effects, key).ordered = ordered
				i = len(s.fields) - 1
			}
			s.fields[i].values = append(s.fields[i].values, v)
		}
	}
	for _, e := range list {
		for _, target := range targets(e) {
			s := on(target, e.Pos)
			for _, v := range e.Values() {
				bears, ordered := model.BadTime, v.Key.Combines == model.Sets || v.Key.Combines == model.Precedes || v.Key.Combines == model.Recalls
				if v.Key.Load {
					bears = model.Money
				}
				put(s, bears, v.Key.Name, ordered, effectOf(e, v.Key)...)
			}
		}
	}
	for _, s := range out {
		var parts []string
		for _, f := range s.fields {
			parts = append(parts, f.key+" "+texts(f.values))
		}
		s.summary = strings.Join(parts, "; ")
	}
	return out
}

// targets says what an effect is on; effects on the same are one part.
func targets(e *model.Effect) []string {
	switch e.Target() {
	case model.OnRisks:
		var out []string
		for _, r := range e.Risks {
			out = append(out, r.Name)
		}
		if e.RisksPer != nil {
			out = append(out, "risks_per "+e.RisksPer.Name)
		}
		return out
	case model.OnChange:
		return []string{"change " + e.Change.Name}
	case model.OnResponder:
		return []string{"responder " + e.Responder.Name}
	case model.OnService:
		return []string{"service " + e.Service.Name}
	case model.OnNeed:
		return []string{"need " + e.NeedFrom.Name + " -> " + e.NeedTo.Name}
	}
	return nil
}

// effectOf is what an effect says under one key.
func effectOf(e *model.Effect, k *model.EffectKey) []value {
	at := k.At(e)
	values := written(k.Name, at, e.Pos)
	if n, is := at.(**model.Count); is && k.Combines == model.Adds {
		values[0].text = fmt.Sprintf("%+d", (*n).N)
	}
	return values
}
