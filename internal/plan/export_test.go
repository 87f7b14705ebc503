package plan

import (
	"context"
	"fmt"
	"math/rand/v2"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
)

// CheckBounds decides nets at random, piece by piece, and holds the bounds of
// each partial choice against the chances, the cost and the total of random
// completions of it.
func CheckBounds(m *model.Model, mode Mode, rnd *rand.Rand) error {
	opts := Options{Mode: mode}
	p, err := newProblem(m, opts)
	if err != nil {
		return err
	}
	losing := mode == Worth
	l, ok := p.layout(losing, p.asks(losing))
	if !ok {
		return nil
	}
	s := p.newSearch(context.Background(), l, mode)
	s.greedy()
	s.divide()
	s.t = l.table(l.start, s.most(), mode == Worth, amounts)
	s.bar, s.pool = nil, nil
	for range 6 {
		n := &node{chosen: l.start}
		for _, i := range s.free {
			if n.in.Has(i) {
				n.closed += s.cost[i]
			}
		}
		for n.piece < len(s.pieces) {
			children := s.children(n)
			if len(children) == 0 {
				break
			}
			c := children[rnd.IntN(len(children))]
			s.extend(n, c, s.prefix[c.piece])
			n = c
			for range 3 {
				in, ok := complete(s, n.chosen, rnd)
				if !ok {
					continue
				}
				if err := s.holds(n, in); err != nil {
					return err
				}
			}
		}
	}
	return p.err
}

func complete(s *search, c chosen, rnd *rand.Rand) (forecast.NetSet, bool) {
	for _, k := range rnd.Perm(len(s.vars)) {
		i := s.vars[k]
		if c.decided(i) {
			continue
		}
		n, ok := s.set(c, i, rnd.IntN(2) == 0)
		if !ok {
			if n, ok = s.set(c, i, !n.in.Has(i)); !ok {
				return c.in, false
			}
		}
		c = n
	}
	return c.in, s.allowed(c.in)
}

// holds holds the bound of a node against one completion.
func (s *search) holds(n *node, in forecast.NetSet) error {
	least := 1.0
	kept := true
	for k, g := range s.goals {
		q, ok := s.choice.Quick(g.question, s.standing(in))
		if !ok {
			return nil
		}
		if up := s.chance(k, n.piece, s.t.n-1, s.prefix[n.piece]); up < q.Met-q.Error {
			return fmt.Errorf("piece %d: bound %v below the chance %v ± %v of %v", n.piece, up, q.Met, q.Error, s.names(in))
		}
		least = min(least, q.Met-q.Error)
		kept = kept && q.Met-q.Error >= g.confidence
	}
	cost, _ := s.costOf(in)
	if s.mode == Cheapest && kept && n.bound.money > cost*(1+1e-9) {
		return fmt.Errorf("piece %d: bound %v above the cost %v of %v", n.piece, n.bound.money, cost, s.names(in))
	}
	if n.bound.chance < least {
		return fmt.Errorf("piece %d: chance %v is bounded by %v", n.piece, least, n.bound.chance)
	}
	if s.mode == Worth {
		x, err := s.plan(in)
		if err != nil {
			return err
		}
		if n.bound.money > *x.Total*(1+1e-9) {
			return fmt.Errorf("piece %d: bound %v above the total %v of %v", n.piece, n.bound.money, *x.Total, s.names(in))
		}
	}
	return nil
}
