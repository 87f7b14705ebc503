package modelfile

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

var costObject = object[model.Cost]{
	name: "cost",
	doc:  "What a safety net takes to build and to run.",
	at:   func(c *model.Cost) *model.Pos { return &c.Pos },
	fields: described(model.CostKeys(),
		with("build", list(aPrice), func(c *model.Cost, ps []price) { c.BuildMoney, c.BuildEffort = sortPrices(ps) }),
		with("run", list(aPrice), func(c *model.Cost, ps []price) { c.RunMoney, c.RunEffort = sortPrices(ps) }),
	),
}

func sortPrices(ps []price) (money []model.Amount, effort []model.Effort) {
	for _, p := range ps {
		if p.amount != nil {
			money = append(money, *p.amount)
		} else {
			effort = append(effort, *p.effort)
		}
	}
	return money, effort
}

var netObject = object[model.Net]{
	name: "safety net",
	doc:  "Something that prevents, detects, contains or shortens incidents.",
	at:   func(n *model.Net) *model.Pos { return &n.Pos },
	fields: described(model.NetKeys(),
		in("cost", costObject.kind(), func(n *model.Net) *model.Cost { return &n.Cost }),
		in("effects", list(anEffect), func(n *model.Net) *[]*model.Effect { return &n.Effects }),
	),
}

// An effect has one target, and each target its own keys. effectTargets lists
// the tables in the order of the documentation.
var effectTargets = []*object[model.Effect]{&effectOnRisks, &effectOnChange, &effectOnResponder, &effectOnService, &effectOnNeed}

// effectObject is the table of the effects on one target: the keys that say on
// what they are, then those that model.EffectKeys describes.
func effectObject(on model.EffectTarget, name, doc string, own ...field[model.Effect]) object[model.Effect] {
	o := object[model.Effect]{
		name: name, doc: doc, acts: true,
		at: func(e *model.Effect) *model.Pos { return &e.Pos },
	}
	for _, k := range model.TargetKeys() {
		if k.Target == on {
			o.oneOf = append(o.oneOf, k.Name)
			o.fields = append(o.fields, fieldOf(&k.Key, own))
		}
	}
	for _, k := range model.EffectKeys() {
		if k.Target == on {
			o.fields = append(o.fields, effectField(k))
		}
	}
	return o
}

// effectField makes the field of a key of effects.
func effectField(k model.EffectKey) field[model.Effect] {
	form := model.AsInterval // of a rate
	if k.Combines == model.Adds {
		form = model.AsMore
	}
	f := field[model.Effect]{}
	if !held(&f, k.Name, switchObject.kind(), k.At) && !held(&f, k.Name, detectionObject.kind(), k.At) && !held(&f, k.Name, recoveryObject.kind(), k.At) {
		f = plain(k.Name, form, k.At)
	}
	f.doc, f.idle = k.Doc, k.Combines == model.Recalls
	return f
}

var effectOnRisks = effectObject(model.OnRisks, "effect on risks", "What a net does to the risks named, or to every risk per a change.")

var effectOnChange = effectObject(model.OnChange, "effect on a change", "What a net does to a change.")

var effectOnResponder = effectObject(model.OnResponder, "effect on a responder", "What a net does to a responder.")

var effectOnService = effectObject(model.OnService, "effect on a service", "What a net does to the copies of a service, or to what it states of itself.")

var effectOnNeed = effectObject(model.OnNeed, "effect on a need", "What a net does to one need of a service, written FROM -> TO.",
	with("need", anEdge, func(e *model.Effect, v [2]model.Ref) { e.NeedFrom, e.NeedTo = &v[0], &v[1] }),
)

// aBefore is a share, or a time between two outages.
var aBefore = kind[model.Before]{
	schema: anyOf(ref("share"), ref("interval")),
	read: func(r *reader, n *yaml.Node) (model.Before, bool) {
		b := model.Before{Pos: r.pos(n)}
		if n.Kind == yaml.ScalarNode && strings.HasSuffix(n.Value, "%") {
			v, ok := aShare.read(r, n)
			b.Share = &v
			return b, ok
		}
		v, ok := interval.read(r, n)
		b.Rate = &v
		return b, ok
	},
}

