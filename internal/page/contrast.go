package page

import (
	"math"

	"tightrope/internal/document"
	"tightrope/internal/forecast"
	"tightrope/internal/say"
	"tightrope/internal/worth"
)

// ContrastOf sets two states of one service beside each other, line by line.
// heads name the two; they may be the same, and then there is one column.
func ContrastOf(before, after *Results, l Language, service string, heads [2]string) *document.Table {
	x, y := newBuilder(before, l), newBuilder(after, l)
	t := &document.Table{Columns: columns([]string{l.Say("contrast.what"), heads[0], heads[1]}, []bool{false, true, true})}
	// row adds two texts; they are said to be the same where the numbers are.
	row := func(key, was, is string, same bool) {
		if same && heads[0] != heads[1] {
			is = l.Say("contrast.same")
		}
		t.Add(l.Say(key), was, is)
	}
	e, _ := x.entries(service)
	f, _ := y.entries(service)
	// of is what a line is of: its number, and whether there is one.
	both := func(key string, of func(e *forecast.Entry) (float64, bool), how func(b *builder, e *forecast.Entry) string) {
		was, is := sayOr(x, e, how), sayOr(y, f, how)
		same := was == is
		if e != nil && f != nil {
			a, some := of(e)
			c, both := of(f)
			same = same && some == both && (!some || equal(a, c))
		}
		row(key, was, is, same)
	}
	chance := func(e *forecast.Entry) (float64, bool) {
		if e.Met == nil || say.Open(e) {
			return 0, false
		}
		return e.Met.Value, true
	}
	words := func(*forecast.Entry) (float64, bool) { return 0, false }
	both("contrast.promise", words, func(b *builder, e *forecast.Entry) string {
		if e.Objective == nil {
			return "–"
		}
		return b.Promise(e, e.Objective.Target.Text)
	})
	both("contrast.kept", chance, func(b *builder, e *forecast.Entry) string {
		if e.Met == nil {
			return "–"
		}
		if say.Open(e) {
			return b.Say("contrast.unknown")
		}
		return b.CadenceOf(e).Cell(say.Odds(e))
	})
	var apart [2]string
	if e != nil && f != nil && e.Met != nil && f.Met != nil {
		apart[0], apart[1] = l.Apart(e.Met.Value, f.Met.Value, e.Confidence)
	}
	both("contrast.chance", chance, func(b *builder, of *forecast.Entry) string {
		switch {
		case of.Met == nil:
			return "–"
		case say.Open(of):
			return b.Say("contrast.unknown")
		case apart[0] != "" && of == e:
			return apart[0]
		case apart[1] != "":
			return apart[1]
		}
		return b.Beside(of.Met.Value, of.Confidence)
	})
	both("contrast.could", words, func(b *builder, e *forecast.Entry) string {
		if e.Suggested == nil || say.Open(e) {
			return "–"
		}
		return b.Promise(e, e.Suggested.Text)
	})
	both("contrast.bad", func(e *forecast.Entry) (float64, bool) { return e.PerYear, true }, func(b *builder, e *forecast.Entry) string { return b.Around(e.PerYear) })
	money := func(key string, was, is *float64) {
		unknown := l.Say("contrast.unknown")
		switch {
		case was == nil && is == nil:
			row(key, unknown, unknown, true)
		case was == nil:
			row(key, unknown, y.money(*is), false)
		case is == nil:
			row(key, x.money(*was), unknown, false)
		default:
			a, c := l.MoneyApart(before.Model.Currency.S, *was, *is)
			row(key, a, c, equal(*was, *is))
		}
	}
	number := func(key string, was, is float64) { row(key, x.Number(was), y.Number(is), equal(was, is)) }
	a, c := StakesOf(before), StakesOf(after)
	if a.Total != nil && c.Total != nil {
		// They stand below each other: what is shown adds up.
		was, is := say.AddUpApart([]float64{*a.Nets, *a.Loss}, []float64{*c.Nets, *c.Loss})
		part := func(r say.Rounded, i int) string { return l.AmountOf(before.Model.Currency.S, r, i) }
		total := func(r say.Rounded) string { return l.AmountTotal(before.Model.Currency.S, r) }
		row("contrast.cost", part(was, 0), part(is, 0), equal(*a.Nets, *c.Nets))
		row("contrast.loss", part(was, 1), part(is, 1), equal(*a.Loss, *c.Loss))
		row("contrast.total", total(was), total(is), equal(*a.Total, *c.Total))
	} else {
		money("contrast.cost", a.Nets, c.Nets)
		money("contrast.loss", a.Loss, c.Loss)
		money("contrast.total", a.Total, c.Total)
	}
	if x.Load != nil && y.Load != nil && len(x.Load.Responders)+len(y.Load.Responders) > 0 {
		number("contrast.pages", x.Load.PagesPerWeek, y.Load.PagesPerWeek)
		row("contrast.hours", x.Number(math.Round(a.Hours)), y.Number(math.Round(c.Hours)), equal(a.Hours, c.Hours))
	}
	if heads[0] == heads[1] {
		t.Columns = t.Columns[:2]
		for i := range t.Rows {
			t.Rows[i].Cells = t.Rows[i].Cells[:2]
		}
	}
	return t
}

// equal reports whether two numbers are the same but for rounding.
func equal(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

// Stakes are what a state costs in a year: money, where it is known, and hours.
type Stakes struct {
	Nets  *float64 // those switched on
	Loss  *float64 // expected, of all services
	Error float64  // numerical, of the loss
	Total *float64
	Hours float64 // of recovery by hand, and of process
}

// StakesOf returns what is at stake: nets are switched on for all services, and what
// all of them lose counts.
func StakesOf(r *Results) Stakes {
	s := Stakes{Nets: worth.AnnualOf(r.Model, r.Forecast.With)}
	s.Loss, s.Error = r.Expected.Total, r.Expected.Error
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
	b := newBuilder(r, l)
	n := r.Model.Net(net)
	if n == nil {
		return ""
	}
	return b.costSaid(n.Name, worth.CostOf(r.Model, n))
}
