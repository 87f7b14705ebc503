package chart

import (
	"math"
	"slices"
)

// A Frontier draws what more money buys: of every amount the best chance.
type Frontier struct {
	Frame
	X, Y   Axis // money, chance
	Points []Choice
	// Asked is the chance that is asked for.
	Asked     float64
	AskedSays string
	Heads     [3]string // of the table
}

// A Choice is one point of a frontier.
type Choice struct {
	Cost, Chance float64
	Label        string // empty: none in the picture
	Says         string // what it is, for the table
	Sign         Sign
	CostSays     string // the cost, for the table; empty: as the axis says it
}

// Draw draws it.
func (f Frontier) Draw() Picture {
	t := Table{Heads: f.Heads[:]}
	var points []Choice
	top := 0.0
	for _, p := range f.Points {
		cost := p.CostSays
		if cost == "" {
			cost = f.X.say(p.Cost)
		}
		t.Rows = append(t.Rows, []string{cost, f.Y.say(p.Chance), p.Says})
		if finite(p.Cost) && finite(p.Chance) && p.Cost >= 0 {
			p.Chance = unit(p.Chance)
			points = append(points, p)
			top = math.Max(top, p.Cost)
		}
	}
	if len(points) == 0 {
		return f.nothing(t)
	}
	slices.SortStableFunc(points, func(a, b Choice) int {
		switch {
		case a.Cost < b.Cost:
			return -1
		case a.Cost > b.Cost:
			return 1
		}
		return 0
	})
	if top <= 0 {
		top = 1
	}
	top *= 1.06
	w := f.width()
	const above, height = 2*line + 6, 230.0
	left, right := 48.0, w-10
	c := newCanvas(f.Frame, w, above+height+2*line+8)
	x, y := span{top, left, right}, span{1, above + height, above}
	c.text(0, 12, "f", "", f.Y.Label)
	c.up(f.Y, y, left, right)
	c.along(f.X, x, y.from, y.to)
	if f.AskedSays != "" && finite(f.Asked) {
		at := y.at(unit(f.Asked))
		c.line(left, at, right, at, "q")
		c.text(left+6, at-5, "f hal", "", f.AskedSays)
	}
	d, reached := "", 0.0
	for i, p := range points {
		px := num(x.at(p.Cost))
		if i == 0 {
			d = "M" + px + " " + num(y.at(p.Chance))
			reached = p.Chance
			continue
		}
		// Money buys nothing until it buys the next.
		d += "H" + px
		if p.Chance > reached {
			d += "V" + num(y.at(p.Chance))
			reached = p.Chance
		}
	}
	c.path(d+"H"+num(right), "cv")
	for _, p := range points {
		if p.Label == "" {
			c.sign(p.Sign, x.at(p.Cost), y.at(p.Chance), 3, "s")
		}
	}
	for _, p := range points {
		if p.Label == "" {
			continue
		}
		px, py := x.at(p.Cost), y.at(p.Chance)
		c.sign(p.Sign, px, py, 5, "s")
		down := py + 18
		if down > y.from-4 {
			down = py - 10
		}
		if px+8+extent(p.Label) > right {
			c.fitted(px-2, down, "b hal", "end", p.Label, px-left)
		} else {
			c.text(px+8, down, "b hal", "", p.Label)
		}
	}
	return f.finish(c, t)
}
