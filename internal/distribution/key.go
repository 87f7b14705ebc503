package distribution

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
)

// AppendKey appends what tells incidents apart: two with the same key have the
// same law and, on the same grid, the same spectrum to the last bit. It is made
// of contents alone, so that it holds beyond the life of what it was made from.
func (in *Incident) AppendKey(b []byte) []byte {
	b = AppendNumber(b, in.Impact)
	for _, s := range in.Stages {
		b = AppendNumber(AppendNumber(append(b, 's'), s.Share), s.For)
	}
	b = append(b, 'd')
	for _, l := range in.Detect.certain {
		b = AppendLaw(b, l)
	}
	for i, l := range in.Detect.maybe {
		b = AppendNumber(AppendLaw(append(b, 'm'), l), in.Catches[in.Detect.of[i]])
	}
	for _, a := range in.Attempts {
		b = AppendLaw(append(b, 'a'), a.Takes)
		b = AppendNumber(AppendNumber(b, a.Works), a.Restores)
		b = AppendNumber(b, float64(a.Responder))
	}
	for _, l := range in.Acknowledge {
		b = AppendLaw(append(b, 'r'), l)
	}
	return b
}

// AppendLaw appends what tells laws apart, in the same way.
func AppendLaw(b []byte, l Law) []byte {
	switch l := l.(type) {
	case Fixed:
		return AppendNumber(append(b, 'f'), float64(l))
	case Exponential:
		return AppendNumber(append(b, 'e'), float64(l))
	case Uniform:
		return AppendNumber(append(b, 'u'), float64(l))
	case LogNormal:
		return AppendNumber(AppendNumber(append(b, 'l'), l.Mu), l.Sigma)
	case Leaning:
		return AppendLaw(AppendNumber(append(b, 'n'), l.By), l.Of)
	case Later:
		return AppendLaw(AppendNumber(append(b, 's'), l.By), l.Of)
	case Table:
		sum := l.sum()
		return AppendNumber(append(append(b, 't'), sum[:]...), l.K)
	}
	panic(fmt.Sprintf("distribution: no key of a %T", l))
}

// Same reports whether laws are the same by what they hold, whenever they were made.
func Same(a, b Law) bool {
	if a == b {
		return true
	}
	x, some := a.(Table)
	y, both := b.(Table)
	return some && both && x.K == y.K && x.sum() == y.sum()
}

// AppendUnsure appends what tells apart the laws of unsure numbers.
func AppendUnsure(b []byte, u Unsure) []byte {
	switch u := u.(type) {
	case Gamma:
		return AppendNumber(AppendNumber(append(b, 'g'), u.Shape), u.Span)
	case Beta:
		return AppendNumber(AppendNumber(append(b, 'b'), u.A), u.B)
	case LogNormal:
		return AppendLaw(b, u)
	}
	panic(fmt.Sprintf("distribution: no key of a %T", u))
}

// AppendNumber appends the bits of a number.
func AppendNumber(b []byte, x float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
}

// digest is a fingerprint of what a table holds.
func (t *table) digest() [sha256.Size]byte {
	b := make([]byte, 0, 16*len(t.x))
	for i, x := range t.x {
		b = AppendNumber(AppendNumber(b, x), t.survival[i])
	}
	return sha256.Sum256(b)
}

// LawBytes is about how much memory a law takes.
func LawBytes(l Law) int {
	switch l := l.(type) {
	case Table:
		return 64 + 24*len(l.x)
	case Leaning:
		return 32 // the table is another's
	case Later:
		return 32 + LawBytes(l.Of)
	}
	return 32
}
