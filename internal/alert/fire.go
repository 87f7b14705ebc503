package alert

import (
	"math/big"
	"slices"
)

// A Step of a profile: from From seconds after an incident began, until the next
// one, Ratio of the events fail because of it.
type Step struct {
	From, Ratio *big.Rat
}

// A Profile is the ratio of errors that an incident makes, which does not end: by
// time, from 0 on. Before its first step there are none.
type Profile []Step

// Fires returns after how many seconds the ratio of errors is above the threshold
// of an alert in both of its windows, strictly; nil is never. The mean over a
// window that began before the incident counts what is always there, background,
// which the incident adds to, up to 1.
//
// For one step from 0 on with the ratio r, a background b and a long window L that
// is (θ − b)/r × L, and never where r + b ≤ θ.
func (a *Alert) Fires(p Profile, background *big.Rat) *big.Rat {
	if a.Refused != "" {
		return nil
	}
	room := new(big.Rat).Sub(one, background)
	if len(p) == 1 && p[0].From.Sign() == 0 { // nearly all are: as above, which needs no search
		r, t := p[0].Ratio, new(big.Rat).Sub(a.Threshold, background)
		if r.Cmp(room) > 0 {
			r = room
		}
		if r.Cmp(t) <= 0 {
			return nil
		}
		return t.Mul(t.Quo(t, r), a.Long)
	}
	steps := slices.Clone(p)
	for i, s := range steps {
		if s.Ratio.Cmp(room) > 0 {
			steps[i].Ratio = room
		}
	}
	// What the incident itself has to bring into each window.
	excess := new(big.Rat).Sub(a.Threshold, background)
	windows := []*big.Rat{a.Long, a.Short}
	var wants []*big.Rat
	var turns []*big.Rat // where the mean over a window changes its slope
	for _, w := range windows {
		wants = append(wants, new(big.Rat).Mul(excess, w))
		for _, s := range steps {
			turns = append(turns, s.From, new(big.Rat).Add(s.From, w))
		}
	}
	slices.SortFunc(turns, (*big.Rat).Cmp)
	turns = slices.CompactFunc(turns, func(x, y *big.Rat) bool { return x.Cmp(y) == 0 })
	for i, from := range turns {
		var until *big.Rat
		if i+1 < len(turns) {
			until = turns[i+1]
		}
		if t := both(steps, windows, wants, from, until); t != nil {
			return t
		}
	}
	return nil
}

// both returns the least time between two turns, of which the second may be nil,
// after which each window holds more than it wants; nil: there is none.
func both(steps []Step, windows, wants []*big.Rat, from, until *big.Rat) *big.Rat {
	low, high := from, until
	for k, w := range windows {
		at := Profile(steps).within(from, w)
		slope := new(big.Rat).Sub(Profile(steps).at(from), Profile(steps).at(new(big.Rat).Sub(from, w)))
		miss := new(big.Rat).Sub(wants[k], at)
		switch s := slope.Sign(); {
		case s == 0 && miss.Sign() >= 0:
			return nil
		case s == 0:
		case s > 0 && miss.Sign() >= 0:
			if t := new(big.Rat).Add(from, miss.Quo(miss, slope)); t.Cmp(low) > 0 {
				low = t
			}
		case s < 0:
			if miss.Sign() >= 0 {
				return nil
			}
			if t := new(big.Rat).Add(from, miss.Quo(miss, slope)); high == nil || t.Cmp(high) < 0 {
				high = t
			}
		}
	}
	if high != nil && low.Cmp(high) >= 0 {
		return nil
	}
	return low
}

// at returns the ratio from a time on.
func (p Profile) at(t *big.Rat) *big.Rat {
	ratio := new(big.Rat)
	for _, s := range p {
		if s.From.Cmp(t) <= 0 {
			ratio = s.Ratio
		}
	}
	return ratio
}

// within returns the lost time in the window of that length that ends at t.
func (p Profile) within(t, window *big.Rat) *big.Rat {
	start := new(big.Rat).Sub(t, window)
	sum := new(big.Rat)
	for i, s := range p {
		from, to := s.From, t
		if i+1 < len(p) && p[i+1].From.Cmp(to) < 0 {
			to = p[i+1].From
		}
		if from.Cmp(start) < 0 {
			from = start
		}
		if from.Cmp(to) < 0 {
			d := new(big.Rat).Sub(to, from)
			sum.Add(sum, d.Mul(d, s.Ratio))
		}
	}
	return sum
}

// lost returns the lost time until t.
func (p Profile) lost(t *big.Rat) *big.Rat { return p.within(t, t) }

// most is the largest ratio in it.
func (p Profile) most() *big.Rat {
	most := new(big.Rat)
	for _, s := range p {
		if s.Ratio.Cmp(most) > 0 {
			most = s.Ratio
		}
	}
	return most
}
