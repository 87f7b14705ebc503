package explain

import (
	"fmt"
	"math"

	"tightrope/internal/model"
)

// dayNumber counts days of the Gregorian calendar (Hinnant, "chrono-compatible
// low-level date algorithms", days_from_civil), 1970-01-01 being 0.
func dayNumber(d model.Date) int {
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

// dateOf is the day with a number.
func dateOf(n int) model.Date {
	n += 719468
	era := floorDiv(n, 146097)
	doe := n - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d := model.Date{Year: yoe + era*400, Month: (mp+2)%12 + 1, Day: doy - (153*mp+2)/5 + 1}
	if d.Month <= 2 {
		d.Year++
	}
	d.Text = fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	return d
}

func floorDiv(a, b int) int { return int(math.Floor(float64(a) / float64(b))) }

// provenance says where the numbers of a risk come from, and since when they
// should have been looked at again.
func provenance(r *model.Risk, today *model.Date) Provenance {
	p := Provenance{Source: r.Source, AsOf: r.AsOf}
	if r.Review == nil {
		return p
	}
	after := r.Review.Seconds()
	p.Review = &after
	if r.AsOf == nil {
		return p
	}
	due := dateOf(dayNumber(*r.AsOf) + int(math.Floor(after/model.Day)))
	p.Due = &due
	if today != nil {
		late := dayNumber(*today) > dayNumber(due)
		p.Overdue = &late
	}
	return p
}

func accepted(a *model.Accepted, today *model.Date) *Accepted {
	if a == nil {
		return nil
	}
	out := &Accepted{By: a.By, Because: a.Because, Since: a.Since, Until: a.Until, Pos: a.Pos}
	if a.Until != nil && today != nil {
		// The last day is part of the term.
		over := dayNumber(*today) > dayNumber(*a.Until)
		out.RunOut = &over
	}
	return out
}
