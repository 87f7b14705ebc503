package web

import (
	"context"
	"fmt"
	"runtime/debug"
)

// A bug is a panic in what a request asked for. It is answered as a fault of the
// server and written to the log; the server goes on.
type bug struct {
	what  any
	stack []byte
}

func (b *bug) Error() string { return fmt.Sprintf("internal error: %v", b.what) }

// guarded turns a panic of work into an error: it runs on a goroutine where
// nobody else would.
func guarded(ctx context.Context, work func(ctx context.Context) (any, int, error)) (value any, cost int, err error) {
	defer func() {
		if what := recover(); what != nil {
			value, cost, err = nil, 0, &bug{what, debug.Stack()}
		}
	}()
	return work(ctx)
}
