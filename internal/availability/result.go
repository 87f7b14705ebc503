package availability

import (
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// A Result is what holds of one service in the long run, of what counts for
// the promise of one objective.
type Result struct {
	// Expected is the chance that a random user is served at a random moment,
	// averaged over what the unsure inputs may be. Error is what the averaging
	// may be off by: three standard errors, or the difference to a coarser rule.
	Expected, Error float64
	// Unavailable is 1 − Expected with all of its digits.
	Unavailable float64
	// Overlap is the share of time that a sum counts twice because a switch did
	// not work while a single point was down.
	Overlap float64
	// Frequency is how often per second a random user begins to be hit,
	// Σ w·∂P/∂q over what may fail (Birnbaum, 1969).
	Frequency float64
	// Napkin is the availability that a composite-SLA calculator comes to: that
	// of each need, bottom up, as if nothing below were shared. It knows
	// neither rides nor switches.
	Napkin float64
	// Shared names the part whose being shared makes most of the difference
	// between Napkin and Expected; empty where nothing shared does, or where
	// the difference is less than 1 % of the time that users are hit.
	Shared string
	// Sources in the order in which their parts are needed.
	Sources []Importance
	// Requirements on the providers, in the order in which they are needed; nil
	// without a target.
	Requirements []Requirement
}

// Importance of what is told as one source: what has one name on one service,
// be it a strike on the service as a whole or on one of its copies. It is taken
// with each source as likely as it is on average.
type Importance struct {
	Source *scenario.Source // the first of them
	Part   int              // whose source that is
	// Birnbaum is by how much a user is more likely hit while one of them is at
	// work than while none is.
	Birnbaum float64
	// FussellVesely is the share of the time in which a user is hit that would
	// be gone without them.
	FussellVesely float64
	// Broke is the chance that one of them is at work on a user's part, given
	// that the user is hit.
	Broke float64
}

// A Requirement is what one provider must offer for a service to be as
// available as its target, all else as it is.
type Requirement struct {
	Service *model.Service
	Direct  bool // the service needs it itself
	Outside bool
	// Required availability, with all below the provider in it; nil: even a
	// perfect provider would not be enough.
	Required *float64
	// Offers is what it offers as it stands.
	Offers float64
}
