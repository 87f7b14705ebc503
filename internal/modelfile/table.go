package modelfile

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// A kind is one kind of value: how it is read, and what it looks like to a
// JSON Schema. read reports what is wrong itself; ok is false where there is
// no value to go on with.
type kind[V any] struct {
	schema schema
	read   func(r *reader, n *yaml.Node) (v V, ok bool)
}

// A field is one key of an object, and how it is read.
type field[T any] struct {
	trait
	read func(r *reader, n *yaml.Node, into *T)
}

// A trait is what there is to know of a key besides how it is read.
type trait struct {
	key      string
	doc      string
	required bool
	entries  bool   // the value may be read some entries at a time
	idle     bool   // it does nothing by itself
	recorded bool   // it is what happened: nobody can turn it
	offered  string // what settings have where it is left out; "": nothing
	schema   schema
}

// An object is a mapping with known keys. The same table drives the reader,
// its messages and the JSON Schema.
type object[T any] struct {
	name   string // as messages and the schema call it: "risk"
	doc    string
	at     func(*T) *model.Pos // where the place of the object is kept; nil: nowhere
	fields []field[T]
	// oneOf lists keys of which each object has exactly one, for the schema;
	// finish says so to people.
	oneOf []string
	// acts wants at least one key besides those of oneOf.
	acts bool
	// finish holds together what the fields cannot see alone.
	finish func(r *reader, into *T, at site)
}

// keys are the keys of one mapping, with the nodes where they stand.
type keys map[string]*yaml.Node

// has reports whether any of the names was written.
func (k keys) has(names ...string) bool {
	for _, name := range names {
		if k[name] != nil {
			return true
		}
	}
	return false
}

// given returns those of names that were written, in the order of names.
func (k keys) given(names ...string) []string {
	var is []string
	for _, name := range names {
		if k[name] != nil {
			is = append(is, name)
		}
	}
	return is
}

// with makes a field whose value goes where put puts it.
func with[T, V any](key string, k kind[V], put func(*T, V)) field[T] {
	return field[T]{trait: trait{key: key, schema: k.schema}, read: func(r *reader, n *yaml.Node, into *T) {
		if v, ok := k.read(r, n); ok {
			put(into, v)
		}
	}}
}

// in makes a field whose value is part of the object.
func in[T, V any](key string, k kind[V], where func(*T) *V) field[T] {
	return with(key, k, func(into *T, v V) { *where(into) = v })
}

// maybe makes a field whose value is nil where it was left out.
func maybe[T, V any](key string, k kind[V], where func(*T) **V) field[T] {
	return with(key, k, func(into *T, v V) { *where(into) = &v })
}

// about says what a field is for, where the model does not describe it.
func about[T any](doc string, f field[T]) field[T] {
	f.doc = doc
	return f
}

// A site is where an object stands, and what it is called there.
type site struct {
	place *yaml.Node // its name, or the object itself
	who   string     // `risk "disk"`, or "the switch"
	seen  keys
	// stranger is asked first about keys that the object does not have; it
	// reports whether it said what there is to say.
	stranger func(key *yaml.Node) bool
}

// read fills into from a mapping. A nothing (`search:`) is an object without
// keys. ok is false where n is no mapping.
func (o *object[T]) read(r *reader, n *yaml.Node, at site, into *T) (ok bool) {
	pos := r.pos(at.place)
	if o.at != nil {
		*o.at(into) = pos
	}
	if !isNothing(n) && n.Kind != yaml.MappingNode {
		r.problem(n, "wrong-type", "expected %s with keys such as %s, found %s", article(o.name), o.someKeys(), found(n))
		r.unreadable(pos, "")
		return false
	}
	start, meant := r.count, keys{}
	at.seen = r.pairs(n, func(key, value *yaml.Node) {
		before := r.count
		if f := o.field(key.Value); f != nil {
			f.read(r, value, into)
		} else if at.stranger == nil || !at.stranger(key) {
			if better := r.unknownKey(key, value, o.name, o.keyNames()); better != "" {
				meant[better] = key
			}
		}
		if r.count > before {
			r.unreadable(pos, key.Value)
		}
	})
	// A mistyped key is not reported as missing as well.
	for key, node := range meant {
		if at.seen[key] == nil {
			at.seen[key] = node
			r.unreadable(pos, key)
		}
	}
	for i := range o.fields {
		if f := &o.fields[i]; f.required && at.seen[f.key] == nil {
			r.problem(at.place, "missing-key", "%s lacks %q: %s", at.who, f.key, f.doc)
			r.unreadable(pos, f.key)
		}
	}
	if o.acts && r.count == start && !at.seen.has(o.options()...) {
		r.problem(at.place, "no-effect", "%s does nothing; expected one of %s", at.who, or(o.options()))
	}
	if o.finish != nil {
		o.finish(r, into, at)
	}
	return true
}

