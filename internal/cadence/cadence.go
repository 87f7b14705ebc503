// Package cadence says what becomes of promises and of people when a change
// happens more often, or less: it asks the forecast at each rhythm, with and
// without nets that do not stand yet.
//
// All times are in seconds and all shares plain ratios.
package cadence

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
	"tightrope/internal/worth"
)

// Options of a comparison of rhythms.
type Options struct {
	// Rhythms are the times between two changes, in the order in which they are
	// shown; nil: Usual.
	Rhythms []model.Duration
	// With is a set of nets that do not stand, and Without one of nets that do, as
	// in a forecast. Where there are any, each rhythm is told as things stand and
	// with them.
	With, Without []string
	Services      []string // only these; nil: those with an objective, or else all
	// Targets to hold each rhythm against besides the objectives.
	Targets []forecast.Target
	// Effort is that of forecast.Options.
	Effort float64
	// Context ends the comparison early: with the rhythms that are known by then, of
	// which the present one must be, else with its error.
	Context context.Context
}

// Usual rhythms: every day, 2 days, week, 2 weeks, 4 weeks and quarter.
func Usual() []model.Duration {
	var out []model.Duration
	for _, x := range []struct {
		text string
		days int64
	}{{"1d", 1}, {"2d", 2}, {"1w", 7}, {"2w", 14}, {"4w", 28}, {"13w", 91}} {
		out = append(out, model.Duration{Exact: big.NewRat(x.days*model.Day, 1), Text: x.text})
	}
	return out
}

// A Result is a change at several rhythms.
type Result struct {
	Change, Service string
	Title           model.Texts
	Pos             model.Pos
	Rows            []Row // the most frequent first
	// Left lists the rhythms that the context ended before they were known; they have
	// no row.
	Left []string
	// Now is the index of the row at which the change happens today.
	Now int

	With, Without []string // nets that are added and taken away, with what those require and replace
	// Ignored lists nets that set the rhythm themselves: that effect of theirs is
	// left out, the others stay.
	Ignored  []string
	Risks    []string // that the change may trigger
	Assumed  []message.Message
	Warnings []forecast.Warning
}

// A Row is one rhythm.
type Row struct {
	Every   float64 // mean time between two, seconds
	Text    string  // "2w"; as written for the present one
	PerYear float64
	Present bool
	Plain   *Case // as things stand
	Nets    *Case // with the nets; nil where none are asked for

	exact *big.Rat // Every; nil for a present one that is none of those asked for
}

// A Case is what follows from one rhythm with one set of nets.
type Case struct {
	Objectives []Objective
	// Load on people, whatever it comes from.
	PagesPerWeek        float64
	NightPagesPerWeek   float64
	ManualHoursPerYear  float64
	ProcessHoursPerYear float64
	PeopleCostPerYear   *float64 // nil: a person-day has no price
	Load                worth.Load
}

// An Objective is the forecast of one, or of a service without one.
type Objective struct {
	Service, Name string // Name is empty where the service has none
	Target        forecast.Target
	Window        float64
	WindowSay     string
	Confidence    float64
	Budget        *float64              // seconds; nil without an objective
	Met           *forecast.Probability // nil without an objective
	Verdict       forecast.Verdict
	Mean          float64 // lost seconds in a window
	PerYear       float64 // mean lost seconds a year
	Achievable    float64
	// Planned is the mean lost seconds in a window of the change's own downtime,
	// Broken that of the risks that it may trigger.
	Planned, Broken float64
	// Room is how many of the changes fit into the budget in a window if nothing
	// else happens but what is certain; nil where they have no downtime of their own.
	Room    *int
	Compare []forecast.Chance // the targets asked for, in that order
}

