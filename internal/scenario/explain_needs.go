package scenario

import "tightrope/internal/model"

// RideOf is what a need of a service rides out with the nets that stand; nil:
// nothing.
func (sc *Scenario) RideOf(s *model.Service, n *model.Need) *Ride { return sc.ride(s, n) }

// ChangesOver reports whether a service has copies of which some can be spared, with a
// switch between them.
func (sc *Scenario) ChangesOver(s *model.Service) bool {
	copies, need, _ := sc.Copies(s)
	return copies > need && sc.switchOf(s) != nil
}
