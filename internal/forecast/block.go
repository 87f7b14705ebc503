package forecast

import (
	"math"
	"math/big"
	"slices"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// A sum is the lost time of one entry in a window: its uses, in blocks that are
// independent of one another.
type sum struct {
	*worker
	window  *big.Rat
	seconds float64
	told    []*use // as they are told
	uses    []*use // as they are summed
	blocks  []*block
	// certain is what every window spends: planned downtime and background
	// that are exactly known. The distribution is of what comes on top.
	certain *big.Rat

	objective string
	plain     []plainUses // not in any block
	points    int         // at which moments are computed; 0: mostMoments
}

// plainUses are the sources of one part in which nothing is unsure but a
// rate of a known form, which nothing else shares.
type plainUses struct {
	part   int
	impact string
	uses   []*use
	// Those of an exact rate, as often as they come at first, and the others.
	exact, unsure []*use
	pace          int     // how often they come, in paceSteps of that
	often         float64 // at first, to tell apart those of other sources of the part
}

// pacedAt is how often a use comes, in paceSteps of how often it comes at first; ok
// is false where that is no whole number.
func (s *sum) pacedAt(u *use) (pace int, ok bool) {
	if u.kept.base == u {
		return paceSteps, true
	}
	x := paceSteps * s.often(u) / s.often(u.kept.base)
	return int(math.Round(x)), math.Abs(x-math.Round(x)) < 1e-9
}

// often is the rate of a use at 1 of its gamma, which it is in proportion to.
func (s *sum) often(u *use) float64 {
	if u.gamma == scenario.NoParam {
		return u.frequency(s.theta)
	}
	was := s.theta[u.gamma]
	defer func() { s.theta[u.gamma] = was }()
	s.theta[u.gamma] = 1
	return u.frequency(s.theta)
}

// recurring lists the amounts of lost time that a use is made of, and how often in
// the window they come; ok is false where it is made of others.
func (s *sum) recurring(u *use) (out []distribution.Recurring, ok bool) {
	if u.Even || u.Change != nil || len(u.oftenParams)+len(u.goesParams) > 0 {
		return nil, false
	}
	list, ok := u.at(s.worker).Fixed()
	if !ok {
		return nil, false
	}
	often := s.seconds * u.frequency(s.theta)
	for _, o := range list {
		out = append(out, distribution.Recurring{Amount: o.Bad, Mean: often * o.P})
	}
	return out, true
}

// allRecurring is recurring of all uses, where there is nothing else.
func (s *sum) allRecurring() (out []distribution.Recurring, ok bool) {
	for _, u := range s.uses {
		if u.Even && u.exactBackground() != nil {
			continue // certain
		}
		x, ok := s.recurring(u)
		if !ok {
			return nil, false
		}
		out = append(out, x...)
	}
	return out, true
}

// A block is uses that share unsure inputs or the occurrences of a change.
type block struct {
	outer   []int // params shared by several of its uses
	poisson []*use
	changes []*changeUse
	level   []*use // background that is unsure
}

// A changeUse is one change with what happens at its occurrences.
type changeUse struct {
	change *scenario.Change
	down   *use
	risks  []*use
	// planned is the number of occurrences whose downtime is in certain.
	planned int
}

// newSum sorts uses into blocks.
func newSum(w *worker, window *big.Rat, objective string, uses []*use) *sum {
	s := &sum{worker: w, window: window, told: uses, objective: objective, certain: new(big.Rat)}
	uses = joined(uses)
	s.uses = uses
	s.seconds, _ = window.Float64()

	// Join uses that share a param or a change.
	group := make([]int, len(uses))
	for i := range group {
		group[i] = i
	}
	var find func(int) int
	find = func(i int) int {
		if group[i] != i {
			group[i] = find(group[i])
		}
		return group[i]
	}
	byParam, byChange := map[int]int{}, map[*scenario.Change]int{}
	count := map[int]int{}
	for i, u := range uses {
		for _, p := range u.all() {
			count[p]++
			if k, ok := byParam[p]; ok {
				group[find(i)] = find(k)
			}
			byParam[p] = i
		}
		if u.Change != nil {
			if k, ok := byChange[u.Change]; ok {
				group[find(i)] = find(k)
			}
			byChange[u.Change] = i
		}
	}
	blocks := map[int]*block{}
	changes := map[*scenario.Change]*changeUse{}
	at := map[int]int{}
	for i, u := range uses {
		pace, ok := s.plainAt(u, count)
		k, found := at[u.part]
		if ok && (!found || s.plain[k].pace == pace) {
			if !found {
				k = len(s.plain)
				at[u.part] = k
				s.plain = append(s.plain, plainUses{part: u.part, impact: u.reach.exact.RatString(), pace: pace})
			}
			g := &s.plain[k]
			g.uses = append(g.uses, u)
			u.own = u.oftenParams
			if u.gamma == scenario.NoParam {
				g.exact = append(g.exact, u.kept.base)
			} else {
				g.unsure = append(g.unsure, u)
			}
			g.often += s.often(u.kept.base)
			continue
		}
		b := blocks[find(i)]
		if b == nil {
			b = &block{}
			blocks[find(i)] = b
			s.blocks = append(s.blocks, b)
		}
		u.own = nil
		for _, p := range u.all() {
			if count[p] == 1 {
				u.own = append(u.own, p)
			} else {
				b.outer = appendNew(b.outer, p)
			}
		}
		switch {
		case u.Even:
			if share := u.exactBackground(); share != nil {
				s.certain.Add(s.certain, share.Mul(share, window))
				continue
			}
			b.level = append(b.level, u)
		case u.Change != nil:
			c := changes[u.Change]
			if c == nil {
				c = &changeUse{change: u.Change}
				changes[u.Change] = c
				b.changes = append(b.changes, c)
			}
			if u.Kind == ChangeSource {
				c.down = u
			} else {
				c.risks = append(c.risks, u)
			}
		default:
			b.poisson = append(b.poisson, u)
		}
	}
	for _, b := range s.blocks {
		for _, c := range b.changes {
			s.plan(c)
		}
	}
	return s
}

// plainAt reports whether a use is plain and what it hangs on is its own, and its
// pace.
func (s *sum) plainAt(u *use, count map[int]int) (pace int, ok bool) {
	if !u.kept.plain || slices.ContainsFunc(u.oftenParams, func(p int) bool { return count[p] > 1 }) {
		return 0, false
	}
	return s.pacedAt(u)
}

// exactBackground is the share of all time that a background spends; nil where
// it is unsure.
func (u *use) exactBackground() *big.Rat {
	impact := u.exactImpact()
	if impact == nil || !u.Source.Share.Sure() {
		return nil
	}
	return new(big.Rat).Mul(impact, u.Source.Share.Rat())
}

// plan moves the downtime that every window surely spends on a change into
// certain.
func (s *sum) plan(c *changeUse) {
	if c.down == nil || !c.change.Every.Sure() {
		return
	}
	impact := c.down.exactImpact()
	length, ok := c.down.Incident.Attempts[0].Takes.Exactly()
	if impact == nil || !ok {
		return
	}
	n, _ := s.occurrences(c.change)
	c.planned = int(n)
	x := new(big.Rat).Mul(impact, length)
	s.certain.Add(s.certain, x.Mul(x, new(big.Rat).SetInt64(n)))
}

// occurrences returns ⌊W/every⌋ and the probability of one more.
func (s *sum) occurrences(c *scenario.Change) (n int64, more float64) {
	x := new(big.Rat).Mul(s.window, c.Every.Rat())
	floor := new(big.Int).Quo(x.Num(), x.Denom())
	more, _ = new(big.Rat).Sub(x, new(big.Rat).SetInt(floor)).Float64()
	return floor.Int64(), more
}

// A count is a number of occurrences and its probability.
type count struct {
	n int
	p float64
}

// mostCounts is about how many numbers of occurrences are told apart.
const mostCounts = 1024

// counts returns how often a change happens in a window. theta is nil where
// its unsure rhythm is to be averaged over: then W × rate is gamma distributed
// and P(n) = M(n+1) − 2M(n) + M(n−1) of M(x) = E[(x − W·rate)⁺].
func (s *sum) counts(c *scenario.Change, theta []float64) []count {
	at := func(x float64) []count {
		n := math.Floor(x)
		if x == n {
			return []count{{int(n), 1}}
		}
		return []count{{int(n), 1 - (x - n)}, {int(n) + 1, x - n}}
	}
	if c.Every.Sure() {
		n, more := s.occurrences(c)
		if more == 0 {
			return []count{{int(n), 1}}
		}
		return []count{{int(n), 1 - more}, {int(n) + 1, more}}
	}
	if theta != nil {
		return at(s.seconds * c.Every.Value(theta))
	}
	g := s.params[c.Every.Terms[0].Param].Law.(distribution.Gamma).Scale(s.seconds)
	if list, ok := s.worker.counts[g]; ok {
		return list
	}
	up := distribution.Gamma{Shape: g.Shape + 1, Span: g.Span}
	below := func(x float64) float64 { return x*g.CDF(x) - g.Mean()*up.CDF(x) }
	lo := max(0, int(g.Quantile(1e-15))-1)
	hi := int(g.Quantile(1-1e-15)) + 2
	// Of very many numbers every k-th stands for those around it, by the same
	// formula and with the same mean.
	k := 1 + (hi-lo)/mostCounts
	lo -= lo % k
	var out []count
	for n := lo; n < hi+k; n += k {
		x := float64(n)
		p := below(x+float64(k)) - 2*below(x)
		if n > 0 {
			p += below(x - float64(k))
		}
		if p /= float64(k); p > 0 {
			out = append(out, count{n, p})
		}
	}
	s.worker.counts[g] = out
	return out
}

// apart is by how much counts are apart: all differences are multiples of it.
func apart(counts []count) int {
	every := 0
	for _, c := range counts[1:] {
		for a, b := every, c.n-counts[0].n; ; a, b = b, a%b {
			if b == 0 {
				every = a
				break
			}
		}
	}
	return max(1, every)
}

// maybeFixed reports whether an incident can be made of fixed lengths only: it
// can be detected after one, and the first attempt takes one.
func (u *use) maybeFixed() bool {
	in := u.Incident
	if u.Even {
		return true // the same in every window
	}
	fixed := scenario.Length.Fixed
	first := in.Attempts[0]
	return (len(in.Detect) == 0 || slices.ContainsFunc(in.Detect, func(p scenario.Path) bool { return fixed(p.After) })) &&
		fixed(first.Takes) && (first.Responder < 0 || fixed(in.Acknowledge[first.Responder]))
}

// divisor returns the largest length of which the lost time of all incidents
// that are made of fixed lengths only is a whole multiple; nil where there is
// none, or no such incident at all.
func (s *sum) divisor() (step *big.Rat, ok bool) {
	ok = true
	for _, u := range s.uses {
		if u.Even {
			ok = ok && u.exactBackground() != nil
			continue
		}
		if !u.maybeFixed() {
			continue
		}
		sure := u.divisors(func(x *big.Rat) {
			if x.Sign() > 0 {
				step = gcd(step, x)
			}
		})
		ok = ok && sure
	}
	if !ok {
		return nil, false
	}
	return step, true
}

// gcd of two positive fractions: a/b and c/d have gcd(ad, cb)/bd.
func gcd(a, b *big.Rat) *big.Rat {
	if a == nil {
		return b
	}
	x := new(big.Int).Mul(a.Num(), b.Denom())
	y := new(big.Int).Mul(b.Num(), a.Denom())
	return new(big.Rat).SetFrac(new(big.Int).GCD(nil, nil, x, y), new(big.Int).Mul(a.Denom(), b.Denom()))
}

// allFixed reports whether no incident's length differs from that of others in
// a smooth way, once the unsure inputs are known.
func (s *sum) allFixed() bool {
	for _, u := range s.uses {
		smooth := func(l scenario.Length) bool { return !l.Fixed() }
		in := u.Incident
		if slices.ContainsFunc(in.Detect, func(p scenario.Path) bool { return smooth(p.After) }) ||
			slices.ContainsFunc(in.Attempts, func(a scenario.Attempt) bool { return smooth(a.Takes) }) ||
			slices.ContainsFunc(in.Acknowledge, smooth) {
			return false
		}
	}
	return true
}

// regroup averages around a block what else would be averaged inside of it for
// each number of occurrences of a change, where there are many such numbers.
func (s *sum) regroup() {
	for _, b := range s.blocks {
		for _, c := range b.changes {
			if c.change.Every.Sure() {
				continue
			}
			list := c.risks
			if c.down != nil {
				list = append(list[:len(list):len(list)], c.down)
			}
			for _, u := range list {
				fixed := u.maybeFixed()
				u.own = slices.DeleteFunc(slices.Clone(u.own), func(p int) bool {
					if fixed && s.params[p].Length {
						return false
					}
					b.outer = append(b.outer, p)
					return true
				})
			}
		}
	}
}
