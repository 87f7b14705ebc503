package fourier

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/dsp/fourier"
)

// TestTransformsAreThoseOfGonum holds every bit against gonum's, on platforms that
// round a product before it is added to; on others to about the last bits.
func TestTransformsAreThoseOfGonum(t *testing.T) {
	for n := 4; n <= 1<<14; n *= 2 {
		ours, theirs := NewFFT(n), fourier.NewFFT(n)
		r := rand.New(rand.NewPCG(1, uint64(n)))
		for _, filled := range []int{n, n / 2, 1} {
			seq := make([]float64, n)
			for i := range seq[:filled] {
				seq[i] = r.NormFloat64()
			}
			got, want := make([]complex128, n/2+1), make([]complex128, n/2+1)
			ours.Coefficients(got, seq)
			theirs.Coefficients(want, seq)
			for i := range want {
				if !same(real(got[i]), real(want[i])) || !same(imag(got[i]), imag(want[i])) {
					t.Fatalf("of %d numbers, coefficient %d: %v, want %v", n, i, got[i], want[i])
				}
			}
			for i := range want {
				want[i] *= complex(r.NormFloat64(), r.NormFloat64())
			}
			back, wantBack := make([]float64, n), make([]float64, n)
			ours.Sequence(back, want)
			theirs.Sequence(wantBack, want)
			for i := range back {
				if !same(back[i], wantBack[i]) {
					t.Fatalf("of %d numbers, back, number %d: %v, want %v", n, i, back[i], wantBack[i])
				}
			}
		}
	}
}

// fused tells whether products are added without being rounded first.
var fused = func(x float64) bool { return x*x-float64(x*x) != 0 }(1 + 0x1p-30)

func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || fused && math.Abs(a-b) < 1e-9*(1+math.Abs(b))
}

func TestOnlyLengthsThatItCanTransformAreTaken(t *testing.T) {
	refused := func(f func()) (yes bool) {
		defer func() { yes = recover() != nil }()
		f()
		return false
	}
	for _, n := range []int{-4, 0, 1, 2, 3, 6, 12, 1000} {
		if !refused(func() { NewFFT(n) }) {
			t.Errorf("%d is taken", n)
		}
	}
	f := NewFFT(8)
	if !refused(func() { f.Coefficients(make([]complex128, 5), make([]float64, 7)) }) || !refused(func() { f.Coefficients(make([]complex128, 4), make([]float64, 8)) }) {
		t.Error("another length is transformed")
	}
	if !refused(func() { f.Sequence(make([]float64, 8), make([]complex128, 8)) }) || !refused(func() { f.Sequence(make([]float64, 9), make([]complex128, 5)) }) {
		t.Error("another length is transformed back")
	}
}

func BenchmarkFFT(b *testing.B) {
	for _, n := range []int{1024, 16384} {
		ours, theirs := NewFFT(n), fourier.NewFFT(n)
		seq, coeff := make([]float64, n), make([]complex128, n/2+1)
		seq[1] = 1
		for _, x := range []struct {
			name string
			f    func()
		}{
			{"forth", func() { ours.Coefficients(coeff, seq) }},
			{"forth by gonum", func() { theirs.Coefficients(coeff, seq) }},
			{"back", func() { ours.Sequence(seq, coeff) }},
			{"back by gonum", func() { theirs.Sequence(seq, coeff) }},
		} {
			b.Run(fmt.Sprint(x.name, "/", n), func(b *testing.B) {
				for b.Loop() {
					x.f()
				}
			})
		}
	}
}
