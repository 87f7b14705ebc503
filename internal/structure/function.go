package structure

import (
	"slices"
	"sync"
)

// A Function says whether a random user is hit, given which of its variables
// are true. It does not change and may be used from several goroutines.
type Function struct {
	// Decisions come after those they lead to, and after the module that
	// decides them. The first two are the constants.
	decisions []decision
	root      Node
	depends   []int
	scratch   sync.Pool // of *[]float64, as long as decisions
	poll      func()    // see Graph; of listing cuts
}

// A decision goes on to high where its input is true, otherwise to low.
type decision struct {
	// input is a variable, or ^n where the value of decision n, the root of a
	// module, decides.
	input     int32
	level     int32 // its place in the order of the module's inputs
	high, low Node
}

// Depends returns the variables that the function depends on, rising.
func (f *Function) Depends() []int { return f.depends }

// Size returns the number of nodes of the diagrams of all modules.
func (f *Function) Size() int { return len(f.decisions) }

func newFunction(decisions []decision, root Node) *Function {
	f := &Function{decisions: slices.Clip(decisions), root: root}
	f.scratch.New = func() any {
		x := make([]float64, len(decisions))
		return &x
	}
	f.depend()
	return f
}

// depend finds out what the function depends on.
func (f *Function) depend() {
	used := make([]bool, len(f.decisions))
	used[f.root] = true
	for n := len(f.decisions) - 1; n > 1; n-- {
		if !used[n] {
			continue
		}
		d := f.decisions[n]
		used[d.high], used[d.low] = true, true
		if d.input >= 0 {
			f.depends = append(f.depends, int(d.input))
		} else {
			used[^d.input] = true
		}
	}
	slices.Sort(f.depends)
	f.depends = slices.Compact(f.depends)
}

// Probability returns the probability that a random user is hit where variable
// v is true with probability p[v], independently. It adds and multiplies
// nothing negative, so that the smallest chances keep their digits.
func (f *Function) Probability(p []float64) float64 {
	buffer := f.scratch.Get().(*[]float64)
	defer f.scratch.Put(buffer)
	f.evaluate(p, *buffer)
	return (*buffer)[f.root]
}

// evaluate fills in the probability of each decision.
func (f *Function) evaluate(p, value []float64) {
	value[False], value[True] = 0, 1
	for n := 2; n < len(value); n++ {
		d := &f.decisions[n]
		q := input(d, p, value)
		value[n] = q*value[d.high] + (1-q)*value[d.low]
	}
}

// input returns the probability that what decides is true.
func input(d *decision, p, value []float64) float64 {
	if d.input >= 0 {
		return p[d.input]
	}
	return value[^d.input]
}

// Gradient returns the probability that a random user is hit, and how it grows
// with the probability of each variable: its Birnbaum importance, as many as
// p. It takes one walk up and one down.
func (f *Function) Gradient(p []float64) (probability float64, d []float64) {
	values, slopes := f.scratch.Get().(*[]float64), f.scratch.Get().(*[]float64)
	defer f.scratch.Put(values)
	defer f.scratch.Put(slopes)
	value, slope := *values, *slopes
	f.evaluate(p, value)
	clear(slope)
	slope[f.root] = 1
	d = make([]float64, len(p))
	for n := len(value) - 1; n > 1; n-- {
		s := slope[n]
		if s == 0 {
			continue
		}
		x := &f.decisions[n]
		q := input(x, p, value)
		slope[x.high] += s * q
		slope[x.low] += s * (1 - q)
		by := s * (value[x.high] - value[x.low])
		if x.input >= 0 {
			d[x.input] += by
		} else {
			slope[^x.input] += by
		}
	}
	return value[f.root], d
}

// Holds returns whether a random user is hit where exactly the variables v
// with assign[v] are true.
func (f *Function) Holds(assign []bool) bool { return f.holds(f.root, assign) }

func (f *Function) holds(n Node, assign []bool) bool {
	for n > True {
		d := &f.decisions[n]
		var yes bool
		if d.input >= 0 {
			yes = assign[d.input]
		} else {
			yes = f.holds(Node(^d.input), assign)
		}
		if yes {
			n = d.high
		} else {
			n = d.low
		}
	}
	return n == True
}
