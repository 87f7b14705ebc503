package report

import (
	"fmt"
	"math"

	"tightrope/internal/plan"
	"tightrope/internal/safetext"
	"tightrope/internal/say"
	"tightrope/internal/tables"
	"tightrope/internal/worth"
)

// A currency is what the model counts money in; it may be empty.
type currency string

// amount says an amount: "31,200,000 KRW".
func (c currency) amount(v float64) string {
	if c == "" {
		return figure(v)
	}
	return figure(v) + " " + safetext.Line(string(c))
}

// amount says an amount as that of a currency does.
func amount(v float64, of string) string { return currency(of).amount(v) }

// aYear says an amount a year: "31,200,000 KRW a year".
func (c currency) aYear(v float64) string {
	if v == 0 {
		return "nothing a year"
	}
	return c.amount(v) + " a year"
}

// figure writes money with no more digits than are meant: 31,200,000, 47, 0.35.
func figure(v float64) string { return say.Figure(v) }

// figureOr is figure of what may be unknown.
func figureOr(v *float64) string {
	if v == nil {
		return "unknown"
	}
	return figure(*v)
}

// personDays says person-days.
func personDays(v float64) string { return tables.Days(v) }

// buildWork says what it takes to build a plan: "48 person-days to build".
func buildWork(x *plan.Plan) string {
	switch x.Effort {
	case 0:
		return ""
	case 1:
		return "1 person-day to build"
	}
	return personDays(x.Effort) + " person-days to build"
}

// A payback is when what is spent to build a plan has come back as loss avoided.
type payback struct {
	known bool
	build float64 // money, once
	lasts float64 // years, of the net that lasts longest
	// yearly is what is left of the loss avoided in a year, and of what is saved,
	// when the nets have been run.
	yearly float64
}

func (b payback) years() *float64 {
	if !b.known || b.yearly <= 0 {
		return nil
	}
	y := b.build / b.yearly
	return &y
}

func (p *planReport) payback(x *plan.Plan) payback {
	if x == nil || x.Loss == nil || p.Today == nil || p.Today.Loss == nil {
		return payback{}
	}
	b := payback{known: true, yearly: *p.Today.Loss - *x.Loss + x.SavedPerYear}
	news, _ := p.news(x)
	for _, name := range news {
		c := worth.CostOf(p.o.Model, p.net(name))
		b.build += c.Build
		b.lasts = max(b.lasts, c.LastsYears)
		b.yearly -= c.RunPerYear
	}
	return b
}

// paysBack says a payback, "" where it is not known or nothing is built.
func (p *planReport) paysBack(x *plan.Plan) string {
	b := p.payback(x)
	news, _ := p.news(x)
	switch {
	case len(news) == 0:
		return ""
	case !b.known:
		return "unknown: the model does not tell what the service is worth"
	case b.yearly <= 0:
		return fmt.Sprintf("never by itself: to run it costs %s a year more than the loss that it avoids", p.money.amount(-b.yearly))
	case b.build == 0:
		return "at once: there is nothing to build"
	}
	said := fmt.Sprintf("in %s: %s to build; of the loss avoided %s a year are left when the nets are run", spanOf(*b.years()), p.money.amount(b.build), p.money.amount(b.yearly))
	if *b.years() > b.lasts {
		said += fmt.Sprintf("; that is longer than they last (%s)", spanOf(b.lasts))
	}
	return said
}

// spanOf says a number of years.
func spanOf(years float64) string {
	switch months := years * 12; {
	case months < 1:
		return "less than a month"
	case months < 23.5:
		return counted(int(math.Round(months)), "month", "months")
	case years > 99:
		return "more than 99 years"
	}
	return trimZeros(years, 1) + " years"
}
