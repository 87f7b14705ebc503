package simulate

import (
	"context"
	"math"
	"runtime"
	"sync"

	"tightrope/internal/forecast"
	"tightrope/internal/message"
	"tightrope/internal/model"
	"tightrope/internal/scenario"
	"tightrope/internal/work"
)

// prepare makes a model ready to be played.
func prepare(ctx context.Context, m *model.Model, opts *Options, logged bool) (*world, *Result, error) {
	m, err := forecast.Reconcile(ctx, m, nil)
	if err != nil {
		return nil, nil, err
	}
	sc, err := scenario.New(m, opts.With, opts.Without)
	if err != nil {
		return nil, nil, err
	}
	if err := check(m, opts); err != nil {
		return nil, nil, err
	}
	cat, err := sc.Catalogue()
	if err != nil {
		return nil, nil, err
	}
	w, err := newWorld(ctx, sc, sc.System(cat), opts, logged)
	if err != nil {
		return nil, nil, err
	}
	res := &Result{Asked: opts.Years, Seed: opts.Seed, Epoch: w.epochYears, With: sc.With, Without: sc.Without}
	for _, n := range m.Nets {
		if sc.Standing[n.Name] {
			res.Standing = append(res.Standing, n.Name)
		}
	}
	if w.left > 0 {
		res.Warnings = append(res.Warnings, scenario.Warning{Code: "left-out", Message: message.LeftOut(w.left)})
	}
	res.Warnings = append(res.Warnings, sc.Warnings...)
	res.Warnings = append(res.Warnings, cat.Warnings...)
	res.Warnings = append(res.Warnings, scenario.Counted(m, w.asked())...)
	return w, res, nil
}

// asked are the services that are played for their own sake.
func (w *world) asked() []string {
	out := []string{}
	for _, e := range w.entries {
		out = append(out, e.model.Name)
	}
	return out
}

// epochs is how many epochs there are to be played, and chunks into how many
// pieces that begin anew they are cut.
func (w *world) epochs(years int) (epochs, chunks int) {
	epochs = (years + w.epochYears - 1) / w.epochYears
	return epochs, (epochs + w.chunk - 1) / w.chunk
}

// epochsOf is how many epochs a chunk has.
func (w *world) epochsOf(chunk, epochs int) int { return min(w.chunk, epochs-chunk*w.chunk) }

func run(ctx context.Context, m *model.Model, opts Options) (*Result, error) {
	// With no time left it says what would be played, unless nobody waits.
	w, res, err := prepare(work.WhileWanted(ctx), m, &opts, false)
	if err != nil {
		return nil, err
	}
	all, _ := w.epochs(opts.Years)
	t, epochs := w.playAll(ctx, all, &opts)
	if epochs < all {
		// What was seen of other chunks depends on who came first.
		t, _ = w.playAll(ctx, epochs, &opts)
		res.Cut = true
	}
	res.Years = t.years
	t.finish(w, res)
	if res.Cut {
		res.Warnings = append(res.Warnings, scenario.Warning{Code: "too-busy", Message: message.TooBusy()})
	}
	return res, nil
}

// playAll plays so many epochs. Where a chunk is too much work it returns after
// how many they could have been ended.
func (w *world) playAll(ctx context.Context, epochs int, opts *Options) (t *totals, possible int) {
	chunks := (epochs + w.chunk - 1) / w.chunk
	possible = epochs
	t = newTotals(w, epochs*w.epochYears)
	workers := opts.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, chunks)

	var next sync.Mutex
	given := 0
	take := func() (int, bool) {
		next.Lock()
		defer next.Unlock()
		if given == chunks || given*w.chunk >= possible || ctx.Err() != nil {
			return 0, false
		}
		given++
		return given - 1, true
	}
	done := make(chan *report, workers)
	room := make(chan *report, 4*workers) // to be filled again
	for range cap(room) {
		room <- newReport(w)
	}
	kept := make([]*totals, workers)
	group, ctx := work.GroupWithin(ctx)
	for i := range workers {
		kept[i] = newTotals(w, epochs*w.epochYears)
		group.Go(func() {
			p := newPlayer(w)
			for {
				// Room comes first, so that the chunk that is waited for always has
				// some.
				var r *report
				select {
				case r = <-room:
				case <-ctx.Done():
					return
				}
				k, more := take()
				if !more {
					return
				}
				if !p.play(ctx, k, w.epochsOf(k, epochs)) {
					if p.cut {
						next.Lock()
						possible = min(possible, k*w.chunk+max(0, p.epoch))
						next.Unlock()
					}
					return
				}
				if k == 0 {
					next.Lock()
					possible = min(possible, w.affordable(p.work, w.epochsOf(0, epochs), opts))
					next.Unlock()
				}
				r.chunk, r.years = k, w.epochsOf(k, epochs)*w.epochYears
				p.tell(r, kept[i])
				done <- r
			}
		})
	}
	group.Then(func() { close(done) })
	t.collect(done, room, opts)
	group.Wait()
	for _, o := range kept {
		t.mergeValues(o)
	}
	return t, possible
}

