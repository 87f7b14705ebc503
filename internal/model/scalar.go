package model

import "math/big"

// Lengths of the units that the language knows, in seconds.
const (
	Second = 1
	Minute = 60
	Hour   = 3600
	Day    = 86400
	Week   = 7 * Day
	Year   = 31557600 // 365.25 d
	Month  = Year / 12
)

// A Pos is the place where something was written. Line and Col count from 1;
// the zero Pos means "nowhere in a file" (a default, or a value made by code).
type Pos struct {
	File string
	Line int
	Col  int
}

// Known reports whether p points into a file.
func (p Pos) Known() bool { return p.Line > 0 }

// A Ref names another part of the model.
type Ref struct {
	Name string
	Pos  Pos
}

// TimeKind says how a Time differs from incident to incident.
type TimeKind int

const (
	// Fixed is the same length every time.
	Fixed TimeKind = iota
	// LogNormal is given by its 5th and 95th percentiles.
	LogNormal
	// Exponential is given by its mean.
	Exponential
)

// A Time is a length of time that may differ from incident to incident, in
// seconds. The zero Time is exactly 0 s.
type Time struct {
	Kind  TimeKind
	Exact *big.Rat // Fixed: the length, exactly as written; nil is 0
	Low   float64  // LogNormal: 5th percentile
	High  float64  // LogNormal: 95th percentile
	Mean  float64  // Exponential: mean
	Text  string   // as written
	Pos   Pos
}

// Length returns the length of a Fixed time, in seconds; it is 0 for others.
func (t Time) Length() *big.Rat {
	if t.Kind != Fixed || t.Exact == nil {
		return new(big.Rat)
	}
	return t.Exact
}

// A Duration is a plain length of time, the same in every incident, in seconds.
type Duration struct {
	Exact *big.Rat // nil is 0
	Text  string
	Pos   Pos
}

// Seconds returns the duration in seconds.
func (d Duration) Seconds() float64 { return ratFloat(d.Exact) }

// Rat returns the duration in seconds, exactly.
func (d Duration) Rat() *big.Rat {
	if d.Exact == nil {
		return new(big.Rat)
	}
	return d.Exact
}

// KnowledgeKind says how well a number is known that is the same in all
// incidents.
type KnowledgeKind int

const (
	// Exactly known.
	Exactly KnowledgeKind = iota
	// Between is known by a range that holds it with 90 %: Low and High are
	// the 5th and 95th percentiles of what it may be.
	Between
	// Counted is a rate seen as N events in a span (the Jeffreys posterior
	// gamma(N + 1/2, span)).
	Counted
)

// A Rate is a number of events per second. If it is not exactly known, what it
// may be follows a gamma distribution.
type Rate struct {
	Kind  KnowledgeKind
	Exact *big.Rat // Exactly: events per second
	Low   float64  // Between: events per second
	High  float64  // Between: events per second
	Count float64  // Counted: events seen
	Span  float64  // Counted: seconds in which they were seen
	Text  string
	Pos   Pos
}

// A Share is a number between 0 and 1. If it is not exactly known, what it may
// be follows a beta distribution.
type Share struct {
	Kind  KnowledgeKind // Exactly or Between
	Exact *big.Rat
	Low   float64
	High  float64
	Text  string
	Pos   Pos
}

// Float returns an exactly known share; for a range it is the middle of the
// two ends, which is good for words about it and never for arithmetic.
func (s Share) Float() float64 {
	if s.Kind == Between {
		return (s.Low + s.High) / 2
	}
	return ratFloat(s.Exact)
}

// A Signed is a relative change: −0.3 makes something 30 % smaller. A range of
// reductions is held by a beta distribution over its size, a range of
// increases by a lognormal one; the two ends have the same sign.
type Signed struct {
	Kind  KnowledgeKind // Exactly or Between
	Exact *big.Rat
	Low   float64 // Between: the end nearer to no change in size, with its sign
	High  float64 // Between: the end farther from no change, with its sign
	Text  string
	Pos   Pos
}

// An Amount is money. If it is not exactly known, what it may be follows a
// lognormal distribution. With Per it is a flow: Value per Per seconds.
type Amount struct {
	Kind  KnowledgeKind // Exactly or Between
	Exact *big.Rat
	Low   float64
	High  float64
	Per   float64 // 0: once; otherwise the seconds of the period it is paid for
	Text  string
	Pos   Pos
}

// An Effort is work by people, in person-days. With Per it is a flow.
type Effort struct {
	Kind  KnowledgeKind // Exactly or Between
	Exact *big.Rat
	Low   float64
	High  float64
	Per   float64 // 0: once; otherwise the seconds of the period
	Text  string
	Pos   Pos
}

// A Count is a whole number.
type Count struct {
	N   int
	Pos Pos
}

// A Text is a string with its place.
type Text struct {
	S   string
	Pos Pos
}

// A Date is a calendar day, written YYYY-MM-DD.
type Date struct {
	Year, Month, Day int
	Text             string
	Pos              Pos
}

func ratFloat(r *big.Rat) float64 {
	if r == nil {
		return 0
	}
	f, _ := r.Float64()
	return f
}
