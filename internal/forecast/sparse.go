package forecast

import (
	"cmp"
	"math"
	"slices"
)

// A sparse grid averages a function of several unsure inputs. It is a sum of
// products of Gauss rules, of which those are taken that matter: from the
// product of one point each it goes on, input by input and pair by pair, where
// the average still moves (Gerstner & Griebel, Dimension-adaptive tensor-product
// quadrature, Computing 71, 2003). How far the products at its rim still move it
// is the error figure.
type sparse struct {
	sum    *sum
	theta  []float64
	params []int
	first  []float64           // the one point of each
	of     func(out []float64) // the function, where theta is set
	scale  []float64           // what a move is held against; nil: 1, and of moments what they are

	known   map[string][]float64 // products of rules
	moves   map[string]float64   // what each product still moved
	old     map[string]bool
	active  []string
	spentOn map[string]bool // products on the rim for good
	spent   int             // points at which the function was computed
}

// ruleSizes are the numbers of points of the rules for one input, from one step to
// the next.
var ruleSizes = [...]int{1, 3, 5, 9, 15, 24, 36}

// A plan is points and weights to average with. Weights may be negative.
type plan struct {
	points  [][]float64
	weights []float64
	rim     float64 // how far the last products moved the average
	differ  map[string]int
}

// apart returns how many points differ in those of the params that matter.
func (p *plan) apart(params []int, matters func(p int) bool) int {
	var which []byte // of params, as a key
	for i, q := range params {
		if matters(q) {
			which = append(which, byte(i), byte(i>>8))
		}
	}
	if n, ok := p.differ[string(which)]; ok {
		return n
	}
	seen := map[string]bool{}
	var key []byte
	for _, point := range p.points {
		key = key[:0]
		for k := 0; k < len(which); k += 2 {
			key = appendFloat(key, point[int(which[k])|int(which[k+1])<<8])
		}
		seen[string(key)] = true
	}
	if p.differ == nil {
		p.differ = map[string]int{}
	}
	p.differ[string(which)] = len(seen)
	return len(seen)
}

func (s *sum) sparse(theta []float64, params []int, dim int, relative bool, of func(out []float64)) *sparse {
	x := &sparse{
		sum: s, theta: theta, params: params, of: of,
		known: map[string][]float64{}, moves: map[string]float64{}, old: map[string]bool{},
		spentOn: map[string]bool{},
	}
	first := string(make([]byte, len(params)))
	zero := x.product(first, dim)
	x.scale = make([]float64, dim)
	for i, v := range zero {
		x.scale[i] = 1
		if relative {
			x.scale[i] = math.Max(math.Abs(v), 1e-300)
		}
	}
	x.moves[first] = 1
	x.active = []string{first}
	return x
}

// product returns the average by a product of rules.
func (x *sparse) product(k string, dim int) []float64 {
	if v, ok := x.known[k]; ok {
		return v
	}
	total, one := make([]float64, dim), make([]float64, dim)
	x.visit(k, func(w float64) {
		x.sum.poll()
		clear(one)
		x.of(one)
		x.spent++
		for i, v := range one {
			total[i] += w * v
		}
	})
	x.known[k] = total
	return total
}

// visit calls f at each point of a product of rules.
func (x *sparse) visit(k string, f func(weight float64)) {
	if x.first == nil {
		for _, p := range x.params {
			at, _ := x.sum.gauss(p, ruleSizes[0])
			x.first = append(x.first, at[0])
		}
	}
	// Most inputs stay at their one point.
	var moved []int
	for i, p := range x.params {
		x.theta[p] = x.first[i]
		if k[i] > 0 {
			moved = append(moved, i)
		}
	}
	var walk func(list []int, w float64)
	walk = func(list []int, w float64) {
		if len(list) == 0 {
			f(w)
			return
		}
		i := list[0]
		at, by := x.sum.gauss(x.params[i], ruleSizes[k[i]])
		for n, v := range at {
			x.theta[x.params[i]] = v
			walk(list[1:], w*by[n])
		}
	}
	walk(moved, 1)
}

// points is how many points a product has.
func (x *sparse) points(k string) int {
	n := 1
	for i := range len(k) {
		n *= ruleSizes[k[i]]
	}
	return n
}

// below calls f with each of the products one step or none below in each input,
// with its sign.
func below(k string, f func(k string, sign float64)) {
	b := []byte(k)
	var walk func(i int, sign float64)
	walk = func(i int, sign float64) {
		for i < len(b) && b[i] == 0 {
			i++
		}
		if i == len(b) {
			f(string(b), sign)
			return
		}
		walk(i+1, sign)
		b[i]--
		walk(i+1, -sign)
		b[i]++
	}
	walk(0, 1)
}

