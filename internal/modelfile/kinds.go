package modelfile

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// scalar makes a kind of value out of a parser of texts. name is what the
// schema calls it and, after "bad-", the code of what is wrong with it; place
// remembers where the value stands.
func scalar[V any](name, wants string, parse func(string) (V, error), place func(*V, model.Pos)) kind[V] {
	return kind[V]{
		schema: ref(name),
		read: func(r *reader, n *yaml.Node) (v V, ok bool) {
			if n.Kind != yaml.ScalarNode || isNothing(n) {
				r.problem(n, "wrong-type", "expected %s, found %s", wants, found(n))
				return v, false
			}
			v, err := parse(n.Value)
			if err != nil {
				r.problem(n, "bad-"+name, "%s", err)
				return v, false
			}
			if place != nil {
				place(&v, r.pos(n))
			}
			return v, true
		},
	}
}

var (
	aDuration = scalar("duration", "a duration such as 30d", ParseDuration, func(v *model.Duration, p model.Pos) { v.Pos = p })
	aTime     = scalar("time", "a time such as 5m, 2m..15m, ~30m or exp(30m)", ParseTime, func(v *model.Time, p model.Pos) { v.Pos = p })
	aShare    = scalar("share", "a share such as 20%", ParseShare, func(v *model.Share, p model.Pos) { v.Pos = p })
	aTarget   = scalar("target", "a target such as 99.9%", ParseTarget, func(v *model.Share, p model.Pos) { v.Pos = p })
	certainty = scalar("confidence", "a confidence such as 90%", ParseConfidence, func(v *model.Share, p model.Pos) { v.Pos = p })
	aSigned   = scalar("signed", "a change such as -50% or +30%", ParseSigned, func(v *model.Signed, p model.Pos) { v.Pos = p })
	aRate     = scalar("rate", "a rate such as 0.3/y or 2 in 5y", ParseRate, func(v *model.Rate, p model.Pos) { v.Pos = p })
	interval  = scalar("interval", "an interval such as 7d or 45d..120d", ParseEvery, func(v *model.Rate, p model.Pos) { v.Pos = p })
	anAmount  = scalar("amount", "an amount such as 40_000_000", ParseAmount, func(v *model.Amount, p model.Pos) { v.Pos = p })
	aCount    = scalar("count", "a whole number such as 3", ParseCount, func(v *model.Count, p model.Pos) { v.Pos = p })
	more      = scalar("more", "how many more or fewer, such as +2", ParseMore, func(v *model.Count, p model.Pos) { v.Pos = p })
	aDate     = scalar("date", "a date such as 2026-11-22", ParseDate, func(v *model.Date, p model.Pos) { v.Pos = p })
	aMissed   = scalar("missed", "missed of all windows, such as 3 of 12", ParseMissed, func(v *model.Missed, p model.Pos) { v.Pos = p })
	aStage    = scalar("stage", "a stage such as 5% for 10m", ParseStage, placeStage)
	condition = scalar("condition", "a condition such as outage >= 3h", ParseCondition, placeCondition)
	aCurrency = scalar("currency", "a currency such as KRW", ParseCurrency, func(v *model.Text, p model.Pos) { v.Pos = p })
	aVersion  = scalar("version", "version 1 of the model language", parseVersion, nil)
	aBool     = scalar("bool", "true or false", parseBool, nil)
	aText     = scalar("text", "a text", parseText, func(v *model.Text, p model.Pos) { v.Pos = p })
)

// placeStage remembers where a stage stands; so do its parts.
func placeStage(v *model.Stage, p model.Pos) {
	v.Pos, v.Share.Pos = p, p
	if v.For != nil {
		v.For.Pos = p
	}
}

// placeCondition remembers where a condition stands; so do its parts.
func placeCondition(v *model.Clause, p model.Pos) {
	v.Pos, v.If.Pos, v.Length.Pos, v.Below.Pos = p, p, p, p
	if v.Over != nil {
		v.Over.Pos = p
	}
}

// aRef is the name of another part of the model.
var aRef = kind[model.Ref]{schema: ref("name"), read: func(r *reader, n *yaml.Node) (model.Ref, bool) { return r.name(n) }}

// anImpact is one share, or a share for each objective named.
var anImpact = kind[model.Impact]{
	schema: anyOf(ref("share"), mapOf(ref("share"))),
	read: func(r *reader, n *yaml.Node) (model.Impact, bool) {
		impact := model.Impact{Pos: r.pos(n)}
		if n.Kind != yaml.MappingNode {
			v, ok := aShare.read(r, n)
			impact.All = &v
			return impact, ok
		}
		r.pairs(n, func(key, value *yaml.Node) {
			name, named := r.name(key)
			if v, ok := aShare.read(r, value); ok && named {
				impact.ByObjective = append(impact.ByObjective, model.ObjectiveImpact{Objective: name.Name, Pos: name.Pos, Share: v})
			}
		})
		if len(n.Content) == 0 {
			r.problem(n, "wrong-type", "expected a share such as 20%%, or one for each objective, found an empty map")
			return impact, false
		}
		return impact, true
	},
}

