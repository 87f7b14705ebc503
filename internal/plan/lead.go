package plan

import (
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/scenario"
)

// A search goes by the sum of all sources, which bounds are known of. What is
// stated is what a forecast says first: corrected, where it matters, for what a
// sum leaves out. So what a search finds is held against the sets beside it by
// corrected answers, and the best of them is the plan.

// mostBeside bounds how many neighbours of a plan are looked at.
const mostBeside = 12

// mostAims bounds how often a search is repeated with another aim.
const mostAims = 2

// leadAhead begins to compute what is led.
func (p *problem) leadAhead(sets ...forecast.NetSet) {
	for _, in := range sets {
		if x, err := p.exact(in); err == nil && !settled(x) {
			p.promise(p.lead, in, func(standing forecast.NetSet) ([]forecast.Exact, error) {
				return p.choice.NearlyLead(standing, x)
			})
		}
	}
}

// exact are the answers by the sum.
func (p *problem) exact(in forecast.NetSet) ([]forecast.Exact, error) {
	p.ahead(in)
	return p.asked[in].wait()
}

// guarded is led, as well as a forecast knows it and with parts of the answer held
// against each other even where there is nothing to correct: of what is stated first.
func (p *problem) guarded(in forecast.NetSet) (*Plan, error) {
	if !p.sure[in] {
		if _, err := p.plan(in); err != nil {
			return nil, err
		}
		p.sure[in] = true
		delete(p.leads, in)
		delete(p.lead, in)
		p.promise(p.lead, in, p.choice.Lead)
	}
	return p.led(in)
}

// settled reports whether there is nothing to correct.
func settled(answers []forecast.Exact) bool {
	return !slices.ContainsFunc(answers, func(a forecast.Exact) bool { return !a.Settled })
}

// led is the plan of a set of nets as it is stated: as a forecast leads.
func (p *problem) led(in forecast.NetSet) (*Plan, error) {
	if x := p.leads[in]; x != nil {
		return x, nil
	}
	x, err := p.plan(in)
	if err != nil {
		return nil, err
	}
	p.leadAhead(in)
	if ask := p.lead[in]; ask != nil {
		answers, err := ask.wait()
		if err != nil {
			return nil, err
		}
		if x, err = p.made(in, answers); err != nil {
			return nil, err
		}
	}
	p.leads[in] = x
	return x, nil
}

// moves reports whether a plan is not what the sum says of its nets.
func (x *Plan) moves() bool { return x.Corrected || x.Contradicts }

// A found plan is the best of the sets near to what a search found.
type found struct {
	best, second *Plan
	near         *Plan // where none is the best: what is kept most likely
	corrected    bool
	moved        bool // another set is the best by the sum
	beside       int  // how many sets were compared
}

// near holds what a search found against sets nearby, by corrected answers. Where
// it found nothing, from is where to look; nil: nowhere.
func (s *search) nearby(ctx context.Context, best, second, from *Plan) (found, error) {
	l := &leader{search: s, ctx: ctx, of: map[forecast.NetSet]bool{}}
	var out found
	for _, x := range []*Plan{best, second, from} {
		if x != nil {
			if _, err := s.guarded(x.set); err != nil {
				return out, err
			}
			if err := l.look(true, x.set); err != nil {
				return out, err
			}
		}
	}
	if len(l.list) == 0 {
		return out, nil
	}
	at := best
	if at == nil {
		at = from
	}
	plain := !slices.ContainsFunc(l.list, func(x *Plan) bool { return !settled(s.asked[x.set].known()) })
	if !plain {
		if err := l.look(false, l.beside(at.set)...); err != nil {
			return out, err
		}
	}
	if out.corrected = slices.ContainsFunc(l.list, (*Plan).moves); !out.corrected {
		out.near = from
		for _, x := range []**Plan{&best, &second, &out.near} {
			if *x != nil {
				*x = s.leads[(*x).set]
			}
		}
		out.best, out.second = best, second
		return out, nil
	}
	if err := l.aim(at); err != nil {
		return out, err
	}
	if err := l.settleTies(); err != nil {
		return out, err
	}
	out.beside = len(l.list)
	out.best = l.pick(nil)
	if s.want > 1 && out.best != nil {
		out.second = l.pick(out.best)
	}
	if out.best == nil {
		out.near = slices.MaxFunc(l.list, func(a, b *Plan) int {
			return cmp.Or(cmp.Compare(yes(!a.Contradicts), yes(!b.Contradicts)), cmp.Compare(a.Met, b.Met))
		})
	}
	out.moved = best == nil || out.best == nil || out.best.set != best.set
	return out, nil
}

func yes(x bool) int {
	if x {
		return 1
	}
	return 0
}

// A leader compares sets of nets by corrected answers.
type leader struct {
	*search
	ctx  context.Context
	of   map[forecast.NetSet]bool
	list []*Plan
}

// look adds sets, several of them computed at once, until the time is up; with
// must whatever the time.
func (l *leader) look(must bool, sets ...forecast.NetSet) error {
	at := runtime.GOMAXPROCS(0)
	for i, in := range sets {
		if l.of[in] {
			continue
		}
		if !must && l.ctx.Err() != nil {
			return nil
		}
		l.ahead(sets[i:min(i+at, len(sets))]...)
		l.leadAhead(sets[i:min(i+at, len(sets))]...)
		x, err := l.led(in)
		if err != nil {
			if must {
				return err
			}
			continue // they cannot stand
		}
		l.of[in] = true
		l.list = append(l.list, x)
	}
	return nil
}

