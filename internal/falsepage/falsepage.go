// Package falsepage says how often a burn-rate rule begins to fire because of
// background errors alone, and what an error ratio that lasts does to it.
//
// It is mathematics: it knows no model and no format of rules. Requests are a
// Poisson process of which each fails independently; counters are scraped, and a
// rule is evaluated over sliding windows, as Prometheus does it.
package falsepage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"

	"tightrope/internal/work"
)

// Week is the seconds of a week.
const Week = 7 * 24 * 3600.0

// Traffic is the requests of a service, a Poisson process.
type Traffic struct {
	PerSecond float64
	Errors    float64 // share of them that fails, each independently
}

// Timing is how counters become windows.
type Timing struct {
	Scrape   float64 // seconds from sample to sample
	Evaluate float64 // seconds from evaluation to evaluation
	// Unseen is how many scrape intervals of each window a query does not see: 1 for
	// rate() and increase(), which count from the first sample within the window to
	// the last, 0 for sums of recorded increases.
	Unseen int
}

// A Pair is two windows of one burn rate. It holds while the error ratio of both
// is strictly above Factor × (1 − target), which no ratio is in a window
// without a request.
type Pair struct {
	Long, Short float64 // seconds; the same for one window
	Factor      *big.Rat
	MinRate     float64 // optional: requests per second that the long window must have had
	MinFailed   int     // optional: failed requests that the long window must have seen
}

func (p Pair) guarded() bool { return p.MinRate > 0 || p.MinFailed > 1 }

// A Rule fires once at least one of its pairs has held at each evaluation for
// the time For, and until none holds.
type Rule struct {
	Target *big.Rat // share of good requests that is promised
	Pairs  []Pair
	For    float64 // seconds
}

// Options bound the work.
type Options struct {
	// Work is operations on points of lattices and on counts drawn; 0 is DefaultWork. Some draws are made however
	// little it is.
	Work int
	Seed uint64 // of what is drawn
}

// DefaultWork takes about a second.
const DefaultWork = 100_000_000

// How a figure was found, which says what its error is.
type How int

// Ways to a figure.
const (
	Exact  How = iota // on the lattice of the threshold: the error is a bound, but for rounding
	Halved            // on a coarser one: the error is an estimate, from twice the step
	Drawn             // by draws: the error is three standard errors, and what few draws cannot show
)

// A Figure is a number with its error.
type Figure struct {
	Value, Error float64
	How          How
}

// An Answer is what background errors make of a rule.
type Answer struct {
	PerWeek Figure       // how often it begins to fire
	Firing  Figure       // share of the time in which it fires
	AtMost  Figure       // per week: the sum over its pairs, without For; it begins no more often
	Pairs   []PairAnswer // each by itself
	Work    int          // that was done
}

// A PairAnswer is what background errors make of one pair, without For.
type PairAnswer struct {
	Begins Figure // how often a week it begins to hold
	Holds  Figure // share of the time in which it holds
}

// Background returns how often a rule begins to fire under traffic whose errors
// are nothing but background.
//
// A pair without guards is computed on a lattice. With guards, several pairs or
// For the answer is drawn, given that the rare event holds (see draw.go).
func Background(ctx context.Context, r Rule, t Timing, x Traffic, o Options) (a *Answer, err error) {
	defer work.Recover(&err)
	s, err := newSystem(r, t, x)
	if err != nil {
		return nil, err
	}
	c := &counter{ctx: ctx, limit: o.limit()}
	a = &Answer{}
	var known []PairAnswer // per evaluation
	for i := range s.pairs {
		var p PairAnswer
		q := &s.pairs[i]
		share := c.limit / (2 * len(s.pairs))
		if holds, begins, ok := q.onLattice(c, s, share); ok {
			p.Holds, p.Begins = holds, begins
		} else {
			p.Holds, p.Begins = s.only(i).drawn(c, share, o.Seed, nil)
		}
		known = append(known, p)
		p.Begins = p.Begins.times(Week / t.Evaluate)
		a.Pairs = append(a.Pairs, p)
		a.AtMost = a.AtMost.plus(p.Begins)
	}
	if len(s.pairs) == 1 && s.pending == 0 {
		a.PerWeek, a.Firing = a.Pairs[0].Begins, a.Pairs[0].Holds
	} else {
		a.Firing, a.PerWeek = s.drawn(c, c.limit/2, o.Seed, known)
		a.PerWeek = a.PerWeek.times(Week / t.Evaluate)
	}
	a.Work = c.done
	return a, a.finite()
}

