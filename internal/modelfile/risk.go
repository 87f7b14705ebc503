package modelfile

import (
	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

var changeObject = object[model.Change]{
	name: "change",
	doc:  "Planned, recurring work that costs downtime and can trigger risks.",
	at:   func(c *model.Change) *model.Pos { return &c.Pos },
	fields: []field[model.Change]{
		in("title", aText, "what people call it", func(c *model.Change) *model.Text { return &c.Title }),
		in("owner", aText, "who answers for it", func(c *model.Change) *model.Text { return &c.Owner }),
		in("service", aRef, "the service that is changed; may be left out where the model has one", func(c *model.Change) *model.Ref { return &c.Service }),
		must(in("every", interval, "the time between two of them, such as 7d", func(c *model.Change) *model.Rate { return &c.Every })),
		maybe("downtime", aTime, "planned downtime of each", func(c *model.Change) **model.Time { return &c.Downtime }),
		in("impact", anImpact, "the share of the users that its downtime hits; 100% where it is left out", func(c *model.Change) *model.Impact { return &c.Impact }),
		in("stages", all(aStage), "the steps in which it reaches users, such as [5% for 10m, 100%]", func(c *model.Change) *[]model.Stage { return &c.Stages }),
		in("excluded", aBool, "true: its own downtime does not count in the promise", func(c *model.Change) *bool { return &c.Excluded }),
	},
}

var acceptedObject = object[model.Accepted]{
	name: "acceptance",
	doc:  "Who took the risk knowingly, and for how long.",
	at:   func(a *model.Accepted) *model.Pos { return &a.Pos },
	fields: []field[model.Accepted]{
		must(in("by", aText, "who accepted it", func(a *model.Accepted) *model.Text { return &a.By })),
		maybe("since", aDate, "from when", func(a *model.Accepted) **model.Date { return &a.Since }),
		maybe("until", aDate, "until when; then it must be looked at again", func(a *model.Accepted) **model.Date { return &a.Until }),
		in("because", aText, "why", func(a *model.Accepted) *model.Text { return &a.Because }),
	},
}

// oneOfWords is a kind of value that is one of a few words.
func oneOfWords[V ~string](what string, all []V) kind[V] {
	words := make([]string, len(all))
	for i := range all {
		words[i] = string(all[i])
	}
	return kind[V]{
		schema: enum(words),
		read: func(r *reader, n *yaml.Node) (v V, ok bool) {
			if n.Kind == yaml.ScalarNode {
				for i := range all {
					if words[i] == n.Value {
						return all[i], true
					}
				}
			}
			message := "expected " + or(words) + ", found " + found(n)
			if better := model.Suggest(n.Value, words); better != "" {
				message += "; did you mean " + quote(better) + "?"
			}
			r.problem(n, "bad-"+what, "%s", message)
			return v, false
		},
	}
}

// strike is how the file says what model.StrikesKind says.
type strike string

var strikes = map[strike]model.StrikesKind{"all": model.StrikesAll, "one": model.StrikesOne}

var riskObject = object[model.Risk]{
	name:  "risk",
	doc:   "Something that causes incidents on one service.",
	at:    func(k *model.Risk) *model.Pos { return &k.Pos },
	oneOf: []string{"every", "rate", "per"},
	fields: []field[model.Risk]{
		in("title", aText, "what people call it", func(k *model.Risk) *model.Text { return &k.Title }),
		in("service", aRef, "the service that it hits; may be left out where the model has one", func(k *model.Risk) *model.Ref { return &k.Service }),
		maybe("every", interval, "the time between two incidents, such as 45d..120d", func(k *model.Risk) **model.Rate { return &k.Rate }),
		maybe("rate", aRate, "incidents in a time, such as 0.3/y or 2 in 5y", func(k *model.Risk) **model.Rate { return &k.Rate }),
		maybe("units", aCount, "how many units there are; every or rate is for one", func(k *model.Risk) **model.Count { return &k.Units }),
		maybe("per", aRef, "the change that can trigger it", func(k *model.Risk) **model.Ref { return &k.Per }),
		maybe("chance", aShare, "the chance that one occurrence of the change triggers it", func(k *model.Risk) **model.Share { return &k.Chance }),
		in("impact", anImpact, "the share of the users that is hit; 100% where it is left out", func(k *model.Risk) *model.Impact { return &k.Impact }),
		with("strikes", oneOfWords("strikes", []strike{"one", "all"}), "one copy of the service, or all at once; all for risks per a change and one for others where it is left out", func(k *model.Risk, v strike) { k.Strikes = strikes[v] }),
		maybe("loses", anAmount, "money lost by each incident", func(k *model.Risk) **model.Amount { return &k.Loses }),
		in("before_nets", aBool, "true: its numbers are without any safety net", func(k *model.Risk) *bool { return &k.BeforeNets }),
		with("detect", aPath, "the detections, of which the earliest counts, or one time", func(k *model.Risk, p path) { k.Detect, k.DetectInline = p.refs, p.time }),
		with("recover", aPath, "the recoveries in the order in which they are tried, or one time", func(k *model.Risk, p path) { k.Recover, k.RecoverInline = p.refs, p.time }),
		in("owner", aText, "who answers for it", func(k *model.Risk) *model.Text { return &k.Owner }),
		in("source", aText, "where the numbers come from", func(k *model.Risk) *model.Text { return &k.Source }),
		maybe("asof", aDate, "when the numbers were right", func(k *model.Risk) **model.Date { return &k.AsOf }),
		maybe("review", aDuration, "after how long to look at it again", func(k *model.Risk) **model.Duration { return &k.Review }),
		maybe("accepted", acceptedObject.kind(), "who accepted it", func(k *model.Risk) **model.Accepted { return &k.Accepted }),
	},
	finish: finishRisk,
}

func finishRisk(r *reader, k *model.Risk, at site) {
	r.exactlyOne(at, "frequency", "every", "rate", "per")
	per, chance := at.seen["per"], at.seen["chance"]
	if (per == nil) != (chance == nil) {
		r.unreadable(k.Pos, "chance")
	}
	switch {
	case per != nil && chance == nil:
		r.problem(per, "frequency", "%s is per a change, but lacks the chance at each; write chance: SHARE beside it", at.who)
	case per == nil && chance != nil:
		r.problem(chance, "frequency", "%s has a chance, but does not say of what; write per: CHANGE beside it", at.who)
	}
	if units := at.seen["units"]; per != nil && units != nil {
		r.problem(units, "frequency", "units multiply every or rate; a risk per a change has neither")
	}
}

var detectionObject = object[model.Detection]{
	name: "detection",
	doc:  "A way in which we would know.",
	at:   func(d *model.Detection) *model.Pos { return &d.Pos },
	fields: []field[model.Detection]{
		in("title", aText, "what people call it", func(d *model.Detection) *model.Text { return &d.Title }),
		must(in("after", aTime, "how long after the beginning it fires", func(d *model.Detection) *model.Time { return &d.After })),
		maybe("catches", aShare, "the chance that it fires at all; 100% where it is left out", func(d *model.Detection) **model.Share { return &d.Catches }),
		maybe("false_alarms", aRate, "how often it fires for nothing, such as 2/w", func(d *model.Detection) **model.Rate { return &d.FalseAlarms }),
	},
}

var recoveryObject = object[model.Recovery]{
	name: "recovery",
	doc:  "A way in which an incident ends.",
	at:   func(c *model.Recovery) *model.Pos { return &c.Pos },
	fields: []field[model.Recovery]{
		in("title", aText, "what people call it", func(c *model.Recovery) *model.Text { return &c.Title }),
		must(in("takes", aTime, "how long one attempt takes", func(c *model.Recovery) *model.Time { return &c.Takes })),
		maybe("works", aShare, "the chance that it works; 100% where it is left out", func(c *model.Recovery) **model.Share { return &c.Works }),
		maybe("restores", aShare, "the share of the impact that it ends; 100% where it is left out", func(c *model.Recovery) **model.Share { return &c.Restores }),
		must(in("by", aRef, "the responder who does it, or nobody where it is automatic", func(c *model.Recovery) *model.Ref { return &c.By })),
		in("runbook", aText, "where it is written down", func(c *model.Recovery) *model.Text { return &c.Runbook }),
		maybe("drilled", aDate, "when it was last tried", func(c *model.Recovery) **model.Date { return &c.Drilled }),
	},
}

var responderObject = object[model.Responder]{
	name: "responder",
	doc:  "Who is called, and takes time to acknowledge.",
	at:   func(p *model.Responder) *model.Pos { return &p.Pos },
	fields: []field[model.Responder]{
		in("title", aText, "what people call it", func(p *model.Responder) *model.Text { return &p.Title }),
		must(in("acknowledges", aTime, "how long from the call to the answer", func(p *model.Responder) *model.Time { return &p.Acknowledges })),
		maybe("people", aCount, "how many people share the duty", func(p *model.Responder) **model.Count { return &p.People }),
	},
}
