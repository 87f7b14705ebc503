package falsepage

import (
	"context"
	"errors"
	"math"
	"math/big"

	"tightrope/internal/work"
)

// A Kind of change to a rule.
type Kind int

// Changes that make a rule ring less.
const (
	LongerWindows Kind = iota // both windows × k at the same burn rate, so that k times the budget is spent when it fires
	AtLeastFailed             // an absolute count of failed requests in the long window
	LowerTarget               // a usual target below the stated one
)

// A Change is the least of its kind with which a rule rings no more often than a limit.
type Change struct {
	Kind    Kind
	Rule    Rule // as changed
	PerWeek Figure
}

// Proposals are what can be done to a rule that rings more often than a limit.
type Proposals struct {
	Now     *Answer
	Changes []Change // at most one of each kind; none if the rule does not ring too often
	Cut     bool     // the work was done before all had been tried
	Work    int
}

// multiples of the windows that are tried, in quarters.
var multiples = []int64{5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 96}

// usualTargets are tried from above.
var usualTargets = []string{"0.99999", "0.99995", "0.9999", "0.9995", "0.999", "0.998", "0.995", "0.99", "0.98", "0.97", "0.95", "0.9", "0.8", "0.7", "0.5"}

// Propose returns, for a rule that background errors make ring more than atMost times a week, the
// least change of each kind that has it ring no more often, errors of the figure included.
//
// Longer windows keep the burn rate. With the share of the budget kept instead, the same number of failed
// requests is waited for over a longer time, in which background alone comes to more of them: such a rule rings
// more often, not less (TestTheSameShareOverLongerWindowsRingsMore).
//
// A rule of several pairs is changed pair by pair, each to its part of the limit: the sum over pairs is a bound.
// A change with which a pair could not fire at all, or not tell background from a fault, is none.
func Propose(ctx context.Context, r Rule, t Timing, x Traffic, atMost float64, o Options) (p *Proposals, err error) {
	defer work.Recover(&err)
	if !(atMost > 0) || bad(atMost) {
		return nil, errors.New("falsepage: expected a limit of more than 0 a week")
	}
	f := &finder{ctx: ctx, timing: t, traffic: x, limit: atMost, most: o.limit(), each: Options{Work: max(o.limit()/20, 4_000_000), Seed: o.Seed}}
	now, err := Background(ctx, r, t, x, Options{Work: o.limit() / 4, Seed: o.Seed})
	if err != nil {
		return nil, err
	}
	f.work = now.Work
	p = &Proposals{Now: now}
	if now.PerWeek.Value <= atMost {
		p.Work = f.work
		return p, nil
	}
	for _, try := range []struct {
		kind Kind
		make func(Rule) (Rule, bool)
	}{{LongerWindows, f.longer}, {AtLeastFailed, f.failed}, {LowerTarget, f.lower}} {
		changed, found := try.make(r)
		if f.err != nil {
			return nil, f.err
		}
		if !found {
			continue
		}
		if figure, fits := f.ring(changed); fits {
			p.Changes = append(p.Changes, Change{try.kind, changed, figure})
		}
	}
	p.Work, p.Cut = f.work, f.cut
	return p, f.err
}

// A finder tries rules.
type finder struct {
	ctx     context.Context
	timing  Timing
	traffic Traffic
	limit   float64
	each    Options
	most    int // work
	work    int
	cut     bool // there was more to do
	err     error
}

// ring is how often a rule rings, and whether that is within the limit for certain.
func (f *finder) ring(r Rule) (Figure, bool) { return f.within(r, f.limit) }

func (f *finder) within(r Rule, limit float64) (Figure, bool) {
	if f.cut = f.cut || f.work > f.most; f.err != nil || f.cut {
		return Figure{}, false
	}
	for _, p := range r.Pairs { // below 1, and above the background
		above, _ := new(big.Rat).Mul(p.Factor, new(big.Rat).Sub(big.NewRat(1, 1), r.Target)).Float64()
		if above >= 1 || above <= f.traffic.Errors {
			return Figure{}, false
		}
	}
	a, err := Background(f.ctx, r, f.timing, f.traffic, f.each)
	if err != nil {
		f.err = err
		return Figure{}, false
	}
	f.work += a.Work
	return a.PerWeek, a.PerWeek.Value+a.PerWeek.Error <= limit
}

// eachPair changes each pair that rings more than its part, by what change finds for it alone.
func (f *finder) eachPair(r Rule, change func(alone Rule, part float64) (Pair, bool)) (Rule, bool) {
	part := f.limit / float64(len(r.Pairs))
	out := Rule{Target: r.Target, For: r.For, Pairs: append([]Pair(nil), r.Pairs...)}
	for i, p := range r.Pairs {
		alone := Rule{Target: r.Target, Pairs: []Pair{p}}
		if len(r.Pairs) == 1 {
			alone.For = r.For // else a bound: by turns, pairs may hold for longer than each
		}
		if _, fits := f.within(alone, part); fits {
			continue
		}
		q, found := change(alone, part)
		if !found {
			return out, false
		}
		out.Pairs[i] = q
	}
	return out, true
}

func (f *finder) longer(r Rule) (Rule, bool) {
	return f.eachPair(r, func(alone Rule, part float64) (Pair, bool) {
		for _, m := range multiples {
			p := alone.Pairs[0]
			k := float64(m) / 4
			p.Long, p.Short = p.Long*k, p.Short*k
			if !whole(p.Long/f.timing.Scrape) || !whole(p.Short/f.timing.Scrape) ||
				p.Long/f.timing.Scrape > maxBins || p.Long*f.traffic.PerSecond > maxRequests {
				continue
			}
			if _, fits := f.within(Rule{alone.Target, []Pair{p}, alone.For}, part); fits {
				return p, true
			}
		}
		return Pair{}, false
	})
}

func whole(x float64) bool { return math.Abs(x-math.Round(x)) <= 1e-9*x }

func (f *finder) failed(r Rule) (Rule, bool) {
	return f.eachPair(r, func(alone Rule, part float64) (Pair, bool) {
		with := func(n int) Pair {
			p := alone.Pairs[0]
			p.MinFailed = n
			return p
		}
		fits := func(n int) bool {
			_, ok := f.within(Rule{alone.Target, []Pair{with(n)}, alone.For}, part)
			return ok
		}
		mean := f.traffic.PerSecond * alone.Pairs[0].Long
		enough := max(2, alone.Pairs[0].MinFailed)
		for !fits(enough) {
			if enough *= 2; f.err != nil || f.cut || float64(enough) > 2*(mean+40) {
				return Pair{}, false // a fault would not be seen either
			}
		}
		few := enough / 2 // too few
		for few+max(1, few/50) < enough && f.err == nil && !f.cut {
			if n := (few + enough) / 2; fits(n) {
				enough = n
			} else {
				few = n
			}
		}
		return with(enough), true
	})
}

func (f *finder) lower(r Rule) (Rule, bool) {
	for _, text := range usualTargets {
		target, _ := new(big.Rat).SetString(text)
		if target.Cmp(r.Target) >= 0 {
			continue
		}
		out := r
		out.Target = target
		if _, fits := f.ring(out); fits {
			return out, true
		}
	}
	return r, false
}
