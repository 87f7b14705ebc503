package cli

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// ended runs a command whose time is up at once; interrupt, where it is not nil, is
// when a signal comes: once that has been asked for.
func ended(args []string, interrupt func(time.Duration) bool) (code int, out, errs string) {
	var stdout, stderr bytes.Buffer
	caught := make(chan os.Signal, 1)
	up := make(chan time.Time)
	close(up)
	code = Main(&Process{
		Args: args, Stdout: &stdout, Stderr: &stderr,
		Getenv:   func(string) string { return "" },
		Terminal: func(io.Writer) (int, bool) { return 0, false },
		After: func(d time.Duration) <-chan time.Time {
			switch {
			case d == 42*time.Second && interrupt == nil:
				return up
			case interrupt != nil && interrupt(d):
				caught <- os.Interrupt
			}
			return nil
		},
		Interrupts: func() (<-chan os.Signal, func()) { return caught, func() {} },
	})
	return code, stdout.String(), stderr.String()
}

const rhythmic = `version: 1
services: {app: {objective: {target: 99.9%}}}
changes: {release: {service: app, every: 9d, downtime: 10s}}
risks: {crash: {service: app, every: 45d, detect: 5m, recover: 10m}}
`

func TestWhatHasATimeEndsWithIt(t *testing.T) {
	old := modelFileOf(t, rhythmic)
	now := modelFileOf(t, strings.Replace(rhythmic, "45d", "20d", 1))
	code, _, errs := ended([]string{"cadence", "release", old, "--time", "42s"}, nil)
	if code != ExitFound || !strings.Contains(errs, "the time was up before the rhythm of today was forecast") {
		t.Errorf("cadence: exit code %d, %q", code, errs)
	}
	code, out, errs := ended([]string{"diff", old, now, "--time", "42s"}, nil)
	if code != ExitOK || !strings.Contains(out, "every: 45d → 20d") || !strings.Contains(out, "before the models were forecast") {
		t.Errorf("diff: exit code %d, %q, %q", code, out, errs)
	}
	code, _, errs = ended([]string{"diff", old, now, "--time", "42s", "--fail-below", "1%"}, nil)
	if code != ExitFound || !strings.Contains(errs, "nothing shows that objectives are met") {
		t.Errorf("diff --fail-below: exit code %d, %q", code, errs)
	}
}

// A report whose search is stopped is written all the same, and says what is missing.
func TestAStoppedReportIsWhatIsKnown(t *testing.T) {
	stopped := false
	code, out, errs := ended([]string{"report", "--years", "1", "--format", "markdown", modelFileOf(t, toBuild)}, func(d time.Duration) bool {
		first := d == defaultTime && !stopped // the search begins
		stopped = stopped || first
		return first
	})
	// It may have been done before the interrupt was seen.
	if code != ExitStopped && code != ExitOK {
		t.Errorf("exit code %d, %q", code, errs)
	}
	if out == "" || code == ExitStopped && !strings.Contains(out, "stopped: no plan was made of 1") {
		t.Errorf("exit code %d: %s", code, out)
	}
	t.Logf("exit code %d", code)
}
