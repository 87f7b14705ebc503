package forecast

import (
	"testing"

	"tightrope/internal/distribution"
	"tightrope/internal/scenario"
)

// What is left of a use after others have taken their parts of it, one after the
// other, is worked out in as many steps as there are parts.
func TestWhatIsLeftAfterManyPartsIsWorkedOutOnce(t *testing.T) {
	calls := 0
	params := &scenario.Params{}
	u := &use{
		Source: &scenario.Source{
			Rate: scenario.Number(1e-5),
			Incident: lasting(scenario.Length{Of: func(theta []float64) distribution.Law {
				calls++
				return distribution.Exponential(600 * (1 + theta[0]))
			}, Params: []int{0}}),
		},
		part: -1, share: scenario.Computed(func(theta []float64) float64 { return 0.1 * theta[0] }, []int{0}), reach: everybody,
	}
	u.prepare(params)
	const parts = 5
	for range parts {
		p := partly{often: scenario.Number(4e-7), spent: scenario.Number(20)}
		u = u.less(p.often, &p, params)
	}
	theta := []float64{0.5}
	before := calls
	share, mean := u.impactAt(theta), u.Incident.Attempts[0].Takes.Law(theta).Mean()
	if got := calls - before; got > 4*parts {
		t.Errorf("the first of %d is worked out %d times", parts, got)
	}
	// 1e-5 × 5 % × 900 s, less 5 × 4e-7 × 20 s.
	want := 1e-5*0.05*900 - parts*4e-7*20
	if got := u.frequency(theta) * share * mean; got < want*(1-1e-9) || got > want*(1+1e-9) {
		t.Errorf("it spends %v of the time, want %v", got, want)
	}
}
