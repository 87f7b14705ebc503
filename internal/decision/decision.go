// Package decision says what a service should promise and what should be built
// first: today's forecast, the nets that are worth building, what they make of
// the promise, what could change that, and what has to be decided next.
//
// It puts together what forecast, plan and worth answer, and decides nothing
// again: the nets are those that the plan recommends or, where money does not
// tell, those of the plan itself. All times are in seconds, money is a year's.
package decision

import (
	"cmp"
	"context"
	"math"
	"math/big"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/scenario"
	"tightrope/internal/sensitivity"
	"tightrope/internal/work"
	"tightrope/internal/worth"
)

// A Decision is about the promises of some services, with one set of nets.
type Decision struct {
	By By
	// Nets are to be built, and Removed taken away. Steps are the order in which to
	// build; nil where none was worked out.
	Nets, Removed []string
	Steps         []plan.Step
	Set           *plan.Plan // these nets as the plan knows them; nil: nothing changes
	Today         *plan.Plan // the nets that stand; nil without a plan
	Proven        bool       // no other set is better
	Cut           bool       // the search ended before it was complete
	Promises      []Promise
	Load          *worth.Load // with these nets
	// Expected is the loss in a year with these nets, of all services and with the
	// time of people; nil: unknown.
	Expected *float64
	Next     []Date // what has to be decided by when, the soonest first
}

// By says what a set of nets was chosen by.
type By string

// What it was chosen by.
const (
	Money     By = "money"     // the least total of cost and expected loss
	Objective By = "objective" // the cheapest that keeps what is asked for
	Nothing   By = ""          // no net is proposed, or none helps: as things stand
)

// A Promise is what one service should promise.
type Promise struct {
	Service string
	Today   *forecast.Entry
	Then    *forecast.Entry // with the nets of the decision; Today where there are none
	// Target to promise: the highest usual one that is kept with the confidence and
	// that users would notice; nil: none is. Kept is its chance.
	Target *forecast.Target
	Kept   *forecast.Probability
	// Wanted is whether the objective as written is kept then, and Possible whether
	// any nets keep it.
	Wanted   bool
	Possible Possible
	// Turns are inputs that are not exactly known and what they do to the promise,
	// those that change it first. Asked is false where that was not looked at.
	Turns []Turn
	Asked bool
	Hits  Hits
}

// Possible says whether any set of nets keeps an objective.
type Possible string

// Whether one does.
const (
	Yes     Possible = "yes"
	No      Possible = "no" // none does
	Unknown Possible = ""   // the search ended before, or was not made
)

// A Turn is one input that is not exactly known: what may be promised where it is
// at the end that changes most.
type Turn struct {
	Part      string // of the model that it belongs to: "risk"; empty: the model
	Name      string // of that part
	Field     string // which number of it: "rate"
	Text      string // as written
	Pos       model.Pos
	AtHigh    bool             // at its 95th percentile, else at its 5th
	Value     float64          // there, in the unit of the model
	Kind      model.UnsureKind // of the value
	Chance    float64          // to keep the target there
	Move      float64          // of the chance, between the ends
	Changes   bool             // what may be promised is another target there
	Suggested *forecast.Target // that one; nil: none
}

// Hits are how often users meet an outage.
type Hits struct {
	// PerUser is how many incidents a random user meets in a year, planned work
	// apart: the sum over what can go wrong of how often it does and the share of
	// the users that it reaches.
	PerUser float64
	// Users is how many there are, and All how often in a year one of them meets an
	// incident; nil: not told.
	Users, All *float64
}

// A Date is something to be decided.
type Date struct {
	What DateKind
	Of   scenario.ID // the service, the risk or the net
	Who  model.Texts // owner, or who accepted; empty: nobody is named
	By   *model.Date
	Late bool // it is over
}

// DateKind is what there is to decide.
type DateKind string

// The kinds.
const (
	Promised DateKind = "promised" // what to promise, and what to build for it
	Accepted DateKind = "accepted" // a risk is accepted until then
	Review   DateKind = "review"   // the numbers of a risk are to be looked at again
	Ready    DateKind = "ready"    // a net is said to stand then
)

