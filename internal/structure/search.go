package structure

import (
	"cmp"
	"slices"
	"sync"
)

// A round of the search for an order: how many nodes it allows, and how many
// orders it tries, and whether the first that succeeds is good enough.
type round struct {
	nodes, orders  int
	sifting, first bool
}

const (
	all  = 1 << 10 // orders
	rest = 1 << 40 // nodes: as many as there may be
)

// rounds try all orders with few nodes before they allow any of them many, and
// go on with those that came the furthest.
func rounds() []round {
	return []round{
		{1 << 13, all, false, false},
		{1 << 16, all, false, false},
		{1 << 18, 4, false, true},
		{1 << 17, 2, true, true},
		{1 << 20, 6, false, true},
		{rest, 1, true, true},
		{rest, 2, false, true},
	}
}

// A candidate is an order and how far it came.
type candidate struct {
	order func() []int32
	done  int // steps made
}

// search builds the module with at most so many nodes, in the best order of
// the first round that succeeds with any, and leaves it, alone, in the
// diagram.
func (b *builder) search(most int) (*run, bool) {
	var candidates []candidate
	for _, order := range b.orders() {
		candidates = append(candidates, candidate{order: sync.OnceValue(order)})
	}
	tried, rounds := 0, rounds()
	if b.symmetric() {
		candidates, rounds = candidates[:1], rounds[len(rounds)-1:] // no order is better than another
	}
	for _, round := range rounds {
		// What depends on all of its inputs has a node for each.
		if round.nodes = min(round.nodes, most); round.nodes < min(most, len(b.inputs)) {
			continue
		}
		if round.nodes == tried && !round.sifting {
			continue
		}
		if !round.sifting {
			tried = round.nodes
		}
		if r, ok := b.try(candidates, round); ok {
			return r, true
		}
		slices.SortStableFunc(candidates, func(x, y candidate) int { return cmp.Compare(y.done, x.done) })
	}
	return nil, false
}

// symmetric reports whether the module is one gate of which no input differs from
// another.
func (b *builder) symmetric() bool {
	if len(b.gates) != 1 {
		return false
	}
	g := &b.formula.gates[b.gates[0]]
	return g.kind != choice && len(slices.Compact(slices.Clone(g.inputs))) == len(g.inputs)
}

// try returns the smallest result of a round. It does not go on when that can
// hardly become better.
func (b *builder) try(candidates []candidate, round round) (*run, bool) {
	var best *run
	size, last := 0, false // the last one is still in the diagram
	for i := range candidates[:min(len(candidates), round.orders)] {
		r, ok := b.build(candidates[i].order(), round.nodes, round.sifting)
		candidates[i].done = r.done
		last = false
		if n := len(b.diagram.nodes); ok && (best == nil || n < size) {
			best, size, last = r, n, true
		}
		if best != nil && (round.first || size <= 4*len(b.inputs)) {
			break
		}
	}
	if best == nil || last {
		return best, best != nil
	}
	return b.build(best.order, round.nodes, round.sifting)
}
