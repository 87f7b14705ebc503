package work

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
)

// A nobody is the context of who gives none.
var nobody context.Context

func TestAPanicInAWorkerIsTheErrorOfTheAnswer(t *testing.T) {
	answer := func(i int) int { return []int{1, 2, 3}[i] }
	for name, run := range map[string]func(){
		"one of each":    func() { Each(4, func() func(int) { return func(i int) { answer(i) } }) },
		"one of several": func() { Together(func() {}, func() { answer(7) }) },
		"a worker":       func() { Each(2, func() func(int) { answer(7); return func(int) {} }) },
		"none":           func() { answer(7) },
		"within another": func() { Together(func() { Together(func() { answer(7) }) }) },
		"within an end":  func() { Ends(func() { answer(7) }) },
	} {
		t.Run(name, func(t *testing.T) {
			err := Try(func() error { run(); return nil })
			var fault *Fault
			if !errors.As(err, &fault) {
				t.Fatalf("got %v, want a fault", err)
			}
			if !strings.Contains(fault.What, "index out of range") || !strings.HasPrefix(fault.Where, "work.TestAPanic") || !strings.Contains(fault.Stack, "work_test.go") {
				t.Errorf("got %+v", fault)
			}
		})
	}
}

func TestWorkEndsWhereverItIs(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var turns atomic.Int64
	err := Try(func() error {
		Each(8, func() func(int) {
			return func(int) {
				for {
					if turns.Add(1) == 1000 {
						cancel()
					}
					Poll(ctx)
				}
			}
		})
		return nil
	})
	if !errors.Is(err, context.Canceled) || turns.Load() > 1100 {
		t.Errorf("got %v after %d turns", err, turns.Load())
	}
	if !Ends(func() { Poll(ctx) }) || Ends(func() { Poll(nobody) }) {
		t.Error("what ends is told from what does not")
	}
}

func TestAFaultIsToldBeforeTheEndOfOthers(t *testing.T) {
	g, ctx := GroupWithin(context.Background())
	for range 3 {
		g.Go(func() {
			for {
				Poll(ctx)
			}
		})
	}
	g.Go(func() { panic("no") })
	ended := false
	done := make(chan struct{})
	g.Then(func() { ended = true; close(done) })
	err := Try(func() error { g.Wait(); return nil })
	<-done
	var fault *Fault
	if !errors.As(err, &fault) || fault.What != "no" || !ended {
		t.Errorf("got %v", err)
	}
}

func TestWhatWasUnwoundIsComputedAgain(t *testing.T) {
	var o Once[int]
	if err := Try(func() error { o.Get(func() int { panic("no") }); return nil }); err == nil {
		t.Error("no fault")
	}
	if got := o.Get(func() int { return 3 }) + o.Get(func() int { return 4 }); got != 6 {
		t.Errorf("got %d", got)
	}
	wait := Later(func() (int, error) { panic("no") })
	if _, err := wait(); err == nil {
		t.Error("no fault of what was begun")
	}
}

func TestWhoIsGone(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	late, end := context.WithCancel(ctx)
	end()
	if late.Err() == nil || WhileWanted(late).Err() != nil {
		t.Error("what is late is wanted all the same")
	}
	if Gone(ctx) || Gone(nobody) {
		t.Error("gone before it is")
	}
	cancel(ErrGone)
	inner, done := context.WithCancel(ctx)
	defer done()
	if WhileWanted(inner).Err() == nil || !Gone(inner) || !errors.Is(ErrGone, context.Canceled) {
		t.Error("not gone")
	}
}

// A polite is a context that counts how often it is asked.
type polite struct {
	context.Context
	asked *atomic.Int64
}

func (p polite) Err() error { p.asked.Add(1); return p.Context.Err() }

// Who asks the context of a group asks the one that it was made of, which may hold
// it up.
func TestAGroupAsksTheContextItWasMadeOf(t *testing.T) {
	var asked atomic.Int64
	g, ctx := GroupWithin(polite{context.Background(), &asked})
	g.Go(func() { Poll(ctx) })
	g.Wait()
	if asked.Load() == 0 {
		t.Error("nobody asked it")
	}
	if ctx.Err() == nil {
		t.Error("it goes on after the group")
	}
}
