package explain

import (
	"tightrope/internal/model"
	"tightrope/internal/scenario"
)

// beside keeps the scenarios that layers are told apart by, by net: the one that is
// explained with the net, which is itself where the net stands, and the model with
// that net alone.
type beside struct {
	with, only map[*model.Net]*scenario.Scenario
}

// with is the scenario with one net more; itself where it stands already.
func (x *explainer) with(n *model.Net) *scenario.Scenario {
	if x.scenario.Standing[n.Name] {
		return x.scenario
	}
	if sc := x.beside.with[n]; sc != nil {
		return sc
	}
	standing := []string{n.Name}
	for _, o := range x.model.Nets {
		if x.scenario.Standing[o.Name] {
			standing = append(standing, o.Name)
		}
	}
	return x.keep(x.beside.with, n, standing)
}

// only is the model with one net standing alone; nil: with none.
func (x *explainer) only(n *model.Net) *scenario.Scenario {
	if sc := x.beside.only[n]; sc != nil {
		return sc
	}
	var standing []string
	if n != nil {
		standing = []string{n.Name}
	}
	return x.keep(x.beside.only, n, standing)
}

func (x *explainer) keep(in map[*model.Net]*scenario.Scenario, n *model.Net, standing []string) *scenario.Scenario {
	sc := scenario.At(x.model, standing)
	sc.Laws = x.scenario.Laws
	in[n] = sc
	return sc
}

// withNet is how an incident of the risk would go with a net that does not stand, and
// the means of the unsure inputs there. For one that stands it has nothing.
func (l *layerer) withNet(n *model.Net) (scenario.Incident, []float64) {
	if l.scenario.Standing[n.Name] {
		return scenario.Incident{}, nil
	}
	sc := l.with(n)
	v, err := sc.Risk(l.risk)
	if err != nil {
		return scenario.Incident{}, nil // a net more only adds ways to detect and to recover
	}
	return v.Incident, sc.Params.Means()
}
