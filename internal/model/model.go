// Package model holds the words of a reliability model as types: services and
// what they need, changes, risks, detections, recoveries, responders and
// safety nets, and the rules that make a set of them a model.
//
// It reads no files and knows no clock. Every value keeps the place where it
// was written, so that whoever finds something wrong with it can say where.
package model

// A Model is everything that was said about a set of services. All slices are
// in the order of the files. Names are unique within each slice.
type Model struct {
	Currency   Text
	PersonDay  *Amount // the price of one person-day; nil is unknown
	Services   []*Service
	Changes    []*Change
	Risks      []*Risk
	Detections []*Detection
	Recoveries []*Recovery
	Responders []*Responder
	Nets       []*Net

	index *index
	past  *past // nil: nothing is known of the histories
}

// A Service is anything that users or services rely on.
type Service struct {
	Name       string
	Pos        Pos
	Title      Texts
	Owner      Texts
	Outside    bool // not in our hands
	Objectives []*Objective
	Background *Share // errors that are always there
	History    *History
	Worth      *Worth
	Needs      []*Need

	// Copies of the service of which Need must stand; nil is 1.
	Copies      *Count
	Need        *Count
	Switch      *Switch
	CommonCause *Share // the beta factor; nil where left out

	// Stated says how often and for how long the service itself is down,
	// besides its needs and risks; nil where nothing is stated.
	Stated *Stated
}

// An Objective is a promise: in any one window Over, with Confidence, lost time
// is at most (1 − Target) × Over.
type Objective struct {
	Name       string
	Pos        Pos
	Title      Texts
	Target     Share     // exactly known, below 1
	Over       *Duration // nil: 30 d
	Confidence *Share    // nil: 90 %
	DecideBy   *Date
	SLI        *SLI  // nil: no alert can watch it
	Traffic    *Rate // events per second; nil: not known
}

// An SLI is how the events of an objective are counted in PromQL: Errors of
// Total, or what is left of Total by Good, or how often Probe is 0. Each but
// Probe holds Window where its range stands.
type SLI struct {
	Pos                        Pos
	Errors, Good, Total, Probe *Text
}

// Window stands in the queries of an SLI for a range.
const Window = "{{window}}"

// History is what really happened to a service.
type History struct {
	Pos       Pos
	Over      Duration
	Bad       *Duration
	Incidents *Count
	Missed    *Missed
}

// Missed says in how many of how many windows the objective was missed.
type Missed struct {
	N, Of int
	Pos   Pos
}

// Worth is what a service earns and what an outage costs.
type Worth struct {
	Pos     Pos
	Revenue *Amount // a flow
	Lost    *Share  // share of the revenue of lost time that never comes back
	Users   *Count
	SLA     []*Clause
}

// ClauseKind says what a clause of a contract looks at.
type ClauseKind int

const (
	// ClauseOutage: one outage in a row of at least Length.
	ClauseOutage ClauseKind = iota
	// ClauseDowntime: lost time of at least Length within Over.
	ClauseDowntime
	// ClauseAvailability: availability below Below within Over.
	ClauseAvailability
)

// A Clause of a contract: if something happens, pay.
type Clause struct {
	Pos    Pos
	Kind   ClauseKind
	If     Text      // the condition as written
	Length Duration  // ClauseOutage, ClauseDowntime
	Below  Share     // ClauseAvailability
	Over   *Duration // ClauseDowntime, ClauseAvailability
	Strict bool      // > rather than >=, or < rather than <=

	Pay          *Amount // money; or
	PayOfRevenue *Share  // a share of the revenue of the period
}

// Stated is a service's own unavailability. Exactly one of Availability and
// Every is set.
type Stated struct {
	Pos          Pos
	Availability *Share
	Every        *Rate
	Outage       Time
}

// NeedKind says how a service needs others.
type NeedKind int

const (
	// NeedOne: the one member is needed.
	NeedOne NeedKind = iota
	// NeedAny: one of the members is enough.
	NeedAny
	// NeedAtLeast: AtLeast of the members are needed.
	NeedAtLeast
	// NeedSplit: each user relies on exactly one member.
	NeedSplit
)

// A Need is one entry of a service's `needs`.
type Need struct {
	Pos         Pos
	Kind        NeedKind
	Members     []Member
	AtLeast     int     // NeedAtLeast
	Impact      *Share  // share of the users that is exposed; nil is all
	RidesOut    *Time   // the first part of each outage that is not felt
	Switch      *Switch // groups
	CommonCause *Share  // groups
	Counts      bool    // false: felt by users, not part of the promise
}

