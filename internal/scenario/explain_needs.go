package scenario

import "tightrope/internal/model"

// RideOf is what a need of a service rides out with the nets that stand; nil:
// nothing.
func (sc *Scenario) RideOf(s *model.Service, n *model.Need) *Ride { return sc.ride(s, n) }
