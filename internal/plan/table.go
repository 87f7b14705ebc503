package plan

import (
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"tightrope/internal/work"
)

// A table bounds what the pieces from one on can still make of a partial choice,
// by how much is spent on them. Nets that several pieces share are paid in equal
// shares by each, and a piece takes any of its options whatever others have: what
// can really be had is never more.
//
// For each amount it holds the pointwise largest distribution function of the
// sum of these pieces' lost time: at each stage the largest over the options of
// the piece, of its sum with what the largest of the later pieces is for what is
// left. A pointwise larger function stays larger when something independent is
// added, so that this is an upper bound at every point.
type table struct {
	step float64 // money between two amounts; the last one is any amount
	n    int
	// read holds, by question, world, piece and amount, what reads the chance off
	// a prefix.
	read [][][][]spectrum
	// partial: the time was up before all readings were made, and nothing is to be
	// looked up.
	partial atomic.Bool
	// lost is by piece and amount the least expected loss.
	lost [][]float64
	best []float64 // by piece: least sum of share and loss

	ended func() bool // nobody will read it any more
}

// amounts is how many amounts a table tells apart, where there is room. A search
// begins with few, which most are done with, and goes over to more after so many
// nodes.
const (
	fewAmounts = 32
	fewNodes   = 2000
	amounts    = 128
)

// tableBytes bounds the memory of a table.
const tableBytes = 192 << 20

// a choiceOf is an option as a table sees it.
type choiceOf struct {
	pay, loss float64
	o         *option
}

// useful drops options that are the same or worse than another at no less money.
func (l *layout) useful(c *piece, st chosen, regret bool) []choiceOf {
	var list []choiceOf
	least := math.Inf(1)
	for _, o := range c.options {
		if o.in.And(st.out).Empty() && st.in.And(c.vars).Minus(o.in).Empty() {
			list = append(list, choiceOf{o.share, o.loss, o})
			least = math.Min(least, o.share+o.loss)
		}
	}
	if regret {
		// What is paid is what cost and loss are more than they need to be.
		for i := range list {
			// The same sum as the least, so that rounding makes none of them negative.
			list[i].pay = list[i].pay + list[i].loss - least
		}
	}
	slices.SortStableFunc(list, func(a, b choiceOf) int {
		switch {
		case a.pay < b.pay:
			return -1
		case a.pay > b.pay:
			return 1
		}
		return 0
	})
	var out []choiceOf
	for _, x := range list {
		if !slices.ContainsFunc(out, func(y choiceOf) bool { return (regret || y.loss <= x.loss) && l.noWorse(y.o, x.o) }) {
			out = append(out, x)
		}
	}
	return out
}

// noWorse reports whether a's curves are nowhere below b's.
func (l *layout) noWorse(a, b *option) bool { return l.within(a, b, 0) }

// within is noWorse where a may be below by so much.
func (l *layout) within(a, b *option, slack float64) bool {
	if a.o == b.o {
		return true
	}
	for k, q := range l.asks {
		for w := range l.worlds[k] {
			x, y := a.o.Curve(q, w), b.o.Curve(q, w)
			if x == nil {
				continue
			}
			if y == nil {
				return false
			}
			for i := range x {
				if x[i] < y[i]-slack {
					return false
				}
			}
		}
	}
	return true
}

// table computes the bounds from a partial choice on, for amounts up to most.
// Amounts are money that is spent, or with regret by how much the sum of cost
// and loss is more than the least that each piece could have.
func (l *layout) table(st chosen, most float64, regret bool, n int) *table {
	total := 0
	for _, w := range l.worlds {
		total += len(w)
	}
	t := &table{n: n, ended: l.ended}
	for t.n > 16 && (len(l.pieces)+1)*t.n*total*half*16 > tableBytes {
		t.n /= 2
	}
	t.step = most / float64(t.n-2)
	if !(t.step > 0) {
		t.step = 1
	}
	lists := make([][]choiceOf, len(l.pieces))
	for i, c := range l.pieces {
		if !c.wide {
			lists[i] = l.useful(c, st, regret)
		}
	}
	t.money(l, lists)
	t.read = make([][][][]spectrum, len(l.asks))
	type job struct{ k, w int }
	var jobs []job
	for k := range l.asks {
		t.read[k] = make([][][]spectrum, len(l.worlds[k]))
		for w := range l.worlds[k] {
			jobs = append(jobs, job{k, w})
		}
	}
	// Where there are fewer worlds than processors, several share one.
	workers := min(len(jobs), runtime.GOMAXPROCS(0))
	each := max(1, runtime.GOMAXPROCS(0)/max(1, len(jobs)))
	work.Workers(workers, len(jobs), func() func(int) {
		workers := newWorkers(each)
		return func(i int) {
			j := jobs[i]
			t.read[j.k][j.w] = t.chances(workers, lists, j.k, j.w)
		}
	})
	return t
}

