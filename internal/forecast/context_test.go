package forecast_test

import (
	"context"
	"errors"
	"testing"

	"tightrope/internal/forecast"
)

// A forecast that nobody wants any more ends with the error of its context, even
// from within; and entries are told of as they are finished.
func TestForecastEndsEarly(t *testing.T) {
	m := load(t, "../../examples/shop")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := forecast.Run(m, forecast.Options{Context: ctx}); !errors.Is(err, context.Canceled) {
		t.Errorf("ended before it began: %v", err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	told := 0
	_, err := forecast.Run(m, forecast.Options{Context: ctx, Done: func(*forecast.Entry) { told++; cancel() }})
	if !errors.Is(err, context.Canceled) || told != 1 {
		t.Errorf("ended after the first entry: told of %d, %v", told, err)
	}
	told = 0
	r, err := forecast.Run(m, forecast.Options{Context: context.Background(), Done: func(*forecast.Entry) { told++ }})
	if err != nil || told != len(r.Entries) {
		t.Errorf("told of %d of %d entries, %v", told, len(r.Entries), err)
	}
}