// beside are the sets that differ from one by a net, or by one that is exchanged
// for another: those that look best by the sum.
func (l *leader) beside(in forecast.NetSet) []forecast.NetSet {
	var have, lack []int
	for _, i := range l.vars {
		switch {
		case l.start.decided(i):
		case in.Has(i):
			have = append(have, i)
		default:
			lack = append(lack, i)
		}
	}
	type near struct {
		in   forecast.NetSet
		cost float64
		rank float64
	}
	var list []near
	own, _ := l.score(in)
	nearly := nearlyKept
	if x, sum := l.leads[in], l.known[in]; x != nil && sum != nil {
		nearly = math.Max(nearly, 2*math.Abs(x.Met-sum.Met))
	}
	tried := 0
	add := func(to forecast.NetSet) {
		if tried++; tried > mostExchanges/10 || l.ctx.Err() != nil || !l.allowed(to) || !l.bearable(to) {
			return
		}
		cost, effort := l.costOf(to)
		if cost > l.money*(1+tie) || effort > l.effort*(1+tie) {
			return
		}
		rank, ok := l.score(to)
		if !ok {
			return
		}
		rank = -rank
		if l.mode == Cheapest {
			// What is nearly kept by the sum may be kept, and the cheapest of it is wanted.
			if rank > math.Max(0, -own)+nearly {
				return
			}
			rank = cost
		}
		list = append(list, near{to, cost, rank})
	}
	for _, i := range have {
		add(in.Without(i))
	}
	for _, i := range lack {
		add(in.With(i))
	}
	for _, i := range have {
		for _, k := range lack {
			add(in.Without(i).With(k))
		}
	}
	slices.SortStableFunc(list, func(a, b near) int { return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.cost, b.cost)) })
	var out []forecast.NetSet
	for _, x := range list[:min(len(list), mostBeside)] {
		out = append(out, x.in)
	}
	return out
}

// nearlyKept is how much less likely than asked for a set may be kept by the sum
// to be looked at; twice as much as a correction is where that is more.
const nearlyKept = 0.05

// aim searches again, by the sum, for what the sum says of plans that are kept:
// by as much less or more likely than asked for as the sum is off for a plan. What
// that finds is looked at too.
func (l *leader) aim(at *Plan) error {
	if l.mode != Cheapest {
		return nil
	}
	for range mostAims {
		if l.ctx.Err() != nil {
			return nil
		}
		sum, err := l.plan(at.set)
		if err != nil {
			return err
		}
		to := l.leads[at.set]
		p := *l.problem
		p.goals = slices.Clone(l.goals)
		p.known = map[forecast.NetSet]*Plan{} // of other goals
		for i := range p.goals {
			g := &p.goals[i]
			off := to.Objectives[i].Met - sum.Objectives[i].Met
			g.confidence = math.Max(0, math.Min(1-1e-9, g.confidence-off))
		}
		s := p.searched(l.ctx, Cheapest, false, l.what, 2)
		l.err = cmp.Or(l.err, p.err)
		if s == nil {
			return nil
		}
		first, second := s.best()
		before := len(l.list)
		for _, x := range []*Plan{first, second} {
			if x != nil {
				if err := l.look(false, x.set); err != nil {
					return err
				}
			}
		}
		if first == nil || len(l.list) == before {
			return nil
		}
		at = first
		if l.leads[at.set] == nil {
			return nil // the time was up
		}
	}
	return nil
}

// settleTies answers as surely as can be what else would tie with the least total only
// because it is not known well: of those that tie fewer nets win, and an error that is
// larger than it must be would decide.
func (l *leader) settleTies() error {
	if l.mode != Worth {
		return nil
	}
	for {
		var list []*candidate
		var left []int
		for i, x := range l.list {
			list, left = append(list, &candidate{in: x.set, plan: x, good: l.keyOf(x)}), append(left, i)
		}
		l.nearest(list, &left)
		at := slices.IndexFunc(left, func(i int) bool { return !l.sure[l.list[i].set] })
		if len(left) < 2 || at < 0 || l.ctx.Err() != nil {
			return nil
		}
		x, err := l.guarded(l.list[left[at]].set)
		if err != nil {
			return err
		}
		l.list[left[at]] = x
	}
}

// pick is the best of what was looked at, but for one.
func (l *leader) pick(but *Plan) *Plan {
	var list []*candidate
	contradicts := !slices.ContainsFunc(l.list, func(x *Plan) bool { return x != but && !x.Contradicts })
	for _, x := range l.list {
		if x == but || x.Contradicts && !contradicts || l.keeps && !x.kept() {
			continue
		}
		list = append(list, &candidate{in: x.set, plan: x, grade: exact, good: l.keyOf(x)})
	}
	if i := l.search.pick(list); i >= 0 {
		return list[i].plan
	}
	return nil
}

// warn says of a plan whose parts contradict each other that it is not to be
// relied on.
func (p *problem) warn(x *Plan) {
	if x == nil {
		return
	}
	for _, k := range x.Objectives {
		if k.Contradicts {
			w := scenario.Warning{Code: "contradiction", Message: message.PlanContradicts(saidNets(x.Nets), k.Service)}
			if !slices.ContainsFunc(p.warnings, func(o scenario.Warning) bool { return o.Message == w.Message }) {
				p.warnings = append(p.warnings, w)
			}
		}
	}
}

func saidNets(nets []string) message.Message {
	switch len(nets) {
	case 0:
		return message.NoNets()
	case 1:
		return message.Named(nets[0])
	}
	return message.NetsMore(nets[0], len(nets)-1)
}