// Options of a decision.
type Options struct {
	Services []string // empty: all with an objective
	Over     *model.Duration
	// Visible says whether users would notice a target; nil: all are.
	Visible func(forecast.Target) bool
	// Turns is whether to look at what could change the promise.
	Turns  bool
	Day    *model.Date // today; nil: not known
	Memory *forecast.Memory
}

// Of makes the decision of a model, of which f is the forecast as things stand and
// r the plan of all these services; nil: none was made. What takes long is bounded
// by the work that one forecast may take. Errors are those of forecast.Run.
func Of(ctx context.Context, m *model.Model, f *forecast.Result, r *plan.Result, o Options) (d *Decision, err error) {
	defer work.Recover(&err)
	// What an input would be changes nothing that happened.
	if m, err = forecast.Reconcile(ctx, m, o.Memory); err != nil {
		return nil, err
	}
	d = &Decision{}
	d.choose(m, r)
	asked := forecast.Options{Services: o.Services, Over: o.Over, With: d.Nets, Without: d.Removed, Context: ctx, Memory: o.Memory}
	then := f
	if len(d.Nets)+len(d.Removed) > 0 {
		asked.Plain = true
		if then, err = forecast.Run(m, asked); err != nil {
			return nil, err
		}
	}
	if d.Load, err = worth.LoadWith(ctx, m, d.Nets, d.Removed, o.Memory.Laws()); err != nil {
		return nil, err
	}
	for _, e := range f.Entries {
		if e.Objective == nil || worth.Entry(f, e.Service) != e {
			continue
		}
		p := Promise{Service: e.Service, Today: e, Then: worth.Entry(then, e.Service), Hits: hits(m, e)}
		p.settle(r, o)
		d.Promises = append(d.Promises, p)
	}
	if o.Turns {
		if err := d.turns(ctx, m, asked, then); err != nil {
			return nil, err
		}
	}
	if x := d.Set; x != nil {
		d.Expected = x.Loss
	}
	d.dates(m, f, o.Day)
	return d, nil
}

// choose takes the nets that the plan recommends or, where money does not tell,
// those that keep what is asked for.
func (d *Decision) choose(m *model.Model, r *plan.Result) {
	if r == nil || len(r.Conflict) > 0 {
		return
	}
	d.Today = r.Today
	switch x := r.Recommendation; {
	case x != nil:
		d.By, d.Set, d.Proven, d.Cut, d.Steps = Money, x.Plan, x.Optimal, x.Gap > 0, x.Roadmap
	case r.Best != nil:
		d.By, d.Set, d.Proven, d.Cut, d.Steps = Objective, r.Best, r.Optimal, r.Gap > 0, r.Roadmap
	default:
		return
	}
	for _, name := range d.Set.Nets {
		if n := m.Net(name); n != nil && n.Status != model.InPlace {
			d.Nets = append(d.Nets, name)
		}
	}
	d.Removed = d.Set.Removed
}

// settle says what may be promised, and whether what is asked for is possible.
func (p *Promise) settle(r *plan.Result, o Options) {
	e := p.Then
	open := e == nil || e.Unsolved || e.Contradicts || e.Met == nil || len(e.Sources) == 0 && e.Mean == 0
	if open {
		return
	}
	p.Wanted = e.Verdict == forecast.Achievable
	for i := len(e.Usual) - 1; i >= 0; i-- {
		u := &e.Usual[i]
		if e.Suggested == nil || u.Target.Exact.Cmp(e.Suggested.Exact) > 0 {
			continue
		}
		if o.Visible == nil || o.Visible(u.Target) {
			p.Target, p.Kept = &u.Target, &u.Met
			break
		}
	}
	if p.Target == nil && e.Suggested != nil {
		p.Target = e.Suggested // users would notice none of them
	}
	if p.Wanted && (p.Target == nil || p.Target.Exact.Cmp(e.Objective.Target.Exact) < 0) {
		p.Target, p.Kept = &e.Objective.Target, e.Met
	}
	switch {
	case p.Wanted:
		p.Possible = Yes
	case r == nil:
	case r.Best != nil, r.Recommendation != nil && r.Recommendation.Beyond != nil:
		p.Possible = Yes
	case r.Gap == 0 && r.Reachable != nil && len(r.Conflict) == 0:
		p.Possible = No
	}
}

