package model

import (
	"fmt"
	"math"
)

// Number counts days of the Gregorian calendar (Hinnant, "chrono-compatible
// low-level date algorithms", days_from_civil), 1970-01-01 being 0.
func (d Date) Number() int {
	y := d.Year
	if d.Month <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*((d.Month+9)%12)+2)/5 + d.Day - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return era*146097 + doe - 719468
}

// DateOf is the day with a number.
func DateOf(n int) Date {
	n += 719468
	era := floorDiv(n, 146097)
	doe := n - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d := Date{Year: yoe + era*400, Month: (mp+2)%12 + 1, Day: doy - (153*mp+2)/5 + 1}
	if d.Month <= 2 {
		d.Year++
	}
	d.Text = fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	return d
}

func floorDiv(a, b int) int { return int(math.Floor(float64(a) / float64(b))) }

// Plus is the day so many seconds later; parts of a day do not count.
func (d Date) Plus(seconds float64) Date { return DateOf(d.Number() + int(math.Floor(seconds/Day))) }
