package simulate

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// Sampling is what Draw is asked for.
type Sampling struct {
	Service   string
	Objective string          // name of one of the service; empty: the first, or none
	Over      *model.Duration // window instead of the objective's own
	Windows   int             // at least 1
	Seed      uint64
	Events    int64 // most events to be played; 0: no bound. It is the same work whatever the machine.
	Workers   int   // goroutines; 0 is one for each processor. It changes no number.
}

// A Sample is the lost time of many windows. It is played in short runs: each
// begins as things stand in the long run, with inputs of its own where they are
// not exactly known, and has a few windows in a row.
type Sample struct {
	Window, Budget float64 // seconds; the budget is 0 without an objective
	Runs, InRow    int     // InRow: windows of a run
	Events         int64
	// Early reports that not all windows that were asked for are there: the bound
	// on events was reached, or the context ended.
	Early bool

	// Bad is the lost time of each window in seconds, run after run: a user who is
	// hit twice is hit once. Sum is that of the same windows counted as a sum
	// does, each incident whole, by itself, in the window in which it begins.
	Bad, Sum []float64

	sorted []float64
}

// Draw plays so many windows of one objective. The system is not changed and may
// be used by others meanwhile. It returns a *scenario.OptionError for what the
// model does not have, and *structure.TooLarge where it is.
func Draw(ctx context.Context, y *scenario.System, q Sampling) (_ *Sample, err error) {
	defer work.Recover(&err)
	sc := y.Scenario
	if q.Windows < 1 {
		return nil, &scenario.OptionError{Option: "windows", Message: fmt.Sprintf("%d windows are to be simulated, expected at least 1", q.Windows)}
	}
	opts := Options{Years: 1, Seed: q.Seed, Services: []string{q.Service}, Over: q.Over, sampled: true, objective: q.Objective}
	if err := check(sc.Model, &opts); err != nil {
		return nil, err
	}
	w, err := newWorld(ctx, sc, y, &opts, false)
	if err != nil {
		return nil, err
	}
	if len(w.entries) == 0 {
		return nil, &scenario.OptionError{Option: "objective", Message: fmt.Sprintf("%s has no objective %q", q.Service, q.Objective)}
	}
	w.inRow(q.Windows)
	e := w.entries[0]
	out := &Sample{Window: e.result.Window, Budget: e.budget, InRow: w.row}
	workers := q.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	runs := (q.Windows + w.row - 1) / w.row
	workers = min(workers, runs)
	players := make([]*player, workers)
	type told struct {
		bad, sum []float64
		events   int64
		whole    bool
	}
	all := make([]told, min(runs, round))
	// In rounds of so many runs, so that where it ends hangs on no processor: few
	// at first, which may be long.
	n := 0
	for from := 0; from < runs; from += n {
		n = min(round, max(1, 2*n), runs-from)
		var group work.Group
		for k := range min(workers, n) {
			group.Go(func() {
				if players[k] == nil {
					players[k] = newPlayer(w)
				}
				p := players[k]
				for i := k; i < n; i += workers {
					p.most, p.events = max(0, q.Events-out.Events), 0
					whole := p.play(ctx, from+i, 1)
					s := &p.watches[0].seen
					all[i] = told{slices.Clone(s.bad), slices.Clone(s.sums), p.events, whole}
				}
			})
		}
		group.Wait()
		for _, r := range all[:n] {
			out.Events += r.events
			if !r.whole || ctx.Err() != nil {
				out.Early = true
				return out, nil
			}
			out.Runs++
			out.Bad, out.Sum = append(out.Bad, r.bad...), append(out.Sum, r.sum...)
			if q.Events > 0 && out.Events >= q.Events {
				out.Early = out.Runs < runs
				return out, nil
			}
		}
	}
	return out, nil
}

// round is how many runs are played between two looks at the bound on events.
const round = 32

// inRow decides how many windows a run has, of so many in all: one where inputs
// are unsure, since those of one run have them in common, else more, but not
// much more than what they need to become like any other; and time for that.
func (w *world) inRow(windows int) {
	longest := 0.0
	means := w.scenario.Params.Means()
	for _, s := range w.sources {
		if s.part < 0 || s.Even {
			continue
		}
		d, a, r := s.Incident.At(means).Times()
		longest = max(longest, d+a+r)
	}
	for _, s := range w.serviceViews {
		if s.crowd == nil {
			continue
		}
		for i := range s.crowd.switches {
			x := &s.crowd.switches[i]
			longest = max(longest, x.need.Switch.Takes.Law(means).Mean())
		}
		for _, n := range s.view.Nodes {
			longest = max(longest, n.Rides.Mean())
		}
	}
	e := w.entries[0]
	warm := min(warmTimes*longest, 50*model.Year)
	if math.IsNaN(warm) {
		warm = 0
	}
	row := int(min(1000, math.Ceil(4*warm/e.result.Window)))
	if !e.unsure {
		row = max(row, min(64, windows/40))
	}
	w.row = min(max(1, row), max(1, windows/fewDraws))
	w.perSecond = 1e9
	for float64(w.row)*e.result.Window+warm+model.Year > 0x1p61/w.perSecond {
		w.perSecond /= 1e3
	}
	w.year, w.warm = w.ticks(model.Year), w.ticks(warm)
	w.tilings = nil
	w.tile()
}

