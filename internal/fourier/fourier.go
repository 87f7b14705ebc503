// Package fourier has discrete Fourier transforms of real sequences whose
// length is a power of two, which most of the time of a forecast goes into.
//
// They are those of FFTPACK (Paul N. Swarztrauber, in the public domain), step by
// step in the order in which gonum's dsp/fourier takes them, so that both give the
// same numbers to the last bit (a test holds them against each other); on flat slices
// and with two of its radices only this takes about a quarter of the time.
package fourier

import (
	"math"
	"math/bits"
)

// An FFT transforms sequences of one length. It is for use by one goroutine.
type FFT struct {
	n     int
	radix []int     // 2, if the length is no power of 4, then 4s
	turns []float64 // pairs of cosine and sine, for each radix those of its passes, one after another
	a, b  []float64 // work
}

// NewFFT returns an FFT for sequences of n numbers, a power of two and at least 4.
func NewFFT(n int) *FFT {
	if n < 4 || n&(n-1) != 0 {
		panic("fourier: the length is no power of two, or below 4")
	}
	t := &FFT{n: n, turns: make([]float64, n), a: make([]float64, n), b: make([]float64, n)}
	left := n
	if bits.TrailingZeros(uint(n))%2 == 1 {
		t.radix, left = append(t.radix, 2), n/2
	}
	for ; left > 1; left /= 4 {
		t.radix = append(t.radix, 4)
	}
	unit := 2 * math.Pi / float64(n)
	at, blocks := 0, 1
	for _, radix := range t.radix[:len(t.radix)-1] {
		run := n / (blocks * radix)
		for j := 1; j < radix; j++ {
			angle := float64(j*blocks) * unit
			for i := range (run - 1) / 2 {
				t.turns[at+2*i] = math.Cos(float64(i+1) * angle)
				t.turns[at+2*i+1] = math.Sin(float64(i+1) * angle)
			}
			at += run
		}
		blocks *= radix
	}
	return t
}

// Coefficients writes the n/2+1 coefficients Σₖ seq[k] exp(−2πimk/n), m = 0 … n/2, to dst.
func (t *FFT) Coefficients(dst []complex128, seq []float64) {
	n := t.n
	if len(seq) != n || len(dst) != n/2+1 {
		panic("fourier: length mismatch")
	}
	from, to := t.a, t.b
	copy(from, seq)
	at, width := n-1, n
	for k := len(t.radix) - 1; k >= 0; k-- {
		radix := t.radix[k]
		blocks, run := width/radix, n/width
		at -= (radix - 1) * run
		if radix == 4 {
			forward4(run, blocks, from, to, t.turns[at:])
		} else {
			forward2(run, blocks, from, to, t.turns[at:])
		}
		from, to = to, from
		width = blocks
	}
	dst[0] = complex(from[0], 0)
	dst[n/2] = complex(from[n-1], 0)
	pairs := from[1 : n-1]
	for i := range dst[1 : n/2] {
		dst[1+i] = complex(pairs[2*i], pairs[2*i+1])
	}
}

// Sequence writes to dst the n numbers of which coeff are the coefficients, times n.
func (t *FFT) Sequence(dst []float64, coeff []complex128) {
	n := t.n
	if len(dst) != n || len(coeff) != n/2+1 {
		panic("fourier: length mismatch")
	}
	from, to := t.a, t.b
	from[0] = real(coeff[0])
	from[n-1] = real(coeff[n/2])
	pairs := from[1 : n-1]
	for i, c := range coeff[1 : n/2] {
		pairs[2*i], pairs[2*i+1] = real(c), imag(c)
	}
	at, blocks := 0, 1
	for k, radix := range t.radix {
		if k == len(t.radix)-1 {
			to = dst
		}
		run := n / (blocks * radix)
		if radix == 4 {
			backward4(run, blocks, from, to, t.turns[at:])
		} else {
			backward2(run, blocks, from, to, t.turns[at:])
		}
		from, to = to, from
		at += (radix - 1) * run
		blocks *= radix
	}
}

// A pass of forward2 or forward4 makes of 2 or 4 sequences of coefficients, each of
// run numbers, those of the sequence that they are parts of, for each block;
// backward2 and backward4 take it apart. A negated difference is written as FFTPACK
// does it, as it is another zero.

func forward2(run, blocks int, from, to, turns []float64) {
	turns = turns[:run]
	for k := range blocks {
		a, b := from[k*run:][:run], from[(k+blocks)*run:][:run]
		p, q := to[2*k*run:][:run], to[(2*k+1)*run:][:run]
		p[0] = a[0] + b[0]
		q[run-1] = a[0] - b[0]
		if run == 1 {
			continue
		}
		for i := 2; i < run; i += 2 {
			j := run - i
			cos, sin := turns[i-2], -turns[i-1]
			re := cos*b[i-1] - sin*b[i]
			im := cos*b[i] + sin*b[i-1]
			p[i-1], p[i] = a[i-1]+re, a[i]+im
			q[j-1], q[j] = a[i-1]-re, -a[i] - -im
		}
		q[0] = -b[run-1]
		p[run-1] = a[run-1]
	}
}

