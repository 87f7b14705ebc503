// Package worth says what safety nets cost, what outages lose and how much of
// people's time they take, in money and hours a year.
//
// Amounts are in the currency of the model, times in seconds where no other
// unit is said. Whatever the model does not tell is unknown, which is nil, and
// never zero.
package worth

import (
	"fmt"
	"math"

	"tightrope/internal/message"
	"tightrope/internal/model"
)

// A Cost is what a safety net takes. Money and effort that are not exactly known
// are lognormal between their ends; what is said of them are means.
type Cost struct {
	// Annual is the money of one year: what it takes to build, spread over as
	// long as the net lasts, and to run, with effort at the price of a
	// person-day. AnnualLow and AnnualHigh are its 5th and 95th percentiles, with
	// the parts taken as independent (see number.ends).
	Annual, AnnualLow, AnnualHigh float64

	Build      float64 // money, once, with effort at its price
	RunPerYear float64 // money, with effort at its price

	BuildDays      float64 // person-days, once; part of Build
	RunDaysPerYear float64 // person-days; part of RunPerYear
	LastsYears     float64

	// Unpriced: there is effort and no price of a person-day, so that the money
	// is without it. Why says what to write.
	Unpriced bool
	Why      message.Message
	// Free: no cost is written, and none is taken.
	Free bool
	Pos  model.Pos
}

// CostOf returns the cost of one net.
func CostOf(m *model.Model, n *model.Net) Cost {
	c := n.Cost
	out := Cost{Pos: c.Pos, LastsYears: model.DefaultLife().Seconds() / model.Year}
	if !out.Pos.Known() {
		out.Pos = n.Pos
	}
	if n.Lasts != nil {
		out.LastsYears = n.Lasts.Seconds() / model.Year
	}
	out.Free = len(c.BuildMoney)+len(c.BuildEffort)+len(c.RunMoney)+len(c.RunEffort) == 0
	var build, run, buildDays, runDays number
	for _, a := range c.BuildMoney {
		build = build.plus(amountOf(a))
	}
	for _, e := range c.BuildEffort {
		buildDays = buildDays.plus(effortOf(e))
	}
	for _, a := range c.RunMoney {
		run = run.plus(amountOf(a).scale(model.Year / a.Per))
	}
	for _, e := range c.RunEffort {
		runDays = runDays.plus(effortOf(e).scale(model.Year / e.Per))
	}
	out.BuildDays, out.RunDaysPerYear = buildDays.total(), runDays.total()
	spread := 1 / out.LastsYears
	annual := build.scale(spread).plus(run)
	out.Build, out.RunPerYear = build.total(), run.total()
	switch {
	case m.PersonDay != nil:
		price := amountOf(*m.PersonDay)
		out.Build += out.BuildDays * price.total()
		out.RunPerYear += out.RunDaysPerYear * price.total()
		// One price for all days: what is unsure of it is so of all of them.
		annual = annual.plus(buildDays.scale(spread).plus(runDays).times(price))
	case out.BuildDays+out.RunDaysPerYear > 0:
		out.Unpriced = true
		out.Why = message.NoPrice(n.Name, days(out))
	}
	out.Annual, out.AnnualLow, out.AnnualHigh = annual.ends()
	return out
}

// Unpriced is NoPrice as an error message.
func Unpriced(net string, c Cost) string {
	days := fmt.Sprintf("%.3g person-days", c.BuildDays)
	switch {
	case c.BuildDays == 0:
		days = fmt.Sprintf("%.3g person-days a year", c.RunDaysPerYear)
	case c.RunDaysPerYear != 0:
		days += fmt.Sprintf(" and %.3g a year", c.RunDaysPerYear)
	}
	return net + " takes " + days + ", which have no price; write rates: {person-day: AMOUNT}"
}

func days(c Cost) message.Message {
	switch {
	case c.RunDaysPerYear == 0:
		return message.DaysToBuild(c.BuildDays)
	case c.BuildDays == 0:
		return message.DaysToRun(c.RunDaysPerYear)
	}
	return message.DaysToBoth(c.BuildDays, c.RunDaysPerYear)
}

// EffortPerYear is the work that a net takes in a year, in person-days: what
// building takes is spread as its money is.
func (c Cost) EffortPerYear() float64 {
	return c.BuildDays/math.Max(c.LastsYears, 1e-9) + c.RunDaysPerYear
}

// AnnualOf is the cost of several nets in a year; nil where that of one of them is
// not known in money. Names that the model has no net for cost nothing.
func AnnualOf(m *model.Model, names []string) *float64 {
	sum := 0.0
	for _, name := range names {
		n := m.Net(name)
		if n == nil {
			continue
		}
		c := CostOf(m, n)
		if c.Unpriced {
			return nil
		}
		sum += c.Annual
	}
	return &sum
}

// Plus is the sum of two amounts; nil where one of them is not known.
func Plus(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	sum := *a + *b
	return &sum
}
