package forecast

import (
	"math"
	"math/big"
)

// No window holds more lost time than it is long. A sum does not know that: it
// counts each incident whole, in the window in which it begins, however long it is
// and whatever else is down. Where that matters the answer is that of the sum, fit
// into the window:
//
//   - lost time beyond the window is not counted in it, so P(bad ≤ window) is 1;
//   - what incidents so lose belongs to later windows, which they spend as a whole:
//     of all windows so many are lost that the mean is what it is in truth;
//   - where instead the windows would hold more than in truth, as when incidents of
//     changes fall into time that is planned to be lost, as much is taken from each.
//
// Chances, quantiles, mean, standard deviation and curve are all read off that one
// distribution, of which this is what it changes.
type fit struct {
	room   float64 // seconds of a window on top of what is certain
	mean   float64 // of lost time on top of what is certain
	sd     float64
	lost   float64 // share of windows that are lost as a whole
	longer float64 // what is read at x of a window is what the sum says at longer·x
	beyond bool    // the sum does not fit into the window
}

const (
	// mostBeyond is which part of the lost time may lie beyond the window, and
	// mostLost in which part of all windows it may be more than they hold, until a sum
	// is fit into it: rare incidents that are far longer than the window are counted
	// in the one in which they begin.
	mostBeyond = 0.5
	mostLost   = 0.1
	// mostMore is by how much what the windows hold may be more than in truth.
	mostMore = 0.02
	// fitPoints is at how many points of a window a sum is read for its moments.
	fitPoints = 1 << 11
)

// fitted fits the leading answer into its window where that matters. union is as
// for lead, called only where it is not known what is true; paced is the mean of
// what a correction changes the pace of.
func (l *leading) fitted(paced float64, union func() (float64, bool)) *leading {
	v := l.base
	window := v.sum.seconds
	f := &fit{room: math.Max(0, window-v.certain), longer: 1}
	if !(window > 0) || v.mean <= 0 && v.certain <= window {
		return l
	}
	if f.room == 0 {
		f.beyond = true
		l.fit = f
		return l
	}
	mean := l.mean() - v.certain
	// The mean beyond r of what has the mean m and the variance s² is at most
	// s²/4(r − m), since x − r ≤ (x − m)²/4(r − m).
	left := f.room - math.Max(mean, v.mean)
	fits := left > 0 && v.variance <= 4*left*mostBeyond*mean
	if fits && !(l.used && v.mean-paced > mostMore*v.mean) {
		return l
	}
	// What the windows hold of it, in pieces that each lie at one point.
	room := math.Min(f.room, v.mean+50*v.spread())
	inside := l.inside(room)
	pieces, held, above := make([]float64, fitPoints+1), 0.0, 1.0
	for i := range pieces {
		p := 0.0
		if i < fitPoints {
			p = math.Min(above, 1-inside((float64(i)+0.5)*room/fitPoints))
		}
		pieces[i], above = above-p, p
		held += pieces[i] * float64(i) * room / fitPoints
	}
	lost := pieces[fitPoints]
	little := held >= (1-mostBeyond)*mean && lost <= mostLost
	f.beyond = v.mean > f.room || !little
	switch {
	case l.used && little && held <= (1+mostMore)*mean:
		return l // already as corrected
	case !l.used && !f.beyond:
		return l
	case !l.used:
		if x, ok := union(); ok {
			mean = x*window - v.certain
		}
	}
	f.mean = math.Min(f.room, math.Max(0, mean))
	switch {
	case f.mean > held && held < f.room:
		f.lost = (f.mean - held) / (f.room - held)
	case f.mean < held && f.mean > 0:
		f.longer = held / f.mean
	}
	variance := f.lost * (f.room - f.mean) * (f.room - f.mean)
	for i, p := range pieces {
		x := float64(i)*room/fitPoints/f.longer - f.mean
		variance += (1 - f.lost) * p * x * x
	}
	f.sd = math.Sqrt(variance)
	l.fit = f
	return l
}

// inside returns P(bad ≤ x) on top of what is certain, from lattices as wide as the
// room of a window. What other questions are answered from stays as it is.
func (l *leading) inside(room float64) func(x float64) float64 {
	known := map[*solver]*solution{}
	read := func(v *solver, x float64) float64 {
		s := known[v]
		if s == nil {
			before, work := *v, v.family.work
			s = v.solve(room, 1e-3, 0.3*v.allowed, []float64{room / 2, room}, nil)
			*v, v.family.work = before, work
			known[v] = s
		}
		p, _, _ := s.read(nil, math.Min(x, room))
		return p
	}
	return func(x float64) float64 {
		if !l.used {
			return read(l.base, x)
		}
		p := 0.0
		l.between(x, func(v *solver, w float64) { p += w * read(v, x) })
		return math.Min(1, math.Max(0, p))
	}
}

// kept is a probability of the sum as it is in the window.
func (f *fit) kept(p *Probability) {
	sum := p.Value
	for _, x := range []*float64{&p.Value, &p.Below, &p.Above, &p.Error} {
		*x *= 1 - f.lost
	}
	p.Model = math.Min(1, p.Model+math.Abs(p.Value-sum))
	if p.Sum == nil {
		p.Sum = &sum
	}
}

// budget is how much the sum may be where a window may be so bad.
func (f *fit) budget(b, certain *big.Rat) *big.Rat {
	if f.longer == 1 {
		return b
	}
	x := new(big.Rat).Sub(b, certain)
	by := new(big.Rat).SetFloat64(f.longer)
	return x.Add(x.Mul(x, by), certain)
}
