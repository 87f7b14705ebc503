package chart

import "math"

// Bars are ranked rows of parts that add up.
type Bars struct {
	Frame
	X     Axis
	Parts []string // what the parts are called, at most four
	Rows  []Bar
	// Whole draws every row as long as the others, in shares of its own sum, and
	// says the parts in it.
	Whole bool
	// Limit is drawn across all rows where it lies among them.
	Limit     float64
	LimitSays string
	// Name heads the names in the table, Value what is said at the end of rows.
	Name, Value string
}

// A Bar is one row.
type Bar struct {
	Name  string
	Note  string // below the name
	Parts []float64
	Value string // said at its end
}

func (b Bar) sum() float64 {
	s := 0.0
	for _, p := range b.Parts {
		s += drawable(p, math.MaxFloat64/8)
	}
	return s
}

// Draw draws them.
func (b Bars) Draw() Picture {
	t := Table{Heads: append([]string{b.Name}, b.Parts...)}
	t.Heads = append(t.Heads, b.Value)
	top := 0.0
	noted := false
	for _, r := range b.Rows {
		row := []string{r.Name}
		for i := range b.Parts {
			said := "–"
			if i < len(r.Parts) && r.Parts[i] != 0 {
				said = b.X.say(r.Parts[i])
			}
			row = append(row, said)
		}
		t.Rows = append(t.Rows, append(row, r.Value))
		top = math.Max(top, r.sum())
		noted = noted || r.Note != ""
	}
	rows := b.Rows[:min(len(b.Rows), mostRows)]
	if len(rows) == 0 || top <= 0 {
		return b.nothing(t)
	}
	w := b.width()
	names, values := 0.0, 0.0
	for _, r := range rows {
		names = math.Max(names, math.Max(extent(r.Name), extent(r.Note)))
		values = math.Max(values, extent(r.Value))
	}
	values = math.Min(values+8, 0.3*w)
	names = math.Min(names+10, 0.42*w)
	left, pitch, thick, down, fits := names, 30.0, 16.0, 7.0, 1
	if b.slim() {
		left, pitch, down = 1, 44, 22
	} else if noted {
		pitch, fits = 36, 2
	}
	// A name that is too long for its column goes on below, and moves what follows.
	const lead, mostLines = 14.0, 3
	lines := make([][]string, len(rows))
	notes := make([]int, len(rows)) // how many of them are of the note
	tops := make([]float64, len(rows)+1)
	for i, r := range rows {
		if b.slim() {
			lines[i] = wrapped(r.Name, w-extent(r.Value)-12, mostLines)
		} else {
			note := wrapped(r.Note, names-10, 2)
			lines[i], notes[i] = append(wrapped(r.Name, names-10, mostLines), note...), len(note)
		}
		tops[i+1] = tops[i] + pitch + lead*float64(max(0, len(lines[i])-fits))
	}
	high := tops[len(rows)]
	right := w - values - 4
	if b.slim() {
		right = w - 1
	}
	head := line + 8
	legend := b.legend(nil, w)
	head = legend + 8
	limited := !b.Whole && b.LimitSays != "" && b.Limit > 0 && b.Limit < top
	if limited {
		head += line + 2
	}
	foot := 2*line + 8
	c := newCanvas(b.Frame, w, head+high+foot)
	b.legend(c, w)
	bottom := head + high
	x := span{top, left, right}
	if b.Whole {
		x.top = 1
	}
	c.along(b.X.whole(b.Whole), x, bottom, head)
	if limited {
		at := x.at(b.Limit)
		c.line(at, head-4, at, bottom, "lim")
		c.beside(at, head-7, "b bad", b.LimitSays)
	}
	for i, r := range rows {
		y := head + tops[i]
		by := y + down
		more := lead * float64(max(0, len(lines[i])-fits))
		if b.slim() {
			for k, s := range lines[i] {
				c.fitted(0, y+15+lead*float64(k), "hal", "", s, w-extent(r.Value)-12)
			}
			c.text(w, y+15, "f hal", "end", r.Value)
			by += more
		} else {
			up := y + down + 12
			if len(lines[i]) > 1 {
				up = y + 15
			}
			for k, s := range lines[i] {
				class := ""
				if k >= len(lines[i])-notes[i] {
					class = "f"
				}
				c.fitted(names-8, up+lead*float64(k), class, "end", s, names-10)
			}
			if noted {
				by = y + 9
			}
			by += more / 2
		}
		sum := r.sum()
		from := 0.0
		for k, p := range r.Parts {
			p = drawable(p, math.MaxFloat64/8)
			if b.Whole && sum > 0 {
				p /= sum
			}
			x1, x2 := x.at(from), x.at(from+p)
			from += p
			if p <= 0 {
				continue
			}
			c.part(k, x1, by, x2-x1, thick)
			if said := b.X.say(r.Parts[k]); b.Whole && extent(said)+8 < x2-x1 {
				class := "b"
				if k%4 == 0 {
					class = "b on"
				}
				if k%4 == 1 || k%4 == 3 {
					class = "b hal"
				}
				c.text((x1+x2)/2, by+thick/2+4, class, "middle", said)
			}
		}
		if !b.slim() {
			c.fitted(x.at(from)+6, by+thick/2+4, "f", "", r.Value, w-x.at(from)-6)
		}
	}
	return b.finish(c, t)
}

// whole is the axis of shares where rows are drawn as such.
func (a Axis) whole(yes bool) Axis {
	if !yes {
		return a
	}
	return Axis{Label: a.Label, Say: func(v float64) string { return num(100*v) + "%" }}
}

// part draws the part number k: plain and dark, hatched, plain and light, dotted.
func (c *canvas) part(k int, x, y, w, h float64) {
	w = math.Max(w, 0.6)
	switch k % 4 {
	case 0:
		c.rect(x, y, w, h, "p0")
	case 1:
		c.hatched = true
		c.filled(x, y, w, h, "h", "p1")
	case 2:
		c.rect(x, y, w, h, "p2")
	default:
		c.dotted = true
		c.filled(x, y, w, h, "o", "p3")
	}
}

// legend names the parts that are used, and returns how high that is; a nil
// canvas only measures.
func (b Bars) legend(c *canvas, w float64) float64 {
	x, y := 0.0, 0.0
	for k, name := range b.Parts {
		used := false
		for _, r := range b.Rows {
			used = used || k < len(r.Parts) && r.Parts[k] > 0
		}
		if !used {
			continue
		}
		need := 20 + extent(name) + 14
		if x > 0 && x+need > w {
			x, y = 0, y+line+4
		}
		if c != nil {
			c.part(k, x+1, y+2, 13, 11)
			c.fitted(x+19, y+12, "", "", name, w-19)
		}
		x += need
	}
	return y + line
}
