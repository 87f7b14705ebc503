package structure

import "math/rand/v2"

// A drawing builds a graph part by part. Providers are made before those who
// need them, the root last of all; done turns it round.
type drawing struct {
	*rand.Rand
	graph  Graph
	events int
}

func draw(seed uint64) *drawing { return &drawing{Rand: rand.New(rand.NewPCG(seed, 77))} }

func (d *drawing) part(needs ...Need) int {
	d.graph.Needs = append(d.graph.Needs, needs)
	d.graph.Own = append(d.graph.Own, nil)
	return len(d.graph.Needs) - 1
}

func (d *drawing) event() int {
	x := d.part()
	d.graph.Own[x] = []int{d.events}
	d.events++
	return x
}

func (d *drawing) eventsOf(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = d.event()
	}
	return out
}

// group is a part that is hit while so many of the members are.
func (d *drawing) group(down int, members ...int) int {
	return d.part(Need{Edge: Always, Members: members, Down: down})
}

func (d *drawing) any(members ...int) int { return d.group(1, members...) }
func (d *drawing) all(members ...int) int { return d.group(len(members), members...) }

// pick returns n different ones.
func (d *drawing) pick(n int, from []int) []int {
	var out []int
	for _, i := range d.Perm(len(from))[:min(n, len(from))] {
		out = append(out, from[i])
	}
	return out
}

// tree is a random fault tree: gates of all kinds, most inputs used once, a
// share of the events and some gates used again elsewhere.
func (d *drawing) tree(gates, events int, again float64) int {
	open := d.eventsOf(events) // what nothing uses yet
	used := []int{}
	for n := range gates {
		left := gates - n
		take := max(1, min(len(open), (len(open)+left-2)/left+d.IntN(3)))
		if left == 1 {
			take = len(open)
		}
		// Near ones are joined first, as in trees that people write.
		start := d.IntN(max(1, min(len(open)-take+1, 12)))
		inputs := append([]int{}, open[start:start+take]...)
		open = append(open[:start], open[start+take:]...)
		used = append(used, inputs...)
		for len(inputs) < 2 || d.Float64() < again {
			near := max(0, len(used)-20)
			inputs = append(inputs, used[near+d.IntN(len(used)-near)])
		}
		var x int
		switch k := d.IntN(10); {
		case k < 5:
			x = d.any(inputs...)
		case k < 9 || len(inputs) < 3:
			x = d.all(inputs...)
		default:
			x = d.group(2, inputs...)
		}
		open = append(open, x)
	}
	return d.any(open...)
}

// plant is what a reactor's or an aircraft's tree looks like: sequences are
// lost systems, systems are redundant trains, trains share support: power,
// cooling and control, which share among themselves.
func (d *drawing) plant(systems, trains, own, sequences int) int {
	var support [3][]int
	shared := d.eventsOf(6)
	grid := d.any(append(d.eventsOf(3), d.all(d.pick(2, shared)...))...)
	for t := range trains {
		diesel := d.any(append(d.eventsOf(own), shared[0])...)
		power := d.any(d.all(grid, diesel), d.event(), d.event())
		cooling := d.any(d.all(d.any(power, d.event()), d.any(d.event(), d.event())), d.event(), shared[1+t%2])
		control := d.any(d.all(power, d.event()), d.event(), shared[3+t%3])
		for i, x := range []int{power, cooling, control} {
			support[i] = append(support[i], x)
		}
	}
	var lost []int
	for s := range systems {
		var all []int
		for t := range trains {
			inputs := append(d.eventsOf(own), d.event())
			inputs = append(inputs, support[0][t])
			if d.IntN(3) > 0 {
				inputs = append(inputs, support[1][(t+s)%trains])
			}
			if d.IntN(2) > 0 {
				inputs = append(inputs, support[2][t])
			}
			if d.IntN(2) > 0 {
				inputs = append(inputs, d.all(d.event(), support[d.IntN(3)][(t+1)%trains]))
			}
			all = append(all, d.any(inputs...))
		}
		common := d.event()
		down := trains - d.IntN(2)
		lost = append(lost, d.any(d.group(down, all...), common))
	}
	var tops []int
	for range sequences {
		// Systems that answer the same initiating event are near each other.
		near := d.IntN(max(1, len(lost)-4))
		inputs := d.pick(2+d.IntN(3), lost[near:min(len(lost), near+5)])
		tops = append(tops, d.all(append(inputs, d.event())...))
	}
	return d.any(tops...)
}

// layers are services that each need several of the layer below: some of them
// always, some of them one of a pair, some for a share of the users.
func (d *drawing) layers(depth, width, each int) int {
	below := d.eventsOf(width)
	for range depth {
		var layer []int
		for w := range width {
			needs := []Need{{Edge: Always, Members: []int{d.event()}, Down: 1}}
			for i := range each {
				a, b := below[(w+i)%width], below[(w+i+1)%width]
				switch d.IntN(3) {
				case 0:
					needs = append(needs, Need{Edge: Always, Members: []int{a, b}, Down: 2})
				case 1:
					needs = append(needs, Need{Edge: d.events, Members: []int{a}, Down: 1})
					d.events++
				default:
					needs = append(needs, Need{Edge: Always, Members: []int{a}, Down: 1})
				}
			}
			layer = append(layer, d.part(needs...))
		}
		below = layer
	}
	return d.any(below...)
}

// chain is a deep chain of services, each with a spare path to one further
// down.
func (d *drawing) chain(length int) int {
	parts := d.eventsOf(2)
	for range length {
		n := len(parts)
		spare := parts[max(0, n-2-d.IntN(6))]
		parts = append(parts, d.any(d.event(), d.all(parts[n-1], spare)))
	}
	return parts[len(parts)-1]
}

type shape struct {
	name string
	draw func(d *drawing) int
}

// shapes are structures of some 300 events and 300 gates.
func shapes() []shape {
	return []shape{
		{"tree, 10 % repeated", func(d *drawing) int { return d.tree(300, 300, 0.1) }},
		{"tree, 20 % repeated", func(d *drawing) int { return d.tree(300, 300, 0.2) }},
		{"tree, 40 % repeated", func(d *drawing) int { return d.tree(300, 300, 0.4) }},
		{"plant of 10 systems in 3 trains", func(d *drawing) int { return d.plant(10, 3, 5, 12) }},
		{"plant of 16 systems in 4 trains", func(d *drawing) int { return d.plant(16, 4, 3, 30) }},
		{"plant of 40 systems in 2 trains", func(d *drawing) int { return d.plant(40, 2, 2, 60) }},
		{"layers 10 deep, 8 wide, 3 each", func(d *drawing) int { return d.layers(10, 8, 3) }},
		{"layers 30 deep, 10 wide, 3 each", func(d *drawing) int { return d.layers(30, 10, 3) }},
		{"chain of 300", func(d *drawing) int { return d.chain(300) }},
	}
}