// rim is how far the products at the rim move the average.
func (x *sparse) rim() float64 {
	sum := 0.0
	for _, k := range x.active {
		sum += x.moves[k]
	}
	return sum
}

// refine goes on until the rim moves the average by less than tol, or the
// function has been computed at most times. It reports whether it got there.
func (x *sparse) refine(tol float64, most int) bool {
	dim := len(x.scale)
	for x.rim() > tol {
		best := -1
		for i, k := range x.active {
			if x.spentOn[k] {
				continue
			}
			if best < 0 || x.moves[k] > x.moves[x.active[best]] {
				best = i
			}
		}
		if best < 0 || x.spent >= most {
			return false
		}
		k := x.active[best]
		x.active = slices.Delete(x.active, best, best+1)
		x.old[k] = true
		last := false
		for i := range len(k) {
			b := []byte(k)
			if b[i]++; int(b[i]) == len(ruleSizes) {
				last = true // there are no finer rules
				continue
			}
			next, fits := string(b), true
			for n := range b {
				if b[n] > 0 {
					b[n]--
					fits = fits && x.old[string(b)]
					b[n]++
				}
			}
			if !fits {
				continue
			}
			if x.spent+x.points(next) > 2*most {
				// Not to be had; what it would move is taken to be what the one
				// before it did.
				return x.giveUp(k)
			}
			move := make([]float64, dim)
			below(next, func(k string, sign float64) {
				for n, v := range x.product(k, dim) {
					move[n] += sign * v
				}
			})
			worst := 0.0
			for n, v := range move {
				worst = math.Max(worst, math.Abs(v)/x.scale[n])
			}
			x.moves[next] = worst
			x.active = append(x.active, next)
		}
		if last {
			x.spentOn[k] = true
			x.giveUp(k)
		}
	}
	return true
}

// giveUp puts a product back on the rim.
func (x *sparse) giveUp(k string) bool {
	delete(x.old, k)
	x.active = append(x.active, k)
	return false
}

// combined calls f with each product and its weight in the whole.
func (x *sparse) combined(f func(k string, weight float64)) {
	var all []string
	for k := range x.old {
		all = append(all, k)
	}
	all = append(all, x.active...)
	slices.Sort(all)
	all = slices.Compact(all)
	// Σ of the moves of all products of the set.
	weight := map[string]float64{}
	for _, k := range all {
		below(k, func(k string, sign float64) { weight[k] += sign })
	}
	for _, k := range all {
		if w := weight[k]; w != 0 {
			f(k, w)
		}
	}
}

// mean returns the average.
func (x *sparse) mean() []float64 {
	out := make([]float64, len(x.scale))
	x.combined(func(k string, w float64) {
		for i, v := range x.product(k, len(out)) {
			out[i] += w * v
		}
	})
	return out
}

// plan returns the points and weights as they are now.
func (x *sparse) plan() plan {
	p := plan{rim: x.rim()}
	at := map[string]int{}
	x.combined(func(k string, w float64) {
		x.visit(k, func(v float64) {
			point := make([]float64, len(x.params))
			var key []byte
			for i, q := range x.params {
				point[i] = x.theta[q]
				key = appendFloat(key, point[i])
			}
			if i, ok := at[string(key)]; ok {
				p.weights[i] += w * v
				return
			}
			at[string(key)] = len(p.points)
			p.points, p.weights = append(p.points, point), append(p.weights, w*v)
		})
	})
	return p
}

func appendFloat(b []byte, x float64) []byte {
	v := math.Float64bits(x)
	for range 8 {
		b, v = append(b, byte(v)), v>>8
	}
	return b
}

// mostMoments bounds at how many points moments are computed.
const mostMoments = 400

// averageOver returns the average of a few numbers of some uses over params of theirs.
// Means are linear in most of them, so that few points are enough.
func (s *sum) averageOver(params []int, uses []*use, dim int, of func(out []float64)) []float64 {
	if len(params) == 0 {
		out := make([]float64, dim)
		of(out)
		return out
	}
	most := cmp.Or(s.points, mostMoments)
	if slices.ContainsFunc(uses, func(u *use) bool {
		return u.whole != nil && slices.ContainsFunc(params, func(p int) bool { return slices.Contains(u.goesParams, p) })
	}) {
		most /= 8 // the law of what is felt is made anew at each point
	}
	x := s.sparse(s.theta, params, dim, true, of)
	x.refine(1e-10, most)
	return x.mean()
}
