package scenario

import (
	"strconv"

	"tightrope/internal/model"
)

// An ID tells one part of a model from all others. It does not change with the
// place in a file, with titles or with the order of what has no order, so that
// a model made by a program has the same ones. It is comparable.
type ID struct {
	Kind  Thing
	Owner string // the service or net that it belongs to; empty for what has a name of its own
	Name  string // unique among those of one kind and owner
}

// String writes it with all that tells it apart.
func (id ID) String() string { return string(id.Kind) + "/" + id.Owner + "/" + id.Name }

// A Thing is a kind of part of a model.
type Thing string

// The parts of a model that something may come from.
const (
	ServiceThing     Thing = "service"
	RiskThing        Thing = "risk"
	ChangeThing      Thing = "change"
	NetThing         Thing = "net"
	StatedThing      Thing = "stated"     // the stated unavailability of its owner
	BackgroundThing  Thing = "background" // of its owner
	HistoryThing     Thing = "history"    // of its owner
	NeedThing        Thing = "need"       // an entry of needs of its owner
	CopiesThing      Thing = "copies"     // the copies of its owner, taken as a need for enough of them
	CommonCauseThing Thing = "common cause"
	RideThing        Thing = "ride" // set by its owner, a net, for one edge of needs
)

// ServiceID is the identity of a service.
func ServiceID(name string) ID { return ID{Kind: ServiceThing, Name: name} }

// RiskID is the identity of a risk.
func RiskID(name string) ID { return ID{Kind: RiskThing, Name: name} }

// ChangeID is the identity of a change.
func ChangeID(name string) ID { return ID{Kind: ChangeThing, Name: name} }

// StatedID is the identity of what is stated of a service.
func StatedID(service string) ID { return ID{Kind: StatedThing, Owner: service} }

// BackgroundID is the identity of the errors that a service always has.
func BackgroundID(service string) ID { return ID{Kind: BackgroundThing, Owner: service} }

// HistoryID is the identity of what happened to a service.
func HistoryID(service string) ID { return ID{Kind: HistoryThing, Owner: service} }

// CopiesID is the identity of the copies of a service.
func CopiesID(service string) ID { return ID{Kind: CopiesThing, Owner: service} }

// NeedIDs returns the identity of each need of a service: how it needs, and
// whom. Needs that agree in both are counted in their order.
func NeedIDs(s *model.Service) []ID {
	out := make([]ID, len(s.Needs))
	met := make(map[string]int, len(s.Needs))
	for i, n := range s.Needs {
		name := n.Label()
		met[name]++
		if k := met[name]; k > 1 {
			name += " #" + strconv.Itoa(k) // no name of a service has a space
		}
		out[i] = ID{Kind: NeedThing, Owner: s.Name, Name: name}
	}
	return out
}
