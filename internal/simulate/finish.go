package simulate

import (
	"math"
	"slices"

	"tightrope/internal/message"
	"tightrope/internal/scenario"
)

const (
	// fewDraws is how many epochs tell how much unsure inputs matter.
	fewDraws = 30
	// fewChunks is how many chunks tell how much it matters when in a window a
	// change happens.
	fewChunks = 20
)

// finish turns totals into entries.
func (t *totals) finish(w *world, res *Result) {
	epochs := t.years / w.epochYears
	unsure := false
	for i, e := range w.entries {
		unsure = unsure || e.unsure
		res.Entries = append(res.Entries, t.entry(i, e, epochs))
	}
	res.Warnings = append(res.Warnings, w.unknown()...)
	if unsure && epochs > 0 && epochs < fewDraws {
		res.Warnings = append(res.Warnings, scenario.Warning{
			Code:    "few-draws",
			Message: message.FewDraws(epochs),
		})
	}
}

// unknown warns of what nobody said how it fails, each service once.
func (w *world) unknown() []scenario.Warning {
	var out []scenario.Warning
	add := func(x scenario.Warning) {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	for _, e := range w.entries {
		v := w.system.View(w.system.Number(e.result.Service), true)
		if v.Silent() {
			add(scenario.SilentWarning(e.result.Service, e.result.Pos))
		}
		for _, x := range v.Unknown() {
			add(x)
		}
	}
	return out
}

func (t *totals) entry(i int, e *entry, epochs int) *Entry {
	s, r := &t.seen[i], e.result
	m := &measures{seen: s, chunks: t.chunks[i], unsure: e.unsure, rhythm: e.rhythm, epochs: float64(epochs)}
	r.Windows, r.Worst = s.windows, s.worst
	r.Bad = m.mean(badStat, m.apart(badStat, s.squares, s.windows))
	r.Felt = r.Bad
	if e.felt != e.serviceView {
		r.Felt = m.mean(feltStat, m.se(feltStat))
	}
	q := t.bad[i].quantiles(0.5, 0.9, 0.95, 0.99)
	r.Quantiles = Quantiles{q[0], q[1], q[2], q[3]}
	l := t.longest[i].quantiles(0.5, 0.95)
	r.Longest = LongestQuantiles{l[0], l[1]}
	r.Down, r.BadShare = m.share(downStat), m.share(shareStat)
	r.OutagesPerYear = m.mean(outageStat, m.se(outageStat))
	if s.outages > 0 {
		r.OutageMean = s.outageTime / float64(s.outages)
	}
	r.Sum.Windows = s.sumWindows
	r.Sum.Bad = m.mean(sumStat, m.apart(sumStat, s.sumSquares, s.sumWindows))
	r.Sum.Overlap = estimate(s.ratios[overlapStat].value(), m.se(overlapStat), math.Inf(-1), math.Inf(1))
	if e.objective != nil {
		r.Miss = m.chance(missStat, float64(s.windows))
		r.MissYear = m.chance(missYearStat, float64(t.years))
		r.Sum.Miss = m.chance(sumMissStat, float64(s.sumWindows))
	}
	for k := range e.clauses {
		c := &e.clauses[k]
		out := &Clause{Clause: c.Clause, InYear: *m.chance(dueStat(k), float64(t.years)), PerYear: m.mean(paidStat(k), m.se(paidStat(k)))}
		if c.known {
			x := out.PerYear
			out.Pay = &Estimate{Value: x.Value * c.pay, SE: x.SE * c.pay, Low: x.Low * c.pay, High: x.High * c.pay}
		}
		r.Clauses = append(r.Clauses, out)
	}
	return r
}

// measures makes estimates of what one entry has seen.
type measures struct {
	*seen
	chunks         []ratio
	unsure, rhythm bool
	epochs         float64
}

// se is a standard error, with epochs as batches. Where a change comes in a
// rhythm, the windows of one chunk may all meet it in the same way: then it is at
// least that with chunks as batches.
func (m *measures) se(k int) float64 {
	se := m.ratios[k].se()
	if m.rhythm && m.chunks[k].n >= fewChunks {
		se = max(se, m.chunks[k].se())
	}
	return se
}

// fewApart reports whether there are few epochs, in which nothing is unsure:
// then the windows, which are nearly independent, tell more.
func (m *measures) fewApart(windows float64) bool {
	return !m.unsure && m.epochs < fewDraws && windows >= 2
}

// apart is the standard error of a mean over so many windows of which the sum of
// squares is known.
func (m *measures) apart(k int, squares float64, windows int64) float64 {
	n := float64(windows)
	if !m.fewApart(n) {
		return m.se(k)
	}
	v := m.ratios[k].value()
	square := squares/n - v*v
	if square <= same*squares/n {
		return 0
	}
	return math.Sqrt(square / (n - 1))
}

// mean is an estimate of something that cannot be negative.
func (m *measures) mean(k int, se float64) Estimate {
	return estimate(m.ratios[k].value(), se, 0, math.Inf(1))
}

// share is one of a share of time.
func (m *measures) share(k int) Estimate {
	return estimate(min(1, m.ratios[k].value()), m.se(k), 0, 1)
}

// chance is one of the probability of something that happened in some of n
// windows or years; those of one epoch are alike where something is unsure.
func (m *measures) chance(k int, n float64) *Estimate {
	v := min(1, max(0, m.ratios[k].value()))
	se := m.se(k)
	if m.fewApart(n) || m.epochs < 2 {
		se = math.Sqrt(v * (1 - v) / max(1, n-1))
	}
	if m.unsure {
		n = min(n, m.epochs)
	}
	x := chance(v, se, n)
	return &x
}
