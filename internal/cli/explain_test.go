package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// A review that was due on 30 October 2026.
const overdue = `version: 1
services: {app: {objective: {target: 99.9%}}}
risks: {crash: {every: 30d, detect: 1m, recover: 5m, asof: 2026-05-03, review: 180d}}
`

func TestReviewsAreHeldAgainstTheDayOfTheProcess(t *testing.T) {
	path := modelFileOf(t, overdue)
	on := func(year, month, day int) func() time.Time {
		return func() time.Time { return time.Date(year, time.Month(month), day, 23, 59, 0, 0, time.UTC) }
	}
	for _, c := range []struct {
		name  string
		now   func() time.Time
		flags []string
		want  string
		not   string
	}{
		{"on the last day", on(2026, 10, 30), nil, "to be looked at again by 2026-10-30", "overdue"},
		{"a day later", on(2026, 10, 31), nil, "review overdue since 2026-10-30, 1 day ago", "to be looked at"},
		{"on a day that is asked for", on(2026, 10, 31), []string{"--today", "2026-10-30"}, "to be looked at again by 2026-10-30", "overdue"},
		{"on a day that nobody knows", nil, nil, "to be looked at again by 2026-10-30", "overdue"},
		{"for machines", on(2026, 10, 31), []string{"--format", "json"}, `"today": "2026-10-31"`, `"overdue": false`},
		{"for machines that nobody tells the day", nil, []string{"--format", "json"}, `"today": null`, `"overdue": true`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, err bytes.Buffer
			code := Main(&Process{
				Args:     append([]string{"explain", "crash", path}, c.flags...),
				Stdin:    strings.NewReader(""),
				Stdout:   &out,
				Stderr:   &err,
				Getenv:   func(string) string { return "" },
				Terminal: func(io.Writer) (int, bool) { return 0, false },
				Now:      c.now,
				After:    func(time.Duration) <-chan time.Time { return nil },
			})
			if code != ExitOK || err.Len() > 0 {
				t.Fatalf("exit code %d: %s", code, &err)
			}
			if got := out.String(); !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
				t.Errorf("expected %q and not %q:\n%s", c.want, c.not, got)
			}
		})
	}
}

func TestExplanationsAndRhythmsAreAsWideAsTheTerminalAndColouredOnIt(t *testing.T) {
	path := modelFileOf(t, overdue+"changes: {release: {service: app, every: 7d, downtime: 10s}}\n")
	for _, args := range [][]string{{"explain", "crash", path}, {"cadence", "release", path}} {
		code, out, _ := run(t, 60, nil, args...)
		if code != ExitOK || !strings.Contains(out, "\x1b[1m") {
			t.Errorf("%v: exit code %d, no colour:\n%s", args, code, out)
		}
		if code, out, _ = run(t, 60, nil, append(args, "--color", "never")...); code != ExitOK || strings.Contains(out, "\x1b") {
			t.Errorf("%v: exit code %d, colour:\n%s", args, code, out)
		}
	}
}

// The guard is against work that grows with the square of the names.
func TestAWrongNameIsAnsweredAmongVeryMany(t *testing.T) {
	all := make([]named, 300_000)
	for i := range all {
		all[i].name = fmt.Sprintf("service-%d", i)
	}
	answered := make(chan []string, 1)
	go func() { answered <- meant("NOSUCH", all, "service") }()
	select {
	case got := <-answered:
		if len(got) != 1 || !strings.HasSuffix(got[0], ", and 299988 more") {
			t.Errorf("got %q", got)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("no answer")
	}
}
