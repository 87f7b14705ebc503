// Package plan chooses safety nets: the cheapest that keep every objective, the
// best that can be had for an amount, or those that are worth what they cost. It
// proves that what it returns is the best, or says how far from it the best may
// be.
//
// Money is in the currency of the model and a year, times are in seconds and
// shares plain ratios.
package plan

import (
	"context"
	"errors"
	"math/big"
	"sync"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
	"tightrope/internal/worth"
)

// Mode is what a plan is to be the best at.
type Mode string

// The modes.
const (
	// Cheapest: the least annual cost at which every objective is met with its
	// confidence.
	Cheapest Mode = "cheapest"
	// Spend: the best chance to keep the objective that is kept least, or with
	// ForLoss the least expected loss, within what may be spent.
	Spend Mode = "spend"
	// Worth: the least total of annual cost and expected loss.
	Worth Mode = "worth"
)

// Options of a plan. The zero Options ask for the cheapest nets that keep all
// objectives of the model.
type Options struct {
	Mode       Mode             // empty: Cheapest
	Services   []string         // only these; empty: all with an objective
	Target     *forecast.Target // instead of each objective's own
	Over       *model.Duration
	Confidence *big.Rat

	Money   *float64 // most annual cost; nil: no limit
	Effort  *float64 // most person-days to build
	ForLoss bool     // of Spend: the least loss rather than the best chance
	// MaxPages is how often in a week one person may be called at most.
	MaxPages *float64

	Keep, Forbid []string // nets that are to be in the plan, or not to be
	Review       bool     // nets that stand are asked whether they earn their keep

	// What is computed besides the plan.
	Frontier, Nines, Roadmap bool
	BreakEven                []string // nets; see BreakEven
	// Visible says whether users would notice a target; nil: all are.
	Visible func(forecast.Target) bool

	Progress func(Progress)

	// Share makes a context that ends after a share of the time that is left, so
	// that what is computed besides the plan has some of it. nil: whatever is
	// computed first may take all.
	Share func(ctx context.Context, share float64) (context.Context, context.CancelFunc)

	// Memory keeps what other plans and forecasts of the model may need too; nil:
	// nothing is kept beyond this plan. The answer is the same.
	Memory *forecast.Memory

	ctx  context.Context                      // nil: it never ends
	only func(service, objective string) bool // of the objectives
	// targets, where not nil, are asked of each objective instead of its own.
	targets []forecast.Target
}

// Progress is how far a search has come.
type Progress struct {
	What     string // "plan", "frontier", "99.95%"
	Explored int    // nodes
	Best     *Plan  // so far; nil: none
	Bound    float64
}

// A Plan is a set of nets and what it does.
type Plan struct {
	Nets    []string // that are to be built, and under review also those that are kept; in file order
	Removed []string // nets that stand and are taken away

	AnnualCost   float64
	SavedPerYear float64 // what nets that are replaced cost to run: not subtracted
	Effort       float64 // person-days to build

	// Met is the chance to keep the objective that is kept least, and BadMean
	// the mean lost time in its window.
	Met        float64
	MetError   float64
	MetModel   float64 // what the model of the answer may put Met off: see forecast.Probability
	BadMean    float64
	Objectives []Kept

	Loss *float64 // expected in a year; nil is unknown
	// LossError is how far Loss, and so Total, may be off for the numerical errors of
	// the chances that clauses are due.
	LossError float64
	Total     *float64 // of annual cost and loss
	// Losses are what Loss is made of, by service; People is the time of people in it.
	Losses []*worth.Loss
	People float64

	// Corrected: numbers are corrected for what a sum of all sources leaves out, as
	// a forecast of these nets is.
	Corrected bool
	// Contradicts: parts of the forecast of these nets contradict each other, so
	// that nothing counts as kept.
	Contradicts bool

	set      forecast.NetSet // of nets that are chosen among
	standing forecast.NetSet
}

// Kept is how well a plan keeps one objective.
type Kept struct {
	Service, Objective string
	Target             forecast.Target
	Confidence         float64
	Window, Budget     float64
	Met, Error         float64
	Model              float64 // what the model of the answer may put Met off
	Corrected          bool    // for what a sum leaves out
	Contradicts        bool    // parts of the answer contradict each other
	BadMean            float64
	OK                 bool // with its confidence
}

// Unknown is an objective of a service of which nothing is listed that could go wrong:
// no set of nets is said to keep it, or not to.
type Unknown struct {
	Service, Objective string
	Target             forecast.Target
	Confidence         float64
	Window             float64
}

