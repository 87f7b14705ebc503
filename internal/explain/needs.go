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
	edge := x.scenario.Edge(s, n) // which may be an unsure input that nothing asked for before
	y.Impact = min(1, edge.Value(x.scenario.Params.Means()))
	if written, _, _ := worth.Share(n.Impact); !same(written, y.Impact) {
		y.Changed = append(y.Changed, Changed{NeedImpact, written, y.Impact, x.netsOn(s, n, func(net *model.Net, e *model.Effect) bool {
			return e.ImpactBy != nil && x.scenario.Standing[net.Name] != (net.Status == model.InPlace)
		})})
	}
	ride, written := 0.0, 0.0
	if r := x.scenario.RideOf(s, n); r != nil {
		ride = r.Mean()
		y.Rides = &ride
	}
	if n.RidesOut != nil {
		written = scenario.Length{Time: *n.RidesOut}.Law(nil).Mean()
	}
	if !same(written, ride) {
		nets := x.netsOn(s, n, func(net *model.Net, e *model.Effect) bool { return e.RidesOut != nil && x.scenario.Standing[net.Name] })
		// The last of them says it.
		y.Changed = append(y.Changed, Changed{NeedRidesOut, written, ride, nets[max(0, len(nets)-1):]})
	}
}

// netsOn lists nets with an effect that fits on a need.
func (x *explainer) netsOn(s *model.Service, n *model.Need, fits func(*model.Net, *model.Effect) bool) (names []string) {
	for _, net := range x.model.Nets {
		if slices.ContainsFunc(net.Effects, func(e *model.Effect) bool {
			return e.NeedFrom != nil && e.NeedFrom.Name == s.Name && scenario.Names(n, e.NeedTo.Name) && fits(net, e)
		}) {
			names = append(names, net.Name)
		}
	}
	return names
}

// same reports whether two numbers differ by rounding only.
func same(a, b float64) bool { return a == b || max(a-b, b-a) <= 1e-12*max(a, b) }
