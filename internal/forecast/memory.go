package forecast

import (
	"crypto/sha256"
	"encoding/binary"
	"runtime"
	"sync"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// A Memory keeps what forecasts have computed for those that come after, of the
// same model or of one that differs little: spectra of incidents and of what is
// averaged over, laws of lengths and of outages of groups. All of it is known by
// its contents, never by names or places, so that any forecasts may share one,
// and what they say is the same to the last bit with and without it.
//
// It is for use by any number of goroutines, and keeps no more than so many
// bytes: what has not been asked for lately is forgotten.
type Memory struct {
	mu         sync.Mutex
	most       int
	young, old map[memoryKey]remembered
	bytes      int // of young
	planners   []*distribution.Planner
	laws       *scenario.Laws
}

type memoryKey [sha256.Size]byte

type remembered struct {
	value any
	bytes int
}

// NewMemory returns an empty memory of about so many bytes.
func NewMemory(bytes int) *Memory {
	return &Memory{most: bytes, young: map[memoryKey]remembered{}, laws: scenario.NewLaws()}
}

// The memory of one forecast that was given none.
const ownMemory = 32 << 20

// entryBytes is about what an entry takes besides its value.
const entryBytes = 128

// get finds a value. What is found again is kept longer.
func (m *Memory) get(key memoryKey) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	x, ok := m.young[key]
	if !ok {
		if x, ok = m.old[key]; ok {
			m.add(key, x)
		}
	}
	return x.value, ok
}

// put keeps a value, which nobody may write to any more.
func (m *Memory) put(key memoryKey, value any, bytes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.young[key]; !ok && bytes <= m.most/8 {
		m.add(key, remembered{value, bytes + entryBytes})
	}
}

// add puts a value among the young ones; once these are half of all, what was old
// is forgotten and they are old.
func (m *Memory) add(key memoryKey, x remembered) {
	if m.bytes+x.bytes > m.most/2 {
		m.young, m.old, m.bytes = map[memoryKey]remembered{}, m.young, 0
	}
	m.young[key] = x
	m.bytes += x.bytes
}

// mostPlanners bounds how many planners a memory keeps: each holds up to a dozen MB.
func mostPlanners() int { return max(4, 2*runtime.GOMAXPROCS(0)) }

// planner lends a planner, which knows how to transform sequences.
func (m *Memory) planner() *distribution.Planner {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := len(m.planners); n > 0 {
		p := m.planners[n-1]
		m.planners = m.planners[:n-1]
		return p
	}
	return distribution.NewPlanner()
}

// Laws are of the ranges that a model mentions: see scenario.Scenario.Laws.
func (m *Memory) Laws() *scenario.Laws {
	if m == nil {
		return nil
	}
	return m.laws
}

// giveBack takes a planner that nobody uses any more.
func (m *Memory) giveBack(p *distribution.Planner) {
	p.Tidy()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.planners) < mostPlanners() {
		m.planners = append(m.planners, p)
	}
}

// law finds a law, or computes it.
func (m *Memory) law(key memoryKey, compute func() distribution.Law) distribution.Law {
	if x, ok := m.get(key); ok {
		return x.(distribution.Law)
	}
	l := compute()
	m.put(key, l, distribution.LawBytes(l))
	return l
}

// Length is the law of how long an incident lasts, as distribution.Incident.Length
// computes it, found again where it is known.
func (m *Memory) Length(in *distribution.Incident) distribution.Law {
	var t fingerprint
	t.begin('L').incident(in)
	return m.law(t.key(), func() distribution.Law {
		p := m.planner()
		defer m.giveBack(p)
		return in.Length(p)
	})
}

// spectrum finds a spectrum, or computes it.
func (m *Memory) spectrum(key memoryKey, compute func() distribution.Spectrum) distribution.Spectrum {
	if x, ok := m.get(key); ok {
		return x.(distribution.Spectrum)
	}
	s := compute()
	m.put(key, s, s.Bytes())
	return s
}

// A fingerprint is what something is computed from.
type fingerprint struct{ b []byte }

// begin begins to write what a kind of thing is computed from.
func (t *fingerprint) begin(kind byte) *fingerprint {
	t.b = append(t.b[:0], kind)
	return t
}

func (t *fingerprint) key() memoryKey { return sha256.Sum256(t.b) }

func (t *fingerprint) number(x ...float64) {
	for _, v := range x {
		t.b = distribution.AppendNumber(t.b, v)
	}
}

func (t *fingerprint) count(n int) { t.b = binary.LittleEndian.AppendUint64(t.b, uint64(n)) }

func (t *fingerprint) flag(yes ...bool) {
	for _, v := range yes {
		c := byte(0)
		if v {
			c = 1
		}
		t.b = append(t.b, c)
	}
}

func (t *fingerprint) law(l distribution.Law)             { t.b = distribution.AppendLaw(t.b, l) }
func (t *fingerprint) unsure(u distribution.Unsure)       { t.b = distribution.AppendUnsure(t.b, u) }
func (t *fingerprint) incident(in *distribution.Incident) { t.b = in.AppendKey(t.b) }

// grid tells where an evaluator computes, and how.
func (t *fingerprint) grid(g *distribution.Grid) {
	t.number(g.Step)
	t.count(g.N)
	t.flag(g.Blurred)
}

// incidentKey is what the spectrum of one incident is computed from.
func (e *evaluator) incidentKey(in *distribution.Incident) memoryKey {
	t := e.sum.fingerprint.begin('i')
	t.grid(e.grid)
	t.incident(in)
	return t.key()
}

