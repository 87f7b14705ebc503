package alert

import "math"

// Delays are how long it takes from the moment at which an alert could fire until
// somebody hears of it, in seconds.
type Delays struct {
	Scrape   float64 // between two looks at the counters
	Evaluate float64 // between two looks at the rule
	For      float64 // how long the rule holds before it fires
	Group    float64 // how long the first alert of a group waits for others
	Notify   float64 // until the message arrives
}

// DefaultDelays are those of Prometheus and Alertmanager as people set them up.
func DefaultDelays() Delays { return Delays{Scrape: 30, Evaluate: 30, Group: 30, Notify: 5} }

// Rest is what does not depend on when scrapes and evaluations happen: a rule that
// holds for some time fires at the first evaluation that sees it hold for as long.
func (d Delays) Rest() float64 {
	held := 0.0
	if d.For > 0 {
		held = d.For
		if d.Evaluate > 0 {
			held = math.Ceil(d.For/d.Evaluate-1e-9) * d.Evaluate
		}
	}
	return held + d.Group + d.Notify
}

// Below returns the chance that the wait for the next scrape and then for the next
// evaluation is at most x. Both begin at random, independent moments, so that the
// wait is the sum of two uniform ones.
func (d Delays) Below(x float64) float64 {
	a, b := min(d.Scrape, d.Evaluate), max(d.Scrape, d.Evaluate)
	switch {
	case x >= a+b:
		return 1
	case x <= 0:
		return 0
	case x < a:
		return x * x / (2 * a * b)
	case x <= b:
		return (x - a/2) / b
	}
	return 1 - (a+b-x)*(a+b-x)/(2*a*b)
}

// Quantile is the wait that is not exceeded with probability p: the inverse of
// Below.
func (d Delays) Quantile(p float64) float64 {
	a, b := min(d.Scrape, d.Evaluate), max(d.Scrape, d.Evaluate)
	switch {
	case b == 0:
		return 0
	case p < a/(2*b):
		return math.Sqrt(2 * a * b * p)
	case p <= 1-a/(2*b):
		return p*b + a/2
	}
	return a + b - math.Sqrt(2*a*b*(1-p))
}

// Quantiles of a time to detect, in seconds; nil is never.
type Quantiles struct{ P5, P50, P95 *float64 }

// after returns the quantiles of a wait behind one of some times, all equally
// likely; nil among them is never.
func (d Delays) after(times []*float64) Quantiles {
	q := func(p float64) *float64 { return d.quantile(times, p) }
	return Quantiles{q(0.05), q(0.50), q(0.95)}
}

func (d Delays) quantile(times []*float64, p float64) *float64 {
	rest := d.Rest()
	if len(times) == 1 {
		if times[0] == nil {
			return nil
		}
		x := *times[0] + d.Quantile(p) + rest
		return &x
	}
	n, low, high := 0, math.Inf(1), 0.0
	for _, t := range times {
		if t != nil {
			n++
			low, high = min(low, *t), max(high, *t)
		}
	}
	if float64(n) < p*float64(len(times)) || n == 0 {
		return nil
	}
	high += d.Scrape + d.Evaluate
	below := func(x float64) float64 {
		sum := 0.0
		for _, t := range times {
			if t != nil {
				sum += d.Below(x - *t)
			}
		}
		return sum / float64(len(times))
	}
	for range 100 {
		middle := (low + high) / 2
		if middle == low || middle == high {
			break
		}
		if below(middle) < p {
			low = middle
		} else {
			high = middle
		}
	}
	x := high + rest
	return &x
}
