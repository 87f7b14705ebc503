package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// attend runs a command whose signals the test sends; its waiting for an answer
// is over when the test says so.
type attend struct {
	p      *Process
	c      *course
	caught chan os.Signal
	up     chan time.Time
	errs   bytes.Buffer
}

func attending() *attend {
	a := &attend{c: newCourse(), caught: make(chan os.Signal, 4), up: make(chan time.Time, 1)}
	a.p = &Process{
		Stderr: &a.errs,
		After: func(d time.Duration) <-chan time.Time {
			if d != answerWithin {
				return nil
			}
			return a.up
		},
		Interrupts: func() (<-chan os.Signal, func()) { return a.caught, func() {} },
		course:     a.c,
	}
	return a
}

func (a *attend) run(t *testing.T, want int, run func() int) {
	t.Helper()
	if code := attended(a.p, a.c, run); code != want {
		t.Errorf("exit code %d, want %d", code, want)
	}
}

func (a *attend) says(t *testing.T, want string) {
	t.Helper()
	if got := a.errs.String(); got != want {
		t.Errorf("the standard error is %q, want %q", got, want)
	}
}

func TestASignalEndsAtOnceWhatHasNothingToTell(t *testing.T) {
	a := attending()
	a.c.busyWith("reading shop", func() {})
	a.caught <- os.Interrupt
	gone := make(chan bool)
	a.run(t, ExitStopped, func() int {
		<-a.c.ctx.Done()
		go func() { gone <- true }()
		select {}
	})
	a.says(t, "tightrope: stopped while reading shop, before there was an answer\n")
	<-gone
}

func TestWhatIsStoppedGoesNoFurther(t *testing.T) {
	a := attending()
	a.caught <- os.Interrupt
	further, over := false, make(chan struct{})
	a.run(t, ExitStopped, func() int {
		defer close(over)
		<-a.c.ctx.Done()
		a.c.enter(writing)
		further = true
		return ExitOK
	})
	<-over
	if further {
		t.Error("it wrote although the process had said that there is no answer")
	}
	a.says(t, "tightrope: stopped before anything was done\n")
}

func TestAnAnswerIsWaitedFor(t *testing.T) {
	a := attending()
	a.run(t, ExitFound, func() int {
		ctx := a.p.context()
		a.caught <- os.Interrupt
		<-ctx.Done()
		return ExitFound
	})
	a.says(t, "")
}

func TestAnAnswerThatIsBeingWrittenIsNotLost(t *testing.T) {
	a := attending()
	a.run(t, ExitOK, func() int {
		a.c.enter(writing)
		a.caught <- os.Interrupt
		<-a.c.ctx.Done()
		return ExitOK
	})
	a.says(t, "")
}

func TestAnAnswerThatDoesNotComeIsNotWaitedForLong(t *testing.T) {
	a := attending()
	a.c.busyWith("planning shop", func() {})
	a.run(t, ExitStopped, func() int {
		ctx := a.p.context()
		a.caught <- os.Interrupt
		<-ctx.Done()
		a.up <- time.Time{}
		select {} // work that does not listen
	})
	a.says(t, "tightrope: stopped while planning shop, before there was an answer\n")
}

func TestASecondSignalEndsAnythingAndLeavesNoHalfFile(t *testing.T) {
	a := attending()
	dir := t.TempDir()
	path := filepath.Join(dir, "out.txt")
	if err := os.WriteFile(path, []byte("older"), 0o666); err != nil {
		t.Fatal(err)
	}
	a.run(t, ExitStopped, func() int {
		_ = a.p.writeFile(path, func(w io.Writer) error {
			if names, _ := os.ReadDir(dir); len(names) != 2 {
				t.Errorf("%d files are in the folder, want the old one and the half one", len(names))
			}
			a.caught <- os.Interrupt
			a.caught <- os.Interrupt
			select {}
		})
		return ExitOK
	})
	a.says(t, "")
	holds(t, path, "older")
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("%d files are left in the folder, want 1", len(names))
	}
}

// A stuck terminal takes nothing until it is closed.
type stuck chan struct{}

func (s stuck) Write(b []byte) (int, error) {
	<-s
	return len(b), nil
}

func TestASecondSignalEndsWhatCannotEvenSayAWord(t *testing.T) {
	a := attending()
	s := make(stuck)
	defer close(s)
	a.p.Stderr = s
	a.caught <- os.Interrupt
	a.caught <- os.Interrupt
	a.run(t, ExitStopped, func() int { select {} })
}

// A teller is a terminal that tells what was said on it.
type teller chan string

func (s teller) Write(b []byte) (int, error) {
	s <- string(b)
	return len(b), nil
}

func TestWhatEndsByItselfOrIsBeingWrittenSaysSoAndIsNotCutOff(t *testing.T) {
	for word, begin := range map[string]func(a *attend){
		"tightrope: ending soon\n": func(a *attend) {
			a.c.staying("ending soon")
			a.p.context()
		},
		"tightrope: ending, when the answer is written; Ctrl-C again ends it at once\n": func(a *attend) { a.c.enter(writing) },
	} {
		for _, second := range []bool{false, true} {
			a, said := attending(), make(teller)
			a.p.Stderr = said
			a.up <- time.Time{}
			want := ExitFound
			if second {
				want = ExitStopped
			}
			a.run(t, want, func() int {
				begin(a)
				a.caught <- os.Interrupt
				if got := <-said; got != word {
					t.Errorf("it said %q, want %q", got, word)
				}
				if second {
					a.caught <- os.Interrupt
					select {}
				}
				return ExitFound
			})
		}
	}
}

func TestAnAnswerDoesNotWaitForWhatOnlyAddsToIt(t *testing.T) {
	a := attending()
	a.p.After = func(d time.Duration) <-chan time.Time {
		if d != extraWithin {
			return nil
		}
		a.up <- time.Time{}
		return a.up
	}
	stuck := make(chan struct{})
	defer close(stuck)
	a.run(t, ExitFound, func() int {
		a.caught <- os.Interrupt
		if _, err := extra(a.p, func(context.Context) (int, error) {
			<-stuck
			return 1, nil
		}); err != errStopped {
			t.Errorf("got error %v, want %v", err, errStopped)
		}
		a.c.enter(writing)
		return ExitFound
	})
	if v, err := extra(&Process{}, func(context.Context) (int, error) { return 1, nil }); v != 1 || err != nil {
		t.Errorf("got %d and error %v", v, err)
	}
}
