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

// A Why is how one number came about.
type Why struct {
	Path     string
	Value    float64
	Unit     Unit
	Steps    []WhyStep // the last one is the value
	Warnings []forecast.Warning
}

// The numbers of a risk and of a service that can be asked about.
var (
	riskNumbers    = []string{"rate", "detect", "acknowledge", "recover", "bad-time", "bad-time-per-year", "share", "saves"}
	serviceNumbers = []string{"mean", "budget", "chance"}
)

// WhyPaths lists the paths of all numbers that can be asked about.
func WhyPaths(m *model.Model) []string {
	var out []string
	for _, r := range m.Risks {
		for _, n := range riskNumbers {
			out = append(out, "risks/"+r.Name+"/"+n)
		}
	}
	for _, s := range m.Services {
		for _, n := range serviceNumbers {
			if n == "mean" || len(s.Objectives) > 0 {
				out = append(out, "services/"+s.Name+"/"+n)
			}
		}
	}
	return out
}

// WhyOf says how the number at a path came about: risks/NAME/rate, detect,
// acknowledge, recover, bad-time (of one incident), bad-time-per-year, share and
// saves (of the service that suffers most, or risks/NAME/share/SERVICE), and
// services/NAME/mean, budget and chance (of the first objective). It returns a
// *forecast.OptionError for a path that leads nowhere, and the errors of
// forecast.Run.
func WhyOf(m *model.Model, path string, opts Options) (_ *Why, err error) {
	defer work.Recover(&err)
	parts := strings.Split(path, "/")
	var risk *model.Risk
	var service *model.Service
	switch {
	case len(parts) >= 3 && parts[0] == "risks" && slices.Contains(riskNumbers, parts[2]):
		risk = m.Risk(parts[1])
		perService := slices.Index(riskNumbers, parts[2]) >= slices.Index(riskNumbers, "bad-time-per-year")
		if len(parts) > 4 || len(parts) == 4 && (!perService || m.Service(parts[3]) == nil) {
			risk = nil
		}
	case len(parts) == 3 && parts[0] == "services" && slices.Contains(serviceNumbers, parts[2]):
		service = m.Service(parts[1])
		if service != nil && parts[2] != "mean" && len(service.Objectives) == 0 {
			service = nil
		}
	}
	if risk == nil && service == nil {
		return nil, noPath(m, path)
	}
	x, err := newExplainer(m, opts)
	if err != nil {
		return nil, err
	}
	out := &Why{Path: path}
	if service != nil {
		out.Steps, err = x.whyService(service, parts[2])
	} else {
		of := ""
		if len(parts) == 4 {
			of = parts[3]
		}
		out.Steps, err = x.whyRisk(risk, parts[2], of)
	}
	if err != nil {
		return nil, err
	}
	if n := len(out.Steps); n > 0 {
		out.Value, out.Unit = out.Steps[n-1].Value, out.Steps[n-1].Unit
	}
	also := x.promised()
	if service != nil {
		also = []string{service.Name}
	}
	out.Warnings = x.warnings(also)
	return out, nil
}

// What is asked for and leads nowhere is told up to so many bytes, and held against so
// many of the paths of a model.
const (
	longestPath = 200
	mostLikened = 10_000
)

func noPath(m *model.Model, path string) error {
	all := WhyPaths(m)
	if len(path) > longestPath {
		path = strings.ToValidUTF8(path[:longestPath], "") + "…"
	}
	if near := model.Suggest(path, all[:min(len(all), mostLikened)]); near != "" {
		return &forecast.OptionError{Option: "why", Message: fmt.Sprintf("%q leads to no number that can be explained; did you mean %s?", path, near)}
	}
	// What has the name, or else what there is in general.
	var near []string
	parts := strings.Split(path, "/")
	if len(parts) > 1 {
		for _, p := range all {
			if strings.HasPrefix(p, parts[0]+"/"+parts[1]+"/") {
				near = append(near, p)
			}
		}
	}
	if len(near) == 0 {
		near = []string{"risks/NAME/" + strings.Join(riskNumbers, "|"), "services/NAME/" + strings.Join(serviceNumbers, "|")}
	}
	return &forecast.OptionError{Option: "why", Message: fmt.Sprintf("%q leads to no number that can be explained; there are %s", path, strings.Join(near, ", "))}
}

