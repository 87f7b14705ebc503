package page

import (
	"math"

	"tightrope/internal/forecast"
	"tightrope/internal/say"
	"tightrope/internal/worth"
)

// ContrastOf sets two states of one service beside each other, line by line.
// heads name the two; they may be the same, and then there is one column.
func ContrastOf(before, after *Results, l Language, service string, heads [2]string) *Table {
	x, y := &builder{Results: before, Language: l}, &builder{Results: after, Language: l}
	t := &Table{Heads: []string{l.Say("contrast.what"), heads[0], heads[1]}, Right: []bool{false, true, true}}
	add := func(key, was, is string) {
		if was == is && heads[0] != heads[1] {
			is = l.Say("contrast.same")
		}
		t.Rows = append(t.Rows, Row{Cells: []string{l.Say(key), was, is}})
	}
	both := func(key string, how func(b *builder, e *forecast.Entry) string) {
		e, _ := x.entries(service)
		f, _ := y.entries(service)
		add(key, sayOr(x, e, how), sayOr(y, f, how))
	}
	both("contrast.promise", func(b *builder, e *forecast.Entry) string {
		if e.Objective == nil {
			return "–"
		}
		return b.Promise(e, e.Objective.Target.Text)
	})
	both("contrast.kept", func(b *builder, e *forecast.Entry) string {
		if e.Met == nil {
			return "–"
		}
		if say.Open(e) {
			return b.Say("contrast.unknown")
		}
		return b.CadenceOf(e).Cell(say.Odds(e))
	})
	both("contrast.chance", func(b *builder, e *forecast.Entry) string {
		if e.Met == nil {
			return "–"
		}
		if say.Open(e) {
			return b.Say("contrast.unknown")
		}
		return b.Beside(e.Met.Value, e.Confidence)
	})
	both("contrast.could", func(b *builder, e *forecast.Entry) string {
		if e.Suggested == nil || say.Open(e) {
			return "–"
		}
		return b.Promise(e, e.Suggested.Text)
	})
	both("contrast.bad", func(b *builder, e *forecast.Entry) string { return b.Around(e.PerYear) })
	money := func(b *builder, v *float64) string {
		if v == nil {
			return l.Say("contrast.unknown")
		}
		return b.money(*v)
	}
	a, c := StakesOf(before, service), StakesOf(after, service)
	add("contrast.cost", money(x, a.Nets), money(y, c.Nets))
	add("contrast.loss", money(x, a.Loss), money(y, c.Loss))
	add("contrast.total", money(x, a.Total), money(y, c.Total))
	if x.Load != nil && y.Load != nil && len(x.Load.Responders)+len(y.Load.Responders) > 0 {
		add("contrast.pages", x.Number(x.Load.PagesPerWeek), y.Number(y.Load.PagesPerWeek))
		add("contrast.hours", x.Number(math.Round(a.Hours)), y.Number(math.Round(c.Hours)))
	}
	if heads[0] == heads[1] {
		t.Heads, t.Right = t.Heads[:2], t.Right[:2]
		for i := range t.Rows {
			t.Rows[i].Cells = t.Rows[i].Cells[:2]
		}
	}
	return t
}

// Stakes are what a state costs in a year: money, where it is known, and hours.
type Stakes struct {
	Nets  *float64 // those switched on
	Loss  *float64 // expected, of one service
	Total *float64
	Hours float64 // of recovery by hand, and of process
}

// StakesOf returns what is at stake for a service.
func StakesOf(r *Results, service string) Stakes {
	s := Stakes{Nets: worth.AnnualOf(r.Model, r.Forecast.With)}
	if l := r.Losses[service]; l != nil {
		s.Loss = l.Total
	}
	s.Total = worth.Plus(s.Nets, s.Loss)
	if r.Load != nil {
		s.Hours = r.Load.ManualHoursPerYear + r.Load.ProcessHoursPerYear
	}
	return s
}

func sayOr(b *builder, e *forecast.Entry, how func(*builder, *forecast.Entry) string) string {
	if e == nil {
		return "–"
	}
	return how(b, e)
}

// CostSays is what a net costs, in words: a year, and to build.
func CostSays(r *Results, l Language, net string) string {
	b := &builder{Results: r, Language: l}
	n := r.Model.Net(net)
	if n == nil {
		return ""
	}
	c := worth.CostOf(r.Model, n)
	switch {
	case c.Free:
		return l.Say("price.free")
	case c.Unpriced:
		return l.Say("contrast.unknown")
	case c.BuildDays > 0:
		return l.Say("contrast.costs", "cost", b.money(c.Annual), "days", b.Number(c.BuildDays))
	}
	return l.Say("contrast.ayear", "cost", b.money(c.Annual))
}
