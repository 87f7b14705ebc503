package modelfile

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"tightrope/internal/model"
)

var update = flag.Bool("update", false, "write the golden files anew")

// problemCase is one file of testdata/problems: what it is about, the files of
// a model, and the problems they have.
type problemCase struct {
	name    string
	archive *txtar.Archive
	files   []File
	want    string
}

func problemCases(t testing.TB) []problemCase {
	t.Helper()
	names, err := filepath.Glob("testdata/problems/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var cases []problemCase
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c := problemCase{name: name, archive: a}
		for _, f := range a.Files {
			if f.Name == "problems" {
				c.want = string(f.Data)
			} else {
				c.files = append(c.files, File{Name: f.Name, Data: f.Data})
			}
		}
		cases = append(cases, c)
	}
	return cases
}

func lines(problems []model.Problem) string {
	var b strings.Builder
	for _, p := range problems {
		b.WriteString(p.String() + "\n")
	}
	return b.String()
}

func TestProblems(t *testing.T) {
	for _, c := range problemCases(t) {
		t.Run(strings.TrimSpace(string(c.archive.Comment)), func(t *testing.T) {
			m, problems := Parse(c.files)
			if m != nil || len(problems) == 0 {
				t.Errorf("%s: no problem was found", c.name)
			}
			got := lines(problems)
			if *update {
				c.archive.Files[len(c.archive.Files)-1].Data = []byte(got)
				if err := os.WriteFile(c.name, txtar.Format(c.archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, diff)
			}
		})
	}
}

func TestManyDifferentProblemsAreShown(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range problemCases(t) {
		for _, line := range strings.Split(c.want, "\n") {
			if _, message, ok := strings.Cut(line, ": "); ok {
				seen[message] = true
			}
		}
	}
	if len(seen) < 150 {
		t.Errorf("%d different problems are too few", len(seen))
	}
}