// mostTurns is how many inputs are told.
const mostTurns = 3

// turns looks at what each input that is not exactly known does to the promises:
// each is forecast with the input at its 5th and at its 95th percentile.
func (d *Decision) turns(ctx context.Context, m *model.Model, asked forecast.Options, then *forecast.Result) error {
	unsure := m.Unsure()
	var places []int
	for k, u := range unsure {
		if u.Kind != model.UnsureAmount && u.Kind != model.UnsureEffort { // money moves no chance
			places = append(places, k)
		}
	}
	asked.Plain, asked.Context, asked.Effort = true, ctx, then.EffortEach(2*len(places), 0)
	asked.Targets = nil
	for _, p := range d.Promises {
		if p.Target != nil && !slices.ContainsFunc(asked.Targets, func(t forecast.Target) bool { return t.Exact.Cmp(p.Target.Exact) == 0 }) {
			asked.Targets = append(asked.Targets, *p.Target)
		}
	}
	if len(asked.Targets) == 0 {
		return nil
	}
	type end struct {
		met   float64
		could *forecast.Target
		known bool
	}
	ends := make([][][2]end, len(places)) // by place, and by promise: at the 5th, and at the 95th percentile
	errs := make([]error, len(places))
	work.Each(len(places), func() func(int) {
		return func(i int) {
			ends[i] = make([][2]end, len(d.Promises))
			low, high := sensitivity.Ends(unsure[places[i]])
			for j, at := range []float64{low, high} {
				f, err := forecast.Run(m.Pin(places[i], at), asked)
				if err != nil {
					errs[i] = err
					return
				}
				for k, p := range d.Promises {
					x := worth.Entry(f, p.Service)
					if x == nil || p.Target == nil {
						continue
					}
					for _, c := range x.Compare {
						if c.Target.Exact.Cmp(p.Target.Exact) == 0 {
							ends[i][k][j] = end{c.Met.Value, x.Suggested, true}
						}
					}
				}
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	for k := range d.Promises {
		p := &d.Promises[k]
		if p.Target == nil {
			continue
		}
		p.Asked = true
		for i := range places {
			u, at := unsure[places[i]], ends[i][k]
			if !at[0].known || !at[1].known || at[0].met == at[1].met {
				continue
			}
			// The worse end says whether the promise holds; where it does, the better
			// one whether a higher one may be made.
			high := at[1].met < at[0].met
			side := map[bool]int{false: 0, true: 1}[high]
			if at[side].met >= p.Then.Confidence && higher(at[1-side].could, p.Target) {
				side, high = 1-side, !high
			}
			low, top := sensitivity.Ends(u)
			t := Turn{
				Part: u.Part, Name: u.Name, Field: u.Field, Text: u.Text, Pos: u.Pos, Kind: u.Kind, AtHigh: high, Value: low,
				Chance: at[side].met, Move: math.Abs(at[1].met - at[0].met), Suggested: at[side].could,
			}
			if high {
				t.Value = top
			}
			t.Changes = t.Chance < p.Then.Confidence || higher(t.Suggested, p.Target)
			p.Turns = append(p.Turns, t)
		}
		slices.SortStableFunc(p.Turns, func(a, b Turn) int {
			if a.Changes != b.Changes {
				return map[bool]int{true: -1, false: 1}[a.Changes]
			}
			return cmp.Compare(b.Move, a.Move)
		})
		p.Turns = p.Turns[:min(len(p.Turns), mostTurns)]
	}
	return nil
}

func higher(a, than *forecast.Target) bool {
	return a != nil && than != nil && a.Exact.Cmp(than.Exact) > 0
}

// hits counts how often users meet an incident.
func hits(m *model.Model, e *forecast.Entry) Hits {
	h := Hits{}
	for _, s := range e.Sources {
		if s.Kind != forecast.ChangeSource {
			h.PerUser += s.IncidentsPerYear * s.Impact
		}
	}
	if s := m.Service(e.Service); s != nil && s.Worth != nil && s.Worth.Users != nil {
		users := float64(s.Worth.Users.N)
		all := users * h.PerUser
		h.Users, h.All = &users, &all
	}
	return h
}

// dates lists what has to be decided by when: promises, risks that are accepted for a time,
// numbers that are to be looked at again, nets that are being built. Only what
// reaches a promise counts.
func (d *Decision) dates(m *model.Model, f *forecast.Result, day *model.Date) {
	reach := map[scenario.ID]bool{}
	for _, e := range f.Entries {
		if e.Objective != nil {
			for _, s := range e.Sources {
				reach[s.Of] = true
			}
		}
	}
	owner := func(own model.Texts, s *model.Service) model.Texts {
		if own.Is() || s == nil {
			return own
		}
		return s.Owner
	}
	add := func(x Date) {
		x.Late = day != nil && x.By.Number() < day.Number()
		d.Next = append(d.Next, x)
	}
	for _, p := range d.Promises {
		s := m.Service(p.Service)
		for _, o := range s.Objectives {
			if o.Name == p.Today.Objective.Name && o.DecideBy != nil {
				add(Date{What: Promised, Of: scenario.ServiceID(p.Service), Who: s.Owner, By: o.DecideBy})
			}
		}
	}
	for _, r := range m.Risks {
		id := scenario.RiskID(r.Name)
		if !reach[id] {
			continue
		}
		of := m.Service(r.Service.Name)
		if a := r.Accepted; a != nil && a.Until != nil {
			add(Date{What: Accepted, Of: id, Who: a.By, By: a.Until})
		}
		if r.Review != nil && r.AsOf != nil {
			due := r.AsOf.Plus(r.Review.Seconds())
			add(Date{What: Review, Of: id, Who: owner(r.Owner, of), By: &due})
		}
	}
	for _, n := range m.Nets {
		if n.Status == model.Building && n.Ready != nil {
			add(Date{What: Ready, Of: scenario.ID{Kind: scenario.NetThing, Name: n.Name}, Who: n.Owner, By: n.Ready})
		}
	}
	slices.SortStableFunc(d.Next, func(a, b Date) int { return cmp.Compare(a.By.Number(), b.By.Number()) })
}

// Idle reports whether it is proven that nothing is worth building or taking away.
func (d *Decision) Idle() bool {
	return d.By == Money && d.Proven && len(d.Nets)+len(d.Removed) == 0
}

// Against lists the nets that act on a cause of lost time and do not stand: those that
// are to be built, and the others that could be. told is false where no net can be
// held against it: what no risk explains, and what is lost to a whole group.
func (d *Decision) Against(m *model.Model, s *forecast.Source) (chosen, left []string, told bool) {
	switch s.Kind {
	case forecast.RiskSource, forecast.ChangeSource, forecast.StatedSource, forecast.BackgroundSource:
	default:
		return nil, nil, false
	}
	for _, n := range m.Nets {
		acts := slices.ContainsFunc(n.Effects, func(e *model.Effect) bool { return scenario.Acts(m, e, s.Of) })
		switch {
		case !acts:
		case slices.Contains(d.Nets, n.Name):
			chosen = append(chosen, n.Name)
		case n.Status == model.Proposed || n.Status == model.Building:
			left = append(left, n.Name)
		}
	}
	return chosen, left, true
}

// Saves is what is saved in a year, after the cost of what is built; nil: unknown.
func (d *Decision) Saves() *float64 {
	if d.Set == nil || d.Set.Total == nil || d.Today == nil || d.Today.Total == nil {
		return nil
	}
	v := *d.Today.Total - *d.Set.Total
	return &v
}

// First is what to build first; empty: nothing.
func (d *Decision) First() (net string, step *plan.Step) {
	if len(d.Steps) > 0 {
		return d.Steps[0].Net, &d.Steps[0]
	}
	if len(d.Nets) > 0 {
		return d.Nets[0], nil
	}
	return "", nil
}

// Budget of a target over a window, in seconds.
func Budget(t *forecast.Target, window float64) float64 {
	left, _ := new(big.Rat).Sub(big.NewRat(1, 1), t.Exact).Float64()
	return left * window
}
