package model

import (
	"fmt"
	"math/big"
	"reflect"
	"strings"
)

// An UnsureKind says what sort of number is not exactly known.
type UnsureKind int

// The sorts of numbers that may be unsure.
const (
	UnsureShare UnsureKind = iota
	UnsureRate
	UnsureSigned
	UnsureAmount
	UnsureEffort
)

// An Unsure is a number of a model that is not exactly known. Exactly one of
// the pointers is set: the number itself, within the model.
type Unsure struct {
	Kind   UnsureKind
	Of     string // what it belongs to: "risk bad-release", "safety net canary"
	Part   string // the first word of that: "risk", "safety net"; empty: the model
	Name   string // the name in it: "bad-release"
	Field  string // which number: "chance", "effects prevents"
	Text   string // as written
	Pos    Pos
	Share  *Share
	Rate   *Rate
	Signed *Signed
	Amount *Amount
	Effort *Effort
}

// Unsure lists what is not exactly known, in the order of the model.
func (m *Model) Unsure() []Unsure {
	var out []Unsure
	root := reflect.ValueOf(m).Elem()
	for i := range root.NumField() {
		f := root.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		findUnsure(root.Field(i), part{kind: owner(f.Name)}, "", &out)
	}
	return out
}

// owner is what the elements of a field of a model are called.
func owner(field string) string {
	switch field {
	case "Services":
		return "service"
	case "Changes":
		return "change"
	case "Risks":
		return "risk"
	case "Detections":
		return "detection"
	case "Recoveries":
		return "recovery"
	case "Responders":
		return "responder"
	case "Nets":
		return "safety net"
	}
	return ""
}

// A part of a model is a kind of thing, and the name of one.
type part struct{ kind, name string }

func (p part) String() string { return strings.TrimSpace(p.kind + " " + p.name) }

func findUnsure(v reflect.Value, of part, field string, out *[]Unsure) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && v.Type() != ratType {
			findUnsure(v.Elem(), of, field, out)
		}
	case reflect.Slice:
		for i := range v.Len() {
			e := v.Index(i)
			name := of
			if field == "" && e.Kind() == reflect.Pointer {
				if n := e.Elem().FieldByName("Name"); n.IsValid() && n.Kind() == reflect.String {
					name.name = n.String()
				}
			}
			findUnsure(e, name, field, out)
		}
	case reflect.Struct:
		if u, ok := unsureAt(v, of, field); ok {
			*out = append(*out, u)
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() {
				findUnsure(v.Field(i), of, strings.TrimSpace(field+" "+words(f.Name)), out)
			}
		}
	}
}

var ratType = reflect.TypeFor[*big.Rat]()

// unsureAt returns the number that v is, if it is one that is unsure.
func unsureAt(v reflect.Value, of part, field string) (u Unsure, ok bool) {
	u = Unsure{Of: of.String(), Part: of.kind, Name: of.name, Field: field}
	kind := Exactly
	switch x := v.Addr().Interface().(type) {
	case *Share:
		u.Kind, u.Share, u.Text, u.Pos, kind = UnsureShare, x, x.Text, x.Pos, x.Kind
	case *Rate:
		u.Kind, u.Rate, u.Text, u.Pos, kind = UnsureRate, x, x.Text, x.Pos, x.Kind
	case *Signed:
		u.Kind, u.Signed, u.Text, u.Pos, kind = UnsureSigned, x, x.Text, x.Pos, x.Kind
	case *Amount:
		u.Kind, u.Amount, u.Text, u.Pos, kind = UnsureAmount, x, x.Text, x.Pos, x.Kind
	case *Effort:
		u.Kind, u.Effort, u.Text, u.Pos, kind = UnsureEffort, x, x.Text, x.Pos, x.Kind
	}
	return u, kind != Exactly
}

// words writes the name of a field as it is in the language: "ImpactBy" is
// "impact", "CommonCause" "common cause".
func words(field string) string {
	var b strings.Builder
	for i, r := range strings.TrimSuffix(field, "By") {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteString(strings.ToLower(string(r)))
	}
	switch s := b.String(); s {
	case "effects", "cost", "all", "exact":
		return ""
	default:
		return s
	}
}

// Clone returns a copy of the model of which every part can be changed without
// changing the original. It is indexed.
func (m *Model) Clone() *Model {
	out := cloneValue(reflect.ValueOf(m)).Interface().(*Model)
	out.index = nil
	out.Index()
	return out
}

func cloneValue(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || v.Type() == ratType { // fractions are never changed in place
			return v
		}
		out := reflect.New(v.Type().Elem())
		copyInto(out.Elem(), v.Elem())
		return out
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			copyInto(out.Index(i), v.Index(i))
		}
		return out
	}
	return v
}

func copyInto(to, from reflect.Value) {
	if from.Kind() != reflect.Struct {
		to.Set(cloneValue(from))
		return
	}
	to.Set(from)
	for i := range from.NumField() {
		if from.Type().Field(i).IsExported() {
			copyInto(to.Field(i), from.Field(i))
		}
	}
}

// Pin returns a copy of the model in which the k-th of Unsure is exactly x: a
// share, a signed change, a rate per second, or money or person-days of the
// period as written.
func (m *Model) Pin(k int, x float64) *Model {
	out := m.Clone()
	u := out.Unsure()[k]
	exact := new(big.Rat).SetFloat64(x)
	if exact == nil {
		panic(fmt.Sprintf("model: %s of %s cannot be %g", u.Field, u.Of, x))
	}
	switch {
	case u.Share != nil:
		u.Share.Kind, u.Share.Exact = Exactly, exact
	case u.Rate != nil:
		u.Rate.Kind, u.Rate.Exact = Exactly, exact
	case u.Signed != nil:
		u.Signed.Kind, u.Signed.Exact = Exactly, exact
	case u.Amount != nil:
		u.Amount.Kind, u.Amount.Exact = Exactly, exact
	case u.Effort != nil:
		u.Effort.Kind, u.Effort.Exact = Exactly, exact
	}
	return out
}
