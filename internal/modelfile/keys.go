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
// form says where it may be written in several.
func plain[T any](key string, form model.Form, at func(*T) any) field[T] {
	switch v := at(new(T)).(type) {
	case *bool:
		return in(key, aBool, where[bool](at))
	case *string:
		return with(key, aText, func(into *T, v model.Text) { *where[string](at)(into) = v.S })
	case *model.Text:
		return in(key, aText, where[model.Text](at))
	case *model.Ref:
		return in(key, aRef, where[model.Ref](at))
	case **model.Ref:
		return maybe(key, aRef, where[*model.Ref](at))
	case *[]model.Ref:
		return in(key, list(aRef), where[[]model.Ref](at))
	case *model.Share:
		return in(key, shareAs(form), where[model.Share](at))
	case **model.Share:
		return maybe(key, shareAs(form), where[*model.Share](at))
	case **model.Signed:
		return maybe(key, aSigned, where[*model.Signed](at))
	case *model.Time:
		return in(key, aTime, where[model.Time](at))
	case **model.Time:
		return maybe(key, aTime, where[*model.Time](at))
	case *model.Duration:
		return in(key, aDuration, where[model.Duration](at))
	case **model.Duration:
		return maybe(key, aDuration, where[*model.Duration](at))
	case *model.Rate:
		return in(key, rateAs(form), where[model.Rate](at))
	case **model.Rate:
		return maybe(key, rateAs(form), where[*model.Rate](at))
	case **model.Amount:
		return maybe(key, anAmount, where[*model.Amount](at))
	case **model.Effort:
		return maybe(key, anEffort, where[*model.Effort](at))
	case **model.Count:
		if form == model.AsMore {
			return maybe(key, more, where[*model.Count](at))
		}
		return maybe(key, aCount, where[*model.Count](at))
	case **model.Date:
		return maybe(key, aDate, where[*model.Date](at))
	case **model.Missed:
		return maybe(key, aMissed, where[*model.Missed](at))
	case *model.Impact:
		return in(key, anImpact, where[model.Impact](at))
	case *[]model.Stage:
		return in(key, all(aStage), where[[]model.Stage](at))
	case *model.StrikesKind:
		return with(key, oneOfWords("strikes", []strike{"one", "all"}), func(into *T, v strike) { *where[model.StrikesKind](at)(into) = strikes[v] })
	case *model.NetKind:
		return in(key, oneOfWords("kind", model.NetKinds), where[model.NetKind](at))
	case *model.NetStatus:
		return in(key, oneOfWords("status", model.NetStatuses), where[model.NetStatus](at))
	case **model.Before:
		return maybe(key, aBefore, where[*model.Before](at))
	default:
		panic(fmt.Sprintf("modelfile: nobody knows how %s is read, which is held by a %s", key, reflect.TypeOf(v)))
	}
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

// within makes fields of an object out of those of a part of it.
func within[T, P any](fields []field[P], part func(*T) *P) []field[T] {
	out := make([]field[T], len(fields))
	for i, f := range fields {
		out[i] = field[T]{trait: f.trait, read: func(r *reader, n *yaml.Node, into *T) { f.read(r, n, part(into)) }}
	}
	return out
}
