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
		var risks []string
		for _, r := range e.Risks {
			risks = append(risks, r.Name)
		}
		if e.RisksPer != nil {
			risks = append(risks, "risks_per "+e.RisksPer.Name)
		}
		for _, r := range risks {
			s := on(r, e.Pos)
			put(s, onTime, "prevents", false, shareOf(e.Prevents))
			put(s, onTime, "impact", false, signedOf(e.ImpactBy))
			put(s, onTime, "detect", false, signedOf(e.DetectBy))
			put(s, onTime, "recover", false, signedOf(e.RecoverBy))
			put(s, onTime, "detects", false, detectionOf(e.Detects))
			put(s, onTime, "recovers", true, recoveryOf(e.RecoversBy))
		}
		if e.Change != nil {
			s := on("change "+e.Change.Name, e.Pos)
			put(s, onTime, "stages", true, stagesOf(e.Stages)...)
			put(s, onTime, "downtime", true, timeOf(e.Downtime))
			put(s, onMoney, "slows", false, timeOf(e.Slows))
			put(s, onTime, "every", true, rateOf(e.Every))
		}
		if e.Responder != nil {
			s := on("responder "+e.Responder.Name, e.Pos)
			put(s, onTime, "acknowledge", false, signedOf(e.AcknowledgeBy))
			if p := countOf(e.People); p.there() {
				p.text = fmt.Sprintf("%+d", e.People.N)
				put(s, onMoney, "people", false, p)
			}
		}
		if e.Service != nil {
			s := on("service "+e.Service.Name, e.Pos)
			put(s, onTime, "copies", true, countOf(e.Copies))
			put(s, onTime, "need", true, countOf(e.NeedCopies))
			put(s, onTime, "switch", true, switchOf(e.Switch))
			put(s, onTime, "common_cause", true, shareOf(e.CommonCause))
		}
		if e.NeedFrom != nil && e.NeedTo != nil {
			s := on("need "+e.NeedFrom.Name+" -> "+e.NeedTo.Name, e.Pos)
			put(s, onTime, "rides_out", true, timeOf(e.RidesOut))
			put(s, onTime, "impact", false, signedOf(e.ImpactBy))
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
