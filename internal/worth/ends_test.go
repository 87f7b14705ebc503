package worth_test

import (
	"context"
	"errors"
	"testing"

	"tightrope/internal/worth"
)

func TestALoadIsWorkedOutAsLongAsItIsWanted(t *testing.T) {
	m := read(t, "services: {app: {}}\nrisks: {r: {service: app, every: 9d, detect: 1m, recover: 5m}}\n")
	ctx, cancel := context.WithCancel(context.Background())
	if l, err := worth.LoadWith(ctx, m, nil, nil, nil); err != nil || l.UnnamedPerWeek == 0 {
		t.Errorf("got %+v, %v", l, err)
	}
	cancel()
	if _, err := worth.LoadWith(ctx, m, nil, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
