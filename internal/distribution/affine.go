package distribution

import (
	"cmp"
	"math"
	"slices"
)

// An Affine amount is Base + Slope·X for one X that is the same for all of them,
// with its probability.
type Affine struct{ Base, Slope, P float64 }

// Course lists the ways in which an incident can be of fixed length, each by
// itself and always in the same order, whatever the lengths are; ok is false where
// there are too many.
func (in *Incident) Course() (out []Outcome, ok bool) {
	recovered := in.courses()
	for _, st := range in.stages() {
		in.Detect.each(in.Catches, func(p float64, e *Earliest) {
			for _, a := range e.atoms {
				if !(a.at > st.from && a.at <= st.to) || len(out) > mostOutcomes {
					continue
				}
				seen := st.base + st.share*(a.at-st.start())
				for _, r := range recovered {
					out = append(out, Outcome{in.Impact * (seen + st.share*r.Bad), p * a.mass * r.P})
				}
			}
		})
	}
	return out, len(out) <= mostOutcomes
}

// courses is Course for the time to acknowledge and recover.
func (in *Incident) courses() (out []Outcome) {
	var from func(i int, left, bad, p float64)
	from = func(i int, left, bad, p float64) {
		if len(out) > mostOutcomes {
			return
		}
		if left == 0 || i == len(in.Attempts) {
			out = append(out, Outcome{bad, p})
			return
		}
		a := in.Attempts[i]
		takes, ok := a.Takes.(Fixed)
		if !ok || len(out) > mostOutcomes {
			return
		}
		bad += left * float64(takes)
		if in.calls(i) {
			ack, ok := in.Acknowledge[a.Responder].(Fixed)
			if !ok {
				return
			}
			bad += left * float64(ack)
		}
		next, more := in.after(i, left)
		if !more {
			out = append(out, Outcome{bad, p})
			return
		}
		for _, n := range next {
			from(i+1, n.left, bad, p*n.p)
		}
	}
	from(0, 1, 0, 1)
	return out
}

type affineKey struct{ base, slope float64 }

func keyed(x Affine) affineKey {
	// Sums that were added up in another order are the same.
	return affineKey{math.Round(x.Base*1e6) / 1e6, math.Round(x.Slope*1e6) / 1e6}
}

func affines(at map[affineKey]float64) []Affine {
	out := make([]Affine, 0, len(at))
	for k, p := range at {
		out = append(out, Affine{k.base, k.slope, p})
	}
	slices.SortFunc(out, func(a, b Affine) int {
		return cmp.Or(cmp.Compare(a.Base, b.Base), cmp.Compare(a.Slope, b.Slope))
	})
	return out
}

// AffineSums is Sums of affine amounts.
func AffineSums(one []Affine, counts []float64) (out []Affine, ok bool) {
	total := map[affineKey]float64{}
	now := []Affine{{0, 0, 1}}
	for n, c := range counts {
		if n > 0 {
			if now, ok = AffinePlus(now, one); !ok {
				return nil, false
			}
		}
		for _, x := range now {
			total[affineKey{x.Base, x.Slope}] += c * x.P
		}
		if len(total) > 8*mostOutcomes {
			return nil, false
		}
	}
	return affines(total), true
}

// AffinePlus is Plus of affine amounts.
func AffinePlus(a, b []Affine) (out []Affine, ok bool) {
	if len(a)*len(b) > 64*mostOutcomes {
		return nil, false
	}
	at := map[affineKey]float64{}
	for _, x := range a {
		for _, y := range b {
			if p := x.P * y.P; p > 1e-18 {
				at[keyed(Affine{x.Base + y.Base, x.Slope + y.Slope, p})] += p
			}
		}
	}
	return affines(at), len(at) <= 4*mostOutcomes
}

// Affine returns the spectrum of Base + Slope·X, X ~ share, the same X for all of
// them. What does not hang on X is fixed only where it is nothing at all.
func (g *Grid) Affine(list []Affine, share Beta) Spectrum {
	up, down := g.betas.table(share), (*betaTable)(nil)
	var mix Mix
	sum := make([]float64, g.N)
	zero, smooth := 0.0, false
	end := g.Step * float64(g.N)
	for _, x := range list {
		base, slope, table := x.Base, x.Slope, up
		if slope < 0 {
			if down == nil {
				down = g.betas.table(Beta{share.B, share.A})
			}
			base, slope, table = base+slope, -slope, down
		}
		switch {
		case math.Abs(x.P) < 1e-15 || base >= end:
		case slope == 0 && base <= 0:
			zero += x.P
		case slope == 0:
			smooth = true
			k, frac := g.place(base)
			if k < g.N {
				sum[k] += x.P * (1 - frac)
			}
			if k+1 < g.N {
				sum[k+1] += x.P * frac
			}
		default:
			smooth = true
			g.partWeights(sum, x.P, table, base, slope)
		}
	}
	mix.Add(zero, g.Unit())
	if smooth {
		mix.Add(1, g.smooth(g.transform(sum)))
	}
	return mix.Spectrum(g)
}
