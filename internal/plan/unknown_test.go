package plan_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"tightrope/internal/model"
	"tightrope/internal/plan"
	"tightrope/internal/scenario"
)

const halfKnown = `version: 1
services:
  app: {objective: {target: 99.9%}}
  ghost: {objective: {target: 99.9%}}
  follower: {objectives: {fast: {target: 99%}, available: {target: 99%}}}
risks:
  crash: {service: app, rate: 6/y, detect: 5m, recover: 1h}
  lag: {service: follower, rate: 1/y, impact: {fast: 100%}, detect: 5m, recover: 1h}
safety_nets:
  canary: {kind: automation, status: proposed, cost: {build: 1000}, effects: [{risk: crash, prevents: 80%}]}
`

func TestWhatNobodySaidHowItFailsIsNotKept(t *testing.T) {
	m := read(t, halfKnown)
	r, err := plan.Run(context.Background(), m, plan.Options{Nines: true})
	if err != nil {
		t.Fatal(err)
	}
	var kept, unknown []string
	for _, k := range r.Best.Objectives {
		kept = append(kept, k.Service+"/"+k.Objective)
	}
	for _, u := range r.Unknown {
		unknown = append(unknown, u.Service+"/"+u.Objective)
	}
	if got := strings.Join(kept, " "); got != "app/available follower/fast" {
		t.Errorf("kept are %q", got)
	}
	if got := strings.Join(unknown, " "); got != "ghost/available follower/available" {
		t.Errorf("unknown are %q", got)
	}
	warned := 0
	for _, w := range r.Warnings {
		if w.Code == scenario.NothingKnown {
			warned++
		}
	}
	if warned != 2 {
		t.Errorf("%d warnings say that nothing is known: %v", warned, r.Warnings)
	}
	_, err = plan.Run(context.Background(), m, plan.Options{Services: []string{"ghost"}})
	var broken *model.ProblemError
	if !errors.As(err, &broken) || broken.Problem.Code != scenario.NothingKnown {
		t.Errorf("a plan for it alone: %v", err)
	}
}
