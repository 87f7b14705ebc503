package model

import (
	"reflect"
	"testing"
)

// What an effect can hold besides its place and what it is on is described, once
// for each target, with all that the table is asked for.
func TestEveryFieldOfAnEffectIsDescribed(t *testing.T) {
	targets := map[string]bool{"Risks": true, "RisksPer": true, "Change": true, "Responder": true, "Service": true, "NeedFrom": true, "NeedTo": true}
	e := &Effect{}
	v := reflect.ValueOf(e).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if name == "Pos" || targets[name] {
			continue
		}
		described := false
		for _, k := range EffectKeys() {
			described = described || k.At(e) == v.Field(i).Addr().Interface()
		}
		if !described {
			t.Errorf("no key of EffectKeys holds its value in Effect.%s", name)
		}
	}
	type key struct {
		on   EffectTarget
		name string
	}
	seen := map[key]bool{}
	for _, k := range EffectKeys() {
		if seen[key{k.Target, k.Name}] {
			t.Errorf("%s is described twice for one target", k.Name)
		}
		seen[key{k.Target, k.Name}] = true
		if k.Target == OnNothing || k.Name == "" || k.Doc == "" {
			t.Errorf("%q lacks its target, its name or what it does", k.Name)
		}
		if _, signed := k.At(e).(**Signed); signed != (k.Combines == Multiplies) {
			t.Errorf("%s: signed changes, and they alone, multiply", k.Name)
		}
		if _, share := k.At(e).(**Share); k.Combines == Lessens && !share {
			t.Errorf("%s lessens by what is no share", k.Name)
		}
	}
}

// Whatever an effect holds is among its values, as what it is.
func TestTheValuesOfAnEffectAreAllThatItSays(t *testing.T) {
	ref := &Ref{Name: "x"}
	on := map[EffectTarget]Effect{
		OnRisks: {RisksPer: ref}, OnChange: {Change: ref}, OnResponder: {Responder: ref}, OnService: {Service: ref}, OnNeed: {NeedFrom: ref, NeedTo: ref},
	}
	for _, k := range EffectKeys() {
		e := on[k.Target]
		if e.Target() != k.Target {
			t.Fatalf("an effect on %v says that it is on %v", k.Target, e.Target())
		}
		if len(e.Values()) != 0 {
			t.Errorf("an effect that says nothing has values: %v", e.Values())
		}
		at := reflect.ValueOf(k.At(&e)).Elem()
		if at.Kind() == reflect.Pointer {
			at.Set(reflect.New(at.Type().Elem()))
		} else {
			at.Set(reflect.MakeSlice(at.Type(), 1, 1))
		}
		values := e.Values()
		if len(values) != 1 || values[0].Key.Name != k.Name || !reflect.DeepEqual(values[0].Value, at.Interface()) {
			t.Errorf("%s is not what the effect says: %v", k.Name, values)
		}
	}
}
