package modelfile

import (
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// language is a model with every key of the language.
func language(t *testing.T) []File {
	t.Helper()
	data, err := os.ReadFile("testdata/language.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return []File{{Name: "language.yaml", Data: data}}
}

// holding collects which fields of the types of the language hold something.
func holding(v reflect.Value, into map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			holding(v.Elem(), into)
		}
	case reflect.Slice:
		for i := range v.Len() {
			holding(v.Index(i), into)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && !v.Field(i).IsZero() {
				into[v.Type().Name()+"."+f.Name] = true
				holding(v.Field(i), into)
			}
		}
	}
}

// allFields lists the fields of the types of the language.
func allFields(t reflect.Type, seen map[reflect.Type]bool) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] || t.PkgPath() != reflect.TypeFor[model.Model]().PkgPath() {
		return nil
	}
	seen[t] = true
	var out []string
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			out = append(append(out, t.Name()+"."+f.Name), allFields(f.Type, seen)...)
		}
	}
	return out
}

// Everything that the model can hold can be written, so that no field waits for
// a key.
func TestEveryFieldOfTheModelCanBeWritten(t *testing.T) {
	m, problems := Parse(language(t))
	if problems != nil {
		t.Fatal(lines(problems))
	}
	got := map[string]bool{}
	holding(reflect.ValueOf(m), got)
	for _, f := range allFields(reflect.TypeFor[model.Model](), map[reflect.Type]bool{}) {
		// The tests of scalars hold their parts.
		of, _, _ := strings.Cut(f, ".")
		if !got[f] && !slices.ContainsFunc(scalarForms, func(s scalarForm) bool { return s.name == strings.ToLower(of) }) {
			t.Errorf("%s is empty: either no key fills it, or testdata/language.yaml has not that key", f)
		}
	}
}

// Every key is tried by that model, which the test of differences reads too.
func TestTheModelOfTheLanguageHasEveryKey(t *testing.T) {
	var root yaml.Node
	if err := yaml.Unmarshal(language(t)[0].Data, &root); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	var walk func(n *yaml.Node, f *form)
	walk = func(n *yaml.Node, f *form) {
		switch {
		case f == nil:
		case n.Kind == yaml.SequenceNode:
			for _, item := range n.Content {
				walk(item, f.items)
			}
		case n.Kind == yaml.MappingNode:
			table := f.table(n)
			for i := 0; i+1 < len(n.Content); i += 2 {
				if table != nil {
					used[table.name+" "+n.Content[i].Value] = true
				}
				walk(n.Content[i+1], f.child(n, n.Content[i].Value))
			}
		}
	}
	walk(root.Content[0], documentForm())
	used["service objective"] = true // short for objectives
	for _, o := range objects() {
		name, _ := o.define()
		for _, key := range o.keyNames() {
			if !used[name+" "+key] {
				t.Errorf("testdata/language.yaml has no %s of %s", key, strings.ReplaceAll(name, "-", " "))
			}
		}
	}
}

// describedKeys are the keys that the model describes, by the name of their object.
func describedKeys() map[string][]string {
	out := map[string][]string{}
	for _, t := range model.Tables() {
		for _, k := range t.Keys {
			out[t.Of] = append(out[t.Of], k.Name+": "+k.Doc)
		}
	}
	return out
}

// What the reader, the schema and the manual know of a key is what the model
// describes; and what the model describes is read.
func TestEveryKeyThatIsReadIsDescribed(t *testing.T) {
	described := describedKeys()
	for _, o := range objects()[1:] {
		name, _ := o.define()
		name = strings.ReplaceAll(name, "-", " ")
		var read []string
		for _, k := range o.traits() {
			read = append(read, k.key+": "+k.doc)
		}
		if diff := cmp.Diff(described[name], read); diff != "" {
			t.Errorf("keys of %s that are described (-) and read (+):\n%s", name, diff)
		}
		delete(described, name)
	}
	// The parts of a whole file are no keys of the model.
	var read []string
	for _, k := range documentObject.traits() {
		if !k.entries && k.key != "version" && k.key != "rates" {
			read = append(read, k.key+": "+k.doc)
		}
	}
	if diff := cmp.Diff(described["model"], read); diff != "" {
		t.Errorf("keys of a model that are described (-) and read (+):\n%s", diff)
	}
	delete(described, "model")
	for name := range described {
		t.Errorf("%s is described and not read", name)
	}
}

