package forecast_test

import (
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/modelfile"
)

// Models of internal/torture that once ran for ever or took gigabytes.
func TestExtremeModelsAreAnswered(t *testing.T) {
	for _, tt := range []struct{ name, model string }{
		{"a confidence that no float64 tells from 100 %", `
services: {s1: {objective: {target: 99.95%, confidence: 99.99999999999999999999%}, availability: 99.5%, outage: 30s}}`},
		{"more outages than a transform can count", `
services: {s1: {objective: {target: 99.99%, confidence: 95%}, availability: 99%, outage: 0.000001s}}`},
		{"a change of which nobody knows whether it is every second or every ten years", `
services: {s1: {objective: {target: 99%, over: 1y}}}
changes: {c1: {every: 1s..10y, downtime: 5s..20s, stages: [5% for 10m, 100%]}}`},
		{"so many incidents that nothing is known of the answer", `
services: {s1: {objective: {target: 99.9%, over: 10y}, rate: 1000000 in 1d, outage: 5m}}`},
		{"billions of units", `
services: {s1: {objective: {target: 99.9%}}}
risks: {r1: {rate: 3/month, units: 2000000000, detect: 5m, recover: 0s}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte("version: 1" + tt.model + "\n")}})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			r, err := forecast.Run(m, forecast.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if p := r.Entries[0].Met; !(p.Value >= 0 && p.Value <= 1 && p.Error >= 0 && p.Error <= 1) {
				t.Errorf("kept with a chance of %v ± %v", p.Value, p.Error)
			}
		})
	}
}
