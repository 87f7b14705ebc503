package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

// answerWithin is how long after a signal an answer is waited for: whoever asks a
// program to end sees within a second that it does.
const answerWithin = 700 * time.Millisecond

// A stage is what a signal finds a command at.
type stage int

const (
	// working: nothing is known that could be told; a signal ends it at once.
	working stage = iota
	// answering: the work listens to the context, and tells what is known.
	answering
	// writing: the answer is on its way out.
	writing
	// left: the process ends, whatever the command still does.
	left
)

// A course is how far a command is, for when a signal comes. All its methods may
// be called on nil, for a process that nothing interrupts.
type course struct {
	ctx    context.Context
	cancel context.CancelFunc

	mu    sync.Mutex
	stage stage
	doing string // what it is busy with
	clear func() // takes what shows that off the terminal
	half  string // file that is being written, beside the one that it will be
	ends  string // what to say of a command that ends by itself; see staying
}

func newCourse() *course {
	c := &course{clear: func() {}}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// context ends with the first signal. Whoever asks for it tells afterwards, soon,
// what is known by then.
func (p *Process) context() context.Context {
	if p.course == nil {
		return context.Background()
	}
	p.course.enter(answering)
	return p.course.ctx
}

// ends ends with the first signal, for work that has nothing to tell then.
func (p *Process) ends() context.Context {
	if p.course == nil {
		return context.Background()
	}
	return p.course.ctx
}

// stopped reports whether a signal has come.
func (p *Process) stopped() bool { return p.course != nil && p.course.ctx.Err() != nil }

// cut is the failure of a command that was stopped, where it knows nothing to
// tell; otherwise err.
func (p *Process) cut(err error) error {
	var said *failure
	if err == nil || !p.stopped() || errors.As(err, &said) && said.code == ExitStopped {
		return err
	}
	return p.halted()
}

// halted is the failure of a command that was stopped and tells nothing.
func (p *Process) halted() error {
	return &failure{code: ExitStopped, err: errors.New(p.course.stop())}
}

// extraWithin is how long after a signal work is waited for that only adds to an
// answer which is there.
const extraWithin = answerWithin / 2

// errStopped is the error of work that was not waited for.
var errStopped = errors.New("stopped")

// extra does work that adds to an answer. Where a signal comes and it does not end
// soon, it is left alone, with errStopped: the answer must not wait for it.
func extra[T any](p *Process, work func(ctx context.Context) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	ctx := p.context()
	done := make(chan result, 1)
	go func() {
		v, err := work(ctx)
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-p.After(extraWithin):
		p.course.clear()
	}
	var none T
	return none, errStopped
}

// enter goes on to a stage; a command that the process no longer waits for goes
// no further.
func (c *course) enter(s stage) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stage == left {
		runtime.Goexit()
	}
	if s > c.stage {
		c.stage = s
	}
}

// busyWith notes what the command is doing and what clears that off the terminal.
func (c *course) busyWith(what string, clear func()) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.doing, c.clear = what, clear
}

// writes notes the file that would be left over, or that there is none.
func (c *course) writes(half string) {
	if c == nil {
		return
	}
	c.enter(writing)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.half = half
}

// staying says that the command ends by itself after a signal, which may take a
// while, and what to say then.
func (c *course) staying(word string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends = word
}

// signalled tells the command of the first signal. It reports whether an answer
// may come; otherwise the command gets no further.
func (c *course) signalled() (wait bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stage == working {
		c.stage = left
	}
	c.cancel()
	return c.stage != left
}

// abandon ends the command where it is, and takes away what it would leave.
func (c *course) abandon() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stage = left
	if c.half != "" {
		_ = os.Remove(c.half)
	}
}

// goesOn says of a command that is waited for longer why it is: it ends by itself,
// or its answer is there and on its way out. Otherwise it says nothing.
func (c *course) goesOn() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ends != "":
		return c.ends
	case c.stage == writing:
		return "ending, when the answer is written; Ctrl-C again ends it at once"
	}
	return ""
}

// stop says in which midst a command was stopped.
func (c *course) stop() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.doing == "" {
		return "stopped before anything was done"
	}
	return "stopped while " + c.doing + ", before there was an answer"
}

// attended runs a command, and ends it when signals say so: with what it knows,
// if it tells that within answerWithin of the first one; else with a word. A
// second signal ends it at once.
func attended(p *Process, c *course, run func() int) (code int) {
	var caught <-chan os.Signal
	if p.Interrupts != nil {
		var giveBack func()
		caught, giveBack = p.Interrupts()
		defer giveBack()
	}
	done := make(chan int, 1)
	go func() { done <- run() }()
	select {
	case code = <-done:
		return code
	case <-caught:
	}
	for wait := c.signalled(); wait; {
		select {
		case code = <-done:
			return code
		case <-caught:
			c.abandon()
			return ExitStopped
		case <-p.After(answerWithin):
		}
		select {
		case code = <-done: // at the same time
			return code
		default:
		}
		word := c.goesOn()
		if word == "" {
			break
		}
		p.word(word)
		select {
		case code = <-done:
			return code
		case <-caught:
			c.abandon()
			return ExitStopped
		}
	}
	word := c.stop()
	c.abandon()
	select {
	case <-p.word(word):
	case <-caught:
	}
	return ExitStopped
}

// word says a word, and closes what it returns when that is said: a terminal that
// takes nothing must not keep the process.
func (p *Process) word(word string) (said <-chan struct{}) {
	done := make(chan struct{})
	p.course.mu.Lock()
	clear := p.course.clear
	p.course.mu.Unlock()
	go func() {
		defer close(done)
		clear()
		fmt.Fprintf(p.Stderr, "tightrope: %s\n", word)
	}()
	return done
}
