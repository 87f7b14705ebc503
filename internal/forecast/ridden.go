package forecast

// toldApart returns the reach with all unsure inputs that it depends on. Users
// who are all hit may still be told apart by unsure exposures into those behind
// different rides: what they feel of an incident is then not exactly known.
func (x *reach) toldApart() *reach {
	if x.exact == nil {
		return x
	}
	sure, deps := true, x.deps
	for _, r := range x.rides {
		x.graph.diagram.Variables(r.node, func(v int) {
			f := x.graph.system.Exposed[v]
			sure = sure && f.Sure()
			f.Visit(func(p int) { deps = appendNew(deps, p) })
		})
	}
	if sure {
		return x
	}
	out := *x
	out.exact, out.deps = nil, deps
	return &out
}