// A Member of a need, with its share of the users where the need is split.
type Member struct {
	Ref
	Share Share // NeedSplit
}

// A Switch is the change-over from a failed member to one that stands.
type Switch struct {
	Pos   Pos
	Takes Time
	Works *Share // nil is 100 %
}

// A Change is planned, recurring work.
type Change struct {
	Name     string
	Pos      Pos
	Title    Texts
	Owner    Texts
	Service  Ref
	Every    Rate
	Downtime *Time
	Impact   Impact
	Stages   []Stage
	Excluded bool // its own downtime is not counted in the promise
}

// A Stage of a roll-out: Share of the users For so long; the last stage has no
// For.
type Stage struct {
	Pos   Pos
	Share Share // exactly known
	For   *Duration
}

// Impact is the share of a service's users that is hit: one share for all
// objectives, or one for each objective named (others are not hit). The zero
// Impact is 100 %.
type Impact struct {
	Pos         Pos
	All         *Share
	ByObjective []ObjectiveImpact
}

// ObjectiveImpact is the impact as one objective sees it.
type ObjectiveImpact struct {
	Objective string
	Pos       Pos
	Share     Share
}

// For returns the share that the named objective sees. ok is false where it is
// not hit at all.
func (i Impact) For(objective string) (share *Share, ok bool) {
	if len(i.ByObjective) == 0 {
		return i.All, true
	}
	for k := range i.ByObjective {
		if i.ByObjective[k].Objective == objective {
			return &i.ByObjective[k].Share, true
		}
	}
	return nil, false
}

// StrikesKind says how much of a service with copies a risk strikes.
type StrikesKind int

const (
	// StrikesDefault: all for risks per a change, one for the others.
	StrikesDefault StrikesKind = iota
	// StrikesOne strikes one copy (and by its common cause all).
	StrikesOne
	// StrikesAll strikes every copy at once.
	StrikesAll
)

// A Risk causes incidents on one service. Its frequency is either Rate (for
// each of Units) or Chance at each occurrence of the change Per.
type Risk struct {
	Name    string
	Pos     Pos
	Title   Texts
	Owner   Texts
	Source  Texts
	AsOf    *Date
	Review  *Duration
	Service Ref

	Rate   *Rate
	Units  *Count // nil is 1
	Per    *Ref
	Chance *Share

	Impact     Impact
	Strikes    StrikesKind
	Loses      *Amount // money lost by each incident
	BeforeNets bool    // its numbers are without any net

	// Detection: either named paths or one inline time, certain.
	Detect       []Ref
	DetectInline *Time
	// Recovery: either named attempts in order or one inline time that
	// includes everything.
	Recover       []Ref
	RecoverInline *Time

	Accepted *Accepted
}

// Accepted says who took a risk knowingly, and for how long.
type Accepted struct {
	Pos     Pos
	By      Texts
	Since   *Date
	Until   *Date
	Because Texts
}

// A Detection is a way in which we would know.
type Detection struct {
	Name        string // empty where it was written into an effect
	Pos         Pos
	Title       Texts
	After       Time
	Catches     *Share // nil is 100 %
	FalseAlarms *Rate
}

// A Recovery is a way in which an incident ends.
type Recovery struct {
	Name     string // empty where it was written into an effect
	Pos      Pos
	Title    Texts
	Takes    Time
	Works    *Share // nil is 100 %
	Restores *Share // nil is 100 %
	By       Ref    // a responder, or Nobody
	Runbook  Text
	Drilled  *Date
}

// Nobody is the `by` of an automatic recovery.
const Nobody = "nobody"

// Automatic reports whether the recovery needs no responder.
func (r *Recovery) Automatic() bool { return r.By.Name == Nobody }

// A Responder is called, and takes time to acknowledge.
type Responder struct {
	Name         string
	Pos          Pos
	Title        Texts
	Acknowledges Time
	People       *Count
}

// NetKind is the kind of a safety net.
type NetKind string

// The kinds of safety nets.
const (
	Automation NetKind = "automation"
	Redundancy NetKind = "redundancy"
	Process    NetKind = "process"
	Role       NetKind = "role"
	OnCall     NetKind = "on-call"
	Vendor     NetKind = "vendor"
)

// NetKinds lists every kind, in the order of the documentation.
var NetKinds = []NetKind{Automation, Redundancy, Process, Role, OnCall, Vendor}

// NetStatus says whether a net stands.
type NetStatus string

// The statuses of safety nets. Only InPlace stands today.
const (
	InPlace  NetStatus = "in-place"
	Building NetStatus = "building"
	Proposed NetStatus = "proposed"
	Rejected NetStatus = "rejected"
)

