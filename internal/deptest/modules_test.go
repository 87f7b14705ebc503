package deptest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documented reads the page of dependencies: the modules in the tables, by the
// heading above them.
func documented(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("^\\| `([^`]+)` \\| (.+) \\|$")
	tables := map[string][]string{}
	heading := ""
	for _, line := range strings.Split(string(text), "\n") {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			heading = title
		} else if cells := row.FindStringSubmatch(line); cells != nil {
			tables[heading] = append(tables[heading], cells[1])
		}
	}
	return tables
}

// A requirement of go.mod.
type requirement struct {
	Path     string
	Indirect bool
}

func required(t *testing.T) []requirement {
	t.Helper()
	out, err := goCommand(root, nil, "mod", "edit", "-json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Require []requirement }
	if err := json.Unmarshal(out, &file); err != nil {
		t.Fatal(err)
	}
	return file.Require
}

func TestEveryRequiredModuleHasALineThatSaysWhy(t *testing.T) {
	watch(t)
	var want, got []string
	for _, r := range required(t) {
		want = append(want, r.Path)
	}
	for _, paths := range documented(t) {
		got = append(got, paths...)
	}
	compare(t, "docs/dependencies.md and go.mod", got, want)
}

func TestThePageNamesWhatIsLinked(t *testing.T) {
	watch(t)
	var linked []string
	for _, system := range []string{"linux", "darwin", "windows"} {
		graph, err := Load(root, []string{"CGO_ENABLED=0", "GOOS=" + system}, false, "./cmd/tightrope")
		if err != nil {
			t.Fatal(err)
		}
		linked = append(linked, graph.Modules(module)...)
	}
	slices.Sort(linked)
	compare(t, `"In the program" in docs/dependencies.md and what is linked`,
		documented(t)["In the program"], slices.Compact(linked))
}

// A module that our own code imports must not be marked as somebody else's
// need in go.mod, or the next tidy surprises whoever runs it.
func TestGoModMarksWhatWeImportAsDirect(t *testing.T) {
	watch(t)
	graph, err := Load(root, nil, true, "./...")
	if err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for _, p := range graph {
		if p.Module == nil || p.Module.Path != module {
			continue
		}
		for _, imported := range p.Imports {
			if to := graph[imported]; to != nil && to.Module != nil {
				direct[to.Module.Path] = true
			}
		}
	}
	for _, r := range required(t) {
		if direct[r.Path] && r.Indirect {
			t.Errorf("go.mod calls %s indirect, but our code imports it: run go mod tidy", r.Path)
		}
	}
}

// compare says which strings are on one side only.
func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	if len(want) == 0 {
		t.Errorf("%s: nothing to compare with", what)
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("%s differ: %s has no line", what, w)
		}
	}
	for i, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("%s differ: %s has a line but is not there", what, g)
		}
		if slices.Contains(got[:i], g) {
			t.Errorf("%s: %s has two lines", what, g)
		}
	}
}
