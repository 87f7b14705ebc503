package modelfile

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

var objectiveObject = object[model.Objective]{
	name: "objective",
	doc:  "A promise: in any one window, with this confidence, lost time stays within the budget.",
	at:   func(o *model.Objective) *model.Pos { return &o.Pos },
	fields: described(model.ObjectiveKeys(),
		maybe("sli", sliObject.kind(), func(o *model.Objective) **model.SLI { return &o.SLI }),
	),
}

var sliObject = object[model.SLI]{
	name:   "indicator",
	doc:    "How the events of an objective are counted in Prometheus.",
	at:     func(x *model.SLI) *model.Pos { return &x.Pos },
	oneOf:  []string{"errors", "good", "probe"},
	fields: described(model.SLIKeys()),
	finish: finishSLI,
}

func finishSLI(r *reader, x *model.SLI, at site) {
	if !r.exactlyOne(at, "sli", "errors", "good", "probe") {
		return
	}
	of := at.seen.given("errors", "good", "probe")[0]
	switch total := at.seen["total"]; {
	case of == "probe" && total != nil:
		r.problem(total, "sli", "a probe is good or bad by itself; leave total out")
	case of != "probe" && total == nil:
		r.problem(at.seen[of], "sli", "%s says nothing without all events; write total: PROMQL beside it", of)
	}
}

var historyObject = object[model.History]{
	name:   "history",
	doc:    "What really happened, to hold the catalogue of risks against.",
	at:     func(h *model.History) *model.Pos { return &h.Pos },
	fields: described(model.HistoryKeys()),
}

var clauseObject = object[model.Clause]{
	name: "clause",
	doc:  "One clause of a contract: if this happens, pay.",
	at:   func(c *model.Clause) *model.Pos { return &c.Pos },
	fields: described(model.ClauseKeys(),
		with("if", condition, func(c *model.Clause, v model.Clause) {
			c.Kind, c.If, c.Length, c.Below, c.Over, c.Strict = v.Kind, v.If, v.Length, v.Below, v.Over, v.Strict
		}),
		with("pay", aPay, func(c *model.Clause, v pay) { c.Pay, c.PayOfRevenue = v.amount, v.share }),
	),
}

var worthObject = object[model.Worth]{
	name: "worth",
	doc:  "What a service earns, and what an outage costs.",
	at:   func(w *model.Worth) *model.Pos { return &w.Pos },
	fields: described(model.WorthKeys(),
		in("sla", list(pointer(clauseObject.kind())), func(w *model.Worth) *[]*model.Clause { return &w.SLA }),
	),
}

var switchObject = object[model.Switch]{
	name:   "switch",
	doc:    "The change-over from a member that failed to one that stands.",
	at:     func(s *model.Switch) *model.Pos { return &s.Pos },
	fields: described(model.SwitchKeys()),
}

// needParts is an entry of `needs` as written.
type needParts struct {
	model.Need
	one   *model.Ref
	some  []model.Ref
	n     *model.Count
	users []model.Member
}

var needObject = object[needParts]{
	name:   "need",
	doc:    "What a service needs: one service, one of several, some of several, or for each user one of several.",
	at:     func(p *needParts) *model.Pos { return &p.Pos },
	oneOf:  []string{"service", "any", "at_least", "split"},
	fields: needFields(),
	finish: finishNeed,
}

// needFields are the keys of a need, of which those that say whom it needs are
// put together at the end.
func needFields() []field[needParts] {
	parts := []field[needParts]{
		maybe("service", aRef, func(p *needParts) **model.Ref { return &p.one }),
		in("any", list(aRef), func(p *needParts) *[]model.Ref { return &p.some }),
		maybe("at_least", aCount, func(p *needParts) **model.Count { return &p.n }),
		in("of", list(aRef), func(p *needParts) *[]model.Ref { return &p.some }),
		in("split", split, func(p *needParts) *[]model.Member { return &p.users }),
	}
	var own []field[model.Need] // in whose place the parts are read
	for _, f := range parts {
		own = append(own, field[model.Need]{trait: f.trait, read: func(*reader, *yaml.Node, *model.Need) {}})
	}
	own = append(own, maybe("switch", switchObject.kind(), func(n *model.Need) **model.Switch { return &n.Switch }))
	fields := within(described(model.NeedKeys(), own...), func(p *needParts) *model.Need { return &p.Need })
	for i := range fields {
		for _, f := range parts {
			if f.key == fields[i].key {
				fields[i].read = f.read
			}
		}
	}
	return fields
}

// needKeys says which options make sense for which kind of need.
var needKeys = map[string]model.NeedKind{
	"service": model.NeedOne, "any": model.NeedAny, "at_least": model.NeedAtLeast, "split": model.NeedSplit,
}