// NetStatuses lists every status, in the order of the documentation.
var NetStatuses = []NetStatus{InPlace, Building, Proposed, Rejected}

// A Net is a safety net: something that prevents, detects, contains or
// shortens.
type Net struct {
	Name     string
	Pos      Pos
	Title    Texts
	Owner    Texts
	Kind     NetKind
	Status   NetStatus
	Ready    *Date  // Building
	Angle    string // empty: an angle of its own
	Cost     Cost
	Lasts    *Duration // nil is 3 y
	LeadTime *Duration
	Requires []Ref
	Excludes []Ref
	Replaces []Ref
	Effects  []*Effect
}

// Cost of a net: what it takes to build and to run.
type Cost struct {
	Pos         Pos
	BuildMoney  []Amount
	BuildEffort []Effort
	RunMoney    []Amount // flows
	RunEffort   []Effort // flows
}

// Before is what a number was without the net that sets it. Exactly one of Share
// and Rate is set.
type Before struct {
	Pos   Pos
	Share *Share // of an availability or a background
	Rate  *Rate  // of every
}

// An Effect is what a net does to one kind of target. Exactly one of the
// target fields is set.
type Effect struct {
	Pos Pos

	// On risks: those named, or every risk per a change.
	Risks      []Ref
	RisksPer   *Ref
	Prevents   *Share
	ImpactBy   *Signed // signed changes
	DetectBy   *Signed
	RecoverBy  *Signed
	Detects    *Detection
	RecoversBy *Recovery

	// On a change.
	Change   *Ref
	Stages   []Stage
	Downtime *Time
	Slows    *Time
	Every    *Rate

	// On a responder.
	Responder     *Ref
	AcknowledgeBy *Signed
	People        *Count

	// On a service with copies.
	Service     *Ref
	Copies      *Count
	NeedCopies  *Count
	Switch      *Switch
	CommonCause *Share

	// On what a service states of itself; Every applies here too.
	Availability *Share
	OutageBy     *Signed
	Background   *Share
	Before       *Before // of a net that stands

	// On an edge of needs, written `booking -> search`.
	NeedFrom *Ref
	NeedTo   *Ref
	RidesOut *Time
	// ImpactBy applies here too.
}

type index struct {
	services   map[string]*Service
	changes    map[string]*Change
	risks      map[string]*Risk
	detections map[string]*Detection
	recoveries map[string]*Recovery
	responders map[string]*Responder
	nets       map[string]*Net
}

// Index makes the look-ups by name work; whoever fills in a Model calls it
// once, after the last part was added. Of two parts with one name the first
// counts.
func (m *Model) Index() {
	x := &index{
		services:   map[string]*Service{},
		changes:    map[string]*Change{},
		risks:      map[string]*Risk{},
		detections: map[string]*Detection{},
		recoveries: map[string]*Recovery{},
		responders: map[string]*Responder{},
		nets:       map[string]*Net{},
	}
	fill(x.services, m.Services, func(s *Service) string { return s.Name })
	fill(x.changes, m.Changes, func(c *Change) string { return c.Name })
	fill(x.risks, m.Risks, func(r *Risk) string { return r.Name })
	fill(x.detections, m.Detections, func(d *Detection) string { return d.Name })
	fill(x.recoveries, m.Recoveries, func(r *Recovery) string { return r.Name })
	fill(x.responders, m.Responders, func(r *Responder) string { return r.Name })
	fill(x.nets, m.Nets, func(n *Net) string { return n.Name })
	m.index = x
}

func fill[T any](into map[string]T, from []T, name func(T) string) {
	for _, v := range from {
		if _, there := into[name(v)]; !there {
			into[name(v)] = v
		}
	}
}

// Service returns the service of that name, or nil.
func (m *Model) Service(name string) *Service { return m.index.services[name] }

// Change returns the change of that name, or nil.
func (m *Model) Change(name string) *Change { return m.index.changes[name] }

// Risk returns the risk of that name, or nil.
func (m *Model) Risk(name string) *Risk { return m.index.risks[name] }

// Detection returns the detection of that name, or nil.
func (m *Model) Detection(name string) *Detection { return m.index.detections[name] }

// Recovery returns the recovery of that name, or nil.
func (m *Model) Recovery(name string) *Recovery { return m.index.recoveries[name] }

// Responder returns the responder of that name, or nil.
func (m *Model) Responder(name string) *Responder { return m.index.responders[name] }

// Net returns the safety net of that name, or nil.
func (m *Model) Net(name string) *Net { return m.index.nets[name] }
