package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// toBuild is a model with a few nets to choose among.
const toBuild = `
version: 1
services: {app: {objective: {target: 99.9%}}}
risks: {crash: {every: 10d, detect: 5m, recover: 1h}}
safety_nets:
  canary: {kind: automation, status: proposed, cost: {run: 5/month}, effects: [{risk: crash, prevents: 60%}]}
  probe: {kind: automation, status: proposed, cost: {run: 3/month}, effects: [{risk: crash, detect: -50%}]}
`

func TestAnInterruptEndsAPlanWithWhatWasFound(t *testing.T) {
	for _, format := range []string{"text", "markdown", "json"} {
		var out bytes.Buffer
		caught := make(chan os.Signal, 1)
		stopped := make(chan struct{})
		p := &Process{
			Args:     []string{"plan", "--format", format, modelFileOf(t, toBuild)},
			Stdout:   &out,
			Stderr:   io.Discard,
			Getenv:   func(string) string { return "" },
			Terminal: func(io.Writer) (int, bool) { return 0, false },
			After: func(d time.Duration) <-chan time.Time {
				if d == defaultTime { // the search begins
					caught <- os.Interrupt
				}
				return nil
			},
			Interrupts: func() (<-chan os.Signal, func()) {
				return caught, sync.OnceFunc(func() { close(stopped) })
			},
		}
		code := Main(p)
		<-stopped
		// It may have been done before the interrupt was seen.
		if code != ExitStopped && code != ExitOK && code != ExitFound {
			t.Errorf("%s: exit code %d", format, code)
		}
		if format == "json" && !json.Valid(out.Bytes()) || out.Len() == 0 {
			t.Errorf("%s: the standard output is %q", format, out.String())
		}
	}
}

func TestWhatIsFollowedIsSaidAnewAndLeavesNothing(t *testing.T) {
	s := &screen{wrote: make(chan struct{}, 10)}
	ticks := make(chan time.Time)
	p := &Process{
		Stderr:   s,
		Getenv:   func(string) string { return "" },
		Terminal: func(io.Writer) (int, bool) { return 40, true },
		After:    func(time.Duration) <-chan time.Time { return ticks },
	}
	said := "planning"
	end := p.following(func() string { return said })
	ticks <- time.Time{}
	<-s.wrote
	said = "planning: " + strings.Repeat("far ", 20)
	ticks <- time.Time{}
	<-s.wrote
	end()
	end()
	for line := range strings.SplitSeq(s.String(), "\r") {
		if n := len([]rune(strings.TrimSuffix(line, "\x1b[K"))); n > 40 {
			t.Errorf("%d columns where 40 fit: %q", n, line)
		}
	}
	if !strings.HasSuffix(s.String(), "\r\x1b[K") {
		t.Errorf("something was left on the terminal: %q", s.String())
	}
}
