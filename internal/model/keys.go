package model

import (
	"math/big"
	"reflect"
	"strconv"
)

// A Bearing says what hangs on a key.
type Bearing int

const (
	// BadTime: forecasts, and all else with them.
	BadTime Bearing = iota
	// Money and people's time: costs, worth, expected losses.
	Money
	// Words: titles, owners, sources. People read them.
	Words
)

// A Form says how a value is written, where its type does not say it.
type Form string

// The forms of values whose type has several.
const (
	AsInterval   Form = "interval"   // of a Rate: the time between two events
	AsTarget     Form = "target"     // of a Share: a promise, exactly known
	AsConfidence Form = "confidence" // of a Share: exactly known
	AsMore       Form = "more"       // of a Count: how many more or fewer
	AsQuery      Form = "query"      // of a Text: PromQL with Window in it
	AsMetric     Form = "metric"     // of a Text: one metric of Prometheus
)

// A Key describes one key of the objects of type T. The reader, the schema, the
// tables of the manual, the differences, the settings and the word lists walk
// these descriptions.
type Key[T any] struct {
	Name string
	Doc  string // for the schema and the tables of the manual, without the default
	// At returns a pointer to the field that holds the value. The type of the
	// field says how the key is read, compared and taken over.
	At func(*T) any
	// Fields is there in place of At where a key fills several fields, or is
	// read and compared by code of its own: it returns pointers to all of them.
	Fields   func(*T) []any
	Form     Form
	Required bool
	// Default is what holds where the key is left out, optional: a value of the
	// type of the field, a Share for an impact, or a bool.
	Default any
	// Offered says that the settings have it also where it is left out.
	Offered bool
	// Recorded says that it is what happened, or when to look at something
	// again: no number to turn.
	Recorded bool
	Bears    Bearing
	// Group names what a comparison exchanges together with it, so that what is
	// left is a model. Empty is the key by itself.
	Group   string
	Ordered bool // of a list: its order matters
	// What people call the key, in each language. A name of a key is called the
	// same wherever it stands.
	English, Korean string
}

// All returns pointers to the fields that the key fills.
func (k *Key[T]) All(of *T) []any {
	if k.At != nil {
		return []any{k.At(of)}
	}
	return k.Fields(of)
}

// Otherwise says the default as it is written; "" where there is none, or where
// the description of the key says it already, as for true and false.
func (k *Key[T]) Otherwise() string {
	switch v := k.Default.(type) {
	case Share:
		return v.Text
	case Time:
		return v.Text
	case Duration:
		return v.Text
	case Count:
		return strconv.Itoa(v.N)
	}
	return ""
}

// About says what the key is, with its default.
func (k *Key[T]) About() string {
	if v := k.Otherwise(); v != "" {
		return k.Doc + "; " + v + " where it is left out"
	}
	return k.Doc
}

// Take puts what from says under the key into to.
func Take[T any](k *Key[T], to, from *T) {
	there, here := k.All(from), k.All(to)
	for i := range here {
		reflect.ValueOf(here[i]).Elem().Set(reflect.ValueOf(there[i]).Elem())
	}
}

// Together names what is exchanged together with the key.
func (k *Key[T]) Together() string {
	switch {
	case k.Group != "":
		return k.Group
	case k.Bears == Words:
		return "words"
	}
	return k.Name
}

// DefaultWindow is the window of an objective that does not say it.
func DefaultWindow() Duration { return Duration{Exact: big.NewRat(30*Day, 1), Text: "30d"} }

// DefaultConfidence is the confidence of an objective that does not say it.
func DefaultConfidence() Share { return Share{Exact: big.NewRat(9, 10), Text: "90%"} }

// DefaultCommonCause is the share of what strikes one copy of a service that
// strikes all of them, where the service does not say.
func DefaultCommonCause() Share { return Share{Exact: big.NewRat(5, 100), Text: "5%"} }

// DefaultLife is how long a safety net lasts that does not say it.
func DefaultLife() Duration { return Duration{Exact: big.NewRat(3*Year, 1), Text: "3y"} }

// Defaults that many keys share.
func whole() Share  { return Share{Exact: big.NewRat(1, 1), Text: "100%"} }
func atOnce() Time  { return Time{Exact: new(big.Rat), Text: "0s"} }
func single() Count { return Count{N: 1} }

// titleKey and ownerKey are the keys that most objects have.
func titleKey[T any](at func(*T) any) Key[T] {
	return Key[T]{Name: "title", Doc: "what people call it", At: at, Bears: Words, English: "title", Korean: "이름"}
}

func ownerKey[T any](at func(*T) any) Key[T] {
	return Key[T]{Name: "owner", Doc: "who answers for it", At: at, Bears: Words, English: "owner", Korean: "담당"}
}

// ModelKeys lists the keys of a whole model, besides its parts.
func ModelKeys() []Key[Model] { return modelKeys[:] }

var modelKeys = [...]Key[Model]{
	{
		Name: "currency", Doc: "the currency of all amounts, such as KRW",
		At: func(m *Model) any { return &m.Currency }, Bears: Money,
		English: "currency", Korean: "통화",
	},
}

// RateKeys lists the prices of effort.
func RateKeys() []Key[Model] { return rateKeys[:] }

var rateKeys = [...]Key[Model]{
	{
		Name: "person-day", Doc: "the price of one person-day",
		At: func(m *Model) any { return &m.PersonDay }, Bears: Money,
		English: "price of a person-day", Korean: "하루 인건비",
	},
}
