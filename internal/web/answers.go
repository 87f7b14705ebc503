package web

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"tightrope/internal/decision"
	"tightrope/internal/explain"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/page"
	"tightrope/internal/plan"
)

// About how much memory answers take, to bound what is kept.
const (
	variantBytes = 20 // for each byte of the files
	entryBytes   = 64 << 10
	resultBytes  = 1 << 20
)

// An asking is what the server asks the engines. Tests ask others.
type asking struct {
	gather   func(context.Context, *model.Model, page.Options) (*page.Results, error)
	forecast func(*model.Model, forecast.Options) (*forecast.Result, error)
	plan     func(context.Context, *model.Model, plan.Options) (*plan.Result, error)
	explain  func(m *model.Model, kind, name string, o explain.Options) (*explain.Result, error)
}

func engines() asking {
	return asking{gather: page.Gather, forecast: forecast.Run, plan: plan.Run, explain: explain.Of}
}

// work does what an answer about a state needs, in a place for it, until nobody
// reads it or the model has been replaced. What is likely to take as long.
func (s *Server) work(ctx context.Context, snap *Snapshot, state State, what string, do func(ctx context.Context) error) error {
	ctx, end := snap.while(ctx, s.grace)
	defer end()
	kind := what + "?" + state.shape()
	err := s.queue.do(ctx, s.queue.placeFor(state, kind), kind, do)
	if err != nil && errors.Is(context.Cause(ctx), errReplaced) {
		return errReplaced
	}
	return err
}

// placeFor is where work of a kind for a state begins.
func (q *queue) placeFor(state State, kind string) place {
	switch {
	case state.Plain():
		return common
	case !state.widens():
		return light
	case q.isQuick(kind):
		return ranged
	}
	return heavy // a wide range may make anything of a model
}

// replacedGrace is how long work on a model that was replaced may go on while
// somebody waits for it.
const replacedGrace = time.Second

// memoryFor keeps what everybody reads by itself, so that no number of other
// states drives it out.
func (s *Server) memoryFor(state State) *memory {
	if state.Plain() {
		return s.common
	}
	return s.memory
}

// variant is the model of a snapshot in a state, kept for the next who asks.
func (s *Server) variant(ctx context.Context, snap *Snapshot, asked State) (*Variant, error) {
	x, err := s.memoryFor(asked).get(ctx, "variant?"+snap.Revision+"?"+asked.key(), func(ctx context.Context) (any, int, error) {
		var v *Variant
		err := s.work(ctx, snap, asked, "variant", func(ctx context.Context) (err error) {
			v, err = variant(ctx, snap, asked, s.known.Laws())
			return err
		})
		size := 0
		if v != nil && len(v.State.Set) > 0 {
			for _, f := range v.Files {
				size += variantBytes * len(f.Data)
			}
		}
		return v, size + 1<<12, err
	})
	if err != nil {
		return nil, err
	}
	return x.(*Variant), nil
}

// brief is what the first screen says of a service.
func (s *Server) brief(ctx context.Context, v *Variant, service string) (*page.Results, error) {
	return s.results(ctx, v, "brief", page.Options{Services: []string{service}, Brief: true, Plain: true})
}

// side is one of two states that are held against each other: its model, and what
// the first screen says of a service in it.
func (s *Server) side(ctx context.Context, snap *Snapshot, state State, service string) (*Variant, *page.Results, error) {
	v, err := s.variant(ctx, snap, state)
	if err != nil {
		return nil, nil, err
	}
	r, err := s.brief(ctx, v, service)
	return v, r, err
}

// whole is all about a service but its plan, with a year that was played.
func (s *Server) whole(ctx context.Context, v *Variant, service string) (*page.Results, error) {
	return s.results(ctx, v, "whole", page.Options{Services: []string{service}, Years: s.years(v.Model), Seed: 1})
}

// years is how many are simulated for a page: fewer of a large model, of which
// each takes longer, and none where so few would tell nothing.
func (s *Server) years(m *model.Model) int {
	const parts, least = 100, 30
	n := s.opts.Years * parts / max(parts, len(m.Services)+len(m.Risks)+len(m.Changes))
	if n < least {
		return 0
	}
	return n
}