// A Result is the answer.
type Result struct {
	Mode    Mode
	Unknown []Unknown // objectives that are no part of it
	Today   *Plan     // with no net bought
	// Main is the place, in the Objectives of each plan, of the objective that the
	// Nines and the recommended target are of.
	Main int

	// Best is nil where nothing is feasible.
	Best     *Plan
	RunnerUp *Plan // the next best; nil: there is none
	Optimal  bool
	// Gap is by how much something better may be better, in the unit of what is
	// sought: money, or a chance for Spend without ForLoss.
	Gap      float64
	Explored int // nodes of the search
	// A search goes by the sum of all sources. Corrected: for some of the sets
	// nearby it matters what that leaves out, so that they were compared by
	// corrected answers: Beside so many of them, the plan included. Moved: another
	// set is the best by the sum, so that it is not proven that the plan is.
	Corrected bool
	Beside    int
	Moved     bool
	// Cut says that the plan or the frontier had a share of the time, and that it
	// was up.
	Cut bool

	// Reachable is the best chance with any nets, and which, where Best is nil
	// but some set is allowed. Reached says that it is proven that no nets are
	// kept more likely, by no more than one in ten thousand.
	Reachable *Plan
	Reached   bool
	// Conflict is the smallest set of constraints that no set of nets fulfils.
	Conflict []Constraint

	Frontier         []*Plan // rising in cost and chance
	FrontierComplete bool
	// FrontierApart is up to how far apart chances count as the same in it: of
	// such the cheapest is there. 0: all are told apart.
	FrontierApart float64
	Nines         []Nine
	// Recommendation is by money; nil where there is none, as NotRecommended says,
	// and Missing lists the keys of the model without which there is none.
	// Recommended is the target of it, where that is one of the Nines.
	Recommendation *Recommendation
	Recommended    *Nine
	NotRecommended message.Message
	Missing        []string
	Roadmap        []Step
	BreakEven      []BreakEven

	Warnings []scenario.Warning
	Assumed  []message.Message
}

// A Constraint on what a plan may hold, in words.
type Constraint struct {
	Text message.Message
	Pos  model.Pos
}

// planMemory is how much a plan keeps of what its forecasts have in common.
const planMemory = 256 << 20

// some is a context that ends after a share of the time that is left.
func (p *problem) some(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
	if p.opts.Share == nil {
		return ctx, func() {}
	}
	return p.opts.Share(ctx, share)
}

// cut notes what is left out because the time was up.
func (p *problem) cut(what message.Message) {
	p.warnings = append(p.warnings, scenario.Warning{Code: "time", Message: what})
}

// Run makes a plan. Where ctx ends early the best plan so far is returned with
// the gap that is left. Errors are *forecast.OptionError for options that do not
// fit the model, and *model.ProblemError for a model with which nothing can be
// computed.
func Run(ctx context.Context, m *model.Model, opts Options) (r *Result, err error) {
	defer work.Recover(&err)
	if opts.Mode == "" {
		opts.Mode = Cheapest
	}
	opts.ctx = ctx
	if opts.Memory == nil {
		opts.Memory = forecast.NewMemory(planMemory)
	}
	if tell := opts.Progress; tell != nil {
		var mu sync.Mutex
		opts.Progress = func(x Progress) {
			mu.Lock()
			defer mu.Unlock()
			tell(x)
		}
	}
	if m, err = forecast.Reconcile(work.WhileWanted(ctx), m, opts.Memory); err != nil {
		return nil, err
	}
	p, err := newProblem(m, opts)
	if err != nil {
		return nil, err
	}
	r = &Result{Main: p.main, Mode: opts.Mode, Unknown: p.unknown, Warnings: p.told(), Assumed: p.assumed}
	p.ahead(p.unchanged())
	if r.Conflict = p.conflict(); r.Conflict == nil {
		// What is recommended comes first: it is what a page begins with.
		if opts.Nines {
			if err := p.recommendFirst(ctx, r); err != nil {
				return nil, err
			}
		}
		mine, done := ctx, context.CancelFunc(func() {})
		if opts.Frontier || opts.Nines {
			mine, done = p.some(ctx, 0.5)
		}
		p.choose(mine, r)
		r.Cut = mine.Err() != nil
		done()
	}
	if r.Today, err = p.today(); err != nil {
		return nil, err
	}
	if r.Conflict != nil {
		return r, nil
	}
	if r.Best == nil && r.Gap == 0 && r.Reachable == nil {
		p.reach(ctx, r)
	}
	p.warn(r.Today)
	p.warn(r.Best)
	p.warn(r.Reachable)
	// They share nothing but the memory.
	var beside work.Group
	if opts.Frontier {
		beside.Go(func() { p.frontier(ctx, r) })
	}
	if opts.Nines {
		err = p.nines(ctx, r)
	}
	if beside.Wait(); err != nil {
		return nil, err
	}
	if err = p.settleTotals(ctx, r); err != nil {
		return nil, err
	}
	if opts.Roadmap && r.Best != nil {
		r.Roadmap = p.roadmap(ctx, r.Best)
	}
	if x := r.Recommendation; opts.Roadmap && x != nil {
		if x.Roadmap = r.Roadmap; r.Best == nil || x.Plan.set != r.Best.set {
			x.Roadmap = p.roadmap(ctx, x.Plan)
		}
	}
	for _, name := range opts.BreakEven {
		b, err := p.breakEven(ctx, name)
		if err != nil && errors.Is(err, ctx.Err()) {
			p.cut(message.TimeEven(name))
			continue
		}
		if err != nil {
			return nil, err
		}
		r.BreakEven = append(r.BreakEven, b)
	}
	r.Warnings, r.Assumed = p.told(), p.assumed
	if work.Late(ctx, p.err) {
		r.Cut = true
		return r, nil
	}
	return r, p.err
}
