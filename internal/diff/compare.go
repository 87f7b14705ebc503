package diff

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"sort"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/work"
)

// Options of a comparison. The zero Options compare all services, each over its
// own window and with its own confidence, and no plans.
type Options struct {
	Services   []string         // only these; empty is all
	Over       *model.Duration  // window instead of each objective's own
	Confidence *big.Rat         // confidence instead of each objective's own
	Effort     float64          // that of forecast.Options
	Memory     *forecast.Memory // optional: keeps what forecasts compute
	// Context ends the comparison early, with what is known by then: Result.Ended.
	Context context.Context

	// Costs and Planner are asked about both models, and Planner about models
	// between them; nil: what they would tell is left out.
	Costs   func(*model.Model) (*Costs, error)
	Planner func(*model.Model) (*Planned, error)

	// Trials is how many models between the two are forecast, and how many are
	// planned, in search of causes; 0 is 200 and 60.
	Trials, Plans int
}

const (
	defaultTrials = 200
	defaultPlans  = 60
)

// Costs are what a model costs as it stands. What is not known is nil.
type Costs struct {
	Currency     string
	NetsPerYear  *float64 // money, for the safety nets in place
	LossPerYear  *float64 // money that outages are expected to lose
	LossError    *float64 // by how much that may be off numerically
	PagesPerWeek *float64
	HoursPerYear *float64 // of people's time
}

// A Result is what differs between two models.
type Result struct {
	Same       bool // nothing was changed
	Changes    []*Change
	Objectives []*Objective // in the order of the files; those that are gone last
	Costs      *Pair[Costs] // nil where nobody was asked
	Plan       *Plan        // nil where nobody was asked
	// Warnings are what a reader of the causes must know.
	Warnings []message.Message
	// Ended: the context ended it before all of it was known. A warning says of each
	// part whether it is missing; without objectives nothing was forecast.
	Ended bool
}

// A Pair is something before and after.
type Pair[T any] struct{ Old, New *T }

// An Objective is one objective of a service, or a service without one, before
// and after.
type Objective struct {
	Service, Name string          // Name is empty for a service without one
	Old, New      *forecast.Entry // nil: it is not there
	// Touched: its numbers are not what they were. Only then the chances have
	// their bands.
	Touched bool
	// By says in what it moved so far that causes were looked for.
	By Move
	// Causes are what made the difference, the most of it first.
	Causes []*Cause
	// Untried: the comparison ended before all changes were tried.
	Untried bool
	// Joint: no change makes the difference alone.
	Joint   bool
	Sources []*Source // whose lost time moved the most; at most mostSources
}

// Move is in what an objective moved.
type Move string

// The moves.
const (
	Nowhere   Move = ""
	InChance  Move = "chance"    // to be kept, or the verdict
	InBadTime Move = "lost time" // the chance is as it was
)

// Moved is by how much the chance to be kept went up; 0 where one is not known.
func (o *Objective) Moved() float64 {
	if o.Old == nil || o.New == nil || o.Old.Met == nil || o.New.Met == nil {
		return 0
	}
	return o.New.Met.Value - o.Old.Met.Value
}

// Longer is by how many seconds the mean lost time of a year went up.
func (o *Objective) Longer() float64 {
	if o.Old == nil || o.New == nil {
		return 0
	}
	return o.New.PerYear - o.Old.PerYear
}

// A Source is a source of lost time, in seconds a year before and after.
type Source struct {
	Name, Service string
	Kind          forecast.SourceKind
	Old, New      float64
}

// A Cause is a change, or several that only make sense together, and what it
// does alone to the old model.
type Cause struct {
	Changes []*Change
	Effect  float64 // on the chance to be kept
	Longer  float64 // on the mean lost seconds of a year
}

const (
	// moved is from where on a chance has changed: half a percentage point.
	moved = 0.005
	// grown is from which share on lost time has changed.
	grown = 0.05
	// lastDigits is by what share of themselves numbers that are added up in another
	// order may differ.
	lastDigits = 1e-11
	// mostSources is how many sources are told of each objective.
	mostSources = 5
)