// Bound returns how often a week a rule begins to fire at most, by Chernoff's inequality: a pair holds at an evaluation
// only if the long window is above its threshold θ, and of requests in it that are N on average, of which each fails with
// the chance b < θ,
//
//	P(X > 0) ≤ exp(−N (1 − exp(−D))),  D = θ ln(θ/b) + (1−θ) ln((1−θ)/(1−b)),  X = (1−θ)·failed − θ·good
//
// which is the least mean of exp(tX) of Poisson counts. Where requests are many it says at once that a rule never rings.
func Bound(r Rule, t Timing, x Traffic) float64 {
	sum := 0.0
	for _, p := range r.Pairs {
		theta, _ := new(big.Rat).Mul(p.Factor, new(big.Rat).Sub(big.NewRat(1, 1), r.Target)).Float64()
		switch {
		case x.Errors <= 0 || theta >= 1:
		case x.Errors >= theta:
			sum += Week / t.Evaluate
		default:
			apart := theta*math.Log(theta/x.Errors) + (1-theta)*(math.Log1p(-theta)-math.Log1p(-x.Errors))
			n := x.PerSecond * max(0, p.Long-float64(t.Unseen)*t.Scrape)
			sum += Week / t.Evaluate * math.Exp(n*math.Expm1(-apart))
		}
	}
	return sum
}

func (a *Answer) finite() error {
	for _, f := range []Figure{a.PerWeek, a.Firing, a.AtMost} {
		if bad(f.Value) || bad(f.Error) {
			return errors.New("falsepage: the answer is out of the range of numbers")
		}
	}
	return nil
}

func (f Figure) times(x float64) Figure { return Figure{f.Value * x, f.Error * x, f.How} }

func (f Figure) plus(g Figure) Figure {
	return Figure{f.Value + g.Value, f.Error + g.Error, max(f.How, g.How)}
}

func (o Options) limit() int {
	if o.Work > 0 {
		return o.Work
	}
	return DefaultWork
}

// A counter counts work, and ends it when nobody waits.
type counter struct {
	ctx         context.Context
	done, limit int
}

func (c *counter) add(n int) {
	c.done += n
	work.Poll(c.ctx)
}

// A system is a rule over bins of one scrape interval.
type system struct {
	pairs   []pair
	windows []int // lengths in bins that occur, ascending, each once
	pending int   // evaluations before the one at which it fires, at which it has held too
	scrape  float64
	every   float64 // scrape intervals from evaluation to evaluation
	failed  float64 // mean per bin
	good    float64 // mean per bin
	ratio   float64 // of failed requests
}

// A pair of windows in bins.
type pair struct {
	long, short  int // bins
	inLong       int // place of the long window among those of the system
	inShort      int
	above        *big.Rat // the threshold
	theta        float64
	num, den     int64 // the threshold as a fraction; 0 if it does not fit
	minRequests  float64
	minFailed    float64
	hasGuard     bool
	unreachable  bool // no ratio is above the threshold
	longSeconds  float64
	shortSeconds float64
}

// A WindowError is that a window of a rule does not go with how its counters are scraped, or holds too much.
type WindowError struct{ text string }

func (e *WindowError) Error() string { return e.text }

func windowError(format string, args ...any) error {
	return &WindowError{fmt.Sprintf("falsepage: "+format, args...)}
}

const maxBins = 1_000_000
const maxRequests = 1e10 // in a window

func bad(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }

func (x Traffic) check() error {
	if bad(x.PerSecond) || x.PerSecond < 0 {
		return fmt.Errorf("falsepage: requests per second are %v: expected 0 or more", x.PerSecond)
	}
	if !(x.Errors >= 0 && x.Errors <= 1) {
		return fmt.Errorf("falsepage: the share of errors is %v: expected 0 to 1", x.Errors)
	}
	return nil
}