// split is a mapping from members to their shares of the users.
var split = kind[[]model.Member]{
	schema: mapOf(ref("share")),
	read: func(r *reader, n *yaml.Node) ([]model.Member, bool) {
		if n.Kind != yaml.MappingNode {
			r.problem(n, "wrong-type", "expected the share of each member, as in {NAME: 45%%, NAME: 30%%}, found %s", found(n))
			return nil, false
		}
		var members []model.Member
		r.pairs(n, func(key, value *yaml.Node) {
			name, named := r.name(key)
			if v, ok := aShare.read(r, value); ok && named {
				members = append(members, model.Member{Ref: name, Share: v})
			}
		})
		return members, true
	},
}

// A path is what stands behind detect and recover: names, or one inline time.
type path struct {
	refs []model.Ref
	time *model.Time
}

// aPath takes a single text that reads as a time for one, and anything else
// for names. Detections and recoveries cannot be named like times.
var aPath = kind[path]{
	schema: anyOf(ref("time"), oneOrMore(ref("name"))),
	read: func(r *reader, n *yaml.Node) (path, bool) {
		if n.Kind == yaml.ScalarNode && !isNothing(n) && looksLikeTime(n.Value) {
			t, ok := aTime.read(r, n)
			return path{time: &t}, ok
		}
		refs, ok := list(inPath).read(r, n)
		return path{refs: refs}, ok
	},
}

// inPath is a name in a list of detections or recoveries.
var inPath = kind[model.Ref]{schema: aRef.schema, read: func(r *reader, n *yaml.Node) (model.Ref, bool) {
	if n.Kind == yaml.ScalarNode && looksLikeTime(n.Value) {
		r.problem(n, "wrong-type", "expected a name, found the time %s; a time stands alone, without brackets", quote(n.Value))
		return model.Ref{}, false
	}
	return r.name(n)
}}

// looksLikeTime reports whether a text is meant as a time: it begins with a
// number and goes on like a time or a range, with what some people call a
// unit, or it could not be a name. 5m, 5min and 1h..2x are, 24h-watch is not.
func looksLikeTime(s string) bool {
	if strings.HasPrefix(s, "exp(") || strings.HasPrefix(s, "~") {
		return true
	}
	number, rest := cutNumber(strings.TrimPrefix(s, "-"))
	if number == "" {
		return false
	}
	word, more := cutWord(rest)
	_, unknown := unitOf(word, s)
	known := unknown == nil || otherUnits[word] != ""
	goesOn := more == "" || more[0] >= '0' && more[0] <= '9'
	return rest == "" || known && goesOn || strings.Contains(s, "..") || model.CheckName(s) != nil
}

// A price is money or effort; costs are made of both.
type price struct {
	amount *model.Amount
	effort *model.Effort
}

var aPrice = kind[price]{
	schema: anyOf(ref("amount"), ref("effort")),
	read: func(r *reader, n *yaml.Node) (price, bool) {
		if n.Kind == yaml.ScalarNode && isEffort(n.Value) {
			v, ok := anEffort.read(r, n)
			return price{effort: &v}, ok
		}
		v, ok := anAmount.read(r, n)
		return price{amount: &v}, ok
	},
}

var anEffort = scalar("effort", "an effort such as 15 person-days", ParseEffort, func(v *model.Effort, p model.Pos) { v.Pos = p })

// pay is what a clause costs: an amount, or a share of the revenue of the period.
type pay struct {
	amount *model.Amount
	share  *model.Share
}

var aPay = kind[pay]{
	schema: anyOf(ref("amount"), ref("revenue-share")),
	read: func(r *reader, n *yaml.Node) (pay, bool) {
		if n.Kind == yaml.ScalarNode {
			v, ok, err := shareOfRevenue(n.Value)
			if err != nil {
				r.problem(n, "bad-share", "%s", err)
				return pay{}, false
			}
			if v.Pos = r.pos(n); ok {
				return pay{share: &v}, true
			}
		}
		v, ok := anAmount.read(r, n)
		return pay{amount: &v}, ok
	},
}

// parseText takes any text that is not empty.
func parseText(s string) (model.Text, error) {
	if s == "" {
		return model.Text{}, errors.New("expected a text, found an empty one")
	}
	return model.Text{S: s}, nil
}
