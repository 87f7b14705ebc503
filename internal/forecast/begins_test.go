package forecast_test

import (
	"math"
	"testing"

	"tightrope/internal/forecast"
)

// Whoever a failing member hits at any time of its incident waits for the change-over
// once: all whom it hits at its beginning, though an attempt brings most of them back
// before it is over, and with stages all whom the roll-out reaches before it is
// detected. By hand, with nobody else down: incidents a year × 120 s × share.
func TestTheWaitIsOfAllWhomAnIncidentReaches(t *testing.T) {
	for name, c := range map[string]struct {
		model string
		want  float64 // lost seconds a year of the waits
	}{
		"some are back early": {`version: 1
services:
  app: {objective: {target: 99.9%}, needs: [db]}
  db: {copies: 2, need: 1, switch: {takes: 2m}, common_cause: 0%}
risks:
  crash: {service: db, strikes: one, rate: 6/y, detect: 5m, recover: [rollback, fix]}
recovery:
  rollback: {takes: 5m, works: 90%, restores: 70%, by: nobody}
  fix: {takes: 1h, by: nobody}
`, 2 * 6 * 120},
		// The alarm fires within 5 to 20 minutes, as often before as after 10.
		"a roll-out in stages": {`version: 1
services:
  app: {objective: {target: 99.9%}, needs: [{any: [a, b], switch: {takes: 2m}}]}
  a: {}
  b: {availability: 99.9999%, outage: 10m}
changes:
  release: {service: a, every: 5d, stages: [20% for 10m, 100%]}
risks:
  bad: {service: a, per: release, chance: 20%, detect: [alarm], recover: 30m}
detection:
  alarm: {after: 5m..20m}
`, 365.25 / 5 * 0.2 * 120 * (0.5*0.2 + 0.5)},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, read(t, c.model), forecast.Options{})
			got := 0.0
			for _, s := range r.Entries[0].Sources {
				if s.Kind == forecast.SwitchSource && s.Waits {
					got += s.PerYear
				}
			}
			if math.Abs(got-c.want) > 0.01*c.want {
				t.Errorf("%v s a year, by hand %v", got, c.want)
			}
		})
	}
}