func forward4(run, blocks int, from, to, turns []float64) {
	const half = math.Sqrt2 / 2
	if run == 1 {
		a, b, c, d := from[:blocks], from[blocks:][:blocks], from[2*blocks:][:blocks], from[3*blocks:][:blocks]
		for k := range blocks {
			sum, even := b[k]+d[k], a[k]+c[k]
			out := to[4*k:][:4]
			out[0], out[1], out[2], out[3] = sum+even, a[k]-c[k], d[k]-b[k], even-sum
		}
		return
	}
	turn1, turn2, turn3 := turns[:run], turns[run:][:run], turns[2*run:][:run]
	for k := range blocks {
		a, b, c, d := from[k*run:][:run], from[(k+blocks)*run:][:run], from[(k+2*blocks)*run:][:run], from[(k+3*blocks)*run:][:run]
		out := to[4*k*run:][:4*run]
		p, q, r, s := out[:run], out[run:][:run], out[2*run:][:run], out[3*run:][:run]
		sum, even := b[0]+d[0], a[0]+c[0]
		p[0], q[run-1], r[0], s[run-1] = sum+even, a[0]-c[0], d[0]-b[0], even-sum
		for i := 2; i < run; i += 2 {
			j := run - i
			cos, sin := turn1[i-2], -turn1[i-1]
			bRe, bIm := cos*b[i-1]-sin*b[i], cos*b[i]+sin*b[i-1]
			cos, sin = turn2[i-2], -turn2[i-1]
			cRe, cIm := cos*c[i-1]-sin*c[i], cos*c[i]+sin*c[i-1]
			cos, sin = turn3[i-2], -turn3[i-1]
			dRe, dIm := cos*d[i-1]-sin*d[i], cos*d[i]+sin*d[i-1]
			re1, im1 := bRe+dRe, bIm+dIm
			re2, im2 := a[i-1]+cRe, a[i]+cIm
			re3, im3 := a[i-1]-cRe, a[i]-cIm
			re4, im4 := dRe-bRe, -(dIm - bIm)
			p[i-1], p[i] = re1+re2, im1+im2
			s[j-1], s[j] = re2-re1, -(im2 - im1)
			r[i-1], r[i] = im4+re3, re4+im3
			q[j-1], q[j] = re3-im4, -(im3 - re4)
		}
		im, re := -half*(b[run-1]+d[run-1]), half*(b[run-1]-d[run-1])
		p[run-1], r[run-1] = re+a[run-1], a[run-1]-re
		q[0], s[0] = im-c[run-1], im+c[run-1]
	}
}

func backward2(run, blocks int, from, to, turns []float64) {
	turns = turns[:run]
	for k := range blocks {
		a, b := to[k*run:][:run], to[(k+blocks)*run:][:run]
		p, q := from[2*k*run:][:run], from[(2*k+1)*run:][:run]
		a[0], b[0] = p[0]+q[run-1], p[0]-q[run-1]
		if run == 1 {
			continue
		}
		for i := 2; i < run; i += 2 {
			j := run - i
			a[i-1], a[i] = p[i-1]+q[j-1], p[i]+-q[j]
			re, im := p[i-1]-q[j-1], p[i] - -q[j]
			cos, sin := turns[i-2], turns[i-1]
			b[i-1], b[i] = cos*re-sin*im, cos*im+sin*re
		}
		a[run-1], b[run-1] = 2*p[run-1], -2*q[0]
	}
}

func backward4(run, blocks int, from, to, turns []float64) {
	if run == 1 {
		a, b, c, d := to[:blocks], to[blocks:][:blocks], to[2*blocks:][:blocks], to[3*blocks:][:blocks]
		for k := range blocks {
			in := from[4*k:][:4]
			odd, even := in[0]-in[3], in[0]+in[3]
			re, im := in[1]+in[1], in[2]+in[2]
			a[k], b[k], c[k], d[k] = even+re, odd-im, even-re, odd+im
		}
		return
	}
	turn1, turn2, turn3 := turns[:run], turns[run:][:run], turns[2*run:][:run]
	for k := range blocks {
		a, b, c, d := to[k*run:][:run], to[(k+blocks)*run:][:run], to[(k+2*blocks)*run:][:run], to[(k+3*blocks)*run:][:run]
		in := from[4*k*run:][:4*run]
		p, q, r, s := in[:run], in[run:][:run], in[2*run:][:run], in[3*run:][:run]
		odd, even := p[0]-s[run-1], p[0]+s[run-1]
		re, im := q[run-1]+q[run-1], r[0]+r[0]
		a[0], b[0], c[0], d[0] = even+re, odd-im, even-re, odd+im
		for i := 2; i < run; i += 2 {
			j := run - i
			re1, im1 := p[i-1]-s[j-1], p[i] - -s[j]
			re2, im2 := p[i-1]+s[j-1], p[i]+-s[j]
			re3, im3 := r[i-1]+q[j-1], r[i]+-q[j]
			im4, re4 := r[i-1]-q[j-1], r[i] - -q[j]
			a[i-1], a[i] = re2+re3, im2+im3
			bRe, bIm := re1-re4, im1 - -im4
			cRe, cIm := re2-re3, im2-im3
			dRe, dIm := re1+re4, im1+-im4
			cos, sin := turn1[i-2], turn1[i-1]
			b[i-1], b[i] = cos*bRe-sin*bIm, cos*bIm+sin*bRe
			cos, sin = turn2[i-2], turn2[i-1]
			c[i-1], c[i] = cos*cRe-sin*cIm, cos*cIm+sin*cRe
			cos, sin = turn3[i-2], turn3[i-1]
			d[i-1], d[i] = cos*dRe-sin*dIm, cos*dIm+sin*dRe
		}
		re, im = p[run-1]-r[run-1], q[0]+s[0]
		a[run-1] = p[run-1] + r[run-1] + (p[run-1] + r[run-1])
		b[run-1] = math.Sqrt2 * (re - im)
		c[run-1] = s[0] - q[0] + (s[0] - q[0])
		d[run-1] = -math.Sqrt2 * (re + im)
	}
}
