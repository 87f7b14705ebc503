package forecast

import (
	"context"

	"tightrope/internal/availability"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// Reconcile holds the histories of a model against its catalogue as it is
// written, with the nets that stand in it, and returns the model with what came of
// that: what a history has and the catalogue does not explain is a source of the
// promise of its service from then on. A model of which that is known, or that has no
// history, is returned as it is. Variants of a model take over what is known of
// it (model.WithPastOf), so that no net, rhythm or number that is asked about
// changes what happened. Errors are those of Run.
func Reconcile(ctx context.Context, m *model.Model, memory *Memory) (_ *model.Model, err error) {
	if m.IsReconciled() {
		return m, nil
	}
	defer work.Recover(&err)
	sc, err := scenario.New(m, nil, nil)
	if err != nil {
		return nil, err
	}
	if memory == nil {
		memory = NewMemory(ownMemory)
	}
	sc.Laws = memory.Laws()
	cat, err := sc.Catalogue()
	if err != nil {
		return nil, err
	}
	y := sc.System(cat)
	w, engine := newGraph(y, memory), availability.New(sc, cat, y)
	engine.Laws, engine.Context = w, ctx
	var jobs []*job
	for _, s := range m.Services {
		if s.History == nil {
			continue
		}
		var o *model.Objective
		if len(s.Objectives) > 0 {
			o = s.Objectives[0] // a second one has a definition of its own
		}
		j := &job{scenario: sc, catalogue: cat, graph: w, engine: engine, parts: newParts(cat, w, s, false), service: s, objective: o, opts: &Options{Context: ctx}}
		j.entry = j.begin()
		j.uses = j.suffers(j.parts.counts, false) // unsure inputs are found before anything is worked out
		jobs = append(jobs, j)
	}
	worker := newWorker(ctx, sc.Params.List, memory)
	worker.planner = memory.planner()
	defer memory.giveBack(worker.planner)
	of := map[string]*model.Reconciled{}
	for _, j := range jobs {
		work.Poll(ctx)
		of[j.service.Name] = j.reconcile(worker)
	}
	return m.WithReconciled(of), nil
}

// reconcile holds the catalogue against what really happened.
func (j *job) reconcile(w *worker) *model.Reconciled {
	h := j.service.History
	s := newSum(w, j.window, j.objectiveName(), j.uses)
	x := &model.Reconciled{Over: h.Over.Seconds()}
	for _, u := range j.uses {
		src := s.source(u)
		x.Expected += src.PerYear * x.Over / model.Year
		if u.Kind == RiskSource || u.Kind == StatedSource {
			x.ExpectedIncidents += src.IncidentsPerYear * x.Over / model.Year
		}
	}
	if h.Incidents != nil {
		n := h.Incidents.N
		x.Incidents = &n
	}
	if h.Bad == nil {
		return x
	}
	bad := h.Bad.Seconds()
	x.Bad = &bad
	// Where what groups lose is not known, neither is what is left of the past.
	if rest := bad - x.Expected; rest > least*bad && x.Over > 0 && !j.unsolved {
		x.Rest = rest
		if x.Incidents != nil {
			if missing := float64(*x.Incidents) - x.ExpectedIncidents; missing >= 1 {
				x.Missing = missing
			}
		}
	}
	return x
}

// least is the share of a history below which a rest is nothing but rounding.
const least = 1e-9

// history is what an entry says of the history of its service.
func (j *job) history() *Explained {
	r := j.scenario.Model.Reconciled(j.service.Name)
	if r == nil {
		return nil
	}
	x := &Explained{
		Over: r.Over, Bad: r.Bad, Expected: r.Expected, Incidents: r.Incidents, ExpectedIncidents: r.ExpectedIncidents,
		Counted: j.scenario.Model.Unlisted(j.service.Name) != nil,
	}
	if r.Bad != nil && *r.Bad > 0 {
		share := r.Expected / *r.Bad
		x.Share = &share
	}
	if r.Rest > 0 {
		x.Unlisted = r.Rest * model.Year / r.Over
	}
	if h := j.service.History; h != nil {
		x.OverSay = h.Over.Text
		if h.Missed != nil {
			x.Missed, x.Windows = h.Missed.N, h.Missed.Of
		}
	}
	return x
}
