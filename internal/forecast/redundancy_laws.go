package forecast

import (
	"cmp"
	"math"
	"slices"

	"tightrope/internal/availability"
	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// mostCuts is how many cuts say how long outages last.
const mostCuts = 300

// lasts is the law of how long the incidents of a loss hit users.
func (w *graph) lasts(x availability.Loss) distribution.Law { return w.lastsOf(x, false) }

// lastsOf is lasts, of which there are many where it is asked for at many values of
// unsure inputs.
func (w *graph) lastsOf(x availability.Loss, many bool) distribution.Law {
	if x.Often <= 0 || x.Mean <= 0 {
		return distribution.Fixed(0)
	}
	if single(x.Cuts) {
		return distribution.Fixed(x.Mean)
	}
	if law, ok := only(x.Cuts); ok {
		return law.Scale(x.Mean / law.Mean())
	}
	cuts := x.Cuts
	if len(cuts) > mostCuts {
		// The likeliest say what there is to say; the mean is known.
		cuts = slices.Clone(cuts)
		slices.SortStableFunc(cuts, func(a, b distribution.Cut) int { return cmp.Compare(b.Weight, a.Weight) })
		cuts = cuts[:mostCuts]
	}
	t, ok := w.together(cuts, many)
	if !ok {
		return distribution.Exponential(x.Mean)
	}
	// What cuts say is for all users; of those who are hit it is so much more.
	if jumps(x.Cuts) && x.Share > 0 {
		t.K /= x.Share
		return t.Toward(x.Mean)
	}
	return t.To(x.Mean)
}

// jumps reports whether some outages of cuts last for a fixed time.
func jumps(cuts []distribution.Cut) bool {
	return slices.ContainsFunc(cuts, func(c distribution.Cut) bool {
		return slices.ContainsFunc(c.First, func(k distribution.Kind) bool { _, fixed := k.Law.(distribution.Fixed); return fixed })
	})
}

// mostSimple is of how many kinds the law of a loss is made anew in each world.
const mostSimple = 4

// simple reports whether the outages of cuts are of a few kinds, each of which lasts
// as long as it does by itself.
func simple(cuts []distribution.Cut) bool {
	kinds := 0
	for _, c := range cuts {
		if kinds += len(c.First); len(c.Others) > 0 || kinds > mostSimple {
			return false
		}
	}
	return true
}

// only returns the law of the one kind of incident that cuts are all of, as it is
// before it is stretched to the mean of a loss; ok is false where there are several.
func only(cuts []distribution.Cut) (law distribution.Law, ok bool) {
	scale := 0.0
	for _, c := range cuts {
		if len(c.Others) > 0 {
			return nil, false
		}
		for _, k := range c.First {
			if law == nil {
				law, scale = k.Law, c.Scale
			}
			if !distribution.Same(k.Law, law) || math.Abs(c.Scale-scale) > 1e-12*scale {
				return nil, false
			}
		}
	}
	return law, law != nil && law.Mean() > 0
}

// single reports whether cuts are all of one and the same fixed length.
func single(cuts []distribution.Cut) bool {
	var one float64
	for _, c := range cuts {
		if len(c.Others) > 0 {
			return false
		}
		for _, k := range c.First {
			f, ok := k.Law.(distribution.Fixed)
			if !ok {
				return false
			}
			x := float64(f) * c.Scale
			if one == 0 {
				one = x
			}
			if math.Abs(x-one) > 1e-12*one {
				return false
			}
		}
	}
	return len(cuts) > 0
}

// together is distribution.Together, kept.
func (w *graph) together(cuts []distribution.Cut, many bool) (law distribution.Table, ok bool) {
	var t fingerprint
	t.begin('g')
	t.flag(many)
	blend := func(b distribution.Blend) {
		t.count(len(b))
		for _, k := range b {
			t.number(k.Often)
			t.law(k.Law)
		}
	}
	for _, c := range cuts {
		t.number(c.Weight)
		t.number(c.Scale)
		blend(c.First)
		t.count(len(c.Others))
		for _, o := range c.Others {
			blend(o)
		}
	}
	key := t.key()
	if x, ok := w.memory.get(key); ok {
		return x.(distribution.Table), true
	}
	of := distribution.Together
	if many {
		of = distribution.TogetherInMany
	}
	if law, ok = of(cuts); ok {
		w.memory.put(key, law, distribution.LawBytes(law))
	}
	return law, ok
}

// elapsed is the law of the time from the beginning of an incident to its end.
func (w *graph) elapsed(in *scenario.Incident, theta []float64) distribution.Law {
	x := in.At(theta)
	return w.length(x.Elapsed())
}

// Elapsed implements availability.Laws.
func (w *graph) Elapsed(in *scenario.Incident, theta []float64) distribution.Law {
	return w.elapsed(in, theta)
}

// Felt implements availability.Laws.
func (w *graph) Felt(l, after distribution.Law) (chance float64, left distribution.Law) {
	return w.FeltBy(l, []distribution.Felt{{Share: 1, After: after}})
}

// FeltBy implements availability.Laws.
func (w *graph) FeltBy(l distribution.Law, groups []distribution.Felt) (chance float64, felt distribution.Law) {
	f := w.feltOf(l, groups)
	return f.chance, f.law
}

// Longest implements availability.Laws.
func (w *graph) Longest(laws []distribution.Law) distribution.Law {
	if len(laws) == 1 {
		return laws[0]
	}
	return w.memory.law(keyOfLaws('O', laws), func() distribution.Law { return distribution.Longest(laws) })
}

// Shortest implements availability.Laws.
func (w *graph) Shortest(l distribution.Law, other distribution.Blend) distribution.Law {
	var t fingerprint
	t.begin('o').law(l)
	for _, k := range other {
		t.number(k.Often)
		t.law(k.Law)
	}
	return w.memory.law(t.key(), func() distribution.Law { return distribution.Shortest(l, other) })
}

// Exactly implements availability.Laws.
func (w *graph) Exactly(laws []distribution.Law) []float64 {
	key := keyOfLaws('x', laws)
	if x, ok := w.memory.get(key); ok {
		return x.([]float64)
	}
	times := distribution.Exactly(laws)
	w.memory.put(key, times, 8*len(times))
	return times
}

func keyOfLaws(kind byte, laws []distribution.Law) memoryKey {
	var t fingerprint
	t.begin(kind)
	for _, l := range laws {
		t.law(l)
	}
	return t.key()
}
