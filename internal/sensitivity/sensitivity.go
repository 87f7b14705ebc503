// Package sensitivity says which unsure inputs of a model move its answers, and
// what it would be worth to know one of them better: "measure this next".
//
// All times are in seconds, shares plain ratios and money is a year's.
package sensitivity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"tightrope/internal/distribution"
	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// Options of the question. Plan are those that the plan is made with.
type Options struct {
	Plan plan.Options
	// Without the plan only the promises are asked about.
	PromisesOnly bool
	// Progress is told how many of all steps are done; nil: nobody is.
	Progress func(done, all int)
}

// A Result is what was found.
type Result struct {
	Objectives []Objective
	// Plan is the plan as things are known today; nil where none was asked for or
	// none is feasible, which Unplanned says.
	Plan      *plan.Plan
	Mode      plan.Mode
	Unplanned message.Message
	// Inputs are all that are not exactly known, those that matter most first: by
	// what knowing them is worth, then by how far they move a promise.
	Inputs []Input
	// Warnings are what a reader must know.
	Warnings []scenario.Warning
	// Complete is false where the time was over before all inputs were looked at.
	Complete bool
}

// An Objective whose chance is looked at.
type Objective struct {
	Service, Name string
	Target        string
	WindowSay     string
	Confidence    float64
	Met           float64
	Error         float64 // numerical, of Met
	// Instead is the objective's own target where nothing moves the chance to
	// keep that, which is nearly 0 or 1, and another is looked at; else empty.
	Instead string
	target  forecast.Target
}

// An Input is one that is not exactly known.
type Input struct {
	ID   model.UnsureID
	What message.Message // a key of the language, of something
	Text string          // as written
	Pos  model.Pos
	// Low and High are its 5th and 95th percentiles, in the unit of the model.
	Low, High float64
	Kind      model.UnsureKind
	Moves     []Move // by objective
	// Most is the largest of the moves, in size.
	Most float64
	// Changes tells which plan is best where the input is at one of its ends, if
	// that is another one.
	AtLow, AtHigh *Changed
	// Worth is what knowing it exactly would save in a year on average: the
	// expected value of partial perfect information, E[best total, known] against
	// the total of the best plan of today (Raiffa & Schlaifer, 1961). nil: the plan
	// weighs no money.
	Worth *float64
}

// A Move is the chance to keep an objective where an input is at its 5th and at
// its 95th percentile, all else as unsure as it is.
type Move struct {
	AtLow, AtHigh       float64
	LowError, HighError float64 // numerical
}

// Size is how far the chance moves.
func (m Move) Size() float64 { return math.Abs(m.AtHigh - m.AtLow) }

// Changed is a plan that is not the one of today.
type Changed struct {
	Value        float64 // of the input
	Feasible     bool
	Add, Drop    []string // against today's plan
	AnnualCost   float64
	AnnualChange float64 // against today's plan
}

// points of the rule that averages over an input.
const points = 5

// memoryBytes is how much is kept of what the models that are asked about, which
// differ little, have in common.
const memoryBytes = 256 << 20

// Run asks. Where ctx ends early, what is known so far is returned.
func Run(ctx context.Context, m *model.Model, opts Options) (_ *Result, err error) {
	defer work.Recover(&err)
	if opts.Plan.Memory == nil {
		opts.Plan.Memory = forecast.NewMemory(memoryBytes)
	}
	// Whatever an input is pinned to, what happened stays.
	if m, err = forecast.Reconcile(work.WhileWanted(ctx), m, opts.Plan.Memory); err != nil {
		return nil, err
	}
	unsure := m.Unsure()
	q := &asker{ctx: ctx, model: m, opts: opts, all: 2 * len(unsure)}
	if !opts.PromisesOnly {
		q.all += points * len(unsure)
	}
	r := &Result{Mode: opts.Plan.Mode, Complete: true}
	if r.Objectives, err = q.objectives(); err != nil {
		return nil, err
	}
	var services []string
	for _, o := range r.Objectives {
		services = append(services, o.Service)
	}
	r.Warnings = scenario.Counted(m, services)
	if !opts.PromisesOnly {
		if err := q.today(r); err != nil {
			return nil, err
		}
	}
	inputs := make([]*Input, len(unsure))
	if err := q.each(len(unsure), func(k int) (err error) {
		inputs[k], err = q.moves(k, unsure[k], r)
		return err
	}); err != nil {
		return nil, err
	}
	for k, in := range inputs {
		if in == nil {
			r.Complete = false
			continue
		}
		if r.Plan != nil && ctx.Err() == nil {
			if err := q.decide(k, in, lawOf(unsure[k]), r); err != nil {
				return nil, err
			}
		}
		r.Inputs = append(r.Inputs, *in)
	}
	r.Complete = r.Complete && ctx.Err() == nil
	slices.SortStableFunc(r.Inputs, func(a, b Input) int {
		return cmp.Or(-cmp.Compare(valued(a), valued(b)), -cmp.Compare(a.Most, b.Most))
	})
	return r, nil
}

