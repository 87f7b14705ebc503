package modelfile

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A schema is a part of the JSON Schema of the language.
type schema map[string]any

// Schema returns the JSON Schema (draft 2020-12) of one model file, for
// editors. It comes from the tables that drive the reader: what the reader
// takes, the schema takes. What concerns several keys or parts at once is left
// to the reader.
func Schema() []byte {
	defs := schema{}
	for _, s := range scalarForms {
		defs[s.name] = s.define()
	}
	all := objects()
	for _, o := range all[1:] {
		name, s := o.define()
		defs[name] = s
	}
	_, root := all[0].define()
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "tightrope model"
	root["$defs"] = defs
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("the schema is made of maps, lists and texts: %v", err))
	}
	return append(out, '\n')
}

// anObject is an object of any type.
type anObject interface {
	define() (name string, s schema)
	keyNames() []string
	traits() []trait
}

// objects lists the tables of the language, that of a whole file first, in
// the order of the documentation.
func objects() []anObject {
	return []anObject{
		&documentObject, &ratesObject,
		&serviceObject, &objectiveObject, &sliObject, &historyObject, &worthObject, &clauseObject, &needObject, &switchObject,
		&changeObject, &riskObject, &acceptedObject, &detectionObject, &recoveryObject, &responderObject,
		&netObject, &costObject,
		&effectOnRisks, &effectOnChange, &effectOnResponder, &effectOnService, &effectOnNeed,
		&textsObject,
	}
}

// define makes the schema of an object.
func (o *object[T]) define() (string, schema) {
	properties := schema{}
	var required []string
	for i := range o.fields {
		f := &o.fields[i]
		p := schema{"description": f.doc}
		for k, v := range f.schema {
			p[k] = v
		}
		properties[f.key] = p
		if f.required {
			required = append(required, f.key)
		}
	}
	s := schema{"description": o.doc, "type": "object", "properties": properties, "additionalProperties": false}
	if required == nil && o.oneOf == nil {
		s["type"] = []string{"object", "null"} // `search:` says nothing more about search
	}
	if required != nil {
		s["required"] = required
	}
	if o.oneOf != nil {
		var each []schema
		for _, key := range o.oneOf {
			each = append(each, schema{"required": []string{key}})
		}
		s["oneOf"] = each
	}
	if o.acts {
		s["minProperties"] = 2
	}
	return defName(o.name), s
}

func defName(name string) string { return strings.ReplaceAll(name, " ", "-") }

func ref(name string) schema { return schema{"$ref": "#/$defs/" + defName(name)} }

func anyOf(of ...schema) schema { return schema{"anyOf": of} }

func enum(words []string) schema { return schema{"enum": words} }

// oneOrMore is a list, or a single value that stands for a list of one.
func oneOrMore(s schema) schema {
	return anyOf(s, schema{"type": []string{"array", "null"}, "items": s})
}

// mapOf is a mapping from names to values.
func mapOf(values schema) schema {
	return schema{"type": []string{"object", "null"}, "propertyNames": ref("name"), "additionalProperties": values}
}

// effectSchema is an effect on any of its targets.
func effectSchema() schema {
	var each []schema
	for _, o := range effectTargets {
		each = append(each, ref(o.name))
	}
	return schema{"anyOf": each}
}

// A scalarForm says how a scalar is written. Its pattern takes all that the
// parser takes, and may take more.
type scalarForm struct {
	name     string
	doc      string
	pattern  string   // with N, D, P and U for the parts below
	numbers  bool     // YAML may read some of them as numbers
	examples []string // each is understood
}

// Parts of patterns: a number, a duration, a percentage, a unit of time.
var patternParts = strings.NewReplacer(
	"{N}", `\d(_?\d)*(\.\d(_?\d)*)?`,
	"{I}", `\d(_?\d)*`,
	"{D}", `(\d(_?\d)*(\.\d(_?\d)*)?(y|month|w|d|h|m|s))+`,
	"{P}", `\d(_?\d)*(\.\d(_?\d)*)?%`,
	"{U}", `(y|month|w|d|h|m|s)`,
)

