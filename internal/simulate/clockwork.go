package simulate

import (
	"math"

	"tightrope/internal/model"
)

// clockwork decides on the lengths of time: epochs, chunks, ticks.
func (w *world) clockwork(opts *Options) {
	w.epochYears, w.mostWork = 1, mostWork+workPerSource*int64(len(w.sources))
	if opts.mostWork > 0 {
		w.mostWork = opts.mostWork
	}
	for _, e := range w.entries {
		w.epochYears = max(w.epochYears, int(math.Ceil(e.result.Window/model.Year*(1-1e-12))))
	}
	w.chunk = max(1, chunkYears/w.epochYears)
	longest := 0.0
	means := w.scenario.Params.Means()
	for _, s := range w.sources {
		if s.part < 0 || s.Even {
			continue
		}
		x := s.Incident.At(means)
		d, a, r := x.Times()
		longest = max(longest, d+a+r)
	}
	warm := min(float64(chunkYears), max(1, math.Ceil(20*longest/model.Year)))
	w.perSecond = 1e9
	for (float64(w.chunk*w.epochYears)+warm)*model.Year*w.perSecond > 0x1p61 {
		w.perSecond /= 1e3
	}
	w.year = w.ticks(model.Year)
	w.warm = w.ticks(warm * model.Year)
	w.tile()
}

// ticks is a time in seconds as a whole number.
func (w *world) ticks(seconds float64) int64 {
	x := seconds * w.perSecond
	if !(x < 0x1p62) {
		return never
	}
	return int64(math.Round(x))
}

// after is some seconds later.
func (w *world) after(t int64, seconds float64) int64 {
	d := w.ticks(seconds)
	if d > never-max(t, 0)-1 {
		return never
	}
	return t + d
}

// tile gives each entry and clause its windows.
func (w *world) tile() {
	at := map[int64]int{}
	tilingOf := func(length int64) (int, *tiling) {
		k, ok := at[length]
		if !ok {
			k = len(w.tilings)
			at[length] = k
			w.tilings = append(w.tilings, &tiling{length: length})
		}
		return k, w.tilings[k]
	}
	for i, e := range w.entries {
		var t *tiling
		e.tiling, t = tilingOf(max(1, w.ticks(e.result.Window)))
		t.entries = append(t.entries, i)
		for k := range e.clauses {
			c := &e.clauses[k]
			if c.Kind == model.ClauseOutage {
				c.length = w.ticks(c.Length.Seconds())
				continue
			}
			c.over = max(1, w.ticks(periodOf(c.Clause)))
			_, t := tilingOf(c.over)
			t.clauses = append(t.clauses, clauseAt{i, k})
		}
	}
}
