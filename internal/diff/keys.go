package diff

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"tightrope/internal/model"
)

// special are the keys that are compared by code of their own, by name; nil for
// those that another one of them compares as well.
type special[T any] map[string]func(*sheet, *T)

// describe appends what an object says under the keys that the model describes.
func describe[T any](out *sheet, keys []model.Key[T], v *T, own special[T]) {
	under(out, "", "", keys, v, own)
}

// under is describe for an object that stands under a key of another one: its
// keys are called by both, and exchanged together with group, if that is not
// empty.
func under[T any](out *sheet, prefix, group string, keys []model.Key[T], v *T, own special[T]) {
	for i := range keys {
		k := &keys[i]
		if tell, is := own[k.Name]; is {
			if tell != nil {
				tell(out, v)
			}
			continue
		}
		if k.At == nil {
			panic("diff: nobody knows how " + k.Name + " is compared")
		}
		g := group
		if g == "" {
			g = k.Together()
		}
		switch x := k.At(v).(type) {
		case **model.History:
			if *x != nil {
				under(out, k.Name+" ", g, model.HistoryKeys(), *x, nil)
			}
		case **model.Worth:
			if *x != nil {
				under(out, k.Name+" ", g, model.WorthKeys(), *x, nil)
			}
		case **model.Accepted:
			if *x != nil {
				under(out, k.Name+" ", g, model.AcceptedKeys(), *x, nil)
			}
		case **model.SLI:
			if *x != nil {
				under(out, k.Name+" ", g, model.SLIKeys(), *x, nil)
			}
		case *model.Cost:
			under(out, k.Name+" ", g, model.CostKeys(), x, special[model.Cost]{
				"build": func(out *sheet, c *model.Cost) {
					out.add(model.Money, g, k.Name+" build", pricesOf(c.BuildMoney, c.BuildEffort)...)
				},
				"run": func(out *sheet, c *model.Cost) {
					out.add(model.Money, g, k.Name+" run", pricesOf(c.RunMoney, c.RunEffort)...)
				},
			})
		case *model.Texts:
			// One text for all languages is that of the first, and stands for the
			// others: who adds one adds a line.
			first, others := textsOf(x)
			out.add(k.Bears, g, prefix+k.Name, first)
			for _, o := range others {
				out.add(k.Bears, g, prefix+k.Name+" "+o.language, o.value)
			}
		default:
			out.add(k.Bears, g, prefix+k.Name, valuesOf(k, v, out.pos)...).ordered = k.Ordered
		}
	}
}

// valuesOf is what an object says under a key, or what holds where it is left
// out.
func valuesOf[T any](k *model.Key[T], v *T, pos model.Pos) []value {
	at := k.At(v)
	if b, is := at.(*bool); is {
		otherwise, _ := k.Default.(bool)
		return []value{boolOf(*b, otherwise, pos)}
	}
	values := written(k.Name, at, pos)
	if k.Default == nil || slices.ContainsFunc(values, value.there) {
		return values
	}
	d := otherwise(k)
	d.text += byDefault
	return []value{d}
}

// otherwise is what holds where a key is left out.
func otherwise[T any](k *model.Key[T]) value {
	switch d := k.Default.(type) {
	case model.Share:
		return shareOf(&d)
	case model.Time:
		return timeOf(&d)
	case model.Duration:
		return durationOf(&d)
	case model.Count:
		return countOf(&d)
	}
	panic(fmt.Sprintf("diff: nobody knows how the default of %s is compared, a %T", k.Name, k.Default))
}

// written is what the field of a key holds, as the type of the field wants; pos
// is the place of what keeps none itself.
func written(key string, at any, pos model.Pos) []value {
	switch x := at.(type) {
	case *string:
		return []value{wordOf(*x, pos)}
	case *model.NetKind:
		return []value{wordOf(string(*x), pos)}
	case *model.NetStatus:
		return []value{wordOf(string(*x), pos)}
	case *model.Impact:
		return impactOf(*x)
	case *[]model.Stage:
		return stagesOf(*x)
	}
	var out []value
	known := held(&out, at, textOf) || held(&out, at, refOf) || held(&out, at, shareOf) || held(&out, at, signedOf) ||
		held(&out, at, timeOf) || held(&out, at, durationOf) || held(&out, at, rateOf) ||
		held(&out, at, amountOf) || held(&out, at, effortOf) || held(&out, at, countOf) ||
		held(&out, at, dateOf) || held(&out, at, missedOf) || held(&out, at, beforeOf) ||
		held(&out, at, clauseOf) || held(&out, at, switchOf) || held(&out, at, detectionOf) || held(&out, at, recoveryOf)
	if !known {
		panic(fmt.Sprintf("diff: nobody knows how %s is compared, which is held by a %v", key, reflect.TypeOf(at)))
	}
	return out
}

// held appends what a field holds that is a value, a pointer to one or a list; it
// reports whether it is.
func held[V any](out *[]value, at any, of func(*V) value) bool {
	switch x := at.(type) {
	case *V:
		*out = append(*out, of(x))
	case **V:
		*out = append(*out, of(*x))
	case *[]V:
		for i := range *x {
			*out = append(*out, of(&(*x)[i]))
		}
	case *[]*V:
		for _, v := range *x {
			*out = append(*out, of(v))
		}
	default:
		return false
	}
	return true
}

// compound is an object as one value: "takes 15s, works 99%". What is left out
// has a meaning and is not said.
func compound[T any](pos model.Pos, keys []model.Key[T], v *T) value {
	var texts, meanings []string
	for i := range keys {
		k := &keys[i]
		if k.Bears == model.Words {
			continue
		}
		for _, x := range written(k.Name, k.At(v), pos) {
			switch {
			case x.there():
				texts = append(texts, strings.TrimSpace(k.Name+" "+x.text))
				meanings = append(meanings, k.Name+" "+x.meaning)
			case k.Default != nil:
				meanings = append(meanings, k.Name+" "+otherwise(k).meaning)
			}
		}
	}
	return value{strings.Join(texts, ", "), strings.Join(meanings, "; "), pos}
}

// take puts what from says under the keys of a group into to, and reports whether
// there are any.
func take[T any](keys []model.Key[T], to, from *T, group string) bool {
	found := false
	for i := range keys {
		if k := &keys[i]; k.Together() == group {
			model.Take(k, to, from)
			found = true
		}
	}
	return found
}