// warmTimes is how many of the longest mean times are played before windows
// count.
const warmTimes = 20

// sort puts the windows in order, once.
func (s *Sample) sort() {
	if s.sorted == nil {
		s.sorted = slices.Clone(s.Bad)
		slices.Sort(s.sorted)
	}
}

// Sorted returns the lost time of all windows, rising. It is not to be changed.
func (s *Sample) Sorted() []float64 {
	s.sort()
	return s.sorted
}

// over is a mean over windows, with runs as batches.
func (s *Sample) over(of func(bad, sum float64) float64) (mean, se float64) {
	var r ratio
	row := s.InRow
	if s.Runs < 2 {
		row = 1
	}
	for from := 0; from < len(s.Bad); from += row {
		to := min(len(s.Bad), from+row)
		x := 0.0
		for i := from; i < to; i++ {
			x += of(s.Bad[i], s.Sum[i])
		}
		r.add(x, float64(to-from))
	}
	return r.value(), r.se()
}

// Kept estimates P(lost time of a window ≤ x seconds). Where all windows or none
// are within, SE is 0 and the interval tells what may be.
func (s *Sample) Kept(x float64) Estimate {
	v, se := s.over(func(bad, _ float64) float64 { return within(bad, x) })
	return chance(v, se, float64(len(s.Bad)))
}

// KeptBySum is Kept of lost time counted as a sum does.
func (s *Sample) KeptBySum(x float64) Estimate {
	v, se := s.over(func(_, sum float64) float64 { return within(sum, x) })
	return chance(v, se, float64(len(s.Bad)))
}

// Correction estimates Kept less KeptBySum, which is known much better than
// either: it is what to add to the exact chance of a sum.
func (s *Sample) Correction(x float64) Estimate {
	v, se := s.over(func(bad, sum float64) float64 { return within(bad, x) - within(sum, x) })
	if n := float64(len(s.Bad)); se == 0 && n > 0 {
		// Never seen: less than three in n, with 95 % confidence.
		return Estimate{Value: v, Low: max(-1, v-3/n), High: min(1, v+3/n)}
	}
	return estimate(v, se, -1, 1)
}

func within(bad, x float64) float64 {
	if above(bad, x) {
		return 0
	}
	return 1
}

// Mean estimates the mean lost time of a window in seconds, BySum that of the sum,
// and Overlap how much the sum counts more than once.
func (s *Sample) Mean() Estimate {
	v, se := s.over(func(bad, _ float64) float64 { return bad })
	return estimate(v, se, 0, s.Window)
}

// MeanBySum is Mean of lost time counted as a sum does.
func (s *Sample) MeanBySum() Estimate {
	v, se := s.over(func(_, sum float64) float64 { return sum })
	return estimate(v, se, 0, math.Inf(1))
}

// Overlap estimates the mean of what a sum counts more than once in a window, in
// seconds.
func (s *Sample) Overlap() Estimate {
	v, se := s.over(func(bad, sum float64) float64 { return sum - bad })
	return estimate(v, se, math.Inf(-1), math.Inf(1))
}

// Unavailability estimates the share of time in which a random user is hit.
func (s *Sample) Unavailability() Estimate {
	m := s.Mean()
	return estimate(m.Value/s.Window, m.SE/s.Window, 0, 1)
}

// Quantile is the lost time in seconds that a share p of windows do not exceed, and
// the quantiles between which it lies with 95 % confidence.
func (s *Sample) Quantile(p float64) (value, low, high float64) {
	s.sort()
	n := int64(len(s.sorted))
	if n == 0 {
		return 0, 0, math.Inf(1)
	}
	value = s.sorted[rank(p, n)-1]
	k := s.Kept(value)
	se := max(k.SE, math.Sqrt(p*(1-p)/float64(n)))
	low, high = 0, math.Inf(1)
	if a := p - z95*se; a > 0 {
		low = s.sorted[rank(a, n)-1]
	}
	if b := p + z95*se; b < 1 {
		high = s.sorted[rank(b, n)-1]
	}
	return value, low, high
}
