package falsepage

import (
	"math"
	"math/rand/v2"
)

// oneDraw is the work of a count drawn.
const oneDraw = 40

// poissonOf draws a Poisson count: below a mean of 10 by inversion, above by Hörmann's
// transformed rejection (PTRS).
func poissonOf(r *rand.Rand, mean float64) int64 {
	switch {
	case mean <= 0:
		return 0
	case mean < 10:
		u, x := r.Float64(), math.Exp(-mean)
		var k int64
		for u > x && k < 200 {
			u -= x
			k++
			x *= mean / float64(k)
		}
		return k
	}
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	inverse := 1.1239 + 1.1328/(b-3.4)
	quick := 0.9277 - 3.6224/(b-2)
	logMean := math.Log(mean)
	for {
		u, v := r.Float64()-0.5, r.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= quick {
			return int64(k)
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		if math.Log(v)+math.Log(inverse)-math.Log(a/(us*us)+b) <= -mean+k*logMean-lgamma(k+1) {
			return int64(k)
		}
	}
}

func lgamma(x float64) float64 {
	y, _ := math.Lgamma(x)
	return y
}

// oneOf draws how many of n fall into one of so many equal bins: a binomial of
// chance 1/bins, by inversion or by Hörmann's rejection (BTRS).
func oneOf(r *rand.Rand, n int64, bins int) int64 {
	if bins <= 1 || n == 0 {
		return n
	}
	p := 1 / float64(bins)
	mean := float64(n) * p
	ratio := p / (1 - p)
	if mean < 10 {
		u, x := r.Float64(), math.Exp(float64(n)*math.Log1p(-p))
		var k int64
		for u > x && k < n && k < 200 {
			u -= x
			x *= ratio * float64(n-k) / float64(k+1)
			k++
		}
		return k
	}
	N := float64(n)
	spq := math.Sqrt(mean * (1 - p))
	b := 1.15 + 2.53*spq
	a := -0.0873 + 0.0248*b + 0.01*p
	center := mean + 0.5
	alpha := (2.83 + 5.1/b) * spq
	quick := 0.92 - 4.2/b
	mode := math.Floor((N + 1) * p)
	h := lgamma(mode+1) + lgamma(N-mode+1)
	logRatio := math.Log(ratio)
	for {
		u, v := r.Float64()-0.5, r.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + center)
		if us >= 0.07 && v <= quick {
			return int64(k)
		}
		if k < 0 || k > N {
			continue
		}
		if math.Log(v*alpha/(a/(us*us)+b)) <= h-lgamma(k+1)-lgamma(N-k+1)+(k-mode)*logRatio {
			return int64(k)
		}
	}
}

// A stretch is the bins between the ends of two windows that follow one another in
// length. Bins of which only the sum is known are told apart as they are needed:
// given their sum they are equally likely to hold each request.
type stretch struct {
	sum   counts // of those not told apart
	bins  int    // how many these are
	queue []counts
	head  int
	limit int
}

func (s *stretch) reset(sum counts, bins int) {
	s.sum, s.bins, s.limit = sum, bins, bins
	s.queue, s.head = s.queue[:0], 0
}

// through takes the bin that leaves the stretch, and puts another in at its other end.
func (s *stretch) through(r *rand.Rand, in counts) (out counts) {
	if s.bins > 0 {
		out = counts{oneOf(r, s.sum.failed, s.bins), oneOf(r, s.sum.good, s.bins)}
		s.sum.sub(out)
		s.bins--
	} else {
		out = s.queue[s.head]
		s.head++
		if s.head > 4096 && s.head*2 > len(s.queue) {
			s.queue = append(s.queue[:0], s.queue[s.head:]...)
			s.head = 0
		}
	}
	s.queue = append(s.queue, in)
	return out
}

// tape is what windows of a system hold while time passes, or while it is gone back in.
type tape struct {
	windows   []counts
	stretches []stretch // from the newest on
}

func (s *system) newTape() *tape {
	return &tape{make([]counts, len(s.windows)), make([]stretch, len(s.windows))}
}

// begin fills the tape: each stretch up to window tilted with counts of other means per bin.
func (t *tape) begin(r *rand.Rand, s *system, tilted int, failed, good float64) {
	var sum counts
	last := 0
	for i, w := range s.windows {
		f, g := s.failed, s.good
		if i <= tilted {
			f, g = failed, good
		}
		n := float64(w - last)
		x := counts{poissonOf(r, f*n), poissonOf(r, g*n)}
		t.stretches[i].reset(x, w-last)
		sum.add(x)
		t.windows[i] = sum
		last = w
	}
}

