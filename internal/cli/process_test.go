package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const tiny = `version: 1
services: {app: {objective: {target: 99.9%}}}
risks: {crash: {every: 30d, detect: 1m, recover: 5m}}
`

// run runs a command in a process that is made up: its standard output is a
// terminal of so many columns, or none where columns is 0.
func run(t *testing.T, columns int, env map[string]string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = Main(&Process{
		Args:     args,
		Stdin:    strings.NewReader(""),
		Stdout:   &out,
		Stderr:   &err,
		Getenv:   func(name string) string { return env[name] },
		Terminal: func(w io.Writer) (int, bool) { return columns, columns > 0 && w == &out },
		After:    func(time.Duration) <-chan time.Time { return nil },
		Version:  "test",
	})
	return code, out.String(), err.String()
}

func modelFileOf(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.yaml")
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestColourIsForTerminalsThatWantIt(t *testing.T) {
	path := modelFileOf(t, tiny)
	for _, c := range []struct {
		name    string
		columns int
		env     map[string]string
		color   string
		want    bool
	}{
		{"a terminal", 80, nil, "auto", true},
		{"a pipe", 0, nil, "auto", false},
		{"a terminal with NO_COLOR", 80, map[string]string{"NO_COLOR": "1"}, "auto", false},
		{"a terminal with an empty NO_COLOR", 80, map[string]string{"NO_COLOR": ""}, "auto", true},
		{"a dumb terminal", 80, map[string]string{"TERM": "dumb"}, "auto", false},
		{"a terminal that is told not to", 80, nil, "never", false},
		{"a pipe that is told to", 0, map[string]string{"NO_COLOR": "1"}, "always", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := run(t, c.columns, c.env, "forecast", "--color", c.color, path)
			if code != ExitOK || errs != "" {
				t.Fatalf("exit code %d, standard error %q", code, errs)
			}
			if got := strings.Contains(out, "\x1b["); got != c.want {
				t.Errorf("coloured: %t, want %t", got, c.want)
			}
		})
	}
}

func TestATextIsAsWideAsItsTerminal(t *testing.T) {
	path := modelFileOf(t, tiny)
	first := func(columns int) string {
		_, out, _ := run(t, columns, nil, "forecast", "--color", "never", path)
		line, _, _ := strings.Cut(out, "\n")
		return line
	}
	if narrow, wide := first(60), first(100); len(narrow) > 60 || len(wide) <= 60 || len(wide) > 100 {
		t.Errorf("got lines of %d and %d columns, want them to fit 60 and 100", len(narrow), len(wide))
	}
}

// A screen is a terminal on which tests wait for something to appear.
type screen struct {
	bytes.Buffer
	wrote chan struct{}
}

func (s *screen) Write(b []byte) (int, error) {
	n, err := s.Buffer.Write(b)
	select {
	case s.wrote <- struct{}{}:
	default:
	}
	return n, err
}

func TestASpinnerTurnsWhileWorkTakesLongAndLeavesNothing(t *testing.T) {
	s := &screen{wrote: make(chan struct{}, 10)}
	ticks := make(chan time.Time)
	waits := make(chan time.Duration, 10)
	p := &Process{
		Stderr:   s,
		Getenv:   func(string) string { return "" },
		Terminal: func(io.Writer) (int, bool) { return 80, true },
		After: func(d time.Duration) <-chan time.Time {
			waits <- d
			return ticks
		},
	}
	done := p.busy("forecasting app")
	if first := <-waits; first != patience {
		t.Errorf("the first wait is %v, want %v", first, patience)
	}
	ticks <- time.Time{}
	<-s.wrote
	ticks <- time.Time{}
	<-s.wrote
	done()
	done()
	if got := s.String(); got != "\r⠋ forecasting app\x1b[K\r⠙ forecasting app\x1b[K\r\x1b[K" {
		t.Errorf("the terminal got %q", got)
	}
}

func TestASpinnerShowsNothingForShortWorkOrWithoutATerminal(t *testing.T) {
	for name, terminal := range map[string]bool{"short work": true, "no terminal": false} {
		var out bytes.Buffer
		p := &Process{
			Stderr:   &out,
			Getenv:   func(string) string { return "" },
			Terminal: func(io.Writer) (int, bool) { return 80, terminal },
			After:    func(time.Duration) <-chan time.Time { return nil },
		}
		p.busy("forecasting app")()
		if out.Len() > 0 {
			t.Errorf("%s: the terminal got %q", name, out.String())
		}
	}
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.txt")
	if err := os.WriteFile(path, []byte("older"), 0o640); err != nil {
		t.Fatal(err)
	}
	half := func(w io.Writer) error {
		if _, err := w.Write([]byte("half")); err != nil {
			return err
		}
		return errors.New("interrupted")
	}
	if err := new(Process).writeFile(path, half); err == nil || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("got error %v, want that it was interrupted", err)
	}
	holds(t, path, "older")
	whole := func(w io.Writer) error {
		_, err := w.Write([]byte("newer"))
		return err
	}
	if err := new(Process).writeFile(path, whole); err != nil {
		t.Fatal(err)
	}
	holds(t, path, "newer")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the permissions are %v (error %v), want them as they were, 0640", info.Mode(), err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files are left in the folder, want 1", len(left))
	}
}

// After a loss of power there is the old file or the new one: the new one is on
// the disk before it has its name, and its name before the program is done.
func TestAFileIsOnTheDiskBeforeItHasItsName(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.txt")
	if err := os.WriteFile(path, []byte("older"), 0o666); err != nil {
		t.Fatal(err)
	}
	var synced []string
	p := &Process{synced: func(f *os.File) error {
		if f.Name() == dir {
			holds(t, path, "newer")
			synced = append(synced, "folder")
			return nil
		}
		holds(t, f.Name(), "newer")
		holds(t, path, "older")
		synced = append(synced, "file")
		return nil
	}}
	if err := p.writeFile(path, func(w io.Writer) error { _, err := w.Write([]byte("newer")); return err }); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(synced, ", "); got != "file, folder" {
		t.Errorf("synced %s, want file, folder", got)
	}
	p.synced = func(*os.File) error { return syscall.EIO }
	if err := p.writeFile(path, func(io.Writer) error { return nil }); err == nil {
		t.Error("a disk that fails is no error")
	}
	holds(t, path, "newer")
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q (error %v), want %q", path, got, err, want)
	}
}

func TestTheHelpOfEveryFlagIsThere(t *testing.T) {
	root := newRoot(&Process{})
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" {
			continue
		}
		if cmd.Short == "" || cmd.Example == "" && cmd.Name() != "version" {
			t.Errorf("%s: expected a line of help and an example", cmd.Name())
		}
	}
}