func valued(in Input) float64 {
	if in.Worth == nil {
		return 0
	}
	return *in.Worth
}

type asker struct {
	ctx   context.Context
	model *model.Model
	opts  Options

	mu        sync.Mutex // for done
	done, all int

	effort float64 // of each forecast; 0: as usual
}

func (q *asker) step(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done += n
	if q.opts.Progress != nil {
		q.opts.Progress(min(q.done, q.all), q.all)
	}
}

// each does n pieces of work on all processors, until one fails or the time is
// over.
func (q *asker) each(n int, do func(k int) error) error {
	errs := make([]error, n)
	work.Each(n, func() func(int) {
		return func(k int) {
			if q.ctx.Err() == nil {
				errs[k] = do(k)
			}
		}
	})
	return errors.Join(errs...)
}

// objectives lists what is looked at: of each objective the target that is
// asked for, or else its own, or where that is kept as good as never or always
// the usual one whose chance is nearest to the confidence.
func (q *asker) objectives() ([]Objective, error) {
	f, err := forecast.Run(q.model, q.options())
	if err != nil {
		return nil, err
	}
	q.effort = f.EffortEach(2*len(q.model.Unsure()), 0)
	var out []Objective
	for _, e := range f.Entries {
		if e.Objective == nil {
			continue
		}
		if e.Unsolved {
			return nil, e.Unsolvable()
		}
		o := Objective{
			Service: e.Service, Name: e.Objective.Name, Target: e.Objective.Target.Text, WindowSay: e.WindowSay,
			Confidence: e.Confidence, Met: e.Met.Value, Error: e.Met.Error, target: e.Objective.Target,
		}
		switch {
		case len(e.Compare) > 0:
			o.aim(e.Compare[0])
		case (o.Met < settled || o.Met > 1-settled) && len(e.Usual) > 0:
			best := slices.MinFunc(e.Usual, func(a, b forecast.Chance) int {
				return cmp.Compare(math.Abs(a.Met.Value-e.Confidence), math.Abs(b.Met.Value-e.Confidence))
			})
			o.Instead = o.Target
			o.aim(best)
		}
		out = append(out, o)
	}
	return out, nil
}

// aim looks at the chance to keep another target.
func (o *Objective) aim(c forecast.Chance) {
	o.Target, o.target, o.Met, o.Error = c.Target.Text, c.Target, c.Met.Value, c.Met.Error
}

// settled is how near to 0 or 1 a chance is that no input moves.
const settled = 0.005

func (q *asker) options() forecast.Options {
	o := forecast.Options{Services: q.opts.Plan.Services, Over: q.opts.Plan.Over, Confidence: q.opts.Plan.Confidence, Memory: q.opts.Plan.Memory, Plain: true, Effort: q.effort}
	if q.opts.Plan.Target != nil {
		o.Targets = []forecast.Target{*q.opts.Plan.Target}
	}
	return o
}

// promises returns the chance to keep each objective.
func (q *asker) promises(m *model.Model, objectives []Objective) ([]forecast.Probability, error) {
	o := q.options()
	o.Promises = []forecast.Target{}
	for _, x := range objectives {
		o.Promises = append(o.Promises, x.target)
	}
	f, err := forecast.Run(m, o)
	if err != nil {
		return nil, err
	}
	var out []forecast.Probability
	for _, e := range f.Entries {
		if e.Objective != nil && len(out) < len(objectives) {
			out = append(out, e.Compare[0].Met)
		}
	}
	return out, nil
}

// plan makes one without all that comes besides.
func (q *asker) plan(m *model.Model, change func(*plan.Options)) (*plan.Result, error) {
	o := q.opts.Plan
	o.Frontier, o.Nines, o.Roadmap, o.BreakEven, o.Progress = false, false, false, nil, nil
	if change != nil {
		change(&o)
	}
	return plan.Run(q.ctx, m, o)
}

func (q *asker) today(r *Result) error {
	p, err := q.plan(q.model, nil)
	if err != nil {
		return err
	}
	r.Mode, r.Plan = p.Mode, p.Best
	if r.Plan == nil {
		r.Unplanned = message.Unplanned()
	}
	return nil
}

// moves looks at how far one input moves the promises.
func (q *asker) moves(k int, u model.Unsure, r *Result) (*Input, error) {
	in := &Input{
		ID: u.ID, What: message.KeyOf(u.Field, u.Of), Text: u.Text, Pos: u.Pos, Kind: u.Kind,
		Moves: make([]Move, len(r.Objectives)),
	}
	in.Low, in.High = Ends(u)
	low, err := q.promises(q.model.Pin(k, in.Low), r.Objectives)
	if err != nil {
		return nil, err
	}
	high, err := q.promises(q.model.Pin(k, in.High), r.Objectives)
	if err != nil {
		return nil, err
	}
	for i := range in.Moves {
		in.Moves[i] = Move{low[i].Value, high[i].Value, low[i].Error, high[i].Error}
		in.Most = math.Max(in.Most, in.Moves[i].Size())
	}
	q.step(2)
	return in, nil
}

