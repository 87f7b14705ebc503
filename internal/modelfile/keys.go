package modelfile

import (
	"fmt"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"

	"tightrope/internal/model"
)

// described makes the fields of an object from the keys that the model
// describes. own has those that plain cannot read: objects, and keys with a
// structure of their own.
func described[T any](keys []model.Key[T], own ...field[T]) []field[T] {
	fields := make([]field[T], 0, len(keys))
	for i := range keys {
		fields = append(fields, fieldOf(&keys[i], own))
	}
	for _, f := range own {
		if !slices.ContainsFunc(keys, func(k model.Key[T]) bool { return k.Name == f.key }) {
			panic("modelfile: the model describes no key " + f.key)
		}
	}
	return fields
}

// fieldOf makes the field of a key, with all that the model says of it.
func fieldOf[T any](k *model.Key[T], own []field[T]) field[T] {
	var f field[T]
	for _, o := range own {
		if o.key == k.Name {
			f = o
		}
	}
	if f.read == nil {
		if k.At == nil {
			panic("modelfile: nobody knows how " + k.Name + " is read")
		}
		f = plain(k.Name, k.Form, k.At)
	}
	f.doc, f.required, f.recorded = k.About(), k.Required, k.Recorded
	if k.Offered {
		f.offered = k.Otherwise()
	}
	return f
}

// plain reads a value as the type of the field that holds it wants, and as the
// form says where it may be written in several ways.
func plain[T any](key string, form model.Form, at func(*T) any) field[T] {
	f := field[T]{}
	switch at(new(T)).(type) {
	case *bool:
		f = in(key, aBool, where[bool](at))
	case *string:
		f = with(key, aText, func(into *T, v model.Text) { *where[string](at)(into) = v.S })
	case *model.Impact:
		f = in(key, anImpact, where[model.Impact](at))
	case *[]model.Stage:
		f = in(key, all(aStage), where[[]model.Stage](at))
	case *model.StrikesKind:
		f = with(key, oneOfWords("strikes", []strike{"one", "all"}), func(into *T, v strike) { *where[model.StrikesKind](at)(into) = strikes[v] })
	case *model.NetKind:
		f = in(key, oneOfWords("kind", model.NetKinds), where[model.NetKind](at))
	case *model.NetStatus:
		f = in(key, oneOfWords("status", model.NetStatuses), where[model.NetStatus](at))
	default:
		known := held(&f, key, textAs(form), at) || held(&f, key, someTexts, at) || held(&f, key, aRef, at) || held(&f, key, shareAs(form), at) || held(&f, key, aSigned, at) ||
			held(&f, key, aTime, at) || held(&f, key, aDuration, at) || held(&f, key, rateAs(form), at) ||
			held(&f, key, anAmount, at) || held(&f, key, anEffort, at) || held(&f, key, countAs(form), at) ||
			held(&f, key, aDate, at) || held(&f, key, aMissed, at) || held(&f, key, aBefore, at)
		if !known {
			panic(fmt.Sprintf("modelfile: nobody knows how %s is read, which is held by a %v", key, reflect.TypeOf(at(new(T)))))
		}
	}
	return f
}

// held makes a field of a value that is part of the object, is nil where it was
// left out, or stands in a list; it reports whether the key holds such a value.
func held[V, T any](f *field[T], key string, as kind[V], at func(*T) any) bool {
	switch at(new(T)).(type) {
	case *V:
		*f = in(key, as, where[V](at))
	case **V:
		*f = maybe(key, as, where[*V](at))
	case *[]V:
		*f = in(key, list(as), where[[]V](at))
	default:
		return false
	}
	return true
}

func where[V, T any](at func(*T) any) func(*T) *V {
	return func(into *T) *V { return at(into).(*V) }
}

func shareAs(form model.Form) kind[model.Share] {
	switch form {
	case model.AsTarget:
		return aTarget
	case model.AsConfidence:
		return certainty
	}
	return aShare
}

func rateAs(form model.Form) kind[model.Rate] {
	if form == model.AsInterval {
		return interval
	}
	return aRate
}

func textAs(form model.Form) kind[model.Text] {
	switch form {
	case model.AsQuery:
		return aQuery
	case model.AsMetric:
		return aMetric
	}
	return aText
}

func countAs(form model.Form) kind[model.Count] {
	if form == model.AsMore {
		return more
	}
	return aCount
}

// within makes fields of an object out of those of a part of it.
func within[T, P any](fields []field[P], part func(*T) *P) []field[T] {
	out := make([]field[T], len(fields))
	for i, f := range fields {
		out[i] = field[T]{trait: f.trait, read: func(r *reader, n *yaml.Node, into *T) { f.read(r, n, part(into)) }}
	}
	return out
}
