package explain

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// Shares tell how the lost time of one entry is divided among what caused it, by
// one rule: what hits users by itself is of its risk; what takes several things to
// be down at once is split equally among these, and the part of each among what
// has it down by how long each does; a failed change-over and the wait for one are
// of the risk whose incident caused it. Changes, stated parts, background and what
// the catalogue does not list have rows of their own.
type Shares struct {
	Service, Objective string
	PerYear            float64 // lost seconds a year: the mean of the forecast
	Rows               []Share // by lost time, most first; less Twice they add up to PerYear
	// Twice is what of the rows is counted once in PerYear because incidents are at
	// once, or lasts beyond the window of the objective; 0 where that is not material.
	Twice float64
	// Redundant: some of it is lost only while several things are down at once, or
	// to change-overs, so that what removing each saves does not add up to the whole.
	Redundant bool
	// Left counts the risks of which what their removal saves was not worked out.
	Left int
}

// Lengths are the lost time of the rows, and last what of it is counted once, below 0:
// together the whole.
func (s *Shares) Lengths() []float64 {
	out := make([]float64, 0, len(s.Rows)+1)
	for _, r := range s.Rows {
		out = append(out, r.PerYear)
	}
	return append(out, -s.Twice)
}

// SavesAll reports whether the removal of a risk saves just what its row has.
func (s *Share) SavesAll() bool {
	return s.Saves != nil && math.Abs(*s.Saves-s.PerYear) <= 1e-9*math.Abs(s.PerYear)
}

// A Share is the part of one cause.
type Share struct {
	Kind    forecast.SourceKind
	Name    string
	Title   model.Texts
	Made    message.Message // as of a forecast.Source
	Service string          // where it happens
	Several []string        // as of a forecast.Source
	Pos     model.Pos
	PerYear float64 // lost seconds
	// What of it is lost in which way: by itself, while others are down too, to
	// change-overs that failed, and to waiting for one.
	Alone, Together, Failed, Waiting float64
	// Saves is by how much the mean lost time of a year falls when the risk is taken
	// out of the model, or what its history has besides is not counted; nil for what is
	// neither, and for what was not worked out.
	Saves *float64
}

// mostRemoved is for how many risks of a service it is worked out what their
// removal saves, those with the most lost time first; of a service that loses
// something to redundancy while inputs are unsure, mostUnsure, as each of these
// forecasts averages over the inputs.
const (
	mostRemoved = 40
	mostUnsure  = 12
)

// SharesOf divides the lost time of entries whose causes are told, and works out what
// removal saves of the risks among the first rows of each. Errors are those of
// forecast.Run.
func SharesOf(m *model.Model, entries []*forecast.Entry, rows int, opts Options) ([]*Shares, error) {
	x, err := newExplainer(m, opts)
	if err != nil {
		return nil, err
	}
	var out []*Shares
	var services []string
	first := map[string]bool{}
	for _, e := range entries {
		s := sharesOf(e)
		out = append(out, s)
		if !slices.Contains(services, e.Service) {
			services = append(services, e.Service)
		}
		for _, r := range s.Rows[:min(len(s.Rows), rows)] {
			if r.Kind == forecast.RiskSource {
				first[r.Name] = true
			}
		}
	}
	return out, x.saves(x.model, out, services, func(r *model.Risk) bool { return first[r.Name] })
}

// AddsUp reports whether what the removal of each risk saves comes to their shares,
// as far as it is told.
func (s *Shares) AddsUp() bool {
	off := 0.0
	for _, r := range s.Rows {
		if r.Saves != nil {
			off += *r.Saves - r.PerYear
		}
	}
	return math.Abs(off) <= 0.005*math.Abs(s.PerYear)
}

// sharesOf divides the lost time of an entry whose causes are told.
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
			out.Rows = append(out.Rows, Share{Kind: c.Kind, Name: c.Name, Title: c.Title, Service: c.Service, Several: c.Several, Pos: c.Pos})
		}
		return &out.Rows[i]
	}
	sum := 0.0
	for _, s := range e.Sources {
		sum += s.PerYear
		causes := s.Causes
		if len(causes) == 0 {
			causes = []forecast.Cause{{Kind: s.Kind, Name: s.Name, Title: s.Title, Service: s.Service, Several: s.Several, Pos: s.Pos, Part: 1}}
		}
		for _, c := range causes {
			r, much := row(c), s.PerYear*c.Part
			if c.Kind == s.Kind && c.Name == s.Name {
				r.Made = s.Made
			}
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

// unlisted returns the row of what the catalogue does not list; nil where there is none.
func (s *Shares) unlisted() *Share {
	i := slices.IndexFunc(s.Rows, func(x Share) bool { return x.Kind == forecast.UnlistedSource })
	if i < 0 {
		return nil
	}
	return &s.Rows[i]
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

// saves fills in what the removal of risks saves, each by a forecast of the means
// without it, of those with the most lost time, and what is saved if nothing but what
// is listed happens.
func (x *explainer) saves(m *model.Model, list []*Shares, services []string, wanted func(*model.Risk) bool) error {
	type removal struct {
		row  func(*Shares) *Share
		from *model.Model
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
			removals = append(removals, removal{func(s *Shares) *Share { return s.of(r) }, scenario.WithoutRisk(m, r.Name), most})
		}
	}
	slices.SortStableFunc(removals, func(a, b removal) int { return cmp.Compare(b.most, a.most) })
	most := mostRemoved
	if len(x.scenario.Params.List) > 0 && slices.ContainsFunc(list, func(s *Shares) bool { return s.Redundant }) {
		most = mostUnsure
	}
	for _, left := range removals[min(len(removals), most):] {
		for _, s := range list {
			if left.row(s) != nil {
				s.Left++
			}
		}
	}
	removals = removals[:min(len(removals), most)]
	if slices.ContainsFunc(list, func(s *Shares) bool { return s.unlisted() != nil }) {
		removals = append(removals, removal{(*Shares).unlisted, m.OnlyListed(), 0})
	}
	results, errs := make([]*forecast.Result, len(removals)), make([]error, len(removals))
	memory := x.opts.Memory
	if memory == nil {
		memory = forecast.NewMemory(removalBytes)
	}
	work.Workers(atOnce, len(removals), func() func(int) {
		return func(i int) {
			results[i], errs[i] = forecast.Run(removals[i].from, forecast.Options{
				Services: services, Over: x.opts.Over, With: x.opts.With, Without: x.opts.Without, Context: x.opts.Context, Memory: memory,
				Effort: x.opts.Effort, Means: true,
			})
		}
	})
	for i, r := range removals {
		if errs[i] != nil {
			return errs[i]
		}
		for _, s := range list {
			row := r.row(s)
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