// Compare says what differs between two models, which must have been checked. It
// returns what forecast.Run does for a model that cannot be forecast, and an
// *forecast.OptionError for services that neither model has.
func Compare(before, after *model.Model, opts Options) (_ *Result, err error) {
	defer work.Recover(&err)
	for _, name := range opts.Services {
		if before.Service(name) == nil && after.Service(name) == nil {
			return nil, &forecast.OptionError{Option: "service", Message: fmt.Sprintf("there is no service %q in either model", name)}
		}
	}
	res := &Result{Changes: Models(before, after)}
	if len(res.Changes) == 0 {
		res.Same = true
		return res, nil
	}
	res.Warnings = standing(before, after, res.Changes)
	if opts.Memory == nil {
		opts.Memory = forecast.NewMemory(memoryBytes)
	}
	c := &comparer{opts: opts, mixer: newMixer(before, after, res.Changes), result: res, memory: opts.Memory}
	if opts.Trials == 0 {
		c.opts.Trials = defaultTrials
	}
	if opts.Plans == 0 {
		c.opts.Plans = defaultPlans
	}
	if err := c.objectives(); err != nil {
		if !c.late(err, message.Unforecast()) {
			return nil, err
		}
		return res, nil
	}
	if err := c.bands(); err != nil && !c.late(err, message.Unbanded()) {
		return nil, err
	}
	c.causes()
	if err := c.costs(); err != nil && !c.late(err, message.Uncosted()) {
		return nil, err
	}
	if opts.Planner != nil {
		if err := c.plan(); err != nil && !c.late(err, message.UnknownPlan()) {
			return nil, err
		}
	}
	return res, nil
}

// late reports whether an error says that the time is up while somebody waits, and
// notes what is not known then.
func (c *comparer) late(err error, missing message.Message) bool {
	if !work.Late(c.opts.Context, err) {
		return false
	}
	c.result.Ended = true
	c.result.Warnings = append(c.result.Warnings, missing)
	return true
}

// costs asks what both models cost.
func (c *comparer) costs() error {
	if c.opts.Costs == nil {
		return nil
	}
	old, err := c.opts.Costs(c.mixer.before)
	if err != nil {
		return err
	}
	now, err := c.opts.Costs(c.mixer.after)
	if err != nil {
		return err
	}
	c.result.Costs = &Pair[Costs]{old, now}
	return nil
}

type comparer struct {
	opts   Options
	mixer  *mixer
	result *Result
	trials int
	short  bool             // not all trials were made before the context ended
	memory *forecast.Memory // models between the two have most in common
}

// memoryBytes is how much of what forecasts compute is kept for the next.
const memoryBytes = 128 << 20

// run forecasts a model; services that it does not have are left out. Plainly,
// bands are left out too.
func (c *comparer) run(m *model.Model, services []string, plain bool) (*forecast.Result, error) {
	var known []string
	for _, name := range services {
		if m.Service(name) != nil {
			known = append(known, name)
		}
	}
	if len(services) > 0 && len(known) == 0 {
		return &forecast.Result{}, nil
	}
	return forecast.Run(m, forecast.Options{Services: known, Over: c.opts.Over, Confidence: c.opts.Confidence, Memory: c.memory, Effort: c.opts.Effort, Context: c.opts.Context, Plain: plain})
}

func (c *comparer) objectives() error {
	both, err := c.runBoth(c.opts.Services, true)
	if err != nil {
		return err
	}
	old, now := both[0], both[1]
	add := func(was, is *forecast.Entry) {
		e := is
		if e == nil {
			e = was
		}
		o := &Objective{Service: e.Service, Name: objectiveName(e), Old: was, New: is}
		o.measure()
		c.result.Objectives = append(c.result.Objectives, o)
	}
	for _, e := range now.Entries {
		add(entry(old, e.Service, objectiveName(e)), e)
	}
	for _, e := range old.Entries {
		if entry(now, e.Service, objectiveName(e)) == nil {
			add(e, nil)
		}
	}
	return nil
}

