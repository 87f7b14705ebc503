package modelfile

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tightrope/internal/model"
)

// sameInParts wants the same model and problems from the smallest parts, each
// one entry, as from the whole.
func sameInParts(t *testing.T, files []File) {
	t.Helper()
	whole, problems, err := newReader(1 << 30).files(files)
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) > maxProblems {
		return // of these, parts tell those of the beginning
	}
	for _, size := range []int{1, 40} {
		m, got := parseBy(files, size)
		if diff := cmp.Diff(lines(problems), lines(got)); diff != "" {
			t.Errorf("parts of %d bytes (-whole +parts):\n%s", size, diff)
		}
		if diff := cmp.Diff(written(whole), written(m)); diff != "" {
			t.Errorf("parts of %d bytes (-whole +parts):\n%s", size, diff)
		}
	}
}

// written is everything in a model, with places; nothing for none.
func written(m *model.Model) string {
	var b strings.Builder
	dump(&b, "", reflect.ValueOf(m))
	return b.String()
}

func TestPartsAreWhatTheWholeIs(t *testing.T) {
	design, err := os.ReadFile("testdata/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const head = "version: 1\nservices:\n  a: {}\n"
	for _, c := range []struct{ name, data string }{
		{"the whole language", string(design)},
		{"many services and risks", string(generated(20))},
		{"lines of Windows", strings.ReplaceAll(string(generated(3)), "\n", "\r\n")},
		{"a text over lines that look like entries", head + "  b: {title: \"x\n  c: {}\n  d: {}\"}\n  e: {}\n"},
		{"a map over lines that look like entries", head + "  b: {title: x,\n  owner: y}\n  e: {}\n"},
		{"a block of text instead of a section", "version: 1\nservices:\n  |\n  a: b\n  c: d\n"},
		{"a list, then entries", "version: 1\nservices:\n  - a\n  b: {}\n"},
		{"a text that goes on", "version: 1\nservices:\n  a\n  b: {}\n"},
		{"entries that return to another depth", head + "  b: {}\n c: {}\n"},
		{"a map that is no section", "version:\n  a: {}\n  b: {}\n"},
		{"a map of which each key is there once", head + "rates:\n  person-day: 1\n  person-day: 2\n"},
		{"a section twice", head + "risks: {}\nservices:\n  b: {}\n"},
		{"a mistyped section", strings.Replace(head, "services", "servises", 1) + "  b: {q: 1}\n"},
		{"a name twice", head + "  b: {}\n  a: {}\n"},
		{"an anchor, and an alias in the next part", head + "  b: &b {}\n  c: *b\n"},
		{"a second document", head + "---\nrisks:\n  b: {}\n"},
		{"an end of the document", head + "...\nrisks:\n  b: {}\n"},
		{"a marker at the beginning", "---\n" + head + "  b: {title: x}\n"},
		{"what is no YAML at the end", head + "  b: {title: x}\n  c: [\n"},
		{"a tag", head + "  b: {}\n  c: !x {}\n"},
		{"mistakes in many parts", head + "  b: {q: 1}\n  c:\n    needs: [x]\n    nedes: [a]\nrisks:\n  r: {rate: 1}\n  s: {}\n"},
		{"values that were left out", head + "  b:\n  c:\n  # a note\n  d:\nrisks:\nchanges:\n"},
	} {
		t.Run(c.name, func(t *testing.T) { sameInParts(t, []File{{Name: "model.yaml", Data: []byte(c.data)}}) })
	}
	for _, c := range problemCases(t) {
		t.Run(c.name, func(t *testing.T) { sameInParts(t, c.files) })
	}
}

// What is good is read in parts, too: were every file to fall back to being
// read as a whole, the test above would see nothing.
func TestFilesInBlocksAreCut(t *testing.T) {
	for _, c := range []struct {
		name  string
		data  []byte
		size  int
		parts int
	}{
		{"a short file stays whole", generated(3), partSize, 0},
		{"each entry may be a part", []byte("version: 1\nservices:\n  a: {}\n  b: {}\n  c: {}\n"), 1, 4},
		{"a flow has no parts", []byte("{version: 1, services: {a: {},\n  b: {}}}\n"), 1, 0},
		{"a large file has as many as fit", generated(1_000), partSize, 7},
	} {
		t.Run(c.name, func(t *testing.T) {
			parts := cut(c.data, c.size)
			if len(parts) != c.parts {
				t.Fatalf("%d parts, want %d", len(parts), c.parts)
			}
			var together []byte
			for _, p := range parts {
				if p.line != bytes.Count(together, []byte("\n")) {
					t.Errorf("a part after %d lines says %d", bytes.Count(together, []byte("\n")), p.line)
				}
				together = append(together, p.data...)
			}
			if len(parts) > 0 && !bytes.Equal(together, c.data) {
				t.Error("the parts are not the file")
			}
			if len(parts) > 0 {
				if err := newReader(c.size).inParts(parts); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