// back goes one bin back in time: all windows lose their newest bin, and each gains the
// newest of the stretch beyond it.
func (t *tape) back(r *rand.Rand, older counts) {
	// From the oldest stretch on, which takes in the older bin.
	in := older
	for i := len(t.stretches) - 1; i >= 0; i-- {
		t.windows[i].add(in)
		in = t.stretches[i].through(r, in)
	}
	for i := range t.windows {
		t.windows[i].sub(in)
	}
}

// forth goes one bin forward: all windows gain it, and each loses its oldest.
func (t *tape) forth(r *rand.Rand, newer counts) {
	in := newer
	for i := range t.stretches {
		t.windows[i].add(newer)
		in = t.stretches[i].through(r, in)
		t.windows[i].sub(in)
	}
}

// tilt is by how much the means of bins in the long window of a pair are moved, so that
// it holds often: to an error ratio of just the threshold, which is where it is likeliest that
// it holds, and to what guards ask for.
func (p *pair) tilt(s *system) (failed, good float64) {
	failed, good = s.failed, s.good
	if b := s.ratio; b < p.theta && b > 0 {
		x := math.Log1p(-b) - math.Log(b) + math.Log(p.theta) - math.Log1p(-p.theta)
		failed *= math.Exp(x * (1 - p.theta))
		good *= math.Exp(-x * p.theta)
	}
	n := float64(p.long)
	if least := p.minRequests / n; failed+good < least {
		k := least / (failed + good)
		failed, good = failed*k, good*k
	}
	if least := p.minFailed / n; p.hasGuard && failed < least {
		failed = least
	}
	return failed, good
}

// tilted is a pair with means that are moved, and what a draw from them weighs.
type tilted struct {
	failed, good       float64
	logFailed, logGood float64
	shift              float64
	most               float64 // that a draw at which it holds can weigh
}

func (p *pair) tilted(s *system) (x tilted) {
	x.failed, x.good = p.tilt(s)
	x.logFailed, x.logGood = ratioOf(x.failed, s.failed), ratioOf(x.good, s.good)
	x.shift = float64(p.long) * (x.failed - s.failed + x.good - s.good)
	x.most = min(1, math.Exp(x.shift-p.minFailed*x.logFailed-max(0, p.minRequests-p.minFailed)*max(0, x.logGood)))
	return x
}

func (x *tilted) weight(long counts) float64 {
	return math.Exp(x.shift - float64(long.failed)*x.logFailed - float64(long.good)*x.logGood)
}

// A mean of draws, beside a control whose mean is known.
type mean struct{ x, xx, c, cc, xc float64 }

func (m *mean) add(x, c float64) {
	m.x, m.xx, m.c, m.cc, m.xc = m.x+x, m.xx+x*x, m.c+c, m.cc+c*c, m.xc+x*c
}

// of n draws, the variance of that, and by how much an error of what is known moves it.
// Known is optional: x − β (c − known) with the β of least variance.
func (m *mean) of(n int, known *Figure) (v, variance, moved float64) {
	N := float64(n)
	v = m.x / N
	variance = max(0, m.xx/N-v*v)
	c := m.c / N
	if spread := m.cc/N - c*c; known != nil && spread > 0 {
		beta := (m.xc/N - v*c) / spread
		left := max(0, variance-beta*beta*spread)
		if w := v - beta*(c-known.Value); w >= 0 {
			return w, left / N, math.Abs(beta) * known.Error
		}
	}
	return v, variance / N, 0
}

