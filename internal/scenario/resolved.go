package scenario

import (
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/model"
)

// An Origin is where a value of a scenario comes from.
type Origin struct {
	From OriginKind
	// Nets that set the value, of which the last of the file counts, or that
	// multiply or add to it against what is written, by name.
	Nets []string
}

// An OriginKind says who gave a value.
type OriginKind string

// The kinds of origins.
const (
	Written OriginKind = "written" // the model says so
	Default OriginKind = "default" // the model says nothing
	ByNet   OriginKind = "net"     // nets set or change it
)

// A Value of a scenario and where it comes from.
type Value[T any] struct {
	Is T
	Origin
}

// written is a value as the model has it; ok is false where it says nothing.
func written[T any](x T, ok bool) Value[T] {
	if ok {
		return Value[T]{x, Origin{From: Written}}
	}
	return Value[T]{x, Origin{From: Default}}
}

// set is a value that a net sets, whatever was there before.
func (v *Value[T]) set(x T, net string) {
	v.Is, v.Origin = x, Origin{From: ByNet, Nets: []string{net}}
}

// touched notes that a net changes the value.
func (o *Origin) touched(net string) {
	o.From = ByNet
	if !slices.Contains(o.Nets, net) {
		o.Nets = append(o.Nets, net)
	}
}

// prepare has the scenario know unsure inputs where no catalogue was made.
func (sc *Scenario) prepare() {
	if sc.Params == nil {
		sc.Params = newParams(sc.Laws)
	}
}

// standing calls do with each effect of the nets that stand, in file order.
func (sc *Scenario) standing(do func(*model.Net, *model.Effect)) {
	for _, n := range sc.Model.Nets {
		if !sc.Standing[n.Name] {
			continue
		}
		for _, e := range n.Effects {
			do(n, e)
		}
	}
}

// moved calls do with each effect of the nets that stand in the scenario and not
// today, which are new, or the other way round, by name.
func (sc *Scenario) moved(do func(n *model.Net, e *model.Effect, isNew bool)) {
	for _, n := range sc.nets {
		if sc.Standing[n.Name] == sc.today[n.Name] {
			continue
		}
		for _, e := range n.Effects {
			do(n, e, sc.Standing[n.Name])
		}
	}
}

// by returns 1 + change for a net that is new, and its inverse for one that is
// taken away.
func (sc *Scenario) by(s *model.Signed, isNew bool, what message.Message) Factor {
	f := sc.Params.signed(s, what)
	if !isNew {
		f = f.inverse()
	}
	return f
}

// A ServiceValue is a service in a scenario.
type ServiceValue struct {
	Copies      Value[int]
	Need        Value[int]           // how many copies must stand
	CommonCause Value[*model.Share]  // nil is DefaultCommonCause
	Switch      Value[*model.Switch] // between copies; nil: instant and certain
	Stated      Value[*model.Stated] // nil: nothing is stated
	Outage      Value[Length]        // how long one of the stated outages lasts
	Background  Value[*model.Share]  // nil: none
}

// Service returns what a service is with the nets that stand. Of nets that set a
// value the last one counts, but for copies the most.
func (sc *Scenario) Service(s *model.Service) ServiceValue {
	v := ServiceValue{
		Copies: written(1, false), Need: written(1, false),
		CommonCause: written(s.CommonCause, s.CommonCause != nil), Switch: written(s.Switch, s.Switch != nil),
		Stated: written(s.Stated, s.Stated != nil), Background: written(s.Background, s.Background != nil),
	}
	if s.Copies != nil {
		v.Copies = written(s.Copies.N, true)
	}
	if s.Need != nil {
		v.Need = written(s.Need.N, true)
	}
	sc.standing(func(n *model.Net, e *model.Effect) {
		if !OnService(e, s) {
			return
		}
		if e.Copies != nil && e.Copies.N > v.Copies.Is {
			v.Copies.set(e.Copies.N, n.Name)
		}
		if e.NeedCopies != nil {
			v.Need.set(e.NeedCopies.N, n.Name)
		}
		if e.CommonCause != nil {
			v.CommonCause.set(e.CommonCause, n.Name)
		}
		if e.Switch != nil {
			v.Switch.set(e.Switch, n.Name)
		}
	})
	sc.stated(s, &v)
	return v
}

// A NeedValue is a need of a service in a scenario.
type NeedValue struct {
	Impact   Value[Factor] // share of the users that it exposes
	RidesOut Value[*Ride]  // nil: all of each outage is felt
	Switch   Value[*model.Switch]
}

// NeedOf returns what the k-th need of a service is with the nets that stand.
func (sc *Scenario) NeedOf(s *model.Service, k int) NeedValue {
	sc.prepare()
	n := s.Needs[k]
	return sc.needValue(s, n, NeedIDs(s)[k])
}

func (sc *Scenario) needValue(s *model.Service, n *model.Need, id ID) NeedValue {
	what := message.ImpactOfNeed(s.Name)
	v := NeedValue{
		Impact:   written(sc.Params.Share(n.Impact, true, what), n.Impact != nil),
		Switch:   written(n.Switch, n.Switch != nil),
		RidesOut: written[*Ride](nil, n.RidesOut != nil),
	}
	if t := n.RidesOut; t != nil {
		v.RidesOut.Is = rideOf(t, id)
	}
	sc.moved(func(net *model.Net, e *model.Effect, isNew bool) {
		if e.ImpactBy != nil && OnNeed(e, s, n) {
			v.Impact.Is = v.Impact.Is.Times(sc.by(e.ImpactBy, isNew, what))
			v.Impact.touched(net.Name)
		}
	})
	sc.standing(func(net *model.Net, e *model.Effect) {
		if e.RidesOut != nil && OnNeed(e, s, n) {
			v.RidesOut.set(rideOf(e.RidesOut, ID{Kind: RideThing, Owner: net.Name, Name: s.Name + " -> " + e.NeedTo.Name}), net.Name)
		}
	})
	return v
}

