package modelfile

import (
	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

var changeObject = object[model.Change]{
	name:   "change",
	doc:    "Planned, recurring work that costs downtime and can trigger risks.",
	at:     func(c *model.Change) *model.Pos { return &c.Pos },
	fields: described(model.ChangeKeys()),
}

var acceptedObject = object[model.Accepted]{
	name:   "acceptance",
	doc:    "Who took the risk knowingly, and for how long.",
	at:     func(a *model.Accepted) *model.Pos { return &a.Pos },
	fields: described(model.AcceptedKeys()),
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
	fields: described(model.RiskKeys(),
		with("detect", aPath, func(k *model.Risk, p path) { k.Detect, k.DetectInline = p.refs, p.time }),
		with("recover", aPath, func(k *model.Risk, p path) { k.Recover, k.RecoverInline = p.refs, p.time }),
		maybe("accepted", acceptedObject.kind(), func(k *model.Risk) **model.Accepted { return &k.Accepted }),
	),
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
	name:   "detection",
	doc:    "A way in which we would know.",
	at:     func(d *model.Detection) *model.Pos { return &d.Pos },
	fields: described(model.DetectionKeys()),
}

var recoveryObject = object[model.Recovery]{
	name:   "recovery",
	doc:    "A way in which an incident ends.",
	at:     func(c *model.Recovery) *model.Pos { return &c.Pos },
	fields: described(model.RecoveryKeys()),
}

var responderObject = object[model.Responder]{
	name:   "responder",
	doc:    "Who is called, and takes time to acknowledge.",
	at:     func(p *model.Responder) *model.Pos { return &p.Pos },
	fields: described(model.ResponderKeys()),
}
