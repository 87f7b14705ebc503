package scenario

import "tightrope/internal/model"

// At returns the param that stands for an input that is not exactly known, by
// the place in the model that holds it; ok is false where no source so far
// depends on it.
func (ps *Params) At(place any) (param int, ok bool) {
	param, ok = ps.at[place]
	return param, ok
}

// CopiesAt is where a net says how many copies of a service there are with it.
func CopiesAt(n *model.Net, s *model.Service) model.Pos {
	for _, e := range n.Effects {
		if OnService(e, s) && e.Copies != nil {
			return e.Copies.Pos
		}
	}
	return n.Pos
}
