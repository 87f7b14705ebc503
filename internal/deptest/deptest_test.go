package deptest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	root   = "../.."
	module = "tightrope"
)

// watch reads the list of every folder of the project, so that the go command
// runs a test again after any file has changed: what a command that the test
// starts has read is not noticed otherwise.
func watch(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == ".git" {
			return filepath.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoImportsWhom(t *testing.T) {
	watch(t)
	// With cgo on, files that would need it are seen too.
	graph, err := Load(root, []string{"CGO_ENABLED=1"}, false, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if graph[module+"/internal/model"] == nil {
		t.Fatalf("go list did not find %s/internal/model: the test would check nothing", module)
	}
	for _, broken := range Check(graph, module) {
		t.Error(broken)
	}
}

func TestTheProgramIsBuiltWithoutCgo(t *testing.T) {
	watch(t)
	binary := filepath.Join(t.TempDir(), "tightrope")
	if _, err := goCommand(root, []string{"CGO_ENABLED=0"}, "build", "-buildvcs=false", "-o", binary, "./cmd/tightrope"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(binary); err != nil {
		t.Error(err)
	}
}

func TestEveryBreakIsSeen(t *testing.T) {
	// std and other make packages of the standard library and of other modules.
	std := func(imports ...string) *Package { return &Package{Standard: true, Imports: imports} }
	other := func(imports ...string) *Package { return &Package{Imports: imports} }
	for _, tt := range []struct {
		name  string
		graph map[string]*Package // names without a dot are ours
		want  []string            // a part of each complaint; none: clean
	}{
		{"a lower level may be imported", map[string]*Package{
			"t/internal/forecast": other("t/internal/model"),
			"t/internal/model":    other("fmt"),
			"fmt":                 std(),
		}, nil},
		{"a higher level may not", map[string]*Package{
			"t/internal/model":    other("t/internal/forecast"),
			"t/internal/forecast": other(),
		}, []string{"internal/model (level 0: "}},
		{"the same level may not", map[string]*Package{
			"t/internal/alerting":  other("t/internal/modelfile"),
			"t/internal/modelfile": other(),
		}, []string{"imports internal/modelfile (level 1: "}},
		{"the same level may where it is meant", map[string]*Package{
			"t/internal/plan":     other("t/internal/forecast"),
			"t/internal/forecast": other(),
		}, nil},
		{"but not the other way round", map[string]*Package{
			"t/internal/plan":     other(),
			"t/internal/forecast": other("t/internal/plan"),
		}, []string{"internal/forecast (level 1: "}},
		{"the pages may not call the commands", map[string]*Package{
			"t/internal/web": other("t/internal/cli"),
			"t/internal/cli": other(),
		}, []string{"internal/web (level 3: "}},
		{"the program may not use what helps tests", map[string]*Package{
			"t/internal/cli":       other("t/internal/testmodel"),
			"t/internal/testmodel": other(),
		}, []string{"imports internal/testmodel (level 5: "}},
		{"a new package needs a level", map[string]*Package{
			"t/internal/helpers": other(),
		}, []string{"internal/helpers has no level"}},
		{"no yaml under the forecast, however deep", map[string]*Package{
			"t/internal/forecast": other("example.org/a"),
			"example.org/a":       other("example.org/b"),
			"example.org/b":       other("go.yaml.in/yaml/v3"),
			"go.yaml.in/yaml/v3":  other(),
		}, []string{"t/internal/forecast → example.org/a → example.org/b → go.yaml.in/yaml/v3"}},
		{"no network under the plan, even by the standard library", map[string]*Package{
			"t/internal/plan": other("expvar"),
			"expvar":          std("net/http"),
			"net/http":        std(),
		}, []string{"t/internal/plan → expvar → net/http"}},
		{"yaml where files are read is fine", map[string]*Package{
			"t/internal/modelfile": other("go.yaml.in/yaml/v3"),
			"go.yaml.in/yaml/v3":   other(),
		}, nil},
		{"no clock in the mathematics", map[string]*Package{
			"t/internal/distribution": other("time"),
			"time":                    std(),
		}, []string{"internal/distribution reaches time"}},
		{"a clock behind fmt is not ours", map[string]*Package{
			"t/internal/distribution": other("fmt"),
			"fmt":                     std("time"),
			"time":                    std(),
		}, nil},
		{"no global randomness", map[string]*Package{
			"t/internal/simulate": other("math/rand"),
			"math/rand":           std(),
		}, []string{"internal/simulate reaches math/rand"}},
		{"randomness from a seed is fine", map[string]*Package{
			"t/internal/simulate": other("math/rand/v2"),
			"math/rand/v2":        std(),
		}, nil},
		{"no library under the words", map[string]*Package{
			"t/internal/model": other("example.org/a"),
			"example.org/a":    other(),
		}, []string{"internal/model reaches example.org/a"}},
		{"no test helper in the program", map[string]*Package{
			"t/cmd/tightrope": other("example.org/a"),
			"example.org/a":   other("testing"),
			"testing":         std(),
		}, []string{"cmd/tightrope reaches testing"}},
		{"no browser in the program", map[string]*Package{
			"t/cmd/tightrope":                  other("example.org/a"),
			"example.org/a":                    other("github.com/chromedp/cdproto/page"),
			"github.com/chromedp/cdproto/page": other(),
		}, []string{"cmd/tightrope reaches github.com/chromedp/cdproto/page"}},
		{"no cgo in the program", map[string]*Package{
			"t/cmd/tightrope": other("example.org/a"),
			"example.org/a":   {CgoFiles: []string{"a.go"}},
		}, []string{"reaches cgo in example.org/a"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			breaks := Check(tt.graph, "t")
			if len(breaks) != len(tt.want) {
				t.Fatalf("breaks of the rules: %q, expected %d", breaks, len(tt.want))
			}
			for i, part := range tt.want {
				if !strings.Contains(breaks[i], part) {
					t.Errorf("says %q, expected it to name %q", breaks[i], part)
				}
			}
		})
	}
}
