// Package explain tells where numbers come from: which layers stand in front of
// a risk and what each of them stops, what a safety net does to risks and to the
// whole, and what a service suffers from.
//
// It returns numbers and places and no text of its own. All times are in
// seconds and all shares plain ratios; what is not known is nil.
package explain

import (
	"context"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/worth"
)

// Options of an explanation.
type Options struct {
	With    []string // nets that do not stand, taken as standing
	Without []string // nets that stand, taken away
	// Over is the window of the entries of SharesOf where it is not their own.
	Over *model.Duration
	// Today is what reviews and terms are held against; nil: they are not.
	Today *model.Date
	// Money adds what services lose before and after a net, which takes as
	// long again as the forecasts.
	Money bool
	// Context ends it early, with its error; nil never does.
	Context context.Context
	// Memory keeps what forecasts compute for the next ones; nil: nothing does.
	Memory *forecast.Memory
	// Effort is that of forecast.Options.
	Effort float64
}

// A Result explains one name. Exactly one of Risk, Net and Service is set.
type Result struct {
	Name    string
	Risk    *Risk
	Net     *Net
	Service *Service
	// Also lists what else has the name, in words of the model: "net", "service".
	Also     []string
	Warnings []forecast.Warning
}

// Kind says what was explained, in words of the model.
func (r *Result) Kind() string {
	switch {
	case r.Risk != nil:
		return "risk"
	case r.Net != nil:
		return "net"
	}
	return "service"
}

// Remarks are those of a risk, or of the risks of a service; nil for a net.
func (r *Result) Remarks() []Remark {
	switch {
	case r.Risk != nil:
		return r.Risk.Remarks
	case r.Service != nil:
		return r.Service.Remarks
	}
	return nil
}

// A Risk with what stands in front of it.
type Risk struct {
	Name, Owner string
	Title       model.Texts
	Service     string
	Pos         model.Pos

	// How often: as written, and what follows with the nets that stand.
	Often            string // the rate or the chance as written
	Units            int
	Per              string  // the change that may trigger it
	ChangesPerYear   float64 // of that
	Chance           float64 // at each of them; mean
	IncidentsPerYear float64 // mean; on all copies of its service
	LosesEach        *float64

	// One incident, mean seconds.
	Detect, Acknowledge, Recover float64
	Bad                          float64 // for the users of its service

	Reaches []Reach // by lost time, most first
	// Further counts services without an objective that need it too, and were not asked.
	Further int
	Layers  []Layer // prevent, detect, contain, recover; as an incident meets them
	Angles  []string
	Remarks []Remark

	From     Provenance
	Accepted *Accepted

	// Steps lead from what is written to IncidentsPerYear.
	Steps []WhyStep
}

// A Reach is what a risk does to one objective, or to a service without one.
type Reach struct {
	Service, Objective string
	Window             float64
	Impact             float64 // share of the users whom an incident hits
	IncidentsPerYear   float64 // that are felt
	BadPerYear         float64 // mean; its share of all lost time, as Shares divide it
	BudgetShare        *float64
	Rating             forecast.Rating
	// Saves is by how much the mean lost time of a year falls when the risk is taken
	// out of the model; nil where it spends nothing.
	Saves *float64
	// Redundant: a part of it is lost only while something else is down too.
	Redundant bool
}

// Step says where a layer catches.
type Step string

// The steps, in the order in which an incident meets them.
const (
	Prevent Step = "prevent"
	Detect  Step = "detect"
	Contain Step = "contain"
	Recover Step = "recover"
)

// LayerKind says what a layer is.
type LayerKind string

// The kinds of layers.
const (
	Prevents      LayerKind = "prevents"      // a net makes it rarer
	Rhythm        LayerKind = "rhythm"        // a net makes its change rarer
	Detection     LayerKind = "detection"     // a way in which we would know
	Faster        LayerKind = "faster"        // a net changes how long it takes
	Impact        LayerKind = "impact"        // it hits some of the users only, or a net has it hit fewer
	Stages        LayerKind = "stages"        // a roll-out that reaches users in steps
	Copies        LayerKind = "copies"        // other copies go on
	Exposure      LayerKind = "exposure"      // some users only need the service
	RidesOut      LayerKind = "rides-out"     // the first part of an outage is not felt
	Spare         LayerKind = "spare"         // other members of a group go on
	Attempt       LayerKind = "attempt"       // an attempt to end it
	Acknowledging LayerKind = "acknowledging" // a net changes how soon responders answer
)

