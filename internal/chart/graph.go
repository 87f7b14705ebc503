package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// A Graph draws what needs what, in layers from left to right.
type Graph struct {
	Frame
	Nodes []Node
	Edges []Edge
	// Focus is the node around which the others are chosen where there are more
	// than Most, nearest first; Most is 60 where it is 0.
	Focus string
	Most  int
	// More says that only some of all nodes are drawn.
	More func(shown, all int) string
	// Words of the legend; empty: not in it.
	Outside, Shared, Part, Apart string
	Heads                        [3]string // of the table
	All                          string    // said of an edge without a label
}

// A Node of a graph.
type Node struct {
	ID, Label string
	Outside   bool
	// Joint is where several meet: drawn small, with its label, such as "1 of 2".
	Joint bool
}

// An Edge leads from what needs to what is needed.
type Edge struct {
	From, To string
	Label    string // of an edge that reaches some users only
	Apart    bool   // it is drawn, but does not count
}

// mostNodes is how many nodes a graph draws unless others are asked for.
const mostNodes = 60

// Draw draws it.
func (g Graph) Draw() Picture {
	t := Table{Heads: g.Heads[:]}
	labels := map[string]string{}
	for _, n := range g.Nodes {
		labels[n.ID] = n.Label
	}
	for _, e := range g.Edges {
		how := e.Label
		if how == "" {
			how = g.All
		}
		if e.Apart && g.Apart != "" {
			how += ", " + g.Apart
		}
		t.Rows = append(t.Rows, []string{or(labels[e.From], e.From), or(labels[e.To], e.To), how})
	}
	nodes, edges, all := g.chosen()
	if len(nodes) == 0 {
		return g.nothing(t)
	}
	const high, gap = 26.0, 9.0
	layout := func(high func(i int) float64) *layout {
		return newLayout(len(nodes), pairs(edges), func(i int) float64 {
			if nodes[i].Joint {
				return 20
			}
			return high(i)
		}, gap)
	}
	l := layout(func(int) float64 { return high })
	needed := make([]int, len(nodes))
	for _, e := range edges {
		needed[e.to]++
	}
	w := g.width()
	// Each column is as wide as its longest label; where all together are wider than the
	// picture, the widest give way, down to what still says something.
	boxes := make([]float64, len(l.layers))
	for i, n := range nodes {
		need := extent(n.Label) + 18
		switch {
		case n.Joint:
			need -= 6
		case needed[i] > 1:
			need += 22
		}
		at := l.nodes[i].layer
		boxes[at] = math.Max(boxes[at], need)
	}
	const nearest, least = 34.0, 84.0
	gaps := float64(len(boxes) - 1)
	narrowed(boxes, w-2-gaps*nearest, least)
	// What does not fit into one line has two.
	lines := make([][]string, len(nodes))
	tall := make([]float64, len(nodes))
	broken := false
	for i, n := range nodes {
		room := boxes[l.nodes[i].layer] - 14
		if needed[i] > 1 {
			room -= 22
		}
		lines[i], tall[i] = []string{n.Label}, high
		if !n.Joint && extent(n.Label) > room {
			lines[i] = wrapped(n.Label, room, 2)
		}
		if len(lines[i]) > 1 {
			tall[i], broken = high+14, true
		}
	}
	if broken {
		l = layout(func(i int) float64 { return tall[i] })
	}
	sum := 0.0
	for _, b := range boxes {
		sum += b
	}
	between := nearest
	if gaps > 0 {
		between = math.Max(nearest, math.Min(90, (w-2-sum)/gaps))
	}
	w = math.Max(2+sum+gaps*between, math.Min(w, 300))
	c := newCanvas(g.Frame, w, 0)
	top := g.legend(c, w)
	if len(nodes) < all && g.More != nil {
		c.text(0, top+13, "f", "", g.More(len(nodes), all))
		top += line + 4
	}
	top += 4
	c.height = top + l.height() + 4
	left := func(layer int) float64 {
		x := 1.0
		for _, b := range boxes[:layer] {
			x += b + between
		}
		return x
	}
	wide := func(i int) float64 {
		b := boxes[l.nodes[i].layer]
		if nodes[i].Joint {
			return math.Min(b, extent(nodes[i].Label)+12)
		}
		return b
	}
	c.edges(l, edges, left, wide, boxes, top)
	for i, n := range nodes {
		p := l.nodes[i]
		x, y := left(p.layer), top+p.y
		if n.Joint {
			c.rect(x, y-10, wide(i), 20, "n")
			c.fitted(x+6, y+4, "f", "", n.Label, wide(i)-8)
			continue
		}
		shared := needed[i] > 1
		class := "n"
		switch {
		case n.ID == g.Focus:
			class = "nf"
		case shared && n.Outside:
			class = "nsd"
		case shared:
			class = "ns"
		case n.Outside:
			class = "nd"
		}
		c.rect(x, y-tall[i]/2, wide(i), tall[i], class)
		text, room := "", wide(i)-14
		if n.ID == g.Focus {
			text = "b on"
		}
		if shared {
			c.text(x+wide(i)-6, y+4, "b", "end", fmt.Sprintf("×%d", needed[i]))
			room -= 22
		}
		for k, s := range lines[i] {
			c.fitted(x+7, y+4+14*float64(k)-7*float64(len(lines[i])-1), text, "", s, room)
		}
	}
	return g.finish(c, t)
}

