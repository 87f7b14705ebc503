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
		return b.CadenceOf(e).Cell(say.Odds(e))
	})
	both("contrast.chance", func(b *builder, e *forecast.Entry) string {
		if e.Met == nil {
			return "–"
		}
		return b.Beside(e.Met.Value, e.Confidence)
	})
	both("contrast.could", func(b *builder, e *forecast.Entry) string {
		if e.Suggested == nil {
			return "–"
		}
		return b.Promise(e, e.Suggested.Text)
	})
	both("contrast.bad", func(b *builder, e *forecast.Entry) string { return b.Around(e.PerYear) })
	nets := func(b *builder) (float64, bool) {
		sum, unknown := 0.0, false
		for _, name := range b.Forecast.With {
			if n := b.Model.Net(name); n != nil {
				c := worth.CostOf(b.Model, n)
				sum, unknown = sum+c.Annual, unknown || c.Unpriced
			}
		}
		return sum, !unknown
	}
	cost := func(b *builder) string {
		sum, known := nets(b)
		if !known {
			return l.Say("contrast.unknown")
		}
		return b.money(sum)
	}
	add("contrast.cost", cost(x), cost(y))
	loss := func(b *builder) string {
		if l := b.Losses[service]; l != nil && l.Total != nil {
			return b.money(*l.Total)
		}
		return l.Say("contrast.unknown")
	}
	add("contrast.loss", loss(x), loss(y))
	total := func(b *builder) string {
		sum, known := nets(b)
		if l := b.Losses[service]; known && l != nil && l.Total != nil {
			return b.money(sum + *l.Total)
		}
		return l.Say("contrast.unknown")
	}
	add("contrast.total", total(x), total(y))
	if x.Load != nil && y.Load != nil && len(x.Load.Responders)+len(y.Load.Responders) > 0 {
		add("contrast.pages", x.Number(x.Load.PagesPerWeek), y.Number(y.Load.PagesPerWeek))
		hours := func(b *builder) string {
			return b.Number(math.Round(b.Load.ManualHoursPerYear + b.Load.ProcessHoursPerYear))
		}
		add("contrast.hours", hours(x), hours(y))
	}
	if heads[0] == heads[1] {
		t.Heads, t.Right = t.Heads[:2], t.Right[:2]
		for i := range t.Rows {
			t.Rows[i].Cells = t.Rows[i].Cells[:2]
		}
	}
	return t
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
