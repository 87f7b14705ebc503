package structure

// Cuts returns the most probable minimal cut sets: sets of variables that,
// true together, have a random user hit, and of which none can be left out.
// There are at most so many, of at most order variables each (order 0: any),
// the most probable first and equally probable ones by rising variables.
// Variables that are certainly true are left out of the sets, and those that
// are never true are in none. Where one of a split's members is in a cut set,
// what says that the user is on none of the earlier ones is left open: it is
// no event that hits the user.
//
// Sets are found on the diagram of each module (Rauzy, New algorithms for fault
// trees analysis, Reliability Engineering and System Safety 40, 1993). Where
// there are too many, only those of the highest order that can be listed are
// looked at.
func (f *Function) Cuts(p []float64, most, order int) [][]int {
	if order <= 0 || order > len(f.depends) {
		order = len(f.depends)
	}
	if f.root == False || most <= 0 {
		return nil
	}
	if sets, ok := f.cuts(p, most, order); ok {
		return sets
	}
	var out [][]int
	for k := 1; k < order; k++ {
		sets, ok := f.cuts(p, most, k)
		if !ok {
			break
		}
		out = sets
	}
	return out
}

// cuts is Cuts, or false where there are too many of that order.
func (f *Function) cuts(p []float64, most, order int) ([][]int, bool) {
	c := newCutter(f, p, order)
	root := c.minimal(f.root, order)
	if c.steps > mostCutSteps {
		return nil, false
	}
	return c.likeliest(root, most), true
}

// A cutter finds the minimal sets of one function.
type cutter struct {
	function *Function
	p        []float64
	families []family
	unique   map[family]Node
	found    map[cutKey]Node
	removed  map[[2]Node]Node
	order    int // the most variables of a set
	steps    int
}

// A family is a set of sets: those of high with the input added, and those of
// low. The first two families are no set at all, and the empty set alone. An
// input is a variable, or ^n for any set of family n, of a module.
type family decision

type cutKey struct {
	decision Node
	order    int
}

// mostCutSteps bounds the work of one listing.
const mostCutSteps = 500_000

func newCutter(f *Function, p []float64, order int) *cutter {
	return &cutter{
		function: f, p: p, order: order,
		families: []family{{level: noVariable}, {level: noVariable}},
		unique:   map[family]Node{}, found: map[cutKey]Node{}, removed: map[[2]Node]Node{},
	}
}

// exhausted counts a step and returns whether there were too many.
func (c *cutter) exhausted() bool {
	if c.steps++; c.steps&0x3fff == 0 {
		poll(c.function.poll)
	}
	return c.steps > mostCutSteps
}

func (c *cutter) make(input, level int32, high, low Node) Node {
	if high == False {
		return low
	}
	f := family{input, level, high, low}
	if k, ok := c.unique[f]; ok {
		return k
	}
	k := Node(len(c.families))
	c.families = append(c.families, f)
	c.unique[f] = k
	return k
}

// minimal returns the minimal sets of a decision with at most so many inputs.
func (c *cutter) minimal(n Node, order int) Node {
	if n <= True {
		return n
	}
	key := cutKey{n, order}
	if k, ok := c.found[key]; ok {
		return k
	}
	if c.exhausted() {
		return False
	}
	d := c.function.decisions[n]
	k := c.decide(d, order)
	c.found[key] = k
	return k
}

func (c *cutter) decide(d decision, order int) Node {
	input, surely, ever := c.input(d.input)
	switch {
	case surely:
		return c.minimal(d.high, order)
	case !ever || order == 0:
		return c.minimal(d.low, order)
	}
	low := c.minimal(d.low, order)
	high := c.without(c.minimal(d.high, order-1), low)
	return c.make(input, d.level, high, low)
}

// input returns the input of families that stands for that of a decision, and
// whether it is surely true, or ever.
func (c *cutter) input(x int32) (input int32, surely, ever bool) {
	if x >= 0 {
		return x, c.p[x] >= 1, c.p[x] > 0
	}
	k := c.minimal(Node(^x), c.order)
	return ^int32(k), k == True, k != False
}

// without returns the sets of f that contain no set of g.
func (c *cutter) without(f, g Node) Node {
	switch {
	case f == False || g == True || f == g:
		return False
	case g == False:
		return f
	}
	key := [2]Node{f, g}
	if k, ok := c.removed[key]; ok {
		return k
	}
	if c.exhausted() {
		return False
	}
	x, y := c.families[f], c.families[g]
	var k Node
	switch {
	case x.level < y.level:
		k = c.make(x.input, x.level, c.without(x.high, g), c.without(x.low, g))
	case x.level > y.level:
		k = c.without(f, y.low)
	default:
		high := c.without(c.without(x.high, y.high), y.low)
		k = c.make(x.input, x.level, high, c.without(x.low, y.low))
	}
	c.removed[key] = k
	return k
}