// layers is what stands in front of all risks.
func (s *Server) layers(ctx context.Context, v *Variant, service string) (*page.Results, error) {
	return s.results(ctx, v, "layers", page.Options{Services: []string{service}})
}

func (s *Server) results(ctx context.Context, v *Variant, what string, o page.Options) (*page.Results, error) {
	o.With, o.Without, o.Memory = v.State.With, v.State.Without, s.known
	x, err := s.memoryFor(v.State).get(ctx, what+"?"+o.Services[0]+"?"+v.key(), func(ctx context.Context) (any, int, error) {
		var r *page.Results
		err := s.work(ctx, v.Snapshot, v.State, what, func(ctx context.Context) (err error) {
			r, err = s.engines.gather(ctx, v.Model, o)
			return err
		})
		if err != nil {
			return nil, 0, err
		}
		r.Name, r.Version = s.opts.Name, s.opts.Version
		return r, entryBytes*len(r.Forecast.Entries) + resultBytes*len(r.Risks)/64 + 1<<16, nil
	})
	if err != nil {
		return nil, err
	}
	return x.(*page.Results), nil
}

// A survey is the forecast of all services with an objective, or of those that
// are done so far.
type survey struct {
	base    *page.Results // without the entries
	entries []*forecast.Entry
	all     int
}

// results are those of the entries, in the order of the model.
func (x *survey) results() *page.Results {
	place := map[string]int{}
	for i, s := range x.base.Model.Services {
		place[s.Name] = i
	}
	r, f := *x.base, *x.base.Forecast
	f.Entries = slices.Clone(x.entries)
	slices.SortStableFunc(f.Entries, func(a, b *forecast.Entry) int { return place[a.Service] - place[b.Service] })
	r.Forecast = &f
	return &r
}

// survey is the forecast of all services with an objective: it may take long, and
// goes on while somebody looks at it, or for ever if it is to be kept.
func (s *Server) survey(ctx context.Context, v *Variant, keep bool) (*job, error) {
	return s.surveys.get(ctx, v.order(v.key(), keep), func(ctx context.Context, tell func(any)) (any, error) {
		x := survey{base: &page.Results{
			Name: s.opts.Name, Version: s.opts.Version, Model: v.Model,
			Forecast: &forecast.Result{With: v.State.With, Without: v.State.Without},
		}}
		var names []string
		for _, x := range v.Model.Services {
			if len(x.Objectives) > 0 {
				names = append(names, x.Name)
			}
		}
		x.all = promises(v.Model)
		if len(names) == 0 {
			return &x, nil
		}
		tell(&x)
		var entries []*forecast.Entry
		f, err := s.engines.forecast(v.Model, forecast.Options{
			Services: names, With: v.State.With, Without: v.State.Without, Context: ctx, Memory: s.known, Plain: len(names) > plainFrom,
			Done: func(e *forecast.Entry) {
				entries = append(entries, e)
				so := x
				so.entries = entries
				tell(&so)
			},
		})
		if err != nil {
			return nil, err
		}
		x.base.Forecast, x.entries = f, f.Entries
		return &x, nil
	})
}

// promises counts the objectives of a model.
func promises(m *model.Model) int {
	n := 0
	for _, s := range m.Services {
		n += len(s.Objectives)
	}
	return n
}

// plainFrom is from how many services on a survey has no bands: they would take
// longer than anybody waits.
const plainFrom = 50

// planned is a plan for one service, with the nets that are switched on, which may take long and goes on while
// somebody looks at it.
func (s *Server) planned(ctx context.Context, v *Variant, service string, keep bool) (*job, error) {
	return s.plans.get(ctx, v.order(planKey(v, service), keep), func(ctx context.Context, tell func(any)) (any, error) {
		limited, cancel := context.WithTimeout(ctx, s.opts.Planning)
		defer cancel()
		o := plan.Options{Services: []string{service}, Keep: v.State.With, Memory: s.sought, Frontier: true, Nines: true, Roadmap: true, Share: share, Progress: func(p plan.Progress) { tell(&p) }}
		var err error
		if o.Visible, err = plan.VisibleTo(ctx, v.Model, o); err != nil {
			return nil, err
		}
		r, err := s.engines.plan(like(ctx, limited), v.Model, o)
		if err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil { // nobody looks any more
			return nil, err
		}
		beside, err := plan.BesideOf(ctx, v.Model, o, r)
		if err != nil {
			return nil, err
		}
		return &planning{plan: r, beside: beside, ended: r.Cut || limited.Err() != nil}, nil
	})
}