// told begins what a factor of the sum is computed from.
func (e *evaluator) told(kind byte) *fingerprint {
	t := e.sum.fingerprint.begin(kind)
	t.grid(e.grid)
	t.count(int(e.mode))
	t.count(e.level)
	t.flag(e.plainly, e.probing)
	t.number(e.sum.seconds)
	return t
}

// tellSum writes down all that the spectrum of a sum is computed from.
func (e *evaluator) tellSum(t *fingerprint) {
	t.count(len(e.sum.plain))
	for _, g := range e.sum.plain {
		t.count(len(g.uses))
		for _, u := range g.uses {
			e.tellUse(t, u)
		}
	}
	t.count(len(e.sum.blocks))
	for _, b := range e.sum.blocks {
		t.flag(len(b.outer) == 0 || e.mode != average)
		if len(b.outer) == 0 || e.mode != average {
			e.tellAlone(t, b)
		} else {
			e.tellBlock(t, b)
		}
	}
}

// tellBlock writes down all that the spectrum of a block is computed from: the
// structure of it, and how each use goes at each of the points at which it is
// looked at.
func (e *evaluator) tellBlock(t *fingerprint, b *block) {
	t.count(len(b.outer))
	for _, p := range b.outer {
		e.tellParam(t, p)
	}
	if len(b.outer) == 1 && len(b.changes)+len(b.level) == 0 {
		// It may be stretched as a whole.
		for _, u := range b.poisson {
			x, ok := e.stretch(u, b.outer)
			e.tellStretch(t, x, ok)
			e.tellUse(t, u)
		}
		e.tellNodes(b.outer[0], func(w float64) {
			t.number(w)
			for _, u := range b.poisson {
				e.tellUse(t, u)
			}
		})
	}
	e.average(b, func(w float64) {
		t.number(w)
		e.tellAlone(t, b)
	})
}

// tellAlone is tellBlock where the outer params are known.
func (e *evaluator) tellAlone(t *fingerprint, b *block) {
	t.count(len(b.poisson))
	for _, u := range b.poisson {
		e.tellAverage(t, u)
	}
	t.count(len(b.changes))
	for _, c := range b.changes {
		e.tellChange(t, c)
	}
	t.count(len(b.level))
	for _, u := range b.level {
		e.tellAverage(t, u)
	}
}

// tellChange is tellBlock for a change with what happens at its occurrences.
func (e *evaluator) tellChange(t *fingerprint, c *changeUse) {
	var theta []float64
	if e.mode == given {
		theta = e.theta
	}
	counts := e.sum.counts(c.change, theta)
	t.count(len(counts))
	for _, k := range counts {
		t.count(k.n)
		t.number(k.p)
	}
	t.count(len(c.risks))
	for _, u := range c.risks {
		e.tellAverage(t, u)
	}
	t.flag(c.down != nil)
	if c.down != nil {
		t.count(c.planned)
		e.tellAverage(t, c.down)
	}
}

// tellAverage is tellBlock for one use, averaged over its own params.
func (e *evaluator) tellAverage(t *fingerprint, u *use) {
	own := e.own(u)
	t.count(len(own))
	if len(own) == 0 {
		e.tellUse(t, u)
		return
	}
	for _, p := range own {
		e.tellParam(t, p)
	}
	for _, p := range own {
		e.theta[p] = e.sum.means[p]
	}
	x, ok := e.stretch(u, own)
	e.tellStretch(t, x, ok)
	if ok {
		others := make([]int, 0, len(own))
		for _, p := range own {
			if p != x.param {
				others = append(others, p)
			}
		}
		e.averageOf(u, others, func(w float64) {
			t.number(w)
			y, ok := e.stretch(u, own)
			e.tellStretch(t, y, ok)
			e.tellUse(t, u)
			e.tellNodes(x.param, func(w float64) {
				t.number(w)
				e.tellUse(t, u)
			})
		})
		for _, p := range own {
			e.theta[p] = e.sum.means[p]
		}
	}
	e.averageOf(u, own, func(w float64) {
		t.number(w)
		e.tellUse(t, u)
	})
}

// tellNodes goes over the points by which what is stretched is averaged.
func (e *evaluator) tellNodes(p int, do func(w float64)) {
	x, w := e.sum.gauss(p, e.stretchPoints())
	for k := range x {
		e.theta[p] = x[k]
		do(w[k])
	}
}

func (e *evaluator) tellParam(t *fingerprint, p int) {
	t.unsure(e.sum.params[p].Law)
	t.flag(e.sum.params[p].Length)
}

func (e *evaluator) tellStretch(t *fingerprint, x stretch, ok bool) {
	t.flag(ok)
	if ok {
		t.unsure(x.share)
		t.number(x.base, x.slope)
		t.flag(x.bent)
	}
}

// tellUse writes down how a use goes with the params as they are.
func (e *evaluator) tellUse(t *fingerprint, u *use) {
	t.flag(u.Even, u.maybeFixed())
	if u.Even {
		t.number(u.impactAt(e.theta), u.Source.Share.Value(e.theta))
		return
	}
	t.flag(e.smooths(u))
	t.count(u.chances())
	closed := u.gamma != scenario.NoParam && e.mode != given && e.closed(u)
	t.flag(closed)
	if closed {
		t.unsure(e.sum.params[u.gamma].Law)
		t.number(e.sum.often(u))
	} else {
		t.number(u.frequency(e.theta))
	}
	if len(u.goesParams) > 0 {
		t.incident(u.at(e.sum.worker))
		return
	}
	if u.said == nil {
		u.said = u.at(e.sum.worker).AppendKey(nil)
	}
	t.b = append(t.b, u.said...)
}
