package falsepage

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"tightrope/internal/work"
)

// An Onset is what a rule makes of traffic that changes and stays as it is then: of an
// error ratio that lasts.
type Onset struct {
	Fires         Figure   // the chance that it fires before the time is over
	P5, P50, P95  *float64 // seconds until it does, of all that may happen; nil if it does not
	Runs          int      // drawn
	Firing        Figure   // share of the time in which it would fire if this lasted for ever
	BeginsPerWeek Figure   // how often it would then begin to, the first time included
	Work          int
}

// maxRuns of an onset are drawn.
const maxRuns = 4000

// Lasting returns what a rule makes of traffic that changes from before to after at an
// instant and stays so for some seconds, if the rule does not hold at that instant.
//
// Runs are drawn bin by bin from the windows as the traffic before leaves them, over the phase of scrape
// and evaluation. What a run that does not fire costs is known, so that their number follows from the work.
func Lasting(ctx context.Context, r Rule, t Timing, before, after Traffic, seconds float64, o Options) (a *Onset, err error) {
	defer work.Recover(&err)
	if !(seconds > 0) || bad(seconds) || seconds/min(t.Scrape, t.Evaluate) > 1e8 {
		return nil, fmt.Errorf("falsepage: it lasts %v s: expected more than 0, and less than 1e8 scrapes or evaluations", seconds)
	}
	s, err := newSystem(r, t, before)
	if err != nil {
		return nil, err
	}
	then, err := newSystem(r, t, after)
	if err != nil {
		return nil, err
	}
	c := &counter{ctx: ctx, limit: o.limit()}
	a = &Onset{}
	steady, err := Background(ctx, r, t, after, Options{Work: c.limit / 4, Seed: o.Seed})
	if err != nil {
		return nil, err
	}
	c.done += steady.Work
	a.Firing, a.BeginsPerWeek = steady.Firing, steady.PerWeek

	random := rand.New(rand.NewPCG(o.Seed, 0x6f6e736574))
	tape := s.newTape()
	var times []float64
	tries := 0
	for a.Runs < maxRuns && (a.Runs < 16 || c.done < c.limit) {
		tries++
		tape.begin(random, s, -1, 0, 0)
		c.add(2 * oneDraw * len(s.windows))
		if s.holds(tape.windows) {
			if tries > 100_000 && a.Runs == 0 || tries > 100*maxRuns {
				break
			}
			continue // it is not the change that makes it fire
		}
		a.Runs++
		if at, fired := s.run(c, random, tape, then, seconds); fired {
			times = append(times, at)
		}
	}
	if a.Runs == 0 {
		return nil, fmt.Errorf("falsepage: the rule holds all the time before anything changes")
	}
	n := float64(a.Runs)
	share := float64(len(times)) / n
	a.Fires = Figure{share, 3 * math.Sqrt(share*(1-share)/n), Drawn}
	if len(times) == 0 || len(times) == a.Runs {
		a.Fires.Error = min(1, 7/n)
	}
	if s.never() && then.never() {
		a.Fires.Error = 0
	}
	slices.Sort(times)
	quantile := func(p float64) *float64 {
		if k := int(math.Ceil(p*n)) - 1; k < len(times) {
			return &times[max(0, k)]
		}
		return nil
	}
	a.P5, a.P50, a.P95 = quantile(0.05), quantile(0.5), quantile(0.95)
	a.Work = c.done
	return a, nil
}

// run goes forward from the change until the rule fires.
func (s *system) run(c *counter, r *rand.Rand, t *tape, then *system, seconds float64) (at float64, fired bool) {
	scrape := r.Float64()             // the first scrape after the change, in scrape intervals
	evaluate := r.Float64() * s.every // the first evaluation
	last := seconds / s.scrape
	seen, held := 0, 0 // scrapes; evaluations at which it has held
	for k := 0; ; k++ {
		now := evaluate + float64(k)*s.every
		if now > last {
			return 0, false
		}
		for scrape+float64(seen) <= now {
			x := counts{poissonOf(r, then.failed), poissonOf(r, then.good)}
			if seen == 0 { // a part of this bin was before the change
				x = counts{
					poissonOf(r, s.failed*(1-scrape)) + poissonOf(r, then.failed*scrape),
					poissonOf(r, s.good*(1-scrape)) + poissonOf(r, then.good*scrape),
				}
			}
			t.forth(r, x)
			seen++
			c.done += 2 * oneDraw * (1 + len(s.windows))
			if seen&1023 == 0 {
				c.add(0)
			}
		}
		if !s.holds(t.windows) {
			held = 0
			continue
		}
		if held++; held > s.pending {
			return now * s.scrape, true
		}
	}
}

// Budgets is how many error budgets of a window are spent by traffic that lasts some seconds: its
// failed requests, over those that the target allows of all requests of the window, usual a second.
func Budgets(during Traffic, seconds, usual, window float64, target *big.Rat) float64 {
	allowed, _ := new(big.Rat).Sub(big.NewRat(1, 1), target).Float64()
	if spent := during.PerSecond * during.Errors * seconds / (allowed * usual * window); !bad(spent) {
		return spent
	}
	return 0
}
