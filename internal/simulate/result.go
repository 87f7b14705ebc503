// Package simulate answers the forecast's question by events: it plays a model
// year after year, incident by incident, and counts what users saw. It is an
// independent check of the exact engines, and knows what a sum of sources
// cannot: what overlaps, what crosses the border of a window, what comes in a
// row.
//
// What it means is what the engines mean (package scenario); where they come
// close only, it does as things would go:
//   - what begins at one moment is together: all that one occurrence of a change
//     triggers, and its own downtime;
//   - a switch belongs to the member that fails for a user (see crowd): that user
//     waits, and others do not; several waits at once are one, as long as the
//     longest; where a switch does not work the user waits until that member is
//     up, whatever it is made of; what hits all users anyway makes nobody wait;
//   - what is ridden out is the first part of an outage of the need, for each
//     user, whatever it is made of; it is held against time, which begins when
//     that user is hit, by a later stage of a roll-out for one;
//   - whoever is hit by one stage of an incident is by all larger ones;
//   - each window follows the one before it: it begins with whatever is going on.
//
// Years are played in chunks of about fifty, each of which begins with all up
// some time before it counts. Unsure inputs are drawn once for each epoch. All
// randomness is counted (see stream), so that the number of workers changes no
// number, and a safety net no more than what it touches.
//
// All times are in seconds and all shares plain ratios.
package simulate

import (
	"context"

	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// Options of a simulation. Years must be at least 1.
type Options struct {
	Years    int
	Seed     uint64
	Services []string        // report only these; empty is all
	Over     *model.Duration // window instead of each objective's own
	With     []string        // nets that do not stand, taken as standing
	Without  []string        // nets that stand, taken away
	Workers  int             // goroutines; 0 is one for each processor. It changes no number.
	// Progress is told how many years are done, now and then; nil: nobody is.
	// It is called by one goroutine at a time.
	Progress func(years int)

	// For a sample: one objective, and no contract.
	sampled   bool
	objective string
	mostWork  int64 // of a chunk, for tests; 0 is as much as is usual
	mostTotal int64 // of all chunks, likewise
}

// A Result is what was seen in so many simulated years.
type Result struct {
	Years int // that were simulated: fewer than asked for when stopped early
	Asked int
	// Cut says that it was ended early because too much happens, and not by ctx.
	Cut  bool
	Seed uint64
	// Epoch is how many years unsure inputs stay as they were drawn: one, or as
	// many as the longest window needs.
	Epoch    int
	Entries  []*Entry // as in a forecast: one for each service and objective
	Warnings []scenario.Warning
	Standing []string
	With     []string
	Without  []string
}

// An Estimate is a mean over what was drawn, with its 95 % interval: 1.96
// standard errors to each side, or Wilson's interval where it is a probability.
type Estimate struct {
	Value, Low, High float64
	// SE is the standard error. It is 0 where all draws were the same, as where a
	// rare thing was never seen: then the interval of a probability tells more.
	SE float64
}

// An Entry is what one objective of one service saw.
type Entry struct {
	Service   string
	Title     model.Texts
	Owner     string
	Pos       model.Pos
	Outside   bool
	Objective *Objective // nil: none
	Window    float64    // seconds
	WindowSay string     // "30d"
	Windows   int64      // how many were seen

	// Bad is the lost time in a calendar window, in seconds: a user who is hit
	// twice is hit once, and an incident across a border is split.
	Bad       Estimate
	Quantiles Quantiles
	Worst     float64   // most lost time in any one window, seconds
	Miss      *Estimate // P(bad > budget) in a window; nil without an objective
	MissYear  *Estimate // P(at least one window that ends in a year is missed)

	// Felt is the mean lost time in a window with what is not part of the
	// promise; equal to Bad where all is.
	Felt Estimate

	// Down is the share of time in which any user is hit by an incident, BadShare
	// that weighed by users and with errors that are always there.
	Down, BadShare Estimate
	// Outages are times in a row in which any user is hit.
	OutagesPerYear Estimate
	OutageMean     float64          // seconds
	Longest        LongestQuantiles // longest outage of a year

	Clauses []*Clause

	// Sum counts as the forecast does, each incident whole in the window in which it
	// begins, for itself: for comparison.
	Sum Sum
}

// Objective is a promise in numbers.
type Objective struct {
	Name       string
	Target     float64
	TargetText string
	Budget     float64 // seconds of lost time in a window
	Confidence float64
}

// Quantiles of lost time in a window, in seconds.
type Quantiles struct{ P50, P90, P95, P99 float64 }

// LongestQuantiles of the longest outage that begins in a year, in seconds; 0 in
// years without any.
type LongestQuantiles struct{ P50, P95 float64 }

// A Clause of a contract, and how often it cost how much.
type Clause struct {
	Clause *model.Clause
	// InYear is P(it is due at least once in a year), PerYear how often it is
	// due in a year.
	InYear, PerYear Estimate
	// Pay is what is paid in a year; nil where the amount is not known because
	// it is a share of a revenue that the model does not tell.
	Pay *Estimate
}

// Sum is lost time as the forecast counts it.
type Sum struct {
	Windows int64 // those in which no unsure input changed
	Bad     Estimate
	Miss    *Estimate // nil without an objective
	// Overlap is the mean lost time in a window, in seconds, that the sum counts
	// more than once.
	Overlap Estimate
}

// Run plays a model for so many years. It returns a *scenario.OptionError for
// options that do not fit the model, and what is known so far, without an
// error, when ctx ends.
func Run(ctx context.Context, m *model.Model, opts Options) (_ *Result, err error) {
	defer work.Recover(&err)
	return run(ctx, m, opts)
}

// A Moment is one line of the log of a year.
type Moment struct {
	At       float64 // seconds since the year began
	Kind     string  // "begins", "detected", "acknowledged", "attempt-failed", "partly-restored", "over", "planned", "switched", "switch-failed", "group-down", "group-up", "window-missed", "clause"
	Source   string  // name of the source, group or clause
	Title    model.Texts
	Made     message.Message // as of a scenario.Source
	Service  string          // where it happens
	Incident int             // 1, 2 … in the order in which incidents begin; 0: none
	// What it does: whom it hits now, and what it has cost so far.
	Notes    []message.Message
	Lasts    float64 // seconds of planned work
	Services []Hit   // services with an objective that are hit after this moment
}

// A Hit is the share of a service's users that is hit.
type Hit struct {
	Service string
	Share   float64
}

// A Timeline is one simulated year as a log, for reading aloud.
type Timeline struct {
	Seed    uint64
	Year    int // which of the simulated years; 1 is the first
	Moments []Moment
	Totals  []YearTotal // by service with an objective
}

// A YearTotal is what a year cost one service.
type YearTotal struct {
	Service, Objective string
	Bad                float64 // seconds
	Outages            int
	Missed, Windows    int
}

// LogYear plays one year of a model, of a run with the same seed, and tells
// what happened.
func LogYear(ctx context.Context, m *model.Model, opts Options, year int) (_ *Timeline, err error) {
	defer work.Recover(&err)
	return logYear(ctx, m, opts, year)
}
