package forecast

import (
	"math"
)

// read returns P(bad ≤ x) on top of what is certain, from what covers the whole.
func (l *leading) read(x float64) float64 {
	f := l.fit
	if f == nil {
		return l.readSum(x)
	}
	if x*f.longer >= f.room {
		return 1
	}
	return (1 - f.lost) * l.readSum(x*f.longer)
}

// readSum is read without regard to how long the window is.
func (l *leading) readSum(x float64) float64 { return l.readFrom((*solver).whole, x) }

// readFrom is readSum by some solution of each pace.
func (l *leading) readFrom(of func(v *solver) *solution, x float64) float64 {
	p := 0.0
	if !l.used {
		p, _, _ = of(l.base).read(nil, x)
		return p
	}
	low, high := 1.0, 0.0
	l.between(x, func(v *solver, w float64) {
		q, _, _ := of(v).read(nil, x)
		low, high = math.Min(low, q), math.Max(high, q)
		p += w * q
	})
	return math.Max(low, math.Min(high, p))
}

// fine returns a solution of each pace that is fine at some lost time, and up to how
// much each of them reaches.
func (l *leading) fine(x float64) (of func(v *solver) *solution, top float64) {
	known := map[*solver]*solution{}
	solve := func(v *solver) *solution {
		s := known[v]
		if s == nil {
			s = v.solve(1.3*x, quantileError, v.allowed*0.6, []float64{x}, nil)
			known[v] = s
		}
		return s
	}
	top = math.Inf(1)
	l.between(x, func(v *solver, _ float64) { top = math.Min(top, solve(v).top) })
	return solve, top
}

// quantile returns the lost time that is not exceeded with probability p, and how
// far it may be off numerically: the smallest x with P(bad ≤ x) ≥ p. None is
// further from the mean than Cantelli's inequality says.
func (l *leading) quantile(p float64) (q, err float64) {
	q, err = l.quantileOfLattices(p)
	mean, sd := l.mean(), l.sd()
	if math.IsInf(q, 1) || !(p > 0 && p < 1) {
		return q, err
	}
	slack := 1e-6*mean + 1e-3*sd // mean and deviation may be averages
	low, high := mean-sd*math.Sqrt((1-p)/p)-slack, mean+sd*math.Sqrt(p/(1-p))+slack
	inside := math.Max(0, math.Max(low, math.Min(high, q)))
	return inside, math.Min(err+math.Abs(inside-q), high-low)
}

// quantileOfLattices is quantile as the lattices have it.
func (l *leading) quantileOfLattices(p float64) (q, err float64) {
	f, certain := l.fit, l.base.certain
	window := l.base.sum.seconds
	if f == nil {
		if q, err = l.quantileOfSum(p); !math.IsInf(q, 1) {
			q = math.Min(q, window) // what lies beyond it does not matter
		}
		return q, math.Min(err, window)
	}
	q, err = math.Inf(1), 0
	if p < 1-f.lost {
		q, err = l.quantileOfSum(p / (1 - f.lost))
	}
	x := math.Min(q-certain, f.room)
	if !(p < 1-f.lost) {
		return window, math.Min(f.room, err)
	}
	return math.Min(window, certain+x/f.longer), math.Min(f.room, err)
}

// quantileOfSum is quantile without regard to how long the window is.
func (l *leading) quantileOfSum(p float64) (q, err float64) {
	q, err = l.base.quantile(p)
	if !l.used || math.IsInf(q, 1) {
		return q, err
	}
	certain := l.base.certain
	// Each of the paces is made fine there before it is read.
	var each []float64
	if !l.base.many || l.base.jumps() {
		l.between(q-certain, func(v *solver, _ float64) {
			y, e := v.quantile(p)
			each, err = append(each, y-certain), math.Max(err, e)
		})
	}
	low, high := 0.0, math.Max(1, q-certain)
	for range 60 {
		if l.readSum(high) >= p {
			break
		}
		low, high = high, 1.25*high
	}
	if l.readSum(0) >= p {
		return certain, err
	}
	narrow := func(low, high float64, read func(x float64) float64) float64 {
		for range 50 {
			if high-low <= 1e-9*high {
				break
			}
			if middle := (low + high) / 2; read(middle) >= p {
				high = middle
			} else {
				low = middle
			}
		}
		return high
	}
	high = narrow(low, high, l.readSum)
	// What covers the whole is too coarse far below its end.
	for range 4 {
		if l.base.many || high >= l.base.whole().top/8 || l.base.ended() {
			break
		}
		of, top := l.fine(high)
		at := func(x float64) float64 { return l.readFrom(of, x) }
		if at(top) >= p {
			high = narrow(0, top, at)
			break
		}
		high = top
	}
	for _, y := range each {
		if math.Abs(y-high) <= 1e-6*high {
			return certain + y, err // a jump of the sums is one of this
		}
	}
	return certain + high, err
}

// nothing returns P(no lost time at all).
func (l *leading) nothing() float64 {
	if l.fit != nil {
		return (1 - l.fit.lost) * l.nothingOfSum()
	}
	return l.nothingOfSum()
}

func (l *leading) nothingOfSum() float64 {
	if !l.used || l.base.sum.certain.Sign() > 0 {
		return l.base.nothing()
	}
	p, low, high := 0.0, 1.0, 0.0
	l.between(0, func(v *solver, w float64) {
		q := v.nothing()
		low, high = math.Min(low, q), math.Max(high, q)
		p += w * q
	})
	return math.Max(low, math.Min(high, p))
}