func planKey(v *Variant, service string) string { return "plan?" + service + "?" + v.key() }

// order asks for a job about a variant.
func (v *Variant) order(key string, keep bool) order {
	o := order{key: key, keep: keep, at: search, snap: v.Snapshot}
	if v.State.Plain() {
		o.at = basis
	}
	return o
}

// share makes a context that ends after a share of the time that is left.
func share(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok {
		own, cancel := context.WithCancel(ctx)
		return like(ctx, own), cancel
	}
	own, cancel := context.WithTimeout(ctx, time.Duration(share*float64(time.Until(end))))
	return like(ctx, own), cancel
}

// A planning is a plan, what is said beside it, and whether its search was ended by
// its time.
type planning struct {
	plan   *plan.Result
	beside plan.Beside
	ended  bool

	mu sync.Mutex
	// decided is what follows from the plan, by the state and the day: a page asks
	// for it again and again.
	decided map[string]*decision.Decision
}

// mostDecided is for how many states a plan keeps what follows from it.
const mostDecided = 8

// decide returns what follows from the plan in a state, which make works out once.
func (p *planning) decide(state string, make func() (*decision.Decision, error)) (*decision.Decision, error) {
	p.mu.Lock()
	d := p.decided[state]
	p.mu.Unlock()
	if d != nil {
		return d, nil
	}
	d, err := make()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.decided == nil || len(p.decided) >= mostDecided {
		p.decided = map[string]*decision.Decision{}
	}
	p.decided[state] = d
	return d, nil
}

// warm makes the survey of the model as it stands whenever that changes, so that
// it is there when somebody comes, and ends what goes on about the one before.
func (s *Server) warm() {
	for {
		good, _, changed := s.store.state()
		s.plans.replaced(good)
		s.surveys.replaced(good)
		if good != nil && good != s.warmed {
			s.warmed = good
			s.memory.clear()
			s.common.clear()
			if v, err := s.variant(s.ctx, good, State{}); err == nil {
				j, err := s.survey(s.ctx, v, true)
				if err != nil {
					s.log.Warn("no survey of the model", "why", err)
				}
				s.warmPlans(v)
				if j != nil {
					go s.steadily(func() { s.prove(j, good) })
				}
			} else if isBug(err) {
				s.reject(good)
			}
		}
		select {
		case <-changed:
		case <-s.ctx.Done():
			return
		}
	}
}

// prove waits for the survey of a model. Where the program itself fails on it, the
// last one that was answered for is served again.
func (s *Server) prove(j *job, good *Snapshot) {
	<-j.done
	switch _, _, err, _ := j.far(); {
	case err == nil:
		s.store.prove(good)
	case isBug(err):
		s.reject(good)
	}
}

// reject goes back to the model before one on which the program itself fails.
func (s *Server) reject(good *Snapshot) {
	if s.store.reject(good) {
		s.log.Error("the program fails on the model that was saved; the one before is served", "revision", good.Revision)
	}
}

// mostWarmed is up to how many services plans are looked for before anybody asks.
const mostWarmed = 4

// warms lists the services of which plans are looked for before anybody asks:
// those of a model with few promises.
func warms(m *model.Model) []string {
	var names []string
	for _, x := range m.Services {
		if len(x.Objectives) > 0 {
			names = append(names, x.Name)
		}
	}
	if len(names) > mostWarmed || !page.Proposes(m) {
		return nil
	}
	return names
}

func (s *Server) warmPlans(v *Variant) {
	for _, name := range warms(v.Model) {
		if _, err := s.planned(s.ctx, v, name, true); err != nil {
			s.log.Warn("no plan of the model", "why", err)
		}
	}
}
