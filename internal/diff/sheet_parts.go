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
	out := &sheet{key: key, label: "needs " + name, pos: n.Pos, group: key, bears: onTime}
	switch n.Kind {
	case model.NeedAny:
		out.add(onTime, "", "at_least", value{"1 (any)", whole, n.Pos})
	case model.NeedAtLeast:
		out.add(onTime, "", "at_least", countOf(&model.Count{N: n.AtLeast, Pos: n.Pos}))
	case model.NeedSplit:
		var shares []value
		for i := range n.Members {
			m := &n.Members[i]
			v := shareOf(&m.Share)
			shares = append(shares, value{m.Name + " " + v.text, m.Name + " " + v.meaning, m.Pos})
		}
		out.add(onTime, "", "split", shares...)
		out.summary = texts(shares)
	}
	if n.Kind != model.NeedSplit {
		out.add(onTime, "", "impact", shareOf(n.Impact).or("100%", whole))
	}
	out.add(onTime, "", "rides_out", timeOf(n.RidesOut).or("0s", nothing))
	out.add(onTime, "", "switch", switchOf(n.Switch))
	out.add(onTime, "", "common_cause", shareOf(n.CommonCause))
	out.add(onTime, "", "counts", boolOf(n.Counts, true, n.Pos))
	if n.Impact != nil {
		out.summary = "impact " + shareOf(n.Impact).text
	}
	return out
}

func netSheet(n *model.Net) *sheet {
	out := &sheet{pos: n.Pos, summary: strings.TrimSpace(string(n.Status) + " " + string(n.Kind))}
	out.words("title", textOf(n.Title))
	out.words("owner", textOf(n.Owner))
	out.words("kind", wordOf(string(n.Kind), n.Pos))
	out.add(onTime, "status", "status", wordOf(string(n.Status), n.Pos))
	out.add(onMoney, "status", "ready", dateOf(n.Ready))
	out.add(onTime, "", "angle", wordOf(n.Angle, n.Pos))
	out.add(onMoney, "cost", "cost build", pricesOf(n.Cost.BuildMoney, n.Cost.BuildEffort)...)
	out.add(onMoney, "cost", "cost run", pricesOf(n.Cost.RunMoney, n.Cost.RunEffort)...)
	out.add(onMoney, "cost", "lasts", durationOf(n.Lasts).or("3y", "= 94672800"))
	out.add(onMoney, "", "lead_time", durationOf(n.LeadTime))
	out.add(onTime, "", "requires", refsOf(n.Requires)...)
	out.add(onTime, "", "excludes", refsOf(n.Excludes)...)
	out.add(onTime, "", "replaces", refsOf(n.Replaces)...)
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
		s := &sheet{key: target, label: "effects " + target, pos: pos, group: effects, bears: onTime}
		out = append(out, s)
		return s
	}
	put := func(s *sheet, bears bearing, key string, ordered bool, vs ...value) {
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
				bears, ordered := onTime, v.Key.Combines == model.Sets || v.Key.Combines == model.Precedes || v.Key.Combines == model.Recalls
				if v.Key.Load {
					bears = onMoney
				}
				put(s, bears, v.Key.Name, ordered, effectOf(v)...)
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
func effectOf(v model.EffectValue) []value {
	switch x := v.Value.(type) {
	case *model.Share:
		return []value{shareOf(x)}
	case *model.Signed:
		return []value{signedOf(x)}
	case *model.Time:
		return []value{timeOf(x)}
	case *model.Rate:
		return []value{rateOf(x)}
	case *model.Count:
		c := countOf(x)
		if v.Key.Combines == model.Adds {
			c.text = fmt.Sprintf("%+d", x.N)
		}
		return []value{c}
	case *model.Switch:
		return []value{switchOf(x)}
	case *model.Detection:
		return []value{detectionOf(x)}
	case *model.Recovery:
		return []value{recoveryOf(x)}
	case *model.Before:
		if x.Rate != nil {
			return []value{rateOf(x.Rate)}
		}
		return []value{shareOf(x.Share)}
	case []model.Stage:
		return stagesOf(x)
	}
	panic("diff: nobody knows how to compare " + v.Key.Name)
}
