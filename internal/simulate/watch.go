package simulate

import "tightrope/internal/model"

// A watch is what one entry has seen in a chunk so far.
type watch struct {
	of                *entry
	serviceView, felt int

	// The present window.
	bad, feltBad, sum float64 // seconds
	spoiled           bool    // an unsure input changed in it
	// The present period of each clause.
	clauseBad []float64
	// The present year.
	missed  bool
	due     []bool
	longest float64 // of the outages that began in it and are over
	// An outage that lasts beyond the year in which it began.
	open     bool
	openMost float64 // longest of that year, seconds

	outage bool  // any user is hit
	since  int64 // begin of the outage
	paid   []bool

	// The present epoch: sums, and what they are divided by.
	x, w []float64

	// The chunk.
	seen seen
}

// seen is what an entry has seen, ready to be added up over chunks.
type seen struct {
	windows, outages int64
	squares          float64 // Σ bad²
	sumSquares       float64
	sumWindows       int64
	outageTime       float64 // seconds
	worst            float64
	ratios           []ratio
	bad, longest     []float64 // by window, by year
	sums             []float64 // by window, of a sample
}

// What is told of an entry; after these come two for each clause.
const (
	badStat      = iota // a window
	feltStat            //
	missStat            //
	missYearStat        // a year
	downStat            // a second
	shareStat           //
	outageStat          // a year
	sumStat             // a window in which no input changed
	sumMissStat         //
	overlapStat         //
	clauseStats
)

// dueStat and paidStat are those of clause k: whether it was due in a year, and
// how often.
func dueStat(k int) int  { return clauseStats + 2*k }
func paidStat(k int) int { return clauseStats + 2*k + 1 }

// slack is by how much lost time may be above a limit, relative to it, for the
// sake of rounding.
const slack = 1e-9

func above(bad, limit float64) bool { return bad > limit*(1+slack) }

func (w *watch) prepare(p *player, e *entry) {
	w.of, w.serviceView, w.felt = e, e.serviceView, e.felt
	n := clauseStats + 2*len(e.clauses)
	w.clauseBad, w.due, w.paid = make([]float64, len(e.clauses)), make([]bool, len(e.clauses)), make([]bool, len(e.clauses))
	w.x, w.w = make([]float64, n), make([]float64, n)
	w.seen.ratios = make([]ratio, n)
}

func (w *watch) reset() {
	s := &w.seen
	clear(s.ratios)
	*s = seen{ratios: s.ratios, bad: s.bad[:0], longest: s.longest[:0], sums: s.sums[:0]}
	w.outage = false
	w.begin()
}

// begin forgets what is not counted.
func (w *watch) begin() {
	w.bad, w.feltBad, w.sum, w.spoiled, w.missed, w.longest, w.open = 0, 0, 0, false, false, 0, false
	clear(w.clauseBad)
	clear(w.due)
	clear(w.x)
	clear(w.w)
}

// take adds what was summed up until now to all that asks for it.
func (w *watch) take(p *player) {
	s := &p.serviceViews[w.serviceView]
	s.advance(p)
	w.bad += s.bad
	w.sum += s.grouped
	w.x[shareStat] += s.bad
	w.x[downStat] += s.down
	for i := range w.clauseBad {
		w.clauseBad[i] += s.bad
	}
	if p.log != nil && p.log.now && !p.log.over {
		p.log.totals[s.entry].Bad += s.bad
	}
	if w.felt == w.serviceView {
		w.feltBad += s.bad
	} else {
		f := &p.serviceViews[w.felt]
		f.advance(p)
		w.feltBad += f.bad
		f.bad, f.down, f.grouped = 0, 0, 0
	}
	s.bad, s.down, s.grouped = 0, 0, 0
}

// beginCount begins what is counted.
func (p *player) beginCount() {
	for i := range p.watches {
		w := &p.watches[i]
		w.take(p)
		w.begin()
		for k := range w.paid {
			w.paid[k] = w.outage && -w.since >= w.of.clauses[k].length
		}
	}
	for i := range p.tiles {
		p.tiles[i] = 0
		p.nextTile(i)
	}
	p.year = 0
	p.nextYear()
}

func (p *player) nextTile(i int) {
	if at := p.tiles[i] + p.tilings[i].length; at <= p.end {
		p.queue.push(event{at: at, kind: windowEnd, id: int32(i)})
	}
}

func (p *player) nextYear() {
	if l := p.log; l != nil {
		switch p.year {
		case l.year:
			l.begin(p)
		case l.year + 1:
			l.end(p)
		}
	}
	if at := int64(p.year+1) * p.world.year; at <= p.end {
		p.queue.push(event{at: at, kind: yearEnd})
	}
}

// closeTile ends the windows and periods of one tiling.
func (p *player) closeTile(i int) {
	t := p.tilings[i]
	p.tiles[i] = p.now
	for _, k := range t.entries {
		w := &p.watches[k]
		w.take(p)
		w.closeWindow(p)
	}
	for _, c := range t.clauses {
		w := &p.watches[c.entry]
		w.take(p)
		w.closePeriod(p, c.clause)
	}
	p.nextTile(i)
}

