package chart

import (
	"math"
	"slices"
)

// A layout is a graph in layers: every edge leads from a layer to the next one,
// over places of its own where it is longer. It follows Sugiyama, Tagawa and Toda
// (1981): layers by longest path, order by barycentres, then places.
type layout struct {
	nodes  []place
	out    [][]int // to the next layer
	in     [][]int
	layers [][]int // in order
	routes [][]int // of every edge, from end to end
}

// A place is a node, or a bend of a long edge.
type place struct {
	node  int // -1: a bend
	layer int
	y     float64
	high  float64
}

// newLayout lays out n nodes; edges are pairs of them, without loops. high is how
// high a node is, and gap how far two are apart.
func newLayout(n int, edges [][2]int, high func(node int) float64, gap float64) *layout {
	layer := depths(n, edges)
	l := &layout{}
	for i := range n {
		l.nodes = append(l.nodes, place{node: i, layer: layer[i], high: high(i)})
	}
	for _, e := range edges {
		a, b := e[0], e[1]
		turned := layer[a] > layer[b]
		if turned {
			a, b = b, a
		}
		route := []int{a}
		for k := layer[a] + 1; k < layer[b]; k++ {
			l.nodes = append(l.nodes, place{node: -1, layer: k, high: 4})
			route = append(route, len(l.nodes)-1)
		}
		route = append(route, b)
		if turned {
			slices.Reverse(route)
		}
		l.routes = append(l.routes, route)
	}
	l.out, l.in = make([][]int, len(l.nodes)), make([][]int, len(l.nodes))
	for _, r := range l.routes {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if l.nodes[a].layer > l.nodes[b].layer {
				a, b = b, a
			}
			l.out[a] = append(l.out[a], b)
			l.in[b] = append(l.in[b], a)
		}
	}
	for i, p := range l.nodes {
		for len(l.layers) <= p.layer {
			l.layers = append(l.layers, nil)
		}
		l.layers[p.layer] = append(l.layers[p.layer], i)
	}
	l.untangle()
	l.settle(gap)
	return l
}

// depths returns the layer of every node: the longest way to it from one that
// nothing leads to. Edges that close a circle do not count.
func depths(n int, edges [][2]int) []int {
	next := make([][]int, n)
	for _, e := range edges {
		next[e[0]] = append(next[e[0]], e[1])
	}
	// Those that close a circle, found by going down from each node in order.
	const fresh, open, done = 0, 1, 2
	state := make([]int, n)
	back := map[[2]int]bool{}
	var order []int
	type step struct{ node, at int }
	for root := range n {
		if state[root] != fresh {
			continue
		}
		stack := []step{{root, 0}}
		state[root] = open
		for len(stack) > 0 {
			s := &stack[len(stack)-1]
			if s.at == len(next[s.node]) {
				state[s.node] = done
				order = append(order, s.node)
				stack = stack[:len(stack)-1]
				continue
			}
			to := next[s.node][s.at]
			s.at++
			switch state[to] {
			case open:
				back[[2]int{s.node, to}] = true
			case fresh:
				state[to] = open
				stack = append(stack, step{to, 0})
			}
		}
	}
	slices.Reverse(order)
	depth := make([]int, n)
	for _, a := range order {
		for _, b := range next[a] {
			if !back[[2]int{a, b}] {
				depth[b] = max(depth[b], depth[a]+1)
			}
		}
	}
	// A node that nothing leads to stands just before what it leads to.
	led := make([]bool, n)
	for _, e := range edges {
		led[e[1]] = true
	}
	for a := range n {
		if led[a] || len(next[a]) == 0 {
			continue
		}
		nearest := math.MaxInt
		for _, b := range next[a] {
			nearest = min(nearest, depth[b])
		}
		if nearest != math.MaxInt && nearest > 0 {
			depth[a] = nearest - 1
		}
	}
	return depth
}

// untangle orders each layer by the means of the places of its neighbours, down
// and up again, and keeps the order with the fewest crossings.
func (l *layout) untangle() {
	best, fewest := l.copied(), l.crossings()
	for round := 0; round < 16 && fewest > 0; round++ {
		if round%2 == 0 {
			for k := 1; k < len(l.layers); k++ {
				l.sort(k, k-1, l.in)
			}
		} else {
			for k := len(l.layers) - 2; k >= 0; k-- {
				l.sort(k, k+1, l.out)
			}
		}
		if n := l.crossings(); n < fewest {
			best, fewest = l.copied(), n
		}
	}
	l.layers = best
}

