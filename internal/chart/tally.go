package chart

import "math"

// A Tally draws how many of some windows are kept, one box for each: a tick for
// kept, a cross for missed, and the last one in halves where a half is kept.
type Tally struct {
	Frame
	Kept                  float64 // in whole boxes and halves
	Of                    int
	KeptN, MissedN        string // the numbers as they are said
	KeptSays, MissedSays  string // behind the boxes of the table
	HeadWhat, HeadHowMany string
}

// mostBoxes is how many boxes are drawn.
const mostBoxes = 60

// Draw draws it.
func (t Tally) Draw() Picture {
	of := min(max(t.Of, 0), mostBoxes)
	whole, half := math.Modf(math.Min(math.Max(t.Kept, 0), float64(of)))
	kept := int(whole)
	table := Table{Heads: []string{t.HeadWhat, t.HeadHowMany}, Rows: [][]string{{t.KeptSays, t.KeptN}, {t.MissedSays, t.MissedN}}}
	if of == 0 {
		return t.nothing(table)
	}
	w := t.width()
	const size, gap = 24.0, 6.0
	per := int(math.Max(1, math.Floor((w+gap)/(size+gap))))
	if of > per {
		per = (of + (of+per-1)/per - 1) / ((of + per - 1) / per)
	}
	per = min(per, of)
	lines := (of + per - 1) / per
	c := newCanvas(t.Frame, math.Min(w, float64(per)*(size+gap)-gap+2), float64(lines)*(size+gap)-gap+2)
	for i := range of {
		x, y := 1+float64(i%per)*(size+gap), 1+float64(i/per)*(size+gap)
		if i < kept {
			c.rect(x, y, size, size, "n")
			c.path("M"+num(x+6)+" "+num(y+12.5)+"L"+num(x+10.5)+" "+num(y+17)+"L"+num(x+18)+" "+num(y+7.5), "ok")
			continue
		}
		c.rect(x, y, size, size, "w")
		if i == kept && half > 0 {
			c.rect(x, y, size/2, size, "n")
		}
		c.rect(x, y, size, size, "x")
		c.sign(Cross, x+size/2, y+size/2, 5, "s3")
	}
	return t.finish(c, table)
}
