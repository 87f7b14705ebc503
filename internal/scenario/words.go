// Package scenario is a model with a set of safety nets standing: what can go
// wrong then, how often and how it goes, as sources that engines compute with.
// Inputs that are not exactly known stay open until an engine decides what they
// are.
//
// All times are in seconds and all shares plain ratios.
package scenario

import (
	"tightrope/internal/message"
	"tightrope/internal/model"
)

// SourceKind says where lost time comes from.
type SourceKind string

// The kinds of sources.
const (
	RiskSource       SourceKind = "risk"
	ChangeSource     SourceKind = "change"
	StatedSource     SourceKind = "stated"
	BackgroundSource SourceKind = "background"
	UnlistedSource   SourceKind = "unlisted"
	// GroupSource is too many members of a group down at once, and SwitchSource
	// the changing over to those that stand.
	GroupSource  SourceKind = "group"
	SwitchSource SourceKind = "switch"
)

// A Warning is something that a reader of the numbers must know.
type Warning struct {
	Code    string
	Message message.Message
	Of      ID // the service that it warns of, where the code is NothingKnown
	Pos     model.Pos
}

// Unsure is an input that is not exactly known.
type Unsure struct {
	What message.Message // the chance of a risk
	Text string          // as written
	Pos  model.Pos
}

// An OptionError is something wrong with what was asked for rather than with the
// model: an unknown service or net, nets that exclude each other.
type OptionError struct {
	Option  string // "with", "service", …
	Message string
}

func (e *OptionError) Error() string { return e.Message }

// Unsolvable is the error of an engine that has nothing to say because the groups
// of a service are too large to be solved.
func Unsolvable(service string, pos model.Pos) error {
	return &model.ProblemError{Problem: model.Problem{Pos: pos, Code: "too-large",
		Message: "the groups of " + service + " are too large to be solved, so that it is not known what is lost to them"}}
}

// SilentError is the error of an engine that has nothing to say because nothing is
// listed that could go wrong with a service.
func SilentError(service string, pos model.Pos) error {
	return &model.ProblemError{Problem: model.Problem{Pos: pos, Code: NothingKnown,
		Message: "nothing is listed that could go wrong with " + service + ", so that it is not known whether its objective is kept"}}
}
