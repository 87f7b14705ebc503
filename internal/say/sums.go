package say

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// How amounts are rounded where a sum stands beside its parts, such as a table with
// a last row: all of them to one step, so that the parts that are shown add up to
// the sum that is shown. The step leaves the smallest part four digits where the sum
// then has no more than five, and the sum four: one more than amounts have that stand
// alone, so that a part that is rounded for the sum still reads as the same amount.

// A Rounded is amounts that are shown with their sum. The parts are in the order in
// which they were given; each is a whole number of steps, and so is their sum.
type Rounded struct {
	Step  float64
	Parts []float64
	Sum   float64
	of    []float64
}

// AddUp rounds amounts so that they add up: the sum to the next step, and each part
// to one of the two steps beside it, the parts with the most left over upwards.
func AddUp(parts ...float64) Rounded { return addUp(4, 5, parts) }

// AddUpRoughly is AddUp with two digits less, for amounts of which no more is meant,
// such as expected losses by themselves.
func AddUpRoughly(parts ...float64) Rounded { return addUp(2, 3, parts) }

// AddUpApart is AddUpRoughly of two lists that are held against each other, with as
// many digits, within reason, as set apart what is not the same in both.
func AddUpApart(a, b []float64) (x, y Rounded) {
	for digits := 2; ; digits++ {
		x, y = addUp(digits, digits+1, a), addUp(digits, digits+1, b)
		if digits == 5 || x.apart(y) {
			return x, y
		}
	}
}

// apart reports whether what is not the same in two lists is not said alike.
func (r Rounded) apart(o Rounded) bool {
	sum, other := 0.0, 0.0
	for i, v := range r.of {
		if v != o.of[i] && r.Part(i) == o.Part(i) {
			return false
		}
		sum, other = sum+v, other+o.of[i]
	}
	return sum == other || r.Total() != o.Total()
}

// addUp leaves the smallest part, and the sum at least, so many digits; the sum has
// no more than most.
func addUp(digits, most int, parts []float64) Rounded {
	r := Rounded{Parts: make([]float64, len(parts)), of: parts, Step: 1}
	sum, least, largest := 0.0, math.Inf(1), 0.0
	for _, v := range parts {
		sum += v
		if v != 0 {
			least = math.Min(least, math.Abs(v))
		}
		largest = math.Max(largest, math.Abs(v))
	}
	if math.IsInf(least, 1) || math.IsInf(largest, 0) || math.IsNaN(sum) {
		copy(r.Parts, parts)
		r.Sum = sum
		return r
	}
	magnitude := func(v float64) float64 { return math.Floor(math.Log10(v) * (1 + 1e-15)) }
	large := magnitude(math.Max(largest, math.Abs(sum)))
	r.Step = math.Pow10(1 + int(math.Min(large-float64(digits), math.Max(magnitude(least)-float64(digits), large-float64(most)))))
	return r.round(math.Round(sum / r.Step))
}

// round rounds the parts to whole numbers of steps that add up to so many.
func (r Rounded) round(steps float64) Rounded {
	parts := r.of
	left := steps
	order := make([]int, len(parts))
	down := func(v float64) float64 { return math.Floor(v/r.Step + 1e-9) }
	for i, v := range parts {
		order[i] = i
		left -= down(v)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := parts[a]/r.Step-down(parts[a]), parts[b]/r.Step-down(parts[b])
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for _, i := range order {
		n := down(parts[i])
		if left > 0 && parts[i] != 0 {
			n++
			left--
		}
		r.Parts[i] = n * r.Step
	}
	r.Sum = steps * r.Step
	return r
}

// First is the first n parts with what they are together, as they are rounded among
// all of them.
func (r Rounded) First(n int) Rounded {
	out := Rounded{Step: r.Step, Parts: r.Parts[:n], of: r.of[:n]}
	for _, v := range out.Parts {
		out.Sum += v
	}
	return out
}

// Only is one part by itself, as it is rounded among the others.
func (r Rounded) Only(i int) Rounded {
	return Rounded{Step: r.Step, Parts: r.Parts[i : i+1], Sum: r.Parts[i], of: r.of[i : i+1]}
}

// Over is two parts: the first n together, and the others together.
func (r Rounded) Over(n int) Rounded {
	out := Rounded{Step: r.Step, Parts: make([]float64, 2), Sum: r.Sum, of: make([]float64, 2)}
	for i, v := range r.Parts {
		k := 0
		if i >= n {
			k = 1
		}
		out.Parts[k] += v
		out.of[k] += r.of[i]
	}
	return out
}

// Fine reports whether each of the first n parts that is not nothing has two digits.
func (r Rounded) Fine(n int) bool {
	for i, v := range r.of[:n] {
		if v != 0 && math.Abs(r.Parts[i]) < 10*r.Step {
			return false
		}
	}
	return true
}

// Alone rounds an amount that stands by itself: to as many digits as Figure.
func Alone(v float64) Rounded { return addUp(amountDigits, amountDigits, []float64{v}) }

// To rounds an amount to whole steps, those of amounts that it is held against.
func To(step, v float64) Rounded {
	r := Rounded{Step: step, Parts: make([]float64, 1), of: []float64{v}}
	return r.round(math.Round(v / step))
}

// Among rounds amounts to whole steps, so that they add up to their sum rounded alone:
// a sum that stands elsewhere too is the one below its parts.
func Among(step float64, parts ...float64) Rounded {
	r := Rounded{Step: step, Parts: make([]float64, len(parts)), of: parts}
	sum := 0.0
	for _, v := range parts {
		sum += v
	}
	return r.round(math.Round(sum / step))
}

// Within rounds what part i is made of, so that it adds up to what is shown of that part.
func (r Rounded) Within(i int, parts ...float64) Rounded {
	out := Rounded{Step: r.Step, Parts: make([]float64, len(parts)), of: parts}
	return out.round(math.Round(r.Parts[i] / r.Step))
}

// Part says a part: "7,600", "<100" for what is less than a step, "0" for nothing.
func (r Rounded) Part(i int) string {
	if r.Parts[i] == 0 && r.of[i] != 0 {
		return "<" + r.figure(r.Step)
	}
	return r.figure(r.Parts[i])
}

// Total says the sum.
func (r Rounded) Total() string { return r.figure(r.Sum) }

// figure writes a whole number of steps.
func (r Rounded) figure(v float64) string {
	if v < 0 {
		return "−" + r.figure(-v)
	}
	if r.Step >= 1 || v == 0 {
		return Grouped(math.Round(v))
	}
	decimals := int(math.Round(-math.Log10(r.Step)))
	whole, rest, _ := strings.Cut(Trim(v, decimals), ".")
	n, _ := strconv.ParseFloat(whole, 64)
	if whole = Grouped(n); rest != "" {
		whole += "." + rest
	}
	return whole
}
