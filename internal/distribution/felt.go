package distribution

import (
	"cmp"
	"math"
	"slices"
)

// seldom is how rarely something may be felt to be taken as never felt: beyond
// it lies what rounding leaves of a tail.
const seldom = 1e-16

// A Felt is a share of users who do not feel the first part of an incident.
type Felt struct {
	Share float64
	After Law // how long they do not feel it
}

// FeltOf returns what users feel of an amount of lost time X of which each group
// of them does not feel the first part: the chance that anything is felt, and
// the law of Σ Share·(X − After)⁺ given that something is. The groups' After
// are the same law each time, drawn apart for each incident. A law of fixed
// lengths only stays one.
func FeltOf(l Law, groups []Felt) (chance float64, felt Law) {
	if nobody := func(g Felt) bool { return !(g.Share > 0) }; slices.ContainsFunc(groups, nobody) {
		groups = slices.DeleteFunc(slices.Clone(groups), nobody)
	}
	if len(groups) == 0 {
		return 0, Fixed(0)
	}
	if x, ok := l.(Fixed); ok && allFixed(groups) {
		sum := 0.0
		for _, g := range groups {
			sum += g.Share * math.Max(0, float64(x)-float64(g.After.(Fixed)))
		}
		if sum == 0 {
			return 0, Fixed(0)
		}
		return 1, Fixed(sum)
	}
	if x, ok := l.(Exponential); ok && len(groups) == 1 {
		if a, ok := groups[0].After.(Fixed); ok {
			// It forgets how long it has lasted.
			return x.Survival(float64(a)), x.Scale(groups[0].Share)
		}
	}
	// The survival of the sum, for each combination of the groups' After.
	var combos []combo
	combos = append(combos, combo{p: 1})
	random := 0
	for _, g := range groups {
		if _, fixed := g.After.(Fixed); !fixed {
			random++
		}
	}
	if x, ok := l.(Fixed); ok && random == 1 {
		return feltOfFixed(float64(x), groups)
	}
	most := max(1, int(math.Pow(MostFelt, 1/float64(max(1, random)))+1e-9))
	for _, g := range groups {
		xs, ws := nodesOf(g.After, most)
		var next []combo
		for _, c := range combos {
			for i := range xs {
				next = append(next, combo{p: c.p * ws[i], after: append(slices.Clone(c.after), xs[i])})
			}
		}
		combos = next
	}
	for i := range combos {
		c := &combos[i]
		for k := range groups {
			c.order = append(c.order, k)
		}
		slices.SortStableFunc(c.order, func(a, b int) int { return cmp.Compare(c.after[a], c.after[b]) })
	}
	high := 0.0
	for _, c := range combos {
		chance += c.p * l.Survival(slices.Min(c.after))
	}
	for _, c := range combos {
		high = math.Max(high, c.bend(groups, reachOf(l)))
	}
	if chance <= seldom || high <= 0 {
		return 0, Fixed(0)
	}
	var also []float64
	for _, c := range combos {
		if f, ok := l.(Fixed); ok {
			also = append(also, beside(c.bend(groups, float64(f)))...)
		}
		for _, a := range c.after {
			also = append(also, c.bend(groups, a))
		}
	}
	survival := func(y float64) float64 {
		sum := 0.0
		for _, c := range combos {
			sum += c.p * l.Survival(c.unbend(groups, y))
		}
		return sum / chance
	}
	mean := 0.0
	for _, c := range combos {
		for i, g := range groups {
			mean += c.p * g.Share * l.Above(c.after[i])
		}
	}
	return chance, NewTable(survival, Points(high*1e-7, high*(1+1e-12), also...)).To(mean / chance)
}

// feltOfFixed is FeltOf for an amount that is always the same, where what one of the
// groups does not feel is not: with R for that, c for what the others feel and s for
// its share, P(c + s·(x − R)⁺ > y) = P(R < x − (y − c)/s) from c on.
func feltOfFixed(x float64, groups []Felt) (chance float64, felt Law) {
	c, s := 0.0, 0.0
	var r Law
	for _, g := range groups {
		if a, ok := g.After.(Fixed); ok {
			c += g.Share * math.Max(0, x-float64(a))
		} else {
			s, r = g.Share, g.After
		}
	}
	some := 1 - r.Survival(x)
	if chance = 1; c <= 0 {
		chance = some
	}
	if chance <= seldom {
		return 0, Fixed(0)
	}
	if some <= seldom {
		return chance, Fixed(c)
	}
	survival := func(y float64) float64 {
		switch left := x - (y-c)/s; {
		case y < c:
			return 1
		case left <= 0:
			return 0
		default:
			return (1 - r.Survival(left)) / chance
		}
	}
	also := beside(c)
	for _, at := range Points(1e-4*x, x) {
		also = append(also, c+s*(x-at))
	}
	high := c + s*x
	return chance, NewTable(survival, Points(high*1e-7, high*(1+1e-12), also...)).To((c + s*r.Below(x)) / chance)
}

type combo struct {
	p     float64
	after []float64
	order []int // of the groups, by after
}

// bend is Σ Share·(x − after)⁺.
func (c combo) bend(groups []Felt, x float64) float64 {
	sum := 0.0
	for i, g := range groups {
		sum += g.Share * math.Max(0, x-c.after[i])
	}
	return sum
}

// unbend is the x with bend(x) = y.
func (c combo) unbend(groups []Felt, y float64) float64 {
	order := c.order
	slope, x, reached := 0.0, c.after[order[0]], 0.0
	for k, i := range order {
		x = c.after[i]
		slope += groups[i].Share
		if k+1 == len(order) {
			break
		}
		next := c.after[order[k+1]]
		if reached+slope*(next-x) >= y {
			break
		}
		reached += slope * (next - x)
	}
	return x + (y-reached)/slope
}

func allFixed(groups []Felt) bool {
	return !slices.ContainsFunc(groups, func(g Felt) bool { _, ok := g.After.(Fixed); return !ok })
}

// MostFelt is up to how many combinations of what groups do not feel are told apart.
const MostFelt = 128