// rideOf is a time as a ride; nil where it is none.
func rideOf(t *model.Time, id ID) *Ride {
	if t.Kind == model.Fixed && t.Length().Sign() == 0 {
		return nil
	}
	return &Ride{Time: *t, ID: id, Pos: t.Pos}
}

// A ChangeValue is a change in a scenario.
type ChangeValue struct {
	Every    Value[*model.Rate]
	Downtime Value[*model.Time]   // nil: none
	Stages   Value[[]model.Stage] // nil: all users at once
	Slows    []Slowed
}

// Slowed is how much longer a change takes those who make it because of a net.
type Slowed struct {
	Net string
	By  *model.Time
}

// Change returns what a change is with the nets that stand: of those that set a
// value the last one counts.
func (sc *Scenario) Change(ch *model.Change) ChangeValue {
	v := ChangeValue{
		Every: written(&ch.Every, true), Downtime: written(ch.Downtime, ch.Downtime != nil), Stages: written(ch.Stages, ch.Stages != nil),
	}
	sc.standing(func(n *model.Net, e *model.Effect) {
		if !OnChange(e, ch) {
			return
		}
		if e.Every != nil {
			v.Every.set(e.Every, n.Name)
		}
		if e.Downtime != nil {
			v.Downtime.set(e.Downtime, n.Name)
		}
		if e.Stages != nil {
			v.Stages.set(e.Stages, n.Name)
		}
		if e.Slows != nil {
			v.Slows = append(v.Slows, Slowed{n.Name, e.Slows})
		}
	})
	return v
}

// A ResponderValue is a responder in a scenario.
type ResponderValue struct {
	Acknowledges Value[Length]
	People       Value[*int] // who share the duty; nil: not said
}

// Responder returns what a responder is with the nets that stand, against what is
// written, which is with those that stand today.
func (sc *Scenario) Responder(r *model.Responder) ResponderValue {
	sc.prepare()
	v := ResponderValue{
		Acknowledges: written(Length{Time: r.Acknowledges, Scale: One}, true),
		People:       written[*int](nil, r.People != nil),
	}
	if r.People != nil {
		n := r.People.N
		v.People.Is = &n
	}
	sc.moved(func(n *model.Net, e *model.Effect, isNew bool) {
		if !OnResponder(e, r.Name) {
			return
		}
		if e.AcknowledgeBy != nil {
			l := &v.Acknowledges
			l.Is.Scale = l.Is.Scale.Times(sc.by(e.AcknowledgeBy, isNew, message.Acknowledges(r.Name)))
			l.touched(n.Name)
		}
		if e.People != nil && v.People.Is != nil {
			if isNew {
				*v.People.Is += e.People.N
			} else {
				*v.People.Is -= e.People.N
			}
			v.People.touched(n.Name)
		}
	})
	if v.People.Is != nil {
		*v.People.Is = max(0, *v.People.Is)
	}
	return v
}

// A RiskValue is a risk in a scenario.
type RiskValue struct {
	// Often is its rate per second of all its units, or its chance at each
	// occurrence of its change.
	Often    Value[Factor]
	Impact   Value[Factor] // by what its impact is multiplied
	Detect   Origin        // of how long its own detections take
	Recover  Origin        // of how long its own recoveries take
	Incident Incident      // with what nets add, as each Path and Attempt says
	// StrikesAll: every copy of its service at once.
	StrikesAll Value[bool]
}

// Risk returns what a risk is with the nets that stand, and a
// *model.ProblemError where some of its incidents are never detected or never
// end.
func (sc *Scenario) Risk(r *model.Risk) (RiskValue, error) {
	sc.prepare()
	v := RiskValue{StrikesAll: written(StrikesAll(r), r.Strikes != model.StrikesDefault)}
	prevented, by := sc.prevention(r)
	v.Often = written(prevented, true)
	for _, net := range by {
		v.Often.touched(net)
	}
	if r.Per != nil {
		v.Often.Is = sc.Params.Share(r.Chance, false, message.ChanceOf(r.Name)).Times(prevented)
		if ch := sc.Model.Change(r.Per.Name); ch != nil {
			v.Incident.Stages = sc.Change(ch).Stages.Is
		}
	} else {
		v.Often.Is = sc.Params.rate(r.Rate, message.RateOf(r.Name)).Times(prevented)
		if r.Units != nil {
			v.Often.Is = v.Often.Is.Times(whole(r.Units.N))
		}
	}
	impactBy, origin := sc.change(r, func(e *model.Effect) *model.Signed { return e.ImpactBy }, message.ImpactOf(r.Name))
	v.Impact = Value[Factor]{impactBy, origin}
	if origin.From == Written && r.Impact.All == nil && len(r.Impact.ByObjective) == 0 {
		v.Impact.From = Default
	}
	return v, sc.incident(r, &v)
}

// Copies returns how many copies of a service there are, how many must stand,
// and its common cause; nil is left out.
func (sc *Scenario) Copies(s *model.Service) (copies, need int, common *model.Share) {
	v := sc.Service(s)
	return v.Copies.Is, v.Need.Is, v.CommonCause.Is
}

// ChangesOver reports whether a service has copies of which some can be spared, with a
// switch between them.
func (sc *Scenario) ChangesOver(s *model.Service) bool {
	v := sc.Service(s)
	return v.Copies.Is > v.Need.Is && v.Switch.Is != nil
}
