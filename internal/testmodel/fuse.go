package testmodel

import (
	"context"
	"sync/atomic"
)

// A Fuse is a context that ends when it has been asked so often whether it has: work
// can be ended at each of its turns, one after the other.
type Fuse struct {
	context.Context
	Left atomic.Int64
}

// Lit is a fuse of so many turns.
func Lit(turns int64) *Fuse {
	f := &Fuse{Context: context.Background()}
	f.Left.Store(turns)
	return f
}

// Err is nil until the fuse has burnt down.
func (f *Fuse) Err() error {
	if f.Left.Add(-1) >= 0 {
		return nil
	}
	return context.DeadlineExceeded
}