func (x *explainer) whyRisk(r *model.Risk, number, of string) ([]WhyStep, error) {
	detect, answer, recover := x.parts(r)
	switch number {
	case "rate":
		return x.often(r), nil
	case "detect":
		return detect, nil
	case "acknowledge":
		return answer, nil
	case "recover":
		return recover, nil
	case "bad-time":
		return x.incident(r), nil
	}
	services := []string{of}
	if of == "" {
		services, _ = x.reached(r)
	}
	f, err := forecast.Run(x.model, forecast.Options{Services: services, With: x.opts.With, Without: x.opts.Without, Context: x.opts.Context, Memory: x.opts.Memory, Effort: x.opts.Effort, Plain: true, Causes: true})
	if err != nil {
		return nil, err
	}
	var most *Shares
	var mine *Share
	for _, e := range f.Entries {
		s := sharesOf(e)
		row := s.of(r)
		if row == nil {
			continue
		}
		if mine == nil || coarse(row.PerYear) > coarse(mine.PerYear) {
			most, mine = s, row
		}
	}
	if mine == nil {
		return []WhyStep{{Code: Cause, Unit: SecondsPerYear, Names: []string{r.Name}, Pos: r.Pos}}, nil
	}
	whole := WhyStep{Code: Whole, Value: most.PerYear, Unit: SecondsPerYear, Names: []string{most.Service}}
	if number == "saves" {
		if err := x.saves(x.model, []*Shares{most}, []string{most.Service}, func(o *model.Risk) bool { return o == r }); err != nil {
			return nil, err
		}
		return []WhyStep{
			whole,
			{Code: Without, Value: most.PerYear - *mine.Saves, Unit: SecondsPerYear, Names: []string{r.Name}, Pos: r.Pos},
			{Code: Less, Value: *mine.Saves, Unit: SecondsPerYear},
		}, nil
	}
	one := x.alone(r)
	out := []WhyStep{
		{Code: Incidents, Value: one.IncidentsPerYear, Unit: PerYear, Names: []string{r.Name}, Pos: r.Pos},
		{Code: Each, Value: one.Bad, Unit: Seconds, Names: []string{r.Name}, Pos: r.Pos},
	}
	for _, y := range []struct {
		code WhyCode
		much float64
	}{{Alone, mine.Alone}, {Together, mine.Together}, {NotOver, mine.Failed}, {Over, mine.Waiting}} {
		if y.much > 0 {
			out = append(out, WhyStep{Code: y.code, Value: y.much, Unit: SecondsPerYear, Names: []string{r.Name}, Pos: r.Pos})
		}
	}
	out = append(out, WhyStep{Code: Sum, Value: mine.PerYear, Unit: SecondsPerYear, Names: []string{most.Service}})
	if number == "share" && most.PerYear > 0 {
		out = append(out, whole, WhyStep{Code: PartOf, Value: mine.PerYear / most.PerYear, Unit: Ratio})
	}
	return out, nil
}

func (x *explainer) whyService(s *model.Service, number string) ([]WhyStep, error) {
	f, err := forecast.Run(x.model, forecast.Options{Services: []string{s.Name}, With: x.opts.With, Without: x.opts.Without, Context: x.opts.Context, Memory: x.opts.Memory, Effort: x.opts.Effort, Causes: true})
	if err != nil {
		return nil, err
	}
	e := f.Entries[0]
	var out []WhyStep
	if number != "budget" {
		for _, r := range sharesOf(e).Rows {
			out = append(out, WhyStep{Code: Cause, Value: r.PerYear, Unit: SecondsPerYear, Names: []string{r.Name, string(r.Kind)}, Pos: r.Pos})
		}
		if twice := sharesOf(e).Twice; twice != 0 {
			out = append(out, WhyStep{Code: Twice, Value: -twice, Unit: SecondsPerYear})
		}
		out = append(out, WhyStep{Code: Whole, Value: e.PerYear, Unit: SecondsPerYear, Names: []string{s.Name}})
		if number == "mean" {
			return out, nil
		}
	}
	o := s.Objectives[0]
	budget, _ := e.Objective.Budget.Float64()
	window := WhyStep{Code: Window, Value: e.Window, Unit: Seconds, Text: e.WindowSay}
	if o.Over != nil {
		window.Pos = o.Over.Pos
	}
	confidence := WhyStep{Code: Confident, Value: e.Confidence, Unit: Ratio}
	if o.Confidence != nil {
		confidence.Pos = o.Confidence.Pos
	}
	target, _ := scenario.RatOr0(o.Target.Exact).Float64()
	out = append(out,
		WhyStep{Code: Target, Value: target, Unit: Ratio, Names: []string{o.Name}, Text: o.Target.Text, Pos: o.Target.Pos},
		window,
		WhyStep{Code: Allowed, Value: budget, Unit: Seconds},
	)
	if number == "budget" {
		return out, nil
	}
	return append(out, confidence, WhyStep{Code: Read, Value: e.Met.Value, Unit: Ratio, By: budget}), nil
}