// A Layer stands, or could stand, between a risk and the users.
type Layer struct {
	Step Step
	Kind LayerKind
	// Name of the detection, the recovery, the change, the service or the need;
	// empty for a net's own, and for what was written as a time.
	Name     string
	Title    model.Texts
	From, To string // of a need: the service that has it, and the one that it needs
	Net      string // that it comes from; empty: it is the model's own
	NetTitle model.Texts
	Status   model.NetStatus // of the net; empty without one
	Stands   bool            // it is at work in this explanation
	Angle    string          // of a net: its angle, or else its own name
	Pos      model.Pos

	// Counts is false for a net that prevents while a better one of the same
	// angle stands, which sees all that it sees.
	Counts bool
	// Stops is the share that the layer stops, by itself: of incidents for what
	// prevents, detects or ends them; of lost time or users for what contains;
	// of the time it changes for what makes something faster. Negative: it makes
	// things worse. Low and High are the 5th and 95th percentiles of what it may
	// be, equal to Stops where that is exactly known. nil: not told, such as for
	// a ride whose outages differ.
	Stops, Low, High *float64
	Of               Stopped

	Time      *float64 // mean seconds: after which it detects, takes, or is ridden out
	First     *float64 // of a detection: the chance that it is the one that detects; nil while it does not stand
	Reached   *float64 // of an attempt: the chance that it comes to it; nil while it does not stand
	Who       string   // the responder; empty: nobody, or somebody without a name
	Automatic bool
	Unnamed   bool // written as a time: nothing says by whom or how
	Runbook   string
	Drilled   *model.Date
}

// Stopped says of what Stops is a share.
type Stopped string

// What layers stop.
const (
	OfIncidents   Stopped = "incidents"
	OfBadTime     Stopped = "bad-time"
	OfUsers       Stopped = "users"
	OfDetect      Stopped = "time-to-detect"
	OfAcknowledge Stopped = "time-to-acknowledge"
	OfRecover     Stopped = "time-to-recover"
)

// RemarkCode says what is to be said of a risk.
type RemarkCode string

// The remarks.
const (
	// NoAngle: nothing that stands keeps it from users before it begins.
	NoAngle RemarkCode = "no-angle"
	// SingleAngle: one angle only does.
	SingleAngle RemarkCode = "single-angle"
	// LastResort: it is known from its slowest, certain detection only, which
	// has no false alarms: customers, as a rule.
	LastResort RemarkCode = "last-resort"
	// UnnamedDetection, UnnamedRecovery: written as a time; nothing says how.
	UnnamedDetection RemarkCode = "unnamed-detection"
	UnnamedRecovery  RemarkCode = "unnamed-recovery"
	// SameAngle: nets of one angle, of which the best one counts.
	SameAngle RemarkCode = "same-angle"
	// NoSource: nothing says where the numbers come from.
	NoSource RemarkCode = "no-source"
	// ReviewOverdue: its numbers were to be looked at again.
	ReviewOverdue RemarkCode = "review-overdue"
	// AcceptedTooLong: it was accepted up to a day that has passed.
	AcceptedTooLong RemarkCode = "accepted-too-long"
)

// A Remark about a risk.
type Remark struct {
	Code RemarkCode
	Risk string
	Pos  model.Pos
	// Names of what it is about: the angles, the detection, the nets.
	Names []string
	Date  *model.Date // the day on which the review was due or the term ended
	Days  int         // since then
}

// Provenance says where numbers come from.
type Provenance struct {
	Source  model.Texts
	AsOf    *model.Date
	Review  *float64    // seconds after which to look at it again
	Due     *model.Date // when that is; nil where one of the two is left out
	Overdue *bool       // nil without a day to hold it against, or without Due
}

// Accepted says who took a risk knowingly.
type Accepted struct {
	By, Because  model.Texts
	Since, Until *model.Date
	// RunOut: the term has passed; nil without one, or without a day to hold it
	// against.
	RunOut *bool
	Pos    model.Pos
}

