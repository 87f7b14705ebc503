package structure

import (
	"cmp"
	"math/bits"
	"slices"
)

// places puts the inputs and gates of the module on a line, starting from an
// order of the inputs. It moves each, again and again, to the centre of the
// gates that it has to do with, as long as that brings those that belong
// together nearer (Aloul, Markov and Sakallah, FORCE: a fast and
// easy-to-implement variable-ordering heuristic, 2003).
func (b *builder) places(order []int32) []float64 {
	all := append(slices.Clone(order), b.gates...)
	place := make([]float64, len(b.own))
	for i, x := range order {
		place[x] = float64(i)
	}
	for _, x := range b.gates { // inputs first
		place[x] = b.centre(x, place)
	}
	number(all, place)
	best, least := slices.Clone(place), b.span(place)
	for range 10 * bits.Len(uint(len(all))) {
		b.pull(all, place)
		number(all, place)
		span := b.span(place)
		if span >= least {
			break
		}
		best, least = slices.Clone(place), span
	}
	return best
}

// along returns the inputs by their places.
func (b *builder) along(place []float64) []int32 {
	out := slices.Clone(b.inputs)
	slices.SortStableFunc(out, func(x, y int32) int { return cmp.Compare(place[x], place[y]) })
	return out
}

// number sorts by place, and makes the places whole numbers.
func number(all []int32, place []float64) {
	slices.SortStableFunc(all, func(x, y int32) int { return cmp.Compare(place[x], place[y]) })
	for i, x := range all {
		place[x] = float64(i)
	}
}

// centre returns the mean place of a gate's inputs.
func (b *builder) centre(gate int32, place []float64) float64 {
	sum := 0.0
	inputs := b.formula.gates[gate].inputs
	for _, y := range inputs {
		sum += place[y]
	}
	return sum / float64(len(inputs))
}

// pull moves each to the mean of the centres of the gates it belongs to.
func (b *builder) pull(all []int32, place []float64) {
	sum, count := make([]float64, len(place)), make([]float64, len(place))
	for _, x := range b.gates {
		inputs := b.formula.gates[x].inputs
		n := float64(len(inputs))
		centre := (b.centre(x, place)*n + place[x]) / (n + 1)
		for _, y := range append(slices.Clone(inputs), x) {
			sum[y] += centre
			count[y]++
		}
	}
	for _, x := range all {
		place[x] = sum[x] / count[x]
	}
}

// span returns how far apart the inputs of each gate are, in all.
func (b *builder) span(place []float64) float64 {
	sum := 0.0
	for _, x := range b.gates {
		least, most := place[x], place[x]
		for _, y := range b.formula.gates[x].inputs {
			least, most = min(least, place[y]), max(most, place[y])
		}
		sum += most - least
	}
	return sum
}
