package simulate

import "tightrope/internal/scenario"

// A class is users whom the same has happened to.
type class struct {
	weight float64
	vars   []int8     // by exposure: undecided, true or not
	ranges []hitRange // of the incidents that hit some users only
	node   []bool     // by node: down
	felt   []int64    // by ride: when it is over; never: the need is met
	until  []int64    // by switch: when the wait is over
	failed []bool     // by member of a switch: waits until it is up

	hit, lone bool // the root: at all, by what does so alone
}

const (
	undecided int8 = iota
	isTrue
	isFalse
)

// A hitRange is which users a class has of an incident: if each has a number
// between 0 and 1, those between low and high. It hits those below its share, so
// that whoever is hit by a stage of a roll-out is by the next.
type hitRange struct {
	id        int32
	serial    uint64
	low, high float64
}

// mostClasses bounds how many users are told apart: beyond that one of two is
// drawn, and stands for both.
const mostClasses = 256

// crowdState is who is in a crowd now.
type crowdState struct {
	*crowd
	classes []*class
	free    []*class
	merged  int // classes after they were last looked at for equal ones
	pushed  []int64
	waits   []logWait
	// Room to work out one class.
	node, lone, failed []bool
	own                []int8 // by part
	dirty              bool
	rest, extra        float64 // of users: hit, and by no part alone; without what hits all of its users
	hit                bool
	felt, until        []int64
	number             int // of the view
	splits             uint64
	shares             []float64 // of exposures, when classes were weighed
}

// A logWait is one that is to be told of when it is over.
type logWait struct {
	need         *scenario.Need
	begin, until int64
}

func (c *crowdState) prepare(of *crowd, number int) {
	c.crowd, c.number = of, number
	n := len(of.nodes)
	c.node, c.lone, c.failed = make([]bool, n), make([]bool, n), make([]bool, of.slots)
	c.felt, c.until = make([]int64, len(of.rides)), make([]int64, len(of.switches))
	c.own, c.shares = make([]int8, len(of.parts)), make([]float64, len(of.vars))
}

// reset makes all users alike, with all up.
func (c *crowdState) reset() {
	c.free = append(c.free, c.classes...)
	c.classes = append(c.classes[:0], c.fresh())
	c.merged = 1
}

// begin forgets all, for a new chunk.
func (c *crowdState) begin() {
	c.reset()
	c.waits, c.splits, c.dirty = c.waits[:0], 0, true
}

func (c *crowdState) room() *class {
	if n := len(c.free); n > 0 {
		x := c.free[n-1]
		c.free = c.free[:n-1]
		return x
	}
	return &class{
		vars: make([]int8, len(c.vars)), node: make([]bool, len(c.nodes)),
		felt: make([]int64, len(c.rides)), until: make([]int64, len(c.switches)), failed: make([]bool, c.slots),
	}
}

func (c *crowdState) fresh() *class {
	x := c.room()
	x.weight, x.ranges, x.hit, x.lone = 1, x.ranges[:0], false, false
	clear(x.vars)
	clear(x.node)
	clear(x.failed)
	for i := range x.felt {
		x.felt[i] = never
	}
	for i := range x.until {
		x.until[i] = -never
	}
	return x
}

func (c *crowdState) copyOf(o *class) *class {
	x := c.room()
	x.weight, x.hit, x.lone = o.weight, o.hit, o.lone
	x.ranges = append(x.ranges[:0], o.ranges...)
	copy(x.vars, o.vars)
	copy(x.node, o.node)
	copy(x.felt, o.felt)
	copy(x.until, o.until)
	copy(x.failed, o.failed)
	return x
}
