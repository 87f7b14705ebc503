package web

import (
	"reflect"
	"strings"
	"time"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/report"
)

// A schema is the type that a document is written of; of none it may be any
// object.
type schema struct {
	of     reflect.Type
	format string // what its key "format" holds; may be empty
}

func schemaOf[T any]() schema { return schema{of: reflect.TypeFor[T]()} }

// schemaFor is the schema of a document of the command line.
func schemaFor(format string) schema { return schema{report.Documents()[format], format} }

// words are the types of which there are only some values.
var words = map[reflect.Type][]string{
	reflect.TypeFor[forecast.Verdict](): {string(forecast.Achievable), string(forecast.NotAchievable), string(forecast.NoObjective), string(forecast.Undecided)},
	reflect.TypeFor[model.NetKind]():    textsOf(model.NetKinds),
	reflect.TypeFor[model.NetStatus]():  textsOf(model.NetStatuses),
}

func textsOf[T ~string](list []T) []string {
	var out []string
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

// A describer makes JSON Schemas of types, and collects those that have a name.
type describer struct {
	all object // by name
	is  map[string]reflect.Type
}

// schema is the schema of a document.
func (b *describer) schema(s schema) object {
	if s.of == nil {
		return object{"type": "object"}
	}
	out := b.of(s.of)
	if s.format != "" {
		named := b.all[b.name(s.of)].(object)
		named["properties"].(object)["format"] = object{"const": s.format}
	}
	return out
}

// of is the schema of a type. Numbers that may be unknown are pointers, and null
// then; so may lists be.
func (b *describer) of(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case words[t] != nil:
		return object{"type": "string", "enum": words[t]}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return orNull(b.of(t.Elem()))
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.String:
		return object{"type": "string"}
	case reflect.Array:
		return object{"type": "array", "items": b.of(t.Elem()), "minItems": t.Len(), "maxItems": t.Len()}
	case reflect.Slice:
		return object{"type": []string{"array", "null"}, "items": b.of(t.Elem())}
	case reflect.Struct:
		name := b.name(t)
		if was, ok := b.is[name]; ok && was != t {
			panic("two types are called " + name) // a test asks for the description
		}
		b.is[name] = t
		if b.all[name] == nil {
			b.all[name] = object{} // it may hold itself
			properties, required := object{}, []string{}
			b.fields(t, properties, &required)
			b.all[name] = object{"type": "object", "properties": properties, "required": required}
		}
		return object{"$ref": "#/components/schemas/" + name}
	}
	panic("no schema for " + t.String())
}

// fields adds the keys of a struct, and of those that are embedded in it.
func (b *describer) fields(t reflect.Type, properties object, required *[]string) {
	for f := range t.Fields() {
		tag, more, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && tag == "":
			b.fields(f.Type, properties, required)
		case tag == "-" || tag == "" && !f.IsExported():
		default:
			properties[tag] = b.of(f.Type)
			if more != "omitempty" {
				*required = append(*required, tag)
			}
		}
	}
}

// orNull is a schema that null fits, too.
func orNull(s object) object {
	if kind, ok := s["type"].(string); ok && s["enum"] == nil {
		s["type"] = []string{kind, "null"}
		return s
	}
	return object{"anyOf": []object{s, {"type": "null"}}}
}

// name is what a type is called in the description.
func (b *describer) name(t reflect.Type) string {
	name := t.Name()
	for _, prefix := range []string{"json", "api"} {
		if rest := strings.TrimPrefix(name, prefix); rest != "" {
			name = rest
		}
	}
	name = strings.ToUpper(name[:1]) + name[1:]
	switch {
	case t == reflect.TypeFor[Problem](), t == reflect.TypeFor[PlacedProblem]():
		return name
	case strings.HasSuffix(t.PkgPath(), "/web"):
		return "Web" + name
	case name == "Document":
		return "ForecastDocument"
	}
	return name
}