// affordable is how many epochs may be played where the first ones were so much
// work: all years together are bounded as each chunk is, by as much more as more
// years are asked for than usual.
func (w *world) affordable(work int64, epochs int, opts *Options) int {
	most := float64(mostTotal+totalPerSource*int64(len(w.sources))) * math.Max(1, float64(opts.Years)/usualYears)
	if opts.mostTotal > 0 {
		most = float64(opts.mostTotal)
	}
	chunks := most / math.Max(1, float64(work))
	return int(math.Min(1e9, math.Max(1, math.Floor(chunks)))) * max(1, epochs)
}

// A report is what one chunk tells, to be added up in the order of the chunks.
type report struct {
	chunk, years int
	seen         []seen // by entry; of its numbers by window only those not yet in a player's own
}

func newReport(w *world) *report {
	r := &report{seen: make([]seen, len(w.entries))}
	for i, e := range w.entries {
		r.seen[i].ratios = make([]ratio, clauseStats+2*len(e.clauses))
	}
	return r
}

// tell hands over what a chunk has seen.
func (p *player) tell(r *report, kept *totals) {
	for i := range p.watches {
		s, to := &p.watches[i].seen, &r.seen[i]
		kept.bad[i].add(s.bad)
		kept.longest[i].add(s.longest)
		copy(to.ratios, s.ratios)
		*to = seen{
			windows: s.windows, outages: s.outages, squares: s.squares, sumSquares: s.sumSquares, sumWindows: s.sumWindows,
			outageTime: s.outageTime, worst: s.worst, ratios: to.ratios,
		}
	}
}

// totals are sums over chunks.
type totals struct {
	years        int
	seen         []seen
	chunks       [][]ratio // by entry: with chunks as batches
	bad, longest []*values
}

func newTotals(w *world, years int) *totals {
	t := &totals{seen: newReport(w).seen}
	for i := range t.seen {
		t.chunks = append(t.chunks, make([]ratio, len(t.seen[i].ratios)))
	}
	all := 0.0
	for _, e := range w.entries {
		all += float64(years) * (1 + model.Year/math.Max(1e-9, e.result.Window))
	}
	exact := all <= mostExact
	for range w.entries {
		t.bad = append(t.bad, newValues(2*len(w.entries), exact))
		t.longest = append(t.longest, newValues(2*len(w.entries), exact))
	}
	return t
}

// collect adds up reports in the order of the chunks, whatever the order in
// which they come.
func (t *totals) collect(done <-chan *report, room chan<- *report, opts *Options) {
	waiting := map[int]*report{}
	next := 0
	add := func(r *report) {
		t.add(r)
		if opts.Progress != nil {
			opts.Progress(t.years)
		}
	}
	for r := range done {
		waiting[r.chunk] = r
		for waiting[next] != nil {
			x := waiting[next]
			delete(waiting, next)
			next++
			add(x)
			room <- x
		}
	}
	// Stopped early: what is complete, in order.
	for ; len(waiting) > 0; next++ {
		if x := waiting[next]; x != nil {
			delete(waiting, next)
			add(x)
		}
	}
}

func (t *totals) add(r *report) {
	t.years += r.years
	for i := range r.seen {
		s, o := &t.seen[i], &r.seen[i]
		s.windows += o.windows
		s.outages += o.outages
		s.squares += o.squares
		s.sumSquares += o.sumSquares
		s.sumWindows += o.sumWindows
		s.outageTime += o.outageTime
		s.worst = max(s.worst, o.worst)
		for k := range s.ratios {
			s.ratios[k].merge(&o.ratios[k])
			t.chunks[i][k].add(o.ratios[k].x, o.ratios[k].w)
		}
	}
}

func (t *totals) mergeValues(o *totals) {
	for i := range t.bad {
		t.bad[i].merge(o.bad[i])
		t.longest[i].merge(o.longest[i])
	}
}
