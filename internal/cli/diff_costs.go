package cli

import (
	"tightrope/internal/diff"
	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/worth"
)

// costsOf returns what a model costs as it stands: the nets in place, the
// expected loss, and the load on people. What
// nobody told is unknown.
func costsOf(m *model.Model, asked forecast.Options) (*diff.Costs, error) {
	out := &diff.Costs{Currency: m.Currency.S}
	nets, told, unpriced := 0.0, false, false
	for _, n := range m.Nets {
		if n.Status != model.InPlace {
			continue
		}
		c := worth.CostOf(m, n)
		nets += c.Annual
		told, unpriced = told || !c.Free, unpriced || c.Unpriced
	}
	if told && !unpriced {
		out.NetsPerYear = &nets
	}
	load, err := worth.LoadWith(asked.Context, m, nil, nil, asked.Memory.Laws())
	if err != nil {
		return nil, err
	}
	hours := load.ManualHoursPerYear + load.ProcessHoursPerYear
	out.PagesPerWeek, out.HoursPerYear = &load.PagesPerWeek, &hours
	var losses []*worth.Loss
	for _, s := range m.Services {
		if s.Worth == nil {
			continue
		}
		l, err := worth.LossOf(m, s, asked)
		if err != nil {
			return nil, err
		}
		losses = append(losses, l)
	}
	if len(losses) > 0 {
		if loss := worth.Expected(losses, load); loss.Total != nil {
			out.LossPerYear, out.LossError = loss.Total, &loss.Error
		}
	}
	return out, nil
}
