package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A canvas is a picture that is being drawn.
type canvas struct {
	strings.Builder
	id            string
	width, height float64
	hatched       bool
	dotted        bool
}

func newCanvas(f Frame, width, height float64) *canvas {
	return &canvas{id: ident(f.ID), width: width, height: height}
}

// Sizes of letters in pixels, as the stylesheet has them.
const (
	letters = 12.0
	line    = 16.0
)

// finish returns the whole picture.
func (c *canvas) finish(f Frame) string {
	var b strings.Builder
	w, h := num(c.width), num(math.Ceil(c.height))
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="%s" height="%s" viewBox="0 0 %s %s" aria-labelledby="%s-t" aria-describedby="%s-d">`, w, h, w, h, c.id, c.id)
	fmt.Fprintf(&b, `<title id="%s-t">%s</title><desc id="%s-d">%s</desc>`, c.id, escape(f.Title), c.id, escape(f.Desc))
	if c.hatched || c.dotted {
		b.WriteString("<defs>")
		if c.hatched {
			fmt.Fprintf(&b, `<pattern id="%s-h" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hb" d="M0 0h5v5h-5z"/><path class="hl" d="M0 0v5"/></pattern>`, c.id)
		}
		if c.dotted {
			fmt.Fprintf(&b, `<pattern id="%s-o" width="5" height="5" patternUnits="userSpaceOnUse"><path class="ob" d="M0 0h5v5h-5z"/><circle class="od" cx="2.5" cy="2.5" r="1"/></pattern>`, c.id)
		}
		b.WriteString("</defs>")
	}
	b.WriteString(c.String())
	b.WriteString("</svg>")
	return b.String()
}

// text writes s; anchor is "", "middle" or "end".
func (c *canvas) text(x, y float64, class, anchor, s string) {
	if s == "" {
		return
	}
	c.WriteString(`<text x="` + num(x) + `" y="` + num(y) + `"`)
	if class != "" {
		c.WriteString(` class="` + class + `"`)
	}
	if anchor != "" {
		c.WriteString(` text-anchor="` + anchor + `"`)
	}
	c.WriteString(">" + escape(s) + "</text>")
}

// fitted writes s in at most so many pixels: what does not fit is cut, and the
// whole is the title of what is left.
func (c *canvas) fitted(x, y float64, class, anchor, s string, room float64) {
	cut := shorten(s, room)
	if cut == s {
		c.text(x, y, class, anchor, s)
		return
	}
	fmt.Fprintf(c, `<text x="%s" y="%s"`, num(x), num(y))
	if class != "" {
		fmt.Fprintf(c, ` class="%s"`, class)
	}
	if anchor != "" {
		fmt.Fprintf(c, ` text-anchor="%s"`, anchor)
	}
	fmt.Fprintf(c, `>%s<title>%s</title></text>`, escape(cut), escape(s))
}

func (c *canvas) rect(x, y, w, h float64, class string) {
	fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="%s" class="%s"/>`, num(x), num(y), num(math.Max(w, 0)), num(math.Max(h, 0)), class)
}

// filled is a rectangle with one of the patterns; the class gives its border.
func (c *canvas) filled(x, y, w, h float64, pattern, class string) {
	fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="%s" fill="url(#%s-%s)" class="%s"/>`, num(x), num(y), num(math.Max(w, 0)), num(math.Max(h, 0)), c.id, pattern, class)
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	c.path("M"+num(x1)+" "+num(y1)+"L"+num(x2)+" "+num(y2), class)
}

func (c *canvas) path(d, class string) { fmt.Fprintf(c, `<path d="%s" class="%s"/>`, d, class) }

// sign draws a point.
func (c *canvas) sign(s Sign, x, y, r float64, class string) {
	X, Y, R := num(x), num(y), num(r)
	at := func(dx, dy float64) string { return num(x+dx) + " " + num(y+dy) }
	switch s {
	case Ring:
		fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="%s" class="%s o"/>`, X, Y, R, class)
	case Diamond:
		c.path("M"+at(0, -r*1.3)+"L"+at(r*1.3, 0)+"L"+at(0, r*1.3)+"L"+at(-r*1.3, 0)+"Z", class)
	case Square:
		c.rect(x-r, y-r, 2*r, 2*r, class)
	case Triangle:
		c.path("M"+at(0, -r*1.2)+"L"+at(r*1.2, r)+"L"+at(-r*1.2, r)+"Z", class)
	case Cross:
		c.path("M"+at(-r, -r)+"L"+at(r, r)+"M"+at(r, -r)+"L"+at(-r, r), class+" k")
	default:
		fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="%s" class="%s"/>`, X, Y, R, class)
	}
}

// num writes a coordinate with at most one decimal.
func num(v float64) string {
	if !finite(v) {
		v = 0
	}
	v = math.Round(v*10) / 10
	if v == 0 {
		return "0" // and not -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// escape makes text of anything: what XML cannot hold, and what turns text
// around, is left out.
func escape(s string) string { return escapes.Replace(clean(s)) }

func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s)
}

// ident makes a name for ids of anything.
func ident(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, s)
	if s == "" || s[0] < 'A' {
		return "c" + s
	}
	return s
}

// extent is about how many pixels a text takes. It errs on the wide side.
func extent(s string) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0xFF00 && r <= 0xFFEF || r >= 0x1F000:
			w += 1
		case strings.ContainsRune("iljtfr.,:;'|! ()[]-", r):
			w += 0.4
		case strings.ContainsRune("mwMW%@", r):
			w += 1
		case unicode.IsUpper(r):
			w += 0.72
		case unicode.Is(unicode.Mn, r):
		default:
			w += 0.63
		}
	}
	return w * letters
}

// wrapped breaks a text between its words into at most so many lines of so many
// pixels; what does not fit into the last one is left to whoever writes it.
func wrapped(s string, room float64, most int) []string {
	s = clean(s)
	if s == "" {
		return nil
	}
	var lines []string
	at := ""
	for _, word := range strings.Fields(s) {
		switch {
		case at == "":
			at = word
		case extent(at+" "+word) <= room || len(lines) == most-1:
			at += " " + word
		default:
			lines, at = append(lines, at), word
		}
	}
	return append(lines, at)
}

// shorten cuts a text to so many pixels.
func shorten(s string, room float64) string {
	s = clean(s)
	if extent(s) <= room {
		return s
	}
	room -= extent("…")
	w := 0.0
	for i, r := range s {
		w += extent(string(r))
		if w > room {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}
