package explain

import (
	"fmt"
	"slices"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// Kinds are what can be explained.
var Kinds = []string{"risk", "net", "service"}

// KindsOf lists what has a name, in the order of Kinds.
func KindsOf(m *model.Model, name string) []string {
	var has []string
	if m.Risk(name) != nil {
		has = append(has, "risk")
	}
	if m.Net(name) != nil {
		has = append(has, "net")
	}
	if m.Service(name) != nil {
		has = append(has, "service")
	}
	return has
}

// Name explains what has a name: a risk, a net or a service, in that order. It
// returns a *forecast.OptionError for a name that none of them has, and the
// errors of forecast.Run.
func Name(m *model.Model, name string, opts Options) (*Result, error) {
	has := KindsOf(m, name)
	if len(has) == 0 {
		return nil, unknown(m, name)
	}
	out, err := Of(m, has[0], name, opts)
	if out != nil {
		out.Also = has[1:]
	}
	return out, err
}

// Of explains what has the name and is of that one of Kinds.
func Of(m *model.Model, kind, name string, opts Options) (_ *Result, err error) {
	defer work.Recover(&err)
	x, err := newExplainer(m, opts)
	if err != nil {
		return nil, err
	}
	out := &Result{Name: name}
	switch kind {
	case "risk":
		out.Risk, err = x.risk(m.Risk(name))
	case "net":
		out.Net, err = x.net(m.Net(name))
	default:
		out.Service, err = x.service(m.Service(name))
	}
	if err != nil {
		return nil, err
	}
	also := x.promised()
	if out.Service != nil {
		also = []string{name}
	}
	out.Warnings = x.warnings(also)
	return out, nil
}

// warnings are what a reader of an answer about these services must know.
func (x *explainer) warnings(services []string) []forecast.Warning {
	ws := x.scenario.Warnings
	return append(ws[:len(ws):len(ws)], scenario.Counted(x.model, services)...)
}

// OfRisk, OfNet and OfService explain what they are named for.
func OfRisk(m *model.Model, r *model.Risk, opts Options) (_ *Risk, err error) {
	defer work.Recover(&err)
	x, err := newExplainer(m, opts)
	if err != nil {
		return nil, err
	}
	return x.risk(r)
}

// OfRisks explains the risks that are wanted, in the order of the files, without
// whom they reach: that takes no forecast.
func OfRisks(m *model.Model, opts Options, wanted func(*model.Risk) bool) (_ []*Risk, err error) {
	defer work.Recover(&err)
	x, err := newExplainer(m, opts)
	if err != nil {
		return nil, err
	}
	var out []*Risk
	for _, r := range m.Risks {
		if wanted(r) {
			out = append(out, x.alone(r))
		}
	}
	return out, nil
}

// OfNet explains a net.
func OfNet(m *model.Model, n *model.Net, opts Options) (_ *Net, err error) {
	defer work.Recover(&err)
	x, err := newExplainer(m, opts)
	if err != nil {
		return nil, err
	}
	return x.net(n)
}

// OfService explains a service.
func OfService(m *model.Model, s *model.Service, opts Options) (_ *Service, err error) {
	defer work.Recover(&err)
	x, err := newExplainer(m, opts)
	if err != nil {
		return nil, err
	}
	return x.service(s)
}

// Remarks lists what is to be said of all risks, in the order of the files.
func Remarks(m *model.Model, opts Options) (_ []Remark, err error) {
	defer work.Recover(&err)
	x, err := newExplainer(m, opts)
	if err != nil {
		return nil, err
	}
	var out []Remark
	for _, r := range m.Risks {
		out = append(out, x.remarks(r, x.layers(r))...)
	}
	return out, nil
}

func unknown(m *model.Model, name string) error {
	var names []string
	for _, r := range m.Risks {
		names = append(names, r.Name)
	}
	for _, n := range m.Nets {
		names = append(names, n.Name)
	}
	for _, s := range m.Services {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 12 {
		names = append(names[:12], "…")
	}
	return &forecast.OptionError{Option: "name", Message: fmt.Sprintf("there is no risk, net or service %q; the model has %s", name, strings.Join(names, ", "))}
}

// explainer is a scenario with what was computed of it.
type explainer struct {
	model     *model.Model
	opts      Options
	scenario  *scenario.Scenario
	catalogue *scenario.Catalogue
	theta     []float64 // means of the unsure inputs
	beside    beside
}

func newExplainer(m *model.Model, opts Options) (*explainer, error) {
	m, err := forecast.Reconcile(opts.Context, m, opts.Memory)
	if err != nil {
		return nil, err
	}
	sc, err := scenario.New(m, opts.With, opts.Without)
	if err != nil {
		return nil, err
	}
	if sc.Laws = opts.Memory.Laws(); sc.Laws == nil {
		sc.Laws = scenario.NewLaws()
	}
	cat, err := sc.Catalogue()
	if err != nil {
		return nil, err
	}
	return &explainer{model: m, opts: opts, scenario: sc, catalogue: cat, theta: sc.Params.Means(),
		beside: beside{map[*model.Net]*scenario.Scenario{}, map[*model.Net]*scenario.Scenario{}}}, nil
}

// promised lists the services with an objective, and also those named; without
// any, all.
func (x *explainer) promised(also ...string) []string {
	var out []string
	some := false
	for _, s := range x.model.Services {
		some = some || len(s.Objectives) > 0
		if len(s.Objectives) > 0 || slices.Contains(also, s.Name) {
			out = append(out, s.Name)
		}
	}
	if !some {
		return nil
	}
	return out
}

// sourceOf is a risk as the scenario has it: what strikes as a whole, or else
// what strikes one copy.
func (x *explainer) sourceOf(r *model.Risk) *scenario.Source {
	for _, list := range [][]*scenario.Source{x.catalogue.Alone[r.Service.Name], x.catalogue.Whole[r.Service.Name]} {
		for _, src := range list {
			if src.Risk == r {
				return src
			}
		}
	}
	return nil
}
