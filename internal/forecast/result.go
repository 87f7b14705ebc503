// Package forecast turns a model into the distribution of lost time in a
// window, and says what follows from it: whether an objective can be kept,
// which target could be promised, and what spends the budget.
//
// All times are in seconds and all shares plain ratios.
package forecast

import (
	"context"
	"math"
	"math/big"

	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// Options of a forecast. The zero Options forecast the whole model as it
// stands.
type Options struct {
	Services   []string        // only these; empty is all
	Targets    []Target        // compare the chance to keep these targets
	Over       *model.Duration // window instead of each objective's own
	Confidence *big.Rat        // confidence instead of each objective's own
	With       []string        // nets that do not stand, taken as standing
	Without    []string        // nets that stand, taken away
	Red, Amber float64         // budget shares from which a source is red or amber; 0 is 25 % and 20 %

	// Context ends the forecast early: Run then returns its error. Nil never does.
	Context context.Context
	// Done is called with each entry once it is finished, by one goroutine at a
	// time, in no certain order; nil: nobody wants to know.
	Done func(*Entry)

	// Effort is how much work the numerics may do, against what they do by
	// default: about two seconds for a model of up to 5 kB; 0 is 1.
	Effort float64

	// Plain leaves out bands and what holds in the long run: availability,
	// requirements, importance. The chances and means are the same.
	Plain bool
	// Banded keeps the bands that Plain leaves out, for those who show them.
	Banded bool

	// Means asks for the mean of each entry and for nothing else; it is the same as
	// in a whole forecast.
	Means bool

	// Causes tells of each source what caused its lost time.
	Causes bool

	// Promises asks of each objective in turn for the chance to keep this target
	// instead of its own, and for nothing else: it is all that Compare has, and
	// what has no objective is not forecast. Nil: all is asked for.
	Promises []Target

	// Unfelt leaves out the chance to keep an objective as users feel it, where that
	// differs: Felt.Met is nil then. Their mean lost time is there.
	Unfelt bool

	// Only asks for the chances to keep Targets and for nothing else: Compare is the
	// same as in a whole forecast, to the last bit.
	Only bool

	// Memory keeps what other forecasts may need too; nil: nothing is kept. The
	// answers are the same to the last bit.
	Memory *Memory

	// singles leaves out groups and their switches: what is left, tests count
	// one by one.
	singles bool
}

// A Target is a share of good time, exactly as written.
type Target struct {
	Exact *big.Rat
	Text  string // "99.95%"
}

// Float returns the target as a ratio.
func (t Target) Float() float64 { f, _ := t.Exact.Float64(); return f }

// A Result is the forecast of a model.
type Result struct {
	Entries  []*Entry  // one for each service and objective, in the order of the files
	Warnings []Warning // what concerns the model as a whole
	Standing []string  // safety nets that stand in this forecast, in file order
	With     []string  // as asked for, and what those required
	Without  []string
}

// EffortEach is the effort for each of n more forecasts that are as much work as
// this one was with an effort: together they do no more than four such may.
func (r *Result) EffortEach(n int, effort float64) float64 {
	if effort == 0 {
		effort = 1
	}
	most := 0.0
	for _, e := range r.Entries {
		most = math.Max(most, e.Work)
	}
	if most*float64(n) <= manyTogether {
		return effort
	}
	return effort * math.Min(1, manyTogether/float64(n))
}

// manyTogether is how much work many forecasts do for one answer, in what one may.
const manyTogether = 4

// Verdict says whether an objective can be kept.
type Verdict string

// The verdicts.
const (
	Achievable    Verdict = "achievable"
	NotAchievable Verdict = "not-achievable"
	NoObjective   Verdict = "no-objective"
	// Undecided: nothing is listed that could go wrong, or the groups of the service
	// are too large to be solved and the rest by itself would keep the promise.
	Undecided Verdict = "unknown"
)

// Unsolvable is the error of an engine that has nothing to say of an entry.
func (e *Entry) Unsolvable() error { return scenario.Unsolvable(e.Service, e.Pos) }

// A Probability with its numerical error and, where inputs are unsure, the
// band in which it lies with 90 % given what they may be.
type Probability struct {
	Value float64
	Error float64 // numerical: |true − Value| ≤ Error for the model as given
	// Model is an estimate of what the model of the answer may put it off: incidents
	// as a Poisson process, groups in clusters, outages at once. Where that is
	// material Value is corrected for it, and Sum is what the sum by itself says.
	Model float64
	Sum   *float64
	Bound bool // Error is a bound; else an estimate, of the difference of two levels of effort
	// Below and Above are the probabilities one step of the lattice below and above,
	// where that cannot tell on which side of a jump the budget lies; else 0.
	Below, Above float64
	Short        bool    // the bound on work ended it before it was right to 1e-6
	Low          float64 // 5 % point of the band; equal to Value where nothing is unsure
	High         float64 // 95 % point
}

// Objective is a promise in numbers.
type Objective struct {
	Name       string
	Target     Target
	Budget     *big.Rat // seconds of lost time in a window
	Assumed    bool     // window or confidence were not written in the model
	Confidence float64
}

// Quantiles of lost time in a window, in seconds.
type Quantiles struct {
	P50, P80, P90, P95, P99 float64
	// Error is how far each may be off, in seconds.
	Error QuantileErrors
}

// QuantileErrors are the numerical errors of Quantiles, in seconds.
type QuantileErrors struct {
	P50, P80, P90, P95, P99 float64
}

// rise has quantiles rise: each is found by itself, and of two in the wrong order
// the one that is less well known gives way.
func (q *Quantiles) rise() {
	at := []*float64{&q.P50, &q.P80, &q.P90, &q.P95, &q.P99}
	err := []*float64{&q.Error.P50, &q.Error.P80, &q.Error.P90, &q.Error.P95, &q.Error.P99}
	for range at {
		for i := range len(at) - 1 {
			over := *at[i] - *at[i+1]
			switch {
			case !(over > 0):
			case *err[i] >= *err[i+1]:
				*at[i], *err[i] = *at[i+1], math.Max(*err[i], over)
			default:
				*at[i+1], *err[i+1] = *at[i], math.Max(*err[i+1], over)
			}
		}
	}
	for i := len(at) - 2; i >= 0; i-- { // where they go round in a circle
		if over := *at[i] - *at[i+1]; over > 0 {
			*at[i], *err[i] = *at[i+1], math.Max(*err[i], over)
		}
	}
}

// An Entry is the forecast of one objective of one service, or of a service
// without an objective.
type Entry struct {
	Service   string
	Title     model.Texts
	Owner     string
	Pos       model.Pos
	Outside   bool
	Objective *Objective // nil: none
	Window    float64    // seconds
	WindowSay string     // "30d"
	// Confidence that the achievable target is computed for.
	Confidence float64

	Verdict Verdict
	Met     *Probability // nil without an objective
	None    float64      // P(no lost time in a window)

	// Contradicts: parts of the answer contradict each other; a warning says so,
	// and the objective is not called achievable.
	Contradicts bool
	// Unsolved: the structure of the groups is too large, so that what is lost to
	// them is left out: all numbers are too good.
	Unsolved bool
	// Corrected: what is said of the whole distribution is that of the sum,
	// corrected for what a sum leaves out; see Probability.Model.
	Corrected bool
	SumMean   float64 // lost seconds in a window, as the sources add up
	Mean      float64 // lost seconds in a window
	SD        float64
	Quantiles Quantiles
	Certain   float64 // lost seconds that every window spends: planned downtime, background

	PerYear       float64  // mean lost seconds in a year
	MissesPerYear *float64 // nil without an objective

	Achievable float64 // 1 − q(confidence)/window, at least 0
	// AchievableError is how far Achievable may be off numerically.
	AchievableError float64
	Suggested       *Target  // the usual target next below; nil: none
	Usual           []Chance // the chance to keep each usual target around this one, rising

	Felt Felt
	// Availability is exact; nil where the structure is too large to solve, as a
	// warning says then.
	Availability *Availability
	// Requirements on the providers, in the order in which they are needed; nil
	// without an objective.
	Requirements []*Requirement
	Sources      []*Source // by lost seconds a year, most first
	// Behind lists what hits users only through groups, which are sources: it is
	// no source of its own. The most important first.
	Behind   []*Behind
	Compare  []Chance // the targets asked for, in that order
	History  *Explained
	Warnings []Warning
	// Unsure lists the inputs that are not exactly known: of changes, risks,
	// services and needs, each in the order of the model.
	Unsure []Unsure
	// Assumed lists what the model leaves out and the forecast took by default.
	Assumed []message.Message

	// Work is how much the numerics did, as a share of what they may.
	Work float64

	// CDF is the distribution of lost time, rising, for charts: at most a few
	// hundred points.
	CDF []Point
}

// A Point of a distribution: P(lost time ≤ Bad) = P.
type Point struct{ Bad, P float64 }

// Felt is the forecast as users feel it: with what is not part of the promise.
type Felt struct {
	Mean      float64      // lost seconds in a window
	Met       *Probability // nil without an objective
	Different bool         // something is felt that does not count
	Hands     *Hands       // nil where it needs nothing outside
}

// Availability is the chance that a random user is served at a random moment, of
// what counts for the promise. Other than a sum it counts a user who is hit
// twice once, and what is down at once.
type Availability struct {
	Expected    float64
	Unavailable float64 // 1 − Expected with all of its digits
	Error       float64 // what averaging over unsure inputs may be off by
	// Napkin multiplies what each need offers, as if nothing were shared; Shared
	// names the part that makes the most of the difference, if any does.
	Napkin float64
	Shared string
}

// A Requirement is what a provider must offer for the service to keep its
// target on average, all else as it is.
type Requirement struct {
	Service string
	Title   model.Texts
	Pos     model.Pos
	Direct  bool // the service needs it itself
	Outside bool
	// Required availability; nil: even a perfect one would not be enough.
	Required *float64
	Offers   float64 // what it offers, as it stands
}

// Hands tells the lost time that users feel apart by who can do something about
// it, in seconds of a window.
type Hands struct {
	Ours, Theirs float64 // of services of our own, and of outside ones
	// NextNine is what users would feel were ours a tenth of what it is.
	NextNine float64
	// Visible reports that this is at least a tenth less than now.
	Visible bool
}

// Importance of a source for the availability of the service.
type Importance struct {
	// Birnbaum is by how much the service is more likely down when the source
	// strikes than when it does not.
	Birnbaum float64
	// FussellVesely is the share of the downtime that would be gone without it.
	FussellVesely float64
	// BrokeGivenDown is the chance that it is at work when the service is down.
	BrokeGivenDown float64
}

// Behind is something that may fail behind a group.
type Behind struct {
	Name       string
	Title      model.Texts
	Made       message.Message // as of a Source
	Kind       SourceKind
	Service    string
	Several    []string    // as of a Source
	Of         scenario.ID // the part of the model that it comes from
	Pos        model.Pos
	Importance Importance
}

// A Chance to keep a target.
type Chance struct {
	Target Target
	Budget float64 // seconds
	Met    Probability
}

// Explained holds the catalogue against what really happened.
type Explained struct {
	Over     float64  // seconds of history
	OverSay  string   // as written
	Bad      *float64 // lost seconds that really happened; nil: not told
	Expected float64  // lost seconds that the catalogue expects in that time
	Share    *float64 // Expected / Bad; nil where Bad is not told or 0
	// Incidents that happened and that the catalogue expects; nil: not told.
	Incidents         *int
	ExpectedIncidents float64
	// Missed of Windows, and how many of them the forecast expects.
	Missed, Windows int
	ExpectedMissed  float64
	// Unlisted is the lost seconds a year that the catalogue does not explain.
	Unlisted float64
	Counted  bool // it is one of the sources, of this entry and of no other service's
}

// Rating of a source by its share of the budget.
type Rating string

// The ratings.
const (
	Red   Rating = "red"
	Amber Rating = "amber"
	Green Rating = "green"
)

// A Source spends the budget of an entry.
type Source struct {
	Name    string
	Title   model.Texts
	Made    message.Message // the title of what has none of its own: groups, switches, common causes
	Kind    SourceKind
	Service string // where it happens
	// Several are the services of a common cause; Service then has all of them.
	Several []string
	// Group is the name of the group that a group or switch source is of. Changing
	// is true where users wait while it changes over; Cause else names the source
	// after which it did not.
	Group, Cause string
	Changing     bool
	// Of is the part of the model that it comes from: a risk, a change, a group.
	// Several sources may come from one.
	Of  scenario.ID
	Pos model.Pos // where that is written

	IncidentsPerYear float64
	IncidentsWindow  float64
	Impact           float64 // share of the entry's users that it reaches
	Detect           float64 // mean seconds to detect
	Acknowledge      float64 // mean seconds to acknowledge
	Recover          float64 // mean seconds to recover
	PerIncident      float64 // mean lost seconds of one
	PerYear          float64 // mean lost seconds a year
	PerWindow        float64 // mean lost seconds a window
	Certain          float64 // lost seconds that every window spends
	FixedLength      bool    // every incident spends exactly PerIncident
	BudgetShare      *float64
	Rating           Rating // empty without an objective
	Per              string // the change that triggers it
	// Importance is nil for what has none of its own: groups and switches, whose
	// members have.
	Importance *Importance
	// Room is how many of its incidents fit into the budget beside what is
	// certain to be spent, were nothing else to happen; nil without an
	// objective or incidents.
	Room *int
	// Waits: of a SwitchSource, users wait for a switch that works; else it did not.
	Waits bool
	// Causes divide its lost time, with Options.Causes; empty for what has none of its
	// own: errors of several at once.
	Causes []Cause
}

// A Cause is what caused a part of the lost time of a source. What takes several
// things to be down at once is split equally among these, and the part of each
// among what has it down by how long each does; a failed change-over and the wait
// for one are of what made a member fail.
type Cause struct {
	Kind    SourceKind
	Name    string // of the risk, the change or the stated service
	Title   model.Texts
	Service string   // where it happens
	Several []string // as of a Source
	Pos     model.Pos
	Part    float64 // of the source's lost time; those of one source add up to 1
}

// What a forecast shares with the scenario that it is of.
type (
	// Warning is something that a reader of the numbers must know.
	Warning = scenario.Warning
	// OptionError is something wrong with the Options rather than with the
	// model.
	OptionError = scenario.OptionError
	// Unsure is an input that is not exactly known.
	Unsure = scenario.Unsure
	// SourceKind says where lost time comes from.
	SourceKind = scenario.SourceKind
)

// The kinds of sources.
const (
	RiskSource       = scenario.RiskSource
	ChangeSource     = scenario.ChangeSource
	StatedSource     = scenario.StatedSource
	BackgroundSource = scenario.BackgroundSource
	UnlistedSource   = scenario.UnlistedSource
	GroupSource      = scenario.GroupSource
	SwitchSource     = scenario.SwitchSource
)