// Workers work on one world of a question together, each on some of the amounts.
type workers []*worker

type worker struct {
	*lattice
	buffer spectrum
	curve  []float64
}

func newWorkers(n int) workers {
	var out workers
	for range n {
		out = append(out, &worker{newLattice(), make(spectrum, half), make([]float64, cells)})
	}
	return out
}

// share divides n amounts among the workers, in runs of the same length.
func (c workers) share(n int, do func(h *worker, from, to int)) {
	if len(c) == 1 {
		do(c[0], 0, n)
		return
	}
	var group work.Group
	for i, h := range c {
		group.Go(func() { do(h, i*n/len(c), (i+1)*n/len(c)) })
	}
	group.Wait()
}

// after is the amount that is left of an amount when something is paid, rounded
// in favour of what is left.
func (t *table) after(amount int, pay float64) int {
	if amount == t.n-1 {
		return amount
	}
	steps := math.Floor(pay / t.step * (1 - 1e-12))
	if steps > float64(amount) {
		return -1 // perhaps more than an int can hold
	}
	return amount - int(steps)
}

// chances computes the readings for one world of a question.
func (t *table) chances(c workers, lists [][]choiceOf, k, w int) [][]spectrum {
	m := len(lists)
	out := make([][]spectrum, m+1)
	now := make([][]float64, t.n)
	then := make([][]float64, t.n)
	specs := make([]spectrum, t.n)
	for a := range now {
		now[a], then[a] = make([]float64, cells), make([]float64, cells)
		specs[a] = make(spectrum, half)
		for i := range now[a] {
			now[a][i] = 1
		}
	}
	flush := func(i int) {
		out[i] = make([]spectrum, t.n)
		c.share(t.n, func(h *worker, from, to int) {
			for a := from; a < to; a++ {
				if a > from && slices.Equal(now[a], now[a-1]) {
					out[i][a] = out[i][a-1]
					continue
				}
				out[i][a] = make(spectrum, half)
				h.reading(now[a], out[i][a])
			}
		})
	}
	flush(m)
	for i := m - 1; i >= 0; i-- {
		if t.ended() {
			t.partial.Store(true)
			break
		}
		if lists[i] == nil {
			out[i] = out[i+1] // wide: perhaps never any lost time
			continue
		}
		all := len(lists[i]) > 0
		for _, x := range lists[i] {
			all = all && len(x.o.specs[k]) == 0
		}
		if all && lists[i][0].pay == 0 {
			out[i] = out[i+1]
			continue
		}
		c.share(t.n, func(h *worker, from, to int) {
			for a := from; a < to; a++ {
				if a > from && slices.Equal(now[a], now[a-1]) {
					specs[a] = specs[a-1]
				} else {
					specs[a] = h.of(now[a])
				}
				clear(then[a])
			}
		})
		c.share(t.n, func(h *worker, from, to int) {
			for _, x := range lists[i] {
				var s spectrum
				if len(x.o.specs[k]) > 0 {
					s = x.o.specs[k][w]
				}
				last := -1
				for a := from; a < to; a++ {
					b := t.after(a, x.pay)
					if b < 0 {
						continue
					}
					best := now[b]
					if s != nil {
						if last < 0 || &specs[last][0] != &specs[b][0] {
							times(h.buffer, specs[b], s)
							h.lattice.curve(h.buffer, h.curve)
							last = b
						}
						best = h.curve
					}
					for c, v := range best {
						if v > then[a][c] {
							then[a][c] = v
						}
					}
				}
			}
		})
		now, then = then, now
		flush(i)
	}
	return out
}

// money computes what of the bounds is about money.
func (t *table) money(l *layout, lists [][]choiceOf) {
	m := len(lists)
	t.lost, t.best = make([][]float64, m+1), make([]float64, m+1)
	for i := range t.lost {
		t.lost[i] = make([]float64, t.n)
	}
	for i := m - 1; i >= 0; i-- {
		if t.best[i] = t.best[i+1]; lists[i] != nil {
			least := math.Inf(1)
			for _, x := range lists[i] {
				least = math.Min(least, x.o.share+x.o.loss)
			}
			t.best[i] += least
		}
		for a := range t.n {
			if lists[i] == nil {
				t.lost[i][a] = t.lost[i+1][a]
				continue
			}
			lost := math.Inf(1)
			for _, x := range lists[i] {
				if b := t.after(a, x.pay); b >= 0 {
					lost = math.Min(lost, x.loss+t.lost[i+1][b])
				}
			}
			t.lost[i][a] = lost
		}
	}
}

// at is the amount that stands for what may be spent.
func (t *table) at(money float64) int {
	if money < 0 {
		return -1
	}
	a := math.Ceil(money / t.step * (1 - 1e-12))
	if !(a < float64(t.n-1)) { // as a float, since it may be beyond every int
		return t.n - 1
	}
	return int(a)
}