func newSystem(r Rule, t Timing, x Traffic) (*system, error) {
	if err := x.check(); err != nil {
		return nil, err
	}
	one := big.NewRat(1, 1)
	switch {
	case !(t.Scrape > 0) || bad(t.Scrape):
		return nil, fmt.Errorf("falsepage: the scrape interval is %v s: expected more than 0", t.Scrape)
	case !(t.Evaluate > 0) || bad(t.Evaluate):
		return nil, fmt.Errorf("falsepage: the evaluation interval is %v s: expected more than 0", t.Evaluate)
	case t.Unseen < 0 || t.Unseen > 1:
		return nil, fmt.Errorf("falsepage: %d scrape intervals of a window are not seen: expected 0 or 1", t.Unseen)
	case !(r.For >= 0) || bad(r.For):
		return nil, fmt.Errorf("falsepage: for is %v s: expected 0 or more", r.For)
	case r.Target == nil || r.Target.Sign() < 0 || r.Target.Cmp(one) >= 0:
		return nil, errors.New("falsepage: expected a target from 0 to below 1")
	case len(r.Pairs) == 0:
		return nil, errors.New("falsepage: a rule has no pair of windows: expected one or more")
	}
	s := &system{
		scrape: t.Scrape, every: t.Evaluate / t.Scrape, ratio: x.Errors,
		failed: x.PerSecond * t.Scrape * x.Errors, good: x.PerSecond * t.Scrape * (1 - x.Errors),
	}
	if pending := math.Ceil(r.For/t.Evaluate - 1e-9); pending > maxBins || s.every > maxBins || s.every < 1.0/maxBins {
		return nil, fmt.Errorf("falsepage: for, evaluation and scrape interval are more than %d times apart", maxBins)
	} else {
		s.pending = int(pending)
	}
	bins := func(seconds float64) (int, error) {
		n := math.Round(seconds / t.Scrape)
		if bad(seconds) || n < 1 || math.Abs(n*t.Scrape-seconds) > 1e-9*seconds {
			return 0, windowError("a window of %v s: expected a whole number of scrape intervals of %v s", seconds, t.Scrape)
		}
		if n > maxBins || seconds*x.PerSecond > maxRequests {
			return 0, windowError("a window of %v s holds more than %d scrape intervals or %g requests", seconds, maxBins, maxRequests)
		}
		if int(n) <= t.Unseen {
			return 0, windowError("a window of %v s sees no increase: expected at least %d scrape intervals of %v s", seconds, t.Unseen+1, t.Scrape)
		}
		return int(n) - t.Unseen, nil
	}
	seen := map[int]bool{}
	for _, p := range r.Pairs {
		if p.Factor == nil || p.Factor.Sign() <= 0 {
			return nil, errors.New("falsepage: expected a factor of more than 0")
		}
		if !(p.Short <= p.Long) {
			return nil, fmt.Errorf("falsepage: a short window of %v s is longer than its long one of %v s", p.Short, p.Long)
		}
		if !(p.MinRate >= 0) || bad(p.MinRate) || p.MinFailed < 0 {
			return nil, errors.New("falsepage: expected guards of 0 or more")
		}
		long, err := bins(p.Long)
		if err != nil {
			return nil, err
		}
		short, err := bins(p.Short)
		if err != nil {
			return nil, err
		}
		q := pair{long: long, short: short, hasGuard: p.guarded(), longSeconds: p.Long, shortSeconds: p.Short}
		q.minRequests, q.minFailed = p.MinRate*float64(long)*t.Scrape, float64(p.MinFailed)
		q.above = new(big.Rat).Mul(p.Factor, new(big.Rat).Sub(one, r.Target))
		q.theta, _ = q.above.Float64()
		q.unreachable = q.above.Cmp(one) >= 0
		if q.theta <= 0 || q.theta < 1e-12 && !q.unreachable {
			return nil, errors.New("falsepage: a threshold of less than 1e-12")
		}
		if q.above.Num().IsInt64() && q.above.Denom().IsInt64() && q.above.Denom().Int64() < 1<<29 {
			q.num, q.den = q.above.Num().Int64(), q.above.Denom().Int64()
		}
		seen[long], seen[short] = true, true
		s.pairs = append(s.pairs, q)
	}
	s.windows = sortedInts(seen)
	for i := range s.pairs {
		s.pairs[i].inLong, s.pairs[i].inShort = place(s.windows, s.pairs[i].long), place(s.windows, s.pairs[i].short)
	}
	return s, nil
}

// only is the system of one of its pairs, without For.
func (s *system) only(i int) *system {
	o := *s
	p := s.pairs[i]
	o.pending = 0
	o.windows = sortedInts(map[int]bool{p.long: true, p.short: true})
	p.inLong, p.inShort = place(o.windows, p.long), place(o.windows, p.short)
	o.pairs = []pair{p}
	return &o
}

// counts are requests of a window or a bin.
type counts struct{ failed, good int64 }

func (c *counts) add(d counts) { c.failed += d.failed; c.good += d.good }
func (c *counts) sub(d counts) { c.failed -= d.failed; c.good -= d.good }

// above reports whether the error ratio is strictly above the threshold. Where the
// threshold does not fit a fraction, one within rounding of it is not.
func (p *pair) aboveIn(c counts) bool {
	if p.den != 0 {
		// about 1e10 requests at most, and a denominator below 2^29
		return (p.den-p.num)*c.failed > p.num*c.good
	}
	return (1-p.theta)*float64(c.failed) > p.theta*float64(c.good)
}

// holds reports whether the pair holds with those counts in the windows of its system.
func (p *pair) holds(windows []counts) bool {
	long := windows[p.inLong]
	return !p.unreachable && p.aboveIn(windows[p.inShort]) && p.aboveIn(long) &&
		(!p.hasGuard || float64(long.failed) >= p.minFailed && float64(long.failed+long.good) >= p.minRequests)
}