// narrowed makes the widest of some widths narrower until all are no wider together than
// the room, but none of them less than the least.
func narrowed(widths []float64, room, least float64) {
	low, high := least, slices.Max(widths)
	total := func(most float64) (sum float64) {
		for _, x := range widths {
			sum += math.Min(x, most)
		}
		return sum
	}
	if high <= least || total(high) <= room {
		return
	}
	for range 40 {
		if mid := (low + high) / 2; total(mid) > room {
			high = mid
		} else {
			low = mid
		}
	}
	for i := range widths {
		widths[i] = math.Min(widths[i], math.Floor(low))
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// A link is an edge between nodes by number.
type link struct {
	Edge
	from, to int
}

func pairs(edges []link) [][2]int {
	out := make([][2]int, len(edges))
	for i, e := range edges {
		out[i] = [2]int{e.from, e.to}
	}
	return out
}

// chosen returns the nodes that are drawn and the edges between them, without
// loops and doubles; all is how many nodes there are.
func (g Graph) chosen() (nodes []Node, edges []link, all int) {
	number := map[string]int{}
	var list []Node
	for _, n := range g.Nodes {
		if _, twice := number[n.ID]; !twice {
			number[n.ID] = len(list)
			list = append(list, n)
		}
	}
	var links []link
	met := map[[2]int]bool{}
	for _, e := range g.Edges {
		a, ok := number[e.From]
		b, fine := number[e.To]
		if !ok || !fine || a == b || met[[2]int{a, b}] {
			continue
		}
		met[[2]int{a, b}] = true
		links = append(links, link{e, a, b})
	}
	most := g.Most
	if most <= 0 {
		most = mostNodes
	}
	near := make([][]int, len(list))
	for _, e := range links {
		near[e.from] = append(near[e.from], e.to)
		near[e.to] = append(near[e.to], e.from)
	}
	in := make([]bool, len(list))
	count := 0
	take := func(i int) bool {
		if !in[i] && count < most {
			in[i] = true
			count++
			return true
		}
		return false
	}
	if len(list) <= most {
		for i := range list {
			take(i)
		}
	} else {
		var todo []int
		if i, ok := number[g.Focus]; ok && take(i) {
			todo = append(todo, i)
		}
		for next := 0; count < most; {
			if len(todo) == 0 { // what hangs together with nothing seen yet
				for next < len(list) && in[next] {
					next++
				}
				take(next)
				todo = append(todo, next)
			}
			for _, j := range near[todo[0]] {
				if take(j) {
					todo = append(todo, j)
				}
			}
			todo = todo[1:]
		}
	}
	to := make([]int, len(list))
	for i, n := range list {
		if in[i] {
			to[i] = len(nodes)
			nodes = append(nodes, n)
		}
	}
	for _, e := range links {
		if in[e.from] && in[e.to] {
			edges = append(edges, link{e.Edge, to[e.from], to[e.to]})
		}
	}
	return nodes, edges, len(list)
}

// edges draws all edges, each as a curve with a small arrow.
func (c *canvas) edges(l *layout, edges []link, left func(int) float64, wide func(int) float64, boxes []float64, top float64) {
	for i, e := range edges {
		route := l.routes[i]
		from, to := l.nodes[route[0]], l.nodes[route[len(route)-1]]
		back := from.layer > to.layer
		x := left(from.layer) + wide(route[0])
		if back {
			x = left(from.layer)
		}
		y := top + from.y
		var d strings.Builder
		d.WriteString("M" + num(x) + " " + num(y))
		for k, v := range route[1:] {
			p := l.nodes[v]
			px, py := left(p.layer), top+p.y
			if back {
				px += boxes[p.layer]
			}
			if k == len(route)-2 && !back {
				px -= 5 // the arrow
			}
			bend := (px - x) / 2
			d.WriteString("C" + num(x+bend) + " " + num(y) + " " + num(px-bend) + " " + num(py) + " " + num(px) + " " + num(py))
			x, y = px, py
			if k < len(route)-2 { // straight through the column
				if back {
					x -= boxes[p.layer]
				} else {
					x += boxes[p.layer]
				}
				d.WriteString("H" + num(x))
			}
		}
		class := "e"
		switch {
		case e.Apart:
			class = "eu"
		case e.Label != "":
			class = "ei"
		}
		c.path(d.String(), class)
		if !back {
			c.path("M"+num(x+5)+" "+num(y)+"l-7 -3.5v7z", "h")
		}
	}
	// Labels stand at the arrows; of several at one node the upper edges have
	// theirs above and the lower ones below.
	labelled := map[int][]int{}
	var ends []int
	for i, e := range edges {
		route := l.routes[i]
		end := route[len(route)-1]
		if e.Label == "" || l.nodes[route[0]].layer > l.nodes[end].layer {
			continue
		}
		if labelled[end] == nil {
			ends = append(ends, end)
		}
		labelled[end] = append(labelled[end], i)
	}
	for _, end := range ends {
		list, p := labelled[end], l.nodes[end]
		before := func(i int) float64 { return l.nodes[l.routes[i][len(l.routes[i])-2]].y }
		slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(before(a), before(b)) })
		above := (len(list) + 1) / 2
		for k, i := range list {
			y := top + p.y - 5 - 13*float64(above-1-k)
			if k >= above {
				y = top + p.y + 13 + 13*float64(k-above)
			}
			c.text(left(p.layer)-9, y, "f hal", "end", edges[i].Label)
		}
	}
}

