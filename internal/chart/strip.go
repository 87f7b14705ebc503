package chart

import (
	"fmt"
	"math"
	"slices"
)

// A Strip draws what happens in a stretch of time: a stem for each event, as
// high as it is bad.
type Strip struct {
	Frame
	Length float64  // of the time, in seconds
	Steps  []string // names of equal parts of it, such as months
	Y      Axis     // badness; drawn by its root, so that small ones are seen
	Events []Event
	Label  string // of the axis of time
	// Words of the legend.
	Incident, Planned, Missed string
	When                      func(at float64) string
	Heads                     [3]string // of the table: when, what, how bad
}

// An Event happens at a time.
type Event struct {
	At      float64 // seconds
	Bad     float64 // in the unit of Y
	Name    string
	Planned bool
	Missed  bool // no event: at this time something was found to be missed
}

// labelled is how many of the worst events have their names in the picture.
const labelled = 4

// Draw draws it.
func (s Strip) Draw() Picture {
	t := Table{Heads: s.Heads[:]}
	var events []Event
	worst := 0.0
	say := s.When
	if say == nil {
		say = number
	}
	for _, e := range s.Events {
		if !finite(e.At) || e.At < 0 || e.At > s.Length*1.001 {
			continue
		}
		e.Bad = drawable(e.Bad, math.MaxFloat64/8)
		bad := s.Y.say(e.Bad)
		if e.Missed {
			bad = s.Missed
		} else {
			worst = math.Max(worst, e.Bad)
		}
		t.Rows = append(t.Rows, []string{say(e.At), e.Name, bad})
		events = append(events, e)
	}
	if len(events) == 0 || !(s.Length > 0) || !finite(s.Length) {
		return s.nothing(t)
	}
	w := s.width()
	if worst <= 0 {
		worst = 1
	}
	const height = 130.0
	var high []float64
	for _, v := range ticks(s.Y, worst, 3) {
		if v > 0 {
			high = append(high, v)
		}
	}
	if len(high) > 2 {
		high = []float64{high[0], high[len(high)-1]}
	}
	left := 12.0
	for _, v := range high {
		left = math.Max(left, extent(s.Y.say(v))+10)
	}
	left = math.Min(left, 0.25*w)
	right := w - 8
	c := newCanvas(s.Frame, w, 0)
	top := s.legend(c, w) + line + 40
	bottom := top + height
	c.height = bottom + 3*line + 10
	x, y := span{s.Length, left, right}, span{math.Sqrt(worst), bottom, top}
	c.text(0, top-38, "f", "", s.Y.Label)
	for _, v := range high {
		at := y.at(math.Sqrt(v))
		c.line(left, at, right, at, "g")
		c.text(left-6, at+4, "f", "end", s.Y.say(v))
	}
	for i, name := range s.Steps {
		a, b := x.at(s.Length*float64(i)/float64(len(s.Steps))), x.at(s.Length*float64(i+1)/float64(len(s.Steps)))
		c.line(a, bottom, a, bottom+6, "x")
		c.fitted((a+b)/2, bottom+line+14, "f", "middle", name, b-a)
	}
	c.line(left, bottom, right, bottom, "x")
	c.text(right, bottom+3*line+5, "f", "end", s.Label)
	for _, e := range events {
		if e.Planned && !e.Missed {
			at := x.at(e.At)
			c.line(at, bottom+2, at, bottom+10, "q2")
		}
	}
	var named []Event
	for _, e := range events {
		at := x.at(e.At)
		switch {
		case e.Missed:
			c.sign(Cross, at, bottom+24-18, 5, "s3")
		case !e.Planned:
			up := y.at(math.Sqrt(e.Bad))
			c.line(at, bottom, at, up, "e")
			c.sign(Dot, at, up, 4, "s")
			named = append(named, e)
		}
	}
	slices.SortStableFunc(named, func(a, b Event) int {
		switch {
		case a.Bad > b.Bad:
			return -1
		case a.Bad < b.Bad:
			return 1
		}
		return 0
	})
	s.names(c, named, x, y)
	return s.finish(c, t)
}

// names writes the names of the worst events above their dots, where no other
// name is in the way.
func (s Strip) names(c *canvas, worst []Event, x, y span) {
	type box struct{ x1, x2, y float64 }
	var taken []box
	var met []string
	for _, e := range worst {
		if slices.Contains(met, e.Name) || len(met) == labelled {
			continue // the worst of a name is enough
		}
		met = append(met, e.Name)
		said := fmt.Sprintf("%s, %s", shorten(e.Name, 0.38*c.width), s.Y.say(e.Bad))
		wide := extent(said)
		at := x.at(e.At)
		x1 := math.Min(math.Max(at-wide/2, x.from+4), c.width-wide)
		for lift := 0.0; lift < 2; lift++ {
			up := y.at(math.Sqrt(e.Bad)) - 9 - lift*14
			free := up > 20
			for _, b := range taken {
				if x1 < b.x2+6 && b.x1 < x1+wide+6 && math.Abs(b.y-up) < 13 {
					free = false
				}
			}
			if free {
				taken = append(taken, box{x1, x1 + wide, up})
				c.text(x1, up, "hal", "", said)
				break
			}
		}
	}
}

func (s Strip) legend(c *canvas, w float64) float64 {
	x, y := 0.0, 0.0
	item := func(says string, draw func(x, y float64)) {
		if says == "" {
			return
		}
		need := 20 + extent(says) + 14
		if x > 0 && x+need > w {
			x, y = 0, y+line
		}
		draw(x, y)
		c.fitted(x+18, y+12, "f", "", says, w-18)
		x += need
	}
	item(s.Incident, func(x, y float64) { c.line(x+6, y+8, x+6, y+16, "e"); c.sign(Dot, x+6, y+6, 4, "s") })
	item(s.Planned, func(x, y float64) { c.line(x+6, y+4, x+6, y+13, "q2") })
	item(s.Missed, func(x, y float64) { c.sign(Cross, x+6, y+8, 5, "s3") })
	return y + line
}
