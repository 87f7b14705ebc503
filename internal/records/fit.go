package records

import (
	"math"
	"slices"
)

// z95 is the 95th percentile of the standard normal distribution. The model
// language writes a lognormal time as its 5th and 95th percentiles.
const z95 = 1.6448536269514722

const (
	// shortest is what a length is taken for where only its logarithm counts:
	// records are kept to the minute, and what is shorter is not told apart.
	shortest = 30.0

	// lean is how many incidents the spread of the whole record counts for in
	// the spread of one group.
	lean = 2.0

	// allEqual is from how many incidents on equal lengths are believed to be
	// no accident.
	allEqual = 3

	// usualSpread is the standard deviation of logarithms where the record
	// has nothing to measure it by. Records of incidents have 1 to 2.
	usualSpread = 1.0
)

// A sample is lengths of time of one kind, from one group.
type sample struct {
	x     []float64 // seconds
	mean  float64
	sum   float64 // Σ ln²(x/m), where m is the mean
	n     int
	equal bool // all of one length
}

func measure(x []float64) sample {
	s := sample{n: len(x), x: x}
	if s.n == 0 {
		return s
	}
	for _, v := range x {
		s.mean += v / float64(s.n)
	}
	s.equal = slices.Max(x)-slices.Min(x) < 1
	for _, v := range x {
		d := math.Log(math.Max(v, shortest) / math.Max(s.mean, shortest))
		s.sum += d * d
	}
	return s
}

// pooled returns Σ ln²(x/m) per degree of freedom over all samples, each about
// its own mean. Where no sample has two values it is taken about the mean of
// them all, and where there is only one value, from usualSpread.
func pooled(samples []sample) float64 {
	var sum float64
	var all []float64
	free := 0
	for _, s := range samples {
		all = append(all, s.x...)
		sum += s.sum
		free += max(0, s.n-1)
	}
	if free > 0 {
		return sum / float64(free)
	}
	if whole := measure(all); whole.n > 1 {
		return whole.sum / float64(whole.n-1)
	}
	half := 1 + usualSpread*usualSpread/2
	return half*half - 1
}

// spread returns the standard deviation of the logarithm of the lognormal that
// is most likely to have made the sample, among those whose mean is the mean
// of the sample:
//
//	σ² = 2 (√(1 + q) − 1),  q = mean of ln²(x/m)
//
// which follows from setting the derivative of the log-likelihood to zero with
// μ = ln m − σ²/2. A few long incidents, which carry the mean, thereby widen
// the spread as they should. q is that of the sample with the pooled one
// counted as lean further values.
func (s sample) spread(pool float64) float64 {
	if s.equal && s.n >= allEqual {
		return 0
	}
	free := math.Max(0, float64(s.n-1))
	q := (s.sum + lean*pool) / (free + lean)
	return math.Sqrt(2 * (math.Sqrt(1+q) - 1))
}

// timeText writes a time with that mean and that spread of its logarithm as
// the model language does, with as few digits as keep the mean: `12m..6h`, or
// `2h` where there is no spread to speak of.
func timeText(mean, sigma float64) string {
	if mean < 0.5 {
		return "0s"
	}
	if sigma < 0.02 {
		return fixedText(mean)
	}
	low := math.Exp(math.Log(mean) - sigma*sigma/2 - z95*sigma)
	a := roundTo(low, readable)
	if a >= mean {
		return fixedText(mean)
	}
	for _, tol := range grain {
		if b := roundTo(upper(a, mean), tol); b > a && math.Abs(meanOf(a, b)/mean-1) <= meanKept {
			return say(a) + ".." + say(b)
		}
	}
	return fixedText(mean)
}

func fixedText(mean float64) string {
	for _, tol := range grain {
		if x := roundTo(mean, tol); math.Abs(x/mean-1) <= meanKept {
			return say(x)
		}
	}
	return say(math.Max(1, mean))
}

// meanOf returns the mean of the lognormal with these 5th and 95th percentiles.
func meanOf(low, high float64) float64 {
	sigma := math.Log(high/low) / (2 * z95)
	return math.Sqrt(low*high) * math.Exp(sigma*sigma/2)
}

// upper returns the 95th percentile of the lognormal with that 5th percentile
// and mean, low < mean. With y = ln(high/low) = 2 z σ it solves
// y²/(8z²) + y/2 = ln(mean/low).
func upper(low, mean float64) float64 {
	y := 2*z95*math.Sqrt(z95*z95+2*math.Log(mean/low)) - 2*z95*z95
	return low * math.Exp(y)
}