// scalarForms lists every scalar of the language, in the order of the
// documentation.
var scalarForms = []scalarForm{
	{"name", "Letters of any script, digits, -, _ and a point.", `[\p{L}\p{M}\p{Nd}_.-]+`, true, []string{"booking", "zone-a", "예약"}},
	{"text", "Any text.", `[\s\S]+`, true, []string{"A release breaks booking"}},
	{"duration", "A length of time. y is 365.25 d and month a twelfth of it.", `{D}`, false, []string{"10s", "1.5h", "1h30m", "30d", "6month", "3y"}},
	{"time", "A length of time that differs from incident to incident: a range holds its 5th and 95th percentiles, ~30m is 15m..1h, exp(30m) is exponential with that mean.", `~?{D}|exp\({D}\)|({N}|{D})\.\.{D}`, false, []string{"5m", "2m..15m", "2..15m", "~30m", "exp(30m)"}},
	{"share", "A share of a whole; a range holds the 5th and 95th percentiles of what it may be.", `{P}|{N}%?\.\.{P}`, false, []string{"20%", "99.95%", "2%..6%", "30..60%"}},
	{"target", "A share above 0 % and below 100 %, exactly known.", `{P}`, false, []string{"99.95%"}},
	{"confidence", "A share above 0 % and below 100 %, exactly known.", `{P}`, false, []string{"90%"}},
	{"signed", "A relative change, always with its sign.", `[+-]{P}|[+-]{N}%?\.\.[+-]{P}`, false, []string{"-50%", "+30%", "-50%..-30%"}},
	{"rate", "Events in a time, per unit of time or as counted.", `{N}%?(/{U})?\.\.{N}%?/{U}|{N}%?/{U}|{I} in {D}`, false, []string{"0.3/y", "1.4%/y", "0.1/y..0.3/y", "1..3/y", "2 in 5y"}},
	{"interval", "The time between two events; a range holds the 5th and 95th percentiles of what it may be.", `{D}|({N}|{D})\.\.{D}`, false, []string{"7d", "45d..120d"}},
	{"currency", "In what money is counted: letters or a currency sign.", `[\p{L}\p{M}\p{Sc}]+`, false, []string{"KRW", "€"}},
	{"amount", "Money in the currency of the model, once or in a period.", `{N}((/{U})?\.\.{N})?(/{U})?`, true, []string{"40_000_000", "40_000_000/d", "1_000..2_000/month"}},
	{"effort", "Work by people, once or in a period.", `{N}(\.\.{N})? person-days?(/{U})?`, false, []string{"15 person-days", "1 person-day/month", "10..15 person-days"}},
	{"count", "A whole number.", `{I}`, true, []string{"3", "300_000"}},
	{"more", "How many more or fewer.", `[+-]{I}`, true, []string{"+2", "-1"}},
	{"date", "A calendar day.", `\d{4}-\d{2}-\d{2}`, false, []string{"2026-11-22"}},
	{"missed", "In how many of how many windows the objective was missed.", `{I} of {I}`, false, []string{"3 of 12"}},
	{"stage", "One step of a roll-out; the last has no length.", `{P}( for {D})?`, false, []string{"5% for 10m", "100%"}},
	{"condition", "When a clause of a contract applies.", ` *(outage +>=? +{D}|downtime +>=? +{D} +over +{D}|availability +<=? +{P} +over +{D}) *`, false, []string{"outage >= 3h", "downtime >= 6h over 30d", "availability < 99.5% over 30d"}},
	{"revenue-share", "A share of the revenue of the period.", `({P}|{N}%?\.\.{P}) of revenue`, false, []string{"10% of revenue"}},
	{"edge", "One need of a service.", `[\p{L}\p{M}\p{Nd}_.-]+ *-> *[\p{L}\p{M}\p{Nd}_.-]+`, false, []string{"booking -> search"}},
	{"query", "A PromQL expression with `{{window}}` where its range stands.", `[\s\S]*\{\{window\}\}[\s\S]*`, false, []string{"sum(rate(requests_total[{{window}}]))"}},
	{"metric", "A metric of Prometheus, with or without labels.", `[\s\S]+`, false, []string{"probe_success", `probe_success{job="booking"}`}},
	{"bool", "True or false.", "", false, []string{"true", "false"}},
	{"version", "The version of the model language.", "", false, []string{"1"}},
}

// define makes the schema of a scalar. A pattern says nothing about numbers.
func (f scalarForm) define() schema {
	s := schema{"description": f.doc, "examples": f.examples}
	switch f.name {
	case "bool":
		s["enum"] = []any{true, false, "true", "false"}
		delete(s, "examples")
		return s
	case "version":
		s["enum"] = []any{1, "1"}
		delete(s, "examples")
		return s
	}
	s["type"] = "string"
	if f.numbers {
		s["type"] = []string{"string", "number"}
	}
	if f.name == "name" || f.name == "text" {
		s["type"] = []string{"string", "number", "boolean"}
	}
	s["pattern"] = "^(" + patternParts.Replace(f.pattern) + ")$"
	return s
}
