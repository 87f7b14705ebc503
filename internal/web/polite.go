package web

import (
	"context"
	"sync/atomic"
	"time"
)

// A polite context lets work step back while something urgent is worked out: whoever
// asks it whether it has ended is held up for a moment, nine of ten while there is
// such work. The engines ask within every loop.
type polite struct {
	context.Context
	queue *queue
	waits *atomic.Bool // false while it is urgent itself; work may be moved to another place
}

// Work that is polite goes on for a tenth of every turn.
const (
	politeTurn = 30 * time.Millisecond
	politePart = politeTurn / 10
)

func (p polite) Err() error {
	if p.waits.Load() && p.queue.urgent.Load() > 0 {
		p.stepBack()
	}
	return p.Context.Err()
}

// stepBack waits for the next turn. All that is polite goes on and waits at the
// same time, so that what is urgent has the processors to itself.
func (p polite) stepBack() {
	into := time.Duration(time.Now().UnixNano()) % politeTurn
	if into < politePart {
		return
	}
	t := time.NewTimer(politeTurn - into)
	defer t.Stop()
	select {
	case <-t.C:
	case <-p.Done():
	}
}

// last makes a context polite to all others.
func last(ctx context.Context, q *queue) context.Context {
	var waits atomic.Bool
	waits.Store(true)
	return polite{ctx, q, &waits}
}

// like is a context made of a polite one, which is polite too.
func like(parent, ctx context.Context) context.Context {
	if p, ok := parent.(polite); ok {
		return polite{ctx, p.queue, p.waits}
	}
	return ctx
}
