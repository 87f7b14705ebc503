package chart

import "math"

// steps of ticks in seconds.
var timeSteps = []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
	86400, 172800, 432000, 864000, 1728000, 4320000}

// year in seconds.
const year = 31557600

// ticks returns where an axis from 0 to top has its marks: about so many.
func ticks(a Axis, top float64, about int) []float64 {
	if !(top > 0) || !finite(top) {
		return []float64{0}
	}
	step := 0.0
	if a.Time {
		for _, s := range timeSteps {
			if top/s <= float64(about) {
				step = s
				break
			}
		}
		switch {
		case step == 0:
			step = year * decimal(top/year/float64(about))
		case step == 1:
			step = decimal(top / float64(about))
		}
	} else {
		step = decimal(top / float64(about))
	}
	var out []float64
	for i := 0; i <= 4*about && float64(i)*step <= top*(1+1e-9); i++ {
		out = append(out, float64(i)*step)
	}
	return out
}

// decimal is the next of 1, 2, 5 times a power of ten.
func decimal(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	if !(p > 0) || !finite(p) {
		return math.Max(v, math.SmallestNonzeroFloat64)
	}
	for _, k := range []float64{1, 2, 5} {
		if v <= k*p*(1+1e-9) {
			return k * p
		}
	}
	return 10 * p
}

// span maps 0…top to from…to in pixels.
type span struct{ top, from, to float64 }

func (s span) at(v float64) float64 {
	if !(s.top > 0) {
		return s.from
	}
	return s.from + (s.to-s.from)*drawable(v, s.top)/s.top
}

// along draws the marks of a horizontal axis at y, with lines up to top where
// that is less.
func (c *canvas) along(a Axis, s span, y, top float64) {
	about := int(math.Max(2, (s.to-s.from)/70))
	for _, v := range ticks(a, s.top, about) {
		x := s.at(v)
		if v > 0 {
			c.line(x, top, x, y, "g")
		}
		anchor := "middle"
		said := a.say(v)
		if x+extent(said)/2 > c.width {
			anchor = "end"
			x = c.width
		}
		if x-extent(said)/2 < 0 {
			anchor, x = "", 0
		}
		c.text(x, y+line, "f", anchor, said)
	}
	c.line(s.from, y, s.to, y, "x")
	c.text(s.to, y+2*line+1, "f", "end", a.Label)
}

// up draws the marks of a vertical axis at x, with lines to right.
func (c *canvas) up(a Axis, s span, x, right float64) {
	for _, v := range ticks(a, s.top, int(math.Max(2, math.Abs(s.from-s.to)/40))) {
		y := s.at(v)
		if v > 0 {
			c.line(x, y, right, y, "g")
		}
		c.text(x-6, y+4, "f", "end", a.say(v))
	}
	c.line(x, s.to, x, s.from, "x")
}