// field returns the field of a key, or nil.
func (o *object[T]) field(key string) *field[T] {
	for i := range o.fields {
		if o.fields[i].key == key {
			return &o.fields[i]
		}
	}
	return nil
}

// options are the keys of an object besides those that choose it, and those
// that do nothing by themselves.
func (o *object[T]) options() []string {
	var is []string
	for i := range o.fields {
		if f := &o.fields[i]; !slices.Contains(o.oneOf, f.key) && !f.idle {
			is = append(is, f.key)
		}
	}
	return is
}

// kind makes an object a kind of value.
func (o *object[T]) kind() kind[T] {
	return kind[T]{
		schema: ref(o.name),
		read: func(r *reader, n *yaml.Node) (T, bool) {
			var v T
			ok := o.read(r, n, site{place: n, who: "the " + o.name}, &v)
			return v, ok
		},
	}
}

func (o *object[T]) traits() []trait {
	out := make([]trait, len(o.fields))
	for i := range o.fields {
		out[i] = o.fields[i].trait
	}
	return out
}

func (o *object[T]) keyNames() []string {
	names := make([]string, len(o.fields))
	for i := range o.fields {
		names[i] = o.fields[i].key
	}
	return names
}

// someKeys names the first keys of an object, as examples.
func (o *object[T]) someKeys() string {
	names := o.keyNames()
	return strings.Join(names[:min(3, len(names))], ", ")
}

// pointer is a value that is kept by reference.
func pointer[V any](k kind[V]) kind[*V] {
	return kind[*V]{schema: k.schema, read: func(r *reader, n *yaml.Node) (*V, bool) {
		v, ok := k.read(r, n)
		return &v, ok
	}}
}

// list is a list of values; a single value stands for a list of one.
func list[V any](k kind[V]) kind[[]V] {
	return kind[[]V]{
		schema: oneOrMore(k.schema),
		read: func(r *reader, n *yaml.Node) ([]V, bool) {
			items := []*yaml.Node{n}
			switch {
			case isNothing(n):
				return nil, true
			case n.Kind == yaml.SequenceNode:
				items = n.Content
			}
			vs := make([]V, 0, len(items))
			for _, item := range items {
				if v, ok := k.read(r, item); ok {
					vs = append(vs, v)
				}
			}
			return vs, true
		},
	}
}

// all is a list of which nothing is kept where an item could not be read, for
// lists whose items are held against each other.
func all[V any](k kind[V]) kind[[]V] {
	items := list(k)
	return kind[[]V]{schema: items.schema, read: func(r *reader, n *yaml.Node) ([]V, bool) {
		before := r.count
		vs, ok := items.read(r, n)
		return vs, ok && r.count == before
	}}
}

// named reads a mapping from names to objects. keep is called with each, also
// where it could be read only in part.
func named[T any](r *reader, n *yaml.Node, o *object[T], keep func(name model.Ref, v *T)) {
	if isNothing(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.problem(n, "wrong-type", "expected a %s under each name, as in NAME: {%s: …}, found %s", o.name, o.fields[0].key, found(n))
		r.whole = false
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name, ok := r.name(key)
		if !ok {
			continue
		}
		v := new(T)
		o.read(r, value, site{place: key, who: o.name + " " + quote(name.Name)}, v)
		keep(name, v)
	}
}
