package plan

import (
	"context"
	"math/big"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/work"
)

// feltShare and a nine: users notice a target when the lost time that they feel,
// with what is not in our hands, is at least a tenth less than one nine below.
// The same rule as in a forecast.
const feltShare = 0.1

// VisibleTo says which targets users would notice, given what they feel today of
// services that are not in our hands. Errors are those of forecast.Run.
func VisibleTo(ctx context.Context, m *model.Model, opts Options) (_ func(forecast.Target) bool, err error) {
	defer work.Recover(&err)
	r, err := forecast.Run(m, forecast.Options{Services: opts.Services, Over: opts.Over, Context: ctx, Memory: opts.Memory, Plain: true})
	if err != nil {
		return nil, err
	}
	least, some := 0.0, false // of what is not in our hands, as a share of the time
	for _, e := range r.Entries {
		if e.Objective == nil {
			continue
		}
		theirs := 0.0
		if h := e.Felt.Hands; h != nil {
			theirs = h.Theirs / e.Window
		}
		if !some || theirs < least {
			least, some = theirs, true
		}
	}
	return func(t forecast.Target) bool {
		ours, _ := new(big.Rat).Sub(big.NewRat(1, 1), t.Exact).Float64()
		return least+ours <= (1-feltShare)*(least+10*ours)
	}, nil
}
