package forecast_test

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mathext"
)

// fits finds distributions from their 5th and 95th percentiles, each once.
type fits struct {
	betas  map[[2]float64][2]float64
	gammas map[[2]float64][2]float64
}

func newFits() *fits {
	return &fits{map[[2]float64][2]float64{}, map[[2]float64][2]float64{}}
}

// bisect finds where a rising function is zero.
func bisect(lo, hi float64, f func(float64) float64) float64 {
	for range 48 {
		if mid := (lo + hi) / 2; f(mid) < 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// beta fits mean and weight: for a given weight a greater mean takes
// probability from below low; the greater the weight, the more lies below
// high.
func (f *fits) beta(low, high float64) func(*rand.Rand) float64 {
	ab, ok := f.betas[[2]float64{low, high}]
	if !ok {
		mean := func(weight float64) float64 {
			return bisect(low, 1, func(m float64) float64 {
				return 0.05 - mathext.RegIncBeta(m*weight, (1-m)*weight, low)
			})
		}
		weight := math.Exp(bisect(0, 20, func(x float64) float64 {
			v := math.Exp(x)
			m := mean(v)
			return mathext.RegIncBeta(m*v, (1-m)*v, high) - 0.95
		}))
		m := mean(weight)
		ab = [2]float64{m * weight, (1 - m) * weight}
		f.betas[[2]float64{low, high}] = ab
	}
	return func(r *rand.Rand) float64 {
		x, y := drawGamma(r, ab[0]), drawGamma(r, ab[1])
		return x / (x + y)
	}
}

// gamma fits the shape to the ratio of the two points, which falls with it.
func (f *fits) gamma(low, high float64) func(*rand.Rand) float64 {
	fit, ok := f.gammas[[2]float64{low, high}]
	if !ok {
		k := math.Exp(bisect(-3, 14, func(x float64) float64 {
			k := math.Exp(x)
			return high/low - mathext.GammaIncRegInv(k, 0.95)/mathext.GammaIncRegInv(k, 0.05)
		}))
		fit = [2]float64{k, low / mathext.GammaIncRegInv(k, 0.05)}
		f.gammas[[2]float64{low, high}] = fit
	}
	return func(r *rand.Rand) float64 { return fit[1] * drawGamma(r, fit[0]) }
}

// drawLogNormal draws from the lognormal distribution with these 5th and 95th
// percentiles.
func drawLogNormal(r *rand.Rand, low, high float64) float64 {
	const z95 = 1.6448536269514722
	mu, sigma := math.Log(low*high)/2, math.Log(high/low)/(2*z95)
	return math.Exp(mu + sigma*r.NormFloat64())
}

// drawGamma draws from the gamma distribution of a shape and scale 1 (Marsaglia
// & Tsang, ACM Transactions on Mathematical Software 26, 2000).
func drawGamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return drawGamma(r, shape+1) * math.Pow(1-r.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(1-r.Float64()) < x*x/2+d*(1-v+math.Log(v)) {
			return d * v
		}
	}
}

// drawPoisson counts exponential gaps.
func drawPoisson(r *rand.Rand, mean float64) int {
	n := 0
	for t := r.ExpFloat64(); t < mean; t += r.ExpFloat64() {
		n++
	}
	return n
}
