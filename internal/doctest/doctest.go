// Package doctest runs the commands that the manual shows, and compares what
// they print with what the manual says they print.
//
// In a page, a fenced block of the kind `console` is a session: a line that
// begins with "$ " is a command, the lines below it are its output.
//
//	$ tightrope check examples/cre
//	examples/cre: 1 service, 8 risks: no problems
//
// A command is tightrope, however it is started (`go run ./cmd/tightrope`,
// `bin/tightrope`, `make run`), or `echo $?` for the exit code of the one
// before. An output line that is just "…" stands for any number of lines.
package doctest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"tightrope/internal/cli"
	"tightrope/internal/forecast"
)

// Elision in an expected output stands for any number of lines.
const Elision = "…"

// A Step is one command of a page and the output that the page shows.
type Step struct {
	Line    int // of the command in the page, from 1
	Command string
	Output  []string
	end     int // the index of the line after its output
}

// Steps returns the commands of a page in order.
func Steps(page string) []Step {
	var steps []Step
	console := false
	lines := strings.Split(page, "\n")
	for i, line := range lines {
		kind, fence := strings.CutPrefix(line, "```")
		switch {
		case fence:
			console = kind == "console"
		case !console:
		case strings.HasPrefix(line, "$ "):
			steps = append(steps, Step{Line: i + 1, Command: line[2:], end: i + 1})
		case len(steps) > 0:
			s := &steps[len(steps)-1]
			if s.end == i {
				s.Output, s.end = append(s.Output, line), i+1
			}
		}
	}
	return steps
}

// A Session runs commands one after the other in one folder.
type Session struct {
	// Run is what `make run` stands for.
	Run string
	// Forecasts keeps what the commands have in common. Optional.
	Forecasts *forecast.Memory
	// code is the exit code of the command before.
	code int
}

// prefixes are the ways in which a page starts the program.
var prefixes = []string{"tightrope ", "go run ./cmd/tightrope ", "bin/tightrope ", "./bin/tightrope "}

// Do runs one command in the current folder and returns the lines of both of
// its outputs. The error says that the command is none that can be run here.
func (s *Session) Do(command string) ([]string, error) {
	if command == "echo $?" {
		return []string{strconv.Itoa(s.code)}, nil
	}
	if command == "make run" {
		command = s.Run
	}
	for _, prefix := range prefixes {
		if args, ok := strings.CutPrefix(command+" ", prefix); ok {
			if strings.ContainsAny(args, "'\"\\|<>;&$*") {
				return nil, fmt.Errorf("%s: expected plain words, there is no shell", command)
			}
			var out bytes.Buffer
			s.code = cli.Main(&cli.Process{
				Args:      strings.Fields(args),
				Stdin:     strings.NewReader(""),
				Stdout:    &out,
				Stderr:    &out,
				Getenv:    func(string) string { return "" },
				Terminal:  func(io.Writer) (int, bool) { return 0, false },
				After:     func(time.Duration) <-chan time.Time { return nil },
				Version:   "dev",
				Forecasts: s.Forecasts,
			})
			return printed(out.String()), nil
		}
	}
	return nil, fmt.Errorf("%s: expected tightrope, make run or echo $?", command)
}

// printed splits an output into lines.
func printed(out string) []string {
	out = strings.TrimRight(out, "\n")
	if out == "" {
		return nil
	}
	return strings.Split(out, "\n")
}

// Match reports whether an output is what a page shows of it.
func Match(shown, output []string) bool {
	shown = withoutEnd(shown)
	i := slices.Index(shown, Elision)
	if i < 0 {
		return slices.Equal(shown, output)
	}
	if len(output) < i || !slices.Equal(shown[:i], output[:i]) {
		return false
	}
	rest := shown[i+1:]
	for k := i; k <= len(output); k++ {
		if Match(rest, output[k:]) {
			return true
		}
	}
	return false
}

// withoutEnd drops empty lines at the end, which pages use as space between
// commands.
func withoutEnd(lines []string) []string {
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// Renew returns what a page should show: the whole output or, where the page
// leaves lines out, as many as it showed from the start and from the end, and
// those in between from where a line most like their first one is found. What
// is found nowhere stays as it is, to be mended by hand.
func Renew(shown, output []string) []string {
	space := shown[len(withoutEnd(shown)):]
	parts := split(withoutEnd(shown))
	if len(parts) == 1 {
		return slices.Concat(output, space)
	}
	var renewed []string
	rest := output
	for i, part := range parts {
		at := 0
		switch {
		case i == len(parts)-1:
			at = max(0, len(rest)-len(part))
		case i > 0 && len(part) > 0:
			at = mostLike(part[0], rest)
		}
		if i > 0 {
			renewed = append(renewed, Elision)
		}
		if at < 0 {
			renewed = append(renewed, part...)
			continue
		}
		end := min(len(rest), at+len(part))
		renewed = append(renewed, rest[at:end]...)
		rest = rest[end:]
	}
	return append(renewed, space...)
}

// mostLike returns the index of the line that has the most words at its start
// in common with the wanted one, at least one; −1 where there is none.
func mostLike(wanted string, lines []string) int {
	best, at := 0, -1
	words := strings.Fields(wanted)
	for i, line := range lines {
		same := 0
		for k, word := range strings.Fields(line) {
			if k == len(words) || word != words[k] {
				break
			}
			same++
		}
		if line == wanted {
			same++ // an empty line has no words
		}
		if same > best {
			best, at = same, i
		}
	}
	return at
}

// split returns the lines before, between and after elisions.
func split(lines []string) [][]string {
	parts := [][]string{nil}
	for _, line := range lines {
		if line == Elision {
			parts = append(parts, nil)
		} else {
			parts[len(parts)-1] = append(parts[len(parts)-1], line)
		}
	}
	return parts
}

// RunRecipe reads from a Makefile which command `make run` stands for.
func RunRecipe(makefile string) (string, error) {
	lines := strings.Split(makefile, "\n")
	for i, line := range lines[:len(lines)-1] {
		if strings.HasPrefix(line, "run:") {
			recipe := strings.TrimPrefix(strings.TrimSpace(lines[i+1]), "@")
			return strings.Replace(recipe, "$(GO)", "go", 1), nil
		}
	}
	return "", fmt.Errorf("the Makefile has no rule for run")
}

// Pages lists the Markdown pages under root, as paths relative to it.
func Pages(root string) ([]string, error) {
	var pages []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case !d.IsDir() && filepath.Ext(path) == ".md":
			page, err := filepath.Rel(root, path)
			pages = append(pages, filepath.ToSlash(page))
			return err
		}
		return nil
	})
	return pages, err
}
