package structure

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// mostPartial bounds how many unfinished sets likeliest looks at, and mostEven
// how many sets as probable as the last one.
const (
	mostPartial = 1_000_000
	mostEven    = 10_000
)

// even is how far the logarithms of equal probabilities may be apart.
const even = 1e-9

// likeliest returns the most probable sets of a family, best first: of all
// unfinished sets the one that can still become the most probable is gone on
// with.
func (c *cutter) likeliest(root Node, most int) [][]int {
	return c.list(&listing{cutter: c}, root, most)
}

// list is likeliest with an empty listing.
func (c *cutter) list(s *listing, root Node, most int) [][]int {
	s.bounds()
	s.push(&partial{left: c.order, todo: &pending{family: root}, log: s.best[root]})
	var sets []cutSet
	for n := 0; n < mostPartial && s.Len() > 0; n++ {
		if n&0xfff == 0 {
			poll(c.function.poll)
		}
		x := heap.Pop(s).(*partial)
		if len(sets) >= most && (x.log < sets[most-1].log-even || len(sets) >= most+mostEven) {
			break
		}
		if x.todo == nil {
			sets = append(sets, c.set(x.chosen))
			continue
		}
		s.goOn(x)
	}
	slices.SortFunc(sets, func(x, y cutSet) int {
		return cmp.Or(cmp.Compare(y.log, x.log), slices.Compare(x.variables, y.variables))
	})
	out := make([][]int, min(most, len(sets)))
	for i := range out {
		out[i] = sets[i].variables
	}
	return out
}

type cutSet struct {
	variables []int
	log       float64 // of its probability
}

// set sorts what was chosen. Logarithms are added in falling order, so that
// sets of equal probabilities are equal to the last digit.
func (c *cutter) set(chosen *choiceMade) cutSet {
	s := cutSet{variables: []int{}}
	var logs []float64
	for ; chosen != nil; chosen = chosen.before {
		s.variables = append(s.variables, chosen.variable)
		logs = append(logs, math.Log2(c.p[chosen.variable]))
	}
	slices.Sort(s.variables)
	slices.Sort(logs)
	for _, x := range slices.Backward(logs) {
		s.log += x
	}
	return s
}

// A listing is the unfinished sets, those that can become the most probable
// first.
type listing struct {
	*cutter
	best  []float64 // by family: the logarithm of the probability of its most probable set
	short []int     // by family: how many variables its shortest set has
	queue []*partial
	count int
}

// A partial set has some variables chosen, and one set of each of the families
// that are to do still to be added.
type partial struct {
	log    float64 // of what it can become at most
	rank   float64 // the same where logarithms that are equal but for rounding are equal
	number int     // in order of making
	left   int     // how many variables it may still get
	sum    float64 // logarithm of the probability of what is chosen
	chosen *choiceMade
	todo   *pending
}

type choiceMade struct {
	variable int
	before   *choiceMade
}

type pending struct {
	family Node
	next   *pending
}

// bounds finds the most probable and the shortest set of each family; no
// family uses one that comes after it.
func (s *listing) bounds() {
	s.best = make([]float64, len(s.families))
	s.short = make([]int, len(s.families))
	s.best[False], s.short[False] = math.Inf(-1), noVariable
	for k := 2; k < len(s.families); k++ {
		f := s.families[k]
		log, short := s.cost(f.input)
		s.best[k] = max(s.best[f.low], log+s.best[f.high])
		s.short[k] = min(s.short[f.low], short+s.short[f.high])
	}
}

// cost returns the bounds of an input.
func (s *listing) cost(input int32) (log float64, short int) {
	if input >= 0 {
		return math.Log2(s.p[input]), 1
	}
	return s.best[^input], s.short[^input]
}

// goOn decides about the next input of an unfinished set.
func (s *listing) goOn(x *partial) {
	f := s.families[x.todo.family]
	with, without := *x, *x
	without.todo = &pending{f.low, x.todo.next}
	with.todo = &pending{f.high, x.todo.next}
	if f.input >= 0 {
		with.sum += math.Log2(s.p[f.input])
		with.left--
		with.chosen = &choiceMade{int(f.input), x.chosen}
	} else {
		with.todo = &pending{Node(^f.input), with.todo}
	}
	s.push(&with)
	s.push(&without)
}

// push keeps an unfinished set if something can become of it.
func (s *listing) push(x *partial) {
	for x.todo != nil && x.todo.family == True {
		x.todo = x.todo.next
	}
	x.log = x.sum
	short := 0
	for t := x.todo; t != nil; t = t.next {
		if t.family == False {
			return
		}
		x.log += s.best[t.family]
		short += s.short[t.family]
	}
	x.rank = math.Round(x.log / even)
	if short > x.left {
		return
	}
	s.count++
	x.number = s.count
	heap.Push(s, x)
}

// Len, Less, Swap, Push and Pop make a listing a heap.
func (s *listing) Len() int { return len(s.queue) }

// Less says which unfinished set comes first; of equals the one made last,
// which is nearest to its end.
func (s *listing) Less(i, j int) bool {
	x, y := s.queue[i], s.queue[j]
	if x.rank != y.rank {
		return x.rank > y.rank
	}
	return x.number > y.number
}

func (s *listing) Swap(i, j int) { s.queue[i], s.queue[j] = s.queue[j], s.queue[i] }
func (s *listing) Push(x any)    { s.queue = append(s.queue, x.(*partial)) }

func (s *listing) Pop() any {
	last := s.queue[len(s.queue)-1]
	s.queue = s.queue[:len(s.queue)-1]
	return last
}
