package chart

import (
	"math"
	"slices"
)

// A Curve draws what each of some targets costs: what keeps it, what is lost
// nevertheless, and both together, of which the least is the best.
type Curve struct {
	Frame
	X, Y               Axis // targets have no numbers: only the label of X is used
	Points             []Target
	Keeps, Loses, Both string // what the three lines are called
	Best               string // said over the best
	Impossible         string // said of what cannot be kept at any price
	Heads              [4]string
	Remark             string // head of the last column of the table
}

// A Target is one point.
type Target struct {
	Name        string
	Keeps       float64
	Loses       float64 // NaN: unknown
	Possible    bool
	Best, Own   bool
	OwnSays     string
	RemarkTable string
}

// Draw draws it.
func (u Curve) Draw() Picture {
	t := Table{Heads: append(u.Heads[:], u.Remark)}
	top := 0.0
	some := false
	for _, p := range u.Points {
		row := []string{p.Name, "–", "–", "–", p.RemarkTable}
		if p.Possible {
			row[1] = u.Y.say(p.Keeps)
			if !math.IsNaN(p.Loses) {
				row[2], row[3] = u.Y.say(p.Loses), u.Y.say(p.Keeps+p.Loses)
			}
			both := p.Keeps
			if !math.IsNaN(p.Loses) {
				both += p.Loses
			}
			if finite(both) {
				some = true
				top = math.Max(top, both)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	points := u.Points[:min(len(u.Points), 24)]
	if len(points) == 0 || !some {
		return u.nothing(t)
	}
	if top <= 0 {
		top = 1
	}
	top *= 1.08
	w := u.width()
	left := 10.0
	for _, v := range ticks(u.Y, top, 5) {
		left = math.Max(left, extent(u.Y.say(v))+10)
	}
	left = math.Min(left, 0.3*w)
	const above, height = 3*line + 12, 220.0
	right := w - 4
	c := newCanvas(u.Frame, w, above+height+3*line+8)
	column := (right - left) / float64(len(points))
	y := span{top, above + height, above}
	at := func(i int) float64 { return left + column*(float64(i)+0.5) }
	for i, p := range points {
		if p.Best {
			c.rect(at(i)-column/2, above, column, height, "m")
		}
		if !p.Possible {
			c.rect(at(i)-column/2, above, column, height, "w")
			c.hatch(at(i)-column/2, above, at(i)+column/2, above+height)
		}
	}
	u.legend(c, w)
	c.text(0, above-8, "f", "", u.Y.Label)
	c.up(u.Y, y, left, right)
	c.line(left, y.from, right, y.from, "x")
	tilt := false
	for _, p := range points {
		tilt = tilt || extent(p.Name) > column-4
	}
	for i, p := range points {
		class, down := "f", line
		if p.Own || p.Best {
			class = "b"
		}
		if tilt && i%2 == 1 {
			down = 2*line - 2 // two rows of names
		}
		half := 0.5 * extent(p.Name)
		if class == "b" { // whose letters are wider
			half *= 1.1
		}
		if at(i)+half > w {
			c.text(w, y.from+down, class, "end", p.Name)
			continue
		}
		c.text(at(i), y.from+down, class, "middle", p.Name)
	}
	foot := 2*line + 1
	if tilt {
		foot = 3 * line
	}
	c.height = y.from + foot + 7
	c.text(right, y.from+foot, "f", "end", u.X.Label)
	lines := []struct {
		class, sign string
		shape       Sign
		of          func(Target) float64
	}{
		{"c3", "s3", Triangle, func(p Target) float64 { return p.Loses }},
		{"c2", "s2", Square, func(p Target) float64 { return p.Keeps }},
		{"cv", "s", Dot, func(p Target) float64 { return p.Keeps + p.Loses }},
	}
	for _, l := range lines {
		d, on := "", false
		for i, p := range points {
			v := l.of(p)
			if !p.Possible || !finite(v) {
				on = false
				continue
			}
			step := "L"
			if !on {
				step = "M"
			}
			on = true
			d += step + num(at(i)) + " " + num(y.at(v))
		}
		if d == "" {
			continue
		}
		c.path(d, l.class)
		for i, p := range points {
			if v := l.of(p); p.Possible && finite(v) {
				c.sign(l.shape, at(i), y.at(v), 4, l.sign)
			}
		}
	}
	first := true
	for i, p := range points {
		if p.Best && u.Best != "" {
			v := p.Keeps
			if finite(p.Loses) {
				v += p.Loses
			}
			up := math.Max(above+14, y.at(v)-12)
			if left+extent(u.Best) > at(i)+extent(u.Best)/2 {
				c.text(left+4, up, "b hal", "", u.Best)
			} else {
				c.text(math.Min(at(i), right-extent(u.Best)/2), up, "b hal", "middle", u.Best)
			}
		}
		if !p.Possible && first && u.Impossible != "" {
			first = false
			if at(i)-column/2+6+extent(u.Impossible) <= right {
				c.text(at(i)-column/2+6, above+height/2, "b bad hal", "", u.Impossible)
			} else {
				c.fitted(right-2, above+height/2, "b bad hal", "end", u.Impossible, right-left)
			}
		}
	}
	return u.finish(c, t)
}

func (u Curve) legend(c *canvas, w float64) {
	lost := slices.ContainsFunc(u.Points, func(p Target) bool { return p.Possible && finite(p.Loses) })
	x, y := 0.0, 0.0
	for _, l := range []struct {
		line, sign string
		shape      Sign
		name       string
	}{{"cv", "s", Dot, u.Both}, {"c2", "s2", Square, u.Keeps}, {"c3", "s3", Triangle, u.Loses}} {
		if l.shape != Square && !lost {
			continue // nothing is known of it
		}
		need := 30 + extent(l.name) + 14
		if x > 0 && x+need > w {
			x, y = 0, y+line
		}
		c.line(x, y+8, x+24, y+8, l.line)
		c.sign(l.shape, x+12, y+8, 4, l.sign)
		c.fitted(x+30, y+12, "", "", l.name, w-30)
		x += need
	}
}
