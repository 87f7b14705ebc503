package web

import (
	"errors"
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

// fault counts a panic and writes it to the log, once, however many wait for what
// it was to be.
func (s *Server) fault(b *bug) {
	s.faults.Add(1)
	s.log.Error("the work for an answer panicked", "what", b.what, "stack", string(b.stack))
}

// isBug reports whether an error is a panic, which has been counted already.
func isBug(err error) bool {
	var b *bug
	return errors.As(err, &b)
}

// steadily runs what goes on beside the requests again and again until it ends by
// itself: a panic of it must neither end the server nor what is watched.
func (s *Server) steadily(do func()) {
	for again := true; again; {
		func() {
			defer func() {
				if what := recover(); what != nil {
					s.fault(&bug{what, debug.Stack()})
				}
			}()
			do()
			again = false
		}()
	}
}
