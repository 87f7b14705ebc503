package modelfile

import (
	"os"
	"strings"
	"testing"

	"tightrope/internal/model"
)

// FuzzParse gives the reader any bytes: it may not panic, and says either what
// the model is or what is wrong with it, at places that exist; what it takes,
// the schema takes as well, and a second check finds nothing in.
func FuzzParse(f *testing.F) {
	data, err := os.ReadFile("testdata/design.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	for _, c := range problemCases(f) {
		f.Add(c.files[0].Data)
	}
	v := newValidator(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, problems := Parse([]File{{Name: "model.yaml", Data: data}})
		if (m == nil) != (len(problems) > 0) {
			t.Fatalf("model %v, %d problems", m != nil, len(problems))
		}
		last := strings.Count(string(data), "\n") + 2
		for i, p := range problems {
			if p.Pos.Line < 1 || p.Pos.Line > last || p.Pos.Col < 1 || p.Pos.File != "model.yaml" {
				t.Errorf("no such place: %s", p)
			}
			if p.Code == "" || p.Message == "" || strings.ContainsAny(p.Message, "\n\r") {
				t.Errorf("no such problem: %q", p)
			}
			if i > 0 && p == problems[i-1] {
				t.Errorf("twice: %s", p)
			}
		}
		if m == nil {
			return
		}
		if len(model.Check(m)) > 0 {
			t.Errorf("a second check finds %v", model.Check(m))
		}
		if err := v.file(data); err != nil {
			t.Errorf("the reader takes what the schema does not: %v", err)
		}
	})
}

// FuzzParts reads any bytes in the smallest parts, which is the same as to read
// them as a whole.
func FuzzParts(f *testing.F) {
	f.Add(generated(2))
	for _, c := range problemCases(f) {
		f.Add(c.files[0].Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) { sameInParts(t, []File{{Name: "model.yaml", Data: data}}) })
}