// keptAsTheyAre are the kinds of values that are no numbers to turn, with the
// reason.
var keptAsTheyAre = map[string]string{
	"name": "says which, not how much", "text": "is for people", "edge": "says which, not how much", "currency": "is what all money is in",
	"bool": "is one of two words", "version": "is that of the language", "date": "is when something was, or will be",
	"query": "says what, not how much", "metric": "says which, not how much", "missed": "is what happened", "condition": "is what a contract says",
}

// Every kind of value can be turned in the workshop and by --set, or is listed
// with the reason why not; and what can be turned has a name for people, as has
// every key that leads to it.
func TestEveryNumberCanBeTurnedAndHasAName(t *testing.T) {
	for _, f := range scalarForms {
		if turnable[f.name] == (keptAsTheyAre[f.name] != "") {
			t.Errorf("%s is to be turned, or to be met with a reason, and not both", f.name)
		}
	}
	named := map[string]bool{}
	for _, k := range model.KeyNames() {
		named[k.Key] = true
	}
	m, problems := Parse(language(t))
	if problems != nil {
		t.Fatal(lines(problems))
	}
	var own []string // names that somebody gave
	for _, s := range m.Services {
		own = append(own, s.Name)
		for _, o := range s.Objectives {
			own = append(own, o.Name)
		}
	}
	unsaid, turned := map[string]bool{}, map[string]bool{}
	for _, s := range Settings(language(t)) {
		keys := strings.Split(s.Path, "/")
		for _, key := range keys { // a number may be one of a list
			turned[key] = true
		}
		from := 2 // the section and the name of the part
		if keys[0] == "rates" {
			from = 0
		}
		for _, key := range keys[from:] {
			if _, err := strconv.Atoi(key); err != nil && !named[key] && !slices.Contains(own, key) {
				unsaid[key] = true
			}
		}
	}
	for key := range unsaid {
		t.Errorf("numbers stand under %s, which has no name for people in KeyNames", key)
	}
	forms := map[string]*table{}
	for _, table := range allTables(documentForm(), map[*form]bool{}) {
		forms[table.name] = table
	}
	for _, o := range objects()[1:] {
		name, _ := o.define()
		for _, key := range o.keyNames() {
			f := forms[name].forms[key]
			number := slices.ContainsFunc(append(f.kinds, f.item().allKinds()...), func(kind string) bool { return turnable[kind] })
			if number && !forms[name].recorded[key] && name != "history" && !turned[key] {
				t.Errorf("%s of %s cannot be turned", key, name)
			}
		}
	}
}

func (f *form) allKinds() []string {
	if f == nil {
		return nil
	}
	return f.kinds
}

// allTables lists the tables that a form leads to.
func allTables(f *form, seen map[*form]bool) (out []*table) {
	if f == nil || seen[f] {
		return nil
	}
	seen[f] = true
	for _, t := range f.tables {
		out = append(out, t)
		for _, f := range t.forms {
			out = append(out, allTables(f, seen)...)
		}
	}
	return append(append(out, allTables(f.items, seen)...), allTables(f.values, seen)...)
}

// What was before is written as what it was before of.
func TestBeforeIsTurnedAsWhatItIs(t *testing.T) {
	files := []File{{Name: "model.yaml", Data: []byte(`version: 1
services: {api: {needs: [card, sms]}, card: {availability: 99.9%, outage: 1h}, sms: {every: 90d, outage: 1h}}
safety_nets: {a: {status: in-place, effects: [{service: card, availability: 99.9%, before: 99%}, {service: sms, every: 90d, before: 30d..60d}]}}
`)}}
	for path, want := range map[string]string{
		"safety_nets/a/effects/0/before": "share", "safety_nets/a/effects/1/before": "interval", "safety_nets/a/effects/1/every": "interval",
	} {
		if s, ok := Get(files, path); !ok || s.Kind != want {
			t.Errorf("%s is %q, want %q", path, s.Kind, want)
		}
	}
	after, _, problems := Apply(files, []Edit{{"safety_nets/a/effects/1/before", "45d"}, {"safety_nets/a/effects/0/before", "98%"}})
	if problems != nil {
		t.Fatal(lines(problems))
	}
	m, problems := Parse(after)
	if problems != nil {
		t.Fatal(lines(problems))
	}
	card, sms := m.Nets[0].Effects[0].Before, m.Nets[0].Effects[1].Before
	if card.Share.Text != "98%" || card.Rate != nil || sms.Rate.Text != "45d" || sms.Share != nil {
		t.Errorf("%+v and %+v", card, sms)
	}
}
