package simulate

import (
	"math"
	"slices"
)

// A ratio is Σx/Σw over batches of which each tells an x and a w.
type ratio struct{ n, x, w, xx, xw, ww float64 }

func (r *ratio) add(x, w float64) {
	r.n++
	r.x += x
	r.w += w
	r.xx += x * x
	r.xw += x * w
	r.ww += w * w
}

func (r *ratio) merge(o *ratio) {
	r.n += o.n
	r.x += o.x
	r.w += o.w
	r.xx += o.xx
	r.xw += o.xw
	r.ww += o.ww
}

func (r *ratio) value() float64 {
	if r.w <= 0 {
		return 0
	}
	return r.x / r.w
}

// same is a relative variance below which all batches count as the same: what
// rounding makes of equal numbers.
const same = 1e-13

// se is the standard error of the ratio: √(Σ(x − v·w)²·n/(n−1)) / Σw, batches
// being independent of one another. One batch tells nothing: then it is as large
// as the value.
func (r *ratio) se() float64 {
	if r.w <= 0 {
		return 0
	}
	if r.n < 2 {
		return math.Abs(r.x / r.w)
	}
	v := r.x / r.w
	square := r.xx - 2*v*r.xw + v*v*r.ww
	if square <= same*(r.xx+v*v*r.ww) {
		return 0
	}
	return math.Sqrt(square*r.n/(r.n-1)) / r.w
}

// z95 is the 97.5th percentile of the standard normal distribution.
const z95 = 1.9599639845400545

// estimate is one of something that lies between least and most.
func estimate(value, se, least, most float64) Estimate {
	return Estimate{Value: value, SE: se, Low: max(least, value-z95*se), High: min(most, value+z95*se)}
}

// chance is an estimate of a probability that was seen in n draws of which many
// may be alike: the interval is Wilson's (J. Am. Stat. Assoc. 22, 1927) for as
// many independent draws as have the same standard error, but no more than n.
func chance(value, se, n float64) Estimate {
	value = min(1, max(0, value))
	out := Estimate{Value: value, SE: se, High: 1}
	if n <= 0 {
		return out
	}
	if se > 0 && value > 0 && value < 1 {
		n = min(n, max(1, value*(1-value)/(se*se)))
	}
	const zz = z95 * z95
	middle := (value + zz/(2*n)) / (1 + zz/n)
	half := z95 / (1 + zz/n) * math.Sqrt(value*(1-value)/n+zz/(4*n*n))
	out.Low, out.High = max(0, middle-half), min(1, middle+half)
	if value == 0 {
		out.Low = 0
	}
	if value == 1 {
		out.High = 1
	}
	return out
}

// values are many numbers that are asked for quantiles: all of them, or how many
// fell into each of narrow bins.
type values struct {
	exact bool
	list  []float64

	shift uint // bits of a number that a bin does not look at
	bins  map[uint64]*bin
	zeros int64
}

// A bin knows its ends, so that numbers that are all the same stay as they are.
type bin struct {
	count    int64
	min, max float64
}

const (
	// mostExact is how many numbers are kept as they are, in all.
	mostExact = 2_000_000
	// finest is how many bits of the mantissa tell bins apart: 1,024 bins in an
	// octave.
	finest   = 10
	coarsest = 4
	// mostBins is how many bins there may be, about, in all.
	mostBins = 500_000
	octaves  = 24 // that are met
)

// newValues makes room for one of so many lists.
func newValues(lists int, exact bool) *values {
	v := &values{exact: exact}
	if exact {
		return v
	}
	bits := finest
	for bits > coarsest && lists*octaves<<bits > mostBins {
		bits--
	}
	v.shift = uint(52 - bits)
	v.bins = map[uint64]*bin{}
	return v
}

func (v *values) add(list []float64) {
	if v.exact {
		v.list = append(v.list, list...)
		return
	}
	for _, x := range list {
		if x <= 0 {
			v.zeros++
			continue
		}
		k := math.Float64bits(x) >> v.shift
		b := v.bins[k]
		if b == nil {
			b = &bin{min: x, max: x}
			v.bins[k] = b
		}
		b.count++
		b.min, b.max = min(b.min, x), max(b.max, x)
	}
}

// merge takes in those of another; the order does not matter.
func (v *values) merge(o *values) {
	v.list = append(v.list, o.list...)
	v.zeros += o.zeros
	for k, b := range o.bins {
		if have := v.bins[k]; have != nil {
			have.count += b.count
			have.min, have.max = min(have.min, b.min), max(have.max, b.max)
		} else {
			v.bins[k] = &bin{b.count, b.min, b.max}
		}
	}
}

// quantiles returns for each of some chances, rising, the least number that at
// least such a share of all are no larger than.
func (v *values) quantiles(chances ...float64) []float64 {
	out := make([]float64, len(chances))
	if v.exact {
		slices.Sort(v.list)
		for i, p := range chances {
			if n := len(v.list); n > 0 {
				out[i] = v.list[rank(p, int64(n))-1]
			}
		}
		return out
	}
	keys := make([]uint64, 0, len(v.bins))
	n := v.zeros
	for k, b := range v.bins {
		keys = append(keys, k)
		n += b.count
	}
	slices.Sort(keys)
	below, at := v.zeros, 0
	for i, p := range chances {
		if n == 0 {
			continue
		}
		r := rank(p, n)
		if r <= v.zeros {
			continue
		}
		for below+v.bins[keys[at]].count < r {
			below += v.bins[keys[at]].count
			at++
		}
		b := v.bins[keys[at]]
		out[i] = b.min
		if b.count > 1 {
			out[i] += (b.max - b.min) * float64(r-below-1) / float64(b.count-1)
		}
	}
	return out
}

// rank of n is the place of a quantile, from 1 to n.
func rank(p float64, n int64) int64 {
	return min(n, max(1, int64(math.Ceil(p*float64(n)*(1-1e-15)))))
}
