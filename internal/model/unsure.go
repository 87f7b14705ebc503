package model

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
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
	ID     UnsureID
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

// An UnsureID tells a number that is not exactly known apart from all others of a
// model, whatever is written before or after it.
type UnsureID struct {
	Kind  string // "risk", "need", "effect": what the number is of
	Owner string // whose it is: the service of a need or a clause, the net of an effect
	Name  string // unique among those of one kind and owner, but for what agrees in all that is written of it
	Key   string // which number of it: "chance", "impact fast", "build effort"
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
	// Those that agree in all of it, as two prices of one net, are counted.
	met := map[UnsureID]int{}
	for i := range out {
		id := &out[i].ID
		if met[*id]++; met[*id] > 1 {
			id.Key += " #" + strconv.Itoa(met[*id])
		}
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
		return netKind
	}
	return ""
}

// netKind is what a safety net is called.
const netKind = "safety net"

// A part of a model is a kind of thing, and the name of one; below it is what in it
// has an identity of its own.
type part struct {
	kind, name string
	below      UnsureID // of no kind: nothing
	skip       int      // length of the field that led there
}

// identity is what a number of the part is known by, that stands in a field of it.
func (p part) identity(field string) UnsureID {
	id := p.below
	if id.Kind == "" {
		id = UnsureID{Kind: p.kind, Name: p.name}
		if p.kind == netKind {
			id.Kind = "net"
		}
	}
	id.Key = strings.TrimSpace(id.Key + " " + strings.TrimSpace(field[min(p.skip, len(field)):]))
	return id
}

// inside is the part once more, for what stands in one of the elements of a list in it.
func (p part) inside(e reflect.Value, field string) part {
	if e.Kind() != reflect.Pointer && e.CanAddr() {
		e = e.Addr()
	}
	in := func(kind, name string) part {
		p.below, p.skip = UnsureID{Kind: kind, Owner: p.name, Name: name}, len(field)
		return p
	}
	// The name of the list goes without saying.
	keyed := func(list, word string) part {
		id := p.identity(field[:len(field)-len(list)])
		id.Key = strings.TrimSpace(id.Key + " " + word)
		p.below, p.skip = id, len(field+" share") // which is all there is of them
		return p
	}
	switch x := e.Interface().(type) {
	case *Need:
		return in("need", x.Label())
	case *Effect:
		return in("effect", x.Label())
	case *Clause:
		return in("clause", x.If.S)
	case *Member:
		return keyed("members", x.Name)
	case *ObjectiveImpact:
		return keyed("by objective", x.Objective)
	}
	return p
}

// Label says how a need needs whom: "search", "any of sms-a, sms-b".
func (n *Need) Label() string {
	members := make([]string, len(n.Members))
	for i := range n.Members {
		members[i] = n.Members[i].Name
	}
	slices.Sort(members)
	list := strings.Join(members, ", ")
	switch n.Kind {
	case NeedAny:
		return "any of " + list
	case NeedAtLeast:
		return strconv.Itoa(n.AtLeast) + " of " + list
	case NeedSplit:
		return "split of " + list
	}
	return list
}

// Label says what an effect is on: "risk bad-release", "need booking -> search".
func (e *Effect) Label() string {
	switch {
	case len(e.Risks) > 0:
		var names []string
		for _, r := range e.Risks {
			names = append(names, r.Name)
		}
		slices.Sort(names)
		return "risk " + strings.Join(names, ", ")
	case e.RisksPer != nil:
		return "risks per " + e.RisksPer.Name
	case e.Change != nil:
		return "change " + e.Change.Name
	case e.Responder != nil:
		return "responder " + e.Responder.Name
	case e.Service != nil:
		return "service " + e.Service.Name
	case e.NeedFrom != nil && e.NeedTo != nil:
		return "need " + e.NeedFrom.Name + " -> " + e.NeedTo.Name
	}
	return ""
}

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
			findUnsure(e, name.inside(e, field), field, out)
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
	u = Unsure{ID: of.identity(field), Of: of.String(), Part: of.kind, Name: of.name, Field: field}
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
