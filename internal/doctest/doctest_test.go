package doctest

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tightrope/internal/forecast"
)

var update = flag.Bool("update", false, "write what the commands print into the pages")

const root = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func pages(t *testing.T) []string {
	t.Helper()
	list, err := Pages(root)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(list, "docs/README.md") {
		t.Fatalf("docs/README.md is not among the pages found: %q", list)
	}
	return list
}

// Commands run in a folder of their own, so that a page may also write files.
func TestPagesShowWhatCommandsPrint(t *testing.T) {
	run, err := RunRecipe(read(t, filepath.Join(root, "Makefile")))
	if err != nil {
		t.Fatal(err)
	}
	home, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	memory := forecast.NewMemory(256 << 20) // pages show the same examples
	for _, page := range pages(t) {
		path := filepath.Join(home, page)
		text := read(t, path)
		steps := Steps(text)
		if len(steps) == 0 {
			continue
		}
		t.Run(page, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.CopyFS(filepath.Join(folder, "examples"), os.DirFS(filepath.Join(home, "examples"))); err != nil {
				t.Fatal(err)
			}
			t.Chdir(folder)
			session := &Session{Run: run, Forecasts: memory}
			lines := strings.Split(text, "\n")
			for _, s := range slices.Backward(done(t, session, steps)) {
				lines = slices.Replace(lines, s.Line, s.end, s.Output...)
			}
			if renewed := strings.Join(lines, "\n"); renewed == text {
				return
			} else if !*update {
				t.Errorf("%s is out of date (-want +page; -update renews it):\n%s", page, cmp.Diff(strings.Split(renewed, "\n"), strings.Split(text, "\n")))
			} else if err := os.WriteFile(path, []byte(renewed), 0o644); err != nil {
				t.Error(err)
			}
		})
	}
}

// done runs the steps in order and returns them with what they should show.
func done(t *testing.T, session *Session, steps []Step) []Step {
	t.Helper()
	renewed := slices.Clone(steps)
	for i, s := range steps {
		output, err := session.Do(s.Command)
		if err != nil {
			t.Fatalf("line %d: %v", s.Line, err)
		}
		if !Match(s.Output, output) {
			renewed[i].Output = Renew(s.Output, output)
		}
	}
	return renewed
}

// A command that is shown in another kind of block would never be run.
func TestCommandsAreShownInSessions(t *testing.T) {
	for _, page := range pages(t) {
		kind := ""
		for i, line := range strings.Split(read(t, filepath.Join(root, page)), "\n") {
			if k, fence := strings.CutPrefix(line, "```"); fence {
				kind = k
			} else if kind == "sh" || kind == "bash" || kind == "shell" {
				for _, prefix := range prefixes {
					if strings.HasPrefix(strings.TrimPrefix(line, "$ "), prefix) {
						t.Errorf("%s:%d: a command in a block of the kind %q: expected `console`, with what it prints", page, i+1, kind)
					}
				}
			}
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestLinksPointToSomething(t *testing.T) {
	for _, page := range pages(t) {
		for i, line := range strings.Split(read(t, filepath.Join(root, page)), "\n") {
			for _, m := range link.FindAllStringSubmatch(line, -1) {
				target, _, _ := strings.Cut(m[1], "#")
				if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
					continue
				}
				path := filepath.Join(root, filepath.Dir(page), filepath.FromSlash(target))
				if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s:%d: there is no %s", page, i+1, target)
				} else if err != nil {
					t.Error(err)
				}
			}
		}
	}
}

func TestSteps(t *testing.T) {
	page := strings.Join([]string{
		"$ tightrope version", // not in a block
		"```sh",
		"$ tightrope version",
		"```",
		"```console",
		"$ tightrope check a",
		"one",
		"",
		"$ echo $?",
		"0",
		"```",
		"text",
		"```console",
		"$ tightrope check b",
		"```",
	}, "\n")
	want := []Step{
		{Line: 6, Command: "tightrope check a", Output: []string{"one", ""}, end: 8},
		{Line: 9, Command: "echo $?", Output: []string{"0"}, end: 10},
		{Line: 14, Command: "tightrope check b", end: 14},
	}
	if diff := cmp.Diff(want, Steps(page), cmp.AllowUnexported(Step{})); diff != "" {
		t.Errorf("steps of a page (-want +got):\n%s", diff)
	}
}

func TestMatchAndRenew(t *testing.T) {
	for _, tt := range []struct {
		name          string
		shown, output string // lines separated by |
		match         bool
		renewed       string // where it does not match
	}{
		{"the same", "a|b", "a|b", true, ""},
		{"nothing at all", "", "", true, ""},
		{"space before the next command", "a|b|", "a|b", true, ""},
		{"another line", "a|b", "a|c", false, "a|c"},
		{"a line less", "a", "a|b", false, "a|b"},
		{"a line more", "a|b|c", "a|b", false, "a|b"},
		{"space is kept", "a|", "b", false, "b|"},
		{"elision in the middle", "a|…|d", "a|b|c|d", true, ""},
		{"elision of nothing", "a|…|b", "a|b", true, ""},
		{"elision at the end", "a|…", "a|b|c", true, ""},
		{"two elisions", "a|…|c|…|e", "a|b|c|d|e", true, ""},
		{"elision does not hide the start", "x|…", "a|b|c", false, "a|…"},
		{"elision does not hide the end", "a|…|x", "a|b|c|d", false, "a|…|d"},
		{"too short for the elision", "a|b|…|c", "a", false, "a|…"},
		{"a part in the middle is found again", "a|…|c|d|…|f", "a|b|c|x|e|g", false, "a|…|c|x|…|g"},
		{"and by its first words", "a|…|all  3h|d|…|f", "a|b|all 4h|x|e|f", false, "a|…|all 4h|x|…|f"},
		{"a part in the middle that is gone is left to people", "a|…|c|…|f", "a|b|d|f", false, "a|…|c|…|f"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lines := func(s string) []string {
				if s == "" {
					return nil
				}
				return strings.Split(s, "|")
			}
			shown, output := lines(tt.shown), lines(tt.output)
			if got := Match(shown, output); got != tt.match {
				t.Errorf("match is %v", got)
			}
			if tt.match {
				return
			}
			if got := strings.Join(Renew(shown, output), "|"); got != tt.renewed {
				t.Errorf("renewed to %q, expected %q", got, tt.renewed)
			}
		})
	}
}

func TestSession(t *testing.T) {
	run, err := RunRecipe("test:\n\tgo test\n\nrun: ## text\n\t@$(GO) run ./cmd/tightrope version\n")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	s := &Session{Run: run}
	for _, step := range []struct {
		command string
		want    string // the first line; "" where it cannot be run
	}{
		{"tightrope version", "tightrope dev"},
		{"go run ./cmd/tightrope version", "tightrope dev"},
		{"make run", "tightrope dev"},
		{"echo $?", "0"},
		{"tightrope check nowhere", "tightrope: no model at nowhere: there is no such file or folder"},
		{"echo $?", "2"},
		{"tightrope version | cat", ""},
		{"tightrope forecast 'a b'", ""},
		{"rm -rf examples", ""},
		{"tightropes version", ""},
	} {
		output, err := s.Do(step.command)
		switch {
		case step.want == "" && err == nil:
			t.Errorf("%s was run and printed %q", step.command, output)
		case step.want != "" && (err != nil || len(output) == 0 || output[0] != step.want):
			t.Errorf("%s printed %q with error %v, expected %q", step.command, output, err, step.want)
		}
	}
	if _, err := RunRecipe("test:\n\tgo test\n"); err == nil {
		t.Error("a Makefile without run gave a command")
	}
}