// anEdge reads `booking -> search`. The place of the second name is where it
// begins, where it is written plainly on one line.
var anEdge = kind[[2]model.Ref]{
	schema: ref("edge"),
	read: func(r *reader, n *yaml.Node) (edge [2]model.Ref, ok bool) {
		from, to, err := ParseEdge(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil {
			r.problem(n, "bad-edge", "expected a need such as booking -> search, found %s", found(n))
			return edge, false
		}
		start, end := r.pos(n), r.pos(n)
		if n.Style == 0 && !strings.Contains(n.Value, "\n") {
			end.Col += utf8.RuneCountInString(n.Value) - utf8.RuneCountInString(to)
		}
		return [2]model.Ref{{Name: from, Pos: start}, {Name: to, Pos: end}}, true
	},
}

// ParseEdge reads one need of a service: FROM -> TO.
func ParseEdge(s string) (from, to string, err error) {
	a, b, ok := strings.Cut(s, "->")
	if !ok {
		return "", "", fmt.Errorf("expected a need such as booking -> search, found %s", quote(s))
	}
	if from, err = ParseName(strings.TrimRight(a, " ")); err != nil {
		return "", "", err
	}
	if to, err = ParseName(strings.TrimLeft(b, " ")); err != nil {
		return "", "", err
	}
	return from, to, nil
}

// anEffect chooses the table of an effect by its target.
var anEffect = kind[*model.Effect]{
	schema: effectSchema(),
	read: func(r *reader, n *yaml.Node) (*model.Effect, bool) {
		if n.Kind != yaml.MappingNode {
			r.problem(n, "wrong-type", "expected an effect such as {risk: NAME, prevents: 60%%}, found %s", found(n))
			return nil, false
		}
		o, target := effectTarget(r, n)
		if o == nil {
			return nil, false
		}
		e := &model.Effect{}
		o.read(r, n, site{place: n, who: "the effect on " + target, stranger: func(key *yaml.Node) bool { return elsewhere(r, key, o) }}, e)
		return e, true
	},
}

// effectTarget finds what an effect is on; nil where that is not clear.
func effectTarget(r *reader, n *yaml.Node) (*object[model.Effect], string) {
	written := map[string]*yaml.Node{}
	for i := 0; i < len(n.Content); i += 2 {
		written[n.Content[i].Value] = n.Content[i]
	}
	var names, given []string
	var on *object[model.Effect]
	for _, o := range effectTargets {
		for _, target := range o.oneOf {
			names = append(names, target)
			// Beside a service, need is a number of copies.
			if written[target] == nil || target == "need" && written["service"] != nil {
				continue
			}
			given, on = append(given, target), o
		}
	}
	switch len(given) {
	case 0:
		if !mistypedTarget(r, n, names) {
			r.problem(n, "effect-target", "the effect does not say on what; write one of %s", or(names))
		}
		return nil, ""
	case 1:
		return on, given[0]
	}
	r.problem(written[given[1]], "effect-target", "the effect is on %s; write one effect for each", both(given))
	return nil, ""
}

// mistypedTarget reports the first key of an effect without a target that no
// effect has, which is most likely meant to be its target.
func mistypedTarget(r *reader, n *yaml.Node, targets []string) bool {
	var known []string
	for _, o := range effectTargets {
		known = append(known, o.keyNames()...)
	}
	before := r.count
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; r.plainKey(key) && !slices.Contains(known, key.Value) {
			r.unknownKey(key, n.Content[i+1], "effect", targets)
			return true
		}
	}
	return r.count > before
}

// elsewhere reports a key that an effect has on other targets.
func elsewhere(r *reader, key *yaml.Node, o *object[model.Effect]) bool {
	for _, other := range effectTargets {
		for _, name := range other.keyNames() {
			if name == key.Value {
				r.problem(key, "effect-key", "an %s cannot have %s, which an %s has; expected one of %s", o.name, name, other.name, or(o.options()))
				return true
			}
		}
	}
	return false
}