func (l *layout) copied() [][]int {
	out := make([][]int, len(l.layers))
	for i := range out {
		out[i] = slices.Clone(l.layers[i])
	}
	return out
}

// sort orders layer k by where its neighbours stand in layer other.
func (l *layout) sort(k, other int, near [][]int) {
	at := map[int]int{}
	for i, v := range l.layers[other] {
		at[v] = i
	}
	mean := map[int]float64{}
	for i, v := range l.layers[k] {
		mean[v] = float64(i)
		if len(near[v]) > 0 {
			sum := 0.0
			for _, u := range near[v] {
				sum += float64(at[u])
			}
			mean[v] = sum / float64(len(near[v]))
		}
	}
	slices.SortStableFunc(l.layers[k], func(a, b int) int {
		switch {
		case mean[a] < mean[b]:
			return -1
		case mean[a] > mean[b]:
			return 1
		}
		return 0
	})
}

// crossings counts pairs of edges between two layers that cross.
func (l *layout) crossings() int {
	n := 0
	at := make([]int, len(l.nodes))
	for _, layer := range l.layers {
		for i, v := range layer {
			at[v] = i
		}
	}
	for _, layer := range l.layers {
		var ends []int // of edges in the order of where they begin
		for _, v := range layer {
			to := make([]int, 0, len(l.out[v]))
			for _, u := range l.out[v] {
				to = append(to, at[u])
			}
			slices.Sort(to)
			ends = append(ends, to...)
		}
		for i := range ends {
			for j := i + 1; j < len(ends); j++ {
				if ends[j] < ends[i] {
					n++
				}
			}
		}
	}
	return n
}

// settle gives every place its height: near the mean of its neighbours, without
// coming too close to those of its layer.
func (l *layout) settle(gap float64) {
	tallest := 0.0
	for _, layer := range l.layers {
		y := 0.0
		for _, v := range layer {
			l.nodes[v].y = y + l.nodes[v].high/2
			y += l.nodes[v].high + gap
		}
		tallest = math.Max(tallest, y-gap)
	}
	for _, layer := range l.layers {
		last := layer[len(layer)-1]
		shift := (tallest - l.nodes[last].y - l.nodes[last].high/2) / 2
		for _, v := range layer {
			l.nodes[v].y += shift
		}
	}
	for round := range 12 {
		near := l.in
		if round%2 == 1 {
			near = l.out
		}
		for i := range l.layers {
			k := i
			if round%2 == 1 {
				k = len(l.layers) - 1 - i
			}
			l.relax(l.layers[k], near, gap)
		}
	}
	least := math.Inf(1)
	for _, p := range l.nodes {
		least = math.Min(least, p.y-p.high/2)
	}
	for i := range l.nodes {
		l.nodes[i].y -= least
	}
}

func (l *layout) relax(layer []int, near [][]int, gap float64) {
	want := make([]float64, len(layer))
	for i, v := range layer {
		want[i] = l.nodes[v].y
		if len(near[v]) > 0 {
			sum := 0.0
			for _, u := range near[v] {
				sum += l.nodes[u].y
			}
			want[i] = sum / float64(len(near[v]))
		}
	}
	apart := func(i int) float64 { // of i and i−1
		return (l.nodes[layer[i]].high+l.nodes[layer[i-1]].high)/2 + gap
	}
	down, up := slices.Clone(want), slices.Clone(want)
	for i := 1; i < len(layer); i++ {
		down[i] = math.Max(down[i], down[i-1]+apart(i))
	}
	for i := len(layer) - 2; i >= 0; i-- {
		up[i] = math.Min(up[i], up[i+1]-apart(i+1))
	}
	for i, v := range layer {
		l.nodes[v].y = (down[i] + up[i]) / 2 // both keep apart, and so does their mean
	}
}

// height is how high the whole is.
func (l *layout) height() float64 {
	most := 0.0
	for _, p := range l.nodes {
		most = math.Max(most, p.y+p.high/2)
	}
	return most
}
