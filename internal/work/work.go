// Package work runs what engines compute, on all processors and until nobody
// wants it any more. It is the one place where an engine begins a goroutine.
//
// A panic in any of them is a fault of one answer, never the end of the
// process: it unwinds through whoever waits for the goroutine up to the
// function that was asked, which returns it as an error (Recover).
//
// Work that is no longer wanted ends the same way. Whatever can grow calls Poll
// at each turn of its loop; once the context is done that unwinds to the same
// place, from however deep in the mathematics, and becomes the error of the
// context. Nothing that is half done is kept, since whoever keeps a value never
// gets it.
package work

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
)

// ErrGone is the cause of a context that ends because nobody waits for the
// answer any more. An engine that otherwise gives back what it knows when its
// time is up then ends at once.
var ErrGone = fmt.Errorf("nobody waits for the answer any more: %w", context.Canceled)

// Gone reports whether a context ended because nobody waits.
func Gone(ctx context.Context) bool { return ctx != nil && context.Cause(ctx) == ErrGone }

// Late reports whether an error is that of a context whose time is up while somebody
// still waits: what is known by then is worth telling.
func Late(ctx context.Context, err error) bool {
	return ctx != nil && ctx.Err() != nil && !Gone(ctx) && errors.Is(err, ctx.Err())
}

// WhileWanted is a context that is done once nobody waits for the answer, however
// long the time of ctx has been up. It is to be polled.
func WhileWanted(ctx context.Context) context.Context { return wanted{ctx} }

type wanted struct{ context.Context }

func (w wanted) Done() <-chan struct{} { return nil }

func (w wanted) Err() error {
	if err := w.Context.Err(); err != nil && Gone(w.Context) {
		return err
	}
	return nil
}

// A Fault is a panic of an engine, as the error of the answer that was asked.
type Fault struct {
	What  string // that it said
	Where string // the function of ours that panicked
	Stack string // of its goroutine: for a log, not for users
}

func (f *Fault) Error() string {
	return fmt.Sprintf("a fault of the program, in %s: %s", f.Where, f.What)
}

func faultOf(what any) *Fault {
	f := &Fault{What: fmt.Sprint(what), Where: "an unknown place", Stack: string(debug.Stack())}
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for panicked := false; ; {
		frame, more := frames.Next()
		if frame.Function == "runtime.gopanic" {
			panicked = true
			f.Where = "an unknown place" // what re-panicked is not it
		} else if name, ours := strings.CutPrefix(frame.Function, "tightrope/internal/"); panicked && ours && f.Where == "an unknown place" {
			f.Where = name
		}
		if !more {
			return f
		}
	}
}

// ended is what Poll unwinds with.
type ended struct{ err error }

// Poll does nothing until the context is done. Then it does not return. A nil
// context is never done. It takes about as long as locking a mutex: innermost
// loops of a few operations leave it to those around them.
func Poll(ctx context.Context) {
	if ctx == nil {
		return
	}
	if err := ctx.Err(); err != nil {
		panic(ended{err})
	}
}

// Recover makes what unwinds a function its error: that of the context, or a
// *Fault. It is for the functions that an engine is asked by, and is deferred
// by itself:
//
//	func Run(…) (r *Result, err error) {
//		defer work.Recover(&err)
func Recover(err *error) {
	if what := recover(); what != nil {
		*err = errorOf(what)
	}
}

func errorOf(what any) error {
	switch x := what.(type) {
	case ended:
		return x.err
	case *Fault:
		return x // of another goroutine
	}
	return faultOf(what)
}

// Try returns what f returns, or the error that unwinds it.
func Try(f func() error) (err error) {
	defer Recover(&err)
	return f()
}

// Ends reports whether f was left because its context is done. Other panics go
// on.
func Ends(f func()) (left bool) {
	defer func() {
		what := recover()
		if _, left = what.(ended); what != nil && !left {
			panic(passedOn(what))
		}
	}()
	f()
	return false
}

// passedOn is what unwinds a function, to be panicked with elsewhere: a fault keeps the
// stack on which it was first seen.
func passedOn(what any) any {
	switch what.(type) {
	case ended, *Fault:
		return what
	}
	return faultOf(what)
}

// A Group is several pieces of work at once.
type Group struct {
	wait   sync.WaitGroup
	mu     sync.Mutex
	what   any
	cancel context.CancelFunc
}

// GroupWithin returns a group, and a context that ends with ctx and as soon as
// something unwinds one of the group.
func GroupWithin(ctx context.Context) (*Group, context.Context) {
	own, cancel := context.WithCancel(ctx)
	return &Group{cancel: cancel}, within{own, ctx}
}

// within is a context made of another one that is asked too: it may hold up who
// asks it.
type within struct {
	context.Context
	parent context.Context
}

func (w within) Err() error {
	if err := w.parent.Err(); err != nil {
		return err
	}
	return w.Context.Err()
}

// Go begins a piece of work.
func (g *Group) Go(f func()) {
	g.wait.Go(func() {
		defer func() {
			if what := recover(); what != nil {
				g.unwound(passedOn(what))
			}
		}()
		f()
	})
}

// unwound keeps why one of the group ended early: a fault, if there is any.
func (g *Group) unwound(what any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, fault := what.(*Fault); g.what == nil || fault {
		g.what = what
	}
	if g.cancel != nil {
		g.cancel()
	}
}

func (g *Group) failed() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.what != nil
}

// Then calls f once all that was begun has ended, however it did.
func (g *Group) Then(f func()) {
	go func() { // waits, and calls what cannot fail
		g.wait.Wait()
		f()
	}()
}

// Wait waits until all of it has ended. What unwound one of them unwinds the caller.
func (g *Group) Wait() {
	g.wait.Wait()
	if g.cancel != nil {
		g.cancel()
	}
	if g.what != nil {
		panic(g.what)
	}
}

// Together does several things at once.
func Together(list ...func()) {
	var g Group
	for _, f := range list {
		g.Go(f)
	}
	g.Wait()
}

// Each does n independent pieces of work on all processors. Each worker gets a
// function of its own from start. What unwinds one of them ends the others after
// what they are at, and unwinds the caller.
func Each(n int, start func() func(i int)) { Workers(runtime.GOMAXPROCS(0), n, start) }

// Workers is Each by so many workers.
func Workers(workers, n int, start func() func(i int)) {
	var g Group
	var next atomic.Int64
	for range min(n, workers) {
		g.Go(func() {
			do := start()
			for !g.failed() {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	g.Wait()
}

// Later begins to compute something, and returns a function that waits for it.
func Later[T any](f func() (T, error)) (wait func() (T, error)) {
	done := make(chan struct{})
	var value T
	var err error
	go func() {
		defer close(done)
		err = Try(func() (err error) {
			value, err = f()
			return err
		})
	}()
	return func() (T, error) {
		<-done
		return value, err
	}
}

// A Once keeps what is computed once. Unlike sync.OnceValue, what was unwound is
// computed again by the next that asks.
type Once[T any] struct {
	mu    sync.Mutex
	known bool
	value T
}

// Get returns what is known, or computes it.
func (o *Once[T]) Get(compute func() T) T {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.known {
		o.value = compute()
		o.known = true
	}
	return o.value
}

// Pass goes on unwinding with an error that Recover made, where another error
// means something else. It does nothing for any other.
func Pass(err error) {
	var fault *Fault
	switch {
	case errors.As(err, &fault):
		panic(fault)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		panic(ended{err})
	}
}