func (w *watch) closeWindow(p *player) {
	s, e := &w.seen, w.of
	s.windows++
	s.squares += w.bad * w.bad
	s.worst = max(s.worst, w.bad)
	s.bad = append(s.bad, w.bad)
	w.count(badStat, w.bad, 1)
	w.count(feltStat, w.feltBad, 1)
	miss := 0.0
	if e.objective != nil && above(w.bad, e.budget) {
		miss = 1
		w.missed = true
	}
	w.count(missStat, miss, 1)
	if !w.spoiled {
		sum := w.sum + p.serviceViews[w.serviceView].even*e.result.Window
		if p.row > 0 {
			s.sums = append(s.sums, sum)
		}
		s.sumWindows++
		s.sumSquares += sum * sum
		w.count(sumStat, sum, 1)
		w.count(overlapStat, sum-w.bad, 1)
		over := 0.0
		if e.objective != nil && above(sum, e.budget) {
			over = 1
		}
		w.count(sumMissStat, over, 1)
	}
	if p.log != nil {
		p.log.window(p, w, miss > 0)
	}
	w.bad, w.feltBad, w.sum, w.spoiled = 0, 0, 0, false
}

func (w *watch) count(stat int, x, weight float64) {
	w.x[stat] += x
	w.w[stat] += weight
}

// closePeriod ends a period of a clause about all lost time in it.
func (w *watch) closePeriod(p *player, k int) {
	c := &w.of.clauses[k]
	bad := w.clauseBad[k]
	w.clauseBad[k] = 0
	w.w[paidStat(k)] += float64(c.over) / float64(p.world.year)
	// Down for at least so long, or available below so much: strict for the
	// one means more than that, for the other less.
	strict := c.Strict
	if strict && above(bad, c.most) || !strict && bad >= c.most*(1-slack) {
		w.pay(p, k, p.now)
	}
}

// pay takes in that a clause is due.
func (w *watch) pay(p *player, k int, at int64) {
	w.due[k] = true
	w.x[paidStat(k)]++
	if p.log != nil {
		p.log.clause(p, w, k, at)
	}
}

// inRow looks whether the outage has become long enough for clauses about
// outages in a row.
func (w *watch) inRow(p *player) {
	for k := range w.of.clauses {
		c := &w.of.clauses[k]
		if c.Kind != model.ClauseOutage || w.paid[k] {
			continue
		}
		length := p.now - w.since
		if length > c.length || length == c.length && !c.Strict {
			w.paid[k] = true
			if p.now > 0 {
				w.pay(p, k, w.since+c.length)
			}
		}
	}
}

// turn takes in that any user of a service is hit, or none any more.
func (p *player) turn(s *sightState) {
	if s.entry < 0 {
		return
	}
	w := &p.watches[s.entry]
	if s.hit {
		w.outage, w.since = true, p.now
		clear(w.paid)
		if p.now >= 0 {
			w.seen.outages++
			w.x[outageStat]++
		}
		return
	}
	w.outage = false
	if p.now < 0 {
		return
	}
	w.inRow(p)
	length := float64(p.now-w.since) / p.perSecond
	switch {
	case w.since < 0:
	case w.open:
		w.seen.longest = append(w.seen.longest, max(w.openMost, length))
		w.open = false
	default:
		w.longest = max(w.longest, length)
	}
}

// closeYear ends a year.
func (p *player) closeYear() {
	begin := int64(p.year) * p.world.year
	for i := range p.watches {
		w := &p.watches[i]
		w.take(p)
		if w.outage {
			w.inRow(p)
		}
		missed := 0.0
		if w.missed {
			missed = 1
		}
		w.count(missYearStat, missed, 1)
		w.w[outageStat]++
		for k := range w.due {
			x := 0.0
			if w.due[k] {
				x = 1
			}
			w.count(dueStat(k), x, 1)
			if w.of.clauses[k].Kind == model.ClauseOutage {
				w.w[paidStat(k)]++
			}
		}
		switch {
		case w.outage && w.since >= begin:
			w.open, w.openMost = true, w.longest
		case !w.open || w.since < begin:
			w.seen.longest = append(w.seen.longest, w.longest)
		}
		w.missed, w.longest = false, 0
		clear(w.due)
	}
	p.year++
	p.nextYear()
}

// closeEpoch folds the sums of an epoch into those of the chunk.
func (p *player) closeEpoch() {
	length := float64(p.epochYears) * model.Year
	for i := range p.watches {
		w := &p.watches[i]
		w.take(p)
		w.w[shareStat], w.w[downStat] = length, length
		w.seen.outageTime += w.x[downStat]
		for k := range w.x {
			w.seen.ratios[k].add(w.x[k], w.w[k])
		}
		clear(w.x)
		clear(w.w)
	}
}

// spoil takes in that unsure inputs changed.
func (w *watch) spoil(p *player, i int) {
	if w.of.unsure && p.tiles[w.of.tiling] < p.now {
		w.spoiled = true
	}
}

// finish ends a chunk.
func (p *player) finish() {
	p.closeEpoch()
	for i := range p.watches {
		w := &p.watches[i]
		if w.open {
			w.seen.longest = append(w.seen.longest, max(w.openMost, float64(p.now-w.since)/p.perSecond))
		}
	}
}