// A Net with what it does.
type Net struct {
	Name, Owner string
	Title       model.Texts
	Pos         model.Pos
	Kind        model.NetKind
	Status      model.NetStatus
	Ready       *model.Date
	Angle       string   // its angle, or else its own name
	LeadTime    *float64 // seconds
	Cost        worth.Cost

	Requires, Excludes, Replaces []Other
	RequiredBy                   []string // nets that require it
	SameAngle                    []string // other nets of its angle
	Rejects                      bool     // it is rejected: what follows is for the record

	// What is compared: the model without the net, and with it. With names the
	// nets that are taken as standing with it although they do not stand today,
	// Gone those that it replaces, or that stand today, require it and go with it.
	With, Gone []string
	// Impossible says why one of the two has no forecast, in the words of the
	// engine that refused; the numbers are missing then.
	Impossible string

	Risks      []RiskChange      // those that change by 0.1% or more, by lost time stopped, most first
	Objectives []ObjectiveChange // all, in the order of the files
	Load       Change            // pages a week of all responders
	Manual     Change            // hours a year of recovery by hand
	Process    Change            // hours a year that changes are slowed by
	Loss       *Change           // money a year of all services together; nil: unknown, or not asked for
	LossError  Change            // by how much that may be off numerically
	LossOpen   []string          // services of whose loss something is unknown
}

// Other is another net that one is bound to.
type Other struct {
	Name   string
	Title  model.Texts
	Status model.NetStatus
	Stands bool
}

// Change of a number from without a net to with it.
type Change struct{ Before, After float64 }

// By returns by how much it changes.
func (c Change) By() float64 { return c.After - c.Before }

// A RiskChange is what a net does to one risk, group or change.
type RiskChange struct {
	Name    string
	Title   model.Texts
	Made    message.Message // as of a forecast.Source
	Several []string        // the same
	Group   string          // the same
	Kind    forecast.SourceKind
	Service string // where it happens
	// To is the service and the objective of whose users the numbers are: those
	// that it spends most lost time of.
	To, Objective    string
	IncidentsPerYear Change
	BadPerIncident   Change
	BadPerYear       Change
}

// An ObjectiveChange is what a net does to one objective.
type ObjectiveChange struct {
	Service, Objective string
	Target             forecast.Target
	Window             float64
	WindowSay          string
	Met                Change
	BandBefore         [2]float64 // of the chance, given what is unsure
	BandAfter          [2]float64
	BadPerYear         Change
	Achievable         Change
	Verdict            [2]forecast.Verdict // before, after
}

// A Service with what it suffers from.
type Service struct {
	Name, Owner string
	Title       model.Texts
	Pos         model.Pos
	Outside     bool
	Entries     []*forecast.Entry // one for each objective
	Value       worth.Value
	// Shares divide the lost time of each entry among what caused it.
	Shares []*Shares

	Needs        []Need        // by lost time, most first
	Own          float64       // lost seconds a year of its own, of the first objective
	Several      float64       // what is in several Needs, each time but the first: own and by needs less it is all
	SinglePoints []SinglePoint // by lost time, most first
	Risks        []string      // that happen on it, by lost time
	Remarks      []Remark      // about the risks that reach it, in the order of Reached
	Reached      []string      // risks that reach it, by lost time, most first
	NeededBy     []string      // services that need it directly
}

// A Need of a service, with the lost time that comes from what is behind it.
type Need struct {
	Kind    model.NeedKind
	Members []string
	AtLeast int
	Pos     model.Pos
	Counts  bool
	Impact  float64  // share of the users who are exposed
	Rides   *float64 // mean seconds that are ridden out; nil: none
	// Changed lists what nets made of it, against what is written.
	Changed []Changed
	// BadPerYear is the mean lost seconds a year that users of the service feel
	// from the services behind it. What is behind several needs is in each;
	// Shared names that.
	BadPerYear float64
	Shared     []string
}

// Changed is a value that a net gives a need, or takes from it again, with what it
// is otherwise: mean seconds for a ride, a share of users for an impact.
type Changed struct {
	What          string // "impact", "rides-out"
	Before, After float64
	By            []string // the nets, as they were added or taken away
}

// A SinglePoint takes every user of a service down at once, whatever else is up.
type SinglePoint struct {
	Service    string
	Title      model.Texts
	Outside    bool
	Copies     int // of which some can be spared; what strikes them all counts here
	Indirect   bool
	BadPerYear float64
}
