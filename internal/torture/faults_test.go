package torture

import (
	"context"
	"errors"
	"testing"

	"tightrope/internal/forecast"
	"tightrope/internal/model"
	"tightrope/internal/modelfile"
	"tightrope/internal/plan"
	"tightrope/internal/sensitivity"
	"tightrope/internal/simulate"
	worker "tightrope/internal/work"
)

// TestAPanicIsTheErrorOfOneAnswer: what panics in the middle of an engine, in
// whatever goroutine that is, does not end the process.
func TestAPanicIsTheErrorOfOneAnswer(t *testing.T) {
	m, problems := modelfile.Parse([]modelfile.File{{Name: "model.yaml", Data: []byte(`version: 1
services: {app: {objective: {target: 99.9%}}}
risks: {r: {service: app, every: 30d..90d, detect: 1m, recover: 5m..2h}}
safety_nets: {n: {kind: process, status: proposed, cost: {run: 100/y}, effects: [{risk: r, prevents: 30%}]}}
`)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	ctx := context.Background()
	for name, ask := range map[string]func(m *model.Model) error{
		"forecast": func(m *model.Model) error {
			_, err := forecast.Run(m, forecast.Options{Done: func(*forecast.Entry) { panic("fault") }})
			return err
		},
		"plan": func(m *model.Model) error {
			_, err := plan.Run(ctx, m, plan.Options{Nines: true, Visible: func(forecast.Target) bool { panic("fault") }})
			return err
		},
		"sensitivity": func(m *model.Model) error {
			_, err := sensitivity.Run(ctx, m, sensitivity.Options{Progress: func(int, int) { panic("fault") }})
			return err
		},
		"simulate": func(m *model.Model) error {
			_, err := simulate.Run(ctx, m, simulate.Options{Years: 20, Progress: func(int) { panic("fault") }})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := ask(m)
			var fault *worker.Fault
			if !errors.As(err, &fault) || fault.What != "fault" {
				t.Errorf("got %v, want a fault", err)
			}
		})
	}
}