// drawn estimates the share of evaluations at which a rule fires, and at which it begins to.
//
// That one of its pairs holds is rare, so that windows are drawn given nearly that, from
// tilted means, and weighted by the likelihood ratio (Siegmund). Several pairs are put together as
// Karp and Luby do it: P(∪ Aᵢ, f) = Σᵢ E[1(Aᵢ) f / #{j: Aⱼ}]. From there it goes back in
// time, bin by bin, for as long as the rule holds: it fires if it has held for Pending
// evaluations before, and begins to if it did not at the one before those.
//
// Known is optional: how often each pair holds and begins to by itself, per evaluation. The same draws say that too, and
// by how much they are off is taken out of the answer (a control variate).
func (s *system) drawn(c *counter, limit int, seed uint64, known []PairAnswer) (fires, begins Figure) {
	fires.How, begins.How = Drawn, Drawn
	if s.never() {
		return Figure{}, Figure{}
	}
	r := rand.New(rand.NewPCG(seed, 0x66616c7365706167))
	t := s.newTape()
	perDraw := 2 * oneDraw * len(s.windows)
	sums := make([]struct {
		fires, begins mean
	}, len(s.pairs))
	start, draws := c.done, 0
	tilts := make([]tilted, len(s.pairs))
	for i := range s.pairs {
		tilts[i] = s.pairs[i].tilted(s)
	}
	for batch := 2000; ; batch *= 2 {
		for range batch {
			if draws >= 16 && c.done-start > limit {
				break
			}
			draws++
			for i := range s.pairs {
				p, x := &s.pairs[i], &tilts[i]
				if p.unreachable {
					continue
				}
				c.add(perDraw)
				t.begin(r, s, p.inLong, x.failed, x.good)
				if !p.holds(t.windows) {
					continue
				}
				var holding int
				for j := range s.pairs {
					if s.pairs[j].holds(t.windows) {
						holding++
					}
				}
				w := x.weight(t.windows[p.inLong])
				held, broke, began := s.back(c, r, t, p)
				one := func(yes bool, w float64) float64 {
					if yes {
						return w
					}
					return 0
				}
				sums[i].fires.add(one(held, w/float64(holding)), w)
				sums[i].begins.add(one(held && broke, w/float64(holding)), one(began, w))
			}
		}
		var vf, vb, ef, eb, most float64
		fires.Value, begins.Value = 0, 0
		for i := range sums {
			var ofFires, ofBegins *Figure
			if known != nil {
				ofFires, ofBegins = &known[i].Holds, &known[i].Begins
			}
			x, v, e := sums[i].fires.of(draws, ofFires)
			fires.Value, vf, ef = fires.Value+x, vf+v, ef+e
			x, v, e = sums[i].begins.of(draws, ofBegins)
			begins.Value, vb, eb = begins.Value+x, vb+v, eb+e
			most += tilts[i].most
		}
		// Three standard errors, and what a few draws cannot show of them (an empirical Bernstein bound).
		unseen := 2.5 * most / float64(draws)
		if fires.Error = 3*math.Sqrt(vf) + ef + unseen; fires.Value == 0 {
			fires.Error = 3 * unseen
		}
		if begins.Error = 3*math.Sqrt(vb) + eb + unseen; begins.Value == 0 {
			begins.Error = 3 * unseen
		}
		used := c.done - start
		if begins.Value > 0 && begins.Error <= 0.02*begins.Value || 2*used > limit {
			return fires, begins
		}
	}
}

// never reports whether the rule cannot fire at all.
func (s *system) never() bool {
	for i := range s.pairs {
		if !s.pairs[i].unreachable {
			return s.failed == 0
		}
	}
	return true
}

func ratioOf(x, y float64) float64 {
	if x == y {
		return 0
	}
	return math.Log(x / y)
}

// back goes back from an evaluation at which the rule holds: whether it has held for all
// of For, whether it did not at the evaluation before that, and whether a pair of it began to
// hold at the evaluation that it goes back from.
func (s *system) back(c *counter, r *rand.Rand, t *tape, of *pair) (held, broke, began bool) {
	phase := r.Float64() // of the newest sample's age, in scrape intervals
	gone := 0
	for j := 1; ; j++ {
		for to := int(math.Ceil(float64(j)*s.every - phase)); gone < to; gone++ {
			t.back(r, counts{poissonOf(r, s.failed), poissonOf(r, s.good)})
			c.done += 2 * oneDraw * (1 + len(s.windows))
			if gone&1023 == 1023 {
				c.add(0)
			}
		}
		if j == 1 {
			began = !of.holds(t.windows)
		}
		holds := s.holds(t.windows)
		if j > s.pending {
			return true, !holds, began
		}
		if !holds {
			return false, false, began
		}
	}
}

func (s *system) holds(windows []counts) bool {
	for i := range s.pairs {
		if s.pairs[i].holds(windows) {
			return true
		}
	}
	return false
}