func (g Graph) legend(c *canvas, w float64) float64 {
	x, y := 0.0, 0.0
	item := func(says string, draw func(x, y float64)) {
		if says == "" {
			return
		}
		need := 34 + extent(says) + 14
		if x > 0 && x+need > w {
			x, y = 0, y+line+5
		}
		draw(x, y)
		c.fitted(x+34, y+13, "f", "", says, w-34)
		x += need
	}
	some := func(f func(e Edge) bool) bool {
		for _, e := range g.Edges {
			if f(e) {
				return true
			}
		}
		return false
	}
	times := map[string]int{}
	for _, e := range g.Edges {
		times[e.To]++
	}
	shared, outside := false, false
	for _, n := range g.Nodes {
		outside = outside || n.Outside
		shared = shared || times[n.ID] > 1
	}
	if shared {
		item(g.Shared, func(x, y float64) {
			c.rect(x+1, y+2, 26, 13, "ns")
			c.text(x+14, y+12.5, "b", "middle", "×2")
		})
	}
	if outside {
		item(g.Outside, func(x, y float64) { c.rect(x+1, y+2, 26, 13, "nd") })
	}
	if some(func(e Edge) bool { return e.Label != "" }) {
		item(g.Part, func(x, y float64) {
			c.line(x+1, y+9, x+27, y+9, "ei")
			c.path("M"+num(x+28)+" "+num(y+9)+"l-7 -3.5v7z", "h")
		})
	}
	if some(func(e Edge) bool { return e.Apart }) {
		item(g.Apart, func(x, y float64) { c.line(x+1, y+9, x+27, y+9, "eu") })
	}
	if x == 0 && y == 0 {
		return 0
	}
	return y + line + 6
}
