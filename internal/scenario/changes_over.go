package scenario

import "tightrope/internal/model"

// ChangesOver reports whether a service has copies of which some can be spared, with a
// switch between them.
func (sc *Scenario) ChangesOver(s *model.Service) bool {
	v := sc.Service(s)
	return v.Copies.Is > v.Need.Is && v.Switch.Is != nil
}
