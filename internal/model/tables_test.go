package model

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
)

// notWritten are fields that no key fills, with the reason.
var notWritten = map[string]string{
	"Service.Name": "stands before its keys", "Objective.Name": "stands before its keys", "Change.Name": "stands before its keys",
	"Risk.Name": "stands before its keys", "Detection.Name": "stands before its keys", "Recovery.Name": "stands before its keys",
	"Responder.Name": "stands before its keys", "Net.Name": "stands before its keys",
	"Service.Stated": "its keys stand on the service",
	"Texts.Both":     "is written in place of the languages",
	"Model.Services": "is a section", "Model.Changes": "is a section", "Model.Risks": "is a section", "Model.Detections": "is a section",
	"Model.Recoveries": "is a section", "Model.Responders": "is a section", "Model.Nets": "is a section",
}

// singleValues are types that one value of a file, or a list or map of them, is
// read into: they have no keys.
var singleValues = map[string]bool{
	"Text": true, "Ref": true, "Share": true, "Signed": true, "Time": true, "Duration": true, "Rate": true, "Amount": true, "Effort": true, "Count": true,
	"Date": true, "Missed": true, "Stage": true, "Impact": true, "Member": true, "Before": true,
}

// objectsIn lists the types of objects that a type leads to.
func objectsIn(t reflect.Type, seen map[reflect.Type]bool) (out []reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.PkgPath() != reflect.TypeFor[Model]().PkgPath() || singleValues[t.Name()] || t == reflect.TypeFor[Pos]() || seen[t] {
		return nil
	}
	seen[t] = true
	out = append(out, t)
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			out = append(out, objectsIn(f.Type, seen)...)
		}
	}
	return out
}

// Every field of every object of the language is filled by a key that a table
// describes, and every description says all that is asked of it.
func TestEveryFieldOfTheLanguageHasAKey(t *testing.T) {
	filled := map[string]bool{}
	for _, table := range Tables() {
		of := reflect.New(table.Type)
		at := map[any]string{}
		for i := range table.Type.NumField() {
			if f := table.Type.Field(i); f.IsExported() {
				at[of.Elem().Field(i).Addr().Interface()] = table.Type.Name() + "." + f.Name
			}
		}
		if len(table.Keys) == 0 {
			t.Errorf("%s has no keys", table.Of)
		}
		for _, k := range table.Keys {
			if k.Name == "" || k.Doc == "" {
				t.Errorf("%q of %s lacks its name or what it is", k.Name, table.Of)
			}
			fields := k.Holds(of.Interface())
			if len(fields) == 0 {
				t.Errorf("%s of %s fills no field", k.Name, table.Of)
			}
			for _, f := range fields {
				if at[f] == "" {
					t.Errorf("%s of %s fills what is no field of %s", k.Name, table.Of, table.Type.Name())
				}
				filled[at[f]] = true
			}
		}
	}
	types := objectsIn(reflect.TypeFor[Model](), map[reflect.Type]bool{})
	if len(types) < 18 {
		t.Errorf("only %v were found", types)
	}
	for _, of := range types {
		for i := range of.NumField() {
			f := of.Field(i)
			name := of.Name() + "." + f.Name
			if f.IsExported() && f.Type != reflect.TypeFor[Pos]() && filled[name] == (notWritten[name] != "") {
				t.Errorf("%s is to be filled by a key of a table of Tables, or listed with the reason why not", name)
			}
		}
	}
}

// Each key has one name for people in each language, wherever it stands.
func TestKeysHaveOneNameInEachLanguage(t *testing.T) {
	names := map[string]KeyName{}
	for _, k := range KeyNames() {
		if _, twice := names[k.Key]; twice {
			t.Errorf("%s is named twice", k.Key)
		}
		names[k.Key] = k
		if strings.TrimSpace(k.English) == "" || !strings.ContainsFunc(k.Korean, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
			t.Errorf("%s is %q in English and %q in Korean", k.Key, k.English, k.Korean)
		}
	}
	for _, table := range Tables() {
		for _, k := range table.Keys {
			if n := names[k.Name]; n.English != k.English || n.Korean != k.Korean {
				t.Errorf("%s of %s is called %q and %q, and elsewhere %q and %q", k.Name, table.Of, k.English, k.Korean, n.English, n.Korean)
			}
		}
	}
}
