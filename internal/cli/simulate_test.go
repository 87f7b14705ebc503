package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"tightrope/internal/simulate"
)

// A shared buffer may be written and read at the same time.
type shared struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *shared) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(b)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.String()
}

func TestAnInterruptEndsASimulationWithWhatWasSeen(t *testing.T) {
	path := modelFileOf(t, tiny)
	out, errs := &shared{}, &shared{}
	caught := make(chan os.Signal, 1)
	started := regexp.MustCompile(`simulating [1-9][0-9,]* of 10,000,000 years`)
	var givenBack []string // what was written when interrupts were given back
	var once sync.Once
	p := &Process{
		Args:     []string{"simulate", "--years", "10_000_000", "--color", "never", path},
		Stdin:    strings.NewReader(""),
		Stdout:   out,
		Stderr:   errs,
		Getenv:   func(string) string { return "" },
		Terminal: func(w io.Writer) (int, bool) { return 120, w == errs },
		After: func(d time.Duration) <-chan time.Time {
			if d == answerWithin {
				return nil
			}
			if started.MatchString(errs.String()) {
				once.Do(func() { caught <- os.Interrupt })
			}
			return time.After(time.Millisecond)
		},
		Interrupts: func() (<-chan os.Signal, func()) {
			return caught, func() { givenBack = append(givenBack, out.String()) }
		},
	}
	if code := Main(p); code != ExitStopped {
		t.Errorf("exit code %d, want %d", code, ExitStopped)
	}
	if !regexp.MustCompile(`^Stopped after [1-9][0-9,]* of 10,000,000 years; what was seen so far:\n\napp: over [1-9]`).MatchString(out.String()) {
		t.Errorf("the standard output is %q", out.String())
	}
	if !strings.HasSuffix(errs.String(), "\r\x1b[K") {
		t.Errorf("the bar of progress was left on the terminal: %q", errs.String())
	}
	if len(givenBack) != 1 || givenBack[0] != out.String() {
		t.Error("interrupts were not attended to until the end")
	}
}

func TestAnInterruptBeforeTheFirstYearIsSaid(t *testing.T) {
	for _, format := range []string{"text", "markdown", "json"} {
		var out bytes.Buffer
		p := &Process{
			Stderr:   io.Discard,
			Getenv:   func(string) string { return "" },
			Terminal: func(io.Writer) (int, bool) { return 0, false },
			course:   newCourse(),
			coloured: &out,
		}
		p.course.cancel()
		a := &simulateArgs{paths: []string{modelFileOf(t, tiny)}, opts: simulate.Options{Years: 10_000_000, Seed: 1}, format: format, color: "auto"}
		if err := runSimulate(p, a); err == nil || err.Error() != "exit code 130" {
			t.Errorf("%s: got error %v, want exit code 130", format, err)
		}
		if format == "json" && !json.Valid(out.Bytes()) || format != "json" && !strings.Contains(out.String(), "Stopped ") {
			t.Errorf("%s: the standard output is %q", format, out.String())
		}
	}
}

func TestTheProcessCatchesItsInterrupts(t *testing.T) {
	caught, giveBack := ThisProcess("test").Interrupts()
	defer giveBack()
	this, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := this.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case s := <-caught:
		if s != os.Interrupt {
			t.Errorf("caught %v, want an interrupt", s)
		}
	case <-time.After(time.Minute):
		t.Error("nothing was caught")
	}
}

func TestProgressShowsHowFarTheWorkIsAndLeavesNothing(t *testing.T) {
	s := &screen{wrote: make(chan struct{}, 10)}
	ticks := make(chan time.Time)
	p := &Process{
		Stderr:   s,
		Getenv:   func(string) string { return "" },
		Terminal: func(io.Writer) (int, bool) { return 80, true },
		After:    func(time.Duration) <-chan time.Time { return ticks },
	}
	done, end := p.progress("simulating", "years", 1_000_000)
	tick := func() {
		ticks <- time.Time{}
		<-s.wrote
	}
	tick()
	done(250_000)
	tick()
	end()
	end()
	want := "\r⠋ simulating 0 of 1,000,000 years, 0%  ························  …\x1b[K" +
		"\r⠙ simulating 250,000 of 1,000,000 years, 25%  ████▌·············  about 3s left\x1b[K" +
		"\r\x1b[K"
	if got := s.String(); got != want {
		t.Errorf("the terminal got\n%q, want\n%q", got, want)
	}
}

func TestProgressShowsNothingForShortWorkOrWithoutATerminal(t *testing.T) {
	for _, c := range []struct {
		name     string
		terminal bool
		term     string
		after    func(time.Duration) <-chan time.Time
	}{
		{"short work", true, "xterm", func(time.Duration) <-chan time.Time { return nil }},
		{"no terminal", false, "xterm", time.After},
		{"a dumb terminal", true, "dumb", time.After},
	} {
		var out bytes.Buffer
		p := &Process{
			Stderr:   &out,
			Getenv:   func(string) string { return c.term },
			Terminal: func(io.Writer) (int, bool) { return 80, c.terminal },
			After:    c.after,
		}
		done, end := p.progress("simulating", "years", 10)
		done(5)
		end()
		if out.Len() > 0 {
			t.Errorf("%s: the terminal got %q", c.name, out.String())
		}
	}
}

func TestProgressFitsTheTerminal(t *testing.T) {
	for columns := 20; columns <= 200; columns++ {
		for _, n := range []int{0, 1, 999, 5_000_000, 10_000_000} {
			said := far("simulating", "years", n, 10_000_000, 90*time.Second, columns)
			if got := utf8.RuneCountInString(said); got > columns {
				t.Errorf("%d columns where %d fit: %s", got, columns, said)
			}
		}
	}
}

func TestWhatIsLeftIsSaidRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		200 * time.Millisecond:  "1s",
		3400 * time.Millisecond: "3s",
		11 * time.Second:        "10s",
		13 * time.Second:        "15s",
		56 * time.Second:        "55s",
		59 * time.Second:        "1m",
		150 * time.Second:       "2m",
		90 * time.Minute:        "2h",
	} {
		if got := roughly(d); got != want {
			t.Errorf("%v is said as %s, want %s", d, got, want)
		}
	}
}
