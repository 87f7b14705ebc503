package modelfile

import (
	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

var objectiveObject = object[model.Objective]{
	name: "objective",
	doc:  "A promise: in any one window, with this confidence, bad time stays within the budget.",
	at:   func(o *model.Objective) *model.Pos { return &o.Pos },
	fields: []field[model.Objective]{
		must(in("target", aTarget, "the share of good time that is promised, above 0 % and below 100 %", func(o *model.Objective) *model.Share { return &o.Target })),
		maybe("over", aDuration, "the window; 30d where it is left out", func(o *model.Objective) **model.Duration { return &o.Over }),
		maybe("confidence", certainty, "the chance with which any one window must keep the target; 90% where it is left out", func(o *model.Objective) **model.Share { return &o.Confidence }),
	},
}

var historyObject = object[model.History]{
	name: "history",
	doc:  "What really happened, to hold the catalogue of risks against.",
	at:   func(h *model.History) *model.Pos { return &h.Pos },
	fields: []field[model.History]{
		must(in("over", aDuration, "how long the record is", func(h *model.History) *model.Duration { return &h.Over })),
		maybe("bad", aDuration, "bad time in that span", func(h *model.History) **model.Duration { return &h.Bad }),
		maybe("incidents", aCount, "incidents in that span", func(h *model.History) **model.Count { return &h.Incidents }),
		maybe("missed", aMissed, "in how many of how many windows the objective was missed", func(h *model.History) **model.Missed { return &h.Missed }),
	},
}

var clauseObject = object[model.Clause]{
	name: "clause",
	doc:  "One clause of a contract: if this happens, pay.",
	at:   func(c *model.Clause) *model.Pos { return &c.Pos },
	fields: []field[model.Clause]{
		must(with("if", condition, "outage >= 3h, downtime >= 6h over 30d or availability < 99.5% over 30d", func(c *model.Clause, v model.Clause) {
			c.Kind, c.If, c.Length, c.Below, c.Over, c.Strict = v.Kind, v.If, v.Length, v.Below, v.Over, v.Strict
		})),
		must(with("pay", aPay, "an amount, or a share of the revenue of the period such as 10% of revenue", func(c *model.Clause, v pay) {
			c.Pay, c.PayOfRevenue = v.amount, v.share
		})),
	},
}

var worthObject = object[model.Worth]{
	name: "worth",
	doc:  "What a service earns, and what an outage costs.",
	at:   func(w *model.Worth) *model.Pos { return &w.Pos },
	fields: []field[model.Worth]{
		maybe("revenue", anAmount, "revenue in a period, such as 40_000_000/d", func(w *model.Worth) **model.Amount { return &w.Revenue }),
		maybe("lost", aShare, "the share of the revenue of bad time that never comes back", func(w *model.Worth) **model.Share { return &w.Lost }),
		maybe("users", aCount, "how many users there are", func(w *model.Worth) **model.Count { return &w.Users }),
		in("sla", list(pointer(clauseObject.kind())), "the clauses of the contract", func(w *model.Worth) *[]*model.Clause { return &w.SLA }),
	},
}

var switchObject = object[model.Switch]{
	name: "switch",
	doc:  "The change-over from a member that failed to one that stands.",
	at:   func(s *model.Switch) *model.Pos { return &s.Pos },
	fields: []field[model.Switch]{
		must(in("takes", aTime, "how long users wait for it", func(s *model.Switch) *model.Time { return &s.Takes })),
		maybe("works", aShare, "the chance that it works; 100% where it is left out", func(s *model.Switch) **model.Share { return &s.Works }),
	},
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
	name:  "need",
	doc:   "What a service needs: one service, one of several, some of several, or for each user one of several.",
	at:    func(p *needParts) *model.Pos { return &p.Pos },
	oneOf: []string{"service", "any", "at_least", "split"},
	fields: []field[needParts]{
		maybe("service", aRef, "the one service that is needed", func(p *needParts) **model.Ref { return &p.one }),
		in("any", list(aRef), "services of which one is enough", func(p *needParts) *[]model.Ref { return &p.some }),
		maybe("at_least", aCount, "how many of those under `of` are needed", func(p *needParts) **model.Count { return &p.n }),
		in("of", list(aRef), "the services of which `at_least` are needed", func(p *needParts) *[]model.Ref { return &p.some }),
		in("split", split, "the share of the users that relies on each service; each user relies on exactly one", func(p *needParts) *[]model.Member { return &p.users }),
		maybe("impact", aShare, "the share of the users that is exposed; 100% where it is left out", func(p *needParts) **model.Share { return &p.Impact }),
		maybe("rides_out", aTime, "the first part of each outage that is not felt", func(p *needParts) **model.Time { return &p.RidesOut }),
		maybe("switch", switchObject.kind(), "the change-over when a member fails and the group stands", func(p *needParts) **model.Switch { return &p.Switch }),
		maybe("common_cause", aShare, "the share of the members' failures that strikes them all at once", func(p *needParts) **model.Share { return &p.CommonCause }),
		in("counts", aBool, "false: users feel it, and the promise leaves it out", func(p *needParts) *bool { return &p.Counts }),
	},
	finish: finishNeed,
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
	fields: []field[model.Service]{
		in("title", aText, "what people call it", func(s *model.Service) *model.Text { return &s.Title }),
		in("owner", aText, "who answers for it", func(s *model.Service) *model.Text { return &s.Owner }),
		in("outside", aBool, "true: not in our hands", func(s *model.Service) *bool { return &s.Outside }),
		with("objective", objectiveObject.kind(), "the one objective, named available", func(s *model.Service, o model.Objective) {
			o.Name = "available"
			s.Objectives = append(s.Objectives, &o)
		}),
		in("objectives", objectives, "several objectives by name", func(s *model.Service) *[]*model.Objective { return &s.Objectives }),
		maybe("background", aShare, "the share of errors that are always there; they spend the budget evenly", func(s *model.Service) **model.Share { return &s.Background }),
		maybe("history", historyObject.kind(), "what really happened", func(s *model.Service) **model.History { return &s.History }),
		maybe("worth", worthObject.kind(), "what the service earns, and what an outage costs", func(s *model.Service) **model.Worth { return &s.Worth }),
		in("needs", list(aNeed), "the services it needs", func(s *model.Service) *[]*model.Need { return &s.Needs }),
		maybe("copies", aCount, "how many independent copies there are; 1 where it is left out", func(s *model.Service) **model.Count { return &s.Copies }),
		maybe("need", aCount, "how many copies must stand; 1 where it is left out", func(s *model.Service) **model.Count { return &s.Need }),
		maybe("switch", switchObject.kind(), "the change-over when a copy fails and enough stand", func(s *model.Service) **model.Switch { return &s.Switch }),
		maybe("common_cause", aShare, "the share of the copies' failures that strikes them all at once; 5% where it is left out", func(s *model.Service) **model.Share { return &s.CommonCause }),
		maybe("availability", aShare, "stated availability of its own part, besides its needs", func(s *model.Service) **model.Share { return &stated(s).Availability }),
		maybe("every", interval, "stated time between its own outages", func(s *model.Service) **model.Rate { return &stated(s).Every }),
		maybe("rate", aRate, "stated rate of its own outages", func(s *model.Service) **model.Rate { return &stated(s).Every }),
		in("outage", aTime, "how long one of its own outages lasts", func(s *model.Service) *model.Time { return &stated(s).Outage }),
	},
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
