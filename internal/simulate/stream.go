package simulate

import "math"

// Randomness is counted rather than drawn from one long sequence: whatever
// happens has a key of its own (the seed, who it happens to, in which chunk, for
// the how many-th time), and its numbers follow from the key alone. A net that
// changes one risk then leaves the fate of all others as it was, and the order
// in which things are computed changes nothing.

// A stream is the random numbers of one key: SplitMix64 (Steele, Lea and Flood,
// OOPSLA 2014).
type stream struct{ state uint64 }

const golden = 0x9e3779b97f4a7c15

// mix is the finalizer of SplitMix64, a bijection that leaves no pattern.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// keyOf is the key of something with names, under a seed (FNV-1a, mixed).
func keyOf(seed uint64, names ...string) uint64 {
	h := uint64(14695981039346656037)
	for _, name := range names {
		for i := range len(name) {
			h = (h ^ uint64(name[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211 // no byte of a name in UTF-8
	}
	return mix(mix(seed+golden) ^ h)
}

// under is the key of the n-th thing under a key.
func under(key, n uint64) uint64 { return mix(key + golden*(2*n+1)) }

// from begins the stream of a key.
func from(key uint64) stream { return stream{key} }

func (s *stream) next() uint64 {
	s.state += golden
	return mix(s.state)
}

// uniform lies between 0 and 1, both excluded.
func (s *stream) uniform() float64 { return (float64(s.next()>>11) + 0.5) * 0x1p-53 }

// exponential has mean 1.
func (s *stream) exponential() float64 { return -math.Log(s.uniform()) }

// normal is standard normal, by its inverse: the more the uniform the more the
// normal, so that two scenarios that share a stream are alike.
func (s *stream) normal() float64 { return -math.Sqrt2 * math.Erfcinv(2*s.uniform()) }

// logGamma is the logarithm of a gamma distributed number with scale 1, by
// rejection (Marsaglia and Tsang, ACM TOMS 26, 2000); below shape 1 it is that of
// shape + 1 times a power of a uniform one, which may be too small for anything
// but its logarithm.
func (s *stream) logGamma(shape float64) float64 {
	small := 0.0
	if shape < 1 {
		small = math.Log(s.uniform()) / shape
		shape++
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := s.normal()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if math.Log(s.uniform()) < x*x/2+d-d*v+d*math.Log(v) {
			return math.Log(d*v) + small
		}
	}
}

// beta is beta distributed.
func (s *stream) beta(a, b float64) float64 {
	x, y := s.logGamma(a), s.logGamma(b)
	return 1 / (1 + math.Exp(y-x))
}
