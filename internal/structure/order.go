package structure

import (
	"cmp"
	"slices"
	"sync"
)

// A ranking says which inputs of a gate come first: those with less.
type ranking func(x int32) float64

// orders are the ways in which the inputs of a module are put into an order.
// Each is worked out when it is tried: mostly the first is good enough.
func (b *builder) orders() []func() []int32 {
	sizes := b.sizes()
	shared := func(x int32) float64 { return -float64(b.uses[x]) }
	small := func(x int32) float64 { return sizes[x] }
	large := func(x int32) float64 { return -sizes[x] }
	down := sync.OnceValue(func() []int32 { return b.depthFirst(small) })
	wide := sync.OnceValue(b.breadthFirst)
	place := sync.OnceValue(func() []float64 { return b.places(down()) })
	placeUp := sync.OnceValue(func() []float64 { return b.places(backwards(wide())) })
	near := func(x int32) float64 { return place()[x] }
	sharedNear := func(x int32) float64 {
		if b.uses[x] < muchUsed {
			return place()[x]
		}
		return -float64(b.uses[x])
	}
	by := func(rank ranking) func() []int32 { return func() []int32 { return b.depthFirst(rank) } }
	orders := []func() []int32{
		down,
		func() []int32 { return b.inputs },
		by(shared),
		by(large),
		by(near),
		by(sharedNear),
		func() []int32 { return b.along(place()) },
		func() []int32 { return b.along(placeUp()) },
	}
	wires := 0
	for _, x := range b.gates {
		wires += len(b.formula.gates[x].inputs)
	}
	if float64(len(b.inputs))*float64(wires) <= mostWeighted {
		orders = append(orders, b.weighted)
	}
	return append(orders, wide, func() []int32 { return backwards(wide()) })
}

// mostWeighted is up to how many inputs times wires the order by weights is worked
// out, which is the one that takes as long.
const mostWeighted = 1e7

// muchUsed is how often something is used that comes before all that is not.
const muchUsed = 4

func backwards(order []int32) []int32 {
	out := slices.Clone(order)
	slices.Reverse(out)
	return out
}

// sizes returns, by gate, how many inputs of the module are used below it,
// each as often as it is used.
func (b *builder) sizes() []float64 {
	out := make([]float64, len(b.own))
	for _, x := range b.inputs {
		out[x] = 1
	}
	for _, x := range b.gates {
		for _, y := range b.formula.gates[x].inputs {
			out[x] += out[y]
		}
	}
	return out
}

// depthFirst returns the inputs as a walk from the module meets them that goes
// down the lowest ranked first.
func (b *builder) depthFirst(rank ranking) []int32 {
	seen := make([]bool, len(b.own))
	var out []int32
	var visit func(int32)
	visit = func(x int32) {
		if seen[x] {
			return
		}
		seen[x] = true
		if b.isInput[x] {
			out = append(out, x)
		}
		if b.own[x] {
			for _, y := range b.ranked(x, rank) {
				visit(y)
			}
		}
	}
	visit(b.module)
	return out
}

func (b *builder) ranked(x int32, rank ranking) []int32 {
	inputs := slices.Clone(b.formula.gates[x].inputs)
	slices.SortStableFunc(inputs, func(x, y int32) int { return cmp.Compare(rank(x), rank(y)) })
	return inputs
}

// breadthFirst returns the inputs by how far they are from the module.
func (b *builder) breadthFirst() []int32 {
	seen := make([]bool, len(b.own))
	var out []int32
	for queue := []int32{b.module}; len(queue) > 0; queue = queue[1:] {
		for _, y := range b.formula.gates[queue[0]].inputs {
			if seen[y] {
				continue
			}
			seen[y] = true
			if b.own[y] {
				queue = append(queue, y)
			} else if b.isInput[y] {
				out = append(out, y)
			}
		}
	}
	return out
}

// weighted returns next, again and again, the input that matters most in what
// is left: the module has weight 1, and every gate shares its weight among the
// inputs that are left (Minato, Ishiura and Yajima, Shared binary decision
// diagram with attributed edges, 1990).
func (b *builder) weighted() []int32 {
	taken := make([]bool, len(b.own))
	out := make([]int32, 0, len(b.inputs))
	for range b.inputs {
		weight := b.weights(taken)
		best := int32(-1)
		for _, x := range b.inputs {
			if !taken[x] && (best < 0 || weight[x] > weight[best]) {
				best = x
			}
		}
		taken[best] = true
		out = append(out, best)
	}
	return out
}

// weights shares the module's weight among what is not taken.
func (b *builder) weights(taken []bool) []float64 {
	alive := make([]int, len(b.own)) // by gate: inputs with something left
	some := func(x int32) bool { return b.own[x] && alive[x] > 0 || b.isInput[x] && !taken[x] }
	for _, x := range b.gates {
		for _, y := range b.formula.gates[x].inputs {
			if some(y) {
				alive[x]++
			}
		}
	}
	weight := make([]float64, len(b.own))
	weight[b.module] = 1
	for i := len(b.gates) - 1; i >= 0; i-- {
		x := b.gates[i]
		for _, y := range b.formula.gates[x].inputs {
			if some(y) {
				weight[y] += weight[x] / float64(alive[x])
			}
		}
	}
	return weight
}
