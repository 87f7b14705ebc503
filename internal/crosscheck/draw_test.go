package crosscheck

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"tightrope/internal/model"
)

const z95 = 1.6448536269514722 // 95 % point of the standard normal distribution

// A law of a length that is drawn anew each time, in seconds.
type law struct {
	kind      model.TimeKind
	fixed     float64 // Fixed; Exponential: the mean
	mu, sigma float64 // LogNormal
}

func lawOf(t model.Time) law {
	switch t.Kind {
	case model.LogNormal:
		lo, hi := math.Log(t.Low), math.Log(t.High)
		return law{kind: t.Kind, mu: (lo + hi) / 2, sigma: (hi - lo) / (2 * z95)}
	case model.Exponential:
		return law{kind: t.Kind, fixed: t.Mean}
	}
	f, _ := t.Length().Float64()
	return law{fixed: f}
}

func (l law) mean() float64 {
	if l.kind == model.LogNormal {
		return math.Exp(l.mu + l.sigma*l.sigma/2)
	}
	return l.fixed
}

func (l law) draw(rng *rand.Rand) float64 {
	switch l.kind {
	case model.LogNormal:
		return math.Exp(l.mu + l.sigma*rng.NormFloat64())
	case model.Exponential:
		return l.fixed * rng.ExpFloat64()
	}
	return l.fixed
}

// survival is P(T > t).
func (l law) survival(t float64) float64 {
	switch l.kind {
	case model.LogNormal:
		if t <= 0 {
			return 1
		}
		return math.Erfc((math.Log(t)-l.mu)/(l.sigma*math.Sqrt2)) / 2
	case model.Exponential:
		return math.Exp(-math.Max(t, 0) / l.fixed)
	}
	if t < l.fixed {
		return 1
	}
	return 0
}

// A param is an input that is the same in all of a world: known, or drawn.
type param struct {
	value float64
	gamma *distuv.Gamma
	beta  *distuv.Beta
}

func (p param) unsure() bool { return p.gamma != nil || p.beta != nil }

func (p param) draw(rng *rand.Rand) float64 {
	switch {
	case p.gamma != nil:
		g := *p.gamma
		g.Src = rng
		return g.Rand()
	case p.beta != nil:
		b := *p.beta
		b.Src = rng
		return math.Min(b.Rand(), 1)
	}
	return p.value
}

func shareParam(s *model.Share) param {
	if s.Kind == model.Between {
		return param{beta: betaBetween(s.Low, s.High)}
	}
	f, _ := s.Exact.Float64()
	return param{value: f}
}

func rateParam(r *model.Rate) param {
	switch r.Kind {
	case model.Between:
		return param{gamma: gammaBetween(r.Low, r.High)}
	case model.Counted:
		return param{gamma: &distuv.Gamma{Alpha: r.Count + 0.5, Beta: r.Span}}
	}
	f, _ := r.Exact.Float64()
	return param{value: f}
}

// gammaBetween is the gamma distribution with these 5th and 95th percentiles.
// Their ratio falls with the shape and does not depend on the scale.
func gammaBetween(low, high float64) *distuv.Gamma {
	ratio := func(k float64) float64 {
		g := distuv.Gamma{Alpha: k, Beta: 1}
		return g.Quantile(0.95) / g.Quantile(0.05)
	}
	a, b := math.Log(0.05), math.Log(1e6)
	for range 80 {
		mid := (a + b) / 2
		if ratio(math.Exp(mid)) > high/low {
			a = mid
		} else {
			b = mid
		}
	}
	k := math.Exp((a + b) / 2)
	return &distuv.Gamma{Alpha: k, Beta: distuv.Gamma{Alpha: k, Beta: 1}.Quantile(0.95) / high}
}

// betaBetween is the beta distribution with these 5th and 95th percentiles: for
// each sum of its parameters the mean with the right lower end, and of those the
// one with the right upper end.
func betaBetween(low, high float64) *distuv.Beta {
	with := func(sum float64) distuv.Beta {
		a, b := 0.0, 1.0
		var d distuv.Beta
		for range 60 {
			mean := (a + b) / 2
			d = distuv.Beta{Alpha: mean * sum, Beta: (1 - mean) * sum}
			if d.CDF(low) > 0.05 {
				a = mean
			} else {
				b = mean
			}
		}
		return d
	}
	a, b := math.Log(0.02), math.Log(1e8)
	for range 60 {
		mid := (a + b) / 2
		if with(math.Exp(mid)).CDF(high) < 0.95 {
			a = mid
		} else {
			b = mid
		}
	}
	d := with(math.Exp((a + b) / 2))
	if math.Abs(d.CDF(low)-0.05) > 1e-6 || math.Abs(d.CDF(high)-0.95) > 1e-6 {
		panic(fmt.Sprintf("no beta distribution between %g and %g", low, high))
	}
	return &d
}
