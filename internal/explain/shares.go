package explain

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/work"
)

// Shares tell how the bad time of one entry is divided among what caused it, by
// one rule: what hits users by itself is of its risk; what takes several things to
// be down at once is split equally among these, and the part of each among what
// has it down by how long each does; a failed change-over and the wait for one are
// of the risk whose incident caused it. Changes, stated parts, background and what
// the catalogue does not list have rows of their own.
type Shares struct {
	Service, Objective string
	PerYear            float64 // bad seconds a year: the mean of the forecast
	Rows               []Share // by bad time, most first; less Twice they add up to PerYear
	// Twice is what of the rows is counted once in PerYear because incidents are at
	// once, or lasts beyond the window of the objective; 0 where that is not material.
	Twice float64
	// Redundant: some of it is lost only while several things are down at once, or
	// to change-overs, so that what removing each saves does not add up to the whole.
	Redundant bool
	// Left counts the risks of which what their removal saves was not worked out.
	Left int
}

// A Share is the part of one cause.
type Share struct {
	Kind        forecast.SourceKind
	Name, Title string
	Service     string // where it happens
	Pos         model.Pos
	PerYear     float64 // bad seconds
	// What of it is lost in which way: by itself, while others are down too, to
	// change-overs that failed, and to waiting for one.
	Alone, Together, Failed, Waiting float64
	// Saves is by how much the mean bad time of a year falls when the risk is taken
	// out of the model; nil for what is no risk, and for what was not worked out.
	Saves *float64
}

// mostRemoved is for how many risks of a service it is worked out what their
// removal saves, those with the most bad time first; of a service that loses
// something to redundancy while inputs are unsure, mostUnsure, as each of these
// forecasts averages over the inputs.
const (
	mostRemoved = 40
	mostUnsure  = 12
)

// sharesOf divides the bad time of an entry whose causes are told.
func sharesOf(e *forecast.Entry) *Shares {
	out := &Shares{Service: e.Service, PerYear: e.PerYear}
	if e.Objective != nil {
		out.Objective = e.Objective.Name
	}
	type key struct {
		kind          forecast.SourceKind
		name, service string
	}
	at := map[key]int{}
	row := func(c forecast.Cause) *Share {
		k := key{c.Kind, c.Name, c.Service}
		i, known := at[k]
		if !known {
			i = len(out.Rows)
			at[k] = i
			out.Rows = append(out.Rows, Share{Kind: c.Kind, Name: c.Name, Title: c.Title, Service: c.Service, Pos: c.Pos})
		}
		return &out.Rows[i]
	}
	sum := 0.0
	for _, s := range e.Sources {
		sum += s.PerYear
		causes := s.Causes
		if len(causes) == 0 {
			causes = []forecast.Cause{{Kind: s.Kind, Name: s.Name, Title: s.Title, Service: s.Service, Pos: s.Pos, Part: 1}}
		}
		for _, c := range causes {
			r, much := row(c), s.PerYear*c.Part
			r.PerYear += much
			switch {
			case s.Kind == forecast.GroupSource:
				r.Together += much
			case s.Kind == forecast.SwitchSource && s.Waits:
				r.Waiting += much
			case s.Kind == forecast.SwitchSource:
				r.Failed += much
			default:
				r.Alone += much
			}
		}
		out.Redundant = out.Redundant || s.Kind == forecast.GroupSource && s.PerYear > 0
	}
	out.Rows = slices.DeleteFunc(out.Rows, func(r Share) bool { return r.PerYear == 0 })
	slices.SortStableFunc(out.Rows, func(a, b Share) int { return cmp.Compare(b.PerYear, a.PerYear) })
	// What is left to rounding is nobody's.
	if twice := sum - e.PerYear; math.Abs(twice) > 1e-9*math.Abs(sum) {
		out.Twice = twice
	}
	return out
}

// of returns the row of a risk; nil where it spends nothing.
func (s *Shares) of(r *model.Risk) *Share {
	i := slices.IndexFunc(s.Rows, func(x Share) bool {
		return x.Kind == forecast.RiskSource && x.Name == r.Name && x.Service == r.Service.Name
	})
	if i < 0 {
		return nil
	}
	return &s.Rows[i]
}

// WithoutRisk is a model that does not have one of its risks. What nets do to it
// goes with it.
func WithoutRisk(m *model.Model, name string) *model.Model {
	out := *m
	out.Risks = slices.DeleteFunc(slices.Clone(m.Risks), func(r *model.Risk) bool { return r.Name == name })
	out.Nets = nil
	for _, n := range m.Nets {
		k := *n
		k.Effects = nil
		for _, e := range n.Effects {
			if slices.ContainsFunc(e.Risks, func(r model.Ref) bool { return r.Name == name }) {
				x := *e
				x.Risks = slices.DeleteFunc(slices.Clone(e.Risks), func(r model.Ref) bool { return r.Name == name })
				e = &x
				if len(x.Risks) == 0 && x.RisksPer == nil {
					continue
				}
			}
			k.Effects = append(k.Effects, e)
		}
		out.Nets = append(out.Nets, &k)
	}
	out.Index()
	return &out
}

// saves fills in what the removal of risks saves, each by a forecast of the means
// without it, of those with the most bad time.
func (x *explainer) saves(m *model.Model, list []*Shares, services []string, wanted func(*model.Risk) bool) error {
	type removal struct {
		risk *model.Risk
		most float64
	}
	var removals []removal
	for _, r := range m.Risks {
		most := 0.0
		for _, s := range list {
			if row := s.of(r); row != nil {
				most = max(most, row.PerYear)
			}
		}
		if most > 0 && wanted(r) {
			removals = append(removals, removal{r, most})
		}
	}
	slices.SortStableFunc(removals, func(a, b removal) int { return cmp.Compare(b.most, a.most) })
	most := mostRemoved
	if len(x.scenario.Params.List) > 0 && slices.ContainsFunc(list, func(s *Shares) bool { return s.Redundant }) {
		most = mostUnsure
	}
	for _, left := range removals[min(len(removals), most):] {
		for _, s := range list {
			if s.of(left.risk) != nil {
				s.Left++
			}
		}
	}
	removals = removals[:min(len(removals), most)]
	results, errs := make([]*forecast.Result, len(removals)), make([]error, len(removals))
	memory := x.opts.Memory
	if memory == nil {
		memory = forecast.NewMemory(removalBytes)
	}
	work.Workers(atOnce, len(removals), func() func(int) {
		return func(i int) {
			results[i], errs[i] = forecast.Run(WithoutRisk(m, removals[i].risk.Name), forecast.Options{
				Services: services, With: x.opts.With, Without: x.opts.Without, Context: x.opts.Context, Memory: memory,
				Effort: x.opts.Effort, Means: true,
			})
		}
	})
	for i, r := range removals {
		if errs[i] != nil {
			return errs[i]
		}
		for _, s := range list {
			row := s.of(r.risk)
			if row == nil {
				continue
			}
			for _, e := range results[i].Entries {
				if e.Service == s.Service && (e.Objective == nil && s.Objective == "" || e.Objective != nil && e.Objective.Name == s.Objective) {
					by := s.PerYear - e.PerYear
					row.Saves = &by
				}
			}
		}
	}
	return nil
}

// removalBytes is how much of what these forecasts compute is kept for one
// another, and atOnce how many of them are made at a time.
const (
	removalBytes = 64 << 20
	atOnce       = 2
)
