package explain

import (
	"slices"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/worth"
)

// The numbers of a need that nets change.
const (
	NeedImpact   = "impact"
	NeedRidesOut = "rides-out"
)

// asItIs fills in a need as it is in the scenario, and what nets make of it.
func (x *explainer) asItIs(y *Need, s *model.Service, n *model.Need) {
	is := x.scenario.NeedOf(s, slices.Index(s.Needs, n)) // it may know an unsure input that nothing asked for before
	y.Impact = min(1, is.Impact.Is.Value(x.scenario.Params.Means()))
	if written, _, _ := worth.Share(n.Impact); !same(written, y.Impact) {
		y.Changed = append(y.Changed, Changed{NeedImpact, written, y.Impact, is.Impact.Nets})
	}
	ride, written := 0.0, 0.0
	if r := is.RidesOut.Is; r != nil {
		ride = r.Mean()
		y.Rides = &ride
	}
	if n.RidesOut != nil {
		written = scenario.Length{Time: *n.RidesOut}.Law(nil).Mean()
	}
	if !same(written, ride) {
		y.Changed = append(y.Changed, Changed{NeedRidesOut, written, ride, is.RidesOut.Nets})
	}
}

// same reports whether two numbers differ by rounding only.
func same(a, b float64) bool { return a == b || max(a-b, b-a) <= 1e-12*max(a, b) }
