package diff

import (
	"fmt"
	"math/big"
	"os"
	"reflect"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/modelfile"
)

// A spot is one value in a model: the field of a type that it is, and a way to
// reach it in any copy of the model.
type spot struct {
	field string // "Risk.Chance"
	in    func(*model.Model) reflect.Value
}

// spots lists every value of a model that somebody may change.
func spots(m *model.Model) []spot {
	var out []spot
	var walk func(v reflect.Value, field string, in func(*model.Model) reflect.Value)
	walk = func(v reflect.Value, field string, in func(*model.Model) reflect.Value) {
		switch {
		case v.Kind() == reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem(), field, func(m *model.Model) reflect.Value { return in(m).Elem() })
			}
		case otherValue(v) != nil:
			out = append(out, spot{field, in})
		case v.Kind() == reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i), field, func(m *model.Model) reflect.Value { return in(m).Index(i) })
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() && f.Type != reflect.TypeFor[model.Pos]() {
					walk(v.Field(i), v.Type().Name()+"."+f.Name, func(m *model.Model) reflect.Value { return in(m).Field(i) })
				}
			}
		}
	}
	walk(reflect.ValueOf(m).Elem(), "", func(m *model.Model) reflect.Value { return reflect.ValueOf(m).Elem() })
	return out
}

// fields lists the fields of the types of the language below t.
func fields(t reflect.Type, seen map[reflect.Type]bool) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || seen[t] || otherValue(reflect.New(t).Elem()) != nil {
		return nil
	}
	seen[t] = true
	var out []string
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Type == reflect.TypeFor[model.Pos]() {
			continue
		}
		of := f.Type
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if otherValue(reflect.New(of).Elem()) != nil {
			out = append(out, t.Name()+"."+f.Name)
		}
		out = append(out, fields(f.Type, seen)...)
	}
	return out
}

// otherValue makes another value of a single value; nil for what is none.
func otherValue(v reflect.Value) any {
	other := func() *big.Rat { return big.NewRat(1, 77) }
	switch x := v.Interface().(type) {
	case model.Share:
		return model.Share{Exact: other()}
	case model.Signed:
		return model.Signed{Exact: big.NewRat(-1, 77)}
	case model.Time:
		return model.Time{Exact: big.NewRat(77, 1)}
	case model.Duration:
		return model.Duration{Exact: big.NewRat(77, 1)}
	case model.Rate:
		return model.Rate{Exact: other()}
	case model.Amount:
		return model.Amount{Exact: big.NewRat(77, 1), Per: x.Per}
	case model.Effort:
		return model.Effort{Exact: big.NewRat(77, 1), Per: x.Per}
	case model.Count:
		return model.Count{N: x.N + 1}
	case model.Text:
		return model.Text{S: x.S + " too"}
	case model.Date:
		return model.Date{Year: x.Year + 1, Month: x.Month, Day: x.Day}
	case model.Ref:
		return model.Ref{Name: "another"}
	case bool:
		return !x
	case int:
		return x + 1
	case string:
		return x + "-too"
	case model.NeedKind:
		return (x + 1) % 4
	case model.ClauseKind:
		return (x + 1) % 3
	case model.StrikesKind:
		return 3 - x
	case model.NetKind:
		return x + "-too"
	case model.NetStatus:
		return model.Rejected
	}
	return nil
}

// Whatever is changed in a model is told as a change, and exchanging what is
// told makes the old model the new one. A field of the language that nobody
// compares fails here.
func TestEveryFieldOfTheLanguageIsCompared(t *testing.T) {
	data, err := os.ReadFile("../modelfile/testdata/language.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, problems := modelfile.Parse([]modelfile.File{{Name: "language.yaml", Data: data}})
	if problems != nil {
		t.Fatal(problems)
	}
	told := map[string]bool{
		"Clause.If": true, // as written; what it says is in the other fields
	}
	for _, s := range spots(m) {
		after := m.Clone()
		v := s.in(after)
		v.Set(reflect.ValueOf(otherValue(v)))
		after.Index()
		changes := Models(m, after)
		if len(changes) == 0 {
			continue
		}
		told[s.field] = true
		take := choice{}
		for _, c := range changes {
			if c.Kind == Changed && c.Element != theModel && c.Element != theNets {
				take[c.unit()] = append(take[c.unit()], c.group)
			} else {
				take[c.unit()] = nil
			}
		}
		mixed := m.Clone()
		mixed.Currency, mixed.PersonDay = after.Currency, after.PersonDay
		for _, k := range kinds {
			k.mix(mixed, after, take)
		}
		mixed.Index()
		if left := Models(mixed, after); len(left) > 0 && left[0].Element != theNets {
			t.Errorf("%s: when all that was told is exchanged, %s %s still differs", s.field, left[0].Name, left[0].Field)
		}
	}
	for _, f := range fields(reflect.TypeFor[model.Model](), map[reflect.Type]bool{}) {
		if !told[f] {
			t.Errorf("%s can be changed, and nothing is told of it", f)
		}
	}
	if len(told) < 80 {
		t.Errorf("only %s", fmt.Sprint(told))
	}
}
