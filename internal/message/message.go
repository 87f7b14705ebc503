// Package message is what the engines have to say to people, before it is said in
// any language: a key and its arguments. An engine makes a message by one of the
// constructors, carries it in its results, and never looks into it; package say
// puts it into words, once for each language.
//
// Messages are values: two are equal (==) if they say the same. The zero Message
// says nothing.
package message

import (
	"fmt"
	"strings"
)

// A Key names a message: each catalogue of texts has it, with the same
// arguments.
type Key string

// most is how many arguments a message may have.
const most = 4

// A Message is a key and its arguments. Only the constructors of this package
// make one.
type Message struct {
	key       Key
	arguments [most]Argument
}

// An Argument is the value of a name that stands in the text of a message.
type Argument struct {
	Name  string
	Value Value
}

// A Value is what an argument may be. All are comparable.
type Value interface{ value() }

type (
	// Name is a name, a title or a target as the model writes it: it is the same
	// in every language.
	Name string
	// Effect is a key of effects, which is said as people call it.
	Effect string
	// Title is a text of the model that is written in each language.
	Title struct{ English, Korean string }
	// Names are several.
	Names struct{ joined string }
	// Count is a whole number.
	Count int
	// Figure is a number with so many significant digits, or with as many
	// decimals as are not less than zero.
	Figure struct {
		X                float64
		Digits, Decimals int
	}
	// Seconds is a length of time in whole seconds.
	Seconds float64
	// Lasting is a length of time in seconds, said in its two largest units.
	Lasting float64
	// Share is a ratio, said as a percentage of two digits.
	Share float64
	// Change is a ratio by which something changes, said with its sign.
	Change float64
	// Amount is money, in the currency of the model.
	Amount struct {
		X        float64
		Currency string
	}
	// Written is a length of time as the model writes it: "30d".
	Written string
	// Status is that of a safety net, as the model writes it: "in-place".
	Status string
	// Group is who stands in for whom.
	Group struct {
		Kind   GroupKind
		Need   int // AtLeast and Copies: how many must be up,
		Of     int // Copies: of so many
		Member Names
	}
	// Between is a group whose members stand in for one another: "the copies of
	// postgres".
	Between Group
)

// GroupKind says how the members of a group stand in for one another.
type GroupKind int

// The kinds of groups.
const (
	Any     GroupKind = iota // one is enough
	AtLeast                  // so many are enough
	Copies                   // copies of one service
)

func (Name) value()    {}
func (Title) value()   {}
func (Names) value()   {}
func (Effect) value()  {}
func (Count) value()   {}
func (Figure) value()  {}
func (Seconds) value() {}
func (Lasting) value() {}
func (Share) value()   {}
func (Change) value()  {}
func (Amount) value()  {}
func (Written) value() {}
func (Status) value()  {}
func (Group) value()   {}
func (Between) value() {}
func (Message) value() {}

// between stands between joined names; no name of a model holds it.
const between = "\x00"

// List makes Names. They are kept as one string so that messages can be
// compared.
func List(names []string) Names { return Names{strings.Join(names, between)} }

// Each returns them one by one.
func (n Names) Each() []string {
	if n.joined == "" {
		return nil
	}
	return strings.Split(n.joined, between)
}

// String joins them for debugging.
func (n Names) String() string { return strings.Join(n.Each(), ", ") }

// significant is a number with so many significant digits.
func significant(x float64, digits int) Figure { return Figure{x, digits, -1} }

// decimals is a number with so many decimals.
func decimals(x float64, n int) Figure { return Figure{x, 0, n} }

// of makes a message of a key and its arguments.
func of(key Key, arguments ...Argument) Message {
	m := Message{key: key}
	copy(m.arguments[:], arguments)
	return m
}

// Key returns the key.
func (m Message) Key() Key { return m.key }

// Arguments returns the arguments, in the order of the constructor's.
func (m Message) Arguments() []Argument {
	var out []Argument
	for _, a := range m.arguments {
		if a.Value != nil {
			out = append(out, a)
		}
	}
	return out
}

// Value returns the value of an argument, nil where there is none of that name.
func (m Message) Value(name string) Value {
	for _, a := range m.arguments {
		if a.Name == name {
			return a.Value
		}
	}
	return nil
}

// Is reports whether a message says anything.
func (m Message) Is() bool { return m.key != "" }

// Equal is ==, for those who compare by a method.
func (m Message) Equal(other Message) bool { return m == other }

// String is for tests and debugging: "beta {name: postgres, n: 2}". It is not
// for people.
func (m Message) String() string {
	if !m.Is() {
		return ""
	}
	var parts []string
	for _, a := range m.Arguments() {
		parts = append(parts, fmt.Sprintf("%s: %v", a.Name, a.Value))
	}
	return fmt.Sprintf("%s {%s}", m.key, strings.Join(parts, ", "))
}
