package web

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// errBusy is for requests that find too many others waiting.
var errBusy = errors.New("too many others are waiting for an answer")

// errTooLong is for answers that take longer than a request may.
var errTooLong = errors.New("the answer takes longer than a request may")

// A gate lets so much work through at once. Others wait, but not too many.
type gate struct {
	slots   chan struct{}
	waiting atomic.Int64
	most    int64         // that wait
	time    time.Duration // that one piece of work may take, once it is through
}

func newGate(slots, most int, time time.Duration) *gate {
	return &gate{slots: make(chan struct{}, slots), most: int64(most), time: time}
}

// do runs work when there is room, with a context that ends when its time is up.
func (g *gate) do(ctx context.Context, work func(ctx context.Context) error) error {
	if g.waiting.Add(1) > g.most {
		g.waiting.Add(-1)
		return errBusy
	}
	select {
	case g.slots <- struct{}{}:
		g.waiting.Add(-1)
	case <-ctx.Done():
		g.waiting.Add(-1)
		return ctx.Err()
	}
	defer func() { <-g.slots }()
	ctx, cancel := context.WithTimeoutCause(ctx, g.time, errTooLong)
	defer cancel()
	err := work(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errTooLong) {
		return errTooLong
	}
	return err
}
