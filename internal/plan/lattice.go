package plan

import (
	"math"

	"tightrope/internal/forecast"
	"tightrope/internal/fourier"
)

// A lattice computes with curves: distribution functions over the cells of a
// budget. Sequences are tilted and padded before they are transformed, as in
// distribution.Grid.
type lattice struct {
	fft  *fourier.FFT
	tilt []float64
	back []float64 // undoes the tilt, and what the transform multiplies by
	work []float64
}

const (
	cells = forecast.CurvePoints + 1
	half  = cells + 1 // values of a spectrum
	tilt  = 10
)

// spectrum is that of a curve. One for each world of a question makes a stack.
type spectrum []complex128

func newLattice() *lattice {
	l := &lattice{fft: fourier.NewFFT(2 * cells), tilt: make([]float64, cells), work: make([]float64, 2*cells)}
	for k := range l.tilt {
		l.tilt[k] = math.Exp(-tilt * float64(k) / cells)
		l.back = append(l.back, 1/(2*cells*l.tilt[k]))
	}
	return l
}

func (l *lattice) of(curve []float64) spectrum {
	before := 0.0
	for k, c := range curve {
		l.work[k] = math.Max(0, c-before) * l.tilt[k]
		before = math.Max(before, c)
	}
	clear(l.work[cells:])
	out := make(spectrum, half)
	l.fft.Coefficients(out, l.work)
	return out
}

// curve returns the distribution function of a spectrum, in to.
func (l *lattice) curve(s spectrum, to []float64) {
	l.fft.Sequence(l.work, s)
	sum := 0.0
	for k := range to {
		sum += l.work[k] * l.back[k]
		to[k] = sum
	}
}

// reading returns weights r so that Re Σ rₘ·sₘ is Σ pₖ·rest[cells−1−k] of the
// point masses p of s: the chance that s and the rest together stay in the
// budget.
func (l *lattice) reading(rest []float64, to spectrum) {
	for k := range l.tilt {
		l.work[k] = rest[cells-1-k] * l.back[k]
	}
	clear(l.work[cells:])
	l.fft.Coefficients(to, l.work)
	for m, v := range to {
		to[m] = complex(real(v), -imag(v))
		if m > 0 && m < cells {
			to[m] *= 2
		}
	}
}

func read(r, s spectrum) float64 {
	sum := 0.0
	r = r[:len(s)]
	for m, v := range s {
		sum += real(r[m])*real(v) - imag(r[m])*imag(v)
	}
	return sum
}

func times(to, a, b spectrum) {
	a, b = a[:len(to)], b[:len(to)]
	for m := range to {
		to[m] = a[m] * b[m]
	}
}
