package chart

import "math"

// Layers draws what stands, and what could stand, in front of things that go
// wrong: a row for each, a column for each step, a slat for each layer that is
// filled as far as it stops.
type Layers struct {
	Frame
	Steps []string // heads of the columns
	Rows  []LayerRow
	End   string // head of the last column
	// What the slats mean, for the legend: a layer that stands and stops so much,
	// one that could stand, and a step without any.
	Stands, Could, Missing string
	Name, Layer, Stops     string // heads of the table
	Status, Step           string
}

// A LayerRow is what stands in front of one thing.
type LayerRow struct {
	Name, Note string
	Layers     []Slat
	End        string // what gets through
}

// A Slat is one layer.
type Slat struct {
	Step   int // of Steps
	Name   string
	Stands bool
	Stops  float64 // share; NaN is unknown
	Says   string  // how much, in words, for the table
	Status string
}

// Draw draws them.
func (l Layers) Draw() Picture {
	t := Table{Heads: []string{l.Name, l.Step, l.Layer, l.Stops, l.Status}}
	for _, r := range l.Rows {
		for _, s := range r.Layers {
			step := ""
			if s.Step >= 0 && s.Step < len(l.Steps) {
				step = l.Steps[s.Step]
			}
			t.Rows = append(t.Rows, []string{r.Name, step, s.Name, s.Says, s.Status})
		}
	}
	rows := l.Rows[:min(len(l.Rows), mostRows)]
	if len(rows) == 0 || len(l.Steps) == 0 {
		return l.nothing(t)
	}
	w := l.width()
	names, ends := 0.0, extent(l.End)
	for _, r := range rows {
		names = math.Max(names, math.Max(extent(r.Name), extent(r.Note)))
		ends = math.Max(ends, extent(r.End))
	}
	names, ends = math.Min(names+12, 0.34*w), math.Min(ends+8, 0.18*w)
	left, pitch, drop := names, 44.0, 8.0
	right := w - ends
	if l.slim() {
		left, pitch, drop, right = 0, 60, 26, w
	}
	column := (right - left) / float64(len(l.Steps))
	const slat, high = 10.0, 28.0
	head := 2 * (line + 6.0)
	if l.slim() {
		head += line + 4
	}
	c := newCanvas(l.Frame, w, head+line+6+pitch*float64(len(rows))+2)
	l.legend(c, w)
	for i, s := range l.Steps {
		c.fitted(left+column*float64(i), head+10, "b", "", s, column-6)
	}
	if !l.slim() {
		c.fitted(w, head+10, "b", "end", l.End, ends)
	}
	for i, r := range rows {
		y := head + line + 6 + pitch*float64(i)
		c.line(0, y-2, w, y-2, "g")
		if l.slim() {
			c.fitted(0, y+16, "", "", r.Name, w-extent(r.End)-10)
			c.text(w, y+16, "f", "end", r.End)
		} else {
			up := y + 25.0
			if r.Note != "" {
				up = y + 18
				c.fitted(0, up+15, "f", "", r.Note, names-8)
			}
			c.fitted(0, up, "", "", r.Name, names-8)
			c.fitted(w, y+25, "f", "end", r.End, ends)
		}
		count := make([]int, len(l.Steps))
		for _, s := range r.Layers {
			if s.Step >= 0 && s.Step < len(l.Steps) {
				count[s.Step]++
			}
		}
		at := make([]int, len(l.Steps))
		for _, s := range r.Layers {
			if s.Step < 0 || s.Step >= len(l.Steps) {
				continue
			}
			// As close as there are many of them.
			gap := math.Min(slat+4, (column-10)/math.Max(1, float64(count[s.Step])))
			x := left + column*float64(s.Step) + gap*float64(at[s.Step])
			at[s.Step]++
			l.slat(c, s, x, y+drop, math.Max(2, math.Min(slat, gap-1.5)), high)
		}
		for k, n := range count {
			if n == 0 {
				c.text(left+column*float64(k), y+drop+high/2+4, "bad", "", "– "+l.Missing)
			}
		}
	}
	return l.finish(c, t)
}

// slat draws one layer.
func (l Layers) slat(c *canvas, s Slat, x, y, w, h float64) {
	class := "nd"
	if s.Stands {
		class = "n"
	}
	c.rect(x, y, w, h, class)
	if s.Stands && s.Stops > 0 {
		full := h * unit(s.Stops)
		c.rect(x, y+h-full, w, full, "p0")
	} else if !s.Stands && s.Stops > 0 {
		full := h * unit(s.Stops)
		c.rect(x, y+h-full, w, full, "m")
		c.rect(x, y, w, h, "nd z")
		return
	}
	if math.IsNaN(s.Stops) {
		c.text(x+w/2, y+h/2+4, "f", "middle", "?")
	}
}

func (l Layers) legend(c *canvas, w float64) {
	x, y := 0.0, 0.0
	item := func(s Slat, says string) {
		need := 18 + extent(says) + 16
		if x > 0 && x+need > w {
			x, y = 0, y+line+6
		}
		l.slat(c, s, x+1, y+1, 9, 15)
		c.fitted(x+17, y+13, "f", "", says, w-17)
		x += need
	}
	item(Slat{Name: l.Stands, Stands: true, Stops: 0.7}, l.Stands)
	item(Slat{Name: l.Could, Stops: 0.7}, l.Could)
}