// bands forecasts again, with bands, what the change touches.
func (c *comparer) bands() error {
	var services []string
	for _, o := range c.result.Objectives {
		if o.Touched && o.Name != "" && !slices.Contains(services, o.Service) {
			services = append(services, o.Service)
		}
	}
	if len(services) == 0 {
		return nil
	}
	both, err := c.runBoth(services, false)
	if err != nil {
		return err
	}
	for _, o := range c.result.Objectives {
		if !o.Touched {
			continue
		}
		if e := entry(both[0], o.Service, o.Name); e != nil && o.Old != nil {
			o.Old = e
		}
		if e := entry(both[1], o.Service, o.Name); e != nil && o.New != nil {
			o.New = e
		}
	}
	return nil
}

// runBoth forecasts both models.
func (c *comparer) runBoth(services []string, plain bool) (both [2]*forecast.Result, err error) {
	var errs [2]error
	work.Each(2, func() func(int) {
		return func(i int) {
			both[i], errs[i] = c.run([]*model.Model{c.mixer.before, c.mixer.after}[i], services, plain)
		}
	})
	return both, cmp.Or(errs[0], errs[1])
}

func objectiveName(e *forecast.Entry) string {
	if e.Objective == nil {
		return ""
	}
	return e.Objective.Name
}

func entry(r *forecast.Result, service, objective string) *forecast.Entry {
	for _, e := range r.Entries {
		if e.Service == service && objectiveName(e) == objective {
			return e
		}
	}
	return nil
}

// measure says how far the objective moved.
func (o *Objective) measure() {
	if o.Old == nil || o.New == nil {
		o.Touched = true
		return
	}
	// An answer hangs on nothing that is not about it, so that numbers which are not what
	// they were say that something was touched, however little. What is added up in
	// another order may differ in its last digits.
	differ := func(a, b float64) bool { return math.Abs(a-b) > lastDigits*math.Max(math.Abs(a), math.Abs(b)) }
	longer := math.Abs(o.Longer())
	o.Touched = differ(o.Old.PerYear, o.New.PerYear) || o.Old.Window != o.New.Window || o.Old.Confidence != o.New.Confidence ||
		// What is listed and what is not may change places, with the same mean.
		differ(o.Old.Achievable, o.New.Achievable)
	if a, b := o.Old.Objective, o.New.Objective; a != nil {
		o.Touched = o.Touched || a.Target.Exact.Cmp(b.Target.Exact) != 0 || differ(o.Old.Met.Value, o.New.Met.Value)
	}
	switch {
	case math.Abs(o.Moved()) > moved || o.Old.Verdict != o.New.Verdict:
		o.By = InChance
	case longer > grown*math.Max(o.Old.PerYear, o.New.PerYear):
		o.By = InBadTime
	}
	o.Sources = sources(o.Old, o.New)
}

// sources lists the sources that moved the most, leaving out those that hardly
// did.
func sources(was, is *forecast.Entry) []*Source {
	type key struct {
		name, service string
		kind          forecast.SourceKind
	}
	by := map[key]*Source{}
	var all []*Source
	of := func(s *forecast.Source) *Source {
		k := key{s.Name, s.Service, s.Kind}
		if by[k] == nil {
			by[k] = &Source{Name: s.Name, Service: s.Service, Kind: s.Kind}
			all = append(all, by[k])
		}
		return by[k]
	}
	for _, s := range is.Sources {
		of(s).New += s.PerYear
	}
	for _, s := range was.Sources {
		of(s).Old += s.PerYear
	}
	least := math.Max(1, 0.005*math.Max(was.PerYear, is.PerYear))
	all = slices.DeleteFunc(all, func(s *Source) bool { return math.Abs(s.New-s.Old) < least })
	sort.SliceStable(all, func(i, j int) bool { return math.Abs(all[i].New-all[i].Old) > math.Abs(all[j].New-all[j].Old) })
	return all[:min(len(all), mostSources)]
}
