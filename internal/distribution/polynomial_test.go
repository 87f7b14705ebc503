package distribution

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

// Chances times powers add up to what each power by itself does.
func TestPolynomial(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 9))
	for range 2000 {
		p := make([]float64, 1+random.IntN(300))
		all := 0.0
		for i := range p {
			p[i] = math.Exp(-8 * random.Float64())
			all += p[i]
		}
		for i := range p {
			p[i] /= all
		}
		size := []float64{1, 1, 0.999999, 0.9, 0.3, 1e-6, 0}[random.IntN(7)]
		f := cmplx.Rect(size, 2*math.Pi*random.Float64())
		var want complex128
		power := complex(1, 0)
		for k, x := range p {
			if k > 0 {
				power = cmplx.Rect(math.Pow(size, float64(k)), float64(k)*cmplx.Phase(f))
			}
			want += complex(x, 0) * power
		}
		if got := polynomial(p, f); cmplx.Abs(got-want) > 2e-14 {
			t.Fatalf("%d terms at %v: %v, want %v (off by %g)", len(p), f, got, want, cmplx.Abs(got-want))
		}
	}
	if got := polynomial([]float64{0.25, 0.75}, 0); got != 0.25 {
		t.Errorf("at nothing: %v", got)
	}
}

func BenchmarkPolynomial(b *testing.B) {
	p := make([]float64, 1024)
	for i := range p {
		p[i] = 1.0 / 1024
	}
	horner := func(p []float64, f complex128) (y complex128) {
		for k := len(p) - 1; k >= 0; k-- {
			y = y*f + complex(p[k], 0)
		}
		return y
	}
	for name, by := range map[string]func([]float64, complex128) complex128{"blocks": polynomial, "Horner": horner} {
		b.Run(name, func(b *testing.B) {
			f, sum := cmplx.Rect(1, 0.3), complex(0, 0)
			for range b.N {
				sum += by(p, f)
			}
			if sum == 0 {
				b.Error("nothing")
			}
		})
	}
}
