package model

import "reflect"

// A Table is the keys of one kind of object.
type Table struct {
	Of   string // as messages and the schema call it: "safety net"
	Type reflect.Type
	Keys []TableKey
}

// A TableKey is a key of whatever kind of object.
type TableKey struct {
	Name, Doc       string
	English, Korean string
	Bears           Bearing
	// Holds returns pointers to the fields that the key fills, of a pointer to an
	// object of the type of the table.
	Holds func(of any) []any
}

// Tables lists the keys of every kind of object, in the order of the
// documentation.
func Tables() []Table {
	return []Table{
		tableOf("model", ModelKeys()),
		tableOf("rates", RateKeys()),
		tableOf("service", ServiceKeys()), tableOf("service", StatedKeys()),
		tableOf("objective", ObjectiveKeys()), tableOf("indicator", SLIKeys()), tableOf("history", HistoryKeys()),
		tableOf("worth", WorthKeys()), tableOf("clause", ClauseKeys()),
		tableOf("need", NeedKeys()), tableOf("switch", SwitchKeys()),
		tableOf("change", ChangeKeys()), tableOf("risk", RiskKeys()), tableOf("acceptance", AcceptedKeys()),
		tableOf("detection", DetectionKeys()), tableOf("recovery", RecoveryKeys()), tableOf("responder", ResponderKeys()),
		tableOf("safety net", NetKeys()), tableOf("cost", CostKeys()),
		tableOf("effect on risks", keysOn(OnRisks)), tableOf("effect on a change", keysOn(OnChange)),
		tableOf("effect on a responder", keysOn(OnResponder)), tableOf("effect on a service", keysOn(OnService)),
		tableOf("effect on a need", keysOn(OnNeed)),
		tableOf("text by language", TextsKeys()),
	}
}

func tableOf[T any](of string, keys []Key[T]) Table {
	t := Table{Of: of, Type: reflect.TypeFor[T]()}
	for i := range keys {
		k := &keys[i]
		t.Keys = append(t.Keys, TableKey{k.Name, k.About(), k.English, k.Korean, k.Bears, func(of any) []any { return k.All(of.(*T)) }})
	}
	return t
}

// keysOn lists the keys of the effects on one kind of target.
func keysOn(target EffectTarget) []Key[Effect] {
	var out []Key[Effect]
	for _, k := range targetKeys {
		if k.Target == target {
			out = append(out, k.Key)
		}
	}
	for _, k := range effectKeys {
		if k.Target == target {
			out = append(out, Key[Effect]{Name: k.Name, Doc: k.Doc, At: k.At, English: k.English, Korean: k.Korean})
		}
	}
	return out
}

// A KeyName is what people call a key of the language, in each language.
type KeyName struct{ Key, English, Korean string }

// KeyNames lists what people call the keys, each once: a name of a key is
// called the same wherever it stands. The last two are no keys of an object, but
// what leads to prices of effort, and the name that the one objective of a service
// has.
func KeyNames() []KeyName {
	var out []KeyName
	seen := map[string]bool{}
	for _, t := range Tables() {
		for _, k := range t.Keys {
			if !seen[k.Name] {
				seen[k.Name] = true
				out = append(out, KeyName{k.Name, k.English, k.Korean})
			}
		}
	}
	return append(out, KeyName{"rates", "rates", "단가"}, KeyName{"available", "available", "가용성"})
}
