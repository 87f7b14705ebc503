// Package chart draws pictures from numbers, as SVG. It knows no service and no
// language: whoever draws passes in the words, and how numbers are said.
//
// The same numbers give the same bytes. A picture has no script and needs
// nothing from outside but Stylesheet, which the page that holds it owns, once:
// with it a picture is legible at its own width, in light and dark, and printed
// in grey. Nothing is said by colour alone: what differs has a pattern, a shape
// or a word of its own too, and every picture comes with its numbers as a table.
package chart

import (
	"fmt"
	"math"
)

// A Frame is what every picture has.
type Frame struct {
	// ID begins the names inside the picture, which must differ between the
	// pictures of one page: letters, digits, - and _.
	ID string
	// Title says what is shown and Desc what is to be seen in it, for those who
	// do not see it.
	Title, Desc string
	// Width in pixels at which letters have their size; 0 is 640. Below 480 what
	// stood beside one another stands below.
	Width int
	// None is said in place of a picture of nothing.
	None string
}

// A Picture is a chart that was drawn.
type Picture struct {
	Title, Desc   string
	SVG           string
	Width, Height int
	Table         Table // what it shows
}

// A Table is the data of a picture, in words.
type Table struct {
	Heads []string
	Rows  [][]string
}

// An Axis says what is measured along it, in which unit, and how.
type Axis struct {
	Label string
	// Say writes a number of the axis; nil writes it plainly.
	Say func(float64) string
	// Time marks seconds: its ticks are at whole minutes, hours or days.
	Time bool
}

func (a Axis) say(v float64) string {
	if a.Say == nil {
		return number(v)
	}
	return a.Say(v)
}

// A Sign is the shape of a point.
type Sign int

// The signs.
const (
	Dot Sign = iota
	Ring
	Diamond
	Square
	Triangle
	Cross
)

// Widths of a picture in pixels.
const (
	usual   = 640
	narrow  = 480 // below, names stand above what they name
	least   = 240
	largest = 4000
)

// Most items that a picture draws one by one; of more it says how many there are.
const mostRows = 200

func (f Frame) width() float64 {
	if f.Width <= 0 {
		return usual
	}
	return math.Min(math.Max(float64(f.Width), least), largest)
}

func (f Frame) slim() bool { return f.width() < narrow }

// finish makes the picture.
func (f Frame) finish(c *canvas, t Table) Picture {
	return Picture{Title: f.Title, Desc: f.Desc, SVG: c.finish(f), Width: int(c.width), Height: int(math.Ceil(c.height)), Table: t}
}

// nothing is a picture that says that there is nothing to show.
func (f Frame) nothing(t Table) Picture {
	c := newCanvas(f, f.width(), 40)
	c.text(0, 24, "f", "", f.None)
	return f.finish(c, t)
}

// finite reports whether a number can be drawn.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// drawable makes a number, 0 or more, of any: what is not known is 0, and what
// is endless is most.
func drawable(v, most float64) float64 {
	if math.IsNaN(v) || v < 0 {
		return 0
	}
	return math.Min(v, most)
}

// unit brings a share into 0…1.
func unit(v float64) float64 { return drawable(v, 1) }

// number writes a number plainly.
func number(v float64) string {
	if !finite(v) {
		return "–"
	}
	return fmt.Sprintf("%.3g", v)
}
