package availability

import (
	"math"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// Outages of several elements at once come in clusters: while one of them is down
// for long another may fail more than once. Of two elements that are down for the
// shares p and q of the time, let R and S be how much longer one that is down will
// be so, which is another outage's end at a random moment of it, P(R > t) =
// E[(L − t)⁺]/E[L]. Incidents of both at once, were they a Poisson process, would
// have the variance 2pq·E[min(R, S)] in a unit of time; in truth it is that of the
// product of two processes,
//
//	2pq·(E[min(R, S)] + p·(E[S] − δ) + …)
//
// and the same with both exchanged, up to higher powers. E[S] stands for all that
// the first does while the second is down, and δ for what it does less often since
// it is down itself: E[min(R + R', S)] where it has no new incident while it is
// down, and about as much as E[min(R, S)] where it may, but for the users that are
// hit already.
//
// What another element does in the same outage of the second adds to it in the same
// way, in whatever group that is: so p·E[S] is that of all of these, as much as each
// spends of lost time.
type clusterings struct {
	rows []tally
	list []clustered
	long map[longKey][]int // of the list, cuts of two that it is in
}

// A longKey is one of the kinds of what takes an element down.
type longKey struct {
	element
	kind int
}

// clustered is one way in which the elements of a cut are down.
type clustered struct {
	row    int
	kind   int // of the row
	often  float64
	share  float64 // of users, that are hit
	mean   float64 // lost time of an outage
	chosen []*similar
	keys   []longKey
	own    []float64 // by element: what all of its kinds do, relative to the one chosen
	many   []float64 // and how many incidents of them there are
}

// add notes that chosen are down at once, each one of its element's kinds.
func (x *clusterings) add(row int, cover, share float64, o overlap, elements []element, kinds [][]similar, chosen []*similar) {
	r := &x.rows[row]
	c := clustered{row: row, kind: len(r.kinds), often: cover, share: share, mean: share * o.q / o.often}
	r.kinds = append(r.kinds, Outages{
		Cuts: len(o.cuts), Often: cover * o.often, Mass: cover * share * o.q,
	})
	for i, k := range chosen {
		if k.even {
			continue
		}
		own, many, at := 0.0, 0.0, 0
		for n := range kinds[i] {
			if o := &kinds[i][n]; o == k {
				at = n
			}
			if o := &kinds[i][n]; !o.even {
				own += o.q * o.share
				many += o.often
			}
		}
		c.chosen = append(c.chosen, k)
		c.keys = append(c.keys, longKey{elements[i], at})
		c.own = append(c.own, own/(k.q*k.share))
		c.many = append(c.many, many/k.often)
	}
	if len(c.chosen) < 2 {
		// With errors that are always there: as often and as long as the one is down.
		_, mean, spread := c.chosen[0].blend.Moments()
		r.kinds[c.kind].Second = cover * o.often * share * share * mean * mean * spread
		r.kinds[c.kind].Lone, r.kinds[c.kind].Of = true, c.chosen[0].causes
		return
	}
	if len(c.chosen) == 2 {
		if x.long == nil {
			x.long = map[longKey][]int{}
		}
		for _, k := range c.keys {
			x.long[k] = append(x.long[k], len(x.list))
		}
	}
	x.list = append(x.list, c)
}

// spends is the lost time of one element while the other one of two is down.
func (c *clustered) spends(i int) float64 { return c.often * c.share * c.chosen[i].q }

// mostPartners is how many cuts of one element are held against each other one by one.
const mostPartners = 24

// others is what happens while the other element of two is down, relative to what this
// one does itself: lost time, and number of incidents. Of what two cuts add to the variance together the one with the longer
// outages has the greater part: so those of a cluster are about as many as they are.
func (x *clusterings) others(c *clustered, i int) (spent, number float64) {
	other, mine := c.keys[1-i], c.spends(i)
	partners := x.long[other]
	for _, n := range partners {
		o := &x.list[n]
		k := 0
		if o.keys[0] == other {
			k = 1
		}
		part := 1.0
		if len(partners) <= mostPartners {
			part = 2 * c.mean / (c.mean + o.mean)
		}
		spent += part * o.spends(k) / mine
		number += o.spends(k) / mine * c.mean / o.mean
	}
	return spent, number
}

// tell adds to each row the variance that its incidents have and what clusters add.
func (x *clusterings) tell() {
	for n := range x.list {
		c := &x.list[n]
		rest := make([]residual, len(c.chosen))
		q := 1.0
		var all residual
		for i, k := range c.chosen {
			rest[i] = residualOf(k.blend)
			q *= k.q
			if i == 0 {
				all = rest[0]
			} else {
				all = all.and(rest[i])
			}
		}
		if !(all.mean > 0) {
			continue
		}
		r := &x.rows[c.row].kinds[c.kind]
		each := 2 * c.often * q * c.share * c.share
		r.Second += each * all.mean
		more, evenly, pairs := 0.0, 0.0, 0.0
		for i, k := range c.chosen {
			var others residual
			for m := range c.chosen {
				switch {
				case m == i:
				case others.mean == 0:
					others = rest[m]
				default:
					others = others.and(rest[m])
				}
			}
			in, number := c.own[i], c.many[i]
			if len(c.chosen) == 2 {
				in, number = x.others(c, i)
			}
			less := 1.15 * k.share * both(rest[i], others)
			if k.alternates {
				less = twice(rest[i], others)
			}
			of := each * math.Min(0.5, k.q)
			adds := of * math.Max(0, in*others.mean-c.own[i]*less)
			more += adds
			pairs += of * math.Max(0, number*others.mean-c.many[i]*less) / (c.mean * c.mean)
			evenly += adds * (1 - others.varies)
		}
		if most := math.Max(0, (each*all.mean+more)*settling(c.chosen)-each*all.mean); most < more {
			more, evenly, pairs = most, evenly*most/more, pairs*most/more
		}
		r.More += more
		r.Pairs += pairs
		r.Evenly += evenly
	}
}

// settling is what the higher powers of how often two parts are down take off the
// variance of the time that both are. Where neither has a new incident while it is down
// each comes back to its mean sooner than its outages last, by 1 − p and 1 − q: of two
// exponential machines that are down for the same share q of the time the integral of the
// covariance is q²·L·(1 − q)²·(1 + 3q)/2 for outages of the mean length L, against
// q²·L·(1 + q)/2 of the first powers.
func settling(chosen []*similar) float64 {
	if len(chosen) != 2 || !chosen[0].alternates || !chosen[1].alternates {
		return 1
	}
	p, q := math.Min(1, chosen[0].q), math.Min(1, chosen[1].q)
	return (1 - p) * (1 - q) * (1 + 1.5*(p+q)) / (1 + (p+q)/2)
}

// mostClusters bounds how far outages are taken to come in clusters.
const mostClusters = 30

// Outages are some of those of a row, that go together: so many of its cuts, one
// after the other. What it says is a second, and in proportion to other kinds.
type Outages struct {
	Cuts   int
	Often  float64 // outages
	Mass   float64 // lost time
	Second float64 // Σ lost time²
	// More is by how much the variance is more since they come in clusters, Evenly the
	// part of it that is due to long outages of one length, and Pairs how many pairs of
	// outages are of one cluster: Σ n·(n − 1).
	More, Evenly, Pairs float64
	// Lone: of one part, with errors of others that are always there. They are far
	// shorter than others, and as many as those of the part: Of are the causes of its
	// cut, one for each kind of incident that it begins with.
	Lone bool
	Of   []*scenario.Source
}

// add is both kinds together.
func (k *Outages) add(o *Outages) {
	k.Cuts += o.Cuts
	k.Often += o.Often
	k.Mass += o.Mass
	k.Second += o.Second
	k.More += o.More
	k.Evenly += o.Evenly
	k.Pairs += o.Pairs
}

// Clusters is by how much outages come in clusters, the part of it that is due to
// long outages of one length, and how far those of a cluster are alike. Clusters c of
// outages of the mean lost time m, with the variance s² and the correlation r of two of
// one cluster, add c·(m² + r·s²) a unit of time to the variance for each outage there
// is. There are as many pairs as the number says, and they are as much alike as they must
// be for that variance.
func (k *Outages) Clusters() (clusters, evenly, alike float64) {
	if k.Mass <= 0 || k.More <= 0 || k.Pairs <= 0 || k.Often <= 0 {
		return 0, 0, 0
	}
	mean := k.Mass / k.Often
	if varies := k.Second/k.Often - mean*mean; varies > 0 {
		alike = math.Max(0, math.Min(1, (k.More/k.Pairs-mean*mean)/varies))
		mean = math.Sqrt(mean*mean + alike*varies)
	}
	clusters = math.Min(mostClusters, k.More/(k.Often*mean*mean))
	return clusters, clusters * k.Evenly / k.More, alike
}

// Sum is what some kinds of outages come to.
func Sum(kinds []Outages) (all Outages) {
	for i := range kinds {
		all.add(&kinds[i])
	}
	return all
}

// A residual is how long something that is down will still be so: as long as any
// value up to twice the mean, for what is always equally long, or exponential, or
// something between.
type residual struct {
	mean   float64
	varies float64 // 0 uniform … 1 exponential
}

func residualOf(b distribution.Blend) residual {
	_, mean, spread := b.Moments()
	return residual{mean * spread / 2, math.Max(0, math.Min(1, spread-1))}
}

// and is the one that ends first.
func (a residual) and(b residual) residual {
	m := both(a, b)
	// A uniform one in company is no longer uniform, nor exponential.
	return residual{m, math.Max(0, math.Min(1, (a.varies*b.mean+b.varies*a.mean)/(a.mean+b.mean)))}
}

// both is E[min(R, S)].
func both(a, b residual) float64 {
	if a.mean <= 0 || b.mean <= 0 {
		return 0
	}
	x := func(u, r float64) float64 { // one uniform up to u, the other exponential
		return r + r*r/u*math.Expm1(-u/r)
	}
	low, high := 2*math.Min(a.mean, b.mean), 2*math.Max(a.mean, b.mean)
	uniform := low/2 - low*low/(6*high)
	return (1-a.varies)*(1-b.varies)*uniform +
		(1-a.varies)*b.varies*x(2*a.mean, b.mean) +
		a.varies*(1-b.varies)*x(2*b.mean, a.mean) +
		a.varies*b.varies*a.mean*b.mean/(a.mean+b.mean)
}

// twice is E[min(R + R', S)], with R' as R and apart from it.
func twice(r, s residual) float64 {
	if r.mean <= 0 || s.mean <= 0 {
		return 0
	}
	return (1-r.varies)*((1-s.varies)*triangleUniform(2*r.mean, 2*s.mean)+s.varies*triangleExponential(2*r.mean, s.mean)) +
		r.varies*((1-s.varies)*gammaUniform(r.mean, 2*s.mean)+s.varies*gammaExponential(r.mean, s.mean))
}

// triangleUniform is E[min(A + A', B)] for A up to a and B up to b, uniform.
func triangleUniform(a, b float64) float64 {
	// ∫ P(A + A' > t)(1 − t/b) dt up to b, with P = 1 − t²/2a² up to a and (2a − t)²/2a² beyond.
	t := math.Min(a, b)
	sum := t - t*t/(2*b) - (t*t*t/3-t*t*t*t/(4*b))/(2*a*a)
	if b <= a {
		return sum
	}
	// With u = 2a − t from 2a − min(b, 2a) to a: u²/2a²·(1 − (2a − u)/b).
	from := 2*a - math.Min(b, 2*a)
	cube := func(u float64) float64 { return u*u*u/3*(1-2*a/b) + u*u*u*u/(4*b) }
	return sum + (cube(a)-cube(from))/(2*a*a)
}

// triangleExponential is the same for B exponential with the mean s.
func triangleExponential(a, s float64) float64 {
	y := -math.Expm1(-a/s) * s / a
	return s * (1 - y*y)
}

// gammaExponential is the same for A exponential, too.
func gammaExponential(r, s float64) float64 {
	h := r * s / (r + s)
	return h + h*h/r
}

// gammaUniform is the same for A exponential with the mean r and B uniform up to b.
func gammaUniform(r, b float64) float64 {
	x := b / r
	e := math.Exp(-x)
	return r * (2 - (2+x)*e - (3-(3+3*x+x*x)*e)/x)
}