func finishNeed(r *reader, p *needParts, at site) {
	if at.seen.has("of") && !at.seen.has("at_least") {
		r.problem(at.seen["of"], "need-kind", "of lists the members for at_least; write at_least: N beside it, or any instead of it")
		r.unreadable(p.Pos, "of")
		return
	}
	if !r.exactlyOne(at, "need-kind", "service", "any", "at_least", "split") {
		return
	}
	kind := at.seen.given("service", "any", "at_least", "split")[0]
	p.Kind = needKeys[kind]
	group := p.Kind == model.NeedAny || p.Kind == model.NeedAtLeast
	for _, option := range at.seen.given("switch", "common_cause") {
		if !group {
			r.problem(at.seen[option], "need-option", "%s is for groups (any, at_least); a need with %s has none", option, kind)
		}
	}
	if p.Kind == model.NeedSplit && at.seen.has("impact") {
		r.problem(at.seen["impact"], "need-option", "the shares of a split already say how many users each member carries; leave impact out")
	}
	switch {
	case p.Kind == model.NeedAtLeast && !at.seen.has("of"):
		r.problem(at.seen["at_least"], "need-kind", "at_least needs the services to choose from; write of: [NAME, NAME]")
		r.unreadable(p.Pos, "of")
	case p.one != nil:
		p.some = []model.Ref{*p.one}
	case p.n != nil:
		p.AtLeast = p.n.N
	}
	p.Members = p.users
	for _, m := range p.some {
		p.Members = append(p.Members, model.Member{Ref: m})
	}
}

// aNeed is a bare name, or an object that says more.
var aNeed = kind[*model.Need]{
	schema: anyOf(ref("name"), ref("need")),
	read: func(r *reader, n *yaml.Node) (*model.Need, bool) {
		p := needParts{Need: model.Need{Pos: r.pos(n), Counts: true}}
		if n.Kind == yaml.MappingNode {
			needObject.read(r, n, site{place: n, who: "the need"}, &p)
			p.Members = uniqueMembers(p.Members)
			return &p.Need, true
		}
		name, ok := r.name(n)
		p.Members = []model.Member{{Ref: name}}
		return &p.Need, ok
	},
}

// uniqueMembers leaves out members that were named before: a provider counts
// once.
func uniqueMembers(members []model.Member) []model.Member {
	seen := map[string]bool{}
	var once []model.Member
	for _, m := range members {
		if !seen[m.Name] {
			seen[m.Name] = true
			once = append(once, m)
		}
	}
	return once
}

// stated returns what is stated about a service, for its fields to fill in.
func stated(s *model.Service) *model.Stated {
	if s.Stated == nil {
		s.Stated = &model.Stated{}
	}
	return s.Stated
}

var serviceObject = object[model.Service]{
	name: "service",
	doc:  "Anything that users or services rely on: an API, a user journey, a database, a zone, a carrier.",
	at:   func(s *model.Service) *model.Pos { return &s.Pos },
	fields: slices.Concat(described(model.ServiceKeys(),
		with("objective", objectiveObject.kind(), func(s *model.Service, o model.Objective) {
			o.Name = "available"
			s.Objectives = append(s.Objectives, &o)
		}),
		in("objectives", objectives, func(s *model.Service) *[]*model.Objective { return &s.Objectives }),
		maybe("history", historyObject.kind(), func(s *model.Service) **model.History { return &s.History }),
		maybe("worth", worthObject.kind(), func(s *model.Service) **model.Worth { return &s.Worth }),
		in("needs", list(aNeed), func(s *model.Service) *[]*model.Need { return &s.Needs }),
		maybe("switch", switchObject.kind(), func(s *model.Service) **model.Switch { return &s.Switch }),
	), within(described(model.StatedKeys()), stated)),
	finish: finishService,
}

// objectives is a mapping from names to objectives.
var objectives = kind[[]*model.Objective]{
	schema: mapOf(ref("objective")),
	read: func(r *reader, n *yaml.Node) ([]*model.Objective, bool) {
		var all []*model.Objective
		seen := map[string]model.Pos{}
		named(r, n, &objectiveObject, func(name model.Ref, o *model.Objective) {
			if first, twice := seen[name.Name]; twice {
				r.problemAt(name.Pos, "duplicate-key", "%s is written twice; the first is at %d:%d", quote(name.Name), first.Line, first.Col)
				return
			}
			seen[name.Name] = name.Pos
			o.Name, o.Pos = name.Name, name.Pos
			all = append(all, o)
		})
		if len(n.Content) == 0 && n.Kind != yaml.SequenceNode {
			r.problem(n, "no-objective", "expected at least one objective, as in {available: {target: 99.9%%}}, found none")
		}
		return all, true
	},
}

func finishService(r *reader, s *model.Service, at site) {
	if given := at.seen.given("objective", "objectives"); len(given) == 2 {
		r.problem(at.seen["objectives"], "two-ways", "%s has both objective and objectives; objective is short for one named available, so write it under objectives", at.who)
	}
	freq := at.seen.given("availability", "every", "rate")
	switch outage := at.seen["outage"]; {
	case len(freq) > 1:
		r.problem(at.seen[freq[1]], "two-ways", "%s has %s; how often it is down follows from one of them and outage", at.who, both(freq))
	case len(freq) == 1 && outage == nil:
		r.problem(at.seen[freq[0]], "stated", "%s says how often it is down, but not how long; write outage: TIME beside it", at.who)
	case len(freq) == 0 && outage != nil:
		r.problem(outage, "stated", "%s says how long it is down, but not how often; write availability or every beside it", at.who)
	}
	if s.Stated != nil && !at.seen.has("outage") {
		r.unreadable(s.Pos, "outage")
	}
	if s.Stated != nil {
		for _, key := range append(freq, "outage") {
			if n := at.seen[key]; n != nil {
				s.Stated.Pos = r.pos(n)
				break
			}
		}
	}
}