// All compares the rhythms of every change of a model, in the order of the files.
func All(m *model.Model, opts Options) ([]*Result, error) {
	var out []*Result
	for _, ch := range m.Changes {
		r, err := Of(m, ch, opts)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// Named is Of for the change of that name. It returns a *forecast.OptionError
// where there is none.
func Named(m *model.Model, name string, opts Options) (*Result, error) {
	if ch := m.Change(name); ch != nil {
		return Of(m, ch, opts)
	}
	var names []string
	for _, ch := range m.Changes {
		names = append(names, ch.Name)
	}
	if len(names) == 0 {
		return nil, &forecast.OptionError{Option: "change", Message: fmt.Sprintf("there is no change %q: the model has none", name)}
	}
	return nil, &forecast.OptionError{Option: "change", Message: fmt.Sprintf("there is no change %q; the model has %s", name, strings.Join(names, ", "))}
}

// Of compares rhythms of one change. Errors are those of forecast.Run.
func Of(m *model.Model, ch *model.Change, opts Options) (_ *Result, err error) {
	defer work.Recover(&err)
	// What happened did so at the present rhythm.
	if m, err = forecast.Reconcile(opts.Context, m, nil); err != nil {
		return nil, err
	}
	out := &Result{Change: ch.Name, Title: scenario.Title(ch.Title, ch.Name), Service: ch.Service.Name, Pos: ch.Pos}
	for _, r := range m.Risks {
		if r.Per != nil && r.Per.Name == ch.Name {
			out.Risks = append(out.Risks, r.Name)
		}
	}
	now, err := present(m, ch, out)
	if err != nil {
		return nil, err
	}
	rhythms := opts.Rhythms
	if rhythms == nil {
		rhythms = Usual()
	}
	out.Rows = rows(rhythms, now)
	services := opts.Services
	if services == nil {
		services = promised(m)
	}
	nets := len(opts.With)+len(opts.Without) > 0
	var jobs []job
	for i := range out.Rows {
		row := &out.Rows[i]
		at := scenario.WithEvery(m, ch, row.rate(now))
		jobs = append(jobs, job{m: at, present: row.Present, to: &row.Plain, opts: forecast.Options{Services: services, Targets: opts.Targets, Effort: opts.Effort, Context: opts.Context}})
		if nets {
			jobs = append(jobs, job{m: at, present: row.Present, to: &row.Nets, opts: forecast.Options{
				Services: services, Targets: opts.Targets, With: opts.With, Without: opts.Without, Effort: opts.Effort, Context: opts.Context,
			}})
		}
	}
	if err := run(jobs, ch); err != nil {
		return nil, err
	}
	if err := out.settle(nets, opts.Context); err != nil {
		return nil, err
	}
	if nets {
		sc, err := scenario.New(m, opts.With, opts.Without)
		if err != nil {
			return nil, err
		}
		out.With, out.Without, out.Warnings = sc.With, sc.Without, sc.Warnings
	}
	out.Warnings = append(out.Warnings, scenario.Counted(m, services)...)
	if len(out.Risks) > 0 {
		out.Assumed = append(out.Assumed, message.SameChance(ch.Name))
	}
	for _, n := range out.Ignored {
		out.Assumed = append(out.Assumed, message.RhythmIgnored(n, ch.Name))
	}
	return out, nil
}

// settle leaves out the rhythms that are not known. Without the present one there is
// nothing to hold the others against.
func (r *Result) settle(nets bool, ctx context.Context) error {
	var known []Row
	for _, row := range r.Rows {
		switch {
		case row.Plain != nil && (row.Nets != nil || !nets):
			if row.Present {
				r.Now = len(known)
			}
			known = append(known, row)
		case row.Present:
			return ctx.Err()
		default:
			r.Left = append(r.Left, row.Text)
		}
	}
	r.Rows = known
	return nil
}

func promised(m *model.Model) []string {
	var out []string
	for _, s := range m.Services {
		if len(s.Objectives) > 0 {
			out = append(out, s.Name)
		}
	}
	return out
}

// present is how often a change happens today, with the nets in place; nets that
// set it are noted.
func present(m *model.Model, ch *model.Change, out *Result) (*model.Rate, error) {
	for _, n := range m.Nets {
		for _, e := range n.Effects {
			if scenario.SetsEvery(e, ch) && !slices.Contains(out.Ignored, n.Name) {
				out.Ignored = append(out.Ignored, n.Name)
			}
		}
	}
	today, err := scenario.New(m, nil, nil)
	if err != nil {
		return nil, err
	}
	rate := today.Change(ch).Every.Is
	if worth.Rate(rate) <= 0 {
		return nil, &forecast.OptionError{Option: "change", Message: fmt.Sprintf("%s never happens", ch.Name)}
	}
	return rate, nil
}

// rows lists rhythms, the most frequent first, with the present one among them.
func rows(rhythms []model.Duration, now *model.Rate) []Row {
	var out []Row
	found := false
	for _, d := range rhythms {
		row := Row{Every: d.Seconds(), Text: d.Text, PerYear: model.Year / d.Seconds(), exact: d.Rat()}
		if now.Kind == model.Exactly && new(big.Rat).Mul(scenario.RatOr0(now.Exact), d.Rat()).Cmp(scenario.RatOne) == 0 {
			row.Present, found = true, true
		}
		out = append(out, row)
	}
	if !found {
		mean := worth.Rate(now)
		out = append(out, Row{Every: 1 / mean, Text: now.Text, PerYear: mean * model.Year, Present: true})
	}
	slices.SortStableFunc(out, func(a, b Row) int { return cmp.Compare(a.Every, b.Every) })
	return out
}

// rate is a row's rhythm; the present one is as it is written.
func (r *Row) rate(now *model.Rate) model.Rate {
	if r.Present {
		return *now
	}
	return model.Rate{Exact: new(big.Rat).Inv(r.exact), Text: r.Text}
}

// memoryBytes is how much of what forecasts compute is kept for the next.
const memoryBytes = 128 << 20

// A job is one case to compute.
type job struct {
	m       *model.Model
	present bool // of the rhythm of today
	opts    forecast.Options
	to      **Case
	err     error
}

// run computes cases, as many at once as there are processors. Of several errors
// it returns the first in the order of the jobs. What the context ended has no case.
func run(jobs []job, ch *model.Change) error {
	// The cases differ in one rhythm: most of what is computed is the same.
	memory := forecast.NewMemory(memoryBytes)
	for i := range jobs {
		jobs[i].opts.Memory = memory
	}
	// The first of them tells how much work each is.
	first := &jobs[0]
	var f *forecast.Result
	if *first.to, f, first.err = of(first.m, ch, first.opts); first.err != nil {
		return first.err
	}
	for i := range jobs {
		jobs[i].opts.Effort = f.EffortEach(len(jobs), jobs[i].opts.Effort)
	}
	// Those of today come first: without them the others tell nothing.
	others := make([]*job, 0, len(jobs))
	for i := range jobs[1:] {
		others = append(others, &jobs[i+1])
	}
	slices.SortStableFunc(others, func(a, b *job) int {
		switch {
		case a.present == b.present:
			return 0
		case a.present:
			return -1
		}
		return 1
	})
	work.Each(len(others), func() func(int) {
		return func(i int) {
			j := others[i]
			*j.to, _, j.err = of(j.m, ch, j.opts)
		}
	})
	for i := range jobs {
		if err := jobs[i].err; err != nil && !work.Late(jobs[i].opts.Context, err) {
			return err
		}
	}
	return nil
}

// of computes one case.
func of(m *model.Model, ch *model.Change, opts forecast.Options) (_ *Case, _ *forecast.Result, err error) {
	defer work.Recover(&err)
	opts.Plain, opts.Banded = true, true
	f, err := forecast.Run(m, opts)
	if err != nil {
		return nil, nil, err
	}
	sc, err := scenario.New(m, opts.With, opts.Without)
	if err != nil {
		return nil, nil, err
	}
	cat, err := sc.Catalogue()
	if err != nil {
		return nil, nil, err
	}
	l := worth.LoadOf(sc, cat)
	c := &Case{
		PagesPerWeek: l.PagesPerWeek, ManualHoursPerYear: l.ManualHoursPerYear, ProcessHoursPerYear: l.ProcessHoursPerYear,
		PeopleCostPerYear: l.PeopleCostPerYear, Load: l,
	}
	for _, r := range l.Responders {
		c.NightPagesPerWeek += r.NightPagesPerWeek
	}
	for _, e := range f.Entries {
		if e.Unsolved {
			return nil, nil, e.Unsolvable()
		}
		o := Objective{
			Service: e.Service, Window: e.Window, WindowSay: e.WindowSay, Confidence: e.Confidence, Verdict: e.Verdict,
			Met: e.Met, Mean: e.Mean, PerYear: e.PerYear, Achievable: e.Achievable, Compare: e.Compare,
		}
		if e.Objective != nil {
			o.Name, o.Target = e.Objective.Name, e.Objective.Target
			b, _ := e.Objective.Budget.Float64()
			o.Budget = &b
		}
		for _, s := range e.Sources {
			switch {
			case s.Of == scenario.ChangeID(ch.Name):
				o.Planned += s.PerWindow
				o.Room = s.Room
			case s.Per == ch.Name:
				o.Broken += s.PerWindow
			}
		}
		c.Objectives = append(c.Objectives, o)
	}
	return c, f, nil
}

// Fastest returns the index of the most frequent rhythm at which every objective
// is kept with its confidence, with the nets or without; ok is false where none is.
func (r *Result) Fastest(nets bool) (row int, ok bool) {
	for i, x := range r.Rows {
		c := x.Plain
		if nets {
			c = x.Nets
		}
		if c == nil {
			continue
		}
		kept := true
		for _, o := range c.Objectives {
			kept = kept && o.Verdict != forecast.NotAchievable
		}
		if kept {
			return i, true
		}
	}
	return 0, false
}
