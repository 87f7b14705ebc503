package chart

import "math"

// Reach draws, for each of a few states, how much time is lost on average and at
// most, against how much may be. The axis counts by factors: what is allowed and
// what is lost may lie far apart.
type Reach struct {
	Frame
	X          Axis
	Rows       []ReachRow
	Limits     []ReachLimit
	Mean, Most string    // what the mark and the end of a row are
	Heads      [3]string // of the table: the state, the mean, the most
}

// A ReachRow is one state.
type ReachRow struct {
	Name       string
	Mean, Most float64
	Says       string // at its end
}

// A ReachLimit is what is allowed.
type ReachLimit struct {
	At    float64
	Says  string
	Asked bool // it is what is asked for, and not what is proposed
}

// logs maps low…top to from…to in pixels, by factors.
type logs struct{ low, top, from, to float64 }

func (s logs) at(v float64) float64 {
	v = math.Min(math.Max(v, s.low), s.top)
	return s.from + (s.to-s.from)*math.Log(v/s.low)/math.Log(s.top/s.low)
}

// logSteps are times that people know, in seconds.
var logSteps = []float64{1, 10, 60, 600, 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400, year}

// nearLabel is how far behind its bar a label may stand.
const nearLabel = 80

// Draw draws them.
func (r Reach) Draw() Picture {
	t := Table{Heads: []string{r.Heads[0], r.Heads[1], r.Heads[2]}}
	low, top := math.Inf(1), 0.0
	see := func(v float64) {
		if finite(v) && v > 0 {
			low, top = math.Min(low, v), math.Max(top, v)
		}
	}
	for _, x := range r.Rows {
		t.Rows = append(t.Rows, []string{x.Name, r.X.say(x.Mean), r.X.say(x.Most)})
		see(x.Mean)
		see(x.Most)
	}
	for _, l := range r.Limits {
		t.Rows = append(t.Rows, []string{l.Says, "", ""})
		see(l.At)
	}
	if top <= 0 || len(r.Rows) == 0 {
		return r.nothing(t)
	}
	w := r.width()
	names := 0.0
	for _, x := range r.Rows {
		names = math.Max(names, extent(x.Name))
	}
	left, pitch := math.Min(names+10, 0.3*w), 34.0
	if r.slim() {
		left, pitch = 1, 46
	}
	head := 8.0 + float64(len(r.Limits))*(line+2)
	foot := 2*line + 8 + line + 6
	rows := r.Rows[:min(len(r.Rows), mostRows)]
	c := newCanvas(r.Frame, w, head+pitch*float64(len(rows))+foot)
	bottom := head + pitch*float64(len(rows))
	x := logs{low / 2, top * 3.5, left, w - 8}
	for _, v := range logSteps {
		if v < x.low || v > x.top {
			continue
		}
		at, said := x.at(v), r.X.say(v)
		c.line(at, head, at, bottom, "g")
		anchor := "middle"
		if at+extent(said)/2 > w {
			anchor, at = "end", w
		}
		if at-extent(said)/2 < 0 {
			anchor, at = "", 0
		}
		c.text(at, bottom+line, "f", anchor, said)
	}
	c.line(left, bottom, w-8, bottom, "x")
	c.text(w-8, bottom+2*line+1, "f", "end", r.X.Label)
	for i, l := range r.Limits {
		at, class, words := x.at(l.At), "ok", "b good"
		if l.Asked {
			class, words = "lim", "b bad"
		}
		y := line + float64(i)*(line+2)
		c.line(at, y-10, at, bottom, class)
		c.beside(at, y, words, l.Says)
	}
	for i, row := range rows {
		y := head + pitch*float64(i)
		bar := y + 9
		if r.slim() {
			c.fitted(0, y+14, "hal", "", row.Name, w-extent(row.Says)-12)
			c.text(w, y+14, "f hal", "end", row.Says)
			bar = y + 21
		} else {
			c.fitted(left-8, y+22, "", "end", row.Name, left-10)
		}
		end := x.at(row.Most)
		c.rect(left, bar, end-left, 16, "p2")
		if row.Mean > 0 {
			c.sign(Diamond, x.at(row.Mean), bar+8, 5, "s")
		}
		if !r.slim() {
			need := 1.15 * extent(row.Says)                        // it is bold
			crossed := func(from float64) (at float64, yes bool) { // by the line of a limit
				for _, l := range r.Limits {
					if x := x.at(l.At); x > from-6 && x < from+need+4 && x > at {
						at, yes = x, true
					}
				}
				// The mean may lie behind the end: rare and long incidents.
				if mark := x.at(row.Mean); row.Mean > 0 && mark > from-6 && mark < from+need+8 && mark+3 > at {
					at, yes = mark+3, true
				}
				return at, yes
			}
			// Behind the end and the lines close to it, where the mean's mark is not; else in
			// the bar.
			from := end + 6
			for range len(r.Limits) + 1 { // each of them once
				at, yes := crossed(from)
				if !yes {
					break
				}
				from = at + 6
			}
			inside := end - 6
			if at := x.at(row.Mean); row.Mean > 0 && at+8 > inside-need && at-8 < inside {
				inside = at - 10 // left of the mark
			}
			switch {
			case from+need < w && (from-end <= nearLabel || inside-need < left):
				c.text(from, bar+12, "b hal", "", row.Says)
			case inside-need >= left:
				c.text(inside, bar+12, "b hal", "end", row.Says)
			default:
				c.fitted(w, bar+12, "b hal", "end", row.Says, w)
			}
		}
	}
	// The key stands below: what the end and the mark are.
	y := bottom + 3*line + 10
	c.rect(left, y-10, 18, 11, "p2")
	c.text(left+24, y, "f", "", r.Most)
	if at := left + 24 + extent(r.Most) + 18; at+16+extent(r.Mean) < w {
		c.sign(Diamond, at, y-4, 5, "s")
		c.text(at+12, y, "f", "", r.Mean)
	}
	return r.finish(c, t)
}
