package modelfile

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A form says what may stand at one place of a model. It is made from the same
// tables as the schema, and serves where a model is looked at or changed
// without being read as a whole.
type form struct {
	kinds  []string // of single values, as the schema calls them
	words  bool     // one of a few words
	items  *form    // of the entries of a list
	values *form    // of the entries of a map from names
	tables []*table // of a map with known keys; an effect may have several
}

// A table is the form of an object.
type table struct {
	name    string
	keys    []string
	forms   map[string]*form
	targets []string // keys of which each object has exactly one
	// recorded are the keys under which stands what happened, or when to look at
	// something again: numbers that nobody can turn.
	recorded map[string]bool
	offered  []Setting // what holds where a key is left out, which a form offers
}

// documentForm makes the form of a whole file.
func documentForm() *form {
	tables := map[string]*table{}
	var defined []schema
	for _, o := range objects() {
		name, s := o.define()
		tables[name] = &table{name: name, keys: o.keyNames(), forms: map[string]*form{}, recorded: map[string]bool{}}
		for _, one := range alternatives(s["oneOf"]) {
			tables[name].targets = append(tables[name].targets, one["required"].([]string)...)
		}
		defined = append(defined, s)
	}
	for i, o := range objects() {
		name, _ := o.define()
		for key, s := range defined[i]["properties"].(schema) {
			tables[name].forms[key] = formOf(s.(schema), tables)
		}
		for _, k := range o.traits() {
			t := tables[name]
			t.recorded[k.key] = k.recorded
			if k.offered != "" {
				t.offered = append(t.offered, Setting{Path: k.key, Text: k.offered, Kind: t.forms[k.key].kinds[0]})
			}
		}
	}
	return &form{tables: []*table{tables[documentObject.name]}}
}

func alternatives(of any) []schema {
	each, _ := of.([]schema)
	return each
}

func formOf(s schema, tables map[string]*table) *form {
	f := &form{}
	f.add(s, tables)
	return f
}

// add widens a form by what a schema takes.
func (f *form) add(s schema, tables map[string]*table) {
	if r, ok := s["$ref"].(string); ok {
		name := strings.TrimPrefix(r, "#/$defs/")
		if t := tables[name]; t != nil {
			f.tables = append(f.tables, t)
		} else {
			f.kinds = append(f.kinds, name)
		}
	}
	for _, one := range alternatives(s["anyOf"]) {
		f.add(one, tables)
	}
	if items, ok := s["items"].(schema); ok {
		f.items = formOf(items, tables)
	}
	if values, ok := s["additionalProperties"].(schema); ok {
		f.values = formOf(values, tables)
	}
	f.words = f.words || s["enum"] != nil
}

// single reports whether a single value may stand here.
func (f *form) single() bool { return f != nil && (len(f.kinds) > 0 || f.words) }

// kind names the kind of a single value under a key, chosen as the reader
// chooses it; "" where none may stand here. A choice of words is called by its
// key.
func (f *form) kind(key, text string) string {
	has := func(kind string) bool { return slices.Contains(f.kinds, kind) }
	switch {
	case !f.single():
		return ""
	case f.words:
		return key
	case has("interval") && has("share") && !strings.HasSuffix(text, "%"):
		return "interval"
	case has("effort") && isEffort(text):
		return "effort"
	case has("revenue-share") && strings.HasSuffix(text, " of revenue"):
		return "revenue-share"
	case has("time") && has("name") && !looksLikeTime(text):
		return "name"
	}
	return f.kinds[0]
}

// table returns the table of a mapping, or nil. An effect is what its target
// says.
func (f *form) table(n *yaml.Node) *table {
	if f == nil || len(f.tables) == 0 {
		return nil
	}
	if len(f.tables) == 1 {
		return f.tables[0]
	}
	_, copies := entryOf(n, "service")
	for _, t := range f.tables {
		for _, target := range t.targets {
			// Beside a service, need is a number of copies.
			if _, is := entryOf(n, target); is != nil && (target != "need" || copies == nil) {
				return t
			}
		}
	}
	return nil
}

// child returns the form of the value of a key in a mapping, or nil.
func (f *form) child(n *yaml.Node, key string) *form {
	if t := f.table(n); t != nil {
		return t.forms[key]
	}
	if f == nil {
		return nil
	}
	return f.values
}

// item returns the form of the entries of a list, or nil.
func (f *form) item() *form {
	if f == nil {
		return nil
	}
	return f.items
}

// short returns the table of the object for which the single value n stands:
// a nothing stands for one without keys, and a name in needs for one that
// names a service. It returns nil where n stands for itself.
func (f *form) short(n *yaml.Node) *table {
	switch {
	case f == nil || len(f.tables) != 1:
		return nil
	case isNothing(n) && f.items == nil, !isNothing(n) && slices.Contains(f.kinds, "name"):
		return f.tables[0]
	}
	return nil
}

// entryOf returns the first entry of a mapping with that key.
func entryOf(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i]; key.Kind == yaml.ScalarNode && key.Value == name {
				return key, n.Content[i+1]
			}
		}
	}
	return nil, nil
}