// decide looks at what the plan would be if the input were known.
func (q *asker) decide(k int, in *Input, law law, r *Result) error {
	for _, end := range []struct {
		at float64
		to **Changed
	}{{in.Low, &in.AtLow}, {in.High, &in.AtHigh}} {
		p, err := q.plan(q.model.Pin(k, end.at), nil)
		if err != nil {
			return err
		}
		*end.to = changed(r.Plan, p.Best, end.at)
	}
	if r.Plan.Total == nil || r.Mode != plan.Worth || in.AtLow == nil && in.AtHigh == nil {
		if r.Plan.Total != nil && r.Mode == plan.Worth {
			zero := 0.0
			in.Worth = &zero
		}
		q.step(points)
		return nil
	}
	// E over what it may be of the total of today's plan, less that of the plan
	// that would be best then.
	saved := 0.0
	x, w := law.nodes(points)
	for i := range x {
		pinned := q.model.Pin(k, x[i])
		best, err := q.plan(pinned, nil)
		if err != nil {
			return err
		}
		same, err := q.plan(pinned, q.exactly(r.Plan))
		if err != nil {
			return err
		}
		if best.Best != nil && same.Best != nil && best.Best.Total != nil && same.Best.Total != nil {
			saved += w[i] * math.Max(0, *same.Best.Total-*best.Best.Total)
		}
		q.step(1)
	}
	in.Worth = &saved
	return nil
}

// exactly asks for one set of nets and no other.
func (q *asker) exactly(p *plan.Plan) func(*plan.Options) {
	return func(o *plan.Options) {
		o.Keep, o.Forbid = slices.Clone(p.Nets), nil
		for _, n := range q.model.Nets {
			candidate := n.Status == model.Proposed || n.Status == model.Building || o.Review && n.Status == model.InPlace
			if candidate && !slices.Contains(p.Nets, n.Name) {
				o.Forbid = append(o.Forbid, n.Name)
			}
		}
	}
}

// changed tells a plan from today's; nil where it is the same.
func changed(today, then *plan.Plan, at float64) *Changed {
	if then == nil {
		return &Changed{Value: at}
	}
	c := &Changed{Value: at, Feasible: true, AnnualCost: then.AnnualCost, AnnualChange: then.AnnualCost - today.AnnualCost}
	for _, n := range then.Nets {
		if !slices.Contains(today.Nets, n) {
			c.Add = append(c.Add, n)
		}
	}
	for _, n := range today.Nets {
		if !slices.Contains(then.Nets, n) {
			c.Drop = append(c.Drop, n)
		}
	}
	if len(c.Add)+len(c.Drop) == 0 {
		return nil
	}
	return c
}

// A law is what an input may be, as its number is written: reductions have
// their sign.
type law struct {
	distribution.Unsure
	sign float64
}

func (l law) at(p float64) float64 { return l.sign * l.Quantile(p) }

func (l law) nodes(n int) (x, w []float64) {
	x, w = l.Nodes(n)
	x = slices.Clone(x)
	for i := range x {
		x[i] *= l.sign
	}
	return x, w
}

// lawOf is the law that the language gives to what is not exactly known.
func lawOf(u model.Unsure) law {
	switch u.Kind {
	case model.UnsureShare:
		return law{distribution.BetaBetween(u.Share.Low, u.Share.High), 1}
	case model.UnsureRate:
		if u.Rate.Kind == model.Counted {
			return law{distribution.GammaSeen(u.Rate.Count, u.Rate.Span), 1}
		}
		return law{distribution.GammaBetween(u.Rate.Low, u.Rate.High), 1}
	case model.UnsureSigned:
		if u.Signed.High < 0 {
			low, high := math.Min(-u.Signed.Low, -u.Signed.High), math.Max(-u.Signed.Low, -u.Signed.High)
			return law{distribution.BetaBetween(low, high), -1}
		}
		return law{distribution.LogNormalBetween(u.Signed.Low, u.Signed.High), 1}
	case model.UnsureAmount:
		return law{distribution.LogNormalBetween(u.Amount.Low, u.Amount.High), 1}
	case model.UnsureEffort:
		return law{distribution.LogNormalBetween(u.Effort.Low, u.Effort.High), 1}
	}
	panic(fmt.Sprintf("sensitivity: unknown kind of unsure number %d", u.Kind))
}

// Ends are the 5th and the 95th percentile of an input, in the unit of the model.
func Ends(u model.Unsure) (low, high float64) {
	law := lawOf(u)
	return law.at(0.05), law.at(0.95)
}
