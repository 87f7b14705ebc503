package scenario

// At returns the param that stands for an input that is not exactly known, by
// the place in the model that holds it; ok is false where no source so far
// depends on it.
func (ps *Params) At(place any) (param int, ok bool) {
	param, ok = ps.at[place]
	return param, ok
}
