package chart

import (
	"math"
	"slices"
	"strings"
)

// A Distribution draws how likely an amount is not exceeded: a curve that rises
// from 0 to 1, with the limit that it is held against.
type Distribution struct {
	Frame
	X      Axis
	Y      Axis    // of shares
	Points []Point // rising in both
	// Limit is what must not be exceeded, Met the chance of that. A limit that is
	// not above 0 is not drawn where LimitSays is empty.
	Limit     float64
	LimitSays string
	Met       float64
	MetSays   string
	// Quantile is what is not exceeded with the confidence asked for.
	Quantile, Confidence float64
	QuantileSays         string
	// Kept and Missed name the two sides of the limit.
	Kept, Missed string
	Heads        [2]string // of the table
}

// A Point of a distribution: P is the chance of at most X.
type Point struct{ X, P float64 }

// Draw draws it.
func (d Distribution) Draw() Picture {
	var points []Point
	for _, p := range d.Points {
		if finite(p.X) && finite(p.P) && p.X >= 0 {
			points = append(points, Point{p.X, unit(p.P)})
		}
	}
	slices.SortStableFunc(points, func(a, b Point) int {
		switch {
		case a.X < b.X:
			return -1
		case a.X > b.X:
			return 1
		}
		return 0
	})
	t := d.table(points)
	if len(points) == 0 {
		return d.nothing(t)
	}
	limited := d.LimitSays != "" && finite(d.Limit) && d.Limit >= 0
	marked := d.QuantileSays != "" && finite(d.Quantile) && d.Quantile >= 0
	top := 0.0
	for _, p := range points {
		top = p.X
		if p.P >= 0.995 {
			break
		}
	}
	if limited {
		top = math.Max(top, 1.15*d.Limit)
	}
	if marked {
		top = math.Max(top, 1.1*d.Quantile)
	}
	if top <= 0 {
		top = 60
	}
	w := d.width()
	height := 240.0
	left, right := 48.0, w-10
	const above = 3*line + 6
	c := newCanvas(d.Frame, w, above+height+2*line+8)
	x, y := span{top, left, right}, span{1, above + height, above}
	c.text(0, 12, "f", "", d.Y.Label)

	if limited {
		at := x.at(d.Limit)
		c.rect(at, y.to, right-at, height, "w")
		c.hatch(at, y.to, right, y.from)
	}
	c.up(d.Y, y, left, right)
	c.along(d.X, x, y.from, y.to)
	if limited {
		at := x.at(d.Limit)
		c.line(at, above-line-4, at, y.from, "lim")
		c.beside(at, above-line-6, "b bad", d.LimitSays)
		if at-left > extent(d.Kept)+16 {
			c.text(at-8, y.from-8, "b good hal", "end", d.Kept)
		}
		if right-at > extent(d.Missed)+16 {
			c.text(at+8, y.from-8, "b bad hal", "", d.Missed)
		}
	}
	if marked {
		at := x.at(d.Quantile)
		c.line(at, above-3, at, y.from, "q")
		c.line(left, y.at(d.Confidence), at, y.at(d.Confidence), "d")
		c.beside(at, above-5, "f hal", d.QuantileSays)
	}
	c.curve(points, x, y)
	if limited && finite(d.Met) {
		at, up := x.at(d.Limit), y.at(unit(d.Met))
		c.line(left, up, at, up, "d")
		c.sign(Dot, at, up, 4.5, "s3")
		if d.MetSays != "" {
			down := up + 17 // below the curve, which rises
			if up > y.from-26 {
				down = y.from - 26 // above what the sides are called
			}
			if at+10+extent(d.MetSays) < right {
				c.text(at+9, down, "b hal", "", d.MetSays)
			} else {
				c.text(at-9, down, "b hal", "end", d.MetSays)
			}
		}
	}
	return d.finish(c, t)
}

// beside writes beside a line, on the side that has room.
func (c *canvas) beside(x, y float64, class, s string) {
	if x+5+extent(s) <= c.width {
		c.text(x+5, y, class, "", s)
		return
	}
	if x-5-extent(s) >= 0 {
		c.text(x-5, y, class, "end", s)
		return
	}
	c.fitted(c.width, y, class, "end", s, c.width)
}

// hatch lays thin lines over a part, so that it stands out in grey too.
func (c *canvas) hatch(x1, y1, x2, y2 float64) {
	var b strings.Builder
	const step = 14
	for k := x1 - (y2 - y1); k < x2; k += step {
		// From the lower left to the upper right, cut at the borders.
		ax, ay := k, y2
		bx, by := k+(y2-y1), y1
		if ax < x1 {
			ay -= x1 - ax
			ax = x1
		}
		if bx > x2 {
			by += bx - x2
			bx = x2
		}
		if bx-ax < 1 {
			continue
		}
		b.WriteString("M" + num(ax) + " " + num(ay) + "L" + num(bx) + " " + num(by))
	}
	if b.Len() > 0 {
		c.path(b.String(), "g")
	}
}

// curve draws a distribution; points that lie on one pixel are drawn once.
func (c *canvas) curve(points []Point, x, y span) {
	var b strings.Builder
	b.WriteString("M" + num(x.from) + " " + num(y.from))
	px, py := x.from, y.from
	for i, p := range points {
		if p.X > x.top {
			break
		}
		nx, ny := x.at(p.X), y.at(p.P)
		if i > 0 && i < len(points)-1 && math.Abs(nx-px) < 1.5 && math.Abs(ny-py) < 1.5 {
			continue
		}
		b.WriteString("L" + num(nx) + " " + num(ny))
		px, py = nx, ny
	}
	if last := points[len(points)-1]; last.X < x.top {
		b.WriteString("L" + num(x.to) + " " + num(y.at(last.P)))
	}
	c.path(b.String(), "cv")
}

// tableRows is how many points of a curve its table has.
const tableRows = 16

func (d Distribution) table(points []Point) Table {
	t := Table{Heads: []string{d.Heads[0], d.Heads[1]}}
	if len(points) == 0 {
		return t
	}
	// As far apart in chance as rows allow.
	last := -1.0
	for i, p := range points {
		if i > 0 && i < len(points)-1 && p.P-last < 1.0/tableRows {
			continue
		}
		last = p.P
		t.Rows = append(t.Rows, []string{d.X.say(p.X), d.Y.say(p.P)})
		if p.P > 0.9995 {
			break
		}
	}
	return t
}
